// SPDX-License-Identifier: MIT
// What the viewer can do. It holds the run and the one record of what is shown, reads what a
// change calls for, and lets the newest wish win.

import { HistoryKeeper } from '../cells/history-keeper.js';
import { COLOUR_MAPS } from '../plot/colormaps.js';
import { FaceKeeper } from './face-keeper.js';
import { failureOf, joined } from './failures.js';
import { Hierarchy } from './hierarchy.js';
import { isExaggeration, startState } from './link-state.js';
import { Observable } from '../base/observable.js';
import { Player } from './player.js';
import { RangeKeeper, same } from './range-keeper.js';
import { emptyState } from './state.js';
import { Latest, Newest } from '../base/tasks.js';
import { pauseOf } from '../time/time-axis.js';
import { usualColours } from '../compare/compare-link.js';
import { sameWells } from './wells.js';

/** @typedef {import('./grid.js').Cell} Cell */
/** @typedef {import('./link.js').LinkState} LinkState */
/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./state.js').ViewerState} ViewerState */

/** Milliseconds after which it is worth saying that something is being read. */
const PATIENCE = 150;

export class Viewer {
  /** @type {Observable<ViewerState>} */
  state = new Observable(emptyState());
  #opening = new Latest();
  #values = new Newest();
  #times = new Latest();
  #history = new HistoryKeeper(this.state);
  #growth = new Latest();
  /** A comparison begins with the colours of a link. */
  #linked = false;
  /** Colours of what is no difference, while one is shown. */
  #plain = { map: COLOUR_MAPS[0].id, log: false };
  /** Wells that were told of. @type {WeakMap<Run, string>} */ #lost = new WeakMap();
  /** @type {RangeKeeper | null} */ #ranges = null;
  /** @type {FaceKeeper | null} */ #faces = null;

