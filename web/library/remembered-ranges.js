// SPDX-License-Identifier: MIT
// Ranges of steps that were found by reading them, kept in this browser for the next visit. They are a run's as long
// as what tells it apart is as it was: sizes and dates of its files, what a server says of them, the letters of a
// copy. What they are compared with when a step is shown is told by RangeScan.

import { ONE_FILE } from '../model/growth.js';
import { isCopy } from '../model/kept.js';

/** @typedef {import('../model/range.js').Ends} Ends */
/** Of a run: ends by property and by entry; `mark`: what tells it apart.
 * @typedef {{ place: string, mark: string, at: number, ranges: Record<string, Record<number, number[]>> }} Kept */

/**
 * `location`: as `openStore` takes it; `document`: of a folder on a server the one that says how many steps there
 * are, null where there is none.
 * @typedef {{ location: unknown, document: string | null }} Place
 */

const DATABASE = 'bores-ranges';
const STORE = 'runs';
/** Runs that are kept; older ones are forgotten. */
const MOST = 200;
/** Files of which a run may consist: looking at more takes longer than reading it. */
const MOST_FILES = 2000;

export class RememberedRanges {
  #place;
  /** @type {Promise<Kept | null> | null} */ #kept = null;
  #writing = Promise.resolve();

  /** @param {Place} place */
  constructor(place) {
    this.#place = place;
  }

  /**
   * @param {string} property
   * @param {ReadonlyMap<number, number>} wanted  steps by entry
   * @returns {Promise<Map<number, Ends>>}  by step; empty where this browser keeps nothing
   */
  async lookUp(property, wanted) {
    const kept = await (this.#kept ??= this.#find());
    /** @type {Map<number, Ends>} */ const found = new Map();
    wanted.forEach((step, entry) => {
      const ends = kept?.ranges[property]?.[entry];
      if (ends) found.set(step, { lo: ends[0], hi: ends[1], loPositive: ends[2], missing: ends[3] });
    });
    return found;
  }

  /**
   * One after the other, as they come.
   * @param {string} property
   * @param {ReadonlyMap<number, Ends>} found  by entry
   * @param {boolean} anew  what was kept of the property is not so
   */
  remember(property, found, anew) {
    const written = this.#writing.catch(() => {}).then(() => this.#write(property, found, anew));
    this.#writing = written;
    return written;
  }

  /** @param {string} property @param {ReadonlyMap<number, Ends>} found @param {boolean} anew */
  async #write(property, found, anew) {
    const kept = await (this.#kept ??= this.#find());
    if (!kept || found.size === 0) return;
    const ends = anew ? {} : { ...kept.ranges[property] };
    found.forEach(({ lo, hi, loPositive, missing }, entry) => {
      if (missing !== null) ends[entry] = [lo, hi, loPositive, missing];
    });
    kept.ranges[property] = ends;
    kept.at = Date.now();
    await transact('readwrite', (store) => store.put(kept));
    await forgetOldest();
  }

  /** @returns {Promise<Kept | null>}  null: nothing tells it apart from another run, or nothing can be kept */
  async #find() {
    try {
      const told = await markOf(this.#place);
      if (told === null) return null;
      const before = /** @type {Kept | undefined} */ (await transact('readonly', (store) => store.get(told.place)));
      return before?.mark === told.mark ? before : { ...told, at: Date.now(), ranges: {} };
    } catch {
      return null; // a page that may store nothing, a server that is away
    }
  }
}

/**
 * Where a run is, and what tells it apart from another one that is there later.
 * @param {Place} of
 * @returns {Promise<{ place: string, mark: string } | null>}
 */
async function markOf({ location, document }) {
  if (typeof location === 'string') {
    if (isCopy(location)) return { place: location, mark: '' };
    return /^https?:/.test(location) ? serverMark(location, document) : null;
  }
  if (/** @type {any} */ (location)?.kind === 'directory') return folderMark(location);
  const files = (Array.isArray(location) ? location : [location]).map((file) => file?.file ?? file);
  if (files.length > MOST_FILES || !files.every((file) => file instanceof File)) return null;
  return { place: `file ${files[0].name}`, mark: files.map(fileMark).join('\n') };
}

/** @param {File} file */
function fileMark({ name, size, lastModified }) {
  return `${name} ${size} ${lastModified}`;
}

/** What a server says of a file, or of a folder's document. @param {string} location @param {string | null} document */
async function serverMark(location, document) {
  const url = new URL(location);
  url.hash = '';
  const asked = new URL(url);
  if (!ONE_FILE.test(url.pathname)) {
    if (document === null) return null;
    asked.pathname = `${url.pathname.replace(/\/$/, '')}/${document}`;
  }
  const { ok, headers } = await fetch(asked, { method: 'HEAD', cache: 'no-cache' });
  const said = ['etag', 'last-modified'].map((name) => headers.get(name));
  // Without either nothing tells one content from another.
  if (!ok || said.every((text) => !text)) return null;
  return { place: url.href, mark: [...said, headers.get('content-length')].join(' ') };
}

/** @param {any} folder  its handle */
async function folderMark(folder) {
  const marks = [];
  for await (const [name, handle] of folder.entries()) {
    marks.push(handle.kind === 'file' ? fileMark(await handle.getFile()) : name);
    if (marks.length > MOST_FILES) return null;
  }
  return { place: `folder ${folder.name}`, mark: marks.sort().join('\n') };
}

/**
 * One transaction; what the request gives.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T>}
 */
async function transact(mode, ask) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'place' });
  const database = await settled(opening);
  try {
    return await settled(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function forgetOldest() {
  const all = /** @type {Kept[]} */ (await transact('readonly', (store) => store.getAll()));
  for (const { place } of all.sort((a, b) => b.at - a.at).slice(MOST)) {
    await transact('readwrite', (store) => store.delete(place));
  }
}
