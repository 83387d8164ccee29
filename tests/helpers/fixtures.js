// SPDX-License-Identifier: MIT
// Reference files for tests: stores that BORES wrote with the values that BORES reads back, Zarr
// arrays that zarr-python wrote with their bytes, and damaged ones. They are kept in archives
// (tests/data/*/README.md) and unpacked once, below build/tests.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const data = fileURLToPath(new URL('../data', import.meta.url));
const unpacked = fileURLToPath(new URL('../../build/tests/fixtures', import.meta.url));
const makeStores = fileURLToPath(new URL('./make_stores.py', import.meta.url));
const sample = fileURLToPath(new URL('../../web/samples/waterflood.zarr.zip', import.meta.url));
const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-zarr

/** Which archive a run is in. */
const ARCHIVES = /** @type {const} */ ({
  'guide/wf_f64': 'guide-f64',
  'guide/wf_f64_ckpt': 'guide-f64',
  'guide/wf_f64_chunks4_lzf': 'guide-chunks4',
  'guide/wf_f32': 'guide-f32',
  'guide/wf_f32_ckpt': 'guide-f32',
  'head/wf_f64': 'head-f64',
  'head/wf_f64_ckpt': 'head-f64',
  'head/wf_f64_chunks4_lzf': 'head-chunks4',
  'head/wf_f32': 'head-f32',
  'head/wf_f32_ckpt': 'head-f32',
  'head/wf_f64_wire': 'head-wire',
  'head/wf_f64_wire_ckpt': 'head-wire',
  'wheel/wf_f64': 'wheel',
});

/** @typedef {keyof typeof ARCHIVES} RunName */

/** Every run, as version of BORES and name. */
export const RUNS = /** @type {RunName[]} */ (Object.keys(ARCHIVES));

/**
 * What is made beside and then renamed, so that tests which start together do not meet halves.
 * @param {string} target
 * @param {(draft: string) => void} make
 */
