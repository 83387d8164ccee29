// SPDX-License-Identifier: MIT
// Texts in the 3-D picture, as HTML over the canvas: sharp at any resolution, in every
// script, and there for assistive technology.

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

export class LabelLayer {
  #element = document.createElement('div');
  /** @type {Map<string, { labels: readonly Label[], nodes: HTMLElement[] }>} */
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
    this.#groups.set(group, { labels, nodes });
  }

  /**
   * Moves every label to where its point is now.
   * @param {(at: import('./renderer.js').Vector) => { x: number, y: number } | null} project
   *   null: behind the eye
   * @returns {PlacedLabel[]}  those that are seen
   */
  place(project) {
    /** @type {PlacedLabel[]} */ const placed = [];
    for (const { labels, nodes } of this.#groups.values()) {
      labels.forEach(({ text, kind, at, colour }, n) => {
        const point = project(at);
        nodes[n].hidden = point === null;
        if (point === null) return;
        nodes[n].style.transform = `translate(${point.x.toFixed(1)}px, ${point.y.toFixed(1)}px)`;
        placed.push({ text, kind, colour, ...point });
      });
    }
    return placed;
  }

  dispose() {
    this.#element.remove();
  }
}
