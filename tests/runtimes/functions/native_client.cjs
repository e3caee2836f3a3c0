// Stands in for the compiled part of aws-lambda-ric, so that the official client runs without a C++ compiler:
// the same four functions, over node:http.
"use strict";

const http = require("node:http");
const Module = require("node:module");

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

function send(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${base}${path}`, { method, agent, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, bodyJson: Buffer.concat(chunks).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

const client = {
  initializeClient() {},
  next: () => send("GET", "/invocation/next"),
  done: (id, body) => send("POST", `/invocation/${id}/response`, body, { "content-type": "application/json" }),
  error: (id, body) => send("POST", `/invocation/${id}/error`, body, { "content-type": "application/json" }),
};

const load = Module._load;
Module._load = function (name, ...rest) {
  return name.endsWith("rapid-client.node") ? client : load.call(this, name, ...rest);
};
