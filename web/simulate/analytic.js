// SPDX-License-Identifier: MIT
// Answers on paper, drawn beside the simulator's.

/** Cubic feet in a barrel. */
const BARREL = 5.614583;

/**
 * A waterflood in one dimension, without gravity and capillary pressure: S. E. Buckley and M. C. Leverett,
 * "Mechanism of fluid displacement in sands", Trans. AIME 146 (1942); the shock by H. J. Welge's tangent, "A simplified
 * method for computing oil recovery by gas or water drive", Trans. AIME 195 (1952).
 *
 * @param {object} flood
 * @param {number} flood.swc @param {number} flood.sorw
 * @param {number} flood.krw  of water at 1 − sorw; of oil at swc it is 1
 * @param {number} flood.nw @param {number} flood.no
 * @param {number} flood.waterViscosity @param {number} flood.oilViscosity  cP
 * @returns {{ breakthrough: number, mean: number, waterCut: (pvi: number) => number,
 *   recovery: (pvi: number) => number }}  pore volumes injected → water cut at the outlet; produced oil as
 *   a part of the oil in place. `breakthrough` in pore volumes, `mean` the mean water saturation then.
 */
export function buckleyLeverett({ swc, sorw, krw, nw, no, waterViscosity, oilViscosity }) {
  const movable = 1 - swc - sorw;
  const fraction = (/** @type {number} */ sw) => {
    const s = Math.min(1, Math.max(0, (sw - swc) / movable));
    const water = krw * s ** nw / waterViscosity, oil = (1 - s) ** no / oilViscosity;
    return water / (water + oil);
  };
  const slope = (/** @type {number} */ sw) => (fraction(sw + 1e-6) - fraction(sw - 1e-6)) / 2e-6;
  // The tangent from (swc, 0): where the chord is as steep as the curve.
  let lo = swc + 1e-3 * movable, hi = 1 - sorw - 1e-6;
  for (let n = 0; n < 80; n += 1) {
    const middle = (lo + hi) / 2;
    if (fraction(middle) / (middle - swc) < slope(middle)) lo = middle;
    else hi = middle;
  }
  const shock = (lo + hi) / 2;
  const breakthrough = (shock - swc) / fraction(shock);
  const outlet = (/** @type {number} */ pvi) => { // saturation whose speed is 1 / pvi
    let from = shock, to = 1 - sorw;
    for (let n = 0; n < 60; n += 1) {
      const middle = (from + to) / 2;
      if (slope(middle) > 1 / pvi) from = middle;
      else to = middle;
    }
    return (from + to) / 2;
  };
  return {
    breakthrough,
    mean: swc + breakthrough,
    waterCut: (pvi) => (pvi < breakthrough ? 0 : fraction(outlet(pvi))),
    recovery(pvi) {
      if (pvi < breakthrough) return pvi / (1 - swc);
      const sw = outlet(pvi);
      return (sw - swc + pvi * (1 - fraction(sw))) / (1 - swc);
    },
  };
}

/**
 * Pressure of a closed tank above its bubble point, from which oil is taken at one rate: what is produced
 * is what expands (D. Havlena and A. S. Odeh, "The material balance as an equation of a straight line", JPT 1963, with
 * expansion alone).
 *
 * @param {object} tank
 * @param {number} tank.poreVolume        rb
 * @param {number} tank.compressibility   of oil, water and rock together, 1/psi
 * @param {number} tank.rate              reservoir barrels a day
 * @param {number} tank.pressure          psia at first
 * @param {number} tank.until             psia, its bubble point
 * @returns {[day: number, pressure: number][]}
 */
export function expansionLine({ poreVolume, compressibility, rate, pressure, until }) {
  const perDay = rate / (poreVolume * compressibility);
  const end = (pressure - until) / perDay;
  return [[0, pressure], [end, until]];
}

/** Reservoir barrels of a box's pores. @param {number} cubicFeet @param {number} porosity */
export function poreBarrels(cubicFeet, porosity) {
  return cubicFeet * porosity / BARREL;
}

/**
 * The rate above which water or gas tongues through instead of rising as a level: D. N. Dietz, "A theoretical
 * approach to the problem of encroaching and by-passing edge water", 1953.
 *
 * @param {{ permeability: number, krw: number, area: number, angle: number, densityDifference: number,
 *   viscosity: number, mobilityRatio: number }} bed  mD, –, ft², degrees, lb/ft³, cP, –
 * @returns {number}  rb/d; Infinity where the displacing phase is the less mobile one
 */
export function dietzRate({ permeability, krw, area, angle, densityDifference, viscosity, mobilityRatio }) {
  if (mobilityRatio <= 1) return Infinity;
  const gravity = densityDifference / 144 * Math.sin(angle * Math.PI / 180);
  return 1.127116e-3 * permeability * krw * area * gravity / (viscosity * (mobilityRatio - 1));
}
