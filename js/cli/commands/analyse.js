// SPDX-License-Identifier: MIT
// bores analyse: what a run has in place, produces and recovers; its curves for other programs.

import { ModelAnalyst, encodeSummary } from '../../index.js';
import { reportText } from '../analysis-report.js';
import { CASE_OPTION, assertOutputApart, findPath, withStore } from '../arguments.js';
import { formatJson, visible } from '../format.js';
import { writeOnce } from '../output.js';
import { UsageError } from '../usage.js';
import { splitNames, vectorsCsv, vectorsData, vectorsText } from '../vectors.js';

/**
 * @import { DataStore } from '../../index.js'
 * @import { CubeStates } from '../../cube/read-cube.js'
 * @import { Command, Context } from '../usage.js'
 */

/** @type {Command} */
export const analyse = {
  name: 'analyse',
  synopsis: 'LOCATION',
  operands: [1, 1],
  summary: 'in place, rates, recovery, balances, declines; curves for other programs',
  description: `Reads the states once, of each only what is needed. Without options a report is printed;
with --vectors curves by ECLIPSE's mnemonics: of the field (FOPR), a well (WOPR:NAME), a connection
(COPR:NAME:i,j,k, counted from 1) or a region (ROIP:2). Where steps are missing between states, the
report says so: volumes are then estimates. In --json what is no number is null, as is a gas-oil ratio
without oil, which is infinite.`,
  options: {
    vectors: { type: 'string', value: 'NAMES', help: "these curves: 'FOPR,FOPT,WOPR:PROD-1'" },
    csv: { type: 'boolean', help: 'the curves as CSV in full precision, a unit in each heading' },
    list: { type: 'boolean', help: 'which curves there are' },
    smspec: { type: 'string', value: 'BASE',
      help: 'write BASE.SMSPEC and BASE.UNSMRY, which ResInsight and resdata read' },
    start: { type: 'string', value: 'DATE', help: 'of day 0 in these: 2024-05-01 (default 2000-01-01)' },
    regions: { type: 'string', value: 'PATH',
      help: 'regions are the numbers of this grid, not the layers' },
    compat: { type: 'boolean', help: "BORES's own numbers, its errors included" },
    ...CASE_OPTION,
  },
  examples: [
    ['bores analyse run.zarr', 'the report'],
    ['bores analyse run.zarr --vectors FOPR,FGOR,WBHP:PROD-1 --csv -o curves.csv', 'for a spreadsheet'],
    ['bores analyse run.zarr --smspec RUN --start 2024-05-01', 'for ResInsight'],
    ['bores analyse cube.zarr', "a cube that 'bores export --rates' wrote"],
    ['bores analyse https://example.org/run.zarr.zip --json', 'of a run on a server'],
  ],
  async* run(context) {
    const { operands: [location], options, signal, progress } = context;
    checkOptions(options);
    for (const file of summaryFiles(options.smspec)) await assertOutputApart(file, [location], '--smspec');
    const read = async function* read(/** @type {DataStore | CubeStates} */ store) {
      const regions = await regionsOf(store, options.regions, signal);
      const analyst = await ModelAnalyst.from(store, {
        regions, signal, ...(options.compat && { compat: 'bores' }),
        onProgress: ({ done, total }) => progress.update('analysing', done, total ?? done) });
      progress.clear();
      try {
        yield* answer(analyst, store, context);
      } finally {
        analyst.close();
      }
    };
    yield* withStore(location, context, read, { case: options.case, withCube: read });
  },
};

/** What --smspec BASE writes. @param {string | undefined} base */
const summaryFiles = (base) => (base === undefined ? [] : [`${base}.SMSPEC`, `${base}.UNSMRY`]);

/** @param {Context['options']} options */
function checkOptions({ vectors, csv, start, smspec }) {
  if (csv && vectors === undefined) throw new UsageError('--csv needs --vectors', analyse);
  if (start !== undefined && (smspec === undefined || Number.isNaN(dateOf(start).getTime()))) {
    throw new UsageError(`--start is a date for --smspec, as 2024-05-01, got '${start}'`, analyse);
  }
}

/** @param {string} text */
const dateOf = (text) => new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : NaN);

/**
 * @param {DataStore | CubeStates} store
 * @param {string | undefined} path
 * @param {AbortSignal} signal
 */
async function regionsOf(store, path, signal) {
  if (path === undefined) return undefined;
  if (store.backend === 'cube') return store.read(0, path, { signal });
  const { names } = await findPath(/** @type {DataStore} */ (store), 0, path, signal);
  return store.read(0, names, { signal });
}

/**
 * @param {ModelAnalyst} analyst
 * @param {DataStore | CubeStates} store
 * @param {Context} context
 */
async function* answer(analyst, store, { options, signal }) {
  const names = options.vectors === undefined ? undefined : splitNames(options.vectors);
  if (options.smspec !== undefined) yield* writeSummary(analyst, store, names, options, signal);
  else if (options.list) yield* listed(analyst, options.json);
  else if (names === undefined) {
    const report = analyst.report();
    yield options.json ? formatJson(report) : reportText(report);
  } else {
    yield options.json ? formatJson(vectorsData(analyst, names))
      : options.csv ? vectorsCsv(analyst, names) : vectorsText(analyst, names);
  }
}

/** @param {ModelAnalyst} analyst @param {boolean} asJson */
function* listed(analyst, asJson) {
  const names = analyst.vectorNames({ connections: true });
  yield asJson ? formatJson(names)
    : names.map(({ name, title, unit }) =>
      `${visible(name)}\t${title}${unit ? `, ${unit}` : ''}\n`).join('');
}

/**
 * @param {ModelAnalyst} analyst
 * @param {DataStore | CubeStates} store
 * @param {string[] | undefined} names  default: all of the field, the wells and the regions
 * @param {Context['options']} options
 * @param {AbortSignal} signal
 */
async function* writeSummary(analyst, store, names, { smspec: base, start }, signal) {
  const all = names ?? analyst.vectorNames().map(({ name }) => name);
  const vectors = Object.values(analyst.vectors(all));
  const { smspec, unsmry, renamed } = encodeSummary(vectors, {
    shape: analyst.shape, ...(start && { start: dateOf(start) }) });
  const [specs, summary] = summaryFiles(base);
  await writeOnce(smspec, specs, signal);
  await writeOnce(unsmry, summary, signal);
  yield `${visible(specs)}, ${visible(summary)}: ${vectors.length} vectors, `
    + `${analyst.availableSteps.length} states\n`;
  for (const [name, short] of renamed) {
    yield `the well '${visible(name)}' is called '${visible(short)}' there\n`;
  }
}
