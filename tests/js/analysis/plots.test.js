// SPDX-License-Identifier: MIT
// Plots and maps against what they are known to be: tanks with one drive, whose N and m are made up
// before the states; errors that BORES stored itself; sums; NumPy's percentiles.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';

import { ModelAnalyst, openStore } from '../../../js/index.js';
import { analystAnswers, runFolder } from '../../helpers/fixtures.js';

/** @type {(() => unknown)[]} */
const endings = [];
after(() => Promise.all(endings.map((end) => end())));

/** @param {string} location */
async function analyse(location) {
  const store = await openStore(location, { mode: 'r' });
  const analyst = await ModelAnalyst.from(store);
  endings.push(() => store.close(), () => analyst.close());
  return { store, analyst };
}

/** @param {string} name */
const tank = async (name) =>
  (await analyse(path.join(analystAnswers(), 'synthetic', `${name}.json`))).analyst;
const { store, analyst } = await analyse(runFolder('head/wf_f64'));

/** @param {number} got @param {number} want @param {number} [rel] */
function near(got, want, rel = 1e-9) {
  assert.ok(Math.abs(got - want) <= rel * Math.abs(want), `${got}, not ${want}`);
}

test('Havlena and Odeh: the lines of a tank give its N and m', async () => {
  const solution = await tank('tank_solution');
  near(solution.havlenaOdehPlot().oilInPlaceByExpansion, solution.stoiip, 1e-6);
  const cap = await tank('tank_gascap');
  const { expansionLine, withdrawal, totalExpansion } = cap.havlenaOdehPlot();
  near(expansionLine.slope, cap.stoiip, 1e-6);
  assert.ok(Math.abs(expansionLine.intercept) < 1e-6 * withdrawal.at(-1));
  near(withdrawal.at(-1), cap.stoiip * totalExpansion.at(-1), 1e-8);
  const [low, high] = expansionLine.slopeInterval;
  assert.ok(low <= expansionLine.slope && expansionLine.slope <= high);
});

test('Campbell: level at N without water, above it with some', async () => {
  const level = await tank('tank_solution');
  near(level.campbellPlot().oilInPlace, level.stoiip, 1e-6);
  const wet = await tank('tank_combined');
  const { withdrawalOverExpansion, totalExpansion } = wet.campbellPlot();
  const { aquiferInflux } = wet.materialBalance();
  assert.ok(aquiferInflux > 0);
  near(withdrawalOverExpansion.at(-1), wet.stoiip + aquiferInflux / totalExpansion.at(-1), 1e-8);
});

test('the balance of the grids is what the solver stored', () => {
  const { waterError, storedWaterError, oilError } = analyst.materialBalanceCheck();
  assert.equal(waterError.length, 25);
  for (let n = 1; n < 25; n++) {
    // The solver's is of masses, ours of surface volumes.
    assert.ok(Math.abs(Math.abs(waterError[n]) - Math.abs(storedWaterError[n]))
      <= 1e-4 * Math.abs(storedWaterError[n]) + 2e-7, `${waterError[n]}, ${storedWaterError[n]}`);
  }
  assert.equal(oilError[0], 0);
});

test('P/Z falls with what is produced, and Chan tells ratios', () => {
  const { pressureOverZ, line, gasInPlace } = analyst.pzPlot();
  near(gasInPlace, -line.intercept / line.slope);
  assert.ok(pressureOverZ[0] > pressureOverZ.at(-1));
  const { waterOilRatio, gasOilRatio } = analyst.chanPlot();
  assert.ok(Number.isNaN(waterOilRatio[0]), 'nothing flows in the first state');
  const { waterRate, oilRate, gasRate } = analyst.instantaneousProductionRates({ step: 9 });
  near(waterOilRatio[9], waterRate / oilRate);
  near(gasOilRatio[9], gasRate / oilRate);
});

test('the Hall plot integrates pressure differences', () => {
  const { hallIntegral, waterInjected, hallDerivative } = analyst.hallPlot({ well: 'INJ-1' });
  const bhp = analyst.vectors(['WBHP:INJ-1'])['WBHP:INJ-1'].values;
  const mean = analyst.vectors(['FPRP']).FPRP.values;
  const { days } = analyst;
  let sum = 0;
  for (let n = 1; n < days.length; n++) {
    if (Number.isFinite(bhp[n])) sum += (bhp[n] - mean[n]) * (days[n] - days[n - 1]);
  }
  near(hallIntegral.at(-1), sum, 1e-12);
  near(waterInjected.at(-1), analyst.Wi, 1e-12);
  assert.ok(hallDerivative.at(-1) > 0);
  assert.throws(() => analyst.hallPlot({ well: 'NOBODY' }), /no well 'NOBODY'/);
});

