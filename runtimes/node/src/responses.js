"use strict";

// What a handler gave back, made into a response that its front door takes, with the policy's headers in it.
const { isObject } = require("./events.js");
const { OWN, isToken } = require("./names.js");
const { shown } = require("./problems.js");

const JSON_TYPE = Object.freeze({ "content-type": "application/json" });
const PRINTABLE = /^[\x20-\x7e]*$/;
const CONTROL = /[\0-\x08\x0a-\x1f\x7f-\x9f]/;

/** What the handler gave back cannot be a response. The message says why, for the log. */
class UnusableError extends Error {}

/**
 * The response with the headers of add, each in the one map that counts, and with no other CORS headers.
 * Throws UnusableError. The handler's own objects are not changed.
 */
function write(door, given, add) {
  const result = isObject(given) && given.statusCode !== undefined ? given : infer(door, given);
  let plain = !door.multi;
  for (const key in result) {
    if (!door.keys.has(key)) throw new UnusableError(`${door.name} knows no ${shown(key)} at the top of a response`);
    if (key === "multiValueHeaders") plain = false;
  }
  const status = typeof result.statusCode === "number" ? result.statusCode : readStatus(result.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) readStatus(undefined, result.statusCode);
  checkBody(result);
  const headers = result.headers;
  if (headers === undefined || headers === null) {
    if (plain) return { ...result, statusCode: status, headers: add };
  } else if (!isObject(headers)) {
    throw new UnusableError(`headers is ${shown(headers)}, no object`);
  } else if (plain) {
    for (const name in headers) {
      const value = headers[name];
      if (typeof value !== "string" || !PRINTABLE.test(value) || !isPlainName(name)) {
        plain = false;
        break;
      }
    }
    if (plain) return { ...result, statusCode: status, headers: { ...headers, ...add } };
  }
  return rewrite(door, { ...result, statusCode: status }, add);
}

// Names that were found to need no care: a function has few.
const plainNames = new Set();

function isPlainName(name) {
  if (plainNames.has(name)) return true;
  if (!isToken(name) || OWN.test(name) || name.toLowerCase() === "vary") return false;
  if (plainNames.size < 256) plainNames.add(name);
  return true;
}

function infer(door, given) {
  if (door.infers) {
    return { statusCode: 200, headers: JSON_TYPE, body: typeof given === "string" ? given : toJSON(given) };
  }
  if (isObject(given) && given.headers !== undefined) return { statusCode: 200, ...given };
  throw new UnusableError(`${door.name} takes no ${typeof given} without statusCode`);
}

/** The value as Lambda's runtime writes it: nothing is null. Throws UnusableError. */
function toJSON(value) {
  if (typeof value?.next === "function") throw new UnusableError("the handler is a generator: return, do not yield");
  try {
    const text = JSON.stringify(value === undefined ? null : value);
    if (text !== undefined) return text;
  } catch (error) {
    throw new UnusableError(`not JSON: ${error.message}`);
  }
  throw new UnusableError(`not JSON: a ${typeof value}`);
}

function readStatus(status, given = status) {
  if (typeof status === "string" && /^[1-5][0-9][0-9]$/.test(status)) return Number(status);
  throw new UnusableError(`statusCode is ${shown(given)}, not a number from 100 to 599`);
}

function checkBody(result) {
  const { body, isBase64Encoded = false, is_base64_encoded = false, statusDescription = "", cookies = [] } = result;
  if (body !== undefined && body !== null && !(typeof body === "string" && body.isWellFormed())) {
    throw new UnusableError(`body is a ${typeof body}, not text: use JSON.stringify`);
  }
  if (typeof isBase64Encoded !== "boolean" || typeof is_base64_encoded !== "boolean") {
    throw new UnusableError("isBase64Encoded is neither true nor false");
  }
  if (!isLine(statusDescription) || !Array.isArray(cookies) || !cookies.every(isLine)) {
    throw new UnusableError("cookies or statusDescription are not lines of text");
  }
}

function isLine(text) {
  return typeof text === "string" && (PRINTABLE.test(text) || (!CONTROL.test(text) && text.isWellFormed()));
}

function rewrite(door, result, add) {
  const single = readMap(result, "headers");
  const several = readMap(result, "multiValueHeaders");
  if (!door.lists && Object.values(single).some(Array.isArray)) throw new UnusableError("headers holds a list");
  if (!Object.values(several).every(Array.isArray)) {
    throw new UnusableError("multiValueHeaders holds what is not a list");
  }
  const lines = [];
  for (const held of [single, several]) {
    for (const name of Object.keys(held)) {
      const vary = name.toLowerCase() === "vary";
      if (vary) lines.push(...[held[name]].flat());
      if (vary || OWN.test(name)) delete held[name];
    }
  }
  const vary = mergeVary(...lines, add.Vary ?? "");
  Object.assign(single, add, vary ? { Vary: vary } : {});
  const { headers: _headers, multiValueHeaders: _several, ...rest } = result;
  if (!door.multi) {
    return { ...rest, headers: single, ...(Object.keys(several).length ? { multiValueHeaders: several } : {}) };
  }
  const known = new Set(Object.keys(several).map((name) => name.toLowerCase()));
  for (const [name, value] of Object.entries(single)) if (!known.has(name.toLowerCase())) several[name] = [value];
  return { ...rest, multiValueHeaders: several };
}

/** A copy of a header map, its values text or lists of text; a header of nothing is left out. */
function readMap(result, key) {
  const headers = result[key] ?? {};
  if (!isObject(headers) || !Object.keys(headers).every(isToken)) {
    throw new UnusableError(`${key} is ${shown(headers)}, no object of header names`);
  }
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    entries.map(([name, v]) => [name, Array.isArray(v) ? v.map((line) => text(name, line)) : text(name, v)]),
  );
}

function text(name, value) {
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "bigint") return String(value);
  if (!isLine(value)) throw new UnusableError(`the header ${shown(name)} is ${shown(value)}, not a line of text`);
  return value;
}

/** One Vary value that says what all the lines say, nothing twice; `*` says everything. */
function mergeVary(...lines) {
  const names = new Map();
  for (const name of lines.join(",").split(/[\s,]+/)) {
    if (name && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  return names.has("*") ? "*" : [...names.values()].join(", ");
}

module.exports = { JSON_TYPE, UnusableError, toJSON, write };
