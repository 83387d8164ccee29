// SPDX-License-Identifier: MIT
// A tree that is read as it is opened, with the keys that trees have (WAI-ARIA, "Tree View Pattern").

import { h } from '../../base/dom.js';

/**
 * @typedef {object} TreeItem
 * @property {string} id
 * @property {string} name
 * @property {string} detail  beside the name
 * @property {boolean} opens  whether there may be something below
 *
 * @typedef {object} Branch
 * @property {TreeItem} item
 * @property {HTMLElement} row   has the focus
 * @property {HTMLElement} list  of what is below
 * @property {Branch | null} above
 * @property {Branch[] | null} below  null: not read yet
 */

/** Shown at once of what is below one item. */
const MAX_SHOWN = 2000;

/**
 * @param {object} parts
 * @param {string} parts.label
 * @param {TreeItem} parts.root
 * @param {(id: string) => Promise<TreeItem[]>} parts.below
 * @param {(id: string) => void} parts.onSelect
 * @returns {HTMLElement}
 */
export function treeView({ label, root, below, onSelect }) {
  const element = h('ul', { role: 'tree', class: 'tree', 'aria-label': label });
  /** @type {Branch} */ let current;

  const focus = /** @param {Branch} branch @param {boolean} [now] */ (branch, now = true) => {
    current?.row.setAttribute('tabindex', '-1');
    current = branch;
    branch.row.setAttribute('tabindex', '0');
    if (now) branch.row.focus();
  };

  const select = /** @param {Branch} branch */ (branch) => {
    element.querySelector('[aria-selected=true]')?.setAttribute('aria-selected', 'false');
    branch.row.setAttribute('aria-selected', 'true');
    onSelect(branch.item.id);
  };

  const isOpen = /** @param {Branch} branch */ (branch) => branch.row.getAttribute('aria-expanded') === 'true';

  const toggle = /** @param {Branch} branch @param {boolean} open */ async (branch, open) => {
    if (!branch.item.opens) return;
    branch.row.setAttribute('aria-expanded', String(open));
    branch.list.hidden = !open;
    if (!open || branch.below) return;
    branch.below = [];
    branch.row.setAttribute('aria-busy', 'true');
    try {
      const items = await below(branch.item.id);
      branch.below = items.slice(0, MAX_SHOWN).map((item) => grow(item, branch));
      if (items.length > MAX_SHOWN) {
        branch.list.append(h('li', { class: 'quiet', role: 'none' },
          `${items.length - MAX_SHOWN} more are not shown`));
      }
    } catch (error) {
      branch.below = null;
      const { message } = /** @type {Error} */ (error);
      branch.list.replaceChildren(h('li', { class: 'trouble', role: 'none' }, message));
    } finally {
      branch.row.removeAttribute('aria-busy');
    }
  };

  const grow = /** @param {TreeItem} item @param {Branch | null} above */ (item, above) => {
    const row = h('div', {
      role: 'treeitem', tabindex: '-1', class: 'tree-row', 'aria-selected': 'false', title: item.name,
      ...(item.opens && { 'aria-expanded': 'false' }),
    }, h('span', { class: 'twist', 'aria-hidden': 'true' }), h('span', { class: 'tree-name' }, item.name),
    h('span', { class: 'quiet' }, item.detail));
    const list = h('ul', { role: 'group', hidden: true });
    /** @type {Branch} */
    const branch = { item, row, list, above, below: null };
    row.addEventListener('click', (event) => {
      focus(branch);
      const onTwist = /** @type {Element} */ (event.target).classList.contains('twist');
      if (onTwist || !isOpen(branch)) void toggle(branch, !isOpen(branch));
      if (!onTwist) select(branch);
    });
    row.addEventListener('keydown', (event) => {
      const done = onKey(event.key, branch);
      if (done) event.preventDefault();
    });
    (above?.list ?? element).append(h('li', { role: 'none' }, row, list));
    return branch;
  };

  /** The branches that can be seen, from the top. @returns {Branch[]} */
  const visible = () => {
    const walk = /** @param {Branch} branch @returns {Branch[]} */ (branch) =>
      [branch, ...(isOpen(branch) ? (branch.below ?? []).flatMap(walk) : [])];
    return walk(top);
  };

  const onKey = /** @param {string} key @param {Branch} branch */ (key, branch) => {
    const shown = visible();
    const at = shown.indexOf(branch);
    switch (key) {
      case 'ArrowDown': focus(shown[Math.min(at + 1, shown.length - 1)]); return true;
      case 'ArrowUp': focus(shown[Math.max(at - 1, 0)]); return true;
      case 'Home': focus(shown[0]); return true;
      case 'End': focus(shown[shown.length - 1]); return true;
      case 'ArrowRight':
        if (!isOpen(branch)) void toggle(branch, true);
        else if (branch.below?.[0]) focus(branch.below[0]);
        return true;
      case 'ArrowLeft':
        if (isOpen(branch)) void toggle(branch, false);
        else if (branch.above) focus(branch.above);
        return true;
      case 'Enter': case ' ': select(branch); return true;
      default: return false;
    }
  };

  const top = grow(root, null);
  focus(top, false);
  void toggle(top, true);
  select(top);
  return element;
}
