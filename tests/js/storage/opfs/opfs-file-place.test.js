// SPDX-License-Identifier: MIT
// A file in an origin-private file system in memory, which fails or is killed at each call in turn. (The
// browser's own: tests/browser/file-places.browser.js.)

import { describe, test } from 'node:test';

import { OverlayFile } from '../../../../js/storage/file/overlay-file.js';
import { EmptyFile, whenFetched } from '../../../../js/storage/file/sync-file.js';
import { OpfsFilePlace } from '../../../../js/storage/opfs/opfs-file-place.js';
import { bytesEqual, deepEqual, equal, failure, fails, isError, ok } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { EDITS, STATES, commit, contentOf, fileContract, openWriter } from '../file-contract.js';
import { HandleDisk, Killed, MemoryDirectory } from '../../../helpers/storage/memory-handles.js';

/** A disk, and places on a file of it. */
function newDisk() {
  const disk = new HandleDisk();
  const directory = new MemoryDirectory(disk);
  const location = `opfs:${Math.random()}/run.h5`;
  return { disk, directory, open: () => new OpfsFilePlace(async () => directory.asHandle(), 'run.h5', location,
    { create: true, isWritable: true }) };
}

/** @typedef {ReturnType<typeof newDisk>} Disk */

describe('opfs file', () => {
  fileContract(test, newDisk);

  test('without synchronous handles it is read-only, and says what to do', async () => {
    const { directory } = newDisk();
    const place = new OpfsFilePlace(async () => directory.asHandle(), 'run.h5', 'opfs:run.h5', { create: true });
    await fails(() => place.openWriter(), 'ERR_UNSUPPORTED', 'opfs:run.h5', 'worker: true');
  });

  test('absent, and not to be made', async () => {
    const place = new OpfsFilePlace(async () => undefined, 'run.h5', 'opfs:a/run.h5');
    await fails(() => place.snapshot(), 'ERR_NOT_FOUND', 'opfs:a/run.h5');
  });
});

describe('opfs file: what somebody else does to it meanwhile', () => {
  /** @param {Disk} disk */
  async function begun({ open, directory }) {
    const place = open();
    const writer = await openWriter(place);
    await commit(place, writer, EDITS[0]);
    const snapshot = await place.snapshot();
    if (!snapshot) throw new Error('no snapshot');
    const overlay = new OverlayFile(snapshot.file);
    await whenFetched(overlay, () => overlay.write(0, noise(9, 40)));
    return { writer, overlay, version: snapshot.version, file: /** @type {any} */ (directory.children.get('run.h5')) };
  }

  test('written by another, of the same length: the commit over what was is refused', async () => {
    const { writer, overlay, version, file } = await begun(newDisk());
    const others = file.data.slice();
    others[0] ^= 0xff;
    file.data = others;
    await fails(() => writer.commit(overlay, { version }), 'ERR_LOCKED', 'another writer');
    bytesEqual(file.data, others);
    await writer.close();
  });

  test('deleted: an error, and no new file that begins anew in silence', async () => {
    const disk = newDisk();
    const { writer, overlay, version } = await begun(disk);
    disk.directory.children.clear();
    await fails(() => writer.commit(overlay, { version }), 'ERR_LOCKED', 'removed');
    const anew = new OverlayFile(new EmptyFile('run.h5'));
    anew.write(0, noise(9, 40));
    await fails(() => writer.commit(anew), 'ERR_STORAGE', 'deleted');
    equal(disk.directory.children.size, 0);
    await writer.close();
  });
});

const REPLACED = noise(19_000, 30);
const ALL = [...STATES, REPLACED];

/**
 * @param {Disk} disk
 * @param {{ steps: number }} done
 */
async function play({ open }, done) {
  const place = open();
  const writer = await openWriter(place);
  try {
    for (const edit of EDITS) {
      await commit(place, writer, edit);
      done.steps += 1;
    }
    const replacement = await writer.replace();
    replacement.file.write?.(0, REPLACED);
    await replacement.publish();
    done.steps += 1;
  } finally {
    await writer.close(); // the tab's lock goes with it
  }
}

