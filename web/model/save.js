// SPDX-License-Identifier: MIT
// A run as a file of the user's: straight into it where the browser lets a page write one, else made
// in memory and downloaded from there.

import { convertStore, openStorage } from '../../js/index.js';

/** @typedef {import('../../js/index.js').DataStore} DataStore */

/** What a run can be saved as; endings say the format to convertStore(). */
export const SAVE_FORMATS = /** @type {const} */ ([
  { ending: '.zarr.zip', backend: 'zarr', text: 'Zarr, one zip', type: 'application/zip' },
  { ending: '.json', backend: 'json', text: 'JSON', type: 'application/json' },
  { ending: '.yaml', backend: 'yaml', text: 'YAML', type: 'application/yaml' },
]);

/**
 * @param {DataStore} store
 * @param {string} name   of the file, less its ending
 * @param {string} ending
 * @param {object} options
 * @param {number | null} options.entry  only this one
 * @param {AbortSignal} options.signal
 * @param {(done: number, total: number, phase: string) => void} options.onProgress
 * @returns {Promise<boolean>}  false: the user chose no file
 */
export async function saveRun(store, name, ending, { entry, signal, onProgress }) {
  const bare = name.replace(/(\.(zarr|zip|h5|hdf5|json|ya?ml))+$/gi, '');
  const file = `${bare.replace(/[^\p{L}\p{N}._-]+/gu, '_') || 'run'}${ending}`;
  const format = SAVE_FORMATS.find((candidate) => candidate.ending === ending) ?? SAVE_FORMATS[0];
  const target = await choose(file, format.type);
  if (target === null) return false;
  await convertStore(store, target.location, {
    backend: format.backend, replace: true, worker: false, signal,
    ...(entry !== null && { select: ({ idx }) => idx === entry }),
    onProgress: ({ phase, done, total }) => onProgress(done, total, phase),
  });
  await target.finish();
  return true;
}

/**
 * @param {string} name
 * @param {string} type
 * @returns {Promise<{ location: unknown, finish: () => Promise<void> } | null>}
 */
async function choose(name, type) {
  const { showSaveFilePicker } = /** @type {any} */ (globalThis);
  if (typeof showSaveFilePicker === 'function') {
    try {
      const handle = await showSaveFilePicker({ suggestedName: name });
      // Whatever the user calls it: the format was chosen before.
      return { location: { kind: 'file', name, getFile: () => handle.getFile(),
        createWritable: () => handle.createWritable() }, finish: async () => {} };
    } catch (error) {
      if (/** @type {DOMException} */ (error).name === 'AbortError') return null;
      throw error;
    }
  }
  const location = `memory:save/${crypto.randomUUID()}/${name}`;
  return { location, finish: async () => {
    const storage = await openStorage(location);
    const content = await storage.get('content');
    if (content) download(new Blob([/** @type {any} */ (content)], { type }), name);
  } };
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function download(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
