// SPDX-License-Identifier: MIT
// Curves of a run through time, drawn by uPlot: two axes with units, a line at the step in the picture,
// which can be dragged, and two handles where a decline is fitted.

import uPlot from 'uplot';
import { formatNumber } from '../plot/scale.js';

/** @typedef {import('../results/results.js').Curve} Curve */
/** @typedef {import('./curve-styles.js').CurveStyle} CurveStyle */
/** @typedef {'days' | 'steps' | 'dates'} TimeAxis */

/**
 * @typedef {object} Drawn
 * @property {readonly Curve[]} curves
 * @property {readonly CurveStyle[]} styles
 * @property {readonly { title: string, unit: string, points: readonly (readonly [number, number])[],
 *   stroke: string }[]} extra  a fit and its forecast, over days
 * @property {TimeAxis} axis
 * @property {boolean} log
 * @property {number} start     unix seconds of day 0, for dates
 * @property {boolean} [fromZero]  false: an axis that is not logarithmic need not have zero on it
 */

/** Nearer than this a pointer takes a handle, pixels. */
const GRIP = 9;
const FONT = '11px system-ui, sans-serif';

export class ResultChart {
  /** @type {uPlot | null} */ #plot = null;
  /** @type {Drawn | null} */ #drawn = null;
  /** Where the picture is, and where the decline begins and ends; in units of the x axis. */
  #mark = NaN;
  /** @type {[number, number] | null} */ #handles = null;
  /** @type {{ pointer: number, move: (x: number) => void } | null} */ #dragging = null;

  /**
   * @param {HTMLElement} parent
   * @param {{ onTime: (x: number) => void, onHandle: (which: 0 | 1, x: number) => void }} actions
   */
  constructor(parent, actions) {
    this.parent = parent;
    this.actions = actions;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(parent);
  }

  /** @param {Drawn} drawn */
  show(drawn) {
    this.#drawn = drawn;
    this.clear();
    if (drawn.curves.length === 0) {
      this.#dragging = null;
      return;
    }
    this.#plot = new uPlot(this.#options(drawn), dataOf(drawn), this.parent);
    // States that come meanwhile do not end what the user is at.
    if (this.#dragging) this.#plot.over.setPointerCapture(this.#dragging.pointer);
  }

  /** @param {number} mark @param {[number, number] | null} handles  as x of the axis */
  mark(mark, handles) {
    this.#mark = mark;
    this.#handles = handles;
    this.#plot?.redraw(false, false);
  }

  clear() {
    this.#plot?.destroy();
    this.#plot = null;
  }

  /** What is drawn, to be put on a picture. @returns {HTMLCanvasElement | null} */
  get canvas() {
    return this.#plot?.ctx.canvas ?? null;
  }

  #size() {
    return { width: Math.max(160, this.parent.clientWidth), height: Math.max(110, this.parent.clientHeight) };
  }

