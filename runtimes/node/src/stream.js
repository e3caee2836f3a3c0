"use strict";

// Response streaming. The runtime writes the status and headers, the prelude, before the first byte of the body, and
// never for an empty body: so an empty body is begun with an empty write here.
const { CRASHED, surround } = require("./wrapper.js");

const INTEGRATION = "application/vnd.awslambda.http-integration-response";
const requests = new WeakMap();
const patched = new WeakSet();

/** A decorator for streaming handlers: `handler = streaming(policy)(async (event, responseStream, context) => …)`. */
function streaming(policy, options = {}) {
  const around = surround(policy, options);
  return function decorate(handler) {
    const { awslambda } = globalThis;
    if (awslambda === undefined) throw new Error("streaming() needs Lambda's global awslambda: set one in tests");
    patch(awslambda.HttpResponseStream);
    return awslambda.streamifyResponse(async function wrapped(event, stream, context) {
      const request = around.read(event);
      if (request === undefined) return handler(event, stream, context);
      const state = watch(stream, (metadata) => around.finished(request, metadata));
      if (request.answer !== undefined) return answer(stream, state, request.answer);
      try {
        await handler(event, stream, context);
      } catch (error) {
        if (state.begun) throw error;
        answer(stream, state, around.failed(request, error));
      }
      return undefined;
    });
  };
}

/** Makes HttpResponseStream.from put the policy's headers into the metadata of the streams that are watched. */
function patch(HttpResponseStream) {
  if (patched.has(HttpResponseStream)) return;
  patched.add(HttpResponseStream);
  const from = HttpResponseStream.from;
  HttpResponseStream.from = function (stream, metadata) {
    const state = requests.get(stream);
    return state ? state.say(metadata) : from.call(this, stream, metadata);
  };
  HttpResponseStream.from.original = from;
}

function watch(stream, finish) {
  const { setContentType, write, end } = stream;
  const from = globalThis.awslambda.HttpResponseStream.from.original;
  let type = "application/octet-stream";
  const state = {
    begun: false,
    said: false,
    send(metadata) {
      state.said = true;
      return from.call(globalThis.awslambda.HttpResponseStream, stream, metadata);
    },
    say(metadata) {
      const { statusCode = 200, headers = {}, cookies } = metadata ?? {};
      const { body: _body, ...finished } = finish({ statusCode, headers, ...(cookies ? { cookies } : {}) });
      return state.send(finished);
    },
  };
  stream.setContentType = (given) => {
    if (given !== INTEGRATION) type = given;
    else setContentType(given);
  };
  stream.write = (...given) => {
    if (!state.said) state.say({ headers: { "content-type": type } });
    state.begun = true;
    return write(...given);
  };
  stream.end = (...given) => {
    const done = given.find((one) => typeof one === "function");
    const last = typeof given[0] === "function" ? undefined : given[0];
    if (last !== undefined && last !== null) stream.write(last);
    else if (!state.begun) stream.write("");
    return end(done);
  };
  requests.set(stream, state);
  return state;
}

function answer(stream, state, response) {
  const { body = CRASHED.body, multiValueHeaders: _none, ...metadata } = response;
  state.send(metadata);
  stream.end(body);
}

module.exports = { streaming };
