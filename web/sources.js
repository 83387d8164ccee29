// SPDX-License-Identifier: MIT
// Every way to open a run: dropped, picked, by its address, kept in this browser, the sample.

import { collectDropped } from '../js/index.js';
import { stemOf } from './eclipse/result-names.js';
import { failureOf } from './model/failures.js';
import { copiedAt, isCopy, keepCopy, nameOfCopy } from './model/kept.js';
import { formatBytes } from './plot/scale.js';
import { h } from './base/dom.js';
import { SimulationPage } from './simulate/page.js';

/** @typedef {import('./element.js').BoresViewer} BoresViewer */
/** @typedef {import('./model/link.js').LinkState} LinkState */

/** The run that comes with the page, shown first as water is on its way through the best layer. */
const SAMPLE = 'samples/five-spot.zarr.zip';
const SAMPLE_LINK = /** @type {LinkState} */ ({
  property: 'model.fluid_properties.water_saturation_grid', step: 4, box: [[0, 11], [2, 11], [0, 2]],
});

/** Runs up to this size are kept in the browser, which is said, so that a reload finds them. */
const KEEP_BYTES = 150e6;
/** Milliseconds after the first picture, which is not to wait for it. */
const KEEP_PAUSE = 1000;

/**
 * @param {BoresViewer} element
 * @returns {import('./views/start.js').Openers}
 */
export function makeOpeners(element) {
  const simulation = new SimulationPage(element);
  return {
    simulation: { start: (id, values) => simulation.start(id, values), resume: (name) => simulation.resume(name) },
    folder: () => { void pickFolder(element); },
    files: () => pickFiles(element, { multiple: true }),
    url: (url) => openSource(element, url, {}),
    sample: () => openSource(element, SAMPLE, SAMPLE_LINK),
    recent: async () => (await import('./library/rows.js')).listLibrary(),
    openRecent: (source) => openSource(element, source, {}),
    deleteRecent: async (source) => (await import('./library/rows.js')).forgetRun(source),
  };
}

/**
 * Opens what a link names. Only what a link may name: the web, and what this browser keeps.
 * @param {BoresViewer} element
 * @param {string} source  `idb:NAME`, `own:…` or an address, relative to the page
 * @param {LinkState} link
 */
export function openSource(element, source, link) {
  if (source.startsWith('own:')) {
    void ownRuns().then(({ openOwn }) => openOwn(element, source, link),
      (error) => fail(element, 'The run cannot be opened', error));
    return;
  }
  if (source.startsWith('idb:')) {
    void element.open(source, { name: nameOfCopy(source.slice(4)), source, link });
    if (isCopy(source)) {
      void copiedAt(source).then((copied) => {
        if (element.viewer.state.now.source === source) element.viewer.set({ copied });
      });
    }
    return;
  }
  let url;
  try {
    url = new URL(source, document.baseURI);
  } catch { /* told below */ }
  const name = url?.pathname.split('/').filter((part) => part !== '').at(-1) ?? source;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') {
    void element.open(url.href, { name: decodeURIComponent(name), source, link });
  } else {
    fail(element, `${source} cannot be opened`,
      new Error('An address starts with https:// or http://'));
  }
}

/** @param {BoresViewer} element @param {DataTransfer} data @param {boolean} beside  the run that is open */
export async function openDropped(element, data, beside) {
  try {
    const own = handleOf(data); // before anything is waited for: the items are gone then
    const location = await collectDropped(data);
    if (await openSession(element, location)) return;
    const handle = await own;
    if (beside) {
      const source = handle ? await (await ownRuns()).sourceOf(handle) : null;
      compareLocal(element, location, nameOf(location), source);
    } else if (handle) await (await ownRuns()).openHandle(element, handle);
    else openFirst(element, location);
  } catch (error) {
    fail(element, 'What was dropped cannot be opened', error);
  }
}

/** What keeps the user's own folders and files is fetched when there is one. */
const ownRuns = () => import('./library/own-runs.js');

