// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

import {
  formatPath, isMap, leavesOf, parsePath, pathText, valueAt,
} from '../../../js/values/paths.js';

/** A tree as the core gives it: maps without a prototype. */
function sampleTree() {
  const tree = Object.create(null);
  tree.step = 3;
  tree.wells = Object.create(null);
  tree.wells['PROD-1.5'] = { name: 'P', produced_fluids: [{ name: 'Oil' }, { name: 'Gas' }] };
  tree.cells = [[0, 0, 2], [0, 0, 3]];
  tree.__proto__ = { polluted: true };
  tree.constructor = null;
  return tree;
}

test('a path is a dotted string or an array of names', () => {
  assert.deepEqual(parsePath('model.thickness_grid'), ['model', 'thickness_grid']);
  assert.deepEqual(parsePath(['wells', 'PROD-1.5', 0]), ['wells', 'PROD-1.5', '0']);
  assert.deepEqual(parsePath(''), []);
  assert.throws(() => parsePath('a..b'), { code: 'ERR_ARGUMENT', message: /'a\.\.b'/ });
  assert.throws(() => parsePath(/** @type {any} */ (7)), { code: 'ERR_ARGUMENT', message: /7/ });
  assert.throws(() => parsePath(/** @type {any} */ ([null])), { code: 'ERR_ARGUMENT' });
});

test('formatPath is what parsePath reverses', () => {
  for (const names of [['a', 'b'], ['wells', 'PROD-1.5'], [], ['', 'x'], ['__proto__']]) {
    assert.deepEqual(parsePath(formatPath(names)), names);
  }
  assert.equal(formatPath(['a', 'b']), 'a.b');
  assert.equal(pathText(['wells', 'PROD-1.5', 'name']), 'wells["PROD-1.5"].name');
  assert.equal(pathText('a.b'), 'a.b');
});

test('names are data, whatever JavaScript thinks of them', () => {
  const tree = sampleTree();
  assert.deepEqual(valueAt(tree, ['__proto__', 'polluted']), true);
  assert.equal(valueAt(tree, ['constructor']), null);
  assert.equal(valueAt({}, ['constructor']), undefined);
  assert.equal(valueAt({}, ['__proto__']), undefined);
  assert.equal(valueAt([1], ['length']), undefined);
  assert.equal(valueAt('text', ['length']), undefined);
});

test('list items are named by index, from the end too', () => {
  const tree = sampleTree();
  const fluids = ['wells', 'PROD-1.5', 'produced_fluids'];
  assert.equal(valueAt(tree, [...fluids, '1', 'name']), 'Gas');
  assert.equal(valueAt(tree, [...fluids, '-1', 'name']), 'Gas');
  assert.equal(valueAt(tree, [...fluids, '2']), undefined);
  assert.equal(valueAt(tree, [...fluids, '01']), undefined);
});

test('leaves come in order, lists stay whole unless a map is in them', () => {
  assert.deepEqual([...leavesOf(sampleTree())].map(([names]) => names.join('/')), [
    'step', 'wells/PROD-1.5/name', 'wells/PROD-1.5/produced_fluids/0/name',
    'wells/PROD-1.5/produced_fluids/1/name', 'cells', '__proto__/polluted', 'constructor',
  ]);
});

test('maps are plain objects of any realm, and nothing else', () => {
  assert.equal(isMap({}), true);
  assert.equal(isMap(Object.create(null)), true);
  assert.equal(isMap(runInNewContext('({ a: 1 })')), true);
  for (const other of [[], null, new Map(), new Float64Array(1), new Date(), 'x', () => 1]) {
    assert.equal(isMap(other), false);
  }
});
