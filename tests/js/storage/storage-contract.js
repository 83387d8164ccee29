// SPDX-License-Identifier: MIT
// What every storage promises, as one suite. It knows nothing of the host: `test` registers a
// case, `open(content)` makes a storage that holds exactly this content. `able` says what the
// storage claims, so that a method that is lost by accident fails here.

import { bytesEqual, deepEqual, equal, fails, failure, ok } from '../../helpers/storage/assert.js';
import { BIG, DEEP, noise, sampleContent } from '../../helpers/storage/content.js';

/** @import { ByteRange, Storage } from '../../../js/storage/base/storage.js' */
/** @import { Content } from '../../helpers/storage/content.js' */
/** @typedef {(name: string, run: () => Promise<void>) => unknown} Test */
/** @typedef {{ list: boolean, sync: boolean, usage: boolean }} Able */
/** @typedef {(name: string, run: (storage: Storage) => Promise<void>) => void} Check */


/**
 * @param {Test} test
 * @param {(content: Content) => Promise<Storage> | Storage} open
 * @param {Able} able
 */
export function storageContract(test, open, able) {
  const content = sampleContent();
  /** @type {Check} */
  const check = (name, run) => {
    test(name, async () => {
      const storage = await open(content);
      try {
        await run(storage);
      } finally {
        await storage.close();
      }
    });
  };
  check('claims what it can do', async (storage) => {
    equal(typeof storage.list, able.list ? 'function' : 'undefined', 'list');
    equal(typeof storage.listSync, able.list && able.sync ? 'function' : 'undefined', 'listSync');
    equal(typeof storage.getSync, able.sync ? 'function' : 'undefined', 'getSync');
    equal(typeof storage.usage, able.usage ? 'function' : 'undefined', 'usage');
    ok(storage.location.length > 0, 'a storage has a location');
  });
  checkValues(check, content);
  checkRanges(check, content);
  checkAbort(check, content);
  checkEnd(check);
  if (able.list) checkListings(check);
  if (able.sync) checkSync(check, content);
  if (able.usage) checkUsage(check, content);
}

/**
 * @param {Check} check
 * @param {Content} content
 */
function checkValues(check, content) {
  check('gives every value back, whatever its name and size', async (storage) => {
    for (const [key, value] of content) {
      if (!key.startsWith('many/')) bytesEqual(await storage.get(key), value, key);
    }
  });
  check('answers undefined for an absent key', async (storage) => {
    for (const key of ['nothing', 'wells/nothing', 'no/such/folder/0', '.zgroup/0', 'Big']) {
      equal(await storage.get(key), undefined, key);
      equal(await storage.getRange?.(key, { offset: 0, length: 1 }), undefined, key);
    }
  });
  check('refuses what is not a key, naming it', async (storage) => {
    for (const key of [
      '',
      '/big',
      'a/',
      'a//b',
      '../big',
      'a/../big',
      './big',
      'a/.',
      'a\0b',
      '\ud800',
    ]) {
      await fails(() => storage.get(key), 'ERR_ARGUMENT', `'${key}'`);
    }
    // @ts-expect-error: what an untyped caller may pass
    await fails(() => storage.get(7), 'ERR_ARGUMENT', 'number');
  });
  check('serves many gets at once', async (storage) => {
    const keys = [...content.keys()].filter((key) => key.startsWith('many/'));
    const values = await Promise.all(keys.map((key) => storage.get(key)));
    keys.forEach((key, i) => {
      bytesEqual(values[i], /** @type {Uint8Array} */ (content.get(key)), key);
    });
  });
  check("hands out bytes that are the caller's own", async (storage) => {
    const key = 'wells/PROD-2 Ærøskøbing/oil_rate/0';
    const first = await storage.get(key);
    ok(first, key);
    first.fill(0);
    structuredClone(first.buffer, { transfer: [first.buffer] });
    bytesEqual(await storage.get(key), noise(300, 2), 'after the first copy was spoilt');
  });
}

/**
 * @param {Check} check
 * @param {Content} content
 */
