// SPDX-License-Identifier: MIT
// The writing half of an HDF5 session: HDF5 writes into memory over the file as it is, and what came of
// that is committed by the file's place. A new content is written to a file beside it.

import { BoresError } from '../../core/errors.js';
import { getHdf5Core, withInstance } from '../../core/hdf5-core.js';
import { OverlayFile } from '../../storage/file/overlay-file.js';
import { EmptyFile, whenFetched } from '../../storage/file/sync-file.js';
import { WriterBase } from '../session.js';
import { fromPuts } from './hdf5-entries.js';

/**
 * @import { Puts } from '../../core/encode.js'
 * @import { Hdf5Core } from '../../core/hdf5-core.js'
 * @import { Replacement } from '../../storage/file/file-committer.js'
 * @import { FilePlace, FileWriter } from '../../storage/file/file-place.js'
 * @import { CallOptions, Change, SessionWriter } from '../session.js'
 * @typedef {<T>(run: () => Promise<T>) => Promise<T>} InTurn
 * @typedef {{ count: number, attributes: Record<string, unknown> }} RootParams
 */

/**
 * @implements {SessionWriter}
 * @extends {WriterBase<FileWriter>}
 */
export class Hdf5Writer extends WriterBase {
  #place;
  #inTurn;
  /** @type {{ replacement: Replacement, core: Hdf5Core, handle: number } | undefined} */ #replacing;

  /**
   * @param {FilePlace} place  borrowed
   * @param {InTurn} inTurn  one call of the session after the other
   */
  constructor(place, inTurn) {
    super(place);
    this.#place = place;
    this.#inTurn = inTurn;
  }

  /**
   * @param {Change} change
   * @param {CallOptions} [options]
   */
  async commit({ puts, deletes = [], root }, { signal } = {}) {
    return this.#inTurn(async () => {
      const writer = await this.locked();
      const core = await getHdf5Core();
      const entries = puts.flatMap(fromPuts);
      const snapshot = await this.#place.snapshot({ signal });
      const base = snapshot?.file ?? new EmptyFile(this.#place.location);
      try {
        const overlay = await whenFetched(base, () => {
          const attempt = new OverlayFile(base);
          const handle = this.#guard(core, () => core.open(attempt, { mode: snapshot ? 'r+' : 'w' }));
          this.#write(core, handle, () => {
            const { count } = /** @type {RootParams} */ (root);
            if (deletes.length > 0) core.run(handle, 'remove', { groups: deletes, count });
            for (const entry of entries) core.runPacked(handle, 'write', entry);
            core.run(handle, 'write', { entries: [], .../** @type {RootParams} */ (root) });
          });
          return attempt;
        }, { signal });
        signal?.throwIfAborted();
        await writer.commit(overlay, { signal, version: snapshot?.version });
      } finally {
        snapshot?.close();
      }
    });
  }

  /** @returns {Promise<never>} */
  async consolidate() {
    throw new BoresError('ERR_UNSUPPORTED', `${this.#place.location} is HDF5: its metadata are in one place`);
  }

  async replaceBegin() {
    const writer = await this.locked();
    const core = await getHdf5Core();
    const replacement = await writer.replace();
    try {
      const handle = this.#guard(core, () => core.open(replacement.file, { mode: 'w' }));
      this.#replacing = { replacement, core, handle };
    } catch (error) {
      await replacement.abandon();
      throw error;
    }
  }

  /** @param {Puts} puts */
  async replaceAdd(puts) {
    const { core, handle } = this.#replacement();
    this.#guard(core, () => {
      for (const entry of fromPuts(puts)) core.runPacked(handle, 'write', entry);
    });
  }

  /** @param {unknown} root */
  async replaceEnd(root) {
    const { core, handle, replacement } = this.#replacement();
    this.#replacing = undefined;
    try {
      const params = { entries: [], .../** @type {RootParams} */ (root) };
      this.#write(core, handle, () => core.run(handle, 'write', params));
    } catch (error) {
      await replacement.abandon();
      throw error;
    }
    await this.#inTurn(() => replacement.publish());
  }

  /** @override */
  async replaceAbort() {
    const { core, handle, replacement } = this.#replacing ?? {};
    this.#replacing = undefined;
    try {
      if (core && handle && !core.dead) core.close(handle);
    } catch {
      // what it could not flush is given up anyway
    }
    await replacement?.abandon();
  }

  /** @override */
  get cannotBeWritten() {
    return `an HDF5 file of kind '${this.#place.kind}' cannot be written`;
  }

  /**
   * Writes and closes: what was written is in the file then.
   * @param {Hdf5Core} core
   * @param {number} handle
   * @param {() => unknown} run
   */
  #write(core, handle, run) {
    try {
      this.#guard(core, run);
    } catch (error) {
      try {
        if (!core.dead) core.close(handle);
      } catch {
        // the first error says more
      }
      throw error;
    }
    this.#guard(core, () => core.close(handle));
  }

  /**
   * @template T
   * @param {Hdf5Core} core
   * @param {() => T} run
   */
  #guard(core, run) {
    return withInstance(core, this.#place.location, run);
  }

  #replacement() {
    if (!this.#replacing) throw new BoresError('ERR_STATE', 'no replacement has been begun');
    return this.#replacing;
  }
}
