// SPDX-License-Identifier: MIT
// The range of a property over all steps, found step by step while the first picture is
// already there.

import { cellsOf } from '../coarse/coarse.js';

/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./properties.js').Drawable} Drawable */

/** Bytes that are read of a property without asking: decoded ones of this device, those that come over a network. */
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

/**
 * Of one step. `missing`: not known of sparse ones.
 * @typedef {{ lo: number, hi: number, loPositive: number, missing: number | null }} Ends
 */

/**
 * What is kept of a property.
 * @param {import('../../js/index.js').DataStore} store
 * @param {{ steps: readonly import('./run.js').Step[], grid: import('../grid/cell-grid.js').CellGrid }} run
 * @param {Drawable} property
 * @param {readonly number[]} which  steps
 * @param {AbortSignal} signal
 * @returns {Promise<Map<number, Ends>>}  by step, of those that have it
 */
export async function keptRanges(store, { steps, grid }, property, which, signal) {
  /** @type {Map<number, Ends>} */ const found = new Map();
  // Of a grid with cells that are left out, what is kept is of other values than those shown.
  if (property.ternary || grid.inactive > 0) return found;
  const path = property.sparse ? [...property.path, 'values'] : property.path;
  const { entries } = await store.statistics([...path],
    { indices: which.map((step) => steps[step].entry), compute: 'none', signal });
  entries.forEach((kept, n) => {
    if (!kept?.suits(property.dtype, property.sparse ? undefined : cellsOf(grid.stored))) return;
    const { min: lo, max: hi, minPositive: loPositive } = kept;
    found.set(which[n], { lo, hi, loPositive, missing: property.sparse ? null : kept.missing + kept.infinite });
  });
  return found;
}

/** Whether what was read is what is kept. @param {Ends} kept @param {import('./run.js').Values} values */
export function isTrue(kept, values) {
  return Object.is(kept.lo + 0, values.lo + 0) && Object.is(kept.hi + 0, values.hi + 0)
    && (kept.missing === null || kept.missing === values.missing);
}

/**
 * What is known of a property.
 * @typedef {object} Known
 * @property {{ lo: number, hi: number, loPositive: number }} seen  of values that were read
 * @property {Map<number, Ends | null>} steps  of those; null: it cannot be read
 * @property {Map<number, Ends>} kept  beside the data, by step
 * @property {Set<number>} asked  steps of which that was asked for
 * @property {boolean} changed  what is kept is not so: somebody has changed the arrays since
 * @property {{ bytes: number, steps: number, free: number }} came  over a network, for steps that were looked at; free:
 *   bytes that nobody had asked for
 */

/** Extremes over the steps known so far, by property. */
export class RangeScan {
  /** @type {Map<string, Known>} */
  #known = new Map();

  #free;

  /**
   * @param {Run | import('../compare/lens.js').Lens} run
   * @param {number} [free]  bytes that come over a network for a property without asking
   */
  constructor(run, free = FREE_REMOTE) {
    this.run = run;
    this.#free = free;
  }

  /**
   * @param {Drawable} property
   * @param {number} step
   * @param {import('./run.js').Values} values
   */
  add(property, step, values) {
    const { seen, steps, kept } = this.#of(property);
    // What is kept is of all cells, also where few of them are shown.
    const beside = this.run.finer ? undefined : kept.get(step);
    if (beside && !isTrue(beside, values)) {
      // One that is not so makes all of them doubtful: whoever changed an array may have changed others.
      this.#of(property).changed = true;
      kept.clear();
    }
    if (steps.has(step)) return;
    const { lo, hi, loPositive, missing } = values;
    steps.set(step, { lo, hi, loPositive, missing });
    widen(seen, values);
  }

  /** @param {Drawable} property @returns {{ lo: number, hi: number, loPositive: number }} */
  of(property) {
    const { seen, kept } = this.#of(property);
    const all = { ...seen };
    kept.forEach((ends) => widen(all, ends));
    return all;
  }

