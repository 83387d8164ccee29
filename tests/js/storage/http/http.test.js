// SPDX-License-Identifier: MIT
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { HttpStorage } from '../../../../js/storage/http/http.js';
import { bytesEqual, equal, failure, fails, isError, ok } from '../../../helpers/storage/assert.js';
import { noise, sampleContent } from '../../../helpers/storage/content.js';
import { storageContract } from '../storage-contract.js';
import { startServer, whole } from '../../../helpers/storage/test-server.js';

/** @import { Spoiler } from '../../../helpers/storage/test-server.js' */
/** @import { HttpOptions } from '../../../../js/storage/http/http-client.js' */

const value = noise(1000, 42);
const quick = { retryDelayMs: 1 };
/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;

before(async () => {
  server = await startServer(sampleContent());
});
after(() => server.close());

describe('http', () => {
  storageContract(test, () => new HttpStorage(server.url), {
    list: false,
    sync: false,
    usage: false,
  });
});

/**
 * @param {Spoiler} spoiler
 * @param {HttpOptions} [options]
 */
function spoilt(spoiler, options = {}) {
  server.content.set('spoilt', value);
  server.spoil('spoilt', spoiler);
  server.seen.length = 0;
  return new HttpStorage(server.url, { ...quick, ...options });
}

describe('http: addresses', () => {
  test('keeps the query and drops the fragment, and shows the query to nobody', async () => {
    const storage = new HttpStorage(`${server.url}/?sig=a%2Fb#part`, quick);
    equal(storage.urlOf('model→x/0.0'), `${server.url}/model%E2%86%92x/0.0?sig=a%2Fb`);
    equal(storage.urlOf('100% #1?/é'), `${server.url}/100%25%20%231%3F/%C3%A9?sig=a%2Fb`);
    equal(storage.location, server.url);
    server.seen.length = 0;
    bytesEqual(await storage.get('order/a'), noise(2, 7));
    equal(server.seen[0].query, '?sig=a%2Fb');
    server.spoil('secret', (reply) => {
      reply.status = 401;
    });
    const error = await failure(() => storage.get('secret'));
    ok(!error.message.includes('sig='), error.message);
  });

  test('takes http: and https: only', async () => {
    for (const url of ['ftp://host/x', 'run.zarr', '']) {
      await fails(() => new HttpStorage(url), 'ERR_ARGUMENT', `'${url}'`);
    }
  });

  test('sends the headers it was given', async () => {
    server.seen.length = 0;
    await new HttpStorage(server.url, { headers: { 'x-token': 'abc' } }).getRange('big', {
      offset: 5,
      length: 2,
    });
    equal(server.seen[0].headers['x-token'], 'abc');
    equal(server.seen[0].range, 'bytes=5-6');
  });
});

