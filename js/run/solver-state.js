// SPDX-License-Identifier: MIT
// `solver_state` of a state: all that decides how a run goes on, as words of 64 bits, so that every store
// keeps it, whatever it does to numbers.

import { BoresError } from '../core/errors.js';
import { NdArray } from '../values/nd-array.js';
import { readTree, writeTree } from '../values/tree.js';

/**
 * @import { PackedParams, PackedTree } from '../core/pack.js'
 * @import { EventsRecord } from '../simulation/events.js'
 * @import { Tree } from './bores/trees.js'
 */

const VERSION = 1;

/** BORES's stores cut each axis into pieces of 20: rows of 20 by 20 words make few and whole pieces. */
const ROW = [20, 20], ROW_BYTES = 8 * 20 * 20;

/**
 * @param {PackedTree} saved  by the simulator
 * @param {EventsRecord} events
 * @param {Tree} [fluids]  the simulator's, where they do not come from tables of the input
 * @returns {Tree}
 */
export function makeSolverState(saved, events, fluids) {
  const { packed, buffers } = writeTree(readTree(saved)); // anew: without addresses in C's memory
  const parts = [packed, ...buffers];
  const lengths = Uint32Array.from([parts.length, ...parts.map(({ length }) => length)]);
  const nbytes = lengths.byteLength + parts.reduce((sum, { length }) => sum + length, 0);
  const rows = Math.ceil(nbytes / ROW_BYTES);
  const bytes = new Uint8Array(rows * ROW_BYTES);
  const view = new DataView(bytes.buffer);
  lengths.forEach((length, i) => view.setUint32(4 * i, length, true));
  let at = lengths.byteLength;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const words = new NdArray(new BigUint64Array(bytes.buffer), [rows, ...ROW]);
  return { version: VERSION, events: JSON.stringify(events), words,
    ...(fluids && { fluids: JSON.stringify(fluids) }) };
}

/**
 * @param {unknown} stored  `solver_state` of a state
 * @returns {{ saved: PackedParams, events: EventsRecord, fluids?: Tree }}
 * @throws {BoresError} ERR_NOT_FOUND where a state has none, ERR_UNSUPPORTED, ERR_CORRUPT
 */
export function readSolverState(stored) {
  const { version, events, words, fluids } = /** @type {any} */ (stored ?? {});
  if (words === undefined) {
    throw new BoresError('ERR_NOT_FOUND', 'this state has no solver_state: it was not made by a Run, and '
      + 'nothing can go on from it to the bit; new Run({ model: state.model, config }) begins a run with it',
    { path: 'solver_state' });
  }
  if (Number(version) !== VERSION) {
    throw new BoresError('ERR_UNSUPPORTED', `solver_state has version ${version}, this knows ${VERSION}`,
      { path: 'solver_state' });
  }
  return { saved: writeTree(readTree(split(bytesOf(words)))), events: JSON.parse(String(events)),
    ...(fluids !== undefined && { fluids: JSON.parse(String(fluids)) }) };
}

/** @param {any} words  an array, of whatever class a store gives */
function bytesOf({ data }) {
  const words = BigUint64Array.from(data ?? [], (word) => BigInt.asUintN(64, BigInt(word)));
  return new Uint8Array(words.buffer);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {PackedTree}
 */
function split(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const corrupt = () => new BoresError('ERR_CORRUPT', `solver_state has ${bytes.length} bytes, which `
    + 'contradict each other', { path: 'solver_state' });
  if (bytes.length < 8) throw corrupt();
  const count = view.getUint32(0, true);
  let at = 4 * (count + 1);
  if (count < 1 || at > bytes.length) throw corrupt();
  const parts = Array.from({ length: count }, (_, i) => {
    const length = view.getUint32(4 * (i + 1), true);
    at += length;
    if (at > bytes.length) throw corrupt();
    return bytes.slice(at - length, at);
  });
  return { packed: parts[0], buffers: parts.slice(1).map(({ buffer }) => buffer) };
}
