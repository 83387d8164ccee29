// SPDX-License-Identifier: MIT
// Zip archives that are damaged, or made to hurt: refused, by an error that names the entry.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import { BytesSource } from '../../../../js/storage/base/byte-source.js';
import { NodeFileSource } from '../../../../js/storage/node/node-file.js';
import { ZipStorage } from '../../../../js/storage/zip/zip.js';
import { failure, fails, isError, ok } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { buildZip } from '../../../helpers/storage/zip-writer.js';

/** @import { ZipMember } from '../../../helpers/storage/zip-writer.js' */

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-zip-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const data = new URL('../../../data/zip/', import.meta.url);
const one = noise(64, 1);

/** @param {ZipMember[]} list @param {Parameters<typeof buildZip>[1]} [options] */
const openBuilt = (list, options) =>
  ZipStorage.open(new BytesSource(buildZip(list, options), 'built.zip'));

describe('zip: damaged or hostile', () => {
  for (const name of [
    '../../x',
    '/abs/x',
    'C:\\x',
    'a/../../y',
    'a\\..\\b',
    'a//b',
    'a/./b',
    './../a',
    '.\\..\\a',
    'a\0b',
  ]) {
    test(`refuses an archive with an entry named ${JSON.stringify(name)}`, async () => {
      await fails(
        () =>
          openBuilt([
            { name: '.zgroup', data: one },
            { name, data: one },
          ]),
        'ERR_CORRUPT',
        'built.zip',
        `'${name}'`,
      );
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
      await fails(
        () => openBuilt([{ name: 'a/0.0', data: one, claim }]),
        'ERR_CORRUPT',
        "'a/0.0'",
        text,
      );
    });
  }

  test('names the value whose local header, check sum or stream is wrong', async () => {
    const shifted = await openBuilt([
      { name: 'a', data: one },
      { name: 'b', data: one, claim: { offset: 1 } },
    ]);
    await fails(() => shifted.get('b'), 'ERR_CORRUPT', "'b'", 'local header');
    const flipped = await openBuilt([{ name: 'b', data: one, claim: { crc: 0x1234 } }]);
    await fails(() => flipped.get('b'), 'ERR_CHECKSUM', "'b'", '00001234');
    await fails(() => flipped.getSync?.('b', (n) => new Uint8Array(n)), 'ERR_CHECKSUM', "'b'");
    const noStream = await openBuilt([{ name: 'b', data: one, claim: { method: 8, size: 70 } }]);
    await fails(() => noStream.get('b'), 'ERR_CORRUPT', "'b'", 'inflated');
    await fails(
      () => noStream.getSync?.('b', (n) => new Uint8Array(n)),
      'ERR_CORRUPT',
      "'b'",
      'inflated',
    );
  });

  test('stops inflating at the claimed size', async () => {
    const packed = deflateRawSync(new Uint8Array(1_000_000));
    for (const [size, why] of /** @type {[number, string][]} */ ([
      [999_999, ''],
      [1_000_001, '1000000'],
    ])) {
      const storage = await openBuilt([{ name: 'bomb', data: packed, claim: { method: 8, size } }]);
      await fails(() => storage.get('bomb'), 'ERR_CORRUPT', "'bomb'", why);
    }
  });

  test('refuses end records that contradict the archive', async () => {
    const list = [
      { name: 'a', data: one },
      { name: 'b', data: one },
    ];
    await fails(() => openBuilt(list, { end: { count: 3 } }), 'ERR_CORRUPT', '2 entries', '3');
    await fails(() => openBuilt(list, { end: { size: 1 << 30 } }), 'ERR_CORRUPT', '1073741824');
    await fails(() => openBuilt(list, { end: { offset: 999 } }), 'ERR_CORRUPT', '999');
    await fails(() => openBuilt(list, { end: { disk: 1 } }), 'ERR_UNSUPPORTED', 'split');
    await fails(() => openBuilt(list, { end: { size: 60, offset: 0 } }), 'ERR_CORRUPT');
  });

  test('an archive cut at any byte is an error, and any flipped byte no crash', async () => {
    const bytes = new Uint8Array(fs.readFileSync(new URL('zip64.zip', data)));
    for (let length = 0; length < bytes.length; length += 1) {
      const error = await failure(() =>
        ZipStorage.open(new BytesSource(bytes.subarray(0, length), 'cut.zip')),
      );
      isError(error, 'ERR_CORRUPT', 'cut.zip');
    }
    const allowed = ['ERR_CORRUPT', 'ERR_CHECKSUM', 'ERR_UNSUPPORTED', 'ERR_LIMIT', undefined];
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = bytes.slice();
      damaged[at] ^= 1 << (at % 8);
      const error = await ZipStorage.open(new BytesSource(damaged))
        .then((storage) => storage.get('a→b/0'))
        .then(
          () => undefined,
          (reason) => reason,
        );
      ok(allowed.includes(error?.code), `byte ${at}: ${error}`);
    }
  });

  test('a file that is not there, is a folder, or shrinks', async () => {
    await fails(
      () => NodeFileSource.open(path.join(scratch, 'none.zip')),
      'ERR_NOT_FOUND',
      'none.zip',
    );
    await fails(() => NodeFileSource.open(scratch), 'ERR_ARGUMENT', scratch);
    const copy = path.join(scratch, 'shrinks.zip');
    fs.writeFileSync(copy, buildZip([{ name: 'big', data: noise(5000, 1) }]));
    const storage = await ZipStorage.open(await NodeFileSource.open(copy));
    fs.truncateSync(copy, 1000);
    await fails(() => storage.get('big'), 'ERR_STORAGE', copy, '1000');
    await storage.close();
  });
});
