// SPDX-License-Identifier: MIT
// Uneven rock that is the same on every machine.

/** @param {number} n @param {(index: number) => number} of */
export function uniform(n, of) {
  return Array.from({ length: n }, (_, index) => of(index));
}

/** Numbers in [0, 1): M. O'Neill's mixing of a counter ("mulberry32" by T. Ettinger). @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Log-normal values that are alike over a length, with the spread that H. Dykstra and R. L. Parsons (1950)
 * measure: V = 1 − exp(−σ) of ln k.
 * @param {number} nx @param {number} ny
 * @param {{ mean: number, spread: number, length: number, seed: number }} how  mean geometric; length in cells
 * @returns {number[]}  i fastest
 */
export function smoothField(nx, ny, { mean, spread, length, seed }) {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  let field = uniform(nx * ny, normal);
  for (let pass = 0; pass < 3; pass += 1)
    field = boxMean(boxMean(field, nx, ny, length, 1), nx, ny, length, nx);
  const average = field.reduce((sum, value) => sum + value, 0) / field.length;
  const deviation =
    Math.sqrt(field.reduce((sum, value) => sum + (value - average) ** 2, 0) / field.length) || 1;
  const sigma = -Math.log(1 - Math.min(0.95, spread));
  return field.map((value) => mean * Math.exp((sigma * (value - average)) / deviation));
}

/**
 * Means over a window along one axis.
 * @param {number[]} field @param {number} nx @param {number} ny @param {number} length
 * @param {number} stride  1 along i, nx along j
 */
function boxMean(field, nx, ny, length, stride) {
  const half = Math.max(1, Math.floor(length / 2));
  return field.map((_, at) => {
    const place = stride === 1 ? at % nx : Math.floor(at / nx);
    const count = stride === 1 ? nx : ny;
    let sum = 0,
      n = 0;
    for (let d = -half; d <= half; d += 1) {
      if (place + d < 0 || place + d >= count) continue;
      sum += field[at + d * stride];
      n += 1;
    }
    return sum / n;
  });
}
