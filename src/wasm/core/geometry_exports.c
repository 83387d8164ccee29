/* SPDX-License-Identifier: MIT */
/* Geometry for JavaScript: rows of numbers to structs and back; see geometry_exports.h. */
#include "geometry_exports.h"

#include "bores/geometry.h"
#include "wasm/wasm_internal.h"

/* Grids ------------------------------------------------------------------------------------- */

bw_status bw_wasm_grid_origin(const double *grid, double *out)
{
    bw_array thickness;
    bw_grid g = bw__row_grid(grid, &thickness);

    return bw_grid_origin(bw_wasm_ctx(), &g, out);
}

bw_status bw_wasm_grid_depths(const double *grid, uint32_t itemsize, double *out)
{
    bw_array thickness, *depths = NULL;
    bw_grid g = bw__row_grid(grid, &thickness);
    bw_arena *block = bw__block_new();
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_grid_depths(bw_wasm_ctx(), block, &g, itemsize, &depths);
    return bw__array_end(st, block, depths, out);
}

bw_status bw_wasm_grid_faces(const double *grid, const double *filter, double *out)
{
    bw_array thickness;
    bw_grid g = bw__row_grid(grid, &thickness);
    bw_cell_filter shown = bw__row_filter(filter);
    bw_arena *block = bw__block_new();
    bw_faces faces;
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_grid_faces(bw_wasm_ctx(), block, &g, &shown, &faces);
    if (st == BW_OK) {
        out[1] = (double)faces.count;
        out[2] = bw__row_address(faces.positions);
        out[3] = bw__row_address(faces.cells);
        out[4] = bw__row_address(faces.directions);
        for (int d = 0; d < 3; d++) {
            out[5 + d] = faces.origin[d];
        }
    }
    return bw__block_end(st, block, out);
}

bw_status bw_wasm_grid_pick(const double *grid, const double *filter, const double *ray,
                            double *out)
{
    bw_array thickness;
    bw_grid g = bw__row_grid(grid, &thickness);
    bw_cell_filter shown = bw__row_filter(filter);
    bw_pick pick;

    BW_TRY(bw_grid_pick(bw_wasm_ctx(), &g, &shown, ray, ray + 3, &pick));
    out[0] = pick.hit;
    out[1] = pick.cell;
    out[2] = pick.direction;
    out[3] = pick.distance;
    for (int d = 0; d < 3; d++) {
        out[4 + d] = pick.point[d];
    }
    return BW_OK;
}

/* Values ------------------------------------------------------------------------------------ */

bw_status bw_wasm_slice_plane(const double *values, const double *shape, uint32_t axis,
                              double index, uint32_t itemsize, double *out)
{
    bw_array array = bw__row_values(values), *plane = NULL;
    bw_arena *block = bw__block_new();
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    bw__row_shape(shape, &array);
    st = bw_slice_plane(bw_wasm_ctx(), block, &array, axis, bw__row_count(index), itemsize, &plane);
    if (st == BW_OK) {
        out[3] = (double)plane->shape[0];
        out[4] = (double)plane->shape[1];
    }
    return bw__array_end(st, block, plane, out);
}

bw_status bw_wasm_values_to_f32(const double *values, double *out)
{
    bw_array array = bw__row_values(values), *floats = NULL;
    bw_arena *block = bw__block_new();
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_values_to_f32(bw_wasm_ctx(), block, &array, &floats);
    return bw__array_end(st, block, floats, out);
}

bw_status bw_wasm_stats(const double *values, double *out)
{
    bw_array array = bw__row_values(values);
    bw_summary s;

    BW_TRY(bw_stats(bw_wasm_ctx(), &array, bw__row_view(values + 4), &s));
    out[0] = (double)s.count;
    out[1] = (double)s.nan_count;
    out[2] = (double)s.inf_count;
    out[3] = s.min;
    out[4] = s.max;
    out[5] = s.min_positive;
    out[6] = s.mean;
    out[7] = s.sum;
    return BW_OK;
}

bw_status bw_wasm_histogram(const double *values, uint32_t bins, double lo, double hi,
                            double *out)
{
    bw_array array = bw__row_values(values);
    bw_arena *block = bw__block_new();
    bw_bins counts;
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_histogram(bw_wasm_ctx(), block, &array, bw__row_view(values + 4), bins, lo, hi, &counts);
    if (st == BW_OK) {
        out[1] = bw__row_address(counts.counts);
        out[2] = (double)counts.below;
        out[3] = (double)counts.above;
    }
    return bw__block_end(st, block, out);
}

bw_status bw_wasm_percentiles(const double *values, const double *percent, uint32_t n, double *out)
{
    bw_array array = bw__row_values(values);

    return bw_percentiles(bw_wasm_ctx(), &array, bw__row_view(values + 4), percent, n, out);
}
