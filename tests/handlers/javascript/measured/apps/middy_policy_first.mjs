import errors from '@middy/http-error-handler';
import httpCors from '@middy/http-cors';
import { Policy, cors, middleware } from 'lambda-cors';
import middy from '@middy/core';

const policy = new Policy({ origins: ['https://a.example', 'https://*.b.example'], methods: ['PUT'], requestHeaders: ['x-token'], credentials: true });
const route = async (event) => {
  const path = event.rawPath ?? event.path;
  const method = event.httpMethod ?? event.requestContext.http.method;
  if (path === "/boom") throw new Error("boom");
  if (path === "/nowhere") throw Object.assign(new Error("no"), { statusCode: 404 });
  if (path === "/users") return { statusCode: 200, headers: { "access-control-allow-origin": "https://own.example", Vary: "Accept" } };
  if (method === "PUT") return { statusCode: 201, headers: { "X-A": "put" }, body: "{}" };
  return { statusCode: 200, headers: {}, body: "{}" };
};

export const handler = middy(route).use(middleware(policy)).use(errors({ logger: false }));
