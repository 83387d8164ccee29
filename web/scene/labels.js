// SPDX-License-Identifier: MIT
// Texts in the 3-D picture, as HTML over the canvas: sharp at any resolution, in every
// script, and there for assistive technology.

import { keepInside, spreadLabels } from './label-places.js';

/**
 * @typedef {object} Label
 * @property {string} text
 * @property {'well' | 'axis' | 'tick'} kind
 * @property {import('./renderer.js').Vector} at  in the scene's own coordinates
 * @property {readonly [number, number, number]} [colour]  0…255
 */

/**
 * @typedef {object} PlacedLabel
 * @property {string} text
 * @property {Label['kind']} kind
 * @property {number} x  CSS pixels of the anchor
 * @property {number} y
 * @property {readonly [number, number, number]} [colour]
 */

/** CSS pixels from one depth to the next at which both can be read. */
const TICK_HEIGHT = 12;

export class LabelLayer {
  #element = document.createElement('div');
  /**
   * `apart`: they are not to cover each other.
   * @type {Map<string, { labels: readonly Label[], nodes: HTMLElement[], apart: boolean,
   *   sizes: (n: number) => { width: number, height: number } }>}
   */
  #groups = new Map();

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.#element.className = 'labels';
    parent.append(this.#element);
  }

  /** Replaces the labels of one group. @param {string} group @param {readonly Label[]} labels */
  set(group, labels) {
    for (const node of this.#groups.get(group)?.nodes ?? []) node.remove();
    const nodes = labels.map(({ text, kind, colour }) => {
      const node = document.createElement('span');
      node.className = `label label-${kind}`;
      node.textContent = text;
      if (kind !== 'well') node.setAttribute('aria-hidden', 'true');
      if (colour !== undefined) {
        node.style.setProperty('--label-colour', `rgb(${colour.join(' ')})`);
      }
      return node;
    });
    this.#element.append(...nodes);
    this.#groups.set(group, { labels, nodes, apart: labels[0]?.kind === 'well', sizes: sizesOf(nodes) });
  }

  /**
   * Moves every label to where its point is now; those of wells make room for each other.
   * @param {(at: import('./renderer.js').Vector) => { x: number, y: number } | null} project
   *   null: behind the eye
   * @param {{ width: number, height: number }} picture  CSS pixels
   * @param {import('./label-places.js').Placeable[]} taken  places where no label of a well can be read
   * @returns {PlacedLabel[]}  those that are seen
   */
  place(project, picture, taken) {
    /** @type {PlacedLabel[]} */ const placed = [];
    for (const { labels, nodes, apart, sizes } of this.#groups.values()) {
      const seen = labels.flatMap((label, n) => {
        const point = project(label.at);
        nodes[n].hidden = point === null;
        return point === null ? [] : [{ label, n, point }];
      });
      const places = apart ? spreadLabels(seen.map(({ n, point }) => ({ ...point, ...sizes(n) })), picture,
        taken)
        : seen.map(({ label, n, point }) => ({ y: point.y, away: false,
          x: label.kind === 'tick' ? keepInside(point.x, sizes(n).width, picture) : point.x }));
      let last = Infinity;
      seen.forEach(({ label: { text, kind, colour }, n }, m) => {
        const { x, y, away } = places[m];
        // Depths that would touch each other are left out.
        if (kind === 'tick') {
          nodes[n].hidden = Math.abs(y - last) < TICK_HEIGHT;
          if (nodes[n].hidden) return;
          last = y;
        }
        nodes[n].style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
        nodes[n].classList.toggle('away', away);
        placed.push({ text, kind, colour, x, y });
      });
    }
    return placed;
  }

  dispose() {
    this.#element.remove();
  }
}

/** Measured once each, when they are laid out: a layout costs more than a frame. @param {HTMLElement[]} nodes */
function sizesOf(nodes) {
  /** @type {{ width: number, height: number }[]} */ const known = [];
  return (/** @type {number} */ n) => {
    const { offsetWidth: width, offsetHeight: height } = known[n] ? { offsetWidth: 0, offsetHeight: 0 } : nodes[n];
    if (width > 0) known[n] = { width, height };
    return known[n] ?? { width: 60, height: 22 };
  };
}
