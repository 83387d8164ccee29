// SPDX-License-Identifier: MIT
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { locationRelation, openNode, openStore } from '../../../js/index.js';
import { detectBackend } from '../../../js/storage/detect-format.js';
import { openStorage } from '../../../js/storage/location.js';
import { openPlace } from '../../../js/storage/media.js';
import { MemoryStorage } from '../../../js/storage/memory/memory.js';
import { bytesEqual, deepEqual, equal, fails } from '../../helpers/storage/assert.js';
import { startServer } from '../../helpers/storage/test-server.js';
import { buildZip } from '../../helpers/storage/zip-writer.js';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-location-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));
const value = new TextEncoder().encode('{"zarr_format": 2}');
const zip = buildZip([{ name: '.zgroup', data: value }]);
const folder = path.join(scratch, 'run 1→2.zarr');
fs.mkdirSync(folder);
fs.writeFileSync(path.join(folder, '.zgroup'), value);
const file = path.join(scratch, 'run.zip');
fs.writeFileSync(file, zip);
const server = await startServer(
  new Map([
    ['.zgroup', value],
    ['run.zip', zip],
  ]),
);
after(() => server.close());
MemoryStorage.named('known', { '.zgroup': value });

describe('location', () => {
  for (const [what, location, kind] of /** @type {[string, unknown, string][]} */ ([
    ['a path of a directory', folder, 'directory'],
    ['a relative path', path.relative(process.cwd(), folder), 'directory'],
    ['a file: URL', pathToFileURL(folder).href, 'directory'],
    ['a URL object', pathToFileURL(folder), 'directory'],
    ['a path of a zip archive', file, 'zip'],
    ['memory:', 'memory:known', 'memory'],
    ['an http: URL', server.url, 'http'],
    ['an http: URL of a zip archive', `${server.url}/run.zip?sig=a`, 'zip'],
    ['a Blob', new Blob([zip]), 'zip'],
    ['a File', new File([zip], 'run.zip'), 'zip'],
    ['a list of one File', [new File([zip], 'run.zip')], 'zip'],
    [
      'a list of files with paths',
      [{ path: 'run.zarr/.zgroup', file: new File([value], 'x') }],
      'files',
    ],
    ['a Uint8Array', zip, 'zip'],
    ['an ArrayBuffer', zip.buffer, 'zip'],
    ['a Map', new Map([['.zgroup', value]]), 'memory'],
    [
      'a store of somebody else',
      { get: (/** @type {string} */ key) => (key === '/.zgroup' ? value : undefined) },
      'custom',
    ],
    ['a storage', new MemoryStorage({ '.zgroup': value }), 'memory'],
  ])) {
    test(`${what} is a ${kind} storage`, async () => {
      const storage = await openStorage(location);
      equal(storage.kind, kind);
      bytesEqual(await storage.get('.zgroup'), value);
      await storage.close();
    });
  }

  for (const [what, location, code, text] of /** @type {[string, unknown, string, string][]} */ ([
    ['a path that is not there', path.join(scratch, 'none'), 'ERR_NOT_FOUND', 'none'],
    ['a zip that is not there', `${server.url}/none.zip`, 'ERR_NOT_FOUND', 'none.zip'],
    ['a scheme nobody knows', 'gs://bucket/run', 'ERR_ARGUMENT', "'gs:'"],
    ['a bucket of nobody', 's3://bucket/run', 'ERR_ARGUMENT', 'endpoint'],
    ['a URL that is none', 'http://[', 'ERR_ARGUMENT', "'http://['"],
    ['a file of another host', 'file://host/run.zarr', 'ERR_ARGUMENT', "'file://host/run.zarr' is no file"],
    ['a file: URL with an escaped slash', 'file:///tmp/a%2Fb', 'ERR_ARGUMENT', "'file:///tmp/a%2Fb' is no file"],
    ['a path with U+0000', 'a\0.zarr', 'ERR_ARGUMENT', 'U+0000'],
    ['IndexedDB in Node', 'idb:run', 'ERR_UNSUPPORTED', 'IndexedDB'],
    ['OPFS in Node', 'opfs:run', 'ERR_UNSUPPORTED', 'opfs:run'],
    ['a number', 7, 'ERR_ARGUMENT', 'Number'],
    ['nothing', undefined, 'ERR_ARGUMENT', 'Undefined'],
    ['an object without get', {}, 'ERR_ARGUMENT', 'Object'],
    ['bytes that are no archive', new Uint8Array(100), 'ERR_CORRUPT', 'zip'],
    ['HDF5', Uint8Array.from('\x89HDF\r\n\x1a\n', (c) => c.charCodeAt(0)), 'ERR_ARGUMENT', 'HDF5'],
    ['JSON', new Blob(['[{"_index": 0}]']), 'ERR_ARGUMENT', 'JSON'],
  ])) {
    test(`${what} is ${code}`, () => fails(() => openStorage(location), code, text));
  }

  test('what is no path is ERR_ARGUMENT however it is opened', async () => {
    for (const location of ['file://host/run', 'file:///tmp/a%2Fb', 'a\0']) {
      for (const backend of /** @type {const} */ ([undefined, 'zarr', 'hdf5', 'json', 'yaml', 'eclipse'])) {
        await fails(() => openStore(location, { backend }), 'ERR_ARGUMENT', location);
      }
      await fails(() => openNode(location), 'ERR_ARGUMENT', location);
      await fails(() => locationRelation(location, folder), 'ERR_ARGUMENT', location);
    }
  });

  for (const [what, list, text] of /** @type {[string, unknown[], string][]} */ ([
    ['a path', ['run.zarr'], "'run.zarr' is not a file: item 0"],
    ['an address', ['http://me:word@host/run.zarr'], "'http://***@host/run.zarr' is not a file"],
    ['nothing', [null], '[object Null] is not a file: item 0'],
    ['a list', [[file]], '[object Array] is not a file: item 0'],
    ['a file and nothing', [new File([zip], 'run.DATA'), undefined], '[object Undefined] is not a file: item 1'],
    ['a path without a file', [{ path: 'run.zarr/.zgroup', file: 'x' }], '[object Object] is not a file: item 0'],
    ['a path that is none', [{ path: 7, file: new File([value], 'x') }], '[object Object] is not a file: item 0'],
    ['Blobs without a name', [new Blob([zip]), new Blob([zip])], '[object Blob] is not a file: item 0'],
  ])) {
    test(`a list of ${what} is no location`, async () => {
      for (const open of [openStorage, openStore, openNode]) await fails(() => open(list), 'ERR_ARGUMENT', text);
      for (const backend of /** @type {const} */ (['zarr', 'hdf5', 'json', 'eclipse'])) {
        await fails(() => openStore(list, { backend }), 'ERR_ARGUMENT', text);
      }
    });
  }

  test('an abort ends the opening', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    equal(await openStorage(server.url, { signal }).catch((error) => error), signal.reason);
  });

  test('options for HTTP reach the requests', async () => {
    server.seen.length = 0;
    for (const name of ['', '/run.zip']) {
      const storage = await openStorage(server.url + name, {
        http: { headers: { 'x-token': 'abc' } },
      });
      await storage.get('.zgroup');
    }
    deepEqual([...new Set(server.seen.map(({ headers }) => headers['x-token']))], ['abc']);
  });

  test('a place is a storage, or the bytes of one file', async () => {
    equal((await openPlace(folder)).storage?.kind, 'directory');
    const { source } = await openPlace(file);
    equal(source?.size, zip.length);
    await source?.close();
  });
});

