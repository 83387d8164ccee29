// SPDX-License-Identifier: MIT
// A cell with eight corners.

/** Abscissae of two Gauss points between 0 and 1. */
const POINTS = [0.5 - Math.sqrt(1 / 12), 0.5 + Math.sqrt(1 / 12)];

/**
 * The volume of the cell that trilinear interpolation of its corners makes: the integral of the Jacobian's
 * determinant, which two Gauss points an axis give exactly.
 * @param {readonly (readonly number[])[]} corners  bits: along the first, second, third axis
 * @returns {number}  not negative
 */
export function hexahedronVolume(corners) {
  let sum = 0;
  for (const u of POINTS) {
    for (const v of POINTS) {
      for (const w of POINTS) sum += determinant(corners, [u, v, w]) / 8;
    }
  }
  return Math.abs(sum);
}

/** @param {readonly (readonly number[])[]} corners @param {readonly number[]} at */
function determinant(corners, at) {
  const [a, b, c] = [0, 1, 2].map((axis) => slope(corners, axis, at));
  return a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2])
    + a[2] * (b[0] * c[1] - b[1] * c[0]);
}

/** The derivative along an axis of the cell. @param {readonly (readonly number[])[]} corners @param {number} axis
 * @param {readonly number[]} at */
function slope(corners, axis, at) {
  const sum = [0, 0, 0];
  corners.forEach((corner, n) => {
    let weight = (n >> axis) & 1 ? 1 : -1;
    for (let other = 0; other < 3; other += 1) {
      if (other !== axis) weight *= (n >> other) & 1 ? at[other] : 1 - at[other];
    }
    for (let d = 0; d < 3; d += 1) sum[d] += weight * corner[d];
  });
  return sum;
}
