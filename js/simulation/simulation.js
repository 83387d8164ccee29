// SPDX-License-Identifier: MIT
// One run in this thread, whichever that is: steps until a state is due, with plain data in and out. A
// worker serves it as a job (js/worker/jobs.js), a page without workers calls it itself.

import { BoresError } from '../core/errors.js';
import { SimCore } from '../core/sim-core.js';
import { packTree, unpackTree } from '../core/pack.js';
import { endDay, isDue, isOver } from './clock.js';
import { Events } from './events.js';

/**
 * @import { WasmOptions } from '../core/load.js'
 * @import { PackedParams, PackedTree } from '../core/pack.js'
 * @import { Clock } from './clock.js'
 * @import { EventsRecord, WellChange, WellEvent } from './events.js'
 *
 * @typedef {object} Job
 * @property {PackedParams} model    the simulator's input
 * @property {Clock} clock
 * @property {WellEvent[]} events
 * @property {{ [well: string]: WellChange }} [start]  how the wells are set until something happens to them;
 *   undefined: as the model's schedule says
 * @property {PackedParams} [saved]  of a checkpoint: go on from there, beginning with the next step
 * @property {EventsRecord} [record]  of the same
 *
 * @typedef {object} Progress
 * @property {number} day
 * @property {number} days  when it ends
 * @property {number} step
 * @property {number} stepSize  days
 * @property {number} newtonIterations  of the last step
 * @property {number} linearIterations
 * @property {number} cuts      of all steps
 * @property {string} reason    why the step was no longer
 *
 * What there is of a moment at which a state is due.
 * @typedef {object} Output
 * @property {PackedTree} record
 * @property {PackedTree} summary
 * @property {PackedTree} state
 * @property {PackedTree} saved
 * @property {EventsRecord} events
 * @property {boolean} last
 *
 * @typedef {{ signal?: AbortSignal, tell?: (progress: Progress) => void, breathe?: () => Promise<void> }}
 *   StepOptions  tell: after steps, not each; breathe: lets others have this thread
 */

/** How long this thread is kept without letting messages in, and how often progress is told, ms. */
const TURN_MS = 25, TELL_MS = 50;

export class Simulation {
  #core;
  #sim;
  #clock;
  #events;
  #begun;
  #last = false;
  #told = 0;
  #turn = performance.now();

  /**
   * @param {Job} job
   * @param {WasmOptions} [wasm]
   * @throws {BoresError} ERR_VALIDATION, ERR_NOMEM, ERR_WASM
   */
  static async open(job, wasm) {
    return new Simulation(await SimCore.load(wasm), job);
  }

  /**
   * @param {SimCore} core  its own
   * @param {Job} job
   */
  constructor(core, { model, clock, events, start, saved, record }) {
    this.#core = core;
    this.#clock = clock;
    this.#events = new Events(events, start, record);
    this.#sim = core.begin(model);
    this.#begun = saved !== undefined;
    if (!saved) return;
    try {
      core.restore(this.#sim, saved); // with how the wells were set
    } catch (error) {
      core.end(this.#sim);
      throw error;
    }
  }

  /**
   * The next state that is due; undefined at the end.
   * @param {StepOptions} [options]
   * @returns {Promise<Output | undefined>}
   * @throws {BoresError} ERR_SOLVER
   */
  async next({ signal, tell, breathe = nextTurn } = {}) {
    if (this.#last) return undefined;
    for (;;) {
      signal?.throwIfAborted();
      const moment = this.#advance(tell);
      if (moment === undefined) return undefined;
      const due = isDue(this.#clock, this.#lastDay, moment);
      if (performance.now() - this.#turn >= TURN_MS) { // counted over states, which may come fast
        await breathe();
        this.#turn = performance.now();
      }
      if (due) return this.#output(moment);
    }
  }

  get #lastDay() {
    return this.#core.lastDay(this.#sim);
  }

  /**
   * One step, unless the first state is what is due.
   * @param {StepOptions['tell']} tell
   */
  #advance(tell) {
    if (this.#begun) {
      const now = this.#moment();
      if (isOver(this.#clock, this.#lastDay, now)) {
        this.#last = true;
        return undefined;
      }
      this.#happen(now);
      const until = Math.min(endDay(this.#clock, this.#lastDay), this.#events.nextDay(now.day));
      this.#step(until);
    }
    this.#begun = true;
    const record = this.#record();
    this.#tell(record, tell);
    return momentOf(record);
  }

  /** @param {number} untilDay */
  #step(untilDay) {
    try {
      this.#core.step(this.#sim, untilDay);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** @param {{ step: number, day: number }} now */
  #happen({ step, day }) {
    const settings = this.#events.happen(step, day);
    if (settings) this.#change(settings);
  }

  /** @param {{ [well: string]: WellChange }} wells */
  #change(wells) {
    this.#core.change(this.#sim, packTree(wells));
  }

  #moment() {
    return momentOf(this.#record());
  }

  #record() {
    return /** @type {any} */ (unpackTree(this.#core.read(this.#sim, 'record'), () => null));
  }

  /**
   * @param {any} record
   * @param {StepOptions['tell']} tell
   */
  #tell(record, tell) {
    const now = performance.now();
    if (!tell || now - this.#told < TELL_MS) return;
    this.#told = now;
    tell({ day: record.day, days: endDay(this.#clock, this.#lastDay), step: record.step,
      stepSize: record.step_size, newtonIterations: record.newton_iterations,
      linearIterations: record.linear_iterations, cuts: record.total_cuts, reason: record.reason });
  }

  /**
   * @param {{ step: number, day: number, isReport: boolean }} moment
   * @returns {Output}
   */
  #output(moment) {
    const read = (/** @type {import('../core/sim-core.js').SimPart} */ part) =>
      this.#core.read(this.#sim, part);
    this.#last = isOver(this.#clock, this.#lastDay, moment);
    return { record: read('record'), summary: read('summary'), state: read('state'),
      saved: read('saved'), events: this.#events.record(), last: this.#last };
  }

  /** What is known before the first state: arrays that do not change, and the last day. */
  describe() {
    return { statics: this.#core.read(this.#sim, 'statics'),
      days: endDay(this.#clock, this.#lastDay) };
  }

  /**
   * An error of a step, with where it could not go on, as far as the simulator knows.
   * @param {unknown} error
   */
  #explain(error) {
    if (!(error instanceof BoresError) || this.#core.dead) return error;
    const failure = unpackTree(this.#core.read(this.#sim, 'failure'), () => null);
    return failure ? Object.assign(error, { failure }) : error;
  }

  close() {
    this.#core.end(this.#sim);
    this.#last = true;
  }
}

/** @param {any} record */
function momentOf({ step, day, is_report: isReport }) {
  return { step, day, isReport };
}

/** Messages and pictures come first: a microtask would let neither in. */
function nextTurn() {
  return new Promise((/** @type {(value: void) => void} */ resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
