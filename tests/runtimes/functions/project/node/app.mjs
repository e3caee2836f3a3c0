// A function that answers, fails, is late, and sends wrong headers of its own: the path says which.
import { Policy, cors } from "../../../../../runtimes/node/src/index.mjs";

const policy = new Policy({
  origins: ["https://app.example.com", "https://*.example.org"],
  methods: ["GET", "PUT"],
  requestHeaders: ["content-type", "x-trace"],
  responseHeaders: ["x-own"],
  credentials: true,
});

export const handler = cors(policy, { deadline: 1 })(async (event) => {
  const path = event.rawPath ?? event.path;
  if (path.endsWith("/fails")) throw new Error("boom");
  if (path.endsWith("/late")) await new Promise((resolve) => setTimeout(resolve, 10_000).unref());
  if (path.endsWith("/wrong")) {
    return { statusCode: 200, headers: { "access-control-allow-origin": "*", Vary: "Accept" }, body: "ok" };
  }
  return { statusCode: 200, headers: { "x-own": "1" }, body: JSON.stringify({ path }) };
});
