// SPDX-License-Identifier: MIT
// MAPAXES: where on the map a grid lies whose coordinates are its own, and in which unit that is said.

/**
 * @typedef {object} MapAxes
 * @property {[number, number]} origin  x and y on the map of the grid's (0, 0), in the map's unit
 * @property {[number, number]} x       direction of the grid's x axis on the map, of length 1
 * @property {[number, number]} y       the same of its y axis
 * @property {number} scale             units of the map in one of the grid
 */

/**
 * Metres in a unit of length. Some write the system of units, or a name cut to eight characters.
 * @param {string | null | undefined} name  of GRIDUNIT or MAPUNITS
 * @returns {number | undefined}  undefined: none is named, or none that is known
 */
export function metresIn(name) {
  const known = /** @type {const} */ ([[/^US_S/i, 1200 / 3937], [/^(F|I?FT)/i, 0.3048], [/^(CM|CENTI|LAB)/i, 0.01],
    [/^(M|METRES|METERS|METRIC|METRE|METER)$/i, 1]]);
  return known.find(([names]) => names.test(name?.trim() ?? ''))?.[1];
}

/**
 * @param {{ mapaxes: any, mapunits: any, gridunit: any }} grid  of the operation `ecl.geometry`
 * @returns {MapAxes | null}  null: the grid has none, or its coordinates are the map's already
 */
export function mapAxesOf({ mapaxes, mapunits, gridunit }) {
  const axes = mapaxes?.data;
  if (!axes || axes.length < 6 || /^MAP$/i.test(gridunit?.[1]?.trim() ?? '')) return null;
  const [x1, y1, x2, y2, x3, y3] = axes;
  const alongX = Math.hypot(x3 - x2, y3 - y2), alongY = Math.hypot(x1 - x2, y1 - y2);
  if (!(alongX > 0 && alongY > 0 && alongX < Infinity && alongY < Infinity)) return null;
  const own = metresIn(gridunit?.[0]), theirs = metresIn(mapunits?.[0]);
  return { origin: [x2, y2], x: [(x3 - x2) / alongX, (y3 - y2) / alongX], y: [(x1 - x2) / alongY, (y1 - y2) / alongY],
    scale: own && theirs ? own / theirs : 1 };
}
