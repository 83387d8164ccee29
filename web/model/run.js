// SPDX-License-Identifier: MIT
// One run as the viewer sees it: the only module between the page and the library. It reads
// what is asked for and nothing else, and keeps what it read lately.

import { BoresError, EclipseStore, openStore } from '../../js/index.js';
import { withTernary } from './properties.js';
import { formatBytes } from '../plot/scale.js';
import { ByteCache } from '../base/cache.js';
import { coarseWells, finerOf, sliceOf } from '../coarse/coarse.js';
import { Growth, RESTART, isRemote, mayGrow, pause } from './growth.js';
import { keptRanges } from './range.js';
import { extremes, numbers, readParts, readState, spread, toStep } from './read.js';
import { wellsOf } from './wells.js';

/** @typedef {import('./grid.js').Cell} Cell */
/** @typedef {import('../grid/cell-grid.js').CellGrid} Grid */
/** @typedef {import('./properties.js').Drawable} Drawable */
/** @typedef {import('../scene/renderer.js').Faces} Faces */
/** Of a file that a server sends as a whole. @typedef {{ done: number, total?: number }} Download */
/**
 * One property at one step.
 * @typedef {object} Values
 * @property {Float64Array | Float32Array | Uint8Array | Int8Array | Int16Array | Int32Array
 *   | Uint16Array | Uint32Array} data  one a cell, C order, as precise as the file
 * @property {number} lo     smallest finite value; NaN if there is none
 * @property {number} hi     largest
 * @property {number} loPositive  smallest above zero; NaN if there is none
 * @property {number} missing     cells without a value
 * @property {readonly ArrayLike<number>[]} [parts]  oil, gas and water saturation, where a value is their colour
 * @property {number} [flagged]   cells whose saturations do not add up to one
 * @property {import('../compare/lens.js').Pair} [pair]  of two states: those that are compared
 */

/**
 * @typedef {object} Step
 * @property {number} entry        index in the store
 * @property {number | null} step  the simulator's step number, where the entry tells
 * @property {number | null} time  seconds; null until it has been read
 * @property {boolean} damaged     what describes it cannot be read
 */

/** @typedef {ReturnType<typeof wellsOf>} Wells */
/**
 * What the files of a run are like.
 * @typedef {object} Parts
 * @property {Step[]} steps
 * @property {Grid} grid
 * @property {Drawable[]} properties
 * @property {string} [startDate]  of day 0; '' is not known
 * @property {string} [notice]  what is to be said when it is opened
 * @property {() => Promise<string>} [check]  what is found to be wrong once it is shown; '' is nothing
 * @property {(entry: number) => Promise<Wells>} [wellsAt]  where they are not read of a state
 */

/**
 * One cell through time.
 * @typedef {object} History
 * @property {number[]} values  one a step; NaN where there is none
 * @property {unknown} problem  the first error, if some steps could not be read
 */

/** @typedef {import('../library/remembered-ranges.js').Place} Place */

/** Values kept in memory, bytes. */
const CACHE_BYTES = 256e6;

/** What says in a folder how many steps there are, by version of Zarr. */
const ROOT = Object.freeze([null, null, '.zattrs', 'zarr.json']);

export class Run {
  /** @type {ByteCache<Promise<Values>>} */ #values = new ByteCache(CACHE_BYTES);
  /** @type {Map<number, Promise<Wells>>} */ #wells = new Map();
  #wellsAt;
  #wake = () => {};
  #nudged = false;
  #store;
  #growth;
  #keptAs;
  /** @type {Promise<import('../library/remembered-ranges.js').RememberedRanges> | null} */ #ranges = null;

