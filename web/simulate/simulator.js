// SPDX-License-Identifier: MIT
// A simulation in the page. States go through a stream into a store of this browser, which the viewer
// follows like any run that is being written: a tab that is closed loses nothing, and goes on later.

import { Run, StateStream, openStore } from '../../js/index.js';
import { failureOf } from '../model/failures.js';
import { Observable } from '../base/observable.js';
import { scenarioOf } from './catalogue.js';
import { forget, recall, remember } from './memory.js';
import { caseOf } from './models.js';

/** @typedef {import('./memory.js').Remembered} Remembered */
/** @typedef {import('./models.js').Paper} Paper */

/**
 * @typedef {object} SimulatorState
 * @property {'idle' | 'running' | 'paused' | 'done' | 'stopped' | 'failed'} status
 * @property {string} name      of the store, less `idb:`
 * @property {string} title
 * @property {number} day
 * @property {number} days
 * @property {string} text      what it is doing
 * @property {string} problem
 * @property {string} remark    of the scenario
 * @property {readonly Paper[]} paper
 * @property {readonly any[]} wells  of the model, with what they are told at first
 */

/** @returns {SimulatorState} */
const idle = () => ({
  status: 'idle',
  name: '',
  title: '',
  day: 0,
  days: 0,
  text: '',
  problem: '',
  remark: '',
  paper: [],
  wells: [],
});

/** States between two commits: small runs, so that little is lost and the picture moves. */
const BATCH = 2;

export class Simulator {
  /** @type {Observable<SimulatorState>} */
  state = new Observable(idle());
  #show;
  #nudge;
  /** @type {AbortController | null} */ #running = null;
  /** @type {Run | null} */ #run = null;
  /** @type {Remembered | null} */ #made = null;
  /** Held while paused. @type {{ wait: Promise<void>, go: () => void } | null} */ #gate = null;

  /**
   * @param {{ show: (location: string, name: string, scenario: import('./catalogue.js').Scenario | undefined) => void,
   *   nudge: () => void }} page  `show` opens a store; `nudge` says that it has grown
   */
  constructor({ show, nudge }) {
    this.#show = show;
    this.#nudge = nudge;
  }

