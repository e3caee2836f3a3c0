"use strict";

// A policy in the words of the front doors' own CORS settings, and back.
const { isObject } = require("./events.js");
const { PolicyError, Problem } = require("./problems.js");

const LISTS = ["origins", "methods", "requestHeaders", "responseHeaders"];
const HEADERS = new Map([
  ["Allow-Origin", "origins"],
  ["Allow-Methods", "methods"],
  ["Allow-Headers", "requestHeaders"],
  ["Expose-Headers", "responseHeaders"],
  ["Allow-Credentials", "credentials"],
  ["Max-Age", "maxAge"],
]);
// HTTP APIs and Function URLs have lists. REST APIs have constants in single quotes: SAM's Cors, and a mock's headers.
const short = (name) => name.replace("-", "");
const KEYS = new Map([...HEADERS].map(([name, field]) => [short(name).replace("Origin", "Origins"), field]));
const SAM = new Map([...HEADERS].filter(([name]) => name !== "Expose-Headers").map(([name, field]) => [short(name), field]));
const URL_METHODS = new Set(["*", "DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"]);

/** The settings, leaving out what the policy leaves out. Throws PolicyError where the front door cannot say it. */
function writeSettings(policy, frontDoor) {
  const url = frontDoor === "function_url";
  const rest = frontDoor === "rest_api" || frontDoor === "sam_rest_api";
  const several = rest && policy.origins.length > 1;
  const wrong = policy.origins.filter((one) => several || (one !== "*" && one.includes("*"))).map((one) => ["origins", one]);
  if (url) wrong.push(...policy.methods.filter((one) => !URL_METHODS.has(one)).map((one) => ["methods", one]));
  if (rest) for (const list of LISTS) for (const one of policy[list]) if (one.includes("'")) wrong.push([list, one]);
  if (url && policy.maxAge === -1) wrong.push(["maxAge", "-1"]);
  if (!(url || rest || frontDoor === "http_api")) wrong.splice(0, Infinity, ["", ""]);
  if (wrong.length) {
    const why = `cannot be said by ${frontDoor}`;
    const fix = "let the function answer with cors(policy)";
    throw new PolicyError(...wrong.map(([field, value]) => new Problem("front-door", field, value, why, fix)));
  }
  if (!rest) {
    const said = [...KEYS].map(([key, field]) => [key, policy[field]]);
    const kept = said.filter(([, value]) => value !== undefined && value !== false && value.length !== 0);
    return Object.fromEntries(kept.map(([key, value]) => [key, Array.isArray(value) ? [...value] : value]));
  }
  const headers = Object.entries(policy.preflightHeadersFor(policy.origins[0], "GET")).filter(([name]) => name !== "Vary");
  const constants = headers.map(([name, value]) => [name, `'${value}'`]);
  if (frontDoor === "rest_api") return Object.fromEntries(constants);
  // SAM quotes this one itself, and drops what is no boolean.
  return Object.fromEntries(constants.map(([name, v]) => [short(name.slice(15)), name.endsWith("Credentials") ? true : v]));
}

/** The options of the Policy. Throws PolicyError for unknown keys, and for constants without their quotes. */
function readSettings(settings) {
  const found = [];
  const options = {};
  const given = Object.entries(settings).map(([key, value]) => [key, word(key), value]);
  const isSam = given.some(([, name, value]) => name === "AllowOrigin" && typeof value === "string");
  const words = given.some(([, name]) => HEADERS.has(name)) ? HEADERS : isSam ? SAM : KEYS;
  for (const [key, name, value] of given) {
    const field = words.get(name);
    if (field === undefined) {
      found.push(new Problem("front-door-key", key, value, "is no CORS setting", `write one of ${[...words.keys()].join(", ")}`));
    } else if (words === KEYS || (words === SAM && typeof value === "boolean")) {
      options[field] = value;
    } else if (typeof value === "string" && /^'[^]*'$/.test(value)) {
      options[field] = constant(field, value.slice(1, -1));
    } else {
      const why = "is no constant of a REST API, which has single quotes";
      const text = isObject(value) ? "…" : value;
      found.push(new Problem("front-door-quotes", key, value, why, `write "'${text}'"`));
    }
  }
  if (found.length) throw new PolicyError(...found);
  return options;
}

/** The key as the tables have it. The API's begin with a small letter; a mapping's have a prefix with dots. */
function word(key) {
  const header = key.slice(key.lastIndexOf(".") + 1).toLowerCase();
  const capitals = header.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  return capitals.startsWith("Access-Control-") ? capitals.slice(15) : key.slice(0, 1).toUpperCase() + key.slice(1);
}

function constant(field, text) {
  if (field === "credentials") return text === "true" || text;
  if (field === "maxAge") return /^-?[0-9]{1,8}$/.test(text) ? Number(text) : text;
  return field === "origins" ? [text] : text.split(",").map((name) => name.trim());
}

module.exports = { readSettings, writeSettings };
