// SPDX-License-Identifier: MIT
// Curves out of the page: CSV, PNG, SVG.

import { h } from '../base/dom.js';
import { svgChart } from '../charts/svg-chart.js';

/** @typedef {import('../charts/result-chart.js').Drawn} Drawn */
/** @typedef {import('./results.js').Curve} Curve */

/**
 * @param {import('../model/viewer.js').Viewer} viewer
 * @param {import('./results.js').Results} results
 * @param {() => Drawn} drawn
 * @param {() => HTMLCanvasElement | null} canvas
 */
export function exportMenu(viewer, results, drawn, canvas) {
  const name = () => viewer.state.now.run?.name ?? 'run';
  const save = {
    csv: () => download(`${name()}.csv`, new Blob([csvOf(drawn().curves)], { type: 'text/csv' })),
    svg: () => download(`${name()}.svg`, new Blob([svgChart(drawn(), name())], { type: 'image/svg+xml' })),
    png: () => {
      const plot = canvas();
      if (plot) withLegend(plot, drawn(), name()).toBlob((blob) => blob && download(`${name()}.png`, blob));
    },
  };
  const buttons = Object.entries(save).map(([ending, run]) => h('button', { type: 'button', class: 'small',
    title: `Save the curves as ${ending.toUpperCase()}`, onclick: run }, ending.toUpperCase()));
  results.state.watch(['curves'], ({ curves }) => {
    for (const button of buttons) button.disabled = curves.length === 0;
  });
  return h('span', { class: 'exports', role: 'group', 'aria-label': 'Save the curves' }, ...buttons);
}

/**
 * A column a curve; runs with other steps than the first's have rows of their own below.
 * @param {readonly Curve[]} curves
 */
export function csvOf(curves) {
  const quote = (/** @type {string} */ text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const runs = [...new Set(curves.map(({ run }) => run))];
  return runs.map((run) => {
    const own = curves.filter((curve) => curve.run === run);
    const [{ steps, days }] = own;
    const head = ['step', 'days', ...own.map(({ name, unit }) => quote(unit === '' ? name : `${name} (${unit})`))];
    const rows = Array.from(days, (day, n) => [steps[n], day, ...own.map(({ values }) =>
      (Number.isNaN(values[n]) ? '' : values[n]))].join(','));
    return [head.join(','), ...rows].join('\r\n');
  }).join('\r\n\r\n') + '\r\n';
}

/** @param {HTMLCanvasElement} plot @param {Drawn} drawn @param {string} title */
function withLegend(plot, { curves, styles }, title) {
  const scale = devicePixelRatio, line = 20 * scale, head = 34 * scale;
  const picture = document.createElement('canvas');
  picture.width = plot.width;
  picture.height = plot.height + head + line * curves.length + 10 * scale;
  const ctx = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d'));
  const css = getComputedStyle(/** @type {Element} */ (plot.closest('.results')));
  ctx.fillStyle = css.getPropertyValue('--surface');
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.fillStyle = css.getPropertyValue('--text');
  ctx.textBaseline = 'middle';
  ctx.font = `600 ${15 * scale}px system-ui, sans-serif`;
  ctx.fillText(title, 14 * scale, head / 2);
  ctx.drawImage(plot, 0, head);
  ctx.font = `${12 * scale}px system-ui, sans-serif`;
  curves.forEach(({ title: text, unit }, n) => {
    const y = head + plot.height + line * (n + 0.5);
    ctx.strokeStyle = styles[n].stroke;
    ctx.lineWidth = 2 * scale;
    ctx.setLineDash(styles[n].dash.map((length) => length * scale));
    ctx.beginPath();
    ctx.moveTo(14 * scale, y);
    ctx.lineTo(42 * scale, y);
    ctx.stroke();
    ctx.fillText(unit === '' ? text : `${text} (${unit})`, 52 * scale, y);
  });
  return picture;
}

/** @param {string} name @param {Blob} blob */
function download(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = h('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
