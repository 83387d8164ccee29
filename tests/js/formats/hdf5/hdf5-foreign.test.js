// SPDX-License-Identifier: MIT
// Names and text that are no UTF-8, and virtual datasets of another number type than their sources.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { openNode } from '../../../../js/index.js';

const DATA = fileURLToPath(new URL('../../../data/hdf5-reports/', import.meta.url));

test('names in latin-1 are listed with their bytes escaped, and open by that', async () => {
  const root = await openNode(`${DATA}names.h5`);
  assert.deepEqual(Object.keys(root.attributes), ['root\\xFF']);
  const kinds = Object.fromEntries((await root.members()).map(({ name, kind }) => [name, kind]));
  assert.deepEqual(kinds, { a: 'array', comp: 'array', 'dat\\xE9': 'array', ext: 'external', 'gr\\xFCn': 'group',
    named: 'type', soft: 'soft' });
  const listed = [];
  for await (const child of root.children()) listed.push([child.path, child.kind, child.target]);
  assert.deepEqual(listed.filter(([, kind]) => kind !== 'array' && kind !== 'group'),
    [['ext', 'external', '/x'], ['named', 'type', undefined], ['soft', 'soft', '/nowhere']]);
  assert.deepEqual([...(await (await root.open('gr\\xFCn/y\\xB5')).read()).data], [5n]);
  const { attributes } = await root.open('a');
  assert.equal(attributes['temp\\xB0'], 1);
  assert.deepEqual([...attributes.fix.bytes.data], [...Buffer.from('café', 'latin1')]);
  const text = await (await root.open('gr\\xFCn/fixd')).read();
  assert.deepEqual([...text.data[0].bytes.data], [...Buffer.from('café', 'latin1')]);
  assert.equal(text.data[1], 'ok');
  assert.deepEqual({ ...(await (await root.open('comp')).read()).data[1] }, { 'm\\xB0': 2.5, n: 4 });
  await root.close();
});

test('integers as floats and floats as integers, of every size and order, as h5py reads them', async () => {
  const expected = JSON.parse(readFileSync(`${DATA}virtual.json`, 'utf8'));
  const root = await openNode(`${DATA}virtual.h5`);
  for (const [name, [what, hex]] of Object.entries(expected)) {
    const { bytes } = await (await root.open(name)).readBytes();
    assert.equal(Buffer.from(bytes).toString('hex'), hex, what);
  }
  await root.close();
});
