// SPDX-License-Identifier: MIT
// All views in their places.

import { askBox } from '../cells/ask-box.js';
import { cellPanel } from './panels/cell-panel.js';
import { colourPanel } from './panels/colour-panel.js';
import { compareBox, compareButton } from '../compare/compare-box.js';
import { linkNote } from '../compare/compare-link.js';
import { h } from '../base/dom.js';
import { headerView } from './header.js';
import { pageKey } from './keys.js';
import { helpDialog } from './help.js';
import { askForFilm } from '../film/film-box.js';
import { fenceBox } from '../fence/fence-box.js';
import { propertyList } from './panels/property-list.js';
import { resultsBox } from './panels/results-box.js';
import { slicePanel } from './slice/slice-view.js';
import { stageView } from './stage.js';
import { startView } from './start.js';
import { timeBar } from './time-bar.js';
import { foldWhereLow, foldable } from './panels/fold.js';
import { cellsPanel, viewPanel } from './panels/view-panel.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/** Panels of a narrow page, one at a time. */
const TABS = [['property', 'Property'], ['look', 'Colours'], ['cells', 'View'], ['cell', 'Cell'],
  ['slice', 'Slice'], ['fence', 'Fence'], ['ask', 'Filter'], ['results', 'Results']];

/** Those that are closed at first. */
const CLOSED = /** @type {const} */ (['fence', 'results', 'ask']);

/** What a page's own styles may reach by ::part(). */
const PARTS = { '.top-bar': 'header', '.side.left': 'panels', '.side.right': 'cell-panels', '.stage': 'picture',
  '.legend': 'legend', '.view-buttons': 'view-buttons', '.time-bar': 'time-bar', '.time-slider': 'slider',
  '.play': 'play', '.results': 'results', '.fence': 'fence', '.start': 'start' };

/**
 * @param {Viewer} viewer
 * @param {{ openers: import('./start.js').Openers | null, onLink: (() => Promise<void>) | null,
 *   onTheme: () => void, onDrop: ((data: DataTransfer, beside: boolean) => void) | null, alone: boolean }} actions
 *   `alone`: it is a page of its own, whose focus and wheel it may take
 * @returns {{ element: HTMLElement, stage: ReturnType<typeof stageView>, dispose: () => void }}
 */
