// SPDX-License-Identifier: MIT
// Runs what tests/data/reports/cases.json says: small inputs after public bug reports, each opened, read
// or given to the command as a user would, and what is wrong with the outcome in words.

import { spawnSync } from 'node:child_process';
import {
  cpSync, existsSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, readdirSync, rmSync,
  statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { openNode, openStore } from '../../js/index.js';
import { BORES } from './run-bores.js';

/**
 * @typedef {{ arrays: Map<string, any>, attributes?: Record<string, any>, errors: string[] }} Tree
 * @typedef {{ values?: any, errors: string[] }} Outcome
 */

/** Bytes that make a fill value of floats, 'NaN' among them, and 64-bit integers, as JSON has them. */
const plain = (/** @type {any} */ value) => (typeof value === 'bigint' ? Number(value) : value);

/**
 * @param {string} folder  that cases.json is in
 * @param {any} item  of it
 * @returns {Promise<string | undefined>}  what is wrong, undefined when all is right
 */
export async function runReportCase(folder, item) {
  const file = path.join(folder, item.path);
  switch (item.op) {
    case 'cli': return runCommand(folder, item);
    case 'tree': return judge(item, await compareTree(file, item));
    case 'http': return judge(item, await overHttp(folder, item));
    case 'tree_count': return judge(item, await countTree(file, item));
    case 'load': return judge(item, await compareLoad(file, item));
    case 'load_count': return judge(item, await compareCount(file, item));
    default: return `there is no operation '${item.op}'`;
  }
}

/**
 * @param {any} item
 * @param {{ right: boolean, text: string, errors: string[] }} outcome  text: what came instead
 */
function judge(item, { right, text, errors }) {
  if (right) return undefined;
  const said = errors.join('; ');
  if (item.expect === 'ok-or-error' && errors.length > 0 && !/read:/.test(text)) {
    const mentions = (item.error_mentions ?? []).every((/** @type {string} */ words) =>
      words.split('|').some((word) => said.toLowerCase().includes(word.toLowerCase())));
    const silent = (item.error_must_not_mention ?? []).every((/** @type {string} */ words) =>
      !said.toLowerCase().includes(words.toLowerCase()));
    if (mentions && silent) return undefined;
  }
  return `${text}; errors: ${said || 'none'}`;
}

/** @param {any} error */
const say = (error) => `${error?.code ?? error?.name}: ${error?.message}`;

/**
 * Every array of a hierarchy; what cannot be opened or read is an error of its own.
 * @param {unknown} location
 * @returns {Promise<Tree>}
 */
export async function readTreeOf(location) {
  /** @type {Tree} */
  const tree = { arrays: new Map(), errors: [] };
  const root = await openNode(location).catch((error) => { tree.errors.push(say(error)); });
  if (!root) return tree;
  tree.attributes = root.attributes;
  try {
    await walk(root, tree);
  } finally {
    await root.close();
  }
  return tree;
}

/**
 * @param {any} node
 * @param {Tree} tree
 */
async function walk(node, tree) {
  if (node.error) tree.errors.push(`${node.path}: ${say(node.error)}`);
  if (node.kind === 'array' && !node.error) {
    try {
      const value = await node.read();
      tree.arrays.set(node.path, value === null ? null : [...value].map(plain));
    } catch (error) {
      tree.errors.push(`${node.path}: ${say(error)}`);
    }
  } else if (node.kind === 'group') {
    try {
      for await (const child of node.children()) await walk(child, tree);
    } catch (error) {
      tree.errors.push(`children of '${node.path}': ${say(error)}`);
    }
  }
}

/**
 * @param {unknown} location
 * @param {any} item
 */
async function compareTree(location, { expected, attributes }) {
  return judgeTree(await readTreeOf(location), expected, attributes);
}

/**
 * @param {Tree} tree
 * @param {Record<string, any>} expected
 * @param {Record<string, any>} [attributes]
 */
function judgeTree(tree, expected, attributes) {
  const { arrays, errors } = tree;
  const wrong = Object.entries(expected).filter(([name, values]) =>
    !isDeepStrictEqual(arrays.get(name), values));
  const same = attributes === undefined
    || isDeepStrictEqual(JSON.parse(JSON.stringify(tree.attributes ?? null)), attributes);
  const other = wrong.filter(([name]) => arrays.has(name));
  return { right: wrong.length === 0 && same, errors,
    text: `${other.length > 0 ? 'read:' : 'missing:'} ${wrong.map(([name]) => `${name}=${
      JSON.stringify(arrays.get(name))}`).join(', ')}${same ? '' : ` attributes ${JSON.stringify(tree.attributes)}`}` };
}

/**
 * @param {string} file
 * @param {any} item
 */
async function countTree(file, item) {
  const { arrays, errors } = await readTreeOf(file);
  const right = arrays.size === item.expected || errors.length > 0;
  return { right, errors, text: `${arrays.size} arrays instead of ${item.expected}` };
}

/**
 * From a web server that answers `missing_status` for all that is not there.
 * @param {string} folder
 * @param {any} item
 */
async function overHttp(folder, item) {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const file = path.join(folder, decodeURIComponent(pathname));
    const there = existsSync(file) && statSync(file).isFile();
    response.writeHead(there ? 200 : item.missing_status).end(there ? readFileSync(file) : 'no');
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    return await compareTree(`http://127.0.0.1:${port}/${item.path}`, item);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
  }
}

