// The vectors of both runtimes, as this language reads them.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Policy, cors } from "../src/index.mjs";

const read = (name) => JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));
export const policies = read("policies");
export const requests = read("requests");
export const settings = read("settings");

export const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
export const camelKeys = (object) => Object.fromEntries(Object.entries(object).map(([key, value]) => [camel(key), value]));
export const named = (name) => new Policy(camelKeys(requests.policies[name]));

/** What Lambda passes as the context, as far as the wrapper looks at it. */
export function contextOf(milliseconds) {
  const end = Date.now() + milliseconds;
  return { getRemainingTimeInMillis: () => end - Date.now() };
}

/** The arguments of cors that a case describes. */
export function argumentsOf({ policy, options }) {
  const { routes, policy_for: tenant, on_error: said, ...rest } = options;
  const given = { ...rest };
  let first = named(policy);
  if (routes) first = Object.fromEntries(Object.entries(routes).map(([key, name]) => [key, named(name)]));
  if (tenant) {
    first = undefined;
    given.policyFor = (event) => (event.headers[tenant] === "app" ? named("app") : undefined);
  }
  if (said) given.onError = (error) => said.response ?? `${said.body}${error.message}`;
  return [first, given];
}

/** The handler that a case describes, in one of the forms that Node.js has. */
export function handlerOf(does, form = "async") {
  const act = () => {
    if ("raises" in does) throw new Error(does.raises);
    return does.returns;
  };
  if ("sleeps" in does) return () => sleep(does.sleeps * 1000, undefined, { ref: false });
  if (form === "sync") return act;
  if (form === "async") return async () => act();
  return (event, context, callback) => {
    setImmediate(() => {
      try {
        callback(null, act());
      } catch (error) {
        callback(error);
      }
    });
  };
}

export const wrapped = (vector, form) => cors(...argumentsOf(vector))(handlerOf(vector.handler, form));

/** What leaves the front door: status, headers by lower-case name, body and cookies. No header is in two places. */
export function leaves(response) {
  const entries = [response.headers, response.multiValueHeaders].flatMap((map) => Object.entries(map ?? {}));
  const headers = {};
  for (const [name, value] of entries) {
    const lower = name.toLowerCase();
    if (lower in headers) throw new Error(`a header in two places: ${lower}`);
    headers[lower] = Array.isArray(value) && value.length === 1 ? value[0] : value;
  }
  return { status: response.statusCode, headers, body: response.body, cookies: response.cookies };
}