describe('http: statuses', () => {
  test('410 is absent, 403 an error unless it was said to mean absent', async () => {
    equal(
      await spoilt((reply) => {
        reply.status = 410;
      }).get('spoilt'),
      undefined,
    );
    const forbidden = (/** @type {any} */ reply) => {
      reply.status = 403;
    };
    server.spoil('.zgroup', forbidden); // so that nothing of the store can be read
    await fails(() => spoilt(forbidden).get('spoilt'), 'ERR_HTTP', "'spoilt'", '403');
    server.spoil('.zgroup', () => {});
    equal(server.seen[0].key, 'spoilt');
    equal(await spoilt(forbidden, { absent: [403] }).get('spoilt'), undefined);
  });

  test('403 is absent as long as what is there can be read, and an error after that', async () => {
    const storage = new HttpStorage(server.url, { retries: 0 });
    const refuse = (/** @type {string} */ key) => server.spoil(key, (reply) => { reply.status = 403; });
    await storage.get('big');
    refuse('none');
    refuse('none2');
    equal(await storage.get('none'), undefined);
    const all = await Promise.all(['none', 'none2', 'none'].map((key) => storage.get(key)));
    ok(all.every((value) => value === undefined), 'none is there');
    refuse('big'); // the right to read has run out
    await fails(() => storage.get('none2'), 'ERR_HTTP', "'none2'", '403');
    await fails(() => storage.get('big'), 'ERR_HTTP', "'big'", '403');
  });

  test('503 twice and then ok is a value', async () => {
    const storage = spoilt((reply, count) => {
      if (count < 3) reply.status = 503;
    });
    bytesEqual(await storage.get('spoilt'), value);
    equal(server.seen.length, 3, 'requests');
  });

  test('503 for ever is an error after the last retry', async () => {
    const storage = spoilt(
      (reply) => {
        reply.status = 503;
      },
      { retries: 2 },
    );
    await fails(() => storage.get('spoilt'), 'ERR_HTTP', "'spoilt'", '503');
    equal(server.seen.length, 3, 'requests');
  });

  test('a server that is not there is an error that says so', async () => {
    const gone = await startServer(new Map());
    await gone.close();
    const error = await failure(() =>
      new HttpStorage(gone.url, { ...quick, retries: 1 }).get('a/b'),
    );
    isError(error, 'ERR_HTTP', "'a/b'", 'ECONNREFUSED');
    ok(error.cause instanceof Error, 'has the cause');
  });

  test('a web page is not a value', async () => {
    const storage = spoilt((reply) => {
      const page = new TextEncoder().encode('\n<!DOCTYPE html><p>log in');
      Object.assign(reply, whole(page, { 'Content-Type': 'text/html; charset=utf-8' }));
    });
    await fails(() => storage.get('spoilt'), 'ERR_HTTP', 'spoilt', 'web page');
  });
});

describe('http: bodies', () => {
  test('a cut body is tried again, then an error with both lengths', async () => {
    const once = spoilt((reply, count) => {
      if (count === 1) reply.cutAfter = 100;
    });
    bytesEqual(await once.get('spoilt'), value);
    const always = spoilt(
      (reply) => {
        reply.cutAfter = 100;
      },
      { retries: 1 },
    );
    await fails(() => always.get('spoilt'), 'ERR_HTTP', "'spoilt'", '1000 bytes', 'sent 100');
    await fails(
      () => always.getRange('spoilt', { offset: 0, length: 500 }),
      'ERR_HTTP',
      '500',
      '100',
    );
  });

  test('a body compressed in transit is not measured by Content-Length', async () => {
    const storage = spoilt((reply) => {
      const packed = gzipSync(value);
      Object.assign(reply, whole(packed, { 'Content-Encoding': 'gzip' }));
    });
    bytesEqual(await storage.get('spoilt'), value);
  });

  test('a body beyond the limit is refused before and while it arrives', async () => {
    const told = spoilt(() => undefined, { maxBytes: 999 });
    const error = await failure(() => told.get('spoilt'));
    isError(error, 'ERR_LIMIT', 'spoilt', '1000', '999');
    equal(error.needed, 1000);
    equal(error.limit, 999);
    const untold = spoilt(
      (reply) => {
        delete reply.headers['Content-Length'];
      },
      { maxBytes: 999 },
    );
    await fails(() => untold.get('spoilt'), 'ERR_LIMIT', 'spoilt', '999');
  });

  test('silence ends, and so does a wait that is no longer wanted', async () => {
    const silent = spoilt(
      (reply) => {
        reply.stallAfter = 10;
      },
      { idleTimeoutMs: 50, retries: 0 },
    );
    await fails(() => silent.get('spoilt'), 'ERR_HTTP', 'no byte for 50 ms');
    const late = spoilt(
      (reply) => {
        reply.delayMs = 60_000;
      },
      { idleTimeoutMs: 50, retries: 1 },
    );
    await fails(() => late.get('spoilt'), 'ERR_HTTP', 'no byte for 50 ms');
    const reason = new Error('enough');
    for (const spoiler of /** @type {Spoiler[]} */ ([
      (reply) => {
        reply.delayMs = 60_000;
      },
      (reply) => {
        reply.stallAfter = 10;
      },
      (reply) => {
        reply.status = 503;
        reply.headers['Retry-After'] = 9;
      },
    ])) {
      const controller = new AbortController();
      const pending = spoilt(spoiler).get('spoilt', { signal: controller.signal });
      setTimeout(() => controller.abort(reason), 30);
      equal(await failure(() => pending), reason);
    }
  });
});

