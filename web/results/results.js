// SPDX-License-Identifier: MIT
// The answers of the runs that are looked at: one analyst a run, its vectors as curves, its wells at
// the step that is shown. What is wanted is `results` of the viewer's state; this is what has come of it.

import { EclipseStore, ModelAnalyst } from '../../js/index.js';
import { Observable } from '../base/observable.js';
import { failureOf } from '../model/failures.js';
import { Run } from '../model/run.js';
import { quantityOf, subjectOf, vectorName } from './quantities.js';
import { SummaryAnswers } from './summary/summary-answers.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/**
 * One vector of one run.
 * @typedef {object} Curve
 * @property {string} key        unique among the curves
 * @property {string} name       'WOPR:PROD-1'
 * @property {string} title      for a legend
 * @property {string} unit
 * @property {string} subject    a Subject's id
 * @property {string} quantity
 * @property {number} run        0 is the one in the picture
 * @property {ArrayLike<number>} days
 * @property {ArrayLike<number>} steps  the simulator's
 * @property {ArrayLike<number>} values  NaN: none
 */

/** What `analyst.wells()` gives, as far as it is used here. @typedef {any} WellRow */
/** @typedef {{ initialRate: number, declineRatePerYear: number, bFactor: number, rSquared: number,
 *   error: string | null, model: string, phase: string, points: [number, number][],
 *   forecast: [number, number][], recovery: number }} Decline */

/**
 * @typedef {object} ResultsState
 * @property {'off' | 'reading' | 'ready' | 'failed'} status  of the run in the picture
 * @property {number} done
 * @property {number} total
 * @property {string} problem     why it failed, or what another run's trouble is
 * @property {string} remark      what the numbers are not exact in
 * @property {readonly string[]} available  names of vectors that have data
 * @property {readonly Curve[]} curves
 * @property {readonly WellRow[]} wells
 * @property {Readonly<Record<string, string>> | null} wellUnits  of its columns, where they are the file's
 * @property {Decline | null} decline
 * @property {boolean} declines   a decline can be fitted
 * @property {readonly { name: string, busy: boolean }[]} others  runs laid over it
 */

/** Curves are drawn anew at most so often while states come, milliseconds. */
const REFRESH = 150;
/** Days that a forecast is carried on, as a part of the history. */
const FORECAST_POINTS = 60;

/**
 * A run that is in the picture, or a summary without one.
 * @typedef {Pick<Run, 'name' | 'store' | 'growing' | 'startDate'>
 *   & { steps: readonly { step: number | null }[] }} Analysed
 */

/** An analyst with the run that it reads, and all that is going on for it. */
class Source {
  #ending = new AbortController();
  /** @type {ModelAnalyst | SummaryAnswers | null} */ analyst = null;
  busy = true;

  /** @param {string} name @param {Analysed | null} run  of somebody else; null: one of its own is opened */
  constructor(name, run) {
    this.name = name;
    this.run = run;
    this.own = run === null;
  }

  get signal() {
    return this.#ending.signal;
  }

  async close() {
    this.#ending.abort();
    this.analyst?.close();
    if (this.own) await /** @type {Run | null} */ (this.run)?.close();
  }
}

