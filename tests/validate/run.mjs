// SPDX-License-Identifier: MIT
// npm run validate [case …] [-- --set OPTION=VALUE]: simulates every reference run of tests/data/sim in WebAssembly and prints, as a
// table for docs/simulation.md, how far its curves are off OPM Flow's, and draws that document's pictures, in docs/plots.
// Where Flow has also been run with steps ten times as short ("finer" of a case, SPE9), that is what curves have to be
// near, and how far the coarser run is off it is said. Ends with 1 where a curve is further than it may be, and then
// says whose error in time it looks like: the reference is run with its own steps, and own steps beside shorter ones.
// Neither counts as met.
// --set, as maximum_growth=1.3, is for own steps other than the usual ones.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { caseNames, differences, FINE, finestOf, readCase, SimCore, simulate, staticDifferences, tolerance }
  from './cases.js';
import { buckleyLeverett, caseFigure, FIGURES } from './figures.js';

const { positionals: chosen, values: { set = [] } } = parseArgs({ allowPositionals: true,
  options: { set: { type: 'string', multiple: true } } });
const ownOptions = Object.fromEntries(set.map((one) => one.split('=')).map(([name, value]) => [name, Number(value)]));
const unknown = chosen.filter((one) => !caseNames().includes(one));
if (unknown.length > 0) throw new Error(`no such case: ${unknown}; there are ${caseNames()}`);
const core = await SimCore.load();
let bad = 0;

/** @param {number} value */
const digits = (value) => (value === 0 ? '0' : value.toExponential(1));

/** @param {number} value */
const percent = (value) => `${(100 * value).toFixed(value < 0.0005 ? 4 : 2)} %`;

/**
 * The curve that is furthest of what it may be off.
 * @param {{ curve: string, difference: number }[]} found
 * @param {Record<string, number>} spread
 */
const furthest = (found, spread) => found.map(({ curve, difference }) =>
  ({ curve, difference, may: tolerance(curve, spread), share: difference / tolerance(curve, spread) }))
  .sort((a, b) => b.share - a.share)[0];

/**
 * Whose error in time it is that own steps are too far from the reference.
 * @param {any} reference  a case
 * @param {any} own
 * @param {ReturnType<typeof differences>} converged  how far they are off
 */
function followUp({ model, reference: usual, finer }, own, converged) {
  const reference = finer ?? usual;
  const { spread, days, max_step_days: most } = reference;
  const finest = finestOf({ reference: usual, finer });
  const beyond = converged.filter(({ curve, difference }) => !(difference <= tolerance(curve, finest.spread)));
  const ends = Array.from({ length: Math.round(days.at(-1) / most) }, (_, i) => most * (i + 1));
  const same = differences(simulate(core, model, { steps: 'report' }, ends).summaries, reference);
  const near = furthest(same, spread);
  const fine = differences(own.summaries, curvesOf(simulate(core, model, FINE).summaries, reference));
  const left = furthest(fine, spread);
  return `${model.name}: own steps are too far from the reference in ${beyond.length} of ${converged.length} curves: `
    + `${beyond.map(({ curve, difference }) => `${curve} ${percent(difference)}`).join(', ')}. With the reference's `
    + `steps of ${most} days the worst of ${same.length} is ${near.curve}, ${percent(near.difference)} of ${percent(near.may)}. Of a run `
    + `with a quarter of what steps may change own steps are off by ${percent(left.difference)} of `
    + `${percent(left.may)} at the worst, in ${left.curve}.`;
}

/** The other way round: what each report day has. @param {any} reference */
function summariesOf({ days, curves, wells }) {
  const on = (/** @type {any} */ of, /** @type {number} */ i) =>
    Object.fromEntries(Object.entries(of).map(([curve, values]) => [curve, values[i]]));
  return days.map((/** @type {number} */ _, /** @type {number} */ i) => ({ curves: on(curves, i),
    wells: Object.fromEntries(Object.entries(wells).map(([well, of]) => [well, on(of, i)])) }));
}

/**
 * How far Flow's usual converged run is off Flow with shorter steps, and off ours.
 * @param {any} reference  a case
 * @param {any} own
 */
