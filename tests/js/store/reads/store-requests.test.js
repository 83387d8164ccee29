// SPDX-License-Identifier: MIT
// What a store asks of its storage: nothing that other entries have told already, and never less than it
// takes to be right.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ZarrStore } from '../../../../js/index.js';
import { PRESSURE, groupName, makeStore } from '../../../helpers/synthetic-store.js';
import { using } from '../../../helpers/with-store.js';

/**
 * A storage over a map, and what was asked of it.
 * @param {Map<string, Uint8Array>} content
 */
function watched(content) {
  /** @type {string[]} */ const asked = [];
  const storage = {
    /** @param {string} key */
    async get(key) {
      asked.push(key);
      return content.get(key);
    },
    /** @param {string} prefix */
    async list(prefix) {
      const below = prefix === '' ? '' : `${prefix}/`;
      const rest = [...content.keys()].filter((key) => key.startsWith(below)).map((key) => key.slice(below.length));
      return [...new Set(rest.map((name) => name.replace(/\/.*/, '/')))].sort();
    },
  };
  return { storage, asked };
}

test('only of the first entry is it asked whether a group is an array', () => {
  const { storage, asked } = watched(makeStore(4));
  return using(new ZarrStore(storage), async (store) => {
    const pressures = [];
    for await (const tree of store.load({ as: 'raw' })) pressures.push(tree.model.fluid_properties.pressure_grid.get(1, 1, 1));
    assert.deepEqual(pressures, [0, 1, 2, 3]);
    const missed = asked.filter((key) => /^entry_\d+\/model(\/fluid_properties)?\/\.zarray$/.test(key));
    // Two entries are read at the same time.
    assert.ok(missed.every((key) => key < groupName(2)), missed.join());
    assert.equal(missed.length >= 2 && missed.length <= 4, true);
  });
});

test('a name that is a group in one entry and an array in the next is read as each is', () => {
  const content = makeStore(3);
  const folder = `${groupName(1)}/model`;
  const array = `${folder}/fluid_properties/pressure_grid`;
  const moved = [['.zarray', content.get(`${array}/.zarray`)], ['0.0.0', content.get(`${array}/0.0.0`)]];
  for (const key of [...content.keys()]) if (key.startsWith(`${folder}/fluid_properties/`)) content.delete(key);
  for (const [name, bytes] of /** @type {[string, Uint8Array][]} */ (moved)) {
    content.set(`${folder}/fluid_properties/${name}`, bytes);
  }
  for (const key of [...content.keys()]) if (key.startsWith(`${groupName(2)}/model/`)) content.delete(key);
  const { storage } = watched(content);
  return using(new ZarrStore(storage), async (store) => {
    const trees = [];
    for await (const tree of store.load({ as: 'raw', prefetch: 0 })) trees.push(tree);
    assert.equal(trees[0].model.fluid_properties.pressure_grid.get(0, 0, 0), 0);
    assert.equal(trees[1].model.fluid_properties.get(0, 0, 0), 1);
    assert.equal(trees[2].model, undefined);
    assert.equal((await store.read(0, PRESSURE)).size, 24);
    assert.equal((await store.verify()).ok, true);
  });
});
