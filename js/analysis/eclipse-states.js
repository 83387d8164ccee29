// SPDX-License-Identifier: MIT
// States of an ECLIPSE run as an analysis reads them: those of BORES have rates of cells, volumes so far and a box
// of rock for each cell, these have wells (XWEL, XCON) and pore volumes (PORV).
//
// Thickness is made of the pore volume, so that dx dy h phi NTG is PORV to the digit: cells of a corner-point grid have
// no dx and dy of their own. What comes to the surface at a connection is what the simulator says; its volume in
// the reservoir is made with the FVFs of the cell, where the run has them.

import { NdArray } from '../values/nd-array.js';

/**
 * @import { EclipseStore, EclipseWell } from '../store/eclipse/eclipse-store.js'
 * @typedef {'oil' | 'water' | 'gas'} Phase
 * @typedef {{ keys: number[][], values: number[] }} Sparse
 * @typedef {Record<Phase, Sparse>} Sparses
 * @typedef {{ signal?: AbortSignal }} CallOptions
 */

const PHASES = /** @type {const} */ (['oil', 'water', 'gas']);
/**
 * Volumes in the reservoir of one at the surface (gas: of free gas); how much of the gas is free, or what of it is
 * dissolved in the oil (SCF/STB). What is not known is undefined.
 * @typedef {{ oil?: number, water?: number, gas?: number, free?: number, rs?: number }} Ratios
 */

const FLUID = 'model.fluid_properties.';
/** ft3 of a barrel; and of a volume in the reservoir in the units of the file (NIST SP 811). */
const BARREL = 5.614583;
const CUBIC_FEET = { METRIC: 35.3146667, FIELD: BARREL, LAB: 35.3146667e-6, 'PVT-M': 35.3146667 };
/** What is read of each state beside what the analysis asks for. */
const ALSO = ['eclipse.PORV', 'eclipse.RPORV', `${FLUID}solution_gas_to_oil_ratio_grid`];

export class EclipseStates {
  #store;
  /** Volumes in the reservoir so far, by well. @type {Map<string, Record<string, number>>} */ #reservoir = new Map();
  /** How each well flowed when it did last, by its name and which way. @type {Map<string, Ratios>} */
  #flowed = new Map();
  /** The totals of the step before. @type {Map<string, Record<string, number>>} */ #before = new Map();
  /** @type {any} */ #info;
  /** Why there is no word of what was produced; undefined: there is. @type {string | undefined} */ withoutRates;
  /**
   * Totals of all wells at the first state, which may be a late one: STB and SCF.
   * @type {Record<string, number> | undefined}
   */
  earlier;
  /** Why flows have no volume in the reservoir. @type {string | undefined} */ withoutReservoir;

  /** @param {EclipseStore} store  opened in BORES's units */
  constructor(store) {
    this.#store = store;
  }

  /**
   * @param {readonly string[]} fields
   * @param {CallOptions & { indices?: number[] }} options
   * @returns {AsyncGenerator<any, void, void>}
   */
  async* load(fields, { indices, signal }) {
    this.#info ??= await this.#store.info({ signal });
    const wanted = [...new Set([...fields, ...ALSO])];
    for (const { idx } of await this.#store.entries({ signal })) {
      if (indices && !indices.includes(idx)) continue;
      for await (const tree of this.#store.load({ as: 'raw', fields: wanted, indices: [idx], signal })) {
        yield this.#adapt(tree, await this.#store.wells(idx, { signal }), indices !== undefined);
      }
    }
  }

