// SPDX-License-Identifier: MIT
// The reference runs of tests/data/sim: how one is read, simulated here, and compared. What OPM Flow
// computed is compared in two ways: with exactly its steps, where nothing but equations can differ, and
// converged in time, where our own choice of steps shows.
import { readFileSync, readdirSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { packTree, unpackTree } from '../../js/core/pack.js';
import { SimCore } from '../../js/core/sim-core.js';

const folder = new URL('../data/sim/', import.meta.url);

/**
 * What is smaller is nothing: rates and totals in STB/d and Mscf/d (SPE1's water), cuts and ratios.
 * @param {string} curve
 */
const nothing = (curve) => (/^[FW](WCT|GOR|WGR)/.test(curve) ? 1e-3 : 1);

export const caseNames = () => readdirSync(folder).filter((name) => name.endsWith('.json.br'))
  .map((name) => name.slice(0, -'.json.br'.length));

/** @param {string} name */
export const readCase = (name) =>
  JSON.parse(brotliDecompressSync(readFileSync(new URL(`${name}.json.br`, folder))).toString());

/**
 * What own steps have to be near: Flow converged in time, and where it was run with far shorter steps, these curves.
 * @param {{ reference: any, finer?: any }} of  a case
 */
export function finestOf({ reference, finer }) {
  if (!finer) return reference;
  const wells = Object.fromEntries(Object.entries(reference.wells).map(([well, curves]) =>
    [well, { ...curves, ...finer.wells[well] }]));
  return { ...reference, curves: { ...reference.curves, ...finer.curves }, wells,
    spread: { ...reference.spread, ...finer.spread } };
}

/** Shorter steps than own ones: a quarter of what they may change, and a day at the most. */
export const FINE = {
  initial_step: 0.05, maximum_step: 1, target_saturation_change: 0.0125, target_pressure_change: 25,
};

/** @param {any} tree @returns {any}  its arrays as { shape, data } */
const plain = (tree) => unpackTree(tree, ({ kind, shape, buffer }) =>
  ({ shape, data: kind === 'f' ? new Float64Array(buffer) : buffer }));

/**
 * Simulates, and keeps the summary of each report day.
 *
 * @param {SimCore} core
 * @param {any} model
 * @param {Record<string, unknown>} options
 * @param {number[]} [ends]  days that steps end at
 * @param {number[]} [kept]  report days whose states are kept, too
 */
export function simulate(core, model, options, ends = [], kept = []) {
  const sim = core.begin(packTree({ ...model, options: { ...model.options, ...options } }));
  const days = new Set(model.report_days);
  const summaries = [], states = [];
  try {
    const statics = plain(core.read(sim, 'statics'));
    const initial = plain(core.read(sim, 'state'));
    let next = 0;
    while (core.day(sim) < core.lastDay(sim)) {
      while (ends[next] <= core.day(sim)) next += 1;
      core.step(sim, ends[next] ?? core.lastDay(sim));
      if (days.has(core.day(sim))) summaries.push(plain(core.read(sim, 'summary')));
      if (kept.includes(core.day(sim))) states.push(plain(core.read(sim, 'state')));
    }
    const record = plain(core.read(sim, 'record'));
    return { summaries, states, record, statics, initial };
  } finally {
    core.end(sim);
  }
}

/**
 * Largest differences over the largest value of each curve, worst first.
 *
 * @param {any[]} summaries
 * @param {any} reference  days, curves, wells
 * @returns {{ curve: string, difference: number }[]}
 */
export function differences(summaries, reference) {
  /** @type {{ curve: string, difference: number }[]} */
  const out = [];
  const add = (/** @type {string} */ curve, /** @type {any[]} */ expected, /** @type {(s: any) => any} */ of) => {
    if (typeof expected[0] === 'string') return;
    const scale = Math.max(...expected.map(Math.abs));
    const worst = Math.max(...expected.map((value, i) => Math.abs(of(summaries[i]) - value)));
    const isNothing = scale < nothing(curve) && worst < nothing(curve);
    out.push({ curve, difference: isNothing ? 0 : worst / scale });
  };
  for (const [name, values] of Object.entries(reference.curves)) add(name, values, (s) => s.curves[name]);
  for (const [well, curves] of Object.entries(reference.wells)) {
    for (const [name, values] of Object.entries(curves)) {
      add(`${name}:${well}`, values, (s) => s.wells[well][name]);
    }
  }
  return out.sort((a, b) => b.difference - a.difference);
}

/** Pressures, totals and amounts in place, which steps move less than rates. @param {string} curve */
export const isTotal = (curve) => /^(F|W)([OWG](PT|IT)|[OWG]IP|GIP[LG]|BHP|PR|RPV)(:|$)/.test(curve);

/**
 * What a curve may be off the converged reference: 0.5 % beyond what the reference itself is off, for
 * pressures and totals; 0.5 %, or three times what the reference is off, for rates.
 *
 * @param {string} curve
 * @param {Record<string, number>} spread
 */
export const tolerance = (curve, spread) =>
  (isTotal(curve) ? 0.005 + (spread[curve] ?? 0) : Math.max(0.005, 3 * (spread[curve] ?? 0)));

/**
 * Largest relative differences of what does not change, and of the initial state.
 *
 * @param {any} run  what simulate() gave
 * @param {any} reference  a case
 */
export function staticDifferences({ statics, initial }, { model: { grid }, arrays, reference }) {
  const { nx, ny, nz } = grid;
  const names = /** @type {[string, any][]} */ ([
    ...['pore_volume', 'depth', 'tranx', 'trany', 'tranz'].map((name) => [name, statics[name]]),
    ...['pressure', 'sw', 'sg'].map((name) => [name, initial.cells[name]]),
  ]);
  const found = names.filter(([name]) => arrays[name]).map(([name, { data }]) => {
    const bytes = Buffer.from(arrays[name], 'base64');
    const expected = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const scale = Math.max(...expected.map(Math.abs));
    let worst = 0;
    for (let c = 0; c < expected.length; c++) {
      const i = c % nx, j = Math.floor(c / nx) % ny, k = Math.floor(c / (nx * ny));
      worst = Math.max(worst, Math.abs(data[k + nz * (j + ny * i)] - expected[c]));
    }
    return { name, difference: scale > 0 ? worst / scale : worst };
  });
  const indices = Object.entries(reference.well_index).flatMap(([well, values]) =>
    values.map((/** @type {number} */ value, /** @type {number} */ i) =>
      Math.abs(statics.well_index[well][i] / value - 1)));
  return [...found, { name: 'well_index', difference: Math.max(0, ...indices) }];
}

export { SimCore };
