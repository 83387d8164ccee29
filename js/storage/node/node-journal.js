// SPDX-License-Identifier: MIT
// What a commit does to a directory, step by step: each step is one rename, can be done twice, and
// can be undone. What is new stands ready beside the journal, in the folder of the commit:
//
//   journal   the steps, as JSON
//   u0 u1 …   what step 0, 1, … puts: a file, or a folder with all that is in it
//   o0 o1 …   the value that it replaced, a second link to it
//   d0 d1 …   what it deleted
//
// A folder that the store does not have yet is put as a whole.

import { BoresError } from '../../core/errors.js';
import { isReserved, nestedError } from '../base/batch.js';
import { checkKey } from '../base/keys.js';

/** @import { CheckedBatch } from '../base/batch.js' */
/** @import { Staged } from '../base/storage.js' */
/** @import { Node } from '../../core/host.js' */
/** @typedef {Node['fs']} Fs */

/**
 * @typedef {object} Step
 * @property {'put' | 'delete'} kind
 * @property {string} target      below the store's root
 * @property {boolean} folder
 * @property {boolean} [replaces]  a put over a value
 */

/**
 * `files` are to be written below the folder of the commit, each for a key; `moves` are folders that were
 * written ahead, and their names there.
 * @typedef {{ steps: Step[], files: [path: string, bytes: Uint8Array, key: string][],
 *   moves: [staged: Staged, path: string][] }} Plan
 */

export const JOURNAL = 'journal';

/**
 * @param {Fs} fs
 * @param {string} root
 * @param {CheckedBatch} batch
 * @returns {Plan}  its first file is the journal
 * @throws {BoresError} ERR_ARGUMENT when a key would be a value and a folder at once
 */
export function planSteps(fs, root, { puts, deletes, staged }) {
  const deleted = planDeletes(fs, root, deletes);
  /** @type {Step[]} */
  const steps = [...deleted].map(([target, folder]) => ({ kind: 'delete', target, folder }));
  /** @type {Map<string, number>} folders that are put whole, and their steps */
  const fresh = new Map();
  /** @type {Map<string, 'folder' | 'value' | undefined>} */
  const known = new Map();
  const kindAt = (/** @type {string} */ path) => {
    if (!known.has(path)) known.set(path, isWithin(path, deleted) ? undefined : kindOf(fs, `${root}/${path}`));
    return known.get(path);
  };
  const moves = staged.map((one) => {
    const { folder: target } = one;
    if (kindAt(target) !== undefined) throw nestedError(`${target}/`, target);
    steps.push({ kind: 'put', target, folder: true, replaces: false });
    return /** @type {[Staged, string]} */ ([one, `u${steps.length - 1}`]);
  });
  /** @type {Plan['files']} */
  const files = [];
  for (const [key, bytes] of puts) {
    const { target, folder } = unitOf(key, fresh, kindAt);
    let step = folder ? fresh.get(target) : undefined;
    if (step === undefined) {
      step = steps.length;
      steps.push({ kind: 'put', target, folder, replaces: !folder && kindAt(target) === 'value' });
      if (folder) fresh.set(target, step);
    }
    files.push([`u${step}${key.slice(target.length)}`, bytes, key]);
  }
  const journal = new TextEncoder().encode(JSON.stringify({ version: 1, steps }));
  return { steps, files: [[JOURNAL, journal, steps[0]?.target ?? ''], ...files], moves };
}

/**
 * @param {Fs} fs
 * @param {string} folder  of a commit
 * @returns {Step[] | undefined}  undefined when it was not written to its end
 * @throws {BoresError} ERR_CORRUPT for one that none of us wrote
 */
