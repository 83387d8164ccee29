// SPDX-License-Identifier: MIT
// A file that commits change, on a real file system and on one in memory that fails, is killed or loses
// power at each call in turn; and journals that are cut at every byte.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { loadNode } from '../../../../js/core/host.js';
import { NodeFilePlace } from '../../../../js/storage/node/node-file-place.js';
import { bytesEqual, deepEqual, equal, failure, fails, isError, ok } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { EDITS, STATES, commit, contentOf, fileContract, openWriter } from '../file-contract.js';
import { Killed, MemoryFs } from '../../../helpers/storage/memory-fs.js';
import { generator } from '../writer-contract.js';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-file-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));
const real = await loadNode();
const NAME = '/data/run.h5';

/** @param {MemoryFs} disk */
const open = (disk) => new NodeFilePlace(disk.asNode(real), NAME, true);

describe('node file', () => {
  fileContract(test, () => {
    const folder = fs.mkdtempSync(path.join(scratch, 'place-'));
    return { open: () => NodeFilePlace.open(path.join(folder, 'run.h5'), { create: true }) };
  });

  test('nothing is left beside it', async () => {
    const folder = fs.mkdtempSync(path.join(scratch, 'place-'));
    const place = await NodeFilePlace.open(path.join(folder, 'run.h5'), { create: true });
    const writer = await openWriter(place);
    for (const edit of EDITS) await commit(place, writer, edit);
    const replacement = await writer.replace();
    replacement.file.write?.(0, noise(10, 1));
    await replacement.publish();
    await writer.close();
    deepEqual(fs.readdirSync(folder), ['run.h5']);
  });

  test('a link is written through, and stays one', async () => {
    const folder = fs.mkdtempSync(path.join(scratch, 'place-'));
    const [target, link] = [path.join(folder, 'target.h5'), path.join(folder, 'link.h5')];
    fs.writeFileSync(target, noise(100, 1));
    fs.chmodSync(target, 0o640);
    fs.symlinkSync(target, link);
    const place = await NodeFilePlace.open(link);
    const writer = await openWriter(place);
    const replacement = await writer.replace();
    replacement.file.write?.(0, noise(10, 2));
    await replacement.publish();
    await writer.close();
    ok(fs.lstatSync(link).isSymbolicLink(), 'a link');
    bytesEqual(new Uint8Array(fs.readFileSync(target)), noise(10, 2));
    equal(fs.statSync(target).mode & 0o777, 0o640, 'mode');
  });

  test('absent, and not to be made', async () => {
    const place = await NodeFilePlace.open(path.join(scratch, 'absent.h5'));
    await fails(() => place.snapshot(), 'ERR_NOT_FOUND', 'absent.h5');
    await fails(async () => (await NodeFilePlace.open(scratch)).snapshot(), 'ERR_ARGUMENT', scratch);
  });

  test('beyond 4 GB, in a file with holes', async () => {
    const name = path.join(scratch, 'sparse.h5');
    const far = 5 * 2 ** 30 + 123;
    fs.writeFileSync(name, noise(5000, 1));
    fs.truncateSync(name, far);
    const place = await NodeFilePlace.open(name);
    const writer = await openWriter(place);
    await commit(place, writer, { writes: [[far, noise(10_000, 2)], [far - 50, noise(20, 3)], [8, noise(4, 4)]] });
    const snapshot = await place.snapshot();
    const read = (/** @type {number} */ offset, /** @type {number} */ length) => {
      const view = new Uint8Array(length);
      snapshot?.file.read(offset, length, view);
      return view;
    };
    equal(snapshot?.file.size(), far + 10_000);
    bytesEqual(read(far, 10_000), noise(10_000, 2));
    bytesEqual(read(far - 50, 20), noise(20, 3));
    bytesEqual(read(far - 30, 30), new Uint8Array(30));
    bytesEqual(read(8, 4), noise(4, 4));
    snapshot?.close();
    await writer.close();
    fs.rmSync(name);
  });
});

/**
 * @param {MemoryFs} disk
 * @param {'strict' | 'relaxed'} durability
 * @param {{ steps: number }} done
 */
async function play(disk, durability, done) {
  const place = open(disk);
  const writer = await place.openWriter({ durability });
  for (const edit of EDITS) {
    await commit(place, writer, edit);
    done.steps += 1;
  }
  const replacement = await writer.replace();
  replacement.file.write?.(0, noise(9_000, 30));
  await replacement.publish();
  done.steps += 1;
  await commit(place, writer, LAST);
  done.steps += 1;
  await writer.close();
}

const LAST = { writes: /** @type {[number, Uint8Array][]} */ ([[8_500, noise(4000, 31)], [0, noise(96, 32)]]) };
const ALL = [...STATES, noise(9_000, 30), (() => {
  const bytes = new Uint8Array(12_500);
  bytes.set(noise(9_000, 30));
  for (const [offset, part] of LAST.writes) bytes.set(part, offset);
  return bytes;
})()];

