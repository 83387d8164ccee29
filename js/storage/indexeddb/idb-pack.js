// SPDX-License-Identifier: MIT
// Packs one commit into records of IndexedDB: the fewer, the faster, whatever their size. Values that
// will be overwritten soon (the root's documents, whatever has been before) lie by themselves, so
// that their record can go when they do; metadata documents too, unless all is small.

import { OpenSegment, SEGMENT_BYTES } from './idb-segments.js';
import { isDocument as isZarrDocument } from '../base/zarr-root.js';

/** @import { Place } from './idb-segments.js' */
/** @import { Put } from '../base/storage.js' */

const SMALL = 64 * 1024; // bytes of a commit that are not worth two records
const MAX_SHARED = 4096; // bytes of a document that is looked for among the others

/**
 * @typedef {object} Packed
 * @property {[number: number, bytes: ArrayBuffer][]} segments
 * @property {[key: string, place: Place][]} places
 * @property {number} nextSegment
 */

/**
 * @param {readonly Put[]} puts
 * @param {number} firstSegment
 * @param {(key: string) => boolean} isOld  whether there is a value already
 * @returns {Packed}
 */
export function packBatch(puts, firstSegment, isOld) {
  const bytes = puts.reduce((sum, [, value]) => sum + value.length, 0);
  const [passing, documents, values] = [new OpenSegment(), new OpenSegment(), new OpenSegment()];
  /** @type {Packed} */
  const packed = { segments: [], places: [], nextSegment: firstSegment };
  /** @type {Map<string, Place>} */
  const shared = new Map();
  const flush = (/** @type {OpenSegment} */ open) => {
    if (open.number >= 0) packed.segments.push([open.number, open.take()]);
  };
  const append = (/** @type {OpenSegment} */ open, /** @type {Uint8Array} */ value) => {
    if (open.used + value.length > SEGMENT_BYTES) flush(open);
    if (open.number < 0) {
      open.number = packed.nextSegment;
      packed.nextSegment += 1;
    }
    return open.append(value);
  };
  for (const [key, value] of puts) {
    const isPassing = !key.includes('/') || isOld(key);
    const isDocument = bytes > SMALL && isZarrDocument(key);
    const text = !isPassing && value.length <= MAX_SHARED ? latin1.decode(value) : undefined;
    let place = text === undefined ? undefined : shared.get(text);
    place ??= append(isPassing ? passing : isDocument ? documents : values, value);
    if (text !== undefined) shared.set(text, place);
    packed.places.push([key, place]);
  }
  for (const open of [documents, values, passing]) flush(open);
  return packed;
}

const latin1 = new TextDecoder('latin1');
