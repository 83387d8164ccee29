// SPDX-License-Identifier: MIT
// Viewers of one group show the same time, from the same side, in the same colours: what changes in one is
// taken over by the others, as far as it fits their runs.

import { together } from '../model/range-keeper.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {Readonly<import('../model/state.js').ViewerState>} ViewerState */

/** @type {Map<string, Set<Viewer>>} */
const groups = new Map();

/**
 * Steps that viewers were taken to, until they are there. Whose steps lie at other times would take the one that
 * it follows along to its own.
 * @type {WeakMap<Viewer, number>}
 */
const taken = new WeakMap();

/**
 * @param {string} name
 * @param {Viewer} viewer
 * @returns {() => void}  leaves the group
 */
export function joinGroup(name, viewer) {
  const members = groups.get(name) ?? new Set();
  groups.set(name, members);
  const others = () => [...members].filter((other) => other !== viewer && other.state.now.run !== null);
  const stops = Object.values(FOLLOW).map(({ keys, follow }) => {
    let first = true; // what was there before it joined is no change
    return viewer.state.watch(keys, (state) => {
      const isTaken = keys.includes('step') && taken.get(viewer) === state.step;
      if (keys.includes('step')) taken.delete(viewer);
      if (first || isTaken) first = false;
      else if (state.run !== null && state.phase === 'ready') for (const other of others()) follow(other, state);
    });
  });
  const stopRun = viewer.state.watch(['run'], ({ run }) => {
    const [other] = others();
    if (run && other) for (const { follow } of Object.values(FOLLOW)) follow(viewer, other.state.now);
  });
  const stopFound = viewer.state.watch(['found', 'run'], () => shareRanges(members));
  members.add(viewer);
  return () => {
    for (const stop of [...stops, stopRun, stopFound]) stop();
    members.delete(viewer);
    viewer.shareRange(null);
    shareRanges(members);
    if (members.size === 0) groups.delete(name);
  };
}

/** Of one property all have one range: one colour is one value. @param {ReadonlySet<Viewer>} members */
function shareRanges(members) {
  for (const viewer of members) {
    const { property } = viewer.state.now;
    const found = [...members].map(({ state }) => (state.now.run ? state.now.found : null))
      .filter((one) => one !== null && one.property === property?.id
        && one.difference === (property.difference === true));
    viewer.shareRange(found.length === 0 ? null : found.reduce((a, b) => together(/** @type {any} */ (a), b)));
  }
}

/** @type {Record<string, { keys: (keyof ViewerState)[], follow: (viewer: Viewer, as: ViewerState) => void }>} */
const FOLLOW = {
  time: { keys: ['step'], follow: (viewer, as) => {
    const step = stepAt(viewer.state.now, as);
    if (step === viewer.state.now.step) return;
    taken.set(viewer, step);
    viewer.setStep(step);
  } },
  view: { keys: ['view'], follow: (viewer, { view }) => {
    if (JSON.stringify(view) !== JSON.stringify(viewer.state.now.view)) viewer.look(view);
  } },
  property: { keys: ['property'], follow: (viewer, { property }) => {
    if (property) viewer.setProperty(property.id);
  } },
  colours: { keys: ['map', 'rangeMode', 'range'], follow: (viewer, { map, rangeMode, range, property }) => {
    // A difference has a range and colours of its own kind.
    if (property?.difference !== viewer.state.now.property?.difference) return;
    viewer.setMap(map);
    if (rangeMode === 'typed') viewer.setTypedRange(range[0], range[1]);
    else if (viewer.state.now.rangeMode !== rangeMode) viewer.setRangeMode(rangeMode);
  } },
};

/**
 * The step whose time is nearest; where times are not known yet, the one with the same number.
 * @param {ViewerState} state
 * @param {ViewerState} as
 */
function stepAt({ run }, { run: theirs, step }) {
  const steps = run?.steps ?? [];
  const time = theirs?.steps[step]?.time ?? null;
  if (time === null || steps.some((known) => known.time === null)) return Math.min(step, steps.length - 1);
  const gaps = steps.map((known) => Math.abs(Number(known.time) - time));
  return gaps.indexOf(Math.min(...gaps));
}
