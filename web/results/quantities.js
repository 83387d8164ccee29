// SPDX-License-Identifier: MIT
// What the Results panel can draw, by ECLIPSE's mnemonics less the letter that says of what: `OPR` is
// `FOPR` of the field, `WOPR:PROD-1` of a well, `ROPR:2` of a region.

import { wordsOf } from './summary/vector-words.js';

/**
 * @typedef {object} Quantity
 * @property {string} id      'OPR'
 * @property {string} title   'Oil rate'
 * @property {string} group
 * @property {'oil' | 'gas' | 'water' | 'liquid' | 'other'} phase  gives it its colour
 */

/** @param {string} group @param {[string, string, Quantity['phase']][]} rows @returns {Quantity[]} */
const inGroup = (group, rows) => rows.map(([id, title, phase]) => ({ id, title, phase, group }));

/** In the order in which they are offered. @type {readonly Quantity[]} */
export const QUANTITIES = Object.freeze([
  ...inGroup('Rates', [['OPR', 'Oil rate', 'oil'], ['WPR', 'Water rate', 'water'],
    ['GPR', 'Gas rate', 'gas'], ['LPR', 'Liquid rate', 'liquid'],
    ['WIR', 'Water injection rate', 'water'], ['GIR', 'Gas injection rate', 'gas']]),
  ...inGroup('Cumulatives', [['OPT', 'Oil produced', 'oil'], ['WPT', 'Water produced', 'water'],
    ['GPT', 'Gas produced', 'gas'], ['LPT', 'Liquid produced', 'liquid'],
    ['WIT', 'Water injected', 'water'], ['GIT', 'Gas injected', 'gas']]),
  ...inGroup('Ratios', [['WCT', 'Water cut', 'water'], ['GOR', 'Gas–oil ratio', 'gas'],
    ['WGR', 'Water–gas ratio', 'liquid']]),
  ...inGroup('Recovery', [['OE', 'Oil recovery factor', 'oil'], ['VRR', 'Voidage replacement', 'other']]),
  ...inGroup('Pressure', [['PR', 'Average pressure', 'other'], ['BHP', 'Bottom-hole pressure', 'other']]),
  ...inGroup('In place', [['OIP', 'Oil in place', 'oil'], ['WIP', 'Water in place', 'water'],
    ['GIP', 'Gas in place', 'gas'], ['GIPG', 'Free gas in place', 'gas'],
    ['GIPL', 'Dissolved gas in place', 'liquid']]),
]);

/** Sets that are one click away. @type {readonly { title: string, ids: readonly string[] }[]} */
export const PRESETS = Object.freeze([
  { title: 'Rates', ids: ['OPR', 'WPR', 'GPR'] },
  { title: 'Cumulatives', ids: ['OPT', 'WPT', 'GPT'] },
  { title: 'Injection', ids: ['WIR', 'GIR'] },
  { title: 'Recovery', ids: ['OE', 'VRR'] },
  { title: 'GOR and water cut', ids: ['GOR', 'WCT'] },
  { title: 'Pressure', ids: ['PR', 'BHP'] },
  { title: 'In place', ids: ['OIP', 'GIP'] },
]);

const BY_ID = new Map(QUANTITIES.map((quantity) => [quantity.id, quantity]));

/** Others are said in words, as far as those are known. @param {string} id @returns {Quantity} */
export function quantityOf(id) {
  return BY_ID.get(id) ?? { id, ...wordsOf(id) };
}

/**
 * What curves are about: the field, a well, a region.
 * @typedef {{ id: string, kind: 'field' | 'group' | 'well' | 'region' | 'block' | 'connection' | 'segment' | 'aquifer'
 *   | 'run', title: string }} Subject
 */

/** @type {Subject} */
export const FIELD = Object.freeze({ id: 'F', kind: 'field', title: 'Field' });

/**
 * The vector's name: 'FOPR', 'WOPR:PROD-1', 'ROIP:2', 'TIME'.
 * @param {string} subject  a Subject's id: 'F', 'W:PROD-1', 'R:2'; 'M' of the run itself
 * @param {string} quantity
 */
export function vectorName(subject, quantity) {
  if (subject === 'M') return quantity;
  return subject === 'F' ? `F${quantity}` : `${subject[0]}${quantity}${subject.slice(1)}`;
}

/**
 * Whose it is, and what.
 * @param {string} name  of a vector
 * @returns {{ subject: string, quantity: string }}
 */
export function partsOf(name) {
  const at = name.indexOf(':');
  if (at > 1 && 'WGRBCSA'.includes(name[0])) {
    return { subject: `${name[0]}${name.slice(at)}`, quantity: name.slice(1, at) };
  }
  return at < 0 && /^F[A-Z0-9_]+$/.test(name) ? { subject: 'F', quantity: name.slice(1) }
    : { subject: 'M', quantity: name };
}

/** @type {Record<string, [Subject['kind'], (name: string) => string]>} */
const KINDS = {
  W: ['well', (name) => name], G: ['group', (name) => `Group ${name}`], R: ['region', (name) => `Region ${name}`],
  B: ['block', (name) => `Block ${name}`], A: ['aquifer', (name) => `Aquifer ${name}`],
  C: ['connection', (name) => name.replace(':', ', connection ')],
  S: ['segment', (name) => name.replace(':', ', segment ')],
};

/** @param {string} id @returns {Subject} */
export function subjectOf(id) {
  if (id === 'F') return FIELD;
  if (id === 'M') return { id, kind: 'run', title: 'Run' };
  const [kind, title] = KINDS[id[0]] ?? KINDS.R;
  return { id, kind, title: title(id.slice(2)) };
}
