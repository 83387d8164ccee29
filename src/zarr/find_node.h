/* SPDX-License-Identifier: MIT */
/** Finding a group or an array of either version of Zarr by its path. */
#ifndef BORES_ZARR_FIND_NODE_H
#define BORES_ZARR_FIND_NODE_H

#include "zarr_store.h"

/** Zeroed but for `path`; lives in a machine. */
typedef struct bw_found_node {
    bw_view path;
    int version;                /**< 2 or 3, once found */
    bw_node *document;          /**< an array's; NULL for a group */
    bw_node *attributes;        /**< NULL: none */
    bw_view document_key;
    bool group, asked_further;
} bw_found_node;

/** Asks for the documents; `version` 2 or 3 where it is known, else 0. */
bw_status bw__find_node(bw_ctx *ctx, bw_op *op, bw_found_node *node, int64_t version);
/**
 * To be called when all has come: true when the node is found; false when more was asked for. Fails
 * when there is no such node.
 */
bw_status bw__node_found(bw_ctx *ctx, bw_op *op, bw_found_node *node, bool *found);

/** Sets what zarr.node says of an array of version 3 (describe_v3.c). */
bw_status bw__describe_v3(bw_ctx *ctx, bw_op *op, const bw_node *document);

#endif
