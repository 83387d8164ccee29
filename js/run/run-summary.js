// SPDX-License-Identifier: MIT
// The curves of a run, as far as it is: one value a state, of the field and of each well.

/** @import { Tree } from './bores/trees.js' */

/**
 * @typedef {object} Summary  names, units and meaning are ECLIPSE's: STB/d, Mscf/d, psia
 * @property {number[]} days
 * @property {{ [name: string]: number[] }} curves  FPR, FOPR, …
 * @property {{ [well: string]: { [name: string]: any[] } }} wells  WOPR, …, WBHP, control
 */

export class RunSummary {
  /** @type {Summary} */
  summary = { days: [], curves: {}, wells: {} };
  /** Worst relative error so far, by component. @type {{ oil: number, water: number, gas: number }} */
  materialBalance = { oil: 0, water: 0, gas: 0 };

  /**
   * The first state has no rates, and is none of the days.
   * @param {Tree} part  the simulator's summary
   * @param {boolean} first
   */
  add({ day, curves, wells, material_balance: balance }, first) {
    if (balance) this.materialBalance = { ...this.materialBalance, ...balance };
    if (first) return;
    const { summary } = this;
    const count = summary.days.push(day);
    extend(summary.curves, curves, count);
    for (const [name, values] of Object.entries(wells ?? {})) {
      extend(summary.wells[name] ??= {}, values, count);
    }
  }

  /**
   * The same until a day, for a run that shares it.
   * @param {number} day
   */
  until(day) {
    const copy = new RunSummary();
    const count = this.summary.days.filter((item) => item <= day * (1 + 1e-12)).length;
    const cut = (/** @type {{ [name: string]: any[] }} */ curves) => Object.fromEntries(
      Object.entries(curves).map(([name, values]) => [name, values.slice(0, count)]));
    copy.materialBalance = { ...this.materialBalance };
    copy.summary = {
      days: this.summary.days.slice(0, count), curves: cut(this.summary.curves),
      wells: Object.fromEntries(Object.entries(this.summary.wells)
        .map(([name, curves]) => [name, cut(curves)])),
    };
    return copy;
  }
}

/**
 * @param {{ [name: string]: any[] }} curves
 * @param {{ [name: string]: any }} values
 * @param {number} count  of days, with these; what comes late begins with zeros
 */
function extend(curves, values, count) {
  for (const [name, value] of Object.entries(values)) {
    const curve = curves[name] ??= [];
    while (curve.length < count - 1) curve.push(typeof value === 'string' ? 'shut' : 0);
    curve.push(value);
  }
}
