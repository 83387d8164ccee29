// SPDX-License-Identifier: MIT
// The fence in numbers: a table for those who do not see the picture, CSV of all its cells, the picture as a file.

import { csvOf } from '../cells/data-text.js';
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
    return [...run.grid.cellOf(cell), ...[from, to, top, bottom, x, y].map(length.inUnit),
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

/** With what it shows above it. @param {Viewer} viewer @param {HTMLCanvasElement} canvas */
export function saveFencePicture(viewer, canvas) {
  const { run, shown, fence, metric } = viewer.state.now;
  if (!run || !shown) return;
  const ratio = canvas.width / canvas.clientWidth, head = 46 * ratio;
  const css = getComputedStyle(canvas);
  const picture = h('canvas', { width: canvas.width, height: canvas.height + head });
  const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d'));
  context.fillStyle = css.getPropertyValue('--surface');
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = css.getPropertyValue('--text');
  context.font = `600 ${15 * ratio}px ${css.fontFamily}`;
  context.fillText(`${run.name} · ${toldTitle(shown.property, metric)}`, 12 * ratio, 20 * ratio);
  context.font = `${12 * ratio}px ${css.fontFamily}`;
  const { inUnit } = unitsOf(shown.property.unit, metric, shown.property.difference);
  const range = viewer.state.now.range.map((end) => formatNumber(inUnit(end), 4)).join(' to ');
  const along = fence.line.filter((post) => typeof post === 'string').join(', ');
  context.fillText([timeText(viewer.state.now), `colours from ${range}`, along && `along ${along}`]
    .filter((text) => text).join(' · '), 12 * ratio, 38 * ratio);
  context.drawImage(canvas, 0, head);
  picture.toBlob((blob) => { if (blob) save(blob, `${run.name}-fence-step-${shown.step}.png`); });
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
        length(from), length(to), h('th', { scope: 'row' }, run.grid.cellOf(cell).join(', ')), length(top),
        length(bottom), h('td', { 'data-value': shown.values.data[cell] }, valueOf(cell)))))));
    note.textContent = rows.length > MOST ? `The first ${MOST} of ${rows.length} pieces; the CSV file has all.` : '';
  });
  dialog.addEventListener('close', () => { stop(); dialog.remove(); });
  place.append(dialog);
  dialog.showModal();
}
