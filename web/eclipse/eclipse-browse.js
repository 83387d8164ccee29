// SPDX-License-Identifier: MIT
// Files of an ECLIPSE run of which no picture can be made: what is in them, and the summary's curves.

import { openNode, openStore } from '../../js/index.js';
import { Hierarchy } from '../model/hierarchy.js';
import { stemOf } from './result-names.js';

/** @typedef {import('../model/hierarchy.js').Node} Node */
/** @typedef {import('../model/hierarchy.js').Member} Member */
/** @typedef {import('../model/read.js').OpenOptions} OpenOptions */
/** @typedef {import('../../js/index.js').EclipseStore} EclipseStore */
/** A run's summary, as the Results panel takes a run.
 * @typedef {{ name: string, store: EclipseStore, steps: [], growing: false, startDate: string }} Summary */

const GRID = /\.(f?egrid|f?grid|grdecl)$/i;
const OF_SUMMARY = /\.(f?smspec|f?unsmry|[sa]\d{4})$/i;

/**
 * @param {unknown} location
 * @param {OpenOptions} options
 * @param {unknown} why  there is no picture
 * @returns {Promise<Hierarchy | undefined>}  undefined: there is nothing to be shown either
 */
export async function browseEclipse(location, { name, signal }, why) {
  const files = await filesOf(location);
  const summary = await openSummary(location, files, name, signal);
  const alone = summary !== null && files.every((file) => OF_SUMMARY.test(file.name));
  try {
    const { tree, told } = await openTree(location, files, signal);
    if (tree.size === 0 && summary === null) return undefined;
    const note = alone ? '' : [`${name}: ${messageOf(why)}. This is what there is.`, ...told].join(' ');
    return new EclipseFiles(name, tree, summary, { note, alone });
  } catch (error) {
    await summary?.store.close();
    throw error;
  }
}

class EclipseFiles extends Hierarchy {
  #tree;

  /**
   * @param {string} name
   * @param {Map<string, Node>} tree  keywords of files by their names; of one file by ''
   * @param {Summary | null} summary
   * @param {{ note: string, alone: boolean }} how  `alone`: there is nothing but the summary
   */
  constructor(name, tree, summary, { note, alone }) {
    super(/** @type {any} */ (null), name);
    this.#tree = tree;
    this.summary = summary;
    this.note = note;
    this.alone = alone;
  }

  /** @override @param {string} path @returns {Promise<Node>} */
  async node(path) {
    const whole = this.#tree.get('');
    if (whole) return path === '' ? whole : whole.open(path);
    if (path === '') return /** @type {any} */ ({ kind: 'group', attributes: {}, members: async () => [] });
    const [file, ...rest] = path.split('/');
    const root = /** @type {Node} */ (this.#tree.get(file));
    return rest.length === 0 ? root : root.open(rest.join('/'));
  }

  /** @override @param {string} path @returns {Promise<Member[]>} */
  async members(path) {
    if (path === '' && !this.#tree.has('')) {
      return [...this.#tree.keys()].map((name) => ({ name, kind: /** @type {const} */ ('group') }));
    }
    return (await this.node(path)).members();
  }

  /** @override */
  async close() {
    for (const node of this.#tree.values()) await node.close();
    await this.summary?.store.close();
  }
}

/** `item`: as it stood in a list. @typedef {{ name: string, location: unknown, item: unknown }} Part */

/** Files by name; none where one place is all that is known. @param {any} location @returns {Promise<Part[]>} */
async function filesOf(location) {
  const list = Array.isArray(location) ? location : [];
  const parts = list.map((item) => ({ name: (item.file ?? item).name, location: item.file ?? item, item }));
  if (location?.kind === 'directory') {
    for await (const handle of location.values()) {
      if (handle.kind !== 'file') continue;
      const file = await handle.getFile();
      parts.push({ name: handle.name, location: file, item: file });
    }
  }
  if (typeof location?.name === 'string' && location.kind !== 'directory') {
    parts.push({ name: location.name, location, item: location });
  }
  return parts.filter((part) => stemOf(part.name) !== '').sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The summary, if it can be read: with a grid that does not fit, without that.
 * @param {unknown} location
 * @param {readonly Part[]} files
 * @param {string} name
 * @param {AbortSignal} [signal]
 * @returns {Promise<Summary | null>}
 */
async function openSummary(location, files, name, signal) {
  const without = (/** @type {(name: string) => boolean} */ keep) =>
    files.filter((file) => keep(file.name)).map((file) => file.item);
  const tries = [location, without((file) => !GRID.test(file)), without((file) => OF_SUMMARY.test(file))];
  for (const attempt of tries) {
    if (Array.isArray(attempt) && attempt.length === 0) continue;
    const store = /** @type {EclipseStore | undefined} */ (
      await openStore(attempt, { mode: 'r', worker: 'auto', signal, backend: 'eclipse' }).catch(() => undefined));
    try {
      if (store && (await store.vectorNames({ signal })).length > 0) {
        const { startDate } = await store.info({ signal });
        return { name, store, steps: [], growing: false, startDate: startDate ?? '' };
      }
    } catch { /* the next try */ }
    await store?.close();
    signal?.throwIfAborted();
  }
  return null;
}

/**
 * @param {unknown} location
 * @param {readonly Part[]} files
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ tree: Map<string, Node>, told: string[] }>}  `told`: what is said of files that cannot be read
 */
async function openTree(location, files, signal) {
  /** @type {Map<string, Node>} */ const tree = new Map();
  /** @type {string[]} */ const told = [];
  const parts = files.length > 0 ? files : [{ name: '', location, item: location }];
  for (const part of parts) {
    try {
      const node = await openNode(part.location, '', { worker: 'auto', signal, backend: 'eclipse' });
      tree.set(files.length === 1 ? '' : part.name, node);
    } catch (error) {
      signal?.throwIfAborted();
      told.push(`${part.name || String(location)}: ${messageOf(error)}.`);
    }
  }
  return { tree, told };
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
