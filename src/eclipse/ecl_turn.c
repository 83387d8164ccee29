/* SPDX-License-Identifier: MIT */
/*
 * Elements of a cell array as a grid [i][j][k], out of an array or straight out of the blocks of the file.
 *
 * In file order i is fastest: the elements of a row j, k lie together. With r = j nz + k the grid is the transpose
 * of rows r by columns i. It is made by tiles: a few rows are put side by side, in native byte order and with what
 * inactive cells have, and then turned, so that each line of the cache is written whole. (Tiling as in Lam,
 * Rothberg & Wolf, ASPLOS 1991.)
 */
#include <math.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "ecl_store.h"

#define ROWS 16u    /* of a tile: 64 bytes of 4-byte elements, a line of the cache */
#define COLUMNS 64u

typedef struct turning {
    const bw__ecl_elements *from;
    const uint32_t *places; /* by g: which of the elements is the cell's, UINT32_MAX for inactive ones; NULL: g */
    bool shared;            /* places do not ascend */
    uint64_t before;        /* elements that are not of this grid come first */
    uint32_t width;
    uint8_t nothing[8];     /* what inactive cells have */
} turning;

static void copy_swapped(uint32_t width, const uint8_t *from, size_t count, uint8_t *to)
{
    if (width == 4) {
        for (size_t n = 0; n < count; n++) {
            uint32_t v;
            memcpy(&v, from + 4 * n, 4);
            v = v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
            memcpy(to + 4 * n, &v, 4);
        }
        return;
    }
    memcpy(to, from, count * width);
    bw_swap_bytes(to, count, width);
}

/* `count` elements that follow each other in the file. */
static void take_run(const turning *t, uint64_t first, size_t count, uint8_t *to)
{
    const uint64_t in_block = BW__ECL_BLOCK_ELEMENTS;

    for (first += t->before; count > 0;) {
        const uint8_t *at = t->from->bytes + first * t->width;
        size_t n = count;
        if (t->from->blocked) {
            uint64_t block = first / in_block, left = (block + 1) * in_block - first;
            at += BW__ECL_MARKER_BYTES * (2 * block + 1);
            n = left < count ? (size_t)left : count;
        }
        if (t->from->big_endian) {
            copy_swapped(t->width, at, n, to);
        } else {
            memcpy(to, at, n * t->width);
        }
        first += n;
        count -= n;
        to += n * t->width;
    }
}

/* Cells g, g + 1, … of a row. */
static void take_row(const turning *t, uint64_t g, size_t count, uint8_t *to)
{
    const uint32_t *places = t->places;

    if (places == NULL) {
        take_run(t, g, count, to);
        return;
    }
    places += g;
    for (size_t n = 0, end; n < count; n = end) {
        uint32_t first = places[n];
        end = n + 1;
        if (first == UINT32_MAX) {
            memcpy(to + n * t->width, t->nothing, t->width);
            continue;
        }
        if (!t->shared && places[count - 1] - first == count - 1 - n) { /* places ascend: all of them are active */
            end = count;
        }
        while (end < count && places[end] == first + (end - n)) {
            end++;
        }
        take_run(t, first, end - n, to + n * t->width);
    }
}

typedef struct tile {
    uint8_t bytes[ROWS][COLUMNS * 8];
    size_t rows, columns;
} tile;

