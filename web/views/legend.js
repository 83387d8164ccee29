// SPDX-License-Identifier: MIT
// The legend: what a colour means.

import { ABOVE, BELOW, colourMap, cssColour, FALSE, MISSING, position, TRUE } from
  '../plot/colormaps.js';
import { categoryEnds, colouringOf } from '../model/state.js';
import { withMetric } from '../plot/metric.js';
import { formatNumber, tickLabels, ticks } from '../plot/scale.js';
import { drawTriangle, triangleHeight } from '../cells/triangle.js';
import { titleOf } from '../model/properties.js';
import { h } from '../base/dom.js';

/** @typedef {import('../model/state.js').ViewerState} ViewerState */
/** @typedef {import('../plot/colormaps.js').Colouring} Colouring */

/**
 * A map as one row of pixels, first colour at the left, or as one column, first at the bottom.
 * @param {HTMLCanvasElement} canvas  one of its sides is 1
 * @param {Uint8Array} table
 */
export function drawRamp(canvas, table) {
  const { width, height } = canvas;
  const length = Math.max(width, height);
  const picture = new ImageData(width, height);
  for (let at = 0; at < length; at += 1) {
    const n = 4 * Math.floor((at + 0.5) / length * (table.length / 4));
    picture.data.set(table.subarray(n, n + 4), 4 * (height > 1 ? length - 1 - at : at));
  }
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
}

/**
 * What a legend says, for the page and for a saved picture alike.
 * @typedef {object} LegendContent
 * @property {string} title
 * @property {{ at: number, text: string }[]} ticks  `at` from 0 (lowest) to 1
 * @property {{ colour: string, text: string }[]} swatches
 * @property {Uint8Array | null} table  null: no ramp
 * @property {boolean} [triangle]  of three saturations
 * @property {boolean} below  the step has values below the range
 * @property {boolean} above
 * @property {string} note
 */

/** @param {Readonly<ViewerState>} state @returns {LegendContent | null} */
export function legendContent(state) {
  const { property, shown, range: [lo, hi], log, rangeMode, metric } = state;
  if (!property) return null;
  const values = shown?.property === property ? shown.values : null;
  const missing = values !== null && values.missing > 0
    ? [{ colour: cssColour(MISSING), text: property.sparse ? 'no well here' : 'no value' }] : [];
  if (property.ternary) {
    const flagged = values?.flagged ?? 0;
    return { title: 'Saturations', ticks: [], table: null, triangle: true, below: false, above: false, note: '',
      swatches: [...(flagged > 0 ? [{ colour: cssColour(ABOVE), text: `sum is not 1: ${flagged} cells` }] : []),
        ...missing] };
  }
  if (property.flags) {
    return {
      title: titleOf(property), ticks: [], table: null, below: false, above: false, note: '',
      swatches: [{ colour: cssColour(TRUE), text: 'true' },
        { colour: cssColour(FALSE), text: 'false' }, ...missing],
    };
  }
  const colouring = colouringOf(state, colourMap);
  const ends = categoryEnds(state);
  return {
    title: titleOf(property),
    ticks: ends ? categoryTicks(ends) : (state.levels > 1 ? levelTicks(colouring, state.levels)
      : legendTicks(lo, hi, log)).map(({ at, text, value }) => ({ at, text: !metric ? text
      : withMetric(text, value, property.unit, endDigits(lo, hi), property.difference === true) })),
    swatches: missing,
    table: colouring.table,
    below: values !== null && (values.lo < lo || (log && values.lo <= 0)),
    above: values !== null && values.hi > hi,
    note: { all: allSteps(state.scan), step: 'range of this step', typed: 'typed range' }[rangeMode]
      + (log ? ', logarithmic' : ''),
  };
}

/** Whether steps that were not looked at may have values beyond the range. @param {Readonly<ViewerState>} state */
function isPartial({ rangeMode, scan }) {
  return rangeMode === 'all' && scan.done < scan.total;
}

/** What is not known of all steps is not called theirs. @param {import('../model/state.js').Scan} scan */
function allSteps({ done, total }) {
  return done >= total ? 'range of all steps' : `range of ${done} of ${total} steps so far`;
}

/** Both ends, and round values between them that do not crowd the ends. */
function legendTicks(/** @type {number} */ lo, /** @type {number} */ hi,
  /** @type {boolean} */ log) {
  if (!(hi > lo)) return [{ at: 0.5, text: formatNumber(lo, 6), value: lo }];
  const inner = ticks(lo, hi, { log, count: 4 });
  const labels = tickLabels(inner);
  const scale = { table: new Uint8Array(), lo, hi, log, flags: false };
  const marks = inner.map((value, n) => ({ at: position(value, scale), text: labels[n], value }))
    .filter(({ at }) => at > 0.09 && at < 0.91);
  const digits = endDigits(lo, hi);
  return [{ at: 0, text: formatNumber(lo, digits), value: lo }, ...marks,
    { at: 1, text: formatNumber(hi, digits), value: hi }];
}

/** CSS pixels from one text to the next that are legible. */
const TICK_HEIGHT = 13;

/** Texts beside a legend that do not touch each other. */
const MOST_TICKS = 13;

