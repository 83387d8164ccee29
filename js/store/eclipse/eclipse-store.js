// SPDX-License-Identifier: MIT
// The files of an ECLIPSE run as a store that is only read: report steps are entries. What such a run has
// besides: a head, a corner-point grid, and the vectors of its summary.

import { BoresError } from '../../core/errors.js';
import { checkArgument, checkOptions } from '../../core/options.js';
import { DataStore, internalsOf } from '../data-store.js';
import { checkCalls } from '../known-options.js';
import { CornerGeometry } from './corner-geometry.js';
import { mapAxesOf } from './map-axes.js';
import { chooseVectors, keysOf } from './summary-vectors.js';
import { readTree } from '../../values/tree.js';

/**
 * @import { OpenOptions } from '../store-types.js'
 * @import { SummaryVector, VectorName } from './summary-vectors.js'
 * @typedef {{ signal?: AbortSignal }} CallOptions
 *
 * @typedef {object} EclipseInfo
 * @property {string | null} startDate  'YYYY-MM-DD'
 * @property {'METRIC' | 'FIELD' | 'LAB' | 'PVT-M' | null} unitSystem  null: the files do not say it
 * @property {('oil' | 'water' | 'gas')[]} phases
 * @property {[number, number, number]} dims  nx, ny, nz
 * @property {number} activeCells
 * @property {string[]} [localGrids]  names of local grid refinements, whose cells are passed over; left out where
 *   there is none
 *
 * @typedef {object} WellRates  of the file's units or BORES's, as the store was opened; injection is negative
 * @property {number | null} oil
 * @property {number | null} water
 * @property {number | null} gas
 * @property {number | null} liquid
 * @property {number | null} reservoir
 *
 * @typedef {object} WellConnection
 * @property {[number, number, number]} cell  i, j, k from 0
 * @property {boolean} isOpen
 * @property {'x' | 'y' | 'z' | null} direction
 * @property {number} segment  0: the well has none there
 * @property {number | null} factor  transmissibility of the connection
 * @property {number | null} depth
 * @property {number | null} diameter
 * @property {{ oil: number, water: number, gas: number } | null} rates  of XCON
 *
 * @typedef {object} EclipseWell
 * @property {string} name
 * @property {'producer' | 'injector' | null} type
 * @property {'oil' | 'water' | 'gas' | null} phase  what is injected
 * @property {number} status  of IWEL; above 0 the well is open
 * @property {boolean} isOpen
 * @property {[number, number] | null} head  i, j from 0; null: not within the grid
 * @property {number} group  its number
 * @property {number} segments  0: no multi-segment well
 * @property {WellRates | null} rates  of XWEL
 * @property {number | null} bottomHolePressure
 * @property {{ oil: number, water: number, gas: number, waterInjected: number, gasInjected: number } | null} totals
 *   volumes since the run began
 * @property {WellConnection[]} connections  within the grid
 *
 * @typedef {object} CornerPoints
 * @property {[number, number, number]} dims  nx, ny, nz
 * @property {Float32Array | Float64Array} coord  x, y, depth of each pillar's top and bottom, i fastest
 * @property {Float32Array | Float64Array} zcorn  depth of corner (a, b, c) of cell i, j, k at
 *   2i + a + 2nx (2j + b + 2ny (2k + c))
 * @property {Uint8Array} active  by flat index (i ny + j) nz + k
 * @property {import('./map-axes.js').MapAxes | null} mapAxes  null: x and y are the map's
 * @property {string | null} gridUnit  'METRES', 'FEET', 'CM'
 * @property {string | null} mapUnit  the same of the map
 */

const SYSTEMS = /** @type {const} */ (['METRIC', 'FIELD', 'LAB', 'PVT-M']);

export class EclipseStore extends DataStore {
  #given;

  /** @param {unknown} location  any file of the run, its folder or URL, files @param {OpenOptions} [options] */
  constructor(location, options) {
    super('eclipse', location, options);
    this.#given = { location, options };
  }

  /**
   * The run in the units in which another store shall have it: those it was opened with, BORES's where nobody chose.
   * @returns {EclipseStore}  this store, or another, which is the caller's to close
   */
  asCopied() {
    return this.#given.options?.units === 'file' ? this : this.inBoresUnits();
  }

