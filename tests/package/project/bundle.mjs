// SPDX-License-Identifier: MIT
// Production builds of the page by Vite and webpack, as they are without any configuration for us.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';
import webpack from 'webpack';

const here = fileURLToPath(new URL('.', import.meta.url));

await build({ root: here, logLevel: 'warn', configFile: false, build: { outDir: 'dist-vite' } });

const stats = await new Promise((resolve, reject) => {
  webpack({ mode: 'production', context: here, entry: './page.js',
    output: { path: path.join(here, 'dist-webpack'), filename: 'page.js' } },
  (error, result) => (error ? reject(error) : resolve(result)));
});
const { errors, warnings } = stats.toJson({ errors: true, warnings: true });
// webpack warns of any asset beyond 244 KiB, which the modules are, and advises how to cache chunks.
const said = [...errors, ...warnings].filter(({ message }) => !/size limit|limit the size|runtimeChunk/.test(message));
for (const { message } of said) console.log(`webpack: ${message}`);
cpSync(path.join(here, 'index.html'), path.join(here, 'dist-webpack', 'index.html'));
