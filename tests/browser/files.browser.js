// SPDX-License-Identifier: MIT
// Files that a user chose or dropped. Chromium drops real folders; what Firefox gives for them, the
// entries of the File and Directory Entries interface, is made up here, 100 at a time.

import { openStorage } from '../../js/storage/location.js';
import { FilesStorage, collectDropped } from '../../js/storage/handle/files.js';
import { bytesEqual, deepEqual, equal, fails, ok } from '../helpers/storage/assert.js';
import { noise } from '../helpers/storage/content.js';
import { storageContract } from '../js/storage/storage-contract.js';
import { host, test } from './harness.js';

const text = new TextEncoder();
const isChromium = 'showDirectoryPicker' in globalThis;

/** @param {Iterable<[string, Uint8Array]>} content @param {string} folder */
const filesOf = (content, folder) =>
  [...content].map(([key, value]) => ({
    path: `${folder}/${key}`,
    file: new File([/** @type {Uint8Array<ArrayBuffer>} */ (value)], key),
  }));

storageContract(
  (name, run) => test(name, run),
  (content) => new FilesStorage(filesOf(content, 'run.zarr')),
  { list: true, sync: false, usage: true },
);

test('begins at the only store, else at the folder that was chosen', async () => {
  const one = noise(5, 1);
  /** @param {string[]} keys */
  const list = (keys) =>
    new FilesStorage(
      filesOf(
        keys.map((key) => [key, one]),
        'chosen',
      ),
    ).list('');
  deepEqual(await list(['results/run.zarr/zarr.json', 'results/run.zarr/c/0', 'notes']), [
    'c/',
    'zarr.json',
  ]);
  deepEqual(await list(['a.zarr/.zgroup', 'b.zarr/.zgroup']), ['a.zarr/', 'b.zarr/']);
  deepEqual(await list(['a/x', 'b/y']), ['a/', 'b/']);
});

/** A run of 260 files and a folder in a folder. @type {Record<string, string>} */
const texts = { 'above/run.zarr/.zgroup': '{}', 'above/run.zarr/a→b/.zarray': '{"shape": []}' };
for (let i = 0; i < 258; i += 1) texts[`above/run.zarr/a→b/${i}`] = `value ${i}`;

/** @param {unknown} location */
async function checkRun(location) {
  const storage = await openStorage(location);
  deepEqual(await storage.list?.(''), ['.zgroup', 'a→b/']);
  equal((await storage.list?.('a→b'))?.length, 259, 'names');
  bytesEqual(await storage.get('a→b/257'), text.encode('value 257'));
  deepEqual((await storage.usage?.())?.keys, 260);
}

/** What the page makes of the next drop. */
function nextDrop() {
  const target = /** @type {HTMLElement} */ (document.querySelector('#target'));
  target.ondragover = (event) => event.preventDefault();
  return new Promise((resolve, reject) => {
    target.ondrop = (event) => {
      event.preventDefault();
      if (event.dataTransfer) collectDropped(event.dataTransfer).then(resolve, reject);
    };
  });
}

if (isChromium) {
  // no other browser lets a test choose or drop a folder
  test('a chosen folder', async () => {
    const input = /** @type {HTMLInputElement} */ (document.querySelector('#folder'));
    const chosen = new Promise((resolve) => {
      input.onchange = resolve;
    });
    await host('choose', texts, 'above');
    await chosen;
    ok(input.files?.length === 260, `${input.files?.length} files`);
    await checkRun([...input.files]);
  });

  test('a dropped folder is a handle', async () => {
    const dropped = nextDrop();
    await host('drop', texts, ['above']);
    const location = await dropped;
    ok(location instanceof FileSystemDirectoryHandle, 'a handle');
    await checkRun(location);
  });

  test('a dropped file is a File', async () => {
    const dropped = nextDrop();
    await host('drop', { 'run.h5': 'text' }, ['run.h5']);
    const location = await dropped;
    ok(location instanceof File, 'a File');
    equal(location.name, 'run.h5');
    await fails(() => openStorage(location), 'ERR_ARGUMENT', 'run.h5', 'HDF5');
  });

  test('several dropped at once are read by their entries', async () => {
    const dropped = nextDrop();
    await host('drop', { ...texts, 'notes.txt': 'hello' }, ['above', 'notes.txt']);
    const location = await dropped;
    equal(location.length, 261);
    await checkRun(location);
  });
}

/**
 * A tree as entries of the File and Directory Entries interface.
 * @param {string} name
 * @param {Record<string, string>} below  paths and texts
 * @returns {any}
 */
function directoryEntry(name, below) {
  /** @type {Map<string, Record<string, string>>} */
  const folders = new Map();
  /** @type {any[]} */
  const children = [];
  for (const [path, value] of Object.entries(below)) {
    const [first, ...rest] = path.split('/');
    if (rest.length === 0) {
      children.push({
        name: first,
        isFile: true,
        file: (/** @type {any} */ done) => done(new File([value], first)),
      });
    } else {
      if (!folders.has(first)) folders.set(first, {});
      Object.assign(/** @type {any} */ (folders.get(first)), { [rest.join('/')]: value });
    }
  }
  for (const [folder, inner] of folders) children.push(directoryEntry(folder, inner));
  return {
    name,
    isDirectory: true,
    createReader: () => ({
      readEntries: (/** @type {(entries: any[]) => void} */ done) => done(children.splice(0, 100)),
    }),
  };
}

/** @param {...any} items  of a DataTransfer @returns {any} */
const transfer = (...items) => ({ items });

test('a folder is read by its entries where there are no handles', async () => {
  const below = Object.fromEntries(
    Object.entries(texts).map(([path, value]) => [path.slice('above/'.length), value]),
  );
  await checkRun(
    await collectDropped(
      transfer(
        { kind: 'string' },
        {
          kind: 'file',
          webkitGetAsEntry: () => directoryEntry('above', below),
          getAsFile: () => null,
        },
      ),
    ),
  );
});

test('an entry that cannot be read is named, and nothing is not a location', async () => {
  const entry = {
    name: 'locked',
    isFile: true,
    file: (/** @type {any} */ _, /** @type {any} */ fail) =>
      fail(new DOMException('no', 'NotReadableError')),
  };
  const folder = {
    name: 'above',
    isDirectory: true,
    createReader: () => {
      const children = [[entry], []];
      return { readEntries: (/** @type {any} */ done) => done(children.shift()) };
    },
  };
  await fails(
    () =>
      collectDropped(
        transfer({ kind: 'file', webkitGetAsEntry: () => folder, getAsFile: () => null }),
      ),
    'ERR_STORAGE',
    'above/locked',
  );
  await fails(() => collectDropped(transfer({ kind: 'string' })), 'ERR_ARGUMENT', 'no files');
  await fails(() => openStorage([]), 'ERR_ARGUMENT', 'empty');
});
