// SPDX-License-Identifier: MIT
// Damaged and hostile stores: a BoresError that names the key, within bounded time and memory, and
// the same store works again when the damage is gone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { BoresError, ZarrStore, openNode, openStore } from '../../../js/index.js';
import { startServer, whole } from '../../helpers/storage/test-server.js';
import { badCases, caseFile, runConsolidated, runFolder, runZip, zarrCases } from '../../helpers/fixtures.js';
import { EditableStore } from '../../helpers/editable-store.js';
import { using } from '../../helpers/with-store.js';

/** @import { Spoiler } from '../../helpers/storage/test-server.js' */

const badCase = fileURLToPath(new URL('./bad-case.js', import.meta.url));
const execute = promisify(execFile);
const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);

const good = zarrCases();
const goodArray = caseFile(good, 'zarr/v2_C_3d.zarr');
const GOOD_BYTES = 7 * 5 * 4 * 2;
/** Of any machine, however busy. */
const HANGS_MS = 120_000;

/**
 * @param {object} one
 * @param {number} [seconds]  of a processor's time
 */
async function runAlone(one, seconds = 10) {
  const { stdout } = await execute(process.execPath,
    [badCase, JSON.stringify({ array: '', op: 'read_all', good: goodArray, ...one })],
    { timeout: HANGS_MS });
  const result = JSON.parse(stdout);
  assert.ok(result.seconds <= seconds, `${result.seconds} of ${seconds} s of a processor`);
  assert.equal(result.foreign, undefined, 'an error of another class');
  assert.equal(result.after.value, GOOD_BYTES, 'the module reads a good array afterwards');
  return result;
}

describe('damaged files', () => {
  const set = badCases();
  for (const one of set.cases) {
    test(`${one.case}: ${one.why}`, async () => {
      const location = caseFile(set, one.path);
      const before = readdirSync(path.dirname(location)).length;
      const { value, code, key, message, maxMemoryMb } = await runAlone(
        { location, array: one.array, op: one.op, region: one.region }, one.max_seconds);
      assert.ok(maxMemoryMb <= one.max_memory_mb, `${maxMemoryMb} of ${one.max_memory_mb} MB`);
      assert.equal(readdirSync(path.dirname(location)).length, before, 'something was written');
      if (one.expect === 'error') assert.ok(code, `there was no error, but ${value} bytes`);
      if (code) {
        assert.ok(key, `no key in: ${message}`);
        for (const mention of one.error_mentions) {
          assert.ok(mention.split('|').some((/** @type {string} */ word) => message.includes(word)),
            `'${message}' does not mention ${mention}`);
        }
      }
    });
  }

  test('nothing was written beside the zip whose names lead outside', () => {
    const folder = path.dirname(caseFile(set, 'bad/zip_path_traversal.zip'));
    for (const name of ['../x', '../../x']) assert.ok(!existsSync(path.join(folder, name)), name);
    assert.ok(!existsSync('/abs/x'));
  });
});

/** Two entries of a real run, in memory, to be damaged. */
const PRESSURE = 'entry_0000000001/model/fluid_properties/pressure_grid';
const pristine = EditableStore.read(runFolder('guide/wf_f64_ckpt'));

/**
 * @param {string} key
 * @param {Uint8Array | undefined} content
 * @param {(store: ZarrStore) => Promise<unknown>} use
 * @returns {Promise<any>} the error that `use` gives with that content
 */
async function damaged(key, content, use) {
  const storage = new EditableStore(pristine);
  const store = new ZarrStore(storage);
  try {
    await store.count();
    storage.replace(key, content);
    let failure;
    try {
      await use(store);
    } catch (error) {
      failure = error;
    }
    storage.restore(key);
    const array = await store.read(1, 'model.fluid_properties.pressure_grid');
    assert.deepEqual([...array.shape], [9, 7, 4], 'the same store goes on working');
    return failure;
  } finally {
    await store.close();
  }
}

