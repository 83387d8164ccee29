// SPDX-License-Identifier: MIT
// BORES's well schedules: what becomes of a well, and when. Each event happens once.

import { isMap } from '../../values/paths.js';
import { translateControl } from './controls.js';
import { firstOf, needNumber, numberOf, textOf } from './trees.js';
import { eachWell, firstFluid, fluidOf } from './wells.js';

/**
 * @import { Predicate, WellEvent } from '../../simulation/events.js'
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 */

/** @type {Predicate} */
const NEVER = { any: [] };

/**
 * @param {Tree} config
 * @param {Problems} problems
 * @returns {(WellEvent & { update: Tree })[]}  `update`: what BORES's own well becomes
 */
export function translateSchedules(config, problems) {
  const root = config.well_schedules;
  if (root === null || root === undefined) return [];
  const schedules = isMap(root.schedules) ? root.schedules : root;
  if (!isMap(schedules)) {
    problems.invalid('config.well_schedules', `a map by well is needed, got ${textOf(root)}`);
    return [];
  }
  const wells = new Map(Array.from(eachWell(config, problems), (well) => [well.name, well]));
  return Object.entries(schedules).flatMap(([name, schedule]) => {
    const well = wells.get(name);
    const path = `config.well_schedules.${name}`;
    if (!well) {
      problems.invalid(path, `there is no well '${name}'`);
      return [];
    }
    const fluid = well.isInjector ? firstFluid(well.data) : undefined;
    const events = isMap(schedule?.events) ? schedule.events : schedule;
    return Object.entries(events ?? {}).map(([id, event]) => ({
      id: `${name}/${id}`, well: name,
      when: predicateOf(event?.predicate, `${path}.${id}.predicate`, problems),
      change: actionOf(event?.action, `${path}.${id}.action`,
        { isInjector: well.isInjector, fluid, problems }),
      ...(fluid && { fluid }),
      update: fieldsOf(event?.action),
    }));
  });
}

/**
 * @param {any} predicate
 * @param {string} path
 * @param {Problems} problems
 * @returns {Predicate}
 */
function predicateOf(predicate, path, problems) {
  const data = predicate?.data ?? {};
  switch (predicate?.type) {
    case 'time_predicate': return timePredicate(data, path, problems);
    case 'composite_predicates': {
      const parts = listOf(data.predicates).map((item, i) => predicateOf(item, `${path}.${i}`, problems));
      return data.on_any === true ? { any: parts } : { all: parts };
    }
    case 'event_predicate_leaf': return predicateOf(predicate.func, path, problems);
    case 'event_predicate_composite': {
      const parts = listOf(predicate.operands).map((item, i) => predicateOf(item, `${path}.${i}`, problems));
      return predicate.op === 'not' ? { not: parts[0] ?? NEVER }
        : predicate.op === 'or' ? { any: parts } : { all: parts };
    }
    case 'registered':
      problems.unsupported(path, `'${predicate.name}' is a Python function, which cannot be called here`);
      return NEVER;
    default:
      problems.invalid(path, `it says when as a predicate, got ${textOf(predicate?.type ?? predicate)}`);
      return NEVER;
  }
}

/**
 * @param {Tree} data
 * @param {string} path
 * @param {Problems} problems
 * @returns {Predicate}
 */
function timePredicate(data, path, problems) {
  const step = numberOf(data.time_step), time = numberOf(data.time);
  if (step === undefined && time === undefined) {
    problems.invalid(path, 'a time_step or a time is needed');
  }
  return { any: [...(step === undefined ? [] : [{ step }]), ...(time === undefined ? [] : [{ time }])] };
}

/**
 * @param {any} action
 * @param {string} path
 * @param {{ isInjector: boolean, fluid?: string, problems: Problems }} about
 * @returns {Tree}  what changes of the well
 */
function actionOf(action, path, about) {
  switch (action?.type) {
    case 'update_action': return updateOf(action.data ?? {}, path, about);
    case 'composite_actions':
    case 'event_action_composite':
      return Object.assign({}, ...listOf(action.data?.actions ?? action.actions)
        .map((item, i) => actionOf(item, `${path}.${i}`, about)));
    case 'event_action_leaf': return actionOf(action.func, path, about);
    case 'registered':
      about.problems.unsupported(path, `'${action.name}' is a Python function, which cannot be called here`);
      return {};
    default:
      about.problems.invalid(path, `it says what as an action, got ${textOf(action?.type ?? action)}`);
      return {};
  }
}

/**
 * @param {Tree} data
 * @param {string} path
 * @param {{ isInjector: boolean, fluid?: string, problems: Problems }} about
 */
function updateOf(data, path, about) {
  const { problems, isInjector } = about;
  const injected = firstOf(data, 'injected_fluid');
  const fluid = injected === undefined ? about.fluid
    : fluidOf(injected, `${path}.injected_fluid`, problems);
  const control = firstOf(data, 'control');
  const skin = firstOf(data, 'skin_factor'), active = firstOf(data, 'is_active');
  if (firstOf(data, 'produced_fluids') !== undefined) {
    problems.remark(`${path}.produced_fluids`, 'what a well produces is what is in its cells');
  }
  return {
    ...(control !== undefined
      && translateControl(control, { path: `${path}.control`, isInjector, fluid, problems })),
    ...(skin !== undefined && { skin: needNumber(problems, `${path}.skin_factor`, skin) }),
    ...(active !== undefined && { status: active ? 'open' : 'shut' }),
    ...(injected !== undefined && fluid && { fluid }),
  };
}

/**
 * The fields of a well that an action sets, as BORES has them.
 * @param {any} action
 * @returns {Tree}
 */
function fieldsOf(action) {
  if (action?.type === 'update_action') {
    return Object.fromEntries(Object.entries(action.data ?? {}).filter(([, value]) => value != null));
  }
  const parts = listOf(action?.data?.actions ?? action?.actions ?? (action?.func ? [action.func] : []));
  return Object.assign({}, ...parts.map(fieldsOf));
}

/** @param {unknown} value */
const listOf = (value) => (Array.isArray(value) ? value : []);
