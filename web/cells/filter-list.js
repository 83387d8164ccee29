// SPDX-License-Identifier: MIT
// The filters: one row each, all of which a cell has to pass.

import { h, iconButton } from '../base/dom.js';
import { formatNumber } from '../plot/scale.js';
import { unitsOf } from '../plot/metric.js';
import { numberOf } from '../plot/number-field.js';
import { rangeSlider } from '../views/panels/range-slider.js';
import { MOST_CATEGORIES } from './asking.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/properties.js').Drawable} Drawable */
/** @typedef {import('./ask.js').Filter} Filter */
/** Ends of a property's values, as far as they are known. @typedef {{ lo: number, hi: number }} Limits */

/** Places of a handle. */
const PLACES = 201;

/** @param {Viewer} viewer @returns {HTMLElement} */
export function filterList(viewer) {
  const limits = new LimitsKeeper(viewer);
  const rows = h('ul', { class: 'filters' });
  const choice = h('select', { 'aria-label': 'Property to filter by' });
  const add = h('button', { type: 'button', class: 'small', onclick: () => addFilter() }, 'Add filter');
  /** @type {{ id: string, set: boolean, row: ReturnType<typeof filterRow> }[]} */ let shown = [];

  const addFilter = async () => {
    const { run, ask } = viewer.state.now;
    const property = run?.property(choice.value);
    if (!property) return;
    const values = await limits.categoriesOf(property);
    viewer.ask({ filters: [...viewer.state.now.ask.filters, { id: property.id, exclude: false, on: true,
      ...(values ? { set: values } : { range: /** @type {const} */ ([null, null]) }) }] });
    if (ask.filters.length === 0) rows.querySelector('input')?.focus();
  };
  const change = (/** @type {number} */ at, /** @type {Partial<Filter> | null} */ patch) => {
    const filters = [...viewer.state.now.ask.filters];
    if (patch === null) filters.splice(at, 1);
    else filters[at] = { ...filters[at], ...patch };
    viewer.ask({ filters });
  };

  viewer.state.watch(['run'], ({ run }) => choice.replaceChildren(...optionGroups(run?.properties ?? [])));
  viewer.state.watch(['run', 'property'], ({ property }) => {
    if (property && !property.ternary) choice.value = property.id;
  });
  let metric = false;
  viewer.state.watch(['run', 'ask', 'cells', 'metric'], (state) => {
    const { run, ask } = state;
    // A row is kept while it is of the same property, for whoever is dragging its handle.
    const same = metric === state.metric && shown.length === ask.filters.length
      && shown.every(({ id, set }, n) => id === ask.filters[n].id && set === (ask.filters[n].set !== undefined));
    if (!same) {
      metric = state.metric;
      shown = ask.filters.map(({ id, set }, at) => ({ id, set: set !== undefined,
        row: filterRow(run?.property(id), set !== undefined, limits, (patch) => change(at, patch)) }));
      rows.replaceChildren(...shown.map(({ row }) => row.element));
    }
    shown.forEach(({ row }, n) => row.update(ask.filters[n]));
  });
  return h('section', { class: 'ask-part', 'aria-label': 'Filters' },
    h('h3', {}, 'Filters'), rows, h('div', { class: 'filter-add' }, choice, add));
}

/** What has a number a cell. @param {readonly Drawable[]} properties */
export function optionGroups(properties) {
  /** @type {Map<string, HTMLOptGroupElement>} */ const groups = new Map();
  for (const { id, name, group, ternary } of properties) {
    if (ternary) continue;
    const box = groups.get(group) ?? h('optgroup', { label: group });
    groups.set(group, box);
    box.append(h('option', { value: id }, name));
  }
  return groups.values();
}

/**
 * @param {Drawable | undefined} property
 * @param {boolean} categories
 * @param {LimitsKeeper} limits
 * @param {(patch: Partial<Filter> | null) => void} onChange  null: remove it
 */