static void put_4(const tile *t, uint8_t *to, size_t stride)
{
    size_t row = 0;

#if defined(__SSE2__)
    for (; row + 4 <= t->rows; row += 4) {
        size_t column = 0;
        for (; column + 4 <= t->columns; column += 4) {
            __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(t->bytes[row] + 4 * column));
            __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(t->bytes[row + 1] + 4 * column));
            __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(t->bytes[row + 2] + 4 * column));
            __m128i d = _mm_loadu_si128((const __m128i *)(const void *)(t->bytes[row + 3] + 4 * column));
            __m128i ab = _mm_unpacklo_epi32(a, b), cd = _mm_unpacklo_epi32(c, d);
            uint8_t *at = to + column * stride + 4 * row;
            _mm_storeu_si128((__m128i *)(void *)at, _mm_unpacklo_epi64(ab, cd));
            _mm_storeu_si128((__m128i *)(void *)(at + stride), _mm_unpackhi_epi64(ab, cd));
            ab = _mm_unpackhi_epi32(a, b);
            cd = _mm_unpackhi_epi32(c, d);
            _mm_storeu_si128((__m128i *)(void *)(at + 2 * stride), _mm_unpacklo_epi64(ab, cd));
            _mm_storeu_si128((__m128i *)(void *)(at + 3 * stride), _mm_unpackhi_epi64(ab, cd));
        }
        for (; column < t->columns; column++) {
            for (size_t n = row; n < row + 4; n++) {
                memcpy(to + column * stride + 4 * n, t->bytes[n] + 4 * column, 4);
            }
        }
    }
#endif
    for (size_t column = 0; column < t->columns; column++) {
        for (size_t n = row; n < t->rows; n++) {
            memcpy(to + column * stride + 4 * n, t->bytes[n] + 4 * column, 4);
        }
    }
}

static void put_8(const tile *t, uint8_t *to, size_t stride)
{
    for (size_t column = 0; column < t->columns; column++) {
        for (size_t row = 0; row < t->rows; row++) {
            memcpy(to + column * stride + 8 * row, t->bytes[row] + 8 * column, 8);
        }
    }
}

static void turn(const turning *t, const uint64_t size[3], uint8_t *grid)
{
    size_t nx = (size_t)size[0], ny = (size_t)size[1], nz = (size_t)size[2], stride = ny * nz * t->width;
    tile part;

    for (size_t i = 0; i < nx; i += COLUMNS) {
        part.columns = nx - i < COLUMNS ? nx - i : COLUMNS;
        for (size_t r = 0; r < ny * nz; r += ROWS) {
            uint8_t *to = grid + i * stride + r * t->width;
            part.rows = ny * nz - r < ROWS ? ny * nz - r : ROWS;
            for (size_t n = 0; n < part.rows; n++) {
                size_t j = (r + n) / nz, k = (r + n) % nz;
                take_row(t, i + nx * (j + ny * k), part.columns, part.bytes[n]);
            }
            if (t->width == 4) {
                put_4(&part, to, stride);
            } else {
                put_8(&part, to, stride);
            }
        }
    }
}

/* Flags, of which there are few. */
static void turn_flags(const turning *t, const uint64_t size[3], uint8_t *grid)
{
    uint64_t nx = size[0], ny = size[1], nz = size[2];

    for (uint64_t g = 0; g < nx * ny * nz; g++) {
        uint64_t place = t->places == NULL ? g : t->places[g], i = g % nx, j = g / nx % ny, k = g / nx / ny;
        grid[(i * ny + j) * nz + k] = place == UINT32_MAX ? 0 : t->from->bytes[t->before + place];
    }
}

void bw__ecl_scatter(const bw_ecl_store *store, const bw_ecl_keyword *keyword, const bw__ecl_elements *from,
                     bool fracture, bw_array *grid)
{
    bool whole = bw__ecl_is_of_all(store, keyword);
    turning t = {.from = from, .width = grid->dtype.itemsize, .shared = store->coarse};
    double nan = (double)NAN;
    float single = NAN;

    t.places = whole ? NULL : fracture ? store->fracture_places : store->places;
    t.before = !fracture ? 0 : whole ? store->size[0] * store->size[1] * store->size[2] : store->active_count;
    if (grid->dtype.kind == 'f') {
        memcpy(t.nothing, t.width == 8 ? (const void *)&nan : (const void *)&single, t.width);
    }
    if (t.width == 1) {
        turn_flags(&t, store->size, grid->data);
    } else {
        turn(&t, store->size, grid->data);
    }
}
