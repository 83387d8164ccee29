// SPDX-License-Identifier: MIT
// Which options each call of a store knows (core/options.js checks them). What they mean is in
// store-types.js and beside the calls.

import { BoresError } from '../core/errors.js';
import { checkArgument, checkOptions } from '../core/options.js';
import { ModelState } from '../state/model-state.js';

/** @import { Known } from '../core/options.js' */
/** @import { LoadOptions, Loadable } from './store-types.js' */

const SIGNAL = { signal: 'signal' };
const PLACE = { http: 'object', s3: 'object', ...SIGNAL };

/** @type {Known} */
const HTTP = {
  headers: 'object', credentials: 'text', concurrency: 'count', absent: 'list', retries: 'count',
  retryDelayMs: 'number', idleTimeoutMs: 'number', maxBytes: 'number', maxFullBytes: 'number',
  onProgress: 'function', fetch: 'function',
};

/** @type {Known} */
const FORM = {
  layout: "'nested'|'flat'", arrays: "'raw'|'record'", chunks: 'list', compressor: 'object|null',
  zarrFormat: '2|3', shards: 'list', statistics: 'boolean',
};

/** @type {Known} */
const OPEN = {
  mode: "'r'|'r+'|'a'|'w'", ...FORM, compression: 'text|null', compressionLevel: 'number',
  durability: "'strict'|'relaxed'", worker: "boolean|'auto'", consolidate: 'boolean', http: 'object', s3: 'object',
  units: "'file'|'bores'", case: 'text',
  ...SIGNAL,
};

/** @type {Known} */
const LOAD = {
  indices: 'list', predicate: 'function', validator: 'function', fields: 'list', prefetch: 'number',
  as: "'state'|'raw'", ...SIGNAL,
};

/** @type {Known} */
const WRITE = {
  validator: 'function', meta: 'object|function', onProgress: 'function', rootAttributes: 'object',
  after: 'object', ...SIGNAL,
};

/** @type {Known} */
const COPY = {
  select: 'function', fields: 'list', selection: 'text', replace: 'boolean', verify: 'boolean',
  onProgress: 'function', ...SIGNAL,
};

const BACKEND = "'zarr'|'hdf5'|'json'|'yaml'|'eclipse'";

/** By the call's name. @type {Record<string, Known>} */
const CALLS = {
  'a store': OPEN,
  'createArray()': {
    shape: 'list', dtype: 'text', chunks: 'list', shards: 'list|null', compressor: 'object|null', filters: 'list|null',
    codecs: 'list', fillValue: 'any', order: "'C'|'F'", dimensionNames: 'list|null', attributes: 'object',
    zarrFormat: 'integer', overwrite: 'boolean', durability: "'strict'|'relaxed'", ...PLACE,
  },
  'openArray()': { durability: "'strict'|'relaxed'", ...PLACE },
  'write()': { slice: 'list|null', ...SIGNAL },
  'exportCube()': {
    fields: 'list', rates: 'boolean', zarrFormat: 'integer', chunks: 'list', shards: 'list', verify: 'boolean',
    onProgress: 'function', ...PLACE,
  },
  'openCube()': { worker: "boolean|'auto'", ...PLACE },
  'openStore()': { ...OPEN, backend: BACKEND },
  'openNode()': { backend: "'zarr'|'hdf5'|'eclipse'", worker: "boolean|'auto'", ...PLACE },
  'openStorage()': { ...OPEN, create: 'boolean', files: 'boolean', truncate: 'boolean' },
  'readFileBytes()': PLACE,
  'copyStore()': COPY,
  'convertStore()': { ...COPY, ...FORM, backend: BACKEND, worker: "boolean|'auto'", http: 'object', s3: 'object' },
  'load()': LOAD,
  'read()': { slice: 'list|null', ...SIGNAL },
  'readBytes()': { slice: 'list|null', ...SIGNAL },
  'series()': { indices: 'list', ...SIGNAL },
  'statistics()': { indices: 'list', compute: "'missing'|'all'|'none'", ...SIGNAL },
  'follow()': { fromIdx: 'integer', pollMs: 'number', fields: 'list', as: "'state'|'raw'", ...SIGNAL },
  'verify()': { indices: 'list', onProgress: 'function', ...SIGNAL },
  'append()': WRITE,
  'appendAll()': WRITE,
  'dump()': WRITE,
  'geometry()': { connections: 'boolean', ...SIGNAL },
  'repair()': { dryRun: 'boolean', ...SIGNAL },
};

