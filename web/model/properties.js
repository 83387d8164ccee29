// SPDX-License-Identifier: MIT
// What of a run can be drawn: the arrays that have a value for every cell, and the sparse
// tensors that have one for some.

import { describeProperty, PROPERTIES } from '../../js/index.js';
import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';

/** @typedef {import('./run.js').Values} Values */
/**
 * @typedef {object} Drawable
 * @property {string} id      dotted path in a state: what the link and the list know it by
 * @property {readonly string[]} path
 * @property {string} name    'Oil saturation'; for an unknown property its path
 * @property {string} unit    '' for none
 * @property {string} group
 * @property {boolean} log    shown on a logarithmic scale unless the user says otherwise
 * @property {boolean} flags  false and true, not numbers
 * @property {boolean} [ternary]  three saturations in one colour; a value is that colour
 * @property {readonly string[]} [parts]  ids of oil, gas and water saturation, of which it is made
 * @property {boolean} whole  integers: they may be categories
 * @property {string} dtype  NumPy type string of what is stored
 * @property {boolean} sparse  most cells have no value
 * @property {number} nbytes  of one step's values, decoded
 * @property {boolean} [difference]  of two states: zero is the middle
 */

/**
 * One array as the inventory tells of it.
 * @typedef {object} ArrayInfo
 * @property {readonly string[]} names  of its path
 * @property {readonly number[]} shape
 * @property {string} dtype     NumPy type string, '<f8'
 * @property {number} [sparse]  for a sparse tensor: how many values it holds
 */

/** Groups in the order in which a person looks for them; others follow. */
const GROUPS = ['Fluid', 'Rock', 'Rates', 'Relative permeability', 'Mobility',
  'Capillary pressure', 'History', 'Grid', 'Other'];

/** Shown first where it is there. */
const FIRST = ['model.fluid_properties.pressure_grid',
  'model.fluid_properties.oil_saturation_grid'];

/** NumPy type strings of booleans, integers and floats; the number is their bytes. */
const NUMERIC = /^[<>|=]?[bfiu]([1248])$/;

/**
 * Those arrays of an entry that have a value for every cell, and the sparse tensors that may.
 * @param {readonly ArrayInfo[]} arrays
 * @param {readonly number[]} shape  [nx, ny, nz]
 * @returns {Drawable[]}  grouped and ordered for a list
 */
export function drawables(arrays, shape) {
  return arrays
    .filter((array) => NUMERIC.test(array.dtype) && array.shape.length === 3
      && array.shape.every((n, axis) => n === shape[axis]))
    .map((array) => drawable(array, shape))
    .sort(byGroup);
}

/** @param {ArrayInfo} array @param {readonly number[]} shape @returns {Drawable} */
function drawable({ names, dtype, sparse }, shape) {
  const { name, unit, group, log } = describeProperty(names);
  const id = names.join('.');
  const itemSize = sparse === undefined ? Number(NUMERIC.exec(dtype)?.[1]) : 8;
  return {
    id,
    path: names,
    // The registry makes a name up for what it does not know; a path says more.
    name: group === 'Other' ? id : name,
    unit,
    group,
    log,
    flags: dtype.endsWith('b1'),
    whole: sparse === undefined && /[iu]\d$/.test(dtype),
    dtype,
    sparse: sparse !== undefined,
    nbytes: itemSize * shape.reduce((product, n) => product * n, 1),
  };
}

/**
 * A list with the three saturations in one colour, where all are there.
 * @param {Drawable[]} list
 * @returns {Drawable[]}
 */
export function withTernary(list) {
  const parts = ['oil', 'gas', 'water'].map((phase) =>
    list.findIndex(({ id, sparse }) => !sparse && id.endsWith(`fluid_properties.${phase}_saturation_grid`)));
  if (parts.includes(-1)) return list;
  const last = Math.max(...parts) + 1;
  /** @type {Drawable} */ const ternary = { ...list[parts[0]], id: 'ternary', path: ['ternary'],
    name: 'Oil, gas and water (ternary)', unit: '', log: false, whole: false, ternary: true,
    parts: parts.map((n) => list[n].id) };
  return [...list.slice(0, last), ternary, ...list.slice(last)];
}

