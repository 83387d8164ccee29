/* SPDX-License-Identifier: MIT */
/** The parts of reading a version 3 `zarr.json` of an array. */
#ifndef BORES_ZARR_V3_INTERNAL_H
#define BORES_ZARR_V3_INTERNAL_H

#include "bores/zarr.h"

/** A whole array document (zarr_meta_v3.c); as bw_zarr_meta_from_node(). */
bw_status bw__zarr_meta_v3(bw_ctx *ctx, bw_arena *arena, const bw_node *document,
                           bw_array_meta **out);
/** A list of integers, each at least `least`; `field` is what a message calls it. */
bw_status bw__zarr_lengths(bw_ctx *ctx, const char *field, const bw_node *node, int64_t least,
                           uint64_t out[BW_MAX_RANK], uint32_t *rank);
/** The lengths of chunks, once `rank` and `shape` are known; 0 is 1 where the axis has no elements. */
bw_status bw__zarr_chunk_lengths(bw_ctx *ctx, const char *field, const bw_node *node,
                                 bw_array_meta *meta);

/** `data_type` (zarr_v3_types.c): sets `dtype` and `record`; kind O for text and bytes of any length. */
bw_status bw__v3_data_type(bw_ctx *ctx, bw_arena *arena, const bw_node *node, bw_array_meta *meta);
/** `fill_value` (zarr_v3_types.c), once all else is known. */
bw_status bw__v3_fill(bw_ctx *ctx, bw_arena *arena, const bw_node *node, bw_array_meta *meta);

/**
 * `codecs` (zarr_v3_codecs.c) over chunks of `meta->chunks`: sets order, byte order, objects, shards and
 * the chain.
 */
bw_status bw__v3_codecs(bw_ctx *ctx, bw_arena *arena, const bw_node *codecs, bw_array_meta *meta);

/** The name of `{name, configuration}` or of a bare string; false for anything else. */
bool bw__v3_name(const bw_node *node, bw_view *name, const bw_node **configuration);

#endif
