/* SPDX-License-Identifier: MIT */
/* The bit shuffle's simd kernels give the bytes of c-blosc's portable ones, and turn them back. */
#include <bitshuffle-generic.h>
#include <string.h>

#include "check.h"
#include "codec/codec_internal.h"

#define MOST (16 * 2100)

static uint8_t plain[MOST + 1], expected[MOST + 1], made[MOST + 1], scratch[MOST + 1];

static void fill(uint8_t *bytes, size_t len, uint32_t seed)
{
    for (size_t i = 0; i < len; i++) {
        seed = seed * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(seed >> 24);
    }
}

/* Counts around whole groups of 128 elements, and sizes with and without a kernel of their own. */
static void test_equals_portable(void)
{
    static const size_t counts[] = {8, 16, 120, 128, 136, 248, 256, 1000, 2048, 2096};

    for (size_t size = 1; size <= 16; size++) {
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            size_t len = size * counts[i];

            fill(plain, len, (uint32_t)(size * 100 + i));
            CHECK(blosc_internal_bshuf_trans_bit_elem_scal(plain, expected, counts[i], size,
                                                                scratch) >= 0);
            made[len] = 0xA5;
            bw__bitshuffle(size, len, plain, made, scratch);
            CHECK(memcmp(made, expected, len) == 0);
            CHECK(made[len] == 0xA5);
            bw__bitunshuffle(size, len, expected, made, scratch);
            CHECK(memcmp(made, plain, len) == 0);
            CHECK(made[len] == 0xA5);
        }
    }
}

/* Blosc 1 copies where elements do not fill whole bytes of bits. */
static void test_copies_odd_counts(void)
{
    fill(plain, 13 * 8, 7);
    bw__bitshuffle(8, 13 * 8, plain, made, scratch);
    CHECK(memcmp(made, plain, 13 * 8) == 0);
    bw__bitunshuffle(8, 13 * 8, plain, made, scratch);
    CHECK(memcmp(made, plain, 13 * 8) == 0);
}

int main(void)
{
    RUN(test_equals_portable);
    RUN(test_copies_odd_counts);
    return check_summary();
}
