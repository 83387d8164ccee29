// SPDX-License-Identifier: MIT
// What is known of a run in IndexedDB: its record and where each key's value lies, as of some
// moment. Taking in what has been committed since reads the pages that are new.

import { BoresError } from '../../core/errors.js';
import { result } from './idb-connection.js';
import { isSameRun, readPage } from './idb-segments.js';
import { PlaceIndex } from '../base/place-index.js';

/** @import { Connection } from './idb-connection.js' */
/** @import { ImportRecord, IndexPage, Place, RunRecord } from './idb-segments.js' */

/** A page by its number. @typedef {{ number: number, page: IndexPage }} NumberedPage */

export class RunContent {
  /** @type {PlaceIndex<Place>} */ places = new PlaceIndex();
  /** Undefined: there is no such run, yet. @type {RunRecord | undefined} */ run;
  /** The number of the last page taken in. */ lastPage = -1;
  /** A writer of this content has the run's lock: nobody else changes it. */ writing = false;
  /** @type {Promise<unknown>} */ #last = Promise.resolve();

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /**
   * Takes in what is there now.
   *
   * @param {Connection} connection
   * @returns {Promise<ImportRecord | undefined>}  what an import has left, or one under way
   */
  refresh(connection) {
    const turn = this.#last.then(() => this.#refresh(connection, false));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /**
   * The same for one who has begun to read, and found that a value went away.
   * @param {Connection} connection
   * @throws {BoresError} ERR_STORAGE when it is another run by now
   */
  catchUp(connection) {
    const turn = this.#last.then(() => this.#refresh(connection, true));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /**
   * @param {RunRecord | undefined} run  that is there now
   * @throws {BoresError} ERR_STORAGE when it is another run than the one that is known: what lies where
   *   is known of the latter only
   */
  assertSame(run) {
    if (isSameRun(run, this.run)) return;
    throw new BoresError('ERR_STORAGE', `idb:${this.name} was ${run ? 'replaced' : 'deleted'} since it was `
      + 'opened: open it again');
  }

  /**
   * Takes in all of what was read.
   * @param {{ run: RunRecord | undefined, pages: NumberedPage[] }} found
   */
  adopt({ run, pages }) {
    this.places.clear();
    this.lastPage = -1;
    this.run = run;
    this.#take(pages);
  }

  /**
   * What a commit of ours has changed.
   * @param {RunRecord} run
   * @param {Iterable<readonly [key: string, place: Place | undefined]>} changes
   */
  committed(run, changes) {
    for (const [key, place] of changes) {
      if (place === undefined) this.places.delete(key);
      else this.places.set(key, place);
    }
    this.run = run;
    this.lastPage = (run.nextPage ?? 0) - 1;
  }

  /**
   * @param {Connection} connection
   * @param {boolean} sameRun  another one is an error
   */
  async #refresh(connection, sameRun) {
    if (this.writing) return undefined;
    let found = await readRun(connection, this.run && this.lastPage);
    if (sameRun) this.assertSame(found.run);
    if (!isSameRun(found.run, this.run) || found.run?.firstPage !== this.run?.firstPage) {
      if (this.run !== undefined) found = await readRun(connection, undefined);
      this.adopt(found);
    } else {
      this.run = found.run;
      this.#take(found.pages);
    }
    return found.remains;
  }

  /** @param {NumberedPage[]} pages  by number */
  #take(pages) {
    for (const { number, page } of pages) {
      for (const [key, place] of readPage(page)) {
        if (place === undefined) this.places.delete(key);
        else this.places.set(key, place);
      }
      this.lastPage = number;
    }
  }
}

/**
 * @param {Connection} connection
 * @param {number | undefined} after  only pages after this one; undefined: all
 */
export function readRun(connection, after) {
  return connection.run('readonly', async (transaction) => {
    const meta = transaction.objectStore('meta');
    const index = transaction.objectStore('index');
    const range = after === undefined ? undefined : IDBKeyRange.lowerBound(after, true);
    const [run, remains, numbers, pages] = await Promise.all([
      result(/** @type {IDBRequest<RunRecord | undefined>} */ (meta.get('run'))),
      result(/** @type {IDBRequest<ImportRecord | undefined>} */ (meta.get('import'))),
      result(index.getAllKeys(range)),
      result(/** @type {IDBRequest<IndexPage[]>} */ (index.getAll(range))),
    ]);
    return { run, remains, pages: pages.map((page, i) => ({ number: Number(numbers[i]), page })) };
  });
}
