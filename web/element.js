// SPDX-License-Identifier: MIT
// <bores-viewer>: the whole viewer in one element, with its own styles, so that it can stand in any page. It
// takes neither focus nor title, address or scrolling of its page; removed, it frees all it had.
/// <reference path="./css.d.ts" />

import plotStyle from 'uplot/dist/uPlot.min.css';
import resultsStyle from './styles/results.css';
import simulateStyle from './styles/simulate.css';
import style from './styles/viewer.css';
import { BoresError } from '../js/index.js';
import { boresError, isShown, pickDetail, readyDetail, stepDetail, watchEvents } from './element/events.js';
import { joinGroup } from './element/groups.js';
import { addressOf, nameOf } from './element/location.js';
import { CONTROLS, DEFAULTS, IMAGES, THEMES, checkNames, mapOf, pixelsOf, propertyOf, rangeOf, stepOf, viewOf, viewText,
  wholeOf, wordOf } from './element/settings.js';
import { linkOf } from './model/link-state.js';
import { openAny } from './model/open-any.js';
import { Run } from './model/run.js';
import { isMissed } from './model/state.js';
import { Viewer } from './model/viewer.js';
import { drawingPower } from './scene/renderer.js';
import { appView } from './views/app.js';

/** @import { BoresViewerMembers } from './element/viewer.js' */
/** @typedef {import('./model/link.js').LinkState} LinkState */
/** @typedef {import('./views/start.js').Openers} Openers */
/** @typedef {import('./element/viewer.js').ReadyDetail} ReadyDetail */
/** @typedef {{ openers: Openers | null, onLink: (() => Promise<void>) | null,
 *   onDrop: ((data: DataTransfer, beside: boolean) => void) | null }} PageActions */

/** A server that makes pages has no elements; there the module can be imported all the same. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));

/** @implements {BoresViewerMembers} */
export class BoresViewer extends Base {
  static observedAttributes = ['src', 'step', 'property', 'range', 'colormap', 'view', 'controls', 'theme', 'group'];

