// SPDX-License-Identifier: MIT
// HDF5 files by h5py, netCDF4 and hdf5plugin: every dataset's bytes or values, types, filters,
// attributes, and every group's members.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { readTree } from '../../../../js/values/tree.js';
import { NdArray } from '../../../../js/index.js';
import { Hdf5Core } from '../../../../js/core/hdf5-core.js';
import { caseFile, hdf5Cases } from '../../../helpers/fixtures.js';
import { FolderSource } from '../../../helpers/memory-source.js';

const set = hdf5Cases();
const hdf5 = await Hdf5Core.load();

/** @type {Map<string, number>} */
const open = new Map();

/**
 * @param {any} one  a case
 * @param {string} operation
 * @param {string} path
 */
function run(one, operation, path, params = {}) {
  const file = caseFile(set, one.path);
  if (!open.has(file)) open.set(file, hdf5.open(new FolderSource(file)));
  return readTree(hdf5.run(/** @type {number} */ (open.get(file)), operation,
    { path: path.replace(/^\//, ''), slice: null, ...params }));
}

after(() => {
  for (const file of open.values()) hdf5.close(file);
});

/**
 * As cases.json has it: non-finite numbers and wide integers are strings, other bytes {bytes: hex}.
 * @param {any} value
 * @returns {any}
 */
function toJson(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : String(value);
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (value instanceof NdArray) return nest(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

/** @param {NdArray<any>} array */
function nest({ data, shape, dtype }) {
  const width = data.length / shape.reduce((product, length) => product * length, 1) || 1;
  let at = 0;
  /** @param {number} axis @returns {any} */
  const part = (axis) => {
    if (axis < shape.length) return Array.from({ length: shape[axis] }, () => part(axis + 1));
    if (width === 2) return [data[at++], data[at++]].map(toJson);
    return dtype === 'bool' ? data[at++] !== 0 : toJson(data[at++]);
  };
  return part(0);
}

/** HDF5's types as cases.json has them: without the sizes that differ from machine to machine. */
function typeOf(/** @type {any} */ type) {
  const copy = { ...type };
  if (type.class.startsWith('vlen') || type.class === 'reference') delete copy.size;
  if (type.class === 'compound') {
    const machine = JSON.stringify(type).match(/"vlen|"reference/) !== null;
    if (machine) delete copy.size;
    copy.members = type.members.map((/** @type {any} */ member) =>
      ({ name: member.name, ...(machine ? {} : { offset: member.offset }), type: typeOf(member.type) }));
  }
  if (type.class === 'enum' || type.class === 'array') delete copy.size;
  if (type.base) copy.base = typeOf(type.base);
  return copy;
}

/** @param {any} one @param {Uint8Array} bytes  text less its padding */
function withoutPadding(one, bytes) {
  if (one.dtype.class !== 'string') return Buffer.from(bytes);
  const { size } = one.dtype, out = [];
  for (let at = 0; at < bytes.length; at += size) {
    let text = Buffer.from(bytes.subarray(at, at + size)).toString('latin1');
    if (one.dtype.pad === 'nullterm') [text] = text.split('\0');
    out.push(text.replace(one.dtype.pad === 'spacepad' ? /[ \0]+$/ : /\0+$/, ''));
  }
  return Buffer.from(out.join('|'));
}

const datasets = set.cases.filter(({ kind }) => kind === 'dataset');

describe('elements', () => {
  for (const one of datasets) {
    test(one.case, () => {
      if (one.expected === null || one.space === 'null') {
        assert.equal(run(one, 'array', one.dataset), null);
        return;
      }
      const expected = readFileSync(caseFile(set, one.expected.file));
      if (one.expected.encoding === 'json') {
        const { ndarray, shape, data } = run(one, 'array', one.dataset);
        assert.deepEqual(shape, one.shape);
        assert.equal(ndarray, one.dtype.class === 'vlen-string' ? 'str' : 'object');
        assert.deepEqual(toJson(data), JSON.parse(String(expected)));
        return;
      }
      const { bytes, shape } = run(one, 'bytes', one.dataset);
      assert.deepEqual(shape.slice(0, one.shape.length), one.shape);
      assert.equal(Buffer.compare(withoutPadding(one, bytes.data), withoutPadding(one, expected)), 0,
        `the elements differ: ${Buffer.from(bytes.data).toString('hex', 0, 64)}`
        + ` but ${expected.toString('hex', 0, 64)} are expected`);
      run(one, 'array', one.dataset);
    });
  }
});

describe('descriptions', () => {
  for (const one of datasets) {
    test(one.case, () => {
      const node = run(one, 'node', one.dataset);
      assert.equal(node.kind, 'array');
      assert.equal(node.space, one.space);
      assert.deepEqual(toJson(typeOf(node.type)), typeOf(one.dtype));
      if (one.space === 'simple') {
        const rank = one.shape.length;
        assert.deepEqual(node.shape.slice(0, rank), one.shape);
        assert.deepEqual(node.maxshape.slice(0, rank), one.maxshape);
        assert.deepEqual(node.chunks && node.chunks.slice(0, rank), one.chunks);
      }
      assert.equal(node.layout, one.layout);
      assert.deepEqual(node.filters.map((/** @type {any} */ { name }) => name),
        one.filters.map((/** @type {any} */ { name }) => (name === 'deflate' ? 'gzip' : name)));
      if (one.fill_value !== null && one.dtype.class !== 'compound') {
        assert.deepEqual(toJson(node.fill_value), one.fill_value);
      }
      checkAttributes(node.attributes, one.attributes);
    });
  }
});

/**
 * @param {Record<string, any>} found
 * @param {Record<string, any>} expected
 */
function checkAttributes(found, expected) {
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  for (const [name, { value, summary, shape }] of Object.entries(expected)) {
    if (summary === undefined) {
      assert.deepEqual(toJson(found[name]), value, name);
    } else {
      assert.deepEqual([...found[name].shape], shape, name);
    }
  }
}

describe('groups', () => {
  for (const one of set.cases.filter(({ kind }) => kind === 'group')) {
    test(one.case, () => {
      const members = run(one, 'children', one.group);
      const names = members.map((/** @type {any} */ { name }) => name);
      const expected = one.members?.map((/** @type {any} */ { name }) => name) ?? one.member_names;
      if (one.ordered) assert.deepEqual(names, expected);
      assert.deepEqual(names.sort(), [...expected].sort());
      for (const { name, link, type, target, file } of one.members ?? []) {
        const member = members.find((/** @type {any} */ some) => some.name === name);
        assert.equal(member.link, link, name);
        if (link === 'hard') {
          assert.equal(member.kind, { dataset: 'array', datatype: 'type' }[type] ?? type, name);
        }
        assert.equal(member.target, target, name);
        assert.equal(member.file, file, name);
      }
      checkAttributes(run(one, 'node', one.group).attributes, one.attributes ?? {});
    });
  }
});

describe('what leads nowhere', () => {
  for (const one of set.cases.filter(({ kind }) => kind === 'error')) {
    test(`${one.case}: ${one.why}`, () => {
      assert.throws(() => run(one, 'array', one.dataset), (/** @type {any} */ error) => {
        assert.equal(error.code, 'ERR_NOT_FOUND');
        for (const mention of one.error_mentions) assert.match(error.message, new RegExp(mention));
        return true;
      });
    });
  }
});
