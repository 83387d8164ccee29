// SPDX-License-Identifier: MIT
// The start: every way to open a run; and what one sees while it opens, or fails to.

import { h, icon, iconButton } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/**
 * A run that was opened here before.
 * @typedef {object} RecentRun
 * @property {string} name    what it is opened and forgotten by
 * @property {string} title   for people
 * @property {string} detail  'copy in this browser · 3.1 MB · yesterday'
 * @property {Blob | null} look  a small picture
 */

/**
 * Ways to open a run; the page decides what each does.
 * @typedef {object} Openers
 * @property {() => void} folder
 * @property {() => void} files
 * @property {(url: string) => void} url
 * @property {(() => void) | null} sample       null: the page has none
 * @property {() => Promise<RecentRun[]>} recent
 * @property {(name: string) => void} openRecent
 * @property {(name: string) => Promise<void>} deleteRecent
 * @property {import('../simulate/gallery.js').Actions} simulation
 */

/**
 * @param {Viewer} viewer
 * @param {Openers | null} openers  null: a page opens runs itself
 * @param {boolean} alone  it is a page of its own
 * @returns {HTMLElement}
 */
export function startView(viewer, openers, alone) {
  const element = h(alone ? 'main' : 'section', { class: 'start', 'aria-label': 'Open a run' });
  const opening = openingView(viewer);
  if (!openers) {
    viewer.state.watch(['phase', 'failure'], ({ phase, failure }) => {
      element.hidden = phase === 'ready' || phase === 'browsing';
      element.replaceChildren(...(phase === 'opening' ? [opening] : failure
        ? [h('div', { class: 'start-box' }, failureView(failure))] : []));
    });
    return element;
  }
  const recent = recentList(openers);
  const scenarios = scenariosBox(openers);
  const back = backTo(viewer);
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && viewer.state.now.choosing) viewer.set({ choosing: false });
  });
  viewer.state.watch(['phase', 'failure', 'choosing'], ({ phase, failure, choosing }) => {
    const open = phase === 'ready' || phase === 'browsing';
    element.hidden = open && !choosing;
    element.classList.toggle('over', open);
    if (phase === 'opening') element.replaceChildren(opening);
    else if (!element.hidden) {
      element.replaceChildren(h('div', { class: 'start-box' }, open && back,
        failure ? failureView(failure) : welcome(), ...waysIn(openers), recent.element, scenarios.element));
      scenarios.refresh();
      void recent.refresh();
      if (open) back.focus();
    }
  });
  return element;
}

/** The scenarios are fetched when the start page is seen. @param {Openers} openers */
function scenariosBox({ simulation }) {
  const element = h('div', {});
  /** @type {Promise<{ refresh: () => void }> | null} */ let fetched = null;
  return { element, refresh() {
    fetched ??= import('../simulate/gallery.js').then(({ gallery }) => {
      const made = gallery(simulation);
      element.replaceChildren(made.element);
      return made;
    });
    fetched.then((made) => made.refresh(), () => { fetched = null; }); // the other ways in are there
  } };
}

/** The run that is open stays: the way back to it. @param {Viewer} viewer */
function backTo(viewer) {
  const name = h('span', {});
  viewer.state.watch(['run', 'hierarchy'], ({ run, hierarchy }) => {
    name.textContent = `Back to ${(run ?? hierarchy)?.name ?? ''}`;
  });
  return h('button', { type: 'button', class: 'back', onclick: () => viewer.set({ choosing: false }) },
    icon('back'), name);
}

function welcome() {
  return h('div', { class: 'welcome' }, h('h2', {}, 'See a reservoir run'),
    h('p', {}, 'Open what BORES has saved: pressures, saturations, wells and rates, step by step. '
      + 'Files stay on this device; nothing is uploaded. Folders are read where they lie; of a file that the browser '
      + 'hands over as a whole a copy of up to 150 MB is kept here, until you forget it among your runs.'));
}

