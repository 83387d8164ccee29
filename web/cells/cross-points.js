// SPDX-License-Identifier: MIT
// Which cell is seen at each place of a cross-plot. Of millions of cells most lie on each other: places are filled,
// cell by cell in parts between which the page breathes, and only what is seen in the end is painted.

/** @typedef {import('./cross-axes.js').Axis} Axis */

/**
 * One more than the index of a cell by place, row by row from the top; 0: none. `brushed`: of those that stay in the
 * picture, which lie over the `others`.
 * @typedef {{ width: number, height: number, brushed: Int32Array, others: Int32Array }} Points
 */

/** Cells of one part: some milliseconds. */
const PART = 1 << 18;

/**
 * @param {{ x: Axis, y: Axis, mask: Uint8Array }} axes
 * @param {Uint8Array} shown  cells that stay in the picture
 * @param {{ width: number, height: number }} size  places
 * @param {() => boolean} isWanted  asked again and again
 * @returns {Promise<Points | null>}  null: it is not wanted any more
 */
export async function pointsOf(axes, shown, { width, height }, isWanted) {
  const points = { width, height, brushed: new Int32Array(width * height), others: new Int32Array(width * height) };
  for (let from = 0; from < axes.mask.length; from += PART) {
    if (from > 0) {
      await new Promise((resolve) => { setTimeout(resolve); });
      if (!isWanted()) return null;
    }
    place(axes, shown, points, from, Math.min(from + PART, axes.mask.length));
  }
  return points;
}

/**
 * @param {{ x: Axis, y: Axis, mask: Uint8Array }} axes
 * @param {Uint8Array} shown
 * @param {Points} points
 * @param {number} from
 * @param {number} to
 */
function place({ x, y, mask }, shown, { width, height, brushed, others }, from, to) {
  const xs = x.values.data, ys = y.values.data;
  const across = width / (x.last - x.first), up = height / (y.last - y.first);
  for (let n = from; n < to; n += 1) {
    if (mask[n] === 0) continue;
    const u = Math.floor(((x.log ? Math.log10(xs[n]) : xs[n]) - x.first) * across);
    const v = height - 1 - Math.floor(((y.log ? Math.log10(ys[n]) : ys[n]) - y.first) * up);
    if (!(u >= 0 && u < width && v >= 0 && v < height)) continue; // without a value it lies nowhere
    (shown[n] === 0 ? others : brushed)[v * width + u] = n + 1;
  }
}

/**
 * A square around each place where a cell is, what is brushed over the rest.
 * @param {Points} points
 * @param {ImageData} picture  of that size
 * @param {number} size  half of a square
 * @param {(cell: number) => readonly number[]} colourOf  red, green, blue of a cell that is brushed
 */
export function paint({ width, height, brushed, others }, picture, size, colourOf) {
  for (const cells of [others, brushed]) {
    const isBrushed = cells === brushed;
    for (let at = 0; at < cells.length; at += 1) {
      if (cells[at] === 0) continue;
      const [r, g, b] = isBrushed ? colourOf(cells[at] - 1) : OTHERS;
      const x = at % width, y = (at - x) / width;
      for (let v = Math.max(0, y - size); v < Math.min(height, y + size); v += 1) {
        for (let u = Math.max(0, x - size); u < Math.min(width, x + size); u += 1) {
          picture.data.set([r, g, b, isBrushed ? 255 : 110], 4 * (v * width + u));
        }
      }
    }
  }
}

/** Grey. */
const OTHERS = Object.freeze([140, 146, 154]);

/**
 * @param {Points} points
 * @param {{ x: number, y: number }} at  parts of the plot, from the left and from below
 * @param {number} near  places
 * @returns {number | null}  index of the cell whose place is nearest; null: none is so near
 */
export function pointAt({ width, height, brushed, others }, at, near) {
  const x = at.x * width, y = (1 - at.y) * height;
  let best = 0, least = near ** 2;
  for (let v = Math.max(0, Math.floor(y - near)); v < Math.min(height, y + near); v += 1) {
    for (let u = Math.max(0, Math.floor(x - near)); u < Math.min(width, x + near); u += 1) {
      const cell = brushed[v * width + u] || others[v * width + u];
      const far = (u + 0.5 - x) ** 2 + (v + 0.5 - y) ** 2;
      if (cell !== 0 && far < least) [best, least] = [cell, far];
    }
  }
  return best === 0 ? null : best - 1;
}
