// SPDX-License-Identifier: MIT
// How a run lies in IndexedDB. A record costs the same 0.1 to 0.2 ms whatever its size, so values
// are packed into segments, and an index says where each is:
//
//   segments  number -> ArrayBuffer, the values one after the other
//   index     number -> a page: keys, and segment, offset, length of each; read once, when opened
//   meta      'run' -> RunRecord, there only when the run is whole
//             'import' -> ImportRecord, there while an import or a replacement is under way: what it
import { isDocument } from '../base/zarr-root.js';
//                         has to clean up
//
// Later pages and segments are added beside, never changed in place. Of two pages with one key the
// one of the higher number counts; pages that were merged go, the merged one has a number of its own.
// Numbers are never given again, so that who knows an older index finds its values or nothing.

/**
 * @typedef {object} IndexPage
 * @property {string} keys           joined by NUL, which no key holds; '' is none
 * @property {Uint32Array} segments  DELETED: the key is deleted
 * @property {Uint32Array} offsets   bytes, in the segment
 * @property {Uint32Array} lengths   bytes
 * @property {number} [level]        how often its keys have been merged; an import's pages are not
 */

/**
 * `created` (ms, Unix time) and `id` are others after an import, and where a run was deleted and made
 * anew: who knows an older index compares them in each transaction. What a writer has changed says so:
 *
 * @typedef {object} RunRecord
 * @property {1} format
 * @property {number} keys
 * @property {number} bytes
 * @property {number} created
 * @property {string} [id]
 * @property {string} [commit]       another one after each commit: who commits compares it, so that of
 *                                   two writers that know nothing of each other one gets an error
 * @property {number} [firstPage]    another one after a replacement
 * @property {number} [nextPage]     numbers that have not been given yet
 * @property {number} [nextSegment]
 */

/**
 * `names`: of a replacement, the names at the root so far.
 * @typedef {{ firstSegment: number, firstPage: number, id: string, names?: string[] }} ImportRecord
 */
/** @typedef {{ segment: number, offset: number, length: number }} Place */

/**
 * Whether two records are of one run.
 * @param {RunRecord | undefined} a
 * @param {RunRecord | undefined} b
 */
export function isSameRun(a, b) {
  return a?.created === b?.created && a?.id === b?.id;
}

/** In a page, the segment of a key that is deleted. */
export const DELETED = 0xffffffff;

/**
 * Measured on 34 MB in 9,576 keys, Chromium 156 (Firefox 153), ms:
 *
 *   segment    import       one value   one array of 21 entries   all
 *   256 KiB    1200 (440)   2 (3)        45 (32)                  410 (280)
 *   1 MiB       460 (740)   5 (6)        80 (99)                  215 (300)
 *   2 MiB       380 (610)   8 (12)      150 (170)                 290 (380)
 *   4 MiB      1200 (930)  20 (78)      157 (150)                 170 (560)
 */
export const SEGMENT_BYTES = 1024 * 1024;
export const PAGE_KEYS = 50_000;
/** Documents this small are kept once for all keys that hold the same: most of Zarr's are equal. */
const MAX_SHARED = 4096;

/**
 * Packs values into segments. Metadata documents get segments of their own, so that opening a run
 * reads them and not the arrays between them.
 */
export class SegmentPacker {
  /** @type {Map<string, Place>} */
  #places = new Map();
  /** @type {Map<string, Place>} */
  #shared = new Map();
  #documents = new OpenSegment();
  #values = new OpenSegment();
  #next;
  #emit;

  /**
   * @param {number} firstSegment
   * @param {(number: number, bytes: ArrayBuffer) => Promise<void>} emit  writes a full segment
   */
  constructor(firstSegment, emit) {
    this.#next = firstSegment;
    this.#emit = emit;
  }

  /**
   * @param {string} key
   * @param {Uint8Array} value  copied
   */
  async add(key, value) {
    const document = isDocument(key);
    const text = document && value.length <= MAX_SHARED ? latin1.decode(value) : undefined;
    const known = text === undefined ? undefined : this.#shared.get(text);
    const place = known ?? await this.#pack(document ? this.#documents : this.#values, value);
    if (text !== undefined) this.#shared.set(text, place);
    this.#places.set(key, place);
  }

  /** Writes what is not full yet. */
  async finish() {
    await this.#flush(this.#documents);
    await this.#flush(this.#values);
  }

  /** @returns {IndexPage[]} */
  pages() {
    const all = [...this.#places];
    const pages = [];
    for (let from = 0; from < all.length; from += PAGE_KEYS) {
      pages.push(toPage(all.slice(from, from + PAGE_KEYS)));
    }
    return pages;
  }

  /**
   * @param {OpenSegment} open
   * @param {Uint8Array} value
   * @returns {Promise<Place>}
   */
  async #pack(open, value) {
    if (open.used + value.length > SEGMENT_BYTES) await this.#flush(open);
    if (open.number < 0) {
      open.number = this.#next;
      this.#next += 1;
    }
    return open.append(value);
  }

  /** @param {OpenSegment} open */
  async #flush(open) {
    if (open.number < 0) return;
    const { number } = open;
    await this.#emit(number, open.take());
  }
}

export class OpenSegment {
  number = -1; // none yet
  used = 0;
  #bytes = new Uint8Array(0);

  /**
   * @param {Uint8Array} value
   * @returns {Place}
   */
  append(value) {
    const offset = this.used;
    if (offset + value.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(SEGMENT_BYTES, value.length));
      larger.set(this.#bytes.subarray(0, offset));
      this.#bytes = larger;
    }
    this.#bytes.set(value, offset);
    this.used += value.length;
    return { segment: this.number, offset, length: value.length };
  }

  take() {
    const bytes = this.#bytes.buffer.slice(0, this.used);
    this.number = -1;
    this.used = 0;
    return bytes;
  }
}

const latin1 = new TextDecoder('latin1');

/**
 * @param {readonly (readonly [key: string, place: Place | undefined])[]} places  undefined: deleted
 * @returns {IndexPage}
 */
export function toPage(places) {
  return {
    keys: places.map(([key]) => key).join('\0'),
    segments: Uint32Array.from(places, ([, place]) => place?.segment ?? DELETED),
    offsets: Uint32Array.from(places, ([, place]) => place?.offset ?? 0),
    lengths: Uint32Array.from(places, ([, place]) => place?.length ?? 0),
  };
}

/**
 * @param {IndexPage} page
 * @returns {[key: string, place: Place | undefined][]}  undefined: deleted
 */
export function readPage({ keys, segments, offsets, lengths }) {
  if (segments.length === 0) return [];
  return keys.split('\0').map((key, i) => [key, segments[i] === DELETED ? undefined
    : { segment: segments[i], offset: offsets[i], length: lengths[i] }]);
}
