// SPDX-License-Identifier: MIT
// Copies a whole run into IndexedDB, from any storage that can list. Segments are written as they
// fill; the last transaction names them, so a run is there whole or not at all, and a run of
// that name stays readable until it is replaced. What a killed import leaves is found by its
// record in `meta` and removed by whoever meets it next; a lock tells a killed one from one
// that works.

import { BoresError } from '../../core/errors.js';
import { checkArgument, checkOptions } from '../../core/options.js';
import { Connection, STORES, deleteDatabase, result } from './idb-connection.js';
import { SegmentPacker } from './idb-segments.js';
import { quotaError } from '../base/quota.js';
import { randomId } from '../base/random-id.js';
import { Slots } from '../../core/waiting.js';
import { acquireWebLock } from '../base/web-lock.js';

/** @import { Storage } from '../base/storage.js' */
/** @import { ImportRecord, IndexPage, RunRecord } from './idb-segments.js' */

/**
 * Keys copied, all keys, bytes copied.
 * @typedef {{ done: number, total: number, bytes: number }} ImportProgress
 */

/**
 * @typedef {object} ImportOptions
 * @property {(progress: ImportProgress) => void} [onProgress]
 * @property {AbortSignal} [signal]
 */

const READS = 16; // at once
const LISTS = 16; // at once: one takes 1 ms where a folder was dropped

/**
 * @param {Storage} source
 * @param {string} name
 * @param {ImportOptions} [options]
 * @returns {Promise<{ keys: number, bytes: number }>}
 * @throws {BoresError} ERR_QUOTA with `needed` and `limit`, ERR_UNSUPPORTED when the source cannot
 *   list; after any error, and after an abort, the run of that name is what it was
 */
export async function importRun(source, name, options = {}) {
  checkArgument('importRun()', 'name', name, 'text');
  checkOptions('importRun()', options, { onProgress: 'function', signal: 'signal' });
  options.signal?.throwIfAborted();
  if (name === '') throw new BoresError('ERR_ARGUMENT', 'a run needs a name');
  return whileImporting(name, () => importLocked(source, name, options), () => {
    throw new BoresError('ERR_STORAGE', `idb:${name} is being written already`);
  });
}

/**
 * Runs alone among the tabs of this origin.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} run
 * @param {() => T} busy  when another import of that name is under way
 * @returns {Promise<T>}
 */
export async function whileImporting(name, run, busy) {
  const release = await acquireWebLock(`bores/${name}`, `idb:${name}`).catch((error) => {
    if (error.code !== 'ERR_LOCKED') throw error;
  });
  if (release === undefined) return busy();
  try {
    return await run();
  } finally {
    await release();
  }
}

/**
 * Deletes what an import wrote that has ended without its run; only under `whileImporting()`.
 *
 * @param {Connection} connection
 * @param {string} [id]  only that one's
 * @returns {Promise<boolean>}  whether there is a run, from before
 */
export function removeRemains(connection, id) {
  return connection.run('readwrite', async (transaction) => {
    const meta = transaction.objectStore('meta');
    const remains = /** @type {ImportRecord | undefined} */ (await result(meta.get('import')));
    if (remains !== undefined && (id === undefined || remains.id === id)) {
      transaction.objectStore('segments').delete(IDBKeyRange.lowerBound(remains.firstSegment));
      meta.delete('import');
    }
    return (await result(meta.get('run'))) !== undefined;
  });
}

/**
 * @param {Storage} source
 * @param {string} name
 * @param {ImportOptions} options
 */
async function importLocked(source, name, options) {
  const keys = await allKeys(source, options.signal);
  const connection = new Connection(name, { create: true });
  const id = randomId();
  try {
    const record = await begin(connection, id);
    const packer = new SegmentPacker(record.firstSegment, (number, bytes) => (
      connection.run('readwrite', async (transaction) => {
        await assertImporting(transaction, record.id);
        transaction.objectStore('segments').put(bytes, number);
      })));
    const bytes = await copy(source, keys, packer, options);
    options.signal?.throwIfAborted();
    await publish(connection, record, packer.pages(), { keys: keys.length, bytes });
    return { keys: keys.length, bytes };
  } catch (error) {
    await undo(name, connection, id).catch(() => undefined); // else whoever meets it next does it
    throw await withNeed(error, source, name);
  } finally {
    connection.close();
  }
}

/**
 * @param {Storage} source
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<string[]>}  folder by folder, which is how they are read later
 */
async function allKeys(source, signal) {
  const slots = new Slots(LISTS);
  /** @type {(folder: string) => Promise<string[]>} */
  const keysIn = async (folder) => {
    const names = await slots.use(async () => source.list?.(folder, { signal }), signal);
    if (names === undefined) {
      throw new BoresError('ERR_UNSUPPORTED',
        `${source.location} cannot be listed, so it cannot be copied`);
    }
    const below = folder === '' ? '' : `${folder}/`;
    const parts = names.map((name) => (
      name.endsWith('/') ? keysIn(below + name.slice(0, -1)) : [below + name]));
    return (await Promise.all(parts)).flat();
  };
  return keysIn('');
}

