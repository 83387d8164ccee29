// SPDX-License-Identifier: MIT
// What a store holds: which entries there are, under which group, at which index. The root is
// read again whenever somebody asks what there is now; an entry's metadata is read once.

import { BoresError } from '../core/errors.js';

/**
 * @import { EntryMeta } from './data-store.js'
 * @import { Root } from './entry-writer.js'
 * @typedef {{ signal?: AbortSignal }} CallOptions
 * @typedef {(name: string, params: unknown, options?: CallOptions) => Promise<any>} Run
 * @typedef {{ layout: string, groups: string[], attributes: Record<string, any> }} Content
 * @typedef {{ group: string, position: number, layout: string }} Located
 */

/** Entries whose metadata are asked for in one operation. */
const ENTRIES_AT_ONCE = 512;

export class Contents {
  #run;
  #location;
  /** @type {Content | undefined} */ #content;
  /** @type {Map<string, EntryMeta>} */ #metas = new Map();

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
    const { layout, groups, attributes } = await this.#run('zarr.open', null, options);
    this.#content = { layout, groups, attributes };
    return this.#content;
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
    const missing = groups.filter((group) => !this.#metas.has(group));
    for (let at = 0; at < missing.length; at += ENTRIES_AT_ONCE) {
      await this.#readMetas(missing.slice(at, at + ENTRIES_AT_ONCE), options);
    }
    return groups.map((group, position) => {
      const entry = /** @type {EntryMeta} */ (this.#metas.get(group));
      return { ...entry, idx: layout === 'steps' ? position : entry.idx };
    });
  }

  /**
   * @param {string[]} groups
   * @param {CallOptions} [options]
   */
  async #readMetas(groups, options) {
    const entries = await this.#run('zarr.entries', { groups }, options);
    for (const entry of entries) this.#metas.set(entry.group, toEntryMeta(entry));
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
   * What writing needs to know of the root.
   * @param {boolean} anew  read it again; while the writer's lock is held nobody else changes it
   * @returns {Promise<Root>}
   */
  async root(anew) {
    const content = anew ? await this.refresh() : await this.known();
    const { layout, groups, attributes } = content;
    return { layout, attributes, count: groups.length,
      nextIndex: groups.length === 0 ? 0 : indexOf(content, groups.length - 1) + 1 };
  }

  /**
   * Takes note of a commit.
   * @param {EntryMeta[]} metas
   * @param {boolean} replaced
   */
  written(metas, replaced) {
    if (replaced) this.#metas.clear();
    if (replaced || this.#content?.layout === 'empty') {
      this.#content = undefined; // its layout is known when it is read again
    }
    this.#content?.groups.push(...metas.map(({ groupName }) => groupName));
  }
}

/**
 * The index of the entry at a position: the number in its name, or in the 'steps' layout, whose names
 * hold step numbers, the position.
 * @param {Content} content
 * @param {number} position
 */
export function indexOf({ layout, groups }, position) {
  return layout === 'steps' ? position : Number(/\d+$/.exec(groups[position])?.[0] ?? position);
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

/** @param {any} entry */
function toEntryMeta({ idx, group, meta, step, time }) {
  return { idx, groupName: group, meta, ...(typeof step === 'number' && { step }),
    ...(typeof time === 'number' && { time }) };
}
