// SPDX-License-Identifier: MIT
// The map on which a fence is drawn: a click or Enter adds a point or the well that is there, points are dragged.

import { colourMap, cssColour } from '../plot/colormaps.js';
import { drawSlice, outlineCell, placeSlice } from '../plot/slice.js';
import { colouringOf } from '../model/state.js';
import { wellMark } from '../model/wells.js';
import { h } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {{ x: number, y: number }} Point  CSS pixels */

const ROOM = Object.freeze({ left: 6, right: 6, top: 6, bottom: 6 });
/** Pixels from a well or a point at which it is meant. */
const NEAR = 12;
/** Pixels that the keyboard's cross moves at a time. */
const STEP = 8;

/** @param {Viewer} viewer @returns {HTMLElement} */
export function planView(viewer) {
  const canvas = h('canvas', { class: 'plan', tabindex: 0, role: 'application', 'aria-roledescription': 'map',
    'aria-label': 'Map of the layer: arrows move the cross, Enter adds a point or the well there, Backspace removes '
      + 'the last' });
  const box = h('div', { class: 'plan-box' }, canvas);
  /** @type {ReturnType<typeof placementOf> | null} */ let place = null;
  /** Where the keyboard is; null: nowhere yet. @type {Point | null} */ let cross = null;
  /** Of the line, the post that is dragged. */ let held = -1;
  let requested = false;
  const request = () => {
    if (!requested) requestAnimationFrame(() => {
      requested = false;
      place = placementOf(viewer, box);
      if (place) draw(viewer, canvas, box, place, document.activeElement && cross);
    });
    requested = true;
  };
  new ResizeObserver(request).observe(box);
  canvas.addEventListener('themechange', request);
  viewer.state.watch(['run', 'fence', 'curtain', 'shown', 'range', 'log', 'map', 'levels', 'categories', 'sliceAt',
    'wells'], request);
  const change = (/** @type {import('./fence-link.js').Post[]} */ line) => viewer.setFence({ line });
  const add = (/** @type {Point} */ at) => {
    if (!place) return;
    const { fence } = viewer.state.now;
    change([...fence.line, wellAt(viewer, place, at) ?? place.toMap(at)]);
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !place) return;
    held = postAt(viewer, place, pointOf(event));
    if (held >= 0) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!place) return;
    const at = pointOf(event);
    canvas.style.cursor = postAt(viewer, place, at) >= 0 ? 'grab' : 'crosshair';
    if (held < 0 || event.buttons === 0) return;
    const line = [...viewer.state.now.fence.line];
    line[held] = place.toMap(at);
    change(line);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (event.button !== 0) return;
    if (held < 0) add(pointOf(event));
    held = -1;
  });
  canvas.addEventListener('pointercancel', () => { held = -1; });
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    cross ??= { x: box.clientWidth / 2, y: box.clientHeight / 2 };
    if (way) {
      cross = { x: Math.max(0, Math.min(box.clientWidth, cross.x + STEP * way[0])),
        y: Math.max(0, Math.min(box.clientHeight, cross.y + STEP * way[1])) };
    } else if (event.key === 'Enter' || event.key === ' ') add(cross);
    else if (event.key === 'Backspace' || event.key === 'Delete') change(viewer.state.now.fence.line.slice(0, -1));
    else return;
    event.preventDefault();
    request();
  });
  canvas.addEventListener('blur', () => { cross = null; request(); });
  return box;
}

/** @param {MouseEvent} event @returns {Point} */
function pointOf({ offsetX: x, offsetY: y }) {
  return { x, y };
}

/** The layer of the slice as a map, and between its pixels and the drawing. @param {Viewer} viewer
 * @param {HTMLElement} box */
function placementOf(viewer, { clientWidth: width, clientHeight: height }) {
  const { run, sliceAt } = viewer.state.now;
  if (!run || width === 0 || height === 0) return null;
  const slice = mapOf(run.grid, sliceAt[2]);
  const at = placeSlice(slice, { width, height, keepShape: true, room: ROOM });
  const [west, north] = slice.corner;
  const [ox, oy] = run.grid.mapOrigin;
  return {
    slice, at,
    /** Drawing coordinates to pixels. @param {readonly [number, number]} place @returns {Point} */
    toPixel: ([x, y]) => ({ x: at.left + (x - west) * at.scaleX, y: at.top + (north - y) * at.scaleY }),
    /** Pixels to the map. @param {Point} point @returns {[number, number]} */
    toMap: ({ x, y }) => [(x - at.left) / at.scaleX + west + ox, north - (y - at.top) / at.scaleY + oy],
  };
}