function filterRow(property, categories, limits, onChange) {
  const name = property?.name ?? 'unknown property';
  const on = h('input', { type: 'checkbox', onchange: () => onChange({ on: on.checked }) });
  const mode = h('select', { 'aria-label': `${name}: show or hide`, onchange: () =>
    onChange({ exclude: mode.value === 'hide' }) },
  h('option', { value: 'show' }, 'show'), h('option', { value: 'hide' }, 'hide'));
  const body = categories ? categoryBody(property, limits, onChange) : rangeBody(name, property, limits, onChange);
  const element = h('li', { class: 'filter' }, h('div', { class: 'filter-head' },
    h('label', { class: 'check' }, on, h('span', { class: 'filter-name' }, name,
      property?.unit ? h('span', { class: 'unit' }, ` ${limits.unitsOf(property).unit}`) : null)), mode,
    iconButton('trash', `Remove the filter of ${name}`, () => onChange(null))), body.element);
  return {
    element,
    /** @param {Filter} filter */
    update(filter) {
      on.checked = filter.on;
      mode.value = filter.exclude ? 'hide' : 'show';
      element.classList.toggle('off', !filter.on);
      body.update(filter);
    },
  };
}

/**
 * Two handles and two fields. A handle at its end leaves that end open: there may be more beyond at
 * another step.
 * @param {string} name
 * @param {Drawable | undefined} property
 * @param {LimitsKeeper} limits
 * @param {(patch: Partial<Filter>) => void} onChange
 */
function rangeBody(name, property, limits, onChange) {
  /** @type {readonly [number | null, number | null]} */ let range = [null, null];
  const { inUnit, fromUnit } = limits.unitsOf(property);
  const valueAt = (/** @type {number} */ place) => limits.valueAt(property, place / (PLACES - 1));
  const slider = rangeSlider({
    label: '', name, say: (place) => formatNumber(inUnit(valueAt(place)), 4),
    onChange: (first, last) => onChange({ range: [
      first === 0 ? null : first === limits.placeOf(property, range[0], PLACES) ? range[0] : valueAt(first),
      last === PLACES - 1 ? null : last === limits.placeOf(property, range[1], PLACES) ? range[1] : valueAt(last)] }),
  });
  const ends = ['Lowest', 'Highest'].map((word) => h('input', {
    type: 'text', inputmode: 'decimal', class: 'number', placeholder: word.toLowerCase(),
    'aria-label': `${word} value of ${name} that fits`, onchange: () => take(),
  }));
  const take = () => {
    const numbers = ends.map(({ value }) => (value.trim() === '' ? null : fromUnit(numberOf(value))));
    const [lo, hi] = numbers;
    const valid = numbers.every((n) => n === null || Number.isFinite(n)) && (lo === null || hi === null || lo <= hi);
    for (const end of ends) end.setAttribute('aria-invalid', String(!valid));
    if (valid) onChange({ range: [lo, hi] });
  };
  return {
    element: h('div', { class: 'filter-range' }, slider.element,
      h('div', { class: 'ends' }, ends[0], h('span', { class: 'quiet' }, 'to'), ends[1])),
    /** @param {Filter} filter */
    update(filter) {
      range = filter.range ?? [null, null];
      slider.update(range[0] === null ? 0 : limits.placeOf(property, range[0], PLACES),
        range[1] === null ? PLACES - 1 : limits.placeOf(property, range[1], PLACES), PLACES);
      ends.forEach((end, n) => {
        if (end.getRootNode() instanceof ShadowRoot
          && /** @type {ShadowRoot} */ (end.getRootNode()).activeElement === end) return;
        end.value = range[n] === null ? '' : String(Number(inUnit(/** @type {number} */ (range[n])).toPrecision(7)));
        end.setAttribute('aria-invalid', 'false');
      });
    },
  };
}