/** What states hold in `data`, whatever that is. @param {any} value @returns {any} */
function toPlain(value) {
  if (value === null || typeof value !== 'object') return plain(value);
  if (typeof value[Symbol.iterator] === 'function') return [...value].map(toPlain);
  return Object.fromEntries(Object.entries(value).map(([name, below]) => [name, toPlain(below)]));
}

/**
 * @param {string} file
 * @returns {Promise<Outcome>}
 */
async function loadAll(file) {
  try {
    const store = await openStore(file, { mode: 'r' });
    try {
      const values = [];
      for await (const tree of store.load({ as: 'raw' })) values.push(tree);
      return { values, errors: [] };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { errors: [say(error)] };
  }
}

/**
 * @param {string} file
 * @param {any} item
 */
async function compareLoad(file, { expected }) {
  const { values, errors } = await loadAll(file);
  const found = values?.map(toPlain);
  return { right: isDeepStrictEqual(found, expected), errors,
    text: found ? `read: ${JSON.stringify(found)}` : 'not opened' };
}

/** @param {any} tree @param {string} path */
function valueAt(tree, path) {
  return path.split('.').reduce((value, name) => value?.[name], tree);
}

/**
 * @param {string} file
 * @param {any} item
 */
async function compareCount(file, item) {
  const { values, errors } = await loadAll(file);
  const last = values?.at(-1);
  const value = valueAt(last, item.array) ?? valueAt(last?.data, item.array);
  const found = value === undefined ? undefined : toPlain(value);
  return { right: values?.length === item.expected && isDeepStrictEqual(found, item.last), errors,
    text: values ? `read: ${values.length}, the last ${JSON.stringify(found)}` : 'not opened' };
}

/**
 * All files below a path with what they hold.
 * @param {string} place
 * @returns {Map<string, string>}
 */
function contentOf(place) {
  if (!existsSync(place)) return new Map([['', 'absent']]);
  if (statSync(place).isFile()) return new Map([['', readFileSync(place, 'base64')]]);
  return new Map(readdirSync(place, { recursive: true, encoding: 'utf8' }).sort().map((name) => {
    const file = path.join(place, name);
    return [name, statSync(file).isFile() ? readFileSync(file, 'base64') : 'folder'];
  }));
}

/**
 * @param {string} folder
 * @param {any} item
 */
async function runCommand(folder, { setup = [], argv, watch, expected, stdout }) {
  const work = mkdtempSync(path.join(tmpdir(), 'bores-report-'));
  try {
    for (const name of readdirSync(folder).filter((name) => name.startsWith('run.'))) {
      cpSync(path.join(folder, name), path.join(work, name), { recursive: true });
    }
    for (const step of setup) prepare(work, step);
    const before = watch && contentOf(path.join(work, watch));
    const out = stdout ? openSync(path.resolve(work, stdout), 'w') : 'pipe';
    const { status, stderr } = spawnSync(process.execPath, [BORES, ...argv],
      { cwd: work, stdio: ['ignore', out, 'pipe'], encoding: 'utf8' });
    if (typeof out === 'number') closeSync(out);
    const faults = [];
    if (![expected.exit].flat().includes(status)) faults.push(`exit ${status} instead of ${expected.exit}`);
    if (before && !isDeepStrictEqual(contentOf(path.join(work, watch)), before)) {
      faults.push(`${watch} has changed`);
    }
    for (const words of expected.stderr_must_not_mention ?? []) {
      if (stderr.toLowerCase().includes(words.toLowerCase())) faults.push(`stderr says '${words}'`);
    }
    return faults.length === 0 ? undefined : `${faults.join(', ')}; stderr: ${stderr}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} work
 * @param {any} step
 */
function prepare(work, { copy, symlink, mkdir, write }) {
  if (copy) cpSync(path.join(work, copy[0]), path.join(work, copy[1]), { recursive: true });
  if (symlink) symlinkSync(symlink[0], path.join(work, symlink[1]));
  if (mkdir) mkdirSync(path.join(work, [mkdir].flat()[0]), { recursive: true });
  if (write) writeFileSync(path.join(work, write[0]), write[1]);
}
