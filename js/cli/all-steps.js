// SPDX-License-Identifier: MIT
// What `bores show LOCATION all PATH` says: a property over all states.

import { describeProperty, propertyLabel } from '../index.js';
import { findPath } from './arguments.js';
import { formatJson, formatNumber, visible } from './format.js';

/** @import { ArrayStatistics, DataStore } from '../index.js' */

const PERCENT = [10, 50, 90];
/** Characters of the longest bar, and bars. */
const WIDTH = 40;
const BARS = 16;

/**
 * @param {DataStore} store
 * @param {string} path
 * @param {{ json?: boolean }} options
 * @param {AbortSignal} signal
 */
export async function showAllSteps(store, path, { json }, signal) {
  const { names } = await findPath(store, -1, path, signal);
  const found = await store.statistics(names, { signal });
  return json ? formatJson(plain(names, found)) : text(names, found);
}

/**
 * @param {string[]} names
 * @param {Awaited<ReturnType<DataStore['statistics']>>} found
 */
function plain(names, { total, entries, unknown, computed }) {
  const { name, unit } = describeProperty(names);
  return { path: names.join('.'), name, unit, entries: entries.length, unknown, computed, ...numbersOf(total),
    histogram: total.histogram, each: entries.map((one) => one && numbersOf(one)) };
}

/** @param {ArrayStatistics} one */
function numbersOf(one) {
  const { count, missing, infinite, min, max, mean, minPositive, precision } = one;
  const [p10, p50, p90] = PERCENT.map((percent) => one.percentile(percent));
  return { count, missing, infinite, min, max, mean, minPositive, p10, p50, p90, precision };
}

/**
 * @param {string[]} names
 * @param {Awaited<ReturnType<DataStore['statistics']>>} found
 */
function text(names, { total, entries, unknown, computed }) {
  const { unit } = describeProperty(names);
  const withUnit = (/** @type {number} */ number) => `${formatNumber(number)} ${unit}`.trimEnd();
  const how = computed === 0 ? 'kept beside the data' : `${computed} counted from the values`;
  const lines = [['states', `${entries.length - unknown} of ${entries.length}, ${how}`],
    ['values', `${total.count}${total.missing > 0 ? `, ${total.missing} NaN` : ''}`
      + `${total.infinite > 0 ? `, ${total.infinite} infinite` : ''}`],
    ['min', withUnit(total.min)], ['max', withUnit(total.max)], ['mean', withUnit(total.mean)]];
  if (total.precision > 0) {
    const about = PERCENT.map((percent) => formatNumber(total.percentile(percent))).join(', ');
    lines.push(['P10, P50, P90', `${about}, to within ${withUnit(total.precision)}`]);
  }
  return `${visible(propertyLabel(names))}\n`
    + lines.map(([label, value]) => `  ${label.padEnd(13)} ${visible(value)}\n`).join('') + bars(total);
}

/** @param {ArrayStatistics} total */
function bars(total) {
  const { edges, counts } = total.histogram;
  if (counts.length < 2) return '';
  const every = Math.ceil(counts.length / BARS);
  const rows = [];
  for (let at = 0; at < counts.length; at += every) {
    rows.push({ from: edges[at], count: counts.slice(at, at + every).reduce((a, b) => a + b, 0) });
  }
  const most = Math.max(...rows.map(({ count }) => count));
  return rows.map(({ from, count }) => {
    const bar = '#'.repeat(Math.ceil(count / most * WIDTH)).padEnd(WIDTH);
    return `  ${formatNumber(from).padStart(13)} ${bar} ${count}\n`;
  }).join('');
}
