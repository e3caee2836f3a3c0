// Answers each line of JSON, a policy's arguments or a request under one, with what the Node runtime makes of it.
import { createInterface } from "node:readline";
import { Policy, PolicyError, cors } from "../../../runtimes/node/src/index.mjs";
import { camelKeys, leaves, named } from "../../../runtimes/node/tests/vectors.mjs";

console.error = console.warn = () => {};
for await (const line of createInterface({ input: process.stdin })) {
  const { policy, origins, event, result, name } = JSON.parse(line);
  let said;
  if (event !== undefined) {
    said = leaves(await cors(named(name))(async () => result)(event, {}));
  } else {
    try {
      const made = new Policy(camelKeys(policy));
      said = origins.map((origin) => made.allows(origin));
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      said = error.problems.map(({ code }) => code);
    }
  }
  console.log(JSON.stringify(said));
}
