"use strict";

// Methods and header names, with what the Fetch Standard says of them.
const { Problem, shown } = require("./problems.js");

const SAFELISTED_METHODS = new Set(["GET", "HEAD", "POST"]);
const NORMALIZED_METHODS = new Set(["GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT"]);
const FORBIDDEN_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);
const FORBIDDEN_REQUEST_HEADERS = new Set(
  (
    "accept-charset accept-encoding connection content-length cookie cookie2 date dnt expect host keep-alive origin " +
    "referer set-cookie te trailer transfer-encoding upgrade via"
  ).split(" "),
);
const FORBIDDEN_RESPONSE_HEADERS = new Set(["set-cookie", "set-cookie2"]);
const SAFELISTED_RESPONSE_HEADERS = new Set(
  "cache-control content-language content-length content-type expires last-modified pragma".split(" "),
);
const TOKEN = /^[0-9A-Za-z!#$%&'*+.^_`|~-]+$/;
const OWN = /^access-control-(?:allow-|expose-headers|max-age)/i;

/** Whether it is an RFC 9110 token, as methods and header names must be. */
function isToken(text) {
  return typeof text === "string" && TOKEN.test(text);
}

/** What is wrong with methods. Their case is kept, as browsers keep it. */
function* checkMethods(methods) {
  for (const method of methods) {
    const capitals = String(method).toUpperCase();
    if (!isToken(method)) yield noToken("method", "methods", method);
    else if (FORBIDDEN_METHODS.has(capitals)) {
      yield new Problem("method-forbidden", "methods", method, "is a method no page can send", "remove it");
    } else if (capitals === "ANY") {
      yield new Problem("method-any", "methods", method, "is API Gateway's word, not a method", "write '*'");
    } else if (
      method !== capitals &&
      (NORMALIZED_METHODS.has(capitals) || capitals === "PATCH") &&
      !methods.includes(capitals)
    ) {
      const why = `is not what a page sends for ${capitals}`;
      yield new Problem("method-case", "methods", method, why, `write ${shown(capitals)}`);
    }
  }
}

/** What is wrong with the names in requestHeaders or responseHeaders. */
function* checkHeaders(field, names) {
  const request = field === "requestHeaders";
  const kind = request ? "request-header" : "response-header";
  const forbidden = request ? FORBIDDEN_REQUEST_HEADERS : FORBIDDEN_RESPONSE_HEADERS;
  const prefixes = request ? ["access-control-", "proxy-", "sec-"] : ["access-control-"];
  for (const name of names) {
    const lower = String(name).toLowerCase();
    if (!isToken(name)) yield noToken(kind, field, name);
    else if (forbidden.has(lower) || prefixes.some((prefix) => lower.startsWith(prefix))) {
      yield new Problem(`${kind}-forbidden`, field, name, "is the browser's, not the page's", "remove it");
    } else if (!request && SAFELISTED_RESPONSE_HEADERS.has(lower)) {
      yield new Problem(`${kind}-safelisted`, field, name, "can be read without being listed", "remove it");
    }
  }
}

function noToken(kind, field, value) {
  const parts = typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : [];
  const fix = parts.length && parts[0] !== value ? `write ${parts.map(shown).join(", ")}` : "remove it";
  if (parts.length > 1) return new Problem(`${kind}-list`, field, value, "holds several in one string", fix);
  return new Problem(`${kind}-malformed`, field, value, "is not a token", fix);
}

module.exports = { OWN, SAFELISTED_METHODS, checkHeaders, checkMethods, isToken };
