// SPDX-License-Identifier: MIT
// The 3-D picture: the scene follows the state, and pointer and keys change the state.

import { colourMap } from '../plot/colormaps.js';
import { formatNumber } from '../plot/scale.js';
import { planeLines } from '../plot/slice-plane.js';
import { createScene, HOME, VIEWS } from '../scene/renderer.js';
import { titleOf } from '../model/properties.js';
import { colouringOf } from '../model/state.js';
import { wellMark } from '../model/wells.js';
import { pinColour } from '../cells/pin-colours.js';
import { pickCell } from '../cells/pinning.js';
import { cellsWords } from '../cells/ask.js';
import { cellFacts } from './panels/cell-panel.js';
import { h, iconButton } from '../base/dom.js';
import { cellsNote } from '../cells/ask-box.js';
import { coarseNote } from '../coarse/coarse-note.js';
import { legendContent, legendView } from './legend.js';
import { followFence } from '../fence/fence-box.js';
import { stageKey } from './keys.js';
import { timeText } from './time-bar.js';
import { fillTip } from './tip.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../scene/renderer.js').Scene} Scene */

/** Pixels that a click may wander and still be a click. */
const SLACK = 4;

/**
 * @param {Viewer} viewer
 * @param {{ onHelp: () => void, alone: boolean }} actions
 * @returns {{ element: HTMLElement, scene: Scene | null, other: () => Scene | null }}  `other`: the picture of what
 *   is compared
 */
export function stageView(viewer, { onHelp, alone }) {
  const canvasBox = h('div', {
    class: 'canvas-box', tabindex: 0, role: 'application',
    'aria-label': '3-D picture of the reservoir', 'aria-roledescription': '3-D picture',
  });
  const twin = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  const tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  const busy = h('div', { class: 'busy', role: 'status' });
  const element = h('section', { class: 'stage', 'aria-label': 'Reservoir' }, canvasBox, tip,
    legendView(viewer), viewButtons(viewer), busy, coarseNote(viewer), cellsNote(viewer), troubleView(viewer), twin);
  /** @type {Scene | null} */ let scene = null;
  canvasBox.addEventListener('keydown', (event) => stageKey(event, viewer, { onHelp }));
  viewer.state.watch(['busy', 'faces', 'shown'], ({ busy: reading, faces, run, trouble }) => {
    const text = !run ? '' : reading || (!faces && trouble === '') ? 'Reading …' : '';
    busy.textContent = text;
    busy.classList.toggle('on', text !== '');
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let resting;
  const told = /** @type {const} */ (['step', 'property', 'shown', 'range', 'cell', 'box', 'ask', 'cells', 'curtain',
    'fence']);
  viewer.state.watch(told, (state) => {
    clearTimeout(resting); // what goes by in playback is not read out
    resting = setTimeout(() => { twin.textContent = describe(state); }, 400);
  });
  if (viewer.state.now.webgl) {
    try {
      scene = createScene(canvasBox, {
        onView: (view) => viewer.set({ view }),
        // In somebody's page the wheel is the page's, until one has turned to the picture.
        takesWheel: (event) => alone || event.ctrlKey || event.metaKey || canvasBox.matches(':focus'),
        onTrouble: (message) => viewer.set({ trouble: message ?? '' }),
      });
      follow(scene, viewer, element);
      pointing(scene, canvasBox, viewer, tip);
    } catch (error) {
      viewer.set({ webgl: false });
      console.warn('bores-viewer: no 3-D picture:', error);
    }
  }
  return { element, scene, other: () => null };
}

/** The picture in words. @param {Readonly<import('../model/state.js').ViewerState>} state */
function describe(state) {
  const { property, run, cell } = state;
  if (!run || !property) return '';
  const legend = legendContent(state);
  const parts = [timeText(state), titleOf(property)];
  if (legend?.table) {
    parts.push(`colours from ${formatNumber(state.range[0])} to ${formatNumber(state.range[1])}`);
  }
  if (cellsWords(state) !== '') parts.push(`shown are ${cellsWords(state)}`);
  if (cell) {
    parts.push(`cell ${run.grid.storedCell(cell).join(', ')}`,
      ...cellFacts(state).map(({ name, text }) => `${name} ${text}`));
  }
  return `${parts.join('; ')}.`;
}

/** @param {Scene} scene @param {Viewer} viewer @param {HTMLElement} element */
function follow(scene, viewer, element) {
  const { state } = viewer;
  const colours = () => scene.setColours(themeColours(element));
  element.addEventListener('themechange', colours);
  colours();
  const box = /** @type {HTMLElement} */ (element.querySelector('.canvas-box'));
  const legend = /** @type {HTMLElement} */ (element.querySelector('.legend'));
  const buttons = /** @type {HTMLElement} */ (element.querySelector('.view-buttons'));
  new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = box;
    if (width === 0 || height === 0) return;
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = buttons;
    // The legend lies beside the reservoir's corner then, and its half is enough for that.
    scene.resize(width, height, legend.offsetWidth / 2, offsetWidth === 0 ? [] : [{
      width: offsetWidth, height: offsetHeight, x: offsetLeft + offsetWidth / 2, y: offsetTop + offsetHeight }]);
  }).observe(box);

  followLook(scene, viewer);
  state.watch(['run', 'look'], ({ look }) => scene.setView(look ?? HOME));
  state.watch(['run', 'shown'], ({ run, shown }) => {
    if (run) scene.setValues(shown?.values.data ?? []);
  });
  state.watch(['wells', 'showWells', 'run'], ({ wells, showWells, run }) =>
    scene.setWells(run && showWells ? wells.map((well) => wellMark(well, run.grid)) : []));
}

