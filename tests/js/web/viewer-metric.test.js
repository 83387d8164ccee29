// SPDX-License-Identifier: MIT
// Metric values: the table against NIST SP 811 (2008), appendix B.8, as it prints the factors.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { METRIC, curveIn, metricText, unitsOf, withMetric } from '../../../web/plot/metric.js';
import { factsOf } from '../../../web/results/decline-controls.js';
import { numberOf } from '../../../web/plot/number-field.js';
import { PROPERTIES } from '../../../js/index.js';

test('factors are those of NIST SP 811, to the digits that it prints', () => {
  const printed = {
    psi: 6.894757e3 / 1e5, ft: 3.048e-1, lbm: 4.535924e-1, 'lbm/ft³': 1.601846e1, bbl: 1.589873e-1,
    'ft³': 2.831685e-2,
  };
  for (const [unit, factor] of Object.entries(printed)) {
    assert.ok(Math.abs(METRIC[unit].factor / factor - 1) < 5e-7, `${unit}: ${METRIC[unit].factor}, not ${factor}`);
  }
  assert.equal(metricText(212, '°F', 6), '100 °C');
  assert.equal(metricText(-40, '°F', 6), '−40 °C');
  assert.equal(metricText(14.5037738, 'psi', 6), '1 bar');
  // 1000 scf/STB: 178.1076 m³/m³ (both at the same conditions).
  assert.equal(metricText(1000, 'SCF/STB', 7), '178.1076 m³/m³');
});

test('what has no counterpart stays alone, as does what is no value', () => {
  assert.equal(withMetric('3 mD', 3, 'mD', 5), '3 mD');
  assert.equal(withMetric('no value', NaN, 'psi', 5), 'no value');
  assert.equal(withMetric('3000 psi', 3000, 'psi', 5), '3000 psi (206.84 bar)');
});

test('every unit of the registry is either converted or the same in both systems', () => {
  const same = new Set(['', 'cP', '°API', 'g/mol', 'ppm', 'mD', '°', '1/cP', 's']);
  const unknown = [...PROPERTIES.values()].map(({ unit }) => unit).filter((unit) => !same.has(unit) && !METRIC[unit]);
  assert.deepEqual(unknown, []);
});

test('numbers are told in metric units and typed in them; distances have no zero', () => {
  const { unit, inUnit, fromUnit } = unitsOf('°F', true);
  assert.equal(unit, '°C');
  assert.ok(Math.abs(inUnit(212) - 100) < 1e-12 && Math.abs(fromUnit(100) - 212) < 1e-12);
  assert.equal(unitsOf('°F', true, true).inUnit(9), 5);
  assert.deepEqual([unitsOf('psi', false).unit, unitsOf('psi', false).inUnit(3)], ['psi', 3]);
  assert.deepEqual([unitsOf('mD', true).unit, unitsOf('mD', true).fromUnit(3)], ['mD', 3]);
  const told = curveIn({ unit: 'STB/d', values: [1000] }, true);
  assert.equal(told.unit, 'm³/d');
  assert.ok(Math.abs(told.values[0] / 158.9873 - 1) < 1e-6); // NIST SP 811
  const known = { unit: '', values: [0.5] };
  assert.equal(curveIn(known, true), known);
});

test('numbers as they are written in German, French, Swiss and English', () => {
  for (const [text, value] of /** @type {const} */ ([['1,5', 1.5], ['1.5', 1.5], ['1.234,5', 1234.5],
    ['1,234.5', 1234.5], ['1 234,5', 1234.5], ['1\u202f234\u202f567', 1234567], ['1’234.5', 1234.5], ['−0,25', -0.25],
    ['1.234.567', 1234567], [' 3e-5 ', 3e-5], ['1,2e3', 1200], ['-7', -7]])) {
    assert.equal(numberOf(text), value, text);
  }
  for (const text of ['', '1,2,3', '1.23,4,5', 'a', '12.34.5', '1,23.4']) assert.ok(Number.isNaN(numberOf(text)), text);
});

test('a decline is told in the units of the curve that it fits', () => {
  const decline = /** @type {any} */ ({ phase: 'oil', model: 'exponential', initialRate: 1000, recovery: 1e6,
    declineRatePerYear: 0.1, bFactor: 0, rSquared: 1, error: '' });
  const of = (/** @type {boolean} */ metric) => Object.fromEntries(factsOf(decline, metric));
  assert.deepEqual([of(false)['Rate at first'], of(false)['Ultimate recovery']], ['1000 STB/d', '1000000 STB']);
  // NIST SP 811: a barrel is 0.1589873 m³.
  assert.deepEqual([of(true)['Rate at first'], of(true)['Ultimate recovery']], ['158.99 m³/d', '158987 m³']);
  decline.phase = 'gas';
  assert.equal(of(true)['Rate at first'], '28.317 m³/d'); // 1000 ft³
});
