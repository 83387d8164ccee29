// SPDX-License-Identifier: MIT
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { BlobSource, BytesSource } from '../../../../js/storage/base/byte-source.js';
import { HttpSource } from '../../../../js/storage/http/http-source.js';
import { NodeFileSource } from '../../../../js/storage/node/node-file.js';
import { ZipStorage } from '../../../../js/storage/zip/zip.js';
import { bytesEqual, deepEqual, fails } from '../../../helpers/storage/assert.js';
import { noise, sampleContent } from '../../../helpers/storage/content.js';
import { storageContract } from '../storage-contract.js';
import { startServer } from '../../../helpers/storage/test-server.js';
import { buildZip } from '../../../helpers/storage/zip-writer.js';

/** @import { ZipMember } from '../../../helpers/storage/zip-writer.js' */

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-zip-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));
const server = await startServer(new Map());
after(() => server.close());

const data = new URL('../../../data/zip/', import.meta.url);
const members = [...sampleContent()].map(([name, value]) => ({ name, data: value }));
const sample = buildZip(members);
const file = path.join(scratch, 'sample.zip');
fs.writeFileSync(file, sample);
server.content.set('sample.zip', sample);

/** @param {ZipMember[]} list @param {Parameters<typeof buildZip>[1]} [options] */
const openBuilt = (list, options) =>
  ZipStorage.open(new BytesSource(buildZip(list, options), 'built.zip'));
/** @param {string} name */
const openData = async (name) =>
  ZipStorage.open(await NodeFileSource.open(fileURLToPath(new URL(name, data))));
const one = noise(64, 1);

describe('zip from a path', () => {
  storageContract(test, async () => ZipStorage.open(await NodeFileSource.open(file)), {
    list: true,
    sync: true,
    usage: true,
  });
});
describe('zip from bytes', () => {
  storageContract(test, () => ZipStorage.open(new BytesSource(sample)), {
    list: true,
    sync: true,
    usage: true,
  });
});
describe('zip from a Blob', () => {
  const blob = new Blob([sample]);
  storageContract(test, () => ZipStorage.open(new BlobSource(blob)), {
    list: true,
    sync: false,
    usage: true,
  });
});
describe('zip over HTTP', () => {
  storageContract(
    test,
    async () => ZipStorage.open(await HttpSource.open(`${server.url}/sample.zip`)),
    { list: true, sync: false, usage: true },
  );
});

