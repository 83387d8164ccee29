// SPDX-License-Identifier: MIT
// The same curves as a drawing of lines: SVG, for reports.

import { tickLabels, ticks } from '../plot/scale.js';
import { unitsOf, xOf } from './result-chart.js';

/** @typedef {import('./result-chart.js').Drawn} Drawn */

const WIDTH = 960;
const HEIGHT = 480;
const MARGIN = { left: 78, right: 78, top: 46, bottom: 46 };
const LINE = 18; // of the legend

/** @typedef {{ at: (value: number) => number, ticks: { value: number, text: string }[] }} Scale */

/**
 * @param {Drawn} drawn
 * @param {string} title
 * @returns {string}  an SVG document on white
 */
export function svgChart(drawn, title) {
  const curves = pointsOf(drawn);
  const all = curves.flatMap(({ points }) => points);
  const inner = { left: MARGIN.left, right: WIDTH - MARGIN.right, top: MARGIN.top, bottom: HEIGHT - MARGIN.bottom };
  const xs = all.map(([x]) => x);
  const x = scaleOf(Math.min(...xs), Math.max(...xs), inner.left, inner.right, false, drawn.axis === 'dates');
  const units = unitsOf(drawn).slice(0, 2);
  const ys = new Map(units.map((unit) => {
    const values = curves.filter((curve) => curve.unit === unit).flatMap(({ points }) => points.map(([, y]) => y));
    const lo = Math.min(...values), hi = Math.max(...values);
    const free = drawn.log || drawn.fromZero === false;
    return [unit, scaleOf(free ? lo : Math.min(0, lo), hi === lo ? hi + 1 : hi, inner.bottom, inner.top,
      drawn.log, false)];
  }));
  const height = HEIGHT + curves.length * LINE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" `
      + 'font-family="system-ui, sans-serif" font-size="12">',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="24" font-size="15" font-weight="600">${escape(title)}</text>`,
    ...x.ticks.map(({ value, text }) => `<path d="M${f(x.at(value))} ${inner.top}V${inner.bottom}" stroke="#e1e6ec"/>`
      + `<text x="${f(x.at(value))}" y="${inner.bottom + 18}" text-anchor="middle">${escape(text)}</text>`),
    `<text x="${(inner.left + inner.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">`
      + `${{ days: 'days', steps: 'step', dates: 'date' }[drawn.axis]}</text>`,
    ...units.flatMap((unit, n) => axis(unit, /** @type {Scale} */ (ys.get(unit)), n, inner)),
    ...curves.map(({ points, unit, style }) => path(points, x, /** @type {Scale} */ (ys.get(unit)), style)),
    ...curves.map(({ title: text, unit, style }, n) => legend(`${text} (${unit})`, style, HEIGHT + n * LINE)),
    '</svg>',
  ].join('\n');
}

/** Curves of the two units that have an axis, without what cannot be drawn. @param {Drawn} drawn */
function pointsOf(drawn) {
  const usable = (/** @type {number} */ value) => Number.isFinite(value) && (!drawn.log || value > 0);
  const units = unitsOf(drawn).slice(0, 2);
  const curves = drawn.curves.map(({ title, unit, days, steps, values }, n) => ({
    title, unit, style: drawn.styles[n],
    points: Array.from(values, (value, row) => /** @type {[number, number]} */ ([
      xOf(drawn, days[row], steps[row]), value])).filter(([, value]) => usable(value)),
  }));
  for (const { title, unit, points, stroke } of drawn.axis === 'steps' ? [] : drawn.extra) {
    curves.push({ title, unit, style: { stroke, width: 1.5, dash: [5, 4] },
      points: points.map(([day, value]) => /** @type {[number, number]} */ ([xOf(drawn, day, NaN), value]))
        .filter(([, value]) => usable(value)) });
  }
  return curves.filter(({ unit, points }) => units.includes(unit) && points.length > 0);
}

/**
 * @param {number} lo @param {number} hi @param {number} from @param {number} to  pixels
 * @param {boolean} log @param {boolean} dates
 * @returns {Scale}
 */
function scaleOf(lo, hi, from, to, log, dates) {
  const of = (/** @type {number} */ value) => (log ? Math.log(value) : value);
  const span = of(hi) - of(lo) || 1;
  const values = ticks(lo, hi, { count: 6, log });
  const texts = dates ? values.map((value) => new Date(value * 1000).toISOString().slice(0, 10)) : tickLabels(values);
  return {
    at: (value) => from + (of(value) - of(lo)) / span * (to - from),
    ticks: values.map((value, n) => ({ value, text: texts[n] })),
  };
}

/** @param {string} unit @param {Scale} y @param {number} n  0 left, 1 right @param {Record<string, number>} inner */
function axis(unit, y, n, inner) {
  const x = n === 0 ? inner.left - 8 : inner.right + 8;
  const anchor = n === 0 ? 'end' : 'start';
  const lines = y.ticks.map(({ value, text }) => (n === 0
    ? `<path d="M${inner.left} ${f(y.at(value))}H${inner.right}" stroke="#e1e6ec"/>` : '')
    + `<text x="${x}" y="${f(y.at(value) + 4)}" text-anchor="${anchor}">${escape(text)}</text>`);
  return [...lines, `<text x="${x}" y="${inner.top - 8}" text-anchor="${anchor}">${escape(unit)}</text>`];
}

/**
 * @param {[number, number][]} points
 * @param {Scale} x
 * @param {Scale} y
 * @param {import('./curve-styles.js').CurveStyle} style
 */
function path(points, x, y, { stroke, width, dash }) {
  const steps = points.map(([px, py], n) => `${n === 0 ? 'M' : 'L'}${f(x.at(px))} ${f(y.at(py))}`).join('');
  return `<path d="${steps}" fill="none" stroke="${stroke}" stroke-width="${width}"${dash.length > 0
    ? ` stroke-dasharray="${dash.join(' ')}"` : ''}/>`;
}

/** @param {string} text @param {import('./curve-styles.js').CurveStyle} style @param {number} y */
function legend(text, { stroke, width, dash }, y) {
  return `<path d="M${MARGIN.left} ${y}h28" stroke="${stroke}" stroke-width="${width}"${dash.length > 0
    ? ` stroke-dasharray="${dash.join(' ')}"` : ''}/><text x="${MARGIN.left + 36}" y="${y + 4}">${escape(text)}</text>`;
}

/** @param {number} value */
function f(value) {
  return Number(value.toFixed(2));
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"]/g, (c) => /** @type {Record<string, string>} */ (
    { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
}
