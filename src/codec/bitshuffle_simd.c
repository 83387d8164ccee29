/* SPDX-License-Identifier: MIT */
/**
 * The bit shuffle for elements of 1, 2, 4, 8 and 16 bytes, in two passes over 128 elements that stay
 * in registers and the first-level cache: c-blosc's kernels pass over whole blocks, and go
 * bit by bit through movemask, which costs WebAssembly more than it costs a processor.
 *
 * A block of n elements of s bytes is a matrix of 8 s rows of n bits: row 8 b + k holds bit k
 * of byte b of every element, eight elements a byte, the first in the lowest bit.
 * Source: Masui et al., "A compression scheme for radio data in high performance computing",
 * Astronomy and Computing 12 (2015), section 4; Warren, "Hacker's Delight", 7-3 (transposing bits).
 */
#include <string.h>

#include "codec/codec_internal.h"

#if defined(__SSE2__)
#include <emmintrin.h>

#define LANES 16u                 /* bytes of a register: columns of eight elements */
#define GROUP (8u * LANES)        /* elements */
#define MAX_SIZE 16u              /* bytes an element */

static __m128i load(const void *from)
{
    return _mm_loadu_si128(from);
}

static void store(void *to, __m128i value)
{
    _mm_storeu_si128(to, value);
}

/* Bits that stand `distance` higher in `low` change places with those under `mask` in `high`. */
#define SWAP_BITS(low, high, distance, mask)                                                       \
    do {                                                                                           \
        __m128i differing = _mm_and_si128(                                                         \
            _mm_xor_si128(_mm_srli_epi64(low, distance), high), _mm_set1_epi8(mask));              \
        (high) = _mm_xor_si128(high, differing);                                                   \
        (low) = _mm_xor_si128(low, _mm_slli_epi64(differing, distance));                           \
    } while (0)

/* In every column: bit j of row k becomes bit k of row j. Its own inverse. */
static inline void transpose_bits(__m128i v[8])
{
    for (unsigned k = 0; k < 8; k += 2) {
        SWAP_BITS(v[k], v[k + 1], 1, 0x55);
    }
    for (unsigned k = 0; k < 2; k++) {
        SWAP_BITS(v[k], v[k + 2], 2, 0x33);
        SWAP_BITS(v[k + 4], v[k + 6], 2, 0x33);
    }
    for (unsigned k = 0; k < 4; k++) {
        SWAP_BITS(v[k], v[k + 4], 4, 0x0f);
    }
}

/* Half of the transposition of 16 times 16 bytes: two perfect shuffles of four registers, of which
 * the four halves become whole ones. */
static inline void interleave(__m128i a, __m128i b, __m128i c, __m128i d, __m128i out[4])
{
    __m128i low_ac = _mm_unpacklo_epi8(a, c), high_ac = _mm_unpackhi_epi8(a, c);
    __m128i low_bd = _mm_unpacklo_epi8(b, d), high_bd = _mm_unpackhi_epi8(b, d);

    out[0] = _mm_unpacklo_epi8(low_ac, low_bd);
    out[1] = _mm_unpackhi_epi8(low_ac, low_bd);
    out[2] = _mm_unpacklo_epi8(high_ac, high_bd);
    out[3] = _mm_unpackhi_epi8(high_ac, high_bd);
}

/* Byte c of row r becomes byte r of row c. Rows are `from_step` apart, and `to_step`. Four registers at a
 * time, by way of memory: sixteen do not fit a processor beside what the steps need. */
static inline void transpose_bytes(const uint8_t *from, size_t from_step, uint8_t *to,
                                   size_t to_step)
{
    uint8_t half[16 * LANES];
    __m128i v[4];

    for (unsigned r = 0; r < 4; r++) {
        interleave(load(from + r * from_step), load(from + (r + 4) * from_step),
                   load(from + (r + 8) * from_step), load(from + (r + 12) * from_step), v);
        for (unsigned i = 0; i < 4; i++) {
            store(half + (4 * r + i) * LANES, v[i]);
        }
    }
    for (unsigned r = 0; r < 4; r++) {
        interleave(load(half + r * LANES), load(half + (r + 4) * LANES),
                   load(half + (r + 8) * LANES), load(half + (r + 12) * LANES), v);
        for (unsigned i = 0; i < 4; i++) {
            store(to + (4 * r + i) * to_step, v[i]);
        }
    }
}

/* The 8 rows of elements of one byte fill half of such a square; of each column 8 bytes are left. */
static inline void join_bytes(const uint8_t *tile, uint8_t *out)
{
    uint8_t rows[16 * LANES], columns[16 * LANES];

    memcpy(rows, tile, 8 * LANES);
    memset(rows + 8 * LANES, 0, 8 * LANES);
    transpose_bytes(rows, LANES, columns, LANES);
    for (unsigned c = 0; c < LANES; c++) {
        memcpy(out + 8 * c, columns + c * LANES, 8);
    }
}

