// SPDX-License-Identifier: MIT
// What the GPU is given of the values: one a face that is drawn, of its cell, and not those of all cells.

/** Of a face's code, its cell. */
const CELL = 0x1fffffff;
/** A range of less than this part of its values needs more than single precision. */
const NARROW = 1e-3;

export class FaceValues {
  #buffer = new Float32Array(1);
  /** One a cell; none: no cell has one. @type {ArrayLike<number>} */ cells = [];
  /** From where they are told. */ from = 0;

  /**
   * Single precision cannot tell values of a narrow range apart: they are told from its lower end.
   * @param {import('../plot/colormaps.js').Colouring} colouring
   * @returns {import('../plot/colormaps.js').Colouring}  of values that are told so
   */
  toldBy({ lo, hi, log, ...colouring }) {
    const narrow = !log && hi - lo < NARROW * Math.max(Math.abs(lo), Math.abs(hi));
    this.from = narrow ? lo : 0;
    return { ...colouring, log, lo: lo - this.from, hi: hi - this.from };
  }

  /** @param {import('./renderer.js').Faces} faces @returns {Float32Array}  good until the next call */
  of({ codes, count }) {
    if (this.#buffer.length < count) this.#buffer = new Float32Array(count);
    for (let face = 0; face < count; face += 1) this.#buffer[face] = this.cells[codes[face] & CELL] - this.from;
    return this.#buffer.subarray(0, count);
  }
}
