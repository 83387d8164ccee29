// SPDX-License-Identifier: MIT
// ModelAnalyst: a run's answers by the names that BORES has for them, in camelCase. Every number comes
// from the core (src/analysis), where formula, unit and source of each stand.

import { BoresError } from '../core/errors.js';
import { checkArgument } from '../core/options.js';
import { makeReport } from './report.js';
import { Reading } from './reading.js';

/**
 * @import { AnalysisOptions, Progress } from './reading.js'
 *
 * Steps are the states' own numbers; negative ones count from the end of `availableSteps`.
 * @typedef {{ step?: number }} StepOptions
 * @typedef {{ fromStep?: number, toStep?: number, interval?: number }} RangeOptions
 *
 * Which cells: a well's name, several, a cell [i, j, k], several, or a box of indices, each a number
 * or a half-open [start, stop].
 * @typedef {string | readonly string[] | readonly number[] | readonly (readonly number[])[]
 *   | { i?: number | readonly number[], j?: number | readonly number[], k?: number | readonly number[] }} Cells
 * @typedef {{ cells?: Cells }} CellOptions
 * @typedef {{ method?: 'volumetric' | 'balance' }} MethodOptions
 * @typedef {'oil' | 'gas' | 'water'} Phase
 * @typedef {[step: number, value: number][]} History
 * @typedef {{ [field: string]: any }} Answer
 * @typedef {[step: number, record: Answer][]} Records
 *
 * @typedef {object} SweepOptions
 * @property {Phase} [displacingPhase]  default 'water'
 * @property {number} [deltaWaterSaturationThreshold]  default 0.02
 * @property {number} [deltaGasSaturationThreshold]    default 0.01
 * @property {number} [solventConcentrationThreshold]  default 0.01
 *
 * @typedef {{ phase?: 'water' | 'gas', threshold?: number }} FrontOptions  default 'water', 0.02
 * @typedef {{ displacedPhase?: Phase, displacingPhase?: Phase }} MobilityOptions
 * @typedef {{ declineType?: 'exponential' | 'harmonic' | 'hyperbolic', phase?: Phase }} DeclineOptions
 * @typedef {{ stepDays?: number, economicLimit?: number }} ForecastOptions
 *
 * @typedef {object} Vector
 * @property {string} name
 * @property {string} title
 * @property {string} unit
 * @property {Float64Array} steps
 * @property {Float64Array} days
 * @property {Float64Array} values
 *
 * @typedef {object} VectorName
 * @property {string} name
 * @property {string} title
 * @property {string} unit
 * @property {'time' | 'field' | 'well' | 'region' | 'connection'} kind
 * @property {string} quantity        the mnemonic less its first letter
 * @property {string | null} subject  of which well or region
 */

/** @typedef {RangeOptions & CellOptions} RateOptions */

export class ModelAnalyst extends Reading {

  // Steps and time

  /** @returns {number} */
  get minStep() { return this.ask('steps').steps[0]; }
  /** @returns {number} */
  get maxStep() { return this.ask('steps').steps.at(-1); }
  /** Ascending. @returns {number[]} */
  get availableSteps() { return this.ask('steps').steps; }
  /** Of the available steps. @returns {number[]} */
  get days() { return this.ask('steps').days; }
  /** Cells of the grid along i, j and k. @returns {number[]} */
  get shape() { return this.ask('steps').shape; }
  /** Whether states are missing, so that volumes are estimates. @returns {boolean} */
  get approximate() { return this.ask('steps').approximate; }
  /** Between which steps. @returns {[number, number][]} */
  get gaps() { return this.ask('steps').gaps; }

  // In place, STB and SCF

