// SPDX-License-Identifier: MIT
// bores series: cells through time.

import { BoresError, ModelAnalyst, cubeSeries, describeProperty, openNode, propertyLabel } from '../../index.js';
import { CASE_OPTION, findPath, parseCell, withAdvice, withStore } from '../arguments.js';
import { formatJson, formatShape, formatTable } from '../format.js';
import { isSummaryAlone, summaryText } from '../summary.js';
import { UsageError } from '../usage.js';
import { isVectorName, vectorsCsv, vectorsData, vectorsText } from '../vectors.js';

/**
 * @import { DataStore } from '../../index.js'
 * @import { CubeStates } from '../../cube/read-cube.js'
 * @import { Command } from '../usage.js'
 */

/** @type {Command} */
export const series = {
  name: 'series',
  synopsis: 'LOCATION PATH I,J,K… | LOCATION [--summary] VECTOR…',
  operands: [1, 64],
  summary: 'a property of some cells through time',
  description: `One row a state: step, time in days, and the value in each of the cells. Of every
state only the chunks that hold the cells are read. Negative indices count from the end. A vector is
a quantity of the field, a well or a region by its ECLIPSE mnemonic, as in 'bores analyse'; with
--summary one of those that an ECLIPSE run has of its own, at each time step, in the file's units.`,
  options: {
    csv: { type: 'boolean', help: 'comma-separated values in full precision' },
    summary: { type: 'boolean', help: 'vectors of the SMSPEC of an ECLIPSE run; without VECTOR which there are' },
    ...CASE_OPTION,
  },
  examples: [
    ['bores series run.zarr pressure_grid 0,0,2', 'pressure of one cell'],
    ['bores series run.zarr pressure_grid 0,0,0 -1,-1,-1 --csv -o pressure.csv',
      'of the first and the last cell, for a spreadsheet'],
    ['bores series run.zarr FOPR WOPR:PROD-1', 'oil rates of the field and of a well'],
    ['bores series CASE.SMSPEC --summary BPR:1,1,3 WBHP:P1 --csv', 'a block and a well, each time step'],
  ],
  async* run(context) {
    const { operands: [location, path, ...cellTexts], options, signal, place } = context;
    if (options.summary) return yield* summary(context);
    if (path === undefined) throw new UsageError('a property and a cell are missing, or vectors', series);
    if ([path, ...cellTexts].every(isVectorName)) return yield* vectors(context);
    if (cellTexts.length === 0) {
      throw new UsageError(`'${path}' is no vector; a property needs a cell, as 0,0,2`, series);
    }
    const cells = cellTexts.map(parseCell);
    yield* withStore(location, context, async function* read(store) {
      const cube = await inCube(location, path, { signal, ...place });
      const { names, item } = cube ?? await findPath(store, -1, path, signal);
      const odd = cells.find((cell) => item && cell.length !== item.shape.length);
      if (odd) {
        throw new UsageError(`${path} is ${formatShape(item?.shape ?? [])}, `
          + `a cell of it has no indices '${odd.join(',')}'`, series);
      }
      const columns = [];
      for (const cell of cells) {
        columns.push(await (cube ? cubeSeries(location, cube.array, cell, { signal, ...place })
          : withAdvice(store, -1, path, () => store.series(names, cell, { signal }))));
      }
      const step = [...columns[0].step];
      const days = Array.from(columns[0].time, (seconds) => seconds / 86_400);
      const values = columns.map(({ value }) => [...value]);
      if (options.json) {
        const { name, unit } = describeProperty(names);
        yield formatJson({ path: names.join('.'), name, unit, step, timeDays: days,
          cells: cells.map((cell, i) => ({ cell, values: values[i] })) });
        return;
      }
      const headings = cells.map((cell) => `[${cell.join(' ')}]`);
      if (options.csv) {
        const rows = step.map((number, row) => [number, days[row], ...values.map((c) => c[row])]);
        const last = names[names.length - 1];
        yield [['step', 'days', ...headings.map((heading) => `${last}${heading}`)], ...rows]
          .map((row) => `${row.join(',')}\n`).join('');
        return;
      }
      const rows = step.map((number, row) => [number, days[row],
        ...values.map((column) => column[row])]);
      yield `${propertyLabel(names)}\n${formatTable(['step', 'days', ...headings], rows)}`;
    }, { plain: true, case: options.case });
  },
};

/**
 * The array of a cube, whose columns are read as such: of each shard the chunk that holds the cell.
 * @param {string} location
 * @param {string} path  the end of a property's path, or the array's name
 * @param {Parameters<typeof openNode>[2] & { signal: AbortSignal }} options
 * @returns {Promise<{ array: string, names: string[], item: { shape: number[] } } | undefined>}  undefined where there
 *   is no cube
 */
async function inCube(location, path, options) {
  const { signal } = options;
  const root = await openNode(location, '', options).catch(() => undefined);
  try {
    if (root?.kind !== 'group' || root.attributes.bores_cube !== 1) return undefined;
    /** @type {string[]} */ const names = [];
    for await (const node of root.children({ signal })) {
      const full = node.attributes?.bores_path;
      if (typeof full !== 'string' || node.shape?.length !== 4) continue;
      if (node.name === path || `.${full}`.endsWith(`.${path}`)) {
        return { array: node.name, names: full.split('.'), item: { shape: node.shape.slice(1) } };
      }
      names.push(node.name);
    }
    throw new BoresError('ERR_NOT_FOUND', `the cube has no '${path}'; it has ${names.join(', ')}`, { path });
  } finally {
    await root?.close();
  }
}

/** @param {import('../usage.js').Context} context */
async function* vectors(context) {
  const { operands: [location, ...names], options, signal, progress } = context;
  const read = async function* read(/** @type {DataStore | CubeStates} */ store) {
    if (await isSummaryAlone(store, signal)) {
      yield summaryText(store, names, options, signal);
      return;
    }
    const analyst = await ModelAnalyst.from(store, { signal,
      onProgress: ({ done, total }) => progress.update('analysing', done, total ?? done) });
    progress.clear();
    yield options.json ? formatJson(vectorsData(analyst, names))
      : options.csv ? vectorsCsv(analyst, names) : vectorsText(analyst, names);
    analyst.close();
  };
  yield* withStore(location, context, read, { case: options.case, withCube: read });
}

/** @param {import('../usage.js').Context} context */
async function* summary(context) {
  const { operands: [location, ...names], options, signal } = context;
  const read = async function* read(/** @type {DataStore | CubeStates} */ store) {
    yield summaryText(store, names, options, signal);
  };
  yield* withStore(location, context, read, { case: options.case, withCube: read });
}
