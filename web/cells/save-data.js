// SPDX-License-Identifier: MIT
// Values to take along, as CSV and as NumPy's files: curves of cells, a column, a well's cells, the slice, the cells
// shown, a whole property.

import { encodeNpy, NdArray } from '../../js/index.js';
import { h } from '../base/dom.js';
import { isFiltered } from './ask.js';
import { boxCells, cellsCsv, columnOf, curvesCsv, sliceCells } from './data-text.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/properties.js').Drawable} Drawable */
/** @typedef {import('../model/run.js').Run} Run */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */
/** @typedef {{ name: string, parts: BlobPart[], type: string }} DataFile */

const CHOICES = { curves: 'Curves of cells', column: 'Column of the selected cell',
  slice: 'The slice', cells: 'The cells shown', all: 'Whole property, this step' };
/** Of a well, before its name. */
const WELL = 'well:';

/** @param {Viewer} viewer @returns {HTMLElement} */
export function saveData(viewer) {
  const choice = h('select', { 'aria-label': 'Data to save', class: 'data-choice', onchange: () => offer() });
  const format = h('select', { 'aria-label': 'Format of the data', class: 'data-format',
    title: 'npy has the units of the run, CSV those that are shown' },
    h('option', { value: 'csv' }, 'CSV'), h('option', { value: 'npy' }, 'npy'));
  const save = h('button', { type: 'button', class: 'small', onclick: () => {
    dataFile(viewer, choice.value, format.value === 'npy').then(download, (error) =>
      viewer.set({ trouble: `Nothing is saved: ${error.message}` }));
  } }, 'Save');
  const npy = format.options[1];
  const offer = () => {
    // Which cells the cells shown are, an array of their values would not say; three saturations are no array.
    npy.disabled = choice.value === 'cells' || viewer.state.now.shown?.property.ternary === true;
    if (npy.disabled) format.value = 'csv';
  };
  viewer.state.watch(['wells'], ({ wells }) => {
    const before = choice.value;
    choice.replaceChildren(...Object.entries(CHOICES).map(([value, text]) => h('option', { value }, text)),
      ...wells.map(({ name }) => h('option', { value: WELL + name }, `Cells of well ${name}`)));
    choice.value = [...choice.options].some(({ value }) => value === before) ? before : 'curves';
  });
  viewer.state.watch(['cell', 'ask', 'shown', 'wells'], ({ cell, ask, shown }) => {
    for (const option of choice.options) {
      option.disabled = !shown || (shown.property.ternary === true && option.value === 'curves')
        || (option.value === 'curves' && !cell && ask.pins.length === 0)
        || (option.value === 'column' && !cell);
    }
    if (choice.selectedOptions[0]?.disabled) choice.value = 'cells';
    offer();
  });
  return h('section', { class: 'ask-part', 'aria-label': 'Save data' }, h('h3', {}, 'Save data'),
    h('div', { class: 'filter-add' }, choice, format, save));
}