function checkRanges(check, content) {
  const big = /** @type {Uint8Array} */ (content.get('big'));
  /** @type {[ByteRange, Uint8Array][]} */
  const cases = [
    [{ offset: 0, length: 10 }, big.subarray(0, 10)],
    [{ offset: 4097, length: 70001 }, big.subarray(4097, 74098)],
    [{ offset: BIG - 3, length: 100 }, big.subarray(BIG - 3)],
    [{ offset: BIG + 5, length: 1 }, big.subarray(BIG)],
    [{ offset: 17, length: 0 }, big.subarray(17, 17)],
    [{ suffixLength: 16 }, big.subarray(BIG - 16)],
    [{ suffixLength: 0 }, big.subarray(BIG)],
  ];
  check('gives exactly the range asked for, clipped at the end', async (storage) => {
    if (!storage.getRange) throw new Error('no getRange');
    for (const [range, expected] of cases) {
      bytesEqual(await storage.getRange('big', range), expected, JSON.stringify(range));
      if (storage.getRangeSync) bytesEqual(rangeSync(storage, 'big', range), expected, `${JSON.stringify(range)} at once`);
    }
    bytesEqual(await storage.getRange('order/a', { suffixLength: 9 }), noise(2, 7), 'long suffix');
    bytesEqual(
      await storage.getRange('empty', { offset: 0, length: 4 }),
      new Uint8Array(0),
      'empty',
    );
  });
  check('refuses a range that is none', async (storage) => {
    const get = /** @param {ByteRange} range */ (range) => storage.getRange?.('big', range);
    await fails(() => get({ offset: -1, length: 2 }), 'ERR_ARGUMENT', '-1');
    await fails(() => get({ offset: 0, length: 1.5 }), 'ERR_ARGUMENT', '1.5');
    await fails(() => get({ suffixLength: NaN }), 'ERR_ARGUMENT');
    if (storage.getRangeSync) await fails(() => rangeSync(storage, 'big', { offset: -1, length: 2 }), 'ERR_ARGUMENT', '-1');
  });
}

/**
 * @param {Check} check
 * @param {Content} content
 */
function checkAbort(check, content) {
  check('rejects with the reason when aborted before', async (storage) => {
    const reason = new Error('changed my mind');
    const signal = AbortSignal.abort(reason);
    equal(await failure(() => storage.get('big', { signal })), reason);
    equal(
      await failure(() => storage.getRange?.('big', { offset: 0, length: 1 }, { signal })),
      reason,
    );
    if (storage.list) equal(await failure(() => storage.list?.('', { signal })), reason);
  });
  check('rejects with the reason, or is whole, when aborted during', async (storage) => {
    const reason = new Error('changed my mind');
    const controller = new AbortController();
    const pending = storage.get('big', { signal: controller.signal });
    controller.abort(reason);
    const result = await pending.catch((error) => error);
    if (result !== reason) bytesEqual(result, /** @type {Uint8Array} */ (content.get('big')));
    bytesEqual(await storage.get('order/a'), noise(2, 7), 'a read after the abort');
  });
}

/** @param {Check} check */
function checkEnd(check) {
  check('answers ERR_CLOSED once closed, and closes twice', async (storage) => {
    equal(storage.closed, false, 'closed');
    await storage.close();
    await storage.close();
    equal(storage.closed, true, 'closed');
    await fails(() => storage.get('big'), 'ERR_CLOSED', 'big');
    await fails(() => storage.getRange?.('big', { offset: 0, length: 1 }), 'ERR_CLOSED', 'big');
    if (storage.list) await fails(() => storage.list?.('wells'), 'ERR_CLOSED', 'wells');
    if (storage.usage) await fails(() => storage.usage?.(), 'ERR_CLOSED');
    if (storage.getSync) {
      await fails(() => storage.getSync?.('big', () => new Uint8Array(0)), 'ERR_CLOSED', 'big');
      await fails(() => storage.listSync?.('wells'), 'ERR_CLOSED', 'wells');
    }
  });
}

