// SPDX-License-Identifier: MIT
// Where an analysis has its states from, and how it finds one again whose grids are asked for: a
// store is read again, a list has it still, and of what cannot be had twice the saturations are kept,
// as far as a budget allows.

import { BoresError } from '../core/errors.js';
import { unpackTree } from '../core/pack.js';
import { ModelState } from '../state/model-state.js';
import { EclipseStore } from '../store/eclipse/eclipse-store.js';
import { internalsOf, isOwnStore } from '../store/data-store.js';
import { isMap, parsePath } from '../values/paths.js';
import { readTree } from '../values/tree.js';
import { EclipseStates } from './eclipse-states.js';

/**
 * @import { PackedTree } from '../core/pack.js'
 * @import { DataStore } from '../store/data-store.js'
 * @import { Kernel } from './kernel.js'
 * @typedef {Iterable<unknown> | AsyncIterable<unknown>} Iterables
 *
 * What a store is to an analysis: a DataStore, or openCube()'s states.
 * @typedef {object} StateStore
 * @property {string} backend
 * @property {() => Promise<number>} count
 * @property {() => Promise<{ idx: number }[]>} entries
 * @property {(options: any) => AsyncIterable<any>} load
 * @property {(options: any) => AsyncIterable<any>} [follow]
 * @property {() => Promise<void>} close
 * @property {string} [withoutRates]  why it cannot tell what flows
 * @typedef {StateStore | Iterables} StateSource
 * @typedef {{ signal?: AbortSignal }} CallOptions
 */

/** What sweep and fronts need of a state. */
const KEPT = ['step', 'time', 'step_size', 'model.grid_shape', 'model.cell_dimension', 'model.thickness_grid',
  'model.rock_properties.porosity_grid', 'model.rock_properties.net_to_gross_grid',
  'model.rock_properties.net_to_gross_ratio_grid',
  'model.fluid_properties.oil_saturation_grid', 'model.fluid_properties.water_saturation_grid',
  'model.fluid_properties.gas_saturation_grid',
  'model.fluid_properties.solvent_concentration_grid'];

/** Where the elements of a tensor are what its other members say. */
const TEXTS = new Set(['json', 'yaml']);

/** Bytes of grids that are kept of states that come once. */
const BUDGET = 256 * 2 ** 20;

/**
 * @param {unknown} source
 * @returns {source is StateStore}
 */
export function isStore(source) {
  return typeof source === 'object' && source !== null && 'load' in source && 'entries' in source
    && 'backend' in source;
}

/**
 * The members of a state at some paths.
 * @param {any} tree
 * @param {readonly string[]} paths  dotted
 */
function pick(tree, paths) {
  /** @type {any} */
  const picked = {};
  for (const path of paths) {
    const names = path.split('.');
    const last = /** @type {string} */ (names.pop());
    let from = tree;
    for (const name of names) from = isMap(from) ? /** @type {any} */ (from)[name] : undefined;
    const value = isMap(from) ? /** @type {any} */ (from)[last] : undefined;
    if (value === undefined) continue;
    let to = picked;
    for (const name of names) to = to[name] ??= {};
    to[last] = value;
  }
  return picked;
}

/**
 * The tree of a state, a ModelState or a plain one.
 * @param {unknown} state
 * @throws {BoresError} ERR_ARGUMENT
 */
function treeOf(state) {
  if (state instanceof ModelState) return state.toTree();
  if (isMap(state)) return state;
  throw new BoresError('ERR_ARGUMENT', 'a state is a ModelState or a map of its members');
}

/** Of grids. @param {any} tree @returns {number} */
function bytesOf(tree) {
  if (!isMap(tree)) return /** @type {any} */ (tree)?.data?.byteLength ?? 0;
  return Object.values(tree).reduce((sum, item) => sum + bytesOf(item), 0);
}

export class States {
  /** @type {StateStore | undefined} */ #store;
  /** @type {Iterables | undefined} */ #items;
  #kernel;
  #fields;
  /** What makes states of an ECLIPSE run. @type {EclipseStates | undefined} */ eclipse;
  /** Positions of steps in a store or a list. @type {Map<number, number>} */ #positions = new Map();
  /** @type {Map<number, any>} */ #kept = new Map();
  #keptBytes = 0;
  /** The store is ours to close. */ #owned = false;
  #next = 0;