  /**
   * The same run in BORES's units: this store where it has them, else another, which is the caller's to close.
   * @returns {EclipseStore}
   */
  inBoresUnits() {
    const { location, options } = this.#given;
    return options?.units === 'bores' ? this : new EclipseStore(location, { ...options, units: 'bores' });
  }

  /**
   * @param {CallOptions} [options]
   * @returns {Promise<EclipseInfo>}
   */
  async info(options) {
    const { info } = await this.#run('open', null, options);
    const isKnown = info.startDate !== null && info.unitSystem !== null;
    const { startDate, unitSystem } = isKnown ? info : await this.#summaryHead(options);
    return { ...info, ...(info.dims[0] === 0 && await this.#sizeOfInput(options)),
      startDate: info.startDate ?? startDate, unitSystem: info.unitSystem ?? unitSystem };
  }

  /**
   * The wells of a report step, as IWEL, XWEL, ICON and SCON have them.
   * @param {number} index  of the entry; -1 is the last
   * @param {CallOptions} [options]
   * @returns {Promise<EclipseWell[]>}  in the order of the file
   * @throws {BoresError} ERR_INDEX_RANGE
   */
  async wells(index, options) {
    const { group } = await internalsOf(this).locate(index, options);
    return this.#run('wells', { group }, options);
  }

  /**
   * What the summary has, without its values.
   * @param {CallOptions} [options]
   * @returns {Promise<VectorName[]>}  `key` as in `WOPR:P1`, `BPR:1,1,3`; the file's units
   * @throws {BoresError} ERR_NOT_FOUND where there is no SMSPEC
   */
  async vectorNames(options) {
    const { vectors, dims } = await this.#run('summary', {}, options);
    return keysOf(vectors, dims);
  }

  /**
   * Vectors of the summary, row by row: every time step that the file has.
   * @param {readonly string[]} keys
   * @param {CallOptions} [options]
   * @returns {Promise<SummaryVector[]>}  in the order of `keys`; `days` since the start, `steps`: the report
   *   step that each row belongs to
   * @throws {BoresError} ERR_NOT_FOUND naming a key that is not there
   */
  async vectors(keys, options) {
    const { vectors, dims } = await this.#run('summary', {}, options);
    const chosen = chooseVectors(keysOf(vectors, dims), keys, this.location);
    if (chosen.length === 0) return [];
    const rows = await this.#run('summary', { columns: chosen.map(({ column }) => column) }, options);
    const count = rows.days.data.length;
    return chosen.map(({ key, unit }, n) => ({ key, unit, days: rows.days.data.slice(), steps: rows.steps.data.slice(),
      values: rows.values.data.slice(n * count, (n + 1) * count) }));
  }

  /**
   * The corner-point grid, in the file's length units and its own coordinates.
   * @param {CallOptions & { connections?: boolean }} [options]  connections: false leaves them out, which in a large
   *   grid take longer than all else
   * @returns {Promise<CornerGeometry>}
   * @throws {BoresError} ERR_NOT_FOUND where the run has no grid, ERR_CORRUPT naming COORD, ZCORN or ACTNUM
   */
  async geometry({ connections = true, ...options } = {}) {
    const grid = await this.#run('geometry', {}, options);
    return new CornerGeometry(grid, connections ? await this.#run('connections', {}, options) : null);
  }

  /**
   * What the corners of all cells are made of, as the file has it, and which cells are active: quick to have of
   * any grid, since nothing is computed.
   * @param {CallOptions} [options]
   * @returns {Promise<CornerPoints>}
   * @throws {BoresError} as geometry()
   */
  async cornerPoints(options) {
    const grid = await this.#run('geometry', {}, options);
    const { dims, coord, zcorn, gridunit, mapunits } = grid;
    const { active } = await this.#run('cells', { volumes: false }, options);
    return { dims, coord: coord.data, zcorn: zcorn.data, active: active.data, mapAxes: mapAxesOf(grid),
      gridUnit: gridunit?.[0] ?? null, mapUnit: mapunits?.[0] ?? null };
  }

  /**
   * Volume, centre and depth of every cell, by flat index (i ny + j) nz + k.
   * @param {CallOptions} [options]
   * @returns {Promise<{ volumes: Float64Array, centres: Float64Array, active: Uint8Array }>}  centres: x, y, depth
   */
  async cornerCells(options) {
    const { volumes, centres, active } = await this.#run('cells', {}, options);
    return { volumes: volumes.data, centres: centres.data, active: active.data };
  }

  /**
   * What is seen of the active cells, or of those that a filter keeps: of each side what no visible
   * neighbour covers, across faults too.
   * @param {{ lo?: readonly number[], hi?: readonly number[], mask?: Uint8Array | null,
   *   origin?: readonly number[] }} [filter]  a half-open box of i, j, k; a byte a cell by flat index; x, y and
   *   depth that become (0, 0, 0): the middle of the grid where it is left out
   * @param {CallOptions} [options]
   * @returns {Promise<import('../../core/geometry.js').Faces>}  as gridFaces() gives them; z is up
   */
  async cornerFaces(filter, options) {
    checkOptions('cornerFaces()', filter, { lo: 'list', hi: 'list', mask: 'list|null', origin: 'list' });
    const { lo, hi, mask, origin } = filter ?? {};
    const { positions, cells, directions, origin: at } = await this.#run('faces', {
      ...(lo && { lo: [...lo] }), ...(hi && { hi: [...hi] }), ...(mask && { mask }),
      ...(origin && { origin: origin.map(Number) }),
    }, options);
    return { count: cells.data.length, positions: positions.data, cells: cells.data,
      directions: directions.data, origin: at };
  }

