// SPDX-License-Identifier: MIT
// Units and plain words for what an ECLIPSE run has of each cell (OPM Flow Reference Manual, units and appendix F).

/** @typedef {import('../model/properties.js').Drawable} Drawable */
/** @typedef {'METRIC' | 'FIELD' | 'LAB' | 'PVT-M' | null} UnitSystem */

/** METRIC, FIELD, LAB, PVT-M. @type {Record<string, readonly [string, string, string, string]>} */
const UNITS = {
  pressure: ['bar', 'psi', 'atm', 'atm'],
  length: ['m', 'ft', 'cm', 'm'],
  volume: ['rm³', 'rb', 'rcm³', 'rm³'],
  gasInOil: ['sm³/sm³', 'Mscf/stb', 'scm³/scm³', 'sm³/sm³'],
  oilInGas: ['sm³/sm³', 'stb/Mscf', 'scm³/scm³', 'sm³/sm³'],
  liquidFvf: ['rm³/sm³', 'rb/stb', 'rcm³/scm³', 'rm³/sm³'],
  gasFvf: ['rm³/sm³', 'rb/Mscf', 'rcm³/scm³', 'rm³/sm³'],
  density: ['kg/m³', 'lb/ft³', 'g/cm³', 'kg/m³'],
  temperature: ['°C', '°F', '°C', '°C'],
  transmissibility: ['cP·rm³/day/bar', 'cP·rb/day/psi', 'cP·rcm³/h/atm', 'cP·rm³/day/atm'],
  liquid: ['sm³', 'stb', 'scm³', 'sm³'],
  gas: ['sm³', 'Mscf', 'scm³', 'sm³'],
  liquidRate: ['sm³/day', 'stb/day', 'scm³/h', 'sm³/day'],
  gasRate: ['sm³/day', 'Mscf/day', 'scm³/h', 'sm³/day'],
};
const SYSTEMS = ['METRIC', 'FIELD', 'LAB', 'PVT-M'];

/** Of which quantity a property of BORES is, by the end of its path. @type {readonly (readonly [RegExp, string])[]} */
const QUANTITIES = [
  [/solution_gas_to_oil_ratio_grid$/, 'gasInOil'], [/gas_formation_volume_factor_grid$/, 'gasFvf'],
  [/formation_volume_factor_grid$/, 'liquidFvf'], [/density_grid$/, 'density'], [/temperature_grid$/, 'temperature'],
  [/(pressure_grid|capillary_pressure)$/, 'pressure'], [/thickness_grid$/, 'length'],
];

/** What keywords that BORES has no name for mean: name, quantity. @type {Record<string, readonly [string, string?]>} */
const KEYWORDS = {
  PORV: ['Pore volume', 'volume'], DEPTH: ['Depth of centre', 'length'], TOPS: ['Depth of top', 'length'],
  DX: ['Cell size x', 'length'], DY: ['Cell size y', 'length'],
  TRANX: ['Transmissibility x', 'transmissibility'], TRANY: ['Transmissibility y', 'transmissibility'],
  TRANZ: ['Transmissibility z', 'transmissibility'],
  MULTX: ['Transmissibility multiplier x'], MULTY: ['Transmissibility multiplier y'],
  MULTZ: ['Transmissibility multiplier z'], MULTPV: ['Pore volume multiplier'],
  RV: ['Vaporised oil–gas ratio Rv', 'oilInGas'], RSW: ['Gas dissolved in water', 'gasInOil'],
  RSSAT: ['Saturated gas–oil ratio', 'gasInOil'], RVSAT: ['Saturated oil–gas ratio', 'oilInGas'],
  PDEW: ['Dew-point pressure', 'pressure'], PPCW: ['Largest water capillary pressure', 'pressure'],
  SWL: ['Connate water saturation'], SWCR: ['Critical water saturation'], SWU: ['Largest water saturation'],
  SGL: ['Connate gas saturation'], SGCR: ['Critical gas saturation'], SGU: ['Largest gas saturation'],
  SOWCR: ['Critical oil-in-water saturation'], SOGCR: ['Critical oil-in-gas saturation'],
  SOMAX: ['Largest oil saturation so far'], SWMAX: ['Largest water saturation so far'],
  EQLNUM: ['Equilibration region'], PVTNUM: ['PVT region'], SATNUM: ['Saturation function region'],
  IMBNUM: ['Imbibition region'], FIPNUM: ['Fluid-in-place region'], ROCKNUM: ['Rock region'],
  ENDNUM: ['End-point region'], FLUXNUM: ['Flux region'], MULTNUM: ['Multiplier region'],
  OPERNUM: ['Operations region'],
  FIPOIL: ['Oil in place', 'liquid'], FIPWAT: ['Water in place', 'liquid'], FIPGAS: ['Gas in place', 'gas'],
  SFIPOIL: ['Oil in place', 'liquid'], SFIPWAT: ['Water in place', 'liquid'], SFIPGAS: ['Gas in place', 'gas'],
};
const FLOWS = /^FL(OOIL|OWAT|OGAS)([IJK])([+-])$/;
const FLOWING = /** @type {const} */ ({ OOIL: ['Oil', 'liquidRate'], OWAT: ['Water', 'liquidRate'],
  OGAS: ['Gas', 'gasRate'] });