/**
 * A box a value.
 * @param {Drawable | undefined} property
 * @param {LimitsKeeper} limits
 * @param {(patch: Partial<Filter>) => void} onChange
 */
function categoryBody(property, limits, onChange) {
  const element = h('div', { class: 'categories' });
  /** @type {readonly number[]} */ let all = [];
  /** @type {Filter | null} */ let current = null;
  const draw = () => {
    const chosen = current?.set ?? [];
    const values = [...new Set([...all, ...chosen])].sort((a, b) => a - b);
    element.replaceChildren(...values.map((value) => {
      const box = h('input', { type: 'checkbox', onchange: () => onChange({
        set: values.filter((other) => (other === value ? box.checked : chosen.includes(other))) }) });
      box.checked = chosen.includes(value);
      return h('label', { class: 'check' }, box, property?.flags ? String(value !== 0) : String(value));
    }));
  };
  if (property) void limits.categoriesOf(property).then((values) => { all = values ?? []; draw(); });
  return {
    element,
    /** @param {Filter} filter */
    update(filter) {
      if (current?.set === filter.set) return;
      current = filter;
      draw();
    },
  };
}

/** What values a property has, as far as steps were looked at. */
class LimitsKeeper {
  /** @type {Map<string, Limits>} */ #known = new Map();

  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.viewer = viewer;
    viewer.state.watch(['run'], () => this.#known.clear());
    viewer.state.watch(['ask', 'cells', 'range'], (state) => {
      if (state.property && state.rangeMode !== 'typed') this.#widen(state.property, state.range[0], state.range[1]);
      for (const { id } of state.ask.filters) {
        const property = state.run?.property(id);
        if (property) void this.#look(property);
      }
    });
  }

  /** In what its values are told and typed. @param {Drawable | undefined} property */
  unitsOf(property) {
    return unitsOf(property?.unit ?? '', this.viewer.state.now.metric, property?.difference);
  }

  /** @param {Drawable} property  at this step */
  async #look(property) {
    const { run, step } = this.viewer.state.now;
    const values = await run?.values(step, property).catch(() => null);
    if (values && Number.isFinite(values.lo)) this.#widen(property, values.lo, values.hi);
    return values ?? null;
  }

  /** @param {Drawable} property @param {number} lo @param {number} hi */
  #widen({ id }, lo, hi) {
    const known = this.#known.get(id);
    this.#known.set(id, { lo: Math.min(lo, known?.lo ?? lo), hi: Math.max(hi, known?.hi ?? hi) });
  }

  /**
   * The value at a part of the way between the ends; of what is shown logarithmically in equal ratios.
   * @param {Drawable | undefined} property
   * @param {number} part
   */
  valueAt(property, part) {
    const { lo, hi } = this.#known.get(property?.id ?? '') ?? { lo: 0, hi: 1 };
    const value = property?.log && lo > 0 ? lo * (hi / lo) ** part : lo + part * (hi - lo);
    return Number(value.toPrecision(6));
  }

  /** @param {Drawable | undefined} property @param {number | null} value @param {number} places */
  placeOf(property, value, places) {
    const { lo, hi } = this.#known.get(property?.id ?? '') ?? { lo: 0, hi: 1 };
    if (value === null || !(hi > lo)) return 0;
    const part = property?.log && lo > 0 && value > 0 ? Math.log(value / lo) / Math.log(hi / lo)
      : (value - lo) / (hi - lo);
    return Math.round(Math.max(0, Math.min(1, part)) * (places - 1));
  }

  /** The values that are categories; null: it is no such property. @param {Drawable} property */
  async categoriesOf(property) {
    if (property.flags) return [0, 1];
    if (!property.whole) return null;
    const values = await this.#look(property);
    if (!values || !(values.hi - values.lo < 1e6)) return null;
    const found = new Set(values.data);
    return found.size <= MOST_CATEGORIES ? [...found].sort((a, b) => a - b) : null;
  }
}
