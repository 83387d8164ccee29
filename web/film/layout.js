// SPDX-License-Identifier: MIT
// A picture as it goes out: the reservoir, and beside it what it shows. Nothing lies over the cells but the names
// of wells and the axes; a picture may be of any size, and of more pixels than the screen has.

import { ABOVE, BELOW, cssColour } from '../plot/colormaps.js';
import { cellsWords } from '../cells/ask.js';
import { drawTriangle, triangleHeight } from '../cells/triangle.js';
import { sidesText } from '../compare/compare-bar.js';
import { h } from '../base/dom.js';
import { HOME } from '../scene/renderer.js';
import { drawRamp, legendContent, TRIANGLE } from '../views/legend.js';
import { timeText } from '../views/time-bar.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../scene/renderer.js').Scene} Scene */
/** @typedef {{ element: HTMLElement, scene: Scene | null, other: () => Scene | null }} Stage */
/** @typedef {{ x: number, y: number, width: number, height: number }} Area */
/**
 * CSS pixels, and how many of the picture's each has.
 * @typedef {{ width: number, height: number, ratio: number }} Size
 */

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
/** Above the reservoir: the run's name, when it is, and which cells are shown where it is not all. */
const CAPTION = 60;
const MARGIN = 16;
const LEAST_LEGEND = 140;
/** The legend takes at most this part of the width. */
const MOST_LEGEND = 0.32;
const LINE = 17;

/**
 * The size in which the reservoir is as large as it is on the screen.
 * @param {Viewer} viewer @param {Stage} stage @returns {Size}
 */
export function screenSize(viewer, { element, scene }) {
  const box = element.querySelector(scene ? '.canvas-box' : 'canvas.slice');
  const both = viewer.state.now.lens?.how === 'beside' ? 2 : 1;
  const width = both * Math.max(320, box?.clientWidth ?? 0);
  const whole = width + LEAST_LEGEND + 60;
  const context = /** @type {CanvasRenderingContext2D} */ (h('canvas', { width: 1, height: 1 }).getContext('2d'));
  return { width: whole, ratio: Math.min(2, devicePixelRatio),
    height: Math.max(240, box?.clientHeight ?? 0) + captionHeight(cellsLines(context, viewer, whole)) };
}

/**
 * With letters as large as on a screen of 1280 × 720.
 * @param {{ width: number, height: number }} pixels
 * @returns {Size}
 */
export function sizeOfPixels({ width, height }) {
  const ratio = Math.max(1, Math.min(width / 1280, height / 720));
  return { width: width / ratio, height: height / ratio, ratio };
}

/**
 * @param {Viewer} viewer
 * @param {Stage} stage
 * @param {Size} size
 * @returns {HTMLCanvasElement}
 */
