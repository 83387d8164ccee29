// SPDX-License-Identifier: MIT
// A directory's writer over a file system in memory, which fails, is killed or loses power at each
// call in turn. What must be there afterwards is what a plain map says.

import { describe, test } from 'node:test';

import { loadNode } from '../../../../js/core/host.js';
import { DirectoryStorage } from '../../../../js/storage/node/node-directory.js';
import { bytesEqual, deepEqual, equal, isError, ok } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { SCRIPT, STATES, play, sameAsBeforeOrAfter } from '../../../helpers/storage/fault-script.js';
import { Killed, MemoryFs } from '../../../helpers/storage/memory-fs.js';
import { contentOf, entry, generator, sameContent } from '../writer-contract.js';

/** @import { Content } from '../../../helpers/storage/content.js' */
/** @import { Durability } from '../../../helpers/storage/fault-script.js' */

const ROOT = '/data/run.zarr';
const real = await loadNode();

/** @param {MemoryFs} fs */
const open = (fs) => new DirectoryStorage(fs.asNode(real), ROOT);

/** @param {Durability} durability  @returns {Promise<number>}  calls of the whole script */
async function countCalls(durability) {
  const fs = new MemoryFs();
  await play(open(fs), durability, { steps: 0 });
  return fs.calls;
}

/**
 * Each folder at the root is as it was before or after the step, or away as in one of them.
 * @param {Content} content
 * @param {number} steps
 * @param {string} what
 */
function wholeFolders(content, steps, what) {
  const states = STATES.slice(steps, steps + 2);
  const topOf = (/** @type {string} */ key) => key.split('/')[0];
  const pick = (/** @type {Content} */ from, /** @type {string} */ top) => (
    new Map([...from].filter(([key]) => topOf(key) === top)));
  for (const top of new Set([content, ...states].flatMap((state) => [...state.keys()].map(topOf)))) {
    const seen = [...pick(content, top).keys()];
    ok(top === 'entry_1' || seen.length === 0 // values of a folder that is there change one by one
      || states.some((state) => String([...pick(state, top).keys()].sort()) === String(seen.sort())),
    `${what}: ${top} holds ${seen}`);
  }
}

/**
 * Nothing of the writer is left.
 * @param {MemoryFs} fs
 * @param {string} what
 */
function clean(fs, what) {
  deepEqual(fs.readdirSync('/data'), ['run.zarr'], what);
  deepEqual(fs.readdirSync(ROOT).filter((/** @type {string} */ name) => name.startsWith('.bores')), [], what);
}

/**
 * What the next process finds and does.
 * @param {MemoryFs} fs
 * @param {number} steps
 * @param {string} what
 */
async function checkRestart(fs, steps, what) {
  if (fs.statSync(ROOT, { throwIfNoEntry: false })) {
    wholeFolders(await contentOf(open(fs)), steps, `${what}, a reader`);
  }
  const before = await open(fs).leftovers();
  const writer = await open(fs).openWriter();
  for (const name of [...before.dropped, ...before.restored]) {
    ok([...writer.recovered.dropped, ...writer.recovered.restored].includes(name), `${what}: ${name}`);
  }
  const content = await contentOf(open(fs));
  sameAsBeforeOrAfter(content, steps, what);
  await writer.commit({ puts: [['next', noise(5, 5)]] });
  sameContent(await contentOf(open(fs)), new Map([...content, ['next', noise(5, 5)]]), `${what}, and on`);
  await writer.close();
  clean(fs, what);
}

/** @param {Durability} durability @param {number} at @param {(fs: MemoryFs) => void} restart */
async function killAt(durability, at, restart) {
  const fs = new MemoryFs();
  const done = { steps: 0 };
  fs.fault = { at, code: 'SIGKILL' };
  const error = await play(open(fs), durability, done).catch((reason) => reason);
  ok(error instanceof Killed || error?.cause instanceof Killed, `${at}: ${error?.stack}`);
  restart(fs);
  await checkRestart(fs, done.steps, `killed at call ${at} (${durability})`);
}

