// SPDX-License-Identifier: MIT
// Zarr version 2 arrays and hierarchies by zarr-python and xarray: metadata, attributes and every
// byte. What this version does not read is listed here, with the error that it must give.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { openNode } from '../../../../js/index.js';
import { caseFile, zarrCases } from '../../../helpers/fixtures.js';
import { serveFiles } from '../../../helpers/file-server.js';
import { using } from '../../../helpers/with-store.js';

const set = zarrCases();
const arrays = set.cases.filter(({ kind }) => kind === 'array');
const hierarchies = set.cases.filter(({ kind }) => kind === 'hierarchy');

/** Case → what its error names. Reading any of these is ERR_UNSUPPORTED. */
const UNSUPPORTED = /** @type {Record<string, RegExp>} */ ({
  v2old_vlen_utf8: /dtype "\|O"/,
  v2old_vlen_utf8_zstd: /dtype "\|O"/,
  v2old_vlen_utf8_F: /dtype "\|O"/,
  v2old_vlen_missing: /dtype "\|O"/,
  v2old_vlen_bytes: /dtype "\|O"/,
  v2old_vlen_array: /dtype "\|O"/,
  v2old_json2: /dtype "\|O"/,
  xarray_v2__label: /dtype "\|O"/,
  xarray_v2_packed__label: /dtype "\|O"/,
  v2old_struct: /dtype: structured types \(4 fields\)/,
  v2old_struct_nested: /dtype: structured types \(3 fields\)/,
  v2old_group__sub_deep_y: /compressor "bz2"/,
  v2_bz2: /compressor "bz2"/,
  v2_bz2_big: /compressor "bz2"/,
  v2_lzma: /compressor "lzma"/,
  v2_filter_delta: /filters: .*delta/,
  v2_filter_delta_astype: /filters: .*delta/,
  v2_filter_delta_u1: /filters: .*delta/,
  v2_filter_delta_f8: /filters: .*delta/,
  v2_filter_delta_shuffle: /filters: .*delta, shuffle/,
  v2_filter_shuffle: /filters: .*shuffle/,
  v2_filter_shuffle_es4: /filters: .*shuffle/,
  v2_filter_fso: /filters: .*fixedscaleoffset/,
  v2_filter_fso_u1: /filters: .*fixedscaleoffset/,
  v2_filter_quantize: /filters: .*quantize/,
  v2_filter_packbits: /filters: .*packbits/,
  v2_filter_astype: /filters: .*astype/,
  v2_filter_bitround: /filters: .*bitround/,
  v2_filter_crc32: /filters: .*crc32/,
  v2_filter_fletcher32: /filters: .*fletcher32/,
});

/** @param {any} value  as cases.json has it: non-finite numbers and wide integers are strings */
function toJson(value) {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'bigint') return String(value); // beyond 2^53
  if (Array.isArray(value)) return value.map(toJson);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

/**
 * @param {any} one
 * @param {(node: import('../../../../js/store/open-node.js').Node) => Promise<void>} use
 */
function open(one, use) {
  return using(openNode(caseFile(set, one.path), one.array), use);
}

/**
 * The bytes that are defined (`mask`, one byte an element).
 * @param {Uint8Array} bytes
 * @param {{ itemsize: number, mask?: string }} expected
 */
function definedBytes(bytes, { itemsize, mask }) {
  if (mask === undefined) return Buffer.from(bytes);
  const defined = readFileSync(caseFile(set, mask));
  return Buffer.from(bytes.filter((_, i) => defined[Math.floor(i / itemsize)] === 1));
}

describe('arrays', () => {
  for (const one of arrays.filter((some) => !(some.case in UNSUPPORTED))) {
    test(one.case, () => open(one, async (node) => {
      const { bytes, shape, dtype } = await node.readBytes();
      const expected = readFileSync(caseFile(set, one.expected.file));
      assert.equal(one.expected.encoding, 'raw');
      assert.deepEqual(shape, one.shape);
      assert.equal(dtype, one.dtype.replace('>', '<'));
      assert.equal(Buffer.compare(definedBytes(bytes, one.expected),
        definedBytes(expected, one.expected)), 0, 'the elements differ');
      const array = await node.read();
      assert.deepEqual([...array.shape], one.shape);
    }));
  }
});

