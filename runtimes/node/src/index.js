"use strict";

const { Policy } = require("./policy.js");
const { PolicyError, Problem } = require("./problems.js");
const { streaming } = require("./stream.js");
const { cors, middleware } = require("./wrapper.js");

module.exports = { Policy, PolicyError, Problem, cors, middleware, streaming };
