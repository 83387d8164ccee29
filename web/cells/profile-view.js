// SPDX-License-Identifier: MIT
// The column through the selected cell and those through the pinned ones: value against depth, depth
// downwards, as a well log has it.

import { h } from '../base/dom.js';
import { toldTitle, valueText } from '../model/properties.js';
import { position } from '../plot/colormaps.js';
import { unitsOf } from '../plot/metric.js';
import { formatNumber, tickLabels, ticks } from '../plot/scale.js';
import { columnOf } from './data-text.js';
import { pinColour } from './pin-colours.js';
import { svg } from './svg.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */
/** @typedef {import('../grid/cell-grid.js').Cell} Cell */
/** @typedef {{ cell: Cell, colour: string, points: { k: number, depth: number, value: number }[] }} Column */

const WIDTH = 280, HEIGHT = 200;
const ROOM = { left: 46, right: 10, top: 8, bottom: 22 };

/** @param {Viewer} viewer @returns {HTMLElement} */
export function profileView(viewer) {
  const title = h('h3', {});
  const box = h('div', { class: 'profile' });
  const table = h('table', { class: 'twin' });
  const element = h('section', { class: 'ask-part', 'aria-label': 'Column profile' }, title, box,
    h('details', {}, h('summary', {}, 'As a table'), table));
  viewer.state.watch(['ask', 'cell', 'shown', 'range', 'log', 'metric'], (state) => {
    const columns = columnsOf(state);
    element.hidden = columns.length === 0 || !state.shown || state.shown.property.ternary === true;
    if (element.hidden || !state.shown) return;
    const { property } = state.shown;
    const { metric } = state;
    const value = unitsOf(property.unit, metric, property.difference);
    const length = unitsOf(state.run?.grid.lengthUnit ?? '', metric);
    title.textContent = `${toldTitle(property, metric)} down the column`;
    box.replaceChildren(drawing(viewer, columns));
    const head = ['Cell', `Depth [${length.unit}]`, property.name].map((text) => h('th', {}, text));
    table.replaceChildren(h('thead', {}, h('tr', {}, ...head)),
      h('tbody', {}, ...columns.flatMap(({ cell: [i, j], points }) => points.map(({ k, depth, value: own }) =>
        h('tr', {}, h('td', {}, `${i}, ${j}, ${k}`), h('td', {}, formatNumber(length.inUnit(depth), 6)),
        h('td', { 'data-value': own }, valueText(value.inUnit(own), { ...property, unit: value.unit }, 6)))))));
  });
  return element;
}

/** Columns without those that are there twice. @param {Readonly<ViewerState>} state @returns {Column[]} */
function columnsOf({ ask, cell, run, shown }) {
  if (!run || !shown) return [];
  const wanted = [...(cell ? [{ cell, colour: 'var(--curve)' }] : []),
    ...ask.pins.map((pin, n) => ({ cell: pin, colour: `rgb(${pinColour(n).join(' ')})` }))];
  const seen = new Set();
  return wanted.filter(({ cell: [i, j] }) => !seen.has(`${i} ${j}`) && seen.add(`${i} ${j}`))
    .map(({ cell: at, colour }) => ({ cell: at, colour, points: columnOf(run, at).map((index, k) =>
      ({ k, depth: run.grid.depthOf(run.grid.cellOf(index)), value: shown.values.data[index] }))
      .filter(({ depth, value }) => Number.isFinite(depth) && Number.isFinite(value)) }));
}

/** @param {Viewer} viewer @param {readonly Column[]} columns */
function drawing(viewer, columns) {
  const { range: [lo, hi], log, run, metric, shown } = viewer.state.now;
  const length = unitsOf(run?.grid.lengthUnit ?? '', metric);
  const told = unitsOf(shown?.property.unit ?? '', metric, shown?.property.difference);
  const depths = columns.flatMap(({ points }) => points.map(({ depth }) => depth));
  const [top, bottom] = [Math.min(...depths), Math.max(...depths)];
  const scale = { table: new Uint8Array(), lo, hi, log, flags: false };
  const x = (/** @type {number} */ value) => ROOM.left
    + Math.max(-0.02, Math.min(1.02, position(value, scale))) * (WIDTH - ROOM.left - ROOM.right);
  const y = (/** @type {number} */ depth) => ROOM.top + (bottom > top ? (depth - top) / (bottom - top) : 0.5)
    * (HEIGHT - ROOM.top - ROOM.bottom);
  const down = ticks(length.inUnit(top), length.inUnit(bottom), { count: 5 });
  const across = ticks(told.inUnit(lo), told.inUnit(hi), { count: 4, log });
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img',
    'aria-label': `Values of ${columns.length} columns against depth, from `
      + `${formatNumber(length.inUnit(top), 5)} to ${formatNumber(length.inUnit(bottom), 5)} ${length.unit}, `
      + 'depth downwards; the table below has the numbers' },
  ...down.map((depth, n) => svg('g', {},
    svg('path', { d: `M${ROOM.left} ${y(length.fromUnit(depth))}H${WIDTH - ROOM.right}`, class: 'rule' }),
    svg('text', { x: ROOM.left - 6, y: y(length.fromUnit(depth)) + 4, 'text-anchor': 'end' }, tickLabels(down)[n]))),
  ...across.map((value, n) =>
    svg('text', { x: x(told.fromUnit(value)), y: HEIGHT - 6,
      'text-anchor': x(told.fromUnit(value)) > WIDTH - 30 ? 'end' : 'middle' }, tickLabels(across)[n])),
  svg('path', { d: `M${ROOM.left} ${ROOM.top}V${HEIGHT - ROOM.bottom}H${WIDTH - ROOM.right}`, class: 'frame' }),
  ...columns.map(({ points, colour }) => svg('path', { class: 'log', stroke: colour,
    d: points.map(({ depth, value }, n) =>
      `${n === 0 ? 'M' : 'L'}${x(value).toFixed(1)} ${y(depth).toFixed(1)}`).join('') })),
  ...columns.flatMap(({ cell: [i, j], points, colour }) => points.map(({ k, depth, value }) =>
    svg('circle', { cx: x(value).toFixed(1), cy: y(depth).toFixed(1), r: points.length > 60 ? 1.5 : 3.5, fill: colour,
      onclick: () => viewer.select([i, j, k]) },
    svg('title', {}, `[${i}, ${j}, ${k}] ${formatNumber(told.inUnit(value), 6)}`)))));
}
