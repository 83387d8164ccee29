// SPDX-License-Identifier: MIT
// A file in the origin-private file system as a place: `opfs:PATH.h5`. Readers take it as it is, with
// what a writer has decided; there is one writer among the tabs and workers of the origin.

import { BoresError } from '../../core/errors.js';
import { BlobSource } from '../base/byte-source.js';
import { FileCommitter, startWriter } from '../file/file-committer.js';
import { decodeJournal, withJournal } from '../file/file-journal.js';
import { assertOpen } from '../file/file-place.js';
import { wasDeleted } from './opfs-content.js';
import { OpfsMedium, fileHandle, partName } from './opfs-medium.js';
import { PagedFile } from '../file/paged-file.js';
import { whenFetched } from '../file/sync-file.js';
import { hasSyncHandles } from './sync-handle.js';
import { acquireWebLock, webLockOwner } from '../base/web-lock.js';

/** @import { FilePlace, FileWriter, Snapshot } from '../file/file-place.js' */
/** @import { Part } from '../file/file-medium.js' */
/** @import { ReadOptions, Recovery, WriterOptions } from '../base/storage.js' */
/** @typedef {(create: boolean) => Promise<FileSystemDirectoryHandle | undefined>} FindDirectory */
/** @typedef {{ file?: File, journal?: Uint8Array, draft?: File, version: string }} State */

/** @implements {FilePlace} */
export class OpfsFilePlace {
  kind = 'opfs';
  closed = false;
  #find;
  #name;
  #create;
  #isWritable;

  /**
   * @param {FindDirectory} find  the folder that it is in; undefined when that is absent and not to be made
   * @param {string} name
   * @param {string} location  the same for all who open it: its writer's lock has this name
   * @param {{ create?: boolean, isWritable?: boolean }} [options]  create: absent is empty; isWritable:
   *   whether there are synchronous handles
   */
  constructor(find, name, location, { create = false, isWritable = hasSyncHandles() } = {}) {
    this.location = location;
    this.#find = find;
    this.#name = name;
    this.#create = create;
    this.#isWritable = isWritable;
  }

  /**
   * @param {ReadOptions} [options]
   * @returns {Promise<Snapshot | undefined>}
   */
  async snapshot(options) {
    assertOpen(this, options);
    const { file, journal, draft, version } = await this.#state();
    if (!file || (file.size === 0 && this.#create && !draft)) {
      if (this.#create) return undefined;
      throw new BoresError('ERR_NOT_FOUND', `there is no file ${this.location}`);
    }
    const paged = new PagedFile(new BlobSource(draft ?? file, this.location));
    const read = journal && !draft ? await whenFetched(paged, () =>
      withJournal(paged, journal, `${this.location}.journal`).file, options) : paged;
    return read.size() === 0 && this.#create ? undefined : { file: read, version, close: () => {} };
  }

  /** @param {ReadOptions} [options] */
  async version(options) {
    assertOpen(this, options);
    return (await this.#state()).version;
  }

  async usage() {
    return { bytes: (await this.#state()).file?.size ?? 0, keys: 1 };
  }

  /**
   * @param {WriterOptions} [options]
   * @returns {Promise<FileWriter>}
   */
  async openWriter({ durability = 'strict', signal } = {}) {
    assertOpen(this, { signal });
    if (!this.#isWritable) {
      throw new BoresError('ERR_UNSUPPORTED', `${this.location} can be written in a worker only: open it `
        + 'with { worker: true }');
    }
    const release = await acquireWebLock(`bores/${this.location}`, this.location, signal);
    try {
      const directory = /** @type {FileSystemDirectoryHandle} */ (await this.#find(true));
      const committer = new FileCommitter(new OpfsMedium(directory, this.#name, this.location), durability);
      const writer = await startWriter(committer);
      let isThere = ((await this.#state()).file?.size ?? 0) > 0;
      return { ...writer, close: release, commit: async (overlay, { version, ...options } = {}) => {
        if (isThere && overlay.baseSize === 0) throw wasDeleted(this.location); // not to be begun anew in silence
        await writer.commit(overlay, { ...options,
          ...(version && { isCurrent: async () => (await this.#state()).version === version }) });
        isThere = true;
      } };
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** @returns {Promise<Recovery>} */
  async leftovers() {
    /** @type {Recovery} */
    const left = { dropped: [], restored: [] };
    if (await webLockOwner(`bores/${this.location}`) !== undefined) return left;
    const { journal } = await this.#state();
    const isWhole = journal && decodeJournal(journal, `${this.location}.journal`) !== undefined;
    if (isWhole) left.restored.push(this.#name);
    else if (journal) left.dropped.push(partName(this.#name, '.journal'));
    if (!isWhole && await this.#file('.new')) left.dropped.push(partName(this.#name, '.new'));
    return left;
  }

  async close() {
    this.closed = true;
  }

  /**
   * The journal before the file: one that is there later has been decided after the file was taken.
   * @returns {Promise<State>}
   */
  async #state() {
    const journalFile = await this.#file('.journal');
    const file = await this.#file('');
    const journal = journalFile && new Uint8Array(await journalFile.arrayBuffer());
    const isCopy = journal && decodeJournal(journal, `${this.location}.journal`)?.copies;
    const draft = isCopy ? await this.#file('.new') : undefined;
    const version = [file, journalFile].map((one) => (one ? `${one.size}:${one.lastModified}` : '')).join('+');
    return { file, version: file ? version : '', ...(journal && { journal }), ...(draft && { draft }) };
  }

  /** @param {Part} part @returns {Promise<File | undefined>} */
  async #file(part) {
    const directory = await this.#find(false);
    const handle = directory && await fileHandle(directory, partName(this.#name, part));
    return handle?.getFile();
  }
}
