// SPDX-License-Identifier: MIT
// Metadata documents of arrays: their keys, and their text.

const utf8 = new TextEncoder();

/** @param {string} folder @param {string} name */
export const below = (folder, name) => (folder ? `${folder}/${name}` : name);

/**
 * Integers beyond 2^53 stand in it as they are, and nothing but ASCII, since zarr-python 2 reads
 * nothing else.
 * @param {unknown} document
 */
export const documentBytes = (document) => utf8.encode(JSON.stringify(document,
  (_, value) => (typeof value === 'bigint' ? `\u0001${value}\u0001` : value), 2)
  .replace(/"\\u0001(-?\d+)\\u0001"/g, '$1')
  .replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`));
