// SPDX-License-Identifier: MIT
// Run: a simulation, from BORES's own files or a neutral model, as states that come one after the other.
//
//   const run = await Run.fromFiles({ modelPath, configPath, pvtTablePath });
//   for await (const state of run) …
//
// It computes in a worker of its own, one state ahead of whoever takes them. It may be run again, and
// begins anew then.

import { BoresError } from '../core/errors.js';
import { readTree } from '../values/tree.js';
import { branchEvents } from './branch.js';
import { openEngine } from './engine.js';
import { boresInput, readBoresFiles, readNeutral } from './input-files.js';
import { problemsOf, simModule, staticsOf } from './local-core.js';
import { resumeFrom } from './resume.js';
import { assertTree, boresCase, jobOf, neutralCase, packModel, withEvents } from './run-case.js';
import { checkRunOptions } from './run-options.js';
import { RunPast } from './run-past.js';
import { RunSummary } from './run-summary.js';
import { readSolverState } from './solver-state.js';
import { checkStatesOptions, isEnough } from './states-options.js';
import { StateBuilder } from './states/state-builder.js';

/**
 * @import { ModelState } from '../state/model-state.js'
 * @import { Output, Progress } from '../simulation/simulation.js'
 * @import { Branch } from './branch.js'
 * @import { Engine } from './engine.js'
 * @import { RunFiles } from './input-files.js'
 * @import { RunCase } from './run-case.js'
 * @import { RunOptions } from './run-options.js'
 * @import { Summary } from './run-summary.js'
 * @import { StatesOptions } from './states-options.js'
 * @import { Problem, Remark } from './problems.js'
 * @import { SaveTo } from './save/save-run.js'
 * @import { Tree } from './bores/trees.js'
 *
 * Where a run goes on from, instead of its beginning.
 * @typedef {object} Resumed
 * @property {number} day
 * @property {Tree} solverState
 * @property {Tree} [history]      the highest saturations until then
 * @property {RunSummary} [summary]
 */

/** Of a day that a store has kept in seconds. */
const ROUNDING = 1e-9;

/** The simulator's code of what is only suspect. */
const WARNING = 'warning';

/** What the constructor takes from the functions that make a run of something else. */
class Prepared {
  /**
   * @param {RunCase} runCase
   * @param {Resumed} [resumed]
   */
  constructor(runCase, resumed) {
    this.runCase = runCase;
    this.resumed = resumed;
  }
}

export class Run {
  #case;
  #resumed;
  #past = new RunPast();
  #summary;

  /**
   * @param {{ model?: unknown, config?: unknown, pvtTable?: unknown } | Prepared} input  BORES's trees, or
   *   entries as a store gives them
   * @param {RunOptions} [options]
   * @throws {BoresError} ERR_ARGUMENT; what is wrong with the content is told by validate() and states()
   */
  constructor(input, options) {
    const { runCase, resumed } = input instanceof Prepared ? input : prepare(input, options);
    this.#case = runCase;
    this.#resumed = resumed;
    this.#summary = resumed?.summary ?? new RunSummary();
  }

  /**
   * @param {RunFiles} files  any locations: paths, URLs, Files, `idb:`, …
   * @param {RunOptions & { signal?: AbortSignal }} [options]
   * @returns {Promise<Run>}
   * @throws {BoresError} ERR_NOT_FOUND and what reading throws, ERR_ARGUMENT
   */
  static async fromFiles(files, options) {
    const { signal, ...checked } = checkRunOptions(options);
    const run = new Run(new Prepared(boresCase(await readBoresFiles(files, { signal }), checked)));
    return run.load();
  }

  /**
   * @param {unknown} model  the neutral form as a tree or JSON text, or a location of it
   * @param {RunOptions & { signal?: AbortSignal }} [options]
   * @returns {Promise<Run>}
   */
  static async fromModel(model, options) {
    const { signal, ...checked } = checkRunOptions(options);
    return new Run(new Prepared(neutralCase(await readNeutral(model, { signal }), checked))).load();
  }

  /**
   * A run that goes on from a state of another, to the bit as if that had not stopped: its first state is
   * the one after.
   *
   * @param {ModelState | Tree} state  of a store or a stream, as a Run has made it
   * @param {unknown} config  BORES's configuration, `{ config, pvtTable }`, the neutral model, or the Run
   * @param {RunOptions} [options]
   * @returns {Promise<Run>}
   * @throws {BoresError} ERR_NOT_FOUND for a state that no Run has made
   */
  static async fromState(state, config, options) {
    const of = config instanceof Run ? config.#case : config;
    const { runCase, resumed } = resumeFrom(state, of, options && checkRunOptions(options));
    return new Run(new Prepared(runCase, resumed)).load();
  }

  /** Fetches the simulator, which everything but states() needs to be there. */
  async load() {
    await simModule();
    return this;
  }

  [Symbol.asyncIterator]() {
    return this.states();
  }

