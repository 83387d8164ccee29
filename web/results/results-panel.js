// SPDX-License-Identifier: MIT
// The Results panel: curves of rates, cumulatives, recovery and pressures, for the field, its wells and
// regions, tied to the step in the picture.

import { PRESETS, QUANTITIES, partsOf, quantityOf } from './quantities.js';
import { ResultChart, xOf } from '../charts/result-chart.js';
import { declineControls } from './decline-controls.js';
import { exportMenu } from './export-results.js';
import { curveIn, unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';
import { h, iconButton } from '../base/dom.js';
import { dateIn, writtenDate } from '../time/dates.js';
import { resultsTable } from './results-table.js';
import { Results } from './results.js';
import { stylesOf } from '../charts/curve-styles.js';
import { subjectTree } from './summary/subject-tree.js';
import { vectorSearch } from './summary/vector-search.js';
import { wellList } from './well-list.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/link.js').ResultsLink} ResultsSettings */
/** @typedef {import('../charts/result-chart.js').Drawn} Drawn */

/** Of days that a store has kept in seconds. */
const DAY_ROUNDING = 1e-9;

/** @param {Viewer} viewer @param {HTMLElement} element  which it fills */
export function fillResults(viewer, element) {
  const results = new Results(viewer);
  const change = (/** @type {Partial<ResultsSettings>} */ patch) =>
    viewer.set({ results: { ...viewer.state.now.results, ...patch } });
  const chartBox = h('div', { class: 'result-plot' });
  const empty = h('p', { class: 'quiet result-empty', role: 'status' });
  const remark = h('p', { class: 'result-remark', role: 'status' });
  const legend = h('ul', { class: 'result-legend', 'aria-label': 'Curves' });
  const progress = h('progress', { 'aria-label': 'Reading the run' });
  const chart = new ResultChart(chartBox, {
    onTime: (x) => viewer.setStep(nearestStep(viewer, drawn(), x)),
    onHandle: (which, x) => moveHandle(viewer, results, drawn(), which, x, change),
  });
  const isDark = () => element.closest('.app')?.classList.contains('dark') ?? false;

  /** @returns {Drawn} */
  const drawn = () => {
    const { results: { axis, log }, start, metric } = viewer.state.now;
    const { curves: own, decline } = results.state.now;
    const curves = own.map((curve) => curveIn(curve, metric));
    const styles = stylesOf(curves, isDark());
    const base = { curves, styles, axis: axis === 'dates' && start === '' ? 'days' : axis, log,
      start: dateIn(start) / 1000 };
    const paper = paperCurves(own, styles, viewer.state.now.paper);
    const extra = decline ? [...paper, ...fitCurves(own, styles, decline)] : paper;
    return { ...base, extra: extra.map((line) => pointsIn(line, metric)) };
  };
  const draw = () => {
    const { curves, status } = results.state.now;
    chart.show(drawn());
    chartBox.hidden = curves.length === 0;
    empty.hidden = curves.length > 0;
    empty.textContent = emptyText(results.state.now, status);
    drawLegend(legend, drawn(), viewer, change);
    mark();
  };
  const mark = () => {
    const now = drawn();
    const { run, step } = viewer.state.now;
    const at = run?.steps[step];
    chart.mark(at ? xOf(now, Number(at.time ?? NaN) / 86400, Number(at.step ?? step)) : NaN,
      handlesOf(viewer, results, now));
    markLegend(legend, now, { step: at?.step ?? null, day: Number(at?.time ?? NaN) / 86400 });
  };
  results.state.watch(['curves', 'decline', 'status'], draw);
  results.state.watch(['status', 'done', 'total', 'remark', 'problem'], (now) => {
    progress.hidden = now.status !== 'reading';
    progress.max = Math.max(1, now.total ?? 1);
    progress.value = now.done;
    remark.textContent = [now.problem, now.remark].filter(Boolean).join(' ');
    remark.hidden = remark.textContent === '';
    remark.classList.toggle('trouble-text', now.problem !== '');
  });
  viewer.state.watch(['step', 'timesRead'], mark);
  viewer.state.watch(['paper', 'start', 'metric'], draw);
  viewer.state.watch(['results', 'phase'], () => { if (!element.hidden) draw(); });
  element.addEventListener('themechange', draw);
  element.append(
    toolbar(viewer, results, change, drawn, () => chart.canvas),
    h('div', { class: 'results-body' },
      h('div', { class: 'results-choice' }, presets(viewer, change),
        vectorSearch(viewer, results, change), subjectTree(viewer, results, change),
        quantityList(viewer, results, change), declineControls(viewer, results, change)),
      h('div', { class: 'results-chart' }, progress, remark, empty, chartBox, legend),
      h('div', { class: 'results-side' }, wellList(viewer, results, change), resultsTable(viewer, results))));
}

