// SPDX-License-Identifier: MIT
// Asks the core which cells are shown, how much they hold and how the coloured property is distributed
// among them. Fetched when something is first asked.

import { BoresError } from '../../js/index.js';
import { activeFilters } from './ask.js';
import { CornerGrid } from '../grid/corner-grid.js';
import { Grid } from '../model/grid.js';

/** @typedef {import('../model/properties.js').Drawable} Drawable */
/** @typedef {import('../model/run.js').Run} Run */
/** @typedef {import('../model/run.js').Values} Values */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */
/** @typedef {import('../model/state.js').CellsShown} CellsShown */

const POROSITY = 'model.rock_properties.porosity_grid';
/** What ECLIPSE's files say of a cell's pores: net-to-gross and multipliers are in it. */
const PORES = 'eclipse.PORV';
const NET = ['model.rock_properties.net_to_gross_grid', 'model.rock_properties.net_to_gross_ratio_grid'];

/** Bins of a histogram. */
const BINS = 32;
/** Whole numbers up to so many have a bin each. */
export const MOST_CATEGORIES = 40;

/**
 * @param {Run} run
 * @param {Readonly<ViewerState>} state  with what is to be shown in `shown`
 * @param {Uint8Array | null} mask  cells that may be shown at all
 * @returns {Promise<CellsShown>}
 */
export async function askRun(run, { ask, box, shown, range, log }, mask) {
  if (!shown) throw new TypeError('nothing is shown');
  const { step, property, values } = shown;
  const filters = activeFilters(ask);
  const asked = await Promise.all(filters.map(async ({ id }) => {
    const drawable = run.property(id);
    if (!drawable) throw new BoresError('ERR_NOT_FOUND', `${run.name} has no property ${id}, which a filter asks of`);
    return { drawable, values: await run.values(step, drawable) };
  }));
  const cross = await crossOf(run, step, ask.cross);
  const brush = cross && ask.cross?.brush;
  const edges = edgesOf(property, values, range, log);
  const geometry = await geometryOf(run.grid);
  const [told, ...fractions] = await Promise.all([[PORES], [POROSITY], NET].map((ids) => optional(run, step, ids)));
  const unit = run.property(PORES)?.unit ?? '';
  const [porosity, netToGross] = told && run.grid instanceof CornerGrid
    ? [poresAsPorosity(told, unit, geometry.thickness, run.grid.lengthUnit), null] : fractions;
  const conditions = asked.map((one, n) => ({
    values: numbersOf(one.drawable, one.values), exclude: filters[n].exclude, set: filters[n].set,
    lo: filters[n].range?.[0] ?? undefined, hi: filters[n].range?.[1] ?? undefined,
  }));
  const answer = await run.askCells(geometry, {
    ...box, mask, porosity, netToGross,
    conditions: [...conditions, ...(brush ? [{ values: cross.x.data, lo: brush[0], hi: brush[1] },
      { values: cross.y.data, lo: brush[2], hi: brush[3] }] : [])],
    distribution: property.ternary ? null : { values: numbersOf(property, values), edges, byPores: ask.byPores },
  });
  // A brush leaves its plot as it is.
  const plotted = brush ? await run.askCells(geometry, { ...box, mask, conditions }) : answer;
  return { ...answer, step, property, edges, filtered: conditions.length > 0 || Boolean(brush),
    cross: cross && { ...cross, mask: plotted.mask } };
}

/** @param {Run} run @param {number} step @param {import('./ask.js').Cross | null} cross */
async function crossOf(run, step, cross) {
  const [first, second] = [cross?.x, cross?.y].map((id) => run.property(id ?? ''));
  if (!first || !second) return null;
  const [x, y] = await Promise.all([run.values(step, first), run.values(step, second)]);
  return { x, y };
}

/** Milliseconds after which the page has its turn. */
const TURN = 20;
/** Volumes of corner-point cells. @type {WeakMap<object, Promise<Float64Array>>} */
const volumes = new WeakMap();

