// SPDX-License-Identifier: MIT
// A playback as a film: every step once, as long as it is shown in playback, with its legend and caption.

import { isMissed } from '../model/state.js';
import { pauseOf } from '../time/time-axis.js';
import { composeFrame } from './layout.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */

/** Of a film's frame, seconds: shorter ones are not seen. */
const SHORTEST = 1 / 60;

/**
 * @param {Viewer} viewer
 * @param {import('./layout.js').Stage} stage
 * @param {{ format: import('./encoders.js').FilmFormat, width: number, height: number, from: number, to: number,
 *   signal: AbortSignal, onProgress: (done: number, total: number) => void }} wish
 *   pixels, even; steps, both ends are in it
 * @returns {Promise<Blob>}
 */
export async function makeFilm(viewer, stage, { format, width, height, from, to, signal, onProgress }) {
  const { step: before, playing } = viewer.state.now;
  if (playing) viewer.togglePlay();
  await rangeKnown(viewer, signal); // one colour is one value, from the first frame to the last
  const { startEncoder } = await import('./encoders.js');
  const encoder = await startEncoder(format, { width, height });
  try {
    for (let step = from; step <= to; step += 1) {
      await shownAt(viewer, step, signal);
      const { now } = viewer.state;
      const seconds = (step < to ? pauseOf(now, step, step + 1) : 1000 / now.speed) / 1000;
      await encoder.add(composeFrame(viewer, stage, { width, height, ratio: 1 }), Math.max(SHORTEST, seconds));
      onProgress(step - from + 1, to - from + 1);
    }
    return await encoder.end();
  } catch (error) {
    await encoder.cancel();
    throw error;
  } finally {
    if (viewer.state.now.run) viewer.setStep(before);
  }
}

/** @param {Viewer} viewer @param {AbortSignal} signal */
async function rangeKnown(viewer, signal) {
  const { rangeMode: mode, property } = viewer.state.now;
  if (mode !== 'all' || property?.flags || property?.ternary) return;
  viewer.scanAll();
  const known = (/** @type {Readonly<ViewerState>} */ { scan, rangeMode }) =>
    rangeMode !== 'all' || scan.done >= scan.total;
  await until(viewer, ['scan', 'rangeMode'], known, signal);
}

/**
 * Until a step is drawn, with its wells, or it is told that it cannot be.
 * @param {Viewer} viewer @param {number} step @param {AbortSignal} signal
 */
async function shownAt(viewer, step, signal) {
  viewer.setStep(step);
  await until(viewer, ['step', 'shown', 'missed', 'property', 'faces'], (now) => now.step === step
    && now.faces !== null && (isMissed(now) || (now.shown?.step === step && now.shown.property === now.property)),
  signal);
  const { run, lens, shown } = viewer.state.now;
  const match = shown?.values.pair?.match;
  await Promise.allSettled([run?.wells(step), match && lens?.sides.other.wells(match.step)]); // told in the picture
  // What draws does so in a frame; a page that is not seen has none.
  for (let n = 0; n < 2; n += 1) {
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
      setTimeout(resolve, 200);
    });
  }
}

/**
 * @param {Viewer} viewer
 * @param {(keyof ViewerState)[]} keys
 * @param {(state: Readonly<ViewerState>) => boolean} test
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function until(viewer, keys, test, signal) {
  return new Promise((resolve, reject) => {
    const run = viewer.state.now.run;
    /** @type {(() => void) | undefined} */ let stop;
    const end = (/** @type {() => void} */ what) => {
      queueMicrotask(() => stop?.());
      what();
    };
    signal.addEventListener('abort', () => end(() => reject(signal.reason)), { once: true });
    if (signal.aborted) { reject(signal.reason); return; }
    stop = viewer.state.watch([...keys, 'run'], (now) => {
      if (now.run !== run) end(() => reject(new Error('another run was opened')));
      else if (test(now)) end(resolve);
    });
  });
}
