// SPDX-License-Identifier: MIT
// A progress bar on stderr: only on a terminal, only for work that takes a while, and gone
// when the work is done.

const WIDTH = 24;
const DELAY_MS = 400;
const INTERVAL_MS = 100;

export class Progress {
  #stream;
  #start = performance.now();
  #drawn = 0;

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream) {
    this.#stream = stream;
  }

  /**
   * @param {string} label
   * @param {number} done
   * @param {number} total
   */
  update(label, done, total) {
    const now = performance.now();
    if (!this.#stream.isTTY) return;
    if (now - this.#start < DELAY_MS || now - this.#drawn < INTERVAL_MS) return;
    this.#drawn = now;
    const share = total > 0 ? done / total : 0;
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
    this.#stream.write(`\r\x1b[K${label} ${bar} ${done}/${total}`);
  }

  clear() {
    if (this.#drawn > 0) this.#stream.write('\r\x1b[K');
    this.#drawn = 0;
  }
}
