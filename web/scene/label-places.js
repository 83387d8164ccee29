// SPDX-License-Identifier: MIT
// Where labels of wells go: at the heads, but never over each other, and at the edge of the picture where
// the head is outside it.

/**
 * @typedef {object} Placeable
 * @property {number} x       of the head, CSS pixels
 * @property {number} y
 * @property {number} width   of the label, which stands in the middle above its point
 * @property {number} height
 */

/** Pixels between labels, and to the edge. */
const GAP = 3;

/** Pixels between the text of a tick and its point. */
const TICK_GAP = 8;

/**
 * Where the point of a text to its left goes, so that its first digits are in the picture if the point is.
 * @param {number} x
 * @param {number} width  of the text
 * @param {{ width: number }} picture
 */
export function keepInside(x, width, picture) {
  return x < 0 || x > picture.width ? x : Math.max(x, width + TICK_GAP + GAP);
}

/**
 * @param {readonly Placeable[]} labels
 * @param {{ width: number, height: number }} picture
 * @param {readonly Placeable[]} [taken]  what lies over the picture there, as if it were labels
 * @returns {{ x: number, y: number, away: boolean }[]}  in the order given; `away`: the head is not in the picture
 */
export function spreadLabels(labels, picture, taken = []) {
  const wished = labels.map(({ x, y, width, height }) => {
    const side = Math.min(width / 2 + GAP, picture.width / 2);
    const at = { x: clamp(x, side, picture.width - side), y: clamp(y, height + GAP, picture.height - GAP) };
    return { ...at, width, height, away: x < 0 || y < 0 || x > picture.width || y > picture.height };
  });
  // From below upward: a label that is in the way of another one goes above it, as heads have room above.
  const order = wished.map((_, n) => n).sort((a, b) => wished[b].y - wished[a].y);
  /** @type {Placeable[]} */ const placed = [...taken];
  for (const n of order) {
    placed.push(Object.assign(wished[n], free(wished[n], placed, picture)));
  }
  return wished.map(({ x, y, away }) => ({ x, y, away }));
}

/**
 * The nearest place above, else below, that no placed label takes.
 * @param {Placeable} label
 * @param {readonly Placeable[]} placed
 * @param {{ height: number }} picture
 */
function free(label, placed, picture) {
  for (const upward of [true, false]) {
    let { y } = label;
    // Each label is passed once at most.
    for (let n = 0; n <= placed.length; n += 1) {
      const other = placed.find((one) => overlap({ ...label, y }, one));
      if (other === undefined) return { y };
      y = upward ? other.y - other.height - GAP : other.y + label.height + GAP;
      if (y < label.height || y > picture.height) break;
    }
  }
  return { y: label.y };
}

/** @param {Placeable} a @param {Placeable} b */
function overlap(a, b) {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 + GAP
    && a.y - a.height < b.y + GAP && b.y - b.height < a.y + GAP;
}

/** @param {number} value @param {number} lo @param {number} hi */
function clamp(value, lo, hi) {
  return Math.max(lo, Math.min(hi, value));
}