  /**
   * @param {StateSource} source
   * @param {Kernel} kernel
   */
  constructor(source, kernel) {
    this.#kernel = kernel;
    this.#fields = kernel.fields;
    if (isStore(source)) {
      this.#store = source instanceof EclipseStore ? source.inBoresUnits() : source;
      if (this.#store instanceof EclipseStore) this.eclipse = new EclipseStates(this.#store);
      this.#owned = this.#store !== source;
    } else if (typeof source === 'object' && source !== null
      && (Symbol.iterator in source || Symbol.asyncIterator in source)) {
      this.#items = source;
    } else {
      throw new BoresError('ERR_ARGUMENT', 'an analysis is made from a store or from states');
    }
  }

  get store() {
    return this.#store;
  }

  /** Why some questions have no answer. @returns {{ withoutRates?: string, withoutReservoir?: string }} */
  get lacks() {
    return this.eclipse ?? this.#store ?? {};
  }

  async close() {
    if (this.#owned) await this.#store?.close();
  }

  /** How many there are; undefined where that is not known. */
  async total() {
    return this.#store ? this.#store.count()
      : Array.isArray(this.#items) ? this.#items.length : undefined;
  }

  /**
   * Gives each state to the analysis, once; yields its step when it is in. At most two are in memory, in each thread.
   * @param {CallOptions} options
   */
  async* feed(options) {
    if (this.#store && isOwnStore(this.#store) && !this.eclipse) {
      yield* this.#feedDigests(this.#store, options);
    } else {
      for await (const tree of this.#read(options)) {
        this.#kernel.add(tree);
        yield Number(tree.step);
      }
    }
  }

  /**
   * @param {StateStore} store
   * @param {CallOptions} options
   */
  async* #feedDigests(store, { signal }) {
    const kernel = this.#kernel;
    const isText = TEXTS.has(store.backend);
    const names = isText ? this.#fields.map((field) => parsePath(field)) : kernel.members;
    let step = NaN;
    const fed = {
      add: (/** @type {PackedTree} */ entry) => {
        const tree = this.accept(readTree(entry).data, true);
        kernel.add(tree);
        step = Number(tree.step);
      },
      take: (/** @type {PackedTree} */ digest) => {
        if (!kernel.take(digest)) return false;
        step = this.#place(/** @type {any} */ (unpackTree(digest, () => null)).step);
        return true;
      },
      digester: () => kernel.digester(),
    };
    for await (const _ of internalsOf(/** @type {DataStore} */ (store)).feed(names, fed, signal)) yield step;
  }

  /**
   * Each state once, as a plain tree of what the analysis needs.
   * @param {CallOptions} options
   */
  async* #read({ signal }) {
    const states = this.eclipse ? this.eclipse.load(this.#fields, { signal })
      : this.#store ? this.#store.load({ as: 'raw', fields: this.#fields, signal })
      : /** @type {Iterables} */ (this.#items);
    for await (const state of states) {
      signal?.throwIfAborted();
      yield this.accept(state, true);
    }
  }

  /**
   * Each state that another process appends, from the first that was not read yet.
   * @param {CallOptions & { pollMs?: number }} options
   */
  async* follow(options) {
    const store = this.#store;
    if (!store) {
      throw new BoresError('ERR_ARGUMENT', 'only an analysis of a store can follow it');
    }
    if (this.eclipse || !store.follow) {
      const what = this.eclipse ? 'an ECLIPSE run' : 'a cube';
      throw new BoresError('ERR_UNSUPPORTED', `an analysis of ${what} cannot follow it: analyse it again`);
    }
    for await (const state of store.follow({ ...options, as: 'raw', fields: this.#fields,
      fromIdx: this.#next })) {
      yield this.accept(state, true);
    }
  }

  /**
   * A state's tree, and where it will be found again.
   * @param {unknown} state
   * @param {boolean} isOwn  of the source, in its order
   */
  accept(state, isOwn) {
    const tree = pick(treeOf(state), this.#fields);
    const step = Number(tree.step);
    if (isOwn && (this.#store || Array.isArray(this.#items))) {
      this.#place(step);
    } else {
      this.#keep(step, pick(tree, KEPT));
    }
    return tree;
  }

  /** The next state of the source is of this step. @param {number} step */
  #place(step) {
    this.#positions.set(step, this.#next++);
    this.#kept.delete(step);
    return step;
  }

  /**
   * @param {number} step
   * @param {any} tree
   */
  #keep(step, tree) {
    const bytes = bytesOf(tree);
    this.#kept.delete(step);
    this.#positions.delete(step);
    for (const [old, held] of this.#kept) { // the oldest first
      if (this.#keptBytes + bytes <= BUDGET) break;
      this.#kept.delete(old);
      this.#keptBytes -= bytesOf(held);
    }
    this.#kept.set(step, tree);
    this.#keptBytes += bytes;
  }

  /**
   * A state again.
   * @param {number} step
   * @param {readonly string[]} more  paths that are needed beside the usual ones
   * @returns {Promise<any>}
   * @throws {BoresError} ERR_NOT_FOUND for what came once and is no longer held
   */
  async find(step, more) {
    const fields = [...this.#fields, ...more];
    const position = this.#positions.get(step);
    if (position === undefined) {
      const kept = this.#kept.get(step);
      if (kept) return kept;
      throw new BoresError('ERR_NOT_FOUND', `the grids of step ${step} are no longer held, since `
        + 'the states came from an iterator; an analysis of a store, or of a list, finds them again');
    }
    if (!this.#store) {
      return pick(treeOf(/** @type {unknown[]} */ (this.#items)[position]), fields);
    }
    const { idx } = (await this.#store.entries())[position];
    for await (const tree of this.eclipse ? this.eclipse.load(fields, { indices: [idx] })
      : this.#store.load({ as: 'raw', fields, indices: [idx] })) {
      return tree;
    }
  }
}
