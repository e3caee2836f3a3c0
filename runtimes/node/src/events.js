"use strict";

// What a Lambda function is called with: which front door, which method, and where the headers are.
const COMMON = ["statusCode", "headers", "body", "isBase64Encoded"];
const door = (name, more, { infers = false, multi = false, lists = false } = {}) =>
  Object.freeze({ name, keys: new Set([...COMMON, ...more]), infers, multi, lists });

// Payload format 2.0 ignores multiValueHeaders and statusDescription, and adapters send them all the same.
const FUNCTION_URL = door("function_url", ["cookies", "multiValueHeaders", "statusDescription"], { infers: true });
const HTTP_API = door("http_api", ["cookies", "multiValueHeaders", "statusDescription"], { infers: true });
const HTTP_API_1 = door("http_api", ["multiValueHeaders"]);
const REST_API = door("rest_api", ["multiValueHeaders"]);
const ALB = door("alb", ["multiValueHeaders", "statusDescription"]);
const ALB_MULTI = door("alb", ["multiValueHeaders", "statusDescription"], { multi: true });
const LATTICE_1 = door("vpc_lattice", ["statusDescription", "is_base64_encoded"]);
const LATTICE_2 = door("vpc_lattice", ["statusDescription"], { lists: true });

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The front door that sent the event; undefined where the event is no HTTP request. Queue messages, WebSocket routes,
 * authorizers' requests and edge events are none: their results have other shapes.
 */
function doorOf(event) {
  if (!isObject(event) || event.methodArn !== undefined || event.routeArn !== undefined) return undefined;
  const context = event.requestContext;
  if (isObject(context)) {
    if (isObject(context.http)) {
      const domain = context.domainName;
      return typeof domain === "string" && domain.includes(".lambda-url.") ? FUNCTION_URL : HTTP_API;
    }
    if (context.elb !== undefined) {
      return event.multiValueHeaders !== undefined && event.headers === undefined ? ALB_MULTI : ALB;
    }
    if (context.serviceNetworkArn !== undefined) return LATTICE_2;
  }
  if (event.httpMethod !== undefined) return event.version === "1.0" ? HTTP_API_1 : REST_API;
  if (event.method === undefined) return undefined;
  if (event.raw_path !== undefined) return LATTICE_1;
  return event.path !== undefined && event.version === "2.0" ? LATTICE_2 : undefined;
}

/** The request's method. */
function methodOf(event) {
  return event.requestContext?.http?.method ?? event.httpMethod ?? event.method;
}

/** The header's value, whatever its case and map; undefined: it is not there. name is in lower case. */
function header(event, name) {
  const single = event.headers;
  if (isObject(single)) {
    if (typeof single[name] === "string") return single[name];
    const value = find(single, name);
    if (value !== undefined) return value;
  }
  return find(event.multiValueHeaders, name);
}

/** The value with all its lines joined: API Gateway splits long lists, and only multiValueHeaders holds them all. */
function headerLines(event, name) {
  return find(event.multiValueHeaders, name) ?? header(event, name);
}

function find(headers, name) {
  if (!isObject(headers)) return undefined;
  let lines;
  for (const key in headers) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    const value = headers[key];
    for (const line of Array.isArray(value) ? value : [value]) {
      if (typeof line === "string") lines = lines === undefined ? line : `${lines},${line}`;
    }
  }
  return lines;
}

/** The keys under which a table of policies may hold this request, the closest first. */
function routes(event, method) {
  const key = event.routeKey;
  const blank = typeof key === "string" ? key.indexOf(" ") : -1;
  const paths = [blank < 0 ? "" : key.slice(blank + 1), event.resource, event.rawPath, event.path, event.raw_path];
  return paths
    .filter((path) => typeof path === "string" && path)
    .map((path) => path.split("?")[0])
    .flatMap((path) => [`${method} ${path}`, `ANY ${path}`]);
}

module.exports = { doorOf, header, headerLines, isObject, methodOf, routes };
