// SPDX-License-Identifier: MIT
// The range of a property over all steps, found step by step while the first picture is
// already there.

/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./properties.js').Drawable} Drawable */

/** Decoded bytes that are read without asking, from this device and over the network. */
const FREE_LOCAL = 1e9;
const FREE_REMOTE = 40e6;

/**
 * Ends of a colour scale from the extremes of values. There is always a scale: of a constant
 * it is one colour, and without any value it is 0 to 1.
 *
 * @param {{ lo: number, hi: number, loPositive: number }} extremes
 * @param {boolean} log  zero and below have no place on the scale, which starts above them
 * @param {boolean} [symmetric]  zero is in the middle
 * @returns {[number, number]}
 */
export function scaleEnds({ lo, hi, loPositive }, log, symmetric = false) {
  if (!(lo <= hi)) return [0, 1];
  if (symmetric) return [-Math.max(-lo, hi), Math.max(-lo, hi)];
  if (!log) return [lo, hi];
  return loPositive <= hi ? [loPositive, hi] : [1e-3, 1];
}

/**
 * Ends as far from zero as a difference goes to either side.
 * @param {{ lo: number, hi: number }} extremes
 * @returns {[number, number]}
 */
export function differenceEnds({ lo, hi }) {
  const most = Math.max(Math.abs(lo), Math.abs(hi));
  return Number.isNaN(most) ? [-1, 1] : [-most, most];
}

/**
 * Order of visits in which the range is nearly right early: the ends first, then middles of
 * ever smaller parts.
 * @param {number} count
 * @returns {number[]}
 */
export function spreadOrder(count) {
  const order = count > 1 ? [0, count - 1] : count === 1 ? [0] : [];
  const seen = new Set(order);
  for (let parts = 2; order.length < count; parts *= 2) {
    for (let part = 1; part < parts; part += 2) {
      const n = Math.min(count - 1, Math.round(part * (count - 1) / parts));
      if (!seen.has(n)) { seen.add(n); order.push(n); }
    }
    if (parts > 2 * count) {
      for (let n = 0; n < count; n += 1) if (!seen.has(n)) { seen.add(n); order.push(n); }
    }
  }
  return order;
}

/** Extremes over the steps seen so far, by property. */
export class RangeScan {
  /** @type {Map<string, { lo: number, hi: number, loPositive: number, steps: Set<number> }>} */
  #known = new Map();

  /** @param {Run | import('../compare/lens.js').Lens} run */
  constructor(run) {
    this.run = run;
  }

  /**
   * @param {Drawable} property
   * @param {number} step
   * @param {import('./run.js').Values} values
   */
  add(property, step, { lo, hi, loPositive }) {
    const known = this.of(property);
    if (known.steps.has(step)) return;
    known.steps.add(step);
    known.lo = smaller(known.lo, lo);
    known.hi = -smaller(-known.hi, -hi);
    known.loPositive = smaller(known.loPositive, loPositive);
  }

  /** @param {Drawable} property */
  of(property) {
    let known = this.#known.get(property.id);
    if (known === undefined) {
      known = { lo: NaN, hi: NaN, loPositive: NaN, steps: new Set() };
      this.#known.set(property.id, known);
    }
    return known;
  }

  /** @param {Drawable} property @returns {import('./state.js').Scan} */
  status(property) {
    const total = this.run.steps.length;
    const done = this.of(property).steps.size;
    const nbytes = total * property.nbytes;
    const free = this.run.remote ? FREE_REMOTE : FREE_LOCAL;
    return { done, total, nbytes, asks: nbytes > free };
  }

  /**
   * Looks at every step not looked at yet. A step that cannot be read is passed over: whoever
   * goes there is told.
   *
   * @param {Drawable} property
   * @param {AbortSignal} signal
   * @param {() => void} onStep
   */
  async complete(property, signal, onStep) {
    const known = this.of(property);
    for (const step of spreadOrder(this.run.steps.length)) {
      if (known.steps.has(step)) continue;
      try {
        this.add(property, step, await this.run.values(step, property));
      } catch {
        known.steps.add(step);
      }
      signal.throwIfAborted();
      onStep();
    }
  }
}

/** The smaller one; NaN counts as nothing. @param {number} a @param {number} b */
function smaller(a, b) {
  if (Number.isNaN(a)) return b;
  return b < a ? b : a;
}
