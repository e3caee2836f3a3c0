// What a streaming handler writes to, and the metadata that may go before it.

import http from 'node:http';
import { Writable } from 'node:stream';
import { fault, plain } from './node_errors.mjs';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const INTEGRATION_RESPONSE = 'application/vnd.awslambda.http-integration-response';

// The stream that a streaming handler writes to. Its head is sent with the first byte, or at the end.
export class ResponseStream extends Writable {
  #asked;
  #prelude = null;
  #begun = false;
  #written = false;

  constructor(id) {
    super({ decodeStrings: true });
    const headers = {
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      'Content-Type': 'application/octet-stream',
      'Transfer-Encoding': 'chunked',
      Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    };
    // Opened now: a stream that is never ended keeps the function waiting, up to its timeout.
    this.answered = new Promise((resolve) => {
      const path = `/2018-06-01/runtime/invocation/${id}/response`;
      this.#asked = http.request({ host, port, agent, method: 'POST', path, headers }, (response) => {
        response.resume();
        response.on('end', resolve);
      });
    });
    this.#asked.on('error', (error) => this.destroy(error));
  }

  setContentType(type) {
    if (this.#begun) throw fault('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this.#asked.setHeader('Content-Type', type);
  }

  set _prelude(text) {
    this.#prelude = text;
  }

  // Only `write` sends the metadata: what `end` is given goes past it, in AWS's own client too.
  write(piece, ...rest) {
    this.#written = true;
    const takes = typeof piece === 'string' || piece instanceof Uint8Array;
    return super.write(takes ? piece : JSON.stringify(piece), ...rest);
  }

  _write(piece, encoding, done) {
    this.#begun = true;
    if (this.#prelude !== null && this.#written) {
      this.#asked.write(Buffer.concat([Buffer.from(this.#prelude), Buffer.alloc(8)]));
      this.#prelude = null;
    }
    if (piece.length === 0) done();
    else this.#asked.write(piece, done);
  }

  _final(done) {
    this.#asked.end(done);
  }

  fail(error) {
    if (this.writableEnded) return;
    console.error('Invoke Error', error);
    const told = plain(error);
    this.#asked.addTrailers({
      'Lambda-Runtime-Function-Error-Type': told.errorType,
      'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(told)).toString('base64'),
    });
    this.#asked.end();
  }
}

export const HttpResponseStream = {
  from(stream, metadata) {
    stream.setContentType(INTEGRATION_RESPONSE);
    stream._prelude = JSON.stringify(metadata);
    return stream;
  },
};
