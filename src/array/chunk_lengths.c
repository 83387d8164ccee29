/* SPDX-License-Identifier: MIT */
/*
 * Default chunk lengths. An axis is taken twice as long at a time, that with the most chunks first, and
 * of several such the last, whose elements lie next to each other.
 */
#include "chunk_lengths.h"

#include <stdbool.h>

#define FEW_CHUNKS 64u
#define SMALL_BYTES (16u * 1024u) /* not worth a key where there are more than a few */
#define MANY_CHUNKS 1024u
#define LARGE_BYTES (1024u * 1024u) /* large enough however many there are */

static uint64_t count_along(uint64_t shape, uint64_t chunk)
{
    return shape == 0 ? 0 : (shape - 1) / chunk + 1;
}

/* As a double: a product of lengths may be beyond 64 bits, and nothing here needs it exactly. */
static double chunk_count(const uint64_t *shape, uint32_t rank, const uint64_t *chunks)
{
    double count = 1;

    for (uint32_t d = 0; d < rank; d++) {
        count *= (double)count_along(shape[d], chunks[d]);
    }
    return count;
}

static double chunk_bytes(uint32_t rank, uint32_t itemsize, const uint64_t *chunks)
{
    double bytes = itemsize;

    for (uint32_t d = 0; d < rank; d++) {
        bytes *= (double)chunks[d];
    }
    return bytes;
}

static uint32_t longest_axis(const uint64_t *shape, uint32_t rank, const uint64_t *chunks)
{
    uint32_t longest = 0;

    for (uint32_t d = 1; d < rank; d++) {
        if (count_along(shape[d], chunks[d]) >= count_along(shape[longest], chunks[longest])) {
            longest = d;
        }
    }
    return longest;
}

void bw__chunk_lengths(const uint64_t *shape, uint32_t rank, uint32_t itemsize, uint64_t *chunks)
{
    for (uint32_t d = 0; d < rank; d++) {
        uint64_t length = shape[d] < BW_CHUNK_LENGTH ? shape[d] : BW_CHUNK_LENGTH;

        chunks[d] = length == 0 ? 1 : length;
    }
    for (;;) {
        double count = chunk_count(shape, rank, chunks);
        double bytes = chunk_bytes(rank, itemsize, chunks);
        bool grows = (count > FEW_CHUNKS && bytes < SMALL_BYTES)
                     || (count > MANY_CHUNKS && bytes < LARGE_BYTES);
        uint32_t axis;

        if (!grows) {
            return;
        }
        axis = longest_axis(shape, rank, chunks); /* has two chunks at least: there are many */
        chunks[axis] = chunks[axis] > shape[axis] / 2 ? shape[axis] : chunks[axis] * 2;
    }
}
