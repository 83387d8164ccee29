// SPDX-License-Identifier: MIT
// What to compare with: another run, from wherever runs come, or a step of this one.

import { h } from '../base/dom.js';
import { stepAndDay } from '../time/time-axis.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/**
 * @param {Viewer} viewer
 * @param {boolean} alone  it is a page of its own, which has a list of runs and keeps handles
 * @returns {HTMLDialogElement}  shown with showModal()
 */
export function compareDialog(viewer, alone) {
  const { state } = viewer;
  const choose = (/** @type {unknown} */ location, /** @type {string} */ name, /** @type {string | null} */ source) => {
    compareWith(viewer, { location, name, source, base: null });
    dialog.close();
  };
  const files = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'File of another run',
    onchange: () => take(files, choose) });
  const folder = h('input', { type: 'file', webkitdirectory: true, hidden: true, 'aria-label': 'Folder of another run',
    onchange: () => take(folder, choose) });
  const pick = () => { void pickFolder(alone ? choose : null, folder); };
  const address = h('input', { type: 'url', placeholder: 'https://…/run.zarr',
    'aria-label': 'Address of another run' });
  const kept = h('ul', { class: 'compare-kept' });
  const step = h('select', { 'aria-label': 'Base step' });
  const dialog = h('dialog', { class: 'save-dialog compare-dialog', 'aria-label': 'Compare' },
    h('form', { method: 'dialog', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      h('h2', {}, 'Compare with'),
      h('h3', {}, 'Another run'),
      h('div', { class: 'compare-row' },
        h('button', { type: 'button', onclick: pick }, 'Folder …'),
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
    if (alone) {
      listOthers(state.now.source, choose).then((rows) => kept.replaceChildren(...rows),
        () => { /* a browser that keeps nothing */ });
    }
  };
  const show = dialog.showModal.bind(dialog);
  dialog.showModal = () => { fill(); show(); };
  return dialog;
}

/** Runs of the list that are offered. */
const MOST = 8;

/**
 * The runs that were opened here, but for the one that is open.
 * @param {string | null} source
 * @param {(location: string, name: string, source: string) => void} choose
 */
async function listOthers(source, choose) {
  const { listLibrary } = await import('../library/rows.js');
  return (await listLibrary()).filter(({ name }) => name !== source).slice(0, MOST).map(({ name, title, detail }) =>
    h('li', {}, h('button', { type: 'button', class: 'small', title: detail,
      onclick: () => choose(name, title, name) }, title)));
}

/**
 * A folder by its handle, which is kept, where the browser gives one.
 * @param {((location: unknown, name: string, source: string | null) => void) | null} choose  null: nothing is kept
 * @param {HTMLInputElement} input  for other browsers
 */
async function pickFolder(choose, input) {
  const page = /** @type {Window & { showDirectoryPicker?: () => Promise<any> }} */ (window);
  if (!choose || !page.showDirectoryPicker) {
    input.click();
    return;
  }
  const handle = await page.showDirectoryPicker().catch(() => null); // it was closed
  if (!handle) return;
  const { sourceOf } = await import('../library/own-runs.js');
  choose(handle, handle.name, await sourceOf(handle));
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
