// SPDX-License-Identifier: MIT
// Two properties of the cells shown against each other. A rectangle drawn in it is a brush: only the
// cells in it stay in the picture, the others stay here, in grey.

import { h } from '../base/dom.js';
import { toldTitle } from '../model/properties.js';
import { unitsOf } from '../plot/metric.js';
import { colouringOf } from '../model/state.js';
import { colourMap, colourOf } from '../plot/colormaps.js';
import { formatNumber } from '../plot/scale.js';
import { optionGroups } from './filter-list.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */

const HEIGHT = 220;
const INSET = 4;

/** @param {Viewer} viewer @returns {HTMLElement} */
export function crossPlot(viewer) {
  const ends = /** @type {const} */ (['x', 'y']).map((axis) => {
    const select = h('select', { 'aria-label': `Property along ${axis}`, onchange: () => choose(axis, select.value) });
    return { axis, select };
  });
  const canvas = h('canvas', { class: 'cross', role: 'img' });
  const brush = h('div', { class: 'brush', hidden: true });
  const box = h('div', { class: 'cross-box' }, canvas, brush);
  const limits = h('p', { class: 'quiet' });
  const clear = h('button', { type: 'button', class: 'small', onclick: () => setBrush(null) }, 'Show all of them');
  const keep = h('button', { type: 'button', class: 'small', onclick: () => keepBrush(viewer) }, 'Make filters of it');
  const actions = h('div', { class: 'cross-actions' }, clear, keep);
  const element = h('details', { class: 'ask-part cross-part' }, h('summary', {}, 'Cross-plot'),
    h('div', { class: 'cross-ends' }, ...ends.map(({ axis, select }) => h('label', {}, h('span', {}, axis), select))),
    box, limits, actions);

  const choose = (/** @type {'x' | 'y'} */ axis, /** @type {string} */ id) => {
    const { cross } = viewer.state.now.ask;
    if (cross) viewer.ask({ cross: { ...cross, [axis]: id, brush: null } });
  };
  const setBrush = (/** @type {readonly number[] | null} */ wanted) => {
    const { cross } = viewer.state.now.ask;
    if (cross) viewer.ask({ cross: { ...cross, brush: wanted } });
  };
  element.addEventListener('toggle', () => {
    const { ask, run, property } = viewer.state.now;
    if (!element.open) { if (ask.cross) viewer.ask({ cross: null }); return; }
    const first = run?.properties.find(({ id }) => /porosity_grid$/.test(id)) ?? run?.properties[0];
    if (!ask.cross && first && property) {
      const other = run?.properties.find(({ id, ternary }) => !ternary && id !== first.id);
      const y = property.ternary || property === first ? other : property;
      if (y) viewer.ask({ cross: { x: first.id, y: y.id, brush: null } });
    }
  });
  viewer.state.watch(['run'], ({ run }) => {
    for (const { select } of ends) select.replaceChildren(...optionGroups(run?.properties ?? []));
  });
  viewer.state.watch(['ask', 'cells', 'range', 'map', 'log', 'levels', 'categories', 'shown', 'metric'], (state) => {
    const { cross } = state.ask;
    element.open = cross !== null;
    if (!cross) return;
    for (const { axis, select } of ends) select.value = cross[axis];
    actions.hidden = cross.brush === null;
    draw(canvas, state);
    placeBrush(brush, state);
    limits.textContent = limitsText(state);
    canvas.setAttribute('aria-label', `Cross-plot. ${limits.textContent}`);
  });
  brushing(box, brush, viewer, setBrush);
  new ResizeObserver(() => { if (element.open) draw(canvas, viewer.state.now); }).observe(box);
  return element;
}

/** What is brushed as two filters, which stay when the plot goes. @param {Viewer} viewer */
function keepBrush(viewer) {
  const { filters, cross } = viewer.state.now.ask;
  if (!cross?.brush) return;
  const [x0, x1, y0, y1] = cross.brush;
  viewer.ask({ cross: { ...cross, brush: null }, filters: [...filters,
    { id: cross.x, exclude: false, on: true, range: [x0, x1] },
    { id: cross.y, exclude: false, on: true, range: [y0, y1] }] });
}

/** Where values lie: the extremes of both at this step. @param {Readonly<ViewerState>} state */
function frameOf({ cells }) {
  const told = cells?.cross;
  if (!told) return null;
  const wide = (/** @type {{ lo: number, hi: number }} */ { lo, hi }) => (hi > lo ? [lo, hi] : [lo - 0.5, lo + 0.5]);
  const [x0, x1] = wide(told.x), [y0, y1] = wide(told.y);
  return Number.isFinite(x0) && Number.isFinite(y0) ? { ...told, x0, x1, y0, y1 } : null;
}

