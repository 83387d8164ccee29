// SPDX-License-Identifier: MIT
// Every way to open a run: dropped, picked, by its address, kept in this browser, the sample.

import { collectDropped, deleteRun, importRun, listRuns, openStorage } from '../js/index.js';
import { failureOf } from './model/failures.js';
import { formatBytes } from './plot/scale.js';
import { h } from './base/dom.js';
import { SimulationPage } from './simulate/page.js';

/** @typedef {import('./element.js').BoresViewer} BoresViewer */
/** @typedef {import('./model/link.js').LinkState} LinkState */

/** The run that comes with the page. */
const SAMPLE = 'samples/waterflood.zarr.zip';

/** Runs up to this size are kept in the browser unasked, so that a reload finds them. */
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
    sample: () => openSource(element, SAMPLE, {}),
    recent: async () => (await listRuns()).filter(({ complete }) => complete)
      .map(({ name, bytes, created }) => ({
        name, detail: [formatBytes(bytes), created?.toLocaleDateString()].join(' · '),
      })),
    openRecent: (name) => openSource(element, `idb:${name}`, {}),
    deleteRecent: (name) => deleteRun(name),
  };
}

/**
 * Opens what a link names. Only what a link may name: the web, and what this browser keeps.
 * @param {BoresViewer} element
 * @param {string} source  `idb:NAME` or an address, relative to the page
 * @param {LinkState} link
 */
export function openSource(element, source, link) {
  if (source.startsWith('idb:')) {
    void element.open(source, { name: source.slice(4), source, link });
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

/** @param {BoresViewer} element @param {DataTransfer} data */
export async function openDropped(element, data) {
  try {
    const location = await collectDropped(data);
    openLocal(element, location, nameOf(location));
  } catch (error) {
    fail(element, 'What was dropped cannot be opened', error);
  }
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
    openLocal(element, handle, handle.name);
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
    const one = files.length === 1 && !how.webkitdirectory;
    openLocal(element, one ? files[0] : files, nameOf(one ? files[0] : files));
  });
  input.click();
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
    if (run) setTimeout(() => { void keepCopy(element.viewer, run, location); }, KEEP_PAUSE);
  });
}

/**
 * Copies a run into this browser, so that a reload and the list of recent runs find it. It is a
 * convenience: where there is no room, or no permission, nothing is kept and nothing is said.
 *
 * @param {import('./model/viewer.js').Viewer} viewer
 * @param {import('./model/run.js').Run} run
 * @param {unknown} location
 */
async function keepCopy(viewer, run, location) {
  const abort = new AbortController();
  const stop = viewer.state.watch(['run'], (now) => { if (now.run !== run) abort.abort(); });
  try {
    const storage = await openStorage(location, { files: true, signal: abort.signal });
    try {
      await importRun(storage, run.name, {
        signal: abort.signal,
        onProgress: ({ bytes }) => { if (bytes > KEEP_BYTES) abort.abort(); },
      });
    } finally {
      await storage.close();
    }
    if (viewer.state.now.run === run) viewer.set({ source: `idb:${run.name}` });
  } catch { /* not kept */ } finally {
    stop();
  }
}

/** @param {any} location  a file, a folder's handle, or files with their paths */
function nameOf(location) {
  if (!Array.isArray(location)) return location.name;
  const [first] = location;
  return (first.path ?? (first.webkitRelativePath || first.name)).split('/')[0];
}

/** @param {BoresViewer} element @param {string} title @param {unknown} error */
function fail({ viewer }, title, error) {
  viewer.fail(failureOf(title, error));
}
