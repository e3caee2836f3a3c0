// One stack in one process: reads `cell calls` lines, answers with the CPU microseconds of one call.
// The first line names the stack; the answer to it is the status of each cell.
import { createInterface } from "node:readline";
import { CONTEXT, event, make, preflight } from "./stacks.mjs";

const APP = "https://app.example.com";
const cells = {
  actual: event("GET", { origin: APP }),
  "no Origin": event("GET"),
  preflight: preflight(),
  "denied preflight": preflight("https://evil.example.net"),
  "8,000 commas": preflight(APP, ",".repeat(8000)),
};
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const handler = await make((await lines.next()).value);
const statuses = {};
for (const [cell, made] of Object.entries(cells)) statuses[`2.0 ${cell}`] = (await handler(made, CONTEXT)).statusCode;
console.log(JSON.stringify(statuses));
for await (const line of lines) {
  const [, cell, calls] = /^2\.0 (.*) (\d+)$/.exec(line);
  const start = process.cpuUsage();
  for (let call = 0; call < Number(calls); call += 1) await handler(cells[cell], CONTEXT);
  const used = process.cpuUsage(start);
  console.log((used.user + used.system) / Number(calls));
}
