// SPDX-License-Identifier: MIT
// Connections of a neutral model that are in a file beside it (`grid.nnc`), as `grid.connections`.

import { BoresError } from '../../core/errors.js';
import { describeLocation } from '../../store/store-connection.js';
import { readFileBytes } from '../../store/file-bytes.js';

/** @import { Tree } from '../bores/trees.js' */

const BYTES = 12;

/**
 * @param {Tree} model
 * @param {unknown} source  where the model was read from
 * @param {{ signal?: AbortSignal }} options
 * @returns {Promise<Tree>}  the model, or the same with its connections
 * @throws {BoresError} ERR_ARGUMENT for a file that is not beside it, ERR_CORRUPT for one of another length
 */
export async function withConnections(model, source, options) {
  const { nnc, connections } = model.grid ?? {};
  if (!nnc || connections) return model;
  const file = typeof nnc.file === 'string' ? nnc.file : '';
  const place = source instanceof URL ? source.href : source;
  if (typeof place !== 'string' || /^(\.{0,2}$|.*[/\\])/.test(file)) {
    throw new BoresError('ERR_ARGUMENT', `grid.nnc is ${file}, beside no ${describeLocation(source)}; `
      + 'grid.connections has them in the model');
  }
  const beside = place.replace(/^(\w{2,}:\/\/[^?#]*)[?#].*$/s, '$1').replace(/[^/\\]*$/, file);
  const bytes = await readFileBytes(source instanceof URL ? new URL(beside) : beside, options);
  if (bytes.length !== BYTES * nnc.count) {
    throw new BoresError('ERR_CORRUPT', `${beside} has ${bytes.length} bytes, ${nnc.count} connections take `
      + `${BYTES * nnc.count}`);
  }
  return { ...model, grid: { ...model.grid, connections: decode(bytes, nnc.count) } };
}

/**
 * int32 a, int32 b, float32 transmissibility, one array after the other, little-endian.
 * @param {Uint8Array} bytes
 * @param {number} count
 */
function decode(bytes, count) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const list = (/** @type {number} */ part, /** @type {(at: number) => number} */ get) =>
    Array.from({ length: count }, (_, i) => get(4 * (part * count + i)));
  return {
    a: list(0, (at) => view.getInt32(at, true)),
    b: list(1, (at) => view.getInt32(at, true)),
    transmissibility: list(2, (at) => view.getFloat32(at, true)),
  };
}
