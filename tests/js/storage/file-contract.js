// SPDX-License-Identifier: MIT
// What every place of a file promises, as one suite, with plain bytes. It knows nothing of the host:
// `test` registers a case, `place()` names a new, empty place, whose `open()` gives a place on it.

import { OverlayFile } from '../../../js/storage/file/overlay-file.js';
import { EmptyFile, whenFetched } from '../../../js/storage/file/sync-file.js';
import { bytesEqual, equal, failure, fails, isError, ok } from '../../helpers/storage/assert.js';
import { noise } from '../../helpers/storage/content.js';

/** @import { FilePlace, FileWriter } from '../../../js/storage/file/file-place.js' */
/** @typedef {(name: string, run: () => Promise<void>) => unknown} Test */
/** @typedef {{ open: () => Promise<FilePlace> | FilePlace }} Place */
/** @typedef {(offset: number, bytes: Uint8Array) => void} Write */
/**
 * A commit: what is written, and how long the file is then where that does not follow.
 * @typedef {{ writes: [offset: number, bytes: Uint8Array][], size?: number }} Edit
 */

/** Edits as HDF5 makes them: new space at the end, changes inside, the first page with each. */
export const EDITS = /** @type {Edit[]} */ ([
  { writes: [[0, noise(10_000, 1)]] },
  { writes: [[10_000, noise(9_000, 2)], [8, noise(40, 3)], [9_000, noise(100, 4)]] },
  { writes: [[4_090, noise(20, 5)], [0, noise(96, 6)]] },
  { writes: [[25_000, noise(1_000, 7)], [0, noise(96, 8)]] }, // with a hole
  { writes: [[100, noise(50, 9)], [0, noise(96, 10)]], size: 15_000 }, // shorter
  { writes: [[15_000, noise(1, 11)], [0, noise(96, 12)]], size: 17_000 },
]);

/** The content before each edit, and at the end. */
export const STATES = EDITS.reduce((states, edit) => [...states, edited(states[states.length - 1], edit)],
  [new Uint8Array(0)]);

/**
 * @param {Uint8Array} before
 * @param {Edit} edit
 */
function edited(before, { writes, size }) {
  const end = Math.max(before.length, ...writes.map(([offset, bytes]) => offset + bytes.length));
  const after = new Uint8Array(Math.max(end, size ?? 0));
  after.set(before);
  for (const [offset, bytes] of writes) after.set(bytes, offset);
  return after.slice(0, size ?? after.length);
}

/**
 * @param {FilePlace} place
 * @returns {Promise<Uint8Array>}  empty when it is absent
 */
export async function contentOf(place) {
  const snapshot = await place.snapshot();
  if (!snapshot) return new Uint8Array(0);
  const { file } = snapshot;
  const bytes = new Uint8Array(file.size());
  await whenFetched(file, () => file.read(0, bytes.length, bytes));
  snapshot.close();
  return bytes;
}

/**
 * @param {FilePlace} place
 * @param {FileWriter} writer
 * @param {Edit} edit
 */
export async function commit(place, writer, { writes, size }) {
  const snapshot = await place.snapshot();
  const base = snapshot?.file ?? new EmptyFile(place.location);
  const overlay = await whenFetched(base, () => {
    const attempt = new OverlayFile(base);
    for (const [offset, bytes] of writes) attempt.write(offset, bytes);
    if (size !== undefined) attempt.truncate(size);
    return attempt;
  });
  try {
    await writer.commit(overlay);
  } finally {
    snapshot?.close();
  }
}

/** @param {FilePlace} place */
export async function openWriter(place) {
  if (!place.openWriter) throw new Error('no openWriter');
  return place.openWriter();
}

/**
 * @param {Test} test
 * @param {() => Promise<Place> | Place} newPlace
 */
