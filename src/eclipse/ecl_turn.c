/* SPDX-License-Identifier: MIT */
/*
 * Elements of a cell array as a grid [i][j][k], out of an array or straight out of the blocks of the file.
 *
 * In file order i is fastest: the elements of a row j, k lie together. With r = j nz + k the grid is the transpose
 * of rows r by columns i. It is made by tiles (Lam, Rothberg & Wolf, ASPLOS 1991), whose rows are turned where they
 * lie in the file; only a row in which a block ends or a cell is inactive is put together before. Bytes change
 * their order on the way, in registers.
 */
#include <math.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

#include "ecl_store.h"

#define ROWS 128u    /* of a tile, which are written side by side: whole lines of the cache */
#define COLUMNS 128u /* of 4 bytes; half as many of 8 */

typedef struct turning {
    const bw__ecl_elements *from;
    const uint32_t *places; /* by g: which of the elements is the cell's, UINT32_MAX for inactive ones; NULL: g */
    bool shared;            /* places do not ascend */
    uint64_t before;        /* elements that are not of this grid come first */
    uint32_t width;
    uint8_t nothing[8];     /* what inactive cells have */
} turning;

static inline const uint8_t *element_at(const turning *t, size_t n)
{
    const uint8_t *at = t->from->bytes + n * t->width;

    return t->from->blocked ? at + BW__ECL_MARKER_BYTES * (2 * (n / BW__ECL_BLOCK_ELEMENTS) + 1) : at;
}

/* Whether elements that follow each other do so in the file, too: no block ends among them. */
static bool lie_together(const turning *t, size_t first, size_t count)
{
    return !t->from->blocked ||
           first / BW__ECL_BLOCK_ELEMENTS == (first + count - 1) / BW__ECL_BLOCK_ELEMENTS;
}

/* Places ascend, so the ends of a row tell whether all of it is active. */
static bool is_run(const turning *t, const uint32_t *places, size_t count)
{
    return places[0] != UINT32_MAX && !t->shared && places[count - 1] - places[0] == count - 1;
}

/* Cells g, g + 1, … of a row, as bytes of the file: where they lie together, or put together in `room`. */
static const uint8_t *row_of(const turning *t, size_t g, size_t count, uint8_t *room)
{
    const uint32_t *places = t->places == NULL ? NULL : t->places + g;
    size_t before = (size_t)t->before, first = before + (places == NULL ? g : places[0]);

    if ((places == NULL || is_run(t, places, count)) && lie_together(t, first, count)) {
        return element_at(t, first);
    }
    for (size_t n = 0; n < count; n++) {
        const uint8_t *from = places == NULL             ? element_at(t, first + n)
                              : places[n] == UINT32_MAX ? t->nothing
                                                         : element_at(t, before + places[n]);
        if (t->width == 4) {
            memcpy(room + 4 * n, from, 4);
        } else {
            memcpy(room + 8 * n, from, 8);
        }
    }
    return room;
}

typedef struct tile {
    const uint8_t *row[ROWS];
    uint8_t room[ROWS][COLUMNS * 4];
    size_t rows, columns;
} tile;

