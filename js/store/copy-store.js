// SPDX-License-Identifier: MIT
// Copies entries from one store to another, whatever the two are kept in. An interrupted copy goes on
// where it was; it is one as long as the root of the target says so.

import { BoresError } from '../core/errors.js';
import { markFloats } from '../core/pack.js';
import { backendOf } from '../formats/backends.js';
import { DataStore, internalsOf } from './data-store.js';
import { EclipseStore } from './eclipse/eclipse-store.js';
import { checkCall } from './known-options.js';
import { describeValue } from '../values/dtypes.js';
import { floatsOf } from '../values/float-fields.js';
import { findDifference } from '../values/same-tree.js';
import { assertApart } from '../storage/location-relation.js';
import { stateBytes } from '../state/state-bytes.js';

/**
 * @import { EntryMeta } from './store-types.js'
 * @import { Path } from '../values/paths.js'
 *
 * @typedef {object} CopyOptions
 * @property {(entry: EntryMeta, position: number, count: number) => boolean} [select]  which entries;
 *   `position` is theirs among `count`
 * @property {readonly Path[]} [fields]  paths or beginnings of paths; nothing else is copied
 * @property {string} [selection]  what was selected, in words that are the same when a copy goes on
 * @property {boolean} [replace]  the target may have entries: they are replaced when all is there, so
 *   such a copy cannot go on after an interruption
 * @property {boolean} [verify]   compare every entry of the target with the source in the end (true)
 * @property {AbortSignal} [signal]
 * @property {(progress: { phase: 'copying' | 'verifying', done: number, total: number }) => void} [onProgress]
 *
 * @typedef {object} CopyResult
 * @property {number} entries
 * @property {number} resumedAt
 * @property {boolean} verified
 * @property {string[]} lost  names of attributes of the source's root that the target's format has no
 *   place for: JSON and YAML files have none, HDF5 files no lists and maps
 */

/** The attribute of the root that says what an unfinished copy is of. */
const MARK = 'bores_copy';
/** A commit has about that many bytes of arrays, or so many entries. */
const BATCH_BYTES = 32e6, BATCH_ENTRIES = 16;

/**
 * @param {DataStore} source  an ECLIPSE run is copied in BORES's units, unless it was opened with `units: 'file'`
 * @param {DataStore} target
 * @param {CopyOptions} [options]
 * @returns {Promise<CopyResult>}
 * @throws {BoresError} ERR_NOT_EMPTY, ERR_CORRUPT naming an entry that differs in the end, and what
 *   reading and writing throw
 */
export async function copyStore(source, target, options = {}) {
  checkCall('copyStore()', options);
  assertStore('source', source);
  assertStore('target', target);
  const copied = source instanceof EclipseStore ? source.asCopied() : source;
  try {
    return await copyEntries(copied, target, options);
  } finally {
    if (copied !== source) await copied.close();
  }
}

/**
 * @param {DataStore} source
 * @param {DataStore} target
 * @param {CopyOptions} options
 * @returns {Promise<CopyResult>}
 */
async function copyEntries(source, target, options) {
  const { select = () => true, fields, signal, replace = false, verify = true } = options;
  await assertApart(target.source, source.source, { target: target.location, source: source.location });
  const all = await source.entries({ signal });
  const chosen = all.filter((entry, position) => select(entry, position, all.length));
  const { attributes, lost } = await attributesFor(target, source, signal);
  const copy = new Copy(source, target, { chosen, attributes }, options);
  const from = await placeOf(source);
  if (from === await placeOf(target)) {
    throw new BoresError('ERR_ARGUMENT', `${source.location} cannot be copied to itself`);
  }
  // A text, since not every format has attributes that are more.
  const mark = JSON.stringify({ from, selection: options.selection ?? null,
    fields: fields?.map(String) ?? null });
  const resumedAt = replace ? 0 : await findStart(target, mark, chosen.length);
  if (replace) await copy.dump();
  else await copy.append(resumedAt, mark);
  if (verify) await copy.verify();
  if (!replace) await copy.finish();
  return { entries: chosen.length, resumedAt, verified: verify, lost };
}

/**
 * @param {string} what
 * @param {unknown} value
 */
export function assertStore(what, value) {
  if (value instanceof DataStore) return;
  throw new BoresError('ERR_ARGUMENT', `the ${what} is ${describeValue(value)}, not a store: open it first`);
}

/**
 * What can be copied of the source's root, without what is about the store and its layout.
 * @param {DataStore} target
 * @param {DataStore} source
 * @param {AbortSignal} [signal]
 */
async function attributesFor(target, source, signal) {
  const { layout, attributes } = await source.describe({ signal });
  const own = new Set(['count', MARK, ...(layout === 'steps' ? ['num_steps', 'version'] : [])]);
  const all = Object.entries(attributes).filter(([name]) => !own.has(name));
  const { holds } = backendOf(target.backend);
  const held = Object.fromEntries(all.filter(([, value]) => holds(value)));
  return { attributes: markFloats(held, floatsOf(attributes)),
    lost: all.filter(([, value]) => !holds(value)).map(([name]) => name) };
}

