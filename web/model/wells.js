// SPDX-License-Identifier: MIT
// Wells as a state holds them → wells as they are drawn and told of.

/** @typedef {import('./grid.js').Cell} Cell */
/** @typedef {import('../grid/cell-grid.js').CellGrid} Grid */

/**
 * @typedef {object} Well
 * @property {string} name
 * @property {boolean} injector  else a producer
 * @property {boolean} open
 * @property {'oil' | 'water' | 'gas'} phase  what it injects; oil for producers
 * @property {Cell[]} cells      perforated, within the grid, in the order of the intervals
 * @property {Cell[]} [track]    cells that it goes through, where it is not open to all of them
 * @property {Cell} [head]       the cell below its head, where that is known
 */

/** @typedef {Record<string, unknown>} Tree */

/** Injected water blue, injected gas red, production green, shut grey: as ResInsight has it. */
const COLOURS = Object.freeze({
  oil: /** @type {const} */ ([46, 158, 79]),
  water: /** @type {const} */ ([47, 116, 222]),
  gas: /** @type {const} */ ([222, 62, 52]),
  shut: /** @type {const} */ ([128, 134, 142]),
});

/**
 * @param {unknown} wells  `state.wells`
 * @param {Cell} shape  of the grid
 * @returns {{ wells: Well[], lost: string[] }}  `lost`: names of those that have no cell of the grid
 */
export function wellsOf(wells, shape) {
  const tree = /** @type {Tree} */ (wells ?? {});
  const all = [
    ...list(tree.injection_wells, 'injection_well').map((well) => read(well, true, shape)),
    ...list(tree.production_wells, 'production_well').map((well) => read(well, false, shape)),
  ];
  return {
    wells: all.filter(({ cells }) => cells.length > 0),
    lost: all.filter(({ cells }) => cells.length === 0).map(({ name }) => name),
  };
}

/**
 * A list or a map by name, each item in a map of one by its type.
 * @param {unknown} group
 * @param {string} type
 * @returns {Tree[]}
 */
function list(group, type) {
  if (group === null || typeof group !== 'object') return [];
  return Object.values(group)
    .filter((item) => item !== null && typeof item === 'object')
    .map((item) => /** @type {Tree} */ (/** @type {Tree} */ (item)[type] ?? item));
}

/** @param {Tree} well @param {boolean} injector @param {Cell} shape @returns {Well} */
function read(well, injector, shape) {
  const fluid = /** @type {Tree | undefined} */ (well.injected_fluid);
  const phase = injector && (fluid?.phase === 'water' || fluid?.phase === 'gas')
    ? fluid.phase : 'oil';
  return {
    name: String(well.name ?? ''),
    injector,
    open: well.is_active !== false,
    phase,
    cells: intervalsOf(well.perforating_intervals)
      .flatMap(([from, to]) => between(from, to, shape)),
  };
}

/**
 * `(n, 2, 3)` integers: an array, nested lists, or lists of arrays.
 * @param {unknown} intervals
 * @returns {[Cell, Cell][]}
 */
function intervalsOf(intervals) {
  const numbers = numbersIn(intervals);
  /** @type {[Cell, Cell][]} */ const found = [];
  for (let n = 0; n + 6 <= numbers.length; n += 6) {
    found.push([/** @type {Cell} */ (numbers.slice(n, n + 3)),
      /** @type {Cell} */ (numbers.slice(n + 3, n + 6))]);
  }
  return found.filter((ends) => ends.flat().every(Number.isFinite));
}

/** All numbers of arrays and lists, however they are nested. @param {unknown} of @returns {number[]} */
function numbersIn(of) {
  const data = /** @type {{ data?: ArrayLike<number | bigint> } | null | undefined} */ (of)?.data;
  if (data) return Array.from(data, Number);
  return Array.isArray(of) ? of.flatMap(numbersIn) : [Number(of)];
}

/**
 * Every cell of an interval, both ends included, as far as the grid goes.
 * @param {Cell} from
 * @param {Cell} to
 * @param {Cell} shape
 */
function between(from, to, shape) {
  const lo = from.map((n, axis) => Math.max(0, Math.min(n, to[axis])));
  const hi = from.map((n, axis) => Math.min(shape[axis] - 1, Math.max(n, to[axis])));
  /** @type {Cell[]} */ const cells = [];
  for (let i = lo[0]; i <= hi[0]; i += 1) {
    for (let j = lo[1]; j <= hi[1]; j += 1) {
      for (let k = lo[2]; k <= hi[2]; k += 1) cells.push([i, j, k]);
    }
  }
  return cells;
}

/** @param {readonly Well[]} some @param {readonly Well[]} others */
export function sameWells(some, others) {
  return JSON.stringify(some) === JSON.stringify(others);
}

/** 'PROD-1, producer, shut' @param {Well} well */
export function describeWell({ name, injector, open, phase }) {
  const kind = injector ? `${phase === 'gas' ? 'gas' : 'water'} injector` : 'producer';
  return `${name}, ${kind}${open ? '' : ', shut'}`;
}

/**
 * @param {Well} well
 * @param {Grid} grid
 * @returns {import('../scene/renderer.js').WellMark}
 */
export function wellMark(well, grid) {
  const { name, injector, open, phase, cells, head } = well;
  const track = pathOf(well.track ?? cells, grid);
  const [first] = track;
  const beside = head && (!first || head[0] !== first[0] || head[1] !== first[1]);
  const edges = cells.map((cell) => grid.edgesOf(cell));
  const boxes = new Float32Array(72 * edges.length);
  edges.forEach((lines, n) => boxes.set(lines, 72 * n));
  return {
    label: `${injector ? '▼' : '▲'} ${name}${open ? '' : ' (shut)'}`,
    injector,
    open,
    colour: open ? COLOURS[phase] : COLOURS.shut,
    path: (beside ? [head, ...track] : track).map((cell) => grid.centreOf(cell)),
    boxes,
  };
}

/** Down a column the highest first; a well through several goes as its cells come. */
function pathOf(/** @type {Cell[]} */ cells, /** @type {Grid} */ grid) {
  const upright = cells.every(([i, j]) => i === cells[0][0] && j === cells[0][1]);
  return upright ? [...cells].sort((a, b) => grid.topOf(a) - grid.topOf(b)) : cells;
}
