/* SPDX-License-Identifier: MIT */
/**
 * Operations: what a store does, as state machines that never touch a file.
 *
 * An operation is begun with parameters (a tree), and then says which keys or
 * listings it *wants*. The host fetches them, as many at a time and in whatever order it
 * likes, and *gives* the bytes; each gift is used at once (a chunk is
 * decoded into its final place) so nothing piles up. When it wants nothing more and
 * nothing is outstanding, it is done and its result can be taken.
 *
 *     bw_op_begin(ctx, store, "zarr.load", params, &op);
 *     while (bw_op_state(op) == BW_OP_RUNNING) {
 *         n = bw_op_wants(ctx, op, wants, capacity);     // may be 0 while gifts are awaited
 *         … fetch …
 *         bw_op_give(ctx, op, want.id, bytes);           // or bw_op_give_listing()
 *     }
 *     bw_op_result(op);                                  // a tree, lives until bw_op_free()
 *     bw_op_free(ctx, op);
 *
 * A failure of any call ends the operation; only bw_op_free() may follow.
 *
 * An operation type is a row of its module's table, operations.c in a folder of src/wasm; its own
 * file holds the machine.
 */
#ifndef BORES_OP_H
#define BORES_OP_H

#include "bores/tree.h"

typedef struct bw_op bw_op;
typedef struct bw_store bw_store;

typedef enum bw_op_state { BW_OP_RUNNING, BW_OP_DONE } bw_op_state_t;

typedef enum bw_want_kind {
    BW_WANT_GET, /**< all bytes of `key`; absent is a valid answer */
    BW_WANT_LIST, /**< children one level below the folder `key` ("" is the root) */
    BW_WANT_RANGE /**< `length` bytes of `key` from `offset`, fewer where it ends before; absent is
                   *   valid. Answered like a GET */
} bw_want_kind;

#define BW_SUFFIX UINT64_MAX

/** `key` is borrowed until the want is answered. */
typedef struct bw_want {
    uint32_t id;
    bw_want_kind kind;
    bw_view key;
    uint64_t offset, length; /**< of a RANGE; BW_SUFFIX: the last `length` bytes */
} bw_want;

/** What operations on one store share, which is the format's. Outlives its operations. */
bw_status bw_store_new(bw_ctx *ctx, bw_store **out);
void bw_store_free(bw_ctx *ctx, bw_store *store);

/** `params` is borrowed until the operation ends. */
bw_status bw_op_begin(bw_ctx *ctx, bw_store *store, const char *name, const bw_node *params,
                      bw_op **out);
bw_op_state_t bw_op_state(const bw_op *op);
/** Fills up to `capacity` new wants, returns how many. Each is handed out once. */
bw_status bw_op_wants(bw_ctx *ctx, bw_op *op, bw_want *wants, uint32_t capacity,
                      uint32_t *count);
/** Answers a GET or a RANGE. `bytes.ptr == NULL`: the key is absent. Borrowed for the call. */
bw_status bw_op_give(bw_ctx *ctx, bw_op *op, uint32_t id, bw_view bytes);
/**
 * Answers a LIST: names one after the other, each behind its u32 little-endian length,
 * folders with a trailing '/'. `names.ptr == NULL`: the store cannot list.
 */
bw_status bw_op_give_listing(bw_ctx *ctx, bw_op *op, uint32_t id, bw_view names);
/**
 * Answers either kind with a failure of the host's: `message` says what. Ends the operation like any
 * failure, but for zarr.verify, which takes it into its list.
 */
bw_status bw_op_give_failure(bw_ctx *ctx, bw_op *op, uint32_t id, bw_status status,
                             const char *message);
/** The result, once done; belongs to the operation. */
const bw_node *bw_op_result(const bw_op *op);
void bw_op_free(bw_ctx *ctx, bw_op *op);

#endif
