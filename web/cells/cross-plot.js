// SPDX-License-Identifier: MIT
// Two properties of the cells shown against each other. A rectangle drawn in it is a brush: only the
// cells in it stay in the picture, the others stay here, in grey. A click selects the cell that is nearest.

import { h } from '../base/dom.js';
import { toldTitle } from '../model/properties.js';
import { colouringOf } from '../model/state.js';
import { colourMap, colourOf, cssColour } from '../plot/colormaps.js';
import { formatNumber } from '../plot/scale.js';
import { crossAxes, drawTicks } from './cross-axes.js';
import { paint, pointAt, pointsOf } from './cross-points.js';
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

  /** What is drawn. @type {import('./cross-points.js').Points | null} */ let points = null;
  let turn = 0;
  const redraw = (/** @type {Readonly<ViewerState>} */ state) => {
    const own = turn += 1;
    void draw(canvas, state, () => own === turn).then((drawn) => { if (own === turn) points = drawn; });
  };
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
    redraw(state);
    placeBrush(brush, state);
    limits.textContent = limitsText(state);
    canvas.setAttribute('aria-label', `Cross-plot. ${limits.textContent}`);
  });
  brushing(box, brush, viewer, { setBrush, pick: (at) => {
    const cell = points && pointAt(points, at, NEAR * devicePixelRatio);
    const { run } = viewer.state.now;
    if (cell === null || !run) return false;
    viewer.select(run.grid.cellOf(cell));
    return true;
  } });
  new ResizeObserver(() => { if (element.open) redraw(viewer.state.now); }).observe(box);
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

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Readonly<ViewerState>} state
 * @param {() => boolean} isWanted  asked again and again
 * @returns {Promise<import('./cross-points.js').Points | null>}  what is drawn; null: nothing, or not any more
 */
async function draw(canvas, state, isWanted) {
  const width = Math.max(40, Math.round(canvas.clientWidth * devicePixelRatio));
  const height = Math.round(HEIGHT * devicePixelRatio);
  const axes = crossAxes(state), context = canvas.getContext('2d');
  const { cells, shown } = state;
  const points = axes && cells && shown ? await pointsOf(axes, cells.mask, { width, height }, isWanted) : null;
  if (!isWanted() || !context) return null;
  canvas.width = width;
  canvas.height = height;
  if (!points || !axes || !cells || !shown) return null;
  const picture = context.createImageData(width, height);
  const colouring = colouringOf(state, colourMap);
  const size = Math.max(2, Math.round((cells.active > 20_000 ? 1 : 3) * devicePixelRatio));
  paint(points, picture, size, (cell) => colourOf(shown.values.data[cell], colouring));
  context.putImageData(picture, 0, 0);
  drawChosen(context, state, axes);
  return points;
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
 * @param {HTMLElement} box
 * @param {HTMLElement} brush
 * @param {Viewer} viewer
 * @param {{ setBrush: (brush: readonly number[] | null) => void,
 *   pick: (at: { x: number, y: number }) => boolean }} then  `pick`: selects the cell that is near, if there is one
 */
function brushing(box, brush, viewer, { setBrush, pick }) {
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
      if (!pick(to)) setBrush(null);
      return;
    }
    const ends = (/** @type {'x' | 'y'} */ axis) => [Math.min(start[axis], to[axis]), Math.max(start[axis], to[axis])]
      .map((part) => Number(axes[axis].value(part).toPrecision(7)));
    setBrush([...ends('x'), ...ends('y')]);
  });
}
