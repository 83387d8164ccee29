// SPDX-License-Identifier: MIT
// Metric values: the table against NIST SP 811 (2008), appendix B.8, as it prints the factors.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { METRIC, metricText, withMetric } from '../../../web/plot/metric.js';
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
