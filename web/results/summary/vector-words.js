// SPDX-License-Identifier: MIT
// The mnemonics of a summary in plain words: what a quantity is called, and under which heading it stands (OPM Flow
// Reference Manual, SUMMARY section). A mnemonic less its first letter, which says of whom it is, is mostly a fluid,
// what becomes of it, and whether it is a rate or a total; those are put together, others are in a list.

/** @typedef {'oil' | 'gas' | 'water' | 'liquid' | 'other'} Phase */
/** @typedef {{ title: string, group: string, phase: Phase }} Words */

/** @type {Record<string, readonly [string, Phase]>} */
const FLUIDS = { O: ['Oil', 'oil'], W: ['Water', 'water'], G: ['Gas', 'gas'], L: ['Liquid', 'liquid'],
  V: ['Reservoir volume', 'other'], N: ['Solvent', 'other'], C: ['Polymer', 'other'], S: ['Salt', 'other'],
  T: ['Tracer', 'other'] };
/** @type {Record<string, readonly [string, string]>} */
const FATES = { PR: ['production rate', 'Rates'], PT: ['produced', 'Cumulatives'], IR: ['injection rate', 'Rates'],
  IT: ['injected', 'Cumulatives'], IP: ['in place', 'In place'], IPL: ['in place, in the liquid', 'In place'],
  IPG: ['in place, in the gas', 'In place'], PP: ['potential production', 'Potentials'],
  PI: ['potential injection', 'Potentials'], PRT: ['production target', 'Targets'],
  IRT: ['injection target', 'Targets'], PRF: ['production rate, free', 'Rates'],
  PRS: ['production rate, dissolved', 'Rates'], PTF: ['produced, free', 'Cumulatives'],
  PTS: ['produced, dissolved', 'Cumulatives'], PGR: ['production guide rate', 'Targets'],
  IGR: ['injection guide rate', 'Targets'], FR: ['flow rate', 'Rates'], FT: ['flow total', 'Cumulatives'],
  QR: ['influx rate', 'Rates'], QT: ['influx', 'Cumulatives'], PC: ['production in the last step', 'Rates'] };

