"use strict";

// `cors(policy)`: a handler's every response leaves with the policy's headers, whatever the handler did.
const { doorOf, header, headerLines, isObject, methodOf, routes } = require("./events.js");
const { explainPreflight, explainResponse } = require("./debug.js");
const { Policy } = require("./policy.js");
const { PolicyError, Problem } = require("./problems.js");
const { JSON_TYPE, UnusableError, toJSON, write } = require("./responses.js");

const CRASHED = Object.freeze({ statusCode: 500, headers: JSON_TYPE, body: '{"message":"Internal Server Error"}' });
const LATE = Object.freeze({ statusCode: 504, headers: JSON_TYPE, body: '{"message":"Endpoint request timed out"}' });

const SHARED = ["policyFor", "owner", "onError", "debug"];

/** A decorator for Lambda handlers; the options are explained in index.d.ts. */
function cors(policy, options = {}) {
  const around = surround(policy, options, [...SHARED, "deadline"]);
  return function decorate(handler) {
    // Two parameters: runtimes since Node.js 24 refuse handlers that name a callback.
    return async function wrapped(event, context, ...more) {
      const request = around.read(event);
      if (request === undefined) return call(handler, event, context, ...more);
      if (request.answer !== undefined) return request.answer;
      let result;
      try {
        const running = call(handler, event, context, ...more);
        result = await (around.deadline === undefined ? running : timely(running, context, around.deadline));
      } catch (error) {
        return around.failed(request, error);
      }
      return around.finished(request, result);
    };
  };
}

/** The same as a middleware for middy; it goes before all others, so that it sees what they did last. */
function middleware(policy, options = {}) {
  const around = surround(policy, options);
  const requests = new WeakMap();
  return {
    before(state) {
      const request = around.read(state.event);
      if (request === undefined) return undefined;
      requests.set(state, request);
      return request.answer;
    },
    after(state) {
      const request = requests.get(state);
      if (request) state.response = around.finished(request, state.response);
    },
    onError(state) {
      const request = requests.get(state) ?? around.read(state.event);
      if (request === undefined) return;
      const answered = state.response !== undefined;
      state.response = answered ? around.finished(request, state.response) : around.failed(request, state.error);
    },
  };
}

/** What goes around a handler: reading the request, and finishing the response. */
function surround(policy, options, known = SHARED) {
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) {
      throw refused("unknown-option", name, value, "is no option", `write one of ${known.join(", ")}`);
    }
  }
  const { owner = "function", onError, deadline, debug = false } = options;
  const choose = chooser(policy, options);
  const emits = owner === "function";
  if (deadline !== undefined && !(typeof deadline === "number" && deadline > 0 && deadline < 900)) {
    throw refused("deadline-range", "deadline", deadline, "is not a number of seconds", "write deadline: 0.5");
  }

  if (onError !== undefined && typeof onError !== "function") {
    throw refused("on-error", "onError", onError, "is no function", "write one");
  }

  function read(event) {
    const door = doorOf(event);
    if (door === undefined) return undefined;
    if (!emits) return { door, event, add: {} };
    const origin = header(event, "origin");
    const method = methodOf(event);
    const asked =
      method === "OPTIONS" && origin !== undefined ? header(event, "access-control-request-method") : undefined;
    let chosen;
    try {
      chosen = choose(event, asked || method);
    } catch (error) {
      report("no policy for this request", error);
      return { door, event, answer: write(door, CRASHED, { Vary: "Origin" }) };
    }
    if (asked !== undefined) return { door, event, answer: preflight(door, chosen, event, origin, asked) };
    return { door, event, origin, chosen, add: chosen ? chosen.headersFor(origin) : {} };
  }

  function preflight(door, chosen, event, origin, method) {
    const names = headerLines(event, "access-control-request-headers");
    let headers = chosen ? chosen.preflightHeadersFor(origin, method, names) : {};
    if (debug) headers = explainPreflight(chosen, event, origin, method, names) ?? headers;
    if (!door.multi) return { statusCode: 204, headers, body: "" };
    return { statusCode: 204, multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, [v]])), body: "" };
  }

  function finished(request, result) {
    try {
      if (debug && emits) explainResponse(request.chosen, request.event, request.origin, result);
      return write(request.door, result, request.add);
    } catch (error) {
      return failed(request, error);
    }
  }

  function failed(request, error) {
    report("the handler failed", error);
    const reply = onError === undefined ? CRASHED : onError(error, request.event);
    try {
      return write(request.door, response(reply), request.add);
    } catch (wrong) {
      report("onError failed", wrong);
      return write(request.door, CRASHED, request.add);
    }
  }

  return { read, finished, failed, deadline };
}

/** Logs what went wrong; an error that cannot be written must not cost the response. */
function report(what, error) {
  try {
    console.error(`lambda-cors: ${what}:`, error instanceof UnusableError ? error.message : error);
  } catch {
    console.error(`lambda-cors: ${what}, and the error cannot be written`);
  }
}

function response(given) {
  if (isObject(given) && given.statusCode !== undefined) return given;
  return { ...CRASHED, body: typeof given === "string" ? given : toJSON(given) };
}

/** The handler's result, whether it returns it, promises it or calls back. */
function call(handler, event, context, ...more) {
  if (handler.length < 3) return handler(event, context, ...more);
  return new Promise((resolve, reject) => {
    const called = handler(event, context, (error, result) => (error ? reject(error) : resolve(result)));
    if (typeof called?.then === "function") called.then(resolve, reject);
  });
}

/** The result, or a 504 so many seconds before the context's time is over, or at half of a shorter time. */
function timely(running, context, seconds) {
  if (typeof context?.getRemainingTimeInMillis !== "function") return running;
  const left = context.getRemainingTimeInMillis();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => {
        console.error("lambda-cors: the handler was still running, and its time was almost over");
        resolve(LATE);
      },
      Math.max(left - seconds * 1000, left / 2, 0),
    );
    Promise.resolve(running).then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function chooser(policy, { policyFor, owner = "function" }) {
  if (owner !== "function" && owner !== "front-door") {
    throw refused("owner", "owner", owner, "owns nothing", "write 'function' or 'front-door'");
  }
  const given = policy !== undefined && policy !== null && (!isObject(policy) || Object.keys(policy).length > 0);
  if (owner === "function" && given === (policyFor !== undefined)) {
    throw refused("policy", "policy", policy, "is not the one thing that decides", "write cors(policy)");
  }
  if (policyFor !== undefined) {
    return (event) => {
      const chosen = policyFor(event);
      if (chosen instanceof Policy) return chosen;
      throw new TypeError("policyFor gave back what is not a Policy");
    };
  }
  if (policy instanceof Policy || !given) return () => policy;
  const table = isObject(policy) ? new Map(Object.entries(policy)) : new Map([["*", policy]]);
  for (const [key, value] of table) {
    if (key !== "*" && !/^[A-Z]+ [/$]/.test(key)) {
      throw refused("route", "policy", key, "names no route", "write 'GET /items', 'ANY /items' or '*'");
    }
    if (!(value instanceof Policy)) {
      throw refused("policy", "policy", value, "is not a Policy", "write cors(new Policy({ origins: […] }))");
    }
  }
  return (event, method) => {
    const key = routes(event, method).find((route) => table.has(route));
    return table.get(key ?? "*");
  };
}

function refused(code, field, value, why, fix) {
  return new PolicyError(new Problem(code, field, value, why, fix));
}

module.exports = { CRASHED, cors, middleware, surround };
