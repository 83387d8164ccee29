// SPDX-License-Identifier: MIT
// What is shown, and how, as a small file: the link, and the names and addresses of the runs. The runs themselves
// are not in it.

import { linkOf } from '../model/link-state.js';
import { fromLink, toLink } from '../model/link.js';

/** @typedef {import('../model/link.js').LinkState} LinkState */

const FORMAT = 'bores-viewer session';
const VERSION = 1;
/** Stands for a run that no link can open. */
const NOWHERE = '-';
/** Bytes: a session is small, and what is larger is not read to find out. */
const LARGEST = 1e6;

/**
 * @typedef {object} Session
 * @property {LinkState} link
 * @property {string} name      of the run
 * @property {boolean} located  the run can be opened by its link
 * @property {string} missing   name of the run that it was compared with, if that has no address
 */

/** @param {Readonly<import('../model/state.js').ViewerState>} state @returns {string} JSON */
export function sessionOf(state) {
  const { run, source, compare } = state;
  const link = toLink(linkOf({ ...state, source: source ?? NOWHERE }));
  const runs = [{ role: 'shown', name: run?.name ?? '', location: absolute(source) },
    ...(compare && compare.base === null ? [{ role: 'compared', name: compare.name,
      location: absolute(compare.source) }] : [])];
  const session = { format: FORMAT, version: VERSION, saved: new Date().toISOString(), runs, link };
  return `${JSON.stringify(session, null, 2)}\n`;
}

/** An address that means the same on another page. @param {string | null} source */
function absolute(source) {
  return source === null || source.startsWith('idb:') ? source : new URL(source, document.baseURI).href;
}

/**
 * @param {unknown} location  what was chosen or dropped
 * @returns {Promise<Session | null>}  null: it is no session
 * @throws {Error}  a session of another version
 */
export async function sessionIn(location) {
  const file = Array.isArray(location) && location.length === 1 ? location[0].file ?? location[0] : location;
  if (!(file instanceof Blob) || file.size > LARGEST) return null;
  let said;
  try {
    said = JSON.parse(await file.text());
  } catch {
    return null;
  }
  if (said?.format !== FORMAT) return null;
  if (said.version !== VERSION) throw new Error(`it is a session of version ${said.version}, and not ${VERSION}`);
  const link = fromLink(String(said.link));
  const runs = Array.isArray(said.runs) ? said.runs : [];
  const [shown, compared] = ['shown', 'compared'].map((role) =>
    runs.find((/** @type {any} */ run) => run?.role === role));
  const located = link.source !== undefined && link.source !== NOWHERE;
  // Addresses in the link may be relative to the page that it was saved in.
  const at = (/** @type {any} */ run, /** @type {string} */ source) =>
    (typeof run?.location === 'string' ? run.location : source);
  if (located) link.source = at(shown, String(link.source));
  if (link.compare?.source) link.compare = { ...link.compare, source: at(compared, link.compare.source) };
  return { link, located, name: String(shown?.name ?? ''),
    missing: compared && !link.compare ? String(compared.name) : '' };
}
