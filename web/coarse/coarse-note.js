// SPDX-License-Identifier: MIT
// What is said over a picture of some of the columns, and what brings the others: by itself where they take little
// memory, when it is wanted where they take more, and never where this device has not got it.

import { cellsOf, coarseWords, memoryWords } from './coarse.js';
import { failureOf } from '../model/failures.js';
import { isFiltered } from '../cells/ask.js';
import { linkOf, startState } from '../model/link-state.js';
import { Latest } from '../base/tasks.js';
import { h } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/run.js').Run} Run */

/** @param {Viewer} viewer @returns {HTMLElement} */
export function coarseNote(viewer) {
  const text = h('span', {});
  const reading = new Latest();
  const button = h('button', { type: 'button', class: 'small', onclick: () => start() }, 'Show all cells');
  const element = h('div', { class: 'coarse-note', role: 'status', hidden: true }, text, button);
  /** @param {string} words @param {boolean} offered */
  const say = (words, offered) => {
    text.textContent = words;
    button.hidden = !offered;
  };
  const start = () => {
    const { run } = viewer.state.now;
    if (!run?.finer) return;
    const { finer } = run;
    say(`${capital(coarseWords(finer))} so far: reading all, ${memoryWords(finer)} …`, false);
    void reading.run((signal) => refine(viewer, run, signal), (error) => {
      const { message } = failureOf('', error);
      const why = `All of them could not be read: ${message}`;
      if (viewer.state.now.run === run) say(`${capital(coarseWords(finer))}. ${why}`, true);
    });
  };
  /** Of which run something is said. @type {Run | null} */ let of = null;
  viewer.state.watch(['run', 'shown', 'missed'], ({ run, shown, missed }) => {
    element.hidden = !run?.finer;
    if (run === of) return;
    if (!run?.finer) {
      of = run;
      reading.cancel();
      return;
    }
    const { finer } = run;
    if (finer.when === 'soon') {
      if (!shown && !missed) return; // the first picture comes first
      of = run;
      start();
      return;
    }
    of = run;
    reading.cancel();
    const all = `${capital(coarseWords(finer))}. All ${cellsOf(finer.shape).toLocaleString('en')} take `
      + memoryWords(finer);
    say(finer.when === 'asked' ? `${all}.` : `${all}, more than a page should take on this device.`,
      finer.when === 'asked');
  });
  return element;
}

/**
 * Opens all cells beside, and shows them once their first picture can be drawn.
 * @param {Viewer} viewer @param {Run} run @param {AbortSignal} signal
 */
async function refine(viewer, run, signal) {
  const whole = await run.openAll(signal);
  whole.origin = run.origin;
  try {
    const wanted = () => {
      const link = linkOf({ ...viewer.state.now, source: '-' });
      const { step = 0, property = null, box, ask, hideMissing } = startState(whole, link);
      return { link, step, property, box, all: !hideMissing && !(ask && isFiltered(ask)) };
    };
    const { step, property, box, all } = wanted();
    const values = property && await whole.values(step, property);
    const faces = values && box && all ? await whole.faces({ ...box }) : null;
    const { wells } = await whole.wells(step).catch(() => ({ wells: [] })); // told of once it is shown
    signal.throwIfAborted();
    const { link, ...now } = wanted();
    const same = JSON.stringify(now) === JSON.stringify({ step, property, box, all });
    viewer.exchange(whole, link, same && values ? { shown: { step, property, values }, faces, wells }
      : { shown: null, faces: null, wells: [] });
  } catch (error) {
    void whole.close();
    throw error;
  }
}

/** @param {string} text */
function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
