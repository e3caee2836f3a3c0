"use strict";

// Origins as a policy spells them: judged, and matched against what a browser sends.
//
// A browser writes an origin as `scheme://host[:port]`: lower case, punycode, no default port, no path (HTML Standard,
// "ASCII serialization of an origin"). An entry that differs by one byte matches nothing: each difference is a problem.
const { Problem, shown } = require("./problems.js");

const HOST = /^[0-9a-z_.-]+$/;
const SCHEME = /^[a-z][0-9a-z+.-]*$/;
const DEFAULT_PORTS = { http: "80", https: "443" };
const OPAQUE_SCHEMES = new Set(["about", "blob", "data", "file", "javascript"]);
// Where the callers of Lambda functions live, and any stranger may too. One-label suffixes need no list.
const PUBLIC_SUFFIXES = new Set(
  (
    "amplifyapp.com cloudfront.net elasticbeanstalk.com awsapprunner.com github.io gitlab.io vercel.app now.sh " +
    "netlify.app pages.dev workers.dev web.app firebaseapp.com run.app appspot.com herokuapp.com onrender.com " +
    "azurewebsites.net azurestaticapps.net fly.dev railway.app surge.sh glitch.me repl.co replit.app deno.dev " +
    "ngrok.io ngrok.app ngrok-free.app trycloudflare.com lovable.app github.dev gitpod.io webflow.io " +
    "blogspot.com myshopify.com co.uk org.uk com.au net.au co.nz co.jp co.kr co.in co.za com.br com.mx com.cn"
  ).split(" "),
);
// Whatever AWS puts in front of these names (region, service, bucket) is handed out to strangers.
const SHARED_BY_AWS = [".amazonaws.com", ".amazonaws.com.cn", ".on.aws"];
const ASCII = /^[\0-\x7f]*$/;

/** An entry with a wildcard: any sub-domain of one or more labels, any port, or both. */
class Pattern {
  constructor(scheme, host, anyPort) {
    this.start = `${scheme}://`;
    this.end = host.startsWith("*") ? host.slice(1) : host;
    this.anyPort = anyPort;
  }

  /** Whether a browser's origin is one of those meant. */
  matches(origin) {
    let host = origin;
    const colon = origin.lastIndexOf(":");
    if (this.anyPort && isPort(origin.slice(colon + 1))) host = origin.slice(0, colon);
    if (!this.end.startsWith(".")) return host === this.start + this.end;
    if (!host.startsWith(this.start) || !host.endsWith(this.end)) return false;
    const labels = host.slice(this.start.length, -this.end.length);
    return HOST.test(labels) && !labels.split(".").includes("");
  }
}

/** Whether the host is this machine, whatever the resolver says (Secure Contexts, "potentially trustworthy"). */
function isLoopback(host) {
  return (
    host === "localhost" || host === "[::1]" || host.endsWith(".localhost") || (host.startsWith("127.") && isIPv4(host))
  );
}

/** Whether strangers can own sub-domains of the host, as far as the short list here knows. */
function isPublicSuffix(host) {
  return !host.includes(".") || PUBLIC_SUFFIXES.has(host) || SHARED_BY_AWS.some((top) => `.${host}`.endsWith(top));
}

function isNumber(text, end) {
  return /^(?:0|[1-9][0-9]{0,4})$/.test(text) && Number(text) < end;
}

function isPort(text) {
  return text !== "0" && isNumber(text, 65536);
}

function isIPv4(host) {
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => isNumber(part, 256));
}

function isHost(host) {
  if (host.startsWith("[")) return parsedHost(host) === host;
  const labels = host.split(".");
  if (host.length > 253 || !HOST.test(host) || labels.some((label) => label === "" || label.length > 63)) return false;
  // A last label that is a number, hexadecimal ones included, makes the host an address (URL Standard, "host parsing").
  return !/^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1)) || isIPv4(host);
}

function parsedHost(host) {
  try {
    return new URL(`https://${host}/`).hostname;
  } catch {
    return undefined;
  }
}

