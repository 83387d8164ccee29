// SPDX-License-Identifier: MIT
// The simulator in WebAssembly beside the same C compiled natively, in one run; seconds of processor time.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCase, SimCore, simulate } from '../validate/cases.js';
import { made, root } from './lib.mjs';

export const title = 'Simulating: WebAssembly over native';

export async function run() {
  const native = path.join(root, 'build', 'release', 'tests', 'bench', 'sim_case');
  if (!existsSync(native)) execFileSync('cmake', ['--preset', 'release'], { cwd: root, stdio: 'ignore' });
  // An old one would be another simulator.
  execFileSync('cmake', ['--build', 'build/release', '--target', 'sim_case'], { cwd: root, stdio: 'ignore' });
  const core = await SimCore.load();
  for (const [name, runs] of /** @type {[string, number][]} */ ([['spe1_case1', 3], ['spe1_case2', 3], ['spe9', 1]])) {
    const { model } = readCase(name);
    const file = made(`${name}.json`, (to) => writeFileSync(to, JSON.stringify(model)));
    for (const steps of ['report', 'adaptive']) {
      /** @type {any} */
      let last;
      let wasm = Infinity, c = Infinity;
      for (let i = 0; i < runs; i += 1) {
        const begun = process.cpuUsage();
        last = simulate(core, model, { steps });
        const { user, system } = process.cpuUsage(begun);
        wasm = Math.min(wasm, (user + system) / 1e6);
        c = Math.min(c, JSON.parse(execFileSync(native, [file, '--quiet', '--set', `steps=${steps}`]).toString()).seconds);
      }
      const { step, total_newton_iterations: newton } = last.record;
      console.log(`  ${name}, ${steps}: ${wasm.toFixed(2)} s for ${step} steps, ${newton} iterations `
        + `(${(1000 * wasm / newton).toFixed(2)} ms each); ${(wasm / c).toFixed(2)} times native`);
    }
  }
}
