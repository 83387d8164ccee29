/* SPDX-License-Identifier: MIT */
/**
 * Default chunk lengths: BORES's own for what it saves (tests/data/bores), fewer and larger chunks for
 * long arrays. What they are bounded by is arithmetic: a chunk covers the axis or is followed by others.
 */
#include "array/chunk_lengths.h"

#include "bores/array.h"
#include "check.h"

typedef struct lengths {
    uint64_t of[BW_MAX_RANK];
} lengths;

static lengths chunked(uint32_t itemsize, uint32_t rank, const uint64_t *shape)
{
    lengths chunks = {{0}};

    bw__chunk_lengths(shape, rank, itemsize, chunks.of);
    return chunks;
}

static uint64_t count_of(uint32_t rank, const uint64_t *shape, const lengths *chunks)
{
    uint64_t count = 1;

    for (uint32_t d = 0; d < rank; d++) {
        count *= (shape[d] + chunks->of[d] - 1) / chunks->of[d];
    }
    return count;
}

/* As BORES stores them: [32, 38, 15] in [20, 20, 15], [10, 8, 3] in one, [0] in [1]. */
static void test_grids_are_chunked_as_by_bores(void)
{
    lengths large = chunked(8, 3, (uint64_t[]){32, 38, 15});
    lengths small = chunked(8, 3, (uint64_t[]){10, 8, 3});
    lengths empty = chunked(8, 1, (uint64_t[]){0});
    lengths line = chunked(8, 1, (uint64_t[]){25});
    lengths million = chunked(8, 3, (uint64_t[]){100, 100, 100});

    CHECK_UINT(large.of[0], 20);
    CHECK_UINT(large.of[1], 20);
    CHECK_UINT(large.of[2], 15);
    CHECK_UINT(small.of[0], 10);
    CHECK_UINT(small.of[1], 8);
    CHECK_UINT(small.of[2], 3);
    CHECK_UINT(empty.of[0], 1);
    CHECK_UINT(line.of[0], 20);
    for (uint32_t d = 0; d < 3; d++) {
        CHECK_UINT(million.of[d], 20);
    }
}

/* 20 MB of one axis were 125,000 chunks of 20. */
static void test_long_arrays_have_no_more_keys_than_they_are_worth(void)
{
    const uint64_t shapes[][3] = {
        {2500000, 1, 1}, {1, 1, 2500000}, {100000000, 1, 1}, {3, 1000000, 1},
        {2000, 2000, 1}, {1300, 1300, 1},
    };

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (uint32_t itemsize = 1; itemsize <= 16; itemsize *= 2) {
            lengths chunks = chunked(itemsize, 3, shapes[i]);
            uint64_t bytes = chunks.of[0] * chunks.of[1] * chunks.of[2] * itemsize;
            uint64_t count = count_of(3, shapes[i], &chunks);

            CHECK(count <= 1024 || bytes >= 1024 * 1024);
            CHECK(count <= 64 || bytes >= 16 * 1024);
            CHECK(bytes < 2 * 1024 * 1024);
            for (uint32_t d = 0; d < 3; d++) {
                CHECK(chunks.of[d] >= 1 && chunks.of[d] <= shapes[i][d]);
            }
        }
    }
}

static void test_lengths_beyond_64_bits_in_all_end(void)
{
    const uint64_t shape[] = {UINT64_MAX, UINT64_MAX, UINT64_MAX};
    lengths chunks = chunked(8, 3, shape);

    CHECK(chunks.of[0] * chunks.of[1] * chunks.of[2] * 8 >= 1024 * 1024);
    CHECK(chunks.of[0] * chunks.of[1] * chunks.of[2] * 8 < 2 * 1024 * 1024);
}

int main(void)
{
    RUN(test_grids_are_chunked_as_by_bores);
    RUN(test_long_arrays_have_no_more_keys_than_they_are_worth);
    RUN(test_lengths_beyond_64_bits_in_all_end);
    return check_summary();
}
