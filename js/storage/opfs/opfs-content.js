// SPDX-License-Identifier: MIT
// What is known of a log: where each key's value lies, as of some moment. Reading takes no handle, so
// any number of tabs may read while one writes; a file that changes under a read is read again.

import { BoresError } from '../../core/errors.js';
import { currentGeneration, fileOf, listSegments, readFrom, tagOf } from './opfs-files.js';
import { HEADER_BYTES } from './opfs-format.js';
import { scanSegment } from './opfs-scan.js';
import { PlaceIndex } from '../base/place-index.js';
import { retrying } from '../base/retrying.js';

/** @import { SegmentId } from './opfs-format.js' */
/** @typedef {{ generation: number, number: number, tag: string, offset: number, length: number }} LogPlace */

/** How far a generation has been read. */
const START = { number: 0, end: HEADER_BYTES, tag: '' };

export class LogContent {
  /** @type {PlaceIndex<LogPlace>} */ places = new PlaceIndex();
  /** -1: there is no log, yet. */ generation = -1;
  /** A writer of this content has the log's lock: nobody else changes it. */ writing = false;
  #known = START;
  /** @type {Promise<unknown>} */ #last = Promise.resolve();

  /**
   * Takes in what is there now.
   * @param {FileSystemDirectoryHandle | undefined} directory
   * @param {string} location
   * @returns {Promise<void>}
   */
  refresh(directory, location) {
    const turn = this.#last.then(async () => {
      if (directory !== undefined && !this.writing) {
        await retrying(location, () => this.#refresh(directory, location));
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /**
   * What a commit of ours has changed.
   * @param {Iterable<readonly [key: string, place: LogPlace | undefined]>} changes
   */
  take(changes) {
    for (const [key, place] of changes) {
      if (place === undefined) this.places.delete(key);
      else this.places.set(key, place);
    }
  }

  /**
   * Another content, from a replacement of ours.
   * @param {PlaceIndex<LogPlace>} places
   */
  replace(places) {
    this.places = places;
  }

  /**
   * @param {FileSystemDirectoryHandle} directory
   * @param {string} location
   */
  async #refresh(directory, location) {
    const segments = await listSegments(directory);
    const generation = await currentGeneration(directory, segments, this.generation) ?? -1;
    if (generation < 0 && this.generation >= 0) throw wasDeleted(location);
    const live = generation === this.generation && await this.#isKnown(directory, segments);
    /** @type {PlaceIndex<LogPlace>} */
    const places = live ? this.places : new PlaceIndex();
    let { number, end, tag } = live ? this.#known : START;
    for (const id of segments) {
      if (id.generation !== generation || id.number < number) continue;
      const from = live && id.number === number ? end : HEADER_BYTES;
      const file = await fileOf(directory, id);
      const found = await tagOf(file, id);
      if (found === undefined) break; // its writer has only begun it
      tag = found;
      const scanned = await scanSegment(readFrom(file), file.size, id, location, { from, live });
      for (const [key, extent] of scanned.changes) {
        if (extent) places.set(key, { ...id, ...extent, tag: found });
        else places.delete(key);
      }
      ({ number } = id);
      ({ end } = scanned);
    }
    this.places = places;
    this.generation = generation;
    this.#known = { number, end, tag };
  }

  /**
   * Whether the last segment that was read is there still, and the same.
   * @param {FileSystemDirectoryHandle} directory
   * @param {SegmentId[]} segments
   */
  async #isKnown(directory, segments) {
    const { number, tag } = this.#known;
    const id = segments.find((other) => other.generation === this.generation && other.number === number);
    return id !== undefined && (tag === '' || await tagOf(await fileOf(directory, id), id) === tag);
  }
}

/** @param {string} location */
export function wasDeleted(location) {
  return new BoresError('ERR_STORAGE', `${location} was deleted since it was opened: open it again`);
}
