/* SPDX-License-Identifier: MIT */
/** Which cells are looked at, and the volumes of those. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "grid.h"
#include "numbers/numbers.h"

static double thickness_of(const bw__cells *cells, size_t cell)
{
    const uint8_t *at = cells->thickness + cell * cells->itemsize;
    double wide;
    float narrow;

    if (cells->itemsize == sizeof wide) {
        memcpy(&wide, at, sizeof wide);
    } else {
        memcpy(&narrow, at, sizeof narrow);
        wide = (double)narrow;
    }
    return wide > 0 && wide <= DBL_MAX ? wide : 0;
}

static size_t count_of(const bw__cells *cells)
{
    return cells->shape[0] * cells->shape[1] * cells->shape[2];
}

bw_status bw_grid_shown(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid, const bw_cell_filter *filter,
                        uint8_t **mask, uint64_t *active)
{
    uint64_t found = 0;
    bw__cells cells;
    uint8_t *shown;
    size_t count;

    BW_TRY(bw__cells_open(ctx, grid, filter, &cells));
    count = count_of(&cells);
    shown = bw_arena_alloc(ctx, arena, count);
    if (shown == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t n = 0; n < count; n++) {
        shown[n] = thickness_of(&cells, n) > 0;
        found += shown[n];
    }
    for (size_t i = 0, n = 0; i < cells.shape[0]; i++) {
        for (size_t j = 0; j < cells.shape[1]; j++) {
            bool inside = i >= cells.lo[0] && i < cells.hi[0] && j >= cells.lo[1] && j < cells.hi[1];

            for (size_t k = 0; k < cells.shape[2]; k++, n++) {
                shown[n] &= inside && k >= cells.lo[2] && k < cells.hi[2] &&
                            (cells.mask == NULL || cells.mask[n] != 0);
            }
        }
    }
    *mask = shown;
    *active = found;
    return BW_OK;
}

/* A number a cell as float64, in the arena; NULL where there is none. */
static bw_status to_doubles(bw_ctx *ctx, bw_arena *arena, const bw_array *values, size_t count, double **out)
{
    bw__reader read;
    size_t length;

    *out = NULL;
    if (values == NULL) {
        return BW_OK;
    }
    BW_TRY(bw__numbers_open(ctx, values, &read, &length));
    if (length != count) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%zu numbers for %zu cells", length, count);
    }
    *out = bw_arena_alloc(ctx, arena, count * sizeof **out);
    if (*out == NULL) {
        return BW_ERR_NOMEM;
    }
    read(values->data, values->dtype.itemsize, count, *out);
    return BW_OK;
}

static bw_status sum(bw_ctx *ctx, double *values, size_t count, double *out)
{
    bw_array array = {.dtype = {.kind = 'f', .itemsize = 8}, .rank = 1, .shape = {count},
                      .data = (uint8_t *)values, .nbytes = count * sizeof *values};
    bw_summary summary;

    BW_TRY(bw_stats(ctx, &array, (bw_view){NULL, 0}, &summary));
    *out = summary.count > 0 ? summary.sum : 0;
    return BW_OK;
}

bw_status bw_grid_volumes(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid, const uint8_t *mask,
                          const bw_array *porosity, const bw_array *net_to_gross, bw_cell_volumes *out)
{
    bw_cell_volumes found = {.pore = NAN};
    double *bulk, *net, *pores;
    bw__cells cells;
    size_t count;

    BW_TRY(bw__cells_open(ctx, grid, NULL, &cells));
    count = count_of(&cells);
    BW_TRY(to_doubles(ctx, arena, porosity, count, &pores));
    BW_TRY(to_doubles(ctx, arena, net_to_gross, count, &net));
    bulk = bw_arena_alloc(ctx, arena, count * sizeof *bulk);
    if (bulk == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t n = 0; n < count; n++) {
        bulk[n] = mask[n] != 0 ? cells.dx * cells.dy * thickness_of(&cells, n) : 0;
        found.count += mask[n] != 0;
        if (pores != NULL) {
            double part = pores[n] * (net == NULL ? 1 : net[n]);

            pores[n] = pores[n] > 0 && part > 0 && part <= DBL_MAX ? bulk[n] * part : 0;
        }
    }
    BW_TRY(sum(ctx, bulk, count, &found.bulk));
    if (pores != NULL) {
        BW_TRY(sum(ctx, pores, count, &found.pore));
    }
    found.pores = pores;
    *out = found;
    return BW_OK;
}
