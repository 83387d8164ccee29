/* SPDX-License-Identifier: MIT */
/**
 * Planes, float32 values, statistics, histograms and percentiles of every number type. Expected
 * values are NumPy's (tests/data/geometry/make.py).
 */
#include <string.h>

#include "failing_allocator.h"
#include "geometry_cases.h"

static bw_array array_from_case(bw_ctx *ctx, bw_arena *arena, const bw_node *row)
{
    bw_dtype dtype = {0};
    bw_view text;

    if (!bw_map_get_string(row, "dtype", &text) ||
        !CHECK_OK(ctx, bw_dtype_parse(ctx, text, &dtype))) {
        exit(1);
    }
    return case_array(ctx, arena, row, "bytes", dtype);
}

/* Equal up to a relative error of a few roundings. */
static bool check_close(double actual, double expected)
{
    return CHECK_NEAR(actual, expected, 4e-15 * fabs(expected));
}

static bool check_stats(bw_ctx *ctx, const bw_node *row, const bw_array *values, bw_view mask)
{
    bw_summary s;

    return CHECK_OK(ctx, bw_stats(ctx, values, mask, &s)) &&
           CHECK_NEAR((double)s.count, case_number(row, "count"), 0) &&
           CHECK_NEAR((double)s.nan_count, case_number(row, "nan"), 0) &&
           CHECK_NEAR((double)s.inf_count, case_number(row, "inf"), 0) &&
           CHECK_NEAR(s.min, case_number(row, "min"), 0) &&
           CHECK_NEAR(s.max, case_number(row, "max"), 0) &&
           CHECK_NEAR(s.min_positive, case_number(row, "minPositive"), 0) &&
           CHECK_NEAR(s.sum, case_number(row, "sum"), 1e-14 * (fabs(s.min) + fabs(s.max)) * 60) &&
           CHECK_NEAR(s.mean, case_number(row, "mean"), 1e-14 * (fabs(s.min) + fabs(s.max)));
}

static bool check_histogram(bw_ctx *ctx, bw_arena *arena, const bw_node *row,
                            const bw_array *values, bw_view mask)
{
    uint32_t count = bw_map_get_text(row, "bins")->children.len;
    double expected[100];
    bool held = true;
    bw_bins bins;

    case_numbers(row, "bins", expected, count);
    if (!CHECK_OK(ctx, bw_histogram(ctx, arena, values, mask, count, case_number(row, "lo"),
                                    case_number(row, "hi"), &bins))) {
        return false;
    }
    for (size_t bin = 0; bin < count; bin++) {
        held = CHECK_NEAR((double)bins.counts[bin], expected[bin], 0) && held;
    }
    return CHECK_NEAR((double)bins.below, case_number(row, "below"), 0) &&
           CHECK_NEAR((double)bins.above, case_number(row, "above"), 0) && held;
}

static bool check_percentiles(bw_ctx *ctx, const bw_node *row, const bw_array *values, bw_view mask)
{
    uint32_t n = bw_map_get_text(row, "percent")->children.len;
    double percent[8], expected[8], actual[8];
    bool held;

    case_numbers(row, "percent", percent, n);
    case_numbers(row, "percentiles", expected, n);
    held = CHECK_OK(ctx, bw_percentiles(ctx, values, mask, percent, n, actual));
    for (uint32_t m = 0; held && m < n; m++) {
        held = check_close(actual[m], expected[m]);
    }
    return held;
}

/* NaN payloads are nobody's concern, so not by the byte. */
static bool check_floats(const bw_array *actual, bw_view expected)
{
    bool held = CHECK_UINT(actual->nbytes, expected.len);

    for (size_t at = 0; held && at < expected.len; at += 4) {
        float a, b;

        memcpy(&a, actual->data + at, 4);
        memcpy(&b, expected.ptr + at, 4);
        held = CHECK_NEAR((double)a, (double)b, 0);
    }
    return held;
}

