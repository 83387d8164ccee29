/* SPDX-License-Identifier: MIT */
/**
 * Which cells fulfil conditions, their volumes and their distribution. Expected values are NumPy's
 * (tests/data/cells/make.py).
 */
#include <string.h>

#include "failing_allocator.h"
#include "geometry_cases.h"

enum { BINS = 12, PERCENTS = 6 };

/* One number a cell, from {dtype, bytes}. */
static bw_array numbers_of(bw_ctx *ctx, bw_arena *arena, const bw_node *row)
{
    bw_array out = {.rank = 1};
    bw_view text, bytes = case_bytes(ctx, arena, row, "bytes");

    if (!bw_map_get_string(row, "dtype", &text) || !CHECK_OK(ctx, bw_dtype_parse(ctx, text, &out.dtype))) {
        exit(1);
    }
    out.data = (uint8_t *)(uintptr_t)bytes.ptr;
    out.nbytes = bytes.len;
    out.shape[0] = bytes.len / out.dtype.itemsize;
    return out;
}

static bool narrow(bw_ctx *ctx, bw_arena *arena, const bw_node *row, uint8_t *mask, size_t cells)
{
    const bw_node *conditions = bw_map_get_text(row, "conditions");
    bool held = true;

    for (uint32_t n = 0; n < conditions->children.len; n++) {
        const bw_node *one = conditions->children.items[n], *set = bw_map_get_text(one, "set");
        const bw_node *exclude = bw_map_get_text(one, "exclude");
        bw_array values = numbers_of(ctx, arena, one);
        double numbers[8];
        bw_condition asked = {.exclude = exclude != NULL && exclude->boolean};

        if (set != NULL) {
            asked.set = numbers;
            asked.set_len = set->children.len;
            case_numbers(one, "set", numbers, asked.set_len);
        } else {
            asked.lo = case_number(one, "lo");
            asked.hi = case_number(one, "hi");
        }
        held = CHECK_OK(ctx, bw_mask_narrow(ctx, &values, &asked, mask, cells)) && held;
    }
    return held;
}

static bool check_percentiles(const bw_node *row, const char *key, const double *actual)
{
    double expected[PERCENTS];
    bool held = true;

    case_numbers(row, key, expected, PERCENTS);
    for (size_t n = 0; n < PERCENTS; n++) {
        held = CHECK_NEAR(actual[n], expected[n], 4e-15 * fabs(expected[n])) && held;
    }
    return held;
}

static bool check_distribution(bw_ctx *ctx, bw_arena *arena, const bw_node *row, bw_view mask, const double *pores)
{
    bw_array values = numbers_of(ctx, arena, bw_map_get_text(row, "values"));
    uint32_t bins = bw_map_get_text(row, "counts")->children.len;
    double edges[BINS + 1], counts[BINS], weights[BINS], percent[PERCENTS], found[PERCENTS];
    bw_distribution by_cells, by_pores;
    bool held;

    case_numbers(row, "edges", edges, bins + 1);
    case_numbers(row, "counts", counts, bins);
    case_numbers(row, "weights", weights, bins);
    case_numbers(row, "percent", percent, PERCENTS);
    held = CHECK_OK(ctx, bw_distribute(ctx, arena, &values, mask, NULL, edges, bins, &by_cells)) &&
           CHECK_OK(ctx, bw_distribute(ctx, arena, &values, mask, pores, edges, bins, &by_pores));
    for (uint32_t bin = 0; held && bin < bins; bin++) {
        held = CHECK_NEAR((double)by_cells.counts[bin], counts[bin], 0) &&
               CHECK_NEAR((double)by_pores.counts[bin], counts[bin], 0) &&
               CHECK_NEAR(by_pores.weights[bin], weights[bin], 1e-13 * fabs(weights[bin]) + 1e-9);
    }
    held = held && CHECK_NEAR((double)by_cells.count, case_number(row, "finite"), 0) &&
           CHECK_NEAR((double)(by_cells.nan_count + by_cells.inf_count), case_number(row, "missing"), 0) &&
           CHECK_NEAR((double)by_cells.below, case_number(row, "below"), 0) &&
           CHECK_NEAR((double)by_cells.above, case_number(row, "above"), 0) &&
           CHECK_NEAR(by_cells.min, case_number(row, "min"), 0) &&
           CHECK_NEAR(by_cells.max, case_number(row, "max"), 0) &&
           CHECK_NEAR(by_cells.mean, case_number(row, "mean"), 1e-12 * fabs(by_cells.mean)) &&
           CHECK_NEAR(by_pores.mean, case_number(row, "meanByPores"), 1e-12 * fabs(by_pores.mean));
    return held && CHECK_OK(ctx, bw_percentiles(ctx, &values, mask, percent, PERCENTS, found)) &&
           check_percentiles(row, "percentiles", found) &&
           CHECK_OK(ctx, bw_weighted_percentiles(ctx, &values, mask, pores, percent, PERCENTS, found)) &&
           check_percentiles(row, "percentilesByPores", found);
}

