// SPDX-License-Identifier: MIT
// How the simulator's time for an iteration of Newton's grows with the cells: the same heterogeneous five-spot,
// water into live oil, ever finer, in processor time. Over-linear growth is more iterations of the linear
// solver, or memory that no longer fits the processor's caches.
import { readCase, SimCore, simulate } from '../validate/cases.js';
import { line } from './lib.mjs';

export const title = 'Simulating: time for an iteration of Newton\'s, from 1,000 to 50,000 cells';

/** Cells along x and y, of ten layers. */
const SIDES = [10, 14, 20, 30, 50, 70];
const DAYS = [10, 20, 40, 60, 90, 120];

export async function run() {
  const core = await SimCore.load();
  simulate(core, fiveSpot(SIDES[0]), { steps: 'report' }); // compiles
  /** @type {{ cells: number, seconds: number }[]} */
  const points = [];
  for (const side of SIDES) {
    const model = fiveSpot(side);
    const begun = process.cpuUsage();
    const { record } = simulate(core, model, { steps: 'report' });
    const { user, system } = process.cpuUsage(begun);
    const { total_newton_iterations: newton, total_linear_iterations: linear } = record;
    const cells = 10 * side * side, seconds = (user + system) / 1e6 / newton;
    points.push({ cells, seconds });
    line(`${cells} cells: ${newton} iterations, ${(linear / newton).toFixed(1)} linear ones each`,
      `${(1000 * seconds).toFixed(2)} ms, ${(1e6 * seconds / cells).toFixed(2)} µs a cell`);
  }
  line('time grows with cells to the power of', exponent(points).toFixed(2), exponent(points), 1.2);
  line('… from 9,000 cells on', exponent(points.slice(-3)).toFixed(2));
}

/** Slope of log seconds over log cells. @param {{ cells: number, seconds: number }[]} points */
function exponent(points) {
  const logs = points.map(({ cells, seconds }) => [Math.log(cells), Math.log(seconds)]);
  const mean = (/** @type {0 | 1} */ i) => logs.reduce((sum, pair) => sum + pair[i], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  return logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

/** The fluids of SPE9 in a field of 3,000 ft a side, whatever its cells are. @param {number} side */
function fiveSpot(side) {
  const { model } = readCase('spe9');
  const layers = 10, n = layers * side * side, size = 3000 / side;
  const { density, water, oil, gas, relperm, phases, options } = model;
  const at = (/** @type {number} */ i, /** @type {number} */ j) => Array.from({ length: layers }, (_, k) => ({ i, j, k }));
  const last = side - 1, middle = side >> 1;
  const producers = [[0, 0], [last, 0], [0, last], [last, last]].map(([i, j], w) =>
    ({ name: `P${w}`, type: 'producer', radius: 0.5, perforations: at(i, j) }));
  const permx = Float64Array.from({ length: n }, (_, c) => 50 * Math.exp(1.2 * wave(c % side / side,
    Math.floor(c / side) % side / side, Math.floor(c / (side * side)))));
  return {
    density, water, oil, gas, relperm, phases, options,
    grid: { nx: side, ny: side, nz: layers, dx: size, dy: size, dz: 20, tops: 9000 },
    rock: { porosity: 0.15, permx: [...permx], permy: [...permx], permz: [...permx].map((k) => k / 10),
      compressibility: 4e-6, pref: 3600 },
    initial: { type: 'equil', datum_depth: 9000, datum_pressure: 3600, woc: 9400, goc: 8800, rsvd: [[9000, 1.39]] },
    wells: [...producers, { name: 'I', type: 'injector', fluid: 'water', radius: 0.5, perforations: at(middle, middle) }],
    schedule: [{ day: 0, wells: {
      ...Object.fromEntries(producers.map(({ name }) => [name, { control: 'orat', orat: 1000, bhp: 1500 }])),
      I: { control: 'rate', rate: 4000, bhp: 6000 } } }],
    report_days: DAYS,
  };
}

/** A smooth field of about -1 to 1, another in each layer. @param {number} x @param {number} y @param {number} k */
const wave = (x, y, k) => Math.sin(7 * x + k) * Math.cos(5 * y - 2 * k) + 0.5 * Math.sin(17 * (x + y) + 3 * k);
