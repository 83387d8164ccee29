// SPDX-License-Identifier: MIT
// Whom curves are of: the field, groups, wells with their connections and segments, regions, blocks, the run itself.

import { h } from '../../base/dom.js';
import { FIELD, partsOf, subjectOf } from '../quantities.js';

/** @typedef {import('../../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../results.js').Results} Results */
/** @typedef {import('../quantities.js').Subject} Subject */

/** In the order in which they are listed. @type {readonly (readonly [Subject['kind'], string])[]} */
const KINDS = [['group', 'Groups'], ['well', 'Wells'], ['region', 'Regions'], ['aquifer', 'Aquifers'],
  ['block', 'Blocks'], ['run', 'Run']];
/** Subjects of a kind that are listed at once; the search finds the others. */
const MOST = 200;
/** A kind of so many is open at first. */
const FEW = 12;

/**
 * @param {Viewer} viewer
 * @param {Results} results
 * @param {(patch: any) => void} change
 * @returns {HTMLElement}
 */
export function subjectTree(viewer, results, change) {
  const box = h('fieldset', { class: 'subjects' });
  /** What was opened or closed by hand. @type {Map<string, boolean>} */ const open = new Map();
  const chosen = () => viewer.state.now.results.subjects;
  const entry = (/** @type {string} */ id) => {
    const input = h('input', { type: 'checkbox', onchange: () => change({
      subjects: input.checked ? [...chosen(), id] : chosen().filter((other) => other !== id),
    }) });
    input.checked = chosen().includes(id);
    return h('label', { class: 'check' }, input, subjectOf(id).title);
  };
  const branch = (/** @type {string} */ title, /** @type {readonly string[]} */ ids,
    /** @type {(id: string) => Node} */ item, /** @type {boolean} */ wide) => {
    const list = h('div', { class: 'branch' });
    const fill = () => {
      if (!details.open || list.childElementCount > 0) return;
      list.append(...ids.slice(0, MOST).map(item), ids.length > MOST
        ? h('p', { class: 'quiet' }, `and ${ids.length - MOST} more: find them by name`) : '');
    };
    const details = h('details', { ontoggle: () => {
      open.set(title, details.open);
      fill();
    } }, h('summary', {}, title, h('span', { class: 'quiet' }, ` ${ids.length}`)), list);
    details.open = open.get(title) ?? wide;
    fill();
    return details;
  };
  const draw = () => {
    const subjects = [...new Set([...results.state.now.available.map((name) => partsOf(name).subject), ...chosen()])];
    const parts = partsByWell(subjects);
    const wellItem = (/** @type {string} */ id) => {
      const below = parts.get(id.slice(2));
      return below ? h('div', {}, entry(id), branch(`Connections of ${id.slice(2)}`, below, entry, false)) : entry(id);
    };
    box.replaceChildren(h('legend', {}, 'Of'), entry(FIELD.id), ...KINDS.flatMap(([kind, title]) => {
      const ids = subjects.filter((id) => subjectOf(id).kind === kind).sort(byName);
      if (ids.length === 0) return [];
      const some = ids.some((id) => chosen().includes(id));
      return [branch(title, ids, kind === 'well' ? wellItem : entry, some || (kind === 'well' && ids.length <= FEW))];
    }));
  };
  results.state.watch(['available'], draw);
  viewer.state.watch(['results'], draw);
  return box;
}

/** Connections and segments by their wells. @param {readonly string[]} subjects */
function partsByWell(subjects) {
  /** @type {Map<string, string[]>} */ const parts = new Map();
  for (const id of subjects) {
    const { kind } = subjectOf(id);
    if (kind !== 'connection' && kind !== 'segment') continue;
    const [, well] = id.split(':');
    parts.set(well, [...parts.get(well) ?? [], id]);
  }
  return parts;
}

const ORDER = new Intl.Collator('en', { numeric: true });
const byName = (/** @type {string} */ a, /** @type {string} */ b) => ORDER.compare(a, b);
