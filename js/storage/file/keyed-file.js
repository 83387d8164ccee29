// SPDX-License-Identifier: MIT
// A file as values of a storage: `hdf5/file`, which says how long it is, and a page of 64 KiB for each
// key `hdf5/pages/N`. A commit is one batch, so what is atomic for the storage (IndexedDB, memory) is
// atomic for the file. Pages of zeros that nobody wrote are absent.

import { BoresError } from '../../core/errors.js';
import { assertInside } from '../base/byte-source.js';
import { assertOpen } from './file-place.js';
import { MemoryFile } from './memory-file.js';
import { PagedFile } from './paged-file.js';
import { SourceFile, whenFetched } from './sync-file.js';

/**
 * @import { ByteSource } from '../base/byte-source.js'
 * @import { FilePlace, FileWriter, Snapshot } from './file-place.js'
 * @import { OverlayFile } from './overlay-file.js'
 * @import { Put, ReadOptions, Recovery, Storage, Writer, WriterOptions } from '../base/storage.js'
 * @import { SyncFile } from './sync-file.js'
 *
 * `version` is another one for each commit.
 * @typedef {{ format: 1, size: number, pageBytes: number, version: string }} FileRecord
 */

export const FILE_KEY = 'hdf5/file';
const PAGE_BYTES = 64 * 1024;
/** Pages of a new content that are written at a time. */
const BATCH_PAGES = 128;

/** @param {number} number */
const pageKey = (number) => `hdf5/pages/${number}`;

/** @implements {FilePlace} */
export class KeyedFilePlace {
  closed = false;
  #storage;
  #create;

  /**
   * @param {Storage} storage  ours to close
   * @param {{ create?: boolean }} [options]  create: absent is empty
   */
  constructor(storage, { create = false } = {}) {
    this.kind = storage.kind;
    this.location = storage.location;
    this.#storage = storage;
    this.#create = create;
  }

