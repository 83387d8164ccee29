// SPDX-License-Identifier: MIT
// Names under which a state answers besides those on disk: what the other versions of BORES
// and the guide call the same thing. They are non-enumerable getters, so that listing,
// copying and writing a state see exactly what is stored. A stored name always wins.

import { NdArray } from '../values/nd-array.js';
import { isMap } from '../values/paths.js';
import { SparseTensor } from '../values/sparse-tensor.js';

/** @typedef {import('../values/paths.js').TreeMap} TreeMap */

const PHASES = ['oil', 'water', 'gas'];

/**
 * Other names of a map's children, by the map's path: what they mean, the first that is stored.
 * @type {Map<string, Map<string, string[]>>}
 */
const ALIASES = new Map(Object.entries({
  model: {
    saturation_history: ['hysteresis_state'],
    hysteresis_state: ['saturation_history'],
  },
  'model.rock_properties': {
    permeability: ['absolute_permeability'],
    net_to_gross_grid: ['net_to_gross_ratio_grid'],
    net_to_gross_ratio_grid: ['net_to_gross_grid'],
    net_to_gross: ['net_to_gross_grid', 'net_to_gross_ratio_grid'],
  },
  'model.rock_properties.absolute_permeability': {
    x_direction: ['x'], y_direction: ['y'], z_direction: ['z'],
  },
  relative_permeabilities: {
    ...phaseAliases('relative_permeability'),
    kro: ['oil_relative_permeability'],
    krw: ['water_relative_permeability'],
    krg: ['gas_relative_permeability'],
  },
  relative_mobilities: {
    ...phaseAliases('relative_mobility'),
    λo: ['oil_relative_mobility'],
    λw: ['water_relative_mobility'],
    λg: ['gas_relative_mobility'],
  },
  capillary_pressures: {
    pcow: ['oil_water_capillary_pressure'],
    Pc_ow: ['oil_water_capillary_pressure'],
    pcgo: ['gas_oil_capillary_pressure'],
    Pc_og: ['gas_oil_capillary_pressure'],
  },
  timer_state: timerAliases(),
}).map(([path, names]) => [path, new Map(Object.entries(names))]));

/** @param {string} quantity */
function phaseAliases(quantity) {
  return Object.fromEntries(PHASES.map((phase) => [phase, [`${phase}_${quantity}`]]));
}

/** The newest BORES spells out what the guide's shortens. */
function timerAliases() {
  const pairs = [
    ['max_step_size', 'maximum_step_size'], ['min_step_size', 'minimum_step_size'],
    ['max_cfl_number', 'maximum_cfl'], ['max_rejects', 'maximum_rejections'],
    ['max_steps', 'maximum_steps'], ['max_growth_per_step', 'maximum_growth_per_step'],
  ];
  return Object.fromEntries(pairs.flatMap(([short, long]) => [[short, [long]], [long, [short]]]));
}

/**
 * The stored name that another name of a child means.
 *
 * @param {readonly string[]} names  path of the map
 * @param {TreeMap} map
 * @param {string} name
 * @returns {string | undefined}  undefined when `name` is no other name, or nothing is stored
 */
export function storedName(names, map, name) {
  const targets = ALIASES.get(names.join('.'))?.get(name);
  return targets?.find((target) => Object.prototype.propertyIsEnumerable.call(map, target));
}

/**
 * Gives a map its views. Views look at the map and what is below it, never above, so that
 * changed copies may share it.
 *
 * @param {readonly string[]} names  path of the map
 * @param {TreeMap} map  complete, not yet frozen
 */
export function addViews(names, map) {
  const path = names.join('.');
  for (const name of ALIASES.get(path)?.keys() ?? []) {
    const stored = storedName(names, map, name);
    if (stored !== undefined) addView(map, name, () => map[stored]);
  }
  if (path === '') addRateViews(map);
  if (path === 'production' || path === 'injection') addView(map, 'total', () => total(map));
  if (path === 'model.fluid_properties') addView(map, 'saturation_history', () => histories(map));
}

/**
 * @param {TreeMap} map
 * @param {string} name
 * @param {() => unknown} compute  called once, when first asked for
 */
function addView(map, name, compute) {
  if (Object.hasOwn(map, name)) return;
  /** @type {{ value: unknown } | undefined} */
  let computed;
  Object.defineProperty(map, name, {
    enumerable: false,
    get() {
      computed ??= { value: compute() };
      return computed.value;
    },
  });
}

/**
 * `rates` (sparse, as the newest BORES stores them) and `production`, `injection` (dense, as
 * the guide has them), each from the other.
 * @param {TreeMap} root
 */
function addRateViews(root) {
  const kinds = ['production', 'injection'];
  if (!Object.hasOwn(root, 'rates')) {
    const stored = kinds.filter((kind) => isMap(root[kind]));
    if (stored.length > 0) {
      addView(root, 'rates', () => lazyMap(stored.map((kind) =>
        [`${kind}_rates`, () => phaseMap(root[kind], sparseOf)])));
    }
    return;
  }
  for (const kind of kinds) {
    const rates = isMap(root.rates) ? root.rates[`${kind}_rates`] : undefined;
    if (isMap(rates)) {
      addView(root, kind, () => {
        const map = phaseMap(rates, denseOf);
        addView(map, 'total', () => total(map));
        return map;
      });
    }
  }
}

/** @param {unknown} value */
function sparseOf(value) {
  return value instanceof NdArray
    ? SparseTensor.fromDense(/** @type {NdArray} */ (value)) : value;
}

/** @param {unknown} value */
function denseOf(value) {
  return value instanceof SparseTensor ? value.toDense() : value;
}

/**
 * @param {TreeMap} source
 * @param {(value: unknown) => unknown} convert
 */
function phaseMap(source, convert) {
  return lazyMap(PHASES.filter((phase) => Object.hasOwn(source, phase))
    .map((phase) => [phase, () => convert(source[phase])]));
}

/**
 * A map whose children are computed when they are asked for.
 * @param {[string, () => unknown][]} children
 * @returns {TreeMap}
 */
function lazyMap(children) {
  const map = Object.create(null);
  for (const [name, compute] of children) addView(map, name, compute);
  return map;
}

/**
 * Sum of the phases that are there; null when none is.
 * @param {TreeMap} map
 */
function total(map) {
  const grids = /** @type {NdArray[]} */ (
    PHASES.map((phase) => map[phase]).filter((grid) => grid instanceof NdArray));
  if (grids.length === 0) return null;
  const data = Float64Array.from(grids[0].data);
  for (const grid of grids.slice(1)) {
    for (let i = 0; i < data.length; i += 1) data[i] += grid.data[i];
  }
  return new NdArray(data, grids[0].shape);
}

/**
 * The guide's lists of saturations, of which a state has the last: `oil_saturations[-1]`,
 * as Python writes it, and `oil_saturations.at(-1)`.
 * @param {TreeMap} fluid
 */
function histories(fluid) {
  const map = Object.create(null);
  for (const phase of PHASES) {
    const grid = fluid[`${phase}_saturation_grid`];
    if (grid === undefined) continue;
    const list = [grid];
    Object.defineProperty(list, '-1', { value: grid, enumerable: false });
    map[`${phase}_saturations`] = Object.freeze(list);
  }
  return Object.freeze(map);
}
