// SPDX-License-Identifier: MIT
// The analyst over runs of OPM Flow. Expected: the simulator's own summary (FOPT, FOIP, ...) as resdata 6.3.5 read it,
// and sums over the keywords of the files, written out here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { BoresError, ModelAnalyst, NdArray, openNode, openStore } from '../../../js/index.js';
import { EclipseStates } from '../../../js/analysis/eclipse-states.js';
import { EclipseSummary } from '../../../js/analysis/eclipse-summary.js';
import { eclipseRuns } from '../../helpers/fixtures.js';

const folder = eclipseRuns();
const STB = 6.28981077, SCF = 35.3146667; // NIST SP 811: of 1 m3

/** Values of a vector by report step, at each of which the last row counts. @param {string} run */
function expectedOf(run) {
  const { summary } = JSON.parse(readFileSync(path.join(folder, 'expected', `${run}.json`), 'utf8'));
  return (/** @type {string} */ key) => {
    /** @type {number[]} */ const values = [];
    const { values: rows } = summary.vectors.find((/** @type {any} */ one) => one.key === key);
    summary.report_step_of_row.forEach((/** @type {number} */ step, /** @type {number} */ row) => { values[step] = rows[row]; });
    return values;
  };
}

/** @param {number} found @param {number} wanted @param {number} [tolerance] */
function near(found, wanted, tolerance = 1e-6) { // REAL of the summary
  assert.ok(Math.abs(found - wanted) <= tolerance * Math.abs(wanted), `${found}, not ${wanted}`);
}

/** @param {string} run @param {(analyst: ModelAnalyst) => unknown} use @param {'file' | 'bores'} [units] */
async function analyse(run, use, units = 'file') {
  const store = await openStore(path.join(folder, run), { units });
  try {
    const analyst = await ModelAnalyst.from(store);
    await use(analyst);
    analyst.close();
  } finally {
    await store.close();
  }
}

for (const units of /** @type {const} */ (['file', 'bores'])) {
  test(`what was produced is what the simulator says; a store in units of ${units}`, () => analyse('FAULT', (analyst) => {
    const known = expectedOf('FAULT');
    near(analyst.Np, known('FOPT').at(-1) * STB);
    near(analyst.Gp, known('FGPT').at(-1) * SCF);
    near(analyst.Wp, known('FWPT').at(-1) * STB);
    near(analyst.Wi, known('FWIT').at(-1) * STB);
    near(analyst.instantaneousProductionRates().oilRate, known('FOPR').at(-1) * STB);
    near(analyst.oilProduced({ cells: 'P1' }) + analyst.oilProduced({ cells: 'HOR' }) + analyst.oilProduced({ cells: 'LATE' }),
      known('FOPT').at(-1) * STB);
    const { FOPR, 'WBHP:P1': bhp, FPR, 'ROIP:2': region } = analyst.vectors(['FOPR', 'WBHP:P1', 'FPR', 'ROIP:2']);
    assert.deepEqual([FOPR.unit, bhp.unit, FPR.unit, region.unit], ['STB/DAY', 'PSIA', 'PSIA', 'STB']);
    near(FOPR.values[3], known('FOPR')[3] * STB);
    near(bhp.values[7], known('WBHP:P1')[7] * 14.503773773);
    near(region.values[7], known('ROIP:2')[7] * STB);
    assert.ok(analyst.vectorNames().some(({ name, kind, subject }) => name === 'ROIP:2' && kind === 'region' && subject === '2'));
  }, units));
}

/** A keyword of a file, the n-th of its name. @param {string} file @param {string} name @returns {Promise<any>} */
async function keyword(file, name) {
  const node = await openNode(path.join(folder, file));
  try {
    return (await (await node.open(name)).read()).data;
  } finally {
    await node.close();
  }
}

test('volumes in place are sums of PORV S / B, where the restart has B', () => analyse('DIP3', async (analyst) => {
  const [porv, water, gas, reciprocal] = await Promise.all([keyword('DIP3/DIP3.INIT', 'PORV'),
    keyword('DIP3/DIP3.UNRST', 'SWAT'), keyword('DIP3/DIP3.UNRST', 'SGAS'), keyword('DIP3/DIP3.UNRST', '1OVERBO')]);
  let oil = 0; // all cells are active; FIELD: rb and rb/stb
  for (let n = 0; n < porv.length; n++) oil += porv[n] * (1 - water[n] - gas[n]) * reciprocal[n];
  near(analyst.stoiip, oil);
  const { FRPV } = analyst.vectors(['FRPV']);
  near(FRPV.values[0], porv.reduce((/** @type {number} */ sum, /** @type {number} */ v) => sum + v, 0));
  // PORV is that of the reference pressure, FOIP of the pressure that there is.
  near(analyst.oilInPlace(), expectedOf('DIP3')('FOIP').at(-1), 0.02);
  assert.ok(analyst.voidageReplacementRatio() > 0);
  const wells = analyst.wells();
  assert.deepEqual(wells.map(({ name }) => name), ['PROD-A1', 'PROD-B2', 'INJW', 'INJG']);
  near(wells.reduce((sum, { cumulativeOil }) => sum + cumulativeOil, 0), expectedOf('DIP3')('FOPT').at(-1));
}));