export class Results {
  /** @type {Observable<ResultsState>} */
  state = new Observable(/** @type {ResultsState} */ ({
    status: 'off', done: 0, total: 0, problem: '', remark: '', available: [], curves: [], wells: [], wellUnits: null,
    decline: null, declines: true, others: [],
  }));
  /** What is analysed: the run in the picture, or a summary. @type {Analysed | null} */ #subject = null;
  #viewer;
  /** The run in the picture. @type {Source | null} */ #first = null;
  /** Those laid over it. @type {Source[]} */ #others = [];
  /** Those of the list that were laid, and as what. @type {Map<unknown, Source>} */ #laid = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #refreshing;

  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.#viewer = viewer;
    viewer.state.watch(['run', 'hierarchy'], ({ run, hierarchy }) =>
      this.#onSubject(run ?? hierarchy?.summary ?? null));
    viewer.state.watch(['results'], ({ results, run }) => {
      if (results.open && run && !this.#first) this.#begin(run);
      else this.#refresh();
    });
    viewer.state.watch(['step', 'wells'], () => this.#showWells());
    viewer.state.watch(['beside', 'run'], ({ beside, run }) => {
      if (!run) return;
      for (const [what, source] of this.#laid) {
        if (beside.some((other) => other === what)) continue;
        this.#laid.delete(what);
        this.#take(source);
      }
      for (const what of beside) if (!this.#laid.has(what)) this.#laid.set(what, this.add(what.location, what.name));
    });
  }

  /**
   * Lays another run over the one in the picture.
   * @param {unknown} location  as `openStore` takes it
   * @param {string} name
   * @returns {Source}
   */
  add(location, name) {
    const source = new Source(name, null);
    this.#others.push(source);
    this.state.set({ problem: '' });
    this.#refresh();
    this.#lay(source, location).catch((error) => {
      if (source.signal.aborted) return;
      this.#take(source);
      const { message } = failureOf('', error);
      this.state.set({ problem: `${this.state.now.problem} ${name} cannot be laid over: ${message}`.trim() });
    });
    return source;
  }

  /** @param {Source} source @param {unknown} location */
  async #lay(source, location) {
    const { name, signal } = source;
    const run = await Run.open(location, { name, signal });
    source.run = run;
    if (signal.aborted) await run.close();
    else await this.#read(source, run);
  }

  /** @param {number} index  in `others` */
  remove(index) {
    const source = this.#others[index];
    if (source) this.#take(source);
  }

