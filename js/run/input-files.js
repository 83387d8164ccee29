// SPDX-License-Identifier: MIT
// A run's input from wherever it is: BORES's files of any backend and version, and neutral models.

import { BoresError } from '../core/errors.js';
import { checkOptions } from '../core/options.js';
import { ModelState } from '../state/model-state.js';
import { openStore } from '../store/open-store.js';
import { describeLocation } from '../store/store-connection.js';
import { readFileBytes } from '../store/file-bytes.js';
import { withConnections } from './neutral/connections.js';
import { isNeutral } from './run-case.js';

/**
 * @import { BoresInput } from './run-case.js'
 * @import { Tree } from './bores/trees.js'
 * @typedef {{ signal?: AbortSignal }} ReadOptions
 *
 * @typedef {object} RunFiles  each a location, or what is there already as a tree
 * @property {unknown} [modelPath]
 * @property {unknown} [configPath]
 * @property {unknown} [pvtTablePath]   the guide's name of it
 * @property {unknown} [pvtTablesPath]  the newest's names
 * @property {unknown} [pvtDataPath]
 * @property {unknown} [runPath]        model and configuration in one file, as `Run.to_file` writes it
 */

const FILES = { modelPath: 'any', configPath: 'any', pvtTablePath: 'any', pvtTablesPath: 'any', pvtDataPath: 'any',
  runPath: 'any' };

/**
 * The first entry of a store, as a plain tree.
 * @param {unknown} location
 * @param {string} what  a message calls it
 * @param {ReadOptions} [options]
 * @returns {Promise<Tree>}
 * @throws {BoresError} ERR_NOT_FOUND and what reading throws, with what it was to be
 */
export async function readEntry(location, what, { signal } = {}) {
  const name = describeLocation(location);
  try {
    const store = await openStore(location, { mode: 'r', signal });
    try {
      for await (const tree of store.load({ as: 'raw', indices: [0], prefetch: 0, signal })) {
        return tree.data !== undefined && tree._index !== undefined ? tree.data : tree;
      }
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof BoresError) || signal?.aborted) throw error;
    throw new BoresError(error.code, `the ${what} cannot be read from ${name}: ${error.message}`,
      { cause: error });
  }
  throw new BoresError('ERR_NOT_FOUND', `there is no ${what} in ${name}`);
}

/**
 * @param {RunFiles} files
 * @param {ReadOptions} options
 * @returns {Promise<BoresInput>}
 */
export async function readBoresFiles(files, options) {
  checkOptions('Run.fromFiles()', files, FILES);
  const { modelPath, configPath, runPath, pvtTablePath, pvtTablesPath, pvtDataPath } = files ?? {};
  const pvtPath = pvtTablePath ?? pvtTablesPath ?? pvtDataPath;
  const whole = runPath ?? (configPath === undefined ? modelPath : undefined);
  if (whole === undefined && modelPath === undefined) {
    throw new BoresError('ERR_ARGUMENT', 'a run needs { modelPath, configPath } or { runPath }');
  }
  const [first, config, pvt] = await Promise.all([
    readEntry(whole ?? modelPath, whole === undefined ? 'model' : 'run', options),
    configPath === undefined ? undefined : readEntry(configPath, 'configuration', options),
    pvtPath === undefined || pvtPath === null ? undefined : readEntry(pvtPath, 'PVT tables', options),
  ]);
  const own = splitRun(first);
  if ((config ?? own.config) === undefined) {
    throw new BoresError('ERR_ARGUMENT', `${describeLocation(whole ?? modelPath)} has a model and no `
      + 'configuration: give { configPath } too');
  }
  return boresInput({ model: own.model, config: config ?? own.config, pvtTable: pvt });
}

/**
 * A file of a run has both.
 * @param {Tree} tree
 */
function splitRun(tree) {
  const isRun = tree.model !== undefined && tree.config !== undefined;
  return isRun ? { model: tree.model, config: tree.config } : { model: tree, config: undefined };
}

/**
 * @param {{ model?: any, config?: any, [name: string]: any }} parts  trees, or entries as a store gives them
 * @returns {BoresInput}
 */
export function boresInput({ model, config, pvtTable, pvtTables, pvtData }) {
  const settings = treeOf(config, 'config');
  const { model: own, config: ownConfig } = splitRun(treeOf(model, 'model'));
  return {
    model: own.fluid_properties === undefined && own.model?.fluid_properties ? own.model : own,
    config: settings ?? ownConfig,
    pvt: treeOf(pvtTable ?? pvtTables ?? pvtData ?? settings?.pvt_tables, 'pvtTable') ?? null,
  };
}

/**
 * @param {any} value
 * @param {string} name
 * @returns {any}
 */
export function treeOf(value, name) {
  if (value === undefined || value === null) return undefined;
  if (value instanceof ModelState) return value.toTree();
  if (Array.isArray(value) && value.length === 1) return treeOf(value[0], name);
  if (typeof value !== 'object') {
    throw new BoresError('ERR_ARGUMENT', `${name} is a tree, as a store gives it, not ${typeof value} `
      + `'${String(value)}'; Run.fromFiles() reads files`);
  }
  return value.data !== undefined && value._index !== undefined ? treeOf(value.data, name) : value;
}

/**
 * @param {unknown} source  a location, JSON text, or the model itself
 * @param {ReadOptions} options
 * @returns {Promise<Tree>}
 */
export async function readNeutral(source, options) {
  if (typeof source === 'object' && source !== null && isNeutral(/** @type {Tree} */ (source))) {
    return /** @type {Tree} */ (source);
  }
  const text = typeof source === 'string' && /^\s*\{/.test(source) ? source
    : new TextDecoder().decode(await readFileBytes(source, options));
  /** @type {Tree} */
  let model;
  try {
    model = JSON.parse(text);
  } catch (cause) {
    throw new BoresError('ERR_CORRUPT', `${describeLocation(source)} is no JSON: `
      + `${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  if (isNeutral(model)) return withConnections(model, source, options);
  throw new BoresError('ERR_ARGUMENT', `${describeLocation(source)} is no neutral model: it has no grid.nx`);
}
