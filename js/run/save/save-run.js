// SPDX-License-Identifier: MIT
// A run's input as files that BORES reads: model, configuration and PVT tables. What came from BORES goes
// back as it was; a neutral model is written as far as BORES can say it, with its initial state.

import { BoresError } from '../../core/errors.js';
import { checkOptions } from '../../core/options.js';
import { readTree } from '../../values/tree.js';
import { assertDistinct, openStore } from '../../store/open-store.js';
import { isNewest } from '../bores/template.js';
import { openEngine } from '../engine.js';
import { simModule } from '../local-core.js';
import { jobOf, neutralCase } from '../run-case.js';
import { StateBuilder } from '../states/state-builder.js';
import { configEntry } from './config-entry.js';
import { pvtEntry } from './pvt-entry.js';

/**
 * @import { RunCase } from '../run-case.js'
 * @import { Tree } from '../bores/trees.js'
 *
 * @typedef {object} SaveTo  locations of files; their names say the backend
 * @property {unknown} [modelPath]
 * @property {unknown} [configPath]
 * @property {unknown} [pvtTablePath]
 * @property {unknown} [runPath]   model and configuration in one
 * @property {'guide' | 'head'} [layout]  of which BORES; what came from BORES stays in its version
 */

const KNOWN = { modelPath: 'any', configPath: 'any', pvtTablePath: 'any', runPath: 'any', layout: "'guide'|'head'" };

/**
 * @param {RunCase} runCase
 * @param {SaveTo} to
 * @throws {BoresError} ERR_ARGUMENT, ERR_UNSUPPORTED, and what writing throws
 */
export async function saveRun(runCase, to) {
  checkOptions('save()', to, KNOWN);
  const { layout, ...places } = to ?? {};
  const { modelPath, configPath, pvtTablePath, runPath } = places;
  if (Object.values(places).every((path) => path === undefined)) {
    throw new BoresError('ERR_ARGUMENT', 'save() needs { modelPath, configPath, pvtTablePath } or { runPath }');
  }
  await assertDistinct('save()', places);
  const { model, config, pvt } = runCase.bores ? ownInput(runCase.bores, layout)
    : await neutralInput(runCase, layout ?? runCase.options.layout ?? 'guide');
  if (pvtTablePath !== undefined && !pvt) throw new BoresError('ERR_ARGUMENT', 'this run has no PVT tables to save');
  await write(modelPath, model);
  await write(configPath, config);
  await write(pvtTablePath, pvt);
  await write(runPath, { model, config });
}

/**
 * @param {NonNullable<RunCase['bores']>} input
 * @param {string} [layout]
 */
function ownInput({ model, config: { pvt_tables: _, ...config }, pvt }, layout) {
  const own = isNewest(model) ? 'head' : 'guide';
  if (layout !== undefined && layout !== own) {
    throw new BoresError('ERR_UNSUPPORTED', `this model is of BORES's version '${own}', and is saved as that`);
  }
  return { model, config, pvt };
}

/**
 * @param {RunCase} runCase
 * @param {string} layout
 */
async function neutralInput(runCase, layout) {
  const newest = layout === 'head';
  runCase.problems.throwIfAny();
  const { template } = neutralCase(/** @type {Tree} */ (runCase.neutral),
    { ...runCase.options, layout: newest ? 'head' : 'guide' });
  const engine = await openEngine(jobOf(runCase), { worker: false, module: await simModule() });
  try {
    const { statics, days } = engine.describe();
    const first = await engine.next();
    if (!first) throw new BoresError('ERR_INTERNAL', 'the simulator has no first state');
    const { model } = new StateBuilder(template(readTree(statics), days)).build(first).toTree();
    const rs = model.fluid_properties.solution_gas_to_oil_ratio_grid.max() / 1000;
    return { model, config: configEntry(runCase.model, days, newest),
      pvt: pvtEntry(runCase.model, rs, newest) };
  } finally {
    engine.close();
  }
}

/**
 * @param {unknown} location
 * @param {Tree | null | undefined} tree
 */
async function write(location, tree) {
  if (location === undefined || !tree) return;
  const store = await openStore(location, { mode: 'w' });
  try {
    await store.dump([tree]);
  } finally {
    await store.close();
  }
}
