// SPDX-License-Identifier: MIT
// Finds vectors by mnemonic and in plain words: 'WOPR:P1', 'water cut p1', 'pressure'.

import { h, uniqueId } from '../../base/dom.js';
import { partsOf, quantityOf, subjectOf } from '../quantities.js';

/** @typedef {import('../../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../results.js').Results} Results */

/** Found vectors that are listed; it is said how many there are. */
const MOST = 60;

/**
 * Those in which every word is found, the mnemonic's own matches first.
 * @param {readonly string[]} names  of vectors
 * @param {string} typed
 * @returns {string[]}
 */
export function findVectors(names, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return [];
  const found = names.filter((name) => {
    const text = `${name} ${inWords(name)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const rank = (/** @type {string} */ name) => Number(!name.toLowerCase().startsWith(words[0]));
  return found.sort((a, b) => rank(a) - rank(b));
}

/** 'Water cut · P1' @param {string} name */
export function inWords(name) {
  const { subject, quantity } = partsOf(name);
  const what = quantityOf(quantity).title;
  return subject === 'M' ? what : `${what} · ${subjectOf(subject).title}`;
}

/**
 * @param {Viewer} viewer
 * @param {Results} results
 * @param {(patch: any) => void} change
 * @returns {HTMLElement}
 */
export function vectorSearch(viewer, results, change) {
  const id = uniqueId('vectors');
  const list = h('ul', { class: 'found-vectors', id, 'aria-label': 'Vectors found' });
  const count = h('p', { class: 'quiet', role: 'status' });
  const input = h('input', { type: 'search', placeholder: 'Find: FOPR, water cut …', 'aria-label': 'Find a curve',
    'aria-controls': id, spellcheck: false, oninput: () => draw() });
  const draw = () => {
    const found = findVectors(results.state.now.available, input.value);
    const { subjects, quantities } = viewer.state.now.results;
    count.textContent = input.value.trim() === '' || (found.length > 0 && found.length <= MOST) ? ''
      : found.length === 0 ? 'Nothing is called so.' : `${MOST} of ${found.length}; another word makes them fewer.`;
    count.hidden = count.textContent === '';
    list.hidden = found.length === 0;
    list.replaceChildren(...found.slice(0, MOST).map((name) => {
      const { subject, quantity } = partsOf(name);
      const box = h('input', { type: 'checkbox', 'aria-label': `Draw ${name} too`, title: 'Draw it with the others',
        onchange: () => change(box.checked
          ? { subjects: [...new Set([...subjects, subject])], quantities: [...new Set([...quantities, quantity])] }
          : { quantities: quantities.filter((other) => other !== quantity) }) });
      box.checked = subjects.includes(subject) && quantities.includes(quantity);
      return h('li', {}, box, h('button', { type: 'button', title: 'Draw it alone',
        onclick: () => change({ subjects: [subject], quantities: [quantity] }) },
      h('b', {}, name), h('span', {}, inWords(name))));
    }));
  };
  results.state.watch(['available'], draw);
  viewer.state.watch(['results'], draw);
  return h('div', { class: 'vector-search' }, input, count, list);
}