/** @param {'strict' | 'relaxed'} durability */
async function countCalls(durability) {
  const disk = new MemoryFs();
  await play(disk, durability, { steps: 0 });
  return disk.calls;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} steps  that were acknowledged
 * @param {string} what
 */
function oldOrNew(bytes, steps, what) {
  const same = (/** @type {Uint8Array} */ state) => state?.length === bytes.length && state.every((byte, i) => byte === bytes[i]);
  ok(same(ALL[steps]) || same(ALL[steps + 1]), `${what}: neither old nor new, ${bytes.length} bytes`);
}

/**
 * What the next process finds and does.
 * @param {MemoryFs} disk
 * @param {number} steps
 * @param {string} what
 */
async function checkRestart(disk, steps, what) {
  const seen = await contentOf(open(disk));
  oldOrNew(seen, steps, `${what}, a reader`);
  const expected = disk.statSync('/data', { throwIfNoEntry: false }) ? await open(disk).leftovers() : undefined;
  const writer = await open(disk).openWriter();
  if (expected) deepEqual(writer.recovered, expected, `${what}: leftovers()`);
  bytesEqual(await contentOf(open(disk)), seen, `${what}: a reader, after the recovery`);
  await commit(open(disk), writer, { writes: [[seen.length, noise(9, 9)]] });
  equal((await contentOf(open(disk))).length, seen.length + 9, `${what}, and on`);
  await writer.close();
  deepEqual(disk.readdirSync('/data'), ['run.h5'], what);
}

/** @param {'strict' | 'relaxed'} durability @param {number} at @param {(disk: MemoryFs) => void} restart */
async function killAt(durability, at, restart) {
  const disk = new MemoryFs();
  const done = { steps: 0 };
  disk.fault = { at, code: 'SIGKILL' };
  const error = await play(disk, durability, done).catch((reason) => reason);
  ok(error instanceof Killed || error?.cause instanceof Killed, `${at}: ${error?.stack}`);
  restart(disk);
  await checkRestart(disk, done.steps, `killed at call ${at} (${durability})`);
}

describe('node file: killed at each call', () => {
  for (const durability of /** @type {const} */ (['strict', 'relaxed'])) {
    test(`${durability}: the old or the new content, and what was acknowledged`, async () => {
      const calls = await countCalls(durability);
      ok(calls > 100, `${calls} calls`);
      for (let at = 1; at <= calls; at += 1) await killAt(durability, at, (disk) => disk.restart());
    });
  }

  test('strict: the same after a power failure', async () => {
    const calls = await countCalls('strict');
    const random = generator(3);
    for (let at = 1; at <= calls; at += 1 + random(3)) {
      await killAt('strict', at, (disk) => disk.losePower(() => false));
      for (let i = 0; i < 2; i += 1) await killAt('strict', at, (disk) => disk.losePower(() => random(2) === 0));
    }
  });

  test('a recovery that is killed itself is done by the next', async () => {
    const calls = await countCalls('relaxed');
    const random = generator(4);
    for (let at = 1; at <= calls; at += 1 + random(5)) {
      const disk = new MemoryFs();
      const done = { steps: 0 };
      disk.fault = { at, code: 'SIGKILL' };
      await play(disk, 'relaxed', done).catch(() => undefined);
      for (let second = 1; second < 60; second += 1) {
        disk.restart();
        disk.fault = { at: disk.calls + second, code: 'SIGKILL' };
        if (await open(disk).openWriter().catch(() => undefined)) break;
      }
      disk.restart();
      await checkRestart(disk, done.steps, `killed at call ${at}, and in the recovery`);
    }
  });
});

describe('node file: each call fails in turn', () => {
  for (const [code, expected, stride] of /** @type {const} */ ([
    ['EIO', 'ERR_STORAGE', 1], ['ENOSPC', 'ERR_QUOTA', 4], ['EACCES', 'ERR_PERMISSION', 7],
  ])) {
    test(`${code}: the error surfaces, the old content stands, the writer goes on`, async () => {
      const calls = await countCalls('strict');
      let surfaced = 0;
      for (let at = 1; at <= calls; at += stride) surfaced += await failAt(at, code, expected);
      ok(surfaced > calls / stride / 2, `${surfaced} of ${calls / stride} failures surfaced`);
    });
  }
});

/**
 * @param {number} at
 * @param {string} code
 * @param {string} expected
 * @returns {Promise<number>}  how many errors surfaced
 */
