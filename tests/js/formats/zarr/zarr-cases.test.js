// SPDX-License-Identifier: MIT
// Zarr arrays and hierarchies of both versions by zarr-python and xarray: metadata, attributes and every
// byte, or every value where elements have no fixed length.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { openNode } from '../../../../js/index.js';
import { caseFile, zarrCases } from '../../../helpers/fixtures.js';
import { serveFiles } from '../../../helpers/file-server.js';
import { using } from '../../../helpers/with-store.js';

const sets = [zarrCases(2), zarrCases(3)];
const all = sets.flatMap(({ folder, cases }) => cases.map((one) => ({ ...one, folder })));
const arrays = all.filter(({ kind }) => kind === 'array');
const { folder, cases } = zarrCases('more');
const more = cases.map((one) => ({ ...one, folder }));
const hierarchies = all.filter(({ kind }) => kind === 'hierarchy');

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
  return using(openNode(caseFile(one, one.path), one.array), use);
}

/**
 * The bytes that are defined (`mask`, one byte an element).
 * @param {any} one
 * @param {Uint8Array} bytes
 */
function definedBytes({ folder, expected: { itemsize, mask } }, bytes) {
  if (mask === undefined) return Buffer.from(bytes);
  const defined = readFileSync(caseFile({ folder }, mask));
  return Buffer.from(bytes.filter((_, i) => defined[Math.floor(i / itemsize)] === 1));
}

/**
 * @param {any} one
 * @param {import('../../../../js/store/open-node.js').Node} node
 */
async function assertBytes(one, node) {
  const { bytes, shape } = await node.readBytes();
  const expected = readFileSync(caseFile(one, one.expected.file));
  assert.deepEqual(shape, one.shape);
  assert.equal(Buffer.compare(definedBytes(one, bytes), definedBytes(one, expected)), 0,
    'the elements differ');
}

/** Bytes as cases.json has them, in hex. @param {unknown} value */
const hex = (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);

/**
 * @param {any} one
 * @param {import('../../../../js/store/open-node.js').Node} node
 */
async function assertValues(one, node) {
  const array = await node.read();
  const expected = JSON.parse(readFileSync(caseFile(one, one.expected.file), 'utf8'));
  assert.deepEqual([...array.data].map(hex), expected);
  await assert.rejects(node.readBytes(), { code: 'ERR_UNSUPPORTED', message: /variable length/ });
}

describe('arrays', () => {
  for (const one of [...arrays, ...more]) {
    test(one.case, () => open(one, async (node) => {
      await (one.expected.encoding === 'raw' ? assertBytes : assertValues)(one, node);
      const array = await node.read();
      assert.deepEqual([...array.shape], one.shape);
      if (one.shape.length === 0 || one.shape.includes(0)) return;
      const slice = one.shape.map(() => /** @type {[null, null, number]} */ ([null, null, -2]));
      assert.ok((await node.read({ slice })).equals(array.slice(...slice))
        || array.dtype === 'object', 'every second element, backwards');
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
      assert.equal(node.zarrFormat, one.zarr_format);
      assert.deepEqual(node.shape, one.shape);
      assert.deepEqual(node.chunks, one.chunks);
      assert.deepEqual(toJson(node.attributes), one.attributes);
      assert.deepEqual(node.shards, one.shards ?? null);
      assert.deepEqual(node.dimensionNames, one.dimension_names ?? null);
      if (one.zarr_format === 2) {
        assert.deepEqual(node.dtype, one.dtype);
      } else if (one.codecs) {
        assert.deepEqual(toJson(node.codecs), one.codecs);
        assert.deepEqual(toJson(node.fillValue), one.fill_value);
      }
      if (one.zarr_format === 2 && 'order' in one) {
        assert.equal(node.order, one.order);
        assert.deepEqual(toJson(node.compressor), one.compressor);
        assert.deepEqual(toJson(node.filters), one.filters);
        assert.deepEqual(toJson(node.fillValue), one.fill_value);
      }
    }));
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
    ...(kind === 'array' && { shape: node.shape }),
    ...(kind === 'array' && node.zarrFormat === 2 && { dtype: node.dtype }) }];
  for await (const child of node.children()) found.push(...await walk(child));
  return found;
}

/**
 * Sorted, and without the names that version 3 has for types.
 * @param {any[]} nodes
 * @param {any} [one]
 */
function byPath(nodes, one) {
  return nodes.map(({ dtype, ...node }) => (one?.zarr_format === 3 || dtype === undefined
    ? node : { ...node, dtype })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

describe('hierarchies', () => {
  for (const one of hierarchies) {
    test(`${one.case}: every node`, () => using(openNode(caseFile(one, one.path)), async (root) => {
      assert.deepEqual(byPath(await walk(root)), byPath(one.nodes, one));
    }));
    test(`${one.case}: each node by its path`, async () => {
      for (const { path, type } of one.nodes) {
        await using(openNode(caseFile(one, one.path), path), (node) => {
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
        const url = server.addFolder('store.zarr', caseFile(one, one.path));
        await using(openNode(url), async (root) => {
          assert.deepEqual(byPath(await walk(root)), byPath(one.nodes, one));
        });
      } finally {
        await server.close();
      }
    });
  }

  test('a path that is nothing', async () => {
    const [one] = hierarchies;
    await assert.rejects(openNode(caseFile(one, one.path), 'no/such/node'),
      { code: 'ERR_NOT_FOUND', message: /no\/such\/node/ });
  });
});

test("padding of structured elements has NumPy's names", () => open(more.find((one) => one.case === 'v2_struct_aligned'), async (node) => {
  const array = await node.read();
  const first = /** @type {any} */ (array.data[0]);
  assert.deepEqual(Object.keys(first), ['a', 'f1', 'b', 'c', 'f4']); // numpy.dtype(descr).names
  assert.deepEqual([first.a, first.b, first.c], [0, -1, true]);
}));

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