  #player = new Player({
    step: () => this.state.now.step,
    count: () => this.state.now.run?.steps.length ?? 0,
    pause: (from, to) => pauseOf(this.state.now, from, to),
    loop: () => this.state.now.loop,
    show: (step) => this.#goTo(step),
    prefetch: (step) => {
      const { run, property, lens } = this.state.now;
      if (run && property) (lens ?? run).values(step, property).catch(() => { /* told when it is shown */ });
    },
    onEnd: () => this.state.set({ playing: false }),
  });

  /**
   * Opens a run and shows it as the link says, as far as the link fits.
   *
   * @param {(context: { signal: AbortSignal, onProgress: (text: string) => void,
   *   confirm: (text: string) => Promise<void> }) => Promise<Run | Hierarchy>} open
   * @param {{ name: string, source: string | null, link?: LinkState | ((run: Run) => LinkState) }} what
   */
  open(open, { name, source, link = {} }) {
    this.#reset({ phase: 'opening', source, opening: { name, text: 'Opening' } });
    this.#opening.run(async (signal) => {
      const onProgress = /** @param {string} text */ (text) => {
        if (!signal.aborted) this.state.set({ opening: { name, text } });
      };
      const confirm = /** @param {string} text @returns {Promise<void>} */ (text) => new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        this.state.set({ opening: { name, text, goOn: resolve } });
      });
      const opened = await open({ signal, onProgress, confirm });
      if (signal.aborted) await opened.close();
      else if (opened instanceof Hierarchy) this.state.set({ phase: 'browsing', opening: null, hierarchy: opened });
      else this.#begin(opened, typeof link === 'function' ? link(opened) : link);
    }, (error) => this.state.set({
      phase: 'failed', opening: null,
      failure: failureOf(`${name} cannot be opened`, error, source ?? ''),
    }));
  }

  /** Something is being prepared that will be opened. @param {string} name @param {string} text */
  wait(name, text) {
    this.#reset({ phase: 'opening', opening: { name, text } });
  }

  /**
   * Tells of something that could not even be tried.
   * @param {import('./state.js').Failure} failure
   */
  fail(failure) {
    this.#reset({ phase: 'failed', failure });
  }

  /**
   * @param {string} ending  of SAVE_FORMATS
   * @param {{ onlyShown: boolean, signal: AbortSignal,
   *   onProgress: (done: number, total: number, phase: string) => void }} options
   * @returns {ReturnType<Run['save']>}  null: no file was chosen
   */
  async saveAs(ending, { onlyShown, signal, onProgress }) {
    const { run, step } = this.state.now;
    if (!run) return null;
    return run.save(ending, { entry: onlyShown ? run.steps[step].entry : null, signal, onProgress });
  }

  /** Back to the start: stops whatever is going on. */
  close() {
    this.#reset({});
  }

  /** @param {number} step  brought into the range of steps */
  setStep(step) {
    const { run } = this.state.now;
    if (run) void this.#goTo(Math.max(0, Math.min(run.steps.length - 1, Math.round(step))));
  }

  /** @param {string} id */
  setProperty(id) {
    const { run, lens, rangeMode } = this.state.now;
    const property = (lens ?? run)?.property(id);
    if (!property && lens && run?.property(id)) {
      this.state.set({ notice: `Cannot be compared: ${run.property(id)?.name}` });
    }
    if (!property || property === this.state.now.property) return;
    this.state.set({
      property, log: property.log, hideMissing: property.sparse,
      rangeMode: rangeMode === 'typed' ? 'all' : rangeMode,
    });
    void this.#show();
    this.#history.read();
  }

  /** @param {string} map */
  setMap(map) {
    if (COLOUR_MAPS.some(({ id }) => id === map)) this.state.set({ map });
  }

  /** @param {Partial<Pick<ViewerState, 'levels' | 'categories' | 'symmetric'>>} scale */
  setScale(scale) {
    // A range around zero and a logarithm exclude each other; colours that diverge go with it.
    this.state.set({ ...scale, ...(scale.symmetric && { log: false, map: 'coolwarm', rangeMode: 'all' }) });
    this.#ranges?.update();
  }

  /** @param {boolean} log */
  setLog(log) {
    if (this.state.now.property?.difference) return; // half of a difference is below zero
    this.state.set({ log, ...(log && { symmetric: false }) });
    this.#ranges?.update();
  }

  /** @param {'all' | 'step'} rangeMode */
  setRangeMode(rangeMode) {
    this.state.set({ rangeMode });
    this.#ranges?.update();
  }

  /** @param {number} lo @param {number} hi */
  setTypedRange(lo, hi) {
    if (!(lo < hi && Number.isFinite(hi - lo))) return;
    this.state.set({ rangeMode: 'typed', range: [lo, hi] });
  }

  /** The user's word for reading what is too much to read unasked. */
  scanAll() {
    this.#ranges?.complete(true);
  }

  /** The range over all steps includes what other viewers have found. @param {ViewerState['also']} also */
  shareRange(also) {
    if (also === this.state.now.also || (also && same(also, this.state.now.also))) return;
    this.state.set({ also });
    this.#ranges?.update();
  }

  /** @param {{ lo: Cell, hi: Cell }} box  half-open */
  setBox(box) {
    this.state.set({ box });
  }

  /** What is asked of the cells. @param {Partial<import('../cells/ask.js').Ask>} patch */
  ask(patch) {
    this.state.set({ ask: { ...this.state.now.ask, ...patch } });
  }

  /** @param {Partial<import('../fence/fence-link.js').FenceWish>} patch */
  setFence(patch) {
    this.state.set({ fence: { ...this.state.now.fence, ...patch } });
  }

  /** @param {boolean} hideMissing */
  setHideMissing(hideMissing) {
    this.state.set({ hideMissing });
  }

  /** @param {number} exaggeration */
  setExaggeration(exaggeration) {
    if (isExaggeration(exaggeration)) this.state.set({ exaggeration });
  }

  /** @param {Cell | null} cell */
  select(cell) {
    const { run } = this.state.now;
    if (cell !== null && !run?.grid.has(cell)) return;
    const { sliceAxis, sliceAt } = this.state.now;
    // The slice goes where the cell is: what is selected is to be seen in both pictures.
    this.state.set({ cell, ...(cell && cell[sliceAxis] !== sliceAt[sliceAxis] && { sliceAt: cell }) });
    this.#history.read();
  }

  /** @param {0 | 1 | 2} axis @param {number} [index]  of that axis */
  setSlice(axis, index) {
    const { sliceAt, run } = this.state.now;
    const at = /** @type {Cell} */ ([...sliceAt]);
    const last = (run?.grid.shape[axis] ?? 1) - 1;
    at[axis] = Math.max(0, Math.min(last, Math.round(index ?? at[axis])));
    this.state.set({ sliceAxis: axis, sliceAt: at });
  }

  /** Moves the eye. @param {import('../scene/renderer.js').View | null} view  null: home */
  look(view) {
    this.state.set({ view, look: view && { ...view } });
  }

  togglePlay() {
    const playing = !this.state.now.playing && this.state.now.run !== null;
    this.state.set({ playing });
    if (playing) void this.#player.play();
    else this.#player.stop();
  }

  /** @param {import('./state.js').Patch} patch */
  set(patch) {
    this.state.set(patch);
  }

  /**
   * Reads values through it from now on: as differences, or with those of another run beside them.
   * @param {import('../compare/lens.js').Lens | null} lens  null: as they are
   */
  lookThrough(lens) {
    const { run, property: before, rangeMode } = this.state.now;
    if (!run) return;
    const linked = this.#linked;
    this.#linked = false;
    if (lens === this.state.now.lens) {
      if (linked) this.state.set(this.#plain); // the difference that a link asked for is none
      return;
    }
    const from = lens ?? run;
    const property = from.property(before?.id ?? '') ?? run.properties.map(({ id }) => from.property(id)).find(Boolean);
    this.#ranges?.stop();
    this.#ranges = new RangeKeeper(this.state, from);
    // What a link says of the colours of a comparison is not to be undone by its beginning.
    const turned = (before?.difference ?? false) !== (property?.difference ?? false) && !linked;
    if (turned && property?.difference) this.#plain = { map: this.state.now.map, log: this.state.now.log };
    const usual = property?.difference ? usualColours(property, lens, '') : this.#plain;
    this.state.set({
      lens, property: property ?? null, shown: null,
      ...(turned && { ...usual, rangeMode: rangeMode === 'typed' ? 'all' : rangeMode }),
    });
    void this.#show();
    this.#history.read();
  }

  /**
   * Puts the same run with other cells in the place of the one that is open; what is shown stays, as far as it can.
   * @param {Run} run @param {LinkState} link
   * @param {Pick<ViewerState, 'shown' | 'faces' | 'wells'>} first  what is known of its picture; faces of all cells
   *   of the box
   */
  exchange(run, link, first) {
    const { run: before, source, copied, webgl, timesRead, playing, range } = this.state.now;
    this.#stop();
    this.#begin(run, link, { ...emptyState(), source, copied, webgl, timesRead }, { range, ...first });
    this.#ranges?.update(); // more cells, more values
    void before?.close();
    if (playing) this.togglePlay();
  }

  /** @param {Run} run @param {LinkState} link @param {Partial<ViewerState>} [more] @param {typeof more} [first] */
  #begin(run, link, more = {}, first = {}) {
    this.#linked = link.compare?.how === 'difference';
    this.#plain = { map: COLOUR_MAPS[0].id, log: run.property(link.property ?? '')?.log ?? false };
    this.#ranges = new RangeKeeper(this.state, run);
    this.state.set({ ...more,
      phase: 'ready', opening: null, stepCount: run.steps.length, notice: run.notice, ...startState(run, link),
      ...first,
    });
    this.#faces = new FaceKeeper(this.state, run, first.faces ? this.state.now.box : null);
    void this.#show().then(() => {
      void run.check().then((notice) => { if (notice && run === this.state.now.run) this.state.set({ notice }); });
      this.#readTimes(run);
      this.#growth.run((signal) => run.follow(signal, () => this.#onSteps(run), () => this.state.set({ live: false })),
        () => {});
    });
    this.#history.read();
  }

  /** Steps were added; who looks at the last one goes along. @param {Run} run */
  async #onSteps(run) {
    const { stepCount, step, lens } = this.state.now;
    const last = run.steps.length - 1;
    this.state.set({ stepCount: last + 1, live: true });
    this.#ranges?.update();
    const times = this.#readTimes(run);
    this.#history.read();
    if (lens) await times; // they tell what a step is compared with
    const { now } = this.state;
    if (now.run === run && now.step === step && step === stepCount - 1 && !now.playing) void this.#goTo(last);
  }

  /** @param {number} step */
  async #goTo(step) {
    this.state.set({ step, missed: null });
    await this.#show();
    await new Promise((resolve) => { requestAnimationFrame(resolve); });
  }

  /** Brings the wanted property of the wanted step to the screen. */
  async #show() {
    const patience = setTimeout(() => this.state.set({ busy: true }), PATIENCE);
    await this.#values.run(() => this.#showOnce());
    clearTimeout(patience);
    this.state.set({ busy: false });
  }

  async #showOnce() {
    const { run, step, property, shown, lens } = this.state.now;
    if (!run || !property || (shown?.step === step && shown.property === property)) return;
    try {
      const values = await (lens ?? run).values(step, property);
      if (run !== this.state.now.run || lens !== this.state.now.lens) return;
      const next = { step, property, values };
      const skin = await this.#faces?.forStep(next);
      if (run !== this.state.now.run || lens !== this.state.now.lens) return;
      this.state.set({ shown: next, missed: null, trouble: '', ...skin });
    } catch (error) {
      if (run !== this.state.now.run || lens !== this.state.now.lens) return;
      const { message } = failureOf('', error);
      this.state.set({
        shown: null, missed: { step, property }, trouble: `${property.name} of step ${step} cannot be read: ${message}`,
      });
    }
    this.#ranges?.update();
    this.#readWells(run, step);
  }

  /** @param {Run} run @param {number} step */
  #readWells(run, step) {
    run.wells(step).then(
      ({ wells, lost }) => {
        const { now } = this.state;
        if (now.run !== run || now.step !== step) return;
        if (lost.length > 0) this.#tellLost(run, lost);
        // Mostly they are what they were, and nothing has to be drawn again.
        if (!sameWells(wells, now.wells)) this.state.set({ wells });
      },
      (error) => { if (run === this.state.now.run && step === this.state.now.step) {
        this.state.set({ wells: [],
          trouble: joined(this.state.now.trouble, `The wells cannot be read: ${error.message}`) });
      } },
    );
  }

  /** A well that cannot be drawn is told of, once a run. @param {Run} run @param {string[]} lost */
  #tellLost(run, lost) {
    const names = lost.join(', ');
    if (this.#lost.get(run) === names) return;
    this.#lost.set(run, names);
    this.state.set({ trouble: joined(this.state.now.trouble, `Not drawn: ${names}, which ${
      lost.length === 1 ? 'has' : 'have'} no perforated cell in this grid`) });
  }

  /** @param {Run} run */
  #readTimes(run) {
    return this.#times.run((signal) => run.readTimes(signal, (timesRead) => {
      if (!signal.aborted) this.state.set({ timesRead });
    }), () => this.state.set({ timesRead: run.steps.length })); // as far as they can be: steps keep their numbers
  }

  /** Ends what is going on with the run. @param {Partial<ViewerState>} next  what there is then */
  #reset(next) {
    this.#stop();
    const { run, hierarchy, webgl } = this.state.now;
    this.state.set({ ...emptyState(), webgl, ...next });
    void run?.close();
    void hierarchy?.close();
  }

  #stop() {
    for (const task of [this.#opening, this.#times, this.#history, this.#growth]) task.cancel();
    for (const keeper of [this.#ranges, this.#faces]) keeper?.stop();
    this.#ranges = this.#faces = null;
    this.#player.stop();
  }
}
