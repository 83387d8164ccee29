// SPDX-License-Identifier: MIT
// A store that this side alone may write: its lock, what the root says while it is held, and commits
// that keep the two true.

import { readPuts } from '../core/encode.js';
import { BoresError } from '../core/errors.js';
import { markFloats } from '../core/pack.js';
import { backendOf } from '../formats/backends.js';
import { floatsOf } from '../values/float-fields.js';
import { toStored } from '../state/stored-tree.js';

/**
 * @import { EntryMeta, OpenOptions } from './store-types.js'
 * @import { Contents } from './contents.js'
 * @import { Puts } from '../core/encode.js'
 * @import { Encoded } from './entry-draft.js'
 * @import { Encoder, Session } from '../formats/session.js'
 * @import { Recovery, Staged, Staging } from '../storage/base/storage.js'
 *
 * What the root says, as far as writing goes. `replaces`: what a killed writer left at `nextIndex`.
 * @typedef {{ layout: string, zarrFormat?: 2 | 3, isEmpty: boolean, nextIndex: number, replaces?: string,
 *   attributes: Record<string, any> }} Root
 *
 * @typedef {object} Store
 * @property {() => Promise<Session>} session
 * @property {() => Promise<Encoder>} encoder
 * @property {OpenOptions} options
 * @property {string} backend
 * @property {string} location
 */

/** @type {Recovery} */
const NOTHING = { dropped: [], restored: [] };

export class StoreLock {
  #store;
  #contents;
  /** While the lock is held nobody else changes it. @type {Root | undefined} */ #root;
  /** In mode 'w', before the first commit: it replaces what is there. */
  #truncates;
  /** Where entries may be written ahead. @type {Staging | undefined} */ #staging;
  /** A commit failed: what it left is recovered before the next. */
  #mustRecover = false;
  #wasConsolidated = false;
  #changed = false;

  /**
   * @param {Store} store
   * @param {Contents} contents
   */
  constructor(store, contents) {
    this.#store = store;
    this.#contents = contents;
    this.#truncates = store.options.mode === 'w';
  }

