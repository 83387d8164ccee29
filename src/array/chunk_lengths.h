/* SPDX-License-Identifier: MIT */
/*
 * How an array is cut into chunks where nobody has said it.
 *
 * BORES's own default is the array's length along each axis, but not more than 20. That is right for
 * grids, and kept for them; a long array of one axis would become thousands of chunks of 160 bytes, each
 * a key of its own. So chunks of a many-chunked array grow until they are worth a key. Any chunking is
 * right for whoever reads it.
 */
#ifndef BW_CHUNK_LENGTHS_H
#define BW_CHUNK_LENGTHS_H

#include <stdint.h>

/** BORES's. */
#define BW_CHUNK_LENGTH 20u

/**
 * Shape:   `shape` and `chunks` have `rank` elements; a length of 0 gives a chunk of 1.
 * Errors:  none
 * Thread:  safe
 * Source:  lengths of 20 as seen in BORES's stores (tests/data/bores)
 *
 * @param[in]  shape     of the array
 * @param[in]  rank      BW_MAX_RANK at the most
 * @param[in]  itemsize  bytes of an element
 * @param[out] chunks    lengths of a chunk
 */
void bw__chunk_lengths(const uint64_t *shape, uint32_t rank, uint32_t itemsize, uint64_t *chunks);

#endif
