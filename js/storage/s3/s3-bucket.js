// SPDX-License-Identifier: MIT
// Which bucket a location means, and who asks: `s3://BUCKET/PREFIX`, and beside it the endpoint and the keys
// that the caller gives. Nothing is taken from the environment or from files of the user's: a page has none,
// and a program that writes somewhere should have been told where.

import { BoresError } from '../../core/errors.js';
import { checkOptions } from '../../core/options.js';
import { checkFolder } from '../base/keys.js';

/**
 * @typedef {object} S3Options
 * @property {string} [endpoint]  'https://minio.example.org:9000'; default: Amazon's of `region`
 * @property {string} [region]    'us-east-1' where an endpoint is given
 * @property {string} [accessKeyId]  without one requests are not signed: a bucket that everybody may read
 * @property {string} [secretAccessKey]
 * @property {string} [sessionToken]  of keys that were lent for a time
 * @property {'path' | 'virtual'} [addressing]  where the bucket's name stands: behind the endpoint's (default
 *   where one is given) or before it (Amazon's own)
 * @property {boolean} [singleWriter]  the caller sees to it that nobody else writes: then a bucket whose server
 *   knows no conditional writes is written, too (false)
 * @property {number} [leaseSeconds]  for how long a writer that is not heard of keeps others out (60)
 *
 * @typedef {object} Bucket
 * @property {string} location  's3://BUCKET/PREFIX'
 * @property {string} bucketUrl  without a slash at its end
 * @property {string} prefix    '' or names joined by '/', with one at its end
 * @property {Required<Pick<S3Options, 'region' | 'singleWriter' | 'leaseSeconds'>>
 *   & Pick<S3Options, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>} options
 */

/** @type {import('../../core/options.js').Known} */
const KNOWN = {
  endpoint: 'text', region: 'text', accessKeyId: 'text', secretAccessKey: 'text', sessionToken: 'text',
  addressing: "'path'|'virtual'", singleWriter: 'boolean', leaseSeconds: 'number',
};
const MAX_LEASE = 86_400;
/** Of Amazon and most others. */
const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/i;

/**
 * @param {string} text  's3://BUCKET/PREFIX'
 * @param {S3Options} [given]
 * @returns {Bucket}
 * @throws {BoresError} ERR_ARGUMENT
 */
export function bucketOf(text, given = {}) {
  checkOptions(`${text}: 's3'`, given, KNOWN);
  const [, name = '', path = ''] = /^s3:\/\/([^/]*)(.*)$/is.exec(text) ?? [];
  const fail = (/** @type {string} */ why) => new BoresError('ERR_ARGUMENT', `'${text}': ${why}`);
  if (!NAME.test(name)) throw fail(`'${name}' is no bucket's name; a location is s3://BUCKET/PREFIX`);
  const prefix = path.replace(/^\/+|\/+$/g, '');
  checkFolder(prefix);
  const { region = 'us-east-1', accessKeyId, secretAccessKey, sessionToken, singleWriter = false,
    leaseSeconds = 60 } = given;
  if (given.endpoint === undefined && given.region === undefined) {
    throw fail("whose bucket it is must be said: { s3: { endpoint: 'https://…' } }, or a 'region' of Amazon's");
  }
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw fail(`'accessKeyId' and 'secretAccessKey' belong together, '${accessKeyId === undefined
      ? 'accessKeyId' : 'secretAccessKey'}' is missing`);
  }
  if (!(leaseSeconds >= 1 && leaseSeconds <= MAX_LEASE)) {
    throw fail(`'leaseSeconds' is from 1 to ${MAX_LEASE}, not ${leaseSeconds}`);
  }
  return { location: `s3://${name}${prefix && `/${prefix}`}`, bucketUrl: urlOf(name, region, given, fail),
    prefix: prefix && `${prefix}/`,
    options: { region, accessKeyId, secretAccessKey, sessionToken, singleWriter, leaseSeconds } };
}

/**
 * @param {string} name
 * @param {string} region
 * @param {S3Options} given
 * @param {(why: string) => BoresError} fail
 */
function urlOf(name, region, { endpoint, addressing = endpoint === undefined ? 'virtual' : 'path' }, fail) {
  // A certificate for all names one level below the host's does not fit a bucket with dots in its name.
  const isVirtual = addressing === 'virtual' && !(endpoint === undefined && name.includes('.'));
  const address = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw fail(`endpoint '${address}' is no http(s) URL`);
  if (url.username !== '' || url.search !== '' || url.hash !== '') throw fail('an endpoint has no user and no query');
  if (isVirtual) url.hostname = `${name}.${url.hostname}`;
  const base = url.href.replace(/\/+$/, '');
  return isVirtual ? base : `${base}/${name}`;
}

/**
 * The URL of a key of the bucket. Signatures are over the strict form, which leaves no `!'()*` as they are.
 * @param {Bucket} bucket
 * @param {string} key  with the prefix
 */
export function objectUrl({ bucketUrl }, key) {
  return `${bucketUrl}/${key.split('/').map(encodeStrictly).join('/')}`;
}

/** @param {string} text */
export function encodeStrictly(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