  /** @param {Drawable} property @returns {Known} */
  #of(property) {
    let known = this.#known.get(property.id);
    if (known === undefined) {
      known = { seen: { lo: NaN, hi: NaN, loPositive: NaN }, steps: new Map(), kept: new Map(),
        asked: new Set(), changed: false, came: { bytes: 0, steps: 0, free: 0 } };
      this.#known.set(property.id, known);
    }
    return known;
  }

  /**
   * Over a network a step costs what those before it did on average, decoded or not; the first may cost all its bytes.
   * @param {Drawable} property
   * @returns {import('./state.js').Scan}
   */
  status(property) {
    const total = this.run.steps.length;
    const { steps, kept, came } = this.#of(property);
    const done = steps.size + [...kept.keys()].filter((step) => !steps.has(step)).length;
    const price = came.steps > 0 ? came.bytes / came.steps : property.nbytes;
    const nbytes = (total - done) * price;
    const asks = this.run.remote ? done < total && came.free + price > this.#free : nbytes > FREE_LOCAL;
    return { done, total, nbytes, asks };
  }

  /**
   * Asks for what is kept beside the data, of steps that have come since as well.
   * @param {Drawable} property
   * @param {AbortSignal} signal
   */
  async lookUp(property, signal) {
    const known = this.#of(property);
    const steps = this.run.steps.map((_, step) => step).filter((step) => !known.asked.has(step));
    if (!('keptRanges' in this.run) || known.changed || steps.length === 0) return;
    const found = await this.run.keptRanges(property, steps, signal)
      .catch(() => /** @type {Map<number, Ends>} */ (new Map()));
    signal.throwIfAborted();
    for (const step of steps) known.asked.add(step);
    if (!known.changed) found.forEach((ends, step) => known.kept.set(step, ends));
  }

  /**
   * Looks at every step not looked at yet, until more would be read than is free. A step that cannot be read is passed
   * over: whoever goes there is told.
   *
   * @param {Drawable} property
   * @param {AbortSignal} signal
   * @param {() => void} onStep
   * @param {() => boolean} [mayReadAll]  however much has to be read
   */
  async complete(property, signal, onStep, mayReadAll = () => false) {
    const known = this.#of(property);
    for (const step of spreadOrder(this.run.steps.length)) {
      if (known.steps.has(step) || known.kept.has(step)) continue;
      const isAsked = mayReadAll();
      // A coarser look costs as much to read as all cells, which come in a moment.
      if ((this.status(property).asks || this.run.finer) && !isAsked) break;
      const before = await this.#received();
      try {
        this.add(property, step, await this.run.values(step, property));
      } catch {
        known.steps.set(step, null);
      }
      const bytes = this.#price(property, before, await this.#received());
      if (bytes > 0) {
        known.came.bytes += bytes;
        known.came.steps += 1;
        known.came.free += isAsked ? 0 : bytes;
      }
      signal.throwIfAborted();
      onStep();
    }
    this.#remember(property, known);
  }

  /**
   * What was read is there at the next visit, where the browser keeps it.
   * @param {Drawable} property @param {Known} known
   */
  #remember(property, { steps, changed }) {
    if (!('rememberRanges' in this.run)) return;
    /** @type {Map<number, Ends>} */ const found = new Map();
    steps.forEach((ends, step) => { if (ends) found.set(step, ends); });
    this.run.rememberRanges(property, found, changed).catch(() => { /* then it is read again */ });
  }

  /** @returns {Promise<number | undefined>} */
  async #received() {
    return this.run.remote ? this.run.received().catch(() => undefined) : undefined;
  }

  /**
   * What a step cost: where that is not counted, as much as it is decoded. What is read for others meanwhile counts,
   * too; what was in memory costs nothing, and says nothing of other steps.
   * @param {Drawable} property @param {number | undefined} before @param {number | undefined} after
   */
  #price({ nbytes }, before, after) {
    if (!this.run.remote) return 0;
    return before === undefined || after === undefined ? nbytes : after - before;
  }
}

/** @typedef {{ lo: number, hi: number, loPositive: number }} Extremes */
/** @param {Extremes} all @param {Extremes} one */
function widen(all, { lo, hi, loPositive }) {
  all.lo = smaller(all.lo, lo);
  all.hi = -smaller(-all.hi, -hi);
  all.loPositive = smaller(all.loPositive, loPositive);
}

/** The smaller one; NaN counts as nothing. @param {number} a @param {number} b */
function smaller(a, b) {
  if (Number.isNaN(a)) return b;
  return b < a ? b : a;
}
