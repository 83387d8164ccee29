// SPDX-License-Identifier: MIT
// What the viewer's state wants compared, carried out: the other run is opened and followed, its steps are
// matched, and what does not fit is told.

import { failureOf } from '../model/failures.js';
import { Run } from '../model/run.js';
import { Latest } from '../base/tasks.js';
import { Lens } from './lens.js';
import { matchSteps, misfitOf, shiftOf } from './match.js';
import { stepName } from '../time/time-axis.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('./compare-link.js').Compare} Compare */
/** @typedef {import('./lens.js').Sides} Sides */

export class Comparison {
  #viewer;
  /** The other run, and of which wish it is. @type {{ of: Compare, run: Run } | null} */ #other = null;
  #opening = new Latest();
  /** What is being looked at: a wish that changed only in how it is shown is the same one. */ #wanted = '';
  /** @type {unknown} */ #location = null;

  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.#viewer = viewer;
    viewer.state.watch(['compare', 'run'], ({ compare, run }) => {
      const wanted = run && compare ? `${compare.source} ${compare.base} ${compare.name}` : '';
      const same = wanted === this.#wanted && compare?.location === this.#location && run === this.#run;
      if (!same) this.#begin();
      else if (compare) this.#apply();
    });
    viewer.state.watch(['stepCount', 'timesRead', 'start'], () => { if (this.#other) this.#apply(); });
  }

  /** @type {Run | null} */ #run = null;

  /** The run beside, while there is one. */
  get other() {
    return this.#other?.run ?? null;
  }

  #begin() {
    const { compare, run } = this.#viewer.state.now;
    this.#end();
    this.#run = run;
    this.#wanted = run && compare ? `${compare.source} ${compare.base} ${compare.name}` : '';
    this.#location = compare?.location ?? null;
    if (!run) return;
    if (!compare) {
      this.#viewer.lookThrough(null);
      return;
    }
    if (compare.base !== null) {
      this.#other = { of: compare, run };
      this.#apply();
      return;
    }
    this.#viewer.set({ compareNote: `Opening ${compare.name} …` });
    this.#opening.run((signal) => this.#open(compare, run, signal), (error) => {
      this.#viewer.lookThrough(null);
      this.#viewer.set({ compareNote: `${compare.name} cannot be compared: ${failureOf('', error).message}` });
    });
  }

  /** @param {Compare} compare @param {Run} run @param {AbortSignal} signal */
  async #open(compare, run, signal) {
    const { location, name } = await placeOf(compare);
    if (signal.aborted) return;
    const other = await Run.open(location, { name, signal, every: run.grid.every });
    if (signal.aborted) {
      await other.close();
      return;
    }
    const misfit = misfitOf(run.grid, other.grid);
    if (misfit !== '' || !run.properties.some(({ id, unit }) => other.property(id)?.unit === unit)) {
      void other.close();
      this.#viewer.lookThrough(null);
      this.#viewer.set({ compareNote: `${other.name} cannot be compared: ${
        misfit || 'it has no property of the same name and unit'}.` });
      return;
    }
    this.#viewer.set({ compareNote: `Reading the times of ${other.name} …` });
    await other.readTimes(signal, () => {}).catch(() => { /* steps belong together by their numbers then */ });
    if (signal.aborted) {
      await other.close();
      return;
    }
    this.#other = { of: compare, run: other };
    this.#viewer.set({ beside: [{ location, name: other.name }] });
    this.#apply();
    await other.follow(signal, () => {
      void other.readTimes(signal, () => {}).then(() => { if (!signal.aborted) this.#apply(); }, () => {});
    });
  }

  /** Shows it as it is wanted now; where that is as it is shown already, nothing changes. */
  #apply() {
    const { compare, run, lens, webgl, timesRead } = this.#viewer.state.now;
    if (!compare || !run || !this.#other) return;
    if (compare.base === null && timesRead < run.steps.length) {
      if (!lens) this.#viewer.set({ compareNote: 'Reading the times of the steps …' });
      return;
    }
    const sides = this.#sides(compare, run, this.#other.run);
    const how = webgl ? compare.how : 'difference';
    const same = lens && lens.how === how && lens.sides.other === sides.other
      && JSON.stringify(lens.sides.matches) === JSON.stringify(sides.matches);
    this.#viewer.set({ compareNote: '' });
    if (!same) this.#viewer.lookThrough(new Lens(sides, how));
  }

  /** @param {Compare} compare @param {Run} run @param {Run} other @returns {Sides} */
  #sides({ base }, run, other) {
    if (base === null) {
      return { run, other, forward: true, names: { first: run.name, second: other.name }, suffix: ', B − A',
        matches: matchSteps(run.steps, other.steps, shiftOf(this.#viewer.state.now.start, other.startDate)) };
    }
    const step = Math.min(base, run.steps.length - 1);
    const first = stepName(run.steps, step);
    return { run, other, forward: false, names: { first, second: 'the step shown' }, suffix: `, change since ${first}`,
      matches: run.steps.map(() => ({ step, gap: 0 })) };
  }

  #end() {
    this.#opening.cancel();
    if (this.#other && this.#other.run !== this.#run) {
      void this.#other.run.close();
      this.#viewer.set({ beside: [] });
    }
    this.#other = null;
    this.#viewer.set({ compareNote: '' });
  }
}

/**
 * Only what a link may name, if it came from one: the web, what this browser keeps, the user's own folders.
 * @param {{ location: unknown, name: string }} of
 * @returns {Promise<{ location: unknown, name: string }>}
 */
async function placeOf({ location, name }) {
  if (typeof location !== 'string' || location.startsWith('idb:')) return { location, name };
  if (location.startsWith('own:')) return (await import('../library/own-runs.js')).ownLocation(location);
  const url = new URL(location, document.baseURI);
  if (!/^https?:$/.test(url.protocol)) throw new Error('An address starts with https:// or http://');
  return { location: url.href, name };
}
