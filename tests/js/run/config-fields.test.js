// SPDX-License-Identifier: MIT
// What becomes of each field of a BORES configuration: docs/simulation.md has the lists of js/run/bores.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { boresCase } from '../../../js/run/run-case.js';
import { readBoresFiles } from '../../../js/run/input-files.js';
import { boresFiles } from './inputs.js';

const root = new URL('../../../', import.meta.url);
const source = ['config', 'nested-fields', 'table-fields'].map((name) =>
  readFileSync(new URL(`js/run/bores/${name}.js`, root), 'utf8')).join('\n');

/** @param {string} name  of a set there */
function fieldsOf(name) {
  const [, text = ''] = new RegExp(`const ${name} = new Set\\(\\[([^\\]]*)\\]`).exec(source) ?? [];
  const shared = /const ENDPOINTS = \[([^\]]*)\]/.exec(source)?.[1] ?? '';
  return [...text.replace('...ENDPOINTS', shared).matchAll(/'(\w+)'/g)].map(([, field]) => field);
}

test('the document has the fields of a configuration', () => {
  const text = readFileSync(new URL('docs/simulation.md', root), 'utf8');
  const rows = [['honoured, or refused by name', 'HONOURED'], ['named, without effect', 'NUMERICAL'],
    ['named, there is no hysteresis', 'HYSTERESIS']].map(([what, name]) => {
    const fields = fieldsOf(name);
    assert.ok(fields.length > 2, name);
    return `| ${what} | \`${fields.join(' ')}\` |`;
  });
  assert.ok(text.includes(rows.join('\n')), `docs/simulation.md has not\n${rows.join('\n')}`);
});

test('the document has the fields within', () => {
  const text = readFileSync(new URL('docs/simulation.md', root), 'utf8');
  const rows = [['timer', 'TIMER'], ['timer, named, without effect', 'STEP_CONTROL'],
    ['timer, where BORES stands', 'PROGRESS'], ['a well', 'WELL'], ['a well, named, without effect', 'WELL_IDLE'],
    ['an injected fluid', 'FLUID'], ['an injected fluid, named, without effect', 'FLUID_IDLE'], ['a control', 'CONTROL'],
    ['a clamp', 'CLAMP'], ['`rock_fluid_tables`', 'TABLES'], ['a relative permeability', 'RELPERM'],
    ['a relative permeability, named, without effect', 'RELPERM_IDLE'], ['a two-phase table', 'TWO_PHASE'],
    ["LET's curve", 'LET']].map(([what, name]) => {
    const fields = fieldsOf(name);
    assert.ok(fields.length > 0, name);
    return `| ${what} | \`${fields.join(' ')}\` |`;
  });
  assert.ok(text.includes(rows.join('\n')), `docs/simulation.md has not\n${rows.join('\n')}`);
});

test('fields within that are not known are named, none that BORES writes is', async () => {
  for (const version of /** @type {const} */ (['guide', 'head'])) {
    const input = await readBoresFiles(boresFiles(version), {});
    const remarksOf = (/** @type {any} */ config) => boresCase({ ...input, config }, {}).problems.remarks;
    const unknown = (/** @type {{ path: string, message: string }[]} */ remarks) =>
      remarks.filter(({ message }) => message.includes('not known')).map(({ path }) => path);
    const own = remarksOf(input.config);
    assert.deepEqual(unknown(own), []);
    assert.ok(own.some(({ path, message }) => path === 'config.timer' && message.includes('cfl_safety_margin')));
    const changed = structuredClone(input.config);
    changed.timer.wibble = 1;
    const [key] = Object.keys(changed.wells.injection_wells);
    const { injection_well: well } = changed.wells.injection_wells[key];
    well.wobble = 1;
    Object.assign(Object.values(well.control)[0], { wubble: 1 });
    const path = `config.wells.injection_wells.${key}`;
    const tables = changed.rock_fluid_tables, [relperm, capillary] = Object.values(tables);
    well.injected_fluid.wabble = 1;
    Object.assign(Object.values(Object.values(well.control)[0].clamp)[0], { webble: 1 });
    Object.assign(Object.values(relperm)[0], { krumm: 1 });
    Object.assign(Object.values(capillary)[0], { schief: 1 });
    tables.hysteresis_table = null;
    assert.deepEqual(unknown(remarksOf(changed)).sort(), ['config.timer.wibble', `${path}.wobble`,
      `${path}.control.${Object.keys(well.control)[0]}.wubble`, `${path}.control.${Object.keys(well.control)[0]}.clamp.webble`,
      `${path}.injected_fluid.wabble`, 'config.rock_fluid_tables.relative_permeability_table.krumm',
      'config.rock_fluid_tables.capillary_pressure_table.schief', 'config.rock_fluid_tables.hysteresis_table'].sort());
  }
});

test('what is known of fluids, clamps and controls and has no effect is named', async () => {
  const input = await readBoresFiles(boresFiles('head'), {});
  const { injection_well: well } = input.config.wells.injection_wells['INJ-1'];
  well.control = { bhp_control: { bhp: 5000, target_phase: 'water', clamp: { injection_clamp: { rate: 1, bhp: null } } } };
  const { remarks, list } = boresCase(input, {}).problems;
  const at = 'config.wells.injection_wells.INJ-1';
  const said = (/** @type {string} */ path) => remarks.filter((remark) => remark.path === path).map(({ message }) => message).join();
  assert.deepEqual(list, []);
  assert.match(said(`${at}.injected_fluid`), /pvt_table, .*specific_gravity, molecular_weight, todd_longstaff_omega/);
  assert.match(said(`${at}.control.bhp_control.target_phase`), /no effect/);
  assert.match(said(`${at}.control.bhp_control.clamp`), /numbers bound/);
  assert.match(said('config.wells'), /produced_fluids/);
  assert.match(said('config.rock_fluid_tables.relative_permeability_table'), /minimum_water_relperm/);
});

test('clamps and phases of tables that are not what they must be are refused', async () => {
  const input = await readBoresFiles(boresFiles('head'), {});
  const { injection_well: well } = input.config.wells.injection_wells['INJ-1'];
  const problemsOf = (/** @type {unknown} */ clamp) => {
    Object.assign(Object.values(well.control)[0], { clamp });
    return boresCase(input, {}).problems.list.map(({ code, path }) => `${code} ${path.split('.').at(-1)}`);
  };
  assert.deepEqual(problemsOf(null), []);
  assert.deepEqual(problemsOf(7), ['ERR_VALIDATION clamp']);
  assert.deepEqual(problemsOf({ production_clamp: { rate: null } }), ['ERR_UNSUPPORTED clamp']);
  assert.deepEqual(problemsOf({ type: 'registered', name: 'mine' }), ['ERR_UNSUPPORTED clamp']);
  problemsOf(null);
  const rows = { reference_saturation: [0.2, 0.8], wetting_phase_relative_permeability: [0, 1],
    non_wetting_phase_relative_permeability: [1, 0] };
  input.config.rock_fluid_tables.relative_permeability_table = { three_phase_relperm_table: {
    oil_water_table: { ...rows, wetting_phase: 'gas' }, gas_oil_table: { ...rows, reference_phase: 'both' } } };
  assert.deepEqual(boresCase(input, {}).problems.list.map(({ path }) => path.split('.').slice(3).join('.')),
    ['oil_water_table', 'gas_oil_table.reference_phase']);
});