static bool check_case(bw_ctx *ctx, bw_arena *arena, const bw_node *row)
{
    bw_array thickness = numbers_of(ctx, arena, bw_map_get_text(row, "thickness")), net;
    bw_array porosity = numbers_of(ctx, arena, bw_map_get_text(row, "porosity"));
    const bw_node *net_row = bw_map_get_text(row, "net");
    bw_grid grid = {.thickness = &thickness, .dx = case_number(row, "dx"), .dy = case_number(row, "dy")};
    bw_cell_filter filter = {.mask = case_bytes(ctx, arena, row, "mask")};
    bw_view expected = case_bytes(ctx, arena, row, "shown");
    size_t cells = (size_t)thickness.shape[0];
    bw_cell_volumes volumes;
    uint64_t active;
    uint8_t *mask;

    thickness.rank = case_shape(row, "shape", thickness.shape);
    case_shape(row, "lo", filter.lo);
    case_shape(row, "hi", filter.hi);
    if (net_row->type != BW_NODE_NULL) {
        net = numbers_of(ctx, arena, net_row);
    }
    if (!CHECK_OK(ctx, bw_grid_shown(ctx, arena, &grid, &filter, &mask, &active)) ||
        !narrow(ctx, arena, row, mask, cells) || !CHECK_BYTES(mask, expected.ptr, expected.len) ||
        !CHECK_OK(ctx, bw_grid_volumes(ctx, arena, &grid, mask, &porosity,
                                       net_row->type == BW_NODE_NULL ? NULL : &net, &volumes))) {
        return false;
    }
    return CHECK_NEAR((double)active, case_number(row, "active"), 0) &&
           CHECK_NEAR((double)volumes.count, case_number(row, "count"), 0) &&
           CHECK_NEAR(volumes.bulk, case_number(row, "bulk"), 1e-14 * volumes.bulk) &&
           CHECK_NEAR(volumes.pore, case_number(row, "pore"), 1e-14 * volumes.pore) &&
           check_distribution(ctx, arena, row, (bw_view){mask, cells}, volumes.pores);
}

static void test_cells_equal_numpy(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    const bw_node *rows;

    bw_ctx_init(&ctx);
    rows = cases_load_from(&ctx, &arena, "cells/cases.json", "cells");
    for (uint32_t r = 0; r < rows->children.len; r++) {
        case_result(rows->children.items[r], check_case(&ctx, &arena, rows->children.items[r]));
    }
    bw_arena_free(&ctx, &arena);
}

static bw_array floats(double *values, uint64_t n)
{
    return (bw_array){.dtype = {.kind = 'f', .itemsize = 8}, .rank = 1, .shape = {n},
                      .data = (uint8_t *)values, .nbytes = (size_t)n * 8};
}

static void test_bad_questions_are_refused(void)
{
    double numbers[8] = {1, 2, 3, 4, 5, 6, 7, 8}, set[2] = {2, 2}, edges[3] = {0, 2, 2}, percent = -1, out;
    bw_array values = floats(numbers, 8), thickness = floats(numbers, 8), short_one = floats(numbers, 7);
    bw_grid grid = {.thickness = &thickness, .dx = 1, .dy = 1};
    uint8_t mask[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    bw_view all = {NULL, 0};
    bw_cell_volumes volumes;
    bw_arena arena = {0};
    bw_distribution d;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    memcpy(thickness.shape, (uint64_t[3]){2, 2, 2}, 3 * sizeof(uint64_t));
    thickness.rank = 3;
    CHECK_STATUS(&ctx, bw_mask_narrow(&ctx, &values, &(bw_condition){.lo = 2, .hi = 1}, mask, 8), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "[2, 1]");
    CHECK_STATUS(&ctx, bw_mask_narrow(&ctx, &values, &(bw_condition){.lo = (double)NAN, .hi = 1}, mask, 8),
                 BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_mask_narrow(&ctx, &values, &(bw_condition){.set = set, .set_len = 2}, mask, 8),
                 BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_mask_narrow(&ctx, &values, &(bw_condition){.lo = 1, .hi = 2}, mask, 7), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "7 bytes for 8");
    CHECK_UINT(mask[7], 1);
    CHECK_STATUS(&ctx, bw_distribute(&ctx, &arena, &values, all, NULL, edges, 2, &d), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_distribute(&ctx, &arena, &values, all, NULL, edges, 0, &d), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_weighted_percentiles(&ctx, &values, all, numbers, &percent, 1, &out), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_grid_volumes(&ctx, &arena, &grid, mask, &short_one, NULL, &volumes), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "7 numbers for 8 cells");
    bw_arena_free(&ctx, &arena);
}

static void test_out_of_memory(void)
{
    double numbers[8] = {1, 2, 3, 4, 5, 6, 7, 8}, edges[3] = {0, 4, 9}, percent[2] = {10, 90}, results[2];
    bw_array values = floats(numbers, 8), thickness = floats(numbers, 8);
    bw_grid grid = {.thickness = &thickness, .dx = 1, .dy = 1};
    bw_cell_volumes volumes;
    bw_status st = BW_OK;
    bw_distribution d;
    uint64_t active;
    uint8_t *mask, all[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    bw_ctx ctx;

    memcpy(thickness.shape, (uint64_t[3]){2, 2, 2}, 3 * sizeof(uint64_t));
    thickness.rank = 3;
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_cell_filter filter;

        bw_cell_filter_all(&grid, &filter);
        st = bw_grid_shown(&ctx, &arena, &grid, &filter, &mask, &active);
        bw_arena_free(&ctx, &arena);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};

        st = bw_grid_volumes(&ctx, &arena, &grid, all, &values, &values, &volumes);
        bw_arena_free(&ctx, &arena);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};

        st = bw_distribute(&ctx, &arena, &values, (bw_view){NULL, 0}, numbers, edges, 2, &d);
        bw_arena_free(&ctx, &arena);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        st = bw_weighted_percentiles(&ctx, &values, (bw_view){NULL, 0}, numbers, percent, 2, results);
    }
}

int main(void)
{
    RUN(test_cells_equal_numpy);
    RUN(test_bad_questions_are_refused);
    RUN(test_out_of_memory);
    return check_summary();
}
