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
  /** What the viewer waits with for the simulation: another one there, and it is not wanted any more. */
  #waiting = /** @type {import('../model/state.js').ViewerState['opening']} */ (null);

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
    const { opening } = viewer.state.now;
    this.#waiting = opening;
    const fail = (/** @type {string} */ title, /** @type {unknown} */ error) => {
      if (viewer.state.now.opening === opening) viewer.fail(failureOf(title, error));
    };
    this.#simulator ??= this.#fetch();
    this.#simulator.then((simulator) => {
      if (viewer.state.now.opening !== opening) return; // cancelled, or something else was opened
      use(simulator).catch((error) => fail('The simulation cannot begin', error));
    }, (error) => {
      this.#simulator = undefined;
      fail('The simulator cannot be fetched', error);
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
      tell: (trouble) => {
        if (viewer.state.now.phase !== 'empty') viewer.set({ trouble });
        else viewer.fail({ title: 'A simulation could not be kept', message: trouble });
      },
    });
    /** A run that the next one is to be compared with. @type {{ location: string, name: string } | null} */
    let other = null;
    element.simulationPlace.replaceChildren(simBar(viewer, simulator, {
      compare: (location, name) => { other = { location, name }; },
    }));
    simulator.state.watch(['status', 'problem'], ({ status, problem }) => {
      if (status !== 'failed') return;
      other = null;
      if (this.#isWaiting()) viewer.fail({ title: 'The simulation ended at once', message: problem });
    });
    viewer.state.watch(['run', 'source', 'opening', 'phase'], ({ run, source }) => {
      if (run && simulator.owns(source)) {
        viewer.set({ paper: simulator.state.now.paper, ...(other && { beside: [other] }) });
        other = null;
      } else if (!this.#isWaiting() && !simulator.concerns(source)) simulator.leave();
    });
    return simulator;
  }

  #isWaiting() {
    const { opening } = this.#element.viewer.state.now;
    return opening !== null && opening === this.#waiting;
  }
}
