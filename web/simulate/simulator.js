// SPDX-License-Identifier: MIT
// A simulation in the page. States go through a stream into a store of this browser, which the viewer
// follows like any run that is being written: a tab that is closed loses nothing, and goes on later.

import { Run, StateStream, openStore } from '../../js/index.js';
import { failureOf } from '../model/failures.js';
import { Observable } from '../base/observable.js';
import { scenarioOf } from './catalogue.js';
import { recall, remember } from './memory.js';
import { caseOf } from './models.js';

/** @typedef {import('./memory.js').Remembered} Remembered */
/** @typedef {import('./models.js').Paper} Paper */
/** What is shared with another run. @typedef {{ store: string, until: number } | null} Past */

/**
 * @typedef {object} SimulatorState
 * @property {'idle' | 'running' | 'paused' | 'done' | 'stopped' | 'failed'} status
 * @property {string} name      of the store, less `idb:`
 * @property {string} from      the run that is in the picture until there is something of this one
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
  from: '',
  title: '',
  day: 0,
  days: 0,
  text: '',
  problem: '',
  remark: '',
  paper: [],
  wells: [],
});

/** Of days that a store has kept in seconds. */
const ROUNDING = 1e-9;

export class Simulator {
  /** @type {Observable<SimulatorState>} */
  state = new Observable(idle());
  #show;
  #nudge;
  #tell;
  /** @type {AbortController | null} */ #running = null;
  /** What another future can branch off. @type {{ name: string, made: Remembered } | null} */ #begun = null;
  /** Held while paused. @type {{ wait: Promise<void>, go: () => void } | null} */ #gate = null;

