// SPDX-License-Identifier: MIT
// The visible faces of the cells on the GPU: geometry once per filter, their values once per step.

import { ABOVE, BELOW, FALSE, MISSING, TRUE } from '../plot/colormaps.js';
import { makeProgram, makeVertices, nearest, NumberTexture, ROW } from './gl.js';
import { CELL_FRAGMENT, CELL_VERTEX, PICK_FRAGMENT, PICK_VERTEX } from './shaders.js';

/** @typedef {import('./renderer.js').Faces} Faces */
/** @typedef {import('../plot/colormaps.js').Colouring} Colouring */

/**
 * Brightness by direction (−x, +x, −y, +y, up, down): full from above and below, so that a
 * cell seen from there has exactly the legend's colour. Flat: from everywhere.
 */
const SHADE = [0.78, 0.86, 0.74, 0.9, 1, 1];
const FLAT = SHADE.map(() => 1);
/** Opacity of the lines between cells. */
const EDGES = 0.5;

export class CellLayer {
  #count = 0;
  #indexed = 0;

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.shown = makeProgram(gl, CELL_VERTEX, CELL_FRAGMENT, ['position']);
    this.picked = makeProgram(gl, PICK_VERTEX, PICK_FRAGMENT, ['position']);
    this.vertices = makeVertices(gl, [3]);
    this.index = gl.createBuffer();
    this.codes = new NumberTexture(gl, 'uint');
    this.values = new NumberTexture(gl, 'float');
    this.table = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.table);
    nearest(gl);
    this.#setConstants();
  }

  /** Faces that this device has room for. */
  get most() {
    return ROW * this.gl.getParameter(this.gl.MAX_TEXTURE_SIZE);
  }

  /** @param {Faces} faces */
  setFaces({ positions, codes, count }) {
    const { gl } = this;
    this.#count = count;
    this.vertices.fill(positions);
    this.codes.fill(codes);
    if (count <= this.#indexed) return;
    this.#indexed = count;
    gl.bindVertexArray(this.vertices.array);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.index);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, quadIndex(count), gl.STATIC_DRAW);
    gl.bindVertexArray(null);
  }

  /** @param {Float32Array} values  one a face: its cell's */
  setValues(values) {
    this.values.fill(values);
  }

  /** @param {Colouring} colouring */
  setColouring({ table, lo, hi, log, flags, direct }) {
    const { gl, shown: { program, at } } = this;
    const first = log ? Math.log(lo) : lo;
    const span = (log ? Math.log(hi) : hi) - first;
    gl.useProgram(program);
    gl.uniform2f(at.uRange, span > 0 ? first : lo, span > 0 ? 1 / span : 0);
    gl.uniform1i(at.uLog, Number(log));
    gl.uniform1i(at.uFlags, Number(flags));
    gl.uniform1i(at.uDirect, Number(direct ?? false));
    gl.bindTexture(gl.TEXTURE_2D, this.table);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, table.length / 4, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, table);
  }

  /** @param {{ selected: number, hovered: number, edges: boolean }} marks  cells; −1: none */
  setMarks({ selected, hovered, edges }) {
    const { gl, shown: { program, at } } = this;
    gl.useProgram(program);
    gl.uniform1ui(at.uSelected, selected + 1);
    gl.uniform1ui(at.uHovered, hovered + 1);
    gl.uniform1f(at.uEdges, edges ? EDGES : 0);
  }

  /** @param {boolean} flat  no side is darker than another */
  setFlat(flat) {
    const { gl, shown: { program, at } } = this;
    gl.useProgram(program);
    gl.uniform1fv(at.uShade, flat ? FLAT : SHADE);
  }

  /** @param {Float32Array} matrix  drawing coordinates → clip @param {'shown' | 'picked'} how */
  draw(matrix, how) {
    if (this.#count === 0) return;
    const { gl } = this;
    const { program, at } = this[how];
    gl.useProgram(program);
    gl.uniformMatrix4fv(at.uMatrix, false, matrix);
    this.codes.bind(0);
    if (how === 'shown') {
      this.values.bind(1);
      gl.activeTexture(gl.TEXTURE2);
      gl.bindTexture(gl.TEXTURE_2D, this.table);
      gl.activeTexture(gl.TEXTURE0);
    }
    gl.enable(gl.CULL_FACE); // faces look outward: none is seen from behind
    gl.enable(gl.POLYGON_OFFSET_FILL); // lines on faces stay in front of them
    gl.polygonOffset(1, 1);
    gl.bindVertexArray(this.vertices.array);
    gl.drawElements(gl.TRIANGLES, 6 * this.#count, gl.UNSIGNED_INT, 0);
    gl.bindVertexArray(null);
    gl.disable(gl.POLYGON_OFFSET_FILL);
    gl.disable(gl.CULL_FACE);
  }

  #setConstants() {
    const { gl, shown: { program, at } } = this;
    gl.useProgram(program);
    gl.uniform1i(at.uCodes, 0);
    gl.uniform1i(at.uValues, 1);
    gl.uniform1i(at.uTable, 2);
    gl.uniform1fv(at.uShade, SHADE);
    for (const [name, rgb] of /** @type {const} */ ([['uMissing', MISSING], ['uBelow', BELOW],
      ['uAbove', ABOVE], ['uFalse', FALSE], ['uTrue', TRUE]])) {
      gl.uniform3fv(at[name], rgb.map((c) => c / 255));
    }
    gl.useProgram(this.picked.program);
    gl.uniform1i(this.picked.at.uCodes, 0);
  }
}

/** Two triangles a face: corners 0 1 2 and 0 2 3. @param {number} count  faces */
function quadIndex(count) {
  const index = new Uint32Array(6 * count);
  for (let at = 0, first = 0; at < index.length; at += 6, first += 4) {
    index[at] = first;
    index[at + 1] = first + 1;
    index[at + 2] = first + 2;
    index[at + 3] = first;
    index[at + 4] = first + 2;
    index[at + 5] = first + 3;
  }
  return index;
}
