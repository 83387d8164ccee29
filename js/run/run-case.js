// SPDX-License-Identifier: MIT
// What a run is about, of either form, as the simulator, the clock and the states need it: a BORES run
// (model, configuration, PVT tables) or a neutral model.

import { BoresError } from '../core/errors.js';
import { writeTree } from '../values/tree.js';
import { translateBores } from './bores/translate.js';
import { boresTemplate, wellsAfter } from './bores/template.js';
import { neutralTemplate } from './neutral/template.js';
import { Problems } from './problems.js';
import { simulatorOptions } from './run-options.js';

/**
 * @import { Job } from '../simulation/simulation.js'
 * @import { WellEvent } from '../simulation/events.js'
 * @import { Clock } from '../simulation/clock.js'
 * @import { Template } from './states/state-builder.js'
 * @import { RunOptions } from './run-options.js'
 * @import { Tree } from './bores/trees.js'
 *
 * @typedef {{ model: Tree, config: Tree, pvt?: Tree | null }} BoresInput
 *
 * @typedef {object} RunCase
 * @property {BoresInput} [bores]    the input, of a BORES run
 * @property {Tree} [neutral]        the input, of a neutral model
 * @property {Tree} model            the simulator's input
 * @property {Clock} clock
 * @property {WellEvent[]} events
 * @property {Problems} problems
 * @property {RunOptions} options
 * @property {(statics: Tree, lastDay: number) => Template} template
 * @property {Tree} [keptFluids]     the simulator's fluids, where they come from the first state's means:
 *   a checkpoint keeps them
 */

/**
 * @param {BoresInput} input
 * @param {RunOptions} options
 * @param {readonly WellEvent[]} [changes]  beside the configuration's own
 * @param {Tree} [fluids]  the simulator's, of a checkpoint whose run had no PVT tables
 * @returns {RunCase}
 */
export function boresCase(input, options, changes = [], fluids) {
  const problems = new Problems();
  const translation = translateBores(input, problems);
  const model = { ...translation?.model, ...fluids };
  model.options = { ...model.options, ...simulatorOptions(options) };
  const updates = translation?.events ?? [];
  const events = [...updates, ...changes].map(({ id, well, when, change, fluid }) =>
    ({ id, well, when, change, ...(fluid && { fluid }) }));
  return {
    bores: input, model, problems, options, events, clock: translation?.clock ?? {},
    ...(!input.pvt && { keptFluids: fluidsOf(model) }),
    template: (statics) => boresTemplate(input, { ...translation, model, events: updates,
      clock: translation?.clock ?? {} }, statics,
    (happened) => wellsAfter(input.config.wells, updates, happened)),
  };
}

/** @param {Tree} model */
function fluidsOf({ oil, gas, water, density }) {
  return { oil, gas, water, density };
}

/**
 * The same with more events.
 * @param {RunCase} runCase
 * @param {readonly WellEvent[]} more
 * @returns {RunCase}
 */
export function withEvents(runCase, more) {
  const events = [...runCase.events, ...more];
  return runCase.neutral ? neutralCase(runCase.neutral, runCase.options, events)
    : { ...runCase, events };
}

/**
 * @param {Tree} neutral
 * @param {RunOptions} options
 * @param {readonly WellEvent[]} [changes]
 * @returns {RunCase}
 */
export function neutralCase(neutral, options, changes = []) {
  const problems = new Problems();
  for (const name of ['grid', 'rock']) {
    if (typeof neutral[name] !== 'object' || neutral[name] === null) {
      problems.invalid(name, 'a neutral model needs it');
    }
  }
  const model = { ...neutral, options: { ...neutral.options, ...simulatorOptions(options) } };
  const events = [...changes];
  return {
    neutral, model, problems, options, events, clock: {},
    template: (statics, lastDay) => neutralTemplate(model, events, statics, lastDay,
      options.layout === 'head'),
  };
}

/**
 * @param {Tree} tree
 */
export function isNeutral(tree) {
  return String(tree?.format ?? '').startsWith('bores-sim-model') || tree?.grid?.nx !== undefined;
}

/**
 * @param {RunCase} runCase
 * @param {Pick<Job, 'saved' | 'record'>} [resumed]
 * @returns {Job}
 */
export function jobOf({ neutral, model, clock, events }, resumed = {}) {
  const start = neutral ? undefined : model.schedule?.[0]?.wells ?? {};
  return { model: packModel(model), clock, events, start, ...resumed };
}

/**
 * The model with its arrays, each by itself: views of a larger buffer would take all of it to a worker.
 * @param {Tree} model
 */
export function packModel(model) {
  const packed = writeTree(model);
  return { ...packed, buffers: packed.buffers.map((bytes) => bytes.slice()) };
}

/**
 * @param {unknown} value
 * @param {string} what
 * @returns {asserts value is Tree}
 */
export function assertTree(value, what) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BoresError('ERR_ARGUMENT', `a run's ${what} is a map, as a store has it, not ${value}`);
  }
}
