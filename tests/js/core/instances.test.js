// SPDX-License-Identifier: MIT
// configureWasm() counts for every module, whatever has been loaded before.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { configureWasm, openStore } from '../../../js/index.js';
import { hdf5File, runFolder, textFile } from '../../helpers/fixtures.js';

const bogus = new Uint8Array([1, 2, 3]);
const locations = [
  ['Zarr', runFolder('head/wf_f64'), { simd: bogus, scalar: bogus }],
  ['HDF5', hdf5File('head/wf_f64'), { hdf5: bogus, hdf5Scalar: bogus }],
  ['JSON', textFile('head/wf_f64', 'json'), { text: bogus, textScalar: bogus }],
];

afterEach(() => configureWasm({}));

for (const [format, location, wasm] of /** @type {[string, string, object][]} */ (locations)) {
  test(`${format}: another place for the module, after a store was opened`, async () => {
    await (await openStore(location)).close();
    configureWasm(wasm);
    await assert.rejects(openStore(location), { code: 'ERR_WASM' });
    configureWasm({});
    const store = await openStore(location);
    assert.ok(await store.count() > 0);
    await store.close();
  });
}
