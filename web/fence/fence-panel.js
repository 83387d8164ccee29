// SPDX-License-Identifier: MIT
// The panel of the fence: the map on which its line is drawn, its posts in order, and the curtain.

import fenceStyle from '../styles/fence.css';
import { addStyle, h, icon, iconButton } from '../base/dom.js';
import { numberOf } from '../plot/number-field.js';
import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';
import { isPlace, isStretch } from './fence-link.js';
import { keepFence } from './fence-keeper.js';
import { curtainView } from './curtain-view.js';
import { planView } from './plan-view.js';
import { saveFence, saveFencePicture, showFenceTable } from './fence-data.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('./fence-link.js').Post} Post */

/** Heights that are offered; 0: as there is room. */
const STRETCHES = [0, 1, 2, 5, 10, 20, 50];

/** @param {Viewer} viewer @param {HTMLElement} element */
export function fillFence(viewer, element) {
  addStyle(element, fenceStyle);
  const { element: curtain, canvas } = curtainView(viewer);
  const hint = h('p', { class: 'fence-hint' });
  element.replaceChildren(
    h('div', { class: 'fence-bar' }, h('h2', {}, 'Fence'), solidChoice(viewer), stretchChoice(viewer),
      extendSwitch(viewer), actions(viewer, canvas),
      iconButton('close', 'Close the fence', () => viewer.setFence({ open: false }))),
    h('div', { class: 'fence-body' },
      h('div', { class: 'fence-choice' }, planView(viewer), wellChoice(viewer), pointField(viewer), postList(viewer)),
      h('div', { class: 'fence-picture' }, curtain, hint)));
  viewer.state.watch(['curtain', 'fence'], ({ curtain: cut, fence }) => {
    const text = fence.line.length < 2 && (cut?.points.length ?? 0) < 2
      ? 'Click the map, or choose wells, to draw a line: the section below it is shown here.'
      : cut && cut.points.length < 2 ? 'The line has no length yet.'
        : cut && cut.count === 0 ? 'The line meets no cell.' : '';
    const lost = cut?.missing.length ? ` Not in this step: ${cut.missing.join(', ')}.` : '';
    hint.textContent = text + lost;
    hint.hidden = hint.textContent === '';
  });
  keepFence(viewer);
}

/** @param {Viewer} viewer */
function solidChoice(viewer) {
  const select = h('select', { 'aria-label': 'The fence in the 3-D picture', onchange: () =>
    viewer.setFence({ solid: /** @type {'alone'} */ (select.value) }) },
  h('option', { value: 'alone' }, '3-D: fence alone'), h('option', { value: 'cells' }, '3-D: with the cells'),
  h('option', { value: 'off' }, '3-D: no fence'));
  viewer.state.watch(['fence', 'webgl'], ({ fence, webgl }) => {
    select.value = fence.solid;
    select.hidden = !webgl;
  });
  return select;
}

/** @param {Viewer} viewer */
function stretchChoice(viewer) {
  const select = h('select', { 'aria-label': 'Heights of the fence', onchange: () =>
    viewer.setFence({ stretch: Number(select.value) }) });
  viewer.state.watch(['fence'], ({ fence: { stretch } }) => {
    const offered = [...new Set([...STRETCHES, ...(isStretch(stretch) ? [stretch] : [])])].sort((a, b) => a - b);
    select.replaceChildren(...offered.map((factor) => h('option', { value: factor },
      factor === 0 ? 'Heights: fill' : `Heights ×${formatNumber(factor, 3)}`)));
    select.value = String(stretch);
  });
  return select;
}

/** @param {Viewer} viewer */
function extendSwitch(viewer) {
  const input = h('input', { type: 'checkbox', onchange: () => viewer.setFence({ extend: input.checked }) });
  viewer.state.watch(['fence'], ({ fence }) => { input.checked = fence.extend; });
  return h('label', { class: 'check' }, input, h('span', {}, 'to the grid’s ends'));
}

