// SPDX-License-Identifier: MIT
// Cells as pixels: each pixel whose middle is inside a quad, by a ray's crossings as pointing at cells has it, has its
// colour, and quads that share sides leave none out and share none.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fillQuads } from '../../../web/plot/quad-pixels.js';
import { cellAt } from '../../../web/plot/slice.js';

const picture = (/** @type {number} */ width, /** @type {number} */ height) =>
  ({ width, height, data: new Uint8ClampedArray(4 * width * height) });
const numbers = (/** @type {{ data: Uint8ClampedArray }} */ { data }) => new Uint32Array(data.buffer);
const PLACE = { left: 0, top: 0, scaleX: 1, scaleY: 1 };

test('a rectangle has the pixels whose middles it has', () => {
  const one = picture(6, 4);
  fillQuads(one, Float64Array.of(1, 0.5, 3.6, 0.5, 3.6, 3, 1, 3), PLACE, () => 7);
  assert.deepEqual([...numbers(one)], [
    0, 7, 7, 7, 0, 0,
    0, 7, 7, 7, 0, 0,
    0, 7, 7, 7, 0, 0,
    0, 0, 0, 0, 0, 0]);
});

test('what is outside of the picture is left out', () => {
  const one = picture(3, 2);
  fillQuads(one, Float64Array.of(-5, -5, 9, -5, 9, 9, -5, 9), PLACE, () => 9);
  assert.deepEqual([...numbers(one)], Array(6).fill(9));
});

test('quads with common corners fill a picture once, and each pixel has the cell that is pointed at there', () => {
  const columns = 23, rows = 17, width = 131, height = 97;
  /** A corner, moved within its surroundings unless it is at the rim. @type {(a: number, b: number) => number[]} */
  const corner = (a, b) => [
    (a + (a % columns && 0.4 * Math.sin(3 * a + 7 * b))) * width / columns,
    (b + (b % rows && 0.4 * Math.cos(5 * a + 2 * b))) * height / rows];
  const quads = Float64Array.from([...Array(columns * rows).keys()].flatMap((n) => {
    const a = n % columns, b = Math.floor(n / columns);
    return [corner(a, b), corner(a + 1, b), corner(a + 1, b + 1), corner(a, b + 1)].flat();
  }));
  const one = picture(width, height);
  fillQuads(one, quads, PLACE, (n) => n + 1);
  const cells = Uint32Array.from({ length: columns * rows }, (_, n) => n);
  const found = numbers(one);
  const expected = found.map((_, n) => 1 + cellAt(/** @type {any} */ ({ cells, quads }), PLACE,
    n % width + 0.5, Math.floor(n / width) + 0.5));
  assert.deepEqual(found, expected);
  assert.ok(found.every((n) => n > 0));
});

test('a twisted quad has two parts, and what lies between them is free', () => {
  const one = picture(4, 3);
  fillQuads(one, Float64Array.of(0, 0, 4, 3, 4, 0, 0, 3), PLACE, () => 5);
  assert.deepEqual([...numbers(one)], [5, 0, 0, 5, 5, 5, 5, 5, 5, 0, 0, 5]);
});

test('a gap that is narrower than asked belongs to a quad beside it, a wider one stays', () => {
  const one = picture(7, 2), two = Float64Array.of(0, 0, 2.4, 0, 2.4, 2, 0, 2, 2.7, 0, 5, 0, 5, 2, 2.7, 2);
  fillQuads(one, two, PLACE, (n) => n + 1);
  assert.deepEqual([...numbers(one)], [1, 1, 0, 2, 2, 0, 0, 1, 1, 0, 2, 2, 0, 0]);
  fillQuads(one, two, PLACE, (n) => n + 1, 0.3);
  assert.deepEqual([...numbers(one)], [1, 1, 2, 2, 2, 0, 0, 1, 1, 2, 2, 2, 0, 0]);
});