/** Of one folder or file, where the browser gives handles. @param {DataTransfer} data */
async function handleOf({ items }) {
  const files = [...items].filter(({ kind }) => kind === 'file');
  const only = /** @type {any} */ (files.length === 1 ? files[0] : null);
  return only?.getAsFileSystemHandle?.().catch(() => undefined);
}

/**
 * Chromium hands a folder over as a handle; elsewhere its files are listed.
 * @param {BoresViewer} element
 */
async function pickFolder(element) {
  const page = /** @type {Window & { showDirectoryPicker?: () => Promise<any> }} */ (window);
  if (!page.showDirectoryPicker) {
    pickFiles(element, { webkitdirectory: true });
    return;
  }
  try {
    const handle = await page.showDirectoryPicker();
    await (await ownRuns()).openHandle(element, handle);
  } catch (error) {
    const closed = error instanceof Error && error.name === 'AbortError';
    if (!closed) fail(element, 'The folder cannot be opened', error);
  }
}

/** @param {BoresViewer} element @param {Record<string, boolean>} how */
function pickFiles(element, how) {
  const input = h('input', { type: 'file', ...how });
  input.addEventListener('change', () => {
    const files = [...input.files ?? []];
    if (files.length === 0) return;
    const location = files.length === 1 && !how.webkitdirectory ? files[0] : files;
    openSession(element, location).then((done) => { if (!done) openFirst(element, location); },
      (error) => fail(element, 'What was chosen cannot be opened', error));
  });
  input.click();
}

/**
 * A session opens the run that it is of, or is laid over it where that is open and has no address.
 * @param {BoresViewer} element
 * @param {any} location
 * @returns {Promise<boolean>}  whether it is one
 */
async function openSession(element, location) {
  const one = Array.isArray(location) && location.length === 1 ? location[0].file ?? location[0] : location;
  if (!(one instanceof Blob) || !/\.json$/i.test(/** @type {any} */ (one).name)) return false;
  const session = await (await import('./session/session.js')).sessionIn(one);
  if (!session) return false;
  const { link, located, name, missing } = session;
  const { run } = element.viewer.state.now;
  if (located) openSource(element, String(link.source), link);
  else if (run?.name === name) element.reopen(link);
  else element.viewer.set({ notice: `The session is of ${name}, which has no address: open it, then the session.` });
  if (missing !== '') {
    element.viewer.set({ notice: `It was compared with ${missing}, which has no address: drop it on the right.` });
  }
  return true;
}

/** Names of what is a run by itself. */
const WHOLE = /\.(zarr|zip|h5|hdf5|json|ya?ml)$/i;

/**
 * Compares the run that is open, or being opened, with another.
 * @param {BoresViewer} element @param {unknown} location @param {string} name
 * @param {string | null} [source]  what a link can open again
 */
function compareLocal({ viewer }, location, name, source = null) {
  const stop = viewer.state.watch(['phase'], ({ phase }) => {
    if (phase === 'opening') return;
    queueMicrotask(() => stop());
    if (phase === 'ready') {
      viewer.set({ compare: { location, name, source, base: null, how: 'difference', at: 0.5 } });
    }
  });
}

/** Files of a store's own folder: together they are one run, and none is a run by itself. */
const PARTS = new Set(['.zgroup', '.zattrs', '.zarray', '.zmetadata', 'zarr.json']);

/**
 * Of several things the first is opened, and it is said which are not.
 * @param {BoresViewer} element
 * @param {any} location  a file, a folder's handle, or files with their paths
 */