/** @param {any} error @param {string} key @param {string | RegExp} [code] */
function assertNames(error, key, code = /^ERR_/) {
  assert.ok(error instanceof BoresError, `an error about ${key} is due, got ${error}`);
  assert.match(error.code, code instanceof RegExp ? code : new RegExp(`^${code}$`), error.message);
  assert.equal(error.key, key);
  assert.ok(error.message.includes(key), `'${error.message}' does not name ${key}`);
}

const load = (/** @type {ZarrStore} */ store) => store.load({ indices: [1] }).next();
const readPressure = (/** @type {ZarrStore} */ store) =>
  store.read(1, 'model.fluid_properties.pressure_grid');

describe('documents and chunks cut short', () => {
  for (const [key, code, use] of /** @type {const} */ ([
    [`${PRESSURE}/.zarray`, 'ERR_METADATA', readPressure],
    [`${PRESSURE}/0.0.0`, 'ERR_CORRUPT', readPressure],
    ['entry_0000000001/.zattrs', 'ERR_METADATA', load],
    ['entry_0000000001/model/.zattrs', 'ERR_METADATA', load],
  ])) {
    test(`${key} at each length`, async () => {
      const whole = /** @type {Uint8Array} */ (pristine.get(key));
      for (let length = 0; length < whole.length; length++) {
        assertNames(await damaged(key, whole.slice(0, length), use), key, code);
      }
    });
  }

  test('one byte more than a chunk has', async () => {
    const key = `${PRESSURE}/0.0.0`;
    const whole = /** @type {Uint8Array} */ (pristine.get(key));
    assertNames(await damaged(key, Uint8Array.of(...whole, 0), readPressure), key, 'ERR_CORRUPT');
  });
});

describe('Blosc headers (version, codec version, flags, type size, three u32 lengths)', () => {
  const key = `${PRESSURE}/0.0.0`;
  const whole = /** @type {Uint8Array} */ (pristine.get(key));
  for (let at = 0; at < 16; at++) {
    test(`byte ${at}`, async () => {
      const expected = await readPressure(new ZarrStore(new EditableStore(pristine)));
      for (const value of [0, 1, 2, 127, 128, 254, 255, whole[at] ^ 1, whole[at] ^ 128]) {
        if (value === whole[at]) continue;
        const bytes = whole.slice();
        bytes[at] = value;
        /** @type {any} */
        let read;
        const error = await damaged(key, bytes, async (store) => {
          read = await readPressure(store);
        });
        // A bit that means nothing (the codec's version) may be read over, but to the same shape.
        if (error) assertNames(error, key);
        else assert.deepEqual([...read.shape], [...expected.shape]);
      }
    });
  }

  test('lengths at their extremes', async () => {
    for (const lengths of [[0x7fffffff, 0x7fffffff, 0x14], [0xffffffff, 1, 16], [0, 0, 0],
      [2016, 0, whole.length], [2016, 0xffffffff, whole.length], [2016, 1, whole.length]]) {
      const bytes = whole.slice();
      const view = new DataView(bytes.buffer);
      lengths.forEach((length, i) => view.setUint32(4 + 4 * i, length, true));
      assertNames(await damaged(key, bytes, readPressure), key, /ERR_(CORRUPT|LIMIT)/);
    }
  });
});

/** @param {object} changes to a small uncompressed array's metadata */
function zarray(changes) {
  return utf8(JSON.stringify({ zarr_format: 2, shape: [4], chunks: [4], dtype: '<f8', fill_value: 0,
    order: 'C', filters: null, compressor: null, ...changes }));
}

