// SPDX-License-Identifier: MIT
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import { BlobSource, BytesSource } from '../../js/stores/byte-source.js';
import { HttpSource } from '../../js/stores/http-source.js';
import { NodeFileSource } from '../../js/stores/node-file.js';
import { ZipStorage } from '../../js/stores/zip.js';
import { bytesEqual, deepEqual, equal, failure, fails, isError, ok } from './assert.js';
import { noise, sampleContent, storageContract } from './storage-contract.js';
import { startServer, whole } from './test-server.js';
import { buildZip } from './zip-writer.js';

/** @import { ZipMember } from './zip-writer.js' */

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-zip-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));
const server = await startServer(new Map());
after(() => server.close());

const data = new URL('../data/zip/', import.meta.url);
const members = [...sampleContent()].map(([name, value]) => ({ name, data: value }));
const sample = buildZip(members);
const file = path.join(scratch, 'sample.zip');
fs.writeFileSync(file, sample);
server.content.set('sample.zip', sample);

/** @param {ZipMember[]} list @param {Parameters<typeof buildZip>[1]} [options] */
const openBuilt = (list, options) => ZipStorage.open(new BytesSource(buildZip(list, options), 'built.zip'));
/** @param {string} name */
const openData = async (name) => ZipStorage.open(await NodeFileSource.open(new URL(name, data).pathname));
const one = noise(64, 1);

describe('zip from a path', () => {
  storageContract(test, async () => ZipStorage.open(await NodeFileSource.open(file)),
    { list: true, sync: true, usage: true });
});
describe('zip from bytes', () => {
  storageContract(test, () => ZipStorage.open(new BytesSource(sample)), { list: true, sync: true, usage: true });
});
describe('zip from a Blob', () => {
  const blob = new Blob([sample]);
  storageContract(test, () => ZipStorage.open(new BlobSource(blob)), { list: true, sync: false, usage: true });
});
describe('zip over HTTP', () => {
  storageContract(test, async () => ZipStorage.open(await HttpSource.open(`${server.url}/sample.zip`)),
    { list: true, sync: false, usage: true });
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
          bytesEqual(await storage.getRange(key, { offset: 1, length: 5 }), value.subarray(1, 6), key);
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
    await fails(() => storage.get('z'), 'ERR_UNSUPPORTED', 'bzip2.zip', '\'z\'', 'method 12');
    const locked = await openBuilt([{ name: 'a', data: one, claim: { flags: 1 } }]);
    await fails(() => locked.get('a'), 'ERR_UNSUPPORTED', '\'a\'', 'encrypted');
  });

  test('names without the UTF-8 flag are UTF-8, or else code page 437', async () => {
    const storage = await openBuilt([
      { name: new TextEncoder().encode('Ærø'), data: one },
      { name: new Uint8Array([0x9b, 0x2d, 0xe1]), data: one }, // '¢-ß' in IBM's table
    ]);
    deepEqual(await storage.list(''), ['¢-ß', 'Ærø']);
  });

  test('local headers of different lengths, and a comment that looks like an end record', async () => {
    const list = [5, 0, 300, 300, 1].map((extra, i) => ({ name: `v${i}`, data: noise(100 + i, i), extra }));
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
        { name: '__MACOSX/._run.zarr', ...value }, { name: `${folder}a/.zarray`, ...value },
        { name: `${folder}a/0`, ...value }, { name: `${folder}.zgroup`, ...value },
      ]);
      deepEqual(await storage.list(''), ['.zgroup', 'a/']);
      bytesEqual(await storage.get('a/0'), one);
    }
  });

  test('is all of it where several stores lie side by side, or none', async () => {
    const names = ['x/a.zarr/.zgroup', 'x/b.zarr/zarr.json', 'notes/text'];
    deepEqual(await (await openBuilt(names.map((name) => ({ name, ...value })))).list(''), ['a.zarr/', 'b.zarr/']);
    deepEqual(await (await openBuilt([{ name: 'x/y/data', ...value }])).list(''), ['x/']);
  });
});