  /**
   * What an upright curtain along a line on the map cuts out of the active cells.
   * @param {readonly (readonly number[])[]} points  [x, y] each, as the grid's COORD has them, from the line's start
   * @param {CallOptions} [options]
   * @returns {Promise<import('../../core/fence.js').Fence>}  distances and depths in the grid's unit
   * @throws {BoresError} as geometry(), and ERR_ARGUMENT for a line without length or what is no list of points
   */
  async cornerFence(points, options) {
    checkArgument('cornerFence()', 'points', points, 'list');
    const { cells, firsts, stations, length } = await this.#run('fence', { points: numbersOf(points) }, options);
    return { count: cells.data.length, cells: cells.data, firsts: firsts.data, stations: stations.data, length };
  }

  /** How large the grid of a GRDECL is, which has nothing else. @param {CallOptions} [options] */
  async #sizeOfInput(options) {
    try {
      const { dims, active } = await this.#run('geometry', {}, options);
      return { dims, activeCells: active.data.filter((/** @type {number} */ is) => is !== 0).length };
    } catch (error) {
      if (error instanceof BoresError) return {}; // reading the grid tells
      throw error;
    }
  }

  /**
   * What a summary without a restart says.
   * @param {CallOptions} [options]
   * @returns {Promise<Pick<EclipseInfo, 'startDate' | 'unitSystem'>>}
   */
  async #summaryHead(options) {
    try {
      const { start, units } = await this.#run('summary', {}, options);
      const [day, month, year] = start?.data ?? [];
      const written = (/** @type {number} */ n, /** @type {number} */ width) => String(n).padStart(width, '0');
      const isDate = year > 0 && month > 0 && day > 0;
      return { startDate: isDate ? `${written(year, 4)}-${written(month, 2)}-${written(day, 2)}` : null,
        unitSystem: SYSTEMS[units - 1] ?? null };
    } catch (error) {
      if (error instanceof BoresError) return { startDate: null, unitSystem: null }; // none, or none that can be read
      throw error;
    }
  }

  /**
   * @param {string} name
   * @param {unknown} params
   * @param {CallOptions} [options]
   */
  async #run(name, params, options) {
    const session = await internalsOf(this).session();
    return readTree(await session.run(name, params, options));
  }
}

/** Of [x, y] each, one after the other. @param {readonly (readonly number[])[]} points @returns {number[]} */
function numbersOf(points) {
  points.forEach((point, n) => {
    if (!Array.isArray(point) || point.length !== 2 || !point.every(Number.isFinite)) {
      throw new BoresError('ERR_ARGUMENT', `cornerFence(): point ${n} is ${JSON.stringify(point)}, not [x, y]`);
    }
  });
  return points.flatMap((point) => [...point]);
}

checkCalls(EclipseStore, {
  info: 0, wells: 1, vectorNames: 0, vectors: 1, geometry: 0, cornerPoints: 0, cornerCells: 0, cornerFaces: 1,
  cornerFence: 1,
});
