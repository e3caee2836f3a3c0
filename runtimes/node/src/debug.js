"use strict";

// What `debug: true` adds: the headers that let a browser name the real cause, and one line of JSON that says it first.
const { header, isObject } = require("./events.js");
const { OWN } = require("./names.js");
const { shown } = require("./problems.js");

const MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource.";

/** Logs the step that fails, and gives the headers up to it; undefined: there are no others than usual. */
function explainPreflight(policy, event, origin, method, names) {
  const step = policy ? policy.refuses(origin, method, names) : "origin";
  if (!step) return undefined;
  if (step === "origin") {
    blocked(policy, event, origin, `Response to preflight request doesn't pass access control check: ${MISSING}`);
    return undefined;
  }
  const name = step === "method" ? method : policy.unlisted(names);
  const what = step === "method" ? `Method ${name}` : `Request header field ${name}`;
  const list = step === "method" ? "Methods" : "Headers";
  const said = `${what} is not allowed by Access-Control-Allow-${list} in preflight response.`;
  log(step, event, origin, said, `add ${shown(name)} to ${step === "method" ? "methods" : "requestHeaders"}`);
  return policy.preflightHeadersFor(origin, "GET", undefined);
}

/** Logs why a page may not read this response, and which CORS headers of the handler's own were replaced. */
function explainResponse(policy, event, origin, result) {
  if (origin !== undefined && !policy?.allows(origin)) blocked(policy, event, origin, MISSING);
  if (!isObject(result)) return;
  const own = [result.headers, result.multiValueHeaders].flatMap((map) => Object.keys(map ?? {})).filter((n) => OWN.test(n));
  if (own.length) {
    const fix = "remove them from the handler: the policy decides";
    console.warn(JSON.stringify({ cors: "replaced", headers: own.sort(), fix }));
  }
}

function blocked(policy, event, origin, said) {
  const fix = policy ? `add ${shown(origin)} to origins, if the page is yours` : "give this route, or '*', a policy";
  log("origin", event, origin, said, fix);
}

function log(step, event, origin, said, fix) {
  const url = `https://${header(event, "host") ?? "unknown"}${event.rawPath ?? event.path ?? event.raw_path ?? "/"}`;
  const told = `Access to fetch at '${url}' from origin '${origin}' has been blocked by CORS policy: ${said}`;
  console.warn(JSON.stringify({ cors: "blocked", step, origin, url, console: told, fix }));
}

module.exports = { explainPreflight, explainResponse };
