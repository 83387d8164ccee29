// SPDX-License-Identifier: MIT
// Writing into a directory of handles, over handles in memory: the contract; killed and failing at
// every call.

import { describe, test } from 'node:test';

import { HandleStorage } from '../../../../js/storage/handle/handle.js';
import { bytesEqual, equal, fails, isError, ok } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { SCRIPT, STATES, play, sameAsBeforeOrAfter } from '../../../helpers/storage/fault-script.js';
import { HandleDisk, Killed, MemoryDirectory } from '../../../helpers/storage/memory-handles.js';
import { contentOf, entry, sameContent, writerContract } from '../writer-contract.js';

/** @import { Content } from '../../../helpers/storage/content.js' */

class Place {
  disk = new HandleDisk();
  directory = new MemoryDirectory(this.disk, 'run.zarr');

  open() {
    return Promise.resolve(new HandleStorage(this.directory.asHandle()));
  }

  async openWriter() {
    return (await this.open()).openWriter();
  }

  /** The tab is gone, and its lock with it. */
  async restart() {
    this.disk.restart();
    const folder = /** @type {any} */ (this.directory.children.get('.bores-writer'));
    await folder?.removeEntry('lock-browser').catch(() => undefined);
  }

  /** @param {string} what */
  assertClean(what) {
    equal([...this.directory.children.keys()].filter((name) => name.startsWith('.bores')).join(), '', what);
  }
}

describe('handle: writing', () => {
  writerContract(test, () => {
    const place = new Place();
    return { open: () => place.open() };
  });

  test('leaves nothing of its own behind', async () => {
    const place = new Place();
    const writer = await place.openWriter();
    await writer.commit({ puts: [...entry(0)] });
    await writer.replace([{ puts: [...entry(1)] }]);
    await writer.close();
    place.assertClean('after close()');
  });

  test('a process of Node is not written beside', async () => {
    const place = new Place();
    const folder = await place.directory.getDirectoryHandle('.bores-writer', { create: true });
    const lock = await folder.getFileHandle('lock-1', { create: true });
    lock.data = new TextEncoder().encode(JSON.stringify({ pid: 77, host: 'there', since: 0 }));
    await fails(() => place.openWriter(), 'ERR_LOCKED', 'process 77 on \'there\'', '1970', 'lock-1');
    equal([...folder.children.keys()].join(), 'lock-1', 'what is left there');
    await folder.removeEntry('lock-1');
    const { getFileHandle } = folder;
    folder.getFileHandle = async (/** @type {string} */ name, /** @type {any} */ options) => {
      if (name === 'lock-browser' && options?.create) await getFileHandle.call(folder, 'lock-2', { create: true });
      const file = await getFileHandle.call(folder, name, options);
      if (name === 'lock-browser') (await getFileHandle.call(folder, 'lock-2')).data = lock.data;
      return file;
    };
    await fails(() => place.openWriter(), 'ERR_LOCKED', 'process 77', 'lock-2');
    equal(folder.children.has('lock-browser'), false, 'the lock of who came second');
    folder.getFileHandle = getFileHandle;
    await folder.removeEntry('lock-2');
    await folder.getDirectoryHandle('commit', { create: true });
    await fails(() => place.openWriter(), 'ERR_STORAGE', 'bores repair');
  });
});

async function countCalls() {
  const place = new Place();
  await play(await place.open(), 'strict', { steps: 0 });
  return place.disk.calls;
}

/** @param {Place} place @param {number} steps @param {string} what */
async function checkRestart(place, steps, what) {
  // In a folder that is there already, new values come one by one.
  const seen = await contentOf(await place.open(), { emptyFolders: true });
  const { dropped, restored } = await (await place.open()).leftovers();
  const writer = await place.openWriter();
  equal(JSON.stringify(writer.recovered), JSON.stringify({ dropped, restored }), what);
  const content = await contentOf(await place.open());
  sameAsBeforeOrAfter(content, steps, what);
  for (const [key, value] of seen) {
    const known = [STATES[steps], STATES[steps + 1]].some((state) => String(state?.get(key)) === String(value));
    ok(known, `${what}: a reader saw something else at ${key}`);
  }
  await writer.commit({ puts: [['next', noise(5, 5)]] });
  await writer.close();
  sameContent(await contentOf(await place.open()), new Map([...content, ['next', noise(5, 5)]]), `${what}, and on`);
  place.assertClean(what);
}

