// SPDX-License-Identifier: MIT
// What is in a Zarr hierarchy that BORES did not write.

import { BoresError, openNode } from '../index.js';
import { formatShape, formatTable } from './format.js';

/**
 * @typedef {Awaited<ReturnType<typeof openNode>>} Node
 * @typedef {object} NodeInfo
 * @property {string} path  '' is the root
 * @property {'group' | 'array'} kind
 * @property {readonly number[]} [shape]
 * @property {string} [dtype]
 * @property {readonly number[]} [chunks]
 */

/**
 * Whether opening a store failed because it is something else.
 * @param {unknown} error
 */
export const isNoStore = (error) => error instanceof BoresError
  && (error.code === 'ERR_NOT_FOUND' || error.code === 'ERR_UNSUPPORTED');

/**
 * @param {string} location
 * @param {AbortSignal} signal
 * @param {unknown} otherwise  the error to throw when it is no Zarr hierarchy either
 * @returns {Promise<NodeInfo[]>}  every group and array, parents first
 */
export async function listHierarchy(location, signal, otherwise) {
  const root = await openNode(location, '', { signal }).catch((error) => {
    throw error?.code === 'ERR_NOT_FOUND' ? otherwise : error;
  });
  try {
    /** @type {NodeInfo[]} */
    const nodes = [];
    for await (const { path, kind, shape, dtype, chunks } of walk(root, signal)) {
      nodes.push({ path, kind, ...(kind === 'array' && { shape, dtype, chunks }) });
    }
    if (nodes.length === 1 && root.kind === 'group') throw otherwise; // any folder is one
    return nodes;
  } finally {
    await root.close();
  }
}

/**
 * @param {Node} node
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Node>}
 */
async function* walk(node, signal) {
  yield node;
  for await (const child of node.children({ signal })) yield* walk(child, signal);
}

/** @param {NodeInfo[]} nodes */
export function hierarchyTable(nodes) {
  return formatTable(['path', 'kind', 'shape', 'type', 'chunks'],
    nodes.map(({ path, kind, shape, dtype, chunks }) => [`/${path}`, kind,
      shape ? formatShape(shape) : '', dtype ?? '', chunks ? formatShape(chunks) : '']));
}
