// Run handlers for real: cases as JSON on standard input, what each does with each event on standard output.
//
// A case is {"file", "entry", "environment", "events"}; an answer is ["returned", JSON], ["raised", name] or
// ["unsendable", message]. What counts is what the managed Node.js runtimes up to 22 count: a promise's result, a
// callback's, else null; a stream's metadata where something was written.

import { pathToFileURL } from 'node:url';

const STREAMS = Symbol('streams');

class Stream {
  constructor(finished) {
    this.finished = finished;
    this.metadata = undefined;
    this.written = false;
  }

  write() {
    this.written = true;
    return true;
  }

  // As in the runtime, whose metadata only `write` sends: what `end` is given goes past it.
  end() {
    const bare = { statusCode: 200, headers: { 'content-type': 'application/octet-stream' } };
    this.finished({ ...(this.written && this.metadata ? this.metadata : bare), body: '' });
  }

  setContentType() {}
}

globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[STREAMS] = true;
    return handler;
  },
  HttpResponseStream: {
    from(stream, metadata) {
      stream.metadata = metadata;
      return stream;
    },
  },
};

const turn = () => new Promise((done) => setTimeout(done, 1));

function sent(result) {
  try {
    return ['returned', JSON.parse(JSON.stringify(result === undefined ? null : result) ?? 'null')];
  } catch (error) {
    return ['unsendable', error.message];
  }
}

const raised = (error) => ['raised', String(error?.name ?? error)];

async function buffered(handler, event) {
  let answer;
  let waiting;
  let finished = false;
  // The callback and the context's functions share one turn, and so does the promise, which calls the latter.
  const first = (act) => (...given) => {
    if (finished) return;
    finished = true;
    act(...given);
  };
  const failed = (error) => error !== undefined && error !== null;
  const now = (error, result) => {
    answer = failed(error) ? raised(error) : sent(result);
  };
  const done = first(now);
  const callback = first((error, result) => {
    if (failed(error)) now(error);
    else waiting = () => now(null, result);
  });
  const context = { done, succeed: (result) => done(null, result), fail: (error) => done(error ?? 'handled') };
  try {
    const running = handler(event, context, callback);
    if (typeof running?.then === 'function') await running.then(context.succeed, context.fail);
  } catch (error) {
    callback(error);
  }
  for (let turns = 0; answer === undefined && turns < 8; turns += 1) await turn();
  if (answer === undefined) (waiting ?? (() => now(null, null)))();
  return answer;
}

async function streamed(handler, event) {
  return new Promise((finished) => {
    const out = new Stream((result) => finished(sent(result)));
    Promise.resolve(handler(event, out, {})).catch((error) => finished(raised(error)));
  });
}

async function run({ file, entry, environment, events }) {
  Object.assign(process.env, environment);
  let handler;
  try {
    const module = await import(pathToFileURL(file).href);
    handler = module[entry] ?? module.default[entry];
  } catch (error) {
    return events.map(() => raised(error));
  }
  const answers = [];
  for (const event of events) {
    const copy = JSON.parse(JSON.stringify(event));
    answers.push(await (handler[STREAMS] ? streamed : buffered)(handler, copy));
  }
  return answers;
}

let text = '';
for await (const chunk of process.stdin) text += chunk;
for (const level of ['log', 'error', 'warn', 'info']) console[level] = () => {};
const answers = [];
for (const each of JSON.parse(text)) answers.push(await run(each));
process.stdout.write(JSON.stringify(answers));