  /** @param {any} tree @param {EclipseWell[]} wells @param {boolean} again  read for its grids alone */
  #adapt(tree, wells, again) {
    this.#addRock(tree);
    this.#addSaturations(tree);
    if (again) return tree;
    const rates = { production_rates: none(), injection_rates: none(),
      production_fvfs: none(), injection_fvfs: none() };
    /** @type {Record<string, any>} */ const totals = {};
    for (const well of wells) {
      if (!well.rates || !well.totals) {
        this.withoutRates ??= `step ${tree.step}: XWEL has no rates and volumes of well '${well.name}'`;
      }
      const now = this.#addFlows(tree, well, rates);
      if (well.totals) totals[well.name] = this.#totalsOf(tree, well, now);
    }
    this.earlier ??= sumOf(Object.values(totals));
    tree.rates = rates;
    tree.cumulatives = { wells: totals };
    return tree;
  }

  /** @param {any} tree */
  #addRock(tree) {
    const { PORV: porv, RPORV: now } = tree.eclipse ?? {};
    const pressure = tree.model?.fluid_properties?.pressure_grid;
    const factor = CUBIC_FEET[/** @type {keyof typeof CUBIC_FEET} */ (this.#info.unitSystem)];
    if (!porv && !now) return; // what needs volumes says that the thickness is missing
    const rock = (tree.model ??= {}).rock_properties ??= {};
    const { porosity_grid: porosity, net_to_gross_ratio_grid: net } = rock;
    const [dx, dy] = tree.model.cell_dimension ??= [1, 1];
    const volumes = now ?? porv;
    const height = Float64Array.from(volumes.data, (/** @type {number} */ volume, /** @type {number} */ n) => {
      const part = (porosity ? porosity.data[n] : 1) * (net ? net.data[n] : 1) * dx * dy;
      const there = volume > 0 && part > 0 && !(pressure && Number.isNaN(pressure.data[n]));
      return there ? (volume * factor) / part : 0;
    });
    tree.model.thickness_grid = new NdArray(height, volumes.shape, 'float64');
    rock.porosity_grid ??= new NdArray(new Float64Array(height.length).fill(1), volumes.shape, 'float64');
  }

  /** Phases that the run does not have are nowhere. @param {any} tree */
  #addSaturations(tree) {
    const fluid = tree.model?.fluid_properties;
    if (!fluid?.pressure_grid || this.#info.phases.length === 0) return;
    for (const phase of PHASES) {
      if (this.#info.phases.includes(phase)) continue;
      const { shape, data } = fluid.pressure_grid;
      fluid[`${phase}_saturation_grid`] ??= new NdArray(new Float64Array(data.length), shape, 'float64');
    }
  }

  /**
   * @param {any} tree
   * @param {EclipseWell} well
   * @param {any} rates
   * @returns {Ratios}  of what flows
   */
  #addFlows(tree, well, rates) {
    const injects = well.type === 'injector';
    const [q, b] = injects ? [rates.injection_rates, rates.injection_fvfs]
      : [rates.production_rates, rates.production_fvfs];
    const sums = { oil: 0, water: 0, gas: 0, all: 0, reservoirOil: 0, reservoirWater: 0, reservoirGas: 0 };
    for (const { cell, surface } of flowsOf(well)) {
      const at = cellOf(tree, cell);
      const sign = injects ? -1 : 1;
      const free = injects ? surface.gas : surface.gas - surface.oil * (at.rs ?? 0);
      sums.all += sign * surface.gas;
      for (const [phase, amount] of /** @type {[Phase, number][]} */ ([['oil', surface.oil], ['water', surface.water],
        ['gas', free]])) {
        if (amount === 0) continue;
        const fvf = at[phase];
        if (fvf === undefined) {
          this.withoutReservoir ??= `step ${tree.step}: there is no formation volume factor of ${phase} in [${cell}]`;
        }
        const volume = sign * amount * (phase === 'gas' ? 1 : BARREL) * (fvf ?? 1);
        add(q[phase], cell, volume);
        set(b[phase], cell, fvf ?? 1);
        sums[phase] += sign * amount;
        sums[/** @type {'reservoirOil'} */ (`reservoir${phase[0].toUpperCase()}${phase.slice(1)}`)] += volume;
      }
    }
    return { oil: ratio(sums.reservoirOil, sums.oil), water: ratio(sums.reservoirWater, sums.water),
      gas: ratio(sums.reservoirGas, sums.gas), free: ratio(sums.gas, sums.all) };
  }

  /**
   * How what a well has produced or injected since the step before is taken: as it flows now, else as it flowed
   * last, else as it lies in the cells of the well's connections. A well that is shut on the day of a report has
   * flowed before.
   * @param {any} tree
   * @param {EclipseWell} well
   * @param {boolean} injects
   * @param {Ratios} now
   * @returns {Ratios}
   */
  #ratiosOf(tree, { name, type, connections }, injects, now) {
    const key = `${injects ? 'into' : 'out of'} ${name}`;
    const flows = (type === 'injector') === injects ? now : {};
    const seen = Object.fromEntries(Object.entries(flows).filter(([, known]) => known !== undefined));
    const known = { ...this.#flowed.get(key), ...seen };
    this.#flowed.set(key, known);
    const around = connections.map(({ cell, factor }) => ({ at: cellOf(tree, cell), factor: factor ?? 0 }));
    return { ...lying(around), ...known };
  }

  /** @param {any} tree @param {EclipseWell} well @param {Ratios} flows */
  #totalsOf(tree, well, flows) {
    const { name, type, totals, bottomHolePressure } = well;
    const now = /** @type {Record<string, number>} */ (/** @type {unknown} */ (totals));
    const before = this.#before.get(name) ?? { oil: 0, water: 0, gas: 0, waterInjected: 0, gasInjected: 0 };
    const sums = this.#reservoir.get(name) ?? { free: 0, oil: 0, water: 0, gas: 0, waterInjected: 0, gasInjected: 0 };
    const out = this.#ratiosOf(tree, well, false, flows), into = this.#ratiosOf(tree, well, true, flows);
    const grown = (/** @type {string} */ phase) => now[phase] - before[phase];
    const take = (/** @type {string} */ what, /** @type {number} */ amount, /** @type {number | undefined} */ per) => {
      if (amount !== 0 && per === undefined) {
        this.withoutReservoir ??= `step ${tree.step}: there is no formation volume factor of what well '${name}' `
          + 'has flowed';
      }
      sums[what] += amount * (per ?? 0);
    };
    const dissolved = out.rs === undefined ? grown('gas') : Math.min(grown('gas'), grown('oil') * out.rs);
    const free = out.free === undefined ? grown('gas') - dissolved : grown('gas') * out.free;
    sums.free += free;
    take('oil', grown('oil'), out.oil);
    take('water', grown('water'), out.water);
    take('gas', free, out.gas);
    take('waterInjected', grown('waterInjected'), into.water);
    take('gasInjected', grown('gasInjected'), into.gas);
    this.#reservoir.set(name, sums);
    this.#before.set(name, now);
    return { oil_produced: now.oil, water_produced: now.water, gas_produced: now.gas, free_gas_produced: sums.free,
      oil_injected: 0, water_injected: now.waterInjected, gas_injected: now.gasInjected,
      reservoir_oil_produced: sums.oil, reservoir_water_produced: sums.water, reservoir_gas_produced: sums.gas,
      reservoir_oil_injected: 0, reservoir_water_injected: sums.waterInjected, reservoir_gas_injected: sums.gasInjected,
      ...(type && bottomHolePressure !== null && { bhp: bottomHolePressure }) };
  }
}

