// SPDX-License-Identifier: MIT
// The picture as a file: the canvas with its labels, legend, title and time drawn on it.

import { ABOVE, BELOW, cssColour } from '../plot/colormaps.js';
import { cellsWords } from '../cells/ask.js';
import { timeText } from './time-bar.js';
import { drawRamp, legendContent, TRIANGLE } from './legend.js';
import { drawTriangle, triangleHeight } from '../cells/triangle.js';
import { h } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/**
 * @param {Viewer} viewer
 * @param {import('../scene/renderer.js').Scene | null} scene  null: the slice is the picture
 * @param {HTMLElement} stage
 */
export async function savePicture(viewer, scene, stage) {
  const blob = await pictureBlob(viewer, { scene, element: stage }, 'image/png');
  if (!blob) return;
  const { run, step, property } = viewer.state.now;
  const name = `${run?.name ?? 'run'}-${property?.id.split('.').at(-1) ?? ''}-${step}.png`;
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: name.replace(/[^\p{L}\p{N}._-]+/gu, '_') }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * @param {Viewer} viewer
 * @param {{ scene: import('../scene/renderer.js').Scene | null, element: HTMLElement }} stage
 * @param {string} type
 * @param {number} [quality]
 * @returns {Promise<Blob | null>}  null: this browser makes no such picture
 */
export function pictureBlob(viewer, { scene, element }, type, quality) {
  const canvas = composePicture(viewer, scene, element);
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(blob?.type === type ? blob : null), type, quality);
  });
}

/**
 * @param {Viewer} viewer
 * @param {import('../scene/renderer.js').Scene | null} scene
 * @param {HTMLElement} stage
 * @returns {HTMLCanvasElement}
 */
function composePicture(viewer, scene, stage) {
  const shot = scene?.snapshot();
  const source = shot?.canvas
    ?? /** @type {HTMLCanvasElement} */ (stage.querySelector('canvas.slice'));
  const picture = h('canvas', { width: source.width, height: source.height });
  const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d'));
  const css = getComputedStyle(stage);
  const ink = css.getPropertyValue('--text').trim();
  context.fillStyle = css.getPropertyValue('--stage').trim();
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(source, 0, 0);
  const ratio = source.width / Math.max(1, source.clientWidth);
  context.scale(ratio, ratio);
  context.textBaseline = 'middle';
  for (const { text, kind, x, y, colour } of shot?.labels ?? []) {
    context.font = `${kind === 'well' ? '600 13' : '12'}px ${FONT}`;
    context.textAlign = kind === 'tick' ? 'right' : 'center';
    context.fillStyle = kind === 'well' && colour ? cssColour(colour) : ink;
    context.fillText(text, kind === 'tick' ? x - 6 : x, kind === 'well' ? y - 10 : y);
  }
  drawCaption(context, viewer, ink);
  drawLegend(context, viewer, css, source.clientWidth, source.clientHeight);
  return picture;
}

/**
 * A text in lines of at most a width.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 */
function linesOf(context, text, width) {
  /** @type {string[]} */ const lines = [];
  for (const word of text === '' ? [] : text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** @param {CanvasRenderingContext2D} context @param {Viewer} viewer @param {string} ink */
function drawCaption(context, viewer, ink) {
  const { run } = viewer.state.now;
  context.textAlign = 'left';
  context.fillStyle = ink;
  context.font = `600 15px ${FONT}`;
  context.fillText(run?.name ?? '', 16, 22);
  context.font = `13px ${FONT}`;
  context.fillText(timeText(viewer.state.now), 16, 43);
  const width = context.canvas.width / context.getTransform().a - 32;
  linesOf(context, cellsWords(viewer.state.now), width)
    .forEach((line, n) => context.fillText(line, 16, 62 + 18 * n, width));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Viewer} viewer
 * @param {CSSStyleDeclaration} css  of the stage
 * @param {number} width
 * @param {number} height
 */
function drawLegend(context, viewer, css, width, height) {
  const content = legendContent(viewer.state.now);
  if (!content) return;
  const ink = css.getPropertyValue('--text').trim();
  const bar = content.table ? Math.min(200, height / 2) : content.triangle ? triangleHeight(TRIANGLE) : 0;
  const below = 20 * content.swatches.length + (content.note ? 22 : 0);
  context.font = `600 13px ${FONT}`;
  const room = Math.max(120, context.measureText(content.title).width, context.measureText(content.note).width) + 24;
  const left = width - room;
  const top = height - bar - below - 32;
  // Nothing of the reservoir is behind the words.
  context.fillStyle = css.getPropertyValue('--surface').trim();
  context.fillRect(left - 12, top - 34, room + 4, height - top + 26);
  context.fillStyle = ink;
  context.textAlign = 'left';
  context.fillText(content.title, left, top - 20);
  context.font = `12px ${FONT}`;
  if (content.table) {
    const ramp = h('canvas', { width: 1, height: 256 });
    drawRamp(ramp, content.table);
    context.drawImage(ramp, left, top, 16, bar);
    if (content.above) drawBeyond(context, cssColour(ABOVE), left, top - 1, -8);
    if (content.below) drawBeyond(context, cssColour(BELOW), left, top + bar + 1, 8);
    context.fillStyle = ink;
    for (const { at, text } of content.ticks) context.fillText(text, left + 24, top + bar * (1 - at));
  }
  if (content.triangle) drawTriangle(context, left, top, TRIANGLE, ink);
  content.swatches.forEach(({ colour, text }, n) => {
    const y = top + bar + 22 + 20 * n;
    context.fillStyle = colour;
    context.fillRect(left, y - 7, 16, 14);
    context.fillStyle = ink;
    context.fillText(text, left + 24, y);
  });
  context.fillStyle = css.getPropertyValue('--muted').trim();
  context.fillText(content.note, left, top + bar + 22 + 20 * content.swatches.length);
}

/**
 * The mark of values outside the range: a triangle that points out of it.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} x
 * @param {number} y
 * @param {number} size  down; up where it is negative
 */
function drawBeyond(context, colour, x, y, size) {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 16, y);
  context.lineTo(x + 8, y + size);
  context.fill();
}