/** @param {HTMLCanvasElement} canvas @param {Readonly<ViewerState>} state */
function draw(canvas, state) {
  const width = Math.max(40, Math.round(canvas.clientWidth * devicePixelRatio));
  const height = Math.round(HEIGHT * devicePixelRatio);
  canvas.width = width;
  canvas.height = height;
  const frame = frameOf(state), context = canvas.getContext('2d');
  const { cells, shown } = state;
  if (!frame || !context || !cells || !shown) return;
  const picture = context.createImageData(width, height);
  const colouring = colouringOf(state, colourMap);
  const size = Math.max(2, Math.round((cells.active > 20_000 ? 1 : 3) * devicePixelRatio));
  const inset = INSET * devicePixelRatio;
  for (const brushed of [false, true]) { // what is brushed lies over the rest
    for (let n = 0; n < frame.mask.length; n += 1) {
      if (frame.mask[n] === 0 || (cells.mask[n] !== 0) !== brushed) continue;
      const x = inset + (frame.x.data[n] - frame.x0) / (frame.x1 - frame.x0) * (width - 2 * inset);
      const y = height - inset - (frame.y.data[n] - frame.y0) / (frame.y1 - frame.y0) * (height - 2 * inset);
      if (!Number.isFinite(x + y)) continue;
      const [r, g, b] = brushed ? colourOf(shown.values.data[n], colouring) : [140, 146, 154];
      for (let v = Math.max(0, Math.round(y) - size); v < Math.min(height, Math.round(y) + size); v += 1) {
        for (let u = Math.max(0, Math.round(x) - size); u < Math.min(width, Math.round(x) + size); u += 1) {
          picture.data.set([r, g, b, brushed ? 255 : 110], 4 * (v * width + u));
        }
      }
    }
  }
  context.putImageData(picture, 0, 0);
}

/** @param {HTMLElement} brush @param {Readonly<ViewerState>} state */
function placeBrush(brush, state) {
  const frame = frameOf(state);
  const wanted = state.ask.cross?.brush;
  brush.hidden = !frame || !wanted;
  if (!frame || !wanted) return;
  const part = (/** @type {number} */ value, /** @type {number} */ lo, /** @type {number} */ hi) =>
    Math.max(0, Math.min(100, 100 * (value - lo) / (hi - lo)));
  const [x0, x1, y0, y1] = wanted;
  brush.style.left = `${part(x0, frame.x0, frame.x1)}%`;
  brush.style.right = `${100 - part(x1, frame.x0, frame.x1)}%`;
  brush.style.bottom = `${part(y0, frame.y0, frame.y1)}%`;
  brush.style.top = `${100 - part(y1, frame.y0, frame.y1)}%`;
}

/** @param {Readonly<ViewerState>} state */
function limitsText(state) {
  const frame = frameOf(state), { run, ask: { cross }, cells, metric } = state;
  if (!frame || !cross || !cells) return '';
  const text = (/** @type {string} */ id, /** @type {number} */ lo, /** @type {number} */ hi) => {
    const property = run?.property(id);
    const { inUnit } = unitsOf(property?.unit ?? '', metric);
    return `${property ? toldTitle(property, metric) : id} ${formatNumber(inUnit(lo), 4)} to `
      + formatNumber(inUnit(hi), 4);
  };
  return `Across: ${text(cross.x, frame.x0, frame.x1)}. Up: ${text(cross.y, frame.y0, frame.y1)}.`
    + (cross.brush ? ` Brushed: ${cells.count} cells.` : ' Draw a rectangle to see its cells only.');
}

/**
 * @param {HTMLElement} box
 * @param {HTMLElement} brush
 * @param {Viewer} viewer
 * @param {(brush: readonly number[] | null) => void} setBrush
 */
function brushing(box, brush, viewer, setBrush) {
  /** @type {{ x: number, y: number } | null} */ let from = null;
  const at = (/** @type {PointerEvent} */ event) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    return { x: Math.max(0, Math.min(1, (event.clientX - left) / width)),
      y: Math.max(0, Math.min(1, 1 - (event.clientY - top) / height)), width, height };
  };
  box.addEventListener('pointerdown', (event) => {
    from = at(event);
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener('pointermove', (event) => {
    if (!from) return;
    const to = at(event);
    brush.hidden = false;
    brush.style.left = `${100 * Math.min(from.x, to.x)}%`;
    brush.style.right = `${100 - 100 * Math.max(from.x, to.x)}%`;
    brush.style.bottom = `${100 * Math.min(from.y, to.y)}%`;
    brush.style.top = `${100 - 100 * Math.max(from.y, to.y)}%`;
  });
  box.addEventListener('pointerup', (event) => {
    const frame = frameOf(viewer.state.now);
    if (!from || !frame) { from = null; return; }
    const to = at(event), start = from;
    from = null;
    if (Math.abs(to.x - start.x) * to.width < 4 && Math.abs(to.y - start.y) * to.height < 4) { setBrush(null); return; }
    const value = (/** @type {number} */ part, /** @type {number} */ lo, /** @type {number} */ hi) =>
      lo + part * (hi - lo);
    setBrush([value(Math.min(start.x, to.x), frame.x0, frame.x1), value(Math.max(start.x, to.x), frame.x0, frame.x1),
      value(Math.min(start.y, to.y), frame.y0, frame.y1), value(Math.max(start.y, to.y), frame.y0, frame.y1)]
      .map((n) => Number(n.toPrecision(7))));
  });
}
