// SPDX-License-Identifier: MIT
// What the viewer needs of an ECLIPSE run: its report steps, its corner-point grid, and what can be drawn.

import { BoresError } from '../../js/index.js';
import { drawables } from '../model/properties.js';
import { spreadOrder } from '../model/range.js';
import { toStep } from '../model/read.js';
import { startDateOf } from '../time/dates.js';
import { CornerGrid } from '../grid/corner-grid.js';
import { inUnitsOf, lengthUnitOf } from './eclipse-names.js';
import { eclipseWells } from './eclipse-wells.js';

/** @typedef {import('../../js/index.js').EclipseStore} EclipseStore */

/** Steps whose arrays are looked at: some are not in all. */
const LOOKED_AT = 24;

/**
 * @param {any} store  an EclipseStore
 * @param {import('../model/read.js').OpenOptions} options
 * @returns {Promise<import('../model/run.js').Parts>}
 */
export async function readEclipse(store, { name, signal, onProgress }) {
  const entries = await store.entries({ signal });
  onProgress?.('Reading the grid');
  const info = await store.info({ signal });
  const [points, skin] = await Promise.all([store.cornerPoints({ signal }), store.cornerFaces({}, { signal })]);
  if (points.dims.some((/** @type {number} */ n, /** @type {number} */ d) => info.dims[d] > 0 && n !== info.dims[d])) {
    throw new BoresError('ERR_CORRUPT', `the grid of ${name} has ${points.dims.join(' × ')} cells, the states have `
      + info.dims.join(' × '));
  }
  if (entries.length === 0) {
    throw new BoresError('ERR_EMPTY', `${name} has a grid, but neither a restart (UNRST) nor INIT`);
  }
  const unit = lengthUnitOf(points.gridUnit, info.unitSystem);
  const mapUnit = points.mapAxes && points.mapAxes.scale !== 1 ? lengthUnitOf(points.mapUnit, null) : unit;
  const grid = new CornerGrid(points, skin, unit, mapUnit);
  const arrays = await arraysOf(store, entries.length, signal);
  const properties = drawables(arrays, grid.shape).map((property) => inUnitsOf(property, info.unitSystem));
  return { steps: entries.map(toStep), grid, properties, startDate: await startDateOf(store, entries),
    notice: info.localGrids ? `Not drawn: the local grids ${info.localGrids.join(', ')}.` : '',
    wellsAt: async (entry) => eclipseWells(await store.wells(entry), grid) };
}

/**
 * @param {EclipseStore} store
 * @param {number} count  of entries
 * @param {AbortSignal} [signal]
 */
async function arraysOf(store, count, signal) {
  /** @type {Map<string, Awaited<ReturnType<EclipseStore['inventory']>>[number]>} */ const found = new Map();
  for (const entry of spreadOrder(count).slice(0, LOOKED_AT)) {
    // A damaged step says so when it is looked at.
    for (const array of await store.inventory(entry, { signal }).catch(() => [])) {
      const key = array.names.join('.');
      if (!found.has(key)) found.set(key, array);
    }
    signal?.throwIfAborted();
  }
  return [...found.values()];
}