/** @param {DataFile} file */
export function download({ name, parts, type }) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  h('a', { href: url, download: name.replace(/[^\p{L}\p{N}._-]+/gu, '_') }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * @param {Viewer} viewer
 * @param {string} what  of CHOICES, or a well
 * @param {boolean} [npy]  else CSV
 * @returns {Promise<DataFile>}
 */
export async function dataFile(viewer, what, npy = false) {
  const { state: { now: state } } = viewer;
  const { run, shown, metric } = state;
  if (!run || !shown) throw new Error('nothing is shown');
  if (what === 'curves') {
    const { of, curves } = curvesOf(state);
    const name = `${run.name}-${lastName(of)}-curves`;
    if (npy) return npyFile(name, curvesArray(run, curves.map(({ values }) => values)));
    return csvFile(name, curvesCsv(run, of, curves, metric));
  }
  const { property, step, values } = shown;
  const { name, cells, shape } = cellsFor(state, what);
  const file = [run.name, lastName(property), ...name, `step-${step}`].join('-');
  if (npy) return npyFile(file, await cellsArray(run, shown, cells, shape));
  return csvFile(file, await cellsCsv(run, property, values, cells ?? allCells(run), metric));
}

/** @param {string} name @param {string[]} parts @returns {DataFile} */
function csvFile(name, parts) {
  return { name: `${name}.csv`, parts, type: 'text/csv' };
}

/** @param {string} name @param {NdArray<any>} array @returns {DataFile} */
function npyFile(name, array) {
  return { name: `${name}.npy`, parts: [/** @type {BlobPart} */ (encodeNpy(array))], type: 'application/octet-stream' };
}

/**
 * Cells by their indices, and the shape of an array of them; null: all.
 * @param {Readonly<ViewerState>} state @param {string} what  of CHOICES, or a well
 * @returns {{ name: (string | number)[], cells: number[] | null, shape: number[] }}
 */
function cellsFor(state, what) {
  const { cell, sliceAxis, sliceAt, wells } = state;
  const run = /** @type {Run} */ (state.run);
  if (what === 'column' && cell) {
    const cells = columnOf(run, cell);
    return { name: ['column', cell[0], cell[1]], cells, shape: [cells.length] };
  }
  if (what === 'slice') {
    const at = sliceAt[sliceAxis];
    return { name: ['ijk'[sliceAxis], at], cells: sliceCells(run, sliceAxis, at),
      shape: run.grid.shape.filter((_, axis) => axis !== sliceAxis) };
  }
  if (what === 'all') return { name: [], cells: null, shape: run.grid.shape };
  if (what.startsWith(WELL)) {
    const well = wells.find(({ name }) => name === what.slice(WELL.length));
    if (!well) throw new Error(`at this step there is no well ${what.slice(WELL.length)}`);
    const cells = well.cells.map((at) => run.grid.indexOf(at));
    return { name: ['well', well.name], cells, shape: [cells.length] };
  }
  const cells = shownCells(state);
  return { name: ['cells'], cells, shape: [cells.length] };
}

/** @param {Run} run */
function* allCells({ grid }) {
  for (let n = 0; n < grid.size; n += 1) yield n;
}

/**
 * Values as the run has them, in its type and units.
 * @param {Run} run
 * @param {import('../model/state.js').Shown} shown
 * @param {number[] | null} cells  null: all
 * @param {number[]} shape
 * @returns {Promise<NdArray<any>>}
 */
async function cellsArray(run, { property, step, values }, cells, shape) {
  const own = !property.sparse && !property.difference;
  const stored = own ? await run.store.read(run.steps[step].entry, property.path) : null;
  if (!cells) return stored instanceof NdArray ? stored : new NdArray(values.data, shape);
  // Of a large grid some columns are shown, and their places in the whole are others.
  const isWhole = stored instanceof NdArray && stored.shape.join() === run.grid.shape.join();
  /** @type {{ data: any, dtype: string }} */
  const { data, dtype } = isWhole ? stored : new NdArray(values.data, run.grid.shape);
  const part = new data.constructor(cells.length);
  cells.forEach((cell, n) => { part[n] = data[cell]; });
  return new NdArray(part, shape, dtype);
}

/** A row a step, a column a curve. @param {Run} run @param {readonly (readonly number[])[]} curves */
function curvesArray(run, curves) {
  const data = new Float64Array(run.steps.length * curves.length);
  curves.forEach((values, n) => run.steps.forEach((_, step) => {
    data[step * curves.length + n] = values[step] ?? NaN;
  }));
  return new NdArray(data, [run.steps.length, curves.length]);
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
  if (!run) return [];
  if (!answered) return boxCells(run.grid, box);
  /** @type {number[]} */ const found = [];
  for (let n = 0; n < cells.mask.length; n += 1) if (cells.mask[n] !== 0) found.push(n);
  return found;
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
