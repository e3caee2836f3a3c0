// Streaming handlers, wrapped: the event's `does` names one.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Policy, streaming } from "../../../runtimes/node/src/index.mjs";

const policy = new Policy({ origins: ["https://app.example.com"], methods: ["PUT"], maxAge: 0 });
const from = (stream, metadata) => awslambda.HttpResponseStream.from(stream, metadata);

const handlers = {
  async metadata(event, stream) {
    const out = from(stream, { statusCode: 201, headers: { "x-own": "1", "access-control-allow-origin": "*" }, cookies: ["a=b"] });
    out.write("one,");
    out.end("two");
  },
  async empty(event, stream) {
    from(stream, { statusCode: 302, headers: { location: "/x" } }).end();
  },
  async plain(event, stream) {
    stream.setContentType("text/html");
    stream.write("<p>");
    stream.end();
  },
  async nothing(event, stream) {
    stream.end();
  },
  async piped(event, stream) {
    const out = from(stream, { headers: { "content-type": "text/plain" } });
    await pipeline(Readable.from(["a", "b"]), out);
  },
  async early(event, stream) {
    from(stream, { statusCode: 200 });
    throw new Error("early");
  },
  async late(event, stream) {
    stream.write("begun");
    throw new Error("late");
  },
  async wrong(event, stream) {
    from(stream, { statusCode: 200, headers: { a: ["b"] } }).end("body");
  },
};

export const handler = streaming(policy)((event, stream, context) => handlers[event.does](event, stream, context));
