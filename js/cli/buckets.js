// SPDX-License-Identifier: MIT
// Whose bucket s3://BUCKET/PREFIX is, and the keys to it: on a command line they come from the environment, by
// the names that every program for buckets knows, since arguments are seen by whoever lists processes.

import { UsageError } from './usage.js';

/** @import { OpenNodeOptions } from '../store/open-node.js' */
/** What calls are told beside a location. @typedef {Pick<OpenNodeOptions, 's3'>} Place */

/**
 * @param {readonly string[]} locations
 * @param {string | undefined} endpoint  --endpoint
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Place}
 * @throws {UsageError} where a bucket's server or half of its keys is missing
 */
export function placeOf(locations, endpoint, environment = process.env) {
  const bucket = locations.find((location) => /^s3:/i.test(location));
  if (bucket === undefined) {
    if (endpoint !== undefined) throw new UsageError('--endpoint is a bucket\'s: no LOCATION begins with s3://');
    return {};
  }
  const named = (/** @type {string[]} */ ...names) => names.map((name) => environment[name]).find(Boolean);
  const server = endpoint ?? named('AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL');
  const region = named('AWS_REGION', 'AWS_DEFAULT_REGION');
  if (server === undefined && region === undefined) {
    throw new UsageError(`'${bucket}': whose bucket is it? Say --endpoint https://… or, of Amazon's, AWS_REGION`);
  }
  const accessKeyId = named('AWS_ACCESS_KEY_ID'), secretAccessKey = named('AWS_SECRET_ACCESS_KEY');
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new UsageError('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together, '
      + `${accessKeyId === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY'} is missing`);
  }
  return { s3: { endpoint: server, region, accessKeyId, secretAccessKey, sessionToken: named('AWS_SESSION_TOKEN') } };
}