/**
 * Where a store is, whatever it was called.
 * @param {DataStore} store
 */
async function placeOf(store) {
  const { kind, location } = await (await internalsOf(store).session()).describe();
  return `${kind}:${location}`;
}

/**
 * How many entries an interrupted copy has brought over.
 * @param {DataStore} target
 * @param {string} mark
 * @param {number} count
 */
async function findStart(target, mark, count) {
  await target.appendAll([]); // its writer finishes first what a killed one had decided
  const { count: there, attributes } = await target.describe();
  if (there === 0) return 0;
  const unfinished = attributes[MARK];
  if (unfinished === mark && there <= count) return there;
  const of = typeof unfinished === 'string'
    ? `, of an unfinished copy of ${JSON.parse(unfinished).from}` : '';
  throw new BoresError('ERR_NOT_EMPTY', `${target.location} has ${there} entries already${of}`);
}

class Copy {
  #source;
  #target;
  #chosen;
  #attributes;
  #options;

  /**
   * @param {DataStore} source
   * @param {DataStore} target
   * @param {{ chosen: EntryMeta[], attributes: Record<string, any> }} content  attributes: of the root
   * @param {CopyOptions} options
   */
  constructor(source, target, { chosen, attributes }, options) {
    this.#source = source;
    this.#target = target;
    this.#chosen = chosen;
    this.#attributes = attributes;
    this.#options = options;
  }

  async dump() {
    await this.#target.dump(this.#read(0), {
      meta: this.#metaOf(0), signal: this.#options.signal, rootAttributes: this.#attributes,
      onProgress: ({ done }) => this.#progress('copying', done),
    });
  }

  /**
   * One batch is read while another is written.
   * @param {number} start
   * @param {string} mark
   */
  async append(start, mark) {
    const { signal } = this.#options;
    /** @type {unknown[]} */
    let batch = [];
    let nbytes = 0, done = start;
    /** @type {Promise<unknown>} */
    let writing = Promise.resolve();
    const flush = async () => {
      await writing;
      this.#progress('copying', done);
      writing = this.#target.appendAll(batch, {
        meta: this.#metaOf(done), signal, rootAttributes: { [MARK]: mark } });
      writing.catch(() => {}); // reported by the next wait
      done += batch.length;
      batch = [];
      nbytes = 0;
    };
    for await (const tree of this.#read(start)) {
      batch.push(tree);
      nbytes += stateBytes(tree);
      if (nbytes >= BATCH_BYTES || batch.length === BATCH_ENTRIES) await flush();
    }
    if (batch.length > 0) await flush();
    await writing;
    this.#progress('copying', done);
  }

  /** The root's attributes as the source has them; it is no unfinished copy any more. */
  async finish() {
    const rootAttributes = markFloats({ ...this.#attributes, [MARK]: undefined }, floatsOf(this.#attributes));
    await this.#target.appendAll([], { rootAttributes });
  }

  /** @throws {BoresError} ERR_CORRUPT */
  async verify() {
    const { signal } = this.#options;
    const metas = await this.#target.entries({ signal });
    const copies = this.#target.load({ as: 'raw', signal });
    let done = 0;
    this.#assertSame(metas.length, this.#chosen.length, 'the number of entries');
    for await (const tree of this.#read(0)) {
      const { value } = await copies.next();
      const different = findDifference(value, tree)
        ?? findDifference(metas[done].meta, this.#chosen[done].meta, ['_meta']);
      if (different) {
        throw new BoresError('ERR_CORRUPT', `${this.#target.location}: entry ${done} differs from entry `
          + `${this.#chosen[done].idx} of ${this.#source.location} at ${different}`, { entry: done });
      }
      this.#progress('verifying', done += 1);
    }
    await copies.return();
  }

  /**
   * @param {number} actual
   * @param {number} expected
   * @param {string} what
   */
  #assertSame(actual, expected, what) {
    if (actual === expected) return;
    throw new BoresError('ERR_CORRUPT',
      `${this.#target.location}: ${what} is ${actual}, ${expected} is right`);
  }

  /** @param {number} start */
  #read(start) {
    const { fields, signal } = this.#options;
    return this.#source.load({ indices: this.#chosen.slice(start).map(({ idx }) => idx), fields,
      as: 'raw', signal });
  }

  /**
   * The metadata of the entries in their turn.
   * @param {number} start
   */
  #metaOf(start) {
    let next = start;
    return () => this.#chosen[next++].meta;
  }

  /**
   * @param {'copying' | 'verifying'} phase
   * @param {number} done
   */
  #progress(phase, done) {
    this.#options.onProgress?.({ phase, done, total: this.#chosen.length });
  }
}
