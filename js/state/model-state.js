// SPDX-License-Identifier: MIT
// One state of a simulation: everything about the reservoir after one time step.

import { BoresError } from '../core/errors.js';
import { describeValue } from '../values/dtypes.js';
import { NdArray } from '../values/nd-array.js';
import { formatPath, isMap, leavesOf, parsePath, valueAt } from '../values/paths.js';
import { buildNode, plainNode, replaceAt } from './state-tree.js';

/**
 * @typedef {import('./state-types.js').StateFields} StateFields
 * @typedef {import('../values/paths.js').Path} Path
 * @typedef {import('../values/paths.js').TreeMap} TreeMap
 */

const SECONDS_PER_DAY = 86_400;

/** Tells type checkers of the fields that the constructor copies from the tree. */
const Fields = /** @type {new () => StateFields} */ (class {});

/**
 * Frozen, all the way down to the arrays, whose data are shared (js/values/nd-array.js). Fields
 * have the names that they have on disk. What was not read (`load({ fields })`) is absent.
 *
 * The names that other versions of BORES and the guide use for the same things work too:
 * `state.rates` and `state.production`, `model.saturation_history` and `hysteresis_state`,
 * `relative_permeabilities.oil`, `kro`, `permeability.x_direction`, … (js/state/state-views.js).
 * `paths()`, `toTree()` and every writer see only what is stored.
 */
export class ModelState extends Fields {
  /** @type {TreeMap} */ #tree;

  /**
   * @param {TreeMap} tree  a plain tree, see `ModelState.from()`
   */
  constructor(tree) {
    super();
    if (!isMap(tree) && !(/** @type {unknown} */ (tree) instanceof Map)) {
      throw new BoresError('ERR_ARGUMENT',
        `a state is made from a map, got ${describeValue(tree)}`);
    }
    this.#tree = buildNode(tree, []);
    for (const name of Object.getOwnPropertyNames(this.#tree)) {
      if (name in ModelState.prototype) continue; // only get() reaches such a name
      const descriptor = Object.getOwnPropertyDescriptor(this.#tree, name);
      if (descriptor) Object.defineProperty(this, name, descriptor);
    }
    Object.freeze(this);
  }

  /**
   * @param {TreeMap | ModelState} plainTree  maps (plain objects or Maps), lists, NdArrays, typed
   *   arrays and scalars; stored sparse tensors become SparseTensor. Maps and lists are copied,
   *   arrays are shared. A ModelState is returned as it is.
   * @throws {BoresError} `ERR_ARGUMENT`, `ERR_LIMIT`, `ERR_CORRUPT`, naming the path
   */
  static from(plainTree) {
    return plainTree instanceof ModelState ? plainTree : new ModelState(plainTree);
  }

  get [Symbol.toStringTag]() {
    return 'ModelState';
  }

  /** `time` in days; NaN when the state has none. */
  get timeInDays() {
    return Number(this.#tree.time ?? NaN) / SECONDS_PER_DAY;
  }

  /**
   * [nx, ny, nz] as numbers, from `model.grid_shape` (an array or a list, by version) or else
   * from the thickness grid; undefined when there is neither.
   * @returns {number[] | undefined}
   */
  get gridShape() {
    const stored = this.get('model.grid_shape');
    if (stored instanceof NdArray) return Array.from(/** @type {any} */ (stored.data), Number);
    if (Array.isArray(stored)) return stored.map(Number);
    const thickness = this.get('model.thickness_grid');
    return thickness instanceof NdArray ? [...thickness.shape] : undefined;
  }

  /**
   * @param {Path} path  'model.fluid_properties.pressure_grid', or an array of names
   * @returns {any}  an NdArray, a SparseTensor, a scalar, a list or a map; undefined when absent
   * @throws {BoresError} `ERR_ARGUMENT` for what is no path
   */
  get(path) {
    return valueAt(this.#tree, parsePath(path));
  }

  /** @param {Path} path */
  has(path) {
    return this.get(path) !== undefined;
  }

  /**
   * Paths of all arrays, sparse tensors and scalars, as stored and in stored order. A path whose
   * names hold dots is an array of names.
   * @returns {(string | readonly string[])[]}
   */
  paths() {
    return Array.from(leavesOf(this.#tree), ([names]) => formatPath(names));
  }

  /**
   * A changed copy, which shares everything that did not change.
   *
   * @param {{ [path: string]: unknown } | Iterable<readonly [Path, unknown]>} changes  by path;
   *   pairs where names hold dots. Missing maps are made.
   * @returns {ModelState}
   * @throws {BoresError} `ERR_ARGUMENT` where a path leads through a value or a derived view
   */
  with(changes) {
    const pairs = /** @type {Iterable<readonly [Path, unknown]>} */ (
      Symbol.iterator in changes ? changes : Object.entries(changes));
    let tree = this.#tree;
    for (const [path, value] of pairs) tree = replaceAt(tree, parsePath(path), value);
    return new ModelState(tree);
  }

  /** A plain tree with the state's content: what a store writes. Arrays are shared. */
  toTree() {
    return /** @type {TreeMap} */ (plainNode(this.#tree));
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    const grid = this.gridShape?.join('×') ?? 'unknown';
    return `ModelState { step: ${this.step}, timeInDays: ${this.timeInDays}, grid: ${grid}, `
      + `fields: ${Object.keys(this).join(' ')} }`;
  }
}
