// SPDX-License-Identifier: MIT
// What a bucket's server says in XML: lists and errors, flat documents of known elements. Neither Node nor
// a worker has a parser, and of what one has the following is all that is needed.

/**
 * @typedef {{ key: string, size: number, etag: string }} Listed
 * @typedef {{ objects: Listed[], folders: string[], isCut: boolean,
 *   next: string | undefined }} ListPage
 */

const ENTITIES = /** @type {Record<string, string>} */ ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });

/** @param {string} text  of an element */
function decode(text) {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    const code = hex ? parseInt(hex, 16) : Number(decimal ?? NaN);
    return code <= 0x10ffff ? String.fromCodePoint(code) : ENTITIES[name] ?? whole;
  });
}

/**
 * The text of the first element of a name.
 * @param {string} xml
 * @param {string} name
 */
export function textOf(xml, name) {
  const match = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml);
  return match ? decode(match[1]) : undefined;
}

/**
 * @param {string} xml
 * @param {string} name
 */
function elements(xml, name) {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs'))].map(([, inside]) => inside);
}

/**
 * A page of ListObjectsV2.
 * @param {string} xml
 * @returns {ListPage | undefined}  undefined when it is none
 */
export function listPage(xml) {
  if (!/<ListBucketResult[\s>]/.test(xml)) return undefined;
  const isEncoded = textOf(xml, 'EncodingType') === 'url';
  const isCut = textOf(xml, 'IsTruncated') === 'true';
  const nameOf = (/** @type {string} */ inside, /** @type {string} */ element) => {
    const text = textOf(inside, element) ?? '';
    return isEncoded ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
  };
  return {
    objects: elements(xml, 'Contents').map((inside) => ({ key: nameOf(inside, 'Key'),
      size: Number(textOf(inside, 'Size')), etag: textOf(inside, 'ETag') ?? '' })),
    folders: elements(xml, 'CommonPrefixes').map((inside) => nameOf(inside, 'Prefix')),
    isCut, next: isCut ? textOf(xml, 'NextContinuationToken') : undefined,
  };
}
