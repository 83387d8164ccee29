/* SPDX-License-Identifier: MIT */
/**
 * A chunk of Blosc2: Blosc 1's header (blosc_format.h), 16 more bytes with up to six filters and
 * flags, and then what the flags say: blocks as in Blosc 1, the data itself, or nothing (special
 * values).
 * Source: c-blosc2, README_CHUNK_FORMAT.rst.
 */
#ifndef BORES_BLOSC2_CHUNK_H
#define BORES_BLOSC2_CHUNK_H

#include "codec/codec_internal.h"

enum { BW__BLOSC2_FILTERS = 6 };

/** What a whole chunk holds: blocks, or one thing again and again. */
typedef enum bw__blosc2_special {
    BW__BLOSC2_BLOCKS = 0,
    BW__BLOSC2_ZEROS = 1,
    BW__BLOSC2_NANS = 2,
    BW__BLOSC2_VALUE = 3,
    BW__BLOSC2_UNINIT = 4 /**< any values would do: zeros */
} bw__blosc2_special;

typedef struct bw__blosc2_chunk {
    bw_ctx *ctx;
    bw_view in;
    uint32_t nbytes, blocksize, itemsize;
    bw__blosc2_special special;
    bool copied, split, delta;
    uint32_t compressor;
    uint32_t filter_count; /**< those to be undone one after the other, the first first */
    uint8_t filters[BW__BLOSC2_FILTERS], meta[BW__BLOSC2_FILTERS];
    size_t unread;         /**< stream bytes that may still be used */
    uint8_t *buffers;      /**< owned: three blocks */
    uint8_t *reference;    /**< owned: the first block, for `delta` */
    bw__zstd_decoder *zstd; /**< owned */
} bw__blosc2_chunk;

/** Reads the head of the chunk that `in` begins with; `chunk` ends with bw__blosc2_chunk_end(). */
bw_status bw__blosc2_chunk_begin(bw_ctx *ctx, bw_view in, bw__blosc2_chunk *chunk);
/** As if such a chunk of `nbytes` had been stored. */
void bw__blosc2_chunk_special(bw_ctx *ctx, bw__blosc2_special special, uint32_t itemsize,
                              uint32_t nbytes, bw__blosc2_chunk *chunk);
/** The bytes from `index * blocksize` on: a block, or the rest. Each block may be read once. */
bw_status bw__blosc2_chunk_block(bw__blosc2_chunk *chunk, uint32_t index, uint32_t blocksize,
                                 uint8_t *out);
/** All of it: `nbytes`. */
bw_status bw__blosc2_chunk_all(bw__blosc2_chunk *chunk, uint8_t *out);
void bw__blosc2_chunk_end(bw__blosc2_chunk *chunk);

#endif
