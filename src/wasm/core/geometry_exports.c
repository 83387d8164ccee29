/* SPDX-License-Identifier: MIT */
/* Geometry for JavaScript: rows of numbers to structs and back; see geometry_exports.h. */
#include "geometry_exports.h"

#include "bores/geometry.h"
#include "wasm/wasm_internal.h"

/* Rows -------------------------------------------------------------------------------------- */

/* A length or an index: what is none becomes more than there ever is, for the checks to refuse. */
static uint64_t to_count(double number)
{
    return number >= 0 && number < 0x1p53 ? (uint64_t)number : UINT64_MAX;
}

static uint8_t *to_pointer(double number)
{
    return (uint8_t *)(uintptr_t)number;
}

static double from_pointer(const void *pointer)
{
    return (double)(uintptr_t)pointer;
}

static bw_view to_view(const double pointer_and_length[2])
{
    return (bw_view){to_pointer(pointer_and_length[0]), (size_t)pointer_and_length[1]};
}

static void to_shape(const double lengths[3], bw_array *array)
{
    array->rank = 3;
    for (int d = 0; d < 3; d++) {
        array->shape[d] = to_count(lengths[d]);
    }
}

/* `thickness` is the caller's, for the grid to borrow. */
static bw_grid read_grid(const double *row, bw_array *thickness)
{
    *thickness = (bw_array){.dtype = {.kind = 'f', .itemsize = (uint32_t)row[10]},
                            .data = to_pointer(row[8]),
                            .nbytes = (size_t)row[9]};
    to_shape(row, thickness);
    return (bw_grid){.thickness = thickness,
                     .dx = row[3],
                     .dy = row[4],
                     .datum_depth = row[5],
                     .dip_angle = row[6],
                     .dip_azimuth = row[7]};
}

static bw_cell_filter read_filter(const double *row)
{
    bw_cell_filter filter;

    for (int d = 0; d < 3; d++) {
        filter.lo[d] = to_count(row[d]);
        filter.hi[d] = to_count(row[3 + d]);
    }
    filter.mask = to_view(row + 6);
    return filter;
}

static bw_array read_values(const double *row)
{
    uint32_t itemsize = (uint32_t)row[3];
    size_t nbytes = (size_t)row[1];

    return (bw_array){.dtype = {.kind = (char)row[2], .itemsize = itemsize},
                      .rank = 1,
                      .shape = {itemsize == 0 ? 0 : nbytes / itemsize},
                      .data = to_pointer(row[0]),
                      .nbytes = nbytes};
}

/* Blocks ------------------------------------------------------------------------------------ */

void bw_wasm_block_free(void *block)
{
    if (block != NULL) {
        bw_arena_free(bw_wasm_ctx(), block);
        bw_release(bw_wasm_ctx(), block);
    }
}

/* Gives what was made to JavaScript, or frees it when making it failed. */
static bw_status block_end(bw_status st, bw_arena *block, double *out)
{
    if (st == BW_OK) {
        out[0] = from_pointer(block);
    } else {
        bw_wasm_block_free(block);
    }
    return st;
}

/* The same for a single array, whose pointer and bytes are next in the row. */
static bw_status array_end(bw_status st, bw_arena *block, const bw_array *array, double *out)
{
    if (st == BW_OK) {
        out[1] = from_pointer(array->data);
        out[2] = (double)array->nbytes;
    }
    return block_end(st, block, out);
}

static bw_arena *block_new(void)
{
    return bw_alloc_zeroed(bw_wasm_ctx(), sizeof(bw_arena));
}

/* Grids ------------------------------------------------------------------------------------- */

bw_status bw_wasm_grid_origin(const double *grid, double *out)
{
    bw_array thickness;
    bw_grid g = read_grid(grid, &thickness);

    return bw_grid_origin(bw_wasm_ctx(), &g, out);
}

bw_status bw_wasm_grid_depths(const double *grid, uint32_t itemsize, double *out)
{
    bw_array thickness, *depths = NULL;
    bw_grid g = read_grid(grid, &thickness);
    bw_arena *block = block_new();
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_grid_depths(bw_wasm_ctx(), block, &g, itemsize, &depths);
    return array_end(st, block, depths, out);
}

bw_status bw_wasm_grid_faces(const double *grid, const double *filter, double *out)
{
    bw_array thickness;
    bw_grid g = read_grid(grid, &thickness);
    bw_cell_filter shown = read_filter(filter);
    bw_arena *block = block_new();
    bw_faces faces;
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_grid_faces(bw_wasm_ctx(), block, &g, &shown, &faces);
    if (st == BW_OK) {
        out[1] = (double)faces.count;
        out[2] = from_pointer(faces.positions);
        out[3] = from_pointer(faces.cells);
        out[4] = from_pointer(faces.directions);
        for (int d = 0; d < 3; d++) {
            out[5 + d] = faces.origin[d];
        }
    }
    return block_end(st, block, out);
}

bw_status bw_wasm_grid_pick(const double *grid, const double *filter, const double *ray,
                            double *out)
{
    bw_array thickness;
    bw_grid g = read_grid(grid, &thickness);
    bw_cell_filter shown = read_filter(filter);
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
    bw_array array = read_values(values), *plane = NULL;
    bw_arena *block = block_new();
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    to_shape(shape, &array);
    st = bw_slice_plane(bw_wasm_ctx(), block, &array, axis, to_count(index), itemsize, &plane);
    if (st == BW_OK) {
        out[3] = (double)plane->shape[0];
        out[4] = (double)plane->shape[1];
    }
    return array_end(st, block, plane, out);
}

bw_status bw_wasm_values_to_f32(const double *values, double *out)
{
    bw_array array = read_values(values), *floats = NULL;
    bw_arena *block = block_new();
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_values_to_f32(bw_wasm_ctx(), block, &array, &floats);
    return array_end(st, block, floats, out);
}

bw_status bw_wasm_stats(const double *values, double *out)
{
    bw_array array = read_values(values);
    bw_summary s;

    BW_TRY(bw_stats(bw_wasm_ctx(), &array, to_view(values + 4), &s));
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
    bw_array array = read_values(values);
    bw_arena *block = block_new();
    bw_bins counts;
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_histogram(bw_wasm_ctx(), block, &array, to_view(values + 4), bins, lo, hi, &counts);
    if (st == BW_OK) {
        out[1] = from_pointer(counts.counts);
        out[2] = (double)counts.below;
        out[3] = (double)counts.above;
    }
    return block_end(st, block, out);
}

bw_status bw_wasm_percentiles(const double *values, const double *percent, uint32_t n, double *out)
{
    bw_array array = read_values(values);

    return bw_percentiles(bw_wasm_ctx(), &array, to_view(values + 4), percent, n, out);
}