test('recovery against pore volumes injected', () => {
  const { poreVolumesInjected, oilRecoveryFactor, replacement } = analyst.recoveryPlot();
  near(oilRecoveryFactor.at(-1), analyst.oilRecoveryFactor);
  near(replacement.at(-1), analyst.vrr());
  near(poreVolumesInjected.at(-1), analyst.vectors(['FVIT']).FVIT.values.at(-1)
    / analyst.vectors(['FRPV']).FRPV.values[0]);
});

test('breakthrough is the first state beyond the limit', async () => {
  const [{ name, water, gas }] = analyst.breakthroughTimes({ waterCut: 0.3, gorFactor: 1.1 });
  const cut = analyst.vectors(['FWCT', 'FGOR']);
  assert.equal(name, 'PROD-1');
  assert.equal(water.step, cut.FWCT.values.findIndex((value) => value > 0.3));
  assert.equal(gas.step, cut.FGOR.values.findIndex((value) => value * 1000 > 1.1 * 1270));
  const dry = (await tank('decline_exponential')).breakthroughTimes({ waterCut: 0.99 });
  assert.equal(dry[0].water, null);
});

test('maps of columns add up to volumes', async () => {
  const thickness = await analyst.sweepMap({ step: 12, quantity: 'oilThickness' });
  const drained = await analyst.sweepMap({ step: 12, quantity: 'oilDrained' });
  const movable = await analyst.sweepMap({ step: 12, quantity: 'movableOilThickness' });
  assert.deepEqual([...thickness.values.shape, thickness.unit], [10, 8, 'ft']);
  const sum = (/** @type {any} */ map) =>
    map.values.data.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
  const first = await analyst.sweepMap({ step: 0, quantity: 'oilThickness' });
  near((sum(first) - sum(thickness)) * 300 * 250, sum(drained), 1e-9);
  assert.ok(sum(movable) > 0 && sum(movable) < sum(thickness));
});

test('statistics of a grid', async () => {
  const property = 'model.fluid_properties.pressure_grid';
  const all = await analyst.statistics({ step: 12, property });
  const { data } = await store.read(12, property);
  const sorted = Float64Array.from(data).sort();
  // numpy.percentile(): linear between ranks.
  const rank = 0.1 * (sorted.length - 1), below = Math.floor(rank);
  near(all.p10, sorted[below] + (rank - below) * (sorted[below + 1] - sorted[below]), 1e-14);
  assert.deepEqual([all.count, all.min, all.max, all.regions.length],
    [240, sorted[0], sorted.at(-1), 3]);
  near(all.poreVolumeWeighted, analyst.vectors(['FPRP']).FPRP.values[12]);
  await assert.rejects(analyst.statistics({ property: 'model.nothing' }), /no grid 'model.nothing'/);
});

test('two runs at equal times', async () => {
  const { store: half } = await analyse(runFolder('head/wf_f64'));
  const some = await ModelAnalyst.from(half.load({ indices: [0, 6, 12, 18, 24] }));
  const { FPR, FOPT } = some.compare(analyst, ['FPR', 'FOPT']);
  assert.deepEqual([FPR.count, FPR.rms], [5, 0]);
  assert.equal(FOPT.worst, Math.max(...FOPT.difference.map(Math.abs)));
  const back = analyst.compare(some, ['FPR']).FPR;
  const pressure = analyst.vectors(['FPR']).FPR;
  const share = (pressure.days[20] - pressure.days[18]) / (pressure.days[24] - pressure.days[18]);
  near(back.difference[20] + pressure.values[18]
    + share * (pressure.values[24] - pressure.values[18]), pressure.values[20], 1e-12);
  some.close();
});

test('a report has an answer for everything, or why there is none', () => {
  const report = analyst.report();
  assert.equal(report.states, 25);
  near(report.recovery.oil, analyst.oilRecoveryFactor);
  assert.equal(report.wells.length, 2);
  assert.ok(Object.values(report).every((part) => !part?.error));
});