describe('handle: killed at each call', () => {
  test('what was acknowledged is there, and nothing half', async () => {
    const calls = await countCalls();
    ok(calls > 100, `${calls} calls`);
    for (let at = 1; at <= calls; at += 1) {
      const place = new Place();
      const done = { steps: 0 };
      place.disk.fault = { at, name: 'killed' };
      const error = await play(await place.open(), 'strict', done).catch((reason) => reason);
      ok(error?.cause instanceof Killed || error instanceof Killed, `${at}: ${error?.stack}`);
      await place.restart();
      await checkRestart(place, done.steps, `killed at call ${at}`);
    }
  });
});

describe('handle: each call fails in turn', () => {
  for (const [name, code] of [['QuotaExceededError', 'ERR_QUOTA'], ['NotAllowedError', 'ERR_PERMISSION']]) {
    test(`${name}: the error surfaces, the old content stands or recover() is asked for`, async () => {
      const calls = await countCalls();
      let surfaced = 0;
      for (let at = 1; at <= calls; at += 2) surfaced += await failAt(at, name, code);
      ok(surfaced > calls / 4, `${surfaced} of ${calls / 2} failures surfaced`);
    });
  }
});

describe('handle: what the browser is late with', () => {
  test('a file that a terminated worker still holds is waited for, at any call', async () => {
    const calls = await countCalls();
    for (let at = 1; at <= calls; at += 9) {
      const place = new Place();
      place.disk.fault = { at, name: 'NoModificationAllowedError' };
      const done = { steps: 0 };
      const error = await play(await place.open(), 'strict', done).catch((reason) => reason);
      // What has no lock, or is open already, cannot be waited for.
      ok(error === undefined || /no (create|write|close)\b/.test(error.message), `${at}: ${error?.stack}`);
    }
  });

  test('one that is taken over, where there are no Web Locks, gets an error and not the folder', async () => {
    const place = new Place();
    const writer = await place.openWriter();
    await writer.commit({ puts: [['a', noise(5, 1)]] });
    const folder = await place.directory.getDirectoryHandle('.bores-writer');
    const lock = await folder.getFileHandle('lock-browser');
    lock.data = new TextEncoder().encode(JSON.stringify({ browser: 'another page', pid: 0, since: 0 }));
    await fails(() => writer.commit({ puts: [['a', noise(5, 2)]] }), 'ERR_LOCKED', 'another writer');
    await writer.close();
    bytesEqual(await (await place.open()).get('a'), noise(5, 1));
    ok(folder.children.has('lock-browser'), 'the lock of the other one stays');
  });

  test('a folder that has gone is no folder of absent values', async () => {
    const place = new Place();
    const writer = await place.openWriter();
    await writer.commit({ puts: [['.zgroup', noise(5, 1)], ['x/.zarray', noise(5, 2)]] });
    const reader = await place.open();
    bytesEqual(await reader.get('.zgroup'), noise(5, 1));
    equal(await reader.get('x/0'), undefined);
    place.directory.children.clear();
    await fails(() => reader.get('x/0'), 'ERR_STORAGE', 'x/0', 'deleted');
    await fails(() => writer.commit({ puts: [['a', noise(5, 2)]] }), 'ERR_STORAGE', 'deleted');
  });
});

/**
 * @param {number} at
 * @param {string} name
 * @param {string} code
 * @returns {Promise<number>}  how many errors surfaced
 */
async function failAt(at, name, code) {
  const place = new Place();
  const what = `${name} at call ${at}`;
  place.disk.fault = { at, name };
  let surfaced = 0;
  const note = (/** @type {any} */ error) => {
    surfaced += 1;
    isError(error, error.message.includes('recover()') ? 'ERR_STORAGE' : code, name);
  };
  let writer = await place.openWriter().catch(note);
  writer ??= await place.openWriter();
  for (const [i, { run }] of SCRIPT.entries()) {
    try {
      await run(writer);
    } catch (error) {
      note(error);
      if (/** @type {any} */ (error).message.includes('recover()')) {
        await fails(() => run(/** @type {any} */ (writer)), 'ERR_STORAGE', 'recover()');
        await writer.recover();
      } else {
        sameContent(await contentOf(await place.open()), STATES[i], `${what}: the old content`);
        await run(writer);
      }
    }
    sameContent(await contentOf(await place.open()), STATES[i + 1], `${what}: after step ${i}`);
  }
  await writer.close().catch(note);
  await place.restart();
  await (await place.openWriter()).close();
  sameContent(await contentOf(await place.open()), /** @type {Content} */ (STATES.at(-1)), what);
  place.assertClean(what);
  return surfaced;
}