/** Where one colour ends and the next begins. @param {Colouring} colouring @param {number} levels */
function levelTicks({ lo, hi, log }, levels) {
  if (!(hi > lo)) return legendTicks(lo, hi, log);
  const every = Math.ceil(levels / (MOST_TICKS - 1));
  const values = Array.from({ length: levels + 1 }, (_, n) => (n === levels ? hi
    : log ? lo * (hi / lo) ** (n / levels) : lo + n / levels * (hi - lo)));
  const digits = endDigits(lo, hi);
  return values.map((value, n) => ({ at: n / levels, text: formatNumber(value, digits), value }))
    .filter((_, n) => n % every === 0 || n === levels);
}

/** A number in the middle of its colour. @param {[number, number]} ends */
function categoryTicks([lo, hi]) {
  const count = hi - lo + 1;
  const every = Math.ceil(count / MOST_TICKS);
  return Array.from({ length: count }, (_, n) => ({ at: (n + 0.5) / count, text: String(lo + n) }))
    .filter((_, n) => n % every === 0);
}

/** Significant digits that show the ends apart, with three to spare. */
function endDigits(/** @type {number} */ lo, /** @type {number} */ hi) {
  if (!(hi > lo)) return 6;
  const size = Math.max(Math.abs(lo), Math.abs(hi));
  return Math.max(3, Math.min(9, Math.ceil(Math.log10(size / (hi - lo))) + 3));
}

/** Its width, CSS pixels. */
export const TRIANGLE = 104;

/** @param {HTMLCanvasElement} canvas  twice as fine as CSS pixels */
function fillTriangle(canvas) {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(2, 0, 0, 2, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.font = '12px system-ui, sans-serif';
  drawTriangle(context, 0, 0, TRIANGLE, getComputedStyle(canvas).color);
}

/**
 * Leaves out the texts that would touch the one below them, or the last one.
 * @param {HTMLElement} scale
 * @param {number} high  of the ramp, CSS pixels; 0: not known yet
 */
function thin(scale, high) {
  const all = /** @type {HTMLElement[]} */ ([...scale.children]);
  const at = all.map((tick) => high * parseFloat(tick.style.bottom) / 100);
  let last = -Infinity;
  for (const [n, tick] of all.entries()) {
    const isLast = n === all.length - 1;
    const next = isLast ? Infinity : at[all.length - 1] - at[n];
    tick.hidden = high > 0 && !isLast && n > 0 && Math.min(at[n] - last, next) < TICK_HEIGHT;
    if (!tick.hidden) last = at[n];
  }
}

/** @param {import('../model/viewer.js').Viewer} viewer @returns {HTMLElement} */
export function legendView(viewer) {
  const title = h('div', { class: 'legend-title' });
  const ramp = h('canvas', { width: 1, height: 256, class: 'ramp' });
  const above = h('span', { class: 'beyond above', title: 'above the range' });
  const below = h('span', { class: 'beyond below', title: 'below the range' });
  above.style.background = cssColour(ABOVE);
  below.style.background = cssColour(BELOW);
  const scale = h('div', { class: 'scale' });
  const bar = h('div', { class: 'bar' }, above, h('div', { class: 'ramp-box' }, ramp), below);
  const body = h('div', { class: 'legend-body' }, bar, scale);
  const swatches = h('ul', { class: 'swatches' });
  const triangle = h('canvas', { width: 2 * TRIANGLE, height: 2 * triangleHeight(TRIANGLE), class: 'triangle' });
  const note = h('div', { class: 'legend-note' });
  let high = 0;
  // Measured when it changes: a layout with each step of a playback would cost more than the step.
  new ResizeObserver(() => {
    high = bar.clientHeight;
    thin(scale, high);
  }).observe(bar);
  const element = h('div', { class: 'legend', role: 'img' }, title, body, triangle, swatches, note);
  element.addEventListener('themechange', () => { if (!triangle.hidden) fillTriangle(triangle); });
  viewer.state.watch(['property', 'shown', 'range', 'log', 'map', 'levels', 'categories',
    'rangeMode', 'scan', 'metric'], (state) => {
    const content = legendContent(state);
    element.hidden = content === null;
    if (content === null) return;
    title.textContent = content.title;
    note.textContent = content.note;
    note.classList.toggle('partial', isPartial(state));
    // Its texts are twice as long, where there is a metric unit for them.
    element.classList.toggle('metric', content.ticks.some(({ text }) => text.includes('(')));
    body.hidden = content.table === null;
    triangle.hidden = content.triangle !== true;
    if (content.triangle) fillTriangle(triangle);
    if (content.table) drawRamp(ramp, content.table);
    above.classList.toggle('used', content.above);
    below.classList.toggle('used', content.below);
    scale.replaceChildren(...content.ticks.map(({ at, text }) => {
      const tick = h('span', { class: 'tick' }, text);
      tick.style.bottom = `${100 * at}%`;
      return tick;
    }));
    thin(scale, high);
    swatches.replaceChildren(...content.swatches.map(({ colour, text }) => {
      const swatch = h('span', { class: 'swatch' });
      swatch.style.background = colour;
      return h('li', {}, swatch, text);
    }));
    element.setAttribute('aria-label', `Legend: ${content.title}, `
      + (content.table ? `from ${content.ticks[0].text} to ${content.ticks.at(-1)?.text}, `
        + content.note : content.swatches.map(({ text }) => text).join(', ')));
  });
  return element;
}