describe('metadata that ask for too much', () => {
  const key = `${PRESSURE}/.zarray`;
  for (const [changes, code] of /** @type {[object, string][]} */ ([
    [{ shape: [2 ** 40, 2 ** 40, 2 ** 40], chunks: [1, 1, 1] }, 'ERR_LIMIT'],
    [{ shape: [2 ** 53], chunks: [2 ** 53] }, 'ERR_LIMIT'],
    [{ shape: [2 ** 28], chunks: [1] }, 'ERR_LIMIT'],
    [{ shape: [2 ** 31, 2 ** 31], chunks: [2 ** 31, 2 ** 31] }, 'ERR_LIMIT'],
    [{ shape: Array(33).fill(1), chunks: Array(33).fill(1) }, 'ERR_UNSUPPORTED'],
    [{ shape: [-1] }, 'ERR_METADATA'], [{ shape: [1.5] }, 'ERR_METADATA'],
    [{ shape: [1e300] }, 'ERR_METADATA'], [{ shape: ['4'] }, 'ERR_METADATA'],
    [{ chunks: [0] }, 'ERR_METADATA'], [{ chunks: [4, 4] }, 'ERR_METADATA'],
    [{ shape: null }, 'ERR_METADATA'], [{ dtype: '<f3' }, 'ERR_UNSUPPORTED'],
    [{ dtype: '|V4294967295' }, 'ERR_(UNSUPPORTED|LIMIT|METADATA)'],
    [{ dtype: 5 }, 'ERR_METADATA'], [{ order: 'Z' }, 'ERR_METADATA'],
    [{ zarr_format: 3 }, 'ERR_METADATA'], [{ fill_value: 'what' }, 'ERR_METADATA'],
    [{ compressor: 'zlib' }, 'ERR_METADATA'],
    [{ compressor: { id: 'nothing' } }, 'ERR_UNSUPPORTED'],
    [{ dimension_separator: '' }, 'ERR_METADATA'],
  ])) {
    test(JSON.stringify(changes).slice(0, 90), async () => {
      assertNames(await damaged(key, zarray(changes), load), key, new RegExp(code));
    });
  }

  test('JSON nested 100,000 deep, 200,000 keys, and no JSON at all', async () => {
    for (const [content, code] of /** @type {[Uint8Array, string][]} */ ([
      [utf8('['.repeat(100_000)), 'ERR_(LIMIT|METADATA)'],
      [utf8(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`), 'ERR_LIMIT'],
      [Uint8Array.of(0xff, 0xfe, 0), 'ERR_UNSUPPORTED'], [Uint8Array.of(0xff, 0), 'ERR_METADATA'],
      [utf8('null'), 'ERR_METADATA'],
    ])) {
      const name = 'entry_0000000001/.zattrs';
      assertNames(await damaged(name, content, load), name, new RegExp(code));
    }
    const keys = Array.from({ length: 200_000 }, (_, i) => `"k${i}":${i}`).join(',');
    const error = await damaged('entry_0000000001/.zattrs', utf8(`{${keys}}`), load);
    assert.equal(error, undefined, 'many keys are just many keys');
  });
});

test('2 GB claimed by 20 bytes take neither the memory nor the time', async (t) => {
  const folder = EditableStore.writeFolder('claims.zarr', new Map([
    ['.zarray', zarray({ shape: [250e6], chunks: [250e6], compressor: { id: 'blosc' } })],
    ['0', Uint8Array.of(2, 1, 0x21, 8, 0x80, 0x94, 0x35, 0x77, 0, 0, 4, 0, 20, 0, 0, 0,
      1, 2, 3, 4)],
  ]));
  t.after(() => rmSync(folder, { recursive: true }));
  const { code, key, maxMemoryMb } = await runAlone({ location: folder });
  assert.match(code, /ERR_(CORRUPT|LIMIT|NOMEM)/);
  assert.ok(['0', '.zarray'].includes(key), key);
  assert.ok(maxMemoryMb < 256, `${maxMemoryMb} MB`);
});

describe('hierarchies without end', () => {
  test('10,000 groups in one another below an entry', async () => {
    const storage = {
      get: async (/** @type {string} */ key) => (key === 'entry_0000000000/.zattrs'
        ? utf8('{"_index": 0}')
        : /^([^/].*)?\.zgroup$/.test(key) ? utf8('{"zarr_format": 2}') : undefined),
      list: async (/** @type {string} */ prefix) => (prefix === ''
        ? ['.zgroup', 'entry_0000000000/'] : prefix.split('/').length > 10_000 ? ['.zgroup'] : ['.zattrs', '.zgroup', 'g/']),
    };
    const store = new ZarrStore(storage);
    await assert.rejects(load0(store), (/** @type {any} */ error) => {
      assert.equal(error.code, 'ERR_LIMIT');
      assert.ok(error.key.startsWith('entry_0000000000/g/g/'));
      return true;
    });
    assert.equal(await store.count(), 1);
    await store.close();
    const deep = await openNode(storage, `entry_0000000000${'/g'.repeat(9_000)}`);
    assert.equal(deep.kind, 'group');
    await deep.close();
  });

  test('10,000 groups beside one another', async () => {
    const content = new Map([['.zgroup', utf8('{"zarr_format": 2}')],
      ['entry_0000000000/.zattrs', utf8('{"_index": 0}')]]);
    for (let i = 0; i < 10_000; i++) {
      content.set(`entry_0000000000/g${i}/.zgroup`, utf8('{"zarr_format": 2}'));
    }
    const store = new ZarrStore(content);
    const { value } = await store.load({ as: 'raw' }).next();
    assert.equal(Object.keys(value).length, 10_000);
    await store.close();
  });

  /** @param {ZarrStore} store */
  function load0(store) {
    return store.load({ indices: [0] }).next();
  }
});

describe('hosts that answer wrong', () => {
  test('a storage that throws something of its own', async () => {
    const storage = new EditableStore(pristine);
    storage.failures.set(`${PRESSURE}/0.0.0`, new TypeError('the cable is out'));
    const store = new ZarrStore(storage);
    const error = await readPressure(store).catch((/** @type {unknown} */ reason) => reason);
    assertNames(error, `${PRESSURE}/0.0.0`);
    assert.match(error.message, /the cable is out/);
    storage.failures.clear();
    assert.equal((await readPressure(store)).size, 9 * 7 * 4);
    await store.close();
  });

  test('a storage that answers with what is no bytes', async () => {
    for (const answer of ['text', 5, {}, [1, 2], null]) {
      const storage = new EditableStore(pristine);
      storage.answers.set(`${PRESSURE}/0.0.0`, answer);
      const store = new ZarrStore(storage);
      const error = await readPressure(store).catch((/** @type {unknown} */ reason) => reason);
      if (answer !== null) assertNames(error, `${PRESSURE}/0.0.0`);
      await store.close();
    }
  });

  test('names in a listing that are no names', async () => {
    const storage = new EditableStore(pristine);
    storage.listings.set('entry_0000000001', ['..', '../', '/', '', 'a/b/', '.zattrs', 'model/']);
    const store = new ZarrStore(storage);
    const error = await load(store).catch((/** @type {unknown} */ reason) => reason);
    if (error instanceof Error) assert.ok(error instanceof BoresError, String(error));
    assert.equal((await readPressure(store)).size, 9 * 7 * 4);
    await store.close();
  });
});

describe('web servers that fail', () => {
  const CHUNK = `${PRESSURE}/0.0.0`;
  const content = new Map([...pristine, ['.zmetadata', runConsolidated('guide/wf_f64_ckpt')]]);
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;
  before(async () => {
    server = await startServer(content);
  });
  after(() => server.close());

  for (const [name, spoil] of /** @type {[string, Spoiler][]} */ ([
    ['500', (reply) => { reply.status = 500; }],
    ['a body cut in the middle', (reply) => { reply.cutAfter = 10; }],
    ['a body shorter than a chunk is', (reply) => {
      reply.body = reply.body.subarray(0, 30);
      reply.headers['Content-Length'] = 30;
    }],
    ['a page instead of a chunk', (reply) => {
      Object.assign(reply, whole(utf8('<!doctype html><p>Hi')));
    }],
  ])) {
    test(`${name}: the error names the key, and a reload works`, async () => {
      const store = new ZarrStore(server.url, /** @type {any} */ ({ http: { retries: 0 } }));
      await store.count();
      server.spoil(CHUNK, spoil);
      assertNames(await readPressure(store).catch((/** @type {unknown} */ error) => error), CHUNK);
      assertNames(await load(store).catch((/** @type {unknown} */ error) => error), CHUNK);
      server.spoil(CHUNK, () => {});
      assert.equal((await readPressure(store)).size, 9 * 7 * 4);
      await store.close();
    });
  }

  test('a chunk that is gone reads as the fill value, as in every Zarr store', async () => {
    const store = new ZarrStore(server.url);
    server.spoil(CHUNK, (reply) => { reply.status = 404; });
    assert.equal((await readPressure(store)).max(), 0);
    server.spoil(CHUNK, () => {});
    await store.close();
  });

  test('nothing at the address', async () => {
    await assert.rejects(openStore(`${server.url}/no-such-run.zarr`),
      { name: 'BoresError', code: 'ERR_NOT_FOUND' });
  });

  test('a zip on a server that answers a range with everything, or with an error', async () => {
    const zip = new Uint8Array(readFileSync(runZip('guide/wf_f64_ckpt')));
    server.content.set('run.zip', zip);
    const url = `${server.url}/run.zip`;
    server.spoil('run.zip', (reply) => Object.assign(reply, whole(zip)));
    await using(openStore(url), async (store) => {
      assert.equal((await readPressure(/** @type {ZarrStore} */ (store))).size, 9 * 7 * 4);
    });
    server.spoil('run.zip', (reply) => { reply.status = 500; });
    await assert.rejects(openStore(url, /** @type {any} */ ({ http: { retries: 0 } })),
      (/** @type {any} */ error) =>
        error instanceof BoresError && error.message.includes('run.zip'));
  });
});

test('one damaged document of a Zarr v3 hierarchy hides nothing beside or below it', async () => {
  const array = (/** @type {number[]} */ shape, /** @type {number[]} */ lengths) => JSON.stringify({ zarr_format: 3,
    node_type: 'array', shape, data_type: 'uint8', fill_value: 0, attributes: {},
    chunk_grid: { name: 'regular', configuration: { chunk_shape: lengths } },
    chunk_key_encoding: { name: 'default' }, codecs: [{ name: 'bytes' }] });
  const store = new EditableStore(new Map([
    ['zarr.json', utf8('{"zarr_format": 3, "node_type": "group"}')],
    ['a/zarr.json', utf8(array([2], [2]))], ['a/c/0', Uint8Array.of(7, 8)],
    ['cut/zarr.json', utf8(array([2], [2]).slice(0, 40))], ['cut/c/0', Uint8Array.of(7, 8)],
    ['empty/zarr.json', utf8(array([0, 3], [0, 3]))], // chunks as long as the axis, as zarr-python 3 writes them
    ['group/zarr.json', utf8('{"zarr_format": 3, "node_type": "grp"}')],
    ['group/z/zarr.json', utf8(array([1], [1]))], ['group/z/c/0', Uint8Array.of(9)],
  ]));
  await using(openNode(store), async (root) => {
    /** @type {Record<string, any>} */ const found = {};
    for await (const node of root.children()) {
      found[node.name] = node;
      for await (const below of node.children()) found[below.path] = below;
    }
    assert.deepEqual(Object.keys(found).sort(), ['a', 'cut', 'empty', 'group', 'group/z']);
    assert.deepEqual([...(await found.a.read()).data], [7, 8]);
    assert.deepEqual([...(await found['group/z'].read()).data], [9]);
    assert.deepEqual((await found.empty.read()).shape, [0, 3]);
    for (const name of ['cut', 'group']) {
      assert.match(found[name].error.message, new RegExp(`${name}/zarr.json`));
    }
  });
});
