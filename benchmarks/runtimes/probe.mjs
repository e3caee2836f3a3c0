// What each Node stack does where CORS libraries differ: prints one JSON object, {probe: {stack: what it does}}.
import { CONTEXT, STACKS, event, make, preflight } from "./stacks.mjs";

const APP = "https://app.example.com";
const EVIL = "https://evil.example.net";
console.error = console.warn = () => {};

async function ask(handler, made) {
  try {
    const response = await handler(made, CONTEXT);
    const headers = {};
    for (const map of [response.headers, response.multiValueHeaders]) {
      for (const [name, value] of Object.entries(map ?? {})) (headers[name.toLowerCase()] ??= []).push(...[value].flat());
    }
    return { status: response.statusCode, headers };
  } catch {
    return { status: null, headers: {} };
  }
}

async function reader(stack, wanted, origin) {
  let handler;
  try {
    handler = await make(stack, wanted);
  } catch {
    return "refused";
  }
  const { headers } = await ask(handler, event("GET", { origin }));
  const allowed = headers["access-control-allow-origin"]?.join();
  const credentials = headers["access-control-allow-credentials"]?.join() === "true";
  if (allowed === origin) return credentials ? "may read with credentials" : "may read";
  if (allowed === "*") return credentials ? "`*` with credentials: blocked" : "`*`, credentials dropped";
  return "denied";
}

async function vary(stack, headers) {
  const said = await ask(await make(stack), event("GET", headers));
  const names = (said.headers.vary ?? []).flatMap((line) => line.split(",")).map((name) => name.trim().toLowerCase());
  return [...new Set(names)].sort().join(", ") || "none";
}

async function answered(stack, made) {
  const { status, headers } = await ask(await make(stack), made);
  const names = Object.keys(headers).filter((name) => name.startsWith("access-control-"));
  return `${status}, ${names.map((name) => name.replace("access-control-", "")).sort().join(", ") || "no CORS headers"}`;
}

const one = (origin) => ({ origins: [origin] });
const PROBES = {
  "`*` with credentials, any site asks": (s) => reader(s, one("*"), EVIL),
  "policy `https://app.example.com/`": (s) => reader(s, one(`${APP}/`), APP),
  "policy `app.example.com`": (s) => reader(s, one("app.example.com"), APP),
  "policy `null` with credentials": (s) => reader(s, one("null"), "null"),
  "policy `http://app.example.com` with credentials": (s) => reader(s, one("http://app.example.com"), "http://app.example.com"),
  "sub-domains of example.com, `https://a.example.com` asks": (s) =>
    s === "hand-written" || s === "Hono" ? "cannot be said" : reader(s, one("https://*.example.com"), "https://a.example.com"),
  "sub-domains of example.com, `https://a.example.com.evil.test` asks": (s) =>
    s === "hand-written" || s === "Hono"
      ? "cannot be said"
      : reader(s, one("https://*.example.com"), "https://a.example.com.evil.test"),
  "max-age 1,000,000,000": (s) => reader(s, { maxAge: 1e9 }, APP),
  "method `POS T`": (s) => reader(s, { methods: ["POS T"] }, APP),
  "`Vary`, allowed origin": (s) => vary(s, { origin: APP }),
  "`Vary`, denied origin": (s) => vary(s, { origin: EVIL }),
  "`Vary`, no Origin": (s) => vary(s, {}),
  "the handler's own `Vary: Accept-Encoding`": async (s) => {
    const { headers } = await ask(await make(s, { own: { Vary: "Accept-Encoding" } }), event("GET", { origin: APP }));
    return /accept-encoding/i.test(headers.vary?.join() ?? "") ? "kept" : "lost";
  },
  "the handler's own `access-control-allow-origin: *`": async (s) => {
    const { headers } = await ask(await make(s, { own: { "access-control-allow-origin": "*" } }), event("GET", { origin: APP }));
    const lines = headers["access-control-allow-origin"] ?? [];
    if (lines.length > 1) return "sent twice";
    return lines[0] === APP ? "replaced" : `kept: ${JSON.stringify(lines)}`;
  },
  "preflight, denied origin": (s) => answered(s, preflight(EVIL)),
  "preflight, denied header": (s) => answered(s, preflight(APP, "x-evil")),
  "OPTIONS that is no preflight": async (s) =>
    (await ask(await make(s), event("OPTIONS", { origin: APP }))).status === 204 ? "swallowed" : "reaches the code",
  "the handler raises": async (s) => {
    const { status, headers } = await ask(await make(s, { fails: true }), event("GET", { origin: APP }));
    if (status === null) return "exception: 502 without headers";
    return `${status} ${headers["access-control-allow-origin"]?.join() === APP ? "with" : "without"} headers`;
  },
};

const said = {};
for (const [name, probe] of Object.entries(PROBES)) {
  said[name] = {};
  for (const stack of Object.keys(STACKS)) said[name][stack] = await probe(stack);
}
process.stdout.write(JSON.stringify(said));
