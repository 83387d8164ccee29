// SPDX-License-Identifier: MIT
// Whether a state is one: grids of one shape, finite, saturations that add up. All problems
// are found before anything is thrown.

import { BoresError } from '../core/errors.js';
import { checkOptions } from '../core/options.js';
import { describeValue, isFloat } from '../values/dtypes.js';
import { ModelState } from './model-state.js';
import { NdArray } from '../values/nd-array.js';
import { cellOf } from '../values/nested.js';
import { formatPath, parsePath, pathText } from '../values/paths.js';
import { getPrecision } from './precision.js';
import { SparseTensor } from '../values/sparse-tensor.js';

/**
 * @typedef {import('./precision.js').Precision} Precision
 * @typedef {object} Problem
 * @property {string | readonly string[]} path
 * @property {'shape' | 'finite' | 'range' | 'sum' | 'missing'} kind
 * @property {string} expected
 * @property {string} actual
 * @property {string} message  path, expected and actual in one line
 */

/**
 * How far saturations may be from [0, 1] and their sum from 1. The states that BORES writes
 * differ by 2e-16 in double and 1.2e-7 in single precision; a thousandth also lets pass what
 * went through a few decimals of text, and is far below any error of substance.
 */
const SATURATION_TOLERANCE = 1e-3;

const SATURATIONS = ['oil', 'water', 'gas'].map((phase) =>
  ['model', 'fluid_properties', `${phase}_saturation_grid`]);

/** Maps all of whose arrays are grids. Elsewhere under `model`, grids end in `_grid`. */
const GRID_FOLDERS = new Set([
  'model.fluid_properties', 'model.rock_properties.absolute_permeability',
  'injection', 'production', 'relative_permeabilities', 'relative_mobilities',
  'capillary_pressures',
]);

/** Its grids keep the solver's halo: one cell more on every side. */
const PADDED_FOLDER = 'model.face_transmissibilities';

/**
 * Checks a state and converts its floating-point grids. Checked are: that every grid has the
 * shape of the model (face transmissibilities two cells more an axis, sparse grids too), that
 * dense grids are finite, that the three saturations lie in [0, 1] and add up to 1 within
 * `saturationTolerance`. What was not loaded is not missed, except for the grid's shape.
 *
 * @param {ModelState} state
 * @param {object} [options]
 * @param {Precision | 'global' | null} [options.dtype]  of all floating-point grids in the
 *   result; 'global' is what `setPrecision()` says; default: as they are
 * @param {number} [options.saturationTolerance]  default 1e-3
 * @returns {ModelState}  the same object when nothing had to be converted
 * @throws {BoresError} `ERR_VALIDATION` whose `problems` lists every problem; `ERR_ARGUMENT`
 */
export function validateState(state, options = {}) {
  checkOptions('validateState()', options, { dtype: 'text|null', saturationTolerance: 'number' });
  const { dtype = null, saturationTolerance = SATURATION_TOLERANCE } = options;
  const target = dtype === 'global' ? getPrecision() : dtype;
  if (target !== null && target !== 'float32' && target !== 'float64') {
    throw new BoresError('ERR_ARGUMENT',
      `dtype must be 'float32', 'float64' or 'global', got ${describeValue(target)}`);
  }
  const { gridShape } = state;
  /** @type {Problem[]} */
  const problems = [];
  const grids = gridShape ? gridsOf(state, gridShape) : [];
  if (!gridShape) problems.push(problem(['model', 'grid_shape'], 'missing', 'a shape', 'nothing'));
  for (const { names, grid, shape } of grids) {
    if (String(grid.shape) !== String(shape)) {
      problems.push(problem(names, 'shape', shapeText(shape), shapeText(grid.shape)));
    }
    checkFinite(names, grid, problems);
  }
  checkSaturations(state, saturationTolerance, problems);
  if (problems.length > 0) throw failure(problems);
  if (target === null) return state;
  const changes = grids.filter(({ grid }) => isFloat(grid.dtype) && grid.dtype !== target)
    .map(({ names, grid }) => /** @type {const} */ ([names, grid.astype(target)]));
  return changes.length === 0 ? state : state.with(changes);
}

/**
 * Every grid of the state with the shape it should have.
 *
 * @param {ModelState} state
 * @param {readonly number[]} gridShape
 */
