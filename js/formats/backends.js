// SPDX-License-Identifier: MIT
// The kinds of files that entries are kept in. A backend is how a session for it is opened, and how
// entries are encoded before they are written; all that stands above a session is the same for all.
// Imports are at the top, here and in what this imports: Vite makes one script of a worker.

import { encode, encodeZarr } from '../core/encode.js';
import { BoresError } from '../core/errors.js';
import { EclipseSession } from './eclipse/eclipse-session.js';
import { toPuts } from './hdf5/hdf5-entries.js';
import { Hdf5Session } from './hdf5/hdf5-session.js';
import { TextSession, getTextCore } from './text/text-session.js';
import { ROOT_ATTRIBUTES } from './zarr/documents.js';
import { ZarrSession } from './zarr/zarr-session.js';

/**
 * @import { Puts } from '../core/encode.js'
 * @import { PackedParams } from '../core/pack.js'
 * @import { Session } from './session.js'
 * @import { OpenOptions } from '../store/store-types.js'
 * @typedef {'zarr' | 'hdf5' | 'json' | 'yaml' | 'eclipse'} BackendName
 *
 * @typedef {object} Backend
 * @property {boolean} supportsAppend
 * @property {boolean} consolidates  whether there is such a thing as all metadata in one document
 * @property {boolean} keepsStatistics  of arrays, beside the data
 * @property {boolean} hasNodes  whether it is made of groups and arrays, which openNode() opens
 * @property {string} rootDocument  what a problem with the root's attributes is said to be in
 * @property {(location: unknown, options?: object) => Promise<Session>} open  in this thread
 * @property {(options: OpenOptions, root: { layout: string, zarrFormat?: 2 | 3 }) =>
 *   { layout: string, [setting: string]: unknown }} encoding  how entries are encoded into a store with such a root
 * @property {(params: PackedParams, options?: { together?: boolean }) => Promise<Puts>} encode  entries and the
 *   above, in whichever thread there is time; together: their bytes may lie in one buffer
 * @property {(value: unknown) => boolean} holds  whether the root has a place for such an attribute
 * @property {boolean} borrows  what encode() gives are its parameters: there is nothing to do elsewhere
 */

/** @type {Record<BackendName, Backend>} */
export const BACKENDS = {
  zarr: {
    supportsAppend: true,
    consolidates: true,
    keepsStatistics: true,
    hasNodes: true,
    rootDocument: ROOT_ATTRIBUTES,
    open: (location, options) => ZarrSession.open(location, options),
    encoding: zarrEncoding,
    encode: encodeZarr,
    holds: () => true,
    borrows: false,
  },
  hdf5: {
    supportsAppend: true,
    consolidates: false,
    keepsStatistics: true,
    hasNodes: true,
    rootDocument: '/',
    open: (location, options) => Hdf5Session.open(location, options),
    encoding: hdf5Encoding,
    encode: async (params) => toPuts(params),
    holds: (value) => value !== null && typeof value !== 'object',
    borrows: true,
  },
  json: textBackend('json'),
  yaml: textBackend('yaml'),
  eclipse: {
    supportsAppend: false,
    consolidates: false,
    keepsStatistics: false,
    hasNodes: true,
    rootDocument: '/',
    open: (location, options) => EclipseSession.open(location, options),
    encoding: () => ({ layout: 'eclipse' }),
    encode: async () => { throw new BoresError('ERR_READ_ONLY', 'files of ECLIPSE runs are only read'); },
    holds: () => false,
    borrows: true,
  },
};

/**
 * @param {string} name
 * @returns {Backend}
 * @throws {BoresError} ERR_UNSUPPORTED
 */
export function backendOf(name) {
  if (Object.hasOwn(BACKENDS, name)) return BACKENDS[/** @type {BackendName} */ (name)];
  throw new BoresError('ERR_UNSUPPORTED', `there is no backend '${name}'; this version has `
    + Object.keys(BACKENDS).join(', '));
}

/**
 * A session in this thread, which counts what comes over a network for it.
 * @param {string} name
 * @param {unknown} location
 * @param {{ http?: object, [option: string]: unknown }} options  of the backend's open()
 * @returns {Promise<Session>}
 */
export async function openBackend(name, location, options) {
  let received = 0;
  const onReceived = (/** @type {number} */ bytes) => { received += bytes; };
  const session = await backendOf(name).open(location, { ...options, http: { ...options.http, onReceived } });
  session.received = async () => received;
  return session;
}

/**
 * The module that does it is loaded when the first such file is met.
 * @param {'json' | 'yaml'} format
 * @returns {Backend}
 */
function textBackend(format) {
  return {
    supportsAppend: false,
    consolidates: false,
    keepsStatistics: false,
    hasNodes: false,
    rootDocument: '/',
    open: (location, options) => TextSession.open(format, location, options),
    encoding: (options) => {
      assertNone(options, ['zarrFormat', 'shards', 'chunks', 'compressor', 'layout'], `${format.toUpperCase()} files`);
      return { layout: format, format, ...(options.arrays && { arrays: options.arrays }) };
    },
    encode: async (params) => encode(await getTextCore(), 'text.encode', params),
    holds: () => false,
    borrows: false,
  };
}

/** @type {Backend['encoding']} */
function zarrEncoding({ layout: wanted, arrays, chunks, shards, compressor, zarrFormat, statistics = true }, root) {
  return {
    layout: wanted ?? (root.layout === 'flat' ? 'flat' : 'nested'),
    zarr_format: zarrFormat ?? root.zarrFormat ?? 2,
    statistics,
    ...(arrays && { arrays }), ...(chunks && { chunks }), ...(shards && { shards }),
    ...(compressor !== undefined && { compressor }),
  };
}

/** How HDF5 files are compressed: BORES's own way where nothing else is said. */
const COMPRESSIONS = [undefined, null, 'gzip', 'lzf'];

/**
 * What is not heeded is refused by its name.
 * @param {Record<string, any>} options
 * @param {string[]} names  of options that the format has no place for
 * @param {string} format
 */
function assertNone(options, names, format) {
  const name = names.find((one) => options[one] !== undefined);
  if (name === undefined) return;
  throw new BoresError('ERR_ARGUMENT', `'${name}' is for Zarr stores, ${format} have none of it `
    + `(${JSON.stringify(options[name])} was asked for)`);
}

/** @type {Backend['encoding']} */
function hdf5Encoding(options) {
  assertNone(options, ['zarrFormat', 'shards', 'compressor'], 'HDF5 files');
  const { layout, arrays, chunks, compression, compressionLevel: level, statistics = true } = options;
  if (!COMPRESSIONS.includes(compression)) {
    throw new BoresError('ERR_ARGUMENT', `there is no compression '${compression}' for HDF5: it is 'gzip', `
      + "'lzf' or null");
  }
  if (level !== undefined && !(Number.isInteger(level) && level >= 0 && level <= 9)) {
    throw new BoresError('ERR_ARGUMENT', `compressionLevel is an integer from 0 to 9, not ${level}`);
  }
  if (layout === 'flat') {
    throw new BoresError('ERR_ARGUMENT', "HDF5 has the layout 'nested' only, 'flat' was asked for");
  }
  return {
    layout: 'nested', statistics, ...(arrays && { arrays }), ...(chunks && { chunks }),
    ...(compression !== undefined && { compression }), ...(level !== undefined && { level }),
  };
}
