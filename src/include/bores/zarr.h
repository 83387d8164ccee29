/* SPDX-License-Identifier: MIT */
/**
 * Zarr arrays: metadata, chunk keys, and chunks decoded into place.
 * Source: Zarr storage specification version 2 (v3 metadata joins the same struct).
 */
#ifndef BORES_ZARR_H
#define BORES_ZARR_H

#include "bores/codec.h"

/** A validated `.zarray`. Borrowed parts live in the arena it was parsed into. */
typedef struct bw_zarr_meta {
    bw_dtype dtype;
    uint32_t rank;
    uint64_t shape[BW_MAX_RANK];
    uint64_t chunks[BW_MAX_RANK]; /**< each at least 1 */
    bool fortran;                 /**< order "F" */
    char separator;               /**< '.' or '/' */
    bool has_fill;                /**< false for `"fill_value": null`, which reads as zeros */
    uint8_t *fill;                /**< one element, little-endian; zeros when !has_fill */
    bw_codec_chain codecs;        /**< filters, then the compressor */
    const bw_node *document;      /**< the JSON itself, for whoever wants what is not here */
} bw_zarr_meta;

/**
 * Parses and checks a `.zarray`.
 * Errors: BW_ERR_METADATA naming the field and its value; BW_ERR_UNSUPPORTED for object dtypes and
 * codecs that are not built in; BW_ERR_LIMIT as in bw_json_parse().
 */
bw_status bw_zarr_meta_parse(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_zarr_meta **out);

/** The same from a parsed document, e.g. out of `.zmetadata`; borrowed for the result's life. */
bw_status bw_zarr_meta_from_node(bw_ctx *ctx, bw_arena *arena, const bw_node *document,
                                 bw_zarr_meta **out);

/** A rectangular, possibly strided part: `count[d]` elements from `start[d]`, every
 *  `step[d]`-th (step may be negative, not 0). */
typedef struct bw_region {
    uint32_t rank;
    uint64_t start[BW_MAX_RANK];
    uint64_t count[BW_MAX_RANK];
    int64_t step[BW_MAX_RANK];
} bw_region;

/** The whole array. */
void bw_region_all(const bw_zarr_meta *meta, bw_region *out);

/**
 * Reading one region as a sequence of chunks. Zero-initialise, then
 * bw_zarr_read_begin(); for each bw_zarr_read_next() fetch the key and hand the
 * bytes to bw_zarr_read_chunk(), in any order.
 */
typedef struct bw_zarr_read {
    const bw_zarr_meta *meta;
    bw_region region;
    bw_array *out;            /**< shape = region.count, in the arena given to begin */
    uint64_t next[BW_MAX_RANK]; /**< grid position of the next chunk */
    bool finished;
    bw_bytes scratch;         /**< one decoded chunk, when it cannot be decoded in place */
} bw_zarr_read;

bw_status bw_zarr_read_begin(bw_ctx *ctx, bw_arena *arena, const bw_zarr_meta *meta,
                             const bw_region *region, bw_zarr_read *read);
/** The next chunk's grid position in `coord`; false when there is none left. */
bool bw_zarr_read_next(bw_zarr_read *read, uint64_t coord[BW_MAX_RANK]);
/** Appends the chunk's key relative to the array, e.g. "0.3.1" (rank 0: "0"). */
bw_status bw_zarr_chunk_key(bw_ctx *ctx, const bw_zarr_meta *meta,
                            const uint64_t coord[BW_MAX_RANK], bw_bytes *key);
/** Places one chunk; `chunk.ptr == NULL` is a missing chunk, which reads as the fill value. */
bw_status bw_zarr_read_chunk(bw_ctx *ctx, bw_zarr_read *read,
                             const uint64_t coord[BW_MAX_RANK], bw_view chunk);
void bw_zarr_read_end(bw_ctx *ctx, bw_zarr_read *read);

/**
 * Writing an array as a `.zarray` document and chunks, version 2, order "C", separator ".", no
 * filters, fill value 0: what zarr-python 2 makes of `create_dataset(data=array)`. Every chunk is
 * written, also one of zeros (write_empty_chunks=True), and all are of the full shape: what lies
 * beyond the array's edge is 0.
 *
 * bw_zarr_write_begin(), then the document and, for each bw_zarr_write_next(), its chunk under
 * bw_zarr_chunk_key(); bw_zarr_write_end() also after an error.
 */
typedef struct bw_zarr_write {
    bw_zarr_meta meta; /**< `document` and `fill` are NULL, `codecs` empty */
    bw_codec compressor;
    const bw_array *array;
    uint64_t next[BW_MAX_RANK]; /**< grid position of the next chunk */
    bool finished;
    bw_bytes scratch; /**< one chunk, when it is no run of the array's elements */
} bw_zarr_write;

/**
 * `array` is borrowed until the end; `chunks` has its rank.
 * Errors: BW_ERR_UNSUPPORTED for elements that are no bool, integer or float; BW_ERR_ARGUMENT for a
 * chunk length of 0; BW_ERR_LIMIT for more chunks than `limits.max_chunks` and for larger ones than
 * `limits.max_array_bytes`.
 */
bw_status bw_zarr_write_begin(bw_ctx *ctx, const bw_array *array, const uint64_t *chunks,
                              const bw_codec *compressor, bw_zarr_write *write);
/** Appends the text of `.zarray`. */
bw_status bw_zarr_write_document(bw_ctx *ctx, const bw_zarr_write *write, bw_bytes *out);
/** The next chunk's grid position in `coord`, in C order; false when there is none left. */
bool bw_zarr_write_next(bw_zarr_write *write, uint64_t coord[BW_MAX_RANK]);
/** Appends one chunk as it is stored. */
bw_status bw_zarr_write_chunk(bw_ctx *ctx, bw_zarr_write *write,
                              const uint64_t coord[BW_MAX_RANK], bw_bytes *out);
void bw_zarr_write_end(bw_ctx *ctx, bw_zarr_write *write);

#endif
