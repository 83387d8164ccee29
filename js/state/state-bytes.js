// SPDX-License-Identifier: MIT

import { NdArray } from '../values/nd-array.js';

/**
 * The bytes of a state's or tree's arrays, nested ones included.
 * @param {unknown} node
 * @returns {number}
 */
export function stateBytes(node) {
  if (node instanceof NdArray) return /** @type {any} */ (node.data).byteLength ?? 0;
  if (node === null || typeof node !== 'object') return 0;
  let sum = 0;
  for (const child of Object.values(node)) sum += stateBytes(child);
  return sum;
}