  /**
   * Simulates, from the beginning. States are step 0, then each that is due, and the last.
   *
   * @param {StatesOptions} [options]
   * @returns {AsyncGenerator<ModelState, void, void>}
   * @throws {BoresError} ERR_VALIDATION and ERR_UNSUPPORTED before anything is simulated, with all
   *   `problems`; ERR_SOLVER, with `failure`, for a step that cannot be made. The states until then stand.
   */
  async* states(options = {}) {
    const { signal, onProgress, worker, until } = checkStatesOptions(options);
    this.#case.problems.throwIfAny();
    this.#past = new RunPast();
    this.#summary = this.#resumed?.summary?.until(Infinity) ?? new RunSummary();
    const engine = await this.#open(worker, signal);
    const ask = () => engine.next({ signal, tell: onProgress });
    /** @type {Promise<Output | undefined> | undefined} */
    let ahead;
    try {
      const { statics, days } = engine.describe();
      const builder = new StateBuilder(this.#case.template(readTree(statics), days),
        this.#resumed?.history);
      for (;;) {
        const output = await (ahead ?? ask());
        if (!output) return;
        ahead = engine.apart && !output.last ? ask() : undefined;
        ahead?.catch(() => {}); // told when its turn comes
        const state = this.#accept(builder, output, days, onProgress);
        yield state;
        if (isEnough(until, state)) return;
      }
    } finally {
      engine.close();
    }
  }

  /**
   * @param {boolean} worker
   * @param {AbortSignal} [signal]
   * @returns {Promise<Engine>}
   */
  async #open(worker, signal) {
    const module = await simModule();
    const resumed = this.#resumed && readSolverState(this.#resumed.solverState);
    return openEngine(jobOf(this.#case, resumed && { saved: resumed.saved, record: resumed.events }),
      { worker, signal, module });
  }

  /**
   * @param {StateBuilder} builder
   * @param {Output} output
   * @param {number} days
   * @param {((progress: Progress) => void) | undefined} onProgress
   */
  #accept(builder, output, days, onProgress) {
    const record = readTree(output.record);
    this.#summary.add(readTree(output.summary), record.step === 0);
    const state = builder.build(output, this.#case.keptFluids);
    this.#past.add(record.day, state.solver_state, builder.history);
    onProgress?.({ day: record.day, days, step: record.step, stepSize: record.step_size,
      newtonIterations: record.newton_iterations, linearIterations: record.linear_iterations,
      cuts: record.total_cuts, reason: record.reason });
    return state;
  }

  /** The curves of what has been simulated last, at each state's day. @returns {Summary} */
  get summary() {
    return this.#summary.summary;
  }

  /** Worst relative error of what has been simulated last, by component. */
  get materialBalance() {
    return this.#summary.materialBalance;
  }

  /**
   * All that is wrong, by its path in the input, and what has no effect or another meaning here.
   * @returns {{ ok: boolean, problems: Problem[], remarks: Remark[] }}
   */
  validate() {
    const { list, remarks } = this.#case.problems;
    const found = list.length > 0 ? [] : problemsOf(packModel(this.#case.model));
    const problems = [...list, ...found.filter(({ code }) => code !== WARNING)];
    return { ok: problems.length === 0, problems,
      remarks: [...remarks, ...found.filter(({ code }) => code === WARNING)] };
  }

  /**
   * What does not change: pore volumes (rb), depths (ft), transmissibilities and well indices
   * (rb·cP/(d·psi)).
   */
  statics() {
    this.#case.problems.throwIfAny();
    const { pore_volume: poreVolume, depth, tranx, trany, tranz, active, well_index: wellIndex } = staticsOf(
      packModel(this.#case.model));
    const lists = Object.entries(wellIndex).map(([name, values]) =>
      [name, Array.from(values.data ?? values, Number)]);
    return { poreVolume, depth, tranx, trany, tranz, active, wellIndex: Object.fromEntries(lists) };
  }

  /**
   * A run that shares this one's past until a day, and has wells changed then. Of this run, what has been
   * simulated is not simulated again.
   *
   * @param {Branch} change
   * @returns {Run}
   * @throws {BoresError} ERR_ARGUMENT, also for a day before the state that this run goes on from
   */
  withChange(change) {
    const events = branchEvents(change, this.#case);
    const runCase = withEvents(this.#case, events);
    const moment = this.#past.before(change.day);
    if (!moment && this.#resumed && change.day < this.#resumed.day * (1 - ROUNDING)) {
      throw new BoresError('ERR_ARGUMENT', `this run goes on from day ${this.#resumed.day}; a change on day `
        + `${change.day}, before that, needs the run it came from`);
    }
    return new Run(new Prepared(runCase, moment
      ? { ...moment, summary: this.#summary.until(moment.day) } : this.#resumed));
  }

  /**
   * Writes what is simulated as files that BORES reads.
   * @param {SaveTo} to
   */
  async save(to) {
    const { saveRun } = await import('./save/save-run.js');
    await saveRun(this.#case, to);
  }
}

/**
 * @param {any} input
 * @param {RunOptions} [options]
 */
function prepare(input, options) {
  const { signal: _, ...checked } = checkRunOptions(options);
  const given = boresInput(input ?? {});
  assertTree(given.model, 'model');
  assertTree(given.config, 'config');
  return new Prepared(boresCase(given, checked));
}

