/* SPDX-License-Identifier: MIT */
/**
 * Arrays in pieces, whatever format keeps them: what there is to know of one, and its chunks, decoded
 * into place and encoded. Zarr and HDF5 describe their arrays so; of an array in memory, that is of one
 * piece, a slice is read the same way.
 */
#ifndef BORES_CHUNKS_H
#define BORES_CHUNKS_H

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

/** An array, checked. Borrowed parts live in the arena it was made in. */
typedef struct bw_array_meta {
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
} bw_array_meta;

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
void bw_region_all(const bw_array_meta *meta, bw_region *out);

/**
 * Reading one region as a sequence of chunks. Zero-initialise, then
 * bw_chunk_read_begin(); for each bw_chunk_read_next() fetch the key and hand the
 * bytes to bw_chunk_read_place(), in any order.
 */
typedef struct bw_chunk_read {
    const bw_array_meta *meta;
    bw_region region;
    bw_array *out;            /**< shape = region.count, in the arena given to begin */
    bw_arena *arena;          /**< where elements of variable length go */
    bw_axis axes[BW_MAX_RANK];
    uint8_t *base;            /**< where the axes' first positions go, ... */
    ptrdiff_t strides[BW_MAX_RANK]; /**< ... and bytes from one to the next */
    uint64_t next[BW_MAX_RANK]; /**< grid position of the next chunk */
    bool finished;
    bw_bytes scratch;         /**< one decoded chunk, when it cannot be decoded in place */
} bw_chunk_read;

bw_status bw_chunk_read_begin(bw_ctx *ctx, bw_arena *arena, const bw_array_meta *meta,
                              const bw_region *region, bw_chunk_read *read);
/** The next chunk's grid position in `coord`; false when there is none left. */
bool bw_chunk_read_next(bw_chunk_read *read, uint64_t coord[BW_MAX_RANK]);
/** Places one chunk; `chunk.ptr == NULL` is a missing chunk, which reads as the fill value. */
bw_status bw_chunk_read_place(bw_ctx *ctx, bw_chunk_read *read,
                              const uint64_t coord[BW_MAX_RANK], bw_view chunk);
void bw_chunk_read_end(bw_ctx *ctx, bw_chunk_read *read);

/**
 * Shards: chunks that are made of smaller, inner ones, and an index of where these lie.
 * Source: Zarr v3, codec "sharding_indexed", version 1.0.
 */
typedef struct bw_shards {
    bw_array_meta inner; /**< the shard as an array of its own, axes in their stored order */
    uint64_t grid[BW_MAX_RANK], count; /**< inner chunks along each axis, and in all */
    bw_codec_chain index_codecs;
    bool index_at_start, index_big_endian;
    uint64_t index_nbytes; /**< as it is stored */
} bw_shards;

/** True when inner chunks can be read on their own: nothing is around the shard. */
bool bw_shards_partial(const bw_array_meta *meta);
/** True when a read wants so much of the shard at `coord` that the whole is the cheaper. */
bool bw_shards_wants_all(const bw_chunk_read *read, const uint64_t coord[BW_MAX_RANK]);
/**
 * Begins reading what `outer` wants of the shard at `coord`: `inner` places inner chunks where they
 * belong in outer's array. bw_chunk_read_next() and bw_chunk_read_place() go on as with any chunk.
 */
bw_status bw_shards_begin(bw_ctx *ctx, const bw_chunk_read *outer, const uint64_t coord[BW_MAX_RANK],
                          bw_chunk_read *inner);
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
bw_status bw_chunk_encode(bw_ctx *ctx, const bw_array_meta *meta, const bw_array *part,
                          const uint64_t *start, const uint64_t coord[BW_MAX_RANK],
                          bw_bytes *out);

/** One element's value: a map of its fields; numbers, text, lists for sub-arrays. */
bw_status bw_record_value(bw_ctx *ctx, bw_arena *arena, const bw_record *record, const uint8_t *at,
                          bw_node **out);

#endif