describe('zip: damaged or hostile', () => {
  for (const name of ['../../x', '/abs/x', 'C:\\x', 'a/../../y', 'a\\..\\b', 'a//b', './a', 'a\0b']) {
    test(`refuses an archive with an entry named ${JSON.stringify(name)}`, async () => {
      await fails(() => openBuilt([{ name: '.zgroup', data: one }, { name, data: one }]), 'ERR_CORRUPT',
        'built.zip', `'${name}'`);
    });
  }

  for (const [what, claim, text] of /** @type {[string, ZipMember['claim'], string][]} */ ([
    ['more bytes than the archive has', { packedSize: 5000, size: 5000 }, '5000'],
    ['a place behind the archive', { offset: 0xfffffff0 }, '4294967280'],
    ['two sizes for a stored value', { size: 65 }, '65'],
    ['more than deflate can hold', { method: 8, size: 64 * 1032 + 1 }, '66049'],
    ['Zip64 without its field', { size: 0xffffffff }, 'Zip64 size'],
  ])) {
    test(`refuses an entry that claims ${what}`, async () => {
      await fails(() => openBuilt([{ name: 'a/0.0', data: one, claim }]), 'ERR_CORRUPT', '\'a/0.0\'', text);
    });
  }

  test('names the value whose local header, check sum or stream is wrong', async () => {
    const shifted = await openBuilt([{ name: 'a', data: one }, { name: 'b', data: one, claim: { offset: 1 } }]);
    await fails(() => shifted.get('b'), 'ERR_CORRUPT', '\'b\'', 'local header');
    const flipped = await openBuilt([{ name: 'b', data: one, claim: { crc: 0x1234 } }]);
    await fails(() => flipped.get('b'), 'ERR_CHECKSUM', '\'b\'', '00001234');
    await fails(() => flipped.getSync?.('b', (n) => new Uint8Array(n)), 'ERR_CHECKSUM', '\'b\'');
    const noStream = await openBuilt([{ name: 'b', data: one, claim: { method: 8, size: 70 } }]);
    await fails(() => noStream.get('b'), 'ERR_CORRUPT', '\'b\'', 'inflated');
    await fails(() => noStream.getSync?.('b', (n) => new Uint8Array(n)), 'ERR_CORRUPT', '\'b\'', 'inflated');
  });

  test('stops inflating at the claimed size', async () => {
    const packed = deflateRawSync(new Uint8Array(1_000_000));
    for (const [size, why] of /** @type {[number, string][]} */ ([[999_999, ''], [1_000_001, '1000000']])) {
      const storage = await openBuilt([{ name: 'bomb', data: packed, claim: { method: 8, size } }]);
      await fails(() => storage.get('bomb'), 'ERR_CORRUPT', '\'bomb\'', why);
    }
  });

  test('refuses end records that contradict the archive', async () => {
    const list = [{ name: 'a', data: one }, { name: 'b', data: one }];
    await fails(() => openBuilt(list, { end: { count: 3 } }), 'ERR_CORRUPT', '2 entries', '3');
    await fails(() => openBuilt(list, { end: { size: 1 << 30 } }), 'ERR_CORRUPT', '1073741824');
    await fails(() => openBuilt(list, { end: { offset: 999 } }), 'ERR_CORRUPT', '999');
    await fails(() => openBuilt(list, { end: { disk: 1 } }), 'ERR_UNSUPPORTED', 'split');
    await fails(() => openBuilt(list, { end: { size: 60, offset: 0 } }), 'ERR_CORRUPT');
  });

  test('an archive cut at any byte is an error, and any flipped byte no crash', async () => {
    const bytes = new Uint8Array(fs.readFileSync(new URL('zip64.zip', data)));
    for (let length = 0; length < bytes.length; length += 1) {
      const error = await failure(() => ZipStorage.open(new BytesSource(bytes.subarray(0, length), 'cut.zip')));
      isError(error, 'ERR_CORRUPT', 'cut.zip');
    }
    const allowed = ['ERR_CORRUPT', 'ERR_CHECKSUM', 'ERR_UNSUPPORTED', 'ERR_LIMIT', undefined];
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = bytes.slice();
      damaged[at] ^= 1 << (at % 8);
      const error = await ZipStorage.open(new BytesSource(damaged))
        .then((storage) => storage.get('a→b/0')).then(() => undefined, (reason) => reason);
      ok(allowed.includes(error?.code), `byte ${at}: ${error}`);
    }
  });

  test('a file that is not there, is a folder, or shrinks', async () => {
    await fails(() => NodeFileSource.open(path.join(scratch, 'none.zip')), 'ERR_NOT_FOUND', 'none.zip');
    await fails(() => NodeFileSource.open(scratch), 'ERR_ARGUMENT', scratch);
    const copy = path.join(scratch, 'shrinks.zip');
    fs.copyFileSync(file, copy);
    const storage = await ZipStorage.open(await NodeFileSource.open(copy));
    fs.truncateSync(copy, 1000);
    await fails(() => storage.get('big'), 'ERR_STORAGE', copy, '1000');
    await storage.close();
  });
});

