// SPDX-License-Identifier: MIT
// Buckets: what every storage and every writer promises, over a server that keeps S3's rules
// (tests/helpers/storage/s3-server.js). With BORES_S3_ENDPOINT the same contracts run against a real one, whose
// keys are BORES_S3_KEY and BORES_S3_SECRET and which has a bucket 'bucket'.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { S3Storage } from '../../../../js/storage/s3/s3.js';
import { freshPrefix, startS3 } from '../../../helpers/storage/s3-server.js';
import { storageContract } from '../storage-contract.js';
import { writerContract } from '../writer-contract.js';

const { BORES_S3_ENDPOINT: foreign, BORES_S3_KEY = 'key', BORES_S3_SECRET = 'secret' } = process.env;

/** @type {Awaited<ReturnType<typeof startS3>>} */ let server;
/** @type {import('../../../../js/storage/s3/s3-bucket.js').S3Options} */ let s3;

before(async () => {
  server = await startS3({ pageKeys: 100 });
  s3 = foreign === undefined ? server.s3 : { endpoint: foreign, accessKeyId: BORES_S3_KEY, secretAccessKey: BORES_S3_SECRET };
});
after(() => server.close());

describe('a bucket', () => {
  /** @type {Map<unknown, string>} */ const filled = new Map();
  storageContract(test, async (content) => {
    const location = filled.get('content') ?? freshPrefix();
    if (!filled.has('content')) {
      if (foreign === undefined) {
        for (const [key, bytes] of content) server.put(`${location.slice('s3://bucket/'.length)}/${key}`, bytes);
      } else {
        const storage = new S3Storage(location, { s3 });
        const writer = await storage.openWriter();
        await writer.commit({ puts: [...content] });
        await writer.close();
      }
      filled.set('content', location);
    }
    return S3Storage.open(location, { s3 });
  }, { list: true, sync: false, usage: true });
  writerContract(test, () => {
    const location = freshPrefix();
    return { open: () => S3Storage.open(location, { s3 }) };
  });
});

test('nothing else than content is left in a bucket', { skip: foreign !== undefined }, async () => {
  const heads = [...server.objects.keys()].filter((key) => key.includes('/.bores-'));
  assert.ok(heads.length > 5 && heads.every((key) => key.endsWith('/.bores-writer/head')), heads.join('\n'));
});
