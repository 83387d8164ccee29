// SPDX-License-Identifier: MIT
// What <bores-viewer> tells its page: the details of its events, made from what is shown.

import { BoresError } from '../../js/index.js';
import { valueAt } from '../model/state.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {Readonly<import('../model/state.js').ViewerState>} ViewerState */
/** @typedef {import('./viewer.js').ReadyDetail} ReadyDetail */
/** @typedef {import('./viewer.js').StepDetail} StepDetail */
/** @typedef {import('./viewer.js').PickDetail} PickDetail */
/** @typedef {import('./viewer.js').ErrorDetail} ErrorDetail */
/** @typedef {import('./viewer.js').ProgressDetail} ProgressDetail */

/** @param {number | null | undefined} seconds */
const daysOf = (seconds) => (seconds === null || seconds === undefined ? null : seconds / 86400);

/** Whether what is wanted is on the screen. @param {ViewerState} state */
export function isShown({ phase, shown, step, property, faces }) {
  return phase === 'ready' && faces !== null && shown !== null && shown.step === step && shown.property === property;
}

/** @param {ViewerState} state @returns {ReadyDetail} */
export function readyDetail({ run, hierarchy }) {
  if (!run) return { kind: 'file', name: hierarchy?.name ?? '', cells: null, steps: [], properties: [] };
  return {
    kind: 'run',
    name: run.name,
    cells: [run.grid.shape[0], run.grid.shape[1], run.grid.shape[2]],
    steps: run.steps.map(({ step, time }) => ({ simulatorStep: step, timeInDays: daysOf(time) })),
    properties: run.properties.map(({ id, name, unit, group }) => ({ id, name, unit, group })),
  };
}

/** @param {ViewerState} state @returns {StepDetail} */
export function stepDetail({ run, step, property }) {
  const known = run?.steps[step];
  return { step, steps: run?.steps.length ?? 0, simulatorStep: known?.step ?? null, timeInDays: daysOf(known?.time),
    property: property?.id ?? null };
}

/** @param {ViewerState} state @returns {PickDetail} */
export function pickDetail(state) {
  const { run, cell, property, step, wells } = state;
  const has = run !== null && cell !== null;
  return {
    cell: cell && [cell[0], cell[1], cell[2]],
    value: has ? valueAt(state) : NaN,
    property: property?.id ?? null,
    unit: property?.unit ?? '',
    depth: has ? run.grid.depthOf(cell) : NaN,
    wells: has ? wells.filter((well) => well.cells.some((other) => other.every((n, axis) => n === cell[axis])))
      .map(({ name }) => name) : [],
    step,
    timeInDays: daysOf(run?.steps[step]?.time),
  };
}

/** @param {unknown} error @returns {BoresError} */
export function boresError(error) {
  if (error instanceof BoresError) return error;
  const { message, code } = /** @type {{ message?: string, code?: unknown }} */ (error ?? {});
  return new BoresError(typeof code === 'string' ? code : 'ERR_VIEWER', message ?? String(error), { cause: error });
}

/**
 * Tells of steps, picks, progress and troubles as they come. Each is told once, when it is on the screen.
 * @param {Viewer} viewer
 * @param {{ onStep: (detail: StepDetail) => void, onPick: (detail: PickDetail) => void,
 *   onProgress: (detail: ProgressDetail) => void, onTrouble: (message: string) => void }} tell
 * @returns {() => void} ends it
 */
export function watchEvents(viewer, { onStep, onPick, onProgress, onTrouble }) {
  const { state } = viewer;
  /** What was told last, so that nothing is told twice. */
  const told = { run: state.now.run, shown: state.now.shown, cell: state.now.cell, trouble: '', text: '' };
  const stops = [
    state.watch(['shown', 'faces', 'phase', 'run'], (now) => {
      if (now.run !== told.run) Object.assign(told, { run: now.run, shown: null, cell: now.cell });
      if (!isShown(now) || now.shown === told.shown) return;
      told.shown = now.shown;
      onStep(stepDetail(now));
    }),
    state.watch(['cell', 'shown', 'missed'], (now) => {
      if (now.cell === told.cell || now.run === null) return;
      // The value is that of the step that is shown; a pick that comes with a new run waits for it.
      if (now.cell !== null && now.shown === null && now.missed === null) return;
      told.cell = now.cell;
      onPick(pickDetail(now));
    }),
    state.watch(['opening', 'scan'], ({ opening, scan, phase, property }) => {
      const detail = opening ? { phase: /** @type {const} */ ('opening'), text: opening.text, done: 0, total: 0 }
        : phase === 'ready' && scan.total > 0 ? { phase: /** @type {const} */ ('range'), done: scan.done,
          total: scan.total, text: `Range of ${property?.name ?? ''}` } : null;
      const text = JSON.stringify(detail);
      if (detail === null || text === told.text) return;
      told.text = text;
      onProgress(detail);
    }),
    state.watch(['trouble'], ({ trouble }) => {
      if (trouble !== '' && trouble !== told.trouble) onTrouble(trouble);
      told.trouble = trouble;
    }),
  ];
  return () => { for (const stop of stops) stop(); };
}