  /**
   * Becomes the one writer, and reads the root again: what it said before may be old.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<Recovery>}  what was recovered, when the lock was taken now
   * @throws {BoresError} ERR_LOCKED, ERR_READ_ONLY, ERR_NOT_FOUND for what is no store
   */
  async take({ signal } = {}) {
    if (this.#root) return NOTHING;
    const { mode, durability } = this.#store.options;
    if (mode === 'r') {
      throw new BoresError('ERR_READ_ONLY', `${this.#store.location} was opened with mode 'r'`);
    }
    const { writer } = await this.#store.session();
    const recovered = await writer.lock({ ...(durability && { durability }), signal });
    try {
      await this.reread();
      this.#wasConsolidated ||= await writer.isConsolidated();
      this.#staging = await writer.staging();
      return recovered;
    } catch (error) {
      await writer.unlock();
      throw error;
    }
  }

  /** Lets others write. */
  async release() {
    if (!this.#root) return;
    this.#root = undefined;
    await (await this.#store.session()).writer.unlock();
  }

  /** Reads the root again, after what was not committed here. */
  async reread() {
    const root = await this.#contents.root();
    this.#root = this.#truncates
      ? { layout: 'empty', isEmpty: true, nextIndex: 0, attributes: {} } : root;
  }

  /** @returns {Root} */
  get root() {
    if (!this.#root) throw new BoresError('ERR_STATE', 'write without the lock');
    return this.#root;
  }

  /** Where what add() puts may be written ahead; undefined where that is not possible, or replaces all. */
  get staging() {
    return this.#truncates ? undefined : this.#staging;
  }

  /** Parameters of the backend's `encode`. */
  get encoding() {
    return backendOf(this.#store.backend).encoding(this.#store.options, this.root);
  }

  /** Whether there were consolidated metadata that do not say any more what is there. */
  get consolidatedIsOld() {
    return this.#wasConsolidated && this.#changed;
  }

  /** Whether something was committed since they were last written. */
  get changed() {
    return this.#changed;
  }

  /**
   * All metadata documents as one: `.zmetadata`, or in version 3 a part of the root's document.
   * @param {{ signal?: AbortSignal }} options
   * @returns {Promise<{ bytes: number }>}
   */
  async consolidate(options) {
    const session = await this.#store.session();
    await this.#contents.refresh(options); // a replacement may have changed the version of Zarr
    const puts = readPuts(await session.run('consolidate', null, options));
    const bytes = puts.reduce((sum, [, document]) => sum + document.length, 0);
    await session.writer.consolidate(puts, options);
    this.#changed = false;
    return { bytes };
  }

  /** @throws {BoresError} when entries of the layout and the version that are wanted cannot be added */
  assertAppendable() {
    const { layout, isEmpty, zarrFormat } = this.root;
    const { options: { layout: wanted, zarrFormat: wantedFormat, mode }, location } = this.#store;
    if (layout === 'steps') {
      throw new BoresError('ERR_APPEND_UNSUPPORTED', `${location} is in the 'steps' layout of BORES `
        + '0.0.1, which is only read; copy it to a new store');
    }
    if (wanted && wanted !== layout && !isEmpty) {
      throw new BoresError('ERR_ARGUMENT', `${location} has the layout '${layout}', '${wanted}' was `
        + 'asked for; a store has but one');
    }
    if (wantedFormat && zarrFormat && wantedFormat !== zarrFormat && layout !== 'empty') {
      throw new BoresError('ERR_ARGUMENT', `${location} is written in version ${zarrFormat} of Zarr, `
        + `${wantedFormat} was asked for; a store has but one`);
    }
    if (layout === 'empty' && mode === 'r+') {
      throw new BoresError('ERR_NOT_FOUND', `there is no store at ${location}, and mode 'r+' makes none`);
    }
  }

  /** After a commit that failed: finishes it or rolls it back, and reads the root again. */
  async recoverIfNeeded() {
    if (!this.#mustRecover) return;
    await (await this.#store.session()).writer.recover();
    await this.reread();
    this.#mustRecover = false;
  }

  /**
   * Adds entries whose indices begin with the root's `nextIndex`.
   * @param {Encoded[]} entries
   * @param {EntryMeta[]} metas
   * @param {{ rootAttributes?: Record<string, any>, signal?: AbortSignal }} options
   */
  async add(entries, metas, { rootAttributes, signal }) {
    const puts = entries.filter(isPuts);
    const staged = /** @type {Staged[]} */ (entries.filter((entry) => !isPuts(entry)));
    if (this.#truncates) {
      await this.replace(async (add) => {
        await add(puts);
        return metas;
      }, signal, rootAttributes);
      return;
    }
    const { nextIndex, attributes, replaces } = this.root;
    await this.#commit({ puts, staged, deletes: replaces ? [replaces] : [] }, nextIndex + metas.length,
      changed(attributes, rootAttributes), signal);
    this.#contents.written(metas, false);
  }

  /**
   * Removes groups.
   * @param {string[]} groups
   * @param {number} count
   */
  async drop(groups, count) {
    await this.#commit({ puts: [], staged: [], deletes: groups }, count, this.root.attributes);
    this.#contents.written([], true);
    await this.reread();
  }

  /**
   * @param {{ puts: Puts[], staged: Staged[], deletes: string[] }} change
   * @param {number} count  what BORES numbers its next entry with
   * @param {Record<string, any>} attributes
   * @param {AbortSignal} [signal]
   */
  async #commit(change, count, attributes, signal) {
    const { layout, zarrFormat } = this.root;
    // What is there stays of its version: a second root of another one would hide its entries.
    const form = { ...formOf(this.encoding), ...(layout !== 'empty' && zarrFormat && { zarrFormat }) };
    const { writer } = await this.#store.session();
    this.#mustRecover = true;
    await writer.commit({ ...change, root: { count, attributes, ...rootFormat(form) } }, { signal });
    this.#mustRecover = false;
    this.#changed = true;
    this.#root = { ...form, attributes, isEmpty: false, nextIndex: count };
  }

  /**
   * Replaces the content by what `addEntries` adds, batch by batch, once that has ended.
   * @param {(add: (puts: Puts[]) => Promise<void>) => Promise<EntryMeta[]>} addEntries
   * @param {AbortSignal} [signal]
   * @param {Record<string, any>} [rootAttributes]
   * @returns {Promise<EntryMeta[]>}
   */
  async replace(addEntries, signal, rootAttributes) {
    await this.recoverIfNeeded();
    const attributes = changed({}, rootAttributes);
    const form = formOf(this.encoding);
    const { writer } = await this.#store.session();
    await writer.replaceBegin();
    try {
      const metas = await addEntries((puts) => writer.replaceAdd(puts.flat()));
      signal?.throwIfAborted();
      this.#mustRecover = true;
      await writer.replaceEnd({ count: metas.length, attributes, ...rootFormat(form) });
      this.#mustRecover = this.#truncates = false;
      this.#changed = true;
      this.#root = { ...form, attributes, isEmpty: metas.length === 0, nextIndex: metas.length };
      this.#contents.written(metas, true);
      return metas;
    } catch (error) {
      await writer.replaceAbort();
      throw error;
    }
  }
}

/** @type {(entry: Encoded) => entry is Puts} */
function isPuts(entry) {
  return Array.isArray(entry);
}

/**
 * What a root keeps of how its entries are encoded.
 * @param {{ layout: string, [setting: string]: unknown }} encoding
 * @returns {{ layout: string, zarrFormat?: 2 | 3 }}
 */
function formOf({ layout, zarr_format: zarrFormat }) {
  return { layout, ...(zarrFormat !== undefined && { zarrFormat: /** @type {2 | 3} */ (zarrFormat) }) };
}

/** As `zarr.root` takes it. @param {{ zarrFormat?: 2 | 3 }} form */
function rootFormat({ zarrFormat }) {
  return zarrFormat === undefined ? {} : { zarr_format: zarrFormat };
}

/**
 * @param {Record<string, any>} attributes
 * @param {Record<string, any>} [changes]  undefined removes one; what was read from a store says which
 *   of its numbers are floats
 * @returns {Record<string, any>}
 */
function changed(attributes, changes = {}) {
  const result = { ...attributes };
  const floats = new Set(floatsOf(attributes));
  const known = floatsOf(changes);
  for (const [name, value] of Object.entries(changes)) {
    if (known?.has(name)) floats.add(name);
    else if (known) floats.delete(name);
    if (value === undefined) delete result[name];
    else result[name] = toStored(value, [name]);
  }
  return markFloats(result, floats);
}
