// SPDX-License-Identifier: MIT
// One damaged input in a process of its own, whose memory and processor time are measured:
//
//     node bad-case.js '{ "location", "array", "op", "region", "good" }'
//
// Prints what came of it, and whether the module reads `good` afterwards.

import { BoresError, openNode } from '../../../js/index.js';

/** @param {any} one */
async function perform({ location, array, op, region }) {
  const node = await openNode(location, array);
  try {
    if (op === 'attributes') return { value: Object.keys(node.attributes).length };
    const slice = op === 'read_region'
      ? region.map((/** @type {number[]} */ [from, to]) => [from, to, 1]) : undefined;
    return { value: (await node.readBytes({ slice })).bytes.length };
  } finally {
    await node.close();
  }
}

/** @param {any} one */
async function outcome(one) {
  try {
    return await perform(one);
  } catch (error) {
    if (!(error instanceof BoresError)) return { foreign: String(error) };
    return { code: error.code, key: error.key, message: error.message };
  }
}

const one = JSON.parse(process.argv[2]);
const result = await outcome(one);
const after = await outcome({ location: one.good, array: '', op: 'read_all' });
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const seconds = (userCPUTime + systemCPUTime) / 1e6;
console.log(JSON.stringify({ ...result, after, maxMemoryMb: maxRSS / 1024, seconds }));
