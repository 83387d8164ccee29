// SPDX-License-Identifier: MIT
// The scenarios as one chooses them: a picture, a few words, what can be changed. The models are in
// models.js, which is fetched when one is started.

/**
 * @typedef {object} Parameter
 * @property {string} id
 * @property {string} title
 * @property {string} unit
 * @property {number} value
 * @property {number} min
 * @property {number} max
 *
 * @typedef {object} Scenario
 * @property {string} id
 * @property {string} title
 * @property {string} story     what to look at
 * @property {string} property  shown at first
 * @property {readonly string[]} curves  of the Results panel
 * @property {readonly Parameter[]} parameters
 * @property {readonly Mark[]} picture   in a frame of 120 × 72
 *
 * A line of a picture. @typedef {readonly ['rock' | 'oil' | 'water' | 'gas' | 'well' | 'line', path: string]} Mark
 */

const WATER_SATURATION = 'model.fluid_properties.water_saturation_grid';
const GAS_SATURATION = 'model.fluid_properties.gas_saturation_grid';
const PRESSURE = 'model.fluid_properties.pressure_grid';

/**
 * @param {string} id @param {string} title @param {string} unit
 * @param {number} value @param {number} min @param {number} max
 * @returns {Parameter}
 */
const p = (id, title, unit, value, min, max) => ({ id, title, unit, value, min, max });
const years = (/** @type {number} */ value, max = 30) => p('years', 'Years', '', value, 0.5, max);

