// SPDX-License-Identifier: MIT
// Files that were chosen and cannot be read: what Chromium says of one that has gone, it says of a name
// that its locale cannot encode, too.
import { describe, test } from 'node:test';

import { FilesStorage } from '../../../../js/storage/handle/files.js';
import { equal, failure, ok } from '../../../helpers/storage/assert.js';

/** @param {string} name */
function gone(name) {
  const file = new File(['x'], name);
  file.arrayBuffer = async () => { throw new DOMException('A requested file could not be found', 'NotFoundError'); };
  return { path: `run.zarr/${name}`, file };
}

describe('a file that was chosen and cannot be read', () => {
  for (const [name, tellsLocale] of /** @type {[string, boolean][]} */ ([
    ['entry_0000000000/.zattrs', false], ['a→b/.zarray', true], ['PROD-2 Ærøskøbing/.zattrs', true],
    ['a\ufffd\ufffdb/0', true],
  ])) {
    test(name, async () => {
      const storage = new FilesStorage([gone('.zgroup'), gone(name)]);
      const error = /** @type {any} */ (await failure(() => storage.get(name)));
      equal(error.code, 'ERR_STORAGE');
      ok(error.message.includes(`'${name}'`), error.message);
      equal(/UTF-8 locale/.test(error.message), tellsLocale, error.message);
      ok(error.cause instanceof DOMException);
    });
  }
});