  /**
   * @param {import('../../js/index.js').DataStore} store
   * @param {Parts & { name: string, remote: boolean, growing: boolean, growth: Growth, keptAs?: Place,
   *   openAll: (signal: AbortSignal) => Promise<Run> }} parts
   *   `remote`: every read goes over a network; `growing`: somebody may be writing it; `keptAs`: its location, where
   *   what was found of it may be kept in the browser; `openAll`: the same run with all its cells
   */
  constructor(store, { name, remote, growing, growth, keptAs, openAll, steps, grid, properties, startDate = '',
    notice = '', wellsAt, check = async () => '' }) {
    this.#store = store;
    this.name = name;
    this.remote = remote;
    this.growing = growing;
    this.#growth = growth;
    this.#keptAs = keptAs;
    this.openAll = openAll;
    /** What all openings of the run have in common that take each other's place. */
    this.origin = {};
    /** What there is besides what is shown; null: all is shown. */
    this.finer = finerOf(grid.stored, grid.every);
    this.backend = store.backend;
    this.steps = steps;
    this.grid = grid;
    this.properties = withTernary(properties);
    this.startDate = startDate;
    this.notice = notice;
    this.check = check;
    this.#wellsAt = wellsAt ?? (async (/** @type {number} */ entry) => coarseWells(
      wellsOf((await readState(store, entry, ['wells'])).wells, grid.stored), grid.every));
    this.bounds = grid.bounds;
  }

  /**
   * Opens a run: its list of entries, and the grid and the list of arrays of the first.
   *
   * @param {unknown} location  as `openStore` takes it
   * @param {import('./read.js').OpenOptions} options
   * @returns {Promise<Run>}
   * @throws {BoresError}  the library's; `ERR_NOT_A_RUN` for a store of something else,
   *   `ERR_EMPTY` for one without entries
   */
  static async open(location, { name, signal, onProgress, confirm, keeps = false, every }) {
    onProgress?.('Reading the list of steps');
    const http = { onProgress: (/** @type {Download} */ got) => onProgress?.(downloadText(got)) };
    let store = await openStore(location, { mode: 'r', worker: 'auto', signal, http });
    const eclipse = store instanceof EclipseStore;
    try {
      const described = eclipse ? null : await store.describe({ signal });
      if (described?.attributes?.bores_cube === 1) {
        store = await (await import('../library/cube-store.js')).cubeStore(store, location, { signal, http });
      }
      const read = eclipse ? (await import('../eclipse/eclipse-parts.js')).readEclipse : readParts;
      const parts = await read(store, { name, signal, onProgress, confirm, every });
      // A look at a run on a server asks for all names that it may have: only where its restart tells that it grew.
      const growing = mayGrow(location) && !(eclipse && typeof location === 'string' && !RESTART.test(location));
      const remote = isRemote(location);
      return new Run(store, { name, remote, growing, growth: new Growth(location, remote), ...parts,
        keptAs: keeps ? { location, document: described && ROOT[described.zarrFormat ?? 0] } : undefined,
        openAll: (/** @type {AbortSignal} */ stop) => Run.open(location, { name, signal: stop, keeps, every: 1 }) });
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** @param {string} id @returns {Drawable | undefined} */
  property(id) {
    return this.properties.find((property) => property.id === id);
  }

  /**
   * The skin of the cells in a box of indices.
   * @param {{ lo: Cell, hi: Cell, mask?: Uint8Array | null }} box  half-open; of it only cells
   *   whose mask is not 0
   * @param {AbortSignal} [signal]
   * @returns {Promise<Faces>}
   */
  async faces(box, signal) {
    const { positions, cells, directions, count } = await this.grid.faces(this.#store, box);
    signal?.throwIfAborted();
    for (let face = 0; face < count; face += 1) {
      cells[face] = ((directions[face] << 29) | cells[face]) >>> 0;
    }
    return { positions, codes: cells, count };
  }

  /**
   * What an upright curtain along a line cuts out of the cells.
   * @param {readonly (readonly [number, number])[]} points  drawing coordinates
   * @returns {Promise<import('../../js/core/fence.js').Fence>}
   */
  fence(points) {
    return this.grid.fence(this.#store, points);
  }

  /**
   * Which cells are shown, and what is told of them.
   * @param {import('../../js/core/geometry.js').GridGeometry} grid
   * @param {Parameters<typeof import('../../js/core/cells.js').askCells>[2]} question
   * @returns {Promise<import('../../js/core/cells.js').CellAnswer>}
   */
  askCells(grid, question) {
    return this.#store.compute('askCells', [grid, question]);
  }

  /**
   * One property at one step. Asked for twice, read once.
   * @param {number} step  index in `steps`
   * @param {Drawable} property
   * @returns {Promise<Values>}
   */
  values(step, property) {
    const key = `${step} ${property.id}`;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const reading = this.#read(step, property);
    this.#values.set(key, reading, property.nbytes / this.grid.every ** 2);
    reading.catch(() => this.#values.delete(key));
    return reading;
  }

  /**
   * Ranges of steps that are kept beside the data, else of those that were read at an earlier visit.
   * @param {Drawable} property @param {readonly number[]} steps @param {AbortSignal} signal
   */
  async keptRanges(property, steps, signal) {
    const found = await keptRanges(this.#store, this, property, steps, signal);
    const others = new Map(steps.filter((step) => !found.has(step)).map((step) => [this.steps[step].entry, step]));
    if (others.size === 0) return found;
    return new Map([...await (await this.#remembered())?.lookUp(property.id, others) ?? [], ...found]);
  }

  /**
   * Keeps what was read of steps in this browser, where it is a page of its own that shows the run.
   * @param {Drawable} property @param {ReadonlyMap<number, import('./range.js').Ends>} found  by step
   * @param {boolean} anew  what was kept is not so
   * @returns {Promise<void>}
   */
  async rememberRanges(property, found, anew) {
    if (this.finer) return; // they are of some cells only
    const ends = new Map([...found].map(([step, of]) => [this.steps[step].entry, of]));
    await (await this.#remembered())?.remember(property.id, ends, anew);
  }

  /** @returns {Promise<import('../library/remembered-ranges.js').RememberedRanges | null>} */
  async #remembered() {
    if (!this.#keptAs) return null;
    const place = this.#keptAs;
    this.#ranges ??= import('../library/remembered-ranges.js')
      .then(({ RememberedRanges }) => new RememberedRanges(place));
    return this.#ranges;
  }

  /** Bytes that have come over a network so far; undefined where that is not counted (a cube's store). */
  async received() {
    return this.#store.received?.();
  }

  /**
   * One cell through all steps.
   * @param {Drawable} property
   * @param {Cell} cell
   * @param {AbortSignal} signal
   * @returns {Promise<History>}
   */
  async history(property, cell, signal) {
    if (property.sparse) return this.#slowHistory(property, cell, signal);
    try {
      const { time, value } = await this.#store.series(property.path, this.grid.storedCell(cell), {
        indices: this.steps.map(({ entry }) => entry), signal,
      });
      this.steps.forEach((step, n) => { step.time ??= time[n]; });
      return { values: Array.from(value, Number), problem: null };
    } catch (error) {
      signal.throwIfAborted();
      // One unreadable chunk ends a series; read step by step, the others still make a curve.
      return this.#slowHistory(property, cell, signal);
    }
  }

  /**
   * The wells as they were at a step.
   * @param {number} step  index in `steps`
   */
  wells(step) {
    let reading = this.#wells.get(step);
    if (reading === undefined) {
      reading = this.#wellsAt(this.steps[step].entry);
      this.#wells.set(step, reading);
      reading.catch(() => this.#wells.delete(step));
    }
    return reading;
  }

  /**
   * Reads the times of all steps, a few metadata documents each.
   * @param {AbortSignal} signal
   * @param {(known: number) => void} onTime
   */
  async readTimes(signal, onTime) {
    const missing = this.steps.filter(({ time, damaged }) => time === null && !damaged);
    let n = 0;
    const states = this.#store.load({
      indices: missing.map(({ entry }) => entry), fields: ['step', 'time'], signal,
    });
    for await (const state of states) {
      missing[n].time = Number(state.time);
      missing[n].step ??= Number(state.step);
      n += 1;
      onTime(this.steps.length - missing.length + n);
    }
    onTime(this.steps.length);
  }

  /**
   * Looks for steps that are being written, and adds them to `steps`. Ends with `signal`; a look
   * that fails is made again, and one is made when the page is seen again.
   * @param {AbortSignal} signal
   * @param {() => void} onSteps  some were added
   * @param {() => void} [onQuiet]  nothing has come for so long that it is taken as finished
   */
  async follow(signal, onSteps, onQuiet) {
    globalThis.document?.addEventListener('visibilitychange', () => this.#wake(), { signal });
    while (this.growing) {
      signal.throwIfAborted();
      const told = new Promise((resolve) => { this.#wake = () => resolve(undefined); });
      const rest = this.#growth.pause;
      if (rest === null) onQuiet?.();
      if (!this.#nudged) await Promise.race([pause(rest, signal), told]);
      const last = this.steps[this.steps.length - 1].entry;
      const worth = await this.#growth.mayHaveCome(last + 1, signal);
      if (!worth && !this.#nudged) continue;
      this.#nudged = false;
      const entries = await this.#store.entries({ signal }).catch(() => null);
      signal.throwIfAborted();
      if (entries === null) continue;
      this.#growth.listed();
      const added = entries.filter(({ idx }) => idx > last).map(toStep);
      if (added.length === 0) continue;
      this.steps.push(...added);
      this.#growth.came();
      onSteps();
    }
  }

  /** Says that the run has grown, so that nobody waits for the next look. */
  nudge() {
    this.#nudged = true; // also for one who is looking just now
    this.#wake();
  }

  /** The store, for those who analyse it. */
  get store() {
    return this.#store;
  }

  /**
   * Writes it to a file that the user chooses.
   * @param {string} ending  of SAVE_FORMATS
   * @param {Parameters<typeof import('./save.js').saveRun>[3]} options
   * @returns {ReturnType<typeof import('./save.js').saveRun>}  null: the user chose none
   */
  async save(ending, options) {
    const { saveRun } = await import('./save.js');
    return saveRun(this.#store, this.name, ending, options);
  }

  async close() {
    await this.#store.close();
  }

  /** @param {number} step @param {Drawable} property @returns {Promise<Values>} */
  async #read(step, property) {
    if (property.ternary) return (await import('../cells/ternary.js')).ternaryValues(this, step, property);
    const { entry } = this.steps[step];
    const slice = property.sparse ? undefined : sliceOf(this.grid.every);
    const stored = await this.#store.read(entry, property.path, { slice });
    const data = this.grid.onlyCells(property.sparse ? spread(stored, this.grid) : numbers(stored));
    if (data.length !== this.grid.size) {
      throw new BoresError('ERR_SHAPE', `${property.id} of entry ${entry} has ${data.length} `
        + `values, the grid has ${this.grid.size} cells`, { entry, path: property.id });
    }
    const found = extremes(data);
    return { data, ...found, missing: found.missing - this.grid.inactive };
  }

  /** @param {Drawable} property @param {Cell} cell @param {AbortSignal} signal */
  async #slowHistory(property, cell, signal) {
    const at = this.grid.indexOf(cell);
    /** @type {History} */ const history = { values: [], problem: null };
    for (let n = 0; n < this.steps.length; n += 1) {
      signal.throwIfAborted();
      try {
        history.values.push((await this.values(n, property)).data[at]);
      } catch (error) {
        history.values.push(NaN);
        history.problem ??= error;
      }
    }
    return history;
  }
}

/** @param {Download} got */
function downloadText({ done, total }) {
  return total === undefined ? `Downloading, ${formatBytes(done)} so far`
    : `Downloading, ${formatBytes(done)} of ${formatBytes(total)}`;
}