/** @param {import('./results.js').ResultsState} state @param {string} status */
function emptyText({ available, problem }, status) {
  if (status === 'failed') return `This run cannot be analysed: ${problem}`;
  if (status === 'reading' && available.length === 0) return 'Reading the run …';
  return 'Nothing is chosen, or this run has none of it. Choose a set above, a well, or a quantity.';
}

/** @param {Viewer} viewer @param {Results} results @param {(patch: any) => void} change
 * @param {() => Drawn} drawn @param {() => HTMLCanvasElement | null} canvas */
function toolbar(viewer, results, change, drawn, canvas) {
  const axis = h('select', { 'aria-label': 'Along the time axis', onchange: () => change({ axis: axis.value }) },
    h('option', { value: 'days' }, 'Days'), h('option', { value: 'steps' }, 'Steps'),
    h('option', { value: 'dates' }, 'Dates'));
  const start = h('input', { type: 'date', 'aria-label': 'Date of day 0', title: 'Date of day 0',
    onchange: () => viewer.set({ start: writtenDate(dateIn(start.value)) }) });
  const log = h('input', { type: 'checkbox', onchange: () => change({ log: log.checked }) });
  viewer.state.watch(['results', 'start'], ({ results: now, start: day }) => {
    axis.value = now.axis;
    start.value = day.slice(0, 10);
    start.hidden = now.axis !== 'dates';
    log.checked = now.log;
  });
  return h('header', { class: 'results-bar' }, h('h2', {}, 'Results'), axis, start,
    h('label', { class: 'check' }, log, 'Logarithmic'), overlays(results),
    exportMenu(viewer, results, drawn, canvas),
    iconButton('close', 'Close the results', () => change({ open: false })));
}

/** Runs laid over, and the way to add one. @param {Results} results */
function overlays(results) {
  const file = h('input', { type: 'file', hidden: true, multiple: true, 'aria-label': 'A run to compare with',
    onchange: () => {
      const files = [...(file.files ?? [])];
      if (files.length > 0) results.add(files.length === 1 ? files[0] : files, files[0].name);
      file.value = '';
    } });
  const list = h('span', { class: 'overlays' });
  results.state.watch(['others'], ({ others }) => {
    list.replaceChildren(...others.map(({ name, busy }, n) => h('span', { class: 'chip' },
      busy ? `${name} …` : name, iconButton('close', `Take ${name} away`, () => results.remove(n)))));
  });
  return h('span', { class: 'overlay-box' }, list, file,
    h('button', { type: 'button', class: 'small', title: 'Lay the curves of another run over these',
      onclick: () => file.click() }, 'Compare with …'));
}

/** @param {Viewer} viewer @param {(patch: any) => void} change */
function presets(viewer, change) {
  const buttons = PRESETS.map(({ title, ids }) => h('button', { type: 'button', class: 'small',
    onclick: () => change({ quantities: [...ids] }) }, title));
  viewer.state.watch(['results'], ({ results: { quantities } }) => buttons.forEach((button, n) =>
    button.setAttribute('aria-pressed', String(PRESETS[n].ids.join() === quantities.join()))));
  return h('div', { class: 'presets', role: 'group', 'aria-label': 'Sets of curves' }, ...buttons);
}

/**
 * What there is of the chosen subjects.
 * @param {Viewer} viewer
 * @param {Results} results
 * @param {(patch: any) => void} change
 */
