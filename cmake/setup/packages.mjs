// SPDX-License-Identifier: MIT
// The system packages that building and testing need, by apt where there is apt.
import { output, run, say, StepFailed } from './run.mjs';

const PYTHON = ['python3-zarr', 'python3-h5py', 'python3-numpy', 'python3-yaml'];
const FOR_RUNNING = ['emscripten', 'ninja-build', 'cmake'];
const FOR_BENCH = ['gcc', 'chromium', 'firefox-esr', ...PYTHON];
const FOR_TESTS = [...FOR_BENCH, 'g++', 'clang', 'libclang-rt-dev', 'python3-xarray', 'python3-dask'];

/** What must be callable where packages cannot be installed for the user. */
const PROGRAMS_FOR_RUNNING = ['emcc', 'ninja', 'cmake'];
const PROGRAMS_FOR_BENCH = ['gcc', 'python3', 'chromium', 'firefox-esr'];
const PROGRAMS_FOR_TESTS = [...PROGRAMS_FOR_BENCH, 'clang'];

/**
 * @param {string[]} packages
 * @returns {string[]} those that are not installed
 */
function absent(packages) {
  // dpkg-query fails when one of the names is unknown to it, and still lists the others.
  const script = 'dpkg-query -W -f="\\${Package} \\${db:Status-Status}\\n" "$@" 2>/dev/null || true';
  const listed = output(['sh', '-c', script, 'sh', ...packages]) ?? '';
  const installed = listed.split('\n').filter((line) => line.endsWith(' installed'));
  const there = new Set(installed.map((line) => line.split(' ')[0]));
  return packages.filter((name) => !there.has(name));
}

/**
 * Installs what is absent.
 *
 * @param {{ tests?: boolean, bench?: boolean }} options  whose packages are needed too
 */
export async function installPackages({ tests, bench }) {
  if (output(['apt-get', '--version']) === undefined) {
    const more = tests ? PROGRAMS_FOR_TESTS : bench ? PROGRAMS_FOR_BENCH : [];
    const missing = [...PROGRAMS_FOR_RUNNING, ...more]
      .filter((name) => output(['which', name]) === undefined);
    if (missing.length === 0) return;
    throw new StepFailed(`install these first (there is no apt here): ${missing.join(', ')}`);
  }
  const missing = absent([...FOR_RUNNING, ...(tests ? FOR_TESTS : bench ? FOR_BENCH : [])]);
  if (missing.length === 0) return;
  say(`installing ${missing.join(' ')}`);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && output(['which', 'sudo']) === undefined) {
    throw new StepFailed('there is no sudo here: run the same command as root once, '
      + `or have these installed: ${missing.join(' ')}`);
  }
  const apt = [...(isRoot ? [] : ['sudo']), 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  await run('packages', [...apt, 'update']);
  await run('packages', [...apt, 'install', '-y', '--no-install-recommends', ...missing], {
    append: true,
  });
}
