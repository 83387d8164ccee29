// SPDX-License-Identifier: MIT
// Everything the page shows, in one record. Views read it and watch it; only the Viewer
// writes it.

import { categoryTable, levelTable } from '../plot/colormaps.js';
import { NOTHING_ASKED } from '../cells/ask.js';
import { NO_FENCE } from '../fence/fence-link.js';
import { CLOSED_RESULTS } from './results-link.js';

/** @typedef {import('./grid.js').Cell} Cell */
/** @typedef {import('./properties.js').Drawable} Drawable */
/** @typedef {import('./run.js').Values} Values */

/**
 * What went wrong, told to a person.
 * @typedef {object} Failure
 * @property {string} title    what could not be done
 * @property {string} message  why, in a sentence for everybody
 * @property {string} [detail] the same as the library says it, where that has other words
 * @property {string} [advice] what to do about it
 * @property {string} [code]   `ERR_…`
 * @property {{ text: string, run: () => unknown }} [action]  what may help, to be clicked
 */

/**
 * A property at a step, read and on the screen.
 * @typedef {object} Shown
 * @property {number} step
 * @property {Drawable} property
 * @property {Values} values
 */

/**
 * The curve of the selected cell.
 * @typedef {object} CellHistory
 * @property {'reading' | 'ready' | 'failed'} status
 * @property {Drawable} property
 * @property {Cell} cell
 * @property {number[]} values   one a step
 * @property {string} problem    '' or what could not be read
 */

/**
 * How far the range over all steps is known.
 * @typedef {object} Scan
 * @property {number} done     steps that were looked at
 * @property {number} total
 * @property {number} nbytes   of the other steps: what will come, going by those so far; else decoded
 * @property {boolean} asks    it is so much that the user has to want it
 */

/**
 * What values a property, or its `difference`, was seen to have.
 * @typedef {{ property: string, difference: boolean, lo: number, hi: number, loPositive: number }} Found
 */

/**
 * What was answered of the cells that are shown.
 * @typedef {import('../../js/core/cells.js').CellAnswer & { step: number, property: Drawable,
 *   edges: readonly number[], filtered: boolean,
 *   cross: { x: Values, y: Values, mask: Uint8Array } | null }} CellsShown
 *   of the coloured `property`; `edges` of the bins; `filtered`: not all cells of the box are shown; `cross`: two
 *   properties, and the cells that pass the filters, brushed or not
 */

/** A pinned cell and its curve; null: it is being read; `problem`: '' or what could not be read.
 * @typedef {{ cell: Cell, property: Drawable, values: number[] | null, problem: string }} PinnedCell */

/**
 * @typedef {object} ViewerState
 * @property {'empty' | 'opening' | 'ready' | 'browsing' | 'failed'} phase
 * @property {Failure | null} failure
 * @property {{ name: string, text: string, goOn?: () => void } | null} opening  `goOn`: it waits to be told
 * @property {import('./run.js').Run | null} run
 * @property {import('./hierarchy.js').Hierarchy | null} hierarchy  of a file that is no run
 * @property {string | null} source       what a link can open again; null: nothing can
 * @property {Date | null} copied          when the run that is open was copied into this browser; null: it is no copy
 * @property {boolean} choosing            the start page lies over the run
 * @property {string} notice              what is to be said next; '' once it is being said
 * @property {boolean} webgl
 * @property {number} step                wanted: index in `run.steps`
 * @property {Drawable | null} property   wanted
 * @property {Shown | null} shown
 * @property {Omit<Shown, 'values'> | null} missed  what could not be read when it was wanted last; `trouble` says why
 * @property {boolean} busy               something wanted is not on the screen yet
 * @property {string} trouble             '' or why what is wanted cannot be shown
 * @property {number} timesRead           how many steps' times are known
 * @property {number} stepCount           of the run, as far as it has been written
 * @property {boolean} live               steps have come while it was open, the last one not long ago
 * @property {string} map
 * @property {boolean} log
 * @property {number} levels     colours of the legend; 0: as many as there are
 * @property {boolean} categories  whole numbers have a colour each
 * @property {boolean} symmetric  the range is as far below zero as above
 * @property {'all' | 'step' | 'typed'} rangeMode
 * @property {readonly [number, number]} range   in use
 * @property {Found | null} found  the values of the property that were seen, over all steps so far
 * @property {Found | null} also  those of viewers that share the range
 * @property {Scan} scan
 * @property {{ lo: Cell, hi: Cell }} box        cells shown, half-open
 * @property {import('../scene/renderer.js').Faces | null} faces
 * @property {import('../cells/ask.js').Ask} ask   what is asked of the cells
 * @property {readonly PinnedCell[]} pinned      curves of the pinned cells
 * @property {CellsShown | null} cells           the answer; null: nothing is asked
 * @property {number} exaggeration
 * @property {import('../fence/fence-link.js').FenceWish} fence
 * @property {import('../fence/fence-keeper.js').Curtain | null} curtain  what the fence cuts out of the cells; null: no
 *   panel shows one
 * @property {Cell | null} cell                  selected
 * @property {CellHistory | null} history
 * @property {0 | 1 | 2} sliceAxis
 * @property {Cell} sliceAt                      index of the slice along each axis
 * @property {import('../scene/renderer.js').View | null} view  where the eye is; null: home
 * @property {import('../scene/renderer.js').View | null} look  where it was last told to go
 * @property {import('./wells.js').Well[]} wells
 * @property {boolean} showWells
 * @property {boolean} showEdges
 * @property {boolean} metric                    metric values stand beside those of the run's units
 * @property {boolean} flat                      sides of cells have the legend's colours too, not darker ones
 * @property {boolean} showPlane                 where the slice lies is drawn in the 3-D picture, always
 * @property {boolean} slicing                   one is at the slice just now: its plane is drawn meanwhile
 * @property {boolean} hideMissing               cells without a value are not drawn
 * @property {boolean} playing
 * @property {number} speed                      steps a second
 * @property {boolean} loop
 * @property {boolean} byTime                    slider and playback go by time, not by step
 * @property {string} start                      date of day 0, as the run says or as typed; '' is not known
 * @property {import('../compare/compare-link.js').Compare | null} compare  what is to be compared
 * @property {import('../compare/lens.js').Lens | null} lens     what values are read through; null: as they are
 * @property {string} compareNote                 of what is compared: what is wrong or still being read
 * @property {import('./link.js').ResultsLink} results  what the Results panel is to show
 * @property {readonly { vector: string, title: string, points: [number, number][] }[]} paper  answers on
 *   paper, over days, to be drawn beside the curves of these names
 * @property {readonly { location: unknown, name: string }[]} beside  runs to be laid over this one
 */

