// One connection to the Runtime API. A result and the question for the next event leave together, so that an invocation
// takes one packet each way. The process is kept alive by this connection only while it waits for an answer: what a
// handler leaves in the event loop decides when it is empty.

import net from 'node:net';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const BLANK = Buffer.from('\r\n\r\n');

let socket = null;
let waiting = [];
let pieces = [];
let size = 0;
let needed = 0;

// Take whole answers off what has come; their bodies have a Content-Length.
function parse() {
  while (waiting.length > 0 && size > 0 && size >= needed) {
    const all = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
    const end = all.indexOf(BLANK);
    pieces = [all];
    if (end < 0) return;
    const headers = {};
    for (const line of all.toString('latin1', 0, end).split('\r\n').slice(1)) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const start = end + BLANK.length;
    needed = start + Number(headers['content-length'] ?? 0);
    if (size < needed) return;
    const rest = all.subarray(needed);
    const body = all.toString('utf8', start, needed);
    pieces = rest.length > 0 ? [rest] : [];
    size = rest.length;
    needed = 0;
    const answered = waiting.shift();
    if (waiting.length === 0) socket.unref();
    answered({ headers, body });
  }
}

function connect() {
  socket = net.connect({ host, port: Number(port), noDelay: true });
  socket.on('data', (piece) => {
    pieces.push(piece);
    size += piece.length;
    parse();
  });
  // The Runtime API is gone when corsmith is: then there is nothing left to do.
  socket.on('error', () => process.exit(1));
  socket.on('close', () => process.exit(1));
}

// Write requests together; return a promise of the last one's answer.
export function send(...requests) {
  if (socket === null) connect();
  socket.ref();
  const parts = [];
  let last;
  for (const { method, path, body = '', headers = {} } of requests) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const length = method === 'GET' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
    parts.push(`${method} /2018-06-01/runtime/${path} HTTP/1.1\r\nHost: runtime\r\n${lines.join('')}${length}\r\n${body}`);
    last = new Promise((resolve) => waiting.push(resolve));
  }
  socket.write(parts.join(''));
  return last;
}
