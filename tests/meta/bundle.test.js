// SPDX-License-Identifier: MIT
// What a bundler makes of the library for a page: nothing of Node is pulled in or asked for, and
// the bundle works once it is told where the wasm is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {import('esbuild').BuildOptions} options */
async function bundle(options) {
  const { errors, warnings, metafile, outputFiles } = await build({ absWorkingDir: root,
    bundle: true, platform: 'browser', format: 'esm', write: false, metafile: true,
    logLevel: 'silent', ...options });
  assert.deepEqual([...errors, ...warnings].map(({ text }) => text), []);
  const [output] = Object.values(metafile?.outputs ?? {});
  return { imports: output.imports, inputs: Object.keys(metafile?.inputs ?? {}),
    code: /** @type {import('esbuild').OutputFile[]} */ (outputFiles)[0].text };
}

const page = { stdin: { contents: "export * from './js/index.js';", resolveDir: root } };

for (const minify of [false, true]) {
  describe(minify ? 'minified' : 'as it is', () => {
    test('a page', async () => {
      const { imports, inputs } = await bundle({ ...page, minify });
      assert.deepEqual(imports, [], 'something was left to be imported');
      const foreign = inputs.filter((name) => !name.startsWith('js/') && name !== '<stdin>');
      assert.deepEqual(foreign, ['node_modules/aws4fetch/dist/aws4fetch.esm.mjs']);
    });

    test('the worker', async () => {
      const { imports } = await bundle({ entryPoints: ['js/worker/server.js'], minify });
      assert.deepEqual(imports, []);
    });

    test('it works', async () => {
      const { code } = await bundle({ ...page, minify });
      const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
      const { ZarrStore, configureWasm } = /** @type {typeof import('../../js/index.js')} */ (
        await import(url));
      configureWasm({ simd: readFileSync(new URL('../../js/wasm/bores.wasm', import.meta.url)) });
      const store = new ZarrStore(new Map([
        ['.zgroup', new TextEncoder().encode('{"zarr_format": 2}')]]));
      assert.equal(await store.count(), 0);
      await store.close();
    });
  });
}

test('a page that uses one thing does not get everything', async () => {
  const contents = "export { NdArray } from './js/index.js';";
  const { code } = await bundle({ stdin: { contents, resolveDir: root }, minify: true });
  assert.ok(code.length < 30_000, `${code.length} bytes for NdArray alone`);
});