  /** @returns {number} */
  get stockTankOilInitiallyInPlace() { return this.ask('stockTankOilInitiallyInPlace'); }
  /** @returns {number} */
  get stoiip() { return this.ask('stockTankOilInitiallyInPlace'); }
  /** @returns {number} */
  get stockTankGasInitiallyInPlace() { return this.ask('stockTankGasInitiallyInPlace'); }
  /** @returns {number} */
  get stgiip() { return this.ask('stockTankGasInitiallyInPlace'); }
  /** @returns {number} */
  get freeGasInitiallyInPlace() { return this.ask('freeGasInitiallyInPlace'); }
  /** @returns {number} */
  get freeGiip() { return this.ask('freeGasInitiallyInPlace'); }
  /** @returns {number} */
  get stockTankWaterInitiallyInPlace() { return this.ask('stockTankWaterInitiallyInPlace'); }
  /** @returns {number} */
  get stwiip() { return this.ask('stockTankWaterInitiallyInPlace'); }
  /** @param {StepOptions & MethodOptions} [options] @returns {number} */
  oilInPlace(options) { return this.ask('oilInPlace', options); }
  /** @param {StepOptions & MethodOptions} [options] @returns {number} */
  gasInPlace(options) { return this.ask('gasInPlace', options); }
  /** @param {StepOptions & MethodOptions} [options] @returns {number} */
  freeGasInPlace(options) { return this.ask('freeGasInPlace', options); }
  /** @param {StepOptions & MethodOptions} [options] @returns {number} */
  waterInPlace(options) { return this.ask('waterInPlace', options); }
  /** @param {RangeOptions & MethodOptions} [options] @returns {History} */
  oilInPlaceHistory(options) { return this.ask('oilInPlaceHistory', options); }
  /** @param {RangeOptions & MethodOptions} [options] @returns {History} */
  gasInPlaceHistory(options) { return this.ask('gasInPlaceHistory', options); }
  /** @param {RangeOptions & MethodOptions} [options] @returns {History} */
  freeGasInPlaceHistory(options) { return this.ask('freeGasInPlaceHistory', options); }
  /** @param {RangeOptions & MethodOptions} [options] @returns {History} */
  waterInPlaceHistory(options) { return this.ask('waterInPlaceHistory', options); }
  /** @param {StepOptions} [options] @returns {Answer} */
  reservoirVolumetricsAnalysis(options) { return this.ask('reservoirVolumetricsAnalysis', options); }
  /** @param {RangeOptions} [options] @returns {Records} */
  reservoirVolumetricsHistory(options) { return this.ask('reservoirVolumetricsHistory', options); }

  // Produced and injected, STB and SCF; gas is free and dissolved

