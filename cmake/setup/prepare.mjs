// SPDX-License-Identifier: MIT
// The steps of the bootstrap, in their order.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from './builds.mjs';
import { bundleWeb, installModules, installPackageProject } from './modules.mjs';
import { installPackages } from './packages.mjs';
import { buildDir, say, StepFailed } from './run.mjs';
import { fetchSources } from './sources.mjs';

/**
 * @param {object} [wanted]
 * @param {boolean} [wanted.scalar]  the modules for machines without SIMD too. The viewer does without
 *   them, but keeps those that are there as new as the rest
 * @param {boolean} [wanted.tests]   what the tests need
 * @param {boolean} [wanted.bench]   what the benchmarks need
 * @returns {Promise<boolean>}  whether all is there; if not, it has been said why
 */
export async function prepare({ scalar = false, tests = false, bench = false } = {}) {
  try {
    const [major] = process.versions.node.split('.').map(Number);
    if (major < 20) throw new StepFailed(`Node 20 or later is needed, this is ${process.version}`);
    await fetchAll({ tests, bench });
    const modules = tests ? [] : ['bores-wasm'];
    // A package manager waits for disk and network, the compilers do not.
    const project = tests ? installPackageProject() : Promise.resolve();
    project.catch(() => {}); // told below, unless a build fails before
    await build('wasm', modules);
    if (scalar || existsSync(path.join(buildDir, 'wasm-scalar'))) await build('wasm-scalar', modules);
    if (tests) for (const preset of ['native', 'asan']) await build(preset);
    await bundleWeb();
    await project;
    return true;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    say(`bootstrap: ${error.message}`);
    return false;
  }
}

/**
 * What comes from elsewhere, all at once: a package manager mostly waits for the disk, or for the
 * network.
 * @param {{ tests: boolean, bench: boolean }} wanted
 */
async function fetchAll(wanted) {
  const [sources, ...others] = await Promise.allSettled(
    [fetchSources(), installPackages(wanted), installModules()]);
  const failed = [...others, sources].find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  if (sources.status === 'fulfilled') await sources.value();
}
