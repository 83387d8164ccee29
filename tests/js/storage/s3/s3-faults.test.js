// SPDX-License-Identifier: MIT
// A bucket when things go wrong: writers that die at any request, two at once, answers that are lost, servers
// that refuse, know no conditions, or have another time.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { S3Storage } from '../../../../js/storage/s3/s3.js';
import { openStore } from '../../../../js/index.js';
import { noise } from '../../../helpers/storage/content.js';
import { SCRIPT, STATES, play, sameAsBeforeOrAfter } from '../../../helpers/storage/fault-script.js';
import { KEYS, startS3 } from '../../../helpers/storage/s3-server.js';
import { contentOf, entry, sameContent } from '../writer-contract.js';

const LOCATION = 's3://bucket/a run';
const QUICK = { retries: 2, retryDelayMs: 1 };

/**
 * @param {import('../../../helpers/storage/s3-server.js').S3ServerOptions} options
 * @param {(server: Awaited<ReturnType<typeof startS3>>) => Promise<void>} run
 */
async function withServer(options, run) {
  const server = await startS3(options);
  try {
    await run(server);
  } finally {
    await server.close();
  }
}

/**
 * Sends a number of requests, and then never again: a process that was killed.
 * @param {number} most
 * @param {typeof fetch} send
 */
function dying(most, send) {
  const state = { sent: 0, died: false };
  const ask = async (/** @type {any} */ url, /** @type {any} */ init) => {
    if (state.sent >= most) {
      state.died = true;
      throw new TypeError('killed');
    }
    state.sent += 1;
    return send(url, init);
  };
  return { state, ask: /** @type {typeof fetch} */ (ask) };
}

/** What is there now, for those who look at the head. @param {Awaited<ReturnType<typeof startS3>>} server */
async function contentNow({ s3, fetch: ask }) {
  const storage = await S3Storage.open(LOCATION, { s3, http: { fetch: ask } });
  const content = await contentOf(storage);
  await storage.close();
  return content;
}

test('a writer that is killed leaves the old or the new, at requests of every kind', () => withServer({}, async (server) => {
  let most = 1;
  for (; ; most += 3) { // many requests are of one kind
    server.objects.clear();
    const { state, ask } = dying(most, server.fetch);
    const done = { steps: 0 };
    const storage = new S3Storage(LOCATION, { s3: server.s3, http: { fetch: ask, concurrency: 1, retries: 0 } });
    const error = await play(storage, 'strict', done).then(() => undefined, (reason) => reason);
    if (!state.died) {
      assert.equal(error, undefined);
      break;
    }
    const seen = await contentNow(server);
    sameAsBeforeOrAfter(seen, done.steps, `read after ${most} requests`);
    const http = { fetch: server.fetch };
    const next = await S3Storage.open(LOCATION, { s3: server.s3, http });
    if (done.steps < SCRIPT.length && server.objects.size > 0) await assert.rejects(next.openWriter(), { code: 'ERR_LOCKED' });
    server.aheadMs += 61_000;
    const writer = await next.openWriter();
    const settled = await contentOf(next);
    sameAsBeforeOrAfter(settled, done.steps, `settled after ${most} requests`);
    sameContent(settled, seen, `what was read after ${most} requests stays`);
    await writer.commit({ puts: [...entry(20, 1)] });
    await writer.close();
    const after = new Map([...settled, ...entry(20, 1)]);
    sameContent(await contentOf(next), after, `a commit after ${most} requests`);
    const own = [...server.objects.keys()].filter((key) => key.includes('/.bores-'));
    assert.deepEqual(own, ['a run/.bores-writer/head'], `${most}`);
    await next.close();
  }
  assert.ok(most > 40, `${most} requests`);
  sameContent(await contentNow(server), /** @type {any} */ (STATES.at(-1)));
}));

test('answers that are lost now and then change nothing', () => withServer({}, async (server) => {
  let count = 0;
  server.spoil = () => ((count += 1) % 3 === 0 ? [count % 2 ? 503 : 500, 'SlowDown'] : undefined);
  const storage = new S3Storage(LOCATION, { s3: server.s3, http: { ...QUICK, retries: 8, fetch: async (url, init) => {
    const response = await fetch(url, init);
    if (count % 5 === 0) throw new TypeError('connection reset'); // it was done all the same
    return response;
  } } });
  await play(storage, 'strict', { steps: 0 });
  server.spoil = undefined;
  sameContent(await contentNow(server), /** @type {any} */ (STATES.at(-1)));
}));

