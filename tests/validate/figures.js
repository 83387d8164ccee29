// SPDX-License-Identifier: MIT
// The pictures of docs/simulation.md, from what npm run validate computes: SPE1 and SPE9 beside the converged
// reference, and Buckley and Leverett's flood on ever finer grids beside its analytic answer.
import { differences, readCase, simulate } from './cases.js';
import { picture } from './plots.js';

/** @import { SimCore } from './cases.js' */

/** Curves of each picture, with their titles. */
export const FIGURES = /** @type {Record<string, { title: string, curves: [string, string][] }>} */ ({
  spe1_case1: { title: 'SPE1, case 1', curves: [['FPR', 'field pressure, psi'], ['FOPR', 'oil rate, STB/d'],
    ['FGOR', 'gas-oil ratio, Mscf/STB']] },
  spe1_case2: { title: 'SPE1, case 2', curves: [['FPR', 'field pressure, psi'], ['FOPR', 'oil rate, STB/d'],
    ['FGOR', 'gas-oil ratio, Mscf/STB']] },
  spe9: { title: 'SPE9', curves: [['FPR', 'field pressure, psi'], ['FOPR', 'oil rate, STB/d'],
    ['FGPR', 'gas rate, Mscf/d']] },
});

/** @param {number} share */
const percent = (share) => `${Number((100 * share).toPrecision(2))} %`;

/**
 * @param {string} name  of FIGURES
 * @param {any[]} summaries  with own steps
 * @param {any} reference  days and curves, converged
 */
export function caseFigure(name, summaries, reference) {
  const { title, curves } = FIGURES[name];
  const off = new Map(differences(summaries, reference).map(({ curve, difference }) => [curve, difference]));
  const panels = curves.map(([curve, words]) => ({
    title: `${title}: ${words}`, note: `over days; off by ${percent(off.get(curve) ?? NaN)} of the largest at most`,
    curves: /** @type {import('./plots.js').Curve[]} */ ([
      { style: 'd', x: reference.days, y: reference.curves[curve] },
      { style: 'l', x: reference.days, y: summaries.map((summary) => summary.curves[curve]) }]),
  }));
  return picture(`${title}, simulated with own steps, beside OPM Flow converged in time`, panels,
    [['l', 'own steps'], ['d', 'OPM Flow, converged']]);
}

/** Buckley and Leverett -------------------------------------------------------------------- */

const GRIDS = [25, 50, 100, 200, 400];
const DRAWN = /** @type {const} */ ({ 25: 'l2', 100: 'l3', 400: 'l' });
/** The day of the profile, and those around which water breaks through. */
const PROFILE_DAY = 150, FIRST_DAY = 190, LAST_DAY = 230;

/**
 * @param {SimCore} core
 * @returns {{ rows: { cells: number, error: number, breakthrough: number }[], svg: string }}  errors: the mean of
 *   |Sw - analytic| over the cells; breakthrough: relative, of when the water cut passes half the shock's
 */
export function buckleyLeverett(core) {
  const { model, analytic } = readCase('bl_100');
  const pvi = PROFILE_DAY / analytic.parameters.days_per_pore_volume;
  const runs = GRIDS.map((cells) => flood(core, model, analytic, cells, pvi));
  const exact = Array.from({ length: 101 }, (_, i) => i / 100);
  const front = pvi * analytic.shock.velocity;
  const behind = exact.filter((x) => x < front), swc = analytic.parameters.swc;
  const rows = runs.map(({ cells, error, breakthrough }) => ({ cells, error, breakthrough }));
  const svg = picture('A Buckley-Leverett waterflood on ever finer grids, beside the analytic answer', [
    { title: `Buckley–Leverett: water saturation, day ${PROFILE_DAY}`, note: 'over x/L, from the injector', curves: [
      ...runs.filter(({ cells }) => cells in DRAWN).map(({ cells, x, sw }) =>
        ({ style: DRAWN[/** @type {keyof typeof DRAWN} */ (cells)], x, y: sw })),
      { style: 'r', x: [...behind, front, front, 1],
        y: [...behind.map((x) => saturation(analytic, x / pvi)), analytic.shock.sw, swc, swc] }] },
    { title: 'mean error of the saturation, over cells', note: `it falls with cells to the power of ${slope(rows)}`,
      logarithmic: true, curves: [{ style: 'l', x: GRIDS, y: rows.map(({ error }) => error) },
        { style: 'd', x: GRIDS, y: rows.map(({ error }) => error) }] },
  ], [['l2', '25 cells'], ['l3', '100 cells'], ['l', '400 cells'], ['r', 'analytic']]);
  return { rows, svg };
}

/**
 * @param {SimCore} core
 * @param {any} model   of 100 cells
 * @param {any} analytic
 * @param {number} cells
 * @param {number} pvi  pore volumes injected on the day of the profile
 */
function flood(core, model, analytic, cells, pvi) {
  const days = Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, i) => FIRST_DAY + i);
  const { length_ft: length } = analytic.parameters;
  const [injector, producer] = model.wells;
  const finer = { ...model, grid: { ...model.grid, nx: cells, dx: length / cells }, report_days: [PROFILE_DAY, ...days],
    wells: [injector, { ...producer, perforations: [{ i: cells - 1, j: 0, k: 0 }] }] };
  const { summaries, states } = simulate(core, finer, {}, [], [PROFILE_DAY]);
  const sw = [...states[0].cells.sw.data], x = sw.map((_, i) => (i + 0.5) / cells);
  const error = sw.reduce((sum, value, i) => sum + Math.abs(value - saturation(analytic, x[i] / pvi)), 0) / cells;
  const cuts = summaries.slice(1).map((summary) => summary.curves.FWCT);
  const half = analytic.shock.fw / 2, at = cuts.findIndex((cut) => cut > half);
  const day = days[at - 1] + (half - cuts[at - 1]) / (cuts[at] - cuts[at - 1]);
  return { cells, x, sw, error, breakthrough: day / analytic.breakthrough_day - 1 };
}

/**
 * The saturation that travels with a velocity (S. E. Buckley and M. C. Leverett 1942, with H. J. Welge's shock, 1952),
 * of permeabilities that are powers of the normalised saturation.
 *
 * @param {any} analytic
 * @param {number} velocity  lengths a pore volume
 */
function saturation({ parameters: { swc, sor, muw, muo, nw, no, krw, kro }, shock }, velocity) {
  if (velocity > shock.velocity) return swc;
  const flow = (/** @type {number} */ sw) => {
    const s = (sw - swc) / (1 - swc - sor);
    const water = (krw * s ** nw) / muw;
    return water / (water + (kro * (1 - s) ** no) / muo);
  };
  let low = shock.sw, high = 1 - sor;
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if ((flow(middle + 1e-6) - flow(middle - 1e-6)) / 2e-6 > velocity) low = middle;
    else high = middle;
  }
  return low;
}

/** Of log error over log cells. @param {{ cells: number, error: number }[]} rows */
function slope(rows) {
  const [first, last] = [rows[0], rows[rows.length - 1]];
  return (Math.log(last.error / first.error) / Math.log(last.cells / first.cells)).toFixed(2).replace('-', '−');
}