static inline void split_bytes(const uint8_t *in, uint8_t *tile)
{
    uint8_t rows[16 * LANES], columns[16 * LANES];

    memset(columns, 0, sizeof columns);
    for (unsigned c = 0; c < LANES; c++) {
        memcpy(columns + c * LANES, in + 8 * c, 8);
    }
    transpose_bytes(columns, LANES, rows, LANES);
    memcpy(tile, rows, 8 * LANES);
}

/* Rows of `row_bytes` to 128 elements. `tile` has room for them. */
static inline void join_bits(size_t size, const uint8_t *rows, size_t row_bytes, uint8_t *tile,
                             uint8_t *out)
{
    __m128i v[8];

    for (size_t b = 0; b < size; b++) {
        for (unsigned k = 0; k < 8; k++) {
            v[k] = load(rows + (8 * b + k) * row_bytes);
        }
        transpose_bits(v);
        for (unsigned e = 0; e < 8; e++) {
            store(tile + (e * size + b) * LANES, v[e]);
        }
    }
    if (size == 1) {
        join_bytes(tile, out);
        return;
    }
    for (size_t part = 0; part < 8 * size; part += 16) {
        transpose_bytes(tile + part * LANES, LANES, out + part, 8 * size);
    }
}

/* The other way. */
static inline void split_bits(size_t size, const uint8_t *in, uint8_t *tile, uint8_t *rows,
                              size_t row_bytes)
{
    __m128i v[8];

    if (size == 1) {
        split_bytes(in, tile);
    }
    for (size_t part = 0; size > 1 && part < 8 * size; part += 16) {
        transpose_bytes(in + part, 8 * size, tile + part * LANES, LANES);
    }
    for (size_t b = 0; b < size; b++) {
        for (unsigned e = 0; e < 8; e++) {
            v[e] = load(tile + (e * size + b) * LANES);
        }
        transpose_bits(v);
        for (unsigned k = 0; k < 8; k++) {
            store(rows + (8 * b + k) * row_bytes, v[k]);
        }
    }
}

/* The rest of a block, fewer than 128 elements, goes through a tile of zeros. */
static inline void join_block(size_t size, size_t count, const uint8_t *in, uint8_t *out)
{
    uint8_t tile[8 * MAX_SIZE * LANES], rows[8 * MAX_SIZE * LANES], last[GROUP * MAX_SIZE];
    size_t row_bytes = count / 8, done = 0, left;

    for (; row_bytes - done >= LANES; done += LANES) {
        join_bits(size, in + done, row_bytes, tile, out + done * 8 * size);
    }
    left = row_bytes - done;
    if (left > 0) {
        memset(rows, 0, 8 * size * LANES);
        for (size_t row = 0; row < 8 * size; row++) {
            memcpy(rows + row * LANES, in + row * row_bytes + done, left);
        }
        join_bits(size, rows, LANES, tile, last);
        memcpy(out + done * 8 * size, last, left * 8 * size);
    }
}

static inline void split_block(size_t size, size_t count, const uint8_t *in, uint8_t *out)
{
    uint8_t tile[8 * MAX_SIZE * LANES], rows[8 * MAX_SIZE * LANES], last[GROUP * MAX_SIZE];
    size_t row_bytes = count / 8, done = 0, left;

    for (; row_bytes - done >= LANES; done += LANES) {
        split_bits(size, in + done * 8 * size, tile, out + done, row_bytes);
    }
    left = row_bytes - done;
    if (left > 0) {
        memset(last, 0, GROUP * size);
        memcpy(last, in + done * 8 * size, left * 8 * size);
        split_bits(size, last, tile, rows, LANES);
        for (size_t row = 0; row < 8 * size; row++) {
            memcpy(out + row * row_bytes + done, rows + row * LANES, left);
        }
    }
}

/* A copy of the kernel for each size, so that its loops have constant ends. */
bool bw__bit_join_simd(size_t size, size_t count, const uint8_t *in, uint8_t *out)
{
    switch (size) {
    case 1: join_block(1, count, in, out); return true;
    case 2: join_block(2, count, in, out); return true;
    case 4: join_block(4, count, in, out); return true;
    case 8: join_block(8, count, in, out); return true;
    case 16: join_block(16, count, in, out); return true;
    default: return false;
    }
}

bool bw__bit_split_simd(size_t size, size_t count, const uint8_t *in, uint8_t *out)
{
    switch (size) {
    case 1: split_block(1, count, in, out); return true;
    case 2: split_block(2, count, in, out); return true;
    case 4: split_block(4, count, in, out); return true;
    case 8: split_block(8, count, in, out); return true;
    case 16: split_block(16, count, in, out); return true;
    default: return false;
    }
}

#else

bool bw__bit_join_simd(size_t size, size_t count, const uint8_t *in, uint8_t *out)
{
    (void)size, (void)count, (void)in, (void)out;
    return false;
}

bool bw__bit_split_simd(size_t size, size_t count, const uint8_t *in, uint8_t *out)
{
    (void)size, (void)count, (void)in, (void)out;
    return false;
}

#endif
