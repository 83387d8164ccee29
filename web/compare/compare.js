// SPDX-License-Identifier: MIT
// All that compares, put together: what is opened, the bar, the dialog, the second picture.

import { addStyle } from '../base/dom.js';
import { compareBar } from './compare-bar.js';
import { compareDialog } from './compare-dialog.js';
import { Comparison } from './comparison.js';
import { secondScene } from './second-scene.js';
/// <reference path="../css.d.ts" />
import style from '../styles/compare.css';

/**
 * @param {import('../model/viewer.js').Viewer} viewer
 * @param {{ stage: { element: HTMLElement, scene: import('../scene/renderer.js').Scene | null },
 *   element: HTMLElement, alone: boolean }} places  `element`: of the bar
 * @returns {{ choose: () => void, other: () => import('../scene/renderer.js').Scene | null }}
 */
export function startComparing(viewer, { stage, element, alone }) {
  addStyle(stage.element, style);
  const dialog = compareDialog(viewer, alone);
  element.append(compareBar(viewer, () => dialog.showModal()), dialog);
  new Comparison(viewer);
  /** @type {ReturnType<typeof secondScene> | null} */ let second = null;
  viewer.state.watch(['lens'], ({ lens, webgl }) => {
    const wanted = webgl && (lens?.how === 'beside' || lens?.how === 'swipe');
    if (wanted && !second) second = secondScene(viewer, stage);
    if (wanted || !second) return;
    second.dispose();
    second = null;
  });
  return { choose: () => dialog.showModal(), other: () => second?.scene ?? null };
}
