/* SPDX-License-Identifier: MIT */
/** n-dimensional arrays in memory: little-endian, C order, contiguous. */
#ifndef BORES_ARRAY_H
#define BORES_ARRAY_H

#include "bores/arena.h"
#include "bores/dtype.h"

#define BW_MAX_RANK 32u

/** `data` holds `nbytes` bytes, 16-byte aligned; NULL only where it says that just the description
 *  was asked for. `origin` is the bw_array_meta it was read with, or NULL. */
typedef struct bw_array {
    bw_dtype dtype;
    uint32_t rank;
    uint64_t shape[BW_MAX_RANK];
    uint8_t *data;
    size_t nbytes;
    const void *origin;
} bw_array;

/**
 * Element count and bytes of a shape, overflow-checked against
 * `ctx->limits.max_array_bytes`.
 * Errors: BW_ERR_LIMIT ("bytes of shape [..]: N exceeds the limit of M"; N is UINT64_MAX when
 * the product is beyond it).
 */
bw_status bw_array_size(bw_ctx *ctx, bw_dtype dtype, uint32_t rank, const uint64_t *shape,
                        uint64_t *count, size_t *nbytes);
/** A new array in `arena`; its elements are not initialised. */
bw_status bw_array_new(bw_ctx *ctx, bw_arena *arena, bw_dtype dtype, uint32_t rank,
                       const uint64_t *shape, bw_array **out);
/** Writes "[2, 3]" to `out` (`cap` bytes, at least 8), cut as "[2, ..]" where it does not fit. */
void bw_shape_format(uint32_t rank, const uint64_t *shape, char *out, size_t cap);
/** Reverses the bytes of `count` units of `size` (1, 2, 4, 8) bytes in place. */
void bw_swap_bytes(uint8_t *data, size_t count, uint32_t size);
/** Copies one `itemsize` pattern over `nbytes` bytes (a multiple of `itemsize`). */
void bw_fill_pattern(uint8_t *data, size_t nbytes, const uint8_t *pattern, uint32_t itemsize);

#endif