  /** @param {Drawn} drawn @returns {uPlot.Options} */
  #options(drawn) {
    const css = getComputedStyle(this.parent);
    const colour = /** @param {string} name */ (name) => css.getPropertyValue(name).trim();
    const base = {
      stroke: colour('--muted'), font: FONT, labelFont: FONT,
      grid: { stroke: colour('--grid'), width: 1 },
      ticks: { stroke: colour('--grid'), width: 1, size: 4 },
    };
    const units = unitsOf(drawn);
    const labels = { days: 'days', steps: 'step', dates: '' };
    const label = labels[drawn.axis];
    /** @type {uPlot.Axis[]} */
    const axes = [{ ...base, size: label ? 24 : 30, ...(label && { label, labelSize: 16, labelGap: -2 }) }];
    units.slice(0, 2).forEach((unit, n) => axes.push({
      ...base, scale: unit, side: n === 0 ? 3 : 1, label: unit, labelSize: 18, labelGap: 0,
      ...(n > 0 && { grid: { show: false } }),
      size: (plot, values) => axisWidth(plot, values),
      values: (_, values) => values.map((value) => (value === null ? '' : formatNumber(value, 7))),
    }));
    /** @type {uPlot.Scales} */
    const scales = { x: { time: drawn.axis === 'dates' } };
    for (const unit of units) scales[unit] = drawn.log ? { distr: 3 } : { range: paddedRange };
    return {
      ...this.#size(), padding: [10, units.length > 1 ? 0 : 14, 0, 0], legend: { show: false }, scales, axes,
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
      series: [{}, ...seriesOf(drawn)],
      hooks: {
        ready: [(plot) => this.#listen(plot.over)],
        draw: [(plot) => this.#drawMarks(plot, colour('--mark'), colour('--accent'))],
      },
    };
  }

  /** Dragging moves the nearest handle, or the time. @param {HTMLElement} over */
  #listen(over) {
    const at = (/** @type {PointerEvent} */ event) =>
      this.#plot?.posToVal(event.clientX - over.getBoundingClientRect().left, 'x') ?? NaN;
    over.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      const grip = this.#gripAt(event.clientX - over.getBoundingClientRect().left);
      const move = grip === null ? this.actions.onTime : (/** @type {number} */ x) => this.actions.onHandle(grip, x);
      this.#dragging = { pointer: event.pointerId, move };
      over.setPointerCapture(event.pointerId);
      move(at(event));
    });
    over.addEventListener('pointermove', (event) => {
      if (event.pointerId === this.#dragging?.pointer) this.#dragging.move(at(event));
    });
    for (const name of ['pointerup', 'pointercancel']) {
      over.addEventListener(name, () => { this.#dragging = null; });
    }
    over.style.touchAction = 'pan-y';
  }

  /** @param {number} left  pixels in the plot @returns {0 | 1 | null} */
  #gripAt(left) {
    const plot = this.#plot;
    if (!plot || !this.#handles) return null;
    const apart = this.#handles.map((x) => Math.abs(plot.valToPos(x, 'x') - left));
    const nearest = apart[0] <= apart[1] ? 0 : 1;
    return apart[nearest] <= GRIP ? nearest : null;
  }

  /** @param {uPlot} plot @param {string} mark @param {string} accent */
  #drawMarks(plot, mark, accent) {
    const { ctx, bbox } = plot;
    const line = (/** @type {number} */ value, /** @type {string} */ stroke, /** @type {number} */ grip) => {
      const x = plot.valToPos(value, 'x', true);
      if (!(x >= bbox.left - 1 && x <= bbox.left + bbox.width + 1)) return;
      ctx.strokeStyle = stroke;
      ctx.fillStyle = stroke;
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      if (grip === 0) return;
      const size = 7 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x + grip * size, bbox.top);
      ctx.lineTo(x, bbox.top + size * 1.4);
      ctx.fill();
    };
    ctx.save();
    ctx.setLineDash([]);
    if (this.#handles) {
      line(this.#handles[0], accent, 1);
      line(this.#handles[1], accent, -1);
    }
    if (Number.isFinite(this.#mark)) line(this.#mark, mark, 0);
    ctx.restore();
  }
}

/** Units in the order in which they come; the first two have axes. @param {Drawn} drawn */
export function unitsOf({ curves, extra }) {
  return [...new Set([...curves, ...extra].map(({ unit }) => unit))];
}

/** x of a day or a step. @param {Drawn} drawn @param {number} day @param {number} step */
export function xOf({ axis, start }, day, step) {
  return axis === 'steps' ? step : axis === 'dates' ? start + day * 86400 : day;
}

/** @param {Drawn} drawn @returns {uPlot.AlignedData} */
function dataOf(drawn) {
  const usable = (/** @type {number} */ value) =>
    (Number.isFinite(value) && (!drawn.log || value > 0) ? value : null);
  const tables = drawn.curves.map(({ days, steps, values }) => /** @type {uPlot.AlignedData} */ ([
    Array.from(days, (day, n) => xOf(drawn, day, steps[n])), Array.from(values, usable)]));
  // A forecast has days and no steps.
  for (const { points } of drawn.axis === 'steps' ? [] : drawn.extra) {
    tables.push([points.map(([day]) => xOf(drawn, day, NaN)), points.map(([, value]) => usable(value))]);
  }
  return uPlot.join(tables, tables.map((table) => table.slice(1).map(() => 2)));
}

/** @param {Drawn} drawn @returns {uPlot.Series[]} */
function seriesOf(drawn) {
  const dots = (drawn.curves[0]?.days.length ?? 0) <= 60;
  const series = drawn.curves.map(({ title, unit }, n) => ({
    label: title, scale: unit, stroke: drawn.styles[n].stroke, width: drawn.styles[n].width,
    dash: drawn.styles[n].dash, spanGaps: true, points: { show: dots && drawn.styles[n].width > 1.5, size: 4 },
  }));
  for (const { title, unit, stroke } of drawn.axis === 'steps' ? [] : drawn.extra) {
    series.push({ label: title, scale: unit, stroke, width: 1.5, dash: [5, 4], spanGaps: true,
      points: { show: false, size: 0 } });
  }
  return series;
}

/**
 * From zero where the curve comes near it, and with some air above.
 * @param {uPlot} _plot @param {number | null} lo @param {number | null} hi
 * @returns {[number, number]}
 */
function paddedRange(_plot, lo, hi) {
  if (lo === null || hi === null) return [0, 1];
  if (lo === hi) return lo === 0 ? [0, 1] : [Math.min(0, lo * 1.1), Math.max(0, hi * 1.1)];
  const air = (hi - lo) * 0.06;
  return [lo >= 0 && lo < (hi - lo) * 0.5 ? 0 : lo - air, hi + air];
}

/** As wide as its widest number. @param {uPlot} plot @param {string[] | null} values */
function axisWidth(plot, values) {
  if (!values || values.length === 0) return 40;
  plot.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  const widths = values.map((value) => plot.ctx.measureText(value).width / devicePixelRatio);
  return Math.ceil(Math.max(...widths)) + 14;
}
