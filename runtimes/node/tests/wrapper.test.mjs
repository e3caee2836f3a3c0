// What the vectors cannot say: forms of handlers, logs, arguments, middy, modules.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mock, test } from "node:test";
import middy from "@middy/core";
import httpErrorHandler from "@middy/http-error-handler";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import * as esm from "../src/index.mjs";
import { requests } from "./vectors.mjs";

const { Policy, PolicyError, cors, middleware } = esm;
const APP = "https://app.example.com";
const policy = new Policy({ origins: [APP], methods: ["PUT"], requestHeaders: ["x-a"] });
const event = (name) => structuredClone(requests.cases.find((one) => one.name === name).event);
const GET = event("http_api: allowed");
const PREFLIGHT = event("http_api: preflight");
PREFLIGHT.headers["access-control-request-headers"] = "x-a";

function logged(t, method) {
  const lines = [];
  t.mock.method(console, method, (...said) => lines.push(said));
  return lines;
}

test("ESM and CommonJS give the same objects", () => {
  const cjs = createRequire(import.meta.url)("../src/index.js");
  for (const name of ["Policy", "PolicyError", "Problem", "cors", "middleware", "streaming"]) {
    assert.equal(esm[name], cjs[name], name);
  }
});

test("a policy cannot be changed", () => {
  assert.throws(() => (policy.credentials = true), TypeError);
  assert.throws(() => policy.origins.push("*"), TypeError);
});

test("an unknown option is refused", () => {
  assert.throws(
    () => new Policy({ origins: [APP], allowOrigins: ["*"] }),
    (error) => error instanceof PolicyError && error.problems[0].code === "unknown-option" && /allowOrigins/.test(error.message),
  );
});

test("everything that is wrong is in the message", () => {
  assert.throws(
    () => new Policy({ origins: ["https://a.example/"], maxAge: -5 }),
    /ends in a slash.*write "https:\/\/a\.example" \[origin-trailing-slash\]\n.*\[max-age\]/,
  );
  assert.throws(() => new Policy(null), PolicyError);
  assert.throws(() => new Policy(), PolicyError);
});

for (const [name, given] of Object.entries({
  "no policy": [],
  "a handler for a policy": [async () => {}],
  "an empty string": [""],
  "policy and policyFor": [policy, { policyFor: () => policy }],
  "route without a method": [{ "/x": policy }],
  "route without a Policy": [{ "GET /x": {} }],
  "unknown owner": [policy, { owner: "nobody" }],
  "an empty table": [{}],
  "a misspelt option": [policy, { onerror: () => 1 }],
  "a response for onError": [policy, { onError: { statusCode: 500 } }],
  "deadline of nothing": [policy, { deadline: 0 }],
  "deadline as text": [policy, { deadline: "1" }],
})) {
  test(`arguments: ${name} is refused`, () => assert.throws(() => cors(...given), PolicyError));
}

test("a middleware has no deadline, and says so", () => {
  assert.throws(() => middleware(policy, { deadline: 1 }), /deadline: 1 is no option; write one of policyFor, owner, onError, debug/);
});

const bare = Object.create(null, { one: { value: 1n, enumerable: true } });

test("an error that cannot be written is answered all the same", async (t) => {
  const lines = [];
  t.mock.method(console, "error", (...said) => {
    if (said.includes(bare)) throw new Error("no text");
    lines.push(said);
  });
  const handler = cors(policy, { onError: () => ({ statusCode: 200, headers: { a: bare } }) })(async () => Promise.reject(bare));
  const response = await handler(GET, {});
  assert.deepEqual([response.statusCode, response.headers["Access-Control-Allow-Origin"]], [500, APP]);
  assert.deepEqual(lines, [
    ["lambda-cors: the handler failed, and the error cannot be written"],
    ["lambda-cors: onError failed:", 'the header "a" is [object], not a line of text'],
  ]);
});

