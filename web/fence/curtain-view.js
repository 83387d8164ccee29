// SPDX-License-Identifier: MIT
// The picture of the curtain: pointer and keys go from cell to cell in it.

import { pinColour } from '../cells/pin-colours.js';
import { pickCell } from '../cells/pinning.js';
import { colourMap, cssColour } from '../plot/colormaps.js';
import { formatNumber } from '../plot/scale.js';
import { unitsOf } from '../plot/metric.js';
import { colouringOf } from '../model/state.js';
import { cellText } from '../model/properties.js';
import { wellMark } from '../model/wells.js';
import { fillTip } from '../views/tip.js';
import { h } from '../base/dom.js';
import { depthsOf, drawCurtain, drawFrame, frameOf, outlineCell, pieceAt } from './curtain.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('./fence-keeper.js').Curtain} Curtain */

/** @param {Viewer} viewer @returns {{ element: HTMLElement, canvas: HTMLCanvasElement }} */
export function curtainView(viewer) {
  const canvas = h('canvas', { class: 'curtain', tabindex: 0, role: 'application',
    'aria-roledescription': 'section', 'aria-label': 'The fence: arrows go from cell to cell' });
  const tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  const twin = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  const heights = h('p', { class: 'quiet caption fence-caption' });
  const box = h('div', { class: 'curtain-box' }, canvas, tip, twin);
  const element = h('div', { class: 'curtain-place' }, box, heights);
  /** @type {ReturnType<typeof frameOf> | null} */ let frame = null;
  let requested = false;
  const draw = () => {
    requested = false;
    frame = drawn(viewer, canvas, box);
    const { curtain, metric, run } = viewer.state.now;
    if (!frame || !curtain || !run) {
      heights.textContent = '';
      return;
    }
    const { unit, inUnit } = unitsOf(run.grid.lengthUnit, metric);
    heights.textContent = `${formatNumber(inUnit(curtain.length), 5)} ${unit} long · heights `
      + `×${formatNumber(frame.scaleY / frame.scaleX, 3)}`
      + (curtain.points.length > 2 ? ' · dashed: the line bends' : '');
  };
  const request = () => {
    if (!requested) requestAnimationFrame(draw);
    requested = true;
  };
  new ResizeObserver(request).observe(box);
  canvas.addEventListener('themechange', request);
  viewer.state.watch(['curtain', 'shown', 'range', 'log', 'map', 'levels', 'categories', 'cell', 'wells', 'showWells',
    'showEdges', 'ask', 'cells', 'fence', 'metric'], request);
  viewer.state.watch(['curtain', 'shown'], () => { tip.hidden = true; });
  const cellAt = (/** @type {MouseEvent} */ { offsetX, offsetY }) => {
    const { curtain } = viewer.state.now;
    const n = curtain && frame ? pieceAt(curtain, frame, offsetX, offsetY) : -1;
    return n < 0 ? -1 : /** @type {Curtain} */ (curtain).cells[n];
  };
  const tell = (/** @type {MouseEvent} */ event) =>
    fillTip(tip, viewer.state.now, cellAt(event), { x: event.offsetX, y: event.offsetY }, box);
  canvas.addEventListener('pointermove', tell);
  canvas.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') tip.hidden = true; });
  canvas.addEventListener('click', (event) => {
    const { run } = viewer.state.now;
    const index = cellAt(event);
    if (run) pickCell(viewer, index < 0 ? null : run.grid.cellOf(index), event);
    tell(event); // a finger does not hover
  });
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      event.preventDefault();
      step(viewer, way);
    } else if (event.key === 'Escape') viewer.select(null);
    else if (event.key === ' ') {
      event.preventDefault();
      viewer.togglePlay();
    }
  });
  viewer.state.watch(['cell', 'shown', 'curtain'], ({ cell, shown, curtain, run }) => {
    const index = run && cell ? run.grid.indexOf(cell) : -1;
    const inside = shown && curtain && index >= 0 && curtain.cells.includes(index);
    twin.textContent = inside && cell
      ? `Cell ${cell.join(', ')}: ${cellText(shown.values, index, shown.property, 5)}` : '';
  });
  return { element, canvas };
}