describe('detectBackend', () => {
  const bytes = (/** @type {string} */ text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  for (const [name, first, backend] of /** @type {[unknown, string | undefined, string][]} */ ([
    ['run.zarr', undefined, 'zarr'],
    ['run', undefined, 'zarr'],
    ['run.zarr.zip', undefined, 'zarr'],
    ['run.h5', undefined, 'hdf5'],
    ['run.HDF5', undefined, 'hdf5'],
    ['run.hdf', undefined, 'hdf5'],
    ['run.json', undefined, 'json'],
    ['run.yaml', undefined, 'yaml'],
    ['run #1?.yml', undefined, 'yaml'],
    ['https://host/run.h5?sig=a', undefined, 'hdf5'],
    [new URL('https://host/run.json#x'), undefined, 'json'],
    [new File([], 'run.h5'), undefined, 'hdf5'],
    [undefined, undefined, 'zarr'],
    ['run.json', '\x89HDF\r\n\x1a\n\0', 'hdf5'],
    ['run', 'PK\x03\x04', 'zarr'],
    ['run', 'PK\x05\x06', 'zarr'],
    ['run', ' \n[{', 'json'],
    ['run', '\xef\xbb\xbf{', 'json'],
    ['run', '- _index: 0', 'yaml'],
    ['run', '---\n- a', 'yaml'],
    ['run', '%YAML 1.2', 'yaml'],
    ['run.yaml', '[{a: 1}]', 'yaml'],
    ['run.h5', 'text', 'hdf5'],
  ])) {
    test(`${name instanceof File ? 'a File' : name}, ${JSON.stringify(first)}: ${backend}`, () => {
      equal(detectBackend(name, first === undefined ? undefined : bytes(first)), backend);
    });
  }
});