  /** @param {Source} source  of the others */
  #take(source) {
    this.#others = this.#others.filter((other) => other !== source);
    void source.close();
    this.#refresh();
  }

  /** The unit that a quantity has in this run. @param {string} quantity @returns {string | undefined} */
  unitOf(quantity) {
    return this.#first?.analyst?.vectorNames().find((name) => name.quantity === quantity)?.unit;
  }

  /** @param {Analysed | null} subject */
  #onSubject(subject) {
    if (subject === this.#subject) return;
    this.#subject = subject;
    for (const source of [this.#first, ...this.#others]) void source?.close();
    this.#first = null;
    this.#others = [];
    this.#laid.clear();
    this.state.set({ status: 'off', done: 0, total: 0, problem: '', remark: '', available: [],
      curves: [], wells: [], wellUnits: null, decline: null, declines: true, others: [] });
    const { results, run } = this.#viewer.state.now;
    if (subject && subject !== run) this.#viewer.set({ start: subject.startDate });
    if (subject && (results.open || subject !== run)) this.#begin(subject);
  }

  /** @param {Analysed} run */
  #begin(run) {
    const source = new Source(run.name, run);
    this.#first = source;
    this.state.set({ status: 'reading', done: 0, total: run.steps.length });
    this.#read(source, run).catch((error) => {
      if (!source.signal.aborted) this.state.set({ status: 'failed', problem: failureOf('', error).message });
    });
  }

  /**
   * Reads a run through; what there is so far is shown while it goes on.
   * @param {Source} source
   * @param {Analysed} run
   */
  async #read(source, run) {
    const { signal } = source;
    const first = source === this.#first;
    const onProgress = (/** @type {{ done: number, total: number }} */ { done, total }) => {
      if (signal.aborted) return;
      if (first) this.state.set({ done, total });
      this.#soon();
    };
    const analyst = run.store instanceof EclipseStore ? await SummaryAnswers.begin(run.store, { signal, onProgress })
      : await ModelAnalyst.begin(run.store, { signal, onProgress: /** @type {any} */ (onProgress) });
    source.analyst = analyst;
    if (signal.aborted) analyst.close();
    await analyst.done;
    signal.throwIfAborted();
    source.busy = false;
    if (first) this.state.set({ status: 'ready' });
    this.#refresh();
    if (!run.growing || analyst instanceof SummaryAnswers) return;
    for await (const step of analyst.follow({ signal })) {
      if (step !== undefined) this.#refresh();
    }
  }

  #soon() {
    this.#refreshing ??= setTimeout(() => {
      this.#refreshing = undefined;
      this.#refresh();
    }, REFRESH);
  }

  #refresh() {
    const others = this.#others.map(({ name, busy }) => ({ name, busy }));
    const analyst = this.#first?.analyst;
    if (!analyst || analyst.availableSteps.length === 0) {
      this.state.set({ others });
      return;
    }
    try {
      const available = analyst.vectorNames().map(({ name }) => name);
      const summary = analyst instanceof SummaryAnswers;
      this.state.set({
        others, available, curves: this.#curves(), remark: remarkOf(analyst),
        decline: summary ? null : this.#decline(analyst), declines: !summary,
        wellUnits: summary ? analyst.wellUnits : null,
      });
      this.#showWells();
    } catch (error) {
      this.state.set({ status: 'failed', problem: failureOf('', error).message });
    }
  }

  /** @returns {Curve[]} */
  #curves() {
    const { subjects, quantities } = this.#viewer.state.now.results;
    /** @type {Curve[]} */ const curves = [];
    [this.#first, ...this.#others].forEach((source, run) => {
      const { analyst = null, name: runName = '' } = source ?? {};
      if (!analyst || analyst.availableSteps.length === 0) return;
      const known = new Set(analyst.vectorNames().map(({ name }) => name));
      const wanted = subjects.flatMap((subject) => quantities.map((quantity) =>
        ({ subject, quantity, name: vectorName(subject, quantity) }))).filter(({ name }) => known.has(name));
      const vectors = analyst.vectors(wanted.map(({ name }) => name));
      for (const { subject, quantity, name } of wanted) {
        if (!vectors[name]) continue; // it is being read
        const { unit, days, steps, values } = vectors[name];
        const what = quantityOf(quantity).title;
        const of = subject === 'F' || subject === 'M' ? '' : ` · ${subjectOf(subject).title}`;
        const from = this.#others.length > 0 ? ` · ${runName}` : '';
        curves.push({ key: `${run} ${name}`, name, title: `${what}${of}${from}`, unit, subject, quantity,
          run, days, steps, values });
      }
    });
    return curves;
  }

  /** @param {ModelAnalyst} analyst @returns {Decline | null} */
  #decline(analyst) {
    const { decline } = this.#viewer.state.now.results;
    if (!decline) return null;
    const { phase, model, from, to, years, limit } = decline;
    const range = { fromStep: from ?? analyst.minStep, toStep: to ?? analyst.maxStep, phase };
    const declineType = /** @type {Exclude<typeof model, 'best'>} */ (
      model === 'best' ? analyst.recommendDeclineModel(range)[0] : model);
    const fit = analyst.declineCurveAnalysis({ ...range, declineType });
    const end = years * 365.25, stepDays = end / FORECAST_POINTS;
    const options = { stepDays, ...(limit > 0 && { economicLimit: limit }) };
    const forecast = fit.error ? [] : analyst.forecastProduction(fit, { steps: FORECAST_POINTS, ...options });
    const recovery = fit.error ? NaN
      : analyst.estimateEconomicUltimateRecovery(fit, { forecastSteps: FORECAST_POINTS, ...options });
    const start = fit.startTime;
    const points = Array.from(fit.predictedRates ?? [], (rate, n) =>
      /** @type {[number, number]} */ ([start + fit.times[n], Number(rate)]));
    return /** @type {Decline} */ ({ ...fit, model: declineType, phase, points, forecast, recovery });
  }

  #showWells() {
    const { analyst = null, run = null } = this.#first ?? {};
    const { step } = this.#viewer.state.now;
    if (!analyst || !run || analyst.availableSteps.length === 0) return;
    const number = run.steps[step]?.step;
    const known = analyst.availableSteps;
    if (number === null || number === undefined || !known.includes(number)) return;
    this.state.set({ wells: analyst instanceof SummaryAnswers
      ? analyst.wells({ step: number, known: this.#viewer.state.now.wells }) : analyst.wells({ step: number }) });
  }
}

/** What the numbers cannot say exactly. @param {ModelAnalyst | SummaryAnswers} analyst */
function remarkOf(analyst) {
  if (analyst instanceof SummaryAnswers) return analyst.problem;
  if (!analyst.approximate) return '';
  const count = analyst.gaps.length;
  return `Not every step of this run was saved: cumulatives are approximate over ${count} `
    + `${count === 1 ? 'interval' : 'intervals'}.`;
}
