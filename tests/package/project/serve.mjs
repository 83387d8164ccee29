// SPDX-License-Identifier: MIT
// Vite's own server over this folder, the one of `vite` and that of `vite preview`; their addresses as
// JSON, and then until standard input ends.
import { fileURLToPath } from 'node:url';

import { createServer, preview } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const options = { root, configFile: false, logLevel: 'error' };
const development = await createServer({ ...options, server: { port: 0, host: '127.0.0.1', ws: false } });
await development.listen();
const built = await preview({ ...options, build: { outDir: 'dist-vite' },
  preview: { port: 0, host: '127.0.0.1' } });
console.log(JSON.stringify([development, built].map(({ httpServer }) =>
  `http://127.0.0.1:${httpServer.address().port}`)));
process.stdin.on('end', () => process.exit()).resume();
