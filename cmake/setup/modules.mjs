// SPDX-License-Identifier: MIT
// npm packages and the web bundle.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { once, root, run, say, sha256 } from './run.mjs';

/** `npm ci`, when the lock file is another than the one installed. */
export async function installModules() {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  await once(path.join(root, 'node_modules', '.installed'), sha256(lock), async () => {
    say('installing npm packages');
    // No package of ours needs its install script.
    await run('npm', ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  });
}

/** The viewer's bundle; the script there knows by itself what is up to date. */
export async function bundleWeb() {
  const script = path.join(root, 'web', 'build.mjs');
  if (!existsSync(script)) return;
  say('bundling web');
  await run('web', [process.execPath, script]);
}
