// SPDX-License-Identifier: MIT
// For esbuild: what the viewer imports from the library's one module comes from the modules that this takes it
// from. Otherwise whatever any late part of the page needs, as the analyst, comes with the first visit: a bundler
// keeps together what one module exports.

import { readFile } from 'node:fs/promises';
import path from 'node:path';

const EXPORT = /^export \{([^}]*)\} from\s'([^']+)';$/gm;
const IMPORT = /^import \{([^}]*)\} from\s'((?:\.\.?\/)+js\/index\.js)';$/gm;

/**
 * @param {string} root  of the repository
 * @returns {import('esbuild').Plugin}
 */
export function directImports(root) {
  const index = path.join(root, 'js', 'index.js');
  return { name: 'direct-imports', async setup({ onLoad }) {
    /** @type {Map<string, string>} */ const homes = new Map();
    for (const [, names, home] of (await readFile(index, 'utf8')).matchAll(EXPORT)) {
      for (const name of namesIn(names)) homes.set(name, path.resolve(index, '..', home));
    }
    onLoad({ filter: /[\\/]web[\\/].*\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const contents = text.replace(IMPORT, (whole, names, from) => (path.resolve(file, '..', from) !== index ? whole
        : namesIn(names).map((name) => {
          const home = homes.get(name);
          if (home === undefined) throw new Error(`${file} imports ${name}, which js/index.js does not export`);
          return `import { ${name} } from ${JSON.stringify(home)};`;
        }).join(' ')));
      return { loader: 'js', contents };
    });
  } };
}

/** @param {string} list */
function namesIn(list) {
  return list.split(',').map((name) => name.trim()).filter((name) => name !== '');
}
