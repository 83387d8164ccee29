/* SPDX-License-Identifier: MIT */
/* Cells that are asked for; cells_exports.h is the contract. */
#include "cells_exports.h"

#include <string.h>

#include "bores/fence.h"
#include "wasm/wasm_internal.h"

bw_status bw_wasm_grid_shown(const double *grid, const double *filter, double *out)
{
    bw_array thickness;
    bw_grid g = bw__row_grid(grid, &thickness);
    bw_cell_filter shown = bw__row_filter(filter);
    bw_arena *block = bw__block_new();
    uint64_t active;
    uint8_t *mask;
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_grid_shown(bw_wasm_ctx(), block, &g, &shown, &mask, &active);
    if (st == BW_OK) {
        out[1] = bw__row_address(mask);
        out[2] = (double)active;
    }
    return bw__block_end(st, block, out);
}

bw_status bw_wasm_mask_narrow(const double *values, const double *condition)
{
    bw_array array = bw__row_values(values);
    bw_condition asked = {.lo = condition[0], .hi = condition[1],
                          .set = (const double *)(const void *)bw__row_pointer(condition[2]),
                          .set_len = (uint32_t)condition[3], .exclude = condition[4] != 0};

    return bw_mask_narrow(bw_wasm_ctx(), &array, &asked, bw__row_pointer(values[4]), (size_t)values[5]);
}

bw_status bw_wasm_grid_volumes(const double *grid, const uint8_t *mask, const double *porosity,
                               const double *net_to_gross, double *out)
{
    bw_array thickness, pores = bw__row_values(porosity), net = bw__row_values(net_to_gross);
    bw_grid g = bw__row_grid(grid, &thickness);
    bw_arena *block = bw__block_new();
    bw_cell_volumes volumes;
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_grid_volumes(bw_wasm_ctx(), block, &g, mask, pores.data == NULL ? NULL : &pores,
                         net.data == NULL ? NULL : &net, &volumes);
    if (st == BW_OK) {
        out[1] = bw__row_address(volumes.pores);
        out[2] = (double)volumes.count;
        out[3] = volumes.bulk;
        out[4] = volumes.pore;
    }
    return bw__block_end(st, block, out);
}

bw_status bw_wasm_distribute(const double *values, const double *weights, const double *edges,
                             uint32_t bins, double *out)
{
    bw_array array = bw__row_values(values);
    bw_arena *block = bw__block_new();
    bw_distribution d;
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_distribute(bw_wasm_ctx(), block, &array, bw__row_view(values + 4), weights, edges, bins, &d);
    if (st == BW_OK) {
        const double row[] = {bw__row_address(d.counts), bw__row_address(d.weights), (double)d.count,
                              (double)d.nan_count, (double)d.inf_count, d.min, d.max, d.weight,
                              d.mean, (double)d.below, (double)d.above};

        memcpy(out + 1, row, sizeof row);
    }
    return bw__block_end(st, block, out);
}

bw_status bw_wasm_weighted_percentiles(const double *values, const double *weights, const double *percent,
                                       uint32_t n, double *out)
{
    bw_array array = bw__row_values(values);
    bw_view mask = bw__row_view(values + 4);

    return weights == NULL ? bw_percentiles(bw_wasm_ctx(), &array, mask, percent, n, out)
                           : bw_weighted_percentiles(bw_wasm_ctx(), &array, mask, weights, percent, n, out);
}

bw_status bw_wasm_grid_fence(const double *grid, const double *points, uint32_t n, double *out)
{
    bw_array thickness;
    bw_grid g = bw__row_grid(grid, &thickness);
    bw_arena *block = bw__block_new();
    bw_fence fence;
    bw_status st;

    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw_grid_fence(bw_wasm_ctx(), block, &g, points, n, &fence);
    if (st == BW_OK) {
        out[1] = bw__row_address(fence.cells);
        out[2] = bw__row_address(fence.firsts);
        out[3] = bw__row_address(fence.stations);
        out[4] = (double)fence.count;
        out[5] = (double)fence.firsts[fence.count];
        out[6] = fence.length;
    }
    return bw__block_end(st, block, out);
}
