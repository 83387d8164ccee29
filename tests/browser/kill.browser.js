// SPDX-License-Identifier: MIT
// Writers that are killed: workers that are terminated, at random moments and at each of their calls
// that change the storage, and pages that are closed. What was acknowledged is there, bit for bit,
// nothing half, and committing goes on.

import { equal, ok } from '../helpers/storage/assert.js';
import {
  checkWholeEntries, commitNext, contentAfter, countBatches,
} from '../helpers/storage/numbered-batches.js';
import { contentOf, generator, sameContent } from '../js/storage/writer-contract.js';
import { host, note, test } from './harness.js';
import { openPlace } from './kill-writer.js';

/** @import { Storage, Writer } from '../../js/storage/base/storage.js' */
/** @import { Kind } from './kill-writer.js' */

const START = 22; // the last of the next three batches replaces everything
const TIMEOUT_MS = 15 * 60_000; // a directory's commits take seconds where a machine is busy

/**
 * How many workers are terminated and pages closed; which calls are a worker's last, each `stride`-th
 * of some twenty, or of a directory handle's some hundred; and how many such workers there are at a
 * time, since it takes a browser a while to end them.
 * @type {Record<Kind, { kills: number, pages: number, stride: number, atOnce: number }>}
 */
const EFFORT = {
  idb: { kills: 20, pages: 6, stride: 1, atOnce: 6 },
  opfs: { kills: 20, pages: 6, stride: 1, atOnce: 6 },
  handle: { kills: 8, pages: 3, stride: 83, atOnce: 2 },
};

/** @param {Kind} kind */
const nameFor = (kind) => `killed ${kind} ${Math.random().toString(36).slice(2)}`;

/** The lock of one that was killed goes some moments after it. @param {Storage} storage */
async function openWriter(storage) {
  for (;;) {
    try {
      return /** @type {Writer} */ (await storage.openWriter?.());
    } catch (error) {
      if (/** @type {any} */ (error).code !== 'ERR_LOCKED') throw error;
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
  }
}

/**
 * What the next one finds and does.
 * @param {Kind} kind
 * @param {string} name
 * @param {number} acknowledged
 * @param {number} unheard
 * @returns {Promise<number>}  batches there are now
 */
async function goOn(kind, name, acknowledged, unheard) {
  const storage = await openPlace(kind, name);
  await checkWholeEntries(storage);
  const writer = await openWriter(storage);
  const count = await countBatches(await openPlace(kind, name), acknowledged, unheard);
  await commitNext(writer, count);
  await writer.close();
  sameContent(await contentOf(await openPlace(kind, name)), contentAfter(count + 1));
  await storage.close();
  return count + 1;
}

/**
 * A worker that writes, until it is done, or killed: when it has stopped, or some time after it has
 * said something so often.
 * @param {object} task  of write()
 * @param {{ after: number, ms: number }} moment
 * @returns {Promise<{ acknowledged: number, last: unknown }>}
 */
function live(task, { after, ms }) {
  const worker = new Worker('kill-writer.js', { type: 'module' });
  let acknowledged = /** @type {any} */ (task).count;
  let said = 0;
  return new Promise((resolve, reject) => {
    const end = (/** @type {unknown} */ last) => {
      worker.terminate();
      resolve({ acknowledged, last });
    };
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => {
      if (typeof data === 'number') acknowledged = data;
      else if (data === 'stopped' || data === 'done') end(data);
      else reject(new Error(data));
      said += 1;
      if (said === after) setTimeout(end, ms, data);
    };
    worker.postMessage(task);
  });
}

/**
 * A worker is terminated at a call of three commits.
 * @param {Kind} kind
 * @param {number} at
 * @returns {Promise<unknown>}  what it said last
 */
async function killAt(kind, at) {
  const name = nameFor(kind);
  const writer = await openWriter(await openPlace(kind, name));
  await writer.commit({ puts: [...contentAfter(START)] });
  await writer.close();
  const task = { kind, name, count: START, upTo: START + 3, at };
  const { acknowledged, last } = await live(task, { after: Infinity, ms: 0 });
  await goOn(kind, name, acknowledged, 0);
  return last;
}

for (const [name, effort] of Object.entries(EFFORT)) {
  const kind = /** @type {Kind} */ (name);
  const { kills, pages, stride, atOnce } = effort;

  test(`${kind}: a worker is terminated ${kills} times`, async () => {
    const place = nameFor(kind);
    const random = generator(4);
    let count = 0;
    for (let i = 0; i < kills; i += 1) {
      const moment = { after: 1 + random(4), ms: random(40) };
      const { acknowledged } = await live({ kind, name: place, count }, moment);
      ok(acknowledged > count, `${acknowledged} batches after ${count}`);
      count = await goOn(kind, place, acknowledged, 30);
    }
  }, { timeoutMs: TIMEOUT_MS });

  test(`${kind}: a worker is terminated at each of its calls`, async () => {
    let calls = 0;
    let isDone = false;
    for (let at = 1; !isDone; at += atOnce * stride) {
      const ends = await Promise.all(Array.from({ length: atOnce }, (_, i) => (
        killAt(kind, at + i * stride))));
      isDone = ends.includes('done');
      calls += ends.filter((end) => end === 'stopped').length;
    }
    ok(calls >= 2, `${calls} calls`);
    note(`${calls} calls`);
  }, { timeoutMs: TIMEOUT_MS });

  test(`${kind}: a page is closed ${pages} times`, async () => {
    const place = nameFor(kind);
    const random = generator(5);
    const channel = new BroadcastChannel(place);
    let count = 0;
    for (let i = 0; i < pages; i += 1) {
      let acknowledged = count;
      const after = count + 1 + random(3);
      const told = new Promise((resolve, reject) => {
        channel.onmessage = ({ data }) => {
          if (typeof data === 'number') acknowledged = data;
          else reject(new Error(data));
          if (acknowledged >= after) resolve(undefined);
        };
      });
      const query = new URLSearchParams({ kind, name: place, count: String(count) });
      const page = await host('openPage', new URL(`kill-page.html?${query}`, location.href).href);
      await told;
      await host('closePage', page);
      count = await goOn(kind, place, acknowledged, 500);
    }
    channel.close();
    equal(count > pages, true, `${count} batches`);
  }, { timeoutMs: TIMEOUT_MS });
}
