// SPDX-License-Identifier: MIT
// Values to take along: CSV of curves, a column, the slice or the cells shown, and NumPy's file of a whole
// property.

import { encodeNpy, NdArray } from '../../js/index.js';
import { h } from '../base/dom.js';
import { isFiltered } from './ask.js';
import { cellsCsv, columnOf, curvesCsv, sliceCells } from './data-text.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/properties.js').Drawable} Drawable */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */
/** @typedef {{ name: string, parts: BlobPart[], type: string }} DataFile */

const CHOICES = /** @type {const} */ ([
  ['curves', 'Curves of these cells (CSV)'], ['column', 'Column of the selected cell (CSV)'],
  ['slice', 'The slice (CSV)'], ['cells', 'The cells shown (CSV)'], ['npy', 'Whole property, this step (npy)']]);

/** @param {Viewer} viewer @returns {HTMLElement} */
export function saveData(viewer) {
  const choice = h('select', { 'aria-label': 'Data to save', class: 'data-choice' },
    ...CHOICES.map(([value, text]) => h('option', { value }, text)));
  const save = h('button', { type: 'button', class: 'small', onclick: () => {
    dataFile(viewer, choice.value).then(download, (error) =>
      viewer.set({ trouble: `Nothing is saved: ${error.message}` }));
  } }, 'Save');
  viewer.state.watch(['cell', 'ask', 'shown'], ({ cell, ask, shown }) => {
    for (const option of choice.options) {
      // Three saturations in one colour are no array, and have no curve.
      option.disabled = !shown || (shown.property.ternary && /curves|npy/.test(option.value))
        || (option.value === 'curves' && !cell && ask.pins.length === 0)
        || (option.value === 'column' && !cell);
    }
    if (choice.selectedOptions[0]?.disabled) choice.value = 'cells';
  });
  return h('section', { class: 'ask-part', 'aria-label': 'Save data' }, h('h3', {}, 'Save data'),
    h('div', { class: 'filter-add' }, choice, save));
}

/** @param {DataFile} file */
function download({ name, parts, type }) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  h('a', { href: url, download: name.replace(/[^\p{L}\p{N}._-]+/gu, '_') }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @param {Viewer} viewer @param {string} what  of CHOICES @returns {Promise<DataFile>} */
export async function dataFile(viewer, what) {
  const { run, shown, cell, sliceAxis, sliceAt, metric } = viewer.state.now;
  if (!run || !shown) throw new Error('nothing is shown');
  const { property, step, values } = shown;
  const name = `${run.name}-${lastName(property)}`;
  const csv = (/** @type {string} */ more, /** @type {string[]} */ parts) =>
    ({ name: `${name}-${more}.csv`, parts, type: 'text/csv' });
  if (what === 'curves') {
    const { of, curves } = curvesOf(viewer.state.now);
    const parts = curvesCsv(run, of, curves, metric);
    return { name: `${run.name}-${lastName(of)}-curves.csv`, parts, type: 'text/csv' };
  }
  if (what === 'column' && cell) {
    const column = columnOf(run, cell);
    return csv(`column-${cell[0]}-${cell[1]}-step-${step}`, cellsCsv(run, property, values, column, metric));
  }
  if (what === 'slice') {
    const at = sliceAt[sliceAxis];
    const inSlice = sliceCells(run, sliceAxis, at);
    return csv(`${'ijk'[sliceAxis]}-${at}-step-${step}`, cellsCsv(run, property, values, inSlice, metric));
  }
  if (what === 'npy') {
    const own = !property.sparse && !property.difference;
    const stored = own ? await run.store.read(run.steps[step].entry, property.path) : null;
    const array = stored instanceof NdArray ? stored : new NdArray(values.data, run.grid.shape);
    return { name: `${name}-step-${step}.npy`, parts: [/** @type {BlobPart} */ (encodeNpy(array))],
      type: 'application/octet-stream' };
  }
  return csv(`cells-step-${step}`, cellsCsv(run, property, values, shownCells(viewer.state.now), metric));
}

/**
 * The cells that are drawn, by their indices.
 * @param {Readonly<ViewerState>} state
 * @returns {number[]}
 * @throws {Error}  it is not known yet which of them pass the filters
 */
function shownCells({ run, shown, ask, cells, box }) {
  const answered = cells !== null && cells.step === shown?.step && cells.property === shown.property;
  if (!answered && isFiltered(ask)) throw new Error('it is not known yet which cells pass the filters');
  return Array.from({ length: run?.grid.size ?? 0 }, (_, n) => n).filter((n) => (answered ? cells.mask[n] !== 0
    : run?.grid.cellOf(n).every((index, axis) => index >= box.lo[axis] && index < box.hi[axis])));
}

/** @param {Drawable} property */
function lastName({ id }) {
  return id.split('.').at(-1);
}

/**
 * The curves of the selected and the pinned cells, all of one property.
 * @param {Readonly<ViewerState>} state
 * @throws {Error}  they are still being read
 */
function curvesOf({ property, history, pinned, ask, cell }) {
  const pins = ask.pins.map((pin) => pinned.find((known) => known.cell === pin));
  const own = ask.pins.some((pin) => pin.join() === cell?.join()) ? [] : [history];
  const all = [...(cell ? own : []), ...pins];
  for (const curve of all) {
    const isRead = curve && ('status' in curve ? curve.status !== 'reading' : curve.values !== null);
    if (!isRead || curve.property !== property) {
      throw new Error('the curves are still being read, so try again when they are drawn');
    }
  }
  const curves = /** @type {Parameters<typeof curvesCsv>[2]} */ (all);
  return { of: /** @type {Drawable} */ (property), curves };
}
