// SPDX-License-Identifier: MIT
// <bores-viewer>: the whole viewer in one element, with its own styles, so that it can stand
// in any page.
/// <reference path="./css.d.ts" />

import plotStyle from 'uplot/dist/uPlot.min.css';
import resultsStyle from './styles/results.css';
import simulateStyle from './styles/simulate.css';
import style from './styles/viewer.css';
import { openAny } from './model/open-any.js';
import { Viewer } from './model/viewer.js';
import { appView } from './views/app.js';

/** @typedef {import('./model/link.js').LinkState} LinkState */
/** @typedef {import('./views/start.js').Openers} Openers */

export class BoresViewer extends HTMLElement {
  static observedAttributes = ['theme'];

  /** What it shows and can do. */
  viewer = new Viewer();
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #root = this.attachShadow({ mode: 'open' });

  constructor() {
    super();
    const sheets = [plotStyle, style, resultsStyle, simulateStyle].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    this.#root.adoptedStyleSheets = sheets;
    this.#dark.addEventListener('change', () => this.#applyTheme());
  }

  /**
   * Builds the page in the element.
   * @param {object} actions
   * @param {Openers} actions.openers
   * @param {(() => Promise<void>) | null} actions.onLink  copies a link to what is shown
   * @param {(data: DataTransfer) => void} actions.onDrop
   */
  start({ openers, onLink, onDrop }) {
    this.#root.replaceChildren(appView(this.viewer, {
      openers, onLink, onDrop, onTheme: () => this.toggleTheme(),
    }));
    this.#applyTheme();
  }

  /**
   * @param {unknown} location  as `openStore` takes it
   * @param {{ name: string, source: string | null, link?: LinkState }} what
   */
  open(location, what) {
    this.viewer.open((context) => openAny(location, { name: what.name, ...context }), what);
  }

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
    const theme = this.getAttribute('theme');
    return theme === 'dark' || (theme !== 'light' && this.#dark.matches);
  }

  attributeChangedCallback() {
    this.#applyTheme();
  }

  /** Colours of pictures are not CSS: those who draw are told. */
  #applyTheme() {
    const app = this.#root.querySelector('.app');
    if (!app) return;
    app.classList.toggle('dark', this.dark);
    for (const drawn of app.querySelectorAll('.stage, .slice, .history, .results')) {
      drawn.dispatchEvent(new Event('themechange'));
    }
  }
}
