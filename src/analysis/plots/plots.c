/* SPDX-License-Identifier: MIT */
/** The table of plots, and what they have in common. */
#include "plots.h"

#include <math.h>

bw_status bw__plot_series(bw__question *q, size_t count, double **out)
{
    size_t records = q->a->count;

    if (records == 0) {
        return bw_fail(q->ctx, BW_ERR_NOT_FOUND, "%s: no state has been read", q->row->name);
    }
    *out = bw_arena_alloc_zeroed(q->ctx, q->arena, count * records * sizeof **out);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__plot_put(bw__question *q, bw_node *map, const char *key, const double *values)
{
    return bw__put_series(q, map, key, values, q->a->count);
}

bw_status bw__plot_number(bw__question *q, bw_node *map, const char *key, double value)
{
    return isfinite(value) ? bw__put_number(q, map, key, value) : bw__put_null(q, map, key);
}

static bw_status put_interval(bw__question *q, bw_node *map, const char *key, double middle,
                              double half)
{
    const double ends[2] = {middle - half, middle + half};

    return isfinite(half) ? bw__put_numbers(q, map, key, ends, 2) : bw__put_null(q, map, key);
}

bw_status bw__plot_line(bw__question *q, bw_node *map, const char *key, const bw__line *line)
{
    bw_node *inner;

    BW_TRY(bw__answer_map(q, &inner));
    BW_TRY(bw__plot_number(q, inner, "intercept", line->intercept));
    BW_TRY(bw__plot_number(q, inner, "slope", line->slope));
    BW_TRY(bw__plot_number(q, inner, "rSquared", line->r_squared));
    BW_TRY(put_interval(q, inner, "interceptInterval", line->intercept, line->intercept_half));
    BW_TRY(put_interval(q, inner, "slopeInterval", line->slope, line->slope_half));
    BW_TRY(bw__put_int(q, inner, "count", (int64_t)line->count));
    return bw__put(q, map, key, inner);
}

bw_status bw__plot_begin(bw__question *q, bw_node **out)
{
    double *numbers = NULL;

    BW_TRY(bw__plot_series(q, 2, &numbers));
    for (uint32_t n = 0; n < q->a->count; n++) {
        numbers[n] = (double)q->a->records[n]->step;
        numbers[q->a->count + n] = q->a->records[n]->day;
    }
    BW_TRY(bw__answer_map(q, out));
    BW_TRY(bw__plot_put(q, *out, "steps", numbers));
    return bw__plot_put(q, *out, "days", numbers + q->a->count);
}

const bw__row bw__plot_rows[] = {
    {"pzPlot", bw__answer_pz, 0, ""},
    {"havlenaOdehPlot", bw__answer_havlena_odeh, 0, ""},
    {"campbellPlot", bw__answer_campbell, 0, ""},
    {"recoveryPlot", bw__answer_recovery_plot, 0, ""},
    {"materialBalanceCheck", bw__answer_check, 0, ""},
    {"chanPlot", bw__answer_chan, 0, "cells"},
    {"worForecast", bw__answer_wor_forecast, 0, "cells economicWor leastWaterCut"},
    {"hallPlot", bw__answer_hall, 0, "well"},
    {"breakthroughTimes", bw__answer_breakthrough, 0, "waterCut gorFactor"},
    {"compare", bw__answer_compare, 0, "days values otherDays otherValues steps"},
    {"sweepMap", bw__answer_map_of, 0, "step quantity"},
    {"statistics", bw__answer_statistics, 0, "step property"},
    {NULL, NULL, 0, ""},
};
