// SPDX-License-Identifier: MIT
// What the simulator gives of a moment, as the ModelState that BORES would have made: the guide's version
// or the newest one's. What does not change is shared by all states of a run.

import { ModelState } from '../../state/model-state.js';
import { NdArray } from '../../values/nd-array.js';
import { readTree } from '../../values/tree.js';
import { secondsOf } from '../../simulation/clock.js';
import { makeSolverState } from '../solver-state.js';
import { balanceErrors, cumulativesOf } from './cumulatives.js';
import { constantGrids, fluidGrids, mapped } from './fluid-grids.js';
import { denseRates, flowsOf, sparseRates } from './rates.js';
import { timerState } from './timer-state.js';

/**
 * @import { Output } from '../../simulation/simulation.js'
 * @import { Tree } from '../bores/trees.js'
 * @import { FluidStatics } from './fluid-grids.js'
 *
 * What a run says of its states, beside what the simulator gives.
 * @typedef {object} Template
 * @property {boolean} newest
 * @property {readonly number[]} shape
 * @property {Tree} model    all that does not change, without `fluid_properties`
 * @property {FluidStatics} fluids
 * @property {{ oil: number, water: number, gas: number }} density  lb/ft³ at the surface
 * @property {(day: number, happened: readonly string[], wells: readonly Tree[]) => Tree} wells
 *   BORES's `wells`
 * @property {Tree} timer
 * @property {readonly number[]} marks  s, times that the input names
 * @property {Tree | null} transmissibilities
 * @property {Tree} history  of the saturations, as it is at the beginning
 */

export class StateBuilder {
  #template;
  #constants;
  /** The highest saturations so far. @type {Tree} */ #history;

  /**
   * @param {Template} template
   * @param {Tree} [history]  the highest saturations until a checkpoint
   */
  constructor(template, history = template.history) {
    this.#template = template;
    this.#constants = constantGrids(template.fluids);
    this.#history = history;
  }

  /** The highest saturations so far. */
  get history() {
    return this.#history;
  }

  /**
   * @param {Output} output
   * @param {Tree} [fluids]  the simulator's, where they do not come from tables of the input
   * @returns {ModelState}
   */
  build(output, fluids) {
    const { newest, shape, density } = this.#template;
    const record = readTree(output.record), summary = readTree(output.summary);
    const state = readTree(output.state);
    const time = secondsOf(record.day, this.#template.marks);
    const grids = fluidGrids(state.cells, this.#template.fluids, this.#constants);
    const flows = record.step === 0 ? [] : flowsOf(state);
    return new ModelState({
      step: record.step,
      step_size: (record.step_size * 86_400) || this.#template.timer.initial_step_size,
      time,
      model: this.#model(grids),
      wells: this.#template.wells(record.day, output.events.happened, state.wells),
      ...(newest ? { rates: sparseRates(flows, shape, grids, density) } : denseRates(flows, shape)),
      ...flowGrids(state.cells),
      ...(newest && { material_balance_errors: balanceErrors(summary, density) }),
      timer_state: timerState(this.#template.timer, record, time, newest),
      cumulatives: cumulativesOf(state),
      solver_state: makeSolverState(output.saved, output.events, fluids),
    });
  }

  /** @param {Tree} fluids */
  #model(fluids) {
    const { newest, model, transmissibilities } = this.#template;
    const { dip_angle: dipAngle, dip_azimuth: dipAzimuth, datum_depth: datumDepth, ...rest } = model;
    this.#history = advance(this.#history, fluids);
    const { rock_properties: rock, ...geometry } = rest;
    return {
      ...geometry, fluid_properties: fluids, rock_properties: rock,
      [newest ? 'hysteresis_state' : 'saturation_history']: this.#history,
      ...(newest && { face_transmissibilities: transmissibilities }),
      dip_angle: dipAngle, dip_azimuth: dipAzimuth, datum_depth: datumDepth ?? 0,
    };
  }
}

/** @param {Tree} cells */
function flowGrids(cells) {
  return {
    relative_permeabilities: { oil_relative_permeability: cells.kro,
      water_relative_permeability: cells.krw, gas_relative_permeability: cells.krg },
    relative_mobilities: { oil_relative_mobility: cells.lambdao,
      water_relative_mobility: cells.lambdaw, gas_relative_mobility: cells.lambdag },
    capillary_pressures: { oil_water_capillary_pressure: cells.pcow,
      gas_oil_capillary_pressure: cells.pcgo },
  };
}

/**
 * The highest saturations that the states have had; the flags are for hysteresis, which there is none of.
 * @param {Tree} history
 * @param {Tree} fluids
 */
function advance(history, fluids) {
  const highest = (/** @type {NdArray} */ before, /** @type {NdArray} */ now) =>
    mapped(now, (value, cell) => Math.max(value, Number(before.data[cell])));
  return {
    ...history,
    max_water_saturation_grid: highest(history.max_water_saturation_grid, fluids.water_saturation_grid),
    max_gas_saturation_grid: highest(history.max_gas_saturation_grid, fluids.gas_saturation_grid),
  };
}

/**
 * @param {NdArray} water  saturation
 * @param {NdArray} gas
 * @param {boolean} newest
 * @returns {Tree}
 */
export function beginHistory(water, gas, newest) {
  const flags = () => new NdArray(new Uint8Array(water.size), water.shape, 'bool');
  return {
    max_water_saturation_grid: water, max_gas_saturation_grid: gas,
    water_imbibition_flag_grid: flags(), gas_imbibition_flag_grid: flags(),
    ...(newest && { water_reversal_saturation_grid: water, gas_reversal_saturation_grid: gas }),
  };
}

/**
 * The geometric part of the connections in mD·ft, with a halo of one cell: BORES keeps a cell's forward
 * face at the next index. Outer faces are closed.
 *
 * @param {Tree} statics  the simulator's, in rb·cP/(d·psi)
 * @param {readonly number[]} shape
 * @returns {Tree}
 */
export function faceTransmissibilities(statics, [nx, ny, nz]) {
  const unit = 1.127116e-3; // rb·cP/(d·psi) of 1 mD·ft
  const padded = [nx + 2, ny + 2, nz + 2];
  return Object.fromEntries(['x', 'y', 'z'].map((axis) => {
    const source = statics[`tran${axis}`].data;
    const data = new Float64Array(padded[0] * padded[1] * padded[2]);
    for (let i = 0; i < nx; i += 1) {
      for (let j = 0; j < ny; j += 1) {
        for (let k = 0; k < nz; k += 1) {
          data[((i + 1) * padded[1] + j + 1) * padded[2] + k + 1] = source[(i * ny + j) * nz + k] / unit;
        }
      }
    }
    return [axis, new NdArray(data, padded)];
  }));
}
