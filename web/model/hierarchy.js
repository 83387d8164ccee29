// SPDX-License-Identifier: MIT
// An HDF5 file that is no run, as the viewer sees it: groups and arrays, read when they are looked at.

import { openNode } from '../../js/index.js';

/** @typedef {import('../../js/index.js').BoresError} BoresError */
/** @typedef {Awaited<ReturnType<typeof openNode>>} Node */
/** @typedef {Awaited<ReturnType<Node['members']>>[number]} Member */

/**
 * A part of an array as rows and columns, as text.
 * @typedef {object} Table
 * @property {string[]} columns  what stands above them; empty where there is one column of values
 * @property {{ name: string, cells: string[] }[]} rows
 * @property {number} rowCount     in all
 * @property {number} columnCount  in all
 */

/** Rows and columns shown at a time. */
export const ROWS = 100;
export const COLUMNS = 20;
/** Characters of a value. */
const MAX_TEXT = 200;

export class Hierarchy {
  #root;
  /** What is said above it; '' is nothing. @type {string} */ note;
  /** Curves that come with it. @type {import('../eclipse/eclipse-browse.js').Summary | null} */ summary = null;
  /** There is nothing to browse, only curves. */ alone = false;

  /**
   * @param {Node} root
   * @param {string} name
   */
  constructor(root, name) {
    this.#root = root;
    this.name = name;
    this.note = `${name} holds no run of BORES; this is what is in it.`;
  }

  /**
   * @param {unknown} location
   * @param {{ name: string, signal?: AbortSignal }} options
   * @returns {Promise<Hierarchy | undefined>}  undefined when it is not HDF5, or holds nothing
   */
  static async open(location, { name, signal }) {
    const root = await openNode(location, '', { worker: 'auto', signal });
    const isHdf5 = root.zarrFormat === undefined;
    if (isHdf5 && ((await root.members({ signal })).length > 0 || Object.keys(root.attributes).length > 0)) {
      return new Hierarchy(root, name);
    }
    await root.close();
    return undefined;
  }

  /** @param {string} path @returns {Promise<Node>} */
  node(path) {
    return path === '' ? Promise.resolve(this.#root) : this.#root.open(path);
  }

  /** @param {string} path  of a group */
  async members(path) {
    return (await this.node(path)).members();
  }

  async close() {
    await this.#root.close();
  }
}

/**
 * The last two axes of an array from a place on; of the others one index each.
 * @param {Node} node
 * @param {{ indices: readonly number[], row: number, column: number }} place
 * @returns {Promise<Table>}
 */
export async function readTable(node, { indices, row, column }) {
  const { shape = [] } = node;
  const [rowCount, columnCount] = [shape[indices.length] ?? 1, shape[indices.length + 1] ?? 1];
  const rowEnd = Math.min(rowCount, row + ROWS), columnEnd = Math.min(columnCount, column + COLUMNS);
  const slice = [...indices, [row, rowEnd, 1], [column, columnEnd, 1]].slice(0, shape.length);
  const value = /** @type {any} */ (await node.read({ slice: /** @type {any} */ (slice) }));
  const elements = value === null ? [] : value?.shape ? [...value] : [value];
  const width = Math.max(0, columnEnd - column);
  const members = width === 1 && isRecord(elements[0]) ? Object.keys(elements[0]) : undefined;
  const rows = Array.from({ length: value === null ? 0 : Math.max(0, rowEnd - row) }, (_, i) => ({
    name: shape.length === 0 ? '' : String(row + i),
    cells: members ? members.map((name) => valueText(elements[i][name]))
      : elements.slice(i * width, (i + 1) * width).map(valueText),
  }));
  const numbers = Array.from({ length: width }, (_, i) => String(column + i));
  return { columns: members ?? (shape.length - indices.length > 1 ? numbers : []), rows, rowCount, columnCount };
}

/** @param {any} value */
function isRecord(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value)
    && value.shape === undefined;
}

/**
 * @param {any} value  an element, or an attribute
 * @returns {string}
 */
export function valueText(value) {
  const text = typeof value === 'string' ? value : show(value, MAX_TEXT);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/**
 * As it would be written, without regard to what JSON has no word for.
 * @param {any} value
 * @param {number} room  characters; what is beyond is cut by the caller
 * @returns {string}
 */
function show(value, room) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value !== 'object') return String(value);
  const plain = value.toNested ? value.toNested() : value;
  if (plain !== value && !Array.isArray(plain)) return show(plain, room); // an array of one element
  const isList = Array.isArray(plain) || ArrayBuffer.isView(plain);
  const items = isList ? /** @type {any[]} */ (plain).slice(0, room) : Object.entries(plain);
  const shown = [...items].map((item) => (isList ? show(item, room) : `${item[0]}: ${show(item[1], room)}`));
  return isList ? `[${shown.join(', ')}]` : `{${shown.join(', ')}}`;
}
