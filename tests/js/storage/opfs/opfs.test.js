// SPDX-License-Identifier: MIT
// The log of the origin-private file system, over handles in memory: the contracts; cut at every byte;
// killed, failing and without power at every call.

import { describe, test } from 'node:test';

import { OpfsStorage } from '../../../../js/storage/opfs/opfs.js';
import { bytesEqual, deepEqual, equal, fails, isError, ok } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { SCRIPT, STATES, play, sameAsBeforeOrAfter } from '../../../helpers/storage/fault-script.js';
import { HandleDisk, Killed, MemoryDirectory } from '../../../helpers/storage/memory-handles.js';
import { storageContract } from '../storage-contract.js';
import { contentOf, entry, generator, sameContent, writerContract } from '../writer-contract.js';

/** @import { Content } from '../../../helpers/storage/content.js' */
/** @import { Durability } from '../../../helpers/storage/fault-script.js' */

// Node has no handles; those of a dedicated worker have this method.
Object.assign(globalThis, { FileSystemFileHandle: class { createSyncAccessHandle() {} } });

const SEGMENT_BYTES = 3000; // small, so that some are sealed
let places = 0;

class Place {
  disk = new HandleDisk();
  directory = new MemoryDirectory(this.disk);
  location = `opfs:place ${places += 1}`;
  segmentBytes;

  constructor(segmentBytes = SEGMENT_BYTES) {
    this.segmentBytes = segmentBytes;
  }

  open(segmentBytes = this.segmentBytes) {
    return OpfsStorage.open(async () => this.directory.asHandle(), this.location, { segmentBytes });
  }

  /** @param {Durability} [durability] */
  async openWriter(durability) {
    return (await this.open()).openWriter({ durability });
  }

  /** @returns {string[]} */
  get files() {
    return [...this.directory.children.keys()].sort();
  }

  /** The file that records are added to. @returns {any} */
  get active() {
    return this.directory.children.get(/** @type {string} */ (this.files.at(-1)));
  }
}

describe('opfs', () => {
  /** @type {Promise<Place> | undefined} */
  let sample;
  storageContract(test, async (content) => {
    sample ??= (async () => {
      const place = new Place(1 << 20);
      const writer = await place.openWriter();
      const puts = [...content];
      await writer.commit({ puts: puts.slice(0, 5) });
      await writer.commit({ puts: puts.slice(5) });
      await writer.close();
      return place;
    })();
    return (await sample).open();
  }, { list: true, sync: false, usage: true });
});

for (const segmentBytes of [SEGMENT_BYTES, undefined]) {
  describe(`opfs: writing, in segments of ${segmentBytes ?? 'the usual'} bytes`, () => {
    writerContract(test, () => {
      const place = new Place();
      return { open: () => place.open(segmentBytes) };
    });
  });
}

