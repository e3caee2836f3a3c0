// The vectors that the runtimes of both languages pass.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Policy, PolicyError } from "../src/index.mjs";
import { camel, camelKeys, contextOf, leaves, policies, requests, settings, wrapped } from "./vectors.mjs";

mock.method(console, "error", () => {});
mock.method(console, "warn", () => {});

for (const vector of policies) {
  test(`policy: ${vector.name}`, () => {
    let problems = [];
    try {
      const policy = new Policy(camelKeys(vector.policy));
      assert.deepEqual(eval(`(Policy) => ${policy}`)(Policy).toJSON(), policy.toJSON());
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      problems = error.problems.map(({ code, field }) => [code, field]);
    }
    assert.deepEqual(problems, vector.problems.map(([code, field]) => [code, camel(field)]));
  });
}

/** What a call is refused with; nothing where it is not. */
function refused(call) {
  try {
    call();
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return [];
}

for (const vector of settings) {
  const policy = vector.policy && new Policy(camelKeys(vector.policy));
  test(`settings: ${vector.name}`, () => {
    if (vector.unsaid) {
      const problems = refused(() => policy.settingsFor(vector.front_door));
      assert.deepEqual(problems.map(({ field, value }) => [field, value]), vector.unsaid.map(([field, value]) => [camel(field), value]));
      return;
    }
    if (vector.front_door) assert.deepEqual(policy.settingsFor(vector.front_door), vector.settings);
    const problems = refused(() => assert.deepEqual(Policy.fromSettings(vector.settings).toJSON(), policy.toJSON()));
    const expected = vector.problems ?? [];
    assert.deepEqual(problems.map(({ code, field }) => [code, field]), expected.map(([code, field]) => [code, camel(field)]));
  });
}

for (const form of ["async", "sync", "callback"]) {
  for (const vector of requests.cases) {
    test(`${form}: ${vector.name}`, async () => {
      const before = structuredClone([vector.event, vector.handler]);
      const { remaining } = vector.handler;
      const response = await wrapped(vector, form)(vector.event, remaining ? contextOf(remaining) : undefined);
      assert.deepEqual([vector.event, vector.handler], before, "what was given was changed");
      if (vector.expect.untouched) {
        assert.deepEqual(response, vector.handler.returns);
        return;
      }
      const said = leaves(response);
      const asked = Object.keys(vector.expect);
      assert.deepEqual(Object.fromEntries(asked.map((key) => [key, said[key]])), vector.expect);
      const multi = "elb" in (vector.event.requestContext ?? {}) && !("headers" in vector.event);
      assert.equal("headers" in response, !multi);
    });
  }
}
