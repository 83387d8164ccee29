// SPDX-License-Identifier: MIT
// A store in another format: what it holds, or part of it, written whole and compared with the source.

import { BoresError } from '../core/errors.js';
import { assertStore, copyStore } from './copy-store.js';
import { DataStore } from './data-store.js';
import { backendOf } from '../formats/backends.js';
import { checkCall } from './known-options.js';
import { detectBackend } from '../storage/detect-format.js';
import { assertApart } from '../storage/location-relation.js';
import { describeLocation } from '../storage/parse-location.js';

/**
 * @import { OpenOptions } from './store-types.js'
 * @import { CopyOptions } from './copy-store.js'
 *
 * @typedef {object} TargetOptions
 * @property {'zarr' | 'hdf5' | 'json' | 'yaml'} [backend]  default: by the target's name
 *
 * @typedef {Omit<CopyOptions, 'selection'> & TargetOptions
 *   & Pick<OpenOptions, 'layout' | 'arrays' | 'chunks' | 'compressor' | 'worker' | 'zarrFormat' | 'shards' | 's3'
 *   | 'http' | 'statistics'>
 * } ConvertOptions
 *
 * @typedef {{ backend: string, entries: number, verified: boolean, lost: string[], bytes?: number,
 *   keys?: number }} ConvertResult  lost: as copyStore() says
 */

/**
 * @param {DataStore} source
 * @param {unknown} location  of the target: a folder or a `.zip` (Zarr), `.h5`, `.json`, `.yaml`, a handle,
 *   `memory:NAME` …; until everything is there, what was there before stands
 * @param {ConvertOptions} [options]  replace: the target may have entries
 * @returns {Promise<ConvertResult>}
 * @throws {BoresError} ERR_NOT_EMPTY, ERR_CORRUPT naming an entry that differs in the end, and what
 *   reading and writing throw
 */
export async function convertStore(source, location, options = {}) {
  checkCall('convertStore()', options);
  const { backend = detectBackend(location), replace = false, layout, arrays, chunks, compressor,
    zarrFormat, shards, statistics, worker, s3, http, ...copying } = options;
  const form = { layout, arrays, chunks, compressor, zarrFormat, shards, statistics, worker, s3, http };
  assertStore('source', source);
  await assertApart(location, source.source, { target: describeLocation(location), source: source.location });
  backendOf(backend).encoding(form, { layout: 'empty' }); // refuses what the target's format has no place for
  if (!replace) await assertEmpty(backend, location, { s3, http, signal: copying.signal });
  const target = new DataStore(backend, location, { ...form, mode: 'w', consolidate: false });
  try {
    const { entries, verified, lost } = await copyStore(source, target, { ...copying, replace: true });
    if (backend === 'zarr' && !isZip(location)) await target.consolidate({ signal: copying.signal });
    return { backend, entries, verified, lost, ...await target.usage({ signal: copying.signal }) };
  } finally {
    await target.close();
  }
}

/**
 * @param {string} backend
 * @param {unknown} location
 * @param {OpenOptions} options
 */
async function assertEmpty(backend, location, options) {
  const store = new DataStore(backend, location, { mode: 'r', worker: false, ...options });
  try {
    const { count, layout } = await store.describe({ signal: options.signal });
    if (count > 0 || layout === 'plain') {
      const what = count > 0 ? `${count} entries` : 'other data than entries';
      throw new BoresError('ERR_NOT_EMPTY', `${store.location} has ${what} already`);
    }
  } catch (error) {
    const { code } = /** @type {BoresError} */ (error);
    const nothing = code === 'ERR_NOT_FOUND' || (code === 'ERR_CORRUPT' && isZip(location));
    if (!nothing) throw error;
  } finally {
    await store.close();
  }
}

/** @param {any} location */
function isZip(location) {
  const name = typeof location === 'string' ? location : location?.name ?? location?.pathname;
  return typeof name === 'string' && /\.zip$/i.test(name);
}
