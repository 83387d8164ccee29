// SPDX-License-Identifier: MIT
// What every writer promises, as one suite. It knows nothing of the host: `test` registers a case,
// `place()` names a new, empty place, whose `open()` gives a storage on it, each time another one.

import { bytesEqual, deepEqual, equal, failure, fails, isError, ok } from '../../helpers/storage/assert.js';
import { noise } from '../../helpers/storage/content.js';

/** @import { Batch, Storage, Writer, WriterOptions } from '../../../js/storage/base/storage.js' */
/** @import { Content } from '../../helpers/storage/content.js' */
/** @typedef {(name: string, run: () => Promise<void>) => unknown} Test */
/** @typedef {{ open: () => Promise<Storage> | Storage }} Place */

/** @typedef {(name: string, run: (place: Place, use: Use) => Promise<void>) => void} Check */

/**
 * Opens storages and writers that are closed when the test has ended.
 * @typedef {{ storage: () => Promise<Storage>, writer: (options?: WriterOptions) => Promise<Writer> }} Use
 */

/**
 * @param {Test} test
 * @param {() => Promise<Place> | Place} place
 * @param {{ many?: number, commits?: number, replaced?: number }} [counts]  of keys at once, of random commits, of
 *   chunks that replace others: fewer where a file takes long
 */
export function writerContract(test, place, { many = 700, commits = 60, replaced = 200 } = {}) {
  /** @type {Check} */
  const check = (name, run) => {
    test(`writer: ${name}`, async () => {
      const here = await place();
      /** @type {(() => Promise<void>)[]} */
      const ends = [];
      const use = {
        storage: async () => {
          const storage = await here.open();
          ends.push(() => storage.close());
          return storage;
        },
        writer: async (/** @type {WriterOptions} */ options = {}) => {
          const storage = await use.storage();
          if (!storage.openWriter) throw new Error('no openWriter');
          const writer = await storage.openWriter(options);
          ends.push(() => writer.close());
          return writer;
        },
      };
      try {
        await run(here, use);
      } finally {
        for (const end of ends.reverse()) await end();
      }
    });
  };
  checkCommits(check, many, commits);
  checkRefusals(check);
  checkExclusion(check);
  checkReplacing(check, replaced);
  checkReaders(check);
  checkEnds(check);
}

/**
 * All that a storage holds, by its listings.
 * @param {Storage} storage
 * @param {{ emptyFolders?: boolean }} [options]  may be listed
 */
export async function contentOf(storage, { emptyFolders = false } = {}) {
  /** @type {Content} */
  const content = new Map();
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const names = (await storage.list?.(folder)) ?? [];
    ok(emptyFolders || folder === '' || names.length > 0, `'${folder}' is listed, but empty`);
    for (const name of names) {
      const key = folder === '' ? name : `${folder}/${name}`;
      if (key.endsWith('/')) {
        folders.push(key.slice(0, -1));
      } else {
        const value = await valueOf(storage, key);
        ok(value, `'${key}' is listed, but absent`);
        content.set(key, value);
      }
    }
  }
  return content;
}

/**
 * @param {Storage} storage
 * @param {string} key
 * @returns {Promise<Uint8Array | undefined>}
 */
async function valueOf(storage, key) {
  if (!storage.getSync) return storage.get(key);
  /** @type {Uint8Array | undefined} */
  let value;
  storage.getSync(key, (length) => {
    value = new Uint8Array(length);
    return value;
  });
  return value;
}

/**
 * @param {Content} actual
 * @param {Content} expected
 * @param {string} [what]
 */
export function sameContent(actual, expected, what = 'content') {
  deepEqual([...actual.keys()].sort(), [...expected.keys()].sort(), `${what}: keys`);
  for (const [key, value] of expected) bytesEqual(actual.get(key), value, `${what}: '${key}'`);
}

/**
 * What a batch makes of a content.
 * @param {Content} content
 * @param {Batch} batch
 */
export function applied(content, { puts, deletes = [] }) {
  const after = new Map(content);
  for (const name of deletes) {
    for (const key of content.keys()) {
      if (key === name || (name.endsWith('/') && key.startsWith(name))) after.delete(key);
    }
  }
  for (const [key, value] of puts) after.set(key, value);
  return after;
}

