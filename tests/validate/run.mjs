// SPDX-License-Identifier: MIT
// npm run validate [case …]: simulates every reference run of tests/data/sim in WebAssembly and prints, as a
// table for docs/simulation.md, how far its curves are off OPM Flow's. Ends with 1 where one is further than
// it may be.
import { caseNames, differences, readCase, SimCore, simulate, staticDifferences, tolerance }
  from './cases.js';

//
// A case with `converged` (converge.mjs) has a reference with an error in time that its spread does not
// tell: rates that limits cut off in both of the runs that the spread is of. There the reference is met
// with its own steps, one stage each, and own steps are compared with the converged run; both within
// what the reference's spread allows.
const chosen = process.argv.slice(2);
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
 * How near a run with the reference's own steps is to it, and how far one with steps of its own.
 * @param {any} reference  a case
 * @param {any} own
 */
function meetReference({ model, reference }, own) {
  const { spread, days, max_step_days: most } = reference;
  const ends = Array.from({ length: Math.round(days.at(-1) / most) }, (_, i) => most * (i + 1));
  const same = differences(simulate(core, model, { steps: 'report' }, ends).summaries, reference);
  const near = furthest(same, spread);
  const beyond = differences(own.summaries, reference)
    .filter(({ curve, difference }) => !(difference <= tolerance(curve, spread)));
  return {
    isNear: same.every(({ curve, difference }) => difference <= tolerance(curve, spread)),
    text: `${model.name}: with the reference's steps of ${most} days, the worst of ${same.length} curves is `
      + `${near.curve}, ${percent(near.difference)} of ${percent(near.may)}. Own steps are compared with the run `
      + `converged in time; of the reference they are further off than its spread in ${beyond.length} curves: `
      + `${beyond.map(({ curve, difference }) => `${curve} ${percent(difference)}`).join(', ')}.`,
  };
}

/** @type {string[]} */
const notes = [];
console.log('| case | cells | statics | with Flow\'s steps: worst curve | steps, Newton | own steps: FPR | FOPT | FGPT | '
  + 'worst, of what is allowed | steps, Newton | balance | s |');
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|');
for (const name of caseNames().filter((one) => chosen.length === 0 || chosen.includes(one))) {
  const reference = readCase(name);
  const same = simulate(core, reference.model, { steps: 'report' }, reference.steps.step_ends);
  const own = simulate(core, reference.model, {});
  const stepped = differences(same.summaries, reference.steps);
  const [worst] = stepped;
  const converged = differences(own.summaries, reference.converged ?? reference.reference);
  const { spread } = reference.reference;
  const far = furthest(converged, spread);
  const statics = Math.max(...staticDifferences(same, reference).map(({ difference }) => difference));
  const off = (/** @type {string} */ curve) =>
    percent(converged.find((one) => one.curve === curve)?.difference ?? 0);
  const balance = Math.max(...[same, own].flatMap(({ summaries }) =>
    Object.values(summaries.at(-1).material_balance)));
  // Asked so that a curve which is not a number is bad, too.
  const isNear = stepped.every(({ difference }) => difference <= 1e-3)
    && converged.every(({ curve, difference }) => difference <= tolerance(curve, spread));
  const said = reference.converged ? meetReference(reference, own) : { isNear: true, text: '' };
  if (said.text) notes.push(said.text);
  if (!(isNear && said.isNear && statics <= 1e-6 && balance <= 1e-9)) bad += 1;
  console.log(`| \`${name}\` | ${own.record.step && own.statics.cells} | ${digits(statics)} | `
    + `${worst.curve} ${digits(worst.difference)} | ${same.record.step}, ${same.record.total_newton_iterations} | `
    + `${off('FPR')} | ${off('FOPT')} | ${off('FGPT')} | `
    + `${far.curve} ${percent(far.difference)} of ${percent(tolerance(far.curve, spread))} | `
    + `${own.record.step}, ${own.record.total_newton_iterations} | ${digits(balance)} | `
    + `${same.seconds.toFixed(2)}, ${own.seconds.toFixed(2)} |`);
}
for (const note of notes) console.log(`\n${note}`);
process.exitCode = bad > 0 ? 1 : 0;