describe('zip over HTTP: requests', () => {
  const url = `${server.url}/run.zip`;
  const keys = Array.from({ length: 1500 }, (_, i) => `a/${i}`);
  const bytes = buildZip(keys.map((name, i) => ({ name, data: noise(4000, i) })));
  server.content.set('run.zip', bytes);

  test('neighbouring values share a request', async () => {
    server.seen.length = 0;
    const storage = await ZipStorage.open(await HttpSource.open(url));
    const opening = server.seen.length;
    ok(opening <= 2, `${opening} requests to open`);
    for (let i = 0; i < keys.length; i += 10) {
      const values = await Promise.all(keys.slice(i, i + 10).map((key) => storage.get(key)));
      values.forEach((value, k) => bytesEqual(value, noise(4000, i + k)));
    }
    const requests = server.seen.length - opening; // 6 MB: 1,500 values, 24 blocks
    ok(requests <= 8, `${requests} requests for ${keys.length} values`);
  });

  test('a single value costs one block', async () => {
    const storage = await ZipStorage.open(await HttpSource.open(url));
    server.seen.length = 0;
    bytesEqual(await storage.get('a/700'), noise(4000, 700));
    equal(server.seen.length, 1, 'requests');
    const [, from, to] = /** @type {RegExpExecArray} */ (/bytes=(\d+)-(\d+)/.exec(server.seen[0].range ?? ''));
    ok(Number(to) - Number(from) < 256 * 1024, `asked for ${server.seen[0].range}`);
  });

  test('a failed request is an error for who asked, and is tried again for the next', async () => {
    const storage = await ZipStorage.open(await HttpSource.open(url, { retries: 0 }));
    server.spoil('run.zip', (reply, count) => { if (count === 1) reply.status = 500; });
    await fails(() => storage.get('a/0'), 'ERR_HTTP', 'run.zip', '500');
    bytesEqual(await storage.get('a/0'), noise(4000, 0));
  });

  test('a server without ranges is used while the archive is small', async () => {
    const small = fs.readFileSync(new URL('stored.zip', data));
    server.content.set('small.zip', small);
    server.spoil('small.zip', (reply) => { Object.assign(reply, whole(small)); });
    server.seen.length = 0;
    const storage = await ZipStorage.open(await HttpSource.open(`${server.url}/small.zip`));
    equal((await storage.get('z'))?.length, 300);
    equal(server.seen.length, 1, 'requests');
    await fails(() => HttpSource.open(`${server.url}/small.zip`, { maxFullBytes: 100 }), 'ERR_HTTP', 'instead');
  });

  test('a server without suffix ranges is asked for the size first', async () => {
    server.spoil('run.zip', (reply, _, { headers }) => {
      if (headers.range?.startsWith('bytes=-')) Object.assign(reply, { status: 400, body: new Uint8Array(0), headers: {} });
    });
    const storage = await ZipStorage.open(await HttpSource.open(url));
    bytesEqual(await storage.get('a/1499'), noise(4000, 1499));
  });

  test('an archive that is replaced, cut, or gone is an error', async () => {
    const storage = await ZipStorage.open(await HttpSource.open(url, { retries: 0 }));
    server.spoil('run.zip', (reply) => { reply.headers.ETag = '"another"'; });
    await fails(() => storage.get('a/0'), 'ERR_HTTP', 'run.zip', 'another');
    server.spoil('run.zip', (reply) => { reply.headers['Content-Range'] = 'bytes 0-1/2'; });
    await fails(() => storage.get('a/0'), 'ERR_HTTP', 'run.zip');
    await fails(() => HttpSource.open(`${server.url}/none.zip`), 'ERR_NOT_FOUND', 'none.zip');
  });
});
