// SPDX-License-Identifier: MIT
// The picture of a slice: cells, wells, what is selected, axes, and the value under the pointer.

import { colourMap, cssColour } from '../../plot/colormaps.js';
import { unitsOf } from '../../plot/metric.js';
import { pinColour } from '../../cells/pin-colours.js';
import { pickCell } from '../../cells/pinning.js';
import { cellAt, drawSlice, outlineCell, placeSlice } from '../../plot/slice.js';
import { colouringOf } from '../../model/state.js';
import { fillTip } from '../tip.js';
import { wellMark } from '../../model/wells.js';
import { axisRoom, drawAxes } from './slice-axes.js';

/** @typedef {import('../../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../../plot/slice.js').Slice} Slice */
/** @typedef {import('../../plot/slice.js').Placement} Placement */

export class SlicePicture {
  /** @type {{ key: string, slice: Slice } | null} */ #slice = null;
  /** @type {Placement | null} */ #place = null;
  /** @type {import('../../model/run.js').Run | null} */ #run = null;
  #requested = false;

  /**
   * @param {Viewer} viewer
   * @param {{ canvas: HTMLCanvasElement, box: HTMLElement, tip: HTMLElement,
   *   onHeights: (factor: number | null) => void }} parts  `onHeights`: how much higher than long things are drawn;
   *   null: not at all
   */
  constructor(viewer, { canvas, box, tip, onHeights }) {
    this.viewer = viewer;
    this.canvas = canvas;
    this.box = box;
    this.tip = tip;
    this.onHeights = onHeights;
    canvas.addEventListener('click', (event) => this.#select(event));
    canvas.addEventListener('pointermove', (event) => this.#tell(event));
    canvas.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') tip.hidden = true; });
    canvas.addEventListener('themechange', () => this.#request());
    new ResizeObserver(() => this.#request()).observe(box);
  }

  watch() {
    this.viewer.state.watch(['run', 'shown', 'sliceAxis', 'sliceAt', 'range', 'log', 'map', 'cell',
      'levels', 'categories',
      'wells', 'showWells', 'showEdges', 'ask', 'cells', 'metric'], () => this.#request());
    this.viewer.state.watch(['run', 'shown', 'sliceAxis', 'sliceAt'], () => { this.tip.hidden = true; });
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
    const { run, sliceAxis, sliceAt, shown, ask, cells, cell, wells, showWells, showEdges, metric } =
      this.viewer.state.now;
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!run || width === 0 || height === 0) return;
    const slice = this.#cut(run, sliceAxis, sliceAt[sliceAxis]);
    const context = this.#clear(width, height);
    const room = axisRoom(slice, sliceAxis, height, unitsOf(run.grid.lengthUnit, metric).inUnit);
    const place = placeSlice(slice, { width, height, keepShape: sliceAxis === 2, room });
    this.#place = place;
    this.onHeights(sliceAxis === 2 ? null : place.scaleY / place.scaleX);
    const css = getComputedStyle(this.canvas);
    const few = slice.cells.length * 40 < width * height;
    drawSlice(context, slice, place, {
      values: shown?.values.data ?? null, edges: showEdges && few,
      mask: cells?.filtered ? cells.mask : null,
      colouring: colouringOf(this.viewer.state.now, colourMap),
      line: css.getPropertyValue('--cell-line'),
    });
    drawAxes(context, { slice, place, axis: sliceAxis, grid: run.grid, metric },
      { ink: css.getPropertyValue('--muted'), line: css.getPropertyValue('--frame'), font: css.fontFamily });
    for (const well of showWells ? wells : []) {
      context.strokeStyle = cssColour(wellMark(well, run.grid).colour);
      context.lineWidth = 2.5;
      for (const perforated of well.cells) {
        outlineCell(context, slice, place, run.grid.indexOf(perforated));
      }
    }
    ask.pins.forEach((pinned, n) => {
      context.strokeStyle = cssColour(pinColour(n));
      context.lineWidth = 3;
      outlineCell(context, slice, place, run.grid.indexOf(pinned));
    });
    // White in dark: seen on every colour.
    for (const [width, colour] of /** @type {const} */ ([[5, '#14191f'], [2, '#fff']])) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      if (cell) outlineCell(context, slice, place, run.grid.indexOf(cell));
    }
  }

  /** @param {import('../../model/run.js').Run} run @param {0 | 1 | 2} axis @param {number} index */
  #cut(run, axis, index) {
    const key = `${axis} ${index}`;
    if (this.#slice?.key !== key || this.#run !== run) {
      this.#run = run;
      this.#slice = { key, slice: run.grid.slice(axis, index) };
    }
    return this.#slice.slice;
  }

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

  /** @param {MouseEvent} event @returns {number}  flat index, −1: none */
  #cellAt({ offsetX, offsetY }) {
    if (!this.viewer.state.now.run || !this.#slice || !this.#place) return -1;
    return cellAt(this.#slice.slice, this.#place, offsetX, offsetY);
  }

  /** @param {MouseEvent} event */
  #select(event) {
    const { run } = this.viewer.state.now;
    const index = this.#cellAt(event);
    if (!run) return;
    pickCell(this.viewer, index < 0 ? null : run.grid.cellOf(index), event);
    this.#tell(event); // a finger does not hover
  }

  /** @param {MouseEvent} event */
  #tell(event) {
    const { offsetX: x, offsetY: y } = event;
    fillTip(this.tip, this.viewer.state.now, this.#cellAt(event), { x, y }, this.box);
  }
}
