// SPDX-License-Identifier: MIT
// An item on its way into a store: checked, named, turned into what the core encodes.

import { BoresError } from '../core/errors.js';
import { Signals } from '../core/signals.js';
import { describeValue } from '../values/dtypes.js';
import { NdArray } from '../values/nd-array.js';
import { stateBytes } from '../state/state-bytes.js';
import { toStored } from '../state/stored-tree.js';
import { writeTree } from '../values/tree.js';

/**
 * @import { EntryMeta } from './store-types.js'
 * @import { Puts } from '../core/encode.js'
 * @import { Encoder } from '../formats/session.js'
 * @import { Staged, Staging } from '../storage/base/storage.js'
 *
 * @typedef {object} WriteOptions
 * @property {(item: any) => any} [validator]  its result, unless undefined, is what is written
 * @property {Record<string, any> | ((item: any) => Record<string, any>)} [meta]  kept with the entry;
 *   a function gets what is written
 * @property {AbortSignal} [signal]
 * @property {(progress: { done: number }) => void} [onProgress]  after each entry that is encoded
 * @property {Record<string, any>} [rootAttributes]  attributes of the root to set in the same commit;
 *   undefined removes one
 * @property {Promise<unknown>} [after]  an earlier call: where it fails, nothing is written here either
 *
 * All of an entry but its index, which may yet change.
 * @typedef {{ meta: Record<string, any>, data: any }} Draft
 *
 * An entry as keys and bytes, or as what was written of it ahead.
 * @typedef {Puts | Staged} Encoded
 */

/**
 * @param {unknown} item
 * @param {WriteOptions} options
 * @returns {Promise<Draft>}
 */
async function toDraft(item, { validator, meta }) {
  const checked = await validator?.(item);
  const value = checked === undefined ? item : checked;
  const about = (typeof meta === 'function' ? await meta(value) : meta) ?? {};
  const data = toStored(value);
  if (data === null || typeof data !== 'object' || Array.isArray(data) || data instanceof NdArray) {
    throw new BoresError('ERR_ARGUMENT', `an entry is a map of names to values, not ${describeValue(data)}`);
  }
  return { meta: toStored(about, ['meta']), data };
}

/**
 * @param {readonly unknown[]} items
 * @param {WriteOptions} options
 */
export async function toDrafts(items, options) {
  return Promise.all(items.map((item) => toDraft(item, options)));
}

/**
 * What `entries()` will say of it.
 * @param {Draft} draft
 * @param {number} idx
 * @returns {EntryMeta}
 */
export function toMeta({ meta, data }, idx) {
  const { step, time } = data;
  return { idx, groupName: `entry_${String(idx).padStart(10, '0')}`, meta,
    ...(typeof step === 'number' && { step }), ...(typeof time === 'number' && { time }) };
}

/**
 * @param {Encoder} encoder
 * @param {readonly Draft[]} drafts
 * @param {number} first  index
 * @param {Record<string, unknown>} encoding  the backend's parameters, beside the entries
 * @param {WriteOptions} options
 * @param {Staging} [staging]  where they may be written ahead
 * @returns {Promise<Encoded[]>}  of each
 */
export async function encodeDrafts(encoder, drafts, first, encoding, { signal, onProgress }, staging) {
  const signals = new Signals(signal);
  let done = 0;
  try {
    return await Promise.all(drafts.map(async (draft, offset) => {
      const entries = [{ idx: first + offset, ...draft }];
      const under = signals.open();
      const pack = () => writeTree({ ...encoding, entries });
      const encoded = await (staging && encoder.stage ? encoder.stage(pack, staging, under)
        : encoder.encode(pack, under));
      signals.close(under);
      onProgress?.({ done: ++done });
      return encoded;
    }));
  } finally {
    signals.abort(); // after a failure the others are encoded in vain
  }
}

/**
 * Groups items so that no more memory than that is held.
 * @param {Iterable<unknown> | AsyncIterable<unknown>} items
 * @param {number} limit  bytes of arrays
 */
export async function* batchesOf(items, limit) {
  /** @type {unknown[]} */
  let batch = [];
  let nbytes = 0;
  for await (const item of items) {
    batch.push(item);
    nbytes += stateBytes(item);
    if (nbytes >= limit) {
      yield batch;
      batch = [];
      nbytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
