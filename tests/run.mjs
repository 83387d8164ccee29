// SPDX-License-Identifier: MIT
// Runs every suite of tests and sums up. `node tests/run.mjs [suite …]` runs some of them. Where there are two
// processors two suites run at a time: those with a browser wait for half of their time.
//
// Each suite's whole output is in build/tests/<suite>.log; what is shown of it is how far it is, its
// count, and when it fails its end. After all of them the tests that failed are listed by name; the
// last line is "N passed, N failed".
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { duration, watch } from '../cmake/setup/progress.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const logs = path.join(root, 'build', 'tests');
const TAIL_LINES = 60;
const LISTED_FAILURES = 40; // of a suite
const SUITE_TIMEOUT_MS = 30 * 60_000;
const AT_A_TIME = Math.min(2, availableParallelism());

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} about
 * @property {string[]} command
 * @property {(output: string, ok: boolean) => { passed: number, failed: number }} count
 */

/** @param {string} preset @param {string[]} labels */
function ctest(preset, labels) {
  const where = ['--test-dir', path.join(root, 'build', preset)];
  const how = ['--output-on-failure', '--no-tests=error', '-j', '2'];
  return ['ctest', ...where, ...how, ...labels];
}

/** @param {string} output */
function countCtest(output) {
  const found = /(\d+) tests failed out of (\d+)/.exec(output);
  const failed = found === null ? 1 : Number(found[1]);
  return { passed: found === null ? 0 : Number(found[2]) - failed, failed };
}

