// Checked by tsc: what the types allow, and what they do not.
import { Policy, PolicyError, cors, middleware, streaming, type Policies, type Problem } from "lambda-cors";

const policy = new Policy({ origins: ["https://app.example.com"], methods: new Set(["PUT"]), maxAge: 0, credentials: true });
const open = new Policy({ origins: "*", methods: "*", requestHeaders: "*", responseHeaders: "*" });
const table: Policies = { "GET /public": open, "*": policy };

export const handler = cors(policy, { deadline: 0.5, debug: true })(async (event: { body: string }) => ({ statusCode: 200 }));
export const byRoute = cors(table)((event, context, callback) => callback(null, { statusCode: 204 }));
export const byTenant = cors(null, { policyFor: (event) => (event.tenant ? policy : open), onError: () => ({ error: 1 }) })(() => "x");
export const owned = cors(undefined, { owner: "front-door" })(async () => undefined);
export const stream = streaming(policy)(async (event, out, context) => out.end());
export const use: { before: unknown; after: unknown; onError: unknown } = middleware(policy);
export const answer: Promise<unknown> = handler({}, {});

const origins: readonly string[] = policy.origins;
const age: number | undefined = policy.maxAge;
const headers: Record<string, string> = policy.headersFor(undefined);
const settings: Record<string, unknown> = policy.settingsFor("rest_api");
const read: Policy = Policy.fromSettings(settings);
const step: "origin" | "method" | "headers" | undefined = policy.refuses("https://a.example", "PUT", undefined);
try {
  new Policy({ origins });
} catch (error) {
  if (error instanceof PolicyError) {
    const problems: readonly Problem[] = error.problems;
    const code: string | undefined = problems[0]?.code;
    console.log(code, age, headers, step, read);
  }
}

// @ts-expect-error a front door without settings
policy.settingsFor("alb");
// @ts-expect-error origins are required
new Policy({});
// @ts-expect-error one string is no list
new Policy({ origins: ["https://app.example.com"], methods: 7 });
// @ts-expect-error a policy cannot be changed
policy.credentials = false;
// @ts-expect-error an unknown owner
cors(policy, { owner: "nobody" });
// @ts-expect-error a misspelt option
cors(policy, { deadlines: 1 });
// @ts-expect-error a policyFor that gives no Policy
cors(null, { policyFor: () => true });
// @ts-expect-error streams have no deadline
streaming(policy, { deadline: 1 });
