// SPDX-License-Identifier: MIT
// A decline fitted between two handles, and what it says will still come. Arps, "Analysis of decline
// curves", 1945; the core fits.

import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';
import { h } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('./results.js').Results} Results */

const MODELS = /** @type {const} */ ([['best', 'Best fit'], ['exponential', 'Exponential'],
  ['harmonic', 'Harmonic'], ['hyperbolic', 'Hyperbolic']]);
const RATES = /** @type {const} */ ([['oil', 'Oil rate', 'OPR'], ['gas', 'Gas rate', 'GPR'],
  ['water', 'Water rate', 'WPR']]);
export const NEW_DECLINE = Object.freeze({ phase: 'oil', model: 'best', from: null, to: null, years: 10, limit: 0 });

/** @param {Viewer} viewer @param {Results} results @param {(patch: any) => void} change @returns {HTMLElement} */
export function declineControls(viewer, results, change) {
  const set = (/** @type {object} */ patch) => {
    const { decline } = viewer.state.now.results;
    if (decline) change({ decline: { ...decline, ...patch } });
  };
  const on = h('input', { type: 'checkbox', onchange: () => change(on.checked
    ? { decline: { ...NEW_DECLINE }, subjects: ['F'], quantities: ['OPR'] } : { decline: null }) });
  const phase = h('select', { 'aria-label': 'Rate that declines', onchange: () => {
    const [, , quantity] = RATES.find(([id]) => id === phase.value) ?? RATES[0];
    const decline = { ...viewer.state.now.results.decline, phase: phase.value };
    change({ decline, subjects: ['F'], quantities: [quantity] });
  } }, ...RATES.map(([id, title]) => h('option', { value: id }, title)));
  const model = h('select', { 'aria-label': 'Model of the decline', onchange: () => set({ model: model.value }) },
    ...MODELS.map(([id, title]) => h('option', { value: id }, title)));
  const from = stepField('First step of the fit', (step) => set({ from: step }));
  const to = stepField('Last step of the fit', (step) => set({ to: step }));
  const years = h('input', { type: 'number', min: 0.1, max: 200, step: 'any', 'aria-label': 'Years of the forecast',
    onchange: () => { if (years.valueAsNumber > 0) set({ years: Math.min(200, years.valueAsNumber) }); } });
  const limit = h('input', { type: 'number', min: 0, step: 'any', 'aria-label': 'Economic limit of the rate, 0: none',
    onchange: () => {
      const { results: { decline }, metric } = viewer.state.now;
      const typed = unitsOf(rateUnit(decline?.phase), metric).fromUnit(limit.valueAsNumber);
      if (typed >= 0) set({ limit: typed });
    } });
  const limitUnit = h('span', { class: 'quiet' });
  const facts = h('dl', { class: 'facts' });
  const note = h('p', { class: 'quiet', role: 'status' });
  const more = h('div', { class: 'decline-more' }, phase, model,
    h('label', {}, 'From step ', from), h('label', {}, 'to ', to),
    h('label', {}, 'Forecast, years ', years), h('label', {}, 'Limit ', limit, ' ', limitUnit), note, facts);
  viewer.state.watch(['results', 'metric'], ({ results: { decline }, metric }) => {
    on.checked = decline !== null;
    more.hidden = decline === null;
    if (!decline) return;
    phase.value = decline.phase;
    model.value = decline.model;
    from.value = decline.from === null ? '' : String(decline.from);
    to.value = decline.to === null ? '' : String(decline.to);
    years.value = String(decline.years);
    const { unit, inUnit } = unitsOf(rateUnit(decline.phase), metric);
    limit.value = String(Number(inUnit(decline.limit).toPrecision(7)));
    limitUnit.textContent = unit;
  });
  const tell = () => {
    const { decline } = results.state.now;
    note.textContent = decline?.error ? `No decline here: ${decline.error}` : '';
    note.hidden = note.textContent === '';
    facts.replaceChildren(...factsOf(decline, viewer.state.now.metric)
      .flatMap(([name, text]) => [h('dt', {}, name), h('dd', {}, text)]));
  };
  results.state.watch(['decline'], tell);
  viewer.state.watch(['metric'], tell);
  const box = h('fieldset', { class: 'decline' }, h('legend', {}, 'Decline'),
    h('label', { class: 'check' }, on, 'Fit a decline to the field'), more);
  results.state.watch(['declines'], ({ declines }) => { box.hidden = !declines; });
  return box;
}

/** @param {string} label @param {(step: number | null) => void} take  null: the run's end */
function stepField(label, take) {
  const field = h('input', { type: 'number', step: 1, 'aria-label': label, placeholder: 'end',
    onchange: () => take(Number.isInteger(field.valueAsNumber) ? field.valueAsNumber : null) });
  return field;
}

/** @param {string | undefined} phase */
function volumeUnit(phase) {
  return phase === 'gas' ? 'SCF' : 'STB';
}

/** @param {string | undefined} phase */
function rateUnit(phase) {
  return `${volumeUnit(phase)}/d`;
}

/**
 * @param {import('./results.js').Decline | null} decline
 * @param {boolean} metric
 * @returns {[string, string][]}
 */
export function factsOf(decline, metric) {
  if (!decline || decline.error) return [];
  const told = (/** @type {number} */ value, /** @type {string} */ own) => {
    const { unit, inUnit } = unitsOf(own, metric);
    return `${formatNumber(inUnit(value), 5)} ${unit}`;
  };
  return [
    ['Model', decline.model],
    ['Rate at first', told(decline.initialRate, rateUnit(decline.phase))],
    ['Decline a year', `${formatNumber(100 * decline.declineRatePerYear, 4)} % (nominal)`],
    ...(decline.model === 'hyperbolic'
      ? /** @type {[string, string][]} */ ([['b', formatNumber(decline.bFactor, 4)]]) : []),
    ['R²', formatNumber(decline.rSquared, 5)],
    ['Ultimate recovery', told(decline.recovery, volumeUnit(decline.phase))],
  ];
}