async function failAt(at, code, expected) {
  const disk = new MemoryFs();
  const what = `${code} at call ${at}`;
  disk.fault = { at, code };
  let surfaced = 0;
  const note = (/** @type {any} */ error) => {
    surfaced += 1;
    isError(error, expected, code, 'run.h5');
    if (code === 'ENOSPC') equal(error.limit, 3000, what);
  };
  let writer = await open(disk).openWriter().catch((error) => {
    surfaced += 1;
    ok([expected, 'ERR_STORAGE'].includes(error.code), `${what}: ${error.stack}`);
  });
  writer ??= await open(disk).openWriter();
  for (const [i, edit] of EDITS.entries()) {
    try {
      await commit(open(disk), writer, edit);
    } catch (error) {
      note(error);
      const refused = await failure(() => commit(open(disk), /** @type {any} */ (writer), edit)).catch(() => undefined);
      if (refused) { // it was cut already: the commit is decided, and finished on demand
        isError(refused, 'ERR_STORAGE', 'recover()');
        await writer.recover();
      }
    }
    bytesEqual(await contentOf(open(disk)), STATES[i + 1], `${what}: after edit ${i}`);
  }
  await writer.close().catch(note);
  disk.fault = undefined;
  await (await open(disk).openWriter()).close();
  bytesEqual(await contentOf(open(disk)), STATES[EDITS.length], what);
  deepEqual(disk.readdirSync('/data'), ['run.h5'], what);
  return surfaced;
}

describe('node file: the journal', () => {
  /** A disk with a commit that was decided and not applied. @param {number} step */
  async function pending(step) {
    const disk = new MemoryFs();
    const writer = await open(disk).openWriter();
    for (const edit of EDITS.slice(0, step)) await commit(open(disk), writer, edit);
    const { fsync } = disk;
    let syncs = 0;
    disk.fsync = (descriptor, done) => {
      const path = disk.readlinkSync(`/proc/self/fd/${descriptor}`);
      if (path.endsWith('.journal')) syncs += 1;
      if (syncs === 2) disk.fault = { at: disk.calls + 2, code: 'SIGKILL' }; // its end is durable
      fsync.call(disk, descriptor, done);
    };
    await failure(() => commit(open(disk), writer, EDITS[step]));
    disk.fsync = fsync;
    disk.restart();
    return disk;
  }

  for (const step of [1, 2, 3, 4, 5]) {
    test(`edit ${step}: whole, it counts; cut at any byte, the old content does`, async () => {
      const disk = await pending(step);
      bytesEqual(await contentOf(open(disk)), STATES[step + 1], 'whole');
      const inode = /** @type {any} */ (disk).openSync(`${NAME}.journal`, 'r');
      const length = disk.fstatSync(inode).size;
      ok(length > 4000, `${length} bytes`);
      for (let cut = length - 1; cut >= 64; cut -= 1) {
        disk.ftruncateSync(inode, cut);
        bytesEqual(await contentOf(open(disk)), STATES[step], `cut at ${cut}`);
      }
      disk.closeSync(inode);
      const writer = await open(disk).openWriter();
      deepEqual(writer.recovered, { dropped: ['run.h5.journal'], restored: [] });
      bytesEqual(await contentOf(open(disk)), STATES[step], 'and after the recovery');
      await writer.close();
    });
  }

  test('of another file it is refused, by readers and writers, and nothing is changed', async () => {
    for (const change of [
      (/** @type {MemoryFs} */ disk, /** @type {number} */ fd) => disk.writeSync(fd, noise(1000, 99), 0, 1000, 0),
      (/** @type {MemoryFs} */ disk, /** @type {number} */ fd) => disk.writeSync(fd, noise(1000, 99), 0, 1000, 5_000),
      (/** @type {MemoryFs} */ disk, /** @type {number} */ fd) => disk.ftruncateSync(fd, 70_000),
      (/** @type {MemoryFs} */ disk, /** @type {number} */ fd) => disk.ftruncateSync(fd, 5_000),
    ]) {
      const disk = await pending(1);
      const fd = disk.openSync(NAME, 'r');
      change(disk, fd);
      disk.closeSync(fd);
      await fails(() => contentOf(open(disk)), 'ERR_CORRUPT', 'run.h5.journal', 'delete the journal');
      await fails(() => open(disk).openWriter(), 'ERR_CORRUPT', 'run.h5.journal');
      await fails(() => open(disk).leftovers(), 'ERR_CORRUPT', 'run.h5.journal');
    }
  });

  test('of a newer version it is left alone', async () => {
    const disk = await pending(1);
    const fd = disk.openSync(`${NAME}.journal`, 'r');
    const { encodeHead } = await import('../../../../js/storage/file/file-journal.js');
    const { xxh32 } = await import('../../../../js/storage/base/xxh32.js');
    const head = encodeHead({ oldSize: 1, newSize: 2, print: 0, first: 0, copies: false });
    new DataView(head.buffer).setUint32(8, 9, true);
    new DataView(head.buffer).setUint32(60, xxh32(head.subarray(0, 60)), true);
    for (let at = 0; at < 64;) at += disk.writeSync(fd, head, at, 64 - at, at);
    await fails(() => contentOf(open(disk)), 'ERR_UNSUPPORTED', 'version 9');
    await fails(() => open(disk).openWriter(), 'ERR_UNSUPPORTED', 'version 9');
  });
});
