// SPDX-License-Identifier: MIT
// What is in an HDF5 file that is no run: a tree of groups and arrays, and what is chosen in it.

import { h, icon } from '../../base/dom.js';
import { nodePanel } from './node-panel.js';
import { treeView } from './tree.js';

/** @typedef {import('../../model/hierarchy.js').Hierarchy} Hierarchy */
/** @typedef {import('../../model/hierarchy.js').Member} Member */

/** @param {import('../../model/viewer.js').Viewer} viewer @returns {HTMLElement} */
export function hierarchyView(viewer) {
  const element = h('section', { class: 'hierarchy', 'aria-label': 'What is in the file' });
  viewer.state.watch(['hierarchy', 'phase'], ({ hierarchy, phase }) => {
    element.hidden = phase !== 'browsing' || (hierarchy?.alone ?? false);
    if (hierarchy && phase === 'browsing') element.replaceChildren(...build(hierarchy));
    else element.replaceChildren();
  });
  return element;
}

/** @param {Hierarchy} hierarchy */
function build(hierarchy) {
  const panel = h('main', { class: 'node-box', 'aria-live': 'polite' });
  let asked = 0;
  const select = async (/** @type {string} */ path) => {
    const mine = asked += 1;
    try {
      const node = await hierarchy.node(path);
      if (mine === asked) panel.replaceChildren(nodePanel(node, path));
    } catch (error) {
      if (mine !== asked) return;
      panel.replaceChildren(h('article', { class: 'node' }, h('h2', { class: 'node-path' }, `/${path}`),
        h('p', { class: 'trouble', role: 'alert' }, String(/** @type {Error} */ (error).message))));
    }
  };
  const tree = treeView({
    label: 'Groups and arrays', root: { id: '', name: hierarchy.name, detail: '', opens: true },
    below: async (path) => (await hierarchy.members(path)).map((member) => itemOf(path, member)),
    onSelect: (path) => { void select(path); },
  });
  return [
    h('p', { class: 'note', role: 'status' }, icon('warning'), h('span', {}, hierarchy.note)),
    h('nav', { class: 'tree-box', 'aria-label': 'Groups and arrays' }, tree), panel,
  ];
}

/** @param {string} path @param {Member} member */
function itemOf(path, { name, kind, target, file }) {
  const leads = target === undefined ? '' : `→ ${file === undefined ? '' : `${file}: `}${target}`;
  return {
    id: path === '' ? name : `${path}/${name}`, name, opens: kind === 'group',
    detail: leads || (kind === 'group' || kind === 'array' ? '' : kind),
  };
}
