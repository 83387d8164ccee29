// SPDX-License-Identifier: MIT
// Limits that this side knows, too, so as not to fetch what the core would refuse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { MAX_CONSOLIDATED_BYTES, MAX_DOCUMENT_BYTES } from '../../../../js/formats/zarr/documents.js';

test("they are the core's", () => {
  const source = readFileSync(new URL('../../../../src/base/context.c', import.meta.url), 'utf8');
  const limit = (/** @type {string} */ name) => {
    const [, factor, shift] = new RegExp(`limits\\.${name} = UINT64_C\\((\\d+)\\) << (\\d+);`).exec(source) ?? [];
    return Number(factor) * 2 ** Number(shift);
  };
  assert.equal(MAX_DOCUMENT_BYTES, limit('max_document_bytes'));
  assert.equal(MAX_CONSOLIDATED_BYTES, limit('max_consolidated_bytes'));
});
