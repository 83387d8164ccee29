// SPDX-License-Identifier: MIT
// Chunks that lie under other names than the metadata say are read, where BORES's Python would have read
// them, or an error that says so, and never fill values. Names: the Zarr specifications, version 2 (section
// "Storing a single array") and 3 (section "Chunk key encoding").
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ZarrStore, openNode } from '../../../../js/index.js';
import { using } from '../../../helpers/with-store.js';

const text = (/** @type {unknown} */ value) => new TextEncoder().encode(JSON.stringify(value));
const ints = (/** @type {number[]} */ ...values) => new Uint8Array(Int32Array.from(values).buffer);

/** @param {number[]} shape @param {object} [more] */
const v2 = (shape, more) => ({ zarr_format: 2, shape, chunks: shape.map(() => 1), dtype: '<i4', compressor: null,
  filters: null, order: 'C', fill_value: -1, ...more });
/** @param {number[]} shape @param {object} encoding */
const v3 = (shape, encoding) => ({ zarr_format: 3, node_type: 'array', shape, data_type: 'int32', fill_value: -1,
  chunk_grid: { name: 'regular', configuration: { chunk_shape: shape.map(() => 1) } }, chunk_key_encoding: encoding,
  codecs: [{ name: 'bytes', configuration: { endian: 'little' } }], attributes: {} });

/**
 * @param {object} document
 * @param {Record<string, number>} chunks
 */
function arrayOf(document, chunks) {
  const isV3 = 'node_type' in document;
  return new Map([
    isV3 ? ['zarr.json', text({ zarr_format: 3, node_type: 'group' })] : ['.zgroup', text({ zarr_format: 2 })],
    [isV3 ? 'x/zarr.json' : 'x/.zarray', text(document)],
    ...Object.entries(chunks).map(([name, value]) => [`x/${name}`, ints(value)]),
  ]);
}

/** @param {Map<any, any>} storage @param {any} [slice] */
async function read(storage, slice) {
  const node = await openNode(storage, 'x');
  try {
    return [...(await node.read({ slice })).data];
  } finally {
    await node.close();
  }
}

/** @type {[string, object, Record<string, number>][]} */
const OTHER_NAMES = [
  ['folders where dots are declared', v2([2, 2], { dimension_separator: '.' }), { '0/0': 1, '0/1': 2 }],
  ['dots where folders are declared', v2([2, 2], { dimension_separator: '/' }), { '0.0': 1, '1.1': 2 }],
  ['folders that end in dots', v2([2, 1, 2]), { '0/0.0': 1, '1/0.1': 2 }],
  ['dots that end in a folder', v2([2, 1, 2]), { '0.0/0': 1 }],
  ['dots, version 3', v3([2, 2], { name: 'default', configuration: { separator: '/' } }), { 'c.0.0': 1 }],
  ['dots of one axis, version 3', v3([2], { name: 'default' }), { 'c.0': 1 }],
  ['folders, version 3', v3([2, 2], { name: 'default', configuration: { separator: '.' } }), { 'c/0/0': 1 }],
  ['names of version 2, version 3', v3([2, 2], { name: 'default' }), { '0.0': 1 }],
  ['folders of version 2, version 3', v3([2], { name: 'default' }), { 0: 1 }],
  ['names of version 3, said to be of 2', v3([2, 2], { name: 'v2' }), { 'c/0/0': 1 }],
];

for (const [what, document, chunks] of OTHER_NAMES) {
  test(`${what}: an error, and a problem for a verification`, async () => {
    const storage = arrayOf(document, chunks);
    await assert.rejects(read(storage), { code: 'ERR_METADATA', message: /^x.*: chunks lie under other names, as '/ });
    const key = 'node_type' in document ? 'zarr.json' : '.zgroup';
    const entry = new Map([...storage].map(([name, value]) => [`entry_0000000000/${name}`, value]));
    entry.set(key, /** @type {Uint8Array} */ (storage.get(key)));
    const attributes = { _index: 0, _group_name: 'entry_0000000000', _meta: {} };
    if (key === '.zgroup') entry.set('entry_0000000000/.zattrs', text(attributes));
    else entry.set('entry_0000000000/zarr.json', text({ zarr_format: 3, node_type: 'group', attributes }));
    await using(new ZarrStore(entry, { mode: 'r' }), async (store) => {
      await assert.rejects(store.read(0, 'x'), { code: 'ERR_METADATA' });
      const { ok, problems } = await store.verify();
      assert.equal(ok, false);
      assert.match(problems[0].message, /chunks lie under other names/);
    });
  });
}

/** @type {[string, object, Record<string, number>, any, number[]][]} */
const RIGHT = [
  ['folders where nothing is declared', v2([2, 2]), { '0/0': 1, '1/1': 4 }, undefined, [1, -1, -1, 4]],
  ['a part without a chunk, of folders where nothing is declared', v2([2, 2]), { '0/0': 1 }, [1], [-1, -1]],
  ['no chunk at all', v2([2, 2]), {}, undefined, [-1, -1, -1, -1]],
  ['a part without a chunk', v2([2, 2]), { '0.0': 1 }, [1], [-1, -1]],
  ['a part without a chunk, in folders', v2([2, 2], { dimension_separator: '/' }), { '0/0': 1 }, [1], [-1, -1]],
  ['a part without a chunk, version 3', v3([2, 2], { name: 'default' }), { 'c/0/0': 1 }, [1], [-1, -1]],
  ['a part without a chunk, version 3 with dots', v3([2, 2], { name: 'default', configuration: { separator: '.' } }),
    { 'c.0.0': 1 }, [1], [-1, -1]],
  ['a part without a chunk, version 3 with names of 2', v3([2, 2], { name: 'v2' }), { '0.0': 1 }, [1], [-1, -1]],
  ['other files of their user', v2([2, 2]), { 'c/0': 1, readme: 2, '1.': 3, '.1': 4, '0.0.bak': 5, cc: 6 }, undefined,
    [-1, -1, -1, -1]],
];

for (const [what, document, chunks, slice, expected] of RIGHT) {
  test(`${what}: what is there, and fill values`, async () => {
    assert.deepEqual(await read(arrayOf(document, chunks), slice), expected);
  });
}
