/* SPDX-License-Identifier: MIT */
/**
 * A host for operations over keys and values in memory, for tests and fuzz targets. It answers in
 * the order it is told to, from memory of exactly each value's size, so that a sanitizer sees a
 * read past it. Its own memory does not come from the context's allocator.
 *
 * The flat form it reads: one byte (see bw_host_parse()), then u16 key length, key, u32 value
 * length, value, and so on, little-endian. Lengths beyond the end are cut, so any bytes are a store.
 */
#ifndef BORES_MEMORY_HOST_H
#define BORES_MEMORY_HOST_H

#include "bores/op.h"

typedef enum bw_host_order {
    BW_HOST_IN_ORDER,
    BW_HOST_REVERSED,
    BW_HOST_SHUFFLED,
    BW_HOST_ONE_AT_A_TIME, /**< the next want is taken when the last one is answered */
    BW_HOST_ORDERS
} bw_host_order;

typedef struct bw_host_item {
    bw_view key, value; /**< borrowed; `value.ptr == NULL`: not there (any more) */
} bw_host_item;

typedef struct bw_host {
    bw_host_item *items;
    size_t count, cap;
    bool lists;           /**< false: listings are answered with "cannot" */
    bw_host_order order;
    uint32_t random;      /**< state of the shuffle */
    const char *broken;   /**< a key whose read fails, or NULL */
    bw_view file;         /**< that is all there is, whatever the key; borrowed, absent: none */
    uint64_t gets, listings; /**< asked for so far */
} bw_host;

/**
 * Reads the flat form, which is borrowed. Bit 0 of its first byte: the host cannot list; bits 1
 * and 2: the order. End with bw_host_free().
 */
void bw_host_parse(bw_host *host, bw_view flat);
void bw_host_free(bw_host *host);
/** The value of a key; `ptr` NULL: absent. */
bw_view bw_host_get(const bw_host *host, bw_view key);
/** Sets a value or, with `ptr` NULL, takes a key away. Both are borrowed. */
void bw_host_set(bw_host *host, const char *key, bw_view value);

/**
 * Runs an operation to its end. On BW_OK `*out` is done and the caller ends it with
 * bw_op_free(); `params` must live until then.
 */
bw_status bw_host_run(bw_ctx *ctx, bw_host *host, bw_store *store, const char *name,
                      const bw_node *params, bw_op **out);

#endif
