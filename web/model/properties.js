// SPDX-License-Identifier: MIT
// What of a run can be drawn: the arrays that have a value for every cell, and the sparse
// tensors that have one for some.

import { describeProperty } from '../../js/index.js';

/**
 * @typedef {object} Drawable
 * @property {string} id      dotted path in a state: what the link and the list know it by
 * @property {readonly string[]} path
 * @property {string} name    'Oil saturation'; for an unknown property its path
 * @property {string} unit    '' for none
 * @property {string} group
 * @property {boolean} log    shown on a logarithmic scale unless the user says otherwise
 * @property {boolean} flags  false and true, not numbers
 * @property {boolean} sparse  most cells have no value
 * @property {number} nbytes  of one step's values, decoded
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
    sparse: sparse !== undefined,
    nbytes: itemSize * shape.reduce((product, n) => product * n, 1),
  };
}

/** @param {Drawable} a @param {Drawable} b */
function byGroup(a, b) {
  const rank = /** @param {Drawable} d */ (d) => {
    const n = GROUPS.indexOf(d.group);
    return n < 0 ? GROUPS.length : n;
  };
  return rank(a) - rank(b) || order(a) - order(b) || a.id.localeCompare(b.id);
}

/** Pressure, temperature and saturations lead their group. @param {Drawable} d */
function order({ id }) {
  const lead = ['pressure_grid', 'oil_saturation_grid', 'water_saturation_grid',
    'gas_saturation_grid', 'temperature_grid', 'porosity_grid'];
  const n = lead.findIndex((name) => id.endsWith(`_properties.${name}`));
  return n < 0 ? lead.length : n;
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
