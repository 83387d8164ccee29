// SPDX-License-Identifier: MIT
// The scenarios as neutral models (docs/simulation.md), in field units, and their answers on paper.

import { buckleyLeverett, dietzRate, expansionLine, poreBarrels } from './analytic.js';
import { COREY, DENSITY, GAS, LIVE_OIL, WATER, coreyTables, deadOil } from './fluids.js';
import { smoothField, uniform } from './random-rock.js';
import { spe1 } from './spe1.js';

/**
 * An answer on paper, drawn over days beside the curve of that name.
 * @typedef {{ vector: string, title: string, points: [day: number, value: number][] }} Paper
 * @typedef {{ model: any, paper: Paper[], remark: string }} Case
 * @typedef {Record<string, number>} Values
 */

const DAYS = 365.25;
const REPORTS = 60;
/** Days of the states: every so often, closer at first. @param {number} years */
function reportDays(years) {
  const end = years * DAYS;
  const days = Array.from({ length: REPORTS }, (_, n) =>
    Number((end * ((n + 1) / REPORTS) ** 1.25).toPrecision(6)),
  );
  return [...new Set(days)];
}

/** @param {string} name @param {Values} values @param {any} parts */
const modelOf = (name, { years }, parts) => ({
  format: 'bores-sim-model/1',
  units: 'field',
  name,
  start_date: '2020-01-01',
  phases: ['water', 'oil', 'gas'],
  water: WATER,
  density: DENSITY,
  gas: GAS,
  relperm: coreyTables(),
  options: { drsdt: null },
  report_days: reportDays(years),
  ...parts,
});

const explicit = (/** @type {any} */ more) => ({
  type: 'explicit',
  pressure: 3000,
  sw: COREY.swc,
  sg: 0,
  rs: 0,
  ...more,
});
const column = (
  /** @type {number} */ i,
  /** @type {number} */ j,
  /** @type {number} */ from,
  /** @type {number} */ to,
) => Array.from({ length: to - from }, (_, n) => ({ i, j, k: from + n }));
const well = (/** @type {string} */ name, /** @type {any[]} */ perforations, /** @type {any} */ more = {}) => ({
  name,
  type: 'producer',
  radius: 0.3,
  skin: 0,
  perforations,
  ...more,
});
const injector = (/** @type {string} */ name, /** @type {any[]} */ perforations, fluid = 'water') =>
  well(name, perforations, { type: 'injector', fluid });
const start = (/** @type {Record<string, any>} */ wells) => [
  {
    day: 0,
    wells: Object.fromEntries(
      Object.entries(wells).map(([name, limits]) => [name, { status: 'open', ...limits }]),
    ),
  },
];

