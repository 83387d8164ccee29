// SPDX-License-Identifier: MIT
// Which colour and which dashes a curve has. One subject: the colours that oil, gas and water have
// everywhere in the trade. Several: a colour for each, and dashes tell its quantities apart. A run that
// was laid over another is drawn thinner and broken.

import { quantityOf } from '../results/quantities.js';

/** @typedef {import('../results/results.js').Curve} Curve */
/** @typedef {{ stroke: string, width: number, dash: number[] }} CurveStyle */

/** On light and on dark, at least 3:1 against the background. */
const PHASES = Object.freeze({
  light: { oil: '#1a7f37', gas: '#c62828', water: '#1565c0', liquid: '#7a4f01', other: '#6a3fb5' },
  dark: { oil: '#5ecb7a', gas: '#ff7b72', water: '#6ab0f5', liquid: '#e0b050', other: '#b99bf8' },
});

/** After M. Okabe and K. Ito, "Color universal design", 2008; darkened where the page is light. */
const SUBJECTS = Object.freeze({
  light: ['#0072b2', '#b35900', '#00735a', '#a0448a', '#4a4a4a', '#7a6a00', '#2a6f97', '#8b2d2d'],
  dark: ['#56b4e9', '#e69f00', '#2fc79a', '#e59ac8', '#c8c8c8', '#f0e442', '#8ecae6', '#f28b82'],
});

const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [4, 4], [14, 4]];

/**
 * @param {readonly Curve[]} curves
 * @param {boolean} dark
 * @returns {CurveStyle[]}
 */
export function stylesOf(curves, dark) {
  const theme = dark ? 'dark' : 'light';
  const subjects = [...new Set(curves.map(({ subject }) => subject))];
  const quantities = [...new Set(curves.map(({ quantity }) => quantity))];
  const phases = new Set(quantities.map((id) => quantityOf(id).phase));
  const byPhase = subjects.length === 1 && phases.size === quantities.length;
  return curves.map(({ subject, quantity, run }) => {
    const phase = quantityOf(quantity).phase;
    const place = subjects.length === 1 ? quantities.indexOf(quantity) : subjects.indexOf(subject);
    const dash = subjects.length === 1 ? 0 : quantities.indexOf(quantity);
    return {
      stroke: byPhase ? PHASES[theme][phase] : SUBJECTS[theme][place % SUBJECTS[theme].length],
      width: run === 0 ? 2 : 1.25,
      dash: run === 0 ? DASHES[dash % DASHES.length] : DASHES[1 + (dash + run) % (DASHES.length - 1)],
    };
  });
}
