// SPDX-License-Identifier: MIT
// Vectors by ECLIPSE's mnemonics. What they must be follows from answers that are computed
// independently (answers.test.js), units apart, and from sums over wells and regions.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { ModelAnalyst, openStore } from '../../../js/index.js';
import { runFolder } from '../../helpers/fixtures.js';

const store = await openStore(runFolder('head/wf_f64'), { mode: 'r' });
const analyst = await ModelAnalyst.from(store);
const guideStore = await openStore(runFolder('guide/wf_f64'), { mode: 'r' });
const guide = await ModelAnalyst.from(guideStore);
after(async () => {
  await Promise.all([store.close(), guideStore.close()]);
  analyst.close();
  guide.close();
});

/** @param {ArrayLike<number>} got @param {ArrayLike<number>} want @param {string} what */
function assertNear(got, want, what) {
  assert.equal(got.length, want.length, what);
  for (let n = 0; n < want.length; n++) {
    assert.ok(Math.abs(got[n] - want[n]) <= 1e-12 * Math.abs(want[n]),
      `${what}[${n}]: ${got[n]}, not ${want[n]}`);
  }
}

/** @param {ModelAnalyst} of @param {string} name */
const valuesOf = (of, name) => of.vectors([name])[name].values;

/** @param {[number, number][]} history @param {number} [divisor] */
const numbers = (history, divisor = 1) => history.map(([, value]) => value / divisor);

test('field vectors are the histories, in FIELD units', () => {
  const { days, steps, unit, title } = analyst.vectors(['FGPT']).FGPT;
  assert.deepEqual([...steps], analyst.availableSteps);
  assert.equal(days.at(-1), 60);
  assert.deepEqual([unit, title], ['MSCF', 'Gas produced']);
  const cumulative = true;
  for (const [name, want] of /** @type {[string, number[]][]} */ ([
    ['FOPR', numbers(analyst.oilRateHistory())],
    ['FGPR', numbers(analyst.gasRateHistory(), 1000)],
    ['FOPT', numbers(analyst.oilProductionHistory({ cumulative }))],
    ['FGPT', numbers(analyst.gasProductionHistory({ cumulative }), 1000)],
    ['FWIT', numbers(analyst.waterInjectionHistory({ cumulative }))],
    ['FOIP', numbers(analyst.oilInPlaceHistory())],
    ['FGIP', numbers(analyst.gasInPlaceHistory(), 1000)],
    ['FVRR', numbers(analyst.vrrHistory())],
    ['FWCT', analyst.instantaneousRatesHistory().map(([, { waterCut }]) => waterCut)],
    ['FGOR', analyst.instantaneousRatesHistory().map(([, { gasOilRatio }]) => gasOilRatio / 1000)],
    ['FHPV', analyst.reservoirVolumetricsHistory()
      .map(([, { hydrocarbonPoreVolume }]) => hydrocarbonPoreVolume / 5.614583)],
    ['TIME', analyst.days],
    ['YEARS', analyst.days.map((day) => day / 365.25)],
  ])) assertNear(valuesOf(analyst, name), want, name);
});

test('wells, connections and regions add up to the field', () => {
  /** @param {ModelAnalyst} of @param {string[]} names */
  const sum = (of, names) => names.map((name) => valuesOf(of, name))
    .reduce((total, part) => total.map((value, n) => value + part[n]));
  for (const [of, wells] of /** @type {[ModelAnalyst, string[]][]} */ ([
    [analyst, ['PROD-1']], [guide, ['PROD-1', 'PROD-2 Ærøskøbing']]])) {
    for (const quantity of ['OPR', 'GPT', 'WPT', 'VPR']) {
      const field = valuesOf(of, `F${quantity}`);
      assertNear(sum(of, wells.map((name) => `W${quantity}:${name}`)), field, quantity);
      const regions = of.vectorNames().filter(({ kind, quantity: of_ }) =>
        kind === 'region' && of_ === quantity).map(({ name }) => name);
      assert.ok(regions.length > 2);
      assertNear(sum(of, regions), field, quantity);
    }
  }
  assertNear(sum(analyst, ['COPR:PROD-1:10,8,1', 'COPR:PROD-1:10,8,2', 'COPR:PROD-1:10,8,3']),
    valuesOf(analyst, 'FOPR'), 'COPR');
});

test('regions may be any integers', async () => {
  const cells = 10 * 8 * 3;
  const halves = Int32Array.from({ length: cells }, (_, cell) => (cell < cells / 2 ? 0 : 7));
  const other = await ModelAnalyst.from(store, { regions: halves });
  const { unit, values } = other.vectors(['ROIP:7'])['ROIP:7'];
  const first = await store.read(0, 'model.fluid_properties.oil_saturation_grid');
  assert.equal(unit, 'STB');
  assert.ok(values[0] > 0 && values[0] < other.stoiip && first.size === cells);
  assert.equal(valuesOf(other, 'ROIP:3')[0], 0);
  assert.equal(other.stoiip, analyst.stoiip);
  other.close();
});

test('a bottom-hole pressure is that of the perforations', async () => {
  const { rates } = /** @type {any} */ (await store.load({ indices: [20] }).next()).value;
  const stored = [...rates.production_bhps.oil.values.data].filter(Number.isFinite);
  const known = valuesOf(analyst, 'WBHP:PROD-1')[20];
  assert.ok(stored.length > 0 && Math.min(...stored) <= known && known <= Math.max(...stored));
  assert.ok(Number.isNaN(valuesOf(guide, 'WBHP:PROD-1')[3]), 'the guide stores none');
});

test('names that are none are refused, with the reason', () => {
  for (const [name, why] of /** @type {[string, RegExp][]} */ ([
    ['FOPX', /no such mnemonic/], ['', /no such mnemonic/], ['WOPR:NOBODY', /no state has that well/],
    ['ROIP:9', /no such region/], ['COPR:PROD-1:11,8,1', /none of the grid's/],
    ['COPR:PROD-1', /NAME:i,j,k/], ['WOPR', /behind a colon/], ['FOPR:X', /no parts/], ['WOIP:PROD-1', /no such mnemonic/],
  ])) {
    assert.throws(() => analyst.vectors([name]), (error) => {
      assert.equal(/** @type {any} */ (error).code, 'ERR_NOT_FOUND');
      assert.match(/** @type {any} */ (error).message, why);
      return true;
    });
  }
});

test('wells of a step', () => {
  const [producer, injector] = analyst.wells({ step: 24 });
  assert.deepEqual([producer.name, producer.type, producer.state, producer.head],
    ['PROD-1', 'producer', 'open', [9, 7, 0]]);
  assert.deepEqual([producer.x, producer.y], [9.5 * 300, 7.5 * 250]);
  assert.equal(producer.oilRate, valuesOf(analyst, 'WOPR:PROD-1')[24]);
  assert.equal(injector.cumulativeWater, analyst.Wi);
});