/**
 * What the pictures of a run and of what is compared with it have in common: cells, how they are coloured, marks.
 * @param {Scene} scene @param {Viewer} viewer
 * @returns {(() => void)[]}  each ends a part of it
 */
export function followLook(scene, { state }) {
  return [
    state.watch(['run'], ({ run }) => { if (run) scene.setBounds(run.bounds); }),
    state.watch(['exaggeration'], ({ exaggeration }) => scene.setExaggeration(exaggeration)),
    state.watch(['faces'], ({ faces }) =>
      scene.setFaces(faces ?? { positions: new Float32Array(), codes: new Uint32Array(), count: 0 })),
    state.watch(['range', 'log', 'map', 'levels', 'categories', 'shown'], (now) =>
      scene.setColouring(colouringOf(now, colourMap))),
    state.watch(['cell', 'run'], ({ cell, run }) =>
      scene.setSelection(run && cell ? run.grid.indexOf(cell) : -1, run && cell ? run.grid.edgesOf(cell) : null)),
    state.watch(['ask', 'run'], ({ ask, run }) => scene.setPins(!run ? [] : ask.pins.map((cell, n) =>
      ({ box: run.grid.edgesOf(cell), colour: pinColour(n) })))),
    followFence(scene, state),
    state.watch(['showEdges'], ({ showEdges }) => scene.setEdges(showEdges)),
    state.watch(['flat'], ({ flat }) => scene.setFlat(flat)),
    state.watch(['metric'], ({ metric }) => scene.setMetric(metric)),
    state.watch(['run', 'sliceAxis', 'sliceAt', 'showPlane', 'slicing'], ({ run, sliceAxis: axis, sliceAt, ...now }) =>
      scene.setPlane(run && (now.showPlane || now.slicing) ? planeLines(run.grid, axis, sliceAt[axis]) : null)),
  ];
}

/** @param {HTMLElement} element @returns {import('../scene/renderer.js').SceneColours} */
export function themeColours(element) {
  const css = getComputedStyle(element);
  const rgb = /** @param {string} name @returns {[number, number, number]} */ (name) => {
    const hex = css.getPropertyValue(name).trim().slice(1);
    const part = /** @param {number} at */ (at) => parseInt(hex.slice(at, at + 2), 16);
    return [part(0), part(2), part(4)];
  };
  return { background: rgb('--stage'), line: rgb('--frame'), mark: rgb('--box') };
}

/**
 * A click selects; a resting mouse tells.
 * @param {Scene} scene
 * @param {HTMLElement} box
 * @param {Viewer} viewer
 * @param {HTMLElement} tip
 * @param {(values: import('../model/run.js').Values) => import('../model/run.js').Values} [side]  which of
 *   what is compared is told there
 */
export function pointing(scene, box, viewer, tip, side = (values) => values) {
  let down = { x: 0, y: 0 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let resting;
  const at = /** @param {PointerEvent} event */ (event) => {
    const { left, top } = box.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const hide = () => {
    clearTimeout(resting);
    if (!tip.hidden) { tip.hidden = true; scene.setHovered(-1); }
  };
  box.addEventListener('pointerdown', (event) => { down = at(event); hide(); });
  box.addEventListener('pointerup', (event) => {
    const { x, y } = at(event);
    const { run, faces } = viewer.state.now;
    if (!run || !faces || event.button !== 0 || Math.hypot(x - down.x, y - down.y) > SLACK) return;
    const index = scene.pick(x, y);
    pickCell(viewer, index < 0 ? null : run.grid.cellOf(index), event);
    // A finger does not hover: the value is told where it tapped.
    if (event.pointerType !== 'mouse') showTip(scene, viewer, tip, { x, y, side });
  });
  box.addEventListener('pointermove', (event) => {
    hide();
    if (event.pointerType !== 'mouse' || event.buttons !== 0) return;
    const { x, y } = at(event);
    resting = setTimeout(() => showTip(scene, viewer, tip, { x, y, side }), 120);
  });
  box.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') hide(); });
  viewer.state.watch(['shown', 'run', 'faces', 'look'], hide); // it was the value of another picture
}

/**
 * @param {Scene} scene
 * @param {Viewer} viewer
 * @param {HTMLElement} tip
 * @param {{ x: number, y: number,
 *   side: (values: import('../model/run.js').Values) => import('../model/run.js').Values }} at
 */
function showTip(scene, viewer, tip, { x, y, side }) {
  const { faces, playing, run, shown, metric } = viewer.state.now;
  if (!faces || playing) return;
  const index = scene.pick(x, y);
  scene.setHovered(index);
  const told = shown && { ...shown, values: side(shown.values) };
  fillTip(tip, { run, shown: told, metric }, index, { x, y }, /** @type {HTMLElement} */ (tip.parentElement));
}

/** @param {Viewer} viewer */
function viewButtons(viewer) {
  const named = /** @param {keyof typeof VIEWS} name @param {string} label @param {string} text */
    (name, label, text) => h('button', {
      type: 'button', title: label,
      onclick: () => viewer.look(VIEWS[name]),
    }, text);
  return h('div', { class: 'view-buttons', role: 'group', 'aria-label': 'Look from' },
    iconButton('home', 'Whole reservoir', () => viewer.look(null)),
    named('top', 'From above', 'Top'), named('south', 'From the south', 'South'),
    named('west', 'From the west', 'West'));
}

/** @param {Viewer} viewer */
function troubleView(viewer) {
  const text = h('span', {});
  const element = h('div', { class: 'trouble', role: 'alert' }, text,
    iconButton('close', 'Close this message', () => viewer.set({ trouble: '' })));
  viewer.state.watch(['trouble'], ({ trouble }) => {
    text.textContent = trouble;
    element.hidden = trouble === '';
  });
  return element;
}
