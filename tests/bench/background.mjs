// SPDX-License-Identifier: MIT
// What a stream's background writer saves: the time of a run with and without it, for a producer as fast
// as the writing and for one twice as fast, and how much memory a long stream takes.
//
// A producer waits, as for a simulator in another thread; one that computes in this thread is shown
// beside it: where there are only two cores it takes one of those that would encode.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { StateStream, openStore } from '../../js/index.js';
import { internalsOf } from '../../js/store/data-store.js';
import { runFolder } from '../helpers/fixtures.js';
import { line, made, median, newPlace, python } from './lib.mjs';

export const title = 'Streaming in the background (medium states of 8 MB)';

const STATES = 32, TURNS = 3;
/** `share`: of the time that writing a state takes. */
const PRODUCERS = [
  { what: 'a producer as fast as the writing, with / without', share: 1, computes: false, goal: 0.6 },
  { what: '… that computes in this thread', share: 1, computes: true },
  { what: 'a producer twice as fast as the writing', share: 0.5, computes: false, goal: 0.4 },
];
/** Of a batch and of the queue, MB: the defaults, and where little is allowed. */
const LIMITS = [[256, 256], [20, 40]];
/** The arrays of a state, compressed so that encoding is most of the work. */
const OPTIONS = { layout: 'flat', durability: 'relaxed', compressor: { id: 'zstd', level: 5 } };

export async function run() {
  const folder = made('medium.zarr', (out) => python('medium-store.py', runFolder('head/wf_f64'), out));
  const templates = await loadTemplates(folder);
  const running = await startThreads(templates);
  /** @type {Record<string, { seconds: number, ratio: number }[]>} */ const results = {};
  /** @type {number[]} */ const writes = [];
  for (let turn = 0; turn < TURNS; turn += 1) { // what the machine can do changes: a ratio is of one turn
    const write = await timeOf(templates, { produce: 0 }) / STATES;
    writes.push(write);
    for (const { what, share, computes } of PRODUCERS) {
      const without = await timeOf(templates, { produce: write * share, computes });
      const within = await timeOf(templates, { produce: write * share, computes, backgroundIO: true });
      (results[what] ??= []).push({ seconds: within, ratio: within / without });
    }
  }
  line('writing one state', `${(median(writes) * 1000).toFixed(0)} ms`);
  for (const { what, goal } of PRODUCERS) {
    line(what, `${median(results[what].map(({ seconds }) => seconds)).toFixed(2)} s`,
      median(results[what].map(({ ratio }) => ratio)), goal);
  }
  await running.close();
  for (const limits of LIMITS) {
    const { peak, limit } = await peakMemory(limits);
    line(`memory of 1,000 states of 1 MB, over ${limits.join(' + ')} + 64 MB`, `${peak.toFixed(0)} MB`, peak / limit, 1);
  }
}

async function loadTemplates(folder) {
  const store = await openStore(folder, { mode: 'r' });
  const states = [];
  for await (const state of store.load({ indices: [0, 1, 2, 3] })) states.push(state);
  await store.close();
  return states;
}

/** Threads run while a store uses them: those of this one run already when a stream begins. */
async function startThreads(templates) {
  const store = await openStore(newPlace(), OPTIONS);
  await internalsOf(store).useWorkers();
  await store.appendAll(templates);
  return store;
}

/** @param {number} seconds @param {boolean} computes */
async function spend(seconds, computes) {
  const end = performance.now() + seconds * 1000;
  if (!computes) await new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
  while (performance.now() < end) { /* a time step */ }
}

async function* simulate(templates, seconds, computes) {
  for (let step = 0; step < STATES; step += 1) {
    if (seconds > 0) await spend(seconds, computes);
    yield templates[step % templates.length].with({ step });
  }
}

/** Seconds from the first state to the last that is written. */
async function timeOf(templates, { produce, computes = false, backgroundIO = false }) {
  const store = await openStore(newPlace(), OPTIONS);
  if (backgroundIO) await internalsOf(store).useWorkers();
  const start = performance.now();
  const stream = new StateStream({ states: simulate(templates, produce, computes), store, batchSize: 1, backgroundIO });
  await stream.consume();
  await stream.close();
  const seconds = (performance.now() - start) / 1000;
  await store.close();
  return seconds;
}

/**
 * In a process of its own: other benchmarks have left their memory in this one.
 * @param {number[]} limits
 */
function peakMemory(limits) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./stream-memory.js', import.meta.url)), [newPlace(), ...limits.map(String)]);
    child.on('message', resolve);
    child.on('exit', (code) => (code === 0 ? undefined : reject(new Error(`exit code ${code}`))));
  });
}
