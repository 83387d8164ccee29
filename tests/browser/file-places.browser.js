// SPDX-License-Identifier: MIT
// Places of one file, in browsers: the origin-private file system, IndexedDB, a File, a web server of
// another origin; read at once in a worker, piece by piece in a page.

import { openFilePlace } from '../../js/storage/media.js';
import { importRun, listRuns, openStorage } from '../../js/index.js';
import { whenFetched } from '../../js/storage/file/sync-file.js';
import { bytesEqual, equal, fails, ok } from '../helpers/storage/assert.js';
import { BIG, noise, sampleContent } from '../helpers/storage/content.js';
import { EDITS, STATES, commit, contentOf, fileContract, openWriter } from '../js/storage/file-contract.js';
import { context, parameters, test } from './harness.js';

export const contexts = ['page', 'worker'];

let places = 0;
const newName = (/** @type {string} */ what) => `${what}-${context}-${places += 1}.h5`;
/** @param {string} group @returns {typeof test} */
const within = (group) => (name, run) => test(`${group}: ${name}`, run);

fileContract(within('idb'), () => {
  const name = newName('idb:place');
  return { open: () => openFilePlace(name, { create: true }) };
});

if (context === 'worker') {
  fileContract(within('opfs'), () => {
    const name = newName('opfs:folder/place');
    return { open: () => openFilePlace(name, { create: true }) };
  });

  test('opfs: what one writer leaves at each step, another context reads', async () => {
    const name = newName('opfs:steps');
    const place = await openFilePlace(name, { create: true });
    const writer = await openWriter(place);
    for (const [i, edit] of EDITS.entries()) {
      await commit(place, writer, edit);
      bytesEqual(await contentOf(await openFilePlace(name)), STATES[i + 1], `step ${i}`);
    }
    await writer.close();
    const root = await navigator.storage.getDirectory();
    const names = [];
    for await (const entry of root.keys()) if (entry.includes('steps')) names.push(entry);
    equal(names.join(), name.slice(5), 'nothing is left beside it');
  });
} else {
  test('opfs: in a page it is read-only, and says what to do', async () => {
    const place = await openFilePlace(newName('opfs:page'), { create: true });
    await fails(() => place.openWriter?.(), 'ERR_UNSUPPORTED', 'worker: true');
    equal(await place.snapshot(), undefined);
  });
}

const BYTES = noise(3_000_000, 1);

/** @param {unknown} location @param {Uint8Array} bytes */
async function readParts(location, bytes) {
  const place = await openFilePlace(location);
  const snapshot = await place.snapshot();
  const file = /** @type {NonNullable<typeof snapshot>} */ (snapshot).file;
  equal(file.size(), bytes.length);
  for (const [offset, length] of [[0, 8], [5, 100_000], [bytes.length - 3, 3], [1_234_567, 1], [400_000, 900_000], [0, 6_000_000]]) {
    const view = new Uint8Array(Math.min(length, bytes.length - offset));
    if (context === 'worker' && file.isMissing !== undefined) file.read(offset, view.length, view); // at once
    else await whenFetched(file, () => file.read(offset, view.length, view));
    bytesEqual(view, bytes.slice(offset, offset + view.length), `${length} at ${offset}`);
  }
  await place.close();
}

test('a File', () => readParts(new File([BYTES], 'run.h5'), BYTES));
test('bytes', () => readParts(BYTES, BYTES));

test('a web server of another origin, by ranges', async () => {
  const big = /** @type {Uint8Array} */ (sampleContent().get('big'));
  equal(big.length, BIG);
  await readParts(`${parameters.server}/big`, big);
});

test('a File that has been kept in IndexedDB', async () => {
  const name = newName('kept');
  const storage = await openStorage(new File([hdf5Like(BYTES)], name), { files: true });
  await importRun(storage, name);
  await storage.close();
  ok((await listRuns()).some((run) => run.name === name && run.complete), 'it is listed');
  const place = await openFilePlace(`idb:${name}`);
  bytesEqual(await contentOf(place), hdf5Like(BYTES));
  await place.close();
});

/** @param {Uint8Array} bytes */
function hdf5Like(bytes) {
  const copy = bytes.slice();
  copy.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
  return copy;
}