/** @type {Record<string, readonly [string, string, Phase?]>} */
const OTHERS = {
  OPR: ['Oil rate', 'Rates', 'oil'], WPR: ['Water rate', 'Rates', 'water'], GPR: ['Gas rate', 'Rates', 'gas'],
  LPR: ['Liquid rate', 'Rates', 'liquid'],
  WCT: ['Water cut', 'Ratios', 'water'], GOR: ['Gas–oil ratio', 'Ratios', 'gas'],
  OGR: ['Oil–gas ratio', 'Ratios', 'oil'], WGR: ['Water–gas ratio', 'Ratios', 'liquid'],
  GLR: ['Gas–liquid ratio', 'Ratios', 'gas'], OE: ['Oil recovery factor', 'Recovery', 'oil'],
  OEW: ['Oil recovery factor, of wells', 'Recovery', 'oil'], GE: ['Gas recovery factor', 'Recovery', 'gas'],
  PR: ['Average pressure', 'Pressure'], PRP: ['Average pressure, by pore volume', 'Pressure'],
  PRH: ['Average pressure, by hydrocarbon volume', 'Pressure'], PRGZ: ['Gas p/Z', 'Pressure', 'gas'],
  PRESSUR: ['Pressure', 'Pressure'], PP: ['Pressure', 'Pressure'], OPRESS: ['Oil pressure', 'Pressure', 'oil'],
  BHP: ['Bottom-hole pressure', 'Pressure'], THP: ['Tubing-head pressure', 'Pressure'],
  BP: ['Well block pressure', 'Pressure'], BP4: ['Well block pressure, 4 cells', 'Pressure'],
  BP5: ['Well block pressure, 5 cells', 'Pressure'], BP9: ['Well block pressure, 9 cells', 'Pressure'],
  PIO: ['Productivity index, oil', 'Productivity', 'oil'], PIW: ['Productivity index, water', 'Productivity', 'water'],
  PIG: ['Productivity index, gas', 'Productivity', 'gas'],
  PIL: ['Productivity index, liquid', 'Productivity', 'liquid'],
  PI: ['Productivity index', 'Productivity'], TFAC: ['Connection transmissibility factor', 'Productivity'],
  SWAT: ['Water saturation', 'Saturations', 'water'], SGAS: ['Gas saturation', 'Saturations', 'gas'],
  SOIL: ['Oil saturation', 'Saturations', 'oil'], WSAT: ['Water saturation', 'Saturations', 'water'],
  GSAT: ['Gas saturation', 'Saturations', 'gas'], OSAT: ['Oil saturation', 'Saturations', 'oil'],
  RS: ['Dissolved gas Rs', 'Saturations', 'gas'], RV: ['Vaporised oil Rv', 'Saturations', 'oil'],
  MCTP: ['Control mode, producers', 'Controls'], MCTW: ['Control mode, water injectors', 'Controls'],
  MCTG: ['Control mode, gas injectors', 'Controls'], MCTL: ['Control mode', 'Controls'],
  STAT: ['Well status', 'Controls'], MWPR: ['Producing wells', 'Controls'], MWIN: ['Injecting wells', 'Controls'],
  MWPT: ['Producers', 'Controls'], MWIT: ['Injectors', 'Controls'], EFF: ['Efficiency factor', 'Controls'],
  RPV: ['Pore volume', 'In place'], OPV: ['Pore volume holding oil', 'In place', 'oil'],
  WPV: ['Pore volume holding water', 'In place', 'water'], GPV: ['Pore volume holding gas', 'In place', 'gas'],
  HPV: ['Pore volume holding hydrocarbons', 'In place'], PPO: ['Oil potential', 'Pressure', 'oil'],
  VRR: ['Voidage replacement', 'Recovery'], VPRT: ['Reservoir volume production target', 'Targets'],
  TICA: ['Injected tracer concentration', 'Tracers'], DEN: ['Density', 'Saturations'],
  TIME: ['Time', 'Run'], YEARS: ['Years', 'Run'], DAY: ['Day of the month', 'Run'], MONTH: ['Month', 'Run'],
  YEAR: ['Year', 'Run'], TIMESTEP: ['Length of the time step', 'Run'],
  STEPTYPE: ['Why a step is as long as it is', 'Run'],
  TCPU: ['Processor time', 'Run'], TCPUTS: ['Processor time of the step', 'Run'], ELAPSED: ['Elapsed time', 'Run'],
  NEWTON: ['Newton iterations', 'Run'], MLINEARS: ['Linear iterations', 'Run'],
  NLINEARS: ['Linear iterations a Newton', 'Run'],
  MSUMNEWT: ['Newton iterations so far', 'Run'], MSUMLINS: ['Linear iterations so far', 'Run'],
};
/** Later words of numbers of regions and of what was measured. */
const HISTORY = ' (history)';

/**
 * @param {string} quantity  'OPR', 'WCTH', 'TIME'
 * @returns {Words}  a mnemonic that is not known is its own title
 */
export function wordsOf(quantity) {
  const known = knownOf(quantity);
  if (known) return known;
  const measured = quantity.endsWith('H') ? knownOf(quantity.slice(0, -1)) : undefined;
  if (measured) return { ...measured, title: measured.title + HISTORY };
  const region = /^(.+)_([A-Z0-9]{1,3})$/.exec(quantity); // 'OIP_ABC': of the regions FIPABC
  const plain = region ? knownOf(region[1]) : undefined;
  if (region && plain) return { ...plain, title: `${plain.title}, FIP${region[2]}` };
  return { title: quantity, group: 'Other', phase: 'other' };
}

/** @param {string} quantity @returns {Words | undefined} */
function knownOf(quantity) {
  const listed = Object.hasOwn(OTHERS, quantity) ? OTHERS[quantity] : undefined;
  if (listed) return { title: listed[0], group: listed[1], phase: listed[2] ?? 'other' };
  const fluid = FLUIDS[quantity[0]];
  const fate = Object.hasOwn(FATES, quantity.slice(1)) ? FATES[quantity.slice(1)] : undefined;
  if (!fluid || !fate) return undefined;
  return { title: `${fluid[0]} ${fate[0]}`, group: fate[1], phase: fluid[1] };
}
