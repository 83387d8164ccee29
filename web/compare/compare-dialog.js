// SPDX-License-Identifier: MIT
// What to compare with: another run, from wherever runs come, or a step of this one.

import { listRuns } from '../../js/index.js';
import { h } from '../base/dom.js';
import { nameOfCopy } from '../model/kept.js';
import { stepAndDay } from '../time/time-axis.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/**
 * @param {Viewer} viewer
 * @returns {HTMLDialogElement}  shown with showModal()
 */
export function compareDialog(viewer) {
  const { state } = viewer;
  const choose = (/** @type {unknown} */ location, /** @type {string} */ name, /** @type {string | null} */ source) => {
    compareWith(viewer, { location, name, source, base: null });
    dialog.close();
  };
  const files = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'File of another run',
    onchange: () => take(files, choose) });
  const folder = h('input', { type: 'file', webkitdirectory: true, hidden: true, 'aria-label': 'Folder of another run',
    onchange: () => take(folder, choose) });
  const address = h('input', { type: 'url', placeholder: 'https://…/run.zarr',
    'aria-label': 'Address of another run' });
  const kept = h('ul', { class: 'compare-kept' });
  const step = h('select', { 'aria-label': 'Base step' });
  const dialog = h('dialog', { class: 'save-dialog compare-dialog', 'aria-label': 'Compare' },
    h('form', { method: 'dialog', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      h('h2', {}, 'Compare with'),
      h('h3', {}, 'Another run'),
      h('div', { class: 'compare-row' },
        h('button', { type: 'button', onclick: () => folder.click() }, 'Folder …'),
        h('button', { type: 'button', onclick: () => files.click() }, 'File …'), files, folder),
      h('div', { class: 'compare-row' }, address, h('button', { type: 'button', onclick: () => {
        const url = address.value.trim();
        const parts = url.replace(/[?#].*$/, '').split('/').filter((part) => part !== '');
        if (url !== '') choose(url, parts.at(-1) ?? url, url);
      } }, 'Open')),
      kept,
      h('h3', {}, 'A step of this run'),
      h('div', { class: 'compare-row' }, step, h('button', { type: 'button', class: 'primary', onclick: () => {
        compareWith(viewer, { location: null, name: '', source: null, base: Number(step.value) });
        dialog.close();
      } }, 'Show what changed since')),
      h('p', { class: 'quiet' }, 'A second run can also be dropped on the right half of the picture.'),
      h('div', { class: 'dialog-buttons' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'))));
  const fill = () => {
    const { run, compare } = state.now;
    step.replaceChildren(...(run?.steps ?? []).map((_, n, steps) =>
      h('option', { value: n }, stepAndDay(steps, n))));
    step.value = String(compare?.base ?? 0);
    listRuns().then((runs) => kept.replaceChildren(...runs.filter(({ complete }) => complete).slice(0, 8)
      .map(({ name }) => h('li', {}, h('button', { type: 'button', class: 'small',
        onclick: () => choose(`idb:${name}`, nameOfCopy(name), `idb:${name}`) }, nameOfCopy(name))))),
    () => { /* a browser that keeps nothing */ });
  };
  const show = dialog.showModal.bind(dialog);
  dialog.showModal = () => { fill(); show(); };
  return dialog;
}

/** @param {HTMLInputElement} input @param {(location: unknown, name: string, source: null) => void} choose */
function take(input, choose) {
  const files = [...input.files ?? []];
  input.value = '';
  if (files.length === 0) return;
  const name = (files[0].webkitRelativePath || files[0].name).split('/')[0];
  choose(files.length === 1 && !files[0].webkitRelativePath ? files[0] : files, name, null);
}

/**
 * @param {Viewer} viewer
 * @param {{ location: unknown, name: string, source: string | null, base: number | null }} what
 */
export function compareWith(viewer, what) {
  const { compare } = viewer.state.now;
  viewer.set({ compare: { how: compare?.how ?? 'difference', at: compare?.at ?? 0.5, ...what } });
}