  /** @returns {number} */
  get cumulativeOilProduced() { return this.ask('cumulativeOilProduced'); }
  /** @returns {number} */
  get No() { return this.ask('cumulativeOilProduced'); }
  /** @returns {number} */
  get Np() { return this.ask('cumulativeOilProduced'); }
  /** @returns {number} */
  get cumulativeGasProduced() { return this.ask('cumulativeGasProduced'); }
  /** @returns {number} */
  get Ng() { return this.ask('cumulativeGasProduced'); }
  /** @returns {number} */
  get Gp() { return this.ask('cumulativeGasProduced'); }
  /** @returns {number} */
  get cumulativeFreeGasProduced() { return this.ask('cumulativeFreeGasProduced'); }
  /** @returns {number} */
  get cumulativeWaterProduced() { return this.ask('cumulativeWaterProduced'); }
  /** @returns {number} */
  get Nw() { return this.ask('cumulativeWaterProduced'); }
  /** @returns {number} */
  get Wp() { return this.ask('cumulativeWaterProduced'); }
  /** @returns {number} */
  get cumulativeWaterInjected() { return this.ask('cumulativeWaterInjected'); }
  /** @returns {number} */
  get Wi() { return this.ask('cumulativeWaterInjected'); }
  /** @returns {number} */
  get cumulativeGasInjected() { return this.ask('cumulativeGasInjected'); }
  /** @returns {number} */
  get Gi() { return this.ask('cumulativeGasInjected'); }
  /** @returns {number} */
  get oilRecoveryFactor() { return this.ask('oilRecoveryFactor'); }
  /** @returns {number} */
  get gasRecoveryFactor() { return this.ask('gasRecoveryFactor'); }
  /** @returns {number} */
  get totalGasRecoveryFactor() { return this.ask('totalGasRecoveryFactor'); }
  /** @returns {number} */
  get freeGasRecoveryFactor() { return this.ask('freeGasRecoveryFactor'); }
  /** @param {RateOptions} [options] @returns {number} */
  oilProduced(options) { return this.ask('oilProduced', options); }
  /** @param {RateOptions} [options] @returns {number} */
  gasProduced(options) { return this.ask('gasProduced', options); }
  /** @param {RateOptions} [options] @returns {number} */
  freeGasProduced(options) { return this.ask('freeGasProduced', options); }
  /** @param {RateOptions} [options] @returns {number} */
  waterProduced(options) { return this.ask('waterProduced', options); }
  /** @param {RateOptions} [options] @returns {number} */
  oilInjected(options) { return this.ask('oilInjected', options); }
  /** @param {RateOptions} [options] @returns {number} */
  gasInjected(options) { return this.ask('gasInjected', options); }
  /** @param {RateOptions} [options] @returns {number} */
  waterInjected(options) { return this.ask('waterInjected', options); }
  /** @param {RateOptions & { cumulative?: boolean }} [options] @returns {History} */
  oilProductionHistory(options) { return this.ask('oilProductionHistory', options); }
  /** @param {RateOptions & { cumulative?: boolean }} [options] @returns {History} */
  gasProductionHistory(options) { return this.ask('gasProductionHistory', options); }
  /** @param {RateOptions & { cumulative?: boolean }} [options] @returns {History} */
  freeGasProductionHistory(options) { return this.ask('freeGasProductionHistory', options); }
  /** @param {RateOptions & { cumulative?: boolean }} [options] @returns {History} */
  waterProductionHistory(options) { return this.ask('waterProductionHistory', options); }
  /** @param {RateOptions & { cumulative?: boolean }} [options] @returns {History} */
  oilInjectionHistory(options) { return this.ask('oilInjectionHistory', options); }
  /** @param {RateOptions & { cumulative?: boolean }} [options] @returns {History} */
  gasInjectionHistory(options) { return this.ask('gasInjectionHistory', options); }
  /** @param {RateOptions & { cumulative?: boolean }} [options] @returns {History} */
  waterInjectionHistory(options) { return this.ask('waterInjectionHistory', options); }
  /** @param {RateOptions} [options] @returns {History} */
  oilRateHistory(options) { return this.ask('oilRateHistory', options); }
  /** @param {RateOptions} [options] @returns {History} */
  gasRateHistory(options) { return this.ask('gasRateHistory', options); }
  /** @param {RateOptions} [options] @returns {History} */
  freeGasRateHistory(options) { return this.ask('freeGasRateHistory', options); }
  /** @param {RateOptions} [options] @returns {History} */
  waterRateHistory(options) { return this.ask('waterRateHistory', options); }
  /** @param {RateOptions & { stoiip?: number }} [options] @returns {History} */
  oilRecoveryFactorHistory(options) { return this.ask('oilRecoveryFactorHistory', options); }
  /** @param {RateOptions & { stgiip?: number }} [options] @returns {History} */
  gasRecoveryFactorHistory(options) { return this.ask('gasRecoveryFactorHistory', options); }
  /** @param {RateOptions & { stgiip?: number }} [options] @returns {History} */
  totalGasRecoveryFactorHistory(options) { return this.ask('totalGasRecoveryFactorHistory', options); }
  /** @param {RateOptions & { stgiip?: number }} [options] @returns {History} */
  freeGasRecoveryFactorHistory(options) { return this.ask('freeGasRecoveryFactorHistory', options); }
  /** @param {StepOptions & CellOptions} [options] @returns {Answer} */
  instantaneousProductionRates(options) { return this.ask('instantaneousProductionRates', options); }
  /** @param {StepOptions & CellOptions} [options] @returns {Answer} */
  instantaneousInjectionRates(options) { return this.ask('instantaneousInjectionRates', options); }
  /** @param {RateOptions & { rateType?: 'production' | 'injection' }} [options] @returns {Records} */
  instantaneousRatesHistory(options) { return this.ask('instantaneousRatesHistory', options); }
  /** @param {StepOptions} [options] @returns {Answer} */
  cumulativeProductionAnalysis(options) { return this.ask('cumulativeProductionAnalysis', options); }
  /** @param {RangeOptions} [options] @returns {Records} */
  cumulativeProductionHistory(options) { return this.ask('cumulativeProductionHistory', options); }

  // Balances and ratios