describe('opfs: the log', () => {
  test('is sealed segment by segment, and read again', async () => {
    const place = new Place();
    const writer = await place.openWriter('relaxed');
    /** @type {Content} */
    let expected = new Map();
    for (let i = 0; i < 30; i += 1) {
      await writer.commit({ puts: [...entry(i)], deletes: [`entry_${i - 7}/`] });
      for (const key of [...expected.keys()]) if (key.startsWith(`entry_${i - 7}/`)) expected.delete(key);
      expected = new Map([...expected, ...entry(i)]);
    }
    await writer.close();
    ok(place.files.length > 10, `${place.files.length} segments`);
    sameContent(await contentOf(await place.open()), expected);
    equal(place.disk.held.size, 0, 'handles that are open');
    const again = await place.openWriter();
    equal(place.disk.held.size, 1, 'handles that are open');
    await again.replace([{ puts: [...entry(50)] }, { puts: [...entry(51)] }]);
    equal(place.disk.held.size, 1, 'handles that are open');
    await again.close();
    ok(place.files.length < 4, `${place.files} after the replacement`);
    sameContent(await contentOf(await place.open()), new Map([...entry(50), ...entry(51)]));
  });

  test('cut at every byte of a commit, it is what it was before', async () => {
    const place = new Place(1 << 20);
    const writer = await place.openWriter();
    await writer.commit({ puts: [...entry(0)] });
    const before = place.active.data;
    await writer.commit({ puts: [...entry(1)], deletes: ['entry_0/'] });
    const after = place.active.data;
    await writer.close();
    for (let length = before.length; length <= after.length; length += 1) {
      place.active.data = after.slice(0, length);
      const expected = length === after.length ? entry(1) : entry(0);
      sameContent(await contentOf(await place.open()), expected, `cut at ${length}`);
      const next = await place.openWriter('relaxed');
      await next.commit({ puts: [['next', noise(10, length)]] });
      await next.close();
      sameContent(await contentOf(await place.open()), new Map([...expected, ['next', noise(10, length)]]),
        `cut at ${length}, and on`);
    }
  });

  test('a last commit whose bytes did not all reach the disk is not there', async () => {
    const place = new Place(1 << 20);
    const writer = await place.openWriter();
    await writer.commit({ puts: [...entry(0)] });
    const start = place.active.data.length;
    await writer.commit({ puts: [...entry(1)] });
    const after = place.active.data;
    await writer.close();
    for (let at = start; at < after.length; at += 7) {
      place.active.data = after.slice();
      place.active.data[at] ^= 0x10;
      const content = await contentOf(await place.open());
      ok(content.size === entry(0).size || at % 16 > 0, `byte ${at}`);
      if (content.size === entry(0).size) sameContent(content, entry(0), `byte ${at}`);
      else sameContent(content, new Map([...entry(0), ...entry(1)]), `byte ${at}: padding`);
    }
  });

  test('a log of a later version is refused', async () => {
    const place = new Place();
    await (await place.openWriter()).close();
    const { data } = place.active;
    const view = new DataView(data.buffer);
    view.setUint32(4, 2, true);
    const { xxh32 } = await import('../../../../js/storage/base/xxh32.js');
    view.setUint32(16, xxh32(data.subarray(0, 16)), true);
    await fails(() => place.open(), 'ERR_UNSUPPORTED', 'version 2');
  });
});

/** @param {Durability} durability */
async function countCalls(durability) {
  const place = new Place();
  await play(await place.open(), durability, { steps: 0 });
  return place.disk.calls;
}

/** @param {Durability} durability @param {number} at @param {(disk: HandleDisk) => void} restart */
async function killAt(durability, at, restart) {
  const place = new Place();
  const done = { steps: 0 };
  place.disk.fault = { at, name: 'killed' };
  const error = await play(await place.open(), durability, done).catch((reason) => reason);
  ok(error?.cause instanceof Killed || error instanceof Killed, `${at}: ${error?.stack}`);
  restart(place.disk);
  place.location += ', after'; // the lock went with the tab
  const what = `killed at call ${at} (${durability})`;
  const seen = await contentOf(await place.open());
  sameAsBeforeOrAfter(seen, done.steps, `${what}, a reader`);
  const { dropped } = await (await place.open()).leftovers();
  const writer = await place.openWriter();
  deepEqual(writer.recovered, { dropped, restored: [] }, what);
  sameContent(await contentOf(await place.open()), seen, `${what}, after the recovery`);
  await writer.commit({ puts: [['next', noise(5, 5)]] });
  await writer.close();
  sameContent(await contentOf(await place.open()), new Map([...seen, ['next', noise(5, 5)]]), `${what}, and on`);
  equal(new Set(place.files.map((name) => name.split('-')[1])).size, 1, `${what}: ${place.files}`);
}

describe('opfs: killed at each call', () => {
  for (const durability of /** @type {const} */ (['strict', 'relaxed'])) {
    test(`${durability}: what was acknowledged is there, and nothing half`, async () => {
      const calls = await countCalls(durability);
      ok(calls > 50, `${calls} calls`);
      for (let at = 1; at <= calls; at += 1) await killAt(durability, at, (disk) => disk.restart());
    });
  }

  test('strict: the same after a power failure', async () => {
    const calls = await countCalls('strict');
    const random = generator(5);
    for (let at = 1; at <= calls; at += 1) {
      await killAt('strict', at, (disk) => disk.losePower(() => random(1000) / 1000));
    }
  });
});

