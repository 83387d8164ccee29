// SPDX-License-Identifier: MIT
// A file on a real web server: which bytes are asked for, what is kept, and servers that do each thing
// wrong. (Synchronous requests, which only browsers have: tests/browser/file-places.browser.js.)

import { after, before, describe, test } from 'node:test';

import { HttpFilePlace } from '../../../../js/storage/http/http-file-place.js';
import { PagedFile } from '../../../../js/storage/file/paged-file.js';
import { whenFetched } from '../../../../js/storage/file/sync-file.js';
import { bytesEqual, deepEqual, equal, fails, ok } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { startServer, whole } from '../../../helpers/storage/test-server.js';

/** @import { SyncFile } from '../../../../js/storage/file/sync-file.js' */

const SIZE = 3_000_000;
const DATA = noise(SIZE, 1);
const PAGE = 16 * 1024;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
before(async () => { server = await startServer(new Map([['run.h5', DATA]])); });
after(() => server.close());

const quick = { retries: 1, retryDelayMs: 1, idleTimeoutMs: 500 };
const open = (/** @type {object} */ http = {}) => HttpFilePlace.open(`${server.url}/run.h5`, { http: { ...quick, ...http } });

/** @param {SyncFile} file @param {number} offset @param {number} length */
async function read(file, offset, length) {
  const view = new Uint8Array(length);
  await whenFetched(file, () => file.read(offset, length, view));
  return view;
}

/** @param {() => Promise<unknown>} run  the ranges that it asks for */
async function ranges(run) {
  const from = server.seen.length;
  await run();
  return server.seen.slice(from).map(({ range }) => range);
}

describe('a file on a web server', () => {
  test('what is asked for comes by ranges, once, and reading on fetches ahead', async () => {
    const place = await open();
    const { file } = await place.snapshot();
    equal(file.size(), SIZE);
    deepEqual(await ranges(async () => bytesEqual(await read(file, 5, 100), DATA.slice(5, 105))), [],
      'the beginning came with the size');
    deepEqual(await ranges(async () => bytesEqual(await read(file, 2 * PAGE + 1, 10), DATA.slice(2 * PAGE + 1, 2 * PAGE + 11))),
      [`bytes=${2 * PAGE}-${3 * PAGE - 1}`], 'a page');
    deepEqual(await ranges(() => read(file, 2 * PAGE, PAGE)), [], 'is kept');
    const forward = await ranges(async () => {
      for (let at = 10 * PAGE; at < SIZE; at += 1000) {
        const length = Math.min(1000, SIZE - at);
        bytesEqual(await read(file, at, length), DATA.slice(at, at + length));
      }
    });
    ok(forward.length < 12, `${forward.length} requests for ${SIZE / PAGE} pages`);
    await place.close();
    await fails(() => place.snapshot(), 'ERR_CLOSED');
  });

  test('what several pages hold, some of them there, is fetched together', async () => {
    const { file } = await (await open()).snapshot();
    await read(file, 52 * PAGE, 1);
    const seen = await ranges(async () =>
      bytesEqual(await read(file, 50 * PAGE + 7, 4 * PAGE), DATA.slice(50 * PAGE + 7, 54 * PAGE + 7)));
    deepEqual(seen.sort(), [`bytes=${50 * PAGE}-${52 * PAGE - 1}`, `bytes=${53 * PAGE}-${55 * PAGE - 1}`]);
  });

  test('a server without ranges is asked once, with progress', async () => {
    server.spoil('run.h5', (reply) => Object.assign(reply, whole(DATA)));
    /** @type {{ done: number, total?: number }[]} */
    const progress = [];
    const seen = await ranges(async () => {
      const place = await open({ onProgress: (/** @type {any} */ step) => progress.push(step) });
      const { file } = await place.snapshot();
      bytesEqual(await read(file, SIZE - 10, 10), DATA.slice(-10));
      bytesEqual(await read(file, 1_000_000, 500_000), DATA.slice(1_000_000, 1_500_000));
      await place.version({ refresh: true });
    });
    equal(seen.length, 1, 'requests');
    deepEqual(progress.at(-1), { done: SIZE, total: SIZE });
    server.spoil('run.h5', () => {});
  });

  test('another version on the server is taken up on demand, and refused in the middle', async () => {
    const place = await open();
    const { file, version } = await place.snapshot();
    server.spoil('run.h5', (reply) => { reply.headers.ETag = '"another"'; });
    await fails(() => read(file, 2_000_000, 10), 'ERR_HTTP', 'changed');
    equal(await place.version(), version);
    ok(await place.version({ refresh: true }) !== version, 'the version');
    const again = await place.snapshot();
    bytesEqual(await read(again.file, 2_000_000, 10), DATA.slice(2_000_000, 2_000_010));
    server.spoil('run.h5', () => {});
  });

  for (const [what, spoil, code] of /** @type {[string, (reply: any) => void, string][]} */ ([
    ['another part than was asked for', (reply) => { reply.headers['Content-Range'] = `bytes 0-9/${SIZE}`; }, 'ERR_HTTP'],
    ['fewer bytes than announced', (reply) => { reply.cutAfter = 10; }, 'ERR_HTTP'],
    ['an error', (reply) => { reply.status = 500; }, 'ERR_HTTP'],
    ['nothing any more', (reply) => { reply.status = 404; }, 'ERR_HTTP'],
    ['silence', (reply) => { reply.stallAfter = 10; }, 'ERR_HTTP'],
  ])) {
    test(`${what}: an error, and the next read tries again`, async () => {
      const { file } = await (await open()).snapshot();
      server.spoil('run.h5', spoil);
      await fails(() => read(file, 2_500_000, 1000), code, 'run.h5');
      server.spoil('run.h5', () => {});
      bytesEqual(await read(file, 2_500_000, 1000), DATA.slice(2_500_000, 2_501_000));
    });
  }

  test('what is not there', async () => {
    await fails(() => HttpFilePlace.open(`${server.url}/absent.h5`, { http: quick }), 'ERR_NOT_FOUND', 'absent.h5');
  });
});