/**
 * @param {string} call
 * @param {unknown} options  of one that is not in the table: a signal at the most
 * @throws {BoresError} ERR_ARGUMENT
 */
export function checkCall(call, options) {
  const known = CALLS[call] ?? SIGNAL;
  checkOptions(call, options, known);
  if (known.http) checkOptions(`${call}: 'http'`, /** @type {any} */ (options)?.http, HTTP);
}

/** What else a call is given, by place. @type {Record<string, [at: number, name: string, types: string]>} */
const ARGUMENTS = {
  'read()': [0, 'idx', 'integer'], 'inventory()': [0, 'idx', 'integer'],
  'appendAll()': [0, 'items', 'list'], 'dump()': [0, 'items', 'stream'], 'vectors()': [0, 'keys', 'list'],
  'wells()': [0, 'index', 'integer'],
  'resize()': [0, 'shape', 'list'], 'setAttributes()': [0, 'attributes', 'object'],
};

/**
 * Lets a class's methods check what they are given before they begin.
 * @param {{ prototype: any }} Class
 * @param {Record<string, number>} places  where the options are among the arguments of each
 */
export function checkCalls({ prototype }, places) {
  for (const [name, place] of Object.entries(places)) {
    const method = prototype[name];
    const check = (/** @type {unknown[]} */ args) => {
      const [at, argument, types] = ARGUMENTS[`${name}()`] ?? [];
      if (at !== undefined) checkArgument(`${name}()`, argument ?? '', args[at], types ?? '');
      checkCall(`${name}()`, args[place]);
    };
    const isGenerator = method.constructor.name === 'AsyncGeneratorFunction';
    const { [name]: checked } = isGenerator ? {
      async* [name](/** @type {unknown[]} */ ...args) {
        check(args);
        yield* method.apply(this, args);
      },
    } : {
      async [name](/** @type {unknown[]} */ ...args) {
        check(args);
        return method.apply(this, args);
      },
    };
    Object.defineProperty(prototype, name, { value: checked, writable: true, configurable: true });
  }
}

/**
 * The two ways to call load(): `load(ModelState, { indices })`, as the guide has it, and
 * `load({ indices })`.
 *
 * @param {unknown} first   a class with `from(tree)`, options, or nothing
 * @param {unknown} second  options behind a class
 * @returns {LoadOptions & { type: Loadable | undefined }}  undefined: the tree as it is
 * @throws {BoresError} ERR_ARGUMENT
 */
export function loadArguments(first, second) {
  const isType = typeof first === 'function';
  if (!isType && first !== undefined && second !== undefined) {
    throw new BoresError('ERR_ARGUMENT', 'load() takes a class with from(tree) and options, or options alone; two '
      + 'objects were given');
  }
  const given = /** @type {LoadOptions} */ (isType ? second : first ?? second) ?? {};
  checkCall('load()', given);
  const type = /** @type {any} */ (isType ? first : ModelState);
  if (typeof type.from !== 'function' || type === Array) {
    throw new BoresError('ERR_ARGUMENT', `load(): ${type.name || 'the function'} has no from(tree) that makes one `
      + 'of a tree, as ModelState has');
  }
  if (isType && given.as !== undefined) {
    throw new BoresError('ERR_ARGUMENT', `load(): 'as' says what is made, and so does ${type.name}: give one`);
  }
  return { ...given, type: given.as === 'raw' ? undefined : type };
}
