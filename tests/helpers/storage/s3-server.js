// SPDX-License-Identifier: MIT
// A bucket over HTTP that keeps the protocol's rules, written for these tests (no S3 of anybody's): signatures
// of version 4 are computed anew with Node's own crypto and compared, as are the sums of bodies; conditions of
// writes, ranges, lists in pages, copies, errors in XML. Source: Amazon S3 API reference.

import { createHash, createHmac, randomUUID } from 'node:crypto';
import http from 'node:http';

/**
 * @typedef {{ bytes: Buffer, etag: string, modified: number }} Stored
 * @typedef {{ method: string, key: string, query: URLSearchParams, headers: http.IncomingHttpHeaders }} Seen
 *
 * @typedef {{ method: string, url: string, headers: http.IncomingHttpHeaders }} Asked
 *
 * @typedef {object} S3ServerOptions
 * @property {boolean} [conditions]  writes heed If-Match and If-None-Match (true)
 * @property {'ignored' | 'refused'} [without]  what becomes of conditions where they are not heeded
 * @property {number} [pageKeys]  of a list, 1000
 * @property {boolean} [lists]  whether the key may list; if not, absent objects are refused as well, as Amazon does (true)
 * @property {string} [region]
 */

const SIGNED = new RegExp('^AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?'
  + 'Signature=([0-9a-f]{64})$');
export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** @param {S3ServerOptions} [options] */
export async function startS3(options = {}) {
  const bucket = new S3Bucket(options);
  const server = http.createServer((request, response) => {
    /** @type {Buffer[]} */ const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => bucket.answer(/** @type {any} */ (request), Buffer.concat(parts), (status, headers, bytes) => {
      response.writeHead(status, headers);
      response.end(bytes);
    }, () => request.socket.destroy()));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return Object.assign(bucket, {
    endpoint: `http://127.0.0.1:${port}`,
    /** As fetch(), without a connection, where there are too many requests. @type {typeof fetch} */
    fetch: (url, { method = 'GET', headers, body, signal } = /** @type {any} */ ({})) => new Promise((resolve, reject) => {
      if (signal?.aborted) throw signal.reason;
      const all = { ...Object.fromEntries(new Headers(headers)), host: `127.0.0.1:${port}` };
      const { pathname, search } = new URL(String(url));
      bucket.answer({ method, url: pathname + search, headers: all }, Buffer.from(/** @type {any} */ (body ?? '')),
        (status, about, bytes) => resolve(new Response(status === 204 ? null : bytes, { status, headers: about })),
        () => reject(new TypeError('fetch failed')));
    }),
    s3: { endpoint: `http://127.0.0.1:${port}`, region: options.region ?? 'us-east-1', ...KEYS },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve(undefined)));
    },
  });
}

class S3Bucket {
  name = 'bucket';
  /** @type {Map<string, Stored>} */ objects = new Map();
  /** @type {Seen[]} */ seen = [];
  /** How much its clock is ahead. */ aheadMs = 0;
  /** Before an answer: an error to give instead, or nothing. @type {((seen: Seen) => [number, string] | undefined) | undefined} */
  spoil;
  #options;

