// SPDX-License-Identifier: MIT
// Two properties of the cells shown against each other. A rectangle drawn in it is a brush: only the
// cells in it stay in the picture, the others stay here, in grey. A click selects the cell that is nearest.

import { h } from '../base/dom.js';
import { toldTitle } from '../model/properties.js';
import { colouringOf } from '../model/state.js';
import { colourMap, colourOf, cssColour } from '../plot/colormaps.js';
import { formatNumber } from '../plot/scale.js';
import { crossAxes, drawTicks } from './cross-axes.js';
import { optionGroups } from './filter-list.js';
import { pinColour } from './pin-colours.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */

const HEIGHT = 220;
/** CSS pixels: a click that is not farther from a cell means it. */
const NEAR = 8;

/** @param {Viewer} viewer @returns {HTMLElement} */
export function crossPlot(viewer) {
  const ends = /** @type {const} */ (['x', 'y']).map((axis) => {
    const select = h('select', { 'aria-label': `Property along ${axis}`, onchange: () => choose(axis, select.value) });
    return { axis, select };
  });
  const canvas = h('canvas', { class: 'cross', role: 'img' });
  const brush = h('div', { class: 'brush', hidden: true });
  const box = h('div', { class: 'cross-box' }, canvas, brush);
  const places = { x: h('div', { class: 'cross-x' }), y: h('div', { class: 'cross-y' }) };
  const limits = h('p', { class: 'quiet' });
  const clear = h('button', { type: 'button', class: 'small', onclick: () => setBrush(null) }, 'Show all of them');
  const keep = h('button', { type: 'button', class: 'small', onclick: () => keepBrush(viewer) }, 'Make filters of it');
  const actions = h('div', { class: 'cross-actions' }, clear, keep);
  const element = h('details', { class: 'ask-part cross-part' }, h('summary', {}, 'Cross-plot'),
    h('div', { class: 'cross-ends' }, ...ends.map(({ axis, select }) => h('label', {}, h('span', {}, axis), select))),
    h('div', { class: 'cross-frame' }, places.y, box, places.x), limits, actions);

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
  viewer.state.watch(['ask', 'cells', 'range', 'map', 'log', 'levels', 'categories', 'shown', 'metric',
    'cell'], (state) => {
    const { cross } = state.ask;
    element.open = cross !== null;
    if (!cross) return;
    for (const { axis, select } of ends) select.value = cross[axis];
    actions.hidden = cross.brush === null;
    drawTicks(places, crossAxes(state));
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

/** @param {HTMLCanvasElement} canvas @param {Readonly<ViewerState>} state */
function draw(canvas, state) {
  const width = Math.max(40, Math.round(canvas.clientWidth * devicePixelRatio));
  const height = Math.round(HEIGHT * devicePixelRatio);
  canvas.width = width;
  canvas.height = height;
  const axes = crossAxes(state), context = canvas.getContext('2d');
  const { cells, shown } = state;
  if (!axes || !context || !cells || !shown) return;
  const picture = context.createImageData(width, height);
  const colouring = colouringOf(state, colourMap);
  const size = Math.max(2, Math.round((cells.active > 20_000 ? 1 : 3) * devicePixelRatio));
  for (const brushed of [false, true]) { // what is brushed lies over the rest
    for (let n = 0; n < axes.mask.length; n += 1) {
      if (axes.mask[n] === 0 || (cells.mask[n] !== 0) !== brushed) continue;
      const x = axes.x.part(axes.x.values.data[n]) * width, y = (1 - axes.y.part(axes.y.values.data[n])) * height;
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
  drawChosen(context, state, axes);
}

/** Rings around the pinned cells and the selected one. @param {CanvasRenderingContext2D} context
 * @param {Readonly<ViewerState>} state @param {NonNullable<ReturnType<typeof crossAxes>>} axes */
function drawChosen(context, { run, ask, cell }, { x, y }) {
  const { width, height } = context.canvas;
  const colour = getComputedStyle(context.canvas).getPropertyValue('--box');
  const chosen = [...ask.pins.map((at, n) => ({ at, stroke: cssColour(pinColour(n)) })),
    ...(cell ? [{ at: cell, stroke: colour }] : [])];
  context.lineWidth = 2 * devicePixelRatio;
  for (const { at, stroke } of run ? chosen : []) {
    const n = /** @type {import('../model/run.js').Run} */ (run).grid.indexOf(at);
    const [u, v] = [x.part(x.values.data[n]) * width, (1 - y.part(y.values.data[n])) * height];
    if (!Number.isFinite(u + v)) continue;
    context.strokeStyle = stroke;
    context.beginPath();
    context.arc(u, v, 6 * devicePixelRatio, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** @param {HTMLElement} brush @param {Readonly<ViewerState>} state */
function placeBrush(brush, state) {
  const axes = crossAxes(state);
  const wanted = state.ask.cross?.brush;
  brush.hidden = !axes || !wanted;
  if (!axes || !wanted) return;
  const [x0, x1, y0, y1] = wanted.map((value, n) => {
    const part = axes[n < 2 ? 'x' : 'y'].part(value);
    return Number.isNaN(part) ? 0 : Math.max(0, Math.min(1, part)); // zero has no logarithm
  });
  layBrush(brush, { x: x0, y: y0 }, { x: x1, y: y1 });
}

/** @param {HTMLElement} brush @param {{ x: number, y: number }} a @param {{ x: number, y: number }} b  parts */
function layBrush(brush, a, b) {
  brush.style.left = `${100 * Math.min(a.x, b.x)}%`;
  brush.style.right = `${100 - 100 * Math.max(a.x, b.x)}%`;
  brush.style.bottom = `${100 * Math.min(a.y, b.y)}%`;
  brush.style.top = `${100 - 100 * Math.max(a.y, b.y)}%`;
}

/** @param {Readonly<ViewerState>} state */
function limitsText(state) {
  const axes = crossAxes(state), { run, ask: { cross }, cells, metric } = state;
  if (!axes || !cross || !cells) return '';
  const text = (/** @type {'x' | 'y'} */ axis) => {
    const property = run?.property(cross[axis]);
    const { inUnit, values: { lo, hi } } = axes[axis];
    const ends = [lo, hi].map((value) => formatNumber(inUnit(value), 4));
    return `${property ? toldTitle(property, metric) : cross[axis]} `
      + (lo === hi ? `${ends[0]} everywhere` : `${ends[0]} to ${ends[1]}`);
  };
  return `Across: ${text('x')}. Up: ${text('y')}.`
    + (cross.brush ? ` Brushed: ${cells.count} cells.` : ' Draw a rectangle to see its cells only, or click a cell.');
}

/**
 * The cell whose place is nearest to a part of the plot.
 * @param {Readonly<ViewerState>} state
 * @param {{ x: number, y: number, width: number, height: number }} at  parts of it, and its size
 * @returns {import('../grid/cell-grid.js').Cell | null}  null: none is near
 */
function cellAt(state, at) {
  const axes = crossAxes(state);
  if (!axes || !state.run) return null;
  let best = -1, least = NEAR ** 2;
  for (let n = 0; n < axes.mask.length; n += 1) {
    if (axes.mask[n] === 0) continue;
    const far = ((axes.x.part(axes.x.values.data[n]) - at.x) * at.width) ** 2
      + ((axes.y.part(axes.y.values.data[n]) - at.y) * at.height) ** 2;
    if (far < least) [best, least] = [n, far];
  }
  return best < 0 ? null : state.run.grid.cellOf(best);
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
    brush.hidden = false;
    layBrush(brush, from, at(event));
  });
  box.addEventListener('pointercancel', () => {
    from = null;
    placeBrush(brush, viewer.state.now);
  });
  box.addEventListener('pointerup', (event) => {
    const axes = crossAxes(viewer.state.now);
    if (!from || !axes) { from = null; return; }
    const to = at(event), start = from;
    from = null;
    if (Math.abs(to.x - start.x) * to.width < 4 && Math.abs(to.y - start.y) * to.height < 4) {
      placeBrush(brush, viewer.state.now);
      const cell = cellAt(viewer.state.now, to);
      if (cell) viewer.select(cell);
      else setBrush(null);
      return;
    }
    const ends = (/** @type {'x' | 'y'} */ axis) => [Math.min(start[axis], to[axis]), Math.max(start[axis], to[axis])]
      .map((part) => Number(axes[axis].value(part).toPrecision(7)));
    setBrush([...ends('x'), ...ends('y')]);
  });
}
