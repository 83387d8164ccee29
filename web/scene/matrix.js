// SPDX-License-Identifier: MIT
// The little linear algebra that a camera takes. Matrices are 4 × 4, column by column, as
// WebGL takes them; vectors are [x, y, z].

/** @typedef {import('./renderer.js').Vector} Vector */

const RADIANS = Math.PI / 180;

/**
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @returns {Float32Array}  a × b: b is applied first
 */
export function multiply(a, b) {
  const out = new Float32Array(16);
  for (let column = 0; column < 4; column += 1) {
    for (let row = 0; row < 4; row += 1) {
      let sum = 0;
      for (let n = 0; n < 4; n += 1) sum += a[4 * n + row] * b[4 * column + n];
      out[4 * column + row] = sum;
    }
  }
  return out;
}

/**
 * @param {number} fov     degrees from the lower to the upper edge
 * @param {number} aspect  width / height
 * @param {number} near
 * @param {number} far
 */
export function perspective(fov, aspect, near, far) {
  const f = 1 / Math.tan(fov / 2 * RADIANS);
  const out = new Float32Array(16);
  out[0] = f / aspect;
  out[5] = f;
  out[10] = (far + near) / (near - far);
  out[11] = -1;
  out[14] = 2 * far * near / (near - far);
  return out;
}

/**
 * Scales and then moves.
 * @param {Vector} scale
 * @param {Vector} move
 */
export function scaleAndMove(scale, move) {
  const out = new Float32Array(16);
  for (let axis = 0; axis < 3; axis += 1) {
    out[5 * axis] = scale[axis];
    out[12 + axis] = move[axis];
  }
  out[15] = 1;
  return out;
}

/**
 * World → eye, for an eye with these axes.
 * @param {Vector} right
 * @param {Vector} up
 * @param {Vector} back  from what it looks at towards the eye
 * @param {Vector} eye   where it is
 */
export function lookFrom(right, up, back, eye) {
  const out = new Float32Array(16);
  [right, up, back].forEach((axis, row) => {
    for (let n = 0; n < 3; n += 1) out[4 * n + row] = axis[n];
    out[12 + row] = -dot(axis, eye);
  });
  out[15] = 1;
  return out;
}

/**
 * Makes the one pixel at (x, y) of a picture the whole picture.
 * @param {number} x       of its middle, pixels from the left
 * @param {number} y       pixels from the top
 * @param {number} width   of the picture
 * @param {number} height
 */
export function onlyPixel(x, y, width, height) {
  const centre = { x: 2 * x / width - 1, y: 1 - 2 * y / height };
  return scaleAndMove([width, height, 1], [-centre.x * width, -centre.y * height, 0]);
}

/**
 * @param {Float32Array} matrix
 * @param {Vector} point
 * @returns {[number, number, number, number]}  homogeneous
 */
export function transform(matrix, [x, y, z]) {
  return /** @type {[number, number, number, number]} */ ([0, 1, 2, 3].map((row) =>
    matrix[row] * x + matrix[4 + row] * y + matrix[8 + row] * z + matrix[12 + row]));
}

/** @param {Vector} a @param {Vector} b */
export function dot(a, b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** @param {Vector} a @param {Vector} b @returns {Vector} */
export function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** @param {Vector} a @param {Vector} b @param {number} factor @returns {Vector}  a + factor b */
export function along(a, b, factor) {
  return [a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]];
}

/** @param {Vector} v */
export function length(v) {
  return Math.hypot(v[0], v[1], v[2]);
}

/** @param {Vector} v @returns {Vector}  of length 1 */
export function unit(v) {
  return along([0, 0, 0], v, 1 / (length(v) || 1));
}
