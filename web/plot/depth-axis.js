// SPDX-License-Identifier: MIT
// Depths along the left side of a section, and the room that they take.

import { formatNumber, ticks } from './scale.js';

/** CSS pixels between two depths. */
const APART = 44;
/** CSS pixels of a digit of 11 px, and of the word along the axis, its gap and the tick. */
const DIGIT = 6.7;
const BESIDE = 22;

/** @param {number} upper @param {number} lower  as they are told @param {number} height  CSS pixels */
export function depthTicks(upper, lower, height) {
  return ticks(upper, lower, { count: Math.max(2, Math.round(height / APART)) });
}

/**
 * CSS pixels that an axis takes, so that its longest depth is whole and does not lie on the word.
 * @param {number} upper @param {number} lower @param {number} height
 * @param {number} least
 */
export function depthRoom(upper, lower, height, least) {
  const longest = Math.max(...depthTicks(upper, lower, height).map((depth) => formatNumber(depth).length));
  return Math.max(least, Math.ceil(BESIDE + DIGIT * longest));
}