test("a callback's error becomes a 500", async (t) => {
  const lines = logged(t, "error");
  const handler = cors(policy)((_event, _context, callback) => callback(new Error("boom")));
  const response = await handler(GET, {});
  assert.equal(response.statusCode, 500);
  assert.equal(response.headers["Access-Control-Allow-Origin"], APP);
  assert.equal(lines[0].at(-1).message, "boom");
});

test("a handler that names a callback may also return a promise", async () => {
  const handler = cors(policy)(async (_event, _context, _callback) => ({ statusCode: 201 }));
  assert.equal((await handler(GET, {})).statusCode, 201);
});

test("the wrapper names no callback, which newer runtimes refuse", () => {
  assert.equal(cors(policy)((_event, _context, _callback) => {}).length, 2);
});

for (const [name, given] of Object.entries({
  BigInt: 1n,
  "a circle": (() => { const circle = {}; circle.self = circle; return circle; })(),
  "a generator": (function* () {})(),
  "a function": () => {},
  "a symbol": Symbol("x"),
  "half a surrogate pair": { statusCode: 200, body: "\ud800" },
  "half a surrogate pair in a header": { statusCode: 200, headers: { a: "\ud800" } },
})) {
  test(`${name} becomes a 500`, async (t) => {
    const lines = logged(t, "error");
    const response = await cors(policy)(async () => given)(GET, {});
    assert.equal(response.statusCode, 500);
    assert.equal(response.headers["Access-Control-Allow-Origin"], APP);
    assert.equal(lines.length, 1);
  });
}

test("nothing is null to payload format 2.0", async () => {
  const response = await cors(policy)(async () => {})(GET, {});
  assert.deepEqual([response.statusCode, response.body], [200, "null"]);
});

test("onError may throw on", async (t) => {
  logged(t, "error");
  const onError = (error) => { throw error; };
  await assert.rejects(cors(policy, { onError })(async () => { throw new Error("boom"); })(GET, {}), /boom/);
});

test("debug says the step, the console's words and the fix", async (t) => {
  const lines = logged(t, "warn");
  const denied = structuredClone(PREFLIGHT);
  denied.headers["access-control-request-headers"] = "x-a,x-b";
  await cors(policy, { debug: true })(async () => ({ statusCode: 200 }))(denied, {});
  assert.deepEqual(JSON.parse(lines[0][0]), {
    cors: "blocked",
    step: "headers",
    origin: APP,
    url: "https://api.example.net/items",
    console:
      `Access to fetch at 'https://api.example.net/items' from origin '${APP}' has been blocked by CORS policy: ` +
      "Request header field x-b is not allowed by Access-Control-Allow-Headers in preflight response.",
    fix: 'add "x-b" to requestHeaders',
  });
});

test("debug says that a route has no policy, also where the request says neither host nor path", async (t) => {
  const lines = logged(t, "warn");
  const handler = cors({ "GET /other": policy }, { debug: true })(async () => ({ statusCode: 200 }));
  const http = (method) => ({ requestContext: { http: { method } } });
  const asked = { origin: APP, "access-control-request-method": "PUT" };
  for (const [event, url] of [
    [{ ...http("GET"), headers: { origin: APP } }, "https://unknown/"],
    [{ ...http("OPTIONS"), headers: asked }, "https://unknown/"],
    [{ httpMethod: "GET", path: "/a", headers: { Origin: APP, Host: "h" } }, "https://h/a"],
    [{ method: "GET", raw_path: "/b", headers: { origin: APP } }, "https://unknown/b"],
  ]) {
    await handler(event, {});
    const said = JSON.parse(lines.pop()[0]);
    assert.deepEqual([said.step, said.url, said.fix], ["origin", url, "give this route, or '*', a policy"]);
  }
});

test("debug says nothing of a text that may be read", async (t) => {
  const lines = logged(t, "warn");
  assert.equal((await cors(policy, { debug: true })(async () => "text")(GET, {})).body, "text");
  assert.deepEqual(lines, []);
});

