// SPDX-License-Identifier: MIT
// SPE 1, case 2: A. S. Odeh, "Comparison of solutions to a three-dimensional black-oil reservoir simulation
// problem", JPT, January 1981 (SPE 9723). Values as in the deck of OPM's opm-data (Open Database License 1.0, the
// OPM initiative).

const PVTO = [
  { rs: 0.001, branch: [[14.7, 1.062, 1.04]] },
  { rs: 0.0905, branch: [[264.7, 1.15, 0.975]] },
  { rs: 0.18, branch: [[514.7, 1.207, 0.91]] },
  { rs: 0.371, branch: [[1014.7, 1.295, 0.83]] },
  { rs: 0.636, branch: [[2014.7, 1.435, 0.695]] },
  { rs: 0.775, branch: [[2514.7, 1.5, 0.641]] },
  { rs: 0.93, branch: [[3014.7, 1.565, 0.594]] },
  {
    rs: 1.27,
    branch: [
      [4014.7, 1.695, 0.51],
      [9014.7, 1.579, 0.74],
    ],
  },
  {
    rs: 1.618,
    branch: [
      [5014.7, 1.827, 0.449],
      [9014.7, 1.737, 0.631],
    ],
  },
];
const PVDG = [
  [14.7, 166.666, 0.008],
  [264.7, 12.093, 0.0096],
  [514.7, 6.274, 0.0112],
  [1014.7, 3.197, 0.014],
  [2014.7, 1.614, 0.0189],
  [2514.7, 1.294, 0.0208],
  [3014.7, 1.08, 0.0228],
  [4014.7, 0.811, 0.0268],
  [5014.7, 0.649, 0.0309],
  [9014.7, 0.386, 0.047],
];
const SWOF = [
  [0.12, 0, 1, 0],
  [0.18, 4.64876033057851e-8, 1, 0],
  [0.24, 1.86e-7, 0.997, 0],
  [0.3, 4.18388429752066e-7, 0.98, 0],
  [0.36, 7.43801652892562e-7, 0.7, 0],
  [0.42, 1.16219008264463e-6, 0.35, 0],
  [0.48, 1.67355371900826e-6, 0.2, 0],
  [0.54, 2.27789256198347e-6, 0.09, 0],
  [0.6, 2.97520661157025e-6, 0.021, 0],
  [0.66, 3.7654958677686e-6, 0.01, 0],
  [0.72, 4.64876033057851e-6, 0.001, 0],
  [0.78, 5.625e-6, 0.0001, 0],
  [0.84, 6.69421487603306e-6, 0, 0],
  [0.91, 8.05914256198347e-6, 0, 0],
  [1, 1e-5, 0, 0],
];
const SGOF = [
  [0, 0, 1, 0],
  [0.001, 0, 1, 0],
  [0.02, 0, 0.997, 0],
  [0.05, 0.005, 0.98, 0],
  [0.12, 0.025, 0.7, 0],
  [0.2, 0.075, 0.35, 0],
  [0.25, 0.125, 0.2, 0],
  [0.3, 0.19, 0.09, 0],
  [0.4, 0.41, 0.021, 0],
  [0.45, 0.6, 0.01, 0],
  [0.5, 0.72, 0.001, 0],
  [0.6, 0.87, 0.0001, 0],
  [0.7, 0.94, 0, 0],
  [0.85, 0.98, 0, 0],
  [0.88, 0.984, 0, 0],
];

/**
 * @param {Record<string, number>} values  gas Mscf/d, oil STB/d, bhp psia
 * @param {number[]} reportDays
 */
export function spe1({ gas, oil, bhp }, reportDays) {
  return {
    format: 'bores-sim-model/1',
    units: 'field',
    name: 'spe1',
    start_date: '2015-01-01',
    phases: ['water', 'oil', 'gas'],
    grid: { nx: 10, ny: 10, nz: 3, dx: 1000, dy: 1000, dz: [20, 30, 50], tops: 8325 },
    rock: {
      compressibility: 3e-6,
      pref: 14.7,
      porosity: 0.3,
      permx: [500, 50, 200],
      permy: [500, 50, 200],
      permz: [500, 50, 200],
    },
    water: { pref: 4017.55, bw: 1.038, cw: 3.22e-6, muw: 0.318, viscosibility: 0 },
    density: { oil: 53.66, water: 64.49, gas: 0.0533 },
    oil: { type: 'live', pvto: PVTO },
    gas: { pvdg: PVDG },
    relperm: { family: 1, swof: SWOF, sgof: SGOF },
    initial: {
      type: 'equil',
      datum_depth: 8400,
      datum_pressure: 4800,
      woc: 8450,
      pcow_at_woc: 0,
      goc: 8300,
      pcgo_at_goc: 0,
      rsvd: [
        [8300, 1.27],
        [8450, 1.27],
      ],
    },
    options: { drsdt: null },
    wells: [
      {
        name: 'PROD',
        type: 'producer',
        ref_depth: 8400,
        radius: 0.25,
        skin: 0,
        perforations: [{ i: 9, j: 9, k: 2 }],
      },
      {
        name: 'INJ',
        type: 'injector',
        fluid: 'gas',
        ref_depth: 8335,
        radius: 0.25,
        skin: 0,
        perforations: [{ i: 0, j: 0, k: 0 }],
      },
    ],
    schedule: [
      {
        day: 0,
        wells: {
          PROD: { status: 'open', control: 'orat', orat: oil, bhp },
          INJ: { status: 'open', control: 'rate', rate: gas, bhp: 9014 },
        },
      },
    ],
    report_days: reportDays,
  };
}
