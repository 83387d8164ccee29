// SPDX-License-Identifier: MIT
// One group or array of an HDF5 file: its shape and type, its attributes, and an array's values as a table.

import { COLUMNS, ROWS, readTable, valueText } from '../../model/hierarchy.js';
import { formatBytes } from '../../plot/scale.js';
import { h } from '../../base/dom.js';

/** @typedef {import('../../model/hierarchy.js').Hierarchy} Hierarchy */
/** @typedef {import('../../model/hierarchy.js').Node} Node */

/**
 * @param {Node} node
 * @param {string} path
 * @returns {HTMLElement}
 */
export function nodePanel(node, path) {
  const attributes = Object.entries(node.attributes);
  return h('article', { class: 'node' }, h('h2', { class: 'node-path' }, `/${path}`),
    factList(node),
    attributes.length > 0 && h('section', {}, h('h3', {}, 'Attributes'),
      h('div', { class: 'table-box' }, h('table', {}, h('tbody', {}, ...attributes.map(([name, value]) =>
        h('tr', {}, h('th', { scope: 'row' }, name), h('td', { class: 'text' }, valueText(value)))))))),
    node.kind === 'array' && valuesSection(node));
}

/** @param {Node} node */
function factList(node) {
  /** @type {[string, string | undefined][]} */
  const facts = [['Kind', node.kind]];
  if (node.kind === 'array') {
    const { shape, dtype, chunks, filters, maxShape, dimensionNames } = node;
    const size = /(\d+)$/.exec(dtype ?? '')?.[1];
    facts.push(['Shape', shape ? shape.join(' × ') || 'one value' : 'nothing'], ['Type', dtype],
      ['Size', shape && size && /^[<>|][a-zA-Z]/.test(dtype)
        ? formatBytes(shape.reduce((product, length) => product * length, Number(size))) : undefined],
      ['Grows to', maxShape && String(maxShape) !== String(shape)
        ? maxShape.map((length) => length ?? 'any').join(' × ') : undefined],
      ['Chunks', chunks?.join(' × ')],
      ['Filters', filters?.map(({ name, id }) => name ?? id).join(', ')],
      ['Axes', dimensionNames?.some(Boolean) ? dimensionNames.map((name) => name || '–').join(', ') : undefined]);
  }
  return h('dl', { class: 'node-facts' }, ...facts.filter(([, text]) => text).flatMap(([name, text]) =>
    [h('dt', {}, name), h('dd', {}, text)]));
}

/** @param {Node} node */
function valuesSection(node) {
  const { shape } = node;
  const section = h('section', {}, h('h3', {}, 'Values'));
  if (shape.includes(0)) {
    section.append(h('p', { class: 'quiet' }, 'It has no elements.'));
    return section;
  }
  const place = { indices: shape.slice(0, -2).map(() => 0), row: 0, column: 0 };
  const box = h('div', { class: 'table-box', tabindex: '0', role: 'region', 'aria-label': 'Values' });
  const pages = h('div', { class: 'pages' });
  let asked = 0;
  const show = async () => {
    const mine = asked += 1;
    try {
      const table = await readTable(node, place);
      if (mine !== asked) return;
      box.replaceChildren(tableOf(table));
      const go = (/** @type {Partial<typeof place>} */ to) => {
        Object.assign(place, to);
        void show();
      };
      pages.replaceChildren(
        ...pager('Rows', place.row, ROWS, table.rowCount, (row) => go({ row })),
        ...pager('Columns', place.column, COLUMNS, table.columnCount, (column) => go({ column })));
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      if (mine === asked) box.replaceChildren(h('p', { class: 'trouble', role: 'alert' }, message));
    }
  };
  const axes = place.indices.map((_, axis) => h('label', { class: 'axis-index' }, `Axis ${axis}`, h('input', {
    type: 'number', min: 0, max: shape[axis] - 1, value: 0,
    onchange: (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      place.indices[axis] = Math.max(0, Math.min(shape[axis] - 1, Math.round(Number(input.value)) || 0));
      input.value = String(place.indices[axis]);
      void show();
    },
  })));
  if (axes.length > 0) section.append(h('div', { class: 'pages' }, ...axes));
  section.append(box, pages);
  void show();
  return section;
}

/** @param {import('../../model/hierarchy.js').Table} table */
function tableOf({ columns, rows }) {
  return h('table', { class: 'values' },
    columns.length > 0 && h('thead', {}, h('tr', {}, h('td', {}),
      ...columns.map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, ...rows.map(({ name, cells }) => h('tr', {}, h('th', { scope: 'row' }, name),
      ...cells.map((text) => h('td', {}, text))))));
}

/**
 * @param {string} what
 * @param {number} from
 * @param {number} step
 * @param {number} count
 * @param {(from: number) => void} go
 */
function pager(what, from, step, count, go) {
  if (count <= step) return [];
  const end = Math.min(count, from + step);
  /** @param {string} text @param {number} to @param {boolean} off */
  const button = (text, to, off) => h('button', {
    type: 'button', class: 'small', disabled: off, 'aria-label': `${text} ${what.toLowerCase()}`,
    onclick: () => go(to),
  }, text);
  return [h('span', { class: 'quiet' }, `${what} ${from} to ${end - 1} of ${count}`),
    button('Previous', Math.max(0, from - step), from === 0), button('Next', from + step, end === count)];
}
