// Stands in for the compiled part of aws-lambda-ric, whose build needs autotools and a minute and a half:
// `node --require native_client.cjs …/aws-lambda-ric/bin/index.mjs HANDLER`.
'use strict';

const http = require('node:http');
const Module = require('node:module');

// What a handler prints is written before its result is sent.
for (const output of [process.stdout, process.stderr]) output._handle?.setBlocking?.(true);

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
// One connection: what was posted arrives before the next event is asked for.
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
let posts = Promise.resolve();

function call(method, path, body, headers) {
  return new Promise((resolve, reject) => {
    const sized = body === undefined ? {} : { ...headers, 'Content-Length': Buffer.byteLength(body) };
    const options = { host, port, agent, method, path: `/2018-06-01/runtime/invocation/${path}`, headers: sized };
    const asked = http.request(options, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => resolve({ bodyJson: Buffer.concat(pieces).toString(), headers: response.headers }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function post(path, body) {
  const sent = call('POST', path, body, { 'Content-Type': 'application/json' });
  posts = Promise.allSettled([posts, sent]);
}

const client = {
  initializeClient() {},
  next: () => call('GET', 'next'),
  done: (id, body) => post(`${id}/response`, body),
  error: (id, body) => post(`${id}/error`, body),
};

// The compiled client posts before it returns; here the process has to wait for it when it wants to end.
const exit = process.exit;
process.exit = (status) => {
  posts.then(() => exit(status));
};

const load = Module._load;
Module._load = function (request, ...rest) {
  return /rapid-client\.node$/.test(request) ? client : load.call(this, request, ...rest);
};