const none = () => /** @type {Sparses} */ ({ oil: { keys: [], values: [] }, water: { keys: [], values: [] },
  gas: { keys: [], values: [] } });

/** @param {Record<string, number>[]} maps @returns {Record<string, number>} */
function sumOf(maps) {
  /** @type {Record<string, number>} */ const sums = {};
  for (const map of maps) {
    for (const [name, value] of Object.entries(map)) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}

/** @param {number} a @param {number} b @returns {number | undefined}  undefined: nothing flows */
const ratio = (a, b) => (b === 0 ? undefined : a / b);

/**
 * As what lies in cells would flow, each as much as its connection lets through.
 * @param {{ at: any, factor: number }[]} cells
 * @returns {Ratios}
 */
function lying(cells) {
  const all = cells.reduce((sum, { factor }) => sum + factor, 0);
  const mean = (/** @type {string} */ name) => cells.reduce((/** @type {number | undefined} */ sum, { at, factor }) =>
    (sum === undefined || at[name] === undefined ? undefined
      : sum + at[name] * (all > 0 ? factor / all : 1 / cells.length)), cells.length > 0 ? 0 : undefined);
  const inFeet = (/** @type {number | undefined} */ factor) => (factor === undefined ? undefined : factor * BARREL);
  return { oil: inFeet(mean('oil')), water: inFeet(mean('water')), gas: mean('gas'), rs: mean('rs') };
}

/** @param {Sparse} sparse @param {readonly number[]} cell */
function placeOf(sparse, cell) {
  const at = sparse.keys.findIndex((key) => key.every((n, d) => n === cell[d]));
  if (at >= 0) return at;
  sparse.keys.push([...cell]);
  return sparse.values.push(0) - 1;
}

/** @param {Sparse} sparse @param {readonly number[]} cell @param {number} value */
function add(sparse, cell, value) {
  sparse.values[placeOf(sparse, cell)] += value;
}

/** @param {Sparse} sparse @param {readonly number[]} cell @param {number} value */
function set(sparse, cell, value) {
  sparse.values[placeOf(sparse, cell)] = value;
}

/**
 * What flows at each connection, STB/d and SCF/d: as XCON says; where it says nothing, the well's rates by the
 * transmissibilities of its open connections.
 * @param {EclipseWell} well
 * @returns {{ cell: [number, number, number], surface: Record<Phase, number> }[]}
 */
function flowsOf({ rates, connections }) {
  const open = connections.filter(({ isOpen }) => isOpen);
  if (!rates || open.length === 0) return [];
  const said = Object.fromEntries(PHASES.map((phase) =>
    [phase, open.reduce((sum, one) => sum + (one.rates?.[phase] ?? 0), 0)]));
  const factors = open.map(({ factor }) => (factor !== null && factor > 0 ? factor : 0));
  const all = factors.reduce((sum, factor) => sum + factor, 0);
  return open.map((one, n) => ({ cell: one.cell, surface: /** @type {Record<Phase, number>} */ (Object.fromEntries(
    PHASES.map((phase) => {
      const rate = rates[phase] ?? 0;
      const share = all > 0 ? factors[n] / all : 1 / open.length;
      return [phase, said[phase] !== 0 ? rate * ((one.rates?.[phase] ?? 0) / said[phase]) : rate * share];
    }))) }));
}

/** FVFs and Rs of a cell; undefined: not there. @param {any} tree @param {readonly number[]} cell @returns {any} */
function cellOf(tree, cell) {
  const fluid = tree.model?.fluid_properties ?? {};
  const read = (/** @type {string} */ name) => {
    const value = fluid[name]?.get(...cell);
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const factor = (/** @type {string} */ phase) => read(`${phase}_formation_volume_factor_grid`) || undefined;
  return { oil: factor('oil'), water: factor('water'), gas: factor('gas'), rs: read('solution_gas_to_oil_ratio_grid') };
}
