// SPDX-License-Identifier: MIT
// Tells those who wait for a long command that it runs, and how far it is.

/** Of silence before a word. */
const EVERY_MS = 15_000;
const WIDTH = 72;

/**
 * Prints a line every 15 seconds, until it is ended.
 *
 * @param {string} name  of what runs
 * @param {() => string} far  what there is to say, shown behind the time; '' when that is nothing
 * @returns {{ end: () => void }}
 */
export function watch(name, far) {
  const started = performance.now();
  const timer = setInterval(() => {
    const more = far();
    const time = duration((performance.now() - started) / 1000);
    process.stdout.write(`  ${name}: ${time}${more === '' ? '' : `, ${more}`}\n`);
  }, EVERY_MS);
  timer.unref();
  return { end: () => clearInterval(timer) };
}

/** @param {number} seconds */
export function duration(seconds) {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * How far a command is, by its output: ninja's count of steps, else the last line.
 * @param {string} output
 */
export function howFar(output) {
  const lines = output.trimEnd().split('\n');
  const steps = lines.map((line) => /^\[(\d+)\/(\d+)\]/.exec(line)).filter((found) => found !== null);
  const last = steps[steps.length - 1];
  if (last) return `${last[1]} of ${last[2]} steps`;
  // Some write over their line, with colours.
  const line = lines[lines.length - 1].split('\r').pop() ?? '';
  return line.replace(/\x1b\[[\d;]*[A-Za-z]/g, '').trim().slice(0, WIDTH);
}
