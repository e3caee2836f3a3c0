// Streaming handlers before a stream that behaves as Lambda's: what is the prelude, and what follows it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Policy, streaming } from "../src/index.mjs";

const APP = "https://app.example.com";
const CORS = { "Access-Control-Allow-Origin": APP, Vary: "Origin" };
const JSON_TYPE = { "content-type": "application/json" };
const PRELUDE = "application/vnd.awslambda.http-integration-response";
const policy = new Policy({ origins: [APP], methods: ["PUT"] });

/** A response stream that remembers what reached Lambda. */
class Stream {
  chunks = [];
  ended = 0;
  type = undefined;
  metadata = undefined;

  setContentType(type) {
    this.type = type;
  }

  write(chunk) {
    this.chunks.push(chunk);
    return true;
  }

  end(done) {
    this.ended += 1;
    if (done) done();
  }
}

/** As the runtime has it: methods are called on the stream, from is a static method that needs its class. */
class HttpResponseStream {
  static from(stream, metadata) {
    assert.equal(this, HttpResponseStream);
    stream.metadata = metadata;
    stream.setContentType(PRELUDE);
    return stream;
  }
}

test("elsewhere than in Lambda it says what is missing", () => {
  const { awslambda } = globalThis;
  delete globalThis.awslambda;
  assert.throws(() => streaming(policy)(async () => {}), /needs Lambda's global awslambda/);
  globalThis.awslambda = awslambda;
});

globalThis.awslambda = { HttpResponseStream, streamifyResponse: (handler) => handler };

/** What a handler sends, and the events it was given. */
async function sent(handler, { method = "GET", origin = APP, event, ...headers } = {}, options) {
  const stream = new Stream();
  for (const name of ["setContentType", "write", "end"]) stream[name] = stream[name].bind(stream);
  const made = event ?? { version: "2.0", headers: { origin, ...headers }, requestContext: { http: { method } } };
  await streaming(policy, options)(handler)(made, stream, { id: 1 });
  return stream;
}

const from = (...given) => awslambda.HttpResponseStream.from(...given);

test("metadata gets the policy's headers, and keeps its cookies", async () => {
  const stream = await sent(async (_event, out) => {
    const response = from(out, { statusCode: 201, headers: { a: "b", "access-control-allow-origin": "*" }, cookies: ["c=d"] });
    response.write("one");
    response.end("two");
  });
  assert.deepEqual(stream.metadata, { statusCode: 201, headers: { a: "b", ...CORS }, cookies: ["c=d"] });
  assert.deepEqual([stream.chunks, stream.ended, stream.type], [["one", "two"], 1, PRELUDE]);
});

test("no metadata and no body still have a prelude, and one empty write that sends it", async () => {
  for (const handler of [async (_event, out) => from(out).end(), async (_event, out) => out.end(null)]) {
    const stream = await sent(handler);
    assert.equal(stream.metadata.statusCode, 200);
    assert.equal(stream.metadata.headers["Access-Control-Allow-Origin"], APP);
    assert.deepEqual([stream.chunks, stream.ended], [[""], 1]);
  }
});

test("a plain stream keeps the type it was given", async () => {
  const types = [];
  for (const type of ["text/html", undefined]) {
    const stream = await sent(async (_event, out) => {
      if (type) out.setContentType(type);
      out.end("x");
    });
    types.push(stream.metadata.headers["content-type"]);
    assert.equal(stream.type, PRELUDE);
  }
  assert.deepEqual(types, ["text/html", "application/octet-stream"]);
});

test("the callback of end is called, with and without a last chunk", async () => {
  for (const last of [[], ["x"], ["x", "utf8"]]) {
    let done = 0;
    const stream = await sent(async (_event, out) => out.end(...last, () => (done += 1)));
    assert.deepEqual([done, stream.chunks], [1, [last[0] ?? ""]]);
  }
});

test("a preflight never reaches the handler", async () => {
  const stream = await sent(() => assert.fail(), { method: "OPTIONS", "access-control-request-method": "PUT" });
  assert.equal(stream.metadata.statusCode, 204);
  assert.equal(stream.metadata.headers["Access-Control-Allow-Methods"], "PUT");
  assert.deepEqual([stream.chunks, stream.ended], [[""], 1]);
});

test("an error before the first byte becomes a 500, and one after it is Lambda's to tell", async (t) => {
  t.mock.method(console, "error", () => {});
  const boom = async (_event, out) => {
    from(out, { statusCode: 200 });
    throw new Error("boom");
  };
  const stream = await sent(boom);
  assert.deepEqual(stream.metadata, { statusCode: 500, headers: { ...JSON_TYPE, ...CORS } });
  assert.deepEqual(stream.chunks, ['{"message":"Internal Server Error"}']);
  const own = await sent(boom, {}, { onError: () => ({ statusCode: 418, multiValueHeaders: { a: ["b"] } }) });
  assert.deepEqual([own.metadata, own.chunks], [{ statusCode: 418, headers: CORS }, ['{"message":"Internal Server Error"}']]);
  const late = async (_event, out) => {
    out.write("begun");
    throw new Error("late");
  };
  await assert.rejects(sent(late), /late/);
});

test("what is no HTTP request, and streams that are not ours, pass untouched", async () => {
  const stream = await sent(async (event, out, context) => {
    from(out, { statusCode: 200, headers: {} });
    out.write([event.source, context.id]);
  }, { event: { source: "aws.events" } });
  assert.deepEqual(stream.metadata, { statusCode: 200, headers: {} });
  assert.deepEqual([stream.chunks, stream.ended], [[["aws.events", 1]], 0]);
});
