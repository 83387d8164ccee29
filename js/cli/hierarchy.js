// SPDX-License-Identifier: MIT
// What is in a Zarr hierarchy or an HDF5 file that BORES did not write.

import { BoresError, openNode } from '../index.js';
import { formatShape, formatTable } from './format.js';

/**
 * @import { Context } from './usage.js'
 * @typedef {Awaited<ReturnType<typeof openNode>>} Node
 * @typedef {object} NodeInfo
 * @property {string} path  '' is the root
 * @property {'group' | 'array' | 'type' | 'link' | 'damaged'} kind
 * @property {readonly number[]} [shape]
 * @property {string} [dtype]
 * @property {readonly number[]} [chunks]
 * @property {string} [target]  of a link, with the file that it is in
 * @property {{ code: string, message: string }} [error]  of what is damaged
 */

/**
 * Whether opening a store failed because it is something else.
 * @param {unknown} error
 */
export const isNoStore = (error) => error instanceof BoresError
  && (error.code === 'ERR_NOT_FOUND' || error.code === 'ERR_UNSUPPORTED');

/**
 * @param {string} location
 * @param {Pick<Context, 'signal' | 'place'>} context
 * @param {any} otherwise  the error to throw when it is no hierarchy either
 * @returns {Promise<NodeInfo[]>}  every group and array, parents first
 */
export async function listHierarchy(location, { signal, place }, otherwise) {
  const root = await openNode(location, '', { signal, ...place }).catch((error) => {
    const saysLess = error?.code === 'ERR_NOT_FOUND' || (isNoStore(error) && otherwise.code === 'ERR_NOT_FOUND');
    throw saysLess ? otherwise : error;
  });
  try {
    /** @type {NodeInfo[]} */
    const nodes = [];
    for await (const node of walk(root, '', signal, new Map())) nodes.push(node);
    if (nodes.length === 1 && root.kind === 'group') throw otherwise; // any folder is one
    return nodes;
  } finally {
    await root.close();
  }
}

/**
 * @param {Node} node
 * @param {string} path
 * @param {AbortSignal} signal
 * @param {Map<string, string>} seen  groups by their address, since links may lead in circles
 * @returns {AsyncGenerator<NodeInfo>}
 */
async function* walk(node, path, signal, seen) {
  const { kind, shape, dtype, chunks, error } = node;
  if (error) yield { path, kind: 'damaged', error: { code: error.code, message: error.message } };
  else if (kind === 'array') yield { path, kind, shape, dtype, chunks };
  else yield { path, kind: 'group' };
  const members = await node.members({ signal });
  const pathOf = (/** @type {string} */ name) => (path === '' ? name : `${path}/${name}`);
  for (const { name, kind: what, target, address = '' } of members) { // before any of them is gone into
    const isNew = what === 'group' && target === undefined && address !== '' && !seen.has(address);
    if (isNew) seen.set(address, pathOf(name));
  }
  for (const member of members) {
    const { name, kind: what, target, file, address = '' } = member;
    const below = pathOf(name);
    const known = what === 'group' ? seen.get(address) ?? below : below;
    if (target !== undefined || known !== below) { // where it leads is listed there
      const leads = target ?? `/${known}`;
      yield { path: below, kind: 'link', target: file === undefined ? leads : `${file}: ${leads}` };
    } else if (what === 'group' || what === 'array') {
      yield* walk(await node.openMember(member, { signal }), below, signal, seen);
    } else {
      yield { path: below, kind: what === 'type' ? 'type' : 'link' };
    }
  }
}

/** @param {NodeInfo[]} nodes */
export function hierarchyTable(nodes) {
  return formatTable(['path', 'kind', 'shape', 'type', 'chunks'],
    nodes.map(({ path, kind, shape, dtype, chunks, target, error }) => [`/${path}`, kind,
      shape ? formatShape(shape) : target ? `→ ${target}` : error ? `${error.message} (${error.code})` : '',
      dtype ?? '', chunks ? formatShape(chunks) : '']));
}
