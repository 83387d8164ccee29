// SPDX-License-Identifier: MIT
// bores show: one property of one state, as statistics or as data.

import {
  NdArray, SparseTensor, describeProperty, encodeNpy, propertyLabel,
} from '../../index.js';
import {
  CASE_OPTION, findEntry, findPath, parseSlice, withAdvice, withStore,
} from '../arguments.js';
import { showAllSteps } from '../all-steps.js';
import { arrayToCsv, arrayToJson, sparseToCsv } from '../array-text.js';
import { formatDays, formatJson, formatNumber, formatShape, visible } from '../format.js';
import { statisticsOf } from '../statistics.js';
import { UsageError } from '../usage.js';

/**
 * @import { DataStore } from '../../index.js'
 * @import { CubeStates } from '../../cube/read-cube.js'
 * @import { FoundEntry, SliceItem } from '../arguments.js'
 * @import { Command, Context } from '../usage.js'
 */

/** Up to this many values are shown rather than described. */
const FEW = 12;

/** @type {Command} */
export const show = {
  name: 'show',
  synopsis: 'LOCATION STEP PATH',
  operands: [3, 3],
  summary: 'a property of a state: statistics, or the values as CSV, JSON or .npy',
  description: `Without a format: statistics of an array, the value of anything else.
STEP 'all': statistics over all states, from what is kept beside the data; else from the values.
--csv writes one row a cell, with its indices; of a sparse grid only the stored cells.
--json writes statistics and values (NaN as null), --npy a NumPy file.
--slice takes a part, as NumPy does; of a large array only the chunks needed are read.`,
  options: {
    slice: { type: 'string', short: 's', value: 'SLICE', help: "a part: ':,:,0', '2:8:2,-1,:'" },
    csv: { type: 'boolean', help: 'comma-separated values in full precision' },
    npy: { type: 'boolean', help: 'a file for numpy.load()' },
    stats: { type: 'boolean', help: 'with --json: statistics without the values' },
    ...CASE_OPTION,
  },
  examples: [
    ['bores show run.zarr -1 pressure_grid', 'statistics of the last pressure'],
    ['bores show run.zarr all pressure_grid', 'extremes, mean, percentiles of all states'],
    ["bores show run.zarr 0 absolute_permeability.x --slice ':,:,0' --csv -o top.csv",
      'the top layer as CSV'],
    ['bores show run.zarr step=40 gas_saturation_grid --npy -o sg.npy', 'for Python'],
    ['bores show run.zarr -1 wells --json | jq .value.production_wells', 'the wells'],
  ],
  async* run({ operands: [location, step, path], options, signal, place, binaryAllowed }) {
    if ([options.csv, options.npy, options.json].filter(Boolean).length > 1) {
      throw new UsageError('--csv, --npy and --json exclude one another', show);
    }
    if (options.npy && !binaryAllowed) {
      throw new UsageError('--npy writes binary data: add -o FILE or redirect the output', show);
    }
    if (step === 'all') {
      if (options.csv || options.npy || options.slice !== undefined) {
        throw new UsageError('of all states there are statistics: show one for --csv, --npy and --slice', show);
      }
      const count = async function* count(/** @type {DataStore | CubeStates} */ store) {
        yield await showAllSteps(/** @type {DataStore} */ (store), path, options, signal);
      };
      yield* withStore(location, { signal, place }, count, { case: options.case, withCube: count });
      return;
    }
    const slice = options.slice === undefined ? undefined : parseSlice(options.slice);
    const read = async function* read(/** @type {DataStore | CubeStates} */ states) {
      const store = /** @type {DataStore} */ (states); // whose calls here a cube has, too
      const entry = await findEntry(store, step, signal);
      const { names, item } = await findPath(store, entry.idx, path, signal);
      const value = await withAdvice(store, entry.idx, path, () =>
        store.read(entry.idx, names, { slice, signal }));
      yield* render({ entry, names, value, slice, fullShape: item?.shape, options });
    };
    yield* withStore(location, { signal, place }, read, { case: options.case, withCube: read });
  },
};

/**
 * @typedef {object} Shown
 * @property {FoundEntry} entry
 * @property {string[]} names
 * @property {any} value
 * @property {SliceItem[] | undefined} slice
 * @property {readonly number[] | undefined} fullShape  what the indices of the slice refer to
 * @property {Context['options']} options
 *
 * @param {Shown} shown
 */
function* render({ entry, names, value, slice, fullShape, options }) {
  const isArray = value instanceof NdArray || value instanceof SparseTensor;
  if (!isArray && (options.csv || options.npy)) {
    throw new UsageError(`${names.join('.')} is no array: show it without --csv and --npy`, show);
  }
  const { name, unit } = describeProperty(names);
  const head = { entry: entry.place, step: entry.step ?? null, time: entry.time ?? null,
    path: names.join('.'), name, unit };
  if (!isArray) {
    yield options.json ? formatJson({ ...head, value }) : plainText(value);
  } else if (options.npy) {
    yield encodeNpy(value instanceof SparseTensor ? value.toDense() : value);
  } else if (options.csv) {
    yield* value instanceof SparseTensor ? sparseToCsv(value, names)
      : arrayToCsv(value, names, slice, fullShape);
  } else if (options.json) {
    const about = { ...head, dtype: value.dtype, shape: value.shape,
      statistics: statisticsOf(value) };
    yield* options.stats ? [formatJson(about)] : arrayToJson(about, value);
  } else {
    yield statisticsText(head, names, value);
  }
}

/** @param {unknown} value */
function plainText(value) {
  return typeof value === 'string' ? `${visible(value)}\n` : formatJson(value);
}

/**
 * @param {{ entry: number, step: number | null, time: number | null, unit: string }} head
 * @param {string[]} names
 * @param {NdArray<any> | SparseTensor} value
 */
function statisticsText({ entry, step, time, unit }, names, value) {
  const when = [`index ${entry}`, ...(step === null ? [] : [`step ${step}`]),
    ...(time === null ? [] : [formatDays(time)])].join(', ');
  const sparse = value instanceof SparseTensor
    ? `, sparse: ${value.nnz} of ${value.size} cells stored, the others ${value.default}` : '';
  const lines = [['state', when], ['shape', `${formatShape(value.shape)} ${value.dtype}${sparse}`]];
  const withUnit = (/** @type {any} */ number) => `${formatNumber(number)} ${unit}`.trimEnd();
  const statistics = statisticsOf(value);
  if (value instanceof NdArray && value.size <= FEW) {
    lines.push([value.size === 1 ? 'value' : 'values', [...value].map(withUnit).join(', ')]);
  } else if (statistics) {
    const { min, max, mean, sum, nan, minCell, maxCell } = statistics;
    const at = (/** @type {number[] | null} */ cell) => (cell ? `  at [${cell.join(', ')}]` : '');
    lines.push(['min', withUnit(min) + at(minCell)], ['max', withUnit(max) + at(maxCell)],
      ['mean', withUnit(mean)], ['sum', withUnit(sum)]);
    if (nan > 0) lines.push(['NaN', `${nan} of ${value.size} cells, left out above`]);
  }
  return `${visible(propertyLabel(names))}\n`
    + lines.map(([label, text]) => `  ${label.padEnd(6)} ${visible(text)}\n`).join('');
}