#if defined(__SSE2__)
static inline __m128i swap_4(__m128i v)
{
#if defined(__wasm_simd128__)
    return (__m128i)wasm_i8x16_shuffle((v128_t)v, (v128_t)v, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
#else
    v = _mm_or_si128(_mm_slli_epi16(v, 8), _mm_srli_epi16(v, 8));
    return _mm_shufflehi_epi16(_mm_shufflelo_epi16(v, 0xb1), 0xb1);
#endif
}

/* Four elements of each of four rows. */
static inline void put_16(const tile *t, size_t row, size_t column, bool swap, uint8_t *at, size_t stride)
{
    __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(t->row[row] + 4 * column));
    __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(t->row[row + 1] + 4 * column));
    __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(t->row[row + 2] + 4 * column));
    __m128i d = _mm_loadu_si128((const __m128i *)(const void *)(t->row[row + 3] + 4 * column));
    __m128i ab = _mm_unpacklo_epi32(a, b), cd = _mm_unpacklo_epi32(c, d);
    __m128i ab_high = _mm_unpackhi_epi32(a, b), cd_high = _mm_unpackhi_epi32(c, d);
    __m128i turned[4] = {_mm_unpacklo_epi64(ab, cd), _mm_unpackhi_epi64(ab, cd),
                         _mm_unpacklo_epi64(ab_high, cd_high), _mm_unpackhi_epi64(ab_high, cd_high)};

    for (int n = 0; n < 4; n++) {
        _mm_storeu_si128((__m128i *)(void *)(at + (size_t)n * stride), swap ? swap_4(turned[n]) : turned[n]);
    }
}
#endif

static inline void put_4(const tile *t, bool swap, uint8_t *to, size_t stride)
{
    size_t rows = 0, columns = 0;

#if defined(__SSE2__)
    rows = t->rows & ~(size_t)3;
    columns = t->columns & ~(size_t)3;
    for (size_t column = 0; column < columns; column += 4) {
        for (size_t row = 0; row < rows; row += 4) {
            put_16(t, row, column, swap, to + column * stride + 4 * row, stride);
        }
    }
#endif
    for (size_t column = 0; column < t->columns; column++) {
        for (size_t row = column < columns ? rows : 0; row < t->rows; row++) {
            uint32_t v;
            memcpy(&v, t->row[row] + 4 * column, 4);
            v = swap ? __builtin_bswap32(v) : v;
            memcpy(to + column * stride + 4 * row, &v, 4);
        }
    }
}

static void put_8(const tile *t, bool swap, uint8_t *to, size_t stride)
{
    for (size_t column = 0; column < t->columns; column++) {
        for (size_t row = 0; row < t->rows; row++) {
            uint64_t v;
            memcpy(&v, t->row[row] + 8 * column, 8);
            v = swap ? __builtin_bswap64(v) : v;
            memcpy(to + column * stride + 8 * row, &v, 8);
        }
    }
}

/* Rows r, r + 1, … at column i: where they are. */
static void find_rows(const turning *t, const uint64_t size[3], size_t i, size_t r, tile *part)
{
    size_t nx = (size_t)size[0], ny = (size_t)size[1], nz = (size_t)size[2], j = r / nz, k = r % nz;

    for (size_t n = 0; n < part->rows; n++) {
        part->row[n] = row_of(t, i + nx * (j + ny * k), part->columns, part->room[n]);
        k = k + 1 < nz ? k + 1 : 0;
        j += k == 0;
    }
}

static void turn(const turning *t, const uint64_t size[3], uint8_t *grid)
{
    size_t nx = (size_t)size[0], rows = (size_t)(size[1] * size[2]), stride = rows * t->width;
    size_t columns = COLUMNS * 4 / t->width;
    bool swap = t->from->big_endian;
    tile part;

    for (size_t i = 0; i < nx; i += columns) {
        part.columns = nx - i < columns ? nx - i : columns;
        for (size_t r = 0; r < rows; r += ROWS) {
            uint8_t *to = grid + i * stride + r * t->width;
            part.rows = rows - r < ROWS ? rows - r : ROWS;
            find_rows(t, size, i, r, &part);
            if (t->width == 8) {
                put_8(&part, swap, to, stride);
            } else if (swap) { /* known where it is compiled, so that no loop asks */
                put_4(&part, true, to, stride);
            } else {
                put_4(&part, false, to, stride);
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
    if (t.from->big_endian) { /* as if it stood in the file */
        bw_swap_bytes(t.nothing, 1, t.width);
    }
    if (t.width == 1) {
        turn_flags(&t, store->size, grid->data);
    } else {
        turn(&t, store->size, grid->data);
    }
}
