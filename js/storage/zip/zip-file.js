// SPDX-License-Identifier: MIT
// A store in one zip file that is added to: new values take the place of the directory, and a new directory
// follows them. How the file's change is whole or none is its place's business (js/storage/file): what is new
// goes behind the old end first, what changes inside into a journal beside it. Values that are replaced or deleted
// stay in the file as bytes that nothing points to, until the next replacement.

import { assertFits, expandDeletes } from '../base/batch.js';
import { BytesSource } from '../base/byte-source.js';
import { KeyIndex } from '../base/key-index.js';
import { StorageBase } from '../base/storage.js';
import { StoreWriter } from '../base/store-writer.js';
import { OverlayFile } from '../file/overlay-file.js';
import { EmptyFile } from '../file/sync-file.js';
import { crc32 } from './crc32.js';
import { readLines } from './zip-directory.js';
import { Archive, emptyArchive } from './zip-output.js';
import { centralHeader, endRecords, localHeader } from './zip-records.js';
import { ZipStorage } from './zip.js';

/**
 * @import { CheckedBatch } from '../base/batch.js'
 * @import { ByteSource } from '../base/byte-source.js'
 * @import { ByteRange, ReadOptions, Storage, WriterOptions } from '../base/storage.js'
 * @import { FilePlace, FileWriter, Snapshot } from '../file/file-place.js'
 */

/** @implements {Storage} */
export class ZipFileStorage extends StorageBase {
  #place;
  /** @type {ZipStorage} what is there now */ #content;
  /** @type {Storage['getSync']} */ getSync = (key, reserve) => this.#content.getSync?.(key, reserve) ?? false;
  /** @type {Storage['listSync']} */ listSync = (prefix) => this.#content.listSync?.(prefix) ?? [];

  /**
   * @param {FilePlace} place  whose files answer at once; ours to close
   * @param {ReadOptions} [options]
   */
  static async open(place, options) {
    try {
      return new ZipFileStorage(place, await contentOf(place, options));
    } catch (error) {
      await place.close();
      throw error;
    }
  }

  /**
   * @param {FilePlace} place
   * @param {{ content: ZipStorage, version: string }} now
   */
  constructor(place, { content, version }) {
    super('zip', place.location);
    this.#place = place;
    this.#content = content;
    this.tag = version;
  }

  /** @type {Storage['get']} */
  get(key, options) {
    return this.#content.get(key, options);
  }

  /** @type {Required<Storage>['getRange']} */
  getRange(key, range, options) {
    return this.#content.getRange(key, range, options);
  }

  /** @type {Required<Storage>['list']} */
  list(prefix, options) {
    return this.#content.list(prefix, options);
  }

  /** @type {Required<Storage>['usage']} */
  usage(prefix, options) {
    return this.#content.usage(prefix, options);
  }

