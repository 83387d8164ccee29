// SPDX-License-Identifier: MIT
// Writes the log of a store (`opfs-format.js`) through synchronous access handles, which only dedicated
// workers have. One segment is open at a time, and one more while a replacement is written.

import { BoresError } from '../../core/errors.js';
import { wasDeleted } from './opfs-content.js';
import { currentGeneration, fileOf, listSegments, tagOf, unpublishedNames } from './opfs-files.js';
import {
  COMMIT, HEADER_BYTES, HEAD_BYTES, SEAL, TAG_BYTES, encodeDirectory, encodeHead, encodeHeader,
  encodePublished, encodeTrailer, padded, parseHeader, segmentName, tagText,
} from './opfs-format.js';
import { scanSegment } from './opfs-scan.js';
import { openSyncHandle, writeAll } from './sync-handle.js';
import { Xxh32 } from '../base/xxh32.js';

/** @import { SegmentId } from './opfs-format.js' */
/** @import { SyncHandle } from './sync-handle.js' */

/** A segment that is longer takes no further record. */
export const SEGMENT_BYTES = 64 * 1024 * 1024;

/**
 * The shape of a record, known from its beginning.
 * @typedef {{ directoryLength: number, valuesLength: number, durable: boolean }} Shape
 *
 * The segment that is written to.
 * @typedef {object} Active
 * @property {SegmentId} id
 * @property {string} tag
 * @property {SyncHandle} handle
 * @property {number} end        where the next record goes
 * @property {number} durableTo  what is before has been flushed
 *
 * A record that is being written.
 * @typedef {object} Pending
 * @property {Shape} shape
 * @property {number} at       in the segment
 * @property {number} written  bytes after the head
 * @property {Xxh32} directoryHash
 * @property {Xxh32} valuesHash
 */

export class OpfsLog {
  #directory;
  #location;
  #segmentBytes;
  /** @type {Active | undefined} */ #active;
  /** The one that stands, while a replacement is written. @type {Active | undefined} */ #standing;
  /** @type {Pending | undefined} */ #pending;

  /**
   * @param {FileSystemDirectoryHandle} directory
   * @param {number} segmentBytes
   * @param {string} location  for messages
   */
  constructor(directory, segmentBytes, location) {
    this.#directory = directory;
    this.#location = location;
    this.#segmentBytes = segmentBytes;
  }

