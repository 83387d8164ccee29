// SPDX-License-Identifier: MIT
// The picture of what is compared, beside the first one or over a part of it: the same cells from the same
// side in the same colours.

import { h } from '../base/dom.js';
import { colouringOf } from '../model/state.js';
import { wellMark } from '../model/wells.js';
import { colourMap } from '../plot/colormaps.js';
import { createScene, HOME } from '../scene/renderer.js';
import { pointing, themeColours } from '../views/stage.js';
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
  const handle = swipeHandle(viewer);
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
  const size = new ResizeObserver(() => {
    if (box.clientWidth === 0 || box.clientHeight === 0) return;
    scene.resize(box.clientWidth, box.clientHeight);
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
function follow(scene, { state }) {
  let wellsOf = '';
  return [
    state.watch(['run'], ({ run }) => { if (run) scene.setBounds(run.bounds); }),
    state.watch(['exaggeration'], ({ exaggeration }) => scene.setExaggeration(exaggeration)),
    state.watch(['view'], ({ view }) => scene.setView(view ?? HOME)),
    state.watch(['faces'], ({ faces }) => { if (faces) scene.setFaces(faces); }),
    state.watch(['shown', 'lens'], (now) => {
      if (now.run) scene.setValues(otherSide(now)?.data ?? new Float32Array(now.run.grid.size).fill(NaN));
    }),
    state.watch(['range', 'log', 'map', 'shown'], (now) => scene.setColouring(colouringOf(now, colourMap))),
    state.watch(['cell', 'run'], ({ cell, run }) => scene.setSelection(run && cell ? run.grid.indexOf(cell) : -1,
      run && cell ? run.grid.edgesOf(cell) : null)),
    state.watch(['showEdges'], ({ showEdges }) => scene.setEdges(showEdges)),
    state.watch(['shown', 'showWells', 'lens'], ({ shown, showWells, lens }) => {
      const match = shown?.values.pair?.match;
      const wanted = showWells && lens && match ? `${lens.sides.other.name} ${match.step}` : '';
      if (wanted === wellsOf) return;
      wellsOf = wanted;
      if (!lens || !match || wanted === '') {
        scene.setWells([]);
        return;
      }
      lens.sides.other.wells(match.step).then(({ wells }) => {
        if (wellsOf === wanted) scene.setWells(wells.map((well) => wellMark(well, lens.sides.other.grid)));
      }, () => { /* the first picture tells of wells that cannot be read */ });
    }),
  ];
}