function openFirst(element, location) {
  const [run, ...runs] = runsOf(location);
  if (run) {
    openLocal(element, run.files.length === 1 ? run.files[0] : run.files, run.name);
    if (runs.length > 0) {
      const others = runs.map(({ name }) => name).join(', ');
      element.viewer.set({ notice: `${run.name} is opened. Not opened: ${others}.` });
    }
    return;
  }
  const things = new Map();
  for (const file of Array.isArray(location) ? location : []) {
    const [top] = pathOf(file).split('/');
    things.set(top, [...things.get(top) ?? [], file]);
  }
  const names = [...things.keys()];
  if (names.length < 2 || names.some((name) => PARTS.has(name))) {
    openLocal(element, location, nameOf(location));
    return;
  }
  const locationOf = (/** @type {string} */ name) => {
    const files = things.get(name);
    return pathOf(files[0]) === name ? files[0].file ?? files[0] : files;
  };
  openLocal(element, locationOf(names[0]), names[0]);
  if (names.length === 2 && names.every((name) => WHOLE.test(name))) {
    compareLocal(element, locationOf(names[1]), names[1]);
    return;
  }
  element.viewer.set({ notice: `${names[0]} is opened. Not opened: ${names.slice(1).join(', ')}.` });
}

/**
 * Dropped files of ECLIPSE runs, by the stems of their names.
 * @param {any} location
 * @returns {{ name: string, files: any[] }[]}  none where they are something else
 */
function runsOf(location) {
  /** @type {Map<string, { name: string, files: any[] }>} */ const runs = new Map();
  const files = Array.isArray(location) ? location : [];
  if (files.some((file) => PARTS.has(pathOf(file).split('/').at(-1) ?? ''))) return [];
  for (const file of files) {
    const stem = stemOf(pathOf(file).split('/').at(-1) ?? '');
    if (stem === '') continue;
    const run = runs.get(stem.toLowerCase()) ?? { name: stem, files: [] };
    run.files.push(file);
    runs.set(stem.toLowerCase(), run);
  }
  return [...runs.values()];
}

/** @param {any} file  with its path @returns {string} */
function pathOf(file) {
  return file.path ?? (file.webkitRelativePath || file.name);
}

/**
 * @param {BoresViewer} element
 * @param {unknown} location
 * @param {string} name
 */
function openLocal(element, location, name) {
  void element.open(location, { name, source: null });
  const stop = element.viewer.state.watch(['shown', 'phase'], ({ shown, phase, run }) => {
    if (shown === null && phase !== 'failed') return;
    stop();
    if (run) setTimeout(() => { void keep(element.viewer, run, location); }, KEEP_PAUSE);
  });
}

/**
 * Copies a run into this browser, so that a reload and the list of recent runs find it, and says so.
 *
 * @param {import('./model/viewer.js').Viewer} viewer
 * @param {import('./model/run.js').Run} run
 * @param {unknown} location
 */
async function keep(viewer, run, location) {
  const abort = new AbortController();
  const stop = viewer.state.watch(['run'], (now) => { if (now.run?.origin !== run.origin) abort.abort(); });
  const tell = (/** @type {string} */ notice, /** @type {string | null} */ source) => {
    if (!abort.signal.aborted) viewer.set({ notice, ...(source && { source }) });
  };
  try {
    const kept = await keepCopy(location, run.name, { limit: KEEP_BYTES, signal: abort.signal });
    if (kept === 'too large') {
      tell(`${run.name} is larger than ${formatBytes(KEEP_BYTES)} and is not kept: after a reload it has to be `
        + 'opened again.', null);
    } else {
      tell(`A copy of ${run.name} (${formatBytes(kept.bytes)}) is kept in this browser: a reload finds it, and the `
        + 'start page can forget it.', kept.source);
    }
  } catch {
    if (!abort.signal.aborted) {
      tell(`No copy of ${run.name} could be kept: after a reload it has to be opened again.`, null);
    }
  } finally {
    stop();
  }
}

/** @param {any} location  a file, a folder's handle, or files with their paths */
function nameOf(location) {
  if (!Array.isArray(location)) return location.name;
  return pathOf(location[0]).split('/')[0];
}

/** @param {BoresViewer} element @param {string} title @param {unknown} error */
function fail({ viewer }, title, error) {
  viewer.fail(failureOf(title, error));
}