  /**
   * Finds the end of the log, or makes one, and removes what a killed writer has left.
   * @returns {Promise<{ dropped: string[] }>}  names at the root, of a replacement that was not complete
   */
  async open() {
    await this.close();
    const segments = await listSegments(this.#directory);
    const current = await currentGeneration(this.#directory, segments);
    const dropped = await unpublishedNames(this.#directory, segments, current);
    for (const id of segments) if (id.generation !== current) await this.#remove(id);
    if (current === undefined) {
      this.#active = await this.#create({ generation: 0, number: 0 });
      this.#publish(this.#active);
      return { dropped };
    }
    await this.#openLast(segments.filter(({ generation }) => generation === current));
    return { dropped };
  }

  /**
   * Appends a part of a record, its directory first, then its values, each padded. The last part
   * commits it.
   *
   * @param {Uint8Array} bytes
   * @param {Shape} shape  the same for each part
   * @returns {Promise<{ id: SegmentId, tag: string, valuesAt: number } | undefined>}  when it is committed,
   *   where
   */
  async append(bytes, shape) {
    this.#pending ??= await this.#begin(shape);
    const { handle, id, tag } = this.#use();
    const { at, directoryHash, valuesHash, written } = this.#pending;
    writeAll(handle, bytes, at + HEAD_BYTES + written);
    const directoryLeft = Math.max(0, shape.directoryLength - written);
    const valuesFrom = Math.max(0, padded(shape.directoryLength) - written);
    directoryHash.update(bytes.subarray(0, directoryLeft));
    valuesHash.update(bytes.subarray(valuesFrom));
    this.#pending.written += bytes.length;
    const valuesAt = at + HEAD_BYTES + padded(shape.directoryLength);
    if (at + HEAD_BYTES + this.#pending.written < valuesAt + padded(shape.valuesLength)) return undefined;
    this.#finish(COMMIT, this.#pending);
    this.#pending = undefined;
    await this.#assertThere(this.#use());
    return { id, tag, valuesAt };
  }

  /** Drops what has been written since the last commit. */
  async cancel() {
    this.#pending = undefined;
    if (this.#active === undefined) return; // it is gone, as the error has said
    const { handle, end } = this.#active;
    handle.truncate(end);
  }

  /** Begins a content that will replace the one that stands. */
  async beginReplacement() {
    const { id } = this.#use();
    const fresh = await this.#create({ generation: id.generation + 1, number: 0 });
    this.#standing = this.#active;
    this.#active = fresh;
  }

  /** Makes the replacement the content. */
  async publishReplacement() {
    const { id } = this.#use();
    this.#flush();
    const first = id.number === 0 ? this.#active : undefined;
    if (first) this.#publish(first);
    else await this.#publishClosed({ generation: id.generation, number: 0 });
    await this.#assertThere(this.#use());
    await this.#end(this.#standing);
    this.#standing = undefined;
    try {
      for (const other of await listSegments(this.#directory)) {
        if (other.generation < id.generation) await this.#remove(other);
      }
    } catch {
      // They do not count any more; the next writer that opens the log removes them.
    }
  }

  /** Goes back to the content that stands. */
  async abandonReplacement() {
    if (this.#standing === undefined) return;
    const { id } = this.#use();
    await this.#end(this.#active);
    this.#active = this.#standing;
    this.#standing = undefined;
    this.#pending = undefined;
    for (const other of await listSegments(this.#directory)) {
      if (other.generation === id.generation) await this.#remove(other);
    }
  }

  /** Idempotent. */
  async close() {
    const open = [this.#active, this.#standing];
    this.#pending = undefined;
    this.#active = undefined;
    this.#standing = undefined;
    for (const segment of open) await this.#end(segment);
  }

  /**
   * Closes a handle. That of a file which was deleted below it, with all that the browser kept for the
   * origin, is left alone: in Chromium close() would never return.
   * @param {Active} [segment]
   */
  async #end(segment) {
    if (segment && await this.#isThere(segment)) segment.handle.close();
  }

  /**
   * Whether what is written through a handle is still what anybody can read. A browser that was told to
   * forget an origin's data deletes the files below open handles, which go on as if nothing were.
   * @param {Active} segment
   */
  async #isThere({ id, tag, handle }) {
    try {
      const file = await fileOf(this.#directory, id);
      return file.size === handle.getSize() && (await tagOf(file, id) ?? '') === tag;
    } catch (error) {
      if (!['NotFoundError', 'InvalidStateError'].includes(/** @type {DOMException} */ (error).name)) throw error;
      return false;
    }
  }

  /**
   * @param {Active} segment
   * @throws {BoresError} ERR_STORAGE; the log is not open any more
   */
  async #assertThere(segment) {
    if (await this.#isThere(segment)) return;
    this.#active = undefined;
    this.#standing = undefined;
    throw wasDeleted(this.#location);
  }

  /**
   * @param {Shape} shape
   * @returns {Promise<Pending>}
   */
  async #begin(shape) {
    if (this.#use().end > this.#segmentBytes) await this.#roll();
    return {
      shape, at: this.#use().end, written: 0, directoryHash: new Xxh32(), valuesHash: new Xxh32(),
    };
  }

  /**
   * Writes the head, and so commits.
   * @param {number} kind
   * @param {Pending} record
   */
  #finish(kind, { shape, at, written, directoryHash, valuesHash }) {
    const active = this.#use();
    const head = encodeHead({
      kind, directoryLength: shape.directoryLength, valuesLength: shape.valuesLength,
      directoryHash: directoryHash.digest(), valuesHash: valuesHash.digest(), durableTo: active.durableTo,
    }, active.id, at);
    writeAll(active.handle, head, at);
    if (shape.durable) active.handle.flush();
    active.end = at + HEAD_BYTES + written;
    if (shape.durable) active.durableTo = active.end;
  }

  /** Seals the segment and begins the next. */
  async #roll() {
    const active = this.#use();
    const { handle, id, end } = active;
    try {
      await this.#seal(active);
      this.#active = await this.#create({ ...id, number: id.number + 1 });
    } catch (error) {
      active.end = end; // cancel() cuts off the seal
      throw error;
    }
    await this.#end(active);
  }

  /** @param {Active} active */
  async #seal({ handle, id, end }) {
    const { changes } = await scanSegment(readFrom(handle), end, id, segmentName(id), { live: true });
    const bytes = encodeDirectory({
      places: [...changes].flatMap(([key, at]) => (at ? [[key, at.offset, at.length]] : [])),
      deletes: [...changes].flatMap(([key, at]) => (at ? [] : [key])),
    });
    writeAll(handle, bytes, end + HEAD_BYTES);
    const written = padded(bytes.length);
    this.#finish(SEAL, {
      shape: { directoryLength: bytes.length, valuesLength: 0, durable: false },
      at: end, written, directoryHash: new Xxh32().update(bytes), valuesHash: new Xxh32(),
    });
    writeAll(handle, encodeTrailer(id, end), end + HEAD_BYTES + written);
    handle.flush();
  }

  /** @param {SegmentId[]} segments  of the current generation, in order */
  async #openLast(segments) {
    const id = /** @type {SegmentId} */ (segments.at(-1));
    const handle = await this.#openHandle(id);
    const read = readFrom(handle);
    const header = parseHeader(read(0, HEADER_BYTES), id);
    if (header === undefined && id.number > 0) {
      handle.close(); // killed before it was a segment
      await this.#remove(id);
      await this.#openLast(segments.slice(0, -1));
      return;
    }
    const size = handle.getSize();
    const { end, sealed } = await scanSegment(read, size, id, segmentName(id));
    this.#active = { id, tag: header?.tag ?? '', handle, end, durableTo: end };
    if (end < size) handle.truncate(end);
    handle.flush();
    if (!sealed) return;
    this.#active = await this.#create({ ...id, number: id.number + 1 });
    handle.close();
  }

  /**
   * @param {SegmentId} id
   * @returns {Promise<Active>}
   */
  async #create(id) {
    const handle = await this.#openHandle(id, true);
    const tag = globalThis.crypto.getRandomValues(new Uint8Array(TAG_BYTES));
    try {
      handle.truncate(0);
      writeAll(handle, encodeHeader(id, tag), 0);
      return { id, tag: tagText(tag), handle, end: HEADER_BYTES, durableTo: HEADER_BYTES };
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  /**
   * @param {SegmentId} id
   * @param {boolean} [create]
   */
  async #openHandle(id, create = false) {
    return openSyncHandle(await this.#directory.getFileHandle(segmentName(id), { create }));
  }

  /** @param {SegmentId} id */
  async #remove(id) {
    await this.#directory.removeEntry(segmentName(id)).catch((error) => {
      if (error.name !== 'NotFoundError') throw error;
    });
  }

  /** @param {Pick<Active, 'id' | 'handle'>} first */
  #publish({ id, handle }) {
    handle.flush(); // all of it is there before it counts
    const { at, bytes } = encodePublished(id.generation);
    writeAll(handle, bytes, at);
    handle.flush();
  }

  /** @param {SegmentId} id */
  async #publishClosed(id) {
    const handle = await this.#openHandle(id);
    try {
      this.#publish({ id, handle });
    } finally {
      handle.close();
    }
  }

  #flush() {
    const active = this.#use();
    active.handle.flush();
    active.durableTo = active.end;
  }

  #use() {
    if (this.#active !== undefined) return this.#active;
    throw new BoresError('ERR_CLOSED', 'the log is not open');
  }
}

/**
 * @param {SyncHandle} handle
 * @returns {(at: number, length: number) => Uint8Array}
 */
function readFrom(handle) {
  return (at, length) => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, handle.read(bytes, { at }));
  };
}