/**
 * The value of a cell as a person reads it: of three saturations all three.
 * @param {Values} values
 * @param {number} index
 * @param {Drawable} property
 * @param {number} digits
 */
export function cellText({ data, parts }, index, property, digits) {
  if (!parts) return valueText(data[index], property, digits);
  const [oil, gas, water] = parts.map((part) => formatNumber(part[index], Math.min(4, digits)));
  return `So ${oil}, Sg ${gas}, Sw ${water}`;
}

/**
 * The value of a cell to the last digit: of three saturations all three.
 * @param {Values} values @param {number} index
 */
export function exactText({ data, parts }, index) {
  return parts ? parts.map((part) => part[index]).join(', ') : String(data[index]);
}

/** Groups as above; in a group as the registry has them, which is by how much they are wanted. */
function byGroup(/** @type {Drawable} */ a, /** @type {Drawable} */ b) {
  return groupRank(a) - groupRank(b) || rank(a) - rank(b) || a.id.localeCompare(b.id);
}

/** @param {Drawable} property */
function groupRank({ group }) {
  const n = GROUPS.indexOf(group);
  return n < 0 ? GROUPS.length : n;
}

const SUFFIXES = [...PROPERTIES.keys()];

/** @param {Drawable} property */
function rank({ path }) {
  const ends = [path.slice(-2).join('.'), path.at(-1)];
  const n = SUFFIXES.findIndex((suffix) => ends.includes(suffix));
  return n < 0 ? SUFFIXES.length : n;
}

/**
 * What to show of a run that nothing was chosen of yet.
 * @param {readonly Drawable[]} list
 * @returns {Drawable | undefined}
 */
export function firstChoice(list) {
  return FIRST.map((id) => list.find((d) => d.id === id)).find((d) => d !== undefined) ?? list[0];
}

/** 'Pressure [psi]' @param {Drawable} property */
export function titleOf({ name, unit }) {
  return unit === '' ? name : `${name} [${unit}]`;
}

/** The same in the unit in which values are told. @param {Drawable} property @param {boolean} metric */
export function toldTitle({ name, unit }, metric) {
  return titleOf(/** @type {Drawable} */ ({ name, unit: unitsOf(unit, metric).unit }));
}

/**
 * The value of a cell without its unit, in the one in which values are told.
 * @param {{ property: Drawable, values: Values }} shown @param {number} index @param {boolean} metric
 */
export function toldText({ property, values }, index, metric) {
  const bare = { ...property, unit: '' };
  return values.parts ? cellText(values, index, bare, 5)
    : valueText(unitsOf(property.unit, metric, property.difference).inUnit(values.data[index]), bare, 5);
}

/**
 * The same to the last digit.
 * @param {{ property: Drawable, values: Values }} shown @param {number} index @param {boolean} metric
 */
export function toldExactText({ property, values }, index, metric) {
  return values.parts ? exactText(values, index)
    : String(unitsOf(property.unit, metric, property.difference).inUnit(values.data[index]));
}

/**
 * A value as a person reads it: with its unit, or as true or false.
 * @param {number} value
 * @param {Drawable} property
 * @param {number} digits  significant ones
 */
export function valueText(value, { flags, unit }, digits) {
  if (Number.isNaN(value)) return formatNumber(value);
  if (flags) return String(value !== 0);
  return unit === '' ? formatNumber(value, digits) : `${formatNumber(value, digits)} ${unit}`;
}

/**
 * Those that match every word of what was typed, in name, unit or path.
 * @param {readonly Drawable[]} list
 * @param {string} typed
 */
export function search(list, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return list.filter(({ name, unit, id, group }) => {
    const text = `${name} ${unit} ${id.replaceAll('_', ' ')} ${id} ${group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
