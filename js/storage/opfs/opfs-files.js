// SPDX-License-Identifier: MIT
// The files of a log as anybody may read them, without a handle that keeps others out.

import { HEADER_BYTES, parseHeader, parseSegmentName, segmentName } from './opfs-format.js';
import { scanSegment } from './opfs-scan.js';

/** @import { SegmentId } from './opfs-format.js' */

/**
 * @param {FileSystemDirectoryHandle} directory
 * @returns {Promise<SegmentId[]>}  in order
 */
export async function listSegments(directory) {
  const segments = [];
  for await (const name of directory.keys()) {
    const id = parseSegmentName(name);
    if (id) segments.push(id);
  }
  return segments.sort((a, b) => a.generation - b.generation || a.number - b.number);
}

/**
 * The last generation that is published.
 *
 * @param {FileSystemDirectoryHandle} directory
 * @param {SegmentId[]} segments  in order
 * @param {number} [known]  one that was published
 * @returns {Promise<number | undefined>}
 */
export async function currentGeneration(directory, segments, known) {
  for (const id of segments.filter(({ number }) => number === 0).reverse()) {
    if (id.generation === known) return known;
    const header = await readFrom(await fileOf(directory, id))(0, HEADER_BYTES);
    if (parseHeader(header, id)?.published) return id.generation;
  }
  return undefined;
}

/**
 * What a replacement that was not completed held: names at the root.
 *
 * @param {FileSystemDirectoryHandle} directory
 * @param {SegmentId[]} segments
 * @param {number | undefined} current  generation
 */
export async function unpublishedNames(directory, segments, current = -1) {
  /** @type {Set<string>} */
  const names = new Set();
  for (const id of segments) {
    if (id.generation <= current) continue;
    const file = await fileOf(directory, id);
    const { changes } = await scanSegment(readFrom(file), file.size, id, segmentName(id));
    for (const key of changes.keys()) names.add(key.replace(/\/.*/s, '/'));
  }
  return [...names].sort();
}

/**
 * As it is now; reading it fails when it has changed since.
 * @param {FileSystemDirectoryHandle} directory
 * @param {SegmentId} id
 */
export async function fileOf(directory, id) {
  return (await directory.getFileHandle(segmentName(id))).getFile();
}

/**
 * What tells a segment from any other file, also of its name.
 * @param {File} file
 * @param {SegmentId} id
 * @returns {Promise<string | undefined>}  undefined for one that was not written to its header's end
 */
export async function tagOf(file, id) {
  return parseHeader(await readFrom(file)(0, HEADER_BYTES), id)?.tag;
}

/** @param {File} file */
export function readFrom(file) {
  return async (/** @type {number} */ at, /** @type {number} */ length) => (
    new Uint8Array(await file.slice(at, at + length).arrayBuffer()));
}
