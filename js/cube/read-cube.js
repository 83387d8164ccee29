// SPDX-License-Identifier: MIT
// The states of a cube again, for an analysis: of each what the cube has, and of that only what is asked for. A chunk
// holds many steps, so they are read together, each chunk once, as far as memory allows.

import { BoresError } from '../core/errors.js';
import { checkCall } from '../store/known-options.js';
import { Node, openNode, sessionOf } from '../store/open-node.js';
import { ArrayStatistics } from '../values/array-statistics.js';
import { NdArray } from '../values/nd-array.js';
import { normalizeSlice } from '../values/slices.js';
import { readTree } from '../values/tree.js';

/**
 * @import { EntryMeta } from '../store/store-types.js'
 * @import { Path } from '../values/paths.js'
 * @import { OpenNodeOptions } from '../store/open-node.js'
 * @typedef {{ names: string[], node: Node }} Property
 * @typedef {object} CubeLoad
 * @property {readonly string[]} [fields]  paths or beginnings of paths
 * @property {readonly number[]} [indices]  positions of steps
 * @property {'raw'} [as]
 * @property {AbortSignal} [signal]
 */

/** Bytes of grids that are held at a time: of one step at least. */
const BLOCK_BYTES = 128 * 2 ** 20;
/** Arrays that are read at a time. */
const AT_ONCE = 4;
/** Numbers of the grid that are attributes of the cube. */
const DATUM = new Set(['datum_depth', 'dip_angle', 'dip_azimuth']);
const SECONDS_PER_DAY = 86_400;

/**
 * Opens what exportCube() wrote, for ModelAnalyst.from().
 *
 * @param {unknown} location
 * @param {Omit<OpenNodeOptions, 'backend'>} [options]
 * @returns {Promise<CubeStates>}
 * @throws {BoresError} ERR_NOT_FOUND where there is no cube, and what reading throws
 */
export async function openCube(location, options) {
  checkCall('openCube()', options);
  const root = await openNode(location, '', options);
  try {
    return await CubeStates.from(root, options?.signal);
  } catch (error) {
    await root.close();
    throw error;
  }
}

export class CubeStates {
  /** @readonly */ backend = 'cube';
  #root;
  /** @type {Property[]} */ #properties;
  #clock;

  /**
   * @param {Node} root
   * @param {AbortSignal} [signal]
   */
  static async from(root, signal) {
    if (root.kind !== 'group' || root.attributes.bores_cube !== 1) {
      throw new BoresError('ERR_NOT_FOUND', 'this is no cube that exportCube() wrote');
    }
    /** @type {Property[]} */ const properties = [];
    /** @type {Map<string, Node>} */ const coordinates = new Map();
    for await (const node of root.children({ signal })) {
      if (node.error) throw node.error;
      const path = node.attributes.bores_path;
      if (typeof path === 'string' && node.shape?.length === 4) properties.push({ names: path.split('.'), node });
      else coordinates.set(node.name, node);
    }
    const [step, day, size] = await Promise.all(['step', 'time', 'step_size'].map(async (name) =>
      Float64Array.from((await coordinates.get(name)?.read({ signal }))?.data ?? [], Number)));
    if (properties.length === 0) throw new BoresError('ERR_NOT_FOUND', 'this cube has no properties');
    // The last that an export writes is a step's number: it is 0 while that is under way.
    let count = step.length;
    while (count > 1 && step[count - 1] === 0) count--;
    const numbers = step.slice(0, count);
    const missing = step.length - count;
    // A step of unknown length is as long as the time since the one before.
    const sizes = numbers.map((_, at) => Number.isFinite(size[at]) ? size[at] : day[at] - (day[at - 1] ?? day[at]));
    return new CubeStates(root, properties, { step: numbers, day, size: sizes }, missing);
  }

  /**
   * @param {Node} root  ours to close
   * @param {Property[]} properties
   * @param {{ step: Float64Array, day: Float64Array, size: Float64Array }} clock  in days
   * @param {number} missing  steps that there is room for, and that no export has finished
   */
  constructor(root, properties, clock, missing) {
    this.missing = missing;
    this.#root = root;
    this.#properties = properties;
    this.#clock = clock;
  }

  /** Why an analysis cannot tell what flows; undefined where it can. */
  get withoutRates() {
    return this.#properties.some(({ names }) => /^(production|injection|rates)$/.test(names[0])) ? undefined
      : 'the cube has no rates; exportCube() writes them, given { rates: true }';
  }

  async count() {
    return this.#clock.step.length;
  }

  /** @returns {Promise<EntryMeta[]>} */
  async entries() {
    const { step, day } = this.#clock;
    return Array.from(step, (at, idx) =>
      ({ idx, groupName: String(idx), meta: { step: at }, step: at, time: day[idx] * SECONDS_PER_DAY }));
  }

