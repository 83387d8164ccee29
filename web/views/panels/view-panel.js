// SPDX-License-Identifier: MIT
// Which cells are shown and how: index ranges, vertical exaggeration, lines, wells.

import { formatNumber } from '../../plot/scale.js';
import { h } from '../../base/dom.js';
import { rangeSlider } from './range-slider.js';

/** @typedef {import('../../model/viewer.js').Viewer} Viewer */

const AXES = ['i', 'j', 'k'];

/** @param {Viewer} viewer @returns {HTMLElement} */
export function cellsPanel(viewer) {
  const sliders = AXES.map((label, axis) => rangeSlider({
    label, name: `Cells along ${label}`, onChange: (first, last) => change(axis, first, last),
  }));
  const change = /** @param {number} axis @param {number} first @param {number} last */
    (axis, first, last) => {
      const { lo, hi } = viewer.state.now.box;
      const ends = structuredClone({ lo, hi });
      ends.lo[axis] = first;
      ends.hi[axis] = last + 1;
      viewer.setBox(ends);
    };
  const reset = h('button', {
    type: 'button', class: 'small', onclick: () => {
      const shape = viewer.state.now.run?.grid.shape;
      if (shape) viewer.setBox({ lo: [0, 0, 0], hi: [...shape] });
    },
  }, 'Show all');
  viewer.state.watch(['box', 'run'], ({ box, run }) => {
    if (!run) return;
    const { shape } = run.grid;
    sliders.forEach(({ update }, axis) => update(box.lo[axis], box.hi[axis] - 1, shape[axis]));
    reset.hidden = shape.every((n, axis) => box.lo[axis] === 0 && box.hi[axis] === n);
  });
  return h('section', { class: 'panel' },
    h('h2', {}, 'Cells shown', reset), ...sliders.map(({ element }) => element));
}

/** Steps of the exaggeration slider. */
const FACTORS = [0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50];

/** @param {Viewer} viewer @returns {HTMLElement} */
export function viewPanel(viewer) {
  const slider = h('input', {
    type: 'range', min: 0, max: FACTORS.length - 1, step: 1, 'aria-label': 'Vertical exaggeration',
    class: 'plain', oninput: () => viewer.setExaggeration(FACTORS[slider.valueAsNumber]),
  });
  const factor = h('output', { class: 'range-text' });
  const edges = h('input', {
    type: 'checkbox', onchange: () => viewer.set({ showEdges: edges.checked }),
  });
  const flat = h('input', { type: 'checkbox', onchange: () => viewer.set({ flat: flat.checked }) });
  const metric = h('input', { type: 'checkbox', onchange: () => viewer.set({ metric: metric.checked }) });
  const wells = h('input', {
    type: 'checkbox', onchange: () => viewer.set({ showWells: wells.checked }),
  });
  const hide = h('input', {
    type: 'checkbox', onchange: () => viewer.setHideMissing(hide.checked),
  });
  const hideLabel = h('label', { class: 'check' }, hide, 'Hide grey cells');
  const wellsLabel = h('label', { class: 'check' }, wells, 'Wells');
  viewer.state.watch(['exaggeration'], ({ exaggeration }) => {
    slider.value = String(nearest(exaggeration));
    factor.textContent = `×${formatNumber(exaggeration, 3)}`;
    slider.setAttribute('aria-valuetext', `${formatNumber(exaggeration, 3)} times`);
  });
  viewer.state.watch(['showEdges', 'showWells', 'wells', 'flat', 'metric'], (state) => {
    flat.checked = state.flat;
    metric.checked = state.metric;
    edges.checked = state.showEdges;
    wells.checked = state.showWells;
    wellsLabel.hidden = state.wells.length === 0;
  });
  viewer.state.watch(['hideMissing', 'shown'], ({ hideMissing, shown }) => {
    hide.checked = hideMissing;
    hideLabel.hidden = !shown || shown.values.missing === 0;
  });
  return h('section', { class: 'panel view-panel' },
    h('h2', {}, 'View'),
    h('div', { class: 'range-slider' }, h('span', { class: 'axis-name wide' }, 'Height'), slider,
      factor),
    h('div', { class: 'checks' }, h('label', { class: 'check' }, edges, 'Cell edges'),
      h('label', { class: 'check', title: 'Every side of a cell has the legend’s colours' }, flat,
        'Flat colours'),
      h('label', { class: 'check', title: 'bar, °C, m, m³ for psi, °F, ft, bbl: in axes, curves, fields and files, '
        + 'and beside the run’s own in the legend and for a cell' }, metric, 'Metric units'),
      wellsLabel,
      hideLabel));
}

/** @param {number} factor */
function nearest(factor) {
  const apart = FACTORS.map((candidate) => Math.abs(Math.log(candidate / factor)));
  return apart.indexOf(Math.min(...apart));
}
