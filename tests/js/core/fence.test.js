// SPDX-License-Identifier: MIT
// A fence through a grid of boxes, whose pieces are found by hand; the C tests go further.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compute } from '../../../js/formats/session.js';

/** 4 by 3 columns of 100 by 50 ft, two layers of 10 ft from 1000 ft down, inactive where i = 3. */
const GRID = { shape: [4, 3, 2], cellDimension: [100, 50], datumDepth: 1000,
  thickness: Float32Array.from({ length: 24 }, (_, n) => (n < 18 ? 10 : 0)) };

test('a diagonal meets the sides of columns at quarters and thirds of its way', async () => {
  const fence = await compute('gridFence', [GRID, [[-200, -75], [200, 75]]]);
  const length = Math.hypot(400, 150);
  assert.ok(Math.abs(fence.length - length) < 1e-9);
  const columns = [[0, 0, 0, 1 / 4], [1, 0, 1 / 4, 1 / 3], [1, 1, 1 / 3, 1 / 2], [2, 1, 1 / 2, 2 / 3], [2, 2, 2 / 3, 3 / 4]];
  assert.deepEqual([...fence.cells], columns.flatMap(([i, j]) => [0, 1].map((k) => (i * 3 + j) * 2 + k)));
  assert.deepEqual([...fence.firsts], Array.from({ length: 11 }, (_, n) => 2 * n));
  columns.forEach(([, , from, to], n) => [0, 1].forEach((k) => {
    const stations = [...fence.stations.subarray(6 * (2 * n + k), 6 * (2 * n + k + 1))];
    const expected = [from * length, 1000 + 10 * k, 1010 + 10 * k, to * length, 1000 + 10 * k, 1010 + 10 * k];
    stations.forEach((value, at) => assert.ok(Math.abs(value - expected[at]) < 1e-9, `${stations} is not ${expected}`));
  }));
});

test('what is no line is refused, and a line beside the grid is empty', async () => {
  const beside = await compute('gridFence', [GRID, [[0, 80], [100, 80]]]);
  assert.deepEqual([beside.count, beside.stations.length, [...beside.firsts]], [0, 0, [0]]);
  await assert.rejects(compute('gridFence', [GRID, []]), { code: 'ERR_ARGUMENT', message: /0 points/ });
  await assert.rejects(compute('gridFence', [GRID, [[0, 0], [0, NaN]]]), { code: 'ERR_ARGUMENT', message: /point 1.*NaN/ });
  await assert.rejects(compute('gridFence', [GRID, [[5, 5], [5, 5]]]), { code: 'ERR_ARGUMENT', message: /no length/ });
});
