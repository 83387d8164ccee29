// SPDX-License-Identifier: MIT
// Commits to one file, over whatever keeps it (`Medium`). What is new goes behind the old end first,
// where nobody looks for it; what changes inside the old file goes into a journal beside it, and when
// that is durable the commit is decided. Then it is written in place, the first page last, and
// the journal removed. A kill leaves the old file, perhaps with more behind its end, or the new one,
// perhaps in a journal: `file-journal.js` tells. A new content as a whole is written beside.

import { BoresError } from '../../core/errors.js';
import { Change, writeInside } from './file-change.js';
import { encodeHead, encodeRest, firstOf, withJournal } from './file-journal.js';
import { checksumOf, copyAll, readAll, toSyncFile } from './file-medium.js';

/**
 * @import { Medium, MediumFile, Part } from './file-medium.js'
 * @import { OverlayFile } from './overlay-file.js'
 * @import { Recovery } from '../base/storage.js'
 * @import { SyncFile } from './sync-file.js'
 *
 * `signal`: until it is decided; `isCurrent`: asked when the file is open, so that nobody else can write.
 * @typedef {{ signal?: AbortSignal, isCurrent?: () => Promise<boolean> }} CommitOptions
 *
 * A new content on its way: `file` is written, then published or abandoned.
 * @typedef {{ file: SyncFile, publish: () => Promise<void>, abandon: () => Promise<void> }} Replacement
 */

export class FileCommitter {
  /** Why nothing may be written before settle() has put it right. @type {unknown} */ broken;
  #medium;
  #durable;

  /**
   * @param {Medium} medium
   * @param {'strict' | 'relaxed'} durability
   */
  constructor(medium, durability) {
    this.#medium = medium;
    this.#durable = durability === 'strict';
  }

  /**
   * Finishes what was decided and drops what was not.
   * @returns {Promise<Recovery>}
   */
  async settle() {
    const medium = this.#medium;
    /** @type {Recovery} */
    const done = { dropped: [], restored: [] };
    const bytes = await readAll(medium, '.journal');
    if (bytes) {
      const finished = await this.#settleJournal(bytes);
      done[finished ? 'restored' : 'dropped'].push(medium.nameOf(finished ? '' : '.journal'));
      await this.#forget('.journal');
    }
    const draft = await medium.open('.new');
    draft?.close();
    if (draft) {
      if (done.restored.length === 0) done.dropped.push(medium.nameOf('.new'));
      await this.#forget('.new');
    }
    this.broken = undefined;
    return done;
  }

  /**
   * Makes the file what it is with the overlay, which lies over the file as it is.
   * @param {OverlayFile} overlay
   * @param {CommitOptions} [options]
   * @throws {BoresError} ERR_LOCKED when it is another file by now
   */
  async commit(overlay, { signal, isCurrent } = {}) {
    this.#assertWhole();
    if (!overlay.changed) return;
    const file = await this.#openBase(overlay, isCurrent);
    const change = new Change(file, overlay);
    try {
      await this.#decide(change, signal);
      await this.#apply(change);
      await this.#medium.assertThere?.('', change.file);
    } finally {
      change.file.close();
    }
    await this.#forget('.journal').catch(() => undefined); // it says what is there: the next writes over it
  }

