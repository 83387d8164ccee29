// SPDX-License-Identifier: MIT
// bores info: what a store is, in one screen.

import { EclipseStore, PROPERTIES, describeProperty } from '../../index.js';
import { CASE_OPTION, stepOf, withStore } from '../arguments.js';
import { summaryLine } from '../summary.js';
import {
  formatBytes, formatJson, formatNumber, formatPath, formatShape, formatTable, visible,
} from '../format.js';

/**
 * @import { DataStore } from '../../index.js'
 * @import { CubeStates } from '../../cube/read-cube.js'
 * @import { InventoryItem } from '../arguments.js'
 * @import { Command } from '../usage.js'
 */

/** @type {Command} */
export const info = {
  name: 'info',
  synopsis: 'LOCATION',
  operands: [1, 1],
  summary: 'what a store holds: grid, steps, time span, properties, size',
  description: `Shows what a store holds: how many states over which time, the grid, the wells, the
properties of the last state with their units, and what all that takes on disk.
Sizes of arrays are those of the last state times the number of states.`,
  options: { ...CASE_OPTION },
  examples: [
    ['bores info results/run.zarr', 'a folder'],
    ['bores info https://example.org/runs/spe9.zarr', 'a store on a web server'],
    ['bores info cube.zarr', "a cube that 'bores export' wrote"],
    ['bores info run.zarr.zip --json | jq .timeDays', 'the time span, for a script'],
  ],
  async* run({ operands: [location], options, signal, place }) {
    yield* withStore(location, { signal, place }, async function* describe(store) {
      const { layout } = await store.describe({ signal });
      yield shown(await collect(store, { store, layout, signal }), options);
    }, { case: options.case, withCube: async function* describe(cube, store) {
      yield shown(await collect(cube, { store, layout: 'cube', signal }), options);
    } });
  },
};

/** @param {Facts} facts @param {{ json?: boolean }} options */
const shown = (facts, { json }) => (json ? formatJson(facts) : text(facts));

/**
 * @typedef {Awaited<ReturnType<typeof collect>>} Facts
 *
 * @param {DataStore | CubeStates} states
 * @param {{ store: DataStore, layout: string, signal: AbortSignal }} about
 */
async function collect(states, { store, layout, signal }) {
  const [entries, usage] = await Promise.all([states.entries({ signal }), store.usage({ signal })]);
  const inventory = entries.length > 0 ? await states.inventory(-1, { signal }) : [];
  const arrayBytes = inventory.reduce((sum, { nbytes }) => sum + nbytes, 0) * entries.length;
  const times = entries.map(({ time }) => time).filter((time) => time !== undefined);
  const steps = entries.map(stepOf).filter((step) => step !== undefined);
  return {
    location: store.location,
    backend: states.backend,
    layout,
    states: entries.length,
    steps: steps.length > 0 ? [steps[0], steps[steps.length - 1]] : null,
    timeDays: times.length > 0 ? [times[0] / 86_400, times[times.length - 1] / 86_400] : null,
    ...(states !== store ? { grid: inventory[0]?.shape ?? null, wells: [] }
      : entries.length > 0 ? await describeModel(store, signal) : { grid: null, wells: [] }),
    ...(store instanceof EclipseStore ? await describeRun(store, entries.length, signal) : { run: undefined }),
    bytes: usage?.bytes ?? null,
    files: usage?.keys ?? null,
    arrayBytes,
    compressionRatio: usage && arrayBytes > 0 ? arrayBytes / usage.bytes : null,
    properties: inventory.map(describeItem),
  };
}

/**
 * What the files of an ECLIPSE run say beside its states; of a grid alone that is its shape.
 * @param {EclipseStore} store
 * @param {number} states
 * @param {AbortSignal} signal
 */
async function describeRun(store, states, signal) {
  const run = { ...await store.info({ signal }), ...await summaryLine(store, signal) };
  return states > 0 || run.dims[0] === 0 ? { run } : { run, grid: run.dims };
}

/**
 * The small parts of the last state.
 * @param {DataStore} store
 * @param {AbortSignal} signal
 */
async function describeModel(store, signal) {
  const fields = ['model.grid_shape', 'model.thickness_grid', 'wells'];
  for await (const state of store.load({ indices: [-1], fields, signal })) {
    const names = (/** @type {string} */ kind) => Object.keys(state.get(['wells', kind]) ?? {});
    return {
      grid: state.gridShape ?? null,
      wells: [
        ...names('injection_wells').map((name) => ({ name, kind: 'injector' })),
        ...names('production_wells').map((name) => ({ name, kind: 'producer' })),
      ],
    };
  }
  return { grid: null, wells: [] };
}

