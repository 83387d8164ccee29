// SPDX-License-Identifier: MIT
// What is compared, as a link says it: `b` the other run, or `bt` a base step of the same one; `bm` how, `bw`
// where the picture is divided.

import { nameOfCopy } from '../model/kept.js';

/** @typedef {import('../model/properties.js').Drawable} Drawable */

/**
 * @typedef {object} CompareLink
 * @property {string | null} source  of the other run, what a link can open again; null: nothing can, or a base step
 * @property {number | null} base    index of the step that others are compared with; null: another run
 * @property {'difference' | 'beside' | 'swipe'} how
 * @property {number} at             where a divided picture is divided, 0 to 1
 *
 * What is compared, with what no link holds: `location` as `openStore` takes it.
 * @typedef {CompareLink & { location: unknown, name: string }} Compare
 */

/** @type {readonly CompareLink['how'][]} */
export const HOWS = Object.freeze(['difference', 'beside', 'swipe']);

/** The map of differences: its middle is what is the same. */
export const DIFFERENCE_MAP = 'coolwarm';

/** @param {CompareLink | undefined} compare @returns {[string, string | undefined][]} */
export function compareToLink(compare) {
  if (!compare || (compare.source === null && compare.base === null)) return [];
  return [
    ['b', compare.source ?? undefined],
    ['bt', compare.base === null ? undefined : String(compare.base)],
    ['bm', compare.how === HOWS[0] ? undefined : compare.how],
    ['bw', compare.at === 0.5 ? undefined : String(compare.at)],
  ];
}

/** @param {Map<string, string>} texts @returns {CompareLink | undefined} */
export function compareFromLink(texts) {
  const base = texts.get('bt') ?? '';
  const source = texts.get('b') ?? null;
  if (source === null && !/^\d{1,9}$/.test(base)) return undefined;
  const at = Number(texts.get('bw') ?? NaN);
  return {
    source,
    base: source === null ? Number(base) : null,
    how: HOWS.find((how) => how === texts.get('bm')) ?? HOWS[0],
    at: at >= 0 && at <= 1 ? at : 0.5,
  };
}

/** A link's wish as the viewer takes it. @param {CompareLink | undefined} link @returns {Compare | null} */
export function compareOf(link) {
  if (!link) return null;
  const source = link.source ?? '';
  const path = source.replace(/[?#].*$/, '').split('/').filter((part) => part !== '');
  const name = source.startsWith('idb:') ? nameOfCopy(source.slice(4)) : source.startsWith('own:') ? 'A run of yours'
    : path.at(-1) ?? '';
  return { ...link, location: link.source, name };
}

/** Of what this browser alone has. */
const HERE = /^(idb|own):/;

/**
 * What a link that was copied is good for.
 * @param {{ source: string | null, compare: Compare | null }} shown
 * @returns {string}
 */
export function linkNote({ source, compare }) {
  const here = [source, compare?.source].some((one) => HERE.test(one ?? ''));
  const lost = compare && compare.base === null && compare.source === null
    ? `. It leaves out ${compare.name}, which has no address` : '';
  return `Link copied${here ? ': it works in this browser only' : ''}${lost}`;
}

/** What a link says of it. @param {Compare | null} compare @returns {CompareLink | undefined} */
export function linkOfCompare(compare) {
  if (!compare) return undefined;
  const { source, base, how, at } = compare;
  return source === null && base === null ? undefined : { source, base, how, at };
}

/**
 * How a property's values become colours where nothing else was chosen: a difference has a map with a middle,
 * and no logarithm.
 * @param {Drawable | null} property
 * @param {{ how: CompareLink['how'] } | null | undefined} compare
 * @param {string} map  of what is no difference
 */
export function usualColours(property, compare, map) {
  return compare?.how === 'difference' ? { map: DIFFERENCE_MAP, log: false } : { map, log: property?.log ?? false };
}
