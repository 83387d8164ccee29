// SPDX-License-Identifier: MIT
// One zip file as a store that is added to: the contracts, kills at any byte, and what Python's zipfile reads.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { createArray, openNode, openStorage, openStore } from '../../../../js/index.js';
import { FileCommitter, startWriter } from '../../../../js/storage/file/file-committer.js';
import { withJournal } from '../../../../js/storage/file/file-journal.js';
import { toSyncFile } from '../../../../js/storage/file/file-medium.js';
import { ZipFileStorage } from '../../../../js/storage/zip/zip-file.js';
import { localHeader } from '../../../../js/storage/zip/zip-records.js';
import { noise } from '../../../helpers/storage/content.js';
import { SCRIPT, play, sameAsBeforeOrAfter } from '../../../helpers/storage/fault-script.js';
import { buildZip } from '../../../helpers/storage/zip-writer.js';
import { storageContract } from '../storage-contract.js';
import { contentOf, entry, sameContent, writerContract } from '../writer-contract.js';

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-zipfile-'));
after(() => fs.rmSync(work, { recursive: true, force: true }));
let places = 0;
const fresh = () => path.join(work, `${places += 1}.zarr.zip`);
/** Reads every value of an archive, checked by its sum. @param {string} file */
const namesByPython = (file) => execFileSync('python3', ['-c', 'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n'
  + 'assert z.testzip() is None\nassert len(set(z.namelist())) == len(z.namelist())\nprint("\\n".join(sorted(z.namelist())))', file],
{ encoding: 'utf8' }).trim().split('\n');

describe('a zip file', () => {
  /** @type {string | undefined} */ let filled;
  storageContract(test, async (content) => {
    if (filled === undefined) {
      filled = fresh();
      fs.writeFileSync(filled, buildZip([...content].map(([name, data]) => ({ name, data }))));
    }
    return openStorage(filled);
  }, { list: true, sync: true, usage: true });
  writerContract(test, () => {
    const file = fresh();
    return { open: () => openStorage(file, { create: true }) };
  });
});

class Killed extends Error {}

/** A file and what lies beside it, whose writer is killed when it has written so many bytes. */
class MemoryPlace {
  kind = 'memory';
  location = 'memory.zarr.zip';
  closed = false;
  room = Infinity;
  changes = 0;
  /** @type {Map<string, Uint8Array>} */ files = new Map();

  async snapshot() {
    const bytes = this.files.get('');
    if (!bytes) return undefined;
    const file = toSyncFile(this.#fileOf('', bytes), this.location), journal = this.files.get('.journal');
    return { file: journal ? withJournal(file, journal, 'journal').file : file, version: await this.version(), close: () => {} };
  }

  async version() {
    return this.files.has('') ? `${this.changes}` : '';
  }

  async usage() {
    return { bytes: 0, keys: 1 };
  }

  async openWriter() {
    return { ...await startWriter(new FileCommitter({ location: this.location, nameOf: (part) => this.location + part,
      open: async (part, { create = false } = {}) => {
        if (create) this.#change(part, new Uint8Array(0), 1);
        return this.files.has(part) ? this.#fileOf(part) : undefined;
      },
      remove: async (part) => {
        if (this.files.has(part)) this.#change(part, undefined, 1);
      },
      syncNames: async () => {},
      rename: async (from, to) => {
        const bytes = this.files.get(from);
        this.#change(to, bytes, 1);
        this.files.delete(from);
      } }, 'strict')), close: async () => {} };
  }

  async close() {}

  /** @param {string} part @param {Uint8Array | undefined} bytes @param {number} cost */
  #change(part, bytes, cost) {
    if (this.room < cost) throw new Killed('killed');
    this.room -= cost;
    this.changes += 1;
    if (bytes) this.files.set(part, bytes);
    else this.files.delete(part);
  }

  /** @param {string} part @param {Uint8Array} [fixed]  as it was */
  #fileOf(part, fixed) {
    const now = () => fixed ?? /** @type {Uint8Array} */ (this.files.get(part));
    const grown = (/** @type {number} */ size) => {
      const bytes = new Uint8Array(size);
      bytes.set(now().subarray(0, size));
      return bytes;
    };
    return {
      size: () => now().length,
      read: (/** @type {number} */ at, /** @type {number} */ length, /** @type {Uint8Array} */ view) => {
        view.set(now().subarray(at, at + length));
      },
      write: (/** @type {number} */ at, /** @type {Uint8Array} */ given) => {
        const most = at + Math.min(given.length, this.room);
        // It dies in the middle of it; what a disk keeps of a sector is all of it or nothing.
        const end = most < at + given.length && part === '' ? Math.max(at, most - most % 512) : most;
        const written = given.subarray(0, end - at);
        const bytes = grown(Math.max(now().length, at + written.length));
        bytes.set(written, at);
        this.#change(part, bytes, written.length);
        if (written.length < given.length) throw new Killed('killed');
      },
      truncate: (/** @type {number} */ size) => this.#change(part, grown(size), 1),
      sync: async () => {},
      close: () => {},
    };
  }
}

