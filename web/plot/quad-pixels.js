// SPDX-License-Identifier: MIT
// Many cells as pixels: each pixel has the colour of the cell at its middle. Ten thousand outlines, which the canvas
// fills one by one, hang the page.

/**
 * Fills quads that lie side by side; none of their seams shows, nor what is free between two that nearly touch.
 * @param {{ data: Uint8ClampedArray, width: number, height: number }} picture  RGBA
 * @param {Float64Array} quads  8 each, as a slice has them
 * @param {{ left: number, top: number, scaleX: number, scaleY: number }} place  of the quads, in its pixels
 * @param {(quad: number) => number} colourOf  RGBA as a little-endian number
 * @param {number} [around]  pixels around a quad that are its own where no quad is
 */
export function fillQuads(picture, quads, place, colourOf, around = 0) {
  if (around > 0) fillGrown(picture, quads, place, colourOf, around);
  fillGrown(picture, quads, place, colourOf, 0);
}

/**
 * @param {Parameters<typeof fillQuads>[0]} picture
 * @param {Float64Array} quads
 * @param {Parameters<typeof fillQuads>[2]} place
 * @param {(quad: number) => number} colourOf
 * @param {number} around  by which each is larger, seen from its middle
 */
function fillGrown({ data, width, height }, quads, { left, top, scaleX, scaleY }, colourOf, around) {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const x = new Float64Array(4), y = new Float64Array(4), crossings = new Float64Array(4);
  for (let quad = 0; quad < quads.length / 8; quad += 1) {
    let upper = Infinity, lower = -Infinity;
    for (let n = 0; n < 4; n += 1) {
      x[n] = left + quads[8 * quad + 2 * n] * scaleX;
      y[n] = top + quads[8 * quad + 2 * n + 1] * scaleY;
    }
    if (around > 0) {
      grow(x, around);
      grow(y, around);
    }
    for (let n = 0; n < 4; n += 1) {
      upper = Math.min(upper, y[n]);
      lower = Math.max(lower, y[n]);
    }
    const first = firstMiddle(upper, height), end = firstMiddle(lower, height);
    const colour = first < end ? colourOf(quad) : 0;
    for (let row = first; row < end; row += 1) {
      const count = crossingsAt(x, y, row + 0.5, crossings);
      for (let n = 0; n < count; n += 2) {
        pixels.fill(colour, row * width + firstMiddle(crossings[n], width),
          row * width + firstMiddle(crossings[n + 1], width));
      }
    }
  }
}

/** Moves four places away from their middle. @param {Float64Array} at @param {number} by */
function grow(at, by) {
  const middle = (at[0] + at[1] + at[2] + at[3]) / 4;
  for (let n = 0; n < 4; n += 1) at[n] += by * Math.sign(at[n] - middle);
}

/** The first of `count` pixels whose middle is not before `at`. @param {number} at @param {number} count */
const firstMiddle = (at, count) => Math.min(count, Math.max(0, Math.ceil(at - 0.5)));

/**
 * Where a line across meets the sides of a quad, from left to right: none, two, or four if it is twisted.
 * @param {Float64Array} x
 * @param {Float64Array} y
 * @param {number} at
 * @param {Float64Array} out
 * @returns {number}
 */
function crossingsAt(x, y, at, out) {
  let count = 0;
  for (let n = 0, last = 3; n < 4; last = n, n += 1) {
    if ((y[n] > at) === (y[last] > at)) continue;
    // The same end first, whichever of two cells asks: both find the same place.
    const [a, b] = y[n] < y[last] ? [n, last] : [last, n];
    const crossing = x[a] + (at - y[a]) / (y[b] - y[a]) * (x[b] - x[a]);
    let place = count;
    for (; place > 0 && out[place - 1] > crossing; place -= 1) out[place] = out[place - 1];
    out[place] = crossing;
    count += 1;
  }
  return count;
}
