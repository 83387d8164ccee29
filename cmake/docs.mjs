// SPDX-License-Identifier: MIT
// npm run docs: the API reference, build/docs/api, by TypeDoc from the package's declarations. TypeDoc
// is made for another release of TypeScript than ours, so it has a project of its own (docs/api).
import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { installProject } from './setup/modules.mjs';
import { buildDir, root, run, say, StepFailed } from './setup/run.mjs';

const from = path.join(root, 'docs', 'api');
const project = path.join(buildDir, 'docs');
const out = path.join(project, 'api');

try {
  await installProject(from, project, 'TypeDoc');
  say('declarations');
  await run('types', [process.execPath, path.join(root, 'cmake', 'types.mjs')]);
  copyFileSync(path.join(from, 'typedoc.json'), path.join(project, 'typedoc.json'));
  copyFileSync(path.join(from, 'tsconfig.json'), path.join(project, 'tsconfig.json'));
  say('API reference');
  rmSync(out, { recursive: true, force: true });
  await run('docs', ['npx', '--no-install', 'typedoc', '--out', out], { cwd: project });
  say(`It is in ${path.relative(root, out)}/index.html`);
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  say(`docs: ${error.message}`);
  process.exit(1);
}