/** @param {Check} check */
function checkListings(check) {
  /** @param {Storage} storage @param {string} folder */
  const list = async (storage, folder) => {
    const names = await storage.list?.(folder);
    if (storage.listSync) deepEqual(storage.listSync(folder), names, `listSync('${folder}')`);
    return names;
  };
  check('lists one level, folders with a slash, sorted by code unit', async (storage) => {
    deepEqual(await list(storage, ''), [
      '.zgroup',
      '100% #1 a+b&c=d;e/',
      'big',
      'empty',
      'level0/',
      'many/',
      'model→fluid_properties→pressure/',
      'order/',
      'wells/',
    ]);
    deepEqual(await list(storage, 'order'), ['Z', 'a', 'b.0', 'b/', 'é']);
    deepEqual(await list(storage, 'wells/PROD-2 Ærøskøbing'), ['oil_rate/']);
    deepEqual(await list(storage, DEEP), ['0']);
  });
  check('lists nothing for a folder that is absent or a value', async (storage) => {
    for (const folder of ['nothing', 'many/nothing', 'big', 'big/x']) {
      deepEqual(await list(storage, folder), [], folder);
    }
  });
  check('lists all of 1,200 names', async (storage) => {
    const expected = Array.from({ length: 1200 }, (_, i) => String(i)).sort();
    deepEqual(await list(storage, 'many'), expected);
  });
  check('refuses to list what is not a folder name', async (storage) => {
    for (const folder of ['/', 'many/', '..', 'a/../b']) {
      await fails(() => storage.list?.(folder), 'ERR_ARGUMENT', folder);
    }
  });
}

/**
 * @param {Check} check
 * @param {Content} content
 */
function checkSync(check, content) {
  check('getSync fills what reserve gives, and equals get', async (storage) => {
    if (!storage.getSync) throw new Error('no getSync');
    const heap = new Uint8Array(BIG + 1000).fill(0xa5); // stands for the wasm heap
    for (const [key, value] of content) {
      const asked = /** @type {number[]} */ ([]);
      const found = storage.getSync(key, (length) => {
        asked.push(length);
        return heap.subarray(500, 500 + length);
      });
      equal(found, true, key);
      deepEqual(asked, [value.length], `reserve calls for ${key}`);
      bytesEqual(heap.subarray(500, 500 + value.length), value, key);
      equal(heap[499], 0xa5, 'the byte before');
      equal(heap[500 + BIG], 0xa5, 'the byte after the biggest');
    }
  });
  check('getSync answers false for an absent key and asks for no room', async (storage) => {
    for (const key of ['nothing', 'no/such/folder/0', '.zgroup/0']) {
      equal(
        storage.getSync?.(key, () => {
          throw new Error('asked');
        }),
        false,
        key,
      );
    }
    await fails(() => storage.getSync?.('../big', () => heapless()), 'ERR_ARGUMENT', '../big');
  });
  check('getSync passes on what reserve throws and can be used again', async (storage) => {
    const full = new Error('the heap is full');
    equal(
      await failure(() =>
        storage.getSync?.('big', () => {
          throw full;
        }),
      ),
      full,
    );
    equal(
      storage.getSync?.('order/a', (length) => new Uint8Array(length)),
      true,
    );
  });
}

/** @param {Storage} storage @param {string} key @param {ByteRange} range */
function rangeSync(storage, key, range) {
  let filled = new Uint8Array(0);
  equal(storage.getRangeSync?.(key, range, (length) => { filled = new Uint8Array(length); return filled; }), true, key);
  return filled;
}

function heapless() {
  return new Uint8Array(0);
}

/**
 * @param {Check} check
 * @param {Content} content
 */
function checkUsage(check, content) {
  check('counts keys and bytes, of all or of a folder', async (storage) => {
    let bytes = 0;
    for (const value of content.values()) bytes += value.length;
    deepEqual(await storage.usage?.(), { bytes, keys: content.size });
    deepEqual(await storage.usage?.('order'), { bytes: 15, keys: 5 });
    deepEqual(await storage.usage?.('nothing'), { bytes: 0, keys: 0 });
  });
}
