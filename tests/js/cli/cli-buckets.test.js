// SPDX-License-Identifier: MIT
// s3://BUCKET/… on a command line: whose it is, keys out of the environment, which no output shows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { runFolder } from '../../helpers/fixtures.js';
import { bores } from '../../helpers/run-bores.js';
import { KEYS, startS3 } from '../../helpers/storage/s3-server.js';

const RUN = runFolder('guide/wf_f64_ckpt');
const SECRETS = { AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
/** Whatever whoever runs the tests has. */
const NOTHING = Object.fromEntries(['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3',
  'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].map((name) => [name, '']));

/** @type {Awaited<ReturnType<typeof startS3>>} */ let server;
before(async () => {
  server = await startS3();
});
after(() => server.close());

/**
 * @param {string[]} args
 * @param {Record<string, string>} [environment]
 */
async function run(args, environment = SECRETS) {
  const result = await bores(args, { env: { ...NOTHING, ...environment } });
  const shown = `${result.stdout}${result.stderr}`;
  for (const secret of [KEYS.secretAccessKey, 'Tok3n']) assert.ok(!shown.includes(secret), shown);
  return result;
}

test('a run goes into a bucket, is looked at, and becomes a cube there', async () => {
  const at = ['--endpoint', server.endpoint], fields = ['--fields', 'pressure_grid'];
  const to = await run(['copy', RUN, 's3://bucket/runs/a.zarr', ...fields, '--steps', '0,-1', ...at]);
  assert.deepEqual([to.code, to.stderr], [0, ''], to.stderr);
  const byName = { ...SECRETS, AWS_ENDPOINT_URL_S3: server.endpoint, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
  const show = ['-1', 'pressure_grid', '--json', '--stats'];
  const there = JSON.parse((await run(['show', 's3://bucket/runs/a.zarr', ...show], byName)).stdout);
  const here = JSON.parse((await bores(['show', RUN, ...show])).stdout);
  assert.deepEqual(there.statistics, here.statistics);
  const cube = await run(['export', 's3://bucket/runs/a.zarr', 's3://bucket/cubes/a.zarr', ...fields, ...at]);
  assert.deepEqual([cube.code, cube.stderr], [0, ''], cube.stderr);
  const column = await run(['series', 's3://bucket/cubes/a.zarr', 'pressure_grid', '0,0,0', '--csv', ...at]);
  assert.equal(column.stdout.split('\n').length, 4, column.stdout);
  assert.match((await run(['verify', 's3://bucket/runs/a.zarr', ...at])).stdout, /no problems|all|ok/i);
  assert.equal((await run(['repair', 's3://bucket/runs/a.zarr', ...at])).stdout, 'nothing to repair\n');
});

test('keys that are not the server\'s, and those that were lent, are not shown', async () => {
  for (const [environment, code] of /** @type {[Record<string, string>, RegExp][]} */ ([
    [{ AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey }, /403 InvalidAccessKeyId/],
    [{ ...SECRETS, AWS_SECRET_ACCESS_KEY: `${KEYS.secretAccessKey}x` }, /403 SignatureDoesNotMatch/],
    [{}, /403 AccessDenied/],
    [{ ...SECRETS, AWS_SESSION_TOKEN: 'Tok3n' }, /ERR_NOT_FOUND/],
  ])) {
    const { stdout, stderr, code: exit } = await run(['ls', 's3://bucket/nothing.zarr', '--endpoint', server.endpoint], environment);
    assert.deepEqual([exit, stdout], [3, ''], stderr);
    assert.match(stderr, code);
  }
});

test('what is missing is said', async () => {
  const bucket = 's3://bucket/a.zarr';
  for (const [args, environment, message] of /** @type {[string[], Record<string, string>, RegExp][]} */ ([
    [['ls', bucket], SECRETS, /--endpoint.*AWS_REGION/],
    [['ls', bucket, '--endpoint', 'ftp://x'], SECRETS, /endpoint 'ftp:\/\/x' is no http\(s\) URL/],
    [['ls', bucket, '--endpoint', 'http://x'], { AWS_SECRET_ACCESS_KEY: 'x' }, /AWS_ACCESS_KEY_ID is missing/],
    [['ls', 'a.zarr', '--endpoint', 'http://x'], SECRETS, /no LOCATION begins with s3:/],
    [['run', 'model.h5', 'c.yaml', '-o', bucket], SECRETS, /--endpoint.*AWS_REGION/],
  ])) {
    const { stderr, code } = await run(args, environment);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});
