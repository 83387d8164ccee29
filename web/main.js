// SPDX-License-Identifier: MIT
// The page: one <bores-viewer>, every way to open a run, and the address that says what is
// shown.

import { configureWasm, configureWorker } from '../js/index.js';
import { BoresViewer } from './element.js';
import { fromLink, toLink } from './model/link.js';
import { linkOf } from './model/link-state.js';
import { registerOffline } from './offline/register.js';
import { pageKey } from './views/keys.js';
import { makeOpeners, openDropped, openSource } from './sources.js';

/** Changes that come together become one change of the address. */
const LINK_PAUSE = 250;

const beside = /** @param {string} name */ (name) => new URL(name, import.meta.url).href;
configureWasm({
  simd: beside('bores.wasm'), scalar: beside('bores-scalar.wasm'), hdf5: beside('bores-hdf5.wasm'),
  hdf5Scalar: beside('bores-hdf5-scalar.wasm'),
  eclipse: beside('bores-eclipse.wasm'), eclipseScalar: beside('bores-eclipse-scalar.wasm'),
  text: beside('bores-text.wasm'), textScalar: beside('bores-text-scalar.wasm'),
  analysis: beside('bores-analysis.wasm'), analysisScalar: beside('bores-analysis-scalar.wasm'),
  sim: beside('bores-sim.wasm'), simScalar: beside('bores-sim-scalar.wasm'),
});
configureWorker(() => new Worker(new URL('worker.js', import.meta.url), { type: 'module' }));
customElements.define('bores-viewer', BoresViewer);

const element = /** @type {BoresViewer} */ (document.querySelector('bores-viewer'));
try {
  const theme = localStorage.getItem('bores-theme');
  if (theme === 'dark' || theme === 'light') element.setAttribute('theme', theme);
  element.addEventListener('themechange', () => {
    localStorage.setItem('bores-theme', element.dark ? 'dark' : 'light');
  });
} catch { /* a browser that lets pages store nothing: the system's theme */ }
element.start({
  openers: makeOpeners(element),
  onLink: async () => navigator.clipboard.writeText(location.href),
  onDrop: (data, beside) => { void openDropped(element, data, beside); },
});
const { viewer } = element;

/** The fragment that stands for what is shown: our own changes are not to be taken for new ones. */
let shownLink = '';

/** The run that the present entry of the history stands for. @type {unknown} */
let entryRun = null;

function openLink() {
  const hash = location.hash.slice(1);
  if (hash === shownLink) return;
  shownLink = hash;
  const link = fromLink(hash);
  if (link.source !== undefined) openSource(element, link.source, link);
  else if (viewer.state.now.phase !== 'empty') viewer.close();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let writing;
viewer.state.watch(['run', 'source', 'phase', 'step', 'property', 'map', 'log', 'rangeMode', 'levels',
  'categories', 'symmetric', 'range', 'exaggeration', 'box', 'ask', 'fence', 'cell', 'sliceAxis', 'sliceAt', 'view',
  'showWells', 'showEdges', 'flat', 'metric', 'showPlane',
  'hideMissing', 'speed', 'loop', 'byTime', 'start', 'compare',
  'results'], ({ phase }) => {
  clearTimeout(writing); // what is opened now has the address that it was opened by
  if (phase !== 'ready' && phase !== 'empty') return;
  writing = setTimeout(() => {
    const { run, source } = viewer.state.now;
    // One entry of the history a run: back and forward go from run to run, and to the start.
    const another = run !== entryRun && (fromLink(shownLink).source ?? null) !== source;
    entryRun = run;
    shownLink = toLink(linkOf(viewer.state.now));
    history[another ? 'pushState' : 'replaceState'](null, '', shownLink === '' ? location.pathname + location.search
      : `#${shownLink}`);
  }, LINK_PAUSE);
});

viewer.state.watch(['run', 'hierarchy'], ({ run, hierarchy }) => {
  const { name } = run ?? hierarchy ?? {};
  document.title = name ? `${name} · BORES viewer` : 'BORES viewer';
});
document.addEventListener('keydown', (event) => { if (event.target === document.body) pageKey(event, viewer); });
addEventListener('hashchange', openLink);
openLink();
import('./library/look.js').then(({ keepLooks }) => keepLooks(element), () => { /* the list has no pictures */ });
registerOffline();
