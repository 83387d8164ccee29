// SPDX-License-Identifier: MIT
// The line of a fence: wells and points of the map as places in the drawing, and where along it one is.

/** @typedef {import('./fence-link.js').Post} Post */
/** @typedef {import('../grid/cell-grid.js').CellGrid} Grid */
/** @typedef {import('../model/wells.js').Well} Well */
/** Drawing coordinates. @typedef {readonly [number, number]} Place */

/**
 * @typedef {object} Line
 * @property {Place[]} points     no two that follow upon each other are the same; fewer than two: there is no line yet
 * @property {number[]} starts    distance of each from the first
 * @property {{ name: string, at: number }[]} wells  where along it they are
 * @property {string[]} missing   wells that are not in this step
 */

/** Part of the grid's width by which a line that goes on goes beyond. */
const BEYOND = 1e-3;

/**
 * @param {readonly Post[]} posts
 * @param {{ grid: Grid, wells: readonly Well[], extend: boolean,
 *   bounds: import('../scene/renderer.js').Bounds }} of
 * @returns {Line}
 */
export function lineOf(posts, { grid, wells, extend, bounds }) {
  /** @type {{ at: Place, name: string }[]} */ const stops = [];
  /** @type {string[]} */ const missing = [];
  for (const post of posts) {
    const places = placesOf(post, grid, wells);
    if (places === null) missing.push(String(post));
    else places.forEach((at, n) => stops.push({ at, name: n === 0 && typeof post === 'string' ? post : '' }));
  }
  /** @type {Place[]} */ const points = [];
  const turns = stops.map(({ at }, n) => {
    if (n === 0 || !same(at, stops[n - 1].at)) points.push(at);
    return points.length - 1;
  });
  if (extend && points.length > 1) {
    points[0] = beyond(points[1], points[0], bounds);
    points[points.length - 1] = beyond(points[points.length - 2], /** @type {Place} */ (points.at(-1)), bounds);
  }
  const starts = startsOf(points);
  const named = stops.map(({ at, name }, stop) => {
    // An end that was moved out leaves its well where it is.
    const n = turns[stop];
    return { name, at: starts[n] + Math.hypot(at[0] - points[n][0], at[1] - points[n][1]) * (n === 0 ? 1 : -1) };
  }).filter(({ name }) => name !== '');
  return { points, starts, wells: named, missing };
}

/** Where a post is: of a well, the columns it goes through. @param {Post} post @param {Grid} grid
 * @param {readonly Well[]} wells @returns {Place[] | null} */
function placesOf(post, grid, wells) {
  if (typeof post !== 'string') {
    const [x, y] = grid.mapOrigin;
    return [[post[0] - x, post[1] - y]];
  }
  const well = wells.find(({ name }) => name === post);
  if (!well) return null;
  const seen = new Set();
  const places = (well.track ?? well.cells).filter(([i, j]) => !seen.has(`${i} ${j}`) && seen.add(`${i} ${j}`))
    .map((cell) => { const [x, y] = grid.centreOf(cell); return /** @type {Place} */ ([x, y]); });
  return places.length > 0 ? places : null;
}

/** @param {Place} a @param {Place} b */
function same(a, b) {
  return a[0] === b[0] && a[1] === b[1];
}

/** The way through `end` until the grid ends. @param {Place} from @param {Place} end
 * @param {{ min: readonly number[], max: readonly number[] }} bounds @returns {Place} */
function beyond(from, end, { min, max }) {
  const way = [end[0] - from[0], end[1] - from[1]];
  const ends = [0, 1].map((axis) => (way[axis] === 0 ? Infinity
    : ((way[axis] > 0 ? max[axis] : min[axis]) - end[axis]) / way[axis])).filter((t) => t > 0);
  const t = Math.min(...ends);
  if (!(t < Infinity)) return end;
  const more = t * (1 + BEYOND);
  return [end[0] + more * way[0], end[1] + more * way[1]];
}

/** @param {readonly Place[]} points */
function startsOf(points) {
  let at = 0;
  return points.map((point, n) => {
    if (n > 0) at += Math.hypot(point[0] - points[n - 1][0], point[1] - points[n - 1][1]);
    return at;
  });
}

/** The place at a distance along the line. @param {Pick<Line, 'points' | 'starts'>} line @param {number} at
 * @returns {Place} */
export function placeAt({ points, starts }, at) {
  let n = 1;
  while (n < points.length - 1 && starts[n] < at) n += 1;
  const [from, to] = [points[n - 1], points[n]];
  const part = (at - starts[n - 1]) / (starts[n] - starts[n - 1]);
  return [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
}
