// SPDX-License-Identifier: MIT
// How values become colours: map, scale, range.

import { COLOUR_MAPS } from '../../plot/colormaps.js';
import { formatBytes } from '../../plot/scale.js';
import { unitsOf } from '../../plot/metric.js';
import { numberOf } from '../../plot/number-field.js';
import { drawRamp } from '../legend.js';
import { h, uniqueId } from '../../base/dom.js';

/** @typedef {import('../../model/viewer.js').Viewer} Viewer */

/** @param {Viewer} viewer @returns {HTMLElement} */
export function colourPanel(viewer) {
  const numeric = h('div', { class: 'numeric' }, mapChooser(viewer), rangeChooser(viewer));
  const flags = h('p', { class: 'quiet' }, 'This property is false or true.');
  viewer.state.watch(['property'], ({ property }) => {
    numeric.hidden = property?.flags === true || property?.ternary === true;
    flags.textContent = property?.ternary ? 'Green is oil, red gas, blue water, each as bright as its saturation.'
      : 'This property is false or true.';
    flags.hidden = !numeric.hidden;
  });
  return h('section', { class: 'panel' }, h('h2', {}, 'Colours'), numeric, flags);
}

/** @param {Viewer} viewer */
function mapChooser(viewer) {
  const group = uniqueId('map');
  const choices = COLOUR_MAPS.map(({ id, name, hint, table }) => {
    const input = h('input', {
      type: 'radio', name: group, value: id, 'aria-label': `${name}: ${hint}`,
      onchange: () => viewer.setMap(id),
    });
    const ramp = h('canvas', { width: 48, height: 1, class: 'ramp' });
    drawRamp(ramp, table);
    const label = h('label', { class: 'map', title: `${name}: ${hint}` }, input, ramp);
    return { id, input, label };
  });
  viewer.state.watch(['map'], ({ map }) => {
    for (const { id, input } of choices) input.checked = id === map;
  });
  const log = h('input', { type: 'checkbox', onchange: () => viewer.setLog(log.checked) });
  viewer.state.watch(['log', 'property'], (state) => {
    log.checked = state.log;
    log.disabled = state.property?.difference ?? false;
  });
  return h('div', {},
    h('div', { class: 'maps', role: 'radiogroup', 'aria-label': 'Colour map' },
      ...choices.map(({ label }) => label)),
    h('div', { class: 'scale-choice' }, h('label', { class: 'check' }, log, 'Logarithmic'), levelChoice(viewer),
      symmetricChoice(viewer)));
}

/** Numbers of levels that are offered. */
const LEVELS = [4, 5, 6, 8, 10, 12, 16, 20];

/** Smooth, in levels, or a colour a number. @param {Viewer} viewer */
function levelChoice(viewer) {
  const select = h('select', { 'aria-label': 'Colours of the legend', onchange: () => {
    const each = select.value === 'each';
    viewer.setScale({ ...(viewer.state.now.property?.whole && { categories: each }),
      ...(!each && { levels: Number(select.value) }) });
  } });
  viewer.state.watch(['levels', 'categories', 'property'], ({ levels, categories, property }) => {
    const offered = LEVELS.includes(levels) || levels === 0 ? LEVELS : [...LEVELS, levels];
    select.replaceChildren(h('option', { value: 0 }, 'smooth'),
      ...offered.map((count) => h('option', { value: count }, `${count} levels`)),
      ...(property?.whole ? [h('option', { value: 'each' }, 'categories')] : []));
    select.value = property?.whole && categories ? 'each' : String(levels);
  });
  return select;
}

/** Of values on both sides of zero. @param {Viewer} viewer */
function symmetricChoice(viewer) {
  const input = h('input', { type: 'checkbox', onchange: () => viewer.setScale({ symmetric: input.checked }) });
  const label = h('label', { class: 'check', title: 'As far below zero as above, in colours that diverge' }, input,
    'Zero in the middle');
  viewer.state.watch(['symmetric', 'shown'], ({ symmetric, shown }) => {
    input.checked = symmetric;
    label.hidden = !symmetric && !(shown && shown.values.lo < 0);
  });
  return label;
}

/** @param {Viewer} viewer */
function rangeChooser(viewer) {
  const group = uniqueId('range');
  /** @param {string} value @param {string} text @param {() => void} onChoose */
  const choice = (value, text, onChoose) => {
    const input = h('input', { type: 'radio', name: group, value, onchange: onChoose });
    return { value, input, label: h('label', {}, input, h('span', {}, text)) };
  };
  const ends = ['Lowest', 'Highest'].map((name) => h('input', {
    type: 'text', inputmode: 'decimal', class: 'number', 'aria-label': `${name} value of the range`,
    onchange: () => takeTyped(),
  }));
  const takeTyped = () => {
    const [lo, hi] = ends.map((end) => unitOfRange(viewer.state.now).fromUnit(numberOf(end.value)));
    const valid = lo < hi && Number.isFinite(hi - lo);
    for (const end of ends) end.setAttribute('aria-invalid', String(!valid));
    if (valid) viewer.setTypedRange(lo, hi);
  };
  const choices = [
    choice('all', 'All steps', () => viewer.setRangeMode('all')),
    choice('step', 'This step', () => viewer.setRangeMode('step')),
    choice('typed', 'Typed', () => {
      const [lo, hi] = viewer.state.now.range;
      viewer.setTypedRange(lo, hi > lo ? hi : lo + 1);
      ends[0].select();
    }),
  ];
  viewer.state.watch(['rangeMode'], ({ rangeMode }) => {
    for (const { value, input } of choices) input.checked = value === rangeMode;
  });
  const unitText = h('span', { class: 'quiet' });
  viewer.state.watch(['range', 'metric', 'property'], (state) => {
    const { unit, inUnit } = unitOfRange(state);
    unitText.textContent = state.metric ? unit : '';
    ends.forEach((end, n) => {
      end.value = String(Number(inUnit(state.range[n]).toPrecision(6)));
      end.setAttribute('aria-invalid', 'false');
    });
  });
  return h('fieldset', { class: 'range' }, h('legend', { class: 'visually-hidden' }, 'Range'),
    h('div', { class: 'segmented' }, ...choices.map(({ label }) => label)),
    h('div', { class: 'ends' }, ends[0], h('span', { class: 'quiet' }, 'to'), ends[1], unitText),
    scanNote(viewer));
}

/** In what the range is typed. @param {Readonly<import('../../model/state.js').ViewerState>} state */
function unitOfRange({ property, metric }) {
  return unitsOf(property?.unit ?? '', metric, property?.difference);
}

/** How far the range over all steps is known. @param {Viewer} viewer */
function scanNote(viewer) {
  const text = h('span', {});
  const button = h('button', { type: 'button', class: 'small', onclick: () => viewer.scanAll() });
  const bar = h('progress', { max: 1, 'aria-label': 'Steps that were looked at' });
  const note = h('div', { class: 'scan quiet', 'aria-live': 'polite' }, text, bar, button);
  viewer.state.watch(['scan', 'rangeMode', 'property'], ({ scan, rangeMode }) => {
    const { done, total, nbytes, asks } = scan;
    note.hidden = rangeMode !== 'all' || done >= total;
    text.textContent = asks ? `Range of ${done} of ${total} steps. `
      : `Looking at all steps: ${done} of ${total}`;
    bar.value = total === 0 ? 0 : done / total;
    bar.hidden = asks && done < 2;
    button.hidden = !asks;
    button.textContent = `Read all (${formatBytes(nbytes)})`;
  });
  return note;
}
