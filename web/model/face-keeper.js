// SPDX-License-Identifier: MIT
// Keeps the faces that are drawn in step with the cells that are shown: those of the index box that
// pass the filters and, where it is wanted, have a value at this step.

import { isFiltered } from '../cells/ask.js';
import { Newest } from '../base/tasks.js';
import { failureOf } from './failures.js';

/** @typedef {import('../base/observable.js').Observable<import('./state.js').ViewerState>} State */
/** @typedef {import('./state.js').ViewerState} ViewerState */
/** @typedef {Partial<Pick<ViewerState, 'faces' | 'cells' | 'trouble'>>} Skin */

/** What the cells that are shown, and what is told of them, depend on. */
const KEYS = /** @type {const} */ (['box', 'hideMissing', 'ask', 'shown', 'range', 'log']);

export class FaceKeeper {
  #reading = new Newest();
  /** What the faces were made of last. @type {{ box: ViewerState['box'], mask: Uint8Array | null } | null} */
  #made = null;
  /** What was answered last: of these states of the keys. @type {unknown[]} */ #answered = [];
  #stopped = false;

  /**
   * @param {State} state @param {import('./run.js').Run} run
   * @param {ViewerState['box'] | null} [made]  of which the faces are there already, of all cells
   */
  constructor(state, run, made = null) {
    this.state = state;
    this.run = run;
    if (made) this.#made = { box: made, mask: null };
    this.stop = state.watch(KEYS, () => {
      if (!this.#isAnswered(state.now)) void this.update();
    });
    const unwatch = this.stop;
    this.stop = () => { this.#stopped = true; unwatch(); };
  }

  /** Makes them anew, as far as they change. */
  update() {
    return this.#reading.run(async () => {
      const { now } = this.state;
      if (this.#stopped || this.#isAnswered(now)) return;
      const skin = await this.#skinOf(now);
      if (!this.#stopped) this.state.set(skin);
    });
  }

  /**
   * The same of a step that is to be shown, so that its values and its cells come together.
   * @param {NonNullable<ViewerState['shown']>} shown
   * @returns {Promise<Skin>}
   */
  async forStep(shown) {
    if (!isAsked(this.state.now) && !this.state.now.hideMissing) return {};
    return this.#skinOf({ ...this.state.now, shown });
  }

  /** @param {Readonly<ViewerState>} now */
  #isAnswered(now) {
    // Colours matter to a histogram only.
    const keys = isAsked(now) ? KEYS : KEYS.slice(0, -2);
    return this.#answered.length > 0 && keys.every((key, n) => this.#answered[n] === now[key]);
  }

  /** @param {Readonly<ViewerState>} now @returns {Promise<Skin>} */
  async #skinOf(now) {
    const answered = this.#answered = KEYS.map((key) => now[key]);
    try {
      const cells = isAsked(now) ? await this.#ask(now) : null;
      const mask = cells?.filtered ? cells.mask : maskOfValues(now);
      if (this.#answered !== answered) return {};
      if (this.#made && sameBox(this.#made.box, now.box) && sameMask(this.#made.mask, mask)) return { cells };
      const faces = await this.run.faces({ ...now.box, mask });
      if (this.#answered !== answered) return {}; // something else is wanted by now
      this.#made = { box: now.box, mask };
      return { cells, faces };
    } catch (error) {
      if (this.#stopped || this.#answered !== answered) return {};
      this.#made = null;
      // Other cells than those that were asked for are not shown instead.
      return { cells: null, faces: { positions: new Float32Array(), codes: new Uint32Array(), count: 0 },
        trouble: `The cells to be shown cannot be found: ${failureOf('', error).message}` };
    }
  }

  /** @param {Readonly<ViewerState>} now */
  async #ask(now) {
    const { askRun } = await import('../cells/asking.js');
    return askRun(this.run, now, maskOfValues(now));
  }
}

/** Whether something is asked of the cells' values. @param {Readonly<ViewerState>} now */
function isAsked({ ask, shown }) {
  return shown !== null && (ask.open || isFiltered(ask));
}

/** Which cells have a value, where those without are hidden. @param {Readonly<ViewerState>} now */
function maskOfValues({ hideMissing, shown }) {
  if (!hideMissing || !shown || shown.values.missing === 0) return null;
  const { data } = shown.values;
  const mask = new Uint8Array(data.length);
  for (let cell = 0; cell < mask.length; cell += 1) mask[cell] = Number(Number.isFinite(data[cell]));
  return mask;
}

/** @param {ViewerState['box']} a @param {ViewerState['box']} b */
function sameBox(a, b) {
  return a === b || [0, 1, 2].every((axis) => a.lo[axis] === b.lo[axis] && a.hi[axis] === b.hi[axis]);
}

/** @param {Uint8Array | null} a @param {Uint8Array | null} b */
function sameMask(a, b) {
  return a === b || (a !== null && b !== null && a.every((shown, cell) => shown === b[cell]));
}
