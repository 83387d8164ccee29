// SPDX-License-Identifier: MIT
// npm packages and the web bundle.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildDir, once, root, run, say, sha256 } from './run.mjs';

/** `npm ci`, when the lock file is another than the one installed. */
export async function installModules() {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  await once(path.join(root, 'node_modules', '.installed'), sha256(lock), async () => {
    say('installing npm packages');
    // No package of ours needs its install script.
    await run('npm', ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  });
}

/** The project that the package's tests install it into, with the bundlers and compilers they need. */
export function installPackageProject() {
  return installProject(path.join(root, 'tests', 'package'), path.join(buildDir, 'package'),
    'bundlers and compilers for the tests of the package');
}

/**
 * `npm ci` in a folder of its own, when its lock file is another than the one installed.
 *
 * @param {string} from     where package.json and the lock file are
 * @param {string} project  below build/
 * @param {string} what     is installed, for people
 */
export async function installProject(from, project, what) {
  const lock = readFileSync(path.join(from, 'package-lock.json'));
  await once(path.join(project, '.installed'), sha256(lock), async () => {
    say(`installing ${what}`);
    mkdirSync(project, { recursive: true });
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
      copyFileSync(path.join(from, name), path.join(project, name));
    }
    const ci = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run(`npm-${path.basename(project)}`, ci, { cwd: project });
  });
}

/** The viewer's bundle; the script there knows by itself what is up to date. */
export async function bundleWeb() {
  const script = path.join(root, 'web', 'tools', 'build.mjs');
  say('bundling web');
  await run('web', [process.execPath, script]);
}
