// SPDX-License-Identifier: MIT
// What a store holds: which entries there are, under which group, at which index. The root is
// read again whenever somebody asks what there is now; an entry's metadata is read once.

import { BoresError } from '../core/errors.js';
import { FinishedMarks, isBroken } from './unfinished.js';

/**
 * @import { EntryMeta } from './store-types.js'
 * @import { Root } from './store-lock.js'
 * @typedef {{ signal?: AbortSignal }} CallOptions
 * @typedef {(name: string, params: unknown, options?: CallOptions) => Promise<any>} Run
 *
 * unfinished: a group that is none of the entries, since its writer has not come to the end.
 * @typedef {{ layout: string, zarrFormat?: 2 | 3, groups: string[], attributes: Record<string, any>,
 *   unfinished?: string }} Content
 * @typedef {{ group: string, position: number, layout: string }} Located
 */

/** Entries whose metadata are asked for in one operation. */
const ENTRIES_AT_ONCE = 512;

export class Contents {
  #run;
  #location;
  /** @type {Content | undefined} */ #content;
  /** @type {Map<string, EntryMeta>} */ #metas = new Map();
  /** Made when `count` does not say all. @type {FinishedMarks | undefined} */ #marks;
  /** Counts what was written here. */
  #version = 0;

  /**
   * @param {Run} run  an operation on the store
   * @param {string} location
   */
  constructor(run, location) {
    this.#run = run;
    this.#location = location;
  }

  /**
   * What the root says now. Cheap: one listing and two documents.
   * @param {CallOptions} [options]
   * @returns {Promise<Content>}
   */
  async refresh(options) {
    const version = this.#version;
    const { layout, groups, attributes, zarr_format: zarrFormat } = await this.#run('open', null, options);
    const content = { layout, groups, attributes, zarrFormat };
    const unfinished = isCounted(content) ? undefined : await this.#marking().unfinishedLast(groups, options);
    const now = unfinished === undefined ? content
      : { ...content, groups: groups.slice(0, -1), unfinished };
    if (version === this.#version) this.#content = now; // else it may be older than what we wrote
    return now;
  }

  #marking() {
    return this.#marks ??= new FinishedMarks(this.#run);
  }

  /**
   * Groups that are there and that their writers did not finish, in order.
   * @param {CallOptions} [options]
   * @returns {Promise<string[]>}
   */
  async unfinished(options) {
    return this.#marking().unfinished(await this.refresh(options), options);
  }

  /**
   * What the root said when it was read last.
   * @param {CallOptions} [options]
   * @returns {Promise<Content>}
   */
  async known(options) {
    return this.#content ?? this.refresh(options);
  }