/** @type {readonly Scenario[]} */
export const SCENARIOS = Object.freeze([
  {
    id: 'spe1',
    title: 'SPE 1: gas injection',
    property: GAS_SATURATION,
    curves: ['OPR', 'GOR'],
    story:
      'The first comparative problem of the SPE (Odeh, 1981): gas goes in at one corner and arrives at ' +
        'the other, and the ' +
      'gas–oil ratio tells when.',
    parameters: [
      p('gas', 'Gas injection', 'Mscf/d', 100_000, 0, 200_000),
      p('oil', 'Oil rate', 'STB/d', 20_000, 1000, 40_000),
      p('bhp', 'Lowest producer pressure', 'psia', 1000, 500, 4000),
      years(10, 15),
    ],
    picture: [
      ['oil', 'M8 20h104v38H8z'],
      ['gas', 'M8 20h46c-4 14-24 16-46 18z'],
      ['line', 'M8 32h104M8 44h104'],
      ['well', 'M16 6v18M104 6v50'],
    ],
  },
  {
    id: 'five-spot',
    title: 'Five-spot waterflood',
    property: WATER_SATURATION,
    curves: ['OPR', 'WPR', 'WCT'],
    story:
      'Water pushes oil from one corner to the other. A thicker oil lets the water finger past, and ' +
        'uneven rock lets it choose ' +
      'its own way.',
    parameters: [
      p('rate', 'Water injection', 'STB/d', 600, 50, 3000),
      p('viscosity', 'Oil viscosity', 'cP', 3, 0.5, 50),
      p('spread', 'Unevenness of the rock (Dykstra–Parsons)', '', 0.5, 0, 0.9),
      years(8),
    ],
    picture: [
      ['oil', 'M30 8h60v56H30z'],
      ['water', 'M30 64V30c22 2 32 14 34 34z'],
      ['well', 'M30 58v-8M90 14v8'],
    ],
  },
  {
    id: 'line-drive',
    title: 'Line drive through layers',
    property: WATER_SATURATION,
    curves: ['WCT', 'OE'],
    story:
      'Layers alike give the answer that Buckley and Leverett worked out on paper, which is drawn ' +
        'beside. Make one layer faster ' +
      'and see how early the water comes.',
    parameters: [
      p('rate', 'Water injection', 'STB/d', 400, 50, 2000),
      p('contrast', 'Permeability, fastest to slowest layer', '×', 1, 1, 50),
      p('viscosity', 'Oil viscosity', 'cP', 2, 0.5, 50),
      years(6),
    ],
    picture: [
      ['oil', 'M10 14h100v44H10z'],
      ['water', 'M10 14h30v11h38v11h-28v11h-16v11h-24z'],
      ['line', 'M10 25h100M10 36h100M10 47h100'],
      ['well', 'M10 6v52M110 6v52'],
    ],
  },
  {
    id: 'gas-cap',
    title: 'Gas cap drive',
    property: GAS_SATURATION,
    curves: ['PR', 'GOR'],
    story:
      'A cap of gas expands and pushes the oil down to the wells. Take it too fast and the gas comes ' +
        'down the well instead.',
    parameters: [
      p('cap', 'Gas column', 'ft', 40, 5, 90),
      p('oil', 'Oil rate', 'STB/d', 2500, 200, 12_000),
      p('kv', 'Vertical over horizontal permeability', '', 0.1, 0.001, 1),
      years(10),
    ],
    picture: [
      ['oil', 'M8 58C30 20 90 20 112 58z'],
      ['gas', 'M30 36C46 24 74 24 90 36z'],
      ['well', 'M44 6v44M78 6v44'],
    ],
  },
  {
    id: 'depletion',
    title: 'Solution gas depletion',
    property: PRESSURE,
    curves: ['PR', 'GOR'],
    story:
      'Nothing but the oil’s own expansion, then the gas that comes out of it. Above the bubble point ' +
        'the pressure falls along the ' +
      'line of the material balance, which is drawn beside.',
    parameters: [
      p('oil', 'Oil rate', 'STB/d', 1200, 100, 6000),
      p('pressure', 'Pressure at first', 'psia', 4200, 3400, 5600),
      p('bhp', 'Lowest well pressure', 'psia', 600, 200, 3000),
      years(8),
    ],
    picture: [
      ['oil', 'M12 16h96v44H12z'],
      ['gas', 'M30 28a4 4 0 1 0 .1 0M52 22a3 3 0 1 0 .1 0M76 30a4 4 0 1 0 .1 0M92 24a3 3 0 1 0 .1 0'],
      ['well', 'M60 4v40'],
    ],
  },
  {
    id: 'segregation',
    title: 'Gravity segregation',
    property: WATER_SATURATION,
    curves: ['PR', 'WIP'],
    story:
      'A closed box with everything upside down: water above, oil, gas below. No well; weight sorts it out.',
    parameters: [
      p('kv', 'Vertical permeability', 'mD', 200, 1, 2000),
      p('viscosity', 'Oil viscosity', 'cP', 1.5, 0.5, 20),
      years(4, 20),
    ],
    picture: [
      ['water', 'M40 8h40v18H40z'],
      ['oil', 'M40 26h40v20H40z'],
      ['gas', 'M40 46h40v18H40z'],
      ['line', 'M90 18v36m-5-7l5 7 5-7M28 54V18m-5 7l5-7 5 7'],
    ],
  },
  {
    id: 'coning',
    title: 'Water coning',
    property: WATER_SATURATION,
    curves: ['WCT', 'OPR'],
    story:
      'A well above water: the faster it flows, the steeper the cone that it pulls up, and the sooner ' +
        'it drinks water.',
    parameters: [
      p('oil', 'Liquid rate', 'STB/d', 800, 50, 5000),
      p('standoff', 'Perforated layers', '', 3, 1, 8),
      p('kv', 'Vertical over horizontal permeability', '', 0.3, 0.001, 1),
      p('viscosity', 'Oil viscosity', 'cP', 2, 0.5, 30),
      years(5),
    ],
    picture: [
      ['oil', 'M8 14h104v28H8z'],
      ['water', 'M8 60V44c34-2 44-8 52-22 8 14 18 20 52 22v16z'],
      ['well', 'M60 4v18'],
    ],
  },
  {
    id: 'field',
    title: 'Waterflood of an uneven field',
    property: WATER_SATURATION,
    curves: ['OPR', 'WPR', 'OE'],
    story:
      'Two injectors, four producers, channels of good rock that wind through poor rock, in three ' +
        'layers. Close a well that is ' +
      'drowning, and compare both futures.',
    parameters: [
      p('rate', 'Water injection a well', 'STB/d', 1200, 100, 5000),
      p('contrast', 'Channels over the rest', '×', 20, 1, 200),
      p('viscosity', 'Oil viscosity', 'cP', 3, 0.5, 40),
      p('seed', 'Another field (seed)', '', 7, 1, 999),
      years(8),
    ],
    picture: [
      ['rock', 'M8 12h104v48H8z'],
      ['oil', 'M8 20c30-6 50 20 104 8v10C60 50 40 24 8 32z'],
      ['water', 'M8 20c14-3 26 2 38 7v12C32 33 20 30 8 32z'],
      ['well', 'M14 6v20M106 6v26M60 6v40'],
    ],
  },
]);

/** @param {string} id @returns {Scenario | undefined} */
export function scenarioOf(id) {
  return SCENARIOS.find((scenario) => scenario.id === id);
}

/**
 * Values that someone typed, within their bounds.
 * @param {Scenario} scenario
 * @param {Record<string, number>} given
 */
export function valuesOf({ parameters }, given) {
  return Object.fromEntries(
    parameters.map(({ id, value, min, max }) => {
      const wanted = Number(given[id] ?? value);
      return [id, Number.isFinite(wanted) ? Math.max(min, Math.min(max, wanted)) : value];
    }),
  );
}