test('a writer that was taken for dead destroys nothing when it comes back', () => withServer({}, async (server) => {
  const first = await new S3Storage(LOCATION, { s3: server.s3 }).openWriter();
  await first.commit({ puts: [...entry(0, 1)] });
  server.aheadMs += 61_000; // it has slept
  const second = await new S3Storage(LOCATION, { s3: server.s3 }).openWriter();
  await second.commit({ puts: [...entry(1, 1), ['entry_0/model/array 0/0.0.0', noise(5, 5)]] });
  const content = await contentNow(server);
  await assert.rejects(first.commit({ puts: [...entry(1, 2)], deletes: ['entry_0/'] }), { code: 'ERR_LOCKED', message: /taken over by process/ });
  await assert.rejects(first.replace([{ puts: [...entry(9, 1)] }]), /taken over/);
  sameContent(await contentNow(server), content);
  await first.close();
  await second.commit({ puts: [...entry(2, 1)] });
  await second.close();
}));

test('two writers at once: one of them writes, whoever is first at each step', () => withServer({}, async (server) => {
  for (let round = 0; round < 6; round += 1) {
    server.objects.clear();
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, async (_, i) => {
      const writer = await new S3Storage(LOCATION, { s3: server.s3 }).openWriter();
      await writer.commit({ puts: [...entry(i, 1)] });
      return { writer, i };
    }));
    const [won, ...others] = outcomes.filter(({ status }) => status === 'fulfilled').map((outcome) => /** @type {any} */ (outcome).value);
    assert.equal(others.length, 0);
    for (const outcome of outcomes) if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'ERR_LOCKED');
    if (won) {
      sameContent(await contentNow(server), entry(won.i, 1));
      await won.writer.close();
    }
  }
}));

for (const without of /** @type {const} */ (['ignored', 'refused'])) {
  test(`conditions that a server ${without === 'ignored' ? 'does not heed' : 'does not know'} are told, and done without when asked`, () =>
    withServer({ conditions: false, without }, async (server) => {
      const storage = new S3Storage(LOCATION, { s3: server.s3 });
      const refusal = { code: 'ERR_UNSUPPORTED', message: /conditional writes[^]*singleWriter: true/ };
      await assert.rejects(storage.openWriter(), refusal);
      await assert.rejects(storage.openWriter(), refusal);
      const alone = new S3Storage(LOCATION, { s3: { ...server.s3, singleWriter: true } });
      await play(alone, 'strict', { steps: 0 });
      sameContent(await contentNow(server), /** @type {any} */ (STATES.at(-1)));
      const writer = await alone.openWriter();
      await assert.rejects(alone.openWriter(), { code: 'ERR_LOCKED' }); // by the head, as far as that goes
      await writer.close();
    }));
}

test('a clock that is wrong is set by the server', () => withServer({}, async (server) => {
  for (const aheadMs of [3 * 3_600_000, -26 * 3_600_000]) {
    server.objects.clear();
    server.aheadMs = aheadMs;
    await play(new S3Storage(LOCATION, { s3: server.s3 }), 'strict', { steps: 0 });
    const before = server.seen.length;
    const storage = await S3Storage.open(LOCATION, { s3: server.s3 });
    sameContent(await contentOf(storage), /** @type {any} */ (STATES.at(-1)));
    const [first, again] = server.seen.slice(before);
    assert.equal(first.key, again.key); // once; the others are right at once
    assert.equal(server.seen.slice(before + 2).filter(({ key }, at, all) => key === all[at - 1]?.key && !key.endsWith('/head')
      && key !== '').length, 0);
  }
}));

