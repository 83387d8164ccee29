// SPDX-License-Identifier: MIT
// Display names and units of everything a BORES state holds, in oil-field units: one
// registry for the `bores` command and for the viewer. A property is known by the end of
// its path, so one row serves every version of BORES that kept the name:
//   W the wheel 0.0.1b0, G the guide, H the repository's newest.

/**
 * @typedef {object} Property
 * @property {string} name   for people, without the unit: 'Oil saturation'
 * @property {string} unit   '' where there is none (fractions, flags, names)
 * @property {boolean} log   a logarithmic scale shows it better (it spans decades)
 * @property {string} group  heading that it is listed under: 'Fluid', 'Rock', …
 * @property {[number, number] | null} range  what it can be at all, where that is known
 */

/** @type {[number, number]} */
const FRACTION = [0, 1];
const LOG = 'log';

/**
 * `[path suffix, name, unit, 'log' or limits]` by group.
 * @type {Record<string, [string, string, string, ('log' | [number, number])?][]>}
 */
const ROWS = {
  Fluid: [
    ['fluid_properties.pressure_grid', 'Pressure', 'psi'],
    ['fluid_properties.temperature_grid', 'Temperature', '°F'],
    ['fluid_properties.oil_saturation_grid', 'Oil saturation', '', FRACTION],
    ['fluid_properties.water_saturation_grid', 'Water saturation', '', FRACTION],
    ['fluid_properties.gas_saturation_grid', 'Gas saturation', '', FRACTION],
    ['fluid_properties.oil_bubble_point_pressure_grid', 'Oil bubble-point pressure', 'psi'],
    ['fluid_properties.water_bubble_point_pressure_grid', 'Water bubble-point pressure', 'psi'],
    ['fluid_properties.oil_viscosity_grid', 'Oil viscosity', 'cP'],
    ['fluid_properties.water_viscosity_grid', 'Water viscosity', 'cP'],
    ['fluid_properties.gas_viscosity_grid', 'Gas viscosity', 'cP'],
    ['fluid_properties.oil_compressibility_grid', 'Oil compressibility', '1/psi'],
    ['fluid_properties.water_compressibility_grid', 'Water compressibility', '1/psi'],
    ['fluid_properties.gas_compressibility_grid', 'Gas compressibility', '1/psi'],
    ['fluid_properties.gas_compressibility_factor_grid', 'Gas compressibility factor Z', ''],
    ['fluid_properties.oil_density_grid', 'Oil density', 'lbm/ft³'],
    ['fluid_properties.water_density_grid', 'Water density', 'lbm/ft³'],
    ['fluid_properties.gas_density_grid', 'Gas density', 'lbm/ft³'],
    ['fluid_properties.oil_specific_gravity_grid', 'Oil specific gravity', ''],
    ['fluid_properties.oil_api_gravity_grid', 'Oil API gravity', '°API'],
    ['fluid_properties.gas_gravity_grid', 'Gas gravity (air = 1)', ''],
    ['fluid_properties.gas_molecular_weight_grid', 'Gas molecular weight', 'g/mol'],
    ['fluid_properties.solution_gas_to_oil_ratio_grid', 'Solution gas–oil ratio Rs', 'SCF/STB'],
    ['fluid_properties.gas_solubility_in_water_grid', 'Gas solubility in water Rsw', 'SCF/STB'],
    ['fluid_properties.oil_formation_volume_factor_grid', 'Oil formation volume factor Bo',
      'bbl/STB'],
    ['fluid_properties.gas_formation_volume_factor_grid', 'Gas formation volume factor Bg',
      'ft³/SCF'],
    ['fluid_properties.water_formation_volume_factor_grid', 'Water formation volume factor Bw',
      'bbl/STB'],
    ['fluid_properties.water_salinity_grid', 'Water salinity', 'ppm'],
    ['fluid_properties.solvent_concentration_grid', 'Solvent concentration', '', FRACTION],
    ['fluid_properties.oil_effective_viscosity_grid', 'Oil effective viscosity', 'cP'],
    ['fluid_properties.oil_effective_density_grid', 'Oil effective density', 'lbm/ft³'],
    ['fluid_properties.reservoir_gas', 'Reservoir gas', ''],
  ],
  Rock: [
    ['rock_properties.porosity_grid', 'Porosity', '', FRACTION],
    ['absolute_permeability.x', 'Permeability x', 'mD', LOG],
    ['absolute_permeability.y', 'Permeability y', 'mD', LOG],
    ['absolute_permeability.z', 'Permeability z', 'mD', LOG],
    ['absolute_permeability.mean', 'Permeability, BORES mean', 'mD', LOG],
    ['rock_properties.net_to_gross_grid', 'Net-to-gross', '', FRACTION],
    ['rock_properties.net_to_gross_ratio_grid', 'Net-to-gross', '', FRACTION],
    ['rock_properties.connate_water_saturation_grid', 'Connate water saturation', '', FRACTION],
    ['rock_properties.irreducible_water_saturation_grid', 'Irreducible water saturation', '',
      FRACTION],
    ['rock_properties.residual_oil_saturation_water_grid', 'Residual oil saturation to water', '',
      FRACTION],
    ['rock_properties.residual_oil_saturation_gas_grid', 'Residual oil saturation to gas', '',
      FRACTION],
    ['rock_properties.residual_gas_saturation_grid', 'Residual gas saturation', '', FRACTION],
    ['rock_properties.compressibility', 'Rock compressibility', '1/psi'],
  ],
  Grid: [
    ['model.grid_shape', 'Cells (nx, ny, nz)', ''],
    ['model.cell_dimension', 'Cell size (dx, dy)', 'ft'],
    ['model.thickness_grid', 'Cell thickness', 'ft'],
    ['model.dip_angle', 'Dip angle', '°'],
    ['model.dip_azimuth', 'Dip azimuth', '°'],
    ['model.datum_depth', 'Datum depth', 'ft'],
    ['face_transmissibilities.x', 'Face transmissibility x', 'mD·ft', LOG],
    ['face_transmissibilities.y', 'Face transmissibility y', 'mD·ft', LOG],
    ['face_transmissibilities.z', 'Face transmissibility z', 'mD·ft', LOG],
  ],
  Rates: phases([
    ['production', 'production rate', 'ft³/day'],
    ['injection', 'injection rate', 'ft³/day'],
    ['production_rates', 'production rate', 'ft³/day'],
    ['injection_rates', 'injection rate', 'ft³/day'],
    ['production_mass_rates', 'production mass rate', 'lbm/day'],
    ['injection_mass_rates', 'injection mass rate', 'lbm/day'],
    ['production_bhps', 'production bottom-hole pressure', 'psi'],
    ['injection_bhps', 'injection bottom-hole pressure', 'psi'],
    ['production_fvfs', 'production formation volume factor', 'bbl/STB'],
    ['injection_fvfs', 'injection formation volume factor', 'bbl/STB'],
  ]),
  'Relative permeability': [ // no limits: the default three-phase rule of BORES exceeds 1
    ['oil_relative_permeability', 'Oil relative permeability kro', ''],
    ['water_relative_permeability', 'Water relative permeability krw', ''],
    ['gas_relative_permeability', 'Gas relative permeability krg', ''],
  ],
  Mobility: [
    ['oil_relative_mobility', 'Oil relative mobility', '1/cP', LOG],
    ['water_relative_mobility', 'Water relative mobility', '1/cP', LOG],
    ['gas_relative_mobility', 'Gas relative mobility', '1/cP', LOG],
  ],
  'Capillary pressure': [
    ['oil_water_capillary_pressure', 'Oil–water capillary pressure', 'psi'],
    ['gas_oil_capillary_pressure', 'Gas–oil capillary pressure', 'psi'],
  ],
  History: [
    ['max_water_saturation_grid', 'Highest water saturation so far', '', FRACTION],
    ['max_gas_saturation_grid', 'Highest gas saturation so far', '', FRACTION],
    ['water_imbibition_flag_grid', 'Water imbibition', ''],
    ['gas_imbibition_flag_grid', 'Gas imbibition', ''],
    ['water_reversal_saturation_grid', 'Water saturation at reversal', '', FRACTION],
    ['gas_reversal_saturation_grid', 'Gas saturation at reversal', '', FRACTION],
  ],
  'Material balance': [
    ...materialBalance('absolute', 'lbm'),
    ...materialBalance('relative', ''),
  ],
  Time: [
    ['step', 'Step', ''],
    ['step_size', 'Step size', 's'],
    ['time', 'Time', 's'],
  ],
};