describe('http: ranges', () => {
  const range = { offset: 100, length: 50 };
  const part = value.subarray(100, 150);

  test('200 with all of it is sliced while small, and an error beyond', async () => {
    const ignore = (/** @type {any} */ reply) => {
      Object.assign(reply, whole(value, {}));
    };
    bytesEqual(await spoilt(ignore).getRange('spoilt', range), part);
    bytesEqual(await spoilt(ignore).getRange('spoilt', { suffixLength: 3 }), value.subarray(997));
    const error = await failure(() =>
      spoilt(ignore, { maxFullBytes: 999 }).getRange('spoilt', range),
    );
    isError(error, 'ERR_HTTP', "'spoilt'", 'instead of a range', '1000', '999');
  });

  for (const [what, contentRange] of [
    ['of another start', 'bytes 101-150/1000'],
    ['that is longer', 'bytes 100-150/1000'],
    ['that is shorter', 'bytes 100-148/1000'],
    ['that ends before it starts', 'bytes 100-99/1000'],
    ['beyond its own total', 'bytes 100-149/120'],
    ['of no known form', 'lines 1-2/3'],
    ['that is missing', undefined],
  ]) {
    test(`206 with a Content-Range ${what} is an error`, async () => {
      const storage = spoilt((reply) => {
        if (contentRange === undefined) delete reply.headers['Content-Range'];
        else reply.headers['Content-Range'] = contentRange;
      });
      await fails(
        () => storage.getRange('spoilt', range),
        'ERR_HTTP',
        "'spoilt'",
        contentRange ?? 'null',
      );
    });
  }

  test('206 for a whole value must cover it', async () => {
    const partial = (/** @type {string} */ contentRange) =>
      spoilt((reply) => {
        reply.status = 206;
        reply.headers['Content-Range'] = contentRange;
      });
    bytesEqual(await partial('bytes 0-999/1000').get('spoilt'), value);
    await fails(() => partial('bytes 0-998/1000').get('spoilt'), 'ERR_HTTP', 'spoilt', 'all of it');
  });

  /** As Chromium shows an encoded answer to a range: not at all. @type {typeof fetch} */
  const unseen = async (url, init) => {
    if (new Headers(init?.headers).has('range')) throw new TypeError('Failed to fetch');
    return fetch(url, init);
  };

  test('what comes compressed and whole whatever is asked for is read, once for all', async () => {
    const storage = spoilt((reply) => Object.assign(reply, whole(gzipSync(value), { 'Content-Encoding': 'gzip' })),
      { fetch: unseen, retries: 1 });
    bytesEqual(await storage.getRange('spoilt', { offset: 10, length: 20 }), value.slice(10, 30));
    bytesEqual(await storage.getRange('spoilt', { suffixLength: 7 }), value.slice(-7));
    equal(server.seen.length, 2, 'requests that were answered');
  });

  test('a range of compressed bytes is none: all of it, then', async () => {
    const packed = gzipSync(value);
    const storage = spoilt((reply, _, { headers: { range } }) => {
      const headers = { 'Content-Encoding': 'gzip' };
      if (range === undefined) Object.assign(reply, whole(packed, headers));
      else Object.assign(reply.headers, headers);
    });
    bytesEqual(await storage.getRange('spoilt', { offset: 0, length: 40 }), value.slice(0, 40));
    const stubborn = spoilt((reply) => { reply.headers['Content-Encoding'] = 'gzip'; }, { retries: 0, fetch: async (url, init) => (
      new Headers(init?.headers).has('range') ? fetch(url, init) : Promise.reject(new TypeError('Failed to fetch'))) });
    await fails(() => stubborn.getRange('spoilt', { offset: 0, length: 40 }), 'ERR_HTTP', 'Content-Encoding: gzip');
  });

  test('a server that has sent a range is not asked for all of it when it fails', async () => {
    let fail = false;
    const storage = spoilt(() => {}, { retries: 1, fetch: async (url, init) => (
      fail ? Promise.reject(new TypeError('Failed to fetch')) : fetch(url, init)) });
    await storage.getRange('spoilt', { offset: 10, length: 20 });
    fail = true;
    await fails(() => storage.getRange('spoilt', { offset: 10, length: 20 }), 'ERR_HTTP', 'Failed to fetch');
    equal(server.seen.length, 1);
  });

  test('a page of another origin is told of CORS', async () => {
    Object.assign(globalThis, { location: new URL('http://page.example/') });
    try {
      const storage = spoilt(() => {}, { retries: 0, fetch: async () => { throw new TypeError('Failed to fetch'); } });
      await fails(() => storage.get('spoilt'), 'ERR_HTTP', 'CORS', 'http://page.example');
      await fails(() => storage.getRange('spoilt', { offset: 0, length: 5 }), 'ERR_HTTP', 'Access-Control-Allow-Origin');
    } finally {
      Reflect.deleteProperty(globalThis, 'location');
    }
  });

  test('416 for a range that is there is an error', async () => {
    const storage = spoilt((reply) => {
      reply.status = 416;
      reply.headers['Content-Range'] = 'bytes */1000';
    });
    await fails(() => storage.getRange('spoilt', range), 'ERR_HTTP', 'spoilt', '1000');
  });
});