/** @type {Record<string, (values: Values) => Case>} */
const BUILDERS = {
  spe1: (values) => ({ model: spe1(values, reportDays(values.years)), paper: [], remark: '' }),

  'five-spot'(values) {
    const n = 25;
    const permx = smoothField(n, n, { mean: 200, spread: values.spread, length: 4, seed: 3 });
    return {
      paper: [],
      remark: '',
      model: modelOf('five-spot', values, {
        grid: { nx: n, ny: n, nz: 1, dx: 40, dy: 40, dz: [25], tops: 6000 },
        rock: { compressibility: 4e-6, pref: 3000, porosity: 0.2, permx, permy: permx, permz: permx },
        oil: deadOil(values.viscosity),
        initial: explicit({}),
        wells: [injector('INJ', column(0, 0, 0, 1)), well('PROD', column(n - 1, n - 1, 0, 1))],
        schedule: start({
          INJ: { control: 'rate', rate: values.rate, bhp: 9000 },
          PROD: { control: 'bhp', bhp: 2000 },
        }),
      }),
    };
  },

  'line-drive'(values) {
    const nx = 60,
      nz = 4,
      dx = 20,
      dy = 200,
      dz = 8,
      porosity = 0.2;
    // Geometric, so that the mean stays; and no flow between layers.
    const permx = uniform(nz, (k) => 300 * values.contrast ** (0.5 - k / (nz - 1)));
    const paper = buckleyLeverett({ ...COREY, waterViscosity: WATER.muw, oilViscosity: values.viscosity });
    const pores = poreBarrels(nx * dx * dy * dz * nz, porosity);
    const perDay = (values.rate * WATER.bw) / pores; // pore volumes
    const points = (/** @type {(pvi: number) => number} */ of) =>
      Array.from({ length: 121 }, (_, n) => {
        const day = (values.years * DAYS * n) / 120;
        return /** @type {[number, number]} */ ([day, of(day * perDay)]);
      });
    return {
      paper: [
        { vector: 'FWCT', title: 'Buckley–Leverett, layers alike', points: points(paper.waterCut) },
        { vector: 'FOE', title: 'Welge, layers alike', points: points(paper.recovery) },
      ],
      remark: `On paper water arrives after ${(paper.breakthrough / perDay).toFixed(0)} days.`,
      model: modelOf('line-drive', values, {
        grid: { nx, ny: 1, nz, dx, dy, dz: uniform(nz, () => dz), tops: 6000 },
        rock: { compressibility: 1e-7, pref: 3000, porosity, permx, permy: permx, permz: 0 },
        oil: deadOil(values.viscosity),
        initial: explicit({}),
        wells: [injector('INJ', column(0, 0, 0, nz)), well('PROD', column(nx - 1, 0, 0, nz))],
        schedule: start({
          INJ: { control: 'rate', rate: values.rate, bhp: 12_000 },
          PROD: { control: 'bhp', bhp: 2500 },
        }),
      }),
    };
  },

  'gas-cap'(values) {
    const nx = 15,
      ny = 15,
      nz = 8,
      middle = 7;
    const tops = Array.from(
      { length: nx * ny },
      (_, c) => 7000 + (1.2 * Math.hypot((c % nx) - middle, Math.floor(c / nx) - middle) ** 2) / 2,
    );
    const goc = 7000 + values.cap;
    const most = tongueRate(goc, 7120 - goc).toPrecision(2);
    const remark = `Above some ${most} rb/d the gas tongues down instead of staying level (Dietz).`;
    return {
      paper: [],
      remark,
      model: modelOf('gas-cap', values, {
        grid: {
          nx,
          ny,
          nz,
          dx: 250,
          dy: 250,
          dz: uniform(nz, () => 15),
          depth: depths(tops, nz, 15),
          dip: false,
        },
        rock: {
          compressibility: 4e-6,
          pref: 3100,
          porosity: 0.2,
          permx: 150,
          permy: 150,
          permz: 150 * values.kv,
        },
        oil: LIVE_OIL,
        initial: {
          type: 'equil',
          datum_depth: goc,
          datum_pressure: 3150,
          woc: 7190,
          pcow_at_woc: 0,
          goc,
          pcgo_at_goc: 0,
          rsvd: [
            [6900, 0.8125],
            [7300, 0.8125],
          ],
        },
        wells: [well('P1', column(4, middle, 5, 7)), well('P2', column(10, middle, 5, 7))],
        schedule: start({
          P1: { control: 'orat', orat: values.oil / 2, bhp: 1200 },
          P2: { control: 'orat', orat: values.oil / 2, bhp: 1200 },
        }),
      }),
    };
  },

  depletion(values) {
    const n = 11,
      nz = 3,
      dx = 300,
      dz = 20,
      porosity = 0.2,
      bubblePoint = 3200;
    const pores = poreBarrels((n * dx) ** 2 * dz * nz, porosity);
    const oilCompressibility = Math.log(1.4637 / 1.4204) / (5700 - 3200);
    const compressibility = (1 - COREY.swc) * oilCompressibility + COREY.swc * WATER.cw + 4e-6;
    const points = expansionLine({
      poreVolume: pores,
      compressibility,
      rate: values.oil * 1.45,
      pressure: values.pressure,
      until: bubblePoint,
    });
    return {
      paper: [{ vector: 'FPR', title: 'Material balance to the bubble point', points }],
      remark: `The bubble point is ${bubblePoint} psia.`,
      model: modelOf('depletion', values, {
        grid: { nx: n, ny: n, nz, dx, dy: dx, dz: uniform(nz, () => dz), tops: 7000 },
        rock: { compressibility: 4e-6, pref: 4000, porosity, permx: 120, permy: 120, permz: 12 },
        oil: LIVE_OIL,
        initial: explicit({ pressure: values.pressure, rs: 0.8278 }),
        wells: [well('PROD', column(5, 5, 0, nz))],
        schedule: start({ PROD: { control: 'orat', orat: values.oil, bhp: values.bhp } }),
      }),
    };
  },

  segregation(values) {
    const nx = 8,
      nz = 24;
    const layer = (/** @type {number[]} */ thirds) =>
      uniform(nz, (k) => thirds[Math.min(2, Math.floor((k * 3) / nz))]);
    return {
      paper: [],
      remark: '',
      model: modelOf('segregation', values, {
        grid: { nx, ny: 1, nz, dx: 30, dy: 30, dz: uniform(nz, () => 5), tops: 5000 },
        rock: { compressibility: 4e-6, pref: 3000, porosity: 0.25, permx: 300, permy: 300, permz: values.kv },
        oil: deadOil(values.viscosity),
        relperm: coreyTables({ sorw: 0.1, sorg: 0.05, krw: 0.6 }),
        initial: explicit({ sw: layer([0.9, 0.2, 0.2]), sg: layer([0, 0, 0.75]) }),
        wells: [],
        schedule: [],
      }),
    };
  },

  coning(values) {
    const n = 15,
      nz = 12,
      dz = 8;
    // Finer towards the well in the middle.
    const width = uniform(n, (i) => 30 * 1.45 ** Math.abs(i - 7));
    return {
      paper: [],
      remark: '',
      model: modelOf('coning', values, {
        grid: { nx: n, ny: n, nz, dx: width, dy: width, dz: uniform(nz, () => dz), tops: 6500 },
        rock: {
          compressibility: 4e-6,
          pref: 3000,
          porosity: 0.22,
          permx: 150,
          permy: 150,
          permz: 150 * values.kv,
        },
        oil: deadOil(values.viscosity),
        initial: {
          type: 'equil',
          datum_depth: 6500,
          datum_pressure: 3000,
          woc: 6500 + dz * 8,
          pcow_at_woc: 0,
          goc: 6000,
          pcgo_at_goc: 0,
          rsvd: [
            [6000, 0],
            [7000, 0],
          ],
        },
        wells: [well('PROD', column(7, 7, 0, Math.round(values.standoff)))],
        schedule: start({ PROD: { control: 'lrat', lrat: values.oil, bhp: 500 } }),
        // An aquifer below keeps the pressure: 64 ft of oil and 32 ft of water under the datum.
        boundaries: [{ face: 'z+', type: 'pressure', pressure: 3037.3, fluid: 'water' }],
      }),
    };
  },

  field(values) {
    const nx = 30,
      ny = 20,
      nz = 3;
    const layers = [0, 1, 2].flatMap((k) =>
      channels(nx, ny, { poor: 30, contrast: values.contrast, seed: values.seed + 17 * k }),
    );
    const producers = { P1: [2, 2], P2: [27, 2], P3: [2, 17], P4: [27, 17] };
    return {
      paper: [],
      remark: '',
      model: modelOf('field', values, {
        grid: { nx, ny, nz, dx: 120, dy: 120, dz: uniform(nz, () => 15), tops: 6200 },
        rock: {
          compressibility: 4e-6,
          pref: 3000,
          porosity: layers.map((k) => 0.14 + 0.03 * Math.log10(k / 10)),
          permx: layers,
          permy: layers,
          permz: layers.map((k) => 0.1 * k),
        },
        oil: deadOil(values.viscosity),
        initial: explicit({}),
        wells: [
          injector('I1', column(10, 10, 0, nz)),
          injector('I2', column(20, 10, 0, nz)),
          ...Object.entries(producers).map(([name, [i, j]]) => well(name, column(i, j, 0, nz))),
        ],
        schedule: start({
          ...Object.fromEntries(
            ['I1', 'I2'].map((name) => [name, { control: 'rate', rate: values.rate, bhp: 8000 }]),
          ),
          ...Object.fromEntries(Object.keys(producers).map((name) => [name, { control: 'bhp', bhp: 1800 }])),
        }),
      }),
    };
  },
};

