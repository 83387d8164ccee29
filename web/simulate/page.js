// SPDX-License-Identifier: MIT
// Simulations on the page: the simulator, fetched when it is first wanted, the viewer that shows what it
// makes, and the bar between them.

import { failureOf } from '../model/failures.js';
import { CLOSED_RESULTS } from '../model/results-link.js';

/** A step behind the last one: who looks at the last step goes along with a run that grows. */
const LAST = 999_999_999;

/** @typedef {import('../element.js').BoresViewer} BoresViewer */
/** @typedef {import('./simulator.js').Simulator} Simulator */

export class SimulationPage {
  #element;
  /** @type {Promise<Simulator> | undefined} */ #simulator;

  /** @param {BoresViewer} element */
  constructor(element) {
    this.#element = element;
  }

  /** @param {string} id  of a scenario @param {Record<string, number>} values */
  start(id, values) {
    this.#with((simulator) => simulator.start(id, values));
  }

  /** @param {string} name  of a run that was not finished */
  resume(name) {
    this.#with((simulator) => simulator.resume(name));
  }

  /** @param {(simulator: Simulator) => Promise<void>} use */
  #with(use) {
    const { viewer } = this.#element;
    viewer.wait('Simulation', 'Beginning');
    this.#simulator ??= this.#fetch();
    this.#simulator.then((simulator) => {
      const stop = simulator.state.watch(['status', 'problem'], ({ status, problem }) => {
        if (status !== 'failed' || viewer.state.now.phase !== 'opening') return;
        viewer.fail({ title: 'The simulation ended at once', message: problem });
      });
      return use(simulator).finally(stop);
    }).catch((error) => {
      this.#simulator = undefined;
      viewer.fail(failureOf('The simulator cannot be fetched', error));
    });
  }

  async #fetch() {
    const [{ Simulator }, { simBar }] = await Promise.all([import('./simulator.js'), import('./sim-bar.js')]);
    const element = this.#element;
    const { viewer } = element;
    const simulator = new Simulator({
      show: (location, name, scenario) => element.open(location, { name, source: location, link: {
        ...(scenario && { property: scenario.property }),
        step: LAST,
        results: { ...CLOSED_RESULTS, open: true, quantities: scenario?.curves ?? CLOSED_RESULTS.quantities },
      } }),
      nudge: () => viewer.state.now.run?.nudge(),
    });
    /** A run that the next one is to be compared with. @type {{ location: string, name: string } | null} */
    let other = null;
    element.simulationPlace.replaceChildren(simBar(viewer, simulator, {
      compare: (location, name) => { other = { location, name }; },
    }));
    viewer.state.watch(['run', 'source'], ({ run, source, phase }) => {
      if (run && simulator.owns(source)) {
        viewer.set({ paper: simulator.state.now.paper, ...(other && { beside: [other] }) });
        other = null;
      } else if (!run && phase === 'empty') simulator.leave();
    });
    return simulator;
  }
}
