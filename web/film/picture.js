// SPDX-License-Identifier: MIT
// The picture as a file.

import { h } from '../base/dom.js';
import { composeFrame, screenSize, sizeOfPixels } from './layout.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('./layout.js').Stage} Stage */

/**
 * @param {Viewer} viewer
 * @param {Stage} stage
 * @param {string} type
 * @param {{ quality?: number, size?: import('./layout.js').Size, pixels?: { width: number, height: number } | null }
 *   } [options]  as large as on the screen without a size
 * @returns {Promise<Blob | null>}  null: this browser makes no such picture
 */
export function pictureBlob(viewer, stage, type, { quality, pixels = null,
  size = pixels ? sizeOfPixels(pixels) : screenSize(viewer, stage) } = {}) {
  const canvas = composeFrame(viewer, stage, size);
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(blob?.type === type ? blob : null), type, quality);
  });
}

/**
 * Hands a file to the browser's downloads.
 * @param {Viewer} viewer @param {Blob} blob @param {string} ending  of its name
 * @returns {string} its name
 */
export function download(viewer, blob, ending) {
  const { run, property } = viewer.state.now;
  const name = `${run?.name ?? 'run'}-${property?.id.split('.').at(-1) ?? ''}-${ending}`
    .replace(/[^\p{L}\p{N}._-]+/gu, '_');
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return name;
}
