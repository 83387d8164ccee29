// SPDX-License-Identifier: MIT
// The start: every way to open a run; and what one sees while it opens, or fails to.

import { h, icon, iconButton } from '../base/dom.js';
import { gallery } from '../simulate/gallery.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/**
 * A run that was kept in this browser.
 * @typedef {object} RecentRun
 * @property {string} name    what it is opened and forgotten by
 * @property {string} title   for people
 * @property {string} detail  '23 steps · 3.1 MB · yesterday'
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

/** @param {Viewer} viewer @param {Openers | null} openers  null: a page opens runs itself @returns {HTMLElement} */
export function startView(viewer, openers) {
  const element = h('section', { class: 'start', 'aria-label': 'Open a run' });
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
  const scenarios = gallery(openers.simulation);
  viewer.state.watch(['phase', 'failure'], ({ phase, failure }) => {
    element.hidden = phase === 'ready' || phase === 'browsing';
    if (phase === 'opening') element.replaceChildren(opening);
    else if (!element.hidden) {
      element.replaceChildren(h('div', { class: 'start-box' },
        failure ? failureView(failure) : welcome(), ...waysIn(openers), scenarios.element, recent.element));
      scenarios.refresh();
      void recent.refresh();
    }
  });
  return element;
}

function welcome() {
  return h('div', { class: 'welcome' }, h('h2', {}, 'See a reservoir run'),
    h('p', {}, 'Open what BORES has saved: pressures, saturations, wells and rates, step by step. '
      + 'Files stay on this device; nothing is uploaded. A copy of up to 150 MB is kept in this browser, '
      + 'for a reload and for the list below, until you forget it there.'));
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
  const element = h('section', { class: 'recent', hidden: true }, h('h3', {}, 'Recent'), list);
  let known = '';
  const refresh = async () => {
    const runs = await recent().catch(() => []);
    if (JSON.stringify(runs) === known) return; // a button that is being clicked stays
    known = JSON.stringify(runs);
    element.hidden = runs.length === 0;
    list.replaceChildren(...runs.map(({ name, title, detail }) => h('li', {},
      h('button', { type: 'button', class: 'recent-run', onclick: () => openRecent(name) },
        icon('clock'), h('b', {}, title), h('span', { class: 'quiet' }, detail)),
      iconButton('trash', `Forget ${title}`, async () => {
        await deleteRecent(name);
        await refresh();
      }))));
  };
  return { element, refresh };
}

/** @param {Viewer} viewer */
function openingView(viewer) {
  const name = h('b', {});
  const text = h('p', { class: 'quiet' });
  viewer.state.watch(['opening'], ({ opening }) => {
    name.textContent = opening?.name ?? '';
    text.textContent = `${opening?.text ?? ''} …`;
  });
  return h('div', { class: 'start-box opening', role: 'status' },
    h('div', { class: 'spinner' }), h('p', {}, name), text,
    h('button', { type: 'button', onclick: () => viewer.close() }, 'Cancel'));
}

/** @param {import('../model/state.js').Failure} failure */
function failureView({ title, message, advice, code }) {
  return h('div', { class: 'failure', role: 'alert' }, icon('warning'),
    h('div', {}, h('h2', {}, title), h('p', {}, message),
      advice && h('p', { class: 'advice' }, advice),
      code && h('p', { class: 'quiet code' }, code)));
}
