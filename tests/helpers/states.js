// SPDX-License-Identifier: MIT
// The sample states of tests/data/states as plain trees, as a store gives them: maps without
// a prototype, NdArrays, scalars.
import { readFileSync } from 'node:fs';

import { dtypeInfo } from '../../js/values/dtypes.js';
import { NdArray } from '../../js/values/nd-array.js';

/** @param {'guide' | 'head' | 'wheel'} version */
export function sampleTree(version) {
  const url = new URL(`../data/states/${version}.json`, import.meta.url);
  return revive(JSON.parse(readFileSync(url, 'utf8')));
}

/**
 * @param {any} node
 * @returns {any}
 */
function revive(node) {
  if (Array.isArray(node)) return node.map(revive);
  if (typeof node !== 'object' || node === null) return node;
  if (node.$nan) return NaN;
  if (node.$array) {
    const { Data } = dtypeInfo(node.$array);
    const toElement = Data === BigInt64Array ? BigInt : Number;
    return new NdArray(Data.from(node.data, toElement), node.shape, node.$array);
  }
  const map = Object.create(null);
  for (const [name, value] of Object.entries(node)) map[name] = revive(value);
  return map;
}
