// SPDX-License-Identifier: MIT
// The system packages that building and testing need, by apt where there is apt.
import { output, run, say, StepFailed } from './run.mjs';

const PACKAGES = [
  ...['emscripten', 'ninja-build', 'cmake', 'gcc', 'g++', 'clang', 'libclang-rt-dev'],
  ...['chromium', 'firefox-esr'],
  ...['python3-zarr', 'python3-h5py', 'python3-numpy', 'python3-xarray', 'python3-dask'],
  'python3-yaml',
];

/** What must be callable where packages cannot be installed for the user. */
const PROGRAMS = ['emcc', 'ninja', 'cmake', 'cc', 'clang', 'python3'];

/** @returns {string[]} the packages of the list that are not installed */
function absent() {
  const args = ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...PACKAGES];
  // dpkg-query fails as a whole when one name is unknown, so ask for all and read what came.
  const listed = output(['sh', '-c', `dpkg-query "$@" 2>/dev/null || true`, 'sh', ...args]) ?? '';
  const there = new Set(
    listed.split('\n').filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0]),
  );
  return PACKAGES.filter((name) => !there.has(name));
}

/** Installs what is absent. */
export async function installPackages() {
  if (output(['apt-get', '--version']) === undefined) {
    const missing = PROGRAMS.filter((name) => output(['which', name]) === undefined);
    if (missing.length === 0) return;
    throw new StepFailed(`install these first (there is no apt here): ${missing.join(', ')}`);
  }
  const missing = absent();
  if (missing.length === 0) return;
  say(`installing ${missing.join(' ')}`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  await run('packages', [...apt, 'update']);
  await run('packages', [...apt, 'install', '-y', '--no-install-recommends', ...missing], {
    append: true,
  });
}
