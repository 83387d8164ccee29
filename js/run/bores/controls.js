// SPDX-License-Identifier: MIT
// BORES's well controls as the simulator's: every rate given is an upper limit, the pressure a lower or
// an upper one, and the most restrictive binds.

import { checkClamp, checkControl } from './nested-fields.js';
import { SCF_PER_MSCF } from './grid-fluids.js';
import { needNumber, numberOf, taggedOf, textOf } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 *
 * @typedef {object} Control
 * @property {string} control
 * @property {boolean} [crossflow]  false where a clamp forbids it
 * @property {number} [bhp]
 * @property {number} [rate]
 * @property {number} [orat]
 * @property {number} [wrat]
 * @property {number} [grat]
 *
 * @typedef {{ path: string, isInjector: boolean, fluid?: string, problems: Problems }} About
 */

const RATES = /** @type {Record<string, 'orat' | 'wrat' | 'grat'>} */ (
  { oil: 'orat', water: 'wrat', gas: 'grat' });

/**
 * @param {unknown} control  {TAG: {…}}
 * @param {About} about
 * @returns {Control | undefined}  undefined where there is a problem
 */
export function translateControl(control, about) {
  const found = taggedOf(control);
  if (!found) {
    about.problems.invalid(about.path, `a control is needed, got ${textOf(control)}`);
    return undefined;
  }
  const { tag, data } = found;
  const at = { ...about, path: `${about.path}.${tag}` };
  checkControl(tag, data, at.path, about.problems);
  const translated = bySort(tag, data, at);
  return translated && { ...translated, ...clampOf(data, at) };
}

/**
 * @param {string} tag
 * @param {Tree} data
 * @param {About} about
 * @returns {Control | undefined}
 */
function bySort(tag, data, about) {
  switch (tag) {
    case 'bhp_control':
      return { control: 'bhp', bhp: needNumber(about.problems, `${about.path}.bhp`, data.bhp, { above: 0 }) };
    case 'rate_control':
    case 'constant_rate_control':
    case 'adaptive_bhp_rate_control':
      return rateControl(tag, data, about);
    case 'producer_rate_control':
      return producerRate(data, about);
    case 'multi_phase_rate_control':
      return multiPhase(data, about);
    default:
      about.problems.unsupported(about.path, 'this control is not known');
      return undefined;
  }
}

/**
 * @param {string} tag
 * @param {Tree} data
 * @param {About} about
 * @returns {Control | undefined}
 */
function rateControl(tag, data, { path, isInjector, fluid, problems }) {
  const target = needNumber(problems, `${path}.target_rate`, data.target_rate);
  if (isInjector ? target <= 0 : target >= 0) {
    problems.invalid(`${path}.target_rate`,
      `${target} of ${isInjector ? 'an injector must be positive' : 'a producer must be negative'}`);
    return undefined;
  }
  const adaptive = tag === 'adaptive_bhp_rate_control';
  const limit = adaptive || numberOf(data.bhp_limit) !== undefined
    ? { bhp: needNumber(problems, `${path}.bhp_limit`, data.bhp_limit, { above: 0 }) } : {};
  if (!adaptive && limit.bhp !== undefined) {
    problems.remark(`${path}.bhp_limit`, 'where the rate would break it, the well goes on at the limit '
      + '(BORES lets it flow nothing)');
  }
  if (isInjector) {
    if (data.target_phase != null && fluid !== undefined && data.target_phase !== fluid) {
      problems.remark(`${path}.target_phase`, `${textOf(data.target_phase)} has no effect: the rate is of the `
        + `${fluid} that the well injects`);
    }
    return { control: 'rate', rate: Math.abs(target) / (fluid === 'gas' ? SCF_PER_MSCF : 1), ...limit };
  }
  const phase = phaseOf(data.target_phase, path, problems);
  if (!phase) return undefined;
  return { control: RATES[phase],
    [RATES[phase]]: Math.abs(target) / (phase === 'gas' ? SCF_PER_MSCF : 1), ...limit };
}

/**
 * @param {unknown} phase
 * @param {string} path
 * @param {Problems} problems
 */
function phaseOf(phase, path, problems) {
  if (phase === undefined || phase === null) {
    problems.remark(`${path}.target_phase`, 'no phase is said: the rate is taken as the oil rate');
    return 'oil';
  }
  if (RATES[String(phase)]) return String(phase);
  problems.invalid(`${path}.target_phase`, `it is oil, water or gas, got ${textOf(phase)}`);
  return undefined;
}

/**
 * One pressure for all phases, from the rate of one.
 * @param {Tree} data
 * @param {About} about
 * @returns {Control | undefined}
 */
function producerRate(data, about) {
  const inner = taggedOf(data.control);
  const phase = data.controlling_phase ?? 'oil';
  const control = inner && ofPhase(inner, phase);
  const { clamp: _, ...rest } = /** @type {any} */ (
    translateControl(control ?? data.control, { ...about, path: `${about.path}.control` })) ?? {};
  return Object.keys(rest).length > 0 ? rest : undefined;
}

/**
 * A limit for each phase of one well, which has one pressure: the most restrictive binds.
 * @param {Tree} data
 * @param {About} about
 * @returns {Control | undefined}
 */
function multiPhase(data, about) {
  const phases = about.isInjector && about.fluid ? [about.fluid] : Object.keys(RATES);
  const parts = phases.flatMap((phase) => {
    const inner = taggedOf(data[`${phase}_control`]);
    if (!inner) return [];
    return [translateControl(ofPhase(inner, phase), { ...about, path: `${about.path}.${phase}_control` })];
  });
  if (parts.length === 0) about.problems.invalid(about.path, 'it controls no phase');
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  about.problems.remark(about.path, 'its phases flow at one pressure: each rate is an upper limit, and '
    + 'the one that is met first binds');
  const controls = /** @type {Control[]} */ (parts);
  const limits = controls.flatMap(({ bhp }) => (bhp === undefined ? [] : [bhp]));
  const bhp = about.isInjector ? Math.min(...limits) : Math.max(...limits);
  const rates = Object.assign({}, ...controls);
  const main = controls.find(({ control }) => control !== 'bhp') ?? controls[0];
  return { ...rates, control: main.control, ...(limits.length > 0 && { bhp }) };
}

/**
 * A control within another, which says whose rate it is.
 * @param {{ tag: string, data: Tree }} inner
 * @param {string} phase
 */
function ofPhase({ tag, data }, phase) {
  return { [tag]: tag === 'bhp_control' ? data : { ...data, target_phase: phase } };
}

/**
 * @param {Tree} data
 * @param {About} about
 */
function clampOf(data, { path, isInjector, problems }) {
  if (data.clamp === null || data.clamp === undefined) return {};
  const clamp = taggedOf(data.clamp);
  const wanted = isInjector ? 'injection_clamp' : 'production_clamp';
  if (clamp?.tag !== wanted) {
    const tag = clamp?.tag ?? data.clamp.type;
    if (tag === undefined) problems.invalid(`${path}.clamp`, `a clamp is needed, got ${textOf(data.clamp)}`);
    else problems.unsupported(`${path}.clamp`, `'${tag}' is not simulated, only the ${wanted} of such a well`);
    return {};
  }
  checkClamp(clamp.data, `${path}.clamp`, problems);
  const limit = numberOf(clamp.data.rate ?? clamp.data.value);
  const pressure = numberOf(clamp.data.bhp);
  if ((limit !== undefined && limit !== 0) || pressure !== undefined) {
    problems.remark(`${path}.clamp`, 'it forbids flow in the other direction; its numbers bound a value '
      + 'that the control has already');
  }
  return { crossflow: false };
}
