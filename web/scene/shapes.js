// SPDX-License-Identifier: MIT
// Wells, boxes and frames as vertices for the mark layer.

import { along, cross, length, unit } from './matrix.js';

/** @typedef {import('./renderer.js').Bounds} Bounds */
/** @typedef {import('./renderer.js').Vector} Vector */
/** @typedef {import('./renderer.js').WellMark} WellMark */
/** @typedef {readonly [number, number, number]} Rgb  0…255 */
/** @typedef {(at: Vector) => Vector} Place  drawing coordinates → scene */

/** Sides of a pipe. */
const SIDES = 12;

/** Collects vertices. */
class Vertices {
  /** @type {number[]} */ list = [];

  /** @param {Vector} position @param {Vector} normal @param {Rgb} colour */
  add(position, normal, colour) {
    this.list.push(...position, ...normal, ...colour.map((c) => c / 255));
  }

  get data() {
    return new Float32Array(this.list);
  }
}

/**
 * @param {Float32Array} segments  2 × (x, y, z) each
 * @param {Rgb} colour
 * @param {Place} place
 * @returns {Float32Array}
 */
export function linesOf(segments, colour, place) {
  const vertices = new Vertices();
  for (let n = 0; n < segments.length; n += 3) {
    vertices.add(place([segments[n], segments[n + 1], segments[n + 2]]), [0, 0, 0], colour);
  }
  return vertices.data;
}

/**
 * A well: a pipe through its cells and up to a head above the grid, and an arrow there: down
 * into the ground for an injector, up for a producer.
 *
 * @param {WellMark} well
 * @param {Place} place
 * @param {{ top: number, radius: number }} size  height of the head, radius of the pipe; scene
 * @returns {{ solid: Float32Array, head: Vector }}  `head`: where the label belongs
 */
export function wellShape(well, place, { top, radius }) {
  const vertices = new Vertices();
  const points = well.path.map(place);
  const [x, y] = points[0];
  const arrow = 5.2 * radius;
  tube(vertices, [x, y, top - arrow / 2], points[0], radius, radius, well.colour);
  for (let n = 1; n < points.length; n += 1) {
    tube(vertices, points[n - 1], points[n], radius, radius, well.colour);
  }
  const [tip, base] = well.injector ? [top - arrow, top] : [top, top - arrow];
  tube(vertices, [x, y, base], [x, y, tip], 2.6 * radius, 0, well.colour);
  tube(vertices, [x, y, base], [x, y, base], 2.6 * radius, 0, well.colour);
  return { solid: vertices.data, head: [x, y, top + 1.5 * radius] };
}

/**
 * The side of a cone, or of a cylinder; of no length, a disc.
 * @param {Vertices} vertices
 * @param {Vector} from
 * @param {Vector} to
 * @param {number} radius    at `from`
 * @param {number} radiusTo  at `to`
 * @param {Rgb} colour
 */
function tube(vertices, from, to, radius, radiusTo, colour) {
  const axis = along(to, from, -1);
  const direction = length(axis) > 0 ? unit(axis) : /** @type {Vector} */ ([0, 0, 1]);
  const side = unit(cross(direction, Math.abs(direction[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]));
  const other = cross(direction, side);
  const around = Array.from({ length: SIDES + 1 }, (_, n) => {
    const angle = 2 * Math.PI * n / SIDES;
    return along(along([0, 0, 0], side, Math.cos(angle)), other, Math.sin(angle));
  });
  for (let n = 0; n < SIDES; n += 1) {
    const normal = length(axis) > 0 ? unit(along(around[n], around[n + 1], 1)) : direction;
    const [a, b] = [around[n], around[n + 1]];
    const corners = [along(from, a, radius), along(from, b, radius), along(to, b, radiusTo),
      along(to, a, radiusTo)];
    for (const corner of [0, 1, 2, 0, 2, 3]) vertices.add(corners[corner], normal, colour);
  }
}

/**
 * The twelve edges of a block.
 * @param {Bounds} bounds
 * @returns {Float32Array}  2 × (x, y, z) a segment
 */
export function blockEdges(bounds) {
  const at = corners(bounds);
  /** @type {number[]} */ const lines = [];
  for (let corner = 0; corner < 8; corner += 1) {
    for (const bit of [1, 2, 4]) {
      if (!(corner & bit)) lines.push(...at[corner], ...at[corner | bit]);
    }
  }
  return new Float32Array(lines);
}

/** Corner n is at the upper end of axis a where bit a of n is set. @param {Bounds} bounds */
export function corners({ min, max }) {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => /** @type {Vector} */ (
    [0, 1, 2].map((axis) => ((bits >> axis) & 1 ? max : min)[axis])));
}

/** @param {readonly Float32Array[]} parts */
export function joined(parts) {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
