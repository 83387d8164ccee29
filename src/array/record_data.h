/* SPDX-License-Identifier: MIT */
/** The encodings of array records: fields of a record to the elements of an array. */
#ifndef BORES_ARRAY_RECORD_DATA_H
#define BORES_ARRAY_RECORD_DATA_H

#include "bores/tree.h"

/** A record whose dtype and shape have been read. */
typedef struct bw__record {
    const bw_node *map;
    bw_dtype dtype; /**< with the byte order of base64 data */
    uint32_t rank;
    uint64_t shape[BW_MAX_RANK];
    uint64_t count; /**< elements */
    size_t nbytes;
} bw__record;

/**
 * Makes the array of a record. What a record holds is checked against its shape before anything
 * of the shape's size is allocated, but for the encodings whose point is to be smaller.
 * Errors: as bw_record_expand(), less the path.
 */
bw_status bw__record_array(bw_ctx *ctx, bw_arena *arena, const bw__record *record,
                           bw_array **out);

#endif
