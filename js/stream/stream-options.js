// SPDX-License-Identifier: MIT
// The options of a stream, complete and checked.

import { BoresError } from '../core/errors.js';
import { checkOptions } from '../core/options.js';

/** @import { StreamOptions } from './stream-types.js' */

const DEFAULTS = {
  batchSize: 50, validate: false, autoSave: true, autoReplay: true, save: true,
  maxBatchMemoryUsage: 256, backgroundIO: false, maxQueueSize: Infinity, maxQueueMemoryUsage: 256,
  ioThreadName: 'stream-io', queueTimeout: 30,
};

/** @type {import('../core/options.js').Known} */
const KNOWN = {
  states: 'stream', store: 'object', batchSize: 'number', validate: 'boolean', autoSave: 'boolean',
  autoReplay: 'boolean', save: 'boolean|function', checkpointInterval: 'number', checkpointStore: 'object',
  maxBatchMemoryUsage: 'number', backgroundIO: 'boolean', maxQueueSize: 'number',
  maxQueueMemoryUsage: 'number', ioThreadName: 'text', queueTimeout: 'number', signal: 'signal',
  onProgress: 'function',
};

const POSITIVE = /** @type {const} */ (['batchSize', 'maxBatchMemoryUsage', 'maxQueueSize',
  'maxQueueMemoryUsage', 'checkpointInterval']);
const WHOLE = new Set(['batchSize', 'maxQueueSize', 'checkpointInterval']);

/**
 * @param {StreamOptions} options
 * @returns {StreamOptions & Required<Pick<StreamOptions, keyof typeof DEFAULTS>> & { eager: boolean }}
 *   eager: batches need not be full
 * @throws {BoresError} ERR_ARGUMENT for what it does not know; ERR_STREAM for what
 *   contradicts itself or is no number where one is due
 */
export function checkStreamOptions(options) {
  checkOptions('StateStream', options, KNOWN);
  const { states, store, checkpointInterval, checkpointStore } = options;
  refuseIf(!states && !store, 'a stream needs states, a store, or both');
  for (const written of [states && store, checkpointStore]) {
    refuseIf(Boolean(written && !written.supportsAppend),
      `${written?.location}: ${written?.backend} stores cannot be appended to`);
  }
  refuseIf(checkpointInterval !== undefined && !checkpointStore,
    `checkpointInterval is ${checkpointInterval}, and there is no checkpointStore`);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const complete = { ...DEFAULTS, ...Object.fromEntries(given) };
  for (const name of POSITIVE) {
    const value = /** @type {Record<string, unknown>} */ (complete)[name];
    if (value === undefined) continue;
    const isNumber = typeof value === 'number' && value > 0
      && (value === Infinity || !WHOLE.has(name) || Number.isInteger(value));
    refuseIf(!isNumber, `${name} is ${String(value)}, not a positive number`);
  }
  const { queueTimeout } = complete;
  refuseIf(!(typeof queueTimeout === 'number' && queueTimeout >= 0),
    `queueTimeout is ${String(queueTimeout)}, not a number of seconds`);
  return { ...complete, eager: complete.backgroundIO && options.batchSize === undefined };
}

/**
 * @param {boolean} condition
 * @param {string} message
 */
export function refuseIf(condition, message) {
  if (condition) throw new BoresError('ERR_STREAM', message);
}
