// SPDX-License-Identifier: MIT
// Makes what is missing, from a fresh clone: system packages, npm packages, third-party
// sources, the WebAssembly modules and the viewer's bundle; with --tests also what the
// tests need. What is there already is left alone, so a second run takes a second.
// Logs are in build/*.log.
import { build } from './setup/builds.mjs';
import { bundleWeb, installModules } from './setup/modules.mjs';
import { installPackages } from './setup/packages.mjs';
import { say, StepFailed } from './setup/run.mjs';
import { fetchSources } from './setup/sources.mjs';

const tests = process.argv.includes('--tests');

try {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new StepFailed(`Node 20 or later is needed, this is ${process.version}`);
  await installPackages({ tests });
  await installModules();
  await fetchSources();
  for (const preset of ['wasm', 'wasm-scalar']) {
    await build(preset, tests ? [] : ['bores-wasm']);
  }
  if (tests) {
    for (const preset of ['native', 'asan']) await build(preset);
  }
  await bundleWeb();
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  say(`bootstrap: ${error.message}`);
  process.exit(1);
}