/** @param {Check} check @param {number} many @param {number} commits */
function checkCommits(check, many, commits) {
  check('makes a store, which another view then has whole', async (_, use) => {
    const writer = await use.writer();
    deepEqual(writer.recovered, { dropped: [], restored: [] });
    const content = entry(0);
    await writer.commit({ puts: [...content] });
    sameContent(await contentOf(await use.storage()), content);
  });

  check(`does the same as a map, in ${commits} commits of all kinds`, async (place, use) => {
    const random = generator(7);
    const mine = await use.storage();
    const writer = await mine.openWriter?.({ durability: 'relaxed' });
    ok(writer, 'a writer');
    try {
      /** @type {Content} */
      let expected = new Map();
      for (let i = 0; i < commits; i += 1) {
        const batch = randomBatch(random, expected);
        await writer.commit(batch);
        expected = applied(expected, batch);
        if (i % 10 === 9) sameContent(await contentOf(mine), expected, `after ${i + 1} commits`);
      }
      const other = await use.storage();
      sameContent(await contentOf(other), expected, 'another view');
      const bytes = [...expected.values()].reduce((sum, { length }) => sum + length, 0);
      const usage = other.kind === 'custom' ? undefined : { bytes, keys: expected.size }; // others' stores know no size
      deepEqual(await other.usage?.(), usage, 'usage');
    } finally {
      await writer.close();
    }
    const again = await use.writer({ durability: 'strict' });
    await again.commit({ puts: [['last', noise(3, 1)]] });
    bytesEqual(await (await use.storage()).get('last'), noise(3, 1));
  });

  check('takes values of any size and name, many at once', async (_, use) => {
    const writer = await use.writer({ durability: 'relaxed' });
    /** @type {Content} */
    const content = new Map([['big', noise(9_000_000, 1)], ['empty', new Uint8Array(0)],
      ['wells/PROD-2 Ærøskøbing/oil→rate/0', noise(300, 2)], ['100% #1 a+b&c=d;e/é', noise(10, 3)]]);
    for (let i = 0; i < many; i += 1) content.set(`many/${i % 30}/${i}`, noise(i % 97, i));
    await writer.commit({ puts: [...content] });
    sameContent(await contentOf(await use.storage()), content);
  });

  check('borrows the bytes only until it has committed', async (_, use) => {
    const writer = await use.writer();
    const value = noise(1000, 1);
    const around = new Uint8Array(3000);
    around.set(value, 700);
    const view = around.subarray(700, 1700);
    await writer.commit({ puts: [['view', view], ['same', view]] });
    view.fill(0);
    const storage = await use.storage();
    bytesEqual(await storage.get('view'), value);
    bytesEqual(await storage.get('same'), value);
  });

  check('commits in the order of the calls', async (_, use) => {
    const writer = await use.writer({ durability: 'relaxed' });
    await Promise.all([1, 2, 3, 4].map((i) => writer.commit({ puts: [['last', noise(i, i)]] })));
    bytesEqual(await (await use.storage()).get('last'), noise(4, 4));
  });

  check('a batch of nothing is a commit', async (_, use) => {
    const writer = await use.writer();
    await writer.commit({ puts: [] });
    await writer.commit({ puts: [], deletes: ['nothing', 'no/such/folder/'] });
    sameContent(await contentOf(await use.storage()), new Map());
  });
}

/** @param {Check} check */
function checkRefusals(check) {
  check('refuses what is no batch, naming the key, and nothing has changed', async (_, use) => {
    const writer = await use.writer();
    const content = entry(0);
    await writer.commit({ puts: [...content] });
    const one = noise(1, 1);
    /** @type {[any, string][]} */
    const cases = [
      [{ puts: [['good', one], ['../bad', one]] }, '../bad'],
      [{ puts: [['good', one], ['a//b', one]] }, 'a//b'],
      [{ puts: [['good', one], ['text', 'text']] }, 'text'],
      [{ puts: [['good', one], ['.bores-mine', one]] }, '.bores-mine'],
      [{ puts: [['good', one]], deletes: ['../bad/'] }, '../bad'],
      [{ puts: [['good', one]], deletes: ['/'] }, '\'\''],
      [{ puts: [['good', one]], deletes: ['.bores-writer/'] }, '.bores-writer'],
      [{ puts: [['good', one], ['x/y', one], ['x', one]] }, '\'x/y\''],
      [{ puts: [['good', one], ['.zattrs/deep/x', one]] }, '.zattrs/deep/x'],
      [{ puts: [['good', one], ['entry_0/model', one]] }, 'entry_0/model'],
    ];
    for (const [batch, text] of cases) {
      await fails(() => writer.commit(batch), 'ERR_ARGUMENT', text);
      sameContent(await contentOf(await use.storage()), content, `after ${text}`);
    }
    await writer.commit({ puts: [['good', one]] });
  });

  check('an abort before the commit leaves what was; during it, the old or the new', async (_, use) => {
    const writer = await use.writer({ durability: 'relaxed' });
    let content = entry(0);
    await writer.commit({ puts: [...content] });
    const reason = new Error('changed my mind');
    const aborted = { signal: AbortSignal.abort(reason) };
    equal(await failure(() => writer.commit({ puts: [...entry(1)] }, aborted)), reason);
    sameContent(await contentOf(await use.storage()), content);
    for (const wait of [0, 1, 3]) {
      const batch = { puts: [...entry(1, 400)], deletes: ['entry_0/'] };
      const controller = new AbortController();
      const committing = writer.commit(batch, { signal: controller.signal }).then(() => true, (error) => {
        equal(error, reason);
        return false;
      });
      await new Promise((resolve) => { setTimeout(resolve, wait); });
      controller.abort(reason);
      if (await committing) content = applied(content, batch);
      sameContent(await contentOf(await use.storage()), content, `aborted after ${wait} ms`);
    }
  });
}