describe('parts, as NumPy takes them', () => {
  const file = new URL('../../../data/zarr-cases/slices.json', import.meta.url);
  const slices = JSON.parse(readFileSync(file, 'utf8'));
  for (const { case: name, slice, shape, bytes } of slices) {
    test(`${name} ${JSON.stringify(slice)}`, () =>
      open(arrays.find((one) => one.case === name), async (node) => {
        const part = await node.readBytes({ slice });
        assert.deepEqual(part.shape, shape);
        assert.equal(Buffer.from(part.bytes).toString('hex'), bytes);
        const array = await node.read({ slice });
        assert.deepEqual([...array.shape], shape);
      }));
  }

  test('an index out of range names both numbers and the array', () => open(arrays[0], (node) =>
    assert.rejects(node.read({ slice: [7] }),
      { code: 'ERR_INDEX_RANGE', message: /7.*7/, key: '.zarray' })));
  test('more indices than axes', () => open(arrays[0], (node) =>
    assert.rejects(node.read({ slice: [0, 0, 0, 0] }), { code: 'ERR_ARGUMENT' })));
});

describe('metadata', () => {
  for (const one of arrays) {
    test(one.case, () => open(one, async (node) => {
      assert.equal(node.kind, 'array');
      assert.equal(node.path, one.array);
      assert.equal(node.zarrFormat, 2);
      assert.deepEqual(node.shape, one.shape);
      assert.deepEqual(node.chunks, one.chunks);
      assert.deepEqual(node.dtype, one.dtype);
      assert.deepEqual(toJson(node.attributes), one.attributes);
      if ('order' in one) {
        assert.equal(node.order, one.order);
        assert.deepEqual(toJson(node.compressor), one.compressor);
        assert.deepEqual(toJson(node.filters), one.filters);
        assert.deepEqual(toJson(node.fillValue), one.fill_value);
      }
    }));
  }
});

describe('what is not supported says so', () => {
  for (const [name, names] of Object.entries(UNSUPPORTED)) {
    test(name, async () => {
      const one = arrays.find((some) => some.case === name);
      assert.ok(one, 'there is no such case any more');
      await open(one, (node) => assert.rejects(node.readBytes(), (/** @type {any} */ error) => {
        assert.equal(error.code, 'ERR_UNSUPPORTED');
        assert.equal(error.key, one.array === '' ? '.zarray' : `${one.array}/.zarray`);
        assert.match(error.message, names);
        return true;
      }));
    });
  }
});

/**
 * Every node below one, as cases.json describes it.
 * @param {import('../../../../js/store/open-node.js').Node} node
 * @returns {Promise<any[]>}
 */
async function walk(node) {
  const { path, kind, attributes } = node;
  const found = [{ path, type: kind, attributes: toJson(attributes),
    ...(kind === 'array' && { shape: node.shape, dtype: node.dtype }) }];
  for await (const child of node.children()) found.push(...await walk(child));
  return found;
}

/** @param {any[]} nodes */
function byPath(nodes) {
  return [...nodes].sort((a, b) => (a.path < b.path ? -1 : 1));
}

describe('hierarchies', () => {
  for (const one of hierarchies) {
    test(`${one.case}: every node`, () => using(openNode(caseFile(set, one.path)), async (root) => {
      assert.deepEqual(byPath(await walk(root)), byPath(one.nodes));
    }));
    test(`${one.case}: each node by its path`, async () => {
      for (const { path, type } of one.nodes) {
        await using(openNode(caseFile(set, one.path), path), (node) => {
          assert.equal(node.kind, type);
          assert.equal(node.path, path);
        });
      }
    });
  }

  for (const one of hierarchies.filter(({ consolidated }) => consolidated)) {
    test(`${one.case} over HTTP, by its .zmetadata`, async () => {
      const server = await serveFiles();
      try {
        const url = server.addFolder('store.zarr', caseFile(set, one.path));
        await using(openNode(url), async (root) => {
          assert.deepEqual(byPath(await walk(root)), byPath(one.nodes));
        });
      } finally {
        await server.close();
      }
    });
  }

  test('a path that is nothing', async () => {
    const [one] = hierarchies;
    await assert.rejects(openNode(caseFile(set, one.path), 'no/such/node'),
      { code: 'ERR_NOT_FOUND', message: /no\/such\/node/ });
  });
});

test('values as numbers, big integers, booleans and text', async () => {
  const read = (/** @type {string} */ name) =>
    open(arrays.find((one) => one.case === name), async (node) => {
      const array = await node.read();
      results.push([array.dtype, array.data]);
    });
  /** @type {[string, any][]} */
  const results = [];
  for (const name of ['v2_dt_be_f8', 'v2_dt_le_i8', 'v2_dt_b1', 'v2_dt_S5', 'v2_dt_U5_be',
    'v2_dt_be_f2', 'v2_dt_M8_ns', 'v2_dt_le_c16']) await read(name);
  assert.deepEqual(results.map(([dtype]) => dtype), ['float64', 'int64', 'bool', 'str', 'str',
    'float16', 'datetime64[ns]', 'complex128']);
  assert.deepEqual(results.map(([, data]) => data.constructor), [Float64Array, BigInt64Array,
    Uint8Array, Array, Array, Float32Array, BigInt64Array, Float64Array]);
});
