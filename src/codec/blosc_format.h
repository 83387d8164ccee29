/* SPDX-License-Identifier: MIT */
/**
 * The Blosc 1 chunk: a header of 16 bytes, a table of where the blocks start (u32 each,
 * from the chunk's start), and the blocks. A block is one stream, or as many as an element
 * has bytes ("split"); a stream is its stored length (u32) and its bytes, which are not
 * compressed when they are as long as they become. Numbers are little-endian.
 * Source: c-blosc 1.21, README_CHUNK_FORMAT.rst and blosc.h.
 */
#ifndef BORES_BLOSC_FORMAT_H
#define BORES_BLOSC_FORMAT_H

#include <stdint.h>

enum {
    BW__BLOSC_VERSION = 2,
    BW__BLOSC_LAST_VERSION = 5, /* Blosc 2's; higher ones are nobody's */
    BW__BLOSC_STREAM_VERSION = 1, /* of every compressor's streams */
    BW__BLOSC_HEADER = 16,
    BW__BLOSC_MAX_ITEMSIZE = 255,
    BW__BLOSC_MAX_SPLITS = 16,     /* larger elements are not split */
    BW__BLOSC_MIN_SPLIT = 128      /* elements in a block; smaller blocks are not split */
};

/* Sizes are int32 to other readers. */
#define BW__BLOSC_MAX_BYTES ((uint32_t)INT32_MAX - BW__BLOSC_HEADER)

enum {
    BW__BLOSC_SHUFFLED = 0x01,
    BW__BLOSC_COPIED = 0x02, /* the data follows the header as it is */
    BW__BLOSC_BITSHUFFLED = 0x04,
    BW__BLOSC_RESERVED = 0x08,
    BW__BLOSC_NOT_SPLIT = 0x10
};

/* Bits 5 to 7 of the flags. */
enum {
    BW__BLOSC_BLOSCLZ = 0,
    BW__BLOSC_LZ4 = 1, /* and LZ4HC, whose streams are the same */
    BW__BLOSC_SNAPPY = 2,
    BW__BLOSC_ZLIB = 3,
    BW__BLOSC_ZSTD = 4
};

static inline uint32_t bw__read_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline void bw__write_u32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

#endif
