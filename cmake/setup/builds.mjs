// SPDX-License-Identifier: MIT
// The CMake build trees under build/: configured once, then left to ninja.
import { readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildDir, once, output, root, run, say, sha256 } from './run.mjs';

/**
 * Configures a preset if its presets file or its compiler changed, and builds it.
 *
 * @param {string} preset  a name of CMakePresets.json
 * @param {string[]} [targets]
 */
export async function build(preset, targets = []) {
  const tree = path.join(buildDir, preset);
  const isWasm = preset.startsWith('wasm');
  const compiler = isWasm ? 'emcc' : preset === 'asan' || preset === 'fuzz' ? 'clang' : 'gcc';
  const key = sha256(
    readFileSync(path.join(root, 'CMakePresets.json')),
    output([compiler, '--version']) ?? '',
  );

  await once(path.join(buildDir, 'stamps', `${preset}.configured`), key, async () => {
    say(`configuring ${preset}`);
    rmSync(tree, { recursive: true, force: true });
    const wrapper = isWasm ? ['emcmake'] : [];
    await run(`${preset}-configure`, [...wrapper, 'cmake', '--preset', preset]);
  });

  const jobs = String(Math.max(1, os.availableParallelism()));
  const what = targets.length > 0 ? ['--target', ...targets] : [];
  say(`building ${preset}`);
  await run(preset, ['cmake', '--build', tree, '-j', jobs, ...what]);
}
