/* SPDX-License-Identifier: MIT */
/** What reading chunks (chunk_read.c) and reading shards (shard.c) ask of each other. */
#ifndef BORES_ARRAY_CHUNK_INTERNAL_H
#define BORES_ARRAY_CHUNK_INTERNAL_H

#include "bores/chunks.h"

/** The array's axis at a place of the stored chunk's, 0 being the slowest. */
uint32_t bw__stored_axis(const bw_array_meta *meta, uint32_t place);
/** The region's positions along axis `d` that a chunk holds: from `begin`, before `end`. */
bw_status bw__read_positions(bw_ctx *ctx, const bw_chunk_read *read, const uint64_t *coord,
                             uint32_t d, uint64_t *begin, uint64_t *end);
/** Sets `next` to the first chunk that the axes touch. */
void bw__read_first_chunk(bw_chunk_read *read);
/** Places what the region wants of a whole shard. */
bw_status bw__shard_read(bw_ctx *ctx, bw_chunk_read *read, const uint64_t *coord, bw_view shard);

#endif
