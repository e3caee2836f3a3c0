/** Which pages may read a function's responses, and what they may send. Nothing is allowed that is not written. */
export interface PolicyOptions {
  /** Exact (`https://app.example.com`), sub-domains of any depth (`https://*.example.com`), any port
   * (`http://localhost:*`), or `*` alone. */
  origins: Iterable<string> | "*";
  /** Beside GET, HEAD and POST, which browsers always let through; `*` where there are no credentials. */
  methods?: Iterable<string> | "*";
  /** Names a page may send. `*`, where there are no credentials, leaves out Authorization, which is to be named. */
  requestHeaders?: Iterable<string> | "*";
  /** Names a page may read beside the safelisted ones; `*` where there are no credentials. */
  responseHeaders?: Iterable<string> | "*";
  /** Whether cookies and client certificates may travel. */
  credentials?: boolean;
  /** Seconds a browser may remember a preflight. Unset sends nothing (browsers take five seconds), 0 is sent as 0, and -1
   * is the front doors' word for "never". */
  maxAge?: number;
  /** Lets plain http, other than loopback, be allowed with credentials. */
  dangerouslyTolerateInsecureOrigins?: boolean;
  /** Lets a wildcard cover sub-domains that strangers can own. */
  dangerouslyToleratePublicSuffixes?: boolean;
}

/** A CORS policy: judged when it is written, compiled once, and never changed. Throws PolicyError. */
export class Policy {
  constructor(options: PolicyOptions);
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAge: number | undefined;
  readonly dangerouslyTolerateInsecureOrigins: boolean;
  readonly dangerouslyToleratePublicSuffixes: boolean;
  /** Whether pages of this origin, as browsers write it, may read the responses. */
  allows(origin: string): boolean;
  /** The CORS headers of a response: all there are for an allowed origin, else `Vary` alone. */
  headersFor(origin: string | undefined): Record<string, string>;
  /** The headers that answer a preflight: all the policy has to say where it is allowed, else `Vary` alone. */
  preflightHeadersFor(origin: string, method: string, names: string | undefined): Record<string, string>;
  /** The first step of the CORS-preflight fetch that fails; undefined: it passes. */
  refuses(origin: string, method: string, names: string | undefined): "origin" | "method" | "headers" | undefined;
  /** The first of the names in an Access-Control-Request-Headers value that may not be sent. */
  unlisted(names: string): string | undefined;
  /** The front door's own CORS settings that say the same, in CloudFormation's words. "rest_api": the headers of the mock
   * that answers OPTIONS, as constants of mapping expressions; "sam_rest_api": the Cors of AWS::Serverless::Api.
   * Throws PolicyError where it cannot say it. */
  settingsFor(frontDoor: "http_api" | "function_url" | "rest_api" | "sam_rest_api"): Record<string, any>;
  /** The policy that such settings amount to, CloudFormation's or the API's. Throws PolicyError where they are wrong. */
  static fromSettings(settings: Readonly<Record<string, any>>): Policy;
  /** The options that make an equal policy. */
  toJSON(): PolicyOptions;
}

/** One thing that is wrong with a policy. */
export interface Problem {
  readonly code: string;
  readonly field: string;
  readonly value: unknown;
  readonly why: string;
  readonly fix: string;
}
export const Problem: new (code: string, field: string, value: unknown, why: string, fix: string) => Problem;

/** The policy is broken or insecure: `problems` holds everything that is wrong with it. */
export class PolicyError extends Error {
  readonly problems: readonly Problem[];
}

/** Several policies by route: what API Gateway calls the route, or a method and a path; `ANY` stands for every method. */
export type Policies = Readonly<Record<string, Policy>>;

export interface CorsOptions {
  /** Chooses the policy by event, instead of the first argument. */
  policyFor?: (event: any) => Policy;
  /** "front-door" where an HTTP API or a Function URL is configured for CORS: nothing is added, and what the code added is
   * taken away. */
  owner?: "function" | "front-door";
  /** Returns the body of the 500 (a string, or what becomes JSON) or a whole response, or throws. */
  onError?: (error: unknown, event: any) => unknown;
  /** Answer 504 so many seconds before Lambda would stop the function. */
  deadline?: number;
  /** Let the browser name the real cause, and log it with the fix. */
  debug?: boolean;
}

type Callback = (error?: any, result?: any) => void;
export type Handler = (event: any, context: any, callback: Callback) => any;

/** A decorator for Lambda handlers: async, plain or with a callback. */
export function cors(
  policy: Policy | Policies | null | undefined,
  options?: CorsOptions,
): (handler: Handler) => (event: any, context?: any, callback?: Callback) => Promise<any>;

/** A decorator for streaming handlers; it calls `awslambda.streamifyResponse` itself. There is no deadline. */
export function streaming(
  policy: Policy | Policies | null | undefined,
  options?: Omit<CorsOptions, "deadline">,
): (handler: (event: any, responseStream: any, context: any) => Promise<void>) => any;

/** The same for middy; it goes before all other middlewares. */
export function middleware(
  policy: Policy | Policies | null | undefined,
  options?: Omit<CorsOptions, "deadline">,
): { before(request: any): any; after(request: any): void; onError(request: any): void };
