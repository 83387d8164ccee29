// SPDX-License-Identifier: MIT
// Streams of small made-up states over stores in memory, whose commits are watched and can be made to
// fail or to wait.

import { ModelState, ZarrStore, openStore } from '../../js/index.js';
import { MemoryStorage } from '../../js/storage/memory/memory.js';

/**
 * @import { StreamOptions } from '../../js/stream/stream-types.js'
 * @import { Batch, WriterOptions } from '../../js/storage/base/storage.js'
 */

/** Float64 values a state: 8 kB of arrays. */
export const CELLS = 1000;
let places = 0;

/** @param {number} step */
export function stateOf(step) {
  return ModelState.from({
    step, step_size: 60, time: step * 60,
    model: { fluid_properties: { pressure_grid: new Float64Array(CELLS).fill(step + 0.5) } },
  });
}

/** @param {number} count */
export function* statesUpTo(count) {
  for (let step = 0; step < count; step += 1) yield stateOf(step);
}

/** Values in memory under a name of their own; `commits` are the numbers of entries of each commit. */
export class WatchedPlace {
  /** @type {number[]} */ commits = [];
  /** Called before each commit, counted from 1: it may throw or wait. */
  /** @type {(commit: number) => unknown} */ onCommit = () => {};
  #name = `stream-${places += 1}`;
  #begun = 0;

  /** @param {import('../../js/store/store-types.js').OpenOptions} [options] */
  store(options) {
    const storage = MemoryStorage.named(this.#name);
    const open = storage.openWriter.bind(storage);
    storage.openWriter = async (/** @type {WriterOptions | undefined} */ writerOptions) => {
      const writer = await open(writerOptions);
      const commit = writer.commit.bind(writer);
      writer.commit = async (/** @type {Batch} */ batch, /** @type {any} */ commitOptions) => {
        this.#begun += 1;
        await this.onCommit(this.#begun);
        await commit(batch, commitOptions);
        const groups = new Set(batch.puts.map(([key]) => key.split('/')[0])
          .filter((name) => name.startsWith('entry_')));
        this.commits.push(groups.size);
      };
      return writer;
    };
    return new ZarrStore(storage, options);
  }

  /** What somebody else finds there afterwards: the steps of the entries, in order, checked. */
  async steps() {
    const store = await openStore(`memory:${this.#name}`, { mode: 'r' });
    try {
      const steps = [];
      for await (const { step, time, model } of store.load()) {
        const { data } = model.fluid_properties.pressure_grid;
        if (data.length !== CELLS || data.some((value) => value !== step + 0.5) || time !== step * 60) {
          throw new Error(`the state of step ${step} is not what was saved`);
        }
        steps.push(step);
      }
      const metas = (await store.entries()).map(({ idx, meta, step }) => [idx, meta.step, step]);
      const expected = steps.map((step, idx) => [idx, step, step]);
      if (JSON.stringify(metas) !== JSON.stringify(expected)) {
        throw new Error(`entries ${JSON.stringify(metas)}, expected ${JSON.stringify(expected)}`);
      }
      return steps;
    } finally {
      await store.close();
    }
  }
}

/** A promise that somebody else fulfils. */
export function gate() {
  /** @type {() => void} */ let open = () => {};
  const opened = new Promise((resolve) => { open = () => resolve(undefined); });
  return { open, opened };
}