  /** @param {ReadOptions} [options] */
  async refresh(options) {
    this.assertReadable('', options);
    if (await this.#place.version(options) !== this.tag) await this.#reopen(options);
  }

  /** @param {WriterOptions} [options] */
  async openWriter(options) {
    this.assertReadable('', options);
    const writer = await /** @type {Required<FilePlace>} */ (this.#place).openWriter(options);
    /** @type {FileWriter['recovered'] | undefined} */ let first = writer.recovered;
    return StoreWriter.open(this.location, {
      write: (batch, signal) => this.#append(writer, batch, signal),
      swap: (batches, signal) => this.#replace(writer, batches, signal),
      settle: async () => {
        const recovery = first ?? await writer.recover();
        first = undefined;
        await this.refresh();
        return recovery;
      },
      release: () => writer.close(),
    });
  }

  /** @param {ReadOptions} [options] */
  async leftovers(options) {
    this.assertReadable('', options);
    return await this.#place.leftovers?.(options) ?? { dropped: [], restored: [] };
  }

  /** @override */
  async release() {
    await this.#content.close();
    await this.#place.close();
  }

  /**
   * @param {FileWriter} writer
   * @param {CheckedBatch} batch
   * @param {AbortSignal} [signal]
   */
  async #append(writer, { puts, deletes }, signal) {
    const root = this.#content.root === '' ? '' : `${this.#content.root}/`;
    const keys = new Set(this.#content.names());
    const index = new KeyIndex(keys);
    assertFits({ puts, deletes }, keys, index);
    const gone = expandDeletes(deletes, keys, index);
    if (puts.length + gone.size === 0) return;
    for (const [key] of puts) gone.add(key);
    const names = new Set([...gone].map((key) => root + key));
    const snapshot = await this.#place.snapshot({ signal });
    try {
      const base = snapshot?.file ?? new EmptyFile(this.location);
      const source = snapshot ? sourceOf(snapshot) : nothing(this.location);
      const { begin, comment, lines } = await readLines(source, { signal });
      const overlay = new OverlayFile(base);
      const end = writeBehind(overlay, begin, {
        lines: lines.filter(({ name }) => !names.has(name)).map(({ bytes }) => bytes), comment,
        puts: puts.map(([key, value]) => [root + key, value]) });
      overlay.truncate(end);
      signal?.throwIfAborted();
      await writer.commit(overlay, { signal, version: snapshot?.version });
    } finally {
      snapshot?.close();
    }
    await this.#reopen();
  }

  /**
   * @param {FileWriter} writer
   * @param {AsyncIterable<CheckedBatch>} batches
   * @param {AbortSignal} [signal]
   */
  async #replace(writer, batches, signal) {
    const replacement = await writer.replace();
    try {
      let at = 0;
      const archive = new Archive({ write: (bytes) => {
        replacement.file.write?.(at, bytes);
        at += bytes.length;
      } });
      for await (const { puts } of batches) {
        for (const [key, bytes] of puts) await archive.add(key, bytes);
      }
      await archive.end();
      signal?.throwIfAborted();
    } catch (error) {
      await replacement.abandon();
      throw error;
    }
    await replacement.publish();
    await this.#reopen();
  }

  /** @param {ReadOptions} [options] */
  async #reopen(options) {
    const { content, version } = await contentOf(this.#place, options);
    await this.#content.close();
    this.#content = content;
    this.tag = version;
  }
}

/**
 * @param {OverlayFile} file
 * @param {number} begin  where values end
 * @param {{ lines: Uint8Array[], comment: Uint8Array, puts: (readonly [name: string, value: Uint8Array])[] }} content
 *   lines: of the directory, of what stays
 * @returns {number}  where the file ends now
 */
function writeBehind(file, begin, { lines, comment, puts }) {
  let at = begin;
  const put = (/** @type {Uint8Array} */ bytes) => {
    file.write(at, bytes);
    at += bytes.length;
  };
  const added = puts.map(([key, value]) => {
    const entry = { name: new TextEncoder().encode(key), crc: crc32(value), size: value.length, offset: at };
    put(localHeader(key, entry));
    put(value);
    return centralHeader(entry);
  });
  const directory = at;
  for (const line of [...lines, ...added]) put(line);
  put(endRecords({ count: lines.length + added.length, begin: directory, length: at - directory, comment }));
  return at;
}

/**
 * @param {FilePlace} place
 * @param {ReadOptions} [options]
 */
async function contentOf(place, options) {
  const snapshot = await place.snapshot(options);
  const source = snapshot && snapshot.file.size() > 0 ? sourceOf(snapshot) : nothing(place.location);
  return { content: await ZipStorage.open(source, options), version: snapshot?.version ?? '' };
}

/** @param {string} location */
function nothing(location) {
  return new BytesSource(emptyArchive(), location);
}

/** @param {Snapshot} snapshot  closed with it @returns {ByteSource} */
function sourceOf({ file, version, close }) {
  const readSync = (/** @type {number} */ offset, /** @type {Uint8Array[]} */ targets) => {
    for (const target of targets) {
      file.read(offset, target.length, target);
      offset += target.length;
    }
  };
  return { location: file.location, size: file.size(), tag: version, readSync,
    read: async (offset, length, options) => {
      options?.signal?.throwIfAborted();
      const bytes = new Uint8Array(length);
      file.read(offset, length, bytes);
      return bytes;
    },
    close: async () => close() };
}
