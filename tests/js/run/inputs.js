// SPDX-License-Identifier: MIT
// Inputs of runs for tests: BORES's files, and the same problems in the neutral form.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { hdf5File } from '../../helpers/fixtures.js';

const folder = fileURLToPath(new URL('../../data/run', import.meta.url));

/** @typedef {'guide' | 'head'} Version */

/** @param {Version} version */
export function boresFiles(version) {
  return {
    modelPath: hdf5File(`${version}/inputs/wf_f64_model`),
    configPath: path.join(folder, `${version}_wf_f64_config.yaml`),
    pvtTablePath: hdf5File(`${version}/inputs/wf_f64_pvt`),
  };
}

/**
 * The black-oil problem that the files of a version mean.
 * @param {Version} version
 */
export function neutralModel(version) {
  return JSON.parse(readFileSync(path.join(folder, `${version}_wf_model.json`), 'utf8'));
}

/**
 * A neutral cell array in BORES's order.
 * @param {readonly number[]} values  i fastest
 * @param {readonly number[]} shape
 */
export function boresOrder(values, [nx, ny, nz]) {
  return Array.from({ length: values.length }, (_, at) => {
    const i = Math.floor(at / (ny * nz)), j = Math.floor(at / nz) % ny, k = at % nz;
    return values[i + nx * (j + ny * k)];
  });
}
