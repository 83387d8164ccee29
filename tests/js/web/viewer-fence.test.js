// SPDX-License-Identifier: MIT
// The line of a fence, and what a link keeps of it. Expected places and distances are found by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fenceFromLink, fenceToLink, isPlace, NO_FENCE } from '../../../web/fence/fence-link.js';
import { lineOf, placeAt } from '../../../web/fence/line.js';
import { Grid } from '../../../web/model/grid.js';
import { toldExactText, toldText } from '../../../web/model/properties.js';

/** Five by four cells of 100 by 50 ft: drawing coordinates go from −250, −100 to 250, 100. */
const grid = new Grid({ shape: [5, 4, 1], cellDimension: [100, 50], thickness: new Float64Array(20).fill(10) });
const { bounds } = grid;
const well = (/** @type {string} */ name, /** @type {number} */ i, /** @type {number} */ j) =>
  /** @type {any} */ ({ name, cells: [[i, j, 0]] });
const wells = [well('A', 0, 0), well('B', 3, 0), well('C', 3, 3)];
const line = (/** @type {import('../../../web/fence/fence-link.js').Post[]} */ posts, extend = false) =>
  lineOf(posts, { grid, wells, extend, bounds });

test('a well that the line comes back to stands at each of its places', () => {
  assert.deepEqual(line(['A', 'B', 'C', 'A']).starts, [0, 300, 450, 450 + Math.hypot(300, 150)]);
  const { wells: named, starts } = line(['A', 'B', 'A', 'B']);
  assert.deepEqual(starts, [0, 300, 600, 900]);
  assert.deepEqual(named, [{ name: 'A', at: 0 }, { name: 'B', at: 300 }, { name: 'A', at: 600 }, { name: 'B', at: 900 }]);
});

test('a post that comes twice in a row is one, and wells keep their places where the line goes on', () => {
  const twice = line(['A', 'A', 'B', 'B']);
  assert.deepEqual([twice.points.length, twice.starts], [2, [0, 300]]);
  assert.deepEqual(twice.wells.map(({ at }) => at), [0, 0, 300, 300]);
  const long = line(['A', 'B', 'nobody'], true);
  assert.deepEqual(long.missing, ['nobody']);
  long.wells.forEach(({ name, at }) => {
    const [x, y] = placeAt(long, at);
    assert.ok(Math.abs(x - (name === 'A' ? -200 : 100)) < 1e-9 && Math.abs(y + 75) < 1e-9, `${name} at ${x}, ${y}`);
  });
  assert.ok(long.points[0][0] < -250 && long.points[1][0] > 250);
  assert.deepEqual(line(['A']).points.length, 1);
  assert.deepEqual(line([]), { points: [], starts: [], wells: [], missing: [] });
});

test('a link keeps all wells of a large field, and of hostile text nothing', () => {
  const names = Array.from({ length: 400 }, (_, n) => `P~%${n},@`);
  const wish = { ...NO_FENCE, open: true, line: [...names, /** @type {const} */ ([431234.71, 6712345.12])], stretch: 2.5 };
  const texts = new Map(/** @type {[string, string][]} */ (fenceToLink(wish).filter(([, text]) => text !== undefined)));
  assert.deepEqual(fenceFromLink(texts), wish);
  assert.equal(fenceFromLink(new Map()), undefined);
  assert.deepEqual(fenceFromLink(new Map([['fence', '1,2,3~x,1~~NaN,0~1e10,0~,~5,6'], ['fz', '-1'], ['f3', 'x']]))?.line,
    [[5, 6]]);
  assert.deepEqual([isPlace(NaN), isPlace(1e12), isPlace(-6e6)], [false, false, true]); // what is typed is kept, too
});

test('what is copied of a slice is in the unit that its title has', () => {
  const values = /** @type {any} */ ({ data: Float64Array.of(1000, NaN) });
  const property = /** @type {any} */ ({ name: 'Pressure', unit: 'psi' });
  assert.equal(toldText({ property, values }, 0, true), '68.948');
  // NIST SP 811: 1 psi is 6.894757 kPa.
  assert.ok(Math.abs(Number(toldExactText({ property, values }, 0, true)) - 68.94757) < 1e-5);
  assert.equal(toldExactText({ property, values }, 0, false), '1000');
  assert.equal(toldExactText({ property, values }, 1, true), 'NaN');
});
