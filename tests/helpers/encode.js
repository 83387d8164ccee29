// SPDX-License-Identifier: MIT
// Trees to the keys and bytes of a store, and whole stores written anew, below the DataStore: what
// `zarr.encode` makes, before any storage commits it.

import { runOperation } from '../../js/core/driver.js';
import { encode as encodeNow, readPuts as listPuts } from '../../js/core/encode.js';
import { ModelState } from '../../js/state/model-state.js';
import { getCore } from '../../js/formats/zarr/zarr-session.js';
import { toStored } from '../../js/state/stored-tree.js';
import { readTree, writeTree } from '../../js/values/tree.js';
import { DirectoryStorage } from '../../js/storage/node/node-directory.js';

/** @import { PackedTree } from '../../js/core/pack.js' */
/** @typedef {{ idx: number, meta?: unknown, data: unknown }} Entry  data: for toStored() */

/**
 * @param {PackedTree} result  `{ puts }`
 * @returns {Map<string, Uint8Array>}
 */
export function readPuts(result) {
  return new Map(listPuts(result));
}

/**
 * @param {readonly Entry[]} entries
 * @param {object} [options]  layout, arrays, chunks, compressor
 */
export async function encode(entries, options = {}) {
  const stored = entries.map(({ data, ...entry }) => ({ ...entry, data: toStored(data) }));
  const params = writeTree({ ...options, entries: stored });
  return new Map(encodeNow(await getCore(), 'zarr.encode', params));
}

/**
 * An operation whose result is `{ puts }`, over a storage.
 * @param {import('../../js/storage/base/storage.js').Storage} storage
 * @param {string} name
 * @param {unknown} params
 */
export async function putsOf(storage, name, params) {
  const core = await getCore();
  const store = core.storeNew();
  try {
    return readPuts(await runOperation(core, store, storage, name, params));
  } finally {
    core.storeFree(store);
  }
}

/**
 * Every entry of a directory store loaded, made a state and encoded, with the root.
 * @param {string} folder
 * @param {{ zarr_format?: 2 | 3, [option: string]: unknown }} [options]  of encode()
 */
export async function rewrite(folder, options) {
  const core = await getCore();
  const store = core.storeNew();
  const storage = await DirectoryStorage.open(folder);
  const files = new Map();
  try {
    const run = async (/** @type {string} */ name, /** @type {unknown} */ params) =>
      readTree(await runOperation(core, store, storage, name, params));
    const { groups, attributes } = await run('zarr.open', null);
    for (const [idx, group] of groups.entries()) {
      const { meta, data } = await run('zarr.load', { group, fields: null });
      const puts = await encode([{ idx, meta, data: ModelState.from(data) }], options);
      for (const [key, bytes] of puts) files.set(key, bytes);
    }
    const root = await putsOf(storage, 'zarr.root',
      { count: groups.length, attributes, zarr_format: options?.zarr_format ?? 2 });
    for (const [key, bytes] of root) files.set(key, bytes);
  } finally {
    core.storeFree(store);
    await storage.close();
  }
  return files;
}