describe('directory: killed at each call', () => {
  for (const durability of /** @type {const} */ (['strict', 'relaxed'])) {
    test(`${durability}: what was acknowledged is there, and nothing half`, async () => {
      const calls = await countCalls(durability);
      ok(calls > 100, `${calls} calls`);
      for (let at = 1; at <= calls; at += 1) await killAt(durability, at, (fs) => fs.restart());
    });
  }

  test('strict: the same after a power failure', async () => {
    const calls = await countCalls('strict');
    const random = generator(3);
    for (let at = 1; at <= calls; at += 1) {
      await killAt('strict', at, (fs) => fs.losePower(() => false));
      for (let i = 0; i < 3; i += 1) await killAt('strict', at, (fs) => fs.losePower(() => random(2) === 0));
    }
  });

  test('cut at every byte of a commit, it is what it was before', async () => {
    const [before, after] = [entry(0, 1), new Map([...entry(0, 1), ...entry(1, 1)])];
    for (let room = 0, cut = true; cut; room += 1) {
      const fs = new MemoryFs();
      const writer = await open(fs).openWriter({ durability: 'relaxed' });
      await writer.commit({ puts: [...before] });
      fs.room = room;
      const error = await writer.commit({ puts: [...entry(1, 1)] }).catch((reason) => reason);
      cut = error !== undefined;
      ok(!cut || error instanceof Killed || error.cause instanceof Killed, `${room}: ${error?.stack}`);
      ok(cut || room > 1000, `${room} bytes`);
      fs.restart();
      sameContent(await contentOf(open(fs)), cut ? before : after, `cut at ${room}, a reader`);
      await (await open(fs).openWriter()).close();
      sameContent(await contentOf(open(fs)), cut ? before : after, `cut at ${room}`);
      clean(fs, `cut at ${room}`);
    }
  });

  test('a power failure after a commit does not take it', async () => {
    const fs = new MemoryFs();
    const writer = await open(fs).openWriter();
    await writer.commit({ puts: [...entry(0)] });
    fs.losePower(() => false);
    sameContent(await contentOf(open(fs)), entry(0));
  });

  test('an entry that is synced at once is there or not, whenever the power fails', async () => {
    const [before, large] = [entry(0, 1), new Map(Array.from({ length: 130 }, (_, i) => [`e/a${i}/0`, noise(3, i)]))];
    const after = new Map([...before, ...large]);
    const commitLarge = async (/** @type {MemoryFs['fault']} */ fault = undefined) => {
      const fs = new MemoryFs();
      const writer = await open(fs).openWriter();
      await writer.commit({ puts: [...before] });
      fs.fault = fault;
      const error = await writer.commit({ puts: [...large] }).catch((reason) => reason);
      fs.losePower(() => false);
      await (await open(fs).openWriter()).close();
      return { fs, error, content: await contentOf(open(fs)) };
    };
    const { fs: whole, content } = await commitLarge();
    sameContent(content, after, 'without a fault');
    equal(whole.wholeSyncs.length, 1);
    const at = whole.wholeSyncs[0];
    for (let call = at - 500, killed = true; killed; call += call < at - 2 ? 83 : 1) {
      const { error, content: left } = await commitLarge({ at: call, code: 'SIGKILL' });
      killed = error !== undefined;
      const decided = left.size > before.size;
      ok(killed || decided, `acknowledged at ${call}`);
      ok(!decided || call > at, `decided at ${call}`);
      sameContent(left, decided ? after : before, `killed at ${call}`);
    }
    const failed = await commitLarge({ at, code: 'EIO' });
    equal(failed.error, undefined, 'each file is synced where all cannot be');
    equal(failed.fs.wholeSyncs.length, 0);
    sameContent(failed.content, after, 'after a failed sync');
  });

  test('a recovery that is killed itself is done by the next', async () => {
    const calls = await countCalls('relaxed');
    for (let at = 1; at <= calls; at += 3) {
      const fs = new MemoryFs();
      const done = { steps: 0 };
      fs.fault = { at, code: 'SIGKILL' };
      await play(open(fs), 'relaxed', done).catch(() => undefined);
      for (let second = 1; second < 40; second += 1) {
        fs.restart();
        fs.fault = { at: fs.calls + second, code: 'SIGKILL' };
        if (await open(fs).openWriter().catch(() => undefined)) break;
      }
      fs.restart();
      await checkRestart(fs, done.steps, `killed at call ${at}, and in the recovery`);
    }
  });
});

