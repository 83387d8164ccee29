// SPDX-License-Identifier: MIT
// bores run: simulates, and keeps the states.

import { BoresError, Run, StateStream, openStore } from '../../index.js';
import { formatJson } from '../format.js';
import { curvesCsv, outcomeText, progressText } from '../run-report.js';
import { UsageError } from '../usage.js';

/**
 * @import { DataStore, ModelState } from '../../index.js'
 * @import { Command, Context } from '../usage.js'
 * @import { Outcome, RunProgress } from '../run-report.js'
 */

/** @type {Command} */
export const run = {
  name: 'run',
  synopsis: 'MODEL CONFIG [PVT] | CASE.json',
  operands: [1, 3],
  locations: 3,
  summary: 'simulate a BORES run or a neutral model, and keep the states',
  ownsOutput: true,
  description: `MODEL, CONFIG and PVT are what BORES runs from (model.h5, config.yaml, pvt.h5, of any of its
versions), CASE.json is a neutral model; one file with model and configuration will do, too. The
states go to RUN, a folder (run.zarr) or a file (run.h5). Every state is a checkpoint: when
interrupted, the same command with --resume goes on, to the bit; a text file (run.json, run.yaml) is
written whole at the end. What of a configuration has no effect is named on standard error.`,
  options: {
    output: { type: 'string', short: 'o', value: 'RUN', help: 'keep the states there' },
    resume: { type: 'boolean', help: 'go on from the last state of RUN' },
    force: { type: 'boolean', short: 'f', help: 'replace the states of RUN' },
    check: { type: 'boolean', help: 'say what is wrong with the input, and simulate nothing' },
    summary: { type: 'string', value: 'CURVES', help: "print these as CSV: 'FOPR,FPR,WBHP:PROD-1'" },
    until: { type: 'string', value: 'DAY', help: 'stop with the first state of that day or later' },
    every: { type: 'string', value: 'N', help: 'keep every N-th state, the first and the last' },
    steps: { type: 'string', value: 'CONTROL', help: "'adaptive' (default), or 'report': a step a report" },
    'maximum-step': { type: 'string', value: 'DAYS', help: 'no step is longer' },
    states: { type: 'string', value: 'VERSION', help: "of BORES whose states CASE.json makes: 'guide', 'head'" },
    quiet: { type: 'boolean', short: 'q', help: 'do not name what has no effect' },
  },
  examples: [
    ['bores run model.h5 config.yaml pvt.h5 -o run.zarr', 'simulate, and keep every state'],
    ['bores run model.h5 config.yaml pvt.h5 -o run.zarr --resume', 'go on after Ctrl-C'],
    ['bores run spe1.json --summary FOPR,FGOR,FPR > spe1.csv', 'curves only'],
    ['bores run model.h5 config.yaml --check', 'what would be wrong, and what has no effect'],
  ],
  async* run(context) {
    const { options, signal, place } = context;
    const prepared = await openRun(context);
    if (options.check) return yield* report(prepared, options.json);
    if (!options.quiet) tell(prepared.validate().remarks);
    const target = await openTarget(options, { signal, ...place });
    try {
      const { simulation, resumedAt } = options.resume && target
        ? await resumed(target, prepared, signal) : { simulation: prepared, resumedAt: undefined };
      const outcome = await simulate(simulation, target, { ...context, resumedAt });
      yield* told(outcome, simulation, options);
    } finally {
      await target?.close();
    }
  },
};

/**
 * @param {Context} context
 * @returns {Promise<Run>}
 */
async function openRun({ operands: [model, config, pvt], options, signal }) {
  const settings = {
    signal, ...(options.steps && { steps: choice('steps', options.steps, ['adaptive', 'report']) }),
    ...(options['maximum-step'] && { maximumStep: positive('maximum-step', options['maximum-step']) }),
    ...(options.states && { layout: choice('states', options.states, ['guide', 'head']) }),
  };
  if (config === undefined && /\.json$/i.test(model)) return Run.fromModel(model, settings);
  return Run.fromFiles(config === undefined ? { runPath: model }
    : { modelPath: model, configPath: config, pvtTablePath: pvt }, settings);
}

/**
 * @param {string} name
 * @param {string} text
 */
function positive(name, text) {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new UsageError(`--${name} takes a positive number, got '${text}'`, run);
}

/**
 * @template {string} T
 * @param {string} name
 * @param {string} value
 * @param {T[]} allowed
 * @returns {T}
 */
