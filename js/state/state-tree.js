// SPDX-License-Identifier: MIT
// The tree inside a ModelState: frozen maps without a prototype, frozen lists, NdArrays and
// SparseTensors. Built once; changed copies share every map that did not change.

import { BoresError } from '../core/errors.js';
import { markFloats } from '../core/pack.js';
import { describeValue } from '../values/dtypes.js';
import { floatsOf, floatsWith } from '../values/float-fields.js';
import { NdArray } from '../values/nd-array.js';
import { MAX_DEPTH, childOf, isMap, pathText } from '../values/paths.js';
import { SparseTensor } from '../values/sparse-tensor.js';
import { addViews, storedName } from './state-views.js';

/** @typedef {import('../values/paths.js').TreeMap} TreeMap */

/**
 * Where each finished map stands. At the same path it is taken as it is; elsewhere it would
 * have the wrong views, and is built anew.
 * @type {WeakMap<object, string>}
 */
const finished = new WeakMap();

/** @param {readonly string[]} names */
const pathKey = (names) => [names.length, ...names].join('\0');

/**
 * @param {unknown} value  any tree; Maps count as maps, typed arrays as arrays of one axis
 * @param {readonly string[]} names  where it stands
 * @returns {any}
 * @throws {BoresError} `ERR_ARGUMENT` for what no store can hold, `ERR_LIMIT` for trees that are
 *   too deep (or contain themselves), `ERR_CORRUPT` for a broken sparse tensor
 */
export function buildNode(value, names) {
  if (value === null || ['string', 'boolean', 'number', 'bigint'].includes(typeof value)
    || value instanceof NdArray || value instanceof SparseTensor) return value;
  if (names.length > MAX_DEPTH) {
    throw new BoresError('ERR_LIMIT', `a tree is deeper than ${MAX_DEPTH} levels`,
      { needed: names.length, limit: MAX_DEPTH });
  }
  if (Array.isArray(value)) {
    const list = value.map((item, i) => buildNode(item, [...names, String(i)]));
    return Object.freeze(keepFloats(list, floatsOf(value)));
  }
  if (value instanceof Map) return buildMap([...value], undefined, names);
  if (isMap(value)) {
    if (finished.get(value) === pathKey(names)) return value;
    return SparseTensor.isRecord(value) ? buildTensor(value, names)
      : buildMap(Object.keys(value).map((name) => [name, value[name]]), floatsOf(value), names);
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return new NdArray(/** @type {any} */ (value));
  }
  throw new BoresError('ERR_ARGUMENT',
    `${pathText(names) || 'the tree'} cannot be ${describeValue(value)}`,
    { path: pathText(names) });
}

/**
 * Which numbers are floats, where the original knew it (js/values/float-fields.js).
 * @template {object} T
 * @param {T} copy
 * @param {ReadonlySet<string | number>} [floats]
 */
function keepFloats(copy, floats) {
  return floats ? markFloats(copy, floats) : copy;
}

/**
 * @param {[any, unknown][]} children
 * @param {ReadonlySet<string | number> | undefined} floats
 * @param {readonly string[]} names
 */
function buildMap(children, floats, names) {
  const map = Object.create(null);
  for (const [name, value] of children) {
    if (typeof name !== 'string') {
      throw new BoresError('ERR_ARGUMENT', `a name in ${pathText(names) || 'the tree'} must be a `
        + `string, got ${describeValue(name)}`, { path: pathText(names) });
    }
    map[name] = buildNode(value, [...names, name]);
  }
  return finish(keepFloats(map, floats), names);
}

/**
 * @param {TreeMap} map
 * @param {readonly string[]} names
 */
function finish(map, names) {
  addViews(names, map);
  finished.set(map, pathKey(names));
  return Object.freeze(map);
}

/**
 * @param {TreeMap} record
 * @param {readonly string[]} names
 */
function buildTensor(record, names) {
  try {
    return new SparseTensor(record);
  } catch (cause) {
    if (!(cause instanceof BoresError)) throw cause;
    const path = pathText(names);
    throw new BoresError(cause.code, `${path}: ${cause.message}`, { path, cause });
  }
}

/**
 * A copy of a built tree with one value replaced or added. Maps on the way are made as needed;
 * other names of stored children (js/state/state-views.js) mean those.
 *
 * @param {any} node  built
 * @param {readonly string[]} names  from here on
 * @param {unknown} value
 * @param {readonly string[]} [above]  names so far
 * @returns {any}
 * @throws {BoresError} `ERR_ARGUMENT` where there is no place for it, and as buildNode()
 */
export function replaceAt(node, names, value, above = []) {
  if (names.length === 0) return buildNode(value, above);
  const [given, ...rest] = names;
  if (Array.isArray(node)) {
    const child = childOf(node, given);
    if (child === undefined) throw noPlace([...above, given], `the list has ${node.length} items`);
    const index = Number(given) < 0 ? Number(given) + node.length : Number(given);
    const list = node.with(index, replaceAt(child, rest, value, [...above, given]));
    return Object.freeze(keepFloats(list, floatsOf(node)));
  }
  if (!isMap(node)) {
    throw noPlace([...above, given], `${pathText(above)} is ${describeValue(node)}`);
  }
  const name = storedName(above, node, given) ?? given;
  const stored = Object.prototype.propertyIsEnumerable.call(node, name);
  if (!stored && Object.hasOwn(node, name)) {
    throw noPlace([...above, given], 'it is derived from what is stored');
  }
  const copy = Object.assign(Object.create(null), node);
  copy[name] = replaceAt(stored ? node[name] : Object.create(null), rest, value, [...above, name]);
  return finish(keepFloats(copy, floatsWith(node, name)), above);
}

/**
 * @param {readonly string[]} names
 * @param {string} why
 */
function noPlace(names, why) {
  const path = pathText(names);
  return new BoresError('ERR_ARGUMENT', `${path} cannot be set: ${why}`, { path });
}

/**
 * The plain tree that a store writes: maps and lists are copies, tensors their records,
 * arrays the same objects.
 *
 * @param {any} node  built
 * @returns {any}
 */
export function plainNode(node) {
  if (node instanceof SparseTensor) return node.toRecord();
  if (Array.isArray(node)) return keepFloats(node.map(plainNode), floatsOf(node));
  if (!isMap(node)) return node;
  const plain = Object.create(null);
  for (const name of Object.keys(node)) plain[name] = plainNode(node[name]);
  return keepFloats(plain, floatsOf(node));
}
