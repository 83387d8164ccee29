// SPDX-License-Identifier: MIT
// The selected cell's curve, with a line at the step that is shown.

import uPlot from 'uplot';
import { pinColour } from '../cells/pin-colours.js';
import { cssColour } from '../plot/colormaps.js';
import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';

/** @typedef {import('../model/state.js').ViewerState} ViewerState */

/** CSS pixels; of a page that is low, so that what is below it has room, too. */
const HEIGHT = 170;
const LOW_HEIGHT = 130;
/** CSS pixels of the viewer. */
const LOW = 760;

/**
 * The curves that are there: the selected cell's, and the pinned ones in the colours of their places; the selected cell
 * is there once.
 * @param {Readonly<ViewerState>} state
 * @returns {{ of: import('../model/properties.js').Drawable, curves: { cell: import('../grid/cell-grid.js').Cell,
 *   values: readonly number[], colour: string | null }[] } | null}  `colour`: null of the selected one
 */
export function cellCurves({ history, pinned }) {
  const of = (history ?? pinned[0])?.property;
  if (!of) return null;
  const pins = pinned.flatMap(({ cell, values }, n) =>
    (values && values.length > 0 ? [{ cell, values, colour: cssColour(pinColour(n)) }] : []));
  const own = history?.status === 'ready' && !pins.some(({ cell }) => cell.join() === history.cell.join())
    ? [{ cell: history.cell, values: history.values, colour: null }] : [];
  return { of, curves: [...own, ...pins] };
}

export class HistoryPlot {
  /** @type {uPlot | null} */ #plot = null;
  #days = false;
  /** @type {number[]} */ #x = [];
  #step = 0;

  /**
   * @param {HTMLElement} parent
   * @param {(step: number) => void} onStep  the user chose a step on the curve
   */
  constructor(parent, onStep) {
    this.parent = parent;
    this.onStep = onStep;
    this.resizer = new ResizeObserver(() => {
      this.#plot?.setSize(sizeIn(parent));
    });
    this.resizer.observe(parent);
  }

  /**
   * @param {Readonly<ViewerState>} state
   */
  show(state) {
    const { run } = state;
    const told = cellCurves(state);
    if (!run || !told || told.curves.length === 0) {
      this.clear();
      return;
    }
    const { of, curves } = told;
    const times = run.steps.map(({ time }) => time);
    this.#days = times.every((time) => time !== null);
    this.#x = this.#days ? times.map((time) => Number(time) / 86400) : times.map((_, n) => n);
    this.clear();
    const { inUnit } = unitsOf(of.unit, state.metric, of.difference);
    this.#plot = new uPlot(this.#options(curves.map(({ colour }) => colour)),
      [this.#x, ...curves.map(({ values }) => this.#x.map((_, n) =>
        (Number.isFinite(values[n]) ? inUnit(values[n]) : null)))], this.parent);
    this.mark(state.step);
  }

  /** Moves the line that says when. @param {number} step */
  mark(step) {
    this.#step = step;
    this.#plot?.redraw(false, false);
  }

  clear() {
    this.#plot?.destroy();
    this.#plot = null;
  }

  /**
   * @param {readonly (string | null)[]} strokes  of the curves; null: as the selected cell's
   * @returns {uPlot.Options}
   */
  #options(strokes) {
    const css = getComputedStyle(this.parent);
    const colour = /** @param {string} name */ (name) => css.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'), grid: { stroke: colour('--grid'), width: 1 },
      ticks: { stroke: colour('--grid'), width: 1, size: 4 }, font: '11px system-ui, sans-serif',
    };
    return {
      ...sizeIn(this.parent),
      padding: [10, 12, 0, 0],
      legend: { show: false },
      scales: { x: { time: false } },
      cursor: { y: false, points: { size: 8 }, drag: { x: false, y: false } },
      axes: [
        { ...axis, size: 22, label: this.#days ? 'days' : 'step', labelSize: 16, labelGap: -2,
          labelFont: '11px system-ui, sans-serif' },
        { ...axis, size: (plot, values) => axisWidth(plot, values),
          values: (_, values) => values.map((value) => formatNumber(value, 7)) },
      ],
      series: [{}, ...strokes.map((stroke) => ({
        stroke: stroke ?? colour('--curve'), width: 2, spanGaps: false,
        points: { show: this.#x.length <= 60, size: 5 },
      }))],
      hooks: {
        ready: [(plot) => plot.over.addEventListener('click', () => this.#choose())],
        draw: [(plot) => this.#drawMark(plot, colour('--mark'))],
      },
    };
  }

  #choose() {
    const index = this.#plot?.cursor.idx;
    if (index !== null && index !== undefined) this.onStep(index);
  }

  /** @param {uPlot} plot @param {string} stroke */
  #drawMark(plot, stroke) {
    const { ctx, bbox } = plot;
    const x = plot.valToPos(this.#x[this.#step], 'x', true);
    ctx.save();
    ctx.strokeStyle = stroke;
    ctx.fillStyle = stroke;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    for (const values of plot.data.slice(1)) {
      const value = values[this.#step];
      if (typeof value !== 'number') continue;
      ctx.beginPath();
      ctx.arc(x, plot.valToPos(value, 'y', true), 4 * devicePixelRatio, 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.restore();
  }
}

/** As wide as its widest number. @param {uPlot} plot @param {string[] | null} values */
function axisWidth(plot, values) {
  if (!values || values.length === 0) return 40;
  plot.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  const widths = values.map((value) => plot.ctx.measureText(value).width / devicePixelRatio);
  return Math.ceil(Math.max(...widths)) + 14;
}

/** @param {HTMLElement} parent */
function sizeIn(parent) {
  const { clientHeight } = parent.closest('.app') ?? { clientHeight: Infinity };
  return { width: Math.max(120, parent.clientWidth), height: clientHeight < LOW ? LOW_HEIGHT : HEIGHT };
}
