/* SPDX-License-Identifier: MIT */
/**
 * Zarr arrays: their documents and the keys of their chunks.
 * Source: Zarr storage specification version 2; Zarr core specification version 3 and its codecs.
 */
#ifndef BORES_ZARR_H
#define BORES_ZARR_H

#include "bores/chunks.h"

/**
 * Parses and checks a `.zarray`.
 * Errors: BW_ERR_METADATA naming the field and its value; BW_ERR_UNSUPPORTED for object dtypes and
 * codecs that are not built in; BW_ERR_LIMIT as in bw_json_parse().
 */
bw_status bw_zarr_meta_parse(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_array_meta **out);

/** The same from a parsed document of either version; borrowed for the result's life. */
bw_status bw_zarr_meta_from_node(bw_ctx *ctx, bw_arena *arena, const bw_node *document,
                                 bw_array_meta **out);

/** Appends the chunk's key relative to the array, e.g. "0.3.1" (rank 0: "0") or "c/0/3/1". */
bw_status bw_zarr_chunk_key(bw_ctx *ctx, const bw_array_meta *meta,
                            const uint64_t coord[BW_MAX_RANK], bw_bytes *key);

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
    bw_array_meta meta; /**< `document` and `fill` are NULL, `codecs` empty */
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
