// SPDX-License-Identifier: MIT
// One cell of a cube through time, by as few reads as there can be: of each shard its index and a chunk.

import { openNode, sessionOf } from '../store/open-node.js';
import { readTree } from '../values/tree.js';

/**
 * @import { OpenNodeOptions } from '../store/open-node.js'
 * @import { Series } from '../store/reads/series.js'
 */

const SECONDS_PER_DAY = 86_400;

/**
 * One cell of a cube through time: a chunk of each shard is read.
 * @param {unknown} location
 * @param {string} property
 * @param {readonly number[]} cell  [i, j, k]
 * @param {OpenNodeOptions} [options]
 * @returns {Promise<Series>}  time in seconds, as of DataStore.series()
 */
export async function cubeSeries(location, property, cell, options) {
  const values = await openNode(location, property, options);
  const { signal } = options ?? {};
  // What the cube is written in is known by its one array: nothing is asked about the others before they are read.
  const version = values.zarrFormat && { version: values.zarrFormat };
  const coordinate = async (/** @type {string} */ path) =>
    readTree(await sessionOf(values).run('array', { path, slice: null, ...version }, { signal })).data;
  try {
    const [column, steps, days] = await Promise.all([
      values.read({ signal, slice: [null, ...cell] }), coordinate('step'), coordinate('time')]);
    return { step: toNumbers(steps), time: toNumbers(days, SECONDS_PER_DAY),
      value: toNumbers(column.data, 1, Math.min(column.data.length, steps.length)) };
  } finally {
    await values.close();
  }
}

/**
 * In a loop: Float64Array.from() asks an iterator for each value, which takes ten times as long.
 * @param {ArrayLike<any>} data  64-bit integers among others
 * @param {number} [scale]
 * @param {number} [count]
 */
function toNumbers(data, scale = 1, count = data.length) {
  const numbers = new Float64Array(count);
  for (let at = 0; at < count; at++) numbers[at] = Number(data[at]) * scale;
  return numbers;
}