export function readJournal(fs, folder) {
  let record;
  try {
    record = JSON.parse(fs.readFileSync(`${folder}/${JOURNAL}`, 'utf8'));
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (error instanceof SyntaxError || code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    if (record.version !== 1) throw new TypeError(`version ${record.version}`);
    for (const { kind, target } of record.steps) {
      checkKey(target);
      if (isReserved(target) || !['put', 'delete'].includes(kind)) throw new TypeError(`${kind} '${target}'`);
    }
    return record.steps;
  } catch (cause) {
    throw new BoresError('ERR_CORRUPT', `${folder}/${JOURNAL} is not one of ours: ` +
      `${/** @type {Error} */ (cause).message}`, { cause });
  }
}

/**
 * What the steps are about, as a Recovery names it.
 * @param {readonly Step[]} steps
 */
export function namesOf(steps) {
  return [...new Set(steps.map(({ target, folder }) => (folder ? `${target}/` : target)))];
}

/**
 * Does the steps that have not been done yet.
 *
 * @param {Fs} fs
 * @param {string} root
 * @param {string} folder  of the commit
 * @param {readonly Step[]} steps
 */
export function applySteps(fs, root, folder, steps) {
  steps.forEach((step, i) => {
    const target = `${root}/${step.target}`;
    if (step.kind === 'delete') {
      if (!exists(fs, `${folder}/d${i}`) && exists(fs, target)) fs.renameSync(target, `${folder}/d${i}`);
    } else if (exists(fs, `${folder}/u${i}`)) {
      if (step.replaces && !exists(fs, `${folder}/o${i}`)) keepOld(fs, target, folder, i);
      fs.renameSync(`${folder}/u${i}`, target);
    }
  });
}

/**
 * Undoes the steps that have been done.
 *
 * @param {Fs} fs
 * @param {string} root
 * @param {string} folder
 * @param {readonly Step[]} steps
 */
export function undoSteps(fs, root, folder, steps) {
  for (let i = steps.length - 1; i >= 0; i -= 1) {
    const step = steps[i];
    const target = `${root}/${step.target}`;
    const kept = `${folder}/${step.kind === 'delete' ? 'd' : 'o'}${i}`;
    if (step.kind === 'delete' || step.replaces) {
      if (exists(fs, kept)) fs.renameSync(kept, target);
    } else if (!exists(fs, `${folder}/u${i}`) && exists(fs, target)) {
      fs.renameSync(target, `${folder}/u${i}`);
    }
  }
}

/**
 * The folders whose names the steps change.
 * @param {string} root
 * @param {readonly Step[]} steps
 */
export function foldersChanged(root, steps) {
  return new Set(steps.map(({ target }) => `${root}/${target}`.replace(/\/[^/]*$/, '')));
}

/**
 * @param {Fs} fs
 * @param {string} path
 */
export function exists(fs, path) {
  return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * A second name for a value that is about to be replaced; it is never away from its first.
 *
 * @param {Fs} fs
 * @param {string} target
 * @param {string} folder
 * @param {number} i
 */
function keepOld(fs, target, folder, i) {
  try {
    fs.linkSync(target, `${folder}/o${i}`);
  } catch (error) {
    const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT') return; // a foreign writer has deleted it
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    fs.copyFileSync(target, `${folder}/c${i}`); // there are file systems without links
    fs.renameSync(`${folder}/c${i}`, `${folder}/o${i}`);
  }
}

/**
 * What deletes come to: the outermost names, a folder whose content goes whole being one.
 *
 * @param {Fs} fs
 * @param {string} root
 * @param {readonly string[]} deletes
 * @returns {Map<string, boolean>}  path, and whether it is a folder
 */
function planDeletes(fs, root, deletes) {
  /** @type {Map<string, boolean>} */
  const found = new Map();
  for (const name of deletes) {
    const folder = name.endsWith('/');
    const path = folder ? name.slice(0, -1) : name;
    if (kindOf(fs, `${root}/${path}`) === (folder ? 'folder' : 'value')) found.set(path, folder);
  }
  for (const [path] of found) { // the map grows by parents, which are visited in their turn
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (parent === '' || found.has(parent)) continue;
    const names = fs.readdirSync(`${root}/${parent}`);
    if (names.every((name) => found.has(`${parent}/${name}`))) found.set(parent, true);
  }
  return new Map([...found].filter(([path]) => {
    const slash = path.lastIndexOf('/');
    return slash < 0 || !isWithin(path.slice(0, slash), found);
  }));
}

/**
 * Whether a path or one of the folders it is in is among these.
 * @param {string} path
 * @param {Map<string, unknown>} paths
 */
function isWithin(path, paths) {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (paths.has(path.slice(0, end))) return true;
  }
  return false;
}

/**
 * What is put as a whole for a key: the outermost of its folders that is new, or the value.
 *
 * @param {string} key
 * @param {Map<string, number>} fresh
 * @param {(path: string) => 'folder' | 'value' | undefined} kindAt
 */
function unitOf(key, fresh, kindAt) {
  for (let slash = key.indexOf('/'); slash > 0; slash = key.indexOf('/', slash + 1)) {
    const folder = key.slice(0, slash);
    const kind = fresh.has(folder) ? undefined : kindAt(folder);
    if (kind === undefined) return { target: folder, folder: true };
    if (kind === 'value') throw nestedError(key, folder);
  }
  if (kindAt(key) === 'folder') throw nestedError(key, key);
  return { target: key, folder: false };
}

/**
 * @param {Fs} fs
 * @param {string} path
 */
function kindOf(fs, path) {
  try {
    return fs.statSync(path).isDirectory() ? 'folder' : 'value';
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
