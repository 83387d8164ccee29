// SPDX-License-Identifier: MIT
// One layer of the grid, flat. It needs no WebGL, and is the whole picture where there is none.

import { colourMap, cssColour } from '../plot/colormaps.js';
import { cellAt, drawSlice, outlineCell, placeSlice } from '../plot/slice.js';
import { colouringOf } from '../model/state.js';
import { wellMark } from '../model/wells.js';
import { h, uniqueId } from '../base/dom.js';
import { stageKey } from './keys.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../plot/slice.js').Slice} Slice */
/** @typedef {import('../plot/slice.js').Placement} Placement */

const MARGIN = 8;

/**
 * @param {Viewer} viewer
 * @param {{ onHelp: () => void }} actions
 * @returns {HTMLElement}
 */
export function slicePanel(viewer, actions) {
  const canvas = h('canvas', {
    class: 'slice', tabindex: 0, role: 'img',
    onkeydown: (/** @type {KeyboardEvent} */ event) => stageKey(event, viewer, actions),
  });
  const box = h('div', { class: 'slice-box' }, canvas);
  const picture = new SlicePicture(viewer, canvas, box);
  const caption = h('p', { class: 'quiet caption' });
  viewer.state.watch(['run', 'sliceAxis', 'sliceAt', 'property'], (state) => {
    const text = state.run?.grid.captionOf(state.sliceAxis) ?? '';
    caption.textContent = text;
    canvas.setAttribute('aria-label', `${'ijk'[state.sliceAxis]} = `
      + `${state.sliceAt[state.sliceAxis]} of ${state.property?.name ?? ''}: ${text}`);
  });
  picture.watch();
  return h('section', { class: 'panel slice-panel' },
    h('h2', {}, 'Slice'), sliceControls(viewer), box, caption);
}

/** @param {Viewer} viewer */
function sliceControls(viewer) {
  const name = uniqueId('slice');
  const axes = /** @type {const} */ ([0, 1, 2]).map((axis) => {
    const input = h('input', {
      type: 'radio', name, value: axis, onchange: () => viewer.setSlice(axis),
    });
    return { input, label: h('label', {}, input, h('span', {}, 'ijk'[axis])) };
  });
  const slider = h('input', {
    type: 'range', min: 0, step: 1, class: 'plain', 'aria-label': 'Index of the slice',
    oninput: () => viewer.setSlice(viewer.state.now.sliceAxis, slider.valueAsNumber),
  });
  const text = h('output', { class: 'range-text' });
  viewer.state.watch(['run', 'sliceAxis', 'sliceAt'], ({ run, sliceAxis, sliceAt }) => {
    axes.forEach(({ input }, axis) => { input.checked = axis === sliceAxis; });
    slider.max = String((run?.grid.shape[sliceAxis] ?? 1) - 1);
    slider.disabled = slider.max === '0';
    slider.value = String(sliceAt[sliceAxis]);
    text.textContent = `${'ijk'[sliceAxis]} = ${sliceAt[sliceAxis]}`;
  });
  return h('div', { class: 'slice-controls' },
    h('div', { class: 'segmented narrow', role: 'radiogroup', 'aria-label': 'Axis of the slice' },
      ...axes.map(({ label }) => label)), slider, text);
}

class SlicePicture {
  /** @type {{ key: string, slice: Slice } | null} */ #slice = null;
  /** @type {Placement | null} */ #place = null;
  #requested = false;

  /**
   * @param {Viewer} viewer
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLElement} box
   */
  constructor(viewer, canvas, box) {
    this.viewer = viewer;
    this.canvas = canvas;
    this.box = box;
    canvas.addEventListener('click', (event) => this.#select(event));
    canvas.addEventListener('themechange', () => this.#request());
    new ResizeObserver(() => this.#request()).observe(box);
  }

  watch() {
    this.viewer.state.watch(['run', 'shown', 'sliceAxis', 'sliceAt', 'range', 'log', 'map', 'cell',
      'wells', 'showWells', 'showEdges'], () => this.#request());
  }

  #request() {
    if (this.#requested) return;
    this.#requested = true;
    requestAnimationFrame(() => {
      this.#requested = false;
      this.#draw();
    });
  }

  #draw() {
    const { run, sliceAxis, sliceAt, shown, cell, wells, showWells, showEdges } =
      this.viewer.state.now;
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!run || width === 0 || height === 0) return;
    const key = `${sliceAxis} ${sliceAt[sliceAxis]}`;
    if (this.#slice?.key !== key || this.#run !== run) {
      this.#run = run;
      this.#slice = { key, slice: run.grid.slice(sliceAxis, sliceAt[sliceAxis]) };
    }
    const { slice } = this.#slice;
    const context = this.#clear(width, height);
    const place = placeSlice(slice, { width, height, keepShape: sliceAxis === 2, margin: MARGIN });
    this.#place = place;
    const css = getComputedStyle(this.canvas);
    const few = slice.cells.length * 40 < width * height;
    drawSlice(context, slice, place, {
      values: shown?.values.data ?? null, edges: showEdges && few,
      colouring: colouringOf(this.viewer.state.now, colourMap),
      line: css.getPropertyValue('--cell-line'),
    });
    for (const well of showWells ? wells : []) {
      context.strokeStyle = cssColour(wellMark(well, run.grid).colour);
      context.lineWidth = 2.5;
      for (const perforated of well.cells) {
        outlineCell(context, slice, place, run.grid.indexOf(perforated));
      }
    }
    // White in dark: seen on every colour.
    for (const [width, colour] of /** @type {const} */ ([[5, '#14191f'], [2, '#fff']])) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      if (cell) outlineCell(context, slice, place, run.grid.indexOf(cell));
    }
  }

  /** @type {import('../model/run.js').Run | null} */ #run = null;

  /** @param {number} width @param {number} height  CSS pixels */
  #clear(width, height) {
    const { canvas } = this;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.scale(devicePixelRatio, devicePixelRatio);
    context.lineJoin = 'round';
    return context;
  }

  /** @param {MouseEvent} event */
  #select({ offsetX, offsetY }) {
    const { run } = this.viewer.state.now;
    if (!run || !this.#slice || !this.#place) return;
    const index = cellAt(this.#slice.slice, this.#place, offsetX, offsetY);
    this.viewer.select(index < 0 ? null : run.grid.cellOf(index));
  }
}
