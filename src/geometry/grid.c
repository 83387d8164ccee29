/* SPDX-License-Identifier: MIT */
/** Grids: checks, depths of columns and of cell centres, the drawing origin. */
#include "grid.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

void bw_cell_filter_all(const bw_grid *grid, bw_cell_filter *out)
{
    memset(out, 0, sizeof *out);
    for (uint32_t d = 0; d < 3; d++) {
        out->hi[d] = grid->thickness->shape[d];
    }
}

static bool is_length(double value)
{
    return fabs(value) <= BW__MAX_LENGTH;
}

static bw_status check_scalars(bw_ctx *ctx, const bw_grid *grid)
{
    if (!(grid->dx > 0 && is_length(grid->dx) && grid->dy > 0 && is_length(grid->dy))) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "cell dimension (%g, %g) is not two positive lengths",
                       grid->dx, grid->dy);
    }
    if (!is_length(grid->datum_depth)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "datum depth %g is not a depth", grid->datum_depth);
    }
    if (!(grid->dip_angle >= 0 && grid->dip_angle < 90)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "dip angle %g is not in [0, 90) degrees",
                       grid->dip_angle);
    }
    if (!isfinite(grid->dip_azimuth)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "dip azimuth %g is not an angle", grid->dip_azimuth);
    }
    return BW_OK;
}

static bw_status check_thickness(bw_ctx *ctx, const bw_array *thickness, uint64_t *count)
{
    char shape[64];
    size_t nbytes;

    bw_shape_format(thickness->rank, thickness->shape, shape, sizeof shape);
    if (thickness->rank != 3) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "thickness of shape %s is not 3-D", shape);
    }
    if (thickness->dtype.kind != 'f' ||
        (thickness->dtype.itemsize != 4 && thickness->dtype.itemsize != 8)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "thickness is %c%u, not f4 or f8",
                       thickness->dtype.kind, (unsigned)thickness->dtype.itemsize);
    }
    BW_TRY(bw_array_size(ctx, thickness->dtype, 3, thickness->shape, count, &nbytes));
    if (*count == 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "grid of shape %s has no cells", shape);
    }
    if (*count > UINT32_MAX) {
        return bw_fail_limit(ctx, "cells of a grid", *count, UINT32_MAX);
    }
    if (nbytes != thickness->nbytes) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "thickness has %zu bytes, its shape %s needs %zu",
                       thickness->nbytes, shape, nbytes);
    }
    return BW_OK;
}

static bw_status check_filter(bw_ctx *ctx, const bw_cell_filter *filter, const uint64_t *shape,
                              uint64_t count)
{
    static const char axes[] = "ijk";

    for (uint32_t d = 0; d < 3; d++) {
        if (filter->lo[d] > filter->hi[d] || filter->hi[d] > shape[d]) {
            return bw_fail(ctx, BW_ERR_INDEX_RANGE, "%c range [%llu, %llu) is not within [0, %llu)",
                           axes[d], (unsigned long long)filter->lo[d],
                           (unsigned long long)filter->hi[d], (unsigned long long)shape[d]);
        }
    }
    if (filter->mask.ptr != NULL && filter->mask.len != count) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "mask has %zu bytes, the grid %llu cells",
                       filter->mask.len, (unsigned long long)count);
    }
    return BW_OK;
}

bw_status bw__cells_open(bw_ctx *ctx, const bw_grid *grid, const bw_cell_filter *filter,
                         bw__cells *out)
{
    double tangent, azimuth, length, width;
    bw_cell_filter all;
    uint64_t count;

    BW_TRY(check_scalars(ctx, grid));
    BW_TRY(check_thickness(ctx, grid->thickness, &count));
    bw_cell_filter_all(grid, &all);
    if (filter == NULL) {
        filter = &all;
    }
    BW_TRY(check_filter(ctx, filter, all.hi, count));
    memset(out, 0, sizeof *out);
    out->thickness = grid->thickness->data;
    out->itemsize = grid->thickness->dtype.itemsize;
    out->mask = filter->mask.ptr;
    for (uint32_t d = 0; d < 3; d++) {
        out->shape[d] = (size_t)all.hi[d];
        out->lo[d] = (size_t)filter->lo[d];
        out->hi[d] = (size_t)filter->hi[d];
    }
    out->dx = grid->dx;
    out->dy = grid->dy;
    out->datum = grid->datum_depth;
    tangent = tan(grid->dip_angle * (pi / 180));
    azimuth = grid->dip_azimuth * (pi / 180);
    out->slope_x = tangent * sin(azimuth);
    out->slope_y = tangent * cos(azimuth);
    length = (double)out->shape[0] * out->dx;
    width = (double)out->shape[1] * out->dy;
    if (!is_length(length) || !is_length(width) || !is_length(length * out->slope_x) ||
        !is_length(width * out->slope_y)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "a grid of %g by %g ft, dipping %g degrees, is larger "
                       "than %g ft", length, width, grid->dip_angle, BW__MAX_LENGTH);
    }
    return BW_OK;
}

/* Room that a cell takes, ft: 0 when it is inactive. NaN fails the first comparison. */
static inline double room(double thickness)
{
    return thickness > 0 && thickness <= DBL_MAX ? thickness : 0;
}