async function countCalls() {
  const disk = newDisk();
  await play(disk, { steps: 0 });
  return disk.disk.calls;
}

/**
 * @param {Disk} disk
 * @param {number} steps
 * @param {string} what
 */
async function checkRestart({ open, directory }, steps, what) {
  const seen = await contentOf(open());
  const same = (/** @type {Uint8Array} */ state) => (
    state?.length === seen.length && state.every((byte, i) => byte === seen[i]));
  ok(same(ALL[steps]) || same(ALL[steps + 1]), `${what}: neither old nor new, ${seen.length} bytes`);
  const expected = await open().leftovers();
  const writer = await openWriter(open());
  deepEqual(writer.recovered, expected, `${what}: leftovers()`);
  bytesEqual(await contentOf(open()), seen, `${what}: after the recovery`);
  await commit(open(), writer, { writes: [[seen.length, noise(9, 9)]] });
  equal((await contentOf(open())).length, seen.length + 9, `${what}, and on`);
  await writer.close();
  deepEqual([...directory.children.keys()], ['run.h5'], what);
}

describe('opfs file: killed at each call', () => {
  for (const [what, restart] of /** @type {[string, (disk: HandleDisk) => void][]} */ ([
    ['a tab', (disk) => disk.restart()],
    ['the power, nothing kept', (disk) => disk.losePower(() => 0)],
    ['the power, all kept', (disk) => disk.losePower(() => 1)],
  ])) {
    test(`${what}: the old or the new content, and what was acknowledged`, async () => {
      const calls = await countCalls();
      ok(calls > 60, `${calls} calls`);
      for (let at = 1; at <= calls; at += 1) {
        const disk = newDisk();
        const done = { steps: 0 };
        disk.disk.fault = { at, name: 'killed' };
        const error = await play(disk, done).catch((reason) => reason);
        ok(error instanceof Killed || error?.cause instanceof Killed, `${at}: ${error?.stack}`);
        restart(disk.disk);
        await checkRestart(disk, done.steps, `${what} at call ${at}`);
      }
    });
  }
});

describe('opfs file: each call fails in turn', () => {
  for (const [name, expected] of [['QuotaExceededError', 'ERR_QUOTA'], ['NotAllowedError', 'ERR_PERMISSION'],
    ['UnknownError', 'ERR_STORAGE']]) {
    test(`${name}: the error surfaces, the old content stands, the writer goes on`, async () => {
      const calls = await countCalls();
      let surfaced = 0;
      for (let at = 1; at <= calls; at += 1) surfaced += await failAt(at, name, expected);
      ok(surfaced > calls / 3, `${surfaced} of ${calls} failures surfaced`);
    });
  }
});

/**
 * @param {number} at
 * @param {string} name
 * @param {string} expected
 */
async function failAt(at, name, expected) {
  const { disk, open, directory } = newDisk();
  disk.fault = { at, name };
  let surfaced = 0;
  const note = (/** @type {any} */ error) => {
    surfaced += 1;
    isError(error, expected, name, 'run.h5');
  };
  const writer = await openWriter(open()).catch(note) ?? await openWriter(open());
  for (const [i, edit] of EDITS.entries()) {
    try {
      await commit(open(), writer, edit);
    } catch (error) {
      note(error);
      const refused = await failure(() => commit(open(), writer, edit)).catch(() => undefined);
      if (refused) { // it was cut already: the commit is decided, and finished on demand
        isError(refused, 'ERR_STORAGE', 'recover()');
        await writer.recover();
      }
    }
    bytesEqual(await contentOf(open()), STATES[i + 1], `${name} at call ${at}: after edit ${i}`);
  }
  await writer.close();
  disk.fault = undefined;
  await (await openWriter(open())).close();
  bytesEqual(await contentOf(open()), STATES[EDITS.length]);
  deepEqual([...directory.children.keys()], ['run.h5']);
  return surfaced;
}