/** @param {Openers} openers */
function waysIn({ folder, files, url, sample }) {
  const address = h('input', {
    type: 'url', placeholder: 'https://… .zarr, .zarr.zip, .h5, .json or .yaml',
    'aria-label': 'Address of a run',
    required: true, spellcheck: 'false',
  });
  return [
    h('div', { class: 'drop-zone' }, icon('drop'),
      h('p', {}, h('b', {}, 'Drop a .zarr folder or .zip, .h5, .json or .yaml here')),
      h('p', { class: 'quiet' }, 'or all files of an ECLIPSE or OPM Flow run'),
      h('div', { class: 'buttons' },
        h('button', { type: 'button', class: 'primary', onclick: folder }, icon('folder'),
          'Choose a folder'),
        h('button', { type: 'button', onclick: files }, icon('file'), 'Choose files'))),
    h('form', {
      class: 'address', onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        url(address.value.trim());
      },
    }, icon('link'), address, h('button', { type: 'submit' }, 'Open')),
    sample && h('button', { type: 'button', class: 'sample', onclick: sample }, icon('play'),
      h('span', {}, h('b', {}, 'Open the sample run'),
        h('span', { class: 'quiet' }, 'Water drives oil through three layers, from one corner to the other'))),
  ].filter((way) => way !== null);
}

/** @param {Openers} openers */
function recentList({ recent, openRecent, deleteRecent }) {
  const list = h('ul', {});
  const element = h('section', { class: 'recent', hidden: true }, h('h2', {}, 'Your runs'), list);
  let known = '';
  const refresh = async () => {
    const runs = await recent().catch(() => []);
    const now = JSON.stringify(runs.map(({ look, ...run }) => ({ ...run, look: look?.size })));
    if (now === known) return; // a button that is being clicked stays
    known = now;
    element.hidden = runs.length === 0;
    list.replaceChildren(...runs.map(({ name, title, detail, look }) => h('li', {},
      h('button', { type: 'button', class: 'recent-run', onclick: () => openRecent(name) },
        lookView(look), h('span', {}, h('b', {}, title), h('span', { class: 'quiet' }, detail))),
      iconButton('trash', `Forget ${title}`, async () => {
        await deleteRecent(name);
        await refresh();
      }))));
  };
  return { element, refresh };
}

/** Drawn, since the page's policy lets no picture come from memory. @param {Blob | null} look */
function lookView(look) {
  if (!look) return h('span', { class: 'run-look' }, icon('cube'));
  const canvas = h('canvas', { class: 'run-look', width: 72, height: 48, 'aria-hidden': 'true' });
  createImageBitmap(look).then((bitmap) => canvas.getContext('2d')?.drawImage(bitmap, 0, 0, 72, 48), () => {});
  return canvas;
}

/** @param {Viewer} viewer */
function openingView(viewer) {
  const name = h('b', {});
  const text = h('p', { class: 'quiet' });
  const spinner = h('div', { class: 'spinner' });
  const goOn = h('button', { type: 'button', class: 'primary', onclick: () => viewer.state.now.opening?.goOn?.() },
    'Open it');
  viewer.state.watch(['opening'], ({ opening }) => {
    const asks = opening?.goOn !== undefined;
    name.textContent = opening?.name ?? '';
    text.textContent = `${opening?.text ?? ''}${asks ? '.' : ' …'}`;
    spinner.hidden = asks;
    goOn.hidden = !asks;
  });
  return h('div', { class: 'start-box opening', role: 'status' },
    spinner, h('p', {}, name), text,
    h('div', { class: 'buttons' }, goOn, h('button', { type: 'button', onclick: () => viewer.close() }, 'Cancel')));
}

/** @param {import('../model/state.js').Failure} failure */
function failureView({ title, message, detail, advice, code, action }) {
  return h('div', { class: 'failure', role: 'alert' }, icon('warning'),
    h('div', {}, h('h2', {}, title), h('p', {}, message),
      advice && h('p', { class: 'advice' }, advice),
      action && h('div', {}, h('button', { type: 'button', class: 'primary', onclick: action.run }, action.text)),
      detail ? h('details', { class: 'quiet' }, h('summary', {}, 'Details'), h('p', {}, detail),
        code && h('p', { class: 'code' }, code)) : code && h('p', { class: 'quiet code' }, code)));
}