export function appView(viewer, { openers, onLink, onTheme, onDrop, alone }) {
  const help = helpDialog();
  const toast = toastView();
  const onHelp = () => help.showModal();
  const stage = stageView(viewer, { onHelp, alone });
  const comparing = compareBox(viewer, stage, alone);
  stage.other = comparing.other;
  viewer.state.watch(['notice'], ({ notice }) => {
    if (notice === '') return;
    toast.add(notice);
    viewer.set({ notice: '' }); // the same may be said again
  });
  const header = headerView(viewer, compareButton(viewer, comparing.choose), {
    alone, onOpen: openers && (() => viewer.set({ choosing: true })), onTheme, onHelp,
    onSave: () => { void openSave(viewer, app); },
    onResults: () => {
      const { results } = viewer.state.now;
      viewer.set({ results: { ...results, open: !results.open } });
      if (!results.open) viewer.setFence({ open: false }); // both lie below the picture: there is room for one
    },
    onFence: () => viewer.setFence({ open: !viewer.state.now.fence.open }),
    onAsk: () => viewer.ask({ open: !viewer.state.now.ask.open }),
    onLink: onLink && (() => onLink().then(() => toast.say(linkNote(viewer.state.now)),
      () => toast.say('The link is in the address bar'))),
    onPicture: () => { void askForFilm(viewer, stage, () => app); },
  });
  const slice = inTab('slice', slicePanel(viewer, { onHelp }));
  const lesser = [cellsPanel(viewer), viewPanel(viewer)].map((panel) => inTab('cells', foldable(panel)));
  const left = h('aside', { class: 'side left', 'aria-label': 'What is shown' },
    inTab('property', propertyList(viewer)), inTab('look', foldable(colourPanel(viewer))),
    ...lesser, inTab('cells', h('section', { class: 'panel compare-panel' }, compareButton(viewer, comparing.choose))));
  const right = h('aside', { class: 'side right', 'aria-label': 'Cell and slice' },
    inTab('ask', askBox(viewer)), inTab('cell', cellPanel(viewer)), slice);
  // A page of its own has landmarks; somebody's page has those that it has.
  const results = resultsBox(viewer), browse = hierarchyBox(viewer), fence = fenceBox(viewer);
  const work = h(alone ? 'main' : 'div', { class: 'work' }, left, stage.element, right, fence, results,
    comparing.element, h('div', { class: 'sim-place' }), timeBar(viewer));
  const app = h('div', { class: 'app', 'data-embedded': !alone }, header, work, browse,
    startView(viewer, openers, alone), help,
    dropOverlay(), toast.element);
  work.append(tabs(app, viewer));
  foldWhereLow(viewer, app, lesser);
  viewer.state.watch(['phase', 'choosing'], ({ phase, choosing }) => {
    work.hidden = phase !== 'ready';
    if (phase === 'browsing') browse.after(results); // curves of a summary that has no picture
    else fence.after(results);
    work.inert = choosing;
    app.dataset.phase = phase;
    if (phase === 'ready' && alone) focusPicture(stage.element);
  });
  viewer.state.watch(['webgl'], ({ webgl }) => {
    if (webgl || app.classList.contains('no-webgl')) return;
    app.classList.add('no-webgl');
    for (const part of stage.element.querySelectorAll('.canvas-box, .view-buttons')) part.remove();
    stage.element.prepend(noWebGL(), slice);
  });
  for (const [selector, part] of Object.entries(PARTS)) app.querySelector(selector)?.setAttribute('part', part);
  app.addEventListener('keydown', (event) => pageKey(event, viewer));
  if (onDrop) takeDrops(app, viewer, onDrop);
  return { element: app, stage, dispose: () => stage.scene?.dispose() };
}

/** What shows a file that is no run is fetched with the first such file. @param {Viewer} viewer */
function hierarchyBox(viewer) {
  const place = h('div', { class: 'browse-place' });
  let asked = false;
  viewer.state.watch(['hierarchy'], ({ hierarchy }) => {
    if (!hierarchy || asked) return;
    asked = true;
    import('./hierarchy/hierarchy-view.js').then(({ hierarchyView }) => place.append(hierarchyView(viewer)),
      (error) => viewer.fail({ title: 'The file cannot be shown', message: error.message }));
  });
  return place;
}

/** What saves a run is fetched when one wants to. @param {Viewer} viewer @param {HTMLElement} app */
async function openSave(viewer, app) {
  try {
    const { saveDialog } = await import('./save-run.js');
    const there = /** @type {HTMLDialogElement | null} */ (app.querySelector('.save-dialog'));
    const dialog = there ?? saveDialog(viewer);
    if (!there) app.append(dialog);
    dialog.showModal();
  } catch (error) {
    viewer.set({ trouble: `What saves a run could not be fetched: ${error instanceof Error ? error.message : error}` });
  }
}

/** @param {string} name @param {HTMLElement} panel */
function inTab(name, panel) {
  panel.dataset.tab = name;
  return panel;
}

/** Keys work at once after a run was opened. @param {HTMLElement} stage */
function focusPicture(stage) {
  /** @type {HTMLElement | null} */ (stage.querySelector('.canvas-box, .slice'))
    ?.focus(/** @type {FocusOptions} */ ({ preventScroll: true, focusVisible: false }));
}

/** Milliseconds for which a sentence stays. */
const READING = 8000;

/** Below this width panels are tabs, and the results one of them; as in viewer.css. */
const NARROW = 860;

