// SPDX-License-Identifier: MIT
// The picture of what is compared, beside the first one or over a part of it: the same cells from the same
// side in the same colours.

import { h } from '../base/dom.js';
import { joined } from '../model/failures.js';
import { wellMark } from '../model/wells.js';
import { createScene, HOME } from '../scene/renderer.js';
import { followLook, pointing, themeColours } from '../views/stage.js';
import { sidesText } from './compare-bar.js';
import { swipeHandle } from './swipe-handle.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/run.js').Values} Values */
/** @typedef {import('../scene/renderer.js').Scene} Scene */

/** The other side of what is shown. @param {Readonly<import('../model/state.js').ViewerState>} state */
export function otherSide({ lens, shown }) {
  const pair = shown?.values.pair;
  return pair && lens ? (lens.sides.forward ? pair.second : pair.first) : null;
}

/**
 * @param {Viewer} viewer
 * @param {{ element: HTMLElement, scene: Scene | null }} stage  `scene`: of the first picture
 * @returns {{ scene: Scene, dispose: () => void }}
 */
export function secondScene(viewer, { element: stage, scene: first }) {
  const box = h('div', { class: 'canvas-box second', tabindex: -1, 'aria-label': 'Picture of what is compared' });
  const tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  const handle = swipeHandle(viewer, stage);
  stage.querySelector('.canvas-box')?.after(box, handle.element);
  const scene = createScene(box, {
    onView: (view) => viewer.look(view),
    takesWheel: () => true,
    onTrouble: (message) => viewer.set({ trouble: message ?? '' }),
  });
  const labels = ['left', 'right'].map((where) => h('div', { class: `side-label on-${where}` }));
  stage.querySelector('.canvas-box')?.append(labels[0]);
  box.append(labels[1], tip);
  pointing(scene, box, viewer, tip, (values) => otherSide(viewer.state.now) ?? values);
  const legend = /** @type {HTMLElement} */ (stage.querySelector('.legend'));
  const size = new ResizeObserver(() => {
    if (box.clientWidth === 0 || box.clientHeight === 0) return;
    // In both as much is left free: only so do they see the whole from as far. Side by side there is none to spare.
    const room = stage.classList.contains('beside') ? 0 : legend.offsetWidth / 2;
    for (const picture of [first, scene]) picture?.resize(box.clientWidth, box.clientHeight, room);
    // Both have another room now: what was seen as a whole is to be seen so again.
    if (viewer.state.now.view === null) for (const picture of [first, scene]) picture?.setView(HOME);
  });
  size.observe(box);
  const colours = () => scene.setColours(themeColours(stage));
  stage.addEventListener('themechange', colours);
  colours();
  const stops = [...follow(scene, viewer), handle.stop,
    viewer.state.watch(['lens', 'shown', 'start'], (state) => {
      const { first, second, gap } = sidesText(state);
      const right = `B ${second}${gap && ` · ${gap}`}`;
      const texts = state.lens?.sides.forward === false ? [`B ${second}`, `A ${first}`] : [`A ${first}`, right];
      labels.forEach((label, n) => { label.textContent = texts[n]; });
    }),
    viewer.state.watch(['lens'], ({ lens }) => {
      stage.classList.toggle('beside', lens?.how === 'beside');
      stage.classList.toggle('swipe', lens?.how === 'swipe');
    })];
  return {
    scene,
    dispose() {
      for (const stop of stops) stop();
      size.disconnect();
      stage.removeEventListener('themechange', colours);
      stage.classList.remove('beside', 'swipe');
      scene.dispose();
      for (const part of [box, handle.element, labels[0]]) part.remove();
    },
  };
}

/** @param {Scene} scene @param {Viewer} viewer @returns {(() => void)[]} */
function follow(scene, viewer) {
  const { state } = viewer;
  return [
    ...followLook(scene, viewer),
    state.watch(['view'], ({ view }) => scene.setView(view ?? HOME)),
    state.watch(['shown', 'lens'], (now) => {
      if (now.run) scene.setValues(otherSide(now)?.data ?? []);
    }),
    followWells(scene, viewer),
  ];
}

/** The wells of the other side, as they were at its state. @param {Scene} scene @param {Viewer} viewer */
function followWells(scene, viewer) {
  /** Of which they are. @type {unknown[]} */ let of = [];
  /** Those that were told of as not drawn. */ let told = '';
  const tell = (/** @type {string} */ text) => viewer.set({ trouble: joined(viewer.state.now.trouble, text) });
  return viewer.state.watch(['shown', 'showWells', 'lens'], ({ shown, showWells, lens }) => {
    const { match } = shown?.values.pair ?? {};
    const other = lens?.sides.other;
    const wanted = showWells && other && match ? [other, match.step] : [];
    if (wanted.length === of.length && wanted.every((part, n) => part === of[n])) return;
    of = wanted;
    if (!other || !match || wanted.length === 0) {
      scene.setWells([]);
      return;
    }
    other.wells(match.step).then(({ wells, lost }) => {
      if (of !== wanted) return;
      scene.setWells(wells.map((well) => wellMark(well, other.grid)));
      // Of the run's own wells it is told already.
      if (other === viewer.state.now.run || lost.length === 0 || lost.join() === told) return;
      told = lost.join();
      tell(`Not drawn in ${other.name}: ${lost.join(', ')}, which ${lost.length === 1 ? 'has' : 'have'} no perforated `
        + 'cell in this grid');
    }, (error) => {
      if (of !== wanted) return;
      scene.setWells([]); // not those of another step
      tell(`The wells of ${other.name} cannot be read: ${error.message}`);
    });
  });
}