function gridsOf(state, gridShape) {
  const padded = gridShape.map((length) => length + 2);
  /** @type {{ names: string[], grid: NdArray | SparseTensor, shape: readonly number[] }[]} */
  const grids = [];
  for (const path of state.paths()) {
    const names = parsePath(path);
    const leaf = state.get(names);
    if (!(leaf instanceof NdArray || leaf instanceof SparseTensor)) continue;
    const folder = names.slice(0, -1).join('.');
    if (folder === PADDED_FOLDER) {
      grids.push({ names, grid: leaf, shape: padded });
    } else if (GRID_FOLDERS.has(folder) || names[0] === 'rates'
      || (names[0] === 'model' && names[names.length - 1].endsWith('_grid'))) {
      grids.push({ names, grid: leaf, shape: gridShape });
    }
  }
  return grids;
}

/**
 * Sparse grids may hold NaN: it says that a perforation has no such value.
 *
 * @param {readonly string[]} names
 * @param {NdArray | SparseTensor} grid
 * @param {Problem[]} problems
 */
function checkFinite(names, grid, problems) {
  if (grid instanceof SparseTensor || !isFloat(grid.dtype)) return;
  let count = 0;
  let first = -1;
  for (let i = 0; i < grid.data.length; i += 1) {
    if (Number.isFinite(grid.data[i])) continue;
    if (first < 0) first = i;
    count += 1;
  }
  if (count > 0) {
    problems.push(problem(names, 'finite', 'finite values',
      `${grid.data[first]} at ${cellText(grid, first)}, ${count} of ${grid.size} cells`));
  }
}

/**
 * @param {ModelState} state
 * @param {number} tolerance
 * @param {Problem[]} problems
 */
function checkSaturations(state, tolerance, problems) {
  const grids = SATURATIONS.map((names) => state.get(names));
  for (const [i, grid] of grids.entries()) {
    if (!(grid instanceof NdArray)) continue;
    const worst = worstCell(grid.size, (cell) =>
      Math.max(-Number(grid.data[cell]), Number(grid.data[cell]) - 1));
    if (worst.error > tolerance) {
      problems.push(problem(SATURATIONS[i], 'range', `0 to 1 within ${tolerance}`,
        `${grid.data[worst.cell]} at ${cellText(grid, worst.cell)}`));
    }
  }
  const dense = grids.filter((grid) => grid instanceof NdArray);
  if (dense.length < grids.length || dense.some(({ size }) => size !== dense[0].size)) return;
  const sum = (/** @type {number} */ cell) =>
    dense.reduce((total, grid) => total + Number(grid.data[cell]), 0);
  const worst = worstCell(dense[0].size, (cell) => Math.abs(sum(cell) - 1));
  if (worst.error > tolerance) {
    problems.push(problem(SATURATIONS[0].slice(0, -1), 'sum',
      `oil, water and gas saturation adding up to 1 within ${tolerance}`,
      `${sum(worst.cell)} at ${cellText(dense[0], worst.cell)}`));
  }
}

/**
 * @param {number} size
 * @param {(cell: number) => number} errorOf  NaN counts as none: checkFinite() reports it
 */
function worstCell(size, errorOf) {
  let worst = { cell: -1, error: 0 };
  for (let cell = 0; cell < size; cell += 1) {
    const error = errorOf(cell);
    if (error > worst.error) worst = { cell, error };
  }
  return worst;
}

/** @param {readonly number[]} shape */
const shapeText = (shape) => `shape [${shape.join(', ')}]`;

/**
 * @param {NdArray} grid
 * @param {number} offset
 */
const cellText = (grid, offset) => `[${cellOf(offset, grid.strides).join(', ')}]`;

/**
 * @param {readonly string[]} names
 * @param {Problem['kind']} kind
 * @param {string} expected
 * @param {string} actual
 * @returns {Problem}
 */
function problem(names, kind, expected, actual) {
  return {
    path: formatPath(names), kind, expected, actual,
    message: `${pathText(names)}: expected ${expected}, got ${actual}`,
  };
}

/** @param {Problem[]} problems */
function failure(problems) {
  const rest = problems.length > 1 ? ` (and ${problems.length - 1} more, see problems)` : '';
  return new BoresError('ERR_VALIDATION', `invalid state: ${problems[0].message}${rest}`,
    { path: pathText(problems[0].path), problems });
}
