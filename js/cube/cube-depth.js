// SPDX-License-Identifier: MIT
// The depth of a run's cells, for its cube: a grid of BORES's says thickness, datum and dip, not depths.

/** @import { DataStore } from '../store/data-store.js' */

const FIELDS = ['cell_dimension', 'thickness_grid', 'datum_depth', 'dip_angle', 'dip_azimuth'];

/**
 * @param {DataStore} source
 * @param {number[]} shape  of the cube's grids
 * @param {AbortSignal} [signal]
 * @returns {Promise<Float64Array | undefined>}  of each cell's centre in ft, NaN of inactive cells; undefined where
 *   the run does not say it
 */
export async function cubeDepth(source, shape, signal) {
  const [{ idx }] = await source.entries({ signal });
  const fields = FIELDS.map((name) => `model.${name}`);
  for await (const { model } of source.load({ as: 'raw', indices: [idx], fields, signal })) {
    const { thickness_grid: thickness, cell_dimension: sides, datum_depth: datum, dip_angle: angle,
      dip_azimuth: azimuth } = model ?? {};
    if (!thickness || !sides || String(thickness.shape) !== String(shape)) return undefined;
    const number = (/** @type {unknown} */ value) => (Number.isFinite(value) ? Number(value) : 0);
    return source.compute('gridDepths', [{ shape, cellDimension: Array.from(sides.data ?? sides, Number),
      thickness: Float64Array.from(thickness.data, Number), datumDepth: number(datum), dipAngle: number(angle),
      dipAzimuth: number(azimuth) }]);
  }
  return undefined;
}
