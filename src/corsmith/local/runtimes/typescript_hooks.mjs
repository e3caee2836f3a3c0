// Serve TypeScript whose types corsmith has taken out, under its own address: node:module's hooks, in a thread of theirs.

import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const TYPED = ['', '.ts', '.mts', '.cts', '/index.ts'];
const PLAIN = ['.js', '.mjs', '.cjs', '.json', '/index.js', '/index.mjs'];
let sources = {};

export function initialize(given) {
  sources = given;
}

// Where an import without a file's ending, or with the one that a compiler would give the file, leads to.
function found(address) {
  const typed = [...TYPED.map((ending) => address + ending), address.replace(/\.([mc]?)js$/, '.$1ts')];
  const plain = PLAIN.map((ending) => address + ending);
  return typed.find((url) => url in sources) ?? plain.find((url) => fs.existsSync(fileURLToPath(url)));
}

export function resolve(specifier, context, next) {
  if (!/^\.\.?(\/|$)/.test(specifier) || !(context.parentURL in sources)) return next(specifier, context);
  const address = new URL(specifier, context.parentURL).href.replace(/\/$/, '');
  const url = fs.existsSync(fileURLToPath(address)) && !(fs.statSync(fileURLToPath(address)).isDirectory())
    ? address
    : found(address);
  if (url === undefined) return next(specifier, context);
  if (url.endsWith('.json')) return { url, shortCircuit: true, format: 'module' };
  return url in sources ? { url, shortCircuit: true } : next(url, context);
}

export function load(url, context, next) {
  if (url in sources) return { format: 'module', shortCircuit: true, source: sources[url] };
  if (url.endsWith('.json') && context.format === 'module') {
    const source = `export default ${fs.readFileSync(fileURLToPath(url), 'utf8')}`;
    return { format: 'module', shortCircuit: true, source };
  }
  return next(url, context);
}