/** @param {Check} check */
function checkExclusion(check) {
  check('is the only one: a second is told who writes, and since when', async (place, use) => {
    const before = Date.now() - 1000; // clocks of threads differ, and browsers blur them
    const first = await use.writer();
    const error = await failure(() => use.writer());
    isError(error, 'ERR_LOCKED', 'is being written by', 'since');
    const since = Date.parse(/since ([^\s;]+)/.exec(error.message)?.[1] ?? '');
    ok(since >= before && since <= Date.now() + 1000, `'${error.message}' at ${new Date().toISOString()}`);
    await first.commit({ puts: [['a', noise(1, 1)]] });
    await first.close();
    const second = await use.writer();
    await second.commit({ puts: [['a', noise(2, 2)]] });
    bytesEqual(await (await use.storage()).get('a'), noise(2, 2));
  });

  check('of many that are opened at once, at most one is', async (_, use) => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => use.writer()));
    let writers = 0;
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') writers += 1;
      else isError(outcome.reason, 'ERR_LOCKED');
    }
    ok(writers <= 1, `${writers} writers`);
  });
}

/** @param {Check} check @param {number} replaced */
function checkReplacing(check, replaced) {
  check('replaces the whole content at once, the old one standing until then', async (_, use) => {
    const writer = await use.writer({ durability: 'relaxed' });
    const old = new Map([...entry(0), ...entry(1)]);
    await writer.commit({ puts: [...old] });
    const reader = await use.storage();
    const fresh = new Map([...entry(5), ...entry(6, replaced)]);
    /** @type {number[]} */
    const progress = [];
    await writer.replace((async function* batches() {
      yield { puts: [...entry(5)] };
      sameContent(await contentOf(reader), old, 'a reader in between');
      sameContent(await contentOf(await use.storage()), old, 'a new reader in between');
      yield { puts: [...entry(6, replaced)] };
    }()), { onProgress: ({ keys }) => progress.push(keys) });
    deepEqual(progress, [entry(5).size, entry(5).size + entry(6, replaced).size]);
    sameContent(await contentOf(await use.storage()), fresh);
    await reader.refresh?.();
    sameContent(await contentOf(reader), fresh, 'the reader that had it open');
    await writer.commit({ puts: [['more', noise(9, 9)]], deletes: ['entry_5/'] });
    await writer.replace([]);
    sameContent(await contentOf(await use.storage()), new Map(), 'replaced by nothing');
    await writer.commit({ puts: [...old] });
    sameContent(await contentOf(await use.storage()), old, 'and written again');
  });

  check('what ends a replacement early leaves the old content', async (_, use) => {
    const writer = await use.writer({ durability: 'relaxed' });
    const old = entry(0);
    await writer.commit({ puts: [...old] });
    const cause = new Error('the simulator stopped');
    const failing = async function* failing() {
      yield { puts: [...entry(1)] };
      throw cause;
    };
    equal(await failure(() => writer.replace(failing())), cause);
    const bad = [{ puts: [...entry(1)] }, { puts: [/** @type {const} */ (['../x', noise(1, 1)])] }];
    await fails(() => writer.replace(bad), 'ERR_ARGUMENT', '../x');
    const controller = new AbortController();
    const reason = new Error('enough');
    equal(await failure(() => writer.replace((async function* aborted() {
      yield { puts: [...entry(1)] };
      controller.abort(reason);
      yield { puts: [...entry(2)] };
    }()), { signal: controller.signal })), reason);
    sameContent(await contentOf(await use.storage()), old);
    await writer.commit({ puts: [...entry(1)] });
    sameContent(await contentOf(await use.storage()), new Map([...old, ...entry(1)]));
  });
}

/**
 * What a get gives, or undefined when it says that the value was deleted while it was read: who asks
 * then looks whether the entry is gone.
 *
 * @param {Promise<Uint8Array | undefined>} getting
 */
