// SPDX-License-Identifier: MIT
// Keeps the pages of a run's index few: a commit adds one, and as soon as there are MERGED of one
// level at the end, they become one of the next. So a key is written again once a level, and opening a
// run of 10,000 small commits reads some dozens of pages.

import { PAGE_KEYS, toPage } from './idb-segments.js';

/** @import { NumberedPage } from './idb-content.js' */
/** @import { IndexPage, Place } from './idb-segments.js' */

const MERGED = 32;

/** @typedef {{ number: number, level: number, keys: string[] }} Tail */

export class PageMerger {
  /** Pages at the end that may still be merged. @type {Tail[]} */ #tail;

  /** @param {readonly NumberedPage[]} pages  of the run */
  constructor(pages) {
    const first = pages.findLastIndex(({ page }) => page.level === undefined) + 1;
    this.#tail = pages.slice(first).map(({ number, page }) => (
      { number, level: page.level ?? 0, keys: page.keys === '' ? [] : page.keys.split('\0') }));
  }

  /**
   * The page for a commit, and those that go with it.
   *
   * @param {readonly string[]} keys  that the commit changes
   * @param {number} number  of the page
   * @param {(key: string) => Place | undefined} placeOf  where each key is after the commit
   * @returns {{ page: IndexPage, merged: number[], accept: () => void }}  accept(): it is committed
   */
  plan(keys, number, placeOf) {
    const tail = [...this.#tail];
    /** @type {Tail} */
    let last = { number, level: 0, keys: [...keys] };
    /** @type {number[]} */
    const merged = [];
    for (;;) {
      const same = tail.slice(1 - MERGED);
      if (same.length < MERGED - 1 || same.some(({ level }) => level !== last.level)) break;
      const all = new Set([...same, last].flatMap((page) => page.keys));
      if (all.size > PAGE_KEYS) break;
      tail.length -= same.length;
      merged.push(...same.map((page) => page.number));
      last = { number, level: last.level + 1, keys: [...all] };
    }
    tail.push(last);
    const page = toPage(last.keys.map((key) => [key, placeOf(key)]));
    return {
      page: { ...page, level: last.level },
      merged: merged.filter((other) => other !== number),
      accept: () => { this.#tail = tail; },
    };
  }
}
