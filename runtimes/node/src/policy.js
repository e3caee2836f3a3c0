"use strict";

// A CORS policy: judged when it is written, compiled once, and never changed.
const { SAFELISTED_METHODS, checkHeaders, checkMethods } = require("./names.js");
const { readOrigin } = require("./origins.js");
const { PolicyError, Problem, shown } = require("./problems.js");

const LISTS = ["origins", "methods", "requestHeaders", "responseHeaders"];
const FLAGS = ["credentials", "dangerouslyTolerateInsecureOrigins", "dangerouslyToleratePublicSuffixes"];
const FIELDS = [...LISTS, "maxAge", ...FLAGS];
const VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
// What is longer than this comes from no browser, and is not worth reading.
const MOST_CHARACTERS = 4096;
const MOST_NAMES = 64;
const LONGEST_ORIGIN = 320;

/** Which pages may read a function's responses, and what they may send. The options are explained in index.d.ts. */
class Policy {
  #anyHeader;
  #everybody;
  #exact;
  #methods;
  #names;
  #patterns = [];
  #passed = new Set();
  #preflight;
  #response;
  #vary;

  constructor(options = {}) {
    const found = [];
    for (const field of LISTS) this[field] = items(field, options?.[field], found);
    this.maxAge = options?.maxAge ?? undefined;
    for (const field of FLAGS) this[field] = options?.[field] ?? false;
    for (const origin of this.origins) {
      if (origin === "*") continue;
      const read = readOrigin(origin, {
        credentials: this.credentials,
        insecure: this.dangerouslyTolerateInsecureOrigins,
        suffixes: this.dangerouslyToleratePublicSuffixes,
      });
      found.push(...read.found);
      if (read.pattern) this.#patterns.push(read.pattern);
    }
    found.push(...checkMethods(this.methods));
    found.push(...checkHeaders("requestHeaders", this.requestHeaders));
    found.push(...checkHeaders("responseHeaders", this.responseHeaders));
    this.#checkSettings(found, options);
    if (found.length) throw new PolicyError(...found);
    this.requestHeaders = lowered(this.requestHeaders);
    this.responseHeaders = lowered(this.responseHeaders);
    for (const field of LISTS) Object.freeze(this[field]);
    this.#compile();
    Object.freeze(this);
  }

