// SPDX-License-Identifier: MIT
// Two states looked at as one: the values of a step are those of the first with the second's beside them, or
// the difference of the two. What a difference is of is said in its property's name.

import { BoresError } from '../../js/index.js';
import { ByteCache } from '../base/cache.js';
import { minus } from './minus.js';

/** @typedef {import('../model/properties.js').Drawable} Drawable */
/** @typedef {import('../model/grid.js').Cell} Cell */
/** @typedef {import('../model/run.js').Run} Run */
/** @typedef {import('../model/run.js').Values} Values */
/** @typedef {import('../model/run.js').Step} Step */
/** @typedef {import('./match.js').Match} Match */

/**
 * Both sides of what is shown.
 * @typedef {object} Pair
 * @property {Values} first
 * @property {Values} second
 * @property {Match} match
 */

/**
 * Which two states belong to a step.
 * @typedef {object} Sides
 * @property {Run} run                        whose steps are gone through
 * @property {Run} other                      the same one for a base step
 * @property {readonly Match[]} matches       one a step: the state that it is compared with
 * @property {boolean} forward                the difference is the other's values less the run's; else the reverse
 * @property {{ first: string, second: string }} names  the difference is second less first
 * @property {string} suffix                  of a difference's name: ', B − A'
 */

/** Values kept in memory, bytes. */
const CACHE_BYTES = 192e6;

export class Lens {
  /** @type {ByteCache<Promise<Values>>} */ #values = new ByteCache(CACHE_BYTES);
  /** @type {Map<string, Drawable>} */ #properties = new Map();

  /** @param {Sides} sides @param {'difference' | 'beside' | 'swipe'} how */
  constructor(sides, how) {
    this.sides = sides;
    this.how = how;
    this.names = sides.names;
    this.remote = sides.run.remote || sides.other.remote;
  }

  /** What there is besides what is shown. */
  get finer() {
    return this.sides.run.finer;
  }

  get steps() {
    return this.sides.run.steps;
  }

  /** @param {string} id @returns {Drawable | undefined}  undefined: it cannot be compared */
  property(id) {
    const own = this.sides.run.property(id);
    const theirs = this.sides.other.property(id);
    if (!own || !theirs || own.unit !== theirs.unit) return undefined;
    if (own.ternary && this.how === 'difference') return undefined; // colours have no difference
    let property = this.#properties.get(id);
    if (!property) {
      property = this.how !== 'difference' ? { ...own } : { ...own, name: `${own.name}${this.sides.suffix}`,
        log: false, flags: false, difference: true,
      };
      property.nbytes = own.nbytes + theirs.nbytes;
      this.#properties.set(id, property);
    }
    return property;
  }

  /** @param {number} step @param {Drawable} property @returns {Promise<Values>} */
  values(step, property) {
    const key = `${step} ${property.id}`;
    let reading = this.#values.get(key);
    if (reading === undefined) {
      reading = this.#read(step, property);
      this.#values.set(key, reading, property.nbytes);
      reading.catch(() => this.#values.delete(key));
    }
    return reading;
  }

  /** Bytes that have come over a network so far, of both; undefined where that is not counted. */
  async received() {
    const { run, other } = this.sides;
    const [own, others] = await Promise.all([run.received(), other === run ? 0 : other.received()]);
    return own === undefined || others === undefined ? undefined : own + others;
  }

  /**
   * @param {Drawable} property
   * @param {Cell} cell
   * @param {AbortSignal} signal
   * @returns {Promise<import('../model/run.js').History>}
   */
  async history(property, cell, signal) {
    const { run, other, matches, forward } = this.sides;
    const [own, theirs] = await Promise.all([run, other].map((side) =>
      side.history(this.#of(side, property), cell, signal)));
    const values = this.how !== 'difference' ? own.values : own.values.map((value, step) => {
      const matched = theirs.values[matches[step]?.step ?? -1] ?? NaN;
      return forward ? matched - value : value - matched;
    });
    return { values, problem: own.problem ?? theirs.problem };
  }

  /** @param {number} step @param {Drawable} property @returns {Promise<Values>} */
  async #read(step, property) {
    const { run, other, matches, forward } = this.sides;
    const match = matches[step];
    if (!match) throw new BoresError('ERR_INDEX_RANGE', `${other.name} has no state for step ${step}`);
    const [own, theirs] = await Promise.all([run.values(step, this.#of(run, property)),
      other.values(match.step, this.#of(other, property))]);
    const [first, second] = forward ? [own, theirs] : [theirs, own];
    const pair = { first, second, match };
    if (this.how === 'difference') return { ...await minus(second.data, first.data), pair };
    // The colours are to mean the same on both sides.
    return {
      ...own,
      lo: least(own.lo, theirs.lo),
      hi: -least(-own.hi, -theirs.hi),
      loPositive: least(own.loPositive, theirs.loPositive),
      missing: Math.max(own.missing, theirs.missing),
      pair,
    };
  }

  /** The property as a run itself has it. @param {Run} run @param {Drawable} property */
  #of(run, { id }) {
    return /** @type {Drawable} */ (run.property(id));
  }
}

/** The smaller one; NaN counts as nothing. @param {number} a @param {number} b */
function least(a, b) {
  if (Number.isNaN(a)) return b;
  return b < a ? b : a;
}
