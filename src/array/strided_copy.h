/* SPDX-License-Identifier: MIT */
/** Copying between two n-dimensional layouts: the kernel behind chunks and array records. */
#ifndef BORES_ARRAY_STRIDED_COPY_H
#define BORES_ARRAY_STRIDED_COPY_H

#include "bores/array.h"

/** For each axis the element count and the bytes from one element to the next, on both sides.
 *  A source stride of 0 repeats the element; destination strides may be negative. */
typedef struct bw__strided {
    uint32_t rank;
    uint64_t count[BW_MAX_RANK];
    ptrdiff_t src[BW_MAX_RANK];
    ptrdiff_t dst[BW_MAX_RANK];
} bw__strided;

/** Drops axes of length 1 and joins neighbours that are one run on both sides; order is kept. */
void bw__strided_join(bw__strided *layout);
/** True for a joined layout that is one contiguous run on both sides. */
bool bw__strided_is_run(const bw__strided *layout, uint32_t itemsize);
/** Copies all elements of a joined layout, `src` and `dst` being those at index 0. Every count is
 *  at least 1. */
void bw__strided_copy(const bw__strided *layout, uint32_t itemsize, const uint8_t *src,
                      uint8_t *dst);

#endif
