// SPDX-License-Identifier: MIT
// A session over one HDF5 file: the same calls as over a Zarr storage, one after the other.

import { BoresError } from '../../core/errors.js';
import { packTree } from '../../core/pack.js';
import { openFilePlace } from '../../storage/media.js';
import { SessionBase } from '../session.js';
import { Hdf5Reader } from './hdf5-reader.js';
import { Hdf5Writer } from './hdf5-writer.js';

/**
 * @import { PackedTree } from '../../core/pack.js'
 * @import { FilePlace } from '../../storage/file/file-place.js'
 * @import { CallOptions, Session } from '../session.js'
 */

/** What a file that is not there yet holds. */
const NOTHING = { layout: 'empty', attributes: {}, groups: [], listable: true, consolidated: false };

/** @implements {Session} */
export class Hdf5Session extends SessionBase {
  #place;
  #reader;
  /** @type {Hdf5Writer | undefined} */ #writer;
  /** @type {Promise<unknown>} */ #last = Promise.resolve();

  /**
   * @param {unknown} location
   * @param {import('../../storage/media.js').LocationOptions} [options]
   */
  static async open(location, options) {
    return new Hdf5Session(await openFilePlace(location, options));
  }

  /** @param {FilePlace} place  ours to close */
  constructor(place) {
    super(place);
    this.#place = place;
    this.#reader = new Hdf5Reader(place);
  }

  /** Made for who writes first. */
  get writer() {
    return this.#writer ??= new Hdf5Writer(this.#place, (run) => this.#inTurn(run));
  }

  /**
   * @param {string} name
   * @param {unknown} params
   * @param {CallOptions} [options]
   * @returns {Promise<PackedTree>}
   */
  async run(name, params, options) {
    return this.#inTurn(async () => {
      options?.signal?.throwIfAborted();
      const tree = await this.#reader.run(name, params, options);
      if (tree) return tree;
      if (name === 'open') return { packed: packTree(NOTHING).packed, buffers: [] };
      throw new BoresError('ERR_NOT_FOUND', `there is no file ${this.#place.location} yet`);
    });
  }

  /** @override */
  async version() {
    return this.#place.version();
  }

  /**
   * Of the whole file; what a group of it takes is not known.
   * @param {string} [prefix]
   * @param {CallOptions} [options]
   */
  async usage(prefix = '', options) {
    this.assertOpen();
    return prefix === '' ? this.#place.usage(options) : undefined;
  }

  /** @override */
  async closeWriter() {
    return this.#writer?.unlock();
  }

  /** @override */
  async release() {
    await this.#last;
    this.#reader.close();
  }

  /**
   * @template T
   * @param {() => Promise<T>} run
   * @returns {Promise<T>}
   */
  #inTurn(run) {
    const turn = this.#last.then(() => {
      this.assertOpen();
      return run();
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
