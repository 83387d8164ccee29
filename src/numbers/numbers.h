/* SPDX-License-Identifier: MIT */
/** Elements of any number type as float64, in blocks. */
#ifndef BORES_NUMBERS_NUMBERS_H
#define BORES_NUMBERS_NUMBERS_H

#include "bores/array.h"

/** Elements at a time: 8 KiB, so that a block stays in the first-level cache. */
#define BW__BLOCK 1024u

/** `n` elements, `stride` bytes apart, from `at`. Booleans become 0 and 1. */
typedef void (*bw__reader)(const uint8_t *at, size_t stride, size_t n, double *out);

/**
 * The reader for an array, and how many elements it has.
 * Errors: BW_ERR_UNSUPPORTED naming a type that is no number; BW_ERR_ARGUMENT when shape and bytes
 * disagree; BW_ERR_LIMIT.
 */
bw_status bw__numbers_open(bw_ctx *ctx, const bw_array *values, bw__reader *read, size_t *count);

/** Float32 of a float64: a finite number stays one (the largest, where it is beyond float32). */
float bw__narrow(double value);

/** A walk over the finite elements that a mask leaves. */
typedef struct bw__finite {
    bw__reader read;
    const uint8_t *data, *mask; /**< mask NULL: all */
    size_t itemsize, count, next;
    uint64_t nan_count, inf_count; /**< passed over so far */
} bw__finite;

bw_status bw__finite_open(bw_ctx *ctx, const bw_array *values, bw_view mask, bw__finite *out);
/** Up to BW__BLOCK elements in `out`, how many in `n` (possibly 0); false at the end. */
bool bw__finite_next(bw__finite *walk, double out[BW__BLOCK], size_t *n);

/** Errors: BW_ERR_ARGUMENT naming one that is not in [0, 100]. */
bw_status bw__percents_check(bw_ctx *ctx, const double *percent, uint32_t n);

#endif
