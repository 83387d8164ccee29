// SPDX-License-Identifier: MIT
// How a run lies in IndexedDB. A record costs the same 0.1 to 0.2 ms whatever its size, so values
// are packed into segments, and an index says where each is:
//
//   segments  number -> ArrayBuffer, the values one after the other
//   index     number -> a page: keys, and segment, offset, length of each; read once, when opened
//   meta      'run' -> RunRecord, there only when the run is whole
//             'import' -> ImportRecord, there while one is under way: what it has to clean up
//
// Later pages and segments are added beside, never changed in place.

/**
 * @typedef {object} IndexPage
 * @property {string} keys           joined by NUL, which no key holds
 * @property {Uint32Array} segments
 * @property {Uint32Array} offsets   bytes, in the segment
 * @property {Uint32Array} lengths   bytes
 */

/** @typedef {{ format: 1, keys: number, bytes: number, created: number }} RunRecord */
/** @typedef {{ firstSegment: number, firstPage: number, id: number }} ImportRecord */
/** @typedef {{ segment: number, offset: number, length: number }} Place */

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
const PAGE_KEYS = 50_000;
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
    const document = /(^|\/)(\.z[a-z]+|zarr\.json)$/.test(key);
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
      const part = all.slice(from, from + PAGE_KEYS);
      pages.push({
        keys: part.map(([key]) => key).join('\0'),
        segments: Uint32Array.from(part, ([, place]) => place.segment),
        offsets: Uint32Array.from(part, ([, place]) => place.offset),
        lengths: Uint32Array.from(part, ([, place]) => place.length),
      });
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

class OpenSegment {
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
 * @param {IndexPage[]} pages  oldest first
 * @returns {Map<string, Place>}
 */
export function readPages(pages) {
  const places = new Map();
  for (const { keys, segments, offsets, lengths } of pages) {
    keys.split('\0').forEach((key, i) => {
      places.set(key, { segment: segments[i], offset: offsets[i], length: lengths[i] });
    });
  }
  return places;
}
