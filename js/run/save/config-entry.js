// SPDX-License-Identifier: MIT
// A neutral model's saturation functions, wells and schedule as a configuration of BORES.

import { NdArray } from '../../values/nd-array.js';
import { BoresError } from '../../core/errors.js';
import { boresWells } from '../neutral/bores-wells.js';
import { settingsOn } from '../neutral/schedule.js';
import { makeTimer, timerState } from '../states/timer-state.js';

/** @import { Tree } from '../bores/trees.js' */

const SECONDS_PER_DAY = 86_400;
/** s; what a model with its own step control says nothing of. */
const LONGEST_STEP = 10 * SECONDS_PER_DAY;

/**
 * @param {Tree} model  neutral
 * @param {number} endDay
 * @param {boolean} newest
 * @returns {Tree}
 * @throws {BoresError} ERR_UNSUPPORTED for what BORES has no form for
 */
export function configEntry(model, endDay, newest) {
  if ((model.boundaries ?? []).length > 0) {
    throw new BoresError('ERR_UNSUPPORTED', 'boundaries of a neutral model are not saved as BORES\'s');
  }
  const { relperm, schedule = [], wells = [], density } = model;
  refuseWells(model, newest);
  const end = endDay * SECONDS_PER_DAY;
  const long = newest ? 'maximum_step_size' : 'max_step_size';
  const timer = { ...makeTimer(end, newest), [long]: Math.min(end, LONGEST_STEP) };
  return {
    timer: timerState(timer, { step: 0, step_size: 1, next_step_size: 1 }, 0, newest),
    rock_fluid_tables: saturationTables(relperm, newest),
    wells: boresWells(wells, settingsOn(schedule, 0), density, newest),
    well_schedules: schedules(model, newest), boundary_conditions: null,
    output_frequency: 1, scheme: 'impes', use_pseudo_pressure: false, capillary_strength_factor: 1,
    disable_capillary_effects: false, disable_structural_dip: false, miscibility_model: 'immiscible',
  };
}

/**
 * @param {Tree} relperm
 * @param {boolean} newest
 */
function saturationTables(relperm, newest) {
  const { water, gas } = rowsOf(relperm);
  const connate = water[0][0];
  const table = (/** @type {number[]} */ saturation, /** @type {Tree} */ curves, wetting = 'water') => {
    const rows = {
      wetting_phase: wetting, non_wetting_phase: wetting === 'water' ? 'oil' : 'gas',
      [newest ? 'reference_saturation' : 'wetting_phase_saturation']: list(saturation),
      ...Object.fromEntries(Object.entries(curves).map(([name, values]) => [name, list(values)])),
      ...(newest && { reference_phase: 'wetting' }),
    };
    return newest && !curves.capillary_pressure ? { twophaserelpermtable: rows } : rows;
  };
  const sw = water.map(([s]) => s), oilRows = [...gas].reverse();
  const so = oilRows.map(([s]) => Math.max(0, 1 - connate - s));
  const pair = (/** @type {number[]} */ wetting, /** @type {number[]} */ other) =>
    ({ wetting_phase_relative_permeability: wetting, non_wetting_phase_relative_permeability: other });
  return {
    relative_permeability_table: { three_phase_relperm_table: {
      oil_water_table: table(sw, pair(water.map((row) => row[1]), water.map((row) => row[2]))),
      gas_oil_table: table(so, pair(oilRows.map((row) => row[2]), oilRows.map((row) => row[1])), 'oil'),
      mixing_rule: 'eclipse_rule' } },
    capillary_pressure_table: { three_phase_capillary_pressure_table: {
      oil_water_table: table(sw, { capillary_pressure: water.map((row) => row[3] ?? 0) }),
      gas_oil_table: table(so, { capillary_pressure: oilRows.map((row) => row[3] ?? 0) }, 'oil') } },
  };
}

/** @param {readonly number[]} values */
const list = (values) => new NdArray(Float64Array.from(values));

/**
 * Both families as rows of SWOF and SGOF.
 * @param {Tree} relperm
 * @returns {{ water: number[][], gas: number[][] }}
 */