/** @param {Viewer} viewer @param {HTMLCanvasElement} canvas @param {HTMLElement} box */
function drawn(viewer, canvas, box) {
  const { run, curtain, shown, cells, cell, ask, wells, showWells, showEdges, fence, metric } = viewer.state.now;
  const { clientWidth: width, clientHeight: height } = box;
  if (!run || width === 0 || height === 0) return null;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  if (!curtain || curtain.count === 0) return null;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(devicePixelRatio, devicePixelRatio);
  context.lineJoin = 'round';
  const units = unitsOf(run.grid.lengthUnit, metric);
  const frame = frameOf({ length: curtain.length, ...depthsOf(curtain) },
    { width, height, stretch: fence.stretch, inUnit: units.inUnit });
  const css = getComputedStyle(canvas);
  drawCurtain(context, curtain, frame, {
    values: shown?.values.data ?? null, mask: cells?.filtered ? cells.mask : null,
    colouring: colouringOf(viewer.state.now, colourMap), line: css.getPropertyValue('--cell-line'),
    edges: showEdges && curtain.count * 30 < width * height,
  });
  drawFrame(context, curtain, frame, units,
    { ink: css.getPropertyValue('--muted'), line: css.getPropertyValue('--frame'), font: css.fontFamily });
  const outline = (/** @type {import('../grid/cell-grid.js').Cell} */ at) =>
    outlineCell(context, curtain, frame, run.grid.indexOf(at));
  context.lineWidth = 2.5;
  for (const well of showWells ? wells : []) {
    context.strokeStyle = cssColour(wellMark(well, run.grid).colour);
    well.cells.forEach(outline);
  }
  context.lineWidth = 3;
  ask.pins.forEach((pinned, n) => {
    context.strokeStyle = cssColour(pinColour(n));
    outline(pinned);
  });
  // White in dark: seen on every colour.
  for (const [thick, colour] of /** @type {const} */ ([[5, '#14191f'], [2, '#fff']])) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    if (cell) outline(cell);
  }
  return frame;
}

/**
 * The next piece along the line, or the next layer of it; where no cell of it is selected, the first.
 * @param {Viewer} viewer @param {readonly number[]} way  columns to the right, layers down
 */
function step(viewer, [right, down]) {
  const { run, curtain, cell } = viewer.state.now;
  if (!run || !curtain || curtain.count === 0) return;
  const { cells, firsts, stations } = curtain;
  const order = Array.from(cells, (_, n) => n).sort((a, b) => middleOf(a) - middleOf(b));
  /** @param {number} n */
  function middleOf(n) { return stations[3 * firsts[n]] + stations[3 * (firsts[n + 1] - 1)]; }
  const at = cell ? order.findIndex((n) => cells[n] === run.grid.indexOf(cell)) : -1;
  if (at < 0) {
    viewer.select(run.grid.cellOf(cells[order[0]]));
    return;
  }
  const [i, j, k] = run.grid.cellOf(cells[order[at]]);
  const cellOf = (/** @type {number} */ n) => run.grid.cellOf(cells[n]);
  const next = right !== 0
    ? (right > 0 ? order.slice(at + 1) : order.slice(0, at).reverse()).find((n) => {
      const other = cellOf(n);
      return other[2] === k && (other[0] !== i || other[1] !== j);
    })
    // Inactive cells between are passed.
    : order.filter((n) => cellOf(n)[0] === i && cellOf(n)[1] === j && (cellOf(n)[2] - k) * down > 0)
      .sort((a, b) => Math.abs(cellOf(a)[2] - k) - Math.abs(cellOf(b)[2] - k))[0];
  if (next !== undefined) viewer.select(run.grid.cellOf(cells[next]));
}
