/* SPDX-License-Identifier: MIT */
/* Corners, volumes and centres of corner-point cells. */
#include "bores/corner_grid.h"

#include <inttypes.h>
#include <math.h>

#include "corner_internal.h"

static bw_status check_floats(bw_ctx *ctx, const char *name, const bw_array *array, uint64_t count)
{
    uint64_t itemsize = array->dtype.itemsize;

    if (array->dtype.kind != 'f' || (itemsize != 4 && itemsize != 8)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%s: elements of %c%" PRIu64 " are no floats", name,
                       array->dtype.kind, itemsize);
    }
    if (array->nbytes / itemsize != count) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%s: %" PRIu64 " values where the grid needs %" PRIu64,
                       name, array->nbytes / itemsize, count);
    }
    return BW_OK;
}

bw_status bw__corner_check(bw_ctx *ctx, const bw_corner_grid *grid)
{
    const uint64_t most = UINT32_MAX;
    uint64_t cells;

    if (grid->nx == 0 || grid->ny == 0 || grid->nz == 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "a grid of %" PRIu64 " x %" PRIu64 " x %" PRIu64
                       " cells has no cell", grid->nx, grid->ny, grid->nz);
    }
    if (grid->nx > most || grid->ny > most / grid->nx || grid->nz > most / (grid->nx * grid->ny)) {
        return bw_fail(ctx, BW_ERR_LIMIT, "a grid of %" PRIu64 " x %" PRIu64 " x %" PRIu64
                       " cells, at most %" PRIu64 " can be numbered", grid->nx, grid->ny, grid->nz,
                       most);
    }
    cells = grid->nx * grid->ny * grid->nz;
    BW_TRY(check_floats(ctx, "COORD", grid->coord, 6 * (grid->nx + 1) * (grid->ny + 1)));
    BW_TRY(check_floats(ctx, "ZCORN", grid->zcorn, 8 * cells));
    if (grid->active.ptr != NULL && grid->active.len != cells) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "ACTNUM: %zu values where the grid needs %" PRIu64,
                       grid->active.len, cells);
    }
    return BW_OK;
}

static double coord_at(const bw_corner_grid *grid, uint64_t n)
{
    return grid->coord->dtype.itemsize == 8 ? ((const double *)(const void *)grid->coord->data)[n]
                                            : ((const float *)(const void *)grid->coord->data)[n];
}

void bw__pillar_point(const bw_corner_grid *grid, uint64_t p, uint64_t q, double z, double out[3])
{
    uint64_t n = 6 * (p + (grid->nx + 1) * q);
    double zt = coord_at(grid, n + 2), zb = coord_at(grid, n + 5);
    /* A pillar whose ends have one depth says nothing of its slope: it stands upright. */
    double f = zb != zt ? (z - zt) / (zb - zt) : 0;

    for (unsigned axis = 0; axis < 2; axis++) {
        double top = coord_at(grid, n + axis);
        out[axis] = top + f * (coord_at(grid, n + 3 + axis) - top);
    }
    out[2] = z;
}

void bw_corner_cell(const bw_corner_grid *grid, uint64_t i, uint64_t j, uint64_t k,
                    double corners[8][3])
{
    for (unsigned n = 0; n < 8; n++) {
        unsigned a = n & 1, b = n >> 1 & 1, c = n >> 2;
        bw__pillar_point(grid, i + a, j + b, bw__corner_z(grid, i, j, k, a, b, c), corners[n]);
    }
}

/* The derivative of the trilinear map along `axis` at (u, v, w). */
static void derivative(const double x[8][3], unsigned axis, const double at[3], double out[3])
{
    unsigned step = 1u << axis;

    out[0] = out[1] = out[2] = 0;
    for (unsigned n = 0; n < 8; n++) {
        double weight = 1;
        if (n & step) {
            continue;
        }
        for (unsigned other = 0; other < 3; other++) {
            if (other != axis) {
                weight *= n >> other & 1 ? at[other] : 1 - at[other];
            }
        }
        for (unsigned d = 0; d < 3; d++) {
            out[d] += weight * (x[n + step][d] - x[n][d]);
        }
    }
}

double bw_corner_volume(const double corners[8][3])
{
    static const double gauss[2] = {0.21132486540518711775, 0.78867513459481288225};
    double sum = 0;

    for (unsigned n = 0; n < 8; n++) {
        double at[3] = {gauss[n & 1], gauss[n >> 1 & 1], gauss[n >> 2]}, u[3], v[3], w[3];
        derivative(corners, 0, at, u);
        derivative(corners, 1, at, v);
        derivative(corners, 2, at, w);
        sum += u[0] * (v[1] * w[2] - v[2] * w[1]) + u[1] * (v[2] * w[0] - v[0] * w[2]) +
               u[2] * (v[0] * w[1] - v[1] * w[0]);
    }
    return fabs(sum / 8);
}

bw_status bw_corner_grid_cells(bw_ctx *ctx, bw_arena *arena, const bw_corner_grid *grid,
                               bw_corner_cells *out)
{
    uint64_t shape[4] = {grid->nx, grid->ny, grid->nz, 3}, n = 0;
    bw_corner_cells cells;
    bw_dtype f8;
    double *volume, *centre;

    BW_TRY(bw__corner_check(ctx, grid));
    BW_TRY(bw_dtype_parse(ctx, BW_VIEW("<f8"), &f8));
    BW_TRY(bw_array_new(ctx, arena, f8, 3, shape, &cells.volumes));
    BW_TRY(bw_array_new(ctx, arena, f8, 4, shape, &cells.centres));
    volume = (double *)(void *)cells.volumes->data;
    centre = (double *)(void *)cells.centres->data;
    for (uint64_t i = 0; i < grid->nx; i++) {
        for (uint64_t j = 0; j < grid->ny; j++) {
            for (uint64_t k = 0; k < grid->nz; k++, n++) {
                double corners[8][3];
                bw_corner_cell(grid, i, j, k, corners);
                volume[n] = bw_corner_volume((const double(*)[3])corners);
                for (unsigned d = 0; d < 3; d++) {
                    double sum = 0;
                    for (unsigned corner = 0; corner < 8; corner++) {
                        sum += corners[corner][d];
                    }
                    centre[3 * n + d] = sum / 8;
                }
            }
        }
    }
    *out = cells;
    return BW_OK;
}
