// SPDX-License-Identifier: MIT
// One layer of the grid, flat. It needs no WebGL, and is the whole picture where there is none.

import { formatNumber } from '../../plot/scale.js';
import { h, iconButton, uniqueId } from '../../base/dom.js';
import { stageKey } from '../keys.js';
import { SlicePicture } from './slice-picture.js';

/** @typedef {import('../../model/viewer.js').Viewer} Viewer */

/**
 * @param {Viewer} viewer
 * @param {{ onHelp: () => void }} actions
 * @returns {HTMLElement}
 */
export function slicePanel(viewer, actions) {
  const canvas = h('canvas', {
    class: 'slice', tabindex: 0, role: 'img',
    onkeydown: (/** @type {KeyboardEvent} */ event) => stageKey(event, viewer, actions),
  });
  const tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  const box = h('div', { class: 'slice-box' }, canvas, tip);
  const heights = h('span', {});
  const picture = new SlicePicture(viewer, { canvas, box, tip, onHeights: (factor) => {
    heights.textContent = factor === null ? '' : ` · heights ×${formatNumber(factor, 2)}`;
  } });
  const words = h('span', {});
  const caption = h('p', { class: 'quiet caption' }, words, heights);
  viewer.state.watch(['run', 'sliceAxis', 'sliceAt', 'property'], (state) => {
    const text = state.run?.grid.captionOf(state.sliceAxis) ?? '';
    words.textContent = text;
    canvas.setAttribute('aria-label', `${'ijk'[state.sliceAxis]} = `
      + `${state.sliceAt[state.sliceAxis]} of ${state.property?.name ?? ''}: ${text}`);
  });
  picture.watch();
  const element = h('section', { class: 'panel slice-panel' },
    h('h2', {}, 'Slice', h('span', { class: 'panel-tools' }, planeSwitch(viewer), tableButton(viewer))),
    sliceControls(viewer), box, caption);
  // While one is at the slice, the 3-D picture shows where it lies.
  const at = (/** @type {boolean} */ slicing) => () => viewer.set({ slicing });
  for (const [type, slicing] of /** @type {const} */ ([['pointerenter', true], ['pointerleave', false],
    ['focusin', true], ['focusout', false]])) element.addEventListener(type, at(slicing));
  return element;
}

/** @param {Viewer} viewer */
function planeSwitch(viewer) {
  const button = iconButton('plane', 'Show the slice’s plane in the 3-D picture',
    () => viewer.set({ showPlane: !viewer.state.now.showPlane }));
  viewer.state.watch(['showPlane', 'webgl'], ({ showPlane, webgl }) => {
    button.setAttribute('aria-pressed', String(showPlane));
    button.hidden = !webgl;
  });
  return button;
}

/** The slice in numbers, fetched when it is first wanted. @param {Viewer} viewer */
function tableButton(viewer) {
  return iconButton('table', 'The slice as a table', (event) => {
    const app = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (event.currentTarget).closest('.app'));
    import('./slice-table.js').then(({ showSliceTable }) => showSliceTable(viewer, app),
      (error) => viewer.set({ trouble: `The table could not be fetched: ${error.message}` }));
  });
}

/** @param {Viewer} viewer */
function sliceControls(viewer) {
  const name = uniqueId('slice');
  const axes = /** @type {const} */ ([0, 1, 2]).map((axis) => {
    const input = h('input', {
      type: 'radio', name, value: axis, onchange: () => viewer.setSlice(axis),
    });
    return { input, label: h('label', {}, input, h('span', {}, 'ijk'[axis])) };
  });
  const slider = h('input', {
    type: 'range', min: 0, step: 1, class: 'plain', 'aria-label': 'Index of the slice',
    oninput: () => viewer.setSlice(viewer.state.now.sliceAxis, slider.valueAsNumber),
  });
  const text = h('output', { class: 'range-text' });
  viewer.state.watch(['run', 'sliceAxis', 'sliceAt'], ({ run, sliceAxis, sliceAt }) => {
    axes.forEach(({ input }, axis) => { input.checked = axis === sliceAxis; });
    slider.max = String((run?.grid.shape[sliceAxis] ?? 1) - 1);
    slider.disabled = slider.max === '0';
    slider.value = String(sliceAt[sliceAxis]);
    text.textContent = `${'ijk'[sliceAxis]} = ${(run?.grid.storedCell(sliceAt) ?? sliceAt)[sliceAxis]}`;
  });
  return h('div', { class: 'slice-controls' },
    h('div', { class: 'segmented narrow', role: 'radiogroup', 'aria-label': 'Axis of the slice' },
      ...axes.map(({ label }) => label)), slider, text);
}
