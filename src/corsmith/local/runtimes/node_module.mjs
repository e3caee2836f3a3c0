// Find and load the module and the function that a Lambda handler string names.

import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fault } from './node_errors.mjs';

// "folder/file.member.inner": the file ends at the first dot of the last segment.
function split(handler) {
  const match = /^([^.]*)\.(.+)$/.exec(path.posix.basename(handler));
  if (match === null || handler.includes('..')) {
    throw fault('Runtime.MalformedHandlerName', `Bad handler ${JSON.stringify(handler)}: it is written file.function`);
  }
  return [path.join(path.posix.dirname(handler), match[1]), match[2]];
}

function saysModule(folder) {
  const file = path.join(folder, 'package.json');
  if (fs.existsSync(file)) {
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module';
    } catch {
      return false;
    }
  }
  const above = path.dirname(folder);
  return above !== folder && path.basename(folder) !== 'node_modules' && saysModule(above);
}

function importFile(file) {
  return import(pathToFileURL(file).href);
}

function compile(esbuild, file) {
  const how = {
    absWorkingDir: path.dirname(file),
    bundle: true,
    entryPoints: [file],
    format: 'cjs',
    logLevel: 'silent',
    platform: 'node',
    sourcemap: 'inline',
    target: `node${process.versions.node.split('.')[0]}`,
    write: false,
  };
  try {
    return esbuild.buildSync({ ...how, external: ['@aws-sdk/*', 'aws-sdk'] });
  } catch (error) {
    if (!error.errors?.length) throw error;
    // Native add-ons cannot be bundled.
    return esbuild.buildSync({ ...how, packages: 'external' });
  }
}

// Without a compiler in the project: what corsmith has taken the types out of.
function withoutTypes(file, erased) {
  const { sources, problem } = JSON.parse(fs.readFileSync(erased, 'utf8'));
  if (problem) throw fault('Runtime.UserCodeSyntaxError', `${problem}: npm install --save-dev esbuild`);
  if (!Module.register) {
    throw fault('Runtime.ImportModuleError', `${file} is TypeScript, which needs Node.js 20.6 or later: this is ${process.version}`);
  }
  Module.register('./typescript_hooks.mjs', import.meta.url, { data: sources });
  return importFile(file);
}

function typescript(file, erased) {
  let esbuild;
  try {
    esbuild = createRequire(file)('esbuild');
  } catch {
    return withoutTypes(file, erased);
  }
  let built;
  try {
    built = compile(esbuild, file);
  } catch (error) {
    throw fault('Runtime.UserCodeSyntaxError', error.message);
  }
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(path.dirname(file));
  module._compile(built.outputFiles[0].text, file);
  return module.exports;
}

async function loadFile(stem, erased) {
  const require = createRequire(`${stem}.js`);
  const loaders = {
    '.js': (file) => (saysModule(path.dirname(file)) ? importFile(file) : require(file)),
    '.mjs': importFile,
    '.cjs': require,
    '.ts': (file) => typescript(file, erased),
    '.mts': (file) => typescript(file, erased),
    '.cts': (file) => typescript(file, erased),
  };
  for (const [extension, loader] of Object.entries(loaders)) {
    if (fs.existsSync(stem + extension)) return loader(stem + extension);
  }
  if (fs.existsSync(stem)) return require(stem);
  return require(require.resolve(path.basename(stem), { paths: [path.dirname(stem)] }));
}

// `erased`: a file with the TypeScript below `root` without its types, where there is any.
export async function load(root, handler, erased) {
  const [file, member] = split(handler);
  let module;
  try {
    module = await loadFile(path.resolve(root, file), erased);
  } catch (error) {
    if (error instanceof SyntaxError) throw fault('Runtime.UserCodeSyntaxError', error.stack ?? String(error));
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw fault('Runtime.ImportModuleError', `Error: ${error.message}`);
    }
    throw error;
  }
  const found = member.split('.').reduce((value, key) => value?.[key], module);
  if (typeof found !== 'function') {
    throw fault('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return found;
}