test('and where it has none, the summary says them, or why there is no answer', () => analyse('SPE1', (analyst) => {
  const known = expectedOf('SPE1');
  near(analyst.oilInPlace(), known('FOIP').at(-1));
  near(analyst.gasInPlace({ step: 3 }), known('FGIP')[3] * 1000);
  near(analyst.stoiip, known('FOIP')[1] + known('FOPT')[1]);
  near(analyst.oilRecoveryFactor, known('FOPT').at(-1) / (known('FOIP')[1] + known('FOPT')[1]));
  const refused = { name: 'BoresError', message: /formation.volume.factor/ };
  assert.throws(() => analyst.voidageReplacementRatio(), refused);
  assert.throws(() => analyst.stwiip, refused); // an aquifer may have brought some
  assert.throws(() => analyst.vectors(['FVPR']), refused);
  assert.equal(analyst.report().initial.oil, analyst.stoiip);
}));

test('a first restart that is late, and a run without gas', async () => {
  await analyse('NNC_SKIP', (analyst) => near(analyst.Np, expectedOf('NNC_SKIP')('FOPT').at(-1) * STB));
  await analyse('OILWATER', (analyst) => {
    near(analyst.Wi, expectedOf('OILWATER')('FWIT').at(-1) * STB);
    assert.equal(analyst.Gp, 0);
  });
});

test('grids of a state are read again for sweep', () => analyse('DIP3', async (analyst) => {
  const { volumetricSweepEfficiency } = await analyst.sweepEfficiencyAnalysis({ displacingPhase: 'gas' });
  assert.ok(volumetricSweepEfficiency > 0 && volumetricSweepEfficiency <= 1, String(volumetricSweepEfficiency));
  await assert.rejects(async () => { for await (const step of analyst.follow()) step; }, BoresError);
}));

/** Volumes of a well that is open at a first report and shut at the second, by hand: Bo 1.2, Bg 0.005, Rs 200. */
for (const [what, first] of /** @type {const} */ ([['flowed at the report before', true], ['was shut then, too', false]])) {
  test(`what a well has produced counts, though it is shut on the day of the report and ${what}`, async () => {
    const cell = (/** @type {number} */ value) => new NdArray(Float64Array.of(value), [1, 1, 1], 'float64');
    const wells = [[first, 100, 50_000, 0, 0], [false, 0, 0, 1000, 500_000]].map(([isOpen, oil, gas, np, gp]) => [{
      name: 'P', type: isOpen ? 'producer' : null, isOpen, bottomHolePressure: 1, rates: { oil, water: 0, gas },
      totals: { oil: np, water: 0, gas: gp, waterInjected: 0, gasInjected: 0 },
      connections: [{ cell: [0, 0, 0], isOpen, factor: 1, rates: null }],
    }]);
    const store = /** @type {any} */ ({
      info: async () => ({ unitSystem: 'FIELD', phases: ['oil', 'gas'] }),
      entries: async () => [{ idx: 0 }, { idx: 1 }],
      wells: async (/** @type {number} */ n) => wells[n],
      load: async function* load(/** @type {any} */ { indices: [step] }) {
        yield { step, eclipse: { PORV: cell(1) }, model: { rock_properties: {}, fluid_properties: {
          pressure_grid: cell(3000), oil_formation_volume_factor_grid: cell(1.2),
          gas_formation_volume_factor_grid: cell(0.005), solution_gas_to_oil_ratio_grid: cell(200) } } };
      },
    });
    const states = new EclipseStates(store);
    let last;
    for await (const tree of states.load([], {})) last = tree.cumulatives.wells.P;
    const free = 500_000 - 1000 * 200;
    assert.equal(last.free_gas_produced, free);
    near(last.reservoir_oil_produced, 1000 * 1.2 * 5.614583, 1e-12);
    near(last.reservoir_gas_produced, free * 0.005, 1e-12);
    assert.equal(states.withoutReservoir, undefined);
  });
}

test('a ratio has the unit of what is over what', async () => {
  const keys = ['FGOR', 'FWGR', 'FWCT'];
  const summary = new EclipseSummary();
  await summary.read(/** @type {any} */ ({ vectorNames: async () => keys.map((key) => ({ key, keyword: key, name: '', number: 0 })),
    vectors: async () => keys.map((key) => ({ key, unit: 'SM3/SM3', steps: [1], values: Float32Array.of(1) })) }), {});
  const [gor, wgr, cut] = keys.map((key) => summary.vector(key, [1], [1]));
  assert.deepEqual([gor?.unit, wgr?.unit, cut?.unit], ['MSCF/STB', 'STB/MSCF', 'SM3/SM3']);
  near(/** @type {any} */ (gor).values[0], 0.0353146667 / 6.28981077); // NIST SP 811
  near(/** @type {any} */ (wgr).values[0], 6.28981077 / 0.0353146667);
  assert.equal(cut?.values[0], 1);
});

test('a summary without a restart is told as what it is', async (t) => {
  const store = await openStore(fileURLToPath(new URL('../../data/analyst/SUMMARY.SMSPEC', import.meta.url)), { mode: 'r' });
  t.after(() => store.close());
  await assert.rejects(ModelAnalyst.from(store), { code: 'ERR_NOT_FOUND',
    message: /has no restart, and so no state to analyse; its summary's curves are those of store\.vectors\(\)/ });
  const [oil] = await /** @type {any} */ (store).vectors(['FOPR']);
  assert.equal(oil.values.length, 25);
});
