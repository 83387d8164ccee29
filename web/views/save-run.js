// SPDX-License-Identifier: MIT
// "Save as": the run that is open, written to a file in another format.

import { SAVE_FORMATS } from '../model/save.js';
import { formatBytes } from '../plot/scale.js';
import { h } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/**
 * @param {Viewer} viewer
 * @returns {HTMLDialogElement}  shown with showModal()
 */
export function saveDialog(viewer) {
  const format = h('select', { 'aria-label': 'Format' },
    ...SAVE_FORMATS.map(({ ending, text }) => h('option', { value: ending }, text)));
  const steps = h('select', { 'aria-label': 'Steps' },
    h('option', { value: 'all' }, 'All steps'), h('option', { value: 'this' }, 'The step that is shown'));
  const bar = h('progress', { max: 1, value: 0, 'aria-label': 'Saving' });
  const says = h('p', { class: 'quiet', role: 'status' });
  const save = h('button', { type: 'submit', class: 'primary' }, 'Save');
  const cancel = h('button', { type: 'button', onclick: () => stop() }, 'Cancel');
  const size = h('p', { class: 'quiet' });
  const tellSize = () => {
    const { run } = viewer.state.now;
    const bytes = (run?.properties ?? []).reduce((sum, { nbytes }) => sum + nbytes, 0)
      * (steps.value === 'this' ? 1 : run?.steps.length ?? 0);
    size.textContent = `About ${formatBytes(bytes)} of numbers; zip and HDF5 files are mostly smaller.`;
  };
  steps.addEventListener('change', tellSize);
  viewer.state.watch(['run', 'stepCount'], tellSize);
  /** @type {AbortController | null} */ let running = null;
  const stop = () => {
    if (running) running.abort();
    else dialog.close();
  };
  const start = async (/** @type {Event} */ event) => {
    event.preventDefault();
    running = new AbortController();
    show(true);
    try {
      const saved = await viewer.saveAs(format.value, { onlyShown: steps.value === 'this', signal: running.signal,
        onProgress: (done, total, phase) => {
          bar.max = total;
          bar.value = done;
          says.textContent = `${phase === 'copying' ? 'Writing' : 'Comparing'} step ${done} of ${total}`;
        } });
      if (saved) {
        dialog.close();
        viewer.set({ notice: `Saved: ${saved.name}, ${formatBytes(saved.bytes)}` });
      }
      else says.textContent = '';
    } catch (error) {
      says.textContent = running.signal.aborted ? 'Nothing was saved.'
        : `It could not be saved: ${error instanceof Error ? error.message : error}`;
    } finally {
      running = null;
      show(false);
    }
  };
  const show = (/** @type {boolean} */ busy) => {
    bar.hidden = !busy;
    for (const control of [format, steps, save]) control.disabled = busy;
    if (busy) says.textContent = '';
  };
  const dialog = h('dialog', { class: 'save-dialog', 'aria-label': 'Save as',
    oncancel: (/** @type {Event} */ event) => { if (running) { event.preventDefault(); stop(); } } },
  h('form', { onsubmit: start }, h('h2', {}, 'Save as'),
    h('label', {}, 'Format ', format), h('label', {}, 'Steps ', steps), size, bar, says,
    h('div', { class: 'dialog-buttons' }, cancel, save)));
  show(false);
  return dialog;
}
