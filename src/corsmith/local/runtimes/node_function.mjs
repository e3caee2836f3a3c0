// Run a Node.js handler: `node node_function.mjs HANDLER [ERASED]`, in the function's folder.
//
// The same protocol and the same ways out as the managed Node.js runtime: an async handler's result is sent at once; a
// callback's when the event loop is empty; a handler that leaves nothing behind sends null; a streaming handler writes
// its response, whose metadata goes out before the first byte, and not at all when there is none.

import { send } from './node_client.mjs';
import { fault, plain } from './node_errors.mjs';
import { load } from './node_module.mjs';
import { HttpResponseStream, ResponseStream } from './node_stream.mjs';

const STREAMS = Symbol.for('aws.lambda.runtime.handler.streaming');

// What a handler prints is written before its result is sent, as its lines would be out of order otherwise.
for (const output of [process.stdout, process.stderr]) output._handle?.setBlocking?.(true);

// What to do when nothing is left to wait for; one entry, the latest.
let whenEmpty = null;
process.on('beforeExit', () => {
  const next = whenEmpty;
  whenEmpty = null;
  next?.();
});

let current = null;

const NEXT = { method: 'GET', path: 'invocation/next' };

function post(path, body) {
  return { method: 'POST', path, body, headers: { 'Content-Type': 'application/json' } };
}

function failure(id, error) {
  console.error('Invoke Error', error);
  return post(`invocation/${id}/error`, JSON.stringify(plain(error)));
}

function serialise(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    console.error(error);
    throw new Error('Unable to stringify response body');
  }
}

function success(id, result) {
  try {
    return post(`invocation/${id}/response`, serialise(result));
  } catch (error) {
    return failure(id, error);
  }
}

globalThis.awslambda = {
  streamifyResponse(handler, options) {
    void options;
    handler[STREAMS] = 'response';
    return handler;
  },
  HttpResponseStream,
};

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function stream(handler, event, context, id) {
  const out = new ResponseStream(id);
  whenEmpty = null;
  try {
    const running = handler(event, out, context);
    if (typeof running?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
    await running;
  } catch (error) {
    out.fail(error);
  }
  await out.answered;
  return [];
}

function buffer(handler, event, context, id) {
  return new Promise((finished) => {
    let settled = false;
    const done = (error, result) => {
      if (settled) return;
      settled = true;
      whenEmpty = null;
      finished([error === undefined || error === null ? success(id, result) : failure(id, error)]);
    };
    Object.assign(context, {
      done,
      succeed: (result) => done(null, result),
      fail: (error) => done(error ?? 'handled'),
    });
    let called = false;
    const callback = (error, result) => {
      if (called) return;
      called = true;
      if ((error !== undefined && error !== null) || !context.callbackWaitsForEmptyEventLoop) done(error, result);
      else whenEmpty = () => done(null, result);
    };
    whenEmpty = () => done(null, null);
    try {
      const running = handler(event, context, callback);
      if (typeof running?.then === 'function') running.then(context.succeed, context.fail);
    } catch (error) {
      callback(error);
    }
  });
}

// Serve events for ever. What an invocation leaves to be posted goes out with the question for the next event.
async function serve(handler) {
  const invoke = handler[STREAMS] === 'response' ? stream : buffer;
  let posts = [];
  for (;;) {
    const { headers, body } = await send(...posts, NEXT);
    const id = headers['lambda-runtime-aws-request-id'];
    current = id;
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
    posts = await invoke(handler, JSON.parse(body), contextOf(headers), id);
    current = null;
  }
}

async function died(error, status) {
  try {
    if (current === null) console.error(error);
    else await send(failure(current, error));
  } finally {
    process.exit(status);
  }
}

process.on('uncaughtException', (error) => died(error, 129));
process.on('unhandledRejection', (reason) => {
  const text = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
  died(fault('Runtime.UnhandledPromiseRejection', text), 128);
});

let handler;
try {
  handler = await load(process.cwd(), ...process.argv.slice(2));
} catch (error) {
  console.error(error);
  const told = plain(error);
  const said = post('init/error', JSON.stringify(told));
  said.headers['Lambda-Runtime-Function-Error-Type'] = told.errorType;
  await send(said);
  process.exit(1);
}
serve(handler);