/** @param {HTMLElement} app @param {Viewer} viewer */
function tabs(app, viewer) {
  const buttons = TABS.map(([name, text]) => h('button', {
    type: 'button', onclick: () => choose(name), 'data-name': name,
  }, text));
  const choose = /** @param {string} name */ (name) => {
    app.dataset.tab = name;
    if (viewer.state.now.results.open !== (name === 'results') && app.clientWidth <= NARROW) {
      viewer.set({ results: { ...viewer.state.now.results, open: name === 'results' } });
    }
    if (viewer.state.now.fence.open !== (name === 'fence') && app.clientWidth <= NARROW) {
      viewer.setFence({ open: name === 'fence' });
    }
    if (viewer.state.now.ask.open !== (name === 'ask') && app.clientWidth <= NARROW) {
      viewer.ask({ open: name === 'ask' });
    }
    for (const button of buttons) {
      const isChosen = button.dataset.name === name;
      button.setAttribute('aria-pressed', String(isChosen));
      // They may be more than there is width for: the chosen one is seen.
      if (isChosen) element.scrollLeft = button.offsetLeft - element.offsetLeft - element.clientWidth / 3;
    }
  };
  const element = h('nav', { class: 'tabs', 'aria-label': 'Panels' }, ...buttons);
  choose('property');
  // What a link or the header opens is shown here, too.
  viewer.state.watch(['fence', 'results', 'ask', 'phase'], ({ phase, ...panels }) => {
    if (phase !== 'ready' || app.clientWidth > NARROW) return;
    const tab = app.dataset.tab ?? '';
    const opened = CLOSED.find((name) => panels[name].open);
    if (opened !== undefined && tab !== opened) choose(opened);
    else if (opened === undefined && CLOSED.some((name) => name === tab)) choose('property');
  });
  return element;
}

function noWebGL() {
  return h('p', { class: 'no-webgl-note', role: 'status' }, 'This browser cannot draw in 3-D '
    + '(WebGL 2 is missing or switched off), so here is one layer at a time. '
    + 'Everything else works.');
}

/** Says something for a moment. */
function toastView() {
  const element = h('div', { class: 'toast', role: 'status' });
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let ending;
  return {
    element,
    /** @param {string} text @param {number} [ms] */
    say(text, ms = 2500) {
      element.textContent = text;
      clearTimeout(ending);
      ending = setTimeout(() => { element.textContent = ''; }, ms);
    },
    /** What is still being read stays before it. @param {string} text */
    add(text) {
      this.say(`${element.textContent} ${text}`.trim(), READING);
    },
  };
}

function dropOverlay() {
  return h('div', { class: 'drop-overlay', 'aria-hidden': 'true' }, h('p', {}, 'Drop to open'),
    h('p', { class: 'drop-beside' }, 'Drop to compare'));
}

/**
 * On the right half of a run another one is compared with it.
 * @param {HTMLElement} app @param {Viewer} viewer @param {(data: DataTransfer, beside: boolean) => void} onDrop
 */
function takeDrops(app, viewer, onDrop) {
  const hasFiles = /** @param {DragEvent} event */ (event) =>
    event.dataTransfer?.types.includes('Files') ?? false;
  let depth = 0;
  const show = () => app.classList.toggle('dropping', depth > 0);
  app.addEventListener('dragenter', (event) => { if (hasFiles(event)) { depth += 1; show(); } });
  app.addEventListener('dragleave', (event) => { if (hasFiles(event)) { depth -= 1; show(); } });
  const isBeside = /** @param {DragEvent} event */ ({ clientX }) => {
    const { left, width } = app.getBoundingClientRect();
    return viewer.state.now.run !== null && clientX > left + width / 2;
  };
  app.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    app.classList.toggle('drop-right', isBeside(event));
  });
  app.addEventListener('drop', (event) => {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    depth = 0;
    show();
    onDrop(event.dataTransfer, isBeside(event));
  });
}
