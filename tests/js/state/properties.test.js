// SPDX-License-Identifier: MIT
// Guards the names and units that people read. Units are those of BORES's documentation
// (oil-field units; Bg in ft³/SCF, rates at reservoir conditions in ft³/day).
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PROPERTIES, describeProperty, propertyLabel } from '../../../js/state/properties.js';

test('a property is known by the end of its path, whatever the layout above it', () => {
  assert.equal(describeProperty('model.fluid_properties.pressure_grid').unit, 'psi');
  assert.equal(describeProperty(['model', 'fluid_properties', 'pressure_grid']).name, 'Pressure');
  assert.equal(propertyLabel('rock_properties.absolute_permeability.x'), 'Permeability x [mD]');
  assert.equal(propertyLabel('model.rock_properties.porosity_grid'), 'Porosity');
});

test('the same phase name has the unit of its group', () => {
  assert.equal(propertyLabel('production.oil'), 'Oil production rate [ft³/day]');
  assert.equal(propertyLabel('rates.production_rates.oil'), 'Oil production rate [ft³/day]');
  assert.equal(describeProperty('rates.production_fvfs.oil').unit, 'bbl/STB');
  assert.equal(describeProperty('rates.production_fvfs.gas').unit, 'ft³/SCF');
  assert.equal(describeProperty('rates.injection_bhps.water').unit, 'psi');
  assert.equal(describeProperty('rates.injection_mass_rates.water').unit, 'lbm/day');
});

test('what spans decades is marked for a logarithmic scale, fractions have limits', () => {
  assert.equal(describeProperty('relative_mobilities.gas_relative_mobility').log, true);
  assert.equal(describeProperty('absolute_permeability.z').log, true);
  assert.equal(describeProperty('fluid_properties.pressure_grid').log, false);
  assert.deepEqual(describeProperty('fluid_properties.oil_saturation_grid').range, [0, 1]);
  assert.equal(describeProperty('fluid_properties.pressure_grid').range, null);
});

test('an unknown property gets a readable name and no unit', () => {
  const property = describeProperty('model.fluid_properties.polymer_concentration_grid');
  assert.deepEqual({ ...property },
    { name: 'Polymer concentration', unit: '', group: 'Other', log: false, range: null });
  assert.equal(describeProperty('').name, '');
  assert.equal(describeProperty(['__proto__']).group, 'Other');
});

test('every row is complete', () => {
  for (const [suffix, { name, unit, group }] of PROPERTIES) {
    assert.match(suffix, /^[a-z_]+(\.[a-z_]+)?$/);
    assert.ok(name.length > 2 && group.length > 2, suffix);
    assert.equal(typeof unit, 'string', suffix);
  }
});