describe('opfs: each call fails in turn', () => {
  for (const [name, code] of [['QuotaExceededError', 'ERR_QUOTA'], ['InvalidStateError', 'ERR_STORAGE']]) {
    test(`${name}: the error surfaces, the old content stands, the writer goes on`, async () => {
      const calls = await countCalls('strict');
      let surfaced = 0;
      for (let at = 1; at <= calls; at += 1) surfaced += await failAt(at, name, code);
      ok(surfaced > calls / 2, `${surfaced} of ${calls} failures surfaced`);
    });
  }
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
    isError(error, code, name);
    equal(error.cause?.name, name, what);
  };
  let writer = await place.openWriter().catch(note);
  writer ??= await place.openWriter();
  for (const [i, { run }] of SCRIPT.entries()) {
    try {
      await run(writer);
    } catch (error) {
      note(error);
      sameContent(await contentOf(await place.open()), STATES[i], `${what}: the old content`);
      await run(writer);
    }
    sameContent(await contentOf(await place.open()), STATES[i + 1], `${what}: after step ${i}`);
  }
  await writer.close().catch(note);
  await (await place.openWriter()).close();
  sameContent(await contentOf(await place.open()), /** @type {Content} */ (STATES.at(-1)), what);
  equal(place.disk.held.size, 0, `${what}: handles`);
  return surfaced;
}

describe('opfs: what a handle is not to be trusted with', () => {
  /** @param {Place} place @param {(write: Function) => Function} change  what write() of the next handles does */
  function tamper(place, change) {
    const file = place.active;
    const { createSyncAccessHandle } = file;
    file.createSyncAccessHandle = async () => {
      const handle = await createSyncAccessHandle.call(file);
      const write = handle.write.bind(handle);
      return Object.assign(handle, { write: change(write) });
    };
  }

  /** Of a private window in Chromium where there is no room. */
  const beyond = () => () => 2 ** 32 - 8;
  const nothing = () => (/** @type {Uint8Array} */ bytes) => bytes.length;
  const none = () => () => 0;
  for (const [what, change] of /** @type {const} */ ([['a count beyond the buffer', beyond], ['a count, and wrote nothing', nothing],
    ['0', none]])) {
    test(`write() that returns ${what} is no success`, async () => {
      const place = new Place();
      const first = await place.openWriter();
      await first.commit({ puts: [['a', noise(100, 1)]] });
      await first.close();
      tamper(place, change);
      const writer = await place.openWriter();
      await fails(() => writer.commit({ puts: [['a', noise(100, 2)], ['b', noise(9, 2)]] }), 'ERR_QUOTA', "'a'");
      await writer.close();
      sameContent(await contentOf(await place.open()), new Map([['a', noise(100, 1)]]));
    });
  }

  test('files that are deleted below a handle: an error, and the handle is left alone', async () => {
    const place = new Place();
    const writer = await place.openWriter();
    await writer.commit({ puts: [['a', noise(100, 1)]] });
    const reader = await place.open();
    place.directory.children.clear();
    await fails(() => writer.commit({ puts: [['b', noise(9, 2)]] }), 'ERR_STORAGE', 'deleted');
    await fails(() => reader.refresh(), 'ERR_STORAGE', 'deleted');
    equal(place.disk.held.size, 1, 'close() of such a handle never returns in Chromium');
    await writer.close();
  });

  test('a log that was deleted and made anew is another one, whatever lies where', async () => {
    const place = new Place();
    const fill = async (/** @type {number} */ seed) => {
      const writer = await place.openWriter();
      await writer.commit({ puts: [['a', noise(100, seed)]] });
      await writer.close();
    };
    await fill(1);
    const index = await place.open(), taken = await place.open();
    place.directory.children.clear();
    await fill(2);
    await fails(() => index.get('a'), 'ERR_STORAGE', 'replaced');
    await taken.refresh();
    bytesEqual(await taken.get('a'), noise(100, 2));
  });
});