function quantityList(viewer, results, change) {
  const box = h('div', { class: 'quantities', role: 'group', 'aria-label': 'Quantities' });
  const draw = () => {
    const { subjects, quantities: chosen } = viewer.state.now.results;
    const there = quantitiesOf(results.state.now.available, subjects, chosen);
    const groups = [...new Set(there.map(({ group }) => group))];
    box.replaceChildren(...groups.map((group) => h('fieldset', {}, h('legend', {}, group),
      ...there.filter((quantity) => quantity.group === group).map(({ id, title }) => {
        const input = h('input', { type: 'checkbox', onchange: () => change({
          quantities: input.checked ? withinTwoUnits(results, viewer, id) : chosen.filter((other) => other !== id),
        }) });
        input.checked = chosen.includes(id);
        return h('label', { class: 'check' }, input, title);
      }))));
  };
  results.state.watch(['available'], draw);
  viewer.state.watch(['results'], draw);
  return box;
}

/**
 * @param {readonly string[]} available  names of vectors
 * @param {readonly string[]} subjects
 * @param {readonly string[]} chosen  which are always there
 * @returns {import('./quantities.js').Quantity[]}  those that are offered to everybody first
 */
function quantitiesOf(available, subjects, chosen) {
  const own = new Set(chosen);
  for (const name of available) {
    const { subject, quantity } = partsOf(name);
    if (subjects.includes(subject)) own.add(quantity);
  }
  const usual = QUANTITIES.filter(({ id }) => own.has(id));
  const others = [...own].filter((id) => !usual.some((quantity) => quantity.id === id)).sort();
  return [...usual, ...others.map(quantityOf)];
}

/** A third unit has no axis: what has the unit that was chosen first makes room for it. */
function withinTwoUnits(/** @type {Results} */ results, /** @type {Viewer} */ viewer, /** @type {string} */ id) {
  const { quantities } = viewer.state.now.results;
  const unitOf = new Map(results.state.now.curves.map(({ quantity, unit }) => [quantity, unit]));
  const unit = results.unitOf(id);
  const units = [...new Set(quantities.map((other) => unitOf.get(other)).filter((other) => other !== undefined))];
  const full = units.length >= 2 && unit !== undefined && !units.includes(unit);
  return [...(full ? quantities.filter((other) => unitOf.get(other) !== units[0]) : quantities), id];
}

/** @param {HTMLElement} list @param {Drawn} drawn @param {Viewer} viewer @param {(patch: any) => void} change */
function drawLegend(list, { curves, styles, extra }, viewer, change) {
  const swatch = (/** @type {string} */ stroke, /** @type {number[]} */ dash) => {
    const line = h('i', { class: 'line-swatch', 'aria-hidden': 'true' });
    line.style.borderTop = `2px ${dash.length > 0 ? 'dashed' : 'solid'} ${stroke}`;
    return line;
  };
  list.replaceChildren(...curves.map(({ name, title, unit, quantity }, n) => h('li', { 'data-vector': name },
    swatch(styles[n].stroke, styles[n].dash), h('span', {}, title), h('b', { class: 'now', 'data-unit': unit }),
    iconButton('close', `Take ${title} away`, () => change({
      quantities: viewer.state.now.results.quantities.filter((id) => id !== quantity),
    })))), ...extra.map(({ title, stroke }) => h('li', {}, swatch(stroke, [5]), h('span', {}, title))));
}

/**
 * Values where the picture is: other runs have steps of their own, so theirs are those of the day.
 * @param {HTMLElement} list @param {Drawn} drawn @param {{ step: number | null, day: number }} shown
 */
function markLegend(list, { curves }, { step, day }) {
  const places = [...list.querySelectorAll('.now')];
  if (places.length !== curves.length) return; // other curves have come, and are drawn in a moment
  places.forEach((element, n) => {
    const { run, steps, days, values, unit } = curves[n];
    const value = run === 0 ? values[Array.prototype.lastIndexOf.call(steps, step)] ?? NaN : valueAt(days, values, day);
    element.textContent = Number.isNaN(value) ? '–' : `${formatNumber(value, 5)} ${unit}`;
  });
}

/**
 * On the line between the two that it lies between; NaN outside.
 * @param {ArrayLike<number>} days  ascending @param {ArrayLike<number>} values @param {number} day
 */
function valueAt(days, values, day) {
  const slack = Math.abs(day) * DAY_ROUNDING;
  for (let n = 0; n < days.length; n += 1) {
    if (Math.abs(days[n] - day) <= slack) return values[n];
    if (days[n] > day) {
      if (n === 0) return NaN;
      const part = (day - days[n - 1]) / (days[n] - days[n - 1]);
      return values[n - 1] + part * (values[n] - values[n - 1]);
    }
  }
  return NaN;
}