  /** @param {S3ServerOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {Asked} request
   * @param {Buffer} body
   * @param {(status: number, headers: Record<string, string>, body: Uint8Array<ArrayBuffer>) => void} respond
   * @param {() => void} cut
   */
  answer(request, body, respond, cut) {
    const url = new URL(request.url, 'http://host');
    const [, bucket, ...rest] = url.pathname.split('/');
    const key = rest.map(decodeURIComponent).join('/');
    const seen = { method: request.method, key, query: url.searchParams, headers: request.headers };
    this.seen.push(seen);
    const send = (/** @type {number} */ status, /** @type {Record<string, string>} */ headers = {}, /** @type {Buffer | string} */ text = '') => {
      const bytes = Buffer.from(/** @type {any} */ (text));
      respond(status, { Date: new Date(this.#now()).toUTCString(), 'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Headers': 'ETag, Content-Range', 'Access-Control-Allow-Methods': 'GET, PUT, DELETE',
        'Access-Control-Allow-Headers': String(request.headers['access-control-request-headers'] ?? '*'),
        ...(status === 204 ? {} : { 'Content-Length': String(bytes.length) }), ...headers }, bytes);
    };
    const fail = (/** @type {number} */ status, /** @type {string} */ code, more = '') => send(status, { 'Content-Type': 'application/xml' },
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no: ${code}</Message>${more}</Error>`);
    if (request.method === 'OPTIONS') return send(200);
    const refused = this.#refusal(request, url, body);
    const spoilt = this.spoil?.(seen);
    if (spoilt) return spoilt[0] === 0 ? cut() : fail(...spoilt);
    if (refused) return fail(403, refused, `<ServerTime>${new Date(this.#now()).toISOString()}</ServerTime>`);
    if (bucket !== this.name) return fail(404, 'NoSuchBucket');
    if (this.#options.lists === false && request.method === 'GET' && !this.objects.has(key)) return fail(403, 'AccessDenied');
    if (request.method === 'GET' && key === '') return send(200, { 'Content-Type': 'application/xml' }, this.#list(url.searchParams));
    if (request.method === 'GET') return this.#get(key, request.headers.range, send, fail);
    if (request.method === 'DELETE') {
      this.objects.delete(key);
      return send(204);
    }
    if (request.method === 'PUT') return this.#put(key, body, request.headers, send, fail);
    return fail(405, 'MethodNotAllowed');
  }

  /** @param {string} key @param {Uint8Array} bytes */
  put(key, bytes) {
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    this.objects.set(key, { bytes: Buffer.from(bytes), etag, modified: this.#now() });
    return etag;
  }

  #now() {
    return Date.now() + this.aheadMs;
  }

  /**
   * @param {string} key @param {Buffer} body @param {http.IncomingHttpHeaders} headers
   * @param {(status: number, headers?: Record<string, string>, text?: string) => void} send
   * @param {(status: number, code: string) => void} fail
   */
  #put(key, body, headers, send, fail) {
    const { conditions = true, without = 'ignored' } = this.#options;
    const there = this.objects.get(key);
    const match = headers['if-match'], none = headers['if-none-match'];
    if (!conditions && without === 'refused' && (match || none)) return fail(501, 'NotImplemented');
    if (conditions && none === '*' && there) return fail(412, 'PreconditionFailed');
    if (conditions && match !== undefined && !there) return fail(404, 'NoSuchKey');
    if (conditions && match !== undefined && match !== there?.etag) return fail(412, 'PreconditionFailed');
    const source = headers['x-amz-copy-source'];
    let bytes = body;
    if (source !== undefined) {
      const from = String(source).replace(/^\//, '').split('/').slice(1).map(decodeURIComponent).join('/');
      const copied = this.objects.get(from);
      if (!copied) return fail(404, 'NoSuchKey');
      ({ bytes } = copied);
    }
    const etag = this.put(key, bytes);
    return send(200, { ETag: etag }, source === undefined ? '' : `<CopyObjectResult><ETag>${etag}</ETag></CopyObjectResult>`);
  }

  /**
   * @param {string} key @param {string | undefined} range
   * @param {(status: number, headers?: Record<string, string>, text?: Buffer) => void} send
   * @param {(status: number, code: string) => void} fail
   */
  #get(key, range, send, fail) {
    const found = this.objects.get(key);
    if (!found) return fail(404, 'NoSuchKey');
    const about = { ETag: found.etag, 'Last-Modified': new Date(found.modified).toUTCString() };
    const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
    if (first === undefined) return send(200, about, found.bytes);
    const { length } = found.bytes;
    const start = first === '' ? Math.max(0, length - Number(last)) : Number(first);
    const end = first === '' || last === '' ? length : Math.min(length, Number(last) + 1);
    if (start >= length) return send(416, { ...about, 'Content-Range': `bytes */${length}` });
    return send(206, { ...about, 'Content-Range': `bytes ${start}-${end - 1}/${length}` }, found.bytes.subarray(start, end));
  }

  /** @param {URLSearchParams} query */
  #list(query) {
    const prefix = query.get('prefix') ?? '', delimiter = query.get('delimiter');
    const after = query.get('continuation-token');
    const encode = (/** @type {string} */ name) => (query.get('encoding-type') === 'url'
      ? encodeURIComponent(name).replaceAll('%20', '+').replaceAll('%2F', '/') : name.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
    /** @type {Map<string, string>} */ const rows = new Map();
    // By UTF-8's bytes, as Amazon sorts.
    const found = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).map((key) => Buffer.from(key));
    for (const key of found.sort(Buffer.compare).map(String)) {
      const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
      const { bytes, etag } = /** @type {Stored} */ (this.objects.get(key));
      if (end >= 0) rows.set(key.slice(0, end + 1), `<CommonPrefixes><Prefix>${encode(key.slice(0, end + 1))}</Prefix></CommonPrefixes>`);
      else rows.set(key, `<Contents><Key>${encode(key)}</Key><ETag>${etag.replaceAll('"', '&quot;')}</ETag><Size>${bytes.length}</Size></Contents>`);
    }
    const all = [...rows.keys()];
    const start = after === null ? 0 : all.indexOf(Buffer.from(after, 'base64url').toString()) + 1;
    const page = all.slice(start, start + (this.#options.pageKeys ?? 1000));
    const isCut = start + page.length < all.length;
    return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`
      + `<Name>${this.name}</Name>${query.get('encoding-type') ? '<EncodingType>url</EncodingType>' : ''}`
      + `<IsTruncated>${isCut}</IsTruncated>${page.map((name) => rows.get(name)).join('')}`
      + `${isCut ? `<NextContinuationToken>${Buffer.from(/** @type {string} */ (page.at(-1))).toString('base64url')}</NextContinuationToken>` : ''}`
      + '</ListBucketResult>';
  }

  /**
   * Why a request is not its sender's: Amazon, "Signature Calculations for the Authorization Header".
   * @param {Asked} request @param {URL} url @param {Buffer} body
   */
  #refusal(request, url, body) {
    const { authorization = '' } = request.headers;
    const header = (/** @type {string} */ name) => String(request.headers[name] ?? '').trim().replace(/\s+/g, ' ');
    const [, id, day, region, names, signature] = SIGNED.exec(authorization) ?? [];
    if (id === undefined) return 'AccessDenied';
    if (id !== KEYS.accessKeyId) return 'InvalidAccessKeyId';
    const date = header('x-amz-date'), sum = header('x-amz-content-sha256');
    const time = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    if (!(Math.abs(time - this.#now()) < 15 * 60_000)) return 'RequestTimeTooSkewed';
    if (sum !== createHash('sha256').update(body).digest('hex')) return 'XAmzContentSHA256Mismatch';
    const signed = names.split(';');
    const must = Object.keys(request.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
    if (must.some((name) => !signed.includes(name))) return 'AccessDenied';
    const strict = (/** @type {string} */ text) => encodeURIComponent(text)
      .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
    const canonical = [request.method, url.pathname.split('/').map((name) => strict(decodeURIComponent(name))).join('/'),
      [...url.searchParams].map((pair) => pair.map(strict).join('=')).sort().join('&'),
      ...signed.map((name) => `${name}:${header(name)}`), '', names, sum].join('\n');
    const hash = createHash('sha256').update(canonical).digest('hex');
    const hmac = (/** @type {string | Buffer} */ key, /** @type {string} */ text) => createHmac('sha256', key).update(text).digest();
    const key = [day, region, 's3', 'aws4_request'].reduce(hmac, /** @type {any} */ (`AWS4${KEYS.secretAccessKey}`));
    const scope = `${day}/${region}/s3/aws4_request`;
    const due = hmac(key, ['AWS4-HMAC-SHA256', date, scope, hash].join('\n')).toString('hex');
    if (region !== (this.#options.region ?? 'us-east-1')) return 'AuthorizationHeaderMalformed';
    return due === signature ? undefined : 'SignatureDoesNotMatch';
  }
}

/** A new prefix of a bucket. */
export const freshPrefix = () => `s3://bucket/runs/${randomUUID()} é+(1)`;
