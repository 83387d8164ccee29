// SPDX-License-Identifier: MIT
// Packs the reference files into the archives beside this file, in ../zarr-cases and in ../bad:
//
//     node make.mjs FIXTURES
//
// FIXTURES is a folder with bores/{guide,head,wheel}/NAME.{zarr.zip,h5,json,yaml} and inputs/NAME_….h5, their
// expected/NAME.json,
// zarr/cases.json and bad/cases.json with the files they name (README.md says how those are made).
// Needs Debian's tar and unzip. An archive is a tar, brotli-compressed: solid, and with equal
// arrays of successive entries side by side, so that 30 MB of zips become 5.
import { execFileSync } from 'node:child_process';
import {
  cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Archive → the runs in it, as folder/name. Those that share arrays are together. */
const BORES = {
  'guide-f64': ['guide/wf_f64', 'guide/wf_f64_ckpt'],
  'guide-chunks4': ['guide/wf_f64_chunks4_lzf'],
  'guide-f32': ['guide/wf_f32', 'guide/wf_f32_ckpt'],
  'head-f64': ['head/wf_f64', 'head/wf_f64_ckpt'],
  'head-chunks4': ['head/wf_f64_chunks4_lzf'],
  'head-f32': ['head/wf_f32', 'head/wf_f32_ckpt'],
  'head-wire': ['head/wf_f64_wire', 'head/wf_f64_wire_ckpt'],
  wheel: ['wheel/wf_f64'],
};

/** The viewer's sample, web/samples/waterflood.zarr.zip, which the tests unpack: only its values are packed. */
const SAMPLE = 'guide/wf_f64';

/** Archive → the text files in it. */
const TEXT = {
  'guide-text': ['guide/wf_f64', 'guide/wf_f32'],
  'head-text': ['head/wf_f64', 'head/wf_f32', 'head/wf_f64_wire'],
};

/** HDF5: version of BORES → names of its stores, and of what its runs were made from. */
const HDF5 = {
  guide: { stores: ['wf_f32', 'wf_f64', 'wf_f64_chunks4_lzf'], inputs: ['wf_f32', 'wf_f64'] },
  head: { stores: ['wf_f32', 'wf_f64', 'wf_f64_chunks4_lzf', 'wf_f64_wire'], inputs: ['wf_f32', 'wf_f64'] },
  wheel: { stores: ['wf_f64'], inputs: [] },
};

const LIMIT = 1_500_000; // bytes of a file in the repository

/** @param {string} folder */
function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

/**
 * The same property of all entries together, whatever entry and store it is of.
 * @param {string} name
 */
function sortKey(name) {
  return name.replace(/^.*?\/(?:entry|step)_\d+\//, '');
}

/**
 * @param {string} folder  whose content becomes the archive's
 * @param {string} file
 */
function pack(folder, file) {
  const names = listFiles(folder);
  const keys = new Map(names.map((name) => [name, `${sortKey(name)}\0${name}`]));
  const order = (/** @type {string} */ name) => /** @type {string} */ (keys.get(name));
  names.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const tar = execFileSync('tar', ['-c', '-C', folder, '--format=gnu', '--owner=0', '--group=0',
    '--numeric-owner', '--mtime=@0', '--mode=0644', '--null', '-T', '-'],
  { input: names.join('\0'), maxBuffer: 1 << 30 });
  const packed = brotliCompressSync(tar, { params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: tar.length,
  } });
  console.log(`${path.basename(file)}: ${names.length} files, ${packed.length} bytes`);
  if (packed.length > LIMIT) throw new Error(`${file}: ${packed.length} bytes, the limit is ${LIMIT}`);
  writeFileSync(file, packed);
}

/** @param {string} fixtures @param {string} work */
function packBores(fixtures, work) {
  for (const [archive, runs] of Object.entries(BORES)) {
    const folder = path.join(work, archive);
    for (const run of runs) {
      const source = path.join(fixtures, 'bores', path.dirname(run));
      const expected = `expected/${path.basename(run)}.zarr.json`;
      cpSync(path.join(source, expected), path.join(folder, path.dirname(run), expected));
      if (run === SAMPLE) continue;
      mkdirSync(path.join(folder, `${run}.zarr`), { recursive: true });
      execFileSync('unzip', ['-q', '-o', path.join(fixtures, 'bores', `${run}.zarr.zip`),
        '-d', path.join(folder, `${run}.zarr`)], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    }
    pack(folder, path.join(here, `${archive}.tar.br`));
  }
}

/** @param {string} fixtures @param {string} work */
function packText(fixtures, work) {
  for (const [archive, runs] of Object.entries(TEXT)) {
    const folder = path.join(work, archive);
    for (const run of runs.flatMap((name) => [`${name}.json`, `${name}.yaml`])) {
      const expected = `${path.dirname(run)}/expected/${path.basename(run)}.json`;
      for (const name of [run, expected]) {
        cpSync(path.join(fixtures, 'bores', name), path.join(folder, name));
      }
    }
    pack(folder, path.join(here, `${archive}.tar.br`));
  }
}

/** @param {string} fixtures @param {string} work */
function packHdf5(fixtures, work) {
  for (const [version, { stores, inputs }] of Object.entries(HDF5)) {
    const source = path.join(fixtures, 'bores', version);
    const folder = path.join(work, `hdf5-${version}`);
    const names = stores.flatMap((name) => [`${name}.h5`, `expected/${name}.h5.json`]);
    for (const name of inputs) {
      names.push(`expected/${name}_inputs.json`, ...readdirSync(path.join(source, 'inputs'))
        .filter((file) => file.startsWith(name) && file.endsWith('.h5')).map((file) => `inputs/${file}`));
    }
    for (const name of names) {
      const target = path.join(folder, version, name);
      cpSync(path.join(source, name), target);
    }
    pack(folder, path.join(here, `hdf5-${version}.tar.br`));
  }
}

/**
 * @param {string} fixtures
 * @param {string} work
 * @param {'zarr' | 'bad'} set
 * @param {(one: any) => boolean} wanted
 * @param {string} file
 */
function packCases(fixtures, work, set, wanted, file) {
  const all = JSON.parse(readFileSync(path.join(fixtures, set, 'cases.json'), 'utf8'));
  const cases = all.cases.filter(wanted);
  const folder = path.join(work, set);
  mkdirSync(folder, { recursive: true });
  for (const one of cases) {
    for (const name of [one.path, one.expected?.file, one.expected?.mask].filter(Boolean)) {
      const below = path.relative(set, name);
      cpSync(path.join(fixtures, name), path.join(folder, below), { recursive: true });
    }
  }
  const lines = cases.map((/** @type {unknown} */ one) => JSON.stringify(one)).join(',\n');
  writeFileSync(path.join(folder, 'cases.json'), `[\n${lines}\n]\n`);
  pack(folder, file);
}

const [fixtures] = process.argv.slice(2);
const work = mkdtempSync(path.join(os.tmpdir(), 'bores-fixtures-'));
try {
  packBores(fixtures, work);
  packText(fixtures, work);
  packHdf5(fixtures, work);
  packCases(fixtures, work, 'zarr', (one) => one.zarr_format === 2,
    path.join(here, '../zarr-cases/v2.tar.br'));
  packCases(fixtures, work, 'zarr', (one) => one.zarr_format === 3 && !/_big/.test(one.case),
    path.join(here, '../zarr-cases/v3.tar.br'));
  packCases(fixtures, work, 'bad', (one) => one.path.endsWith('.zip')
    || one.kind === 'array', path.join(here, '../bad/zarr.tar.br'));
} finally {
  rmSync(work, { recursive: true });
}