describe('directory: each call fails in turn', () => {
  for (const [code, expected, stride] of /** @type {const} */ ([
    ['EIO', 'ERR_STORAGE', 1], ['ENOSPC', 'ERR_QUOTA', 3], ['EACCES', 'ERR_PERMISSION', 3],
  ])) {
    test(`${code}: the error surfaces, the old content stands, the writer goes on or says not`, async () => {
      const calls = await countCalls('strict');
      let surfaced = 0;
      for (let at = 1; at <= calls; at += stride) surfaced += await failAt(at, code, expected);
      ok(surfaced > calls / stride / 2, `${surfaced} of ${calls / stride} failures surfaced`);
    });
  }

  test('a commit that can neither be finished nor undone says so, until recover()', async () => {
    let seen = 0;
    for (let second = 1; second < 30; second += 1) seen += Number(await failTwice(second));
    ok(seen > 0, 'a double failure');
  });
});

/**
 * @param {number} at
 * @param {string} code
 * @param {string} expected
 * @returns {Promise<number>}  how many errors surfaced
 */
async function failAt(at, code, expected) {
  const fs = new MemoryFs();
  const what = `${code} at call ${at}`;
  fs.fault = { at, code };
  let surfaced = 0;
  const note = (/** @type {any} */ error) => {
    surfaced += 1;
    isError(error, expected, code);
    equal(error.cause?.code, code, what);
    if (code === 'ENOSPC') equal(error.limit, 3000, what);
  };
  let writer = await open(fs).openWriter().catch(note);
  writer ??= await open(fs).openWriter();
  for (const [i, { run }] of SCRIPT.entries()) {
    try {
      await run(writer);
    } catch (error) {
      note(error);
      ok(/** @type {any} */ (error).key !== undefined, `${what}: no key`);
      sameContent(await contentOf(open(fs)), STATES[i], `${what}: the old content`);
      await run(writer);
    }
    sameContent(await contentOf(open(fs)), STATES[i + 1], `${what}: after step ${i}`);
  }
  await writer.close().catch(note);
  await (await open(fs).openWriter()).close();
  sameContent(await contentOf(open(fs)), /** @type {Content} */ (STATES.at(-1)), what);
  clean(fs, what);
  return surfaced;
}

/**
 * Two calls fail: the last rename of a commit, and a call of taking it back.
 * @param {number} second
 * @returns {Promise<boolean>}  whether that broke the writer off
 */
async function failTwice(second) {
  const fs = new MemoryFs();
  const writer = await open(fs).openWriter({ durability: 'relaxed' });
  await SCRIPT[0].run(writer);
  const { renameSync } = fs;
  fs.renameSync = (from, to) => {
    if (to !== `${ROOT}/.zattrs`) return renameSync.call(fs, from, to);
    fs.fault = { at: fs.calls + second, code: 'EIO' };
    fs.renameSync = renameSync;
    throw Object.assign(new Error('EIO, rename'), { code: 'EIO', syscall: 'rename' });
  };
  const error = await SCRIPT[1].run(writer).catch((reason) => reason);
  fs.fault = undefined;
  isError(error, 'ERR_STORAGE', 'EIO');
  const broken = error.message.includes('recover()');
  if (broken) {
    const refused = await SCRIPT[1].run(writer).catch((reason) => reason);
    isError(refused, 'ERR_STORAGE', 'recover()');
    equal(refused.cause, error.cause ?? error, 'the cause');
    await writer.recover();
  } else {
    sameContent(await contentOf(open(fs)), STATES[1]);
  }
  sameAsBeforeOrAfter(await contentOf(open(fs)), 1, `second failure ${second}`);
  await writer.commit({ puts: [['x', noise(1, 1)]] });
  bytesEqual(await open(fs).list('').then(() => (
    contentOf(open(fs)).then((content) => content.get('x')))), noise(1, 1));
  await writer.close();
  clean(fs, `second failure ${second}`);
  return broken;
}
