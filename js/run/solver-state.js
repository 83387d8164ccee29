// SPDX-License-Identifier: MIT
// `solver_state` of a state: all that decides how a run goes on, as bytes, so that every store keeps it to
// the bit, whatever it does to numbers.

import { BoresError } from '../core/errors.js';
import { NdArray } from '../api/nd-array.js';
import { readTree, writeTree } from '../api/tree.js';

/**
 * @import { PackedParams, PackedTree } from '../core/pack.js'
 * @import { EventsRecord } from '../simulation/events.js'
 * @import { Tree } from './bores/trees.js'
 */

const VERSION = 1;

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
  const bytes = new Uint8Array(lengths.byteLength + parts.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  lengths.forEach((length, i) => view.setUint32(4 * i, length, true));
  let at = lengths.byteLength;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { version: VERSION, events: JSON.stringify(events), bytes: new NdArray(bytes),
    ...(fluids && { fluids: JSON.stringify(fluids) }) };
}

/**
 * @param {unknown} stored  `solver_state` of a state
 * @returns {{ saved: PackedParams, events: EventsRecord, fluids?: Tree }}
 * @throws {BoresError} ERR_NOT_FOUND where a state has none, ERR_UNSUPPORTED, ERR_CORRUPT
 */
export function readSolverState(stored) {
  const { version, events, bytes, fluids } = /** @type {any} */ (stored ?? {});
  if (bytes === undefined) {
    throw new BoresError('ERR_NOT_FOUND', 'this state has no solver_state: it was not made by a Run, and '
      + 'nothing can go on from it to the bit; new Run({ model: state.model, config }) begins a run with it',
    { path: 'solver_state' });
  }
  if (Number(version) !== VERSION) {
    throw new BoresError('ERR_UNSUPPORTED', `solver_state has version ${version}, this knows ${VERSION}`,
      { path: 'solver_state' });
  }
  const data = Uint8Array.from(/** @type {ArrayLike<number>} */ (bytes.data ?? bytes));
  return { saved: writeTree(readTree(split(data))), events: JSON.parse(String(events)),
    ...(fluids !== undefined && { fluids: JSON.parse(String(fluids)) }) };
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
