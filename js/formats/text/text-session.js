// SPDX-License-Identifier: MIT
// A session over a text file: JSON or YAML. The file is read through once, for where its entries
// are, and again when it has changed; an entry is read when it is asked for. What decodes is a module
// of its own (bores-text.wasm), loaded with the first such file.

import { abortable } from '../../core/waiting.js';
import { Core } from '../../core/core.js';
import { lendOperation, runOperation } from '../../core/driver.js';
import { instanceOf } from '../../core/instances.js';
import { clipRange } from '../../storage/base/keys.js';
import { openWholeFile } from '../../storage/whole-file.js';
import { SessionBase, StoreHandle } from '../session.js';
import { TextWriter } from './text-writer.js';
import { asUtf8 } from './utf8-source.js';

/**
 * @import { PackedTree } from '../../core/pack.js'
 * @import { ByteSource } from '../../storage/base/byte-source.js'
 * @import { ByteRange, Storage } from '../../storage/base/storage.js'
 * @import { WholeFile } from '../../storage/whole-file.js'
 * @import { CallOptions, Session } from '../session.js'
 * @typedef {'json' | 'yaml'} TextFormat
 */

/** @returns {Promise<Core>} */
export const getTextCore = () => instanceOf(Core.loadText);

/** A file as it was when it was read through, and what is known of it. */
class Index extends StoreHandle {
  /**
   * @param {Core} core
   * @param {ByteSource | undefined} source  ours to close
   * @param {string | undefined} version
   */
  constructor(core, source, version) {
    super(core);
    this.source = source;
    this.version = version;
    /** @type {PackedTree | undefined} */ this.root = undefined;
    this.storage = storageOf(source);
  }

  /** @override */
  async free() {
    await super.free();
    await this.source?.close();
  }
}

/** @implements {Session} */
export class TextSession extends SessionBase {
  #format;
  #place;
  /** @type {Index | undefined} */ #index;
  /** @type {Promise<Index> | undefined} */ #reading;

  /**
   * @param {TextFormat} format
   * @param {unknown} location
   * @param {object} [options]  of `openWholeFile`
   */
  static async open(format, location, options) {
    return new TextSession(format, await openWholeFile(location, options));
  }

  /**
   * @param {TextFormat} format
   * @param {WholeFile} place  ours to close
   */
  constructor(format, place) {
    super(place);
    this.#format = format;
    this.#place = place;
    this.writer = new TextWriter(format, place);
  }

  /**
   * @param {string} name
   * @param {unknown} params
   * @param {CallOptions} [options]
   * @returns {Promise<PackedTree>}
   */
  async run(name, params, options) {
    const index = await this.#hold(name === 'open', options);
    try {
      if (name === 'open') return copyOf(/** @type {PackedTree} */ (index.root));
      return await runOperation(index.core, index.pointer, index.storage, `text.${name}`, params,
        options);
    } finally {
      await index.release();
    }
  }

  /** @override @type {SessionBase['lend']} */
  async lend(name, params, options, use) {
    const index = await this.#hold(false, options);
    try {
      return await lendOperation(index.core, index.pointer, index.storage, `text.${name}`, params, options, use);
    } finally {
      await index.release();
    }
  }

  /** @override */
  async version() {
    return this.#index?.version;
  }

  /** @param {string} [prefix] */
  async usage(prefix = '') {
    const index = await this.#hold(true);
    try {
      return prefix === '' ? { bytes: index.source?.size ?? 0, keys: index.source ? 1 : 0 } : undefined;
    } finally {
      await index.release();
    }
  }

  /** @override */
  closeWriter() {
    return this.writer.unlock();
  }

  /** @override */
  async release() {
    await this.#index?.retire();
  }

  /**
   * The index, held for the caller.
   * @param {boolean} fresh  of what is there now
   * @param {CallOptions} [options]
   */
  async #hold(fresh, options) {
    this.assertOpen();
    const core = await getTextCore();
    const known = this.#index;
    if (known?.core === core) {
      if (!fresh) return known.hold();
      const version = await this.#place.version();
      const same = version !== undefined && version === known.version;
      if (same && known === this.#index) return known.hold();
    }
    // All who ask while it is read wait for the same; an abort of one is no matter of the others.
    this.#reading ??= this.#read(core).finally(() => { this.#reading = undefined; });
    const index = await abortable(this.#reading, options?.signal);
    return index.hold();
  }

  /**
   * Reads the file through. What runs meanwhile goes on with the old index.
   * @param {Core} core
   */
  async #read(core) {
    const version = await this.#place.version();
    const source = await asUtf8(await this.#place.source());
    const index = new Index(core, source, version);
    try {
      index.root = await runOperation(core, index.pointer, index.storage, 'text.open',
        { format: this.#format, size: source?.size ?? 0, location: this.#place.location });
    } catch (error) {
      await index.retire();
      await index.release();
      throw error;
    }
    this.assertOpen();
    await this.#index?.retire();
    this.#index = index;
    await index.release();
    return index;
  }
}

/**
 * A file as a storage of one value, of which ranges are read.
 * @param {ByteSource | undefined} source
 * @returns {Storage}
 */
function storageOf(source) {
  const readSync = source?.readSync?.bind(source);
  const clip = (/** @type {ByteRange} */ range) => {
    const { start, end } = clipRange(source?.size ?? 0, range);
    return { start, length: end - start };
  };
  return /** @type {Storage} */ ({
    kind: 'text', location: source?.location ?? 'nothing', closed: false,
    async getRange(_key, range, options) {
      const { start, length } = clip(range);
      return source?.read(start, length, options);
    },
    ...(readSync && {
      getRangeSync(/** @type {string} */ _key, /** @type {ByteRange} */ range,
        /** @type {(length: number) => Uint8Array} */ reserve) {
        const { start, length } = clip(range);
        readSync(start, [reserve(length)]);
        return true;
      },
    }),
    async close() {},
  });
}

/**
 * Results may be transferred to another thread, which takes them away.
 * @param {PackedTree} tree
 */
function copyOf({ packed, buffers }) {
  return { packed: packed.slice(), buffers: buffers.map((buffer) => buffer.slice(0)) };
}
