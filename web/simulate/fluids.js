// SPDX-License-Identifier: MIT
// Fluids and rock curves of the scenarios, in field units.

/** Water that hardly moves its density. */
export const WATER = Object.freeze({ pref: 3000, bw: 1.02, cw: 3e-6, muw: 0.5, viscosibility: 0 });

export const DENSITY = Object.freeze({ oil: 52, water: 64, gas: 0.055 });

/** Rs Mscf/STB, pressure psia, Bo rb/STB, viscosity cP: a light oil, made up and smooth. */
export const LIVE_OIL = Object.freeze({
  type: 'live',
  pvto: [
    { rs: 0.0042, branch: [[14.7, 1.0627, 1.775]] },
    { rs: 0.0721, branch: [[400, 1.091, 1.279]] },
    { rs: 0.1603, branch: [[800, 1.1295, 0.9775]] },
    { rs: 0.258, branch: [[1200, 1.1742, 0.7958]] },
    { rs: 0.3626, branch: [[1600, 1.2239, 0.6755]] },
    {
      rs: 0.4726,
      branch: [
        [2000, 1.2781, 0.5902],
        [3000, 1.2629, 0.6256],
        [5000, 1.2329, 0.6964],
      ],
    },
    { rs: 0.5872, branch: [[2400, 1.3364, 0.5263]] },
    { rs: 0.7058, branch: [[2800, 1.3983, 0.4766]] },
    {
      rs: 0.8278,
      branch: [
        [3200, 1.4637, 0.4367],
        [4200, 1.4462, 0.4629],
        [5700, 1.4204, 0.5022],
      ],
    },
    { rs: 1.0811, branch: [[4000, 1.604, 0.3766]] },
    {
      rs: 1.2781,
      branch: [
        [4600, 1.717, 0.3428],
        [5400, 1.7006, 0.3593],
        [6200, 1.6843, 0.3757],
      ],
    },
  ],
});

/** Pressure psia, Bg rb/Mscf, viscosity cP. */
export const GAS = Object.freeze({
  pvdg: [
    [14.7, 222.25, 0.01282],
    [400, 7.8126, 0.01318],
    [800, 3.7577, 0.01381],
    [1200, 2.4302, 0.01467],
    [1600, 1.7846, 0.01574],
    [2000, 1.4117, 0.017],
    [2400, 1.1753, 0.01841],
    [2800, 1.0167, 0.01991],
    [3200, 0.9069, 0.02143],
    [3600, 0.8296, 0.0229],
    [4000, 0.7749, 0.02422],
    [5200, 0.695, 0.02679],
  ],
});

/** Oil without gas: hardly compressible, of one viscosity. @param {number} viscosity  cP */
export function deadOil(viscosity) {
  return {
    type: 'dead',
    pvdo: [
      [14.7, 1.0003, viscosity],
      [10_000, 0.9903, viscosity],
    ],
  };
}

/**
 * End points and exponents of the curves below.
 * @type {Readonly<Record<'swc' | 'sorw' | 'nw' | 'no' | 'krw' | 'sgc' | 'sorg' | 'ng' | 'krg', number>>}
 */
export const COREY = Object.freeze({
  swc: 0.2,
  sorw: 0.25,
  nw: 2,
  no: 2,
  krw: 0.35,
  sgc: 0.03,
  sorg: 0.15,
  ng: 2,
  krg: 0.7,
});

/**
 * Water and oil after Corey (1954), and gas and oil, as tables (family 1).
 * @param {Partial<typeof COREY>} [change]
 */
export function coreyTables(change) {
  const { swc, sorw, nw, no, krw, sgc, sorg, ng, krg } = { ...COREY, ...change };
  const rows = 30;
  const swof = Array.from({ length: rows + 1 }, (_, n) => {
    const s = n / rows;
    return [swc + s * (1 - swc - sorw), krw * s ** nw, (1 - s) ** no, 0];
  });
  swof.push([1, 1, 0, 0]);
  const most = 1 - swc - sorg;
  const sgof = [
    [0, 0, 1, 0],
    ...Array.from({ length: rows }, (_, n) => {
      const sg = sgc + ((most - sgc) * (n + 1)) / rows;
      return [sg, krg * ((sg - sgc) / (most - sgc)) ** ng, Math.max(0, 1 - sg / most) ** no, 0];
    }),
  ];
  sgof.push([1 - swc, krg, 0, 0]);
  return { family: 1, swof, sgof };
}