  /** @param {string} id  of a scenario @param {Record<string, number>} values */
  start(id, values) {
    const name = freshName(scenarioOf(id)?.title ?? id);
    const made = { scenario: id, values, changes: [], from: null, finished: false };
    return this.#simulate(name, made, async () => ({
      run: await Run.fromModel(caseOf(id, values).model),
      past: null,
    }));
  }

  /** Goes on with a run of this browser that was not finished. @param {string} name */
  async resume(name) {
    const made = recall(name);
    if (!made) return;
    await this.#simulate(name, made, async () => {
      const store = await openStore(`idb:${name}`);
      try {
        const { value: last } = await store.load({ indices: [-1] }).next();
        let run = await Run.fromModel(caseOf(made.scenario, made.values).model);
        for (const change of made.changes) run = run.withChange(change);
        return { run: await Run.fromState(last, run), past: null };
      } finally {
        await store.close();
      }
    });
  }

  /**
   * Another future: the same run until a day, and wells changed then.
   * @param {number} day
   * @param {Record<string, any>} wells
   */
  async branch(day, wells) {
    const run = this.#run,
      made = this.#made,
      { name: from } = this.state.now;
    if (!run || !made) return;
    this.stop();
    const name = freshName(`${this.state.now.title}, changed on day ${day.toFixed(0)}`);
    const change = { day, wells };
    await this.#simulate(
      name,
      { ...made, changes: [...made.changes, change], from, finished: false },
      async () => ({ run: run.withChange(change), past: { store: from, until: day } }),
    );
  }

  pause() {
    if (this.state.now.status !== 'running') return;
    /** @type {() => void} */ let go = () => {};
    const wait = new Promise((resolve) => {
      go = () => resolve(undefined);
    });
    this.#gate = { wait, go };
    this.state.set({ status: 'paused' });
  }

  goOn() {
    this.#gate?.go();
    this.#gate = null;
    if (this.state.now.status === 'paused') this.state.set({ status: 'running' });
  }

  /** What there is stays. */
  stop() {
    this.goOn();
    this.#running?.abort();
    this.#running = null;
    if (this.state.now.status === 'running') this.state.set({ status: 'stopped' });
  }

  /** No longer this simulation's run is shown. */
  leave() {
    this.stop();
    this.#run = null;
    this.#made = null;
    this.state.set(idle());
  }

  /** The vectors' names on paper whose run is this one. @param {string | null} source  of the viewer */
  owns(source) {
    return this.state.now.name !== '' && source === `idb:${this.state.now.name}`;
  }

  /**
   * @param {string} name
   * @param {Remembered} made
   * @param {() => Promise<{ run: Run, past: { store: string, until: number } | null }>} prepare
   */
  async #simulate(name, made, prepare) {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    const { signal } = running;
    const scenario = scenarioOf(made.scenario);
    const { model, paper, remark } = caseOf(made.scenario, made.values);
    this.state.set({
      ...idle(),
      status: 'running',
      name,
      title: scenario?.title ?? name,
      paper,
      remark,
      days: model.report_days.at(-1),
      text: 'Fetching the simulator',
      wells: wellsOf(model),
    });
    /** @type {Run | null} */ let run = null;
    try {
      const prepared = await prepare();
      run = prepared.run;
      signal.throwIfAborted();
      this.#run = run;
      this.#made = made;
      remember(name, made);
      await this.#record(name, run, prepared.past, scenario, signal);
      if (signal.aborted) return; // it may go on later
      remember(name, { ...made, finished: true });
      this.state.set({ status: 'done', text: 'Finished' });
    } catch (error) {
      if (signal.aborted) return;
      const { message } = failureOf('', error);
      this.state.set({ status: 'failed', problem: message });
      if (run === null) forget(name);
    }
  }

  /**
   * @param {string} name
   * @param {Run} run
   * @param {{ store: string, until: number } | null} past  that is shared with another run
   * @param {import('./catalogue.js').Scenario | undefined} scenario
   * @param {AbortSignal} signal
   */
  async #record(name, run, past, scenario, signal) {
    const store = await openStore(`idb:${name}`);
    const states = this.#states(name, run, past, scenario, signal);
    const stream = new StateStream({ states, store, batchSize: BATCH });
    try {
      for await (const state of stream) {
        this.state.set({ day: state.timeInDays });
        this.#nudge();
        if (signal.aborted) break;
      }
    } finally {
      await stream.close().finally(() => store.close());
      this.#nudge();
    }
  }

  /**
   * @param {string} name @param {Run} run @param {{ store: string, until: number } | null} past
   * @param {import('./catalogue.js').Scenario | undefined} scenario @param {AbortSignal} signal
   */
  async *#states(name, run, past, scenario, signal) {
    let shown = false;
    const show = () => {
      if (shown) return;
      shown = true;
      this.#show(`idb:${name}`, name, scenario);
    };
    if (past) {
      const before = await openStore(`idb:${past.store}`, { mode: 'r' });
      try {
        for await (const state of before.load({ signal })) {
          if (state.timeInDays > past.until * (1 + 1e-9)) break;
          yield state;
        }
      } finally {
        await before.close();
      }
    }
    let count = 0;
    const onProgress = (/** @type {any} */ { day, days, stepSize, newtonIterations, cuts }) =>
      this.state.set({
        day,
        days,
        text: `steps of ${Number(stepSize.toPrecision(2))} days, ${newtonIterations} iterations`
          + (cuts ? `, ${cuts} cut` : ''),
      });
    for await (const state of run.states({ signal, onProgress })) {
      await this.#gate?.wait;
      yield state;
      count += 1;
      if (past || count > BATCH) show(); // something is on disk by then
    }
    show();
  }
}

/** A name that no run of this browser has: by the second. @param {string} title */
function freshName(title) {
  const [day, time] = new Date().toISOString().split('T');
  return `${title.replaceAll(':', '')} ${day} ${time.slice(0, 8).replaceAll(':', '.')}`;
}

/** @param {any} model */
function wellsOf(model) {
  const told = model.schedule[0]?.wells ?? {};
  return model.wells.map((/** @type {any} */ { name, type, fluid }) => ({ name, type, fluid, ...told[name] }));
}
