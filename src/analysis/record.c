/* SPDX-License-Identifier: MIT */
/** What is kept of a state: sums over regions and means over the grid, flows, wells; and what is wrong with it. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "cell_sums.h"

void bw__problem(bw__record *record, const bw__state *state, const char *path, double value,
                 size_t cell)
{
    unsigned long long plane = state->shape[1] * state->shape[2];
    unsigned long long row = cell % plane / state->shape[2];
    char number[32] = "no number";

    if (record->problem[0] != '\0') {
        return;
    }
    if (!isnan(value)) {
        (void)snprintf(number, sizeof number, "%g", value);
    }
    (void)snprintf(record->problem, sizeof record->problem,
                   "step %" PRId64 ": %s[%llu, %llu, %llu] is %s", state->step, path,
                   cell / plane, row, (unsigned long long)(cell % state->shape[2]), number);
}

void bw__missing(bw__record *record, const bw__state *state, const char *path)
{
    if (record->problem[0] == '\0') {
        (void)snprintf(record->problem, sizeof record->problem,
                       "step %" PRId64 ": %s is missing", state->step, path);
    }
}

void bw__grid_problem(bw__record *record, const bw__state *state, bw__grid grid, size_t cell)
{
    if (state->grid[grid] != NULL) {
        bw__problem(record, state, bw__grid_paths[grid], state->grid[grid][cell], cell);
    } else {
        bw__missing(record, state, bw__grid_paths[grid]);
    }
}

static void read_mass_errors(const bw__state *state, bw__record *record)
{
    static const char *const paths[BW__PHASES] = {
        "material_balance_errors.relative_oil_mbe", "material_balance_errors.relative_water_mbe",
        "material_balance_errors.relative_gas_mbe"};

    for (int p = 0; p < BW__PHASES; p++) {
        record->mass_error[p] = NAN;
        (void)bw__to_number(bw__find(state->root, paths[p]), &record->mass_error[p]);
    }
}

bw_status bw__record_make_state(bw_ctx *ctx, const bw_analysis *a, const bw__state *state,
                                bw__wells *before, bw__record **out)
{
    bw__record *record = bw_alloc_zeroed(ctx, sizeof *record);
    bw_status st = BW_ERR_NOMEM;

    if (record == NULL) {
        return BW_ERR_NOMEM;
    }
    record->step = state->step;
    record->day = state->day;
    record->step_days = state->step_days;
    record->rock_compressibility = state->rock_compressibility;
    record->zones = bw_arena_alloc_zeroed(ctx, &record->arena,
                                          (a->zones + 1) * sizeof *record->zones);
    if (record->zones == NULL) {
        goto done;
    }
    BW_GO(bw__wells_read(ctx, state, before, &record->wells));
    BW_GO(bw__flows_read(ctx, state, record));
    bw__cell_volumes(a, state, record);
    bw__cell_means(state, record);
    BW_GO(bw__perforations_read(ctx, state, record));
    BW_GO(bw__totals_read(ctx, state, record));
    read_mass_errors(state, record);
    *out = record;
    return BW_OK;
done:
    bw__record_free(ctx, record);
    return st;
}

void bw__record_free(bw_ctx *ctx, bw__record *record)
{
    if (record != NULL) {
        bw__wells_release(ctx, record->wells);
        bw_arena_free(ctx, &record->arena);
        bw_release(ctx, record);
    }
}
