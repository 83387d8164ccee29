// SPDX-License-Identifier: MIT
// What publint and attw say of the package: a line for each finding, none when all is well.
import { readFileSync } from 'node:fs';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const tarball = new Uint8Array(readFileSync(process.argv[2]));
const { messages, pkg } = await publint({ pack: { tarball: tarball.slice().buffer }, level: 'suggestion' });
for (const message of messages) console.log(`publint: ${formatMessage(message, pkg, { color: false })}`);

// The package is ES modules alone: what resolves as CommonJS did is no concern of it (attw's
// profile `esm-only`).
const OF_OTHERS = ['node10', 'node16-cjs'];
const { problems } = await checkPackage(createPackageFromTarballData(tarball));
for (const { kind, entrypoint, resolutionKind } of problems) {
  if (!OF_OTHERS.includes(resolutionKind)) console.log(`attw: ${kind} ${entrypoint} ${resolutionKind}`);
}