  /** @param {StepOptions} [options] @returns {Answer} */
  materialBalance(options) { return this.ask('materialBalance', options); }
  /** @param {StepOptions} [options] @returns {Answer} */
  mbal(options) { return this.ask('materialBalance', options); }
  /** @param {StepOptions} [options] @returns {Answer} */
  materialBalanceAnalysis(options) { return this.ask('materialBalance', options); }
  /** @param {RangeOptions} [options] @returns {Records} */
  materialBalanceHistory(options) { return this.ask('materialBalanceHistory', options); }
  /** @param {RangeOptions} [options] @returns {Records} */
  mbalHistory(options) { return this.ask('materialBalanceHistory', options); }
  /** @param {StepOptions & CellOptions} [options] @returns {number} */
  voidageReplacementRatio(options) { return this.ask('voidageReplacementRatio', options); }
  /** @param {StepOptions & CellOptions} [options] @returns {number} */
  vrr(options) { return this.ask('voidageReplacementRatio', options); }
  /** @param {StepOptions & CellOptions} [options] @returns {number} */
  VRR(options) { return this.ask('voidageReplacementRatio', options); }
  /** @param {RateOptions} [options] @returns {History} */
  voidageReplacementRatioHistory(options) { return this.ask('voidageReplacementRatioHistory', options); }
  /** @param {RateOptions} [options] @returns {History} */
  vrrHistory(options) { return this.ask('voidageReplacementRatioHistory', options); }
  /** @param {StepOptions & MobilityOptions} [options] @returns {number} */
  mobilityRatio(options) { return this.ask('mobilityRatio', options); }
  /** @param {StepOptions & MobilityOptions} [options] @returns {number} */
  mr(options) { return this.ask('mobilityRatio', options); }
  /** @param {StepOptions & MobilityOptions} [options] @returns {number} */
  MR(options) { return this.ask('mobilityRatio', options); }
  /** @param {RangeOptions & MobilityOptions} [options] @returns {History} */
  mobilityRatioHistory(options) { return this.ask('mobilityRatioHistory', options); }
  /** @param {RangeOptions & MobilityOptions} [options] @returns {History} */
  mrHistory(options) { return this.ask('mobilityRatioHistory', options); }
  /** @param {StepOptions} [options] @returns {'vogel' | 'linear' | 'fetkovich' | 'jones'} */
  recommendIprMethod(options) { return this.ask('recommendIprMethod', options); }
  /** @param {StepOptions & CellOptions & { phase?: Phase }} [options] @returns {Answer} */
  productivityAnalysis(options) { return this.ask('productivityAnalysis', options); }
  /** @param {RateOptions & { phase?: Phase }} [options] @returns {Records} */
  productivityHistory(options) { return this.ask('productivityHistory', options); }

  // Sweep and fronts; a state may be read again for its grids

  /** @param {StepOptions & SweepOptions} [options] @returns {Promise<Answer>} */
  sweepEfficiencyAnalysis(options) { return this.askState('sweepEfficiencyAnalysis', options); }
  /** @param {RangeOptions & SweepOptions} [options] @returns {Promise<Records>} */
  sweepEfficiencyHistory(options) { return this.askHistory('sweepEfficiencyAnalysis', options); }
  /** @param {StepOptions & FrontOptions} [options] @returns {Promise<Answer>} */
  injectionFrontAnalysis(options) { return this.askState('injectionFrontAnalysis', options); }
  /** @param {RangeOptions & FrontOptions} [options] @returns {Promise<Records>} */
  injectionFrontHistory(options) { return this.askHistory('injectionFrontAnalysis', options); }

  // Curves and wells

  /**
   * Vectors by ECLIPSE's mnemonics, in FIELD units: of the field (FOPR), a well (WOPR:NAME), one of its
   * connections (COPR:NAME:i,j,k, indices from 1) or a region (ROIP:2). Those that the summary of an ECLIPSE run has
   * are taken from there, whatever they are, at report steps.
   * @param {readonly string[]} names
   * @returns {{ [name: string]: Vector }} NaN where a state has no such value
   */
  vectors(names) {
    const { steps, days } = this.ask('steps');
    const brought = names.map((name) => this.summary.vector(name, steps, days));
    const others = names.filter((_, n) => !brought[n]);
    this.refuseVectors(others);
    const made = others.length > 0 || names.length === 0 ? this.ask('vectors', {}, { names: others }) : {};
    return Object.fromEntries(names.map((name, n) => [name, brought[n] ?? made[name]]));
  }

  /**
   * Which vectors there are; connections only where they are asked for.
   * @param {{ connections?: boolean }} [options]
   * @returns {VectorName[]}
   */
  vectorNames(options) {
    /** @type {VectorName[]} */ const own = this.ask('vectorNames', options);
    const known = new Set(own.map(({ name }) => name));
    return [...own, ...this.summary.names.filter(({ name, kind }) =>
      !known.has(name) && (kind !== 'connection' || options?.connections))];
  }

  /** With place, state, rates and volumes at a step. @param {StepOptions} [options] @returns {Answer[]} */
  wells(options) { return this.ask('wells', options); }

  // Plots and maps: src/analysis says what each has

