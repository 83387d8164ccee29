// SPDX-License-Identifier: MIT
// The user's own folders and files, opened again from their handles: nothing of them is copied, and the browser
// asks whether the page may still read them.

import { entryOf, remember, sourceOfHandle } from './library.js';

/** @typedef {import('../element.js').BoresViewer} BoresViewer */
/** @typedef {import('../model/link.js').LinkState} LinkState */
/** @typedef {import('../model/viewer.js').Viewer} Viewer */

const ELSEWHERE = 'This link means a folder or file that was opened in another browser, or that was forgotten here. '
  + 'Open it again.';

/** A database that another tab holds may not answer; the run is then opened without being kept. */
const KEEPING_MS = 3000;

/** @param {string | null} source @returns {boolean} */
export function isOwn(source) {
  return source !== null && source.startsWith('own:');
}

/**
 * Opens what was dropped or chosen, and keeps its handle for the next time.
 * @param {BoresViewer} element
 * @param {any} handle
 */
export async function openHandle(element, handle) {
  element.viewer.wait(handle.name, 'Looking at it');
  const same = unchanged(element.viewer);
  const kept = keep(handle).catch(() => null); // by a browser that keeps nothing, or no handles
  const source = await soon(kept);
  if (!same()) return;
  const shown = await open(element, handle, source, {});
  if (source !== null || !shown) return;
  // A link can name it as soon as it is kept after all.
  const { run } = element.viewer.state.now;
  const known = await kept;
  if (known !== null && run !== null && element.viewer.state.now.run === run) element.viewer.set({ source: known });
}

/**
 * What a link calls the user's own folder or file, which is kept; null where the browser keeps nothing, or takes long.
 * @param {any} handle
 * @returns {Promise<string | null>}
 */
export function sourceOf(handle) {
  return soon(keep(handle).catch(() => null));
}

/** @param {Promise<string | null>} kept @returns {Promise<string | null>}  null: not soon */
function soon(kept) {
  return Promise.race([kept, new Promise((resolve) => { setTimeout(resolve, KEEPING_MS, null); })]);
}

/** Whether a handle may be read. @param {any} handle @param {'queryPermission' | 'requestPermission'} how */
async function mayRead(handle, how) {
  // Where the browser cannot even be asked, a click may ask it once more.
  return await Promise.resolve(handle[how]?.({ mode: 'read' }) ?? 'granted').catch(() => 'prompt') === 'granted';
}

/**
 * A run of the user's own, for who compares with it.
 * @param {string} source
 * @returns {Promise<{ location: unknown, name: string }>}
 * @throws {Error}  it is not known here, or the browser has to be asked by a click
 */
export async function ownLocation(source) {
  const entry = await entryOf(source);
  if (!entry?.handle) throw new Error(ELSEWHERE);
  const { handle, name } = entry;
  const may = await mayRead(handle, 'queryPermission')
    || (navigator.userActivation?.isActive === true && await mayRead(handle, 'requestPermission'));
  if (!may) {
    throw new Error(`${name} is on this device, and the browser asks each time whether this page may read it. `
      + 'Choose it once more with “Other …”');
  }
  return { location: handle.kind === 'file' ? await handle.getFile() : handle, name };
}

/** @param {any} handle @returns {Promise<string>} its source in links */
async function keep(handle) {
  const source = await sourceOfHandle(handle);
  await remember(source, { name: handle.name, handle });
  return source;
}

/**
 * Opens a run of the user's own once more.
 * @param {BoresViewer} element
 * @param {string} source
 * @param {LinkState} link
 */
export async function openOwn(element, source, link) {
  const { viewer } = element;
  viewer.wait('A folder of yours', 'Looking for it');
  let same = unchanged(viewer);
  const entry = await entryOf(source).catch(() => undefined);
  if (!same()) return;
  if (!entry?.handle) {
    viewer.fail({ title: 'This run is not known here', message: ELSEWHERE });
    return;
  }
  const { handle, name } = entry;
  /** Whether nothing more is to be done: it may be read, or something else was opened meanwhile. */
  const settled = async (/** @type {'queryPermission' | 'requestPermission'} */ how) => {
    const may = await mayRead(handle, how);
    if (!same()) return true;
    if (may) await open(element, handle, source, link);
    return may;
  };
  if (await settled('queryPermission')) return;
  if (navigator.userActivation?.isActive && await settled('requestPermission')) return;
  // Only a click may ask.
  viewer.fail({ title: `${name} is on this device`, message: 'It is read where it lies and was not copied. The '
    + 'browser asks each time whether this page may read it.',
  action: { text: `Allow reading ${name}`, run: () => settled('requestPermission') } });
  same = unchanged(viewer);
}

/** Tells whether the viewer still waits, or still tells of the same failure. @param {Viewer} viewer */
function unchanged({ state }) {
  const { opening, failure } = state.now;
  return () => state.now.opening === opening && state.now.failure === failure;
}

/**
 * @param {BoresViewer} element @param {any} handle @param {string | null} source @param {LinkState} link
 * @returns {Promise<boolean>}  whether it is shown now
 */
async function open(element, handle, source, link) {
  let location;
  try {
    location = handle.kind === 'file' ? await handle.getFile() : handle;
  } catch (error) {
    element.viewer.fail({ title: `${handle.name} cannot be opened`,
      message: `It is not where it was: ${error instanceof Error ? error.message : error}`,
      advice: 'Choose it again where it lies now.' });
    return false;
  }
  return element.open(location, { name: handle.name, source, link }).then(() => true, () => false); // told in the page
}
