// SPDX-License-Identifier: MIT
// The vectors of a run's SMSPEC beside those of an analysis: at report steps, in FIELD units, by the same names.

/**
 * @import { EclipseStore } from '../store/eclipse/eclipse-store.js'
 * @import { Vector, VectorName } from './model-analyst.js'
 * @typedef {{ unit: string, factor: number, values: Float32Array, rows: Map<number, number> }} Held
 */

/**
 * Units of SMSPEC to those of FIELD, for liquids and, where another, for gas: name and factor (NIST SP 811; OPM Flow
 * Reference Manual, units). A vector whose unit is none of these keeps it.
 * @type {Record<string, readonly [string, number, string?, number?]>}
 */
const FIELD = {
  BARSA: ['PSIA', 14.503773773], BARS: ['PSI', 14.503773773], ATMA: ['PSIA', 14.69594878], ATM: ['PSI', 14.69594878],
  'SM3/DAY': ['STB/DAY', 6.28981077, 'MSCF/DAY', 0.0353146667], SM3: ['STB', 6.28981077, 'MSCF', 0.0353146667],
  'SCC/HOUR': ['STB/DAY', 24 * 6.28981077e-6, 'MSCF/DAY', 24 * 0.0353146667e-6],
  'SCC/HR': ['STB/DAY', 24 * 6.28981077e-6, 'MSCF/DAY', 24 * 0.0353146667e-6],
  SCC: ['STB', 6.28981077e-6, 'MSCF', 0.0353146667e-6],
  'RM3/DAY': ['RB/DAY', 6.28981077], RM3: ['RB', 6.28981077],
  'RCC/HOUR': ['RB/DAY', 24 * 6.28981077e-6], 'RCC/HR': ['RB/DAY', 24 * 6.28981077e-6], RCC: ['RB', 6.28981077e-6],
  METRES: ['FEET', 1 / 0.3048], M: ['FEET', 1 / 0.3048], CM: ['FEET', 1 / 30.48],
  HOURS: ['DAYS', 1 / 24], HOUR: ['DAYS', 1 / 24],
};

/**
 * What is written alike of gas over liquid and of liquid over gas (FGOR, FWGR) is told by its keyword; any other
 * ratio, say of water to liquid, has no unit to be changed.
 * @param {string} keyword
 * @param {string} unit
 * @returns {readonly [string, number] | undefined}
 */
function ratioOf(keyword, unit) {
  if (unit !== 'SM3/SM3' && unit !== 'SCC/SCC') return undefined;
  if (/^.G[OL]R/.test(keyword)) return ['MSCF/STB', 5.614583e-3];
  return /^.[OW]GR/.test(keyword) ? ['STB/MSCF', 1 / 5.614583e-3] : [unit, 1];
}

/**
 * Whether a keyword is of an amount of gas at the surface: FGPR, WGIT, RGIP; a ratio is none.
 * @param {string} keyword
 */
const isOfGas = (keyword) => keyword[1] === 'G' && !/^.G(OR|LR)/.test(keyword);

/** @type {Record<string, VectorName['kind']>} */
const KINDS = { F: 'field', W: 'well', R: 'region', C: 'connection' };

export class EclipseSummary {
  /** @type {Map<string, Held>} */ #held = new Map();
  /** @type {VectorName[]} */ #names = [];

  /**
   * All vectors at the last row of each report step; none where the run has no summary.
   * @param {EclipseStore} store
   * @param {{ signal?: AbortSignal }} options
   */
  async read(store, options) {
    let names;
    try {
      names = await store.vectorNames(options);
    } catch (error) {
      if (/** @type {any} */ (error).code === 'ERR_NOT_FOUND') return; // no SMSPEC
      throw error;
    }
    const vectors = await store.vectors(names.map(({ key }) => key), options);
    /** The last row of each step. @type {Map<number, number>} */
    const rows = new Map(Array.from(vectors[0]?.steps ?? [], (step, row) => [step, row]));
    vectors.forEach(({ key, unit, values }, n) => {
      const { keyword, name, number } = names[n];
      const said = unit.toUpperCase();
      const [liquid, factor, gas = liquid, gasFactor = factor] = ratioOf(keyword, said) ?? FIELD[said] ?? [unit, 1];
      const ofGas = isOfGas(keyword);
      const held = { unit: ofGas ? gas : liquid, factor: ofGas ? gasFactor : factor, values, rows };
      this.#held.set(key, held);
      const kind = KINDS[keyword[0]];
      if (kind) {
        this.#names.push({ name: key, title: keyword, unit: held.unit, kind, quantity: keyword.slice(1),
          subject: kind === 'well' || kind === 'connection' ? name : kind === 'region' ? String(number) : null });
      }
    });
  }

  /** Those of field, wells, connections and regions. */
  get names() {
    return this.#names;
  }

  /**
   * @param {string} key
   * @param {readonly number[]} steps
   * @param {readonly number[]} days
   * @returns {Vector | undefined}  NaN at steps that the summary has no row of
   */
  vector(key, steps, days) {
    const held = this.#held.get(key);
    if (!held) return undefined;
    const values = Float64Array.from(steps, (step) => {
      const row = held.rows.get(step);
      return row === undefined ? NaN : held.values[row] * held.factor;
    });
    return { name: key, title: key.replace(/:.*/, ''), unit: held.unit, steps: Float64Array.from(steps),
      days: Float64Array.from(days), values };
  }
}
