// SPDX-License-Identifier: MIT
// Operations that read an HDF5 file which others may be writing: each sees one state of it. A file that has
// changed is opened again; an operation during which it changed is run again.

import { BoresError } from '../../core/errors.js';
import { getHdf5Core, withInstance } from '../../core/hdf5-core.js';
import { Turns, sleep } from '../../core/waiting.js';
import { whenFetched } from '../../storage/file/sync-file.js';

/**
 * @import { Hdf5Core } from '../../core/hdf5-core.js'
 * @import { PackedTree } from '../../core/pack.js'
 * @import { FilePlace, Snapshot } from '../../storage/file/file-place.js'
 * @import { CallOptions } from '../session.js'
 * @typedef {{ core: Hdf5Core, handle: number, snapshot: Snapshot }} Opened
 */

const ATTEMPTS = 30;
const WAIT_MS = 5;

export class Hdf5Reader {
  #place;
  /** @type {Opened | undefined} */ #opened;
  #turns = new Turns();

  /** @param {FilePlace} place  borrowed */
  constructor(place) {
    this.#place = place;
  }

  /**
   * @param {string} name
   * @param {unknown} params
   * @param {CallOptions} [options]
   * @returns {Promise<PackedTree | undefined>}  undefined when there is no file yet
   */
  async run(name, params, options) {
    const refresh = name === 'open';
    for (let attempt = 1; ; attempt += 1) {
      await this.#turns.take(options?.signal);
      const opened = await this.#current({ ...options, refresh });
      if (!opened) return undefined;
      const { core, handle, snapshot } = opened;
      /** @type {{ tree?: PackedTree, error?: unknown }} */
      const outcome = await this.#attempt(opened, () => core.run(handle, name, params), options)
        .then((tree) => ({ tree }), (error) => ({ error }));
      options?.signal?.throwIfAborted();
      if (core.dead) this.close();
      else if (await this.#place.version() !== snapshot.version) {
        this.close();
        if (attempt === ATTEMPTS) {
          throw new BoresError('ERR_STORAGE', `${this.#place.location} is being written faster than '${name}' `
            + `can be read: it changed during each of ${ATTEMPTS} attempts`);
        }
        await sleep(WAIT_MS * Math.min(attempt, 10), options?.signal);
        continue;
      }
      if (outcome.tree) return outcome.tree;
      throw outcome.error;
    }
  }

  /** What is open may be old: the next operation opens it anew. */
  close() {
    const { core, handle, snapshot } = this.#opened ?? {};
    this.#opened = undefined;
    try {
      if (core && handle && !core.dead) core.close(handle);
    } finally {
      snapshot?.close();
    }
  }

  /**
   * @param {CallOptions & { refresh: boolean }} options
   * @returns {Promise<Opened | undefined>}
   */
  async #current(options) {
    const core = await getHdf5Core();
    const version = await this.#place.version(options);
    if (this.#opened?.core === core && this.#opened.snapshot.version === version) return this.#opened;
    this.close();
    for (let attempt = 1; ; attempt += 1) {
      const snapshot = await this.#place.snapshot(options);
      if (!snapshot) return undefined;
      try {
        const handle = await this.#attempt({ core, snapshot }, () => core.open(snapshot.file),
          { ...options, drop: (unread) => core.close(unread) })
          .catch((error) => { throw this.#named(error); });
        this.#opened = { core, handle, snapshot };
        return this.#opened;
      } catch (error) {
        snapshot.close();
        const changed = !core.dead && await this.#place.version() !== snapshot.version;
        if (!changed || attempt === ATTEMPTS) throw error;
        await sleep(WAIT_MS, options.signal);
      }
    }
  }

  /**
   * @template T
   * @param {{ core: Hdf5Core, snapshot: Snapshot }} opened
   * @param {() => T} run
   * @param {CallOptions & { drop?: (result: T) => void }} [options]
   */
  #attempt({ core, snapshot }, run, options) {
    return whenFetched(snapshot.file, () => withInstance(core, this.#place.location, run), options);
  }

  /**
   * What HDF5 says of a file that is none has no name in it.
   * @param {unknown} error
   */
  #named(error) {
    const { location } = this.#place;
    if (!(error instanceof BoresError) || error.message.includes(location)) return error;
    return new BoresError(error.code, `${location}: ${error.message}`, { cause: error });
  }
}
