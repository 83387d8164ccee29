// SPDX-License-Identifier: MIT
// What is needed of WebGL 2, shortened: programs, buffers, textures of numbers.

/** @typedef {WebGL2RenderingContext} GL */

/** Texels in a row of a texture of numbers; every WebGL 2 device has as many. */
export const ROW = 2048;

/**
 * @param {GL} gl
 * @param {string} vertex    GLSL ES 3.00, less the version line
 * @param {string} fragment
 * @param {readonly string[]} attributes  in the order of their locations
 * @returns {{ program: WebGLProgram, at: Record<string, WebGLUniformLocation> }}
 */
export function makeProgram(gl, vertex, fragment, attributes) {
  const program = gl.createProgram();
  for (const [type, source] of /** @type {const} */ ([
    [gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(type));
    gl.shaderSource(shader, `#version 300 es\n${source}`);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  attributes.forEach((name, location) => gl.bindAttribLocation(program, location, name));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`a shader does not compile: ${gl.getProgramInfoLog(program)}`
      + (gl.getAttachedShaders(program) ?? []).map((s) => gl.getShaderInfoLog(s)).join());
  }
  /** @type {Record<string, WebGLUniformLocation>} */ const at = {};
  const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0;
  for (let n = 0; n < count; n += 1) {
    const name = gl.getActiveUniform(program, n)?.name.replace('[0]', '') ?? '';
    const location = gl.getUniformLocation(program, name);
    if (location) at[name] = location;
  }
  return { program, at };
}

/**
 * A vertex array with one buffer of floats, in which attributes lie beside each other.
 * @param {GL} gl
 * @param {readonly number[]} sizes  floats of each attribute
 */
export function makeVertices(gl, sizes) {
  const array = gl.createVertexArray();
  const buffer = gl.createBuffer();
  const stride = 4 * sizes.reduce((sum, size) => sum + size, 0);
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  let offset = 0;
  sizes.forEach((size, location) => {
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, gl.FLOAT, false, stride, offset);
    offset += 4 * size;
  });
  gl.bindVertexArray(null);
  return {
    array,
    /** @param {Float32Array} data */
    fill(data) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    },
  };
}

/** A long list of numbers for a shader: `texelFetch(list, place(n), 0)`. */
export class NumberTexture {
  #rows = 0;

  /** @param {GL} gl @param {'float' | 'uint'} kind */
  constructor(gl, kind) {
    this.gl = gl;
    this.texture = gl.createTexture();
    this.formats = kind === 'float' ? /** @type {const} */ ([gl.R32F, gl.RED, gl.FLOAT])
      : /** @type {const} */ ([gl.R32UI, gl.RED_INTEGER, gl.UNSIGNED_INT]);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    nearest(gl);
  }

  /** Takes the place of what was there; allocates only when it is longer. */
  fill(/** @type {Float32Array | Uint32Array} */ data) {
    const { gl } = this;
    const [internal, format, type] = this.formats;
    const rows = Math.max(1, Math.ceil(data.length / ROW));
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (rows > this.#rows) {
      gl.texImage2D(gl.TEXTURE_2D, 0, internal, ROW, rows, 0, format, type, null);
      this.#rows = rows;
    }
    const whole = Math.floor(data.length / ROW);
    if (whole > 0) gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, ROW, whole, format, type, data);
    const rest = data.length - whole * ROW;
    if (rest > 0) {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, whole, rest, 1, format, type,
        data.subarray(whole * ROW));
    }
  }

  /** @param {number} unit */
  bind(unit) {
    this.gl.activeTexture(this.gl.TEXTURE0 + unit);
    this.gl.bindTexture(this.gl.TEXTURE_2D, this.texture);
    this.gl.activeTexture(this.gl.TEXTURE0);
  }
}

/** Numbers are not to be mixed with their neighbours. @param {GL} gl */
export function nearest(gl) {
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
    gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
  }
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
    gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  }
}
