// SPDX-License-Identifier: MIT
// What the benchmarks share: where their stores are, how a time is taken, how a line is printed.
// A number is always printed beside a peer's from the same run, as a ratio: measures go in turns with their
// peers, since what else a machine does changes from second to second.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const work = path.join(root, 'build', 'bench');

/** The best of several runs, in seconds: what the machine can do when it is left alone. */
export async function best(runs, body) {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await body();
    least = Math.min(least, performance.now() - start);
  }
  return least / 1000;
}

/** @param {number[]} values */
export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Makes a file or folder of build/bench unless it is there. */
export function made(name, make) {
  const file = path.join(work, name);
  if (!existsSync(file)) {
    mkdirSync(work, { recursive: true });
    make(file);
  }
  return file;
}

const written = path.join(work, 'written');
let places = 0;

/**
 * Where a benchmark may write: a name that is new each time. What was written is removed when all is
 * over, because ext4 passes over what was deleted in the last minute one inode at a time, and a
 * benchmark that deletes would measure that.
 */
export function newPlace() {
  if (places === 0) {
    rmSync(written, { recursive: true, force: true }); // of a run that was killed
    mkdirSync(written, { recursive: true });
    process.once('exit', () => rmSync(written, { recursive: true, force: true }));
  }
  places += 1;
  return path.join(written, `${places}.zarr`);
}

export function python(script, ...args) {
  execFileSync('/usr/bin/python3', [path.join(root, 'tests', 'bench', script), ...args],
    { stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * @param {string} what
 * @param {string} value
 * @param {number} [ratio]  ours over the peer's (or as `what` says)
 * @param {number} [goal]
 */
export function line(what, value, ratio, goal) {
  const shown = ratio === undefined ? '' : `${ratio.toFixed(2)}×`;
  const wanted = goal === undefined ? '' : `goal ${goal}×`;
  console.log(`  ${what.padEnd(58)} ${value.padStart(14)} ${shown.padStart(9)} ${wanted}`.trimEnd());
}

export const rate = (bytes, seconds) => `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;

/** @typedef {{ measure: string, ours: string, beside: { who: string, value: string, ratio: number }[] }} Row */
/** What row() was told. @type {Row[]} */
export const rows = [];

/** A measure of the table, with what was measured beside it; a ratio is theirs over ours. @param {Row} told */
export function row(told) {
  rows.push(told);
  line(told.measure, told.ours);
  for (const { who, value, ratio } of told.beside) line(`  ${who}`, value, ratio);
}

/** The rows as a table of Markdown. */
export function table() {
  const cells = rows.map(({ measure, ours, beside }) => [measure, ours,
    beside.map(({ who, value, ratio }) => `${who} ${value}: ${ratio.toFixed(2)}×`).join('; ')]);
  return [['', 'ours', 'beside it, and ours over it'], ['---', '---', '---'], ...cells]
    .map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Turns that count. */
const TURNS = 5;

/**
 * A ratio is the median of those of one turn each.
 * @param {any} measure
 * @param {Record<string, number>[]} turns  seconds by name
 */
export function show({ name, bytes, floor }, turns) {
  const of = (who) => median(turns.map((turn) => turn[who]));
  const text = (seconds) => bytes ? `${(bytes / 1e6 / seconds).toFixed(0)} MB/s` : `${Number((1000 * seconds).toPrecision(3))} ms`;
  const beside = Object.keys(turns[0]).filter((who) => who !== 'ours')
    .map((who) => ({ who: who === floor ? 'floor' : who, value: text(of(who)),
      ratio: median(turns.map((turn) => turn[who] / turn.ours)) }));
  row({ measure: name, ours: text(of('ours')), beside });
}

/**
 * What is taken is the processor time of the busiest thread, where the system tells it (Linux): what the
 * measure takes where there are enough cores and nobody else wants them. What waits for a disk is taken by
 * the clock.
 *
 * @param {Record<string, () => unknown>} bodies
 * @param {boolean} [byClock]
 * @returns {Promise<Record<string, number>[]>}  seconds by name
 */
export async function inTurns(bodies, byClock) {
  const turns = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const seconds = {};
    for (const [name, body] of Object.entries(bodies)) {
      const begun = performance.now(), before = byClock ? undefined : threadSeconds();
      const own = await body();
      seconds[name] = typeof own === 'number' ? own : before ? busiest(before, threadSeconds())
        : (performance.now() - begun) / 1000;
    }
    if (turn > 0) turns.push(seconds); // the first one warms up
  }
  return turns;
}

/** Processor time of each thread of this process so far, by its number; undefined where that is not known. */
function threadSeconds() {
  const tasks = '/proc/self/task';
  if (!existsSync(`${tasks}/${process.pid}/schedstat`)) return undefined;
  return new Map(readdirSync(tasks).map((task) =>
    [task, Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e9]));
}

/** @param {Map<string, number>} before @param {Map<string, number>} after */
function busiest(before, after) {
  return Math.max(...[...after].map(([task, seconds]) => seconds - (before.get(task) ?? 0)));
}
