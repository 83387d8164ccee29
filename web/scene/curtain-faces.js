// SPDX-License-Identifier: MIT
// Faces of cells and those of a curtain through them, drawn as one.

/** @typedef {import('./renderer.js').Faces} Faces */
/** `alone`: without the cells. @typedef {{ faces: Faces | null, alone: boolean }} FenceFaces */

/** @param {Faces} cells @param {FenceFaces} fence @returns {Faces} */
export function withFence(cells, { faces, alone }) {
  if (faces === null || (faces.count === 0 && !alone)) return cells;
  if (alone || cells.count === 0) return faces;
  const positions = new Float32Array(cells.positions.length + faces.positions.length);
  const codes = new Uint32Array(cells.count + faces.count);
  positions.set(cells.positions);
  positions.set(faces.positions, cells.positions.length);
  codes.set(cells.codes.subarray(0, cells.count));
  codes.set(faces.codes, cells.count);
  return { positions, codes, count: codes.length };
}
