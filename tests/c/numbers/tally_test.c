/* SPDX-License-Identifier: MIT */
/** Tallies of every number type. Expected values are NumPy's (tests/data/statistics/make.py). */
#include "failing_allocator.h"
#include "geometry_cases.h"

static bool check_bins(const bw_node *row, const bw_tally *tally)
{
    const bw_node *counts = bw_map_get_text(row, "counts");
    bool held = CHECK_UINT(tally->bins, counts->children.len) &&
                CHECK_INT(tally->exponent, bw_map_get_text(row, "exponent")->integer) &&
                CHECK_INT(tally->first, bw_map_get_text(row, "first")->integer);

    for (uint32_t bin = 0; held && bin < tally->bins; bin++) {
        held = CHECK_UINT(tally->counts[bin], (uint64_t)counts->children.items[bin]->integer);
    }
    return held;
}

static bool check_tally(bw_ctx *ctx, const bw_node *row, const bw_array *values)
{
    double mean = case_number(row, "mean");
    bw_tally t;

    return CHECK_OK(ctx, bw_tally_take(ctx, values, (uint32_t)case_number(row, "most"), &t)) &&
           CHECK_NEAR((double)t.count, case_number(row, "count"), 0) &&
           CHECK_NEAR((double)t.nan_count, case_number(row, "missing"), 0) &&
           CHECK_NEAR((double)t.inf_count, case_number(row, "infinite"), 0) &&
           CHECK_NEAR(t.min, case_number(row, "min"), 0) && CHECK_NEAR(t.max, case_number(row, "max"), 0) &&
           CHECK_NEAR(t.min_positive, case_number(row, "minPositive"), 0) &&
           CHECK_NEAR(t.mean, mean, 1e-14 * (fabs(t.min) / 2 + fabs(t.max) / 2)) && check_bins(row, &t);
}

static void test_tallies_equal_numpy(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    const bw_node *rows;

    bw_ctx_init(&ctx);
    rows = cases_load_from(&ctx, &arena, "statistics/cases.json", "tallies");
    for (uint32_t r = 0; r < rows->children.len; r++) {
        const bw_node *row = rows->children.items[r];
        bw_dtype dtype = {0};
        bw_array values;
        bw_view text;

        CHECK(bw_map_get_string(row, "dtype", &text));
        CHECK_OK(&ctx, bw_dtype_parse(&ctx, text, &dtype));
        values = case_array(&ctx, &arena, row, "bytes", dtype);
        case_result(row, check_tally(&ctx, row, &values));
    }
    CHECK_UINT(rows->children.len, 35);
    bw_arena_free(&ctx, &arena);
}

/* Sums of these are beyond float64, in a block and of blocks, of one sign and of both; their means are exact. */
static void test_mean_of_what_has_no_sum(void)
{
    static const struct {
        double even, odd, late, mean; /* in turn, and the second half */
    } cases[] = {
        {0x1p1023, 0x1p1022, 0, 0x1.8p1022}, {0x1p1023, -0x1p1023, 0, 0}, {0x1p1023, 0x1p1023, -0x1p1023, 0},
        {0x1p1023, INFINITY, -0x1p1022, 0}, {-0x1p1023, -0x1p1022, 0, -0x1.8p1022},
    };
    static double numbers[4096];
    bw_array values = {.dtype = {.kind = 'f', .itemsize = 8}, .rank = 1, .shape = {4096},
                       .nbytes = sizeof numbers, .data = (uint8_t *)numbers};
    bw_tally tally;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        for (size_t n = 0; n < 4096; n++) {
            numbers[n] = n >= 2048 && cases[c].late != 0 ? cases[c].late : n % 2 == 0 ? cases[c].even : cases[c].odd;
        }
        CHECK_OK(&ctx, bw_tally_take(&ctx, &values, 32, &tally));
        CHECK_NEAR(tally.mean, cases[c].mean, 0);
    }
}

static void test_bad_arguments_are_refused(void)
{
    double numbers[2] = {1, 2};
    bw_array values = {.dtype = {.kind = 'f', .itemsize = 8}, .rank = 1, .shape = {2}, .nbytes = 16,
                       .data = (uint8_t *)numbers};
    bw_tally tally;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_STATUS(&ctx, bw_tally_take(&ctx, &values, 1, &tally), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_tally_take(&ctx, &values, 48, &tally), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_tally_take(&ctx, &values, 128, &tally), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "64 bins, not 128");
    values.dtype.kind = 'c';
    CHECK_STATUS(&ctx, bw_tally_take(&ctx, &values, 32, &tally), BW_ERR_UNSUPPORTED);
}

int main(void)
{
    RUN(test_tallies_equal_numpy);
    RUN(test_mean_of_what_has_no_sum);
    RUN(test_bad_arguments_are_refused);
    return check_summary();
}
