/* SPDX-License-Identifier: MIT */
/** What of an array is meant: NumPy's basic slicing, as regions and over arrays in memory. */
#ifndef BORES_ARRAY_SLICE_H
#define BORES_ARRAY_SLICE_H

#include "bores/chunks.h"

/** NumPy's basic slicing over `meta->shape`; bit d of `*dropped` is set for integer indices. */
bw_status bw__slice_resolve(bw_ctx *ctx, const bw_array_meta *meta, const bw_node *slice,
                            bw_region *out, uint32_t *dropped);
void bw__slice_drop(bw_array *array, uint32_t dropped);
/** Slices an array in memory. */
bw_status bw__slice_array(bw_ctx *ctx, bw_arena *arena, const bw_array *array,
                          const bw_node *slice, bw_array **out);

#endif
