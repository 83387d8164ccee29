// SPDX-License-Identifier: MIT
// The curves as a table, for those who do not see them or want the numbers.

import { curveIn } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';
import { h } from '../base/dom.js';

/** Rows that a page bears; all of them are in the CSV. */
const MOST_ROWS = 500;

/**
 * @param {import('../model/viewer.js').Viewer} viewer
 * @param {import('./results.js').Results} results
 * @returns {HTMLElement}
 */
export function resultsTable(viewer, results) {
  const box = h('div', { class: 'table-box' });
  const details = h('details', { class: 'results-table' }, h('summary', {}, 'Table of the curves'), box);
  const draw = () => {
    const { metric } = viewer.state.now;
    if (details.open) {
      box.replaceChildren(tableOf(results.state.now.curves.map((curve) => curveIn(curve, metric)), viewer));
    }
  };
  details.addEventListener('toggle', draw);
  results.state.watch(['curves'], draw);
  viewer.state.watch(['metric'], draw);
  return details;
}

/** @param {readonly import('./results.js').Curve[]} curves @param {import('../model/viewer.js').Viewer} viewer */
function tableOf(curves, viewer) {
  const own = curves.filter(({ run }) => run === 0);
  const [first] = own;
  if (!first) return h('p', { class: 'quiet' }, 'No curves.');
  const count = Math.min(first.days.length, MOST_ROWS);
  const rows = Array.from({ length: count }, (_, n) => h('tr', {
    onclick: () => viewer.setStep(viewer.state.now.run?.steps.findIndex(({ step }) => step === first.steps[n]) ?? 0),
  }, h('th', { scope: 'row' }, String(first.steps[n])), h('td', {}, formatNumber(first.days[n], 7)),
  ...own.map(({ values }) => h('td', {}, Number.isNaN(values[n]) ? '–' : formatNumber(values[n], 7)))));
  const more = first.days.length > count ? h('p', { class: 'quiet' },
    `The first ${count} of ${first.days.length} rows; the CSV has all.`) : null;
  return h('div', {}, h('table', { class: 'values' }, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Step'),
    h('th', { scope: 'col' }, 'Day'), ...own.map(({ title, unit }) =>
      h('th', { scope: 'col' }, unit === '' ? title : `${title} (${unit})`)))), h('tbody', {}, ...rows)), more);
}