  /**
   * What there is of each step.
   * @returns {Promise<import('../store/store-types.js').InventoryItem[]>}
   */
  async inventory() {
    return this.#properties.map(({ names, node }) => ({ path: names.join('.'), names, shape: node.shape.slice(1),
      dtype: node.dtype, nbytes: cellsOf(node) * Number(node.dtype.at(-1)), chunks: node.chunks.slice(1) }));
  }

  /**
   * One cell through time: of each shard the chunk that holds it.
   * @param {Path} path  or its end
   * @param {readonly number[]} cell
   * @param {{ indices?: readonly number[], signal?: AbortSignal }} [options]
   * @returns {Promise<import('../store/reads/series.js').Series>}
   */
  async series(path, cell, { indices, signal } = {}) {
    const at = this.#steps(indices);
    const { data } = await this.#find(path).node.read({ slice: [null, ...cell], signal });
    return { step: Float64Array.from(at, (n) => this.#clock.step[n]),
      time: Float64Array.from(at, (n) => this.#clock.day[n] * SECONDS_PER_DAY),
      value: Float64Array.from(at, (n) => Number(data[n])) };
  }

  /**
   * Extremes, mean and histogram of a property, of each step and of all, counted in the core; each chunk is read once.
   * @param {Path} path  or its end
   * @param {{ indices?: readonly number[], signal?: AbortSignal }} [options]
   * @returns {Promise<import('../store/reads/statistics.js').Statistics>}
   * @throws {BoresError} ERR_NOT_FOUND
   */
  async statistics(path, { indices, signal } = {}) {
    const property = this.#find(path), session = sessionOf(property.node);
    const steps = this.#steps(indices);
    /** @type {ArrayStatistics[]} */ const entries = [];
    await session.run('open', null, { signal }); // by which it knows the format's version
    while (entries.length < steps.length) {
      const from = steps[entries.length], count = this.#together(steps, entries.length, [property]);
      const rows = await session.run('read', { group: '', layout: 'plain', path: [property.node.name],
        slice: normalizeSlice([[from, from + count]]), statistics: 'steps' }, { signal });
      entries.push(...readTree(rows).map((/** @type {any} */ row) => new ArrayStatistics(row)));
    }
    return { entries, total: ArrayStatistics.together(entries), unknown: 0, computed: entries.length };
  }

  /** @param {readonly number[]} [indices]  positions; all without them */
  #steps(indices) {
    return Array.from(indices ?? this.#clock.step.keys(), (idx) => this.#index(idx));
  }

  /** @param {Path} path */
  #find(path) {
    const name = typeof path === 'string' ? path : path.join('.');
    const property = this.#properties.find(({ names }) => `.${names.join('.')}`.endsWith(`.${name}`));
    if (!property) throw new BoresError('ERR_NOT_FOUND', `the cube has no '${name}'`, { path: name });
    return property;
  }

  /**
   * A grid of one step.
   * @param {number} idx
   * @param {Path} path  or its end
   * @param {{ slice?: readonly any[], signal?: AbortSignal }} [options]  slice: of the grid
   * @returns {Promise<NdArray<any>>}
   * @throws {BoresError} ERR_NOT_FOUND, ERR_INDEX_RANGE
   */
  async read(idx, path, { slice = [null, null, null], signal } = {}) {
    return this.#find(path).node.read({ slice: [this.#index(idx), ...slice], signal });
  }

  /**
   * Plain trees, in order.
   * @param {CubeLoad} [options]
   */
  async* load({ fields, indices, signal } = {}) {
    const wanted = this.#properties.filter(({ names }) => !fields
      || fields.some((field) => field.split('.').every((name, n) => name === names[n])));
    const steps = this.#steps(indices);
    for (let at = 0; at < steps.length;) {
      const count = this.#together(steps, at, wanted);
      const block = await readBlock(wanted, steps[at], count, signal);
      for (let n = 0; n < count; n++, at++) yield this.#tree(steps[at], block.map(({ names, data }) => ({ names,
        data: data.at(n) })));
    }
  }

  /** @param {number} idx  negative: from the end */
  #index(idx) {
    const count = this.#clock.step.length, at = idx < 0 ? idx + count : idx;
    if (Number.isInteger(at) && at >= 0 && at < count) return at;
    throw new BoresError('ERR_INDEX_RANGE', `the cube has ${count} steps, there is no index ${idx}`);
  }

  /**
   * How many steps from one of a list on are read at once: to the end of their chunks, or of the memory.
   * @param {number[]} steps
   * @param {number} at
   * @param {Property[]} wanted
   */
  #together(steps, at, wanted) {
    const bytes = wanted.reduce((sum, { node }) => sum + Number(node.dtype.at(-1)) * cellsOf(node), 1);
    const deep = Math.max(1, ...wanted.map(({ node }) => node.chunks[0]));
    const most = Math.max(1, Math.min(Math.floor(BLOCK_BYTES / bytes), deep - steps[at] % deep));
    let count = 1;
    while (count < most && steps[at + count] === steps[at] + count) count++;
    return count;
  }

  /**
   * @param {number} idx
   * @param {{ names: string[], data: any }[]} grids
   */
  #tree(idx, grids) {
    const { step, day, size } = this.#clock;
    const { cell_dimension: sides, rock_compressibility: compressibility } = this.#root.attributes;
    const datum = Object.entries(this.#root.attributes).filter(([name]) => DATUM.has(name));
    const [{ node }] = this.#properties;
    /** @type {any} */ const tree = { step: step[idx], time: day[idx] * SECONDS_PER_DAY,
      step_size: size[idx] * SECONDS_PER_DAY, model: { grid_shape: node.shape.slice(1),
        ...Object.fromEntries(datum), ...(sides && { cell_dimension: sides }),
        rock_properties: { ...(compressibility && { compressibility }) } } };
    for (const { names, data } of grids) {
      let place = tree;
      for (const name of names.slice(0, -1)) place = place[name] ??= {};
      place[/** @type {string} */ (names.at(-1))] = data;
    }
    return tree;
  }

  /** Idempotent. */
  async close() {
    await this.#root.close();
  }
}

/** @param {Node} node */
const cellsOf = ({ shape }) => shape.slice(1).reduce((product, n) => product * n, 1);

/**
 * @param {Property[]} wanted
 * @param {number} from
 * @param {number} count  steps
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ names: string[], data: NdArray<any> }[]>}
 */
async function readBlock(wanted, from, count, signal) {
  const block = [];
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    block.push(...await Promise.all(wanted.slice(at, at + AT_ONCE).map(async ({ names, node }) =>
      ({ names, data: await node.read({ slice: [[from, from + count]], signal }) }))));
  }
  return block;
}