/** @param {Viewer} viewer @param {HTMLCanvasElement} canvas */
function actions(viewer, canvas) {
  const buttons = [
    iconButton('table', 'The fence as a table', () => showFenceTable(viewer,
      /** @type {HTMLElement} */ (canvas.closest('.app')))),
    iconButton('save', 'Save the fence’s cells (CSV)', () => saveFence(viewer)),
    iconButton('image', 'Save the fence’s picture (PNG)', () => saveFencePicture(viewer, canvas)),
  ];
  viewer.state.watch(['curtain'], ({ curtain }) => {
    for (const button of buttons) button.disabled = !curtain || curtain.count === 0;
  });
  return h('span', { class: 'fence-actions' }, ...buttons);
}

/** @param {Viewer} viewer */
function wellChoice(viewer) {
  const select = h('select', { 'aria-label': 'Add a well to the fence', onchange: () => {
    const { fence, wells } = viewer.state.now;
    const added = select.value === ' all' ? wells.map(({ name }) => name) : [select.value];
    viewer.setFence({ line: [...fence.line, ...added] });
    select.value = '';
  } });
  viewer.state.watch(['wells'], ({ wells }) => {
    select.replaceChildren(h('option', { value: '' }, 'Add a well …'),
      ...(wells.length > 1 ? [h('option', { value: ' all' }, 'All wells, as they come')] : []),
      ...wells.map(({ name }) => h('option', { value: name }, name)));
    select.disabled = wells.length === 0;
  });
  return select;
}

/** A point by its numbers, with commas or points for decimals. @param {Viewer} viewer */
function pointField(viewer) {
  const fields = ['x', 'y'].map((name) => h('input', { type: 'text', inputmode: 'decimal', class: 'number',
    placeholder: name, 'aria-label': `${name} of a point` }));
  const form = h('form', { class: 'fence-point', onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    const { run, metric, fence } = viewer.state.now;
    const { fromUnit } = unitsOf(run?.grid.lengthUnit ?? '', metric);
    const [x, y] = fields.map(({ value }) => fromUnit(numberOf(value)));
    fields.forEach((field, n) => field.setAttribute('aria-invalid', String(!isPlace([x, y][n]))));
    if (!isPlace(x) || !isPlace(y)) return;
    viewer.setFence({ line: [...fence.line, [x, y]] });
    for (const field of fields) field.value = '';
    fields[0].focus();
  } }, ...fields, h('span', { class: 'quiet' }), h('button', { type: 'submit', class: 'small' }, 'Add'));
  viewer.state.watch(['run', 'metric'], ({ run, metric }) => {
    /** @type {HTMLElement} */ (form.querySelector('.quiet')).textContent =
      unitsOf(run?.grid.lengthUnit ?? '', metric).unit;
  });
  return form;
}

/** @param {Viewer} viewer */
function postList(viewer) {
  const list = h('ol', { class: 'posts', 'aria-label': 'Posts of the fence' });
  const clear = h('button', { type: 'button', class: 'small', onclick: () => viewer.setFence({ line: [] }) }, 'Clear');
  const change = (/** @type {number} */ n, /** @type {Post[]} */ with_) => {
    const line = [...viewer.state.now.fence.line];
    line.splice(n, with_.length === 2 ? 2 : 1, ...with_);
    viewer.setFence({ line });
  };
  viewer.state.watch(['fence', 'metric', 'run'], ({ fence: { line }, metric, run }) => {
    const { inUnit } = unitsOf(run?.grid.lengthUnit ?? '', metric);
    clear.hidden = line.length === 0;
    list.replaceChildren(...line.map((post, n) => {
      const name = typeof post === 'string' ? post : post.map((at) => formatNumber(inUnit(at), 6)).join(' · ');
      const up = iconButton('down', `Earlier: ${name}`, () => change(n - 1, [post, line[n - 1]]),
        { class: 'icon-button earlier', disabled: n === 0 });
      return h('li', {}, h('span', {}, typeof post === 'string' ? icon('drop') : null, name), up,
        iconButton('close', `Remove ${name}`, () => change(n, [])));
    }));
  });
  return h('div', {}, list, clear);
}