function makeOnce(target, make) {
  if (existsSync(target)) return target;
  mkdirSync(path.dirname(target), { recursive: true });
  const work = mkdtempSync(`${target}.`);
  try {
    const draft = path.join(work, path.basename(target));
    make(draft);
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error; // else another process was first
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return target;
}

/**
 * @param {string} name  below tests/data, less `.tar.br`
 * @returns {string} the folder of its content, which is made once per content
 */
function unpack(name) {
  const packed = readFileSync(path.join(data, `${name}.tar.br`));
  const hash = createHash('sha256').update(packed).digest('hex').slice(0, 12);
  return makeOnce(path.join(unpacked, `${name.replaceAll('/', '-')}-${hash}`), (draft) => {
    mkdirSync(draft);
    execFileSync('tar', ['-x', '-C', draft], { input: brotliDecompressSync(packed) });
    if (name === 'bores/guide-f64') unzip(sample, path.join(draft, 'guide/wf_f64.zarr'));
  });
}

/** The bundled sample is one of the runs, file by file as BORES wrote it. @param {string} zip @param {string} folder */
function unzip(zip, folder) {
  execFileSync(PYTHON, ['-m', 'zipfile', '-e', zip, folder], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
}

/**
 * The directory store of a run. Tests must not change it.
 * @param {RunName} run
 */
export function runFolder(run) {
  return path.join(unpack(`bores/${ARCHIVES[run]}`), `${run}.zarr`);
}

/**
 * The same store as a zip: stored, keys at the root, written by Python's zipfile.
 * @param {RunName} run
 */
export function runZip(run) {
  return zipOf(runFolder(run));
}

/** Runs that zarr-python 3 has copied into version 3 of Zarr: the first with shards, the other consolidated. */
export const ZARR_3_RUNS = /** @type {RunName[]} */ (['guide/wf_f32_ckpt', 'head/wf_f32_ckpt']);

/** Such a copy. Tests must not change it. @param {RunName} run  of ZARR_3_RUNS */
export function zarr3Folder(run) {
  return path.join(unpack('bores/zarr3'), `${run}.zarr`);
}

/** HDF5 stores, as version of BORES and name. */
export const HDF5_RUNS = ['guide/wf_f32', 'guide/wf_f64', 'guide/wf_f64_chunks4_lzf', 'head/wf_f32', 'head/wf_f64',
  'head/wf_f64_chunks4_lzf', 'head/wf_f64_wire', 'wheel/wf_f64'];

/** What runs were made from, stores of one entry: version and name. */
export const HDF5_INPUTS = ['guide', 'head'].flatMap((version) => ['wf_f32', 'wf_f64'].flatMap((name) =>
  ['model', 'pvt', 'run', ...(version === 'head' ? ['pvt_tables'] : [])]
    .map((kind) => `${version}/inputs/${name}_${kind}`)));

/**
 * An HDF5 store that BORES wrote. Tests must not change it.
 * @param {string} run  of HDF5_RUNS or HDF5_INPUTS
 */
export function hdf5File(run) {
  return path.join(unpack(`bores/hdf5-${run.split('/')[0]}`), `${run}.h5`);
}

/** What BORES itself reads from it. @param {string} run  of HDF5_RUNS @returns {Expected} */
export function hdf5Expected(run) {
  return JSON.parse(readFileSync(hdf5ExpectedFile(run), 'utf8'));
}

/** The same as the file that it is in. @param {string} run */
export function hdf5ExpectedFile(run) {
  return path.join(path.dirname(hdf5File(run)), 'expected', `${path.basename(run)}.h5.json`);
}

/**
 * What BORES reads from the model and the configuration of a run.
 * @param {string} run
 * @returns {{ model: any, config: any }}
 */
export function hdf5ExpectedInputs(run) {
  const [version, , name] = run.split('/');
  const folder = path.join(unpack(`bores/hdf5-${version}`), version, 'expected');
  return JSON.parse(readFileSync(path.join(folder, `${name.split('_').slice(0, 2).join('_')}_inputs.json`), 'utf8'));
}

/**
 * What zarr-python's consolidate_metadata() makes of a run.
 * @param {RunName} run
 * @returns {Uint8Array} the content of `.zmetadata`
 */
export function runConsolidated(run) {
  const folder = runFolder(run);
  return new Uint8Array(readFileSync(makeOnce(`${folder}.zmetadata`, (draft) => {
    execFileSync(PYTHON, [makeStores, 'consolidate', folder, draft]);
  })));
}

/**
 * @typedef {object} ExpectedArray
 * @property {number[]} shape
 * @property {string} dtype  NumPy's
 * @property {number} nan_count
 * @property {number | string | null} min  non-finite numbers are 'NaN', 'Infinity', '-Infinity'
 * @property {number | string | null} max
 * @property {number | string | null} mean
 * @property {number | string | null} sum  correctly rounded (math.fsum)
 * @property {[number[], any][]} at        index and value
 *
 * @typedef {object} ExpectedEntry
 * @property {number} index
 * @property {string} group
 * @property {Record<string, any>} meta
 * @property {number} step
 * @property {number} time
 * @property {number} step_size
 * @property {Record<string, ExpectedArray>} arrays  by '/'-joined path
 * @property {Record<string, any>} scalars
 * @property {Record<string, { shape: number[], dtype: string, default: any, keys: number[][],
 *   values: any[] }>} [sparse]
 *
 * @typedef {{ store: string, count: number, max_index: number, entries: ExpectedEntry[] }} Expected
 */

/**
 * What BORES itself reads from a run.
 * @param {RunName} run
 * @returns {Expected}
 */
export function runExpected(run) {
  return JSON.parse(readFileSync(runExpectedFile(run), 'utf8'));
}

/** The same as the file that it is in. @param {RunName} run */
export function runExpectedFile(run) {
  const folder = path.dirname(runFolder(run));
  return path.join(folder, 'expected', `${path.basename(run)}.zarr.json`);
}

/** Runs whose JSON and YAML stores there are. */
export const TEXT_RUNS = /** @type {const} */ (
  ['guide/wf_f64', 'guide/wf_f32', 'head/wf_f64', 'head/wf_f32', 'head/wf_f64_wire']);

/**
 * A text file that BORES wrote. Tests must not change it.
 * @param {typeof TEXT_RUNS[number]} run
 * @param {'json' | 'yaml'} format
 */
export function textFile(run, format) {
  return path.join(unpack(`bores/${path.dirname(run)}-text`), `${run}.${format}`);
}

/**
 * The values in it.
 * @param {typeof TEXT_RUNS[number]} run
 * @param {'json' | 'yaml'} format
 * @returns {Expected}
 */
export function textExpected(run, format) {
  const file = textFile(run, format);
  return JSON.parse(readFileSync(
    path.join(path.dirname(file), 'expected', `${path.basename(file)}.json`), 'utf8'));
}

/**
 * Zarr arrays and hierarchies by zarr-python.
 * @param {2 | 3 | 'more'} [version]  more: of both, made by tests/data/zarr-cases/make_more.py
 * @returns {{ folder: string, cases: any[] }}  paths in the cases: `caseFile()`
 */
export function zarrCases(version = 2) {
  const folder = unpack(`zarr-cases/${version === 'more' ? version : `v${version}`}`);
  return { folder, cases: readCases(folder) };
}

/**
 * Damaged and hostile Zarr stores.
 * @returns {{ folder: string, cases: any[] }}
 */
export function badCases() {
  const folder = unpack('bad/zarr');
  return { folder, cases: readCases(folder) };
}

/**
 * HDF5 files by h5py, netCDF4 and hdf5plugin, one theme a file, several objects in each.
 * @returns {{ folder: string, cases: any[] }}
 */
export function hdf5Cases() {
  const folder = unpack('hdf5/cases');
  return { folder, cases: readCases(folder) };
}

/**
 * Damaged HDF5 files.
 * @returns {{ folder: string, cases: any[] }}
 */
export function badHdf5Cases() {
  const folder = unpack('bad/hdf5');
  return { folder, cases: readCases(folder) };
}

/** @param {string} folder */
function readCases(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8'));
}

/**
 * A path of a case on this disk.
 * @param {{ folder: string }} set
 * @param {string} name  e.g. `zarr/v2_0d.zarr`: the first folder is the set's own name
 */
export function caseFile({ folder }, name) {
  return path.join(folder, ...name.split('/').slice(1));
}

/**
 * A folder as a zip beside it, made once.
 * @param {string} folder
 * @returns {string}
 */
export function zipOf(folder) {
  return makeOnce(`${folder}.zip`, (draft) => {
    execFileSync(PYTHON, [makeStores, 'zip', folder, draft]);
  });
}

/** The folder of an analyst's expected answers (tests/data/analyst/README.md). */
export function analystAnswers() {
  return unpack('analyst/answers');
}

/**
 * The runs of OPM Flow and the damaged files beside them: a folder with `cases.json`, of which each case names its own,
 * and `expected`. Tests must not change it.
 */
export const eclipseRuns = () => unpack('eclipse/runs');