function punycode(host) {
  if (ASCII.test(host)) return host;
  const star = host.startsWith("*.") ? "*." : "";
  const parsed = parsedHost(host.slice(star.length));
  return parsed ? star + parsed : host;
}

/**
 * The pattern that an entry stands for (undefined: it is exact), and everything that is wrong with it.
 * insecure and suffixes: whether the policy's two `dangerously…` options let those pass.
 */
function readOrigin(value, { credentials, insecure, suffixes }) {
  const found = [];
  const problem = (code, why, fix) => found.push(new Problem(`origin-${code}`, "origins", value, why, fix));
  const text = typeof value === "string" ? value.replace(/^[ \t\r\n'"]+|[ \t\r\n'"]+$/g, "") : "";
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const mark = text.indexOf("://");
  if (text.toLowerCase() === "null") problem("null", "is sent by every sandboxed page, so by anybody", "remove it");
  else if (parts.length > 1) {
    problem("list", "holds several origins in one string", `write ${parts.map(shown).join(", ")}`);
  } else if (text === "*") problem("quoted", "has blanks or quotes around the star", "write '*'");
  else if (text && mark < 0) {
    const host = punycode(text.replace(/^\/+/, "").split("/")[0].toLowerCase());
    problem("scheme-missing", "has no scheme, and browsers always send one", `write ${shown(`https://${host}`)}`);
  }
  if (found.length) return { found };
  if (text && text !== value) problem("quoted", "has blanks or quotes around the origin", `write ${shown(text)}`);

  const scheme = mark < 0 ? "" : text.slice(0, mark);
  const rest = mark < 0 ? "" : text.slice(mark + 3);
  const end = rest.search(/[/?#\\]/);
  const given = end < 0 ? rest : rest.slice(0, end);
  const path = end < 0 ? "" : rest.slice(end);
  const colon = given.endsWith("]") ? -1 : given.lastIndexOf(":");
  const host = colon < 0 ? given : given.slice(0, colon);
  const port = colon < 0 ? "" : given.slice(colon + 1);
  const plain = scheme.toLowerCase();
  const right = punycode(host.toLowerCase());
  const base = right.startsWith("*.") ? right.slice(2) : right;
  if (OPAQUE_SCHEMES.has(plain)) {
    problem("opaque", "is a page whose origin browsers send as null", "serve the page over https");
  } else if (base.includes("*")) {
    const fix = "write '*', or 'https://*.example.com', or a port ':*'";
    problem("wildcard", "has a wildcard where it means nothing", fix);
  } else if (
    !(SCHEME.test(plain) && isHost(base) && (colon < 0 || port === "*" || isPort(port))) ||
    (base !== right && (base.startsWith("[") || isIPv4(base)))
  ) {
    problem("malformed", "is not an origin", "write an origin such as 'https://app.example.com'");
  } else {
    const isDefault = colon >= 0 && port === DEFAULT_PORTS[plain];
    const wanted = `${plain}://${right}${colon >= 0 && !isDefault ? `:${port}` : ""}`;
    let fix = `write ${shown(wanted)}`;
    if (path === "/") problem("trailing-slash", "ends in a slash, which browsers never send", fix);
    else if (path) problem("path", "has a path, which browsers never send", fix);
    if (!ASCII.test(host)) problem("idn", "is not in the punycode that browsers send", fix);
    else if (scheme !== plain || host !== right) problem("upper-case", "has capitals, which browsers never send", fix);
    if (isDefault) problem("default-port", "names the default port, which browsers leave out", fix);
    if (plain === "http" && credentials && !insecure && !isLoopback(base)) {
      fix = `write ${shown(wanted.replace("http", "https"))}`;
      problem("insecure", "lets anybody on the network read with the user's credentials", fix);
    }
    if (base !== right && !suffixes && isPublicSuffix(base) && !isLoopback(base)) {
      problem("public-suffix", "covers sub-domains that strangers can own", "name the hosts that are yours");
    }
  }
  const exact = found.length > 0 || (base === right && port !== "*");
  return exact ? { found } : { found, pattern: new Pattern(plain, right, port === "*") };
}

module.exports = { readOrigin };