describe('pages of a slow source', () => {
  /** @param {object} [more] */
  const source = (more) => ({ location: 'slow', size: SIZE, reads: 0, async close() {},
    async read(/** @type {number} */ offset, /** @type {number} */ length) {
      this.reads += 1;
      return DATA.subarray(offset, offset + length);
    }, ...more });

  test('memory is bounded, and a read that needs more than the bound still ends', async () => {
    const slow = source();
    const file = new PagedFile(slow, { limit: 10 * PAGE });
    bytesEqual(await read(file, 0, SIZE), DATA, 'far more than the limit');
    const before = slow.reads;
    await read(file, SIZE - 5, 5);
    equal(slow.reads, before, 'the last pages are kept');
    await read(file, 0, 5);
    equal(slow.reads, before + 1, 'the first are not');
  });

  test('a source that answers at once is read at once', () => {
    const file = new PagedFile(source({ readSync(/** @type {number} */ offset, /** @type {Uint8Array[]} */ [target]) {
      target.set(DATA.subarray(offset, offset + target.length));
    } }), { limit: 4 * PAGE });
    const view = new Uint8Array(200_000);
    for (const offset of [0, 7, 1_000_000, SIZE - 200_000]) {
      file.read(offset, view.length, view);
      bytesEqual(view, DATA.slice(offset, offset + view.length));
    }
  });

  test('an abort ends the wait', async () => {
    const file = new PagedFile(source({ read: (/** @type {number} */ _, /** @type {number} */ __, /** @type {any} */ options) =>
      new Promise((resolve, reject) => { options.signal.addEventListener('abort', () => reject(options.signal.reason)); }) }));
    const abort = new AbortController();
    const reading = whenFetched(file, () => file.read(0, 1, new Uint8Array(1)), { signal: abort.signal });
    abort.abort(new Error('enough'));
    let reason;
    await reading.catch((error) => { reason = error.message; });
    equal(reason, 'enough');
  });
});
