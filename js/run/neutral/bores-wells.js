// SPDX-License-Identifier: MIT
// Wells of a neutral model as BORES's `wells`, with the control that holds at a moment.

/**
 * @import { Tree } from '../bores/trees.js'
 * @import { WellChange } from '../../simulation/events.js'
 */

const SCF_PER_MSCF = 1000;
const PHASE_OF = /** @type {Record<string, string>} */ ({ orat: 'oil', lrat: 'oil', wrat: 'water', grat: 'gas' });
const RATES = ['orat', 'lrat', 'wrat', 'grat', 'rate'];
/** Of a producer, which the guide's version may say together. */
const LIMITS = /** @type {const} */ (['orat', 'wrat', 'grat']);
const MOLECULAR_WEIGHTS = /** @type {Record<string, number>} */ ({ oil: 180, gas: 18.8, water: 18.015 });

/**
 * @param {readonly Tree[]} wells       of the model
 * @param {{ [well: string]: WellChange }} settings  as the schedule has them now
 * @param {{ oil: number, water: number, gas: number }} density  lb/ft³ at the surface
 * @param {boolean} newest
 * @returns {Tree}
 */
export function boresWells(wells, settings, density, newest) {
  const gravities = { oil: density.oil / 62.37, water: density.water / 62.37, gas: density.gas / 0.0765 };
  const entries = wells.map((well) => {
    const injects = well.type === 'injector';
    const setting = settings[well.name] ?? { status: 'shut' };
    const data = {
      name: well.name, perforating_intervals: intervalsOf(well.perforations ?? []),
      radius: well.radius ?? 0.25,
      control: controlOf(well, setting, newest), skin_factor: setting.skin ?? well.skin ?? 0,
      orientation: well.perforations?.[0]?.dir ?? 'z', is_active: setting.status !== 'shut',
      ...(injects ? { injected_fluid: injectedFluid(setting.fluid ?? well.fluid ?? 'water', gravities, newest) }
        : { produced_fluids: ['oil', 'gas', 'water'].map((phase) => fluid(phase, gravities, newest)) }),
    };
    return { injects, name: well.name, data };
  });
  const group = (/** @type {boolean} */ injects) => Object.fromEntries(entries
    .filter((entry) => entry.injects === injects)
    .map(({ name, data }) => [name, { [injects ? 'injection_well' : 'production_well']: data }]));
  return { injection_wells: group(true), production_wells: group(false) };
}

/**
 * Runs of cells along one axis as intervals, ends included.
 * @param {readonly { i: number, j: number, k: number }[]} perforations
 */
function intervalsOf(perforations) {
  /** @type {number[][][]} */
  const intervals = [];
  for (const { i, j, k } of perforations) {
    const last = intervals.at(-1);
    const grows = last && last[1][0] === i && last[1][1] === j && last[1][2] + 1 === k
      && last[0][0] === i && last[0][1] === j;
    if (grows) last[1] = [i, j, k];
    else intervals.push([[i, j, k], [i, j, k]]);
  }
  return intervals;
}

/**
 * @param {Tree} well
 * @param {WellChange} setting
 * @param {boolean} newest
 */
function controlOf(well, setting, newest) {
  const injects = well.type === 'injector';
  const clamp = (setting.crossflow ?? well.crossflow ?? true) === false ? clampOf(injects, newest) : null;
  const mode = setting.control ?? RATES.find((name) => typeof setting[name] === 'number') ?? 'bhp';
  const bhp = setting.bhp ?? (injects ? 1e5 : 14.7);
  if (mode === 'bhp' || setting[mode] === undefined) {
    return { bhp_control: { bhp, ...(newest && { target_phase: null }), clamp } };
  }
  const limits = injects ? [] : LIMITS.filter((name) => typeof setting[name] === 'number');
  const of = (/** @type {string} */ name, /** @type {string} */ phase) => ({ adaptive_bhp_rate_control: {
    target_rate: setting[name] * (phase === 'gas' ? SCF_PER_MSCF : 1) * (injects ? 1 : -1), bhp_limit: bhp,
    target_phase: phase, clamp } });
  if (limits.length > 1 && !newest) {
    const own = limits.map((name) => [`${PHASE_OF[name]}_control`, of(name, PHASE_OF[name])]);
    return { multi_phase_rate_control: Object.fromEntries(own) };
  }
  const phase = injects ? String(setting.fluid ?? well.fluid ?? 'water') : PHASE_OF[mode] ?? 'oil';
  const control = of(mode, phase);
  return injects || !newest ? control
    : { producer_rate_control: { control, controlling_phase: phase, clamp: null } };
}

/**
 * @param {boolean} injects
 * @param {boolean} newest
 */
function clampOf(injects, newest) {
  return { [injects ? 'injection_clamp' : 'production_clamp']:
    newest ? { rate: null, bhp: null } : { value: 0 } };
}

/**
 * @param {string} phase
 * @param {Record<string, number>} gravities
 * @param {boolean} newest
 */
function fluid(phase, gravities, newest) {
  return {
    name: phase[0].toUpperCase() + phase.slice(1), phase,
    ...(newest && { pvt_table: null, pseudo_pressure_table: null }),
    specific_gravity: gravities[phase], molecular_weight: MOLECULAR_WEIGHTS[phase],
  };
}

/**
 * @param {string} phase
 * @param {Record<string, number>} gravities
 * @param {boolean} newest
 */
function injectedFluid(phase, gravities, newest) {
  return {
    ...fluid(phase, gravities, newest), salinity: null, is_miscible: false, todd_longstaff_omega: 0.67,
    minimum_miscibility_pressure: null, miscibility_transition_width: 500, concentration: 1,
    density: null, viscosity: null,
  };
}