/**
 * What is set without anything to be read for it.
 * @typedef {Partial<Pick<ViewerState, 'speed' | 'loop' | 'byTime' | 'start' | 'view' | 'source' | 'showWells'
 *   | 'choosing' | 'showEdges' | 'flat' | 'metric' | 'showPlane' | 'slicing' | 'webgl' | 'trouble' | 'results'
 *   | 'paper' | 'beside' | 'copied' | 'notice' | 'compare' | 'compareNote' | 'pinned' | 'curtain'>>} Patch
 */

/** @returns {ViewerState} */
export function emptyState() {
  return {
    phase: 'empty', failure: null, opening: null, run: null, hierarchy: null, source: null, copied: null,
    choosing: false, notice: '', webgl: true,
    step: 0, property: null, shown: null, missed: null, busy: false, trouble: '', timesRead: 0,
    stepCount: 0, live: false,
    map: 'viridis', log: false, levels: 0, categories: true, symmetric: false, rangeMode: 'all', range: [0, 1],
    scan: { done: 0, total: 0, nbytes: 0, asks: false }, found: null, also: null,
    box: { lo: [0, 0, 0], hi: [1, 1, 1] }, faces: null, ask: NOTHING_ASKED, pinned: [], cells: null, exaggeration: 1,
    fence: NO_FENCE, curtain: null, cell: null, history: null, sliceAxis: 2, sliceAt: [0, 0, 0], view: null, look: null,
    wells: [], showWells: true, showEdges: true, hideMissing: false,
    metric: false, flat: false, showPlane: false, slicing: false,
    playing: false, speed: 5, loop: false, byTime: false, start: '',
    compare: null, lens: null, compareNote: '', results: CLOSED_RESULTS,
    paper: [], beside: [],
  };
}

/** Whether what is wanted was tried, and could not be read. @param {Readonly<ViewerState>} state */
export function isMissed({ missed, step, property }) {
  return missed !== null && missed.step === step && missed.property === property;
}

/** The speeds that are offered, steps a second. */
export const SPEEDS = Object.freeze([1, 2, 5, 10, 20]);

/**
 * How values become colours now.
 * @param {Readonly<ViewerState>} state
 * @param {(id: string) => import('../plot/colormaps.js').ColourMap} colourMap
 * @returns {import('../plot/colormaps.js').Colouring}
 */
export function colouringOf(state, colourMap) {
  const { range: [lo, hi], log, map, levels, shown } = state;
  const { table } = colourMap(map);
  const ends = categoryEnds(state);
  if (shown?.property.ternary) return { table, lo: 0, hi: 1, log: false, flags: false, direct: true };
  if (ends) {
    return { table: categoryTable(ends[0], ends[1]), lo: ends[0] - 0.5, hi: ends[1] + 0.5, log: false, flags: false };
  }
  return { table: levels > 1 ? levelTable(table, levels) : table, lo, hi, log, flags: shown?.property.flags ?? false };
}

/** Categories that a legend has room for. */
const MOST_CATEGORIES = 40;

/**
 * First and last of the whole numbers that have a colour each; null: the colours are no categories.
 * @param {Readonly<ViewerState>} state
 * @returns {[number, number] | null}
 */
export function categoryEnds({ property, categories, range }) {
  if (property?.difference) return null;
  const [lo, hi] = [Math.round(range[0]), Math.round(range[1])];
  return property?.whole && categories && hi - lo < MOST_CATEGORIES ? [lo, hi] : null;
}

/** @param {Readonly<ViewerState>} state @returns {number}  of the cell on the screen; NaN: none */
export function valueAt({ shown, run, cell }) {
  return shown && run && cell ? shown.values.data[run.grid.indexOf(cell)] : NaN;
}