function besideTheCoarser({ model, reference, finer }, own) {
  const between = differences(summariesOf(reference), finer);
  const off = between.filter(({ difference }) => difference > 0.005);
  const [ours] = differences(own.summaries, reference);
  return `${model.name} is compared with ${finer.simulator}, steps of ${finer.max_step_days} days. The run with steps of `
    + `${reference.max_step_days} days is off that by more than 0.5 % in ${off.length} of ${between.length} curves: `
    + `${off.slice(0, 6).map(({ curve, difference }) => `${curve} ${percent(difference)}`).join(', ')}. `
    + `Own steps are off that run by ${percent(ours.difference)} at the worst, in ${ours.curve}.`;
}

/** A run's summaries in the form of a reference. @param {any[]} summaries @param {any} like */
function curvesOf(summaries, like) {
  const along = (/** @type {any} */ curves, /** @type {(summary: any) => any} */ of) =>
    Object.fromEntries(Object.entries(curves).map(([curve, values]) => [curve,
      typeof values[0] === 'string' ? values : summaries.map((summary) => of(summary)[curve])]));
  return { days: like.days, curves: along(like.curves, (summary) => summary.curves),
    wells: Object.fromEntries(Object.entries(like.wells).map(([well, curves]) =>
      [well, along(curves, (summary) => summary.wells[well])])) };
}

/** @param {string} name @param {string} svg */
function draw(name, svg) {
  const folder = new URL('../../docs/plots/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.svg`, folder), svg);
}

/** What is looked into once the table is there. @type {(() => string)[]} */
const open = [];
console.log('| case | cells | statics | with Flow\'s steps: worst curve | steps, Newton | own steps: FPR | FOPT | FGPT | '
  + 'worst, of what is allowed | steps, Newton | balance |');
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
for (const name of caseNames().filter((one) => chosen.length === 0 || chosen.includes(one))) {
  const reference = readCase(name);
  const same = simulate(core, reference.model, { steps: 'report' }, reference.steps.step_ends);
  const own = simulate(core, reference.model, ownOptions);
  const stepped = differences(same.summaries, reference.steps);
  const [worst] = stepped;
  const finest = finestOf(reference);
  const converged = differences(own.summaries, finest);
  const { spread } = finest;
  const far = furthest(converged, spread);
  const statics = Math.max(...staticDifferences(same, reference).map(({ difference }) => difference));
  const off = (/** @type {string} */ curve) =>
    percent(converged.find((one) => one.curve === curve)?.difference ?? 0);
  const balance = Math.max(...[same, own].flatMap(({ summaries }) =>
    Object.values(summaries.at(-1).material_balance)));
  // Asked so that a curve which is not a number is bad, too.
  const isNear = stepped.every(({ difference }) => difference <= 1e-3)
    && converged.every(({ curve, difference }) => difference <= tolerance(curve, spread));
  if (name in FIGURES) draw(name, caseFigure(name, own.summaries, finest));
  if (reference.finer) open.push(() => besideTheCoarser(reference, own));
  if (!isNear) open.push(() => followUp(reference, own, converged));
  if (!(isNear && statics <= 1e-6 && balance <= 1e-9)) bad += 1;
  console.log(`| \`${name}\` | ${own.record.step && own.statics.cells} | ${digits(statics)} | `
    + `${worst.curve} ${digits(worst.difference)} | ${same.record.step}, ${same.record.total_newton_iterations} | `
    + `${off('FPR')} | ${off('FOPT')} | ${off('FGPT')} | `
    + `${far.curve} ${percent(far.difference)} of ${percent(tolerance(far.curve, spread))} | `
    + `${own.record.step}, ${own.record.total_newton_iterations} | ${digits(balance)} |`);
}
if (chosen.length === 0 || chosen.includes('bl_100')) {
  const { rows, svg } = buckleyLeverett(core);
  draw('buckley-leverett', svg);
  console.log('\n| cells of a Buckley–Leverett flood | mean error of Sw | breakthrough |\n|---|---|---|');
  for (const { cells, error, breakthrough } of rows) {
    console.log(`| ${cells} | ${error.toFixed(4)} | ${(100 * breakthrough).toFixed(2)} % |`);
  }
}
for (const ask of open) console.log(`\n${ask()}`);
process.exitCode = bad > 0 ? 1 : 0;