  /**
   * @param {{ show: (location: string, name: string, scenario: import('./catalogue.js').Scenario | undefined) => void,
   *   nudge: () => void, tell: (problem: string) => void }} page  `show` opens a store; `nudge` says that it
   *   has grown; `tell` is of a simulation that is no longer this one
   */
  constructor({ show, nudge, tell }) {
    this.#show = show;
    this.#nudge = nudge;
    this.#tell = tell;
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
    // A scenario may have been taken out of the page since.
    if (!made || !scenarioOf(made.scenario)) {
      throw new Error(`What ${name} was made of is not known any more. Its states can still be opened.`);
    }
    await this.#simulate(name, made, async () => {
      const last = await lastState(name, Infinity, 'a');
      const run = await runOf(made);
      // Without a state the page was closed before the first ones were saved.
      return { run: last ? await Run.fromState(last, run) : run, past: null };
    });
  }

  /**
   * Another future: the same run until a day, and wells changed then.
   * @param {number} day
   * @param {Record<string, any>} wells
   */
  async branch(day, wells) {
    if (!this.#begun) return;
    const { name: from, made: old } = this.#begun;
    this.stop();
    const made = { ...old, changes: [...old.changes, { day, wells }], from, finished: false };
    const name = freshName(`${this.state.now.title}, changed on day ${day.toFixed(0)}`);
    await this.#simulate(name, made, async () => {
      // What is kept, and not what this page has simulated: that may have begun after the day.
      const last = await lastState(from, day, 'r');
      const run = await runOf(made);
      if (!last) return { run, past: null };
      return { run: await Run.fromState(last, run), past: { store: from, until: last.timeInDays } };
    });
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
    this.#begun = null;
    this.state.set(idle());
  }

  /** Whether it is this simulation's run. @param {string | null} source  of the viewer */
  owns(source) {
    return this.state.now.name !== '' && source === `idb:${this.state.now.name}`;
  }

  /** Or the one that is to be seen until this one's is. @param {string | null} source  of the viewer */
  concerns(source) {
    return this.owns(source) || (this.state.now.from !== '' && source === `idb:${this.state.now.from}`);
  }

  /**
   * @param {string} name
   * @param {Remembered} made
   * @param {() => Promise<{ run: Run, past: Past }>} prepare
   */
  async #simulate(name, made, prepare) {
    this.stop();
    const before = this.state.now;
    const running = new AbortController();
    this.#running = running;
    const { signal } = running;
    const scenario = scenarioOf(made.scenario);
    const { model, paper, remark } = caseOf(made.scenario, made.values);
    this.state.set({
      ...idle(),
      status: 'running',
      name,
      from: made.from === before.name ? before.name : '',
      title: scenario?.title ?? name,
      paper,
      remark,
      days: model.report_days.at(-1),
      text: 'Fetching the simulator',
      wells: wellsOf(model),
    });
    let begun = false;
    try {
      const { run, past } = await prepare();
      signal.throwIfAborted();
      begun = true;
      this.#begun = { name, made };
      remember(name, made);
      await this.#record(name, run, past, scenario, signal);
      if (signal.aborted) return; // it may go on later
      remember(name, { ...made, finished: true });
      this.state.set({ status: 'done', text: 'Finished' });
    } catch (error) {
      if (isAbortOf(signal, error) || (signal.aborted && !begun)) return; // nothing of it is lost
      const { message } = failureOf('', error);
      if (this.state.now.name !== name) this.#tell(`${name}: ${message}`);
      else if (begun || this.state.now.from === '') this.state.set({ status: 'failed', problem: message });
      else this.state.set({ ...before, status: 'failed', problem: `the other future cannot begin: ${message}` });
    }
  }

  /**
   * @param {string} name
   * @param {Run} run
   * @param {Past} past
   * @param {import('./catalogue.js').Scenario | undefined} scenario
   * @param {AbortSignal} signal
   */
  async #record(name, run, past, scenario, signal) {
    const store = await openStore(`idb:${name}`);
    // Written beside the next steps, each as soon as the database has taken the one before.
    const states = this.#states(run, past, signal, () => keep());
    const stream = new StateStream({ states, store, backgroundIO: true });
    let shown = false;
    const show = () => {
      if (shown || signal.aborted) return;
      shown = true;
      this.state.set({ from: '' });
      this.#show(`idb:${name}`, name, scenario);
    };
    /** Whoever pauses sees what there is, and loses nothing of it by closing the tab. */
    const keep = async () => {
      await stream.flush({ block: true });
      if (stream.savedCount > 0) show();
      this.#nudge();
    };
    try {
      for await (const state of stream) {
        this.state.set({ day: state.timeInDays });
        if (stream.savedCount > 0 && !isPast(state, past)) show();
        this.#nudge();
        if (signal.aborted) break;
      }
      await stream.close();
      show();
    } finally {
      await stream.close().finally(() => store.close());
      this.#nudge();
    }
  }

  /**
   * @param {Run} run
   * @param {Past} past
   * @param {AbortSignal} signal
   * @param {() => Promise<void>} keep  what was yielded; called while paused
   */
  async *#states(run, past, signal, keep) {
    if (past) {
      const before = await openStore(`idb:${past.store}`, { mode: 'r' });
      try {
        for await (const state of before.load({ signal })) {
          if (!isPast(state, past)) break;
          yield state;
        }
      } finally {
        await before.close();
      }
    }
    const onProgress = (/** @type {any} */ { day, days, stepSize, newtonIterations, cuts }) =>
      this.state.set({
        day,
        days,
        text: `steps of ${Number(stepSize.toPrecision(2))} days, ${newtonIterations} iterations`
          + (cuts ? `, ${cuts} cut` : ''),
      });
    for await (const state of run.states({ signal, onProgress })) {
      if (this.#gate) await Promise.all([keep(), this.#gate.wait]);
      yield state;
    }
  }
}

/** From its beginning, with all that was changed. @param {Remembered} made */
async function runOf({ scenario, values, changes }) {
  let run = await Run.fromModel(caseOf(scenario, values).model);
  for (const change of changes) run = run.withChange(change);
  return run;
}

/**
 * The last that is kept of a run until a day.
 * @param {string} name
 * @param {number} day
 * @param {'r' | 'a'} mode  'a' mends what a crash has cut, and is of one page at a time
 * @returns {Promise<import('../../js/index.js').ModelState | undefined>}
 */
async function lastState(name, day, mode) {
  const store = await openStore(`idb:${name}`, { mode });
  try {
    let last = -1;
    for await (const { timeInDays } of store.load({ fields: ['time'] })) {
      if (timeInDays > day * (1 + ROUNDING)) break;
      last += 1;
    }
    if (last < 0) return undefined;
    return (await store.load({ indices: [last] }).next()).value ?? undefined;
  } finally {
    await store.close();
  }
}

/** @param {import('../../js/index.js').ModelState} state @param {Past} past */
function isPast({ timeInDays }, past) {
  return past !== null && timeInDays <= past.until * (1 + ROUNDING);
}

/** Its own end, and no trouble that came with it. @param {AbortSignal} signal @param {unknown} error */
function isAbortOf(signal, error) {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
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
