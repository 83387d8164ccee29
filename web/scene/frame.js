// SPDX-License-Identifier: MIT
// The box around the grid and its axes: i and j along the bottom edges nearest to the eye,
// depth down the vertical edge at the picture's left.

import { unitsOf } from '../plot/metric.js';
import { formatNumber, ticks } from '../plot/scale.js';

/** @typedef {import('./renderer.js').Bounds} Bounds */
/** @typedef {import('./renderer.js').Vector} Vector */
/** @typedef {import('./labels.js').Label} Label */

/**
 * Which edges carry the axes, and where i and j grow to in the picture.
 * @typedef {object} AxisPlaces
 * @property {0 | 1} x  side (0: min, 1: max) of the nearest face across i: j runs along it
 * @property {0 | 1} y  the same across j
 * @property {readonly [0 | 1, 0 | 1] | null} depth  the corner of the depth axis; null: it would be
 *   seen from its end
 * @property {readonly [string, string]} arrows
 * @property {string} key  the same for places that are the same
 */

/** Height of an upright line of length 1 in the picture below which it has no room for texts. */
const STEEP = 0.25;
const ARROWS = ['→', '↗', '↑', '↖', '←', '↙', '↓', '↘'];

/**
 * @param {Vector} eye  seen from the middle of the box
 * @param {{ right: Vector, up: Vector }} picture  its directions
 * @returns {AxisPlaces}
 */
export function axisPlaces([eyeX, eyeY], { right, up }) {
  const x = eyeX > 0 ? 1 : 0;
  const y = eyeY > 0 ? 1 : 0;
  /** @type {readonly [0 | 1, 0 | 1]} the corner farthest to the left */
  const depth = [right[0] < 0 ? 1 : 0, right[1] < 0 ? 1 : 0];
  const steep = up[2] < STEEP;
  const arrow = /** @param {0 | 1} axis */ (axis) =>
    ARROWS[(Math.round(Math.atan2(up[axis], right[axis]) / (Math.PI / 4)) + 8) % 8];
  const arrows = /** @type {const} */ ([arrow(0), arrow(1)]);
  return {
    x, y, depth: steep ? null : depth, arrows, key: [x, y, ...depth, steep, ...arrows].join(),
  };
}

/**
 * @param {Bounds} bounds
 * @param {AxisPlaces} places
 * @param {number} exaggeration
 * @param {boolean} [metric]  depths are told in metres
 * @returns {Label[]}
 */
export function axisLabels({ min, max, depthOfZero, unit: own = 'ft', names = ['i', 'j'] }, places, exaggeration,
  metric = false) {
  const { unit, inUnit, fromUnit } = unitsOf(own, metric);
  const side = /** @param {0 | 1 | 2} axis @param {0 | 1} n */ (axis, n) => (n ? max : min)[axis];
  const size = Math.max(max[0] - min[0], max[1] - min[1]);
  const out = 0.05 * size;
  const bottom = min[2] - out / exaggeration;
  const beyond = /** @param {0 | 1} axis @param {0 | 1} n */ (axis, n) =>
    side(axis, n) + (n ? out : -out);
  /** @type {Label[]} */
  const labels = [
    { kind: 'axis', text: `${names[0]} ${places.arrows[0]}`,
      at: [(min[0] + max[0]) / 2, beyond(1, places.y), bottom] },
    { kind: 'axis', text: `${names[1]} ${places.arrows[1]}`,
      at: [beyond(0, places.x), (min[1] + max[1]) / 2, bottom] },
  ];
  if (places.depth === null) return labels;
  const [cornerX, cornerY] = places.depth;
  const at = /** @param {number} z @returns {Vector} */ (z) =>
    [side(0, cornerX), side(1, cornerY), z];
  const few = (max[2] - min[2]) * exaggeration / size > 0.3 ? 5 : 3;
  for (const depth of ticks(inUnit(depthOfZero - max[2]), inUnit(depthOfZero - min[2]), { count: few })) {
    labels.push({ kind: 'tick', text: `${formatNumber(depth)} ${unit}`, at: at(depthOfZero - fromUnit(depth)) });
  }
  return labels;
}
