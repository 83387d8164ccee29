// SPDX-License-Identifier: MIT
// Playback: every step in order, none skipped, not faster than asked for and not before the
// step before it is on the screen; all steps last equally long, or as long as they are.

/**
 * What playback needs of the viewer.
 * @typedef {object} Playable
 * @property {() => number} step      on the screen or about to be
 * @property {() => number} count
 * @property {(from: number, to: number) => number} pause  how long `from` stays before `to` comes, ms
 * @property {() => boolean} loop
 * @property {(step: number) => Promise<void>} show  resolves when it is on the screen
 * @property {(step: number) => void} prefetch
 * @property {() => void} onEnd
 */

/** Steps that are read ahead. */
const AHEAD = 3;

export class Player {
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {(() => void) | null} */ #wake = null;

  /** @param {Playable} on */
  constructor(on) {
    this.on = on;
  }

  /** From the end it starts over. */
  async play() {
    this.stop();
    const turn = this.#turn;
    const { on } = this;
    let due = performance.now();
    let first = on.step() >= on.count() - 1;
    for (;;) {
      const next = first ? 0 : on.step() + 1;
      if (next >= on.count() && !on.loop()) break;
      first = false;
      const step = next % on.count();
      for (let n = 0; n <= AHEAD && n < on.count(); n += 1) {
        if (on.loop() || step + n < on.count()) on.prefetch((step + n) % on.count());
      }
      due = Math.max(due + on.pause(on.step(), step), performance.now());
      await this.#sleep(due - performance.now());
      if (turn !== this.#turn) return;
      await on.show(step);
      if (turn !== this.#turn) return;
    }
    on.onEnd();
  }

  stop() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#wake?.();
    this.#wake = null;
  }

  /** @param {number} ms */
  #sleep(ms) {
    return new Promise((resolve) => {
      this.#wake = () => resolve(undefined);
      this.#timer = setTimeout(this.#wake, Math.max(0, ms));
    });
  }
}