/**
 * What the gas cap bears before it tongues down the flanks: Dietz's rate of a ring of rock at the contact,
 * whose slope is the dome's there.
 * @param {number} goc @param {number} height  of the oil, ft
 */
function tongueRate(goc, height) {
  const radius = 250 * Math.sqrt((2 * (goc - 7000)) / 1.2),
    slope = (1.2 * radius) / 250 / 250;
  const mobilityRatio = (COREY.krg / 0.0214) * 0.4367;
  return dietzRate({
    permeability: 150,
    krw: COREY.krg,
    area: 2 * Math.PI * radius * height,
    angle: (Math.atan(slope) * 180) / Math.PI,
    densityDifference: 35,
    viscosity: 0.0214,
    mobilityRatio,
  });
}

/** Centres of cells below tops, i fastest. @param {number[]} tops @param {number} nz @param {number} dz */
function depths(tops, nz, dz) {
  return Array.from({ length: nz }, (_, k) => tops.map((top) => top + (k + 0.5) * dz)).flat();
}

/**
 * Rock with winding channels.
 * @param {number} nx @param {number} ny
 * @param {{ poor: number, contrast: number, seed: number }} how
 */
function channels(nx, ny, { poor, contrast, seed }) {
  const field = smoothField(nx, ny, { mean: 1, spread: 0.7, length: 5, seed });
  const sorted = [...field].sort((a, b) => a - b);
  const good = sorted[Math.floor(0.65 * sorted.length)];
  return field.map((value) => poor * (value >= good ? contrast : 1) * (0.7 + 0.6 * Math.min(1, value / good)));
}

/**
 * @param {string} id  of a scenario
 * @param {Values} values
 * @returns {Case}
 */
export function caseOf(id, values) {
  return BUILDERS[id](values);
}