describe('zip: what other programs write', () => {
  // The values are those of CONTENT in tests/data/zip/generate.py.
  const text = new TextEncoder();
  const expected = new Map([
    ['.zgroup', text.encode('{"zarr_format": 2}')],
    ['a→b/.zarray', text.encode('{"shape": [3]}')],
    ['a→b/0', Uint8Array.from({ length: 1024 }, (_, i) => i % 256)],
    ['wells/PROD-2 Ærøskøbing/rate', new Uint8Array(0)],
    ['z', text.encode('abc'.repeat(100))],
  ]);
  for (const name of ['stored', 'deflated', 'streamed', 'zip64', 'prefixed', 'folder']) {
    test(`${name}.zip`, async () => {
      const bytes = fs.readFileSync(new URL(`${name}.zip`, data));
      for (const source of [new BytesSource(bytes), new BlobSource(new Blob([bytes]))]) {
        const storage = await ZipStorage.open(source);
        deepEqual(await storage.list(''), ['.zgroup', 'a→b/', 'wells/', 'z']);
        for (const [key, value] of expected) {
          bytesEqual(await storage.get(key), value, key);
          bytesEqual(
            await storage.getRange(key, { offset: 1, length: 5 }),
            value.subarray(1, 6),
            key,
          );
          let heap = new Uint8Array(0);
          storage.getSync?.(key, (length) => (heap = new Uint8Array(length)));
          if (storage.getSync) bytesEqual(heap, value, key);
        }
      }
    });
  }

  test('of two entries with one name the last counts', async () => {
    bytesEqual(await (await openData('duplicates.zip')).get('.zgroup'), text.encode('second'));
  });

  test('a method that is not built in is refused when it is met', async () => {
    const storage = await openData('bzip2.zip');
    deepEqual(await storage.list(''), ['.zgroup', 'a→b/', 'wells/', 'z']);
    await fails(() => storage.get('z'), 'ERR_UNSUPPORTED', 'bzip2.zip', "'z'", 'method 12');
    const locked = await openBuilt([{ name: 'a', data: one, claim: { flags: 1 } }]);
    await fails(() => locked.get('a'), 'ERR_UNSUPPORTED', "'a'", 'encrypted');
  });

  test('names without the UTF-8 flag are UTF-8, or else code page 437', async () => {
    const storage = await openBuilt([
      { name: new TextEncoder().encode('Ærø'), data: one },
      { name: new Uint8Array([0x9b, 0x2d, 0xe1]), data: one }, // '¢-ß' in IBM's table
    ]);
    deepEqual(await storage.list(''), ['¢-ß', 'Ærø']);
  });

  test('headers of different lengths, and a comment that looks like an end record', async () => {
    const list = [5, 0, 300, 300, 1].map((extra, i) => ({
      name: `v${i}`,
      data: noise(100 + i, i),
      extra,
    }));
    const bytes = buildZip(list, { comment: 'PK\x05\x06 and twenty characters more' });
    for (const source of [new BytesSource(bytes), new BlobSource(new Blob([bytes]))]) {
      const storage = await ZipStorage.open(source);
      for (const { name, data: value } of list) bytesEqual(await storage.get(name), value, name);
      bytesEqual(await storage.getRange('v2', { suffixLength: 4 }), noise(102, 2).subarray(98));
    }
  });
});

describe('zip: the store in it', () => {
  const value = { data: one };

  test('begins below the folder it was zipped with', async () => {
    for (const folder of ['run.zarr/', 'results/2024/run.zarr/']) {
      const storage = await openBuilt([
        { name: '__MACOSX/._run.zarr', ...value },
        { name: `${folder}a/.zarray`, ...value },
        { name: `${folder}a/0`, ...value },
        { name: `${folder}.zgroup`, ...value },
      ]);
      deepEqual(await storage.list(''), ['.zgroup', 'a/']);
      bytesEqual(await storage.get('a/0'), one);
    }
  });

  test('is all of it where several stores lie side by side, or none', async () => {
    const names = ['x/a.zarr/.zgroup', 'x/b.zarr/zarr.json', 'notes/text'];
    deepEqual(await (await openBuilt(names.map((name) => ({ name, ...value })))).list(''), [
      'a.zarr/',
      'b.zarr/',
    ]);
    deepEqual(await (await openBuilt([{ name: 'x/y/data', ...value }])).list(''), ['x/']);
  });
});

describe('zip: names as other tools write them', () => {
  // What unzip 6.00 and Python's zipfile make of them: folders, whatever stands between the names.
  for (const [what, host, names] of /** @type {[string, number, string[]][]} */ ([
    ['a leading ./ (bsdtar)', 3, ['./.zgroup', './a/', './a/.zarray', './a/0']],
    ['./ twice', 3, ['././.zgroup', '././a/.zarray', '././a/0']],
    ['backslashes of MS-DOS (.NET, PowerShell)', 0, ['.zgroup', 'a\\.zarray', 'a\\0', 'b\\']],
    ['backslashes and slashes of MS-DOS', 0, ['.\\.zgroup', 'a/.zarray', 'a\\0']],
    ['backslashes alone, whoever made it', 3, ['run\\.zgroup', 'run\\a\\.zarray', 'run\\a\\0']],
  ])) {
    test(what, async () => {
      const list = names.map((name) => ({ name, data: /[\\/]$/.test(name) ? new Uint8Array(0) : one, host }));
      const storage = await openBuilt(list);
      deepEqual((await storage.list('')).filter((name) => name !== 'b/'), ['.zgroup', 'a/']);
      deepEqual(await storage.list('a'), ['.zarray', '0']);
      bytesEqual(await storage.get('a/0'), one);
    });
  }
});
