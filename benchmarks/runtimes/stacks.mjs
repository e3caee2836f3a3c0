// The same API in each of the ways Node has to put CORS headers on a Lambda function.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../runtimes/node/package.json", import.meta.url));
const load = (name) => import(require.resolve(name));
export const packageOf = (name) => {
  const path = require.resolve.paths(name).map((folder) => `${folder}/${name}/package.json`);
  for (const one of path) {
    try {
      return require(one);
    } catch {}
  }
  return undefined;
};
const BODY = "{}";
const WANTED = {
  origins: ["https://app.example.com", "https://admin.example.com"],
  methods: ["GET", "POST"],
  headers: ["content-type", "authorization"],
  credentials: true,
  maxAge: 600,
  own: {},
  fails: false,
};

function bare({ own, fails }) {
  const headers = { "content-type": "application/json", ...own };
  return async () => {
    if (fails) throw new Error("boom");
    return { statusCode: 200, headers, body: BODY };
  };
}

function handWritten(wanted) {
  const handler = bare(wanted);
  const allowed = new Set(wanted.origins);
  const shared = { vary: "Origin", ...(wanted.credentials ? { "access-control-allow-credentials": "true" } : {}) };
  const actual = { "access-control-expose-headers": "x-request-id", ...shared };
  const preflight = {
    "access-control-allow-methods": wanted.methods.join(","),
    "access-control-allow-headers": wanted.headers.join(","),
    "access-control-max-age": String(wanted.maxAge),
    ...shared,
  };
  return async (event, context) => {
    const origin = event.headers?.origin ?? event.headers?.Origin;
    if ((event.requestContext.http?.method ?? event.httpMethod) === "OPTIONS") {
      const headers = allowed.has(origin) ? { "access-control-allow-origin": origin, ...preflight } : { vary: "Origin" };
      return { statusCode: 204, headers, body: "" };
    }
    const response = await handler(event, context);
    const more = allowed.has(origin) ? { "access-control-allow-origin": origin, ...actual } : { vary: "Origin" };
    return { ...response, headers: { ...response.headers, ...more } };
  };
}

async function lambdaCors(wanted) {
  const { Policy, cors } = await import("../../runtimes/node/src/index.mjs");
  const { origins, methods, headers, credentials, maxAge } = wanted;
  const policy = new Policy({ origins, methods, requestHeaders: headers, responseHeaders: ["x-request-id"], credentials, maxAge });
  return cors(policy)(bare(wanted));
}

async function middy(wanted, { errors = false } = {}) {
  const [{ default: core }, { default: httpCors }] = [await load("@middy/core"), await load("@middy/http-cors")];
  const made = core(bare(wanted)).use(
    httpCors({
      disableBeforePreflightResponse: false,
      origins: wanted.origins,
      methods: wanted.methods.join(","),
      headers: wanted.headers.join(","),
      exposeHeaders: "x-request-id",
      credentials: wanted.credentials,
      maxAge: String(wanted.maxAge),
    }),
  );
  if (!errors) return made;
  const { default: errorHandler } = await load("@middy/http-error-handler");
  return made.use(errorHandler({ logger: () => {} }));
}

async function hono(wanted) {
  const [{ Hono }, { handle }, { cors }] = [await load("hono"), await load("hono/aws-lambda"), await load("hono/cors")];
  const app = new Hono();
  app.use(
    cors({
      origin: wanted.origins.length === 1 ? wanted.origins[0] : wanted.origins,
      allowMethods: wanted.methods,
      allowHeaders: wanted.headers,
      exposeHeaders: ["x-request-id"],
      credentials: wanted.credentials,
      maxAge: wanted.maxAge,
    }),
  );
  app.on(["GET", "POST"], "/items", (c) => {
    if (wanted.fails) throw new Error("boom");
    for (const [name, value] of Object.entries(wanted.own)) c.header(name, value);
    return c.body(BODY, 200, { "content-type": "application/json" });
  });
  return handle(app);
}

export const STACKS = {
  "hand-written": handWritten,
  "lambda-cors": lambdaCors,
  middy,
  "middy with error handler": (wanted) => middy(wanted, { errors: true }),
  Hono: hono,
};
export const make = (stack, wanted = {}) => STACKS[stack]({ ...WANTED, ...wanted });

const BROWSER = {
  accept: "application/json",
  "accept-encoding": "gzip, deflate, br",
  "accept-language": "en-GB,en;q=0.9",
  "cache-control": "no-cache",
  host: "abc.execute-api.eu-west-1.amazonaws.com",
  pragma: "no-cache",
  referer: "https://app.example.com/",
  "sec-ch-ua": '"Chromium";v="156"',
  "sec-ch-ua-mobile": "?0",
  "sec-ch-ua-platform": '"Linux"',
  "sec-fetch-dest": "empty",
  "sec-fetch-mode": "cors",
  "sec-fetch-site": "cross-site",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
  "x-amzn-trace-id": "Root=1-65000000-000000000000000000000000",
  "x-forwarded-for": "192.0.2.1",
  "x-forwarded-port": "443",
  "x-forwarded-proto": "https",
};

/** An event of an HTTP API (payload 2.0) with a browser's headers. */
export function event(method = "GET", headers = {}) {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: "/items",
    rawQueryString: "",
    headers: { ...BROWSER, ...headers },
    requestContext: {
      accountId: "123456789012",
      apiId: "abc",
      domainName: BROWSER.host,
      domainPrefix: "abc",
      http: { method, path: "/items", protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "x" },
      requestId: "id",
      routeKey: "$default",
      stage: "$default",
      time: "01/Jan/2026:00:00:00 +0000",
      timeEpoch: 1767225600000,
    },
    isBase64Encoded: false,
  };
}

/** A preflight as Chromium sends it. */
export function preflight(origin = "https://app.example.com", names = "authorization,content-type") {
  const asked = { origin, "access-control-request-method": "POST", "access-control-request-headers": names };
  return event("OPTIONS", asked);
}

export const CONTEXT = {
  functionName: "f",
  awsRequestId: "id",
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 30_000,
};