function rowsOf({ swof, sgof, swfn, sgfn, sof3 }) {
  if (swof && sgof) return { water: swof, gas: sgof };
  if (swof) return { water: swof, gas: [[0, 0, swof[0][2], 0], [1 - swof[0][0], 0, 0, 0]] };
  if (!swfn || !sgfn || !sof3) {
    throw new BoresError('ERR_UNSUPPORTED', 'only tables of relative permeability are saved as BORES\'s');
  }
  const connate = swfn[0][0];
  const oilAt = (/** @type {number} */ so, /** @type {number} */ column) => {
    const next = sof3.findIndex((/** @type {number[]} */ [s]) => s >= so);
    if (next <= 0) return next === 0 ? sof3[0][column] : sof3.at(-1)[column];
    const [a, b] = [sof3[next - 1], sof3[next]];
    return a[column] + ((so - a[0]) / (b[0] - a[0])) * (b[column] - a[column]);
  };
  return {
    water: swfn.map((/** @type {number[]} */ [s, kr, pc]) => [s, kr, oilAt(1 - s, 1), pc]),
    gas: sgfn.map((/** @type {number[]} */ [s, kr, pc]) => [s, kr, oilAt(1 - s - connate, 2), pc]),
  };
}

/**
 * BORES's wells have neither a liquid rate nor an index of their own, the newest's no second rate.
 * @param {Tree} model
 * @param {boolean} newest
 * @throws {BoresError} ERR_UNSUPPORTED
 */
function refuseWells({ schedule = [], wells = [] }, newest) {
  for (const { name, perforations = [] } of wells) {
    const [own] = ['wi', 'skin', 'radius'].filter((member) =>
      perforations.some((/** @type {Tree} */ perforation) => perforation[member] !== undefined));
    if (own) throw new BoresError('ERR_UNSUPPORTED', `${own} of a perforation of ${name} is not saved as BORES's`);
  }
  for (const { day } of schedule) {
    for (const [name, setting] of Object.entries(settingsOn(schedule, day))) {
      const rates = ['lrat', 'orat', 'wrat', 'grat'].filter((limit) => typeof setting[limit] === 'number');
      if (rates.includes('lrat') || (newest && rates.length > 1)) {
        throw new BoresError('ERR_UNSUPPORTED', `${rates.join(' and ')} of ${name} on day ${day} are not saved as `
          + 'BORES\'s, which has no liquid rate and, in the newest version, one rate a well');
      }
    }
  }
}

/**
 * What the schedule changes after the first day, as an event a well and a day.
 * @param {Tree} model
 * @param {boolean} newest
 * @returns {Tree | null}
 */
function schedules({ schedule = [], wells = [], density }, newest) {
  /** @type {{ day: number, wells: Tree }[]} */
  const entries = schedule;
  /** @type {Record<string, { events: Tree }>} */
  const byWell = {};
  const wellsOn = (/** @type {number} */ day) => {
    const { injection_wells: injectors, production_wells: producers } = boresWells(wells, settingsOn(schedule, day),
      density, newest);
    return { ...injectors, ...producers };
  };
  let before = wellsOn(0);
  for (const day of [...new Set(entries.map((entry) => entry.day))].sort((a, b) => a - b)) {
    if (!(day > 0)) continue;
    const now = wellsOn(day);
    for (const name of entries.filter((entry) => entry.day === day).flatMap((entry) => Object.keys(entry.wells))) {
      const [well] = /** @type {Tree[]} */ (Object.values(now[name]));
      const [last] = /** @type {Tree[]} */ (Object.values(before[name]));
      const fluid = well.injected_fluid?.phase === last.injected_fluid?.phase ? null : well.injected_fluid;
      (byWell[name] ??= { events: {} }).events[`day ${day}`] = {
        predicate: { type: 'time_predicate', data: { time_step: null, time: day * SECONDS_PER_DAY } },
        action: { type: 'update_action', data: { control: well.control, skin_factor: well.skin_factor,
          is_active: well.is_active, injected_fluid: fluid, produced_fluids: null } },
      };
    }
    before = now;
  }
  return Object.keys(byWell).length > 0 ? { schedules: byWell } : null;
}