  /**
   * The file that an overlay lies over. Where no lock keeps others out it may have been written since, or
   * removed: then the overlay's pages belong to what is not there any more.
   *
   * @param {OverlayFile} overlay
   * @param {CommitOptions['isCurrent']} isCurrent
   * @returns {Promise<MediumFile>}
   */
  async #openBase(overlay, isCurrent) {
    const medium = this.#medium;
    const { baseSize } = overlay;
    const file = await medium.open('') ?? (baseSize === 0 ? await medium.open('', { create: true }) : undefined);
    if (file?.size() === baseSize && (await isCurrent?.() ?? true)) return file;
    file?.close();
    throw new BoresError('ERR_LOCKED', `${medium.location} was ${file ? 'changed by another writer' : 'removed'} `
      + 'since it was read');
  }

  /** @returns {Promise<Replacement>} */
  async replace() {
    this.#assertWhole();
    const medium = this.#medium;
    const draft = /** @type {MediumFile} */ (await medium.open('.new', { create: true }));
    let isOpen = true;
    const end = () => {
      if (isOpen) draft.close();
      isOpen = false;
    };
    const abandon = async () => {
      end();
      await medium.remove('.new').catch(() => undefined); // else the next writer does it
    };
    return {
      file: toSyncFile(draft, medium.nameOf('.new')),
      publish: async () => {
        try {
          await draft.sync(); // always: the old content goes
          if (!medium.rename) return await this.#copyFrom(draft);
          end();
          await medium.rename('.new', '');
        } catch (error) {
          if (!this.broken) await abandon();
          throw error;
        } finally {
          end();
        }
        await medium.syncNames();
      },
      abandon,
    };
  }

  /**
   * What can fail for want of room is done here.
   * @param {Change} change
   * @param {AbortSignal} [signal]
   */
  async #decide(change, signal) {
    /** @type {MediumFile | undefined} */
    let journal;
    try {
      journal = /** @type {MediumFile} */ (await this.#medium.open('.journal', { create: true }));
      const head = change.head();
      journal.write(0, head);
      await this.#sync(journal);
      if (this.#durable) await this.#medium.syncNames();
      if (change.grow()) await this.#sync(change.file);
      signal?.throwIfAborted();
      let at = head.length;
      for (const bytes of encodeRest(head, change.inside)) {
        journal.write(at, bytes);
        at += bytes.length;
      }
      await this.#sync(journal);
      journal.close();
    } catch (error) {
      journal?.close();
      await this.#undo(change, error);
    }
  }

  /** @param {Change} change */
  async #apply(change) {
    try {
      change.write();
      await this.#sync(change.file);
    } catch (error) {
      await this.#undo(change, error);
    }
    try {
      if (change.cut()) await this.#sync(change.file);
    } catch (error) {
      this.broken = error;
      throw error;
    }
  }

  /**
   * @param {Change} change
   * @param {unknown} error
   * @returns {Promise<never>}
   */
  async #undo(change, error) {
    try {
      change.undo();
      await this.#sync(change.file);
      await this.#forget('.journal');
      if (change.file.size() > 0) throw error;
      change.file.close();
      await this.#medium.remove(''); // it was made for this
    } catch (second) {
      if (second !== error) this.broken = error;
    }
    throw error;
  }

  /**
   * Where files cannot be renamed: what is to be copied is decided by a journal.
   * @param {MediumFile} draft
   */
  async #copyFrom(draft) {
    const medium = this.#medium;
    const file = /** @type {MediumFile} */ (await medium.open('') ?? await medium.open('', { create: true }));
    const oldSize = file.size();
    /** @type {MediumFile | undefined} */
    let journal;
    try {
      journal = /** @type {MediumFile} */ (await medium.open('.journal', { create: true }));
      const head = encodeHead({ oldSize, newSize: draft.size(), copies: true,
        print: checksumOf(draft), first: firstOf(toSyncFile(file, medium.location), oldSize) });
      journal.write(0, head);
      await journal.sync();
      if (draft.size() > oldSize) file.truncate(draft.size()); // for want of room it fails now
      let at = head.length;
      for (const bytes of encodeRest(head, [])) {
        journal.write(at, bytes);
        at += bytes.length;
      }
      await journal.sync();
      journal.close();
    } catch (error) {
      journal?.close();
      if (file.size() > oldSize) file.truncate(oldSize);
      file.close();
      await medium.remove('.journal').catch((second) => { this.broken = second; });
      throw error;
    }
    try {
      await copyAll(draft, file);
      await medium.assertThere?.('', file);
    } catch (error) {
      this.broken = error;
      throw error;
    } finally {
      draft.close();
      file.close();
    }
    await this.#forget('.journal');
    await this.#forget('.new');
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {Promise<boolean>}  whether it was whole
   */
  async #settleJournal(bytes) {
    const medium = this.#medium;
    const file = /** @type {MediumFile} */ (await medium.open('') ?? await medium.open('', { create: true }));
    let isNothing = false;
    try {
      const { journal, head } = withJournal(toSyncFile(file, medium.location), bytes, medium.nameOf('.journal'));
      if (journal?.copies) {
        const draft = await openDraft(medium, journal.newSize, journal.print);
        await copyAll(draft, file).finally(() => draft.close());
      } else if (journal) {
        writeInside(file, journal.extents);
        file.truncate(journal.newSize);
        await file.sync();
      } else if (head) {
        file.truncate(head.oldSize);
        await file.sync();
      }
      isNothing = !journal && file.size() === 0; // it was being made
      return journal !== undefined;
    } finally {
      file.close();
      if (isNothing) await medium.remove('');
    }
  }

  /** @param {MediumFile} file */
  async #sync(file) {
    if (this.#durable) await file.sync();
  }

  /** @param {Part} part */
  async #forget(part) {
    await this.#medium.remove(part);
    if (this.#durable) await this.#medium.syncNames(); // it must not come back when others have written
  }

  #assertWhole() {
    if (this.broken === undefined) return;
    throw new BoresError('ERR_STORAGE', `${this.#medium.location} cannot be written: an earlier commit could `
      + 'neither be finished nor undone; call recover() when its cause is gone, or open a new writer',
    { cause: this.broken });
  }
}

/**
 * @param {Medium} medium
 * @param {number} size
 * @param {number} print
 */
async function openDraft(medium, size, print) {
  const draft = await medium.open('.new');
  if (draft?.size() === size && checksumOf(draft) === print) return draft;
  draft?.close();
  throw new BoresError('ERR_CORRUPT', `${medium.nameOf('.journal')} says that ${medium.location} is to be `
    + `replaced by ${medium.nameOf('.new')} of ${size} bytes, which ${draft ? 'is another' : 'is not there'}`);
}

/**
 * The writing half of a place, over a committer whose lock is held.
 * @param {FileCommitter} committer
 * @returns {Promise<Omit<import('./file-place.js').FileWriter, 'close' | 'commit'>
 *   & { commit: (overlay: OverlayFile, options?: CommitOptions) => Promise<void> }>}
 */
export async function startWriter(committer) {
  return {
    recovered: await committer.settle(),
    commit: (overlay, options) => committer.commit(overlay, options),
    replace: () => committer.replace(),
    recover: () => committer.settle(),
  };
}
