// SPDX-License-Identifier: MIT
// Writes the log of a store (`opfs-format.js`) through synchronous access handles, which only dedicated
// workers have. One segment is open at a time, and one more while a replacement is written.

import { BoresError } from '../../core/errors.js';
import { currentGeneration, listSegments, unpublishedNames } from './opfs-files.js';
import {
  COMMIT, HEADER_BYTES, HEAD_BYTES, SEAL, encodeDirectory, encodeHead, encodeHeader, encodePublished,
  encodeTrailer, padded, parseHeader, segmentName,
} from './opfs-format.js';
import { scanSegment } from './opfs-scan.js';
import { sleep } from '../base/waiting.js';
import { Xxh32 } from '../base/xxh32.js';

/** @import { SegmentId } from './opfs-format.js' */

/** A segment that is longer takes no further record. */
export const SEGMENT_BYTES = 64 * 1024 * 1024;
const HANDLE_ATTEMPTS = 100; // the handle of a worker that was terminated goes a moment after its lock
const HANDLE_WAIT_MS = 20;

/**
 * TypeScript knows it in workers only.
 * @typedef {object} SyncHandle
 * @property {(buffer: Uint8Array, options: { at: number }) => number} read
 * @property {(buffer: Uint8Array, options: { at: number }) => number} write
 * @property {(size: number) => void} truncate
 * @property {() => number} getSize
 * @property {() => void} flush
 * @property {() => void} close
 *
 * The shape of a record, known from its beginning.
 * @typedef {{ directoryLength: number, valuesLength: number, durable: boolean }} Shape
 *
 * The segment that is written to.
 * @typedef {object} Active
 * @property {SegmentId} id
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
  #segmentBytes;
  /** @type {Active | undefined} */ #active;
  /** The one that stands, while a replacement is written. @type {Active | undefined} */ #standing;
  /** @type {Pending | undefined} */ #pending;

  /**
   * @param {FileSystemDirectoryHandle} directory
   * @param {number} segmentBytes
   */
  constructor(directory, segmentBytes) {
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
  }

  /**
   * Finds the end of the log, or makes one, and removes what a killed writer has left.
   * @returns {Promise<{ dropped: string[] }>}  names at the root, of a replacement that was not complete
   */
  async open() {
    this.close();
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
   * @returns {Promise<{ id: SegmentId, valuesAt: number } | undefined>}  when it is committed, where
   */
  async append(bytes, shape) {
    this.#pending ??= await this.#begin(shape);
    const { handle, id } = this.#use();
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
    return { id, valuesAt };
  }

  /** Drops what has been written since the last commit. */
  async cancel() {
    const { handle, end } = this.#use();
    handle.truncate(end);
    this.#pending = undefined;
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
    this.#standing?.handle.close();
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
    const { id, handle } = this.#use();
    handle.close();
    this.#active = this.#standing;
    this.#standing = undefined;
    this.#pending = undefined;
    for (const other of await listSegments(this.#directory)) {
      if (other.generation === id.generation) await this.#remove(other);
    }
  }

  /** Idempotent. */
  close() {
    this.#pending = undefined;
    for (const open of [this.#active, this.#standing]) open?.handle.close();
    this.#active = undefined;
    this.#standing = undefined;
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
    handle.close();
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
    if (parseHeader(read(0, HEADER_BYTES), id) === undefined && id.number > 0) {
      handle.close(); // killed before it was a segment
      await this.#remove(id);
      await this.#openLast(segments.slice(0, -1));
      return;
    }
    const size = handle.getSize();
    const { end, sealed } = await scanSegment(read, size, id, segmentName(id));
    this.#active = { id, handle, end, durableTo: end };
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
    const handle = await this.#openHandle(id);
    try {
      handle.truncate(0);
      writeAll(handle, encodeHeader(id), 0);
      return { id, handle, end: HEADER_BYTES, durableTo: HEADER_BYTES };
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  /** @param {SegmentId} id */
  async #openHandle(id) {
    const file = await this.#directory.getFileHandle(segmentName(id), { create: true });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await createHandle(file);
      } catch (error) {
        const isHeld = /** @type {DOMException} */ (error).name === 'NoModificationAllowedError';
        if (!isHeld || attempt === HANDLE_ATTEMPTS) throw error;
        await sleep(HANDLE_WAIT_MS, undefined);
      }
    }
  }

  /** @param {SegmentId} id */
  async #remove(id) {
    await this.#directory.removeEntry(segmentName(id)).catch((error) => {
      if (error.name !== 'NotFoundError') throw error;
    });
  }

  /** @param {Active} first */
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
      this.#publish({ id, handle, end: 0, durableTo: 0 });
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
 * @param {FileSystemFileHandle} file
 * @returns {Promise<SyncHandle>}
 */
function createHandle(file) {
  return /** @type {any} */ (file).createSyncAccessHandle();
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

/**
 * @param {SyncHandle} handle
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function writeAll(handle, bytes, at) {
  for (let done = 0; done < bytes.length;) {
    const count = handle.write(bytes.subarray(done), { at: at + done });
    if (count === 0) throw new DOMException('nothing more can be written', 'QuotaExceededError');
    done += count;
  }
}