/** @param {InventoryItem} item */
function describeItem({ path, names, shape, dtype, nbytes, sparse }) {
  const { name, unit, group } = describeProperty(names);
  return { path, name, unit, group, shape, dtype, nbytes, ...(sparse !== undefined && { sparse }) };
}

/** @param {number[]} grid */
const cellCount = (grid) => grid.reduce((product, length) => product * length, 1);

/** @param {Awaited<ReturnType<typeof collect>>} facts */
function text(facts) {
  const { states, steps, timeDays, grid, wells, bytes, files, arrayBytes, properties, run } = facts;
  const lines = [
    // A text file has no layout beside its format.
    ['format', facts.backend + (facts.layout === facts.backend ? '' : `, ${facts.layout} layout`)],
    ['states', `${states}${steps ? ` (steps ${steps[0]} to ${steps[1]})` : ''}`],
    ['time', timeDays ? `${formatNumber(timeDays[0])} to ${formatNumber(timeDays[1])} days` : '-'],
    ['grid', grid ? `${formatShape(grid)} = ${cellCount(grid)} cells` : '-'],
    ...(run ? runLines(run) : []),
    ['wells', wells.map(({ name, kind }) => `${name} (${kind})`).join(', ') || '-'],
    ['on disk', bytes === null ? 'unknown, the server does not tell'
      : `${formatBytes(bytes)} in ${files === 1 ? 'one file' : `${files} files`}`],
    ['arrays', `${formatBytes(arrayBytes)}${facts.compressionRatio
      ? `, compression ratio ${Number(facts.compressionRatio.toPrecision(3))}` : ''}`],
  ];
  const head = `${visible(facts.location)}\n${lines.map(([name, value]) =>
    `  ${name.padEnd(8)}  ${visible(value)}\n`).join('')}`;
  return head + groupTables(properties, grid);
}

/**
 * What an ECLIPSE run says of itself.
 * @param {Awaited<ReturnType<EclipseStore['info']>> & { summary?: string }} run
 * @returns {[string, string][]}
 */
function runLines({ startDate, unitSystem, phases, activeCells, localGrids, summary }) {
  return [['run', `${unitSystem ?? 'unknown'} units, ${phases.join(', ') || 'unknown phases'}`
      + `${startDate === null ? '' : `, from ${startDate}`}`], ['active', `${activeCells} cells`],
  ...(summary === undefined ? [] : [/** @type {[string, string]} */ (['summary', summary])]),
  ...(localGrids ? [/** @type {[string, string]} */ (['LGRs', `${localGrids.join(', ')}: cells passed over`])] : [])];
}

/**
 * Properties under the headings of the registry and in its order, the unknown last. What all
 * paths of a group begin with is in the heading; shapes are given where they are not the grid's.
 *
 * @param {ReturnType<typeof describeItem>[]} properties
 * @param {readonly number[] | null} grid
 */
function groupTables(properties, grid) {
  const known = [...PROPERTIES.values()];
  const groups = [...new Set(known.map(({ group }) => group)), 'Other'];
  const place = (/** @type {{ path: any }} */ { path }) => known.indexOf(describeProperty(path));
  return groups.map((group) => {
    const items = properties.filter((item) => item.group === group)
      .sort((a, b) => place(a) - place(b));
    if (items.length === 0) return '';
    const prefix = commonPrefix(items.map(({ path }) => formatPath(path)));
    const rows = items.map(({ path, name, unit, shape, dtype, sparse }) => [
      `  ${formatPath(path).slice(prefix.length)}`, unit === '' ? name : `${name} [${unit}]`, dtype,
      [...(String(shape) === String(grid) ? [] : [formatShape(shape)]),
        ...(sparse === undefined ? [] : [`${sparse} cells`])].join(', '),
    ]);
    return `\n${group}${prefix && `: ${prefix}`}\n${formatTable([], rows)}`;
  }).join('');
}

/**
 * @param {string[]} paths
 * @returns {string}  whole names, with the dot behind them
 */
function commonPrefix(paths) {
  let prefix = paths[0].slice(0, paths[0].lastIndexOf('.') + 1);
  while (!paths.every((path) => path.startsWith(prefix))) {
    prefix = prefix.slice(0, prefix.lastIndexOf('.', prefix.length - 2) + 1);
  }
  return prefix;
}
