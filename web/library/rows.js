// SPDX-License-Identifier: MIT
// The list of runs on the start page: what each is called, where it is, and whether it is a copy.

import { listRuns } from '../../js/index.js';
import { forgetCopy, isCopy, nameOfCopy } from '../model/kept.js';
import { formatBytes } from '../plot/scale.js';
import { entries, forget } from './library.js';
import { isOwn } from './own-runs.js';

/** @typedef {import('../views/start.js').RecentRun} RecentRun */

/** @returns {Promise<RecentRun[]>}  what was opened last is first */
export async function listLibrary() {
  const [known, stores] = await Promise.all([entries().catch(() => []), listRuns().catch(() => [])]);
  const bySource = new Map(known.map((entry) => [entry.source, entry]));
  const here = stores.filter(({ complete }) => complete).map(({ name, bytes, created }) => {
    const source = `idb:${name}`;
    const entry = bySource.get(source);
    bySource.delete(source);
    const when = Math.max(entry?.opened ?? 0, created?.getTime() ?? 0);
    return { name: source, title: nameOfCopy(name), look: entry?.look ?? null, when,
      detail: [isCopy(source) ? 'copy in this browser' : 'in this browser', formatBytes(bytes), dateText(when)] };
  });
  // A store that is no longer there has left its picture.
  const others = [...bySource.values()].filter(({ source }) => !/^(idb:|samples\/)/.test(source))
    .map(({ source, name, opened, look, handle }) => ({ name: source, title: name, look, when: opened,
      detail: [isOwn(source) ? `your own ${handle?.kind === 'file' ? 'file' : 'folder'}, not copied`
        : `from ${hostOf(source)}`, dateText(opened)] }));
  return [...here, ...others].sort((a, b) => b.when - a.when)
    .map(({ when: _, detail, ...row }) => ({ ...row, detail: detail.filter((part) => part !== '').join(' · ') }));
}

/** Forgets a run; of a copy that is the copy itself. @param {string} source */
export async function forgetRun(source) {
  if (source.startsWith('idb:')) await forgetCopy(source.slice(4));
  await forget(source).catch(() => { /* nothing was known */ });
}

/** @param {number} when  ms */
function dateText(when) {
  return when > 0 ? new Date(when).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' }) : '';
}

/** @param {string} address */
function hostOf(address) {
  const { host } = new URL(address, document.baseURI);
  return host === location.host ? 'this site' : host;
}