export function composeFrame(viewer, stage, { width, height, ratio }) {
  const canvas = h('canvas', { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  const css = getComputedStyle(stage.element);
  const colour = (/** @type {string} */ name) => css.getPropertyValue(name).trim();
  const colours = { ink: colour('--text'), muted: colour('--muted') };
  context.scale(ratio, ratio);
  context.textBaseline = 'middle';
  context.fillStyle = colour('--surface');
  context.fillRect(0, 0, width, height);
  const legend = legendWidth(context, viewer, width);
  const caption = captionHeight(cellsLines(context, viewer, width));
  const area = { x: 0, y: caption, width: width - legend, height: height - caption };
  context.fillStyle = colour('--stage');
  context.fillRect(area.x, area.y, area.width, area.height);
  drawReservoir(context, viewer, stage, area, ratio, colours.ink);
  drawCaption(context, viewer, width, colours);
  drawLegend(context, viewer, { x: area.width + MARGIN, y: caption + MARGIN, width: legend - 2 * MARGIN,
    height: area.height - 2 * MARGIN }, colours);
  return canvas;
}

/**
 * @param {CanvasRenderingContext2D} context @param {Viewer} viewer @param {Stage} stage @param {Area} area
 * @param {number} ratio @param {string} ink
 */
function drawReservoir(context, viewer, stage, area, ratio, ink) {
  const { lens, compare, view } = viewer.state.now;
  if (!stage.scene) {
    drawFlat(context, /** @type {HTMLCanvasElement} */ (stage.element.querySelector('canvas.slice')), area);
    return;
  }
  const paint = (/** @type {Scene} */ scene, /** @type {Area} */ { x, y, width, height }) => {
    const { canvas, labels } = scene.snapshot({ width, height, ratio, view: view ?? HOME });
    context.drawImage(canvas, x, y, width, height);
    for (const label of labels) drawLabel(context, label, x, y, ink);
  };
  const second = lens && lens.how !== 'difference' ? stage.other() : null;
  if (!second) {
    paint(stage.scene, area);
    return;
  }
  const { first: a, second: b, gap } = sidesText(viewer.state.now);
  const texts = lens?.sides.forward === false ? [`B ${b}`, `A ${a}`] : [`A ${a}`, `B ${b}${gap && ` · ${gap}`}`];
  const at = lens?.how === 'beside' ? 0.5 : compare?.at ?? 0.5;
  const parts = [{ ...area, width: area.width * at }, { ...area, x: area.width * at, width: area.width * (1 - at) }];
  [stage.scene, second].forEach((scene, n) => {
    context.save();
    context.beginPath();
    context.rect(parts[n].x, parts[n].y, parts[n].width, parts[n].height);
    context.clip();
    paint(scene, lens?.how === 'beside' ? parts[n] : area);
    context.font = `12px ${FONT}`;
    context.fillStyle = ink;
    context.textAlign = n === 0 ? 'left' : 'right';
    context.fillText(texts[n], n === 0 ? 12 : area.width - 12, area.y + 16, parts[n].width - 24);
    context.restore();
  });
  context.fillStyle = ink;
  context.fillRect(parts[1].x - 0.5, area.y, 1, area.height);
}

/** The slice, where that is the picture. */
function drawFlat(/** @type {CanvasRenderingContext2D} */ context, /** @type {HTMLCanvasElement | null} */ canvas,
  /** @type {Area} */ { x, y, width, height }) {
  if (!canvas || canvas.width === 0 || canvas.height === 0) return;
  const scale = Math.min(width / canvas.width, height / canvas.height);
  const [w, high] = [canvas.width * scale, canvas.height * scale];
  context.drawImage(canvas, x + (width - w) / 2, y + (height - high) / 2, w, high);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import('../scene/labels.js').PlacedLabel} label
 * @param {number} left @param {number} top @param {string} ink
 */
function drawLabel(context, { text, kind, x, y, colour }, left, top, ink) {
  context.font = `${kind === 'well' ? '600 13' : '12'}px ${FONT}`;
  context.textAlign = kind === 'tick' ? 'right' : 'center';
  context.fillStyle = kind === 'well' && colour ? cssColour(colour) : ink;
  context.fillText(text, left + (kind === 'tick' ? x - 6 : x), top + (kind === 'well' ? y - 10 : y));
}

/** Which cells are shown, where it is not all. */
function cellsLines(/** @type {CanvasRenderingContext2D} */ context, /** @type {Viewer} */ viewer,
  /** @type {number} */ width) {
  context.font = `13px ${FONT}`;
  return linesOf(context, cellsWords(viewer.state.now), width - 2 * MARGIN);
}

/** @param {string[]} cells  lines */
function captionHeight(cells) {
  return CAPTION + LINE * cells.length;
}

/** @param {CanvasRenderingContext2D} context @param {Viewer} viewer @param {number} width
 * @param {{ ink: string, muted: string }} colours */
function drawCaption(context, viewer, width, { ink, muted }) {
  const { run, lens, trouble } = viewer.state.now;
  const name = lens?.sides.forward ? `${lens.names.first} and ${lens.names.second}` : run?.name ?? '';
  const gap = lens?.how === 'difference' ? sidesText(viewer.state.now).gap : '';
  context.textAlign = 'left';
  context.fillStyle = ink;
  context.font = `600 16px ${FONT}`;
  context.fillText(name, MARGIN, 20, width - 2 * MARGIN);
  context.font = `13px ${FONT}`;
  context.fillStyle = trouble === '' ? muted : ink;
  const parts = [timeText(viewer.state.now), gap && `B: ${gap}`, trouble];
  context.fillText(parts.filter((part) => part).join(' · '), MARGIN, 43, width - 2 * MARGIN);
  cellsLines(context, viewer, width).forEach((line, n) => context.fillText(line, MARGIN, 62 + LINE * n, width));
}

/** @param {CanvasRenderingContext2D} context @param {Viewer} viewer @param {number} width  of the picture */
export function legendWidth(context, viewer, width) {
  const content = legendContent(viewer.state.now);
  if (!content) return 0;
  context.font = `12px ${FONT}`;
  const texts = [...content.ticks, ...content.swatches].map(({ text }) => context.measureText(text).width + 28);
  return Math.min(Math.max(LEAST_LEGEND, ...texts) + 2 * MARGIN + 28, MOST_LEGEND * width);
}

/** A text in lines no wider than there is room. */
function linesOf(/** @type {CanvasRenderingContext2D} */ context, /** @type {string} */ text,
  /** @type {number} */ width) {
  /** @type {string[]} */ const lines = [];
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * @param {CanvasRenderingContext2D} context  whose texts have their middle at their place
 * @param {Viewer} viewer @param {Area} area
 * @param {{ ink: string, muted: string }} colours
 */
export function drawLegend(context, viewer, { x, y, width, height }, { ink, muted }) {
  const content = legendContent(viewer.state.now);
  if (!content) return;
  context.textAlign = 'left';
  context.fillStyle = ink;
  context.font = `600 13px ${FONT}`;
  const title = linesOf(context, content.title, width);
  title.forEach((line, n) => context.fillText(line, x, y + 8 + LINE * n, width));
  context.font = `12px ${FONT}`;
  let top = y + LINE * title.length + 24;
  if (content.table) {
    const bar = Math.max(40, Math.min(260, height - LINE * (title.length + content.swatches.length + 4) - 60));
    const ramp = h('canvas', { width: 1, height: 256 });
    drawRamp(ramp, content.table);
    context.imageSmoothingEnabled = false; // each colour of the map as it is
    context.drawImage(ramp, x, top, 18, bar);
    context.imageSmoothingEnabled = true;
    if (content.above) drawBeyond(context, cssColour(ABOVE), x, top - 1, -8);
    if (content.below) drawBeyond(context, cssColour(BELOW), x, top + bar + 1, 8);
    context.fillStyle = ink;
    for (const { at, text } of content.ticks) context.fillText(text, x + 26, top + bar * (1 - at), width - 26);
    top += bar + 24;
  }
  if (content.triangle) {
    drawTriangle(context, x, top, TRIANGLE, ink);
    top += triangleHeight(TRIANGLE) + 24;
  }
  for (const { colour, text } of content.swatches) {
    context.fillStyle = colour;
    context.fillRect(x, top - 7, 18, 14);
    context.fillStyle = ink;
    context.fillText(text, x + 26, top, width - 26);
    top += 20;
  }
  context.fillStyle = muted;
  linesOf(context, content.note, width).forEach((line, n) => context.fillText(line, x, top + 2 + LINE * n, width));
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
  context.lineTo(x + 18, y);
  context.lineTo(x + 9, y + size);
  context.fill();
}