/** @param {string} output  with node:test's summary */
function countNode(output) {
  const number = (/** @type {string} */ word) =>
    Number(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  // A skipped or postponed test is one that did not pass.
  const failed = number('fail') + number('cancelled') + number('skipped') + number('todo');
  return { passed: number('pass'), failed };
}

/** @param {string} output  ending with "N passed, N failed" */
function countPlain(output) {
  const found = /(\d+) passed, (\d+) failed\s*$/.exec(output);
  return { passed: Number(found?.[1] ?? 0), failed: Number(found?.[2] ?? 1) };
}

/** @param {string} _output @param {boolean} ok */
function countWhole(_output, ok) {
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** How those who run tests name one that failed: ctest, node, the browsers' runners, the compiler. */
const FAILED_TEST = new RegExp([
  /^\s+\d+ - \S+ .*\((?:Failed|Timeout|Not Run|.*Exception.*|SEGFAULT|Subprocess aborted)\).*/,
  /^\s*✖ (?!failing tests:).*/, /^\s*FAIL .*/, /^\S+\(\d+,\d+\): error .*/,
].map(({ source }) => source).join('|'), 'gm');

/**
 * @param {string} output
 * @returns {string[]}  names of the tests that failed
 */
function failedTests(output) {
  const names = [...output.matchAll(FAILED_TEST)].map(([line]) => line.trim());
  return [...new Set(names.map((name) => name.replace(/ \([\d.]+ ?ms\)$/, '')))];
}

/**
 * @param {string} folder  below tests/
 * @param {RegExp} [without]  which paths below it are another suite's
 * @returns {string[]} paths of its test files
 */
function testFiles(folder, without = /^$/) {
  const top = path.join(root, 'tests', folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.m?js$/.test(name) && !without.test(name))
    .map((name) => path.join(top, name))
    .sort();
}

/**
 * @param {string} name  and folder, if that has no other
 * @param {string} about
 * @param {string} [folder]
 * @param {RegExp} [without]
 * @returns {Suite}
 */
function nodeSuite(name, about, folder = name, without) {
  const how = ['--test', '--test-reporter=spec', '--test-concurrency=2', '--test-timeout=1200000'];
  const files = testFiles(folder, without);
  // Without files node would look for tests by itself, everywhere.
  const command = files.length > 0
    ? ['node', ...how, ...files]
    : ['sh', '-c', `echo "tests/${folder} has no test files"; exit 1`];
  return { name, about, command, count: countNode };
}

/** @param {'browser' | 'viewer'} name @param {string} script @param {string} about @returns {Record<string, Suite>} */
function browserSuites(name, script, about) {
  return Object.fromEntries(['chromium', 'firefox'].map((browser) => [browser, { name: `${name}-${browser}`,
    about: `${about} in ${browser === 'chromium' ? 'Chromium' : 'Firefox'}`,
    command: ['node', script, '--browser', browser], count: countPlain }]));
}

const inBrowsers = browserSuites('browser', 'tests/browser/run.mjs', 'the library');
const viewers = browserSuites('viewer', 'tests/viewer/viewer.mjs', 'the viewer');

/**
 * In the order in which they begin: what lasts long is early, so that nothing is waited for in the end, and beside
 * a browser there is mostly something without.
 * @type {Suite[]}
 */
const suites = [
  inBrowsers.chromium,
  { name: 'c-gcc', about: 'the C core, by gcc',
    command: ctest('native', ['-LE', 'fuzz']), count: countCtest },
  { name: 'c-sanitizers', about: 'the same by clang, with address and undefined behaviour sanitizers',
    command: ctest('asan', ['-LE', 'fuzz']), count: countCtest },
  { name: 'c-wasm', about: 'the same in WebAssembly with SIMD',
    command: ctest('wasm', []), count: countCtest },
  { name: 'c-wasm-scalar', about: 'and without', command: ctest('wasm-scalar', []), count: countCtest },
  { name: 'fuzz-corpora', about: 'what fuzzing has found, once more',
    command: ctest('asan', ['-L', 'fuzz']), count: countCtest },
  { name: 'types', about: 'tsc --strict over everything',
    command: ['npx', 'tsc', '-p', 'tsconfig.json'], count: countWhole },
  nodeSuite('meta', 'layers, sizes, exports, bundles'),
  viewers.chromium,
  nodeSuite('js', 'the library and the command', 'js', /^storage\//),
  inBrowsers.firefox,
  viewers.firefox,
  nodeSuite('storage', 'what each storage has to keep', 'js/storage'),
  nodeSuite('interop', 'with zarr-python, h5py, NumPy, PyYAML, xarray'),
  nodeSuite('examples', 'the examples'),
  nodeSuite('docs', 'what README and the guide show, run'),
  nodeSuite('package', 'the package in projects of Node, TypeScript, Vite and webpack'),
];

/** How those who run tests name one that passed. */
const PASSED_TEST = /^\s*(?:✔ |ok {3}|\d+\/\d+ Test .* Passed )/gm;

/** How far a suite is. @param {string} log */
function howFar(log) {
  const output = readFileSync(log, 'utf8');
  const [passed, failed] = [PASSED_TEST, FAILED_TEST].map((kind) => output.match(kind)?.length ?? 0);
  return failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed`;
}

/**
 * @param {Suite} suite
 * @returns {Promise<{ passed: number, failed: number, names: string[] }>}  names: of what failed
 */
async function runSuite({ name, command, count }) {
  const started = performance.now();
  const log = path.join(logs, `${name}.log`);
  const fd = openSync(log, 'w');
  const [program, ...args] = command;
  console.log(`${name} …`);
  const watching = watch(name, () => howFar(log));
  const ok = await new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', fd, fd],
      timeout: SUITE_TIMEOUT_MS,
    });
    child.on('error', () => resolve(false));
    child.on('close', (status) => resolve(status === 0));
  });
  watching.end();
  closeSync(fd);

  const output = readFileSync(log, 'utf8');
  const result = count(output, ok);
  // An exit code and a count that disagree, or no test at all, is a failure as well.
  if (result.failed === 0 && (!ok || result.passed === 0)) result.failed = 1;
  const seconds = (performance.now() - started) / 1000;
  if (result.failed > 0) {
    console.log(`${name}:\n${output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n')}`);
  }
  const counts = `${result.passed} passed, ${result.failed} failed`;
  console.log(`${name.padEnd(18)} ${counts.padEnd(24)} ${duration(seconds).padStart(12)}`);
  return { ...result, names: result.failed > 0 ? failedTests(output) : [] };
}

const wanted = process.argv.slice(2);
if (wanted.some((word) => ['--help', '-h'].includes(word))) {
  console.log(`Usage: node tests/run.mjs [suite …]

Runs the suites that are named ('viewer': in all browsers), else all of them, ${AT_A_TIME} at a time; what they
need is made by \`npm test\` or \`node cmake/bootstrap.mjs --tests\`. The output of each is in build/tests/<suite>.log.

Suites:
${suites.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`).join('\n')}`);
  process.exit(0);
}
/** 'viewer' is the viewer in all browsers. @param {Suite} suite @param {string} word */
const isMeant = ({ name }, word) => name === word || name.replace(/-(chromium|firefox)$/, '') === word;
const unknown = wanted.filter((word) => !suites.some((suite) => isMeant(suite, word)));
if (unknown.length > 0) {
  console.error(`no such suite: ${unknown.join(', ')}; there are ${suites.map((s) => s.name)}`);
  process.exit(2);
}
mkdirSync(logs, { recursive: true });
let passed = 0;
let failed = 0;
/** @type {string[]} */
const failures = [];
const waiting = suites.filter((suite) => wanted.length === 0 || wanted.some((word) => isMeant(suite, word)));
await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
  for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
    const result = await runSuite(suite);
    passed += result.passed;
    failed += result.failed;
    if (result.failed === 0) continue;
    failures.push(`${suite.name}: ${result.failed} failed; build/tests/${suite.name}.log has it all`);
    failures.push(...result.names.slice(0, LISTED_FAILURES).map((name) => `  ${name}`));
  }
}));
for (const line of failures) console.log(line);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