/**
 * A grid as the question takes it: of corner points each cell is as thick as its volume says, on a base of 1.
 * @param {import('../grid/cell-grid.js').CellGrid} grid
 * @returns {Promise<import('../../js/core/geometry.js').GridGeometry>}
 */
async function geometryOf(grid) {
  if (grid instanceof Grid) return grid.plain();
  if (!(grid instanceof CornerGrid)) throw new TypeError('a grid of another kind');
  let known = volumes.get(grid);
  if (!known) volumes.set(grid, known = volumesOf(grid));
  return { shape: grid.shape, cellDimension: [1, 1], thickness: await known };
}

/** Cubic metres in a unit of PORV, and metres in one of length. */
const PORE_UNITS = /** @type {Record<string, number>} */ ({ 'rm³': 1, rb: 0.158987294928, 'rcm³': 1e-6 });
const LENGTHS = /** @type {Record<string, number>} */ ({ m: 1, ft: 0.3048, cm: 0.01 });

/**
 * Pore volumes as fractions of the cells' volumes.
 * @param {ArrayLike<number>} pores
 * @param {string} unit  of them
 * @param {ArrayLike<number>} bulk  volumes of the cells
 * @param {string} length  whose cube is their unit
 * @returns {Float64Array}
 */
export function poresAsPorosity(pores, unit, bulk, length) {
  const factor = (PORE_UNITS[unit] ?? 1) / (LENGTHS[length] ?? 1) ** 3;
  return Float64Array.from(pores, (pore, cell) => (bulk[cell] > 0 ? (pore * factor) / bulk[cell] : 0));
}

/** @param {CornerGrid} grid */
async function volumesOf(grid) {
  const found = new Float64Array(grid.size);
  let turn = performance.now();
  for (let cell = 0; cell < found.length; cell += 1) {
    const at = grid.cellOf(cell);
    if (grid.isActive(at)) found[cell] = grid.volumeOf(at);
    if (cell % 256 === 0 && performance.now() - turn > TURN) {
      await new Promise((resolve) => { setTimeout(resolve); });
      turn = performance.now();
    }
  }
  return found;
}

/** @param {Drawable} property @param {Values} values */
function numbersOf({ flags }, { data }) {
  return flags ? { data, dtype: 'bool' } : data;
}

/** What may be absent. @param {Run} run @param {number} step @param {readonly string[]} ids */
async function optional(run, step, ids) {
  const property = ids.map((id) => run.property(id)).find((found) => found !== undefined);
  return property ? run.values(step, property).then(({ data }) => data, () => null) : null;
}

/**
 * Edges of bins over the colours' range and what of this step lies beyond: of categories one each, of a
 * logarithmic scale of equal ratios.
 * @param {Drawable} property
 * @param {Values} values
 * @param {readonly [number, number]} range
 * @param {boolean} log
 * @returns {number[]}
 */
export function edgesOf({ flags, whole }, values, range, log) {
  if (flags) return [-0.5, 0.5, 1.5];
  const known = Number.isFinite(values.lo);
  let lo = known ? Math.min(range[0], values.lo) : range[0];
  const hi = known ? Math.max(range[1], values.hi) : range[1];
  if (whole && hi - lo < MOST_CATEGORIES) {
    return Array.from({ length: Math.round(hi - lo) + 2 }, (_, n) => Math.round(lo) - 0.5 + n);
  }
  const logarithmic = log && hi > 0;
  if (logarithmic) lo = Math.min(range[0] > 0 ? range[0] : hi, values.loPositive > 0 ? values.loPositive : hi);
  const at = (/** @type {number} */ part) => (part === 1 ? hi
    : logarithmic ? lo * (hi / lo) ** part : lo + part * (hi - lo));
  const edges = Array.from({ length: BINS + 1 }, (_, n) => at(n / BINS));
  if (edges.every((edge, n) => n === 0 || edge > edges[n - 1])) return edges;
  // Too near to each other for so many bins: as NumPy does with one value.
  const half = Math.max(0.5, Math.abs(lo) * 1e-9);
  return [lo - half, hi + half];
}