static bool check_planes(bw_ctx *ctx, bw_arena *arena, const bw_node *row, const bw_array *values)
{
    const bw_node *planes = bw_map_get_text(row, "planes");
    bool held = true;

    for (uint32_t p = 0; p < planes->children.len; p++) {
        const bw_node *plane = planes->children.items[p];
        bw_view expected = case_bytes(ctx, arena, plane, "values");
        bw_array *out;

        if (!CHECK_OK(ctx, bw_slice_plane(ctx, arena, values, p,
                                          (uint64_t)case_number(plane, "index"), 8, &out)) ||
            !CHECK_UINT(out->nbytes, expected.len)) {
            return false;
        }
        for (size_t at = 0; at < expected.len; at += 8) {
            double a, b;

            memcpy(&a, out->data + at, 8);
            memcpy(&b, expected.ptr + at, 8);
            held = CHECK(a == b || (isnan(a) && isnan(b))) && held;
        }
    }
    return held;
}

static void test_values_equal_numpy(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    const bw_node *rows;

    bw_ctx_init(&ctx);
    rows = cases_load(&ctx, &arena, "values");
    for (uint32_t r = 0; r < rows->children.len; r++) {
        const bw_node *row = rows->children.items[r];
        bw_array values = array_from_case(&ctx, &arena, row), *floats;
        bw_view mask = case_bytes(&ctx, &arena, row, "mask");

        case_result(row, CHECK_OK(&ctx, bw_values_to_f32(&ctx, &arena, &values, &floats)) &&
                             check_floats(floats, case_bytes(&ctx, &arena, row, "f32")) &&
                             check_stats(&ctx, row, &values, mask) &&
                             check_histogram(&ctx, &arena, row, &values, mask) &&
                             check_percentiles(&ctx, row, &values, mask) &&
                             check_planes(&ctx, &arena, row, &values));
    }
    bw_arena_free(&ctx, &arena);
}

static bw_array array_of(double *values, uint64_t n)
{
    return (bw_array){.dtype = {.kind = 'f', .itemsize = 8}, .rank = 1, .shape = {n},
                      .data = (uint8_t *)values, .nbytes = (size_t)n * 8};
}

/* By hand: [i][j][k] is 100 i + 10 j + k. Of the axes that remain, a picture has the later one down. */
static void test_plane_orientation(void)
{
    static const float across_i[4][3] = {{100, 110, 120}, {101, 111, 121}, {102, 112, 122},
                                         {103, 113, 123}};
    static const float across_j[4][2] = {{20, 120}, {21, 121}, {22, 122}, {23, 123}};
    static const float across_k[3][2] = {{3, 103}, {13, 113}, {23, 123}};
    static const struct {
        uint64_t index, rows, columns;
        const void *expected;
    } planes[3] = {{1, 4, 3, across_i}, {2, 4, 2, across_j}, {3, 3, 2, across_k}};
    bw_array values = {.dtype = {.kind = 'i', .itemsize = 2}, .rank = 3, .shape = {2, 3, 4},
                       .nbytes = 48};
    bw_arena arena = {0};
    int16_t numbers[24];
    bw_array *plane;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (int n = 0; n < 24; n++) {
        numbers[n] = (int16_t)(100 * (n / 12) + 10 * (n / 4 % 3) + n % 4);
    }
    values.data = (uint8_t *)numbers;
    for (uint32_t axis = 0; axis < 3; axis++) {
        CHECK_OK(&ctx, bw_slice_plane(&ctx, &arena, &values, axis, planes[axis].index, 4, &plane));
        CHECK_UINT(plane->shape[0], planes[axis].rows);
        CHECK_UINT(plane->shape[1], planes[axis].columns);
        CHECK_BYTES(plane->data, planes[axis].expected, plane->nbytes);
    }
    CHECK_STATUS(&ctx, bw_slice_plane(&ctx, &arena, &values, 2, 4, 4, &plane), BW_ERR_INDEX_RANGE);
    CHECK_CONTAINS(ctx.error.message, "plane 4 of axis 2, which has 4");
    CHECK_STATUS(&ctx, bw_slice_plane(&ctx, &arena, &values, 3, 0, 4, &plane), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_slice_plane(&ctx, &arena, &values, 0, 0, 2, &plane), BW_ERR_ARGUMENT);
    values.rank = 2;
    values.nbytes = 12;
    CHECK_STATUS(&ctx, bw_slice_plane(&ctx, &arena, &values, 0, 0, 4, &plane), BW_ERR_ARGUMENT);
    bw_arena_free(&ctx, &arena);
}