static inline double load_f4(const uint8_t *at)
{
    float value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline double load_f8(const uint8_t *at)
{
    double value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline double room_at(const bw__cells *cells, size_t cell)
{
    const uint8_t *at = cells->thickness + cell * cells->itemsize;

    return room(cells->itemsize == 4 ? load_f4(at) : load_f8(at));
}

bw_status bw__column_depths(bw_ctx *ctx, const bw__cells *cells, size_t i, size_t j, double *z)
{
    size_t column = (i * cells->shape[1] + j) * cells->shape[2];
    size_t first = column + cells->lo[2], layers = cells->hi[2] - cells->lo[2];
    const uint8_t *at = cells->thickness + first * cells->itemsize;
    double depth = 0;

    for (size_t cell = column; cell < first; cell++) {
        depth += room_at(cells, cell);
    }
    z[0] = depth;
    if (cells->itemsize == 4) {
        for (size_t n = 0; n < layers; n++) {
            z[n + 1] = depth += room(load_f4(at + 4 * n));
        }
    } else {
        for (size_t n = 0; n < layers; n++) {
            z[n + 1] = depth += room(load_f8(at + 8 * n));
        }
    }
    if (!is_length(depth)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "column (%zu, %zu) is %g ft thick, more than %g ft", i,
                       j, depth, BW__MAX_LENGTH);
    }
    return BW_OK;
}

static size_t find_runs(const bw__cells *cells, size_t i, size_t j, const double *z, bw__run *runs)
{
    size_t column = (i * cells->shape[1] + j) * cells->shape[2];
    const uint8_t *mask = cells->mask == NULL ? NULL : cells->mask + column + cells->lo[2];
    size_t layers = cells->hi[2] - cells->lo[2], count = 0;
    bool open = false;

    for (size_t n = 0; n < layers; n++) {
        if (!(z[n + 1] > z[n])) {
            continue; /* no room: neither starts nor ends anything */
        }
        if (mask != NULL && mask[n] == 0) {
            open = false;
            continue;
        }
        if (!open) {
            runs[count].top = z[n];
            runs[count].begin = (uint32_t)n;
            count++;
            open = true;
        }
        runs[count - 1].bottom = z[n + 1];
        runs[count - 1].end = (uint32_t)n + 1;
    }
    return count;
}

bw_status bw__column_read(bw_ctx *ctx, const bw__cells *cells, size_t i, size_t j,
                          bw__column *out)
{
    BW_TRY(bw__column_depths(ctx, cells, i, j, out->z));
    out->count = find_runs(cells, i, j, out->z, out->runs);
    return BW_OK;
}

bw_status bw__cells_origin(bw_ctx *ctx, const bw__cells *cells, double origin[3])
{
    size_t i = cells->shape[0] / 2, j = cells->shape[1] / 2;
    size_t column = (i * cells->shape[1] + j) * cells->shape[2];
    double height = 0;

    for (size_t k = 0; k < cells->shape[2]; k++) {
        height += room_at(cells, column + k);
    }
    if (!is_length(height)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "column (%zu, %zu) is %g ft thick, more than %g ft", i,
                       j, height, BW__MAX_LENGTH);
    }
    origin[0] = (double)cells->shape[0] * cells->dx / 2;
    origin[1] = (double)cells->shape[1] * cells->dy / 2;
    origin[2] = -(cells->datum + height / 2 + bw__dip_offset(cells, (double)i, (double)j));
    return BW_OK;
}

bw_status bw_grid_origin(bw_ctx *ctx, const bw_grid *grid, double origin[3])
{
    bw__cells cells;

    BW_TRY(bw__cells_open(ctx, grid, NULL, &cells));
    return bw__cells_origin(ctx, &cells, origin);
}

bw_status bw_grid_depths(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid, uint32_t itemsize,
                         bw_array **out)
{
    bw__cells cells;
    bw_dtype dtype = {.kind = 'f', .itemsize = itemsize};
    bw_array *depths;
    size_t cell = 0;

    if (itemsize != 4 && itemsize != 8) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "depths are f4 or f8, not f%u", (unsigned)itemsize);
    }
    BW_TRY(bw__cells_open(ctx, grid, NULL, &cells));
    BW_TRY(bw_array_new(ctx, arena, dtype, 3, grid->thickness->shape, &depths));
    for (size_t i = 0; i < cells.shape[0]; i++) {
        for (size_t j = 0; j < cells.shape[1]; j++) {
            double offset = bw__dip_offset(&cells, (double)i, (double)j), above = 0;

            for (size_t k = 0; k < cells.shape[2]; k++, cell++) {
                double own = room_at(&cells, cell);
                double depth = own > 0 ? cells.datum + above + own / 2 + offset : (double)NAN;
                float narrow = (float)depth;

                above += own;
                if (itemsize == 4) {
                    memcpy(depths->data + 4 * cell, &narrow, 4);
                } else {
                    memcpy(depths->data + 8 * cell, &depth, 8);
                }
            }
            if (!is_length(above)) {
                return bw_fail(ctx, BW_ERR_ARGUMENT, "column (%zu, %zu) is %g ft thick, more than "
                               "%g ft", i, j, above, BW__MAX_LENGTH);
            }
        }
    }
    *out = depths;
    return BW_OK;
}
