// SPDX-License-Identifier: MIT
// Entries whose writers have not come to the end.
//
// Our writers commit an entry and the root's `count` together. BORES writes an entry key by key, its
// mark (`_index`) last of all, and `count` often only when it closes the store. So an entry beyond
// `count` may still be under way, or be what a killed writer has left. Only the last can be under
// way; those before it are looked at by repair().

import { BoresError } from '../core/errors.js';
import { Signals } from '../core/signals.js';

/**
 * @import { CallOptions, Content, Run } from './contents.js'
 */

/** Looked at together. */
const AT_ONCE = 256;

export class FinishedMarks {
  #run;
  /** The last group that was found finished although `count` did not say so. */
  #finished = '';

  /** @param {Run} run  an operation on the store */
  constructor(run) {
    this.#run = run;
  }

  /**
   * The group of the last entry when it is unfinished.
   * @param {string[]} groups  of which `count` does not take in the last
   * @param {CallOptions} [options]
   * @returns {Promise<string | undefined>}
   */
  async unfinishedLast(groups, options) {
    const last = groups[groups.length - 1];
    if (last === this.#finished) return undefined;
    const [isFinished, hasMarks] = await this.#look([last, groups[0]], options);
    if (isFinished) this.#finished = last;
    // Where the first entry has no mark either, it is not BORES that writes here.
    return isFinished || (groups.length > 1 && !hasMarks) ? undefined : last;
  }

  /**
   * All groups without a mark, unless none has one.
   * @param {Content} content
   * @param {CallOptions} [options]
   * @returns {Promise<string[]>}
   */
  async unfinished({ layout, groups, unfinished }, options) {
    if (layout === 'steps') return [];
    const all = unfinished === undefined ? groups : [...groups, unfinished];
    /** @type {boolean[]} */
    const marks = [];
    for (let at = 0; at < all.length; at += AT_ONCE) {
      marks.push(...await this.#look(all.slice(at, at + AT_ONCE), options));
    }
    if (unfinished === undefined && !marks.includes(true)) return [];
    return all.filter((_, position) => !marks[position]);
  }

  /**
   * @param {string[]} groups
   * @param {CallOptions} [options]
   * @returns {Promise<boolean[]>}  true also where the attributes are broken: they were whole once
   */
  async #look(groups, options) {
    const signals = new Signals(options?.signal);
    try {
      return await Promise.all(groups.map(async (group) => {
        try {
          const { signal } = signals.open();
          const [{ finished }] = await this.#run('entries', { groups: [group] }, { ...options, signal });
          return finished !== false;
        } catch (error) {
          if (isBroken(error)) return true;
          throw error;
        }
      }));
    } finally {
      signals.abort();
    }
  }
}

/** What is said of a document that is there and cannot be understood. */
const BROKEN = new Set(['ERR_CHECKSUM', 'ERR_METADATA', 'ERR_CORRUPT', 'ERR_UNSUPPORTED', 'ERR_LIMIT']);

/**
 * @param {unknown} error
 * @returns {error is BoresError}
 */
export function isBroken(error) {
  return error instanceof BoresError && BROKEN.has(error.code);
}