/* The sum of 10^6 tenths is 10^5; adding them one by one in float64 misses it by 1.3e-6. */
static void test_sum_keeps_its_precision(void)
{
    enum { N = 1000000 };
    double *tenths = malloc(N * sizeof *tenths);
    double percent[2] = {0, 50}, percentiles[2];
    bw_array values;
    bw_summary s;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (!CHECK(tenths != NULL)) {
        return;
    }
    for (size_t n = 0; n < N; n++) {
        tenths[n] = 0.1;
    }
    values = array_of(tenths, N);
    CHECK_OK(&ctx, bw_stats(&ctx, &values, (bw_view){NULL, 0}, &s));
    CHECK_NEAR(s.sum, 1e5, 1e-9);
    CHECK_UINT(s.count, N);
    CHECK_OK(&ctx, bw_percentiles(&ctx, &values, (bw_view){NULL, 0}, percent, 2, percentiles));
    CHECK_NEAR(percentiles[1], 0.1, 0);
    free(tenths);
}

static void test_bad_arguments_are_refused(void)
{
    double numbers[3] = {1, 2, 3}, percentile = 100.5, result;
    uint8_t mask[2] = {1, 1};
    bw_view all = {NULL, 0};
    bw_array values = array_of(numbers, 3), *floats;
    bw_arena arena = {0};
    bw_summary s;
    bw_bins bins;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_STATUS(&ctx, bw_stats(&ctx, &values, (bw_view){mask, 2}, &s), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "2 bytes for 3 elements");
    CHECK_STATUS(&ctx, bw_percentiles(&ctx, &values, all, &percentile, 1, &result),
                 BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_histogram(&ctx, &arena, &values, all, 0, 0, 1, &bins), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_histogram(&ctx, &arena, &values, all, 9, 1, 1, &bins), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_histogram(&ctx, &arena, &values, all, 9, 0, (double)NAN, &bins),
                 BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_histogram(&ctx, &arena, &values, all, 9, -1e308, 1e308, &bins),
                 BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_histogram(&ctx, &arena, &values, all, UINT32_MAX, 0, 1, &bins),
                 BW_ERR_LIMIT);
    values.dtype.kind = 'c';
    CHECK_STATUS(&ctx, bw_stats(&ctx, &values, all, &s), BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(ctx.error.message, "c8");
    values.dtype.kind = 'f';
    values.nbytes = 23;
    CHECK_STATUS(&ctx, bw_values_to_f32(&ctx, &arena, &values, &floats), BW_ERR_ARGUMENT);
    bw_arena_free(&ctx, &arena);
}

static void test_out_of_memory(void)
{
    double numbers[8] = {1, 2, 3, 4, 5, 6, 7, 8}, percent[2] = {10, 90}, results[2];
    bw_array values = array_of(numbers, 8);
    bw_array cube = {.dtype = {.kind = 'f', .itemsize = 8}, .rank = 3, .shape = {2, 2, 2},
                     .data = (uint8_t *)numbers, .nbytes = 64};
    bw_view all = {NULL, 0};
    bw_status st = BW_OK;
    bw_array *out;
    bw_bins bins;
    bw_ctx ctx;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};

        st = bw_histogram(&ctx, &arena, &values, all, 4, 0, 9, &bins);
        bw_arena_free(&ctx, &arena);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        st = bw_percentiles(&ctx, &values, all, percent, 2, results);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};

        st = bw_values_to_f32(&ctx, &arena, &values, &out);
        bw_arena_free(&ctx, &arena);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};

        st = bw_slice_plane(&ctx, &arena, &cube, 1, 0, 4, &out);
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    RUN(test_values_equal_numpy);
    RUN(test_plane_orientation);
    RUN(test_sum_keeps_its_precision);
    RUN(test_bad_arguments_are_refused);
    RUN(test_out_of_memory);
    return check_summary();
}