  /**
   * @param {ReadOptions} [options]
   * @returns {Promise<Snapshot | undefined>}
   */
  async snapshot(options) {
    const record = await this.#record(options);
    if (!record && this.#create) return undefined;
    if (!record) throw new BoresError('ERR_NOT_FOUND', `there is no HDF5 file in ${this.location}`);
    const source = new KeyedSource(this.#storage, record);
    return { file: source.readSync ? new SourceFile(source) : new PagedFile(source),
      version: record.version, close: () => {} };
  }

  /** @param {ReadOptions} [options] */
  async version(options) {
    return (await this.#record(options))?.version ?? '';
  }

  /** @param {ReadOptions} [options] */
  async usage(options) {
    return { bytes: (await this.#record(options))?.size ?? 0, keys: 1 };
  }

  /** @param {WriterOptions} [options] @returns {Promise<FileWriter>} */
  async openWriter(options) {
    assertOpen(this, options);
    if (!this.#storage.openWriter) throw new BoresError('ERR_READ_ONLY', `${this.location} is read-only`);
    const writer = await this.#storage.openWriter(options);
    return {
      recovered: writer.recovered,
      commit: (overlay, { signal } = {}) => this.#commit(writer, overlay, signal),
      replace: async () => this.#replace(writer),
      recover: () => writer.recover(),
      close: () => writer.close(),
    };
  }

  /** @param {ReadOptions} [options] @returns {Promise<Recovery>} */
  async leftovers(options) {
    assertOpen(this, options);
    return await this.#storage.leftovers?.(options) ?? { dropped: [], restored: [] };
  }

  async close() {
    if (this.closed) return;
    this.closed = true;
    await this.#storage.close();
  }

  /** @param {ReadOptions} [options] */
  async #record(options) {
    assertOpen(this, options);
    await this.#storage.refresh?.(options);
    const bytes = await this.#storage.get(FILE_KEY, options);
    return bytes && parseRecord(bytes, this.location);
  }

  /**
   * @param {Writer} writer
   * @param {OverlayFile} overlay
   * @param {AbortSignal} [signal]
   */
  async #commit(writer, overlay, signal) {
    if (!overlay.changed) return;
    const before = Math.ceil(((await this.#record())?.size ?? 0) / PAGE_BYTES);
    const puts = await whenFetched(overlay, () => changedPages(overlay), { signal });
    const after = Math.ceil(overlay.size() / PAGE_BYTES);
    const deletes = Array.from({ length: Math.max(0, before - after) }, (_, i) => pageKey(after + i));
    await writer.commit({ puts: [...puts, recordPut(overlay.size())], deletes }, { signal });
  }

  /** @param {Writer} writer */
  #replace(writer) {
    const file = new MemoryFile(this.location);
    return {
      file,
      publish: () => writer.replace(batchesOf(file)),
      abandon: async () => {},
    };
  }
}

/**
 * A file on its way into a storage, as another storage of the same keys: for importRun().
 * @param {ByteSource} source  ours to close
 * @returns {Storage}
 */
export function asKeyedFile(source) {
  const count = Math.ceil(source.size / PAGE_BYTES);
  const [, record] = recordPut(source.size);
  return {
    kind: 'file', location: source.location, closed: false,
    get: async (key, options) => {
      if (key === FILE_KEY) return record.slice();
      const number = Number(/^hdf5\/pages\/(\d+)$/.exec(key)?.[1] ?? NaN);
      if (!(number < count)) return undefined;
      const offset = number * PAGE_BYTES;
      return (await source.read(offset, Math.min(PAGE_BYTES, source.size - offset), options)).slice();
    },
    list: async (prefix) => {
      if (prefix === '') return ['hdf5/'];
      if (prefix === 'hdf5') return ['file', 'pages/'];
      return prefix === 'hdf5/pages' ? Array.from({ length: count }, (_, i) => String(i)).sort() : [];
    },
    usage: async () => ({ bytes: source.size, keys: count + 1 }),
    close: () => source.close(),
  };
}

/** @implements {ByteSource} */
class KeyedSource {
  #storage;
  #pageBytes;

  /**
   * @param {Storage} storage
   * @param {FileRecord} record
   */
  constructor(storage, { size, pageBytes }) {
    this.location = storage.location;
    this.size = size;
    this.#storage = storage;
    this.#pageBytes = pageBytes;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {ReadOptions} [options]
   */
  async read(offset, length, options) {
    assertInside(this, offset, length);
    const bytes = new Uint8Array(length);
    await Promise.all([...this.#parts(offset, length)].map(async ({ key, start, target }) => {
      const page = await this.#storage.get(key, options);
      if (page) target(bytes).set(page.subarray(start, start + target(bytes).length));
    }));
    return bytes;
  }

  /** At once, where the storage can. @returns {ByteSource['readSync']} */
  get readSync() {
    const { getSync } = this.#storage;
    if (!getSync) return undefined;
    return (offset, targets) => {
      let position = offset;
      for (const bytes of targets) {
        assertInside(this, position, bytes.length);
        for (const { key, start, target } of this.#parts(position, bytes.length)) {
          const view = target(bytes).fill(0);
          /** @type {Uint8Array | undefined} */
          let page;
          getSync.call(this.#storage, key, (size) => page = new Uint8Array(size));
          if (page) view.set(page.subarray(start, start + view.length));
        }
        position += bytes.length;
      }
    };
  }

  async close() {}

  /**
   * @param {number} offset
   * @param {number} length
   */
  * #parts(offset, length) {
    for (let at = offset; at < offset + length;) {
      const number = Math.floor(at / this.#pageBytes);
      const end = Math.min(offset + length, (number + 1) * this.#pageBytes);
      const [from, to] = [at - offset, end - offset];
      yield { key: pageKey(number), start: at - number * this.#pageBytes,
        target: (/** @type {Uint8Array} */ bytes) => bytes.subarray(from, to) };
      at = end;
    }
  }
}

/**
 * @param {OverlayFile} overlay
 * @returns {Put[]}
 */
function changedPages(overlay) {
  const numbers = new Set();
  for (const { offset, bytes } of overlay.extents()) {
    for (let at = offset; at < offset + bytes.length; at += PAGE_BYTES - (at % PAGE_BYTES)) {
      numbers.add(Math.floor(at / PAGE_BYTES));
    }
  }
  return [...numbers].map((number) => [pageKey(number), readPage(overlay, number)]);
}

/**
 * @param {SyncFile} file
 * @param {number} number
 */
function readPage(file, number) {
  const offset = number * PAGE_BYTES;
  const page = new Uint8Array(Math.min(PAGE_BYTES, file.size() - offset));
  file.read(offset, page.length, page);
  return page;
}

/** @param {SyncFile} file */
function* batchesOf(file) {
  const count = Math.ceil(file.size() / PAGE_BYTES);
  for (let first = 0; first < count; first += BATCH_PAGES) {
    yield { puts: Array.from({ length: Math.min(BATCH_PAGES, count - first) },
      (_, i) => /** @type {Put} */ ([pageKey(first + i), readPage(file, first + i)])) };
  }
  yield { puts: [recordPut(file.size())] };
}

/** @param {number} size @returns {Put} */
function recordPut(size) {
  /** @type {FileRecord} */
  const record = { format: 1, size, pageBytes: PAGE_BYTES,
    version: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}` };
  return [FILE_KEY, new TextEncoder().encode(JSON.stringify(record))];
}

/**
 * @param {Uint8Array} bytes
 * @param {string} location
 * @returns {FileRecord}
 */
function parseRecord(bytes, location) {
  try {
    const record = JSON.parse(new TextDecoder().decode(bytes));
    if (record.format === 1 && Number.isSafeInteger(record.size) && record.pageBytes > 0) return record;
  } catch {
    // said below
  }
  throw new BoresError('ERR_CORRUPT', `${location}: '${FILE_KEY}' is not the record of a file`,
    { key: FILE_KEY });
}
