// SPDX-License-Identifier: MIT
// The wells with their state and rates at the step in the picture. A click shows a well's curves.

import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';
import { h } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('./results.js').Results} Results */

/** Title, field of `analyst.wells()`. Rates in STB/d and SCF/d, drawn as Mscf/d. */
const COLUMNS = /** @type {const} */ ([
  ['Oil', 'oilRate', 'STB/d', 1], ['Water', 'waterRate', 'STB/d', 1], ['Gas', 'gasRate', 'Mscf/d', 1e-3],
  ['WCT', 'waterCut', '', 1], ['BHP', 'bhp', 'psi', 1],
]);

/** @param {Viewer} viewer @param {Results} results @param {(patch: any) => void} change @returns {HTMLElement} */
export function wellList(viewer, results, change) {
  const body = h('tbody', {});
  const caption = h('caption', {});
  const head = h('tr', {});
  const table = h('table', { class: 'well-table' }, caption, h('thead', {}, head), body);
  const box = h('div', { class: 'well-list' }, table);
  const draw = () => {
    const { wells, wellUnits } = results.state.now;
    const { metric } = viewer.state.now;
    head.replaceChildren(h('th', { scope: 'col' }, 'Well'), ...COLUMNS.map(([title, field, unit]) =>
      h('th', { scope: 'col', title: unitsOf(wellUnits?.[field] ?? unit, metric).unit || undefined }, title)));
    box.hidden = wells.length === 0;
    const { run, step } = viewer.state.now;
    caption.textContent = `Wells at step ${run?.steps[step]?.step ?? step}`;
    body.replaceChildren(...wells.map((well) => row(well, viewer, change, wellUnits)));
  };
  results.state.watch(['wells', 'wellUnits'], draw);
  viewer.state.watch(['metric'], draw);
  return box;
}

/** @param {any} well @param {Viewer} viewer @param {(patch: any) => void} change
 * @param {Record<string, string> | null} own  the file's units, if it has such */
function row(well, viewer, change, own) {
  const id = `W:${well.name}`;
  const chosen = viewer.state.now.results.subjects;
  const shut = well.state !== 'open';
  const about = `${well.type}${shut ? ', shut' : ''}`;
  const button = h('button', { type: 'button', class: 'small', title: `${about}: show its curves`,
    'aria-pressed': String(chosen.includes(id)),
    onclick: () => change({ subjects: [id] }) }, well.name);
  return h('tr', { class: shut ? 'shut' : well.type },
    h('th', { scope: 'row' }, button, h('span', { class: 'visually-hidden' }, about)),
    ...COLUMNS.map(([, field, unit, factor]) => {
      const { inUnit } = unitsOf(own?.[field] ?? unit, viewer.state.now.metric);
      const value = typeof well[field] === 'number' ? inUnit(well[field] * (own ? 1 : factor)) : NaN;
      return h('td', {}, shut && field !== 'bhp' ? 'shut' : text(value));
    }));
}

/**
 * Short enough for a column; what is next to nothing is said to be so.
 * @param {number} scaled
 */
function text(scaled) {
  if (!Number.isFinite(scaled)) return '–';
  return scaled !== 0 && Math.abs(scaled) < 0.005 ? '< 0.01' : formatNumber(Number(scaled.toFixed(2)), 5);
}