test('what is refused is told in the server\'s words, without a key or a signature', () => withServer({ region: 'eu-central-1' }, async (server) => {
  const open = (/** @type {any} */ change, location = LOCATION) => openStore(location, { mode: 'r', s3: { ...server.s3, ...change }, http: QUICK });
  /** @type {[any, string | undefined, RegExp][]} */
  const cases = [
    [{ secretAccessKey: 'wrong/secret' }, undefined, /ERR_PERMISSION .*403 SignatureDoesNotMatch/],
    [{ accessKeyId: 'NOBODY' }, undefined, /ERR_PERMISSION .*403 InvalidAccessKeyId/],
    [{ region: 'us-east-1' }, undefined, /ERR_PERMISSION .*403 AuthorizationHeaderMalformed/],
    [{}, 's3://another/run', /ERR_NOT_FOUND .*404 NoSuchBucket/],
    [{ accessKeyId: undefined, secretAccessKey: undefined }, undefined, /ERR_PERMISSION .*403 AccessDenied/],
    [{ secretAccessKey: undefined }, undefined, /ERR_ARGUMENT .*'secretAccessKey' is missing/],
    [{ endpoint: undefined, region: undefined }, undefined, /ERR_ARGUMENT .*endpoint/],
    [{ endpoint: 'minio:9000' }, undefined, /ERR_ARGUMENT .*no http\(s\) URL/],
    [{ bucket: 'x' }, undefined, /ERR_ARGUMENT .*'bucket'/],
    [{ leaseSeconds: 1e7 }, undefined, /ERR_ARGUMENT .*'leaseSeconds' is from 1 to 86400/],
    [{}, 's3://x/run', /ERR_ARGUMENT .*no bucket's name/],
    [{}, 's3://bucket/a/../b', /ERR_ARGUMENT .*is not a key/],
  ];
  for (const [change, location, expected] of cases) {
    const error = await open(change, location).then(() => undefined, (reason) => reason);
    assert.match(`${error?.code} ${error?.message}`, expected);
    assert.doesNotMatch(String(error?.message), new RegExp(`${KEYS.secretAccessKey}|wrong/secret|Signature=`));
  }
  server.spoil = () => [503, 'SlowDown'];
  const before = server.seen.length;
  await assert.rejects(open({}), { code: 'ERR_HTTP', message: /503 SlowDown/ });
  assert.equal(server.seen.length - before, QUICK.retries + 1);
}));

test('a run in a bucket: written, read by ranges, as a file, added to', () => withServer({ pageKeys: 7 }, async (server) => {
  const s3 = server.s3;
  const source = await openStore('web/samples/waterflood.zarr.zip', { mode: 'r' });
  const states = [];
  for await (const tree of source.load({ indices: [0, 1, 2], as: 'raw' })) states.push(tree);
  const target = await openStore('s3://bucket/run.zarr', { s3 });
  await target.dump(states.slice(0, 2));
  await target.append(states[2]);
  const path = 'model.fluid_properties.pressure_grid';
  const [pressure, due] = [await target.read(2, path), await source.read(2, path)];
  assert.deepEqual([...pressure.data], [...due.data]);
  assert.equal((await target.verify()).ok, true);
  await target.close();
  const bytes = (await import('node:fs')).readFileSync('web/samples/waterflood.zarr.zip');
  server.put('run.zarr.zip', bytes);
  const zip = await openStore('s3://bucket/run.zarr.zip', { mode: 'r', s3 });
  assert.deepEqual([...(await zip.read(2, path)).data], [...due.data]);
  assert.ok(server.seen.some(({ key, headers }) => key === 'run.zarr.zip' && headers.range));
  await zip.close();
  await source.close();
}));

test('a sign of life whose answer is lost takes nothing from the commit behind it', () => withServer({}, async (server) => {
  let lost = 0;
  const lose = async (/** @type {any} */ url, /** @type {any} */ init) => {
    const response = await server.fetch(url, init);
    if (lost !== 1 || init.method !== 'PUT' || !String(url).endsWith('/head')) return response;
    lost += 1;
    throw new TypeError('connection reset');
  };
  const http = { fetch: /** @type {typeof fetch} */ (lose), retries: 0 };
  const writer = await new S3Storage(LOCATION, { s3: { ...server.s3, leaseSeconds: 1 }, http }).openWriter();
  await writer.commit({ puts: [...entry(0, 1)] });
  lost = 1;
  while (lost === 1) await new Promise((resolve) => setTimeout(resolve, 10));
  await writer.commit({ puts: [...entry(0, 2)], deletes: ['entry_0/'] });
  await writer.close();
  sameContent(await contentNow(server), entry(0, 2));
  await (await new S3Storage(LOCATION, { s3: server.s3 }).openWriter()).close(); // it was let go, too
}));

for (const [when, change] of /** @type {[string, any][]} */ ([
  ['it deletes', { puts: [], deletes: ['entry_0/'] }], ['it makes a folder', { puts: [...entry(3, 1)] }]])) {
  test(`a writer that slept while ${when} leaves what another has written since`, () => withServer({}, async (server) => {
    /** @type {Promise<void> | undefined} */ let sleep;
    let isNear = false;
    const drowsy = async (/** @type {any} */ url, /** @type {any} */ init) => {
      await sleep;
      const response = await server.fetch(url, init);
      if (!isNear || !(change.deletes ? /prefix=.*entry_0/.test(url) : /entry_3/.test(url))) return response;
      isNear = false;
      sleep = other(); // the answer is there, and nobody to hear it
      await sleep;
      return response;
    };
    const s3 = { ...server.s3, leaseSeconds: 1 };
    const first = await new S3Storage(LOCATION, { s3, http: { fetch: /** @type {typeof fetch} */ (drowsy), concurrency: 1 } })
      .openWriter();
    /** @type {Map<string, Uint8Array>} */ let content = new Map();
    async function other() {
      await new Promise((resolve) => setTimeout(resolve, 600));
      server.aheadMs += 10_000;
      const second = await new S3Storage(LOCATION, { s3, http: { fetch: server.fetch } }).openWriter();
      await second.commit({ puts: [...entry(0, 2)] });
      content = await contentNow(server);
      await second.close();
    }
    await first.commit({ puts: [...entry(0, 1)] });
    isNear = true;
    await assert.rejects(first.commit(change), /taken over by/);
    sameContent(await contentNow(server), content);
    assert.ok(content.size > 0);
    await first.close();
  }));
}

test('a folder that is being written is neither listed nor read, by whoever knows of it', () => withServer({}, async (server) => {
  const storage = new S3Storage(LOCATION, { s3: server.s3, http: { fetch: server.fetch } });
  const writer = await storage.openWriter();
  const reader = await S3Storage.open(LOCATION, { s3: server.s3, http: { fetch: server.fetch } });
  await writer.replace((async function* parts() {
    for (const n of [0, 1]) {
      yield { puts: [...entry(n, 1)] };
      assert.deepEqual(await reader.list(''), []);
      for (const key of entry(n, 1).keys()) {
        if (!key.includes('/')) continue;
        assert.equal(await reader.get(key), undefined, key);
        assert.deepEqual(await reader.list(key.split('/')[0]), []);
      }
    }
  })());
  for (const [key, bytes] of entry(1, 1)) assert.deepEqual(await reader.get(key), bytes, key); // without a refresh
  await writer.close();
}));

test('an answer that ends before its end is asked for again', () => withServer({}, async (server) => {
  let count = 0;
  const cut = async (/** @type {any} */ url, /** @type {any} */ init) => {
    const response = await server.fetch(url, init);
    if (response.status !== 200 || (count += 1) % 3 !== 0) return response;
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) });
    return new Response(body, { headers: response.headers });
  };
  await play(new S3Storage(LOCATION, { s3: server.s3, http: { ...QUICK, retries: 8, fetch: /** @type {typeof fetch} */ (cut) } }),
    'strict', { steps: 0 });
  sameContent(await contentNow(server), /** @type {any} */ (STATES.at(-1)));
}));

test('a list that is cut without saying where it goes on is refused', () => withServer({ pageKeys: 2 }, async (server) => {
  for (const key of ['a', 'b', 'c']) server.put(`a run/${key}`, noise(3, 1));
  const mute = async (/** @type {any} */ url, /** @type {any} */ init) => {
    const response = await server.fetch(url, init);
    if (!String(url).includes('list-type')) return response;
    return new Response((await response.text()).replace(/<NextContinuationToken>.*<\/NextContinuationToken>/, ''));
  };
  const storage = new S3Storage(LOCATION, { s3: server.s3, http: { fetch: /** @type {typeof fetch} */ (mute) } });
  await assert.rejects(storage.list(''), { code: 'ERR_STORAGE', message: /is cut/ });
}));
