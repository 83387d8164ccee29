// SPDX-License-Identifier: MIT
// The fence in numbers: a table for those who do not see the picture, CSV of all its cells, the picture as a file.

import { cellsWords } from '../cells/ask.js';
import { csvOf } from '../cells/data-text.js';
import { drawLegend, legendWidth } from '../film/layout.js';
import { cellText, titleOf, toldTitle, valueText } from '../model/properties.js';
import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';
import { timeText } from '../views/time-bar.js';
import { h, iconButton } from '../base/dom.js';
import { placeAt } from './line.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */

/** Rows at once: a browser lays larger tables out for seconds. */
const MOST = 1000;

/**
 * Pieces along the line, and down the layers.
 * @param {import('./fence-keeper.js').Curtain} curtain
 */
function rowsOf({ cells, firsts, stations, count }) {
  return Array.from({ length: count }, (_, n) => {
    const own = stations.subarray(3 * firsts[n], 3 * firsts[n + 1]);
    const tops = own.filter((__, at) => at % 3 === 1), bottoms = own.filter((__, at) => at % 3 === 2);
    return { cell: cells[n], from: own[0], to: own[own.length - 3], top: Math.min(...tops),
      bottom: Math.max(...bottoms) };
  }).sort((a, b) => a.from - b.from || a.cell - b.cell);
}

/** @param {Readonly<ViewerState>} state @returns {string[]}  parts of a file */
export function fenceCsv({ curtain, run, shown, metric }) {
  if (!curtain || !run || !shown) return [];
  const length = unitsOf(run.grid.lengthUnit, metric), value = unitsOf(shown.property.unit, metric,
    shown.property.difference);
  const { property, values: { data, parts } } = shown;
  const columns = parts ?? [data];
  const titles = parts ? ['Oil saturation', 'Gas saturation', 'Water saturation']
    : [titleOf({ ...property, unit: value.unit })];
  const lengths = ['from', 'to', 'top', 'bottom', 'x', 'y'].map((name) => `${name} [${length.unit}]`);
  return csvOf(['i', 'j', 'k', ...lengths, ...titles], rowsOf(curtain).map(({ cell, from, to, top, bottom }) => {
    const [x, y] = placeAt(curtain, (from + to) / 2).map((at, axis) => at + run.grid.mapOrigin[axis]);
    return [...run.grid.storedCell(run.grid.cellOf(cell)), ...[from, to, top, bottom, x, y].map(length.inUnit),
      ...columns.map((column) => value.inUnit(column[cell]))];
  }));
}

/** @param {Viewer} viewer */
export function saveFence(viewer) {
  const { run, shown } = viewer.state.now;
  if (!run || !shown) return;
  const name = `${run.name}-${shown.property.id.split('.').at(-1)}-fence-step-${shown.step}.csv`;
  save(new Blob(fenceCsv(viewer.state.now), { type: 'text/csv' }), name);
}

/**
 * With what it shows above it, and what its colours mean beside it.
 * @param {Viewer} viewer @param {HTMLCanvasElement} canvas
 */
export function saveFencePicture(viewer, canvas) {
  const { run, shown } = viewer.state.now;
  if (!run || !shown) return;
  fencePicture(viewer, canvas).toBlob((blob) => {
    if (blob) save(blob, `${run.name}-fence-step-${shown.step}.png`);
  });
}

/** Height above the section, and least height of all that has a legend, CSS pixels. */
const HEAD = 46;
const LEAST = 300;
const MARGIN = 12;

/** @param {Viewer} viewer @param {HTMLCanvasElement} canvas  the section as it is on the screen */
function fencePicture(viewer, canvas) {
  const { run, shown, fence, metric } = viewer.state.now;
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = canvas.width / width;
  const css = getComputedStyle(canvas);
  const colour = (/** @type {string} */ name) => css.getPropertyValue(name).trim();
  const picture = h('canvas', {});
  const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d'));
  const legend = legendWidth(context, viewer, width + 300);
  picture.width = Math.round((width + legend) * ratio);
  picture.height = Math.round(Math.max(LEAST, height + HEAD) * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = colour('--surface');
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, 0, HEAD, width, height);
  context.fillStyle = colour('--text');
  context.textBaseline = 'middle';
  const line = (/** @type {string} */ text, /** @type {number} */ y) =>
    context.fillText(text, MARGIN, y, width + legend - 2 * MARGIN);
  context.font = `600 15px ${css.fontFamily}`;
  line(`${run?.name} · ${shown ? toldTitle(shown.property, metric) : ''}`, 15);
  context.font = `12px ${css.fontFamily}`;
  const along = fence.line.filter((post) => typeof post === 'string').join(', ');
  line([timeText(viewer.state.now), along && `along ${along}`,
    cellsWords({ ...viewer.state.now, fence: { ...fence, solid: 'off' } })]
    .filter((text) => text).join(' · '), 34);
  drawLegend(context, viewer, { x: width + MARGIN, y: HEAD, width: legend - 2 * MARGIN,
    height: picture.height / ratio - HEAD - MARGIN }, { ink: colour('--text'), muted: colour('--muted') });
  return picture;
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: name.replace(/[^\p{L}\p{N}._-]+/gu, '_') }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @param {Viewer} viewer @param {HTMLElement} place  where the dialog goes while it is open */
export function showFenceTable(viewer, place) {
  const box = h('div', { class: 'table-box', tabindex: 0, role: 'region', 'aria-label': 'Values along the fence' });
  const title = h('h2', {}), note = h('p', { class: 'quiet' });
  const dialog = h('dialog', { class: 'slice-table', 'aria-label': 'The fence as a table' },
    h('div', { class: 'dialog-head' }, title, iconButton('close', 'Close', () => dialog.close())), box, note);
  const stop = viewer.state.watch(['curtain', 'shown', 'metric'], (state) => {
    const { curtain, run, shown, metric } = state;
    if (!curtain || !run || !shown) { dialog.close(); return; }
    const { unit, inUnit } = unitsOf(run.grid.lengthUnit, metric);
    const value = unitsOf(shown.property.unit, metric, shown.property.difference);
    title.textContent = `${titleOf({ ...shown.property, unit: value.unit })} along the fence · ${timeText(state)}`;
    const rows = rowsOf(curtain);
    const length = (/** @type {number} */ n) => h('td', {}, formatNumber(inUnit(n), 6));
    const valueOf = (/** @type {number} */ cell) => (shown.values.parts
      ? cellText(shown.values, cell, shown.property, 5)
      : valueText(value.inUnit(shown.values.data[cell]), { ...shown.property, unit: '' }, 5));
    const heads = [`From [${unit}]`, `To [${unit}]`, 'Cell', `Top [${unit}]`, `Bottom [${unit}]`, 'Value'];
    box.replaceChildren(h('table', { class: 'values' },
      h('thead', {}, h('tr', {}, ...heads.map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', {}, ...rows.slice(0, MOST).map(({ cell, from, to, top, bottom }) => h('tr', {},
        length(from), length(to),
        h('th', { scope: 'row' }, run.grid.storedCell(run.grid.cellOf(cell)).join(', ')), length(top), length(bottom),
        h('td', { 'data-value': shown.values.data[cell] }, valueOf(cell)))))));
    note.textContent = rows.length > MOST ? `The first ${MOST} of ${rows.length} pieces; the CSV file has all.` : '';
  });
  dialog.addEventListener('close', () => { stop(); dialog.remove(); });
  place.append(dialog);
  dialog.showModal();
}