describe('http: versions', () => {
  const tagged = (/** @type {string} */ name, /** @type {(count: number) => string} */ of) =>
    spoilt((reply, count) => {
      delete reply.headers.ETag;
      reply.headers[name] = of(count);
    });

  for (const name of ['ETag', 'Last-Modified']) {
    test(`a changing ${name} is an error, until refresh()`, async () => {
      const storage = tagged(name, (count) => `"${count > 1 ? 'new' : 'old'}"`);
      await storage.getRange('spoilt', { offset: 0, length: 1 });
      await fails(() => storage.get('spoilt'), 'ERR_HTTP', "'spoilt'", 'old', 'new');
      storage.refresh();
      bytesEqual(await storage.get('spoilt'), value);
    });
  }

  test('a value that vanishes is an error, not an absent one', async () => {
    const storage = spoilt((reply, count) => {
      if (count > 1) reply.status = 404;
    });
    await storage.get('spoilt');
    await fails(() => storage.get('spoilt'), 'ERR_HTTP', "'spoilt'", '404');
  });

  test('the tag of a compressed answer is the same version', async () => {
    const storage = tagged('ETag', (count) => ['"a1"', 'W/"a1"', '"a1-gzip"'][count - 1]);
    for (let i = 0; i < 3; i += 1) bytesEqual(await storage.get('spoilt'), value);
  });
});

describe('http: many at once', () => {
  test('never more than `concurrency` requests, and a waiting one can be called off', async () => {
    let now = 0;
    let most = 0;
    const counting = /** @type {typeof fetch} */ (
      async (...args) => {
        now += 1;
        most = Math.max(most, now);
        try {
          return await fetch(...args);
        } finally {
          now -= 1;
        }
      }
    );
    const storage = new HttpStorage(server.url, { concurrency: 3, fetch: counting });
    const controller = new AbortController();
    const reason = new Error('enough');
    const all = Array.from({ length: 40 }, (_, i) => storage.get(`many/${i}`));
    const late = storage.get('many/40', { signal: controller.signal });
    controller.abort(reason);
    equal(await failure(() => late), reason);
    await Promise.all(all);
    equal(most, 3, 'requests at once');
    bytesEqual(await storage.get('many/41'), noise(2, 41));
  });
});
