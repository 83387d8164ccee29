// SPDX-License-Identifier: MIT
// Paths into trees. A path is a dotted string or, for names that hold dots, an array of
// names. A tree is made of maps (plain objects, usually without a prototype, so that any
// name is data, '__proto__' too), lists (arrays) and leaves (everything else).

import { BoresError } from '../core/errors.js';
import { describeValue } from './dtypes.js';

/** @typedef {string | readonly (string | number)[]} Path */
/** @typedef {{ [name: string]: any }} TreeMap */

/** Deeper trees are refused, as the core refuses them; it bounds every recursion here. */
export const MAX_DEPTH = 128;

/**
 * @param {Path} path  'model.thickness_grid', ['wells', 'A.1'], '' or [] for the root;
 *   list items are named by their index
 * @returns {string[]}  names
 * @throws {BoresError} `ERR_ARGUMENT`
 */
export function parsePath(path) {
  if (typeof path === 'string') {
    if (path === '') return [];
    const names = path.split('.');
    if (names.includes('')) {
      throw new BoresError('ERR_ARGUMENT',
        `path '${path}' has an empty name; give names that hold dots as an array`, { path });
    }
    return names;
  }
  if (Array.isArray(path)
    && path.every((name) => typeof name === 'string' || Number.isSafeInteger(name))) {
    return path.map(String);
  }
  throw new BoresError('ERR_ARGUMENT',
    `a path is a dotted string or an array of names, got ${describeValue(path)}`);
}

/**
 * The dotted string where it is one path only, else the names: what parsePath() reverses.
 * @param {readonly string[]} names
 * @returns {string | readonly string[]}
 */
export function formatPath(names) {
  return names.some((name) => name === '' || name.includes('.'))
    ? Object.freeze([...names]) : names.join('.');
}

/**
 * A path as messages and listings show it; names that hold dots are quoted.
 * @param {Path} path
 */
export function pathText(path) {
  if (typeof path === 'string') return path;
  return path.map((name) => (/^[^.[\]"]+$/.test(String(name)) ? `.${name}`
    : `[${JSON.stringify(String(name))}]`)).join('').replace(/^\./, '');
}

/**
 * Plain objects of any realm, with or without a prototype; no class instances.
 * @param {unknown} node
 * @returns {node is TreeMap}
 */
export function isMap(node) {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return false;
  const proto = Object.getPrototypeOf(node);
  return proto === null || Object.getPrototypeOf(proto) === null;
}

/**
 * @param {unknown} node
 * @param {string} name
 * @returns {any}  undefined when there is no such child
 */
export function childOf(node, name) {
  if (Array.isArray(node)) {
    const index = /^(?:0|-?[1-9]\d*)$/.test(name) ? Number(name) : NaN;
    return node[index < 0 ? index + node.length : index];
  }
  if (isMap(node)) return Object.hasOwn(node, name) ? node[name] : undefined;
  return undefined;
}

/**
 * @param {unknown} tree
 * @param {readonly string[]} names
 * @returns {any}  undefined when it is not there
 */
export function valueAt(tree, names) {
  let node = tree;
  for (const name of names) {
    node = childOf(node, name);
    if (node === undefined) return undefined;
  }
  return node;
}

/**
 * Every leaf with its names, in the order of the tree. A list is one leaf unless a map
 * is in it, so that `[[0, 0, 2], [0, 0, 3]]` stays together.
 *
 * @param {unknown} tree
 * @returns {Generator<[names: string[], leaf: any]>}
 */
export function* leavesOf(tree) {
  yield* descend(tree, []);
}

/**
 * @param {unknown} node
 * @param {string[]} names
 * @returns {Generator<[string[], any]>}
 */
function* descend(node, names) {
  if (isMap(node) || (Array.isArray(node) && node.some(isMap))) {
    const children = /** @type {TreeMap} */ (node);
    for (const name of Object.keys(children)) yield* descend(children[name], [...names, name]);
  } else {
    yield [names, node];
  }
}