/** The last map that was made. @type {WeakMap<object, { k: number, slice: import('../plot/slice.js').Slice }>} */
const maps = new WeakMap();

/** @param {import('../grid/cell-grid.js').CellGrid} grid @param {number} k */
function mapOf(grid, k) {
  const known = maps.get(grid);
  if (known?.k === k) return known.slice;
  const slice = grid.slice(2, k);
  maps.set(grid, { k, slice });
  return slice;
}

/** @typedef {NonNullable<ReturnType<typeof placementOf>>} Placed */

/** The name of the well that is meant. @param {Viewer} viewer @param {Placed} place @param {Point} at */
function wellAt(viewer, place, at) {
  const { wells, run } = viewer.state.now;
  const near = wells.map((well) => {
    const [x, y] = run?.grid.centreOf(well.cells[0]) ?? [NaN, NaN];
    const pixel = place.toPixel([x, y]);
    return { name: well.name, away: Math.hypot(pixel.x - at.x, pixel.y - at.y) };
  }).filter(({ away }) => away <= NEAR).sort((a, b) => a.away - b.away);
  return near[0]?.name;
}

/** The point of the line that is meant; −1: none. @param {Viewer} viewer @param {Placed} place @param {Point} at */
function postAt(viewer, place, at) {
  const { fence: { line }, run } = viewer.state.now;
  const [ox, oy] = run?.grid.mapOrigin ?? [0, 0];
  return line.findIndex((post) => {
    if (typeof post === 'string') return false;
    const { x, y } = place.toPixel([post[0] - ox, post[1] - oy]);
    return Math.hypot(x - at.x, y - at.y) <= NEAR;
  });
}

/** @param {Viewer} viewer @param {HTMLCanvasElement} canvas @param {HTMLElement} box @param {Placed} place
 * @param {Point | null} cross */
function draw(viewer, canvas, { clientWidth: width, clientHeight: height }, { slice, at, toPixel }, cross) {
  const { run, shown, wells, curtain } = viewer.state.now;
  if (!run) return;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(devicePixelRatio, devicePixelRatio);
  const css = getComputedStyle(canvas);
  drawSlice(context, slice, at, { values: shown?.values.data ?? null, edges: slice.cells.length * 60 < width * height,
    mask: null, colouring: colouringOf(viewer.state.now, colourMap), line: css.getPropertyValue('--cell-line') });
  context.font = `600 11px ${css.fontFamily}`;
  context.textBaseline = 'bottom';
  context.textAlign = 'center';
  for (const well of wells) {
    const [x, y] = run.grid.centreOf(well.cells[0]);
    const pixel = toPixel([x, y]);
    context.fillStyle = context.strokeStyle = cssColour(wellMark(well, run.grid).colour);
    context.lineWidth = 1.5;
    for (const cell of well.cells) outlineCell(context, slice, at, run.grid.indexOf(cell));
    dot(context, pixel, 4);
  }
  const points = (curtain?.points ?? []).map(toPixel);
  for (const [thick, colour] of /** @type {const} */ ([[5, '#fff'], [2.5, '#14191f']])) {
    context.beginPath();
    for (const { x, y } of points) context.lineTo(x, y);
    context.lineWidth = thick;
    context.strokeStyle = colour;
    context.stroke();
  }
  points.forEach((point, n) => {
    context.fillStyle = '#fff';
    context.strokeStyle = '#14191f';
    context.lineWidth = 2;
    dot(context, point, n === 0 ? 5 : 4);
    context.stroke();
  });
  for (const well of wells) {
    const [x, y] = run.grid.centreOf(well.cells[0]);
    const pixel = toPixel([x, y]);
    const half = context.measureText(well.name).width / 2 + 4;
    halo(context, well.name, { x: Math.max(half, Math.min(width - half, pixel.x)),
      y: pixel.y > 26 ? pixel.y - 8 : pixel.y + 20 }, css);
  }
  if (!cross) return;
  context.strokeStyle = css.getPropertyValue('--box');
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(cross.x - 9, cross.y);
  context.lineTo(cross.x + 9, cross.y);
  context.moveTo(cross.x, cross.y - 9);
  context.lineTo(cross.x, cross.y + 9);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Point} at @param {number} radius */
function dot(context, { x, y }, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** A word that is read on every colour. @param {CanvasRenderingContext2D} context @param {string} text
 * @param {Point} at @param {CSSStyleDeclaration} css */
function halo(context, text, { x, y }, css) {
  context.lineWidth = 3;
  context.strokeStyle = css.getPropertyValue('--surface');
  context.fillStyle = css.getPropertyValue('--text');
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}
