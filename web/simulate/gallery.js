// SPDX-License-Identifier: MIT
// Scenarios to choose from, and the form of what can be changed.

import { SCENARIOS, valuesOf } from './catalogue.js';
import { allRemembered, forget } from './memory.js';
import { h, iconButton } from '../base/dom.js';

/** @typedef {import('./catalogue.js').Scenario} Scenario */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @typedef {object} Actions
 * @property {(id: string, values: Record<string, number>) => void} start  of a scenario
 * @property {(name: string) => void} resume  a run that was not finished
 */

/**
 * @param {Actions} actions
 * @returns {{ element: HTMLElement, refresh: () => void }}  refresh: looks for runs that were not finished
 */
export function gallery({ start, resume }) {
  const unfinished = h('ul', { class: 'unfinished' });
  const refresh = () =>
    unfinished.replaceChildren(
      ...Object.entries(allRemembered())
        .filter(([, { finished }]) => !finished)
        .reverse()
        .slice(0, 3)
        .map(([name]) =>
          h(
            'li',
            {},
            h('button', { type: 'button', class: 'small', onclick: () => resume(name) }, `Go on with ${name}`),
            iconButton('close', `Do not go on with ${name}`, () => {
              forget(name);
              refresh();
            }),
          ),
        ),
    );
  const dialog = h('dialog', { class: 'help scenario-dialog', 'aria-label': 'Simulate' });
  const open = (/** @type {Scenario} */ scenario) => {
    dialog.replaceChildren(
      form(
        scenario,
        (values) => {
          dialog.close();
          start(scenario.id, values);
        },
        () => dialog.close(),
      ),
    );
    dialog.showModal();
  };
  const element = h(
    'section',
    { class: 'gallery', 'aria-label': 'Simulate' },
    h('h2', {}, 'Simulate here'),
    h(
      'p',
      { class: 'quiet' },
      'A reservoir in this page: nothing to install, and what it computes stays in this browser.',
    ),
    h(
      'ul',
      {},
      ...SCENARIOS.map((scenario) =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', class: 'scenario', 'data-scenario': scenario.id, onclick: () => open(scenario) },
            picture(scenario),
            h('b', {}, scenario.title),
          ),
        ),
      ),
    ),
    unfinished,
    dialog,
  );
  return { element, refresh };
}

/** @param {Scenario} scenario @param {(values: Record<string, number>) => void} onStart @param {() => void} onClose */
function form(scenario, onStart, onClose) {
  const fields = scenario.parameters.map(({ id, title, unit, value, min, max }) => {
    const input = h('input', { type: 'number', name: id, value, min, max, step: 'any', required: true });
    return h('label', { class: 'parameter' }, h('span', {}, title), input, h('span', { class: 'unit' }, unit));
  });
  const element = h(
    'form',
    {
      method: 'dialog',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        onStart(
          valuesOf(
            scenario,
            Object.fromEntries([...new FormData(element)].map(([id, text]) => [id, Number(text)])),
          ),
        );
      },
    },
    h('div', { class: 'dialog-head' }, h('h2', {}, scenario.title), iconButton('close', 'Close', onClose)),
    picture(scenario),
    h('p', {}, scenario.story),
    h('div', { class: 'parameters' }, ...fields),
    h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, 'Simulate')),
  );
  return element;
}

/** @param {Scenario} scenario */
function picture({ picture: marks }) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 120 72');
  svg.setAttribute('class', 'scenario-picture');
  svg.setAttribute('aria-hidden', 'true');
  for (const [kind, d] of marks) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    path.setAttribute('class', `mark-${kind}`);
    svg.append(path);
  }
  return svg;
}