function choice(name, value, allowed) {
  const found = allowed.find((item) => item === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} is '${allowed.join("' or '")}', got '${value}'`, run);
}

/**
 * @param {Run} prepared
 * @param {boolean} json
 * @returns {AsyncGenerator<string, number>}
 */
async function* report(prepared, json) {
  const { ok, problems, remarks } = prepared.validate();
  if (json) {
    yield formatJson({ ok, problems, remarks });
  } else {
    yield [...problems.map(({ code, message }) => `${message} (${code})`),
      ...remarks.map(({ message }) => `note: ${message}`),
      ok ? 'nothing is wrong' : `${problems.length} problems`, ''].join('\n');
  }
  return ok ? 0 : 1;
}

/** @param {readonly { message: string }[]} remarks */
function tell(remarks) {
  for (const { message } of remarks) process.stderr.write(`bores: note: ${message}\n`);
}

/**
 * @param {Context['options']} options
 * @param {Parameters<typeof openStore>[1]} opening
 * @returns {Promise<DataStore | undefined>}
 */
async function openTarget({ output, resume, force }, opening) {
  if (output === undefined) {
    if (resume || force) throw new UsageError(`--${resume ? 'resume' : 'force'} needs --output`, run);
    return undefined;
  }
  const store = await openStore(output, { mode: 'a', worker: true, durability: 'relaxed', ...opening });
  const count = await store.count();
  if (resume && !store.supportsAppend) {
    await store.close();
    throw new UsageError(`${output} is written whole: --resume needs a folder (run.zarr) or HDF5 (run.h5)`, run);
  }
  if (count === 0 || resume || force) return store;
  await store.close();
  throw new BoresError('ERR_NOT_EMPTY', `${output} has ${count} states; --resume goes on from the last, `
    + '--force replaces them');
}

/**
 * @param {DataStore} store
 * @param {Run} prepared
 * @param {AbortSignal} signal
 */
async function resumed(store, prepared, signal) {
  /** @type {ModelState | undefined} */
  let last;
  if (await store.count() === 0) return { simulation: prepared, resumedAt: undefined };
  for await (const state of store.load({ indices: [-1], signal })) last = state;
  if (!last) throw new BoresError('ERR_NOT_FOUND', `there is no state in ${store.location}`);
  return { simulation: await Run.fromState(last, prepared), resumedAt: last.timeInDays };
}

/**
 * @param {Run} simulation
 * @param {DataStore | undefined} store
 * @param {Context & { resumedAt?: number }} context
 * @returns {Promise<Outcome>}
 */
async function simulate(simulation, store, { options, signal, progress, resumedAt }) {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  /** @type {RunProgress | undefined} */
  let now;
  /**
   * What is told in the end: progress is of steps, too, that are made ahead and not taken.
   * @type {ModelState | undefined}
   */
  let last;
  const limits = { ...(options.until !== undefined && { until: positive('until', options.until) }) };
  const every = options.every === undefined ? 1 : positive('every', options.every);
  const states = simulation.states({ signal, ...limits,
    onProgress: (item) => {
      now = item;
      progress.update(progressText(item, resumedAt ?? 0, seconds()), Math.floor(item.day), Math.ceil(item.days));
    } });
  try {
    const thin = thinned(noted(states, (state) => { last = state; }), every);
    const kept = await keep(store && options.force && !options.resume ? replacing(thin, store) : thin, store);
    progress.clear();
    return { ...(store && { output: options.output }), states: kept, resumedAt, day: last?.timeInDays ?? resumedAt ?? 0,
      days: now?.days ?? 0, steps: last?.step ?? 0, cuts: now?.cuts ?? 0, seconds: seconds(),
      usage: await store?.usage() };
  } catch (error) {
    progress.clear();
    if (store?.supportsAppend && last) {
      process.stderr.write(`bores: the states until day ${Number(last.timeInDays.toPrecision(6))} are in `
        + `${options.output}; --resume goes on from there\n`);
    }
    throw error;
  }
}

/**
 * The states, the old ones gone when the first new one is there: until then nothing is lost.
 * @param {AsyncIterable<ModelState>} states
 * @param {DataStore} store
 */
async function* replacing(states, store) {
  let isFirst = true;
  for await (const state of states) {
    if (isFirst && store.supportsAppend) await store.clear(); // others are replaced whole, at the end
    isFirst = false;
    yield state;
  }
}

/** @param {AsyncIterable<ModelState>} states @param {(state: ModelState) => void} note */
async function* noted(states, note) {
  for await (const state of states) {
    note(state);
    yield state;
  }
}

/**
 * @param {AsyncIterable<ModelState>} states
 * @param {number} nth
 */
async function* thinned(states, nth) {
  /** @type {ModelState | undefined} */
  let held;
  let count = 0;
  for await (const state of states) {
    held = state;
    if (count++ % nth === 0) {
      held = undefined;
      yield state;
    }
  }
  if (held) yield held;
}

/**
 * What is made is written, also when the rest cannot be: the signal ends the run, not the writing.
 * @param {AsyncIterable<ModelState>} states
 * @param {DataStore | undefined} store
 * @returns {Promise<number>}  how many
 */
async function keep(states, store) {
  let count = 0;
  if (store && !store.supportsAppend) return (await store.dump(states)).length;
  const stream = store ? new StateStream({ states, store, backgroundIO: true }) : undefined;
  try {
    for await (const _ of stream ?? states) count += 1;
  } finally {
    await stream?.close();
  }
  return count;
}

/**
 * @param {Outcome} outcome
 * @param {Run} simulation
 * @param {Context['options']} options
 * @returns {AsyncGenerator<string, void>}
 */
async function* told(outcome, simulation, options) {
  if (options.json) {
    const { curves } = simulation.summary;
    const last = Object.fromEntries(Object.entries(curves).map(([name, values]) => [name, values.at(-1)]));
    yield formatJson({ ...outcome, materialBalance: simulation.materialBalance, last });
  } else if (options.summary !== undefined) {
    yield curvesCsv(simulation, options.summary.split(','));
    process.stderr.write(outcomeText(outcome, simulation));
  } else {
    yield outcomeText(outcome, simulation);
  }
}