test('a kill at every thirteenth byte leaves the old or the new', async () => {
  const before = entry(0, 1), after = new Map([...entry(0, 1), ...entry(1, 1)]);
  let seen = 0;
  for (let room = 0, cut = true; cut; room += 13) {
    const place = new MemoryPlace();
    const writer = await (await ZipFileStorage.open(place)).openWriter();
    await writer.commit({ puts: [...before] });
    place.room = room;
    const error = await writer.commit({ puts: [...entry(1, 1)] }).catch((/** @type {any} */ reason) => reason);
    cut = error !== undefined;
    place.room = Infinity;
    const content = await contentOf(await ZipFileStorage.open(place));
    const isNew = content.has('entry_1/.zgroup');
    sameContent(content, isNew ? after : before, `cut at ${room}`);
    seen += isNew ? 1 : 0;
    const next = await (await ZipFileStorage.open(place)).openWriter();
    sameContent(await contentOf(await ZipFileStorage.open(place)), content, `settled at ${room}`);
    await next.commit({ puts: [['next', noise(5, 5)]] });
    sameContent(await contentOf(await ZipFileStorage.open(place)), new Map([...content, ['next', noise(5, 5)]]), `on at ${room}`);
  }
  assert.ok(seen > 10, `${seen} kills after the decision`);
});

test('a kill anywhere in commits and replacements of all kinds', async () => {
  for (let room = 1, killed = true; killed; room += 397) {
    const place = new MemoryPlace(), done = { steps: 0 };
    place.room = room;
    const error = await (async () => play(await ZipFileStorage.open(place), 'strict', done))().catch((reason) => reason);
    killed = error !== undefined;
    place.room = Infinity;
    const content = await contentOf(await ZipFileStorage.open(place));
    sameAsBeforeOrAfter(content, done.steps, `${room}`);
    const writer = await (await ZipFileStorage.open(place)).openWriter();
    sameContent(await contentOf(await ZipFileStorage.open(place)), content, `settled at ${room}`);
    await writer.close();
    if (!killed) assert.equal(done.steps, SCRIPT.length);
  }
});

test('a run is added to, entry by entry, and read by zipfile', async () => {
  const file = fresh();
  const source = await openStore('web/samples/waterflood.zarr.zip', { mode: 'r' });
  const store = await openStore(file);
  for (const indices of [[0], [1], [2, 3]]) {
    for await (const tree of source.load({ indices, as: 'raw' })) await store.append(tree);
    const reader = await openStore(file, { mode: 'r' });
    assert.equal(await reader.count(), (indices.at(-1) ?? 0) + 1);
    assert.equal((await reader.verify()).ok, true);
    await reader.close();
    assert.ok(namesByPython(file).includes(`entry_${String(indices.at(-1)).padStart(10, '0')}/.zgroup`));
  }
  const path3 = 'model.fluid_properties.pressure_grid';
  assert.deepEqual((await store.read(3, path3)).data, (await source.read(3, path3)).data);
  await store.close();
  await source.close();
  assert.deepEqual(fs.readdirSync(work).filter((name) => name.startsWith(path.basename(file))), [path.basename(file)]);
});

test('an archive of others keeps its folder, its comment and what it has; odd ones are refused', async () => {
  const file = fresh();
  const json = (/** @type {unknown} */ value) => new TextEncoder().encode(JSON.stringify(value));
  const members = [{ name: 'run.zarr/zarr.json', data: json({ zarr_format: 3, node_type: 'group' }) }, { name: 'run.zarr/note', data: noise(9, 9) }];
  fs.writeFileSync(file, buildZip(members, { comment: 'for you' }));
  const array = await createArray(file, 'a/b', { shape: [4], dtype: '<i4', zarrFormat: 3 });
  await array.write(Int32Array.of(1, 2, 3, 4));
  await array.close();
  assert.deepEqual([...(await (await openNode(file, 'a/b')).read()).data], [1, 2, 3, 4]);
  const names = namesByPython(file);
  assert.ok(names.includes('run.zarr/a/b/zarr.json') && names.includes('run.zarr/note'), names.join());
  assert.equal(fs.readFileSync(file).subarray(-7).toString(), 'for you');
  const other = fresh();
  for (const parts of [['#!/bin/sh\n', buildZip(members)], [buildZip(members), 'a signature']]) {
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
    fs.writeFileSync(other, bytes);
    await assert.rejects(createArray(other, 'a', { shape: [4], dtype: '<i4', zarrFormat: 3 }),
      { code: 'ERR_UNSUPPORTED', message: /1[01] bytes of something else/ });
    assert.deepEqual(fs.readFileSync(other), bytes);
  }
});

test('a length that would be taken for the mark of Zip64 is refused', () => {
  const entry = { name: new Uint8Array(1), crc: 0 };
  assert.throws(() => localHeader('k', { ...entry, size: 0xffffffff }), { code: 'ERR_LIMIT' }); // APPNOTE 4.4.8
  assert.equal(new DataView(localHeader('k', { ...entry, size: 0xfffffffe }).buffer).getUint32(22, true), 0xfffffffe);
});
