/* SPDX-License-Identifier: MIT */
/**
 * Zarr arrays: metadata, chunk keys, and chunks decoded into place.
 * Source: Zarr storage specification version 2; Zarr core specification version 3 and its codecs.
 */
#ifndef BORES_ZARR_H
#define BORES_ZARR_H

#include "bores/codec.h"

/** A field of structured elements; `dtype` is of kind V where `record` says what is in it. */
typedef struct bw_field {
    bw_view name;
    uint32_t offset; /**< bytes from the element's start */
    bw_dtype dtype;
    uint32_t rank;   /**< of a sub-array; 0: one value */
    uint64_t shape[BW_MAX_RANK];
    const struct bw_record *record;
} bw_field;

/** Structured elements: packed fields, one behind the other. */
typedef struct bw_record {
    uint32_t count, itemsize;
    bw_field *fields;
} bw_record;

/**
 * Elements of variable length, each a node: what makes `count` of them out of the bytes that the other
 * codecs give. Its settings are borrowed. In arrays such an element is a pointer to a node (dtype kind
 * O), which no array outside of C has.
 */
typedef struct bw_object_codec bw_object_codec;
struct bw_object_codec {
    bw_status (*decode)(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena, bw_view in,
                        uint64_t count, bw_node **out);
    const char *name;
    bw_codec codec;  /**< categorize's labels and types */
    bw_dtype dtype;  /**< of vlen-array's elements */
};

struct bw_shards;

/** A validated `.zarray` or `zarr.json`. Borrowed parts live in the arena it was parsed into. */
typedef struct bw_zarr_meta {
    int version;                  /**< 2 or 3; 0: no document's */
    bw_dtype dtype;               /**< kind V with a `record`, O with `objects` */
    const bw_record *record;
    const bw_object_codec *objects;
    uint32_t rank;
    uint64_t shape[BW_MAX_RANK];
    uint64_t chunks[BW_MAX_RANK]; /**< each at least 1 */
    bool fortran;                 /**< order "F" */
    const uint8_t *order;         /**< the array's axis at each place of a stored chunk's, the slowest
                                   *   first; NULL: as `fortran` says */
    char separator;               /**< '.' or '/' */
    bool prefixed;                /**< keys begin with "c" (version 3's default) */
    bool has_fill;                /**< false for `"fill_value": null`, which reads as zeros */
    uint8_t *fill;                /**< one element, little-endian; zeros when !has_fill */
    bw_codec_chain codecs;        /**< filters, then the compressor; of shards, what is around them */
    const struct bw_shards *shards; /**< chunks are shards, of smaller chunks; or NULL */
    const bw_node *document;      /**< the JSON itself, for whoever wants what is not here */
} bw_zarr_meta;

/**
 * Parses and checks a `.zarray`.
 * Errors: BW_ERR_METADATA naming the field and its value; BW_ERR_UNSUPPORTED for object dtypes and
 * codecs that are not built in; BW_ERR_LIMIT as in bw_json_parse().
 */
bw_status bw_zarr_meta_parse(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_zarr_meta **out);

/** The same from a parsed document of either version; borrowed for the result's life. */
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

/** A region along one axis, ascending: `count` positions, position j at index first + j * stride. */
typedef struct bw_axis {
    uint64_t first, stride, count;
} bw_axis;

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
    bw_arena *arena;          /**< where elements of variable length go */
    bw_axis axes[BW_MAX_RANK];
    uint8_t *base;            /**< where the axes' first positions go, ... */
    ptrdiff_t strides[BW_MAX_RANK]; /**< ... and bytes from one to the next */
    uint64_t next[BW_MAX_RANK]; /**< grid position of the next chunk */
    bool finished;
    bw_bytes scratch;         /**< one decoded chunk, when it cannot be decoded in place */
} bw_zarr_read;

bw_status bw_zarr_read_begin(bw_ctx *ctx, bw_arena *arena, const bw_zarr_meta *meta,
                             const bw_region *region, bw_zarr_read *read);
/** The next chunk's grid position in `coord`; false when there is none left. */
bool bw_zarr_read_next(bw_zarr_read *read, uint64_t coord[BW_MAX_RANK]);
/** Appends the chunk's key relative to the array, e.g. "0.3.1" (rank 0: "0") or "c/0/3/1". */
bw_status bw_zarr_chunk_key(bw_ctx *ctx, const bw_zarr_meta *meta,
                            const uint64_t coord[BW_MAX_RANK], bw_bytes *key);
/** Places one chunk; `chunk.ptr == NULL` is a missing chunk, which reads as the fill value. */
bw_status bw_zarr_read_chunk(bw_ctx *ctx, bw_zarr_read *read,
                             const uint64_t coord[BW_MAX_RANK], bw_view chunk);
void bw_zarr_read_end(bw_ctx *ctx, bw_zarr_read *read);

/**
 * Shards: chunks that are made of smaller, inner ones, and an index of where these lie.
 * Source: Zarr v3, codec "sharding_indexed", version 1.0.
 */
typedef struct bw_shards {
    bw_zarr_meta inner; /**< the shard as an array of its own, axes in their stored order */
    uint64_t grid[BW_MAX_RANK], count; /**< inner chunks along each axis, and in all */
    bw_codec_chain index_codecs;
    bool index_at_start, index_big_endian;
    uint64_t index_nbytes; /**< as it is stored */
} bw_shards;

/** True when inner chunks can be read on their own: nothing is around the shard. */
bool bw_shards_partial(const bw_zarr_meta *meta);
/** True when a read wants so much of the shard at `coord` that the whole is the cheaper. */
bool bw_shards_wants_all(const bw_zarr_read *read, const uint64_t coord[BW_MAX_RANK]);
/**
 * Begins reading what `outer` wants of the shard at `coord`: `inner` places inner chunks where they
 * belong in outer's array. bw_zarr_read_next() and bw_zarr_read_chunk() go on as with any chunk.
 */
bw_status bw_shards_begin(bw_ctx *ctx, const bw_zarr_read *outer, const uint64_t coord[BW_MAX_RANK],
                          bw_zarr_read *inner);
/** Decodes an index to `out`: two little-endian u64 for each inner chunk, its offset and length. */
bw_status bw_shards_index(bw_ctx *ctx, const bw_shards *shards, bw_view stored, bw_bytes *out);
/** Where an inner chunk lies; `*present` is false for one that is missing. */
bw_status bw_shards_find(bw_ctx *ctx, const bw_shards *shards, const bw_bytes *index,
                         const uint64_t coord[BW_MAX_RANK], uint64_t *offset, uint64_t *nbytes,
                         bool *present);

/**
 * Appends the chunk at `coord` as it is stored, be it a shard. `part` has elements of the array from
 * `start` on, little-endian and in C order; the chunk must be whole in it, as far as the array has it.
 */
bw_status bw_zarr_encode_chunk(bw_ctx *ctx, const bw_zarr_meta *meta, const bw_array *part,
                               const uint64_t *start, const uint64_t coord[BW_MAX_RANK],
                               bw_bytes *out);

/** One element's value: a map of its fields; numbers, text, lists for sub-arrays. */
bw_status bw_record_value(bw_ctx *ctx, bw_arena *arena, const bw_record *record, const uint8_t *at,
                          bw_node **out);

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