/** Of the grid rather than of the fluids. */
const OF_GRID = /^(PORV|DEPTH|TOPS|D[XYZ]|TRAN[XYZ]|MULT(PV|[XYZ]-?))$/;
const WIDE = /^(PORV|TRAN[XYZ])$/;

/**
 * @param {string} quantity
 * @param {UnitSystem} system
 * @returns {string}  '' where nothing says the system
 */
function unitOf(quantity, system) {
  return UNITS[quantity]?.[SYSTEMS.indexOf(system ?? '')] ?? '';
}

/**
 * A property in the file's units, and a keyword with a name that is said in words.
 * @param {Drawable} property
 * @param {UnitSystem} system
 * @returns {Drawable}
 */
export function inUnitsOf(property, system) {
  const [first, keyword = ''] = property.path;
  if (first !== 'eclipse' && first !== 'eclipse_fractures') {
    const quantity = QUANTITIES.find(([end]) => end.test(property.id))?.[1];
    return quantity === undefined ? property : { ...property, unit: unitOf(quantity, system) };
  }
  const group = first === 'eclipse_fractures' ? 'Fractures' : OF_GRID.test(keyword) ? 'Grid'
    : /NUM$|^FIP/.test(keyword) && !/^FIP(OIL|WAT|GAS)$/.test(keyword) ? 'Regions'
      : FLOWS.test(keyword) ? 'Flows' : 'Keywords';
  const [name, quantity] = KEYWORDS[keyword] ?? flowOf(keyword) ?? [];
  return { ...property, group, name: name ? `${name} (${keyword})` : keyword,
    unit: quantity ? unitOf(quantity, system) : '', log: WIDE.test(keyword) };
}

/** 'FLOOILI+' @param {string} keyword @returns {[string, string] | undefined} */
function flowOf(keyword) {
  const found = FLOWS.exec(keyword);
  if (!found) return undefined;
  const [name, quantity] = FLOWING[/** @type {keyof typeof FLOWING} */ (found[1])];
  return [`${name} flow to ${found[2].toLowerCase()}${found[3]}`, quantity];
}

/**
 * @param {string | null} gridUnit  GRIDUNIT
 * @param {UnitSystem} system
 */
export function lengthUnitOf(gridUnit, system) {
  const own = /** @type {Record<string, string>} */ ({ METRES: 'm', METERS: 'm', METRIC: 'm', M: 'm', FEET: 'ft',
    FT: 'ft', FIELD: 'ft', US_SURVE: 'US ft', CM: 'cm', LAB: 'cm' })[gridUnit?.toUpperCase() ?? ''];
  return own ?? (unitOf('length', system) || 'm');
}
