// SPDX-License-Identifier: MIT
// While a simulation's run is shown: how far it is, pause, and another future from the step in the picture.

import { formatNumber } from '../plot/scale.js';
import { h, iconButton } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('./simulator.js').Simulator} Simulator */

/** Limits of wells: title and unit by name. @type {Record<string, readonly [string, string]>} */
const LIMITS = Object.freeze({
  rate: ['Rate', ''],
  orat: ['Oil rate', 'STB/d'],
  lrat: ['Liquid rate', 'STB/d'],
  bhp: ['Pressure limit', 'psia'],
});

/**
 * @param {Viewer} viewer
 * @param {Simulator} simulator
 * @param {{ compare: (location: string, name: string) => void }} actions
 */
export function simBar(viewer, simulator, { compare }) {
  const title = h('b', {});
  const text = h('span', { class: 'quiet sim-text' });
  const progress = h('progress', { 'aria-label': 'Simulated' });
  const pause = h('button', {
    type: 'button',
    class: 'small',
    onclick: () => (simulator.state.now.status === 'paused' ? simulator.goOn() : simulator.pause()),
  });
  const stop = h('button', { type: 'button', class: 'small', onclick: () => simulator.stop() }, 'Stop');
  const branch = h(
    'button',
    { type: 'button', class: 'small', onclick: () => openBranch() },
    'Change wells at this day …',
  );
  const dialog = h('dialog', { class: 'help scenario-dialog', 'aria-label': 'Change wells' });
  const status = h('p', { class: 'visually-hidden', role: 'status' });
  const element = h(
    'div',
    { class: 'sim-bar', role: 'group', 'aria-label': 'Simulation' },
    title,
    progress,
    text,
    pause,
    stop,
    branch,
    dialog,
    status,
  );
  const openBranch = () => {
    const { run, step } = viewer.state.now;
    const day = Number(run?.steps[step]?.time ?? 0) / 86400;
    const { name } = simulator.state.now;
    dialog.replaceChildren(
      branchForm(
        day,
        simulator.state.now.wells,
        (wells) => {
          dialog.close();
          void simulator.branch(day, wells);
          compare(`idb:${name}`, name);
        },
        () => dialog.close(),
      ),
    );
    dialog.showModal();
  };
  simulator.state.watch(['status', 'day', 'days', 'text', 'problem', 'remark', 'title'], (now) => {
    const going = now.status === 'running' || now.status === 'paused';
    title.textContent = now.title;
    progress.max = Math.max(1, now.days);
    progress.value = now.status === 'done' ? progress.max : now.day;
    text.textContent = textOf(now);
    text.classList.toggle('trouble-text', now.status === 'failed');
    pause.hidden = stop.hidden = !going;
    pause.textContent = now.status === 'paused' ? 'Go on' : 'Pause';
    branch.disabled = now.wells.length === 0 || now.day === 0;
    if (!going) status.textContent = now.status === 'idle' ? '' : textOf(now);
  });
  const place = () => {
    element.hidden = !simulator.owns(viewer.state.now.source) || viewer.state.now.phase !== 'ready';
  };
  viewer.state.watch(['source', 'phase'], place);
  simulator.state.watch(['name'], place);
  return element;
}

/** @param {import('./simulator.js').SimulatorState} state */
function textOf({ status, day, days, text, problem, remark }) {
  const so = `Day ${formatNumber(Math.round(day))} of ${formatNumber(Math.round(days))}`;
  switch (status) {
    case 'failed':
      return `Ended on day ${formatNumber(Math.round(day))}: ${problem}`;
    case 'done':
      return `Finished: ${formatNumber(Math.round(days))} days. ${remark}`;
    case 'paused':
      return `${so}, paused`;
    case 'stopped':
      return `${so}, stopped`;
    default:
      return [so, text, remark].filter(Boolean).join(' · ');
  }
}

/**
 * @param {number} day
 * @param {readonly any[]} wells
 * @param {(wells: Record<string, any>) => void} onBranch
 * @param {() => void} onClose
 */
function branchForm(day, wells, onBranch, onClose) {
  const rows = wells.map((well) => {
    const shut = h('input', { type: 'checkbox' });
    const limits = Object.keys(LIMITS).filter((name) => well[name] !== undefined);
    const inputs = limits.map((name) =>
      h('input', {
        type: 'number',
        min: 0,
        step: 'any',
        value: well[name],
        'aria-label': `${well.name}: ${LIMITS[name][0]}`,
      }),
    );
    const element = h(
      'fieldset',
      {},
      h('legend', {}, `${well.name}, ${well.type === 'injector' ? `${well.fluid} injector` : 'producer'}`),
      h('label', { class: 'check' }, shut, 'Shut'),
      ...limits.map((name, n) =>
        h(
          'label',
          { class: 'parameter' },
          h('span', {}, LIMITS[name][0]),
          inputs[n],
          h('span', { class: 'unit' }, LIMITS[name][1] || (well.fluid === 'gas' ? 'Mscf/d' : 'STB/d')),
        ),
      ),
    );
    /** What is changed of it, or undefined. */
    const change = () => {
      if (shut.checked) return { status: 'shut' };
      const changed = limits.filter(
        (name, n) => inputs[n].valueAsNumber >= 0 && inputs[n].valueAsNumber !== well[name],
      );
      return changed.length === 0
        ? undefined
        : { status: 'open', ...Object.fromEntries(limits.map((name, n) => [name, inputs[n].valueAsNumber])) };
    };
    return { name: well.name, element, change };
  });
  const hint = h('p', { class: 'quiet', role: 'status' });
  const form = h(
    'form',
    {
      method: 'dialog',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const changed = Object.fromEntries(
          rows.map(({ name, change }) => [name, change()]).filter(([, change]) => change !== undefined),
        );
        if (Object.keys(changed).length === 0) hint.textContent = 'Nothing is changed yet.';
        else onBranch(changed);
      },
    },
    h(
      'header',
      {},
      h('h2', {}, `Another future from day ${formatNumber(Math.round(day))}`),
      iconButton('close', 'Close', onClose),
    ),
    h('p', {}, 'The run so far stays as it is, and its curves are laid over the new ones.'),
    ...rows.map(({ element }) => element),
    hint,
    h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, 'Simulate')),
  );
  return form;
}
