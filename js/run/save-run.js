// SPDX-License-Identifier: MIT
// A run's input as files that BORES reads: model, configuration and PVT tables.

import { BoresError } from '../core/errors.js';
import { openStore } from '../api/open-store.js';
import { checkName } from './run-options.js';

/**
 * @import { RunCase } from './run-case.js'
 *
 * @typedef {object} SaveTo  locations of files; their names say the backend
 * @property {unknown} [modelPath]
 * @property {unknown} [configPath]
 * @property {unknown} [pvtTablePath]
 * @property {unknown} [runPath]   model and configuration in one
 * @property {'guide' | 'head'} [layout]  default: the input's own
 */

const NAMES = ['modelPath', 'configPath', 'pvtTablePath', 'runPath', 'layout'];

/**
 * @param {RunCase} runCase
 * @param {SaveTo} to
 * @throws {BoresError} ERR_ARGUMENT, and what writing throws
 */
export async function saveRun(runCase, to) {
  for (const name of Object.keys(to ?? {})) checkName(name, NAMES, 'save()');
  const { modelPath, configPath, pvtTablePath, runPath } = to ?? {};
  if ([modelPath, configPath, pvtTablePath, runPath].every((path) => path === undefined)) {
    throw new BoresError('ERR_ARGUMENT', 'save() needs { modelPath, configPath, pvtTablePath } or { runPath }');
  }
  const input = runCase.bores;
  if (!input) throw new BoresError('ERR_UNSUPPORTED', 'a neutral model is not saved as BORES\'s files');
  const { pvt_tables: _, ...config } = input.config;
  await write(modelPath, input.model);
  await write(configPath, config);
  await write(pvtTablePath, input.pvt);
  await write(runPath, { model: input.model, config });
}

/**
 * @param {unknown} location
 * @param {unknown} tree
 */
async function write(location, tree) {
  if (location === undefined) return;
  if (tree === undefined || tree === null) {
    throw new BoresError('ERR_ARGUMENT', 'this run has no PVT tables to save');
  }
  const store = await openStore(location, { mode: 'w' });
  try {
    await store.dump([tree]);
  } finally {
    await store.close();
  }
}
