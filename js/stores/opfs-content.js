// SPDX-License-Identifier: MIT
// What is known of a log: where each key's value lies, as of some moment. Reading takes no handle, so
// any number of tabs may read while one writes; a file that changes under a read is read again.

import { BoresError } from '../core/errors.js';
import { currentGeneration, fileOf, listSegments, readFrom } from './opfs-files.js';
import { HEADER_BYTES } from './opfs-format.js';
import { scanSegment } from './opfs-scan.js';
import { PlaceIndex } from './place-index.js';
import { sleep } from './waiting.js';

/** @typedef {{ generation: number, number: number, offset: number, length: number }} LogPlace */

/** How far a generation has been read. */
const START = { number: 0, end: HEADER_BYTES };
const ATTEMPTS = 200; // while a writer commits without a pause
const ATTEMPT_MS = 8;
/** What reading a file that has changed fails with: NotReadable in Chromium, Abort in Firefox. */
const CHANGED = new Set(['NotReadableError', 'AbortError', 'NotFoundError']);

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
    const live = generation === this.generation;
    /** @type {PlaceIndex<LogPlace>} */
    const places = live ? this.places : new PlaceIndex();
    let { number, end } = live ? this.#known : START;
    for (const id of segments) {
      if (id.generation !== generation || id.number < number) continue;
      const from = id.number === number ? end : HEADER_BYTES;
      const file = await fileOf(directory, id);
      const scanned = await scanSegment(readFrom(file), file.size, id, location, { from, live });
      for (const [key, extent] of scanned.changes) {
        if (extent) places.set(key, { ...id, ...extent });
        else places.delete(key);
      }
      ({ number } = id);
      ({ end } = scanned);
    }
    this.places = places;
    this.generation = generation;
    this.#known = { number, end };
  }
}

/**
 * Does again what a writer has come in between of.
 *
 * @template T
 * @param {string} location
 * @param {() => Promise<T>} run
 * @param {{ signal?: AbortSignal, replaced?: () => Promise<void> }} [options]  replaced(): called
 *   before another attempt when a file was gone
 * @returns {Promise<T>}
 */
export async function retrying(location, run, { signal, replaced } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (cause) {
      signal?.throwIfAborted();
      const { name, message } = /** @type {DOMException} */ (cause);
      if (!CHANGED.has(name)) throw cause;
      if (attempt === ATTEMPTS) {
        throw new BoresError('ERR_STORAGE', `${location} changes too quickly to be read: ${name}: ` +
          message, { cause });
      }
      if (name === 'NotFoundError') await replaced?.();
      await sleep(Math.random() * ATTEMPT_MS, signal);
    }
  }
}
