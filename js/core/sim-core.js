// SPDX-License-Identifier: MIT
// The simulator: a wasm module of its own, loaded when a run starts (src/wasm/sim). It knows nothing of
// files and waits for nothing: each call makes at most one time step.
//
//   const core = await SimCore.load();
//   const sim = core.begin(model);              // a packed tree, see src/include/bores/sim.h
//   core.step(sim, untilDay);                   // one accepted step
//   core.read(sim, 'record');                   // a packed tree
//   core.end(sim);

import { Core } from './core.js';
import { instantiateSim } from './load.js';

/**
 * @import { PackedParams, PackedTree } from './pack.js'
 * @import { WasmOptions } from './load.js'
 */

/** What can be read of a simulation, by the numbers that C has for them (sim.h). */
const PARTS = /** @type {const} */ ({ record: 0, summary: 1, state: 2, statics: 3, saved: 4, failure: 5 });
/** @typedef {keyof typeof PARTS} SimPart */

export class SimCore {
  #core;

  /**
   * @param {WasmOptions} [options]  `sim`, `simScalar` and `useSimd` matter here
   * @throws {BoresError} ERR_WASM
   */
  static async load(options) {
    return new SimCore(new Core(await instantiateSim(options)));
  }

  /** @param {Core} core */
  constructor(core) {
    this.#core = core;
  }

  /** After a trap: it can no longer be used. */
  get dead() {
    return this.#core.dead;
  }

  /**
   * @param {PackedParams} model
   * @returns {number}  a simulation, end with end()
   * @throws {BoresError} ERR_VALIDATION, ERR_NOMEM, ERR_LIMIT
   */
  begin(model) {
    const sim = this.#core.withPacked(model, (pointer, length) =>
      this.#core.call('sim_new', pointer, length)) >>> 0;
    if (sim === 0) throw this.#core.lastError();
    return sim;
  }

  /** @param {number} sim */
  end(sim) {
    if (!this.#core.dead) this.#core.call('sim_free', sim);
  }

  /**
   * One accepted step, not over that day nor any report day or scheduled change.
   * @param {number} sim
   * @param {number} untilDay
   * @throws {BoresError} ERR_SOLVER, about which read(sim, 'failure') tells more
   */
  step(sim, untilDay) {
    this.#core.check(this.#core.call('sim_step', sim, untilDay));
  }

  /** @param {number} sim */
  day(sim) {
    return this.#core.call('sim_day', sim);
  }

  /**
   * The last day of the model's reports; Infinity when there is none.
   * @param {number} sim
   */
  lastDay(sim) {
    return this.#core.call('sim_last_day', sim);
  }

  /**
   * @param {number} sim
   * @param {SimPart} part
   * @returns {PackedTree}
   */
  read(sim, part) {
    const core = this.#core;
    const pointer = core.call('sim_read', sim, PARTS[part], core.scratch) >>> 0;
    if (pointer === 0) throw core.lastError();
    return core.copyTree(pointer, new DataView(core.memory.buffer).getUint32(core.scratch, true));
  }

  /**
   * Goes on from what read(sim, 'saved') gave, of the same model.
   * @param {number} sim
   * @param {PackedParams} saved
   */
  restore(sim, saved) {
    this.#core.withPacked(saved, (pointer, length) =>
      this.#core.check(this.#core.call('sim_restore', sim, pointer, length)));
  }

  /**
   * Changes wells from now on.
   * @param {number} sim
   * @param {PackedParams} change  {NAME: {…}} as in a schedule
   */
  change(sim, change) {
    this.#core.withPacked(change, (pointer, length) =>
      this.#core.check(this.#core.call('sim_change', sim, pointer, length)));
  }

  /**
   * All that is wrong with a model.
   * @param {PackedParams} model
   * @returns {PackedTree}  [{path, code, message}]
   */
  problems(model) {
    const core = this.#core;
    return core.withPacked(model, (pointer, length) => {
      const result = core.call('sim_problems', pointer, length, core.scratch) >>> 0;
      if (result === 0) throw core.lastError();
      try {
        return core.copyTree(result, new DataView(core.memory.buffer).getUint32(core.scratch, true));
      } finally {
        core.free(result);
      }
    });
  }
}