/**
 * One row a phase of each rate-like group. A gas formation volume factor is ft³/SCF.
 * @param {[string, string, string][]} groups  folder, name less the phase, unit
 * @returns {[string, string, string][]}
 */
function phases(groups) {
  return groups.flatMap(([folder, name, unit]) => ['oil', 'water', 'gas'].map((phase) =>
    /** @type {[string, string, string]} */ ([`${folder}.${phase}`,
      `${phase[0].toUpperCase()}${phase.slice(1)} ${name}`,
      phase === 'gas' && unit === 'bbl/STB' ? 'ft³/SCF' : unit])));
}

/**
 * @param {'absolute' | 'relative'} kind
 * @param {string} unit
 * @returns {[string, string, string][]}
 */
function materialBalance(kind, unit) {
  const label = kind === 'absolute' ? 'Material balance error' : 'Relative material balance error';
  return [
    [`${kind}_oil_mbe`, `${label}, oil`, unit],
    [`${kind}_water_mbe`, `${label}, water`, unit],
    [`${kind}_gas_mbe`, `${label}, gas`, unit],
    [`total_${kind}_mbe`, `${label}, total`, unit],
  ];
}

/**
 * Every known property by path suffix, in the order in which a person would look for them.
 * @type {ReadonlyMap<string, Readonly<Property>>}
 */
export const PROPERTIES = new Map(Object.entries(ROWS).flatMap(([group, rows]) =>
  rows.map(([suffix, name, unit, extra]) => [suffix, Object.freeze({
    name, unit, group, log: extra === LOG, range: typeof extra === 'string' ? null : extra ?? null,
  })])));

/**
 * What to call a property and which unit it has. An unknown one is called by its own last
 * name, without a unit, in the group 'Other'.
 *
 * @param {string | readonly string[]} path  dotted path, or its names
 * @returns {Readonly<Property>}
 */
export function describeProperty(path) {
  const names = typeof path === 'string' ? path.split('.') : path;
  const last = names[names.length - 1] ?? '';
  return PROPERTIES.get(`${names[names.length - 2]}.${last}`) ?? PROPERTIES.get(last)
    ?? Object.freeze({
      name: humanName(last), unit: '', group: 'Other', log: false, range: null,
    });
}

/**
 * The name followed by its unit, as an axis or a table heading shows it: 'Pressure [psi]'.
 * @param {string | readonly string[]} path
 */
export function propertyLabel(path) {
  const { name, unit } = describeProperty(path);
  return unit === '' ? name : `${name} [${unit}]`;
}

/** @param {string} name  'oil_flux_grid' */
function humanName(name) {
  const words = name.replace(/_grid$/, '').replaceAll('_', ' ').trim();
  return words === '' ? name : words[0].toUpperCase() + words.slice(1);
}
