"use strict";

/** One thing that is wrong with a policy: a stable code, the option, its value, why it fails, and what to write instead. */
class Problem {
  constructor(code, field, value, why, fix) {
    Object.assign(this, { code, field, value, why, fix });
    Object.freeze(this);
  }

  toString() {
    return `${this.field}: ${shown(this.value)} ${this.why}; ${this.fix} [${this.code}]`;
  }
}

/** The policy is broken or insecure: `problems` holds everything that is wrong with it. */
class PolicyError extends Error {
  constructor(...problems) {
    super(["this CORS policy cannot be used", ...problems.map(String)].join("\n  "));
    this.name = "PolicyError";
    this.problems = Object.freeze(problems);
  }
}

/** A value as one would write it in JavaScript. */
function shown(value) {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return `[${typeof value}]`;
  }
}

module.exports = { Problem, PolicyError, shown };
