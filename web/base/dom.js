// SPDX-License-Identifier: MIT
// Building elements. No text is ever parsed as HTML: names in a run may hold anything.

/**
 * @typedef {Node | string | null | undefined | false} Child
 */

/**
 * An element with attributes and children. A name that starts with `on` is a listener, a
 * value of false, null or undefined leaves the attribute out, true is an empty one.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter(isNode));
  return element;
}

/** Which styles a root has. @type {WeakMap<ShadowRoot, Set<string>>} */
const styled = new WeakMap();

/**
 * Styles come with what they are for, once: an element that is taken out of its page and put back keeps them.
 * @param {Element} element  in the root that is to have them
 * @param {string} text
 */
export function addStyle(element, text) {
  const root = /** @type {ShadowRoot} */ (element.getRootNode());
  const texts = styled.get(root) ?? new Set();
  styled.set(root, texts);
  if (texts.has(text)) return;
  texts.add(text);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/** @param {Element} element @param {Record<string, unknown>} attributes */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on') && typeof value === 'function') {
      element.addEventListener(name.slice(2).toLowerCase(),
        /** @type {EventListener} */ (value));
    } else if (value === false || value === null || value === undefined) {
      element.removeAttribute(name);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

/** @param {Child} child @returns {child is Node | string} */
function isNode(child) {
  return child !== null && child !== undefined && child !== false;
}

const SVG = 'http://www.w3.org/2000/svg';

/** @type {Record<string, string>}  24 × 24, drawn with a pen of two units */
const ICONS = {
  play: 'M7 4.5v15l12-7.5z',
  pause: 'M8 5v14M16 5v14',
  back: 'M17 5v14l-9-7zM6 5v14',
  forward: 'M7 5v14l9-7zM18 5v14',
  first: 'M18 5v14l-8-7zM10 5v14l-6-7z',
  last: 'M6 5v14l8-7zM14 5v14l6-7z',
  loop: 'M17 2l4 4-4 4M3 11V9a3 3 0 0 1 3-3h15M7 22l-4-4 4-4M21 13v2a3 3 0 0 1-3 3H3',
  folder: 'M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z',
  file: 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5',
  link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.5l-3 3'
    + 'a4 4 0 0 0 5.7 5.7l1-1',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4'
    + 'M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7'
    + 'M12 16.8h.01',
  chart: 'M4 4v16h16M7 15l4-5 3 3 5-7',
  compare: 'M12 3v18M4 6h5v12H4zM15 6h5v12h-5z',
  filter: 'M4 5h16l-6.5 8v6l-3-2v-4z',
  fence: 'M3 7l5 3 6-4 7 3v9l-7-3-6 4-5-3zM8 10v9M14 6v9',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM20 20l-4.5-4.5',
  close: 'M6 6l12 12M18 6L6 18',
  home: 'M4 11l8-7 8 7M6 10v9h12v-9',
  reset: 'M4 5v5h5M4.5 10A8 8 0 1 1 4 14',
  drop: 'M12 3v11M7 10l5 5 5-5M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2',
  warning: 'M12 4L2.8 20h18.4zM12 10v4M12 17h.01',
  save: 'M5 4h11l4 4v12H4V4zM8 4v5h7V4M8 20v-6h8v6',
  down: 'M6 9l6 6 6-6',
  plane: 'M4 15l8-4 8 4-8 4zM12 3v3M12 18v3M12 8v1',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
  cube: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5',
};

/** @param {string} name @returns {SVGSVGElement}  decoration: the button has the words */
export function icon(name) {
  const svg = /** @type {SVGSVGElement} */ (document.createElementNS(SVG, 'svg'));
  setAttributes(svg, { viewBox: '0 0 24 24', class: `icon icon-${name}`, 'aria-hidden': 'true' });
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** Replaces what a button shows. @param {Element} button @param {string} name */
export function setIcon(button, name) {
  button.querySelector('.icon')?.replaceWith(icon(name));
}

/**
 * A button that is an icon; its words are its name and its tooltip.
 * @param {string} name
 * @param {string} label
 * @param {(event: Event) => void} onClick
 * @param {Record<string, unknown>} [attributes]
 */
export function iconButton(name, label, onClick, attributes = {}) {
  return h('button', {
    type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: onClick,
    ...attributes,
  }, icon(name));
}

let count = 0;

/** An id that nothing else on the page has. @param {string} what */
export function uniqueId(what) {
  count += 1;
  return `${what}-${count}`;
}