export function fileContract(test, newPlace) {
  /** @type {(name: string, run: (place: Place) => Promise<void>) => void} */
  const check = (name, run) => void test(name, async () => run(await newPlace()));

  check('what is absent is empty until it is committed', async ({ open }) => {
    const place = await open();
    equal((await contentOf(place)).length, 0);
    const writer = await openWriter(place);
    await writer.close();
    equal(await (await open()).snapshot(), undefined, 'the snapshot');
    await place.close();
  });

  check('each commit is there for others, byte for byte', async ({ open }) => {
    const place = await open();
    const writer = await openWriter(place);
    for (const [i, edit] of EDITS.entries()) {
      await commit(place, writer, edit);
      bytesEqual(await contentOf(place), STATES[i + 1], `commit ${i}`);
      const other = await open();
      bytesEqual(await contentOf(other), STATES[i + 1], `commit ${i}, elsewhere`);
      await other.close();
    }
    await writer.close();
    equal((await place.usage())?.bytes, STATES[EDITS.length].length, 'usage');
    await place.close();
  });

  check('the version changes with a commit', async ({ open }) => {
    const place = await open();
    const reader = await open();
    const writer = await openWriter(place);
    await commit(place, writer, EDITS[0]);
    const before = await reader.version({ refresh: true });
    equal((await reader.snapshot())?.version, before, 'of a snapshot');
    await commit(place, writer, EDITS[1]);
    ok(await reader.version({ refresh: true }) !== before, `${before} is still the version`);
    await writer.close();
  });

  check('a replacement is there when it is published, not before', async ({ open }) => {
    const place = await open();
    const writer = await openWriter(place);
    await commit(place, writer, EDITS[0]);
    const replacement = await writer.replace();
    replacement.file.write?.(0, noise(300_000, 20));
    replacement.file.write?.(10, noise(5, 21));
    replacement.file.truncate?.(250_000);
    bytesEqual(await contentOf(place), STATES[1], 'before');
    await replacement.publish();
    const expected = noise(300_000, 20).slice(0, 250_000);
    expected.set(noise(5, 21), 10);
    bytesEqual(await contentOf(await open()), expected, 'after');
    await commit(place, writer, { writes: [[250_000, noise(10, 22)]] });
    equal((await contentOf(place)).length, 250_010, 'and on');
    await writer.close();
  });

  check('an abandoned replacement leaves nothing', async ({ open }) => {
    const place = await open();
    const writer = await openWriter(place);
    await commit(place, writer, EDITS[0]);
    const replacement = await writer.replace();
    replacement.file.write?.(0, noise(1000, 1));
    await replacement.abandon();
    bytesEqual(await contentOf(place), STATES[1]);
    await commit(place, writer, EDITS[1]);
    await writer.close();
    const again = await openWriter(await open());
    equal(JSON.stringify(again.recovered), '{"dropped":[],"restored":[]}', 'left over');
    await again.close();
  });

  check('one writer at a time', async ({ open }) => {
    const place = await open();
    const writer = await openWriter(place);
    await new Promise((resolve) => { setTimeout(resolve, 300); }); // longer than a mere attempt
    await fails(async () => openWriter(await open()), 'ERR_LOCKED', 'since');
    await writer.close();
    await (await openWriter(await open())).close();
  });

  check('reading beyond the end is an error that names both', async ({ open }) => {
    const place = await open();
    const writer = await openWriter(place);
    await commit(place, writer, EDITS[0]);
    await writer.close();
    const snapshot = await place.snapshot();
    const error = await failure(() => snapshot?.file.read(9_990, 20, new Uint8Array(20)));
    isError(error, 'ERR_CORRUPT', '10000', '9990');
    snapshot?.close();
  });

  check('after close() every call says so', async ({ open }) => {
    const place = await open();
    await place.close();
    await fails(() => place.snapshot(), 'ERR_CLOSED');
    await fails(() => place.version(), 'ERR_CLOSED');
    await fails(() => place.openWriter?.(), 'ERR_CLOSED');
    await place.close();
  });
}