  /**
   * @param {CallOptions} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  async entries(options) {
    const { groups, layout } = await this.refresh(options);
    /** @type {Map<string, EntryMeta>} */
    const broken = new Map(); // not kept: it may be put right
    await this.#forgetOld(groups, options);
    const missing = groups.filter((group) => !this.#metas.has(group));
    for (let at = 0; at < missing.length; at += ENTRIES_AT_ONCE) {
      await this.#readMetas(missing.slice(at, at + ENTRIES_AT_ONCE), broken, options);
    }
    return groups.map((group, position) => {
      const entry = /** @type {EntryMeta} */ (this.#metas.get(group) ?? broken.get(group));
      return { ...entry, idx: layout === 'steps' ? position : entry.idx };
    });
  }

  /**
   * Another writer may have put other entries under the same names: replaced the content, or deleted the
   * store and made it anew. The first and the last one that are known are looked at again; who only adds
   * leaves both as they were.
   *
   * @param {string[]} groups
   * @param {CallOptions} [options]
   */
  async #forgetOld(groups, options) {
    const known = groups.filter((group) => this.#metas.has(group));
    if (known.length === 0) return;
    const ends = [...new Set([known[0], known[known.length - 1]])];
    const before = ends.map((group) => textOf(this.#metas.get(group)));
    await this.#readMetas(ends, new Map(), options);
    if (ends.some((group, i) => textOf(this.#metas.get(group)) !== before[i])) this.#metas.clear();
  }

  /**
   * @param {string[]} groups
   * @param {Map<string, EntryMeta>} broken  takes those that cannot be understood
   * @param {CallOptions} [options]
   */
  async #readMetas(groups, broken, options) {
    try {
      const entries = await this.#run('entries', { groups }, options);
      for (const entry of entries) this.#metas.set(entry.group, toEntryMeta(entry));
    } catch (error) {
      if (!isBroken(error)) throw error;
      if (groups.length > 1) {
        for (const group of groups) await this.#readMetas([group], broken, options);
      } else {
        const [group] = groups;
        broken.set(group, { idx: numberOf(group), groupName: group, meta: {}, error });
      }
    }
  }

  /**
   * The index of the entry at a position, by what is known.
   * @param {number} position
   */
  indexOf(position) {
    return indexOf(/** @type {Content} */ (this.#content), position);
  }

  /** The highest index, -1 when there is no entry. @param {CallOptions} [options] */
  async maxIndex(options) {
    const content = await this.refresh(options);
    return content.groups.length === 0 ? -1 : indexOf(content, content.groups.length - 1);
  }

  /**
   * Where an index is among the groups.
   * @param {number} idx  negative ones count from the end, as it is now
   * @param {CallOptions} [options]
   * @returns {Promise<Located>}
   * @throws {BoresError} ERR_INDEX_RANGE, ERR_ARGUMENT
   */
  async locate(idx, options) {
    return (await this.locateAll([idx], options))[0];
  }

  /**
   * @param {readonly number[]} indices
   * @param {CallOptions} [options]
   * @returns {Promise<Located[]>}
   */
  async locateAll(indices, options) {
    const wrong = indices.find((idx) => !Number.isInteger(idx));
    if (wrong !== undefined) {
      throw new BoresError('ERR_ARGUMENT', `an entry's index is an integer, not ${String(wrong)}`);
    }
    let content = /** @type {Content} */ (this.#content);
    // Others may have come since it was read.
    if (!content || indices.some((idx) => idx < 0 || positionOf(content, idx) === -1)) {
      content = await this.refresh(options);
    }
    return indices.map((idx) => {
      const position = positionOf(content, idx);
      if (position === -1) {
        throw new BoresError('ERR_INDEX_RANGE', `${this.#location}: entry ${idx} was asked for, `
          + `there are ${content.groups.length} entries`, { entry: idx });
      }
      return { group: content.groups[position], position, layout: content.layout };
    });
  }

  /**
   * What the root says now, as far as writing goes.
   * @returns {Promise<Root>}
   */
  async root() {
    const content = await this.refresh();
    const { layout, groups, attributes, zarrFormat, unfinished } = content;
    const isEmpty = groups.length === 0;
    // As BORES does: what a killed writer left is written over. One without others beside it may be
    // whole and of somebody else's making: it stays.
    const replaces = isEmpty ? undefined : unfinished;
    const last = isEmpty ? unfinished : groups[groups.length - 1];
    return { layout, zarrFormat, attributes, isEmpty, replaces,
      nextIndex: replaces ? numberOf(replaces) : last === undefined ? 0 : numberOf(last) + 1 };
  }

  /**
   * Takes note of a commit.
   * @param {EntryMeta[]} metas
   * @param {boolean} replaced
   */
  written(metas, replaced) {
    this.#version++;
    if (replaced) this.#metas.clear();
    const known = this.#content;
    // The layout of a store that was empty, and what is unfinished, are known when it is read again.
    if (replaced || known?.groups.length === 0 || known?.unfinished !== undefined) {
      this.#content = undefined;
    } else if (known) {
      const last = numberOf(known.groups[known.groups.length - 1]);
      // Some may have been seen already, between their commit and this call.
      known.groups.push(...metas.filter(({ idx }) => idx > last).map(({ groupName }) => groupName));
    }
  }
}

/**
 * The index of the entry at a position: the number in its name, or in the 'steps' layout, whose names
 * hold step numbers, the position.
 * @param {Content} content
 * @param {number} position
 */
export function indexOf({ layout, groups }, position) {
  return layout === 'steps' ? position : numberOf(groups[position]);
}

/** @param {string} group  entry_0000000012 or step_000012 */
function numberOf(group) {
  return Number(/\d+$/.exec(group)?.[0] ?? -1);
}

/**
 * @param {Content} content
 * @param {number} idx
 */
function positionOf(content, idx) {
  const { groups } = content;
  if (idx < 0) return groups.length + idx >= 0 ? groups.length + idx : -1;
  if (idx < groups.length && indexOf(content, idx) === idx) return idx;
  return groups.findIndex((_, position) => indexOf(content, position) === idx);
}

/** Whether the root's `count` takes in the last entry, which is finished then. @param {Content} content */
function isCounted(content) {
  const { layout, groups, attributes } = content;
  const counted = Number.isInteger(attributes.count) ? attributes.count : 0;
  return groups.length === 0 || layout === 'steps' || indexOf(content, groups.length - 1) < counted;
}

/** @param {unknown} meta */
function textOf(meta) {
  return JSON.stringify(meta, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** @param {any} entry */
function toEntryMeta({ idx, group, meta, step, time }) {
  return { idx, groupName: group, meta, ...(typeof step === 'number' && { step }),
    ...(typeof time === 'number' && { time }) };
}