/** The step whose x is nearest. @param {Viewer} viewer @param {Drawn} drawn @param {number} x */
function nearestStep(viewer, drawn, x) {
  const steps = viewer.state.now.run?.steps ?? [];
  let best = viewer.state.now.step, apart = Infinity;
  steps.forEach(({ time, step }, n) => {
    const distance = Math.abs(xOf(drawn, Number(time ?? NaN) / 86400, Number(step ?? n)) - x);
    if (distance < apart) { best = n; apart = distance; }
  });
  return best;
}

/** @param {Viewer} viewer @param {Results} results @param {Drawn} drawn @returns {[number, number] | null} */
function handlesOf(viewer, results, drawn) {
  const { decline } = viewer.state.now.results;
  const [curve] = results.state.now.curves;
  if (!decline || !curve) return null;
  const x = (/** @type {number | null} */ step, /** @type {number} */ fallback) => {
    const at = step === null ? fallback : Array.prototype.indexOf.call(curve.steps, step);
    return at < 0 ? NaN : xOf(drawn, curve.days[at], curve.steps[at]);
  };
  return [x(decline.from, 0), x(decline.to, curve.steps.length - 1)];
}

/** @param {Viewer} viewer @param {Results} results @param {Drawn} drawn @param {0 | 1} which @param {number} x
 * @param {(patch: any) => void} change */
function moveHandle(viewer, results, drawn, which, x, change) {
  const { decline } = viewer.state.now.results;
  const [curve] = results.state.now.curves;
  if (!decline || !curve) return;
  let best = 0;
  for (let n = 0; n < curve.days.length; n += 1) {
    const apart = (/** @type {number} */ at) => Math.abs(xOf(drawn, curve.days[at], curve.steps[at]) - x);
    if (apart(n) < apart(best)) best = n;
  }
  const step = curve.steps[best];
  const ends = { from: decline.from ?? curve.steps[0], to: decline.to ?? curve.steps[curve.steps.length - 1] };
  const moved = which === 0 ? { from: Math.min(step, ends.to) } : { to: Math.max(step, ends.from) };
  if (Object.entries(moved).some(([name, value]) => decline[/** @type {'from' | 'to'} */ (name)] !== value)) {
    change({ decline: { ...decline, ...moved } });
  }
}

/**
 * A line of points as it is told.
 * @param {Drawn['extra'][number]} line @param {boolean} metric
 */
function pointsIn(line, metric) {
  const { unit, inUnit } = unitsOf(line.unit, metric);
  return { ...line, unit, points: line.points.map(([day, value]) => /** @type {const} */ ([day, inUnit(value)])) };
}

/** Answers on paper beside the curves that they are about. */
function paperCurves(/** @type {readonly import('./results.js').Curve[]} */ curves,
  /** @type {import('../charts/curve-styles.js').CurveStyle[]} */ styles,
  /** @type {import('../model/state.js').ViewerState['paper']} */ paper) {
  return paper.flatMap(({ vector, title, points }) => {
    const at = curves.findIndex(({ name, run }) => name === vector && run === 0);
    return at < 0 ? [] : [{ title, unit: curves[at].unit, points, stroke: styles[at].stroke }];
  });
}

/** The fit and what it says will come, in the unit of the rate's curve.
 * @param {readonly import('./results.js').Curve[]} curves
 * @param {import('../charts/curve-styles.js').CurveStyle[]} styles
 * @param {import('./results.js').Decline} decline */
function fitCurves(curves, styles, decline) {
  const quantity = { oil: 'OPR', gas: 'GPR', water: 'WPR' }[decline.phase] ?? 'OPR';
  const at = curves.findIndex((curve) => curve.name === `F${quantity}`);
  if (at < 0 || decline.error) return [];
  const scale = decline.phase === 'gas' ? 1e-3 : 1; // SCF/d, drawn as Mscf/d
  const points = [...decline.points, ...decline.forecast].map(([day, rate]) =>
    /** @type {[number, number]} */ ([day, rate * scale]));
  const { title } = quantityOf(quantity);
  return [{ title: `${title}, ${decline.model} decline`, unit: curves[at].unit, points, stroke: styles[at].stroke }];
}
