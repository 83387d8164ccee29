// SPDX-License-Identifier: MIT
// Between a link and what the viewer shows: what a run is opened with, and what a link has
// to say so that it is shown alike elsewhere.

import { NOTHING_ASKED } from '../cells/ask.js';
import { coarseLink, fineLink } from '../coarse/coarse.js';
import { NO_FENCE } from '../fence/fence-link.js';
import { COLOUR_MAPS } from '../plot/colormaps.js';
import { readableExaggeration } from './grid.js';
import { firstChoice } from './properties.js';
import { CLOSED_RESULTS } from './results-link.js';
import { compareOf, linkOfCompare, usualColours } from '../compare/compare-link.js';
import { SPEEDS } from './state.js';

/** @typedef {import('./grid.js').Cell} Cell */
/** @typedef {import('./link.js').LinkState} LinkState */
/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./state.js').ViewerState} ViewerState */

const SPEED = 5;

/**
 * What is shown of a run at first. What the link says counts as far as it fits the run.
 * @param {Run} run
 * @param {LinkState} link
 * @returns {Partial<ViewerState>}
 */
export function startState(run, link) {
  return stateOf(run, run.finer ? coarseLink(link, run.grid.every) : link);
}

/** @param {Run} run @param {LinkState} link  of indices as they are shown @returns {Partial<ViewerState>} */
function stateOf(run, link) {
  const { shape } = run.grid;
  const property = run.property(link.property ?? '') ?? firstChoice(run.properties) ?? null;
  const usual = usualColours(property, link.compare, COLOUR_MAPS[0].id);
  const typed = typeof link.range === 'object' ? link.range : null;
  return {
    run,
    property,
    step: Math.max(0, Math.min(run.steps.length - 1, Math.trunc(link.step ?? 0))),
    map: COLOUR_MAPS.find(({ id }) => id === link.map)?.id ?? usual.map,
    log: link.log ?? usual.log,
    levels: link.levels !== undefined && isLevels(link.levels) ? link.levels : 0,
    categories: link.categories ?? true,
    symmetric: (link.symmetric ?? false) && !(link.log ?? property?.log),
    rangeMode: typed ? 'typed' : link.range === 'step' ? 'step' : 'all',
    range: typed ?? [0, 1],
    box: boxOf(link, shape),
    exaggeration: isExaggeration(link.exaggeration) ? link.exaggeration
      : readableExaggeration(run.bounds),
    cell: link.cell && run.grid.has(link.cell) ? link.cell : null,
    sliceAxis: link.slice?.axis ?? 2,
    sliceAt: sliceOf(link, shape),
    view: link.view ?? null,
    look: link.view ?? null,
    showWells: link.wells ?? true,
    showEdges: link.edges ?? true,
    flat: link.flat ?? false,
    metric: link.metric ?? false,
    showPlane: link.plane ?? false,
    hideMissing: link.hideMissing ?? property?.sparse ?? false,
    loop: link.loop ?? false,
    byTime: link.byTime ?? false,
    start: link.start ?? run.startDate,
    compare: compareOf(link.compare),
    ...askOf(run, link),
    fence: link.fence ?? NO_FENCE,
    results: link.results ?? CLOSED_RESULTS,
    speed: SPEEDS.find((speed) => speed === link.speed) ?? SPEED,
  };
}

/**
 * @param {Readonly<ViewerState>} state
 * @returns {LinkState}  {} when there is no run, or none that a link could open
 */
export function linkOf(state) {
  const { run, property } = state;
  if (!run || state.source === null) return {};
  const { shape } = run.grid;
  const compare = linkOfCompare(state.compare);
  const start = stateOf(run, { compare });
  const usual = usualColours(property, compare, COLOUR_MAPS[0].id);
  /** @template T @param {T} value @param {unknown} usual @returns {T | undefined} */
  const unless = (value, usual) => (value === usual ? undefined : value);
  const range = state.rangeMode === 'typed' ? state.range : state.rangeMode;
  const whole = state.box.lo.every((n) => n === 0)
    && state.box.hi.every((n, axis) => n === shape[axis]);
  const { sliceAxis: axis, sliceAt } = state;
  const middle = sliceOf({}, shape);
  /** @type {LinkState} */ const link = {
    source: state.source,
    step: unless(state.step, 0),
    property: unless(property?.id, start.property?.id),
    map: unless(state.map, usual.map),
    log: unless(state.log, usual.log),
    levels: unless(state.levels, 0),
    categories: unless(state.categories, true),
    symmetric: unless(state.symmetric, false),
    range: unless(range, 'all'),
    exaggeration: unless(state.exaggeration, start.exaggeration),
    box: whole ? undefined
      : state.box.lo.map((first, n) => /** @type {const} */ ([first, state.box.hi[n] - 1])),
    cell: state.cell ?? undefined,
    slice: axis === 2 && sliceAt[axis] === middle[axis] ? undefined
      : { axis, index: sliceAt[axis] },
    view: state.view ?? undefined,
    wells: unless(state.showWells, true),
    edges: unless(state.showEdges, true),
    flat: unless(state.flat, false),
    metric: unless(state.metric, false),
    plane: unless(state.showPlane, false),
    hideMissing: unless(state.hideMissing, property?.sparse ?? false),
    speed: unless(state.speed, SPEED),
    loop: unless(state.loop, false),
    byTime: unless(state.byTime, false),
    start: unless(state.start, run.startDate),
    compare,
    ask: state.ask,
    fence: state.fence,
    results: state.results.open ? state.results : undefined,
  };
  return run.finer ? fineLink(link, run.grid.every, run.finer.shape) : link;
}

/** Colours that a legend may have. @param {number} levels */
export function isLevels(levels) {
  return levels === 0 || (Number.isInteger(levels) && levels >= 2 && levels <= 64);
}

/** A filter that the run has no property for is told of. @param {Run} run @param {LinkState} link */
function askOf(run, { ask: asked = NOTHING_ASKED }) {
  const cross = asked.cross && run.property(asked.cross.x) && run.property(asked.cross.y) ? asked.cross : null;
  const ask = { ...asked, cross, pins: asked.pins.filter((cell) => run.grid.has(cell)) };
  const lost = ask.filters.filter(({ id }) => !run.property(id)).map(({ id }) => id);
  if (lost.length === 0) return { ask };
  return { ask: { ...ask, filters: ask.filters.filter(({ id }) => !lost.includes(id)) },
    notice: `Left out of the link's filters, since this run has no such property: ${lost.join(', ')}` };
}

/** @param {number | undefined} factor @returns {factor is number} */
export function isExaggeration(factor) {
  return factor !== undefined && factor >= 0.1 && factor <= 100;
}

/** @param {LinkState} link @param {Cell} shape @returns {{ lo: Cell, hi: Cell }} */
function boxOf({ box }, shape) {
  const ends = (box ?? []).map(([first, last], axis) => [first, Math.min(last, shape[axis] - 1)]);
  if (ends.length !== 3 || ends.some(([first, last]) => first > last)) {
    return { lo: [0, 0, 0], hi: [...shape] };
  }
  return {
    lo: /** @type {Cell} */ (ends.map(([first]) => first)),
    hi: /** @type {Cell} */ (ends.map(([, last]) => last + 1)),
  };
}

/** The middle along each axis, but for the axis that the link tells of. */
function sliceOf(/** @type {LinkState} */ { slice }, /** @type {Cell} */ shape) {
  return /** @type {Cell} */ (shape.map((n, axis) =>
    (slice?.axis === axis && slice.index < n ? slice.index : Math.floor((n - 1) / 2))));
}