  /** @param {{}} [options] @returns {Answer} */
  pzPlot(options) { return this.ask('pzPlot', options); }
  /** @param {{}} [options] @returns {Answer} */
  havlenaOdehPlot(options) { return this.ask('havlenaOdehPlot', options); }
  /** @param {{}} [options] @returns {Answer} */
  campbellPlot(options) { return this.ask('campbellPlot', options); }
  /** @param {{}} [options] @returns {Answer} */
  recoveryPlot(options) { return this.ask('recoveryPlot', options); }
  /** @param {{}} [options] @returns {Answer} */
  materialBalanceCheck(options) { return this.ask('materialBalanceCheck', options); }
  /** @param {CellOptions} [options] @returns {Answer} */
  chanPlot(options) { return this.ask('chanPlot', options); }
  /** @param {CellOptions & { economicWor?: number, leastWaterCut?: number }} [options] @returns {Answer} */
  worForecast(options) { return this.ask('worForecast', options); }
  /** @param {{ well: string }} [options] @returns {Answer} */
  hallPlot(options) { return this.ask('hallPlot', options); }
  /** @param {{ waterCut?: number, gorFactor?: number }} [options] @returns {Answer[]} */
  breakthroughTimes(options) { return this.ask('breakthroughTimes', options); }
  /** Where wells are and what they have produced or injected. @param {StepOptions} [options] @returns {Answer[]} */
  bubbleMap(options) { return this.ask('wells', options); }
  /**
   * Per column: ft of a phase, or ft3 of oil that have left it.
   * @param {StepOptions & { quantity?: 'oilThickness' | 'movableOilThickness' | 'waterThickness'
   *   | 'gasThickness' | 'oilDrained' }} [options] @returns {Promise<Answer>}
   */
  sweepMap(options) {
    return this.askState('sweepMap', options,
      ['model.rock_properties.residual_oil_saturation_water_grid']);
  }

  /**
   * Mean, weighted means and percentiles of a grid, in all and by region; P10 has 10 % below it.
   * @param {StepOptions & { property: string }} options  a path @returns {Promise<Answer>}
   */
  statistics(options) { return this.askState('statistics', options, [options?.property ?? '']); }

  /**
   * This run's vectors less another's at the same times, between whose states they are linear.
   * @param {ModelAnalyst} other @param {readonly string[]} names
   * @returns {{ [name: string]: Answer }}  difference, rms, worst, worstStep
   */
  compare(other, names) {
    if (!(other instanceof ModelAnalyst)) throw new BoresError('ERR_ARGUMENT', 'compare() takes another ModelAnalyst');
    checkArgument('compare()', 'names', names, 'list');
    const own = this.vectors(names), others = other.vectors(names);
    return Object.fromEntries(names.map((name) => [name, this.ask('compare', {
      days: own[name].days, values: own[name].values, steps: own[name].steps,
      otherDays: others[name].days, otherValues: others[name].values,
    })]));
  }

  /** What `bores analyse` prints, as data. @returns {Answer} */
  report() { return makeReport(this); }


  // Declines

  /** @param {RangeOptions & DeclineOptions} [options] @returns {Answer} */
  declineCurveAnalysis(options) { return this.ask('declineCurveAnalysis', options); }
  /** @param {RangeOptions & DeclineOptions} [options] @returns {Answer} */
  dca(options) { return this.ask('declineCurveAnalysis', options); }
  /** @param {RangeOptions & DeclineOptions} [options] @returns {Answer} */
  DCA(options) { return this.ask('declineCurveAnalysis', options); }
  /** @param {RangeOptions & { phase?: Phase, maxDeclinePerYear?: number }} [options] @returns {[string, Answer]} */
  recommendDeclineModel(options) { return this.ask('recommendDeclineModel', options); }

  /**
   * A fitted decline carried on: [day, rate] for `steps` times `stepDays` (1) after its last point,
   * ending before the first rate below `economicLimit`.
   * @param {Answer} fit @param {ForecastOptions & { steps?: number }} [options]
   * @returns {[day: number, rate: number][]}
   */
  forecastProduction(fit, options) {
    return this.ask('forecastProduction', options, { fit });
  }

  /**
   * What is produced in the end: the volume so far, and the curve's to the forecast's end or the limit.
   * @param {Answer} fit @param {ForecastOptions & { forecastSteps?: number }} [options]
   * @returns {number} STB or SCF
   */
  estimateEconomicUltimateRecovery(fit, options) {
    return this.ask('estimateEconomicUltimateRecovery', options, { fit });
  }

  /** Acres of dx by dy ft. @param {number} dx @param {number} dy @returns {number} */
  computeCellArea(dx, dy) {
    checkArgument('computeCellArea()', 'dx', dx, 'number');
    checkArgument('computeCellArea()', 'dy', dy, 'number');
    return this.ask('computeCellArea', {}, { dx, dy });
  }
}
