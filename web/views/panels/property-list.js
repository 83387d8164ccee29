// SPDX-License-Identifier: MIT
// The list of what can be drawn, with a search field: a combobox whose list is always open.

import { search } from '../../model/properties.js';
import { h, icon, uniqueId } from '../../base/dom.js';

/** @typedef {import('../../model/properties.js').Drawable} Drawable */

/**
 * @param {import('../../model/viewer.js').Viewer} viewer
 * @returns {HTMLElement}
 */
export function propertyList(viewer) {
  const listId = uniqueId('properties');
  const list = h('div', {
    role: 'listbox', id: listId, class: 'property-list', 'aria-label': 'Properties', tabindex: -1,
  });
  const field = h('input', {
    type: 'search', role: 'combobox', placeholder: 'Search properties', 'aria-expanded': 'true',
    'aria-controls': listId, 'aria-label': 'Search properties', autocomplete: 'off',
    spellcheck: 'false', class: 'search-field',
  });
  /** @type {{ property: Drawable, element: HTMLElement }[]} */ let options = [];
  let active = -1;

  const activate = /** @param {number} n */ (n) => {
    options[active]?.element.classList.remove('active');
    active = n;
    const option = options[n]?.element;
    option?.classList.add('active');
    if (option) reveal(list, option);
    if (option) field.setAttribute('aria-activedescendant', option.id);
    else field.removeAttribute('aria-activedescendant');
  };

  const mark = () => {
    const { property } = viewer.state.now;
    for (const option of options) {
      option.element.setAttribute('aria-selected', String(option.property.id === property?.id));
    }
  };

  const fill = () => {
    const found = search(viewer.state.now.run?.properties ?? [], field.value);
    options = found.map((property) => ({ property, element: optionOf(property, viewer) }));
    list.replaceChildren(...grouped(options));
    if (found.length === 0) {
      list.append(h('p', { class: 'quiet' }, `Nothing is called “${field.value}”.`));
    }
    activate(field.value !== '' && found.length > 0 ? 0 : -1);
    mark();
  };

  field.addEventListener('input', fill);
  field.addEventListener('keydown', (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined && options.length > 0) {
      event.preventDefault();
      const from = active < 0 ? options.findIndex(({ property }) =>
        property.id === viewer.state.now.property?.id) : active;
      activate((from + move + options.length) % options.length);
    } else if (event.key === 'Enter' && options[active]) {
      viewer.setProperty(options[active].property.id);
    } else if (event.key === 'Escape' && field.value !== '') {
      event.stopPropagation();
      field.value = '';
      fill();
    }
  });

  viewer.state.watch(['run'], () => { field.value = ''; fill(); });
  viewer.state.watch(['property', 'run'], () => {
    mark();
    // Once it is laid out: a list that is not shown yet cannot scroll.
    requestAnimationFrame(() => {
      const chosen = list.querySelector('[aria-selected=true]');
      if (chosen) reveal(list, chosen);
    });
  });
  return h('section', { class: 'panel property-panel' },
    h('h2', {}, 'Property'),
    h('div', { class: 'search' }, icon('search'), field), list);
}

/**
 * Scrolls the list to one of its options, and nothing that the list stands in.
 * @param {HTMLElement} list
 * @param {Element} option
 */
function reveal(list, option) {
  const [outer, inner] = [list.getBoundingClientRect(), option.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}

/** @param {Drawable} property @param {import('../../model/viewer.js').Viewer} viewer */
function optionOf(property, viewer) {
  return h('div', {
    role: 'option', id: uniqueId('property'), class: 'option', title: property.id,
    onclick: () => viewer.setProperty(property.id),
  }, h('span', { class: 'option-name' }, property.name),
  property.unit !== '' && h('span', { class: 'unit' }, property.unit));
}

/** @param {{ property: Drawable, element: HTMLElement }[]} options */
function grouped(options) {
  /** @type {Map<string, HTMLElement>} */ const groups = new Map();
  for (const { property, element } of options) {
    let group = groups.get(property.group);
    if (group === undefined) {
      group = h('div', { role: 'group', 'aria-label': property.group },
        h('div', { class: 'group-name', role: 'presentation' }, property.group));
      groups.set(property.group, group);
    }
    group.append(element);
  }
  return groups.values();
}