  /** What it shows and can do. */
  viewer = new Viewer();
  #root = this.attachShadow({ mode: 'open' });
  #dark = matchMedia('(prefers-color-scheme: dark)');
  /** What was asked for before there is a run. @type {LinkState} */ #wanted = {};
  /** @type {PageActions | null} */ #page = null;
  /** @type {ReturnType<typeof appView> | null} */ #app = null;
  /** @type {(() => void)[]} */ #stops = [];
  #leave = () => {};
  /** What was opened last, and as what. @type {{ location: unknown, what: any } | null} */ #opened = null;
  #turn = 0;
  #themed = () => this.#applyTheme();

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [plotStyle, style, resultsStyle, simulateStyle].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
  }

  connectedCallback() {
    if (this.#app) return; // it was only moved
    this.#takeEarlier();
    this.#build();
    if (this.#opened) { // what was opened before it came into a page goes on
      if (this.viewer.state.now.phase === 'empty') void this.open(this.#opened.location, this.#opened.what);
    } else if (this.src !== '' && this.#page === null) this.#openSrc();
  }

  disconnectedCallback() {
    // What is moved is connected again before this turn ends.
    queueMicrotask(() => { if (!this.isConnected) this.#free(); });
  }

  /**
   * Makes it a page of its own, with ways to open runs.
   * @param {PageActions} page
   */
  start(page) {
    this.#page = page;
    this.#free();
    this.#build();
  }

  /**
   * @param {unknown} location  as `openStore` takes it
   * @param {{ name?: string, source?: string | null, link?: LinkState }} [what]
   * @returns {Promise<ReadyDetail>}
   */
  open(location, what = {}) {
    try {
      checkNames('open()', what, ['name', 'source', 'link']);
    } catch (error) {
      return Promise.reject(error);
    }
    const turn = this.#turn += 1;
    const source = what.source !== undefined ? what.source : typeof location === 'string' ? location : null;
    const name = what.name ?? nameOf(location);
    const at = addressOf(location, this.ownerDocument.baseURI);
    this.#opened = { location, what: { ...what, name, source } };
    /** @type {unknown} */ let cause;
    this.viewer.open(async (context) => {
      try {
        return await openAny(at, { name, ...context, keeps: this.#page !== null,
          ...(this.#page === null && { confirm: undefined }) });
      } catch (error) {
        cause = error;
        throw error;
      }
    }, { name, source, link: (run) => ({ ...this.#fitting(run), ...what.link }) });
    const ready = this.#until((state) => {
      if (turn !== this.#turn) throw aborted('another run was opened, or it was closed');
      if (state.phase === 'failed') throw boresError(cause ?? state.failure);
      return state.phase === 'browsing' || isShown(state) || isMissed(state) ? readyDetail(state) : undefined;
    });
    ready.then((detail) => this.#tell('ready', detail), (error) => {
      if (error instanceof BoresError) this.#tellError(error, true);
    });
    return ready;
  }

  /** Opens what is open once more, to show it in another way. @param {LinkState} link */
  reopen({ source: _, ...link }) {
    if (this.#opened) void this.open(this.#opened.location, { ...this.#opened.what, link });
  }

  close() {
    this.#turn += 1;
    this.#opened = null;
    this.viewer.close();
  }

  /** @param {number} step */
  async goTo(step) {
    const run = this.#run('goTo()');
    const index = stepOf(run, wholeOf(step));
    this.viewer.setStep(index);
    return this.#until((state) => {
      if (state.run !== run || state.step !== index) throw aborted(`another step than ${step} is wanted`);
      if (isMissed(state)) throw new BoresError('ERR_VIEWER', state.trouble);
      return isShown(state) ? stepDetail(state) : undefined;
    });
  }

  /** @param {number} [i] @param {number} [j] @param {number} [k] */
  async pick(i, j, k) {
    const run = this.#run('pick()');
    const cell = i === undefined && j === undefined && k === undefined ? null
      : /** @type {[number, number, number]} */ ([i, j, k]);
    if (cell !== null && !run.grid.has(cell)) {
      throw new BoresError('ERR_INDEX_RANGE', `bores-viewer: cell ${cell.join(', ')} of ${run.name}, whose cells are `
        + run.grid.shape.join(' × '));
    }
    this.viewer.select(cell);
    return this.#until((state) => {
      if (state.run !== run) throw aborted('another run was opened');
      return isShown(state) || isMissed(state) ? pickDetail(state) : undefined;
    });
  }

  /** @param {import('./element/viewer.js').ImageOptions} [options] */
  async toImage(options = {}) {
    checkNames('toImage()', options, ['type', 'quality', 'width', 'height']);
    const { type = 'image/png', quality, width, height } = options;
    wordOf('type', IMAGES, type);
    const pixels = width === undefined && height === undefined ? null
      : { width: pixelsOf('width', width), height: pixelsOf('height', height) };
    this.#run('toImage()');
    if (!this.#app) throw new BoresError('ERR_STATE', 'bores-viewer: it has a picture only while it is in a page');
    const { stage } = this.#app;
    const { pictureBlob } = await import('./film/picture.js');
    const blob = await pictureBlob(this.viewer, stage, type, { quality, pixels });
    if (!blob) throw new BoresError('ERR_UNSUPPORTED', `bores-viewer: this browser makes no ${type} of the picture`);
    return blob;
  }

  get src() { return this.getAttribute('src') ?? ''; }
  set src(value) { this.setAttribute('src', value); }

  get step() { return this.viewer.state.now.run ? this.viewer.state.now.step : this.#wanted.step ?? 0; }
  set step(value) { this.#want({ step: wholeOf(value) }); }

  get property() { return this.viewer.state.now.property?.id ?? this.#wanted.property ?? null; }
  set property(value) { this.#want({ property: String(value) }); }

  /** @returns {'all' | 'step' | [number, number]} */
  get range() {
    const { run, rangeMode, range } = this.viewer.state.now;
    if (!run) return /** @type {any} */ (this.#wanted.range ?? 'all');
    return rangeMode === 'typed' ? [range[0], range[1]] : rangeMode;
  }
  set range(/** @type {any} */ value) { this.#want({ range: rangeOf(value) }); }

  get colormap() { return this.viewer.state.now.run ? this.viewer.state.now.map : this.#wanted.map ?? 'viridis'; }
  set colormap(value) { this.#want({ map: mapOf(value) }); }

  /** @returns {string} */
  get view() { return viewText((this.viewer.state.now.run ? this.viewer.state.now.view : this.#wanted.view) ?? null); }
  set view(/** @type {any} */ value) { this.#want({ view: viewOf(value) ?? undefined }); }

  get controls() { return CONTROLS.find((word) => word === this.getAttribute('controls')) ?? 'full'; }
  set controls(value) { this.setAttribute('controls', wordOf('controls', CONTROLS, value)); }

  get theme() { return THEMES.find((word) => word === this.getAttribute('theme')) ?? 'auto'; }
  set theme(value) { this.setAttribute('theme', wordOf('theme', THEMES, value)); }

  get group() { return this.getAttribute('group') ?? ''; }
  set group(value) { this.setAttribute('group', value); }

  /** Where a simulation's bar stands. @returns {HTMLElement} */
  get simulationPlace() {
    return /** @type {HTMLElement} */ (this.#root.querySelector('.sim-place'));
  }

  toggleTheme() {
    this.setAttribute('theme', this.dark ? 'light' : 'dark');
    this.dispatchEvent(new Event('themechange'));
  }

  /** Whether it is dark now. */
  get dark() {
    return this.theme === 'dark' || (this.theme !== 'light' && this.#dark.matches);
  }

  /** @param {string} name @param {string | null} before @param {string | null} value */
  attributeChangedCallback(name, before, value) {
    if (before === value) return;
    try {
      this.#take(name, value);
    } catch (error) {
      this.#tellError(boresError(error), false);
    }
  }

  /** @param {string} name @param {string | null} value */
  #take(name, value) {
    if (name === 'src') {
      if (this.#app && this.#page === null) this.#openSrc();
      else this.#opened = null;
    } else if (name === 'controls' || name === 'theme') {
      if (value !== null) wordOf(name, name === 'theme' ? THEMES : CONTROLS, value);
      this.#applyTheme();
    } else if (name === 'group') {
      this.#join();
    } else {
      const given = value ?? DEFAULTS[name];
      if (given !== undefined) /** @type {any} */ (this)[name] = given;
    }
  }

  /** Properties that were set before the element was defined hide those of the class. */
  #takeEarlier() {
    const own = /** @type {any} */ (this);
    for (const name of BoresViewer.observedAttributes.filter((known) => Object.hasOwn(own, known))) {
      const value = own[name];
      delete own[name];
      try {
        own[name] = value;
      } catch (error) {
        this.#tellError(boresError(error), false);
      }
    }
  }

  #openSrc() {
    if (this.src === '') this.close();
    else void this.open(this.src).catch(() => { /* told as an event */ });
  }

  /** @param {LinkState} wish */
  #want(wish) {
    const { run } = this.viewer.state.now;
    if (run) { // what does not fit is told before anything is changed
      if (wish.step !== undefined) this.viewer.setStep(stepOf(run, wish.step));
      if (wish.property !== undefined) this.viewer.setProperty(propertyOf(run, wish.property).id);
      if (wish.map !== undefined) this.viewer.setMap(wish.map);
      if ('view' in wish) this.viewer.look(wish.view ?? null);
      if (typeof wish.range === 'string') this.viewer.setRangeMode(wish.range);
      else if (wish.range) this.viewer.setTypedRange(wish.range[0], wish.range[1]);
    }
    this.#wanted = { ...this.#wanted, ...wish };
  }

  /** What was asked for, as far as it fits; what does not is told. @param {Run} run @returns {LinkState} */
  #fitting(run) {
    const { step, property, ...rest } = this.#wanted;
    /** @type {LinkState} */ const link = { ...rest };
    const fit = (/** @type {() => void} */ use) => {
      try {
        use();
      } catch (error) {
        this.#tellError(boresError(error), false);
      }
    };
    if (step !== undefined) fit(() => { link.step = stepOf(run, step); });
    if (property !== undefined) fit(() => { link.property = propertyOf(run, property).id; });
    return link;
  }

  #build() {
    this.viewer.set({ webgl: drawingPower() !== 'none' });
    const page = this.#page ?? { openers: null, onLink: null, onDrop: null };
    this.#app = appView(this.viewer, { ...page, onTheme: () => this.toggleTheme(), alone: this.#page !== null });
    this.#root.replaceChildren(this.#app.element);
    this.#dark.addEventListener('change', this.#themed);
    this.#stops.push(() => this.#dark.removeEventListener('change', this.#themed), watchEvents(this.viewer, {
      onStep: (detail) => this.#tell('step', detail),
      onPick: (detail) => this.#tell('pick', detail),
      onProgress: (detail) => this.#tell('progress', detail),
      onTrouble: (message) => this.#tellError(new BoresError('ERR_VIEWER', message), false),
    }));
    this.#join();
    this.#applyTheme();
  }

  /** Workers, graphics, listeners: all of it. What was shown is remembered, should it come back. */
  #free() {
    if (!this.#app) return;
    if (this.#opened && this.viewer.state.now.run) {
      const { source: _, ...link } = linkOf({ ...this.viewer.state.now, source: '-' });
      this.#opened.what = { ...this.#opened.what, link };
    }
    this.#turn += 1;
    this.#leave();
    for (const stop of this.#stops.splice(0)) stop();
    this.viewer.close();
    this.#app.dispose();
    this.#app = null;
    this.#root.replaceChildren();
    this.viewer = new Viewer();
  }

  #join() {
    this.#leave();
    this.#leave = this.#app && this.group !== '' ? joinGroup(this.group, this.viewer) : () => {};
  }

  /** @param {string} what @returns {Run} */
  #run(what) {
    const { run } = this.viewer.state.now;
    if (!run) throw new BoresError('ERR_STATE', `bores-viewer: ${what} needs a run, and none is open`);
    return run;
  }

  /**
   * @template T
   * @param {(state: Readonly<import('./model/state.js').ViewerState>) => T | undefined} look  may throw
   * @returns {Promise<T>}
   */
  #until(look) {
    const { state } = this.viewer;
    return new Promise((resolve, reject) => {
      /** @type {() => void} */ let stop = () => {};
      let over = false;
      stop = state.watch(['phase', 'run', 'shown', 'missed', 'property', 'faces', 'failure', 'opening',
        'step'], (now) => {
        if (over) return;
        try {
          const found = look(now);
          if (found === undefined) return;
          resolve(found);
        } catch (error) {
          reject(error);
        }
        over = true;
        stop();
      });
      if (over) stop();
    });
  }

  /** @param {string} type @param {unknown} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @param {BoresError} error @param {boolean} fatal */
  #tellError(error, fatal) {
    this.#tell('error', { error, code: error.code, message: error.message, fatal });
  }

  /** Colours of pictures are not CSS: those who draw are told. */
  #applyTheme() {
    const app = this.#root.querySelector('.app');
    if (!(app instanceof HTMLElement)) return;
    app.dataset.controls = this.controls;
    app.classList.toggle('dark', this.dark);
    for (const drawn of app.querySelectorAll('.stage, .legend, .slice, .history, .results, .plan, .curtain')) {
      drawn.dispatchEvent(new Event('themechange'));
    }
  }
}

/** @param {string} why */
function aborted(why) {
  return new DOMException(`bores-viewer: ${why}`, 'AbortError');
}