test("without a clock there is no deadline", async () => {
  for (const context of [undefined, {}]) {
    assert.equal((await cors(policy, { deadline: 0.5 })(async () => ({ statusCode: 201 }))(GET, context)).statusCode, 201);
  }
});

test("debug says that the handler's own headers were replaced", async (t) => {
  const lines = logged(t, "warn");
  const own = { "access-control-allow-origin": "*" };
  await cors(policy, { debug: true })(async () => ({ statusCode: 200, headers: own }))(GET, {});
  assert.deepEqual(JSON.parse(lines[0][0]).headers, ["access-control-allow-origin"]);
});

test("an answer in time leaves no timer behind", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const cleared = t.mock.method(globalThis, "clearTimeout");
  const context = { getRemainingTimeInMillis: () => 30_000 };
  await cors(policy, { deadline: 0.5 })(async () => ({ statusCode: 200 }))(GET, context);
  assert.equal(cleared.mock.callCount(), 1);
});

const late = async (milliseconds, deadline) => {
  const context = { getRemainingTimeInMillis: () => milliseconds };
  return cors(policy, { deadline })(() => new Promise(() => {}))(GET, context);
};
test("a late handler is answered for", async (t) => {
  logged(t, "error");
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const answer = late(3000, 0.5);
  let done = false;
  answer.then(() => (done = true));
  t.mock.timers.tick(2499);
  await Promise.resolve();
  assert.equal(done, false);
  t.mock.timers.tick(1);
  assert.equal((await answer).statusCode, 504);
});

test("a short time is halved", async (t) => {
  logged(t, "error");
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const answer = late(400, 0.5);
  t.mock.timers.tick(200);
  assert.equal((await answer).statusCode, 504);
});

test("middy: a preflight is answered, and the handler is not called", async () => {
  const handler = mock.fn(async () => ({ statusCode: 200 }));
  const response = await middy(handler).use(middleware(policy))(structuredClone(PREFLIGHT), {});
  assert.equal(response.statusCode, 204);
  assert.equal(response.headers["Access-Control-Allow-Methods"], "PUT");
  assert.equal(handler.mock.callCount(), 0);
});

test("middy: a response gets the policy's headers", async () => {
  const response = await middy(async () => ({ statusCode: 200, headers: { vary: "Accept" } })).use(middleware(policy))(GET, {});
  assert.equal(response.headers["Access-Control-Allow-Origin"], APP);
  assert.equal(response.headers.Vary, "Accept, Origin");
});

for (const [name, middlewares] of Object.entries({
  alone: [middleware(policy)],
  "before an error handler": [middleware(policy), httpErrorHandler({ logger: () => {} })],
})) {
  test(`middy: an exception keeps the headers, ${name}`, async (t) => {
    logged(t, "error");
    const handler = middy(async () => { throw Object.assign(new Error("gone"), { statusCode: 410, expose: true }); });
    const response = await middlewares.reduce((made, one) => made.use(one), handler)(GET, {});
    assert.equal(response.headers["Access-Control-Allow-Origin"], APP);
    assert.equal(response.statusCode, name === "alone" ? 500 : 410);
  });
}

test("middy: what is no HTTP request passes untouched", async () => {
  const queue = { Records: [{ eventSource: "aws:sqs" }] };
  assert.deepEqual(await middy(async () => ({ ok: 1 })).use(middleware(policy))(queue, {}), { ok: 1 });
  const failing = middy(async () => { throw new Error("boom"); }).use(middleware(policy));
  await assert.rejects(failing(queue, {}), /boom/);
});

test("Hono's handler is wrapped like any other", async () => {
  const app = new Hono();
  app.get("/items", (c) => c.text("hello"));
  const response = await cors(policy)(handle(app))(GET, {});
  assert.equal(response.body, "hello");
  assert.equal(response.headers["Access-Control-Allow-Origin"], APP);
});
