// SPDX-License-Identifier: MIT
// A run as a file of the user's: straight into it where the browser lets a page write one, else made
// in memory and copied or downloaded from there. HDF5 is always made in memory: it is written in places.

import { BoresError, convertStore, locationRelation, readFileBytes } from '../../js/index.js';

/** @typedef {import('../../js/index.js').DataStore} DataStore */

/** What a run can be saved as; endings say the format to convertStore(). */
export const SAVE_FORMATS = /** @type {const} */ ([
  { ending: '.zarr.zip', backend: 'zarr', text: 'Zarr, one zip', type: 'application/zip' },
  { ending: '.h5', backend: 'hdf5', text: 'HDF5', type: 'application/x-hdf5' },
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
 * @returns {Promise<{ name: string, bytes: number } | null>}  null: the user chose no file
 */
export async function saveRun(store, name, ending, { entry, signal, onProgress }) {
  const bare = name.replace(/(\.(zarr|zip|h5|hdf5|json|ya?ml))+$/gi, '');
  const plain = bare.replace(/[^\p{L}\p{N}._-]+/gu, '_') || 'run';
  const file = `${plain}${ending}` === name ? `${plain}-copy${ending}` : `${plain}${ending}`;
  const format = SAVE_FORMATS.find((candidate) => candidate.ending === ending) ?? SAVE_FORMATS[0];
  const target = await choose(file, format);
  if (target === null) return null;
  if (target.handle && await locationRelation(target.handle, store.source)) {
    throw new BoresError('ERR_ARGUMENT', `'${target.handle.name}' is, or belongs to, the run that is open: `
      + 'choose another name');
  }
  await convertStore(store, target.location, {
    backend: format.backend, replace: true, worker: false, signal,
    ...(entry !== null && { select: ({ idx }) => idx === entry }),
    onProgress: ({ phase, done, total }) => onProgress(done, total, phase),
  });
  const bytes = await target.finish();
  return { name: target.handle?.name ?? file, bytes: bytes ?? (await target.handle?.getFile())?.size ?? 0 };
}

/**
 * @param {string} name
 * @param {typeof SAVE_FORMATS[number]} format
 * @returns {Promise<{ location: unknown, handle?: FileSystemFileHandle, finish: () => Promise<number | void> }
 *   | null>}  handle: of the file that the user chose
 */
async function choose(name, { type, backend }) {
  const { showSaveFilePicker } = /** @type {any} */ (globalThis);
  const location = `memory:save/${Math.random().toString(36).slice(2)}/${name}`;
  if (typeof showSaveFilePicker === 'function') {
    try {
      const handle = await showSaveFilePicker({ suggestedName: name });
      if (backend === 'hdf5') {
        return { location, handle, finish: async () => write(handle, await readFileBytes(location)) };
      }
      // Whatever the user calls it: the format was chosen before.
      return { handle, location: { kind: 'file', name, handle, getFile: () => handle.getFile(),
        createWritable: () => handle.createWritable() }, finish: async () => {} };
    } catch (error) {
      if (/** @type {DOMException} */ (error).name === 'AbortError') return null;
      throw error;
    }
  }
  return { location, finish: async () => {
    const blob = new Blob([await readFileBytes(location)], { type });
    download(blob, name);
    return blob.size;
  } };
}

/**
 * @param {FileSystemFileHandle} handle
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function write(handle, bytes) {
  const stream = await handle.createWritable();
  await stream.write(bytes);
  await stream.close();
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
