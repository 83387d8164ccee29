/* SPDX-License-Identifier: MIT */
/**
 * Elements of cell arrays as grids: each cell has what the format says it has, element by element, for shapes around
 * the size of a tile, whatever the elements' width, byte order and blocks, and whichever cells are active.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "eclipse/ecl_store.h"

#define BLOCK 1000u
#define MARKER 4u

typedef struct sample {
    uint64_t size[3];
    bool (*is_active)(uint64_t g); /* NULL: all, and there are no places */
    bool shared;                   /* every second active cell has the value of the one before it */
} sample;

static bool all(uint64_t g) { return g != UINT64_MAX; }
static bool few(uint64_t g) { return g % 7 == 3; }
static bool runs(uint64_t g) { return g % 131 > 40; }
static bool none(uint64_t g) { return g == UINT64_MAX; }

/* The value of element n: no two have the same, and no byte of it stands for itself. */
static double value_of(uint64_t n) { return (double)n * 3 + 0.5; }

static void put_element(uint8_t *at, uint32_t width, bool big_endian, double value)
{
    float single = (float)value;
    uint8_t native[8];

    memcpy(native, width == 4 ? (const void *)&single : (const void *)&value, width);
    for (uint32_t n = 0; n < width; n++) { /* tests run on little-endian machines */
        at[n] = native[big_endian ? width - 1 - n : n];
    }
}

/* As they stand in the file: OPM Flow Reference Manual, appendix F. Freed by the caller. */
static uint8_t *write_elements(uint64_t count, uint32_t width, bool blocked, bool big_endian)
{
    uint8_t *bytes = malloc((size_t)(count * width + 2 * MARKER * (count / BLOCK + 1)));

    for (uint64_t n = 0, at = 0; bytes != NULL && n < count; n++, at += width) {
        if (blocked && n % BLOCK == 0) {
            memset(bytes + at, 0xee, MARKER * (n == 0 ? 1 : 2));
            at += MARKER * (n == 0 ? 1 : 2);
        }
        put_element(bytes + at, width, big_endian, value_of(n));
    }
    return bytes;
}

/* Places by g, as many values as there are; NULL where the sample has none. */
static uint32_t *places_of(const sample *s, uint64_t cells, uint64_t *values)
{
    uint32_t *places = s->is_active == NULL ? NULL : malloc((size_t)cells * sizeof *places), active = 0;

    for (uint64_t g = 0; places != NULL && g < cells; g++) {
        places[g] = s->is_active(g) ? active++ / (s->shared ? 2 : 1) : UINT32_MAX;
    }
    *values = places == NULL ? cells : s->shared ? (active + 1) / 2 : active;
    return places;
}

static void check_grid(const sample *s, const uint32_t *places, const bw_array *grid)
{
    uint64_t nx = s->size[0], ny = s->size[1], nz = s->size[2], wrong = 0;

    for (uint64_t g = 0; g < nx * ny * nz; g++) {
        uint64_t i = g % nx, j = g / nx % ny, k = g / nx / ny, at = (i * ny + j) * nz + k;
        double found = bw__ecl_element(grid, at);
        if (places != NULL && places[g] == UINT32_MAX) {
            wrong += !isnan(found);
        } else {
            wrong += found != value_of(places == NULL ? g : places[g]);
        }
    }
    CHECK_UINT(wrong, 0);
}

static void try(const sample *s, uint32_t width, bool blocked, bool big_endian)
{
    uint64_t cells = s->size[0] * s->size[1] * s->size[2], values;
    uint32_t *places = places_of(s, cells, &values);
    uint8_t *bytes = write_elements(values, width, blocked, big_endian), *data = malloc((size_t)cells * width);
    bw_ecl_store store = {.size = {s->size[0], s->size[1], s->size[2]}, .active_count = values, .places = places,
                          .coarse = s->shared};
    bw_ecl_keyword keyword = {.name = "PRESSURE", .type = width == 4 ? BW_ECL_REAL : BW_ECL_DOUB, .width = width,
                              .count = values};
    bw_array grid = {.dtype = {.kind = 'f', .itemsize = width}, .rank = 3, .data = data,
                     .nbytes = (size_t)cells * width};

    if (CHECK(bytes != NULL && data != NULL)) {
        bw__ecl_scatter(&store, &keyword, &(bw__ecl_elements){bytes, blocked, big_endian}, false, &grid);
        check_grid(s, places, &grid);
    }
    free(places);
    free(bytes);
    free(data);
}

static void test_every_cell_has_its_element(void)
{
    static const sample samples[] = {
        {{1, 1, 1}, NULL, false},    {{100, 10, 5}, NULL, false}, {{129, 3, 43}, NULL, false},
        {{7, 129, 1}, NULL, false},  {{128, 4, 32}, all, false},  {{131, 2, 65}, runs, false},
        {{130, 5, 27}, few, false},  {{5, 4, 3}, none, false},    {{66, 9, 31}, runs, true},
        {{1003, 1, 3}, all, false},  {{3, 1, 1009}, few, false},
    };

    for (size_t n = 0; n < sizeof samples / sizeof samples[0]; n++) {
        for (unsigned how = 0; how < 8; how++) {
            try(&samples[n], (how & 1) != 0 ? 8 : 4, (how & 2) != 0, (how & 4) != 0);
        }
    }
}

int main(void)
{
    RUN(test_every_cell_has_its_element);
    return check_summary();
}
