import lib from "./index.js";

export const { Policy, PolicyError, Problem, cors, middleware, streaming } = lib;
