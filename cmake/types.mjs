// SPDX-License-Identifier: MIT
// The declarations of the package, types/: from the JSDoc of js/ by tsc, then made fit for projects
// that check what they depend on (`skipLibCheck: false`), with TypeScript 5.4 or later.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installModules } from './setup/modules.mjs';
import { run, say, StepFailed } from './setup/run.mjs';

const types = fileURLToPath(new URL('../types', import.meta.url));
/** For compilers before 5.7, to which typed arrays are not generic; package.json names it. */
const older = path.join(types, 'ts5.4');
const BUFFER = /\b((?:Uint|Int|Float|BigInt|BigUint)\d+(?:Clamped)?Array)<ArrayBuffer(?:Like)?>/g;
/** A project for pages has no types of these; who uses the package does not meet them. */
const NODE_MODULE = /typeof import\('node:[\w/]+'\)/g;
/** `await using` is in no lib that a project has by default, and one for Node may lack a page's types. */
const LIBRARIES = '/// <reference lib="esnext.disposable" />\n/// <reference lib="dom" />\n';

try {
  await installModules();
  rmSync(types, { recursive: true, force: true });
  await run('types', ['npx', '--no-install', 'tsc', '-p', 'tsconfig.types.json']);
  copyFileSync(fileURLToPath(new URL('../web/element/viewer.d.ts', import.meta.url)), path.join(types, 'viewer.d.ts'));
  const all = readdirSync(types, { recursive: true, encoding: 'utf8' });
  for (const name of all.filter((file) => file.endsWith('.d.ts'))) {
    let text = readFileSync(path.join(types, name), 'utf8').replace(NODE_MODULE, 'any');
    if (name === 'index.d.ts') text = LIBRARIES + text;
    write(path.join(types, name), text);
    write(path.join(older, name), text.replace(BUFFER, '$1'));
  }
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  say(`types: ${error.message}`);
  process.exit(1);
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
