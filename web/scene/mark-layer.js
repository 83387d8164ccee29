// SPDX-License-Identifier: MIT
// What is drawn besides the cells: lines, and lit solids. Parts that cells hide show through
// faintly where that is wanted, so that a well can be followed inside the reservoir.

import { makeProgram, makeVertices } from './gl.js';
import { MARK_FRAGMENT, MARK_VERTEX } from './shaders.js';

/** Floats of a vertex: position, normal, colour. */
export const VERTEX = 9;

export class MarkLayer {
  /** @type {Map<string, { vertices: ReturnType<typeof makeVertices>, count: number,
   *   lines: boolean, ghost: number, opacity: number }>} */
  #groups = new Map();

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.program = makeProgram(gl, MARK_VERTEX, MARK_FRAGMENT, ['position', 'normal', 'tint']);
  }

  /**
   * Replaces what a name stands for.
   * @param {string} name
   * @param {Float32Array} data  VERTEX floats a vertex
   * @param {{ lines: boolean, ghost?: number, opacity?: number }} how  `ghost`: opacity of parts
   *   that cells hide
   */
  set(name, data, { lines, ghost = 0, opacity = 1 }) {
    const vertices = this.#groups.get(name)?.vertices ?? makeVertices(this.gl, [3, 3, 3]);
    vertices.fill(data);
    this.#groups.set(name, { vertices, count: data.length / VERTEX, lines, ghost, opacity });
  }

  /** @param {Float32Array} matrix  @param {readonly number[]} light  towards the eye */
  draw(matrix, light) {
    const { gl, program: { program, at } } = this;
    gl.useProgram(program);
    gl.uniformMatrix4fv(at.uMatrix, false, matrix);
    gl.uniform3fv(at.uLight, light);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    for (const ghost of [false, true]) {
      gl.depthFunc(ghost ? gl.GREATER : gl.LEQUAL);
      gl.depthMask(!ghost);
      for (const group of this.#groups.values()) {
        const opacity = ghost ? group.ghost : group.opacity;
        if (group.count === 0 || opacity === 0) continue;
        gl.uniform1f(at.uOpacity, opacity);
        gl.bindVertexArray(group.vertices.array);
        gl.drawArrays(group.lines ? gl.LINES : gl.TRIANGLES, 0, group.count);
      }
    }
    gl.bindVertexArray(null);
    gl.depthFunc(gl.LEQUAL);
    gl.depthMask(true);
    gl.disable(gl.BLEND);
  }
}
