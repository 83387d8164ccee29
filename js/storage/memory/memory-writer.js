// SPDX-License-Identifier: MIT
// Commits to values in this process: one step that no reader can come in between of. Nothing
// outlives the process, so there is nothing to recover.

import { assertFits, expandDeletes } from '../base/batch.js';
import { KeyIndex } from '../base/key-index.js';
import { StoreWriter, lockedError } from '../base/store-writer.js';

/**
 * @import { CheckedBatch } from '../base/batch.js'
 * @import { Content } from './memory.js'
 * @import { Committer } from '../base/store-writer.js'
 */

/**
 * @param {string} location
 * @param {Content} content  shared by the views of one name, and so is its lock
 */
export function openMemoryWriter(location, content) {
  if (content.writingSince !== undefined) {
    throw lockedError(location, { describe: 'another writer in this thread', since: content.writingSince });
  }
  content.writingSince = Date.now();
  return StoreWriter.open(location, new MemoryCommitter(content));
}

/** @implements {Committer} */
class MemoryCommitter {
  #content;

  /** @param {Content} content */
  constructor(content) {
    this.#content = content;
  }

  /** @param {CheckedBatch} batch */
  async write(batch) {
    apply(this.#content, batch);
  }

  /** @param {AsyncIterable<CheckedBatch>} batches */
  async swap(batches) {
    /** @type {Content} */
    const fresh = { values: new Map(), index: new KeyIndex([]) };
    for await (const batch of batches) apply(fresh, batch);
    Object.assign(this.#content, fresh);
  }

  async settle() {
    return { dropped: [], restored: [] };
  }

  async release() {
    this.#content.writingSince = undefined;
  }
}

/**
 * @param {Content} content
 * @param {CheckedBatch} batch
 */
function apply({ values, index }, batch) {
  assertFits(batch, values, index);
  const copies = batch.puts.map(([, value]) => value.slice()); // the last that may fail
  for (const key of expandDeletes(batch.deletes, values, index)) {
    values.delete(key);
    index.remove(key);
  }
  batch.puts.forEach(([key], i) => {
    values.set(key, copies[i]);
    index.add(key);
  });
}
