// SPDX-License-Identifier: MIT
// Zarr's metadata documents, as far as this side knows them.

/** The root's attributes. */
export const ROOT_ATTRIBUTES = '.zattrs';
/** Version 3's document of the root, which may hold those of all below it. */
export const ROOT_V3 = 'zarr.json';
/** All metadata in one document. */
export const CONSOLIDATED = '.zmetadata';

/** Larger ones are refused before they are read: the core's `max_document_bytes` and, of what holds
 * others' metadata, `max_consolidated_bytes` (src/base/context.c; a test compares). */
export const MAX_DOCUMENT_BYTES = 64 * 2 ** 20, MAX_CONSOLIDATED_BYTES = 512 * 2 ** 20;

/** By name. @type {Record<string, number>} */
export const DOCUMENT_LIMITS = {
  '.zarray': MAX_DOCUMENT_BYTES, '.zattrs': MAX_DOCUMENT_BYTES, '.zgroup': MAX_DOCUMENT_BYTES,
  [CONSOLIDATED]: MAX_CONSOLIDATED_BYTES, [ROOT_V3]: MAX_CONSOLIDATED_BYTES,
};