/**
 * Writes the record of the import, behind everything that is there.
 * @param {Connection} connection
 * @param {string} id
 * @returns {Promise<ImportRecord>}
 */
function begin(connection, id) {
  return connection.run('readwrite', async (transaction) => {
    const [segments, index, meta] = STORES.map((store) => transaction.objectStore(store));
    const before = /** @type {ImportRecord | undefined} */ (await result(meta.get('import')));
    if (before !== undefined) segments.delete(IDBKeyRange.lowerBound(before.firstSegment));
    const run = /** @type {RunRecord | undefined} */ (await result(meta.get('run')));
    const [lastSegment, lastPage] = await Promise.all([segments, index].map(lastKey));
    const record = {
      firstSegment: Math.max(lastSegment + 1, run?.nextSegment ?? 0),
      firstPage: Math.max(lastPage + 1, run?.nextPage ?? 0),
      id,
    };
    meta.put(record, 'import');
    return record;
  }, 'strict');
}

/**
 * Without Web Locks somebody else may have taken an import for a killed one, and its place.
 * @param {IDBTransaction} transaction
 * @param {string} id
 * @throws {BoresError} ERR_LOCKED
 */
export async function assertImporting(transaction, id) {
  const record = /** @type {ImportRecord | undefined} */ (await result(transaction.objectStore('meta').get('import')));
  if (record?.id === id) return;
  throw new BoresError('ERR_LOCKED', 'another tab has removed what was being written, to write itself');
}

/**
 * @param {IDBObjectStore} store  with numbers as keys
 * @returns {Promise<number>}  -1 when it is empty
 */
async function lastKey(store) {
  const cursor = await result(store.openKeyCursor(null, 'prev'));
  return Number(cursor?.key ?? -1);
}

/**
 * @param {Storage} source
 * @param {string[]} keys
 * @param {SegmentPacker} packer
 * @param {ImportOptions} options
 * @returns {Promise<number>}  bytes
 */
async function copy(source, keys, packer, { onProgress, signal }) {
  let bytes = 0;
  for (let done = 0; done < keys.length; done += READS) {
    signal?.throwIfAborted();
    const part = keys.slice(done, done + READS);
    const values = await Promise.all(part.map((key) => source.get(key, { signal })));
    for (const [i, value] of values.entries()) {
      if (value === undefined) {
        throw new BoresError('ERR_STORAGE',
          `'${part[i]}' went away from ${source.location} while it was copied`, { key: part[i] });
      }
      await packer.add(part[i], value);
      bytes += value.length;
    }
    onProgress?.({ done: done + part.length, total: keys.length, bytes });
  }
  await packer.finish();
  return bytes;
}

/**
 * Makes the new run the run of that name, and drops the one before.
 *
 * @param {Connection} connection
 * @param {ImportRecord} record
 * @param {IndexPage[]} pages
 * @param {{ keys: number, bytes: number }} size
 */
async function publish(connection, { firstSegment, firstPage, id }, pages, size) {
  /** @type {RunRecord} */
  const run = { format: 1, ...size, created: Date.now(), id: randomId() };
  await connection.run('readwrite', async (transaction) => {
    const meta = transaction.objectStore('meta');
    await assertImporting(transaction, id);
    transaction.objectStore('segments').delete(IDBKeyRange.upperBound(firstSegment, true));
    const index = transaction.objectStore('index');
    index.delete(IDBKeyRange.upperBound(firstPage, true));
    pages.forEach((page, i) => index.put(page, firstPage + i));
    meta.put(run, 'run');
    meta.delete('import');
  }, 'strict');
}

/**
 * @param {string} name
 * @param {Connection} connection
 * @param {string} [id]  only that import
 */
export async function undo(name, connection, id) {
  if (await removeRemains(connection, id) || await isImporting(connection)) return;
  connection.close();
  await deleteDatabase(name);
}

/**
 * Says how much would have been needed, where the browser's storage was full.
 *
 * @param {unknown} error
 * @param {Storage} source
 * @param {string} name
 */
async function withNeed(error, source, name) {
  if (!(error instanceof BoresError) || error.code !== 'ERR_QUOTA') return error;
  const needed = (await source.usage?.().catch(() => undefined))?.bytes;
  return quotaError(`idb:${name}`, { needed, cause: error.cause });
}

/**
 * Whether somebody else's import is under way.
 * @param {Connection} connection
 */
function isImporting(connection) {
  return connection.run('readonly', async (transaction) => (
    await result(transaction.objectStore('meta').get('import')) !== undefined));
}
