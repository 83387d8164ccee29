// SPDX-License-Identifier: MIT
// A grid of many cells: one is asked before anything of it is read.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readParts } from '../../../web/model/read.js';

/** A store of one entry whose arrays have this shape; reading its grid is a failure. @param {number[]} shape */
const storeOf = (shape) => /** @type {any} */ ({
  entries: async () => [{ idx: 0, step: 0, time: 0, meta: {} }],
  inventory: async () => [{ path: 'model.thickness_grid', names: ['model', 'thickness_grid'], shape, dtype: '<f8' },
    { path: 'model.grid_shape', names: ['model', 'grid_shape'], shape: [3], dtype: '<i8' }],
  async *load() { throw new Error('the grid was read'); },
});

test('fifty million cells: what that means is said, and who does not want it has read nothing', async () => {
  /** @type {string[]} */ const asked = [];
  const no = new Error('not wanted');
  const confirm = async (/** @type {string} */ text) => { asked.push(text); throw no; };
  await assert.rejects(readParts(storeOf([500, 500, 200]), { name: 'large', confirm }), no);
  assert.match(asked[0], /50 million cells.*15 seconds.*400 MB/);
});

test('a small grid is opened without a question', async () => {
  const confirm = async () => { throw new Error('asked'); };
  await assert.rejects(readParts(storeOf([100, 100, 10]), { name: 'small', confirm }), /the grid was read/);
});
