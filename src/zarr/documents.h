/* SPDX-License-Identifier: MIT */
/**
 * The documents of an entry's groups and arrays, whichever version of Zarr the store is written in:
 * `.zgroup`, `.zarray` and `.zattrs` of version 2, one `zarr.json` of version 3. zarr.open finds the
 * version out and leaves it in the store.
 */
#ifndef BORES_ZARR_DOCUMENTS_H
#define BORES_ZARR_DOCUMENTS_H

#include "zarr_store.h"

/** The name of what makes a folder an array, of what makes it a group, and of what has attributes. */
const char *bw__array_document(const bw_op *op);
const char *bw__group_document(const bw_op *op);
const char *bw__attributes_document(const bw_op *op);

/**
 * Asks for the attributes of `folder`. `handler` gets a map, or NULL where there is no document of them;
 * the node belongs to the operation's arena.
 */
bw_status bw__want_attributes(bw_ctx *ctx, bw_op *op, bw_view folder, bw_document_handler handler,
                              void *target);

/** Of a root's `zarr.json`. */
typedef struct bw_v3_root {
    bool group;          /**< else an array */
    bw_node *attributes; /**< a map */
} bw_v3_root;

/**
 * Reads what a root says of itself, without a tree of the metadata that may be consolidated in it.
 * BW_ERR_METADATA names the field that is wrong.
 */
bw_status bw__read_v3_root(bw_ctx *ctx, bw_op *op, bw_view text, bw_v3_root *out);

#endif