  #checkSettings(found, options) {
    const check = (right, code, field, why, fix) => {
      if (!right) found.push(new Problem(code, field, this[field] ?? options[field], why, fix));
    };
    for (const field of Object.keys(options ?? {})) {
      check(FIELDS.includes(field), "unknown-option", field, "is no option", `write one of ${FIELDS.join(", ")}`);
    }
    check(this.origins.length || found.length, "origins-empty", "origins", "allows nobody", "name the origins of your pages");
    const alone = !this.origins.includes("*") || this.origins.length === 1;
    check(alone, "origins-mixed", "origins", "holds '*', which covers the others", "write '*' alone, or without it");
    for (const field of LISTS) {
      const right = !this.credentials || !this[field].includes("*");
      const why = "holds '*', which is no wildcard when credentials travel";
      check(right, "wildcard-with-credentials", field, why, "name each, or leave credentials out");
    }
    for (const field of FLAGS) {
      const right = typeof this[field] === "boolean";
      check(right, "not-a-bool", field, "is neither true nor false", "write true or nothing");
    }
    const age = this.maxAge;
    const right = age === undefined || (Number.isInteger(age) && age >= -1 && age <= 86400);
    check(right, "max-age", "maxAge", "is no number of seconds up to a day", "write 0 to 86400, or -1");
  }

  #compile() {
    this.#exact = new Set(this.origins.filter((origin) => !origin.includes("*")));
    this.#methods = new Set(this.methods);
    this.#names = new Set(this.requestHeaders);
    this.#anyHeader = this.#names.has("*");
    this.#everybody = this.origins.includes("*");
    const shared = this.#everybody ? { "Access-Control-Allow-Origin": "*" } : {};
    if (this.credentials) shared["Access-Control-Allow-Credentials"] = "true";
    this.#response = { ...shared };
    this.#preflight = { ...shared };
    if (this.responseHeaders.length) this.#response["Access-Control-Expose-Headers"] = this.responseHeaders.join(",");
    if (this.methods.length) this.#preflight["Access-Control-Allow-Methods"] = this.methods.join(",");
    if (this.requestHeaders.length) this.#preflight["Access-Control-Allow-Headers"] = this.requestHeaders.join(",");
    if (this.maxAge !== undefined) this.#preflight["Access-Control-Max-Age"] = String(this.maxAge);
    this.#vary = this.#everybody ? {} : { Vary: VARY };
    if (!this.#everybody) {
      this.#response.Vary = "Origin";
      this.#preflight.Vary = VARY;
    }
  }

  /** Whether pages of this origin, as browsers write it, may read the responses. */
  allows(origin) {
    if (this.#exact.has(origin) || this.#everybody) return true;
    if (typeof origin !== "string" || origin.length > LONGEST_ORIGIN) return false;
    return this.#patterns.some((pattern) => pattern.matches(origin));
  }

  /** The CORS headers of a response: all there are for an allowed origin, else `Vary` alone. */
  headersFor(origin) {
    if (this.#everybody) return { ...this.#response };
    if (origin !== undefined && this.allows(origin)) return { "Access-Control-Allow-Origin": origin, ...this.#response };
    return { Vary: "Origin" };
  }

  /** The headers that answer a preflight: all the policy has to say where it is allowed, else `Vary` alone. */
  preflightHeadersFor(origin, method, names) {
    if (this.refuses(origin, method, names)) return { ...this.#vary };
    if (this.#everybody) return { ...this.#preflight };
    return { "Access-Control-Allow-Origin": origin, ...this.#preflight };
  }

  /** The first step of the CORS-preflight fetch (Fetch Standard) that fails: "origin", "method", "headers" or undefined. */
  refuses(origin, method, names) {
    if (!this.allows(origin)) return "origin";
    if (!this.#methods.has(method) && !SAFELISTED_METHODS.has(method) && !this.#methods.has("*")) return "method";
    if (!names || this.#passed.has(names)) return undefined;
    if (this.unlisted(names) !== undefined) return "headers";
    // Browsers send the same few lists again and again.
    if (this.#passed.size < MOST_NAMES) this.#passed.add(names);
    return undefined;
  }

  /** The first of the names in an Access-Control-Request-Headers value that may not be sent; undefined: all may. */
  unlisted(names) {
    if (names.length > MOST_CHARACTERS) return names.slice(0, MOST_NAMES);
    const parts = names.split(",", MOST_NAMES + 1);
    if (parts.length > MOST_NAMES) return names.slice(0, MOST_NAMES);
    for (const part of parts) {
      if (this.#names.has(part)) continue;
      const name = part.replace(/^[ \t]+|[ \t]+$/g, "").toLowerCase();
      if (name && !this.#names.has(name) && (!this.#anyHeader || name === "authorization")) return name;
    }
    return undefined;
  }

  /** The front door's own CORS settings that say the same, in CloudFormation's words: see index.d.ts. */
  settingsFor(frontDoor) {
    return require("./settings.js").writeSettings(this, frontDoor);
  }

  /** The policy that such settings amount to, CloudFormation's or the API's. Throws PolicyError where they are wrong. */
  static fromSettings(settings) {
    return new Policy(require("./settings.js").readSettings(settings));
  }

  /** The options that make an equal policy; what says nothing is left out. */
  toJSON() {
    const said = FIELDS.map((field) => [field, this[field]]);
    return Object.fromEntries(said.filter(([, v]) => v !== undefined && v !== false && v.length !== 0));
  }

  toString() {
    return `new Policy(${JSON.stringify(this)})`;
  }
}

function items(field, given, found) {
  if (given === undefined || given === null) return [];
  if (given === "*") return ["*"];
  if (typeof given === "string" || typeof given !== "object" || typeof given[Symbol.iterator] !== "function") {
    const parts = typeof given === "string" ? given.split(/[\s,]+/).filter(Boolean) : [];
    found.push(new Problem("not-a-list", field, given, "is not a list", `write ${field}: ${shown(parts)}`));
    return [];
  }
  return [...new Set(given)];
}

function lowered(names) {
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

module.exports = { Policy };