function unlessGone(getting) {
  return getting.catch((error) => {
    if (error.code === 'ERR_STORAGE' && / went away while it was read$/.test(error.message)) return undefined;
    throw error;
  });
}

/** @param {Check} check */
function checkReaders(check) {
  check('readers see each folder whole or not at all, while it commits and replaces', async (_, use) => {
    const writer = await use.writer({ durability: 'relaxed' });
    await writer.commit({ puts: [...entry(0)] });
    let writing = true;
    let seen = 0;
    const pause = (ms = 2) => new Promise((resolve) => { setTimeout(resolve, ms); });
    const reading = (async () => {
      const reader = await use.storage();
      while (writing) {
        await reader.refresh?.();
        const names = (await reader.list?.('')) ?? [];
        const last = Math.max(...names.map((name) => Number(/^entry_(\d+)/.exec(name)?.[1] ?? -1)));
        if (last >= 0) {
          const got = await Promise.all([...entry(last).keys()].map((key) => unlessGone(reader.get(key))));
          const there = got.filter(Boolean).length;
          await reader.refresh?.();
          const isThere = (await reader.list?.(''))?.includes(`entry_${last}/`); // or deleted meanwhile
          ok(there === got.length || !isThere, `${there} of ${got.length} keys of entry ${last}`);
          seen += 1;
        }
        await pause();
      }
    })();
    let failed = false;
    reading.catch(() => { failed = true; }); // told at the end
    try {
      for (let i = 1; !failed && (i < 12 || seen < 3); i += 1) {
        await writer.commit({ puts: [...entry(i)], deletes: [`entry_${i - 3}/`] });
        if (i % 5 === 0) await writer.replace([{ puts: [...entry(i)] }, { puts: [...entry(i - 1)] }]);
        await pause(Math.min(2 + i / 10, 100)); // a slow reader gets its turn as well
      }
    } finally {
      writing = false;
    }
    await reading;
  });
}

/** @param {Check} check */
function checkEnds(check) {
  check('answers ERR_CLOSED once closed, after what is under way, and closes twice', async (_, use) => {
    const storage = await use.storage();
    const writer = await storage.openWriter?.();
    ok(writer, 'a writer');
    const under = writer.commit({ puts: [['a', noise(5, 5)]] });
    await writer.close();
    await writer.close();
    await under;
    equal(writer.closed, true);
    await fails(() => writer.commit({ puts: [] }), 'ERR_CLOSED', writer.location);
    await fails(() => writer.replace([]), 'ERR_CLOSED', writer.location);
    await fails(() => writer.recover(), 'ERR_CLOSED', writer.location);
    deepEqual(await storage.leftovers?.(), { dropped: [], restored: [] });
    bytesEqual(await (await use.storage()).get('a'), noise(5, 5));
    await storage.close();
    await fails(() => storage.openWriter?.(), 'ERR_CLOSED');
  });
}

/**
 * An entry as a store holds it, and the root's document that counts it, last.
 * @param {number} number
 * @param {number} [arrays]
 * @returns {Content}
 */
export function entry(number, arrays = 3) {
  /** @type {Content} */
  const content = new Map();
  for (let i = 0; i < arrays; i += 1) {
    content.set(`entry_${number}/model/array ${i}/.zarray`, noise(40, i));
    content.set(`entry_${number}/model/array ${i}/0.0.0`, noise(900, 10 * number + i));
  }
  content.set(`entry_${number}/.zgroup`, noise(20, 3));
  content.set('.zattrs', noise(30 + number, number));
  return content;
}

/**
 * @param {(below: number) => number} random
 * @param {Content} content
 * @returns {Batch}
 */
function randomBatch(random, content) {
  /** @type {Map<string, Uint8Array>} */
  const puts = new Map();
  for (let i = random(6); i >= 0; i -= 1) {
    const depth = 1 + random(3);
    const names = Array.from({ length: depth }, (_, level) => `${'fdv'[level === depth - 1 ? 2 : level]}${random(4)}`);
    puts.set(names.join('/'), noise(random(3) === 0 ? random(30_000) : random(50), random(1000)));
  }
  const deletes = [];
  const keys = [...content.keys()];
  while (keys.length > 0 && random(3) === 0) {
    const key = keys[random(keys.length)];
    const slash = key.indexOf('/');
    deletes.push(slash > 0 && random(2) === 0 ? key.slice(0, slash + 1) : key);
  }
  return { puts: [...puts], deletes };
}

/**
 * Whole numbers from 0 up that are the same every time.
 * @param {number} seed
 */
export function generator(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' LCG
    return Math.floor((state / 2 ** 32) * below);
  };
}
