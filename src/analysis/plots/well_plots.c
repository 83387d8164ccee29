/* SPDX-License-Identifier: MIT */
/**
 * Diagnostics of wells: water-oil ratios and their derivatives (K. S. Chan, 1995, SPE 30775), ln WOR
 * against Np (I. Ershaghi and O. Omoregie, 1978, SPE 6977), the Hall plot (H. N. Hall, 1963; B. Izgec
 * and C. S. Kabir, 2009, SPE 109876), breakthrough, and two runs at equal times.
 */
#include <math.h>

#include "numbers/elementary.h"
#include "plots.h"

/* dy/dx by the parabola through three neighbours, by two at the ends; NaN where x does not move. */
static void differentiate(const double *x, const double *y, size_t count, double *out)
{
    for (size_t n = 0; n < count; n++) {
        size_t a = n == 0 ? 0 : n - 1, b = n + 1 < count ? n + 1 : n;
        double h1 = x[n] - x[a], h2 = x[b] - x[n];

        out[n] = h1 + h2 == 0 ? NAN
                 : h1 == 0    ? (y[b] - y[n]) / h2
                 : h2 == 0    ? (y[n] - y[a]) / h1
                              : ((y[b] - y[n]) / h2 * h1 + (y[n] - y[a]) / h1 * h2) / (h1 + h2);
    }
}

bw_status bw__answer_chan(bw__question *q, bw_node **out)
{
    const bw_analysis *a = q->a;
    size_t records = a->count;
    bw__filter filter;
    double *s, *days;

    BW_TRY(bw__option_cells(q, &filter));
    BW_TRY(bw__plot_begin(q, out));
    BW_TRY(bw__plot_series(q, 5, &s));
    days = s + 4 * records;
    for (uint32_t n = 0; n < records; n++) {
        double oil = bw__rate(a, a->records[n], false, BW__Q_OIL, &filter);
        double water = bw__rate(a, a->records[n], false, BW__Q_WATER, &filter);
        double gas = bw__rate(a, a->records[n], false, BW__Q_GAS, &filter);

        days[n] = a->records[n]->day;
        s[n] = oil == 0 ? NAN : water / oil;
        s[records + n] = oil == 0 ? NAN : gas / oil;
    }
    differentiate(days, s, records, s + 2 * records);
    differentiate(days, s + records, records, s + 3 * records);
    BW_TRY(bw__plot_put(q, *out, "waterOilRatio", s));
    BW_TRY(bw__plot_put(q, *out, "waterOilRatioDerivative", s + 2 * records));
    BW_TRY(bw__plot_put(q, *out, "gasOilRatio", s + records));
    return bw__plot_put(q, *out, "gasOilRatioDerivative", s + 3 * records);
}

/* The line through ln WOR where the water cut is above the least one, and Np where it meets the
 * economic ratio. */
bw_status bw__answer_wor_forecast(bw__question *q, bw_node **out)
{
    const bw_analysis *a = q->a;
    size_t records = a->count;
    double least, economic, *s, *np;
    bw__filter filter;
    bw__line line;

    BW_TRY(bw__option_cells(q, &filter));
    BW_TRY(bw__option_number(q, "leastWaterCut", 0.5, &least));
    BW_TRY(bw__option_number(q, "economicWor", 20, &economic));
    BW_TRY(bw__plot_begin(q, out));
    BW_TRY(bw__plot_series(q, 2, &s));
    np = s + records;
    for (uint32_t n = 0; n < records; n++) {
        double oil = bw__rate(a, a->records[n], false, BW__Q_OIL, &filter);
        double water = bw__rate(a, a->records[n], false, BW__Q_WATER, &filter);

        np[n] = bw__total_to(a, n, false, BW__Q_OIL, &filter);
        s[n] = oil > 0 && water / (oil + water) > least ? bw__log(water / oil) : NAN;
    }
    bw__line_fit(np, s, records, &line);
    BW_TRY(bw__plot_put(q, *out, "cumulativeOil", np));
    BW_TRY(bw__plot_put(q, *out, "logWaterOilRatio", s));
    BW_TRY(bw__plot_line(q, *out, "line", &line));
    return bw__plot_number(q, *out, "recoverableOil",
                           economic > 0 && line.slope > 0
                               ? (bw__log(economic) - line.intercept) / line.slope : NAN);
}

/* The sum of (Pwf - P) dt against the water injected, and its derivative by ln Wi. */
bw_status bw__answer_hall(bw__question *q, bw_node **out)
{
    const bw_analysis *a = q->a;
    const bw_node *name = bw__find(q->params, "well");
    size_t records = a->count;
    bw_view view;
    bw__filter own = {.kind = BW__NAMED, .names = &view, .count = 1};
    double *s, *injected, *logs, *slope, pressure, sum = 0;

    if (name == NULL || name->type != BW_NODE_STRING) {
        return bw_fail(q->ctx, BW_ERR_ARGUMENT, "hallPlot: well must be an injector's name");
    }
    view = name->text;
    BW_TRY(bw__plot_begin(q, out));
    BW_TRY(bw__plot_series(q, 4, &s));
    injected = s + records;
    logs = s + 2 * records;
    slope = s + 3 * records;
    for (uint32_t n = 0; n < records; n++) {
        const bw__record *r = a->records[n];
        bool known = false;

        pressure = NAN;
        for (uint32_t w = 0; w < r->wells->count; w++) {
            if (bw_view_equal(r->wells->items[w].name, view)) {
                known = true;
                pressure = r->bhp[w];
            }
        }
        if (n == records - 1 && !known) {
            return bw_fail(q->ctx, BW_ERR_NOT_FOUND, "hallPlot: the last state has no well '%.*s'",
                           (int)(view.len < 80 ? view.len : 80), (const char *)view.ptr);
        }
        if (n > 0 && isfinite(pressure)) {
            sum += (pressure - bw__ratio(r->field.pressure_pore, r->field.pore)) *
                   (r->day - a->records[n - 1]->day);
        }
        s[n] = sum;
        injected[n] = bw__total_to(a, n, true, BW__Q_WATER, &own);
        logs[n] = injected[n] > 0 ? bw__log(injected[n]) : NAN;
    }
    differentiate(logs, s, records, slope);
    BW_TRY(bw__plot_put(q, *out, "waterInjected", injected));
    BW_TRY(bw__plot_put(q, *out, "hallIntegral", s));
    return bw__plot_put(q, *out, "hallDerivative", slope);
}

/* Breakthrough ------------------------------------------------------------------------------- */

typedef struct limits {
    double cut, factor;
} limits;

static bw_status put_first(bw__question *q, bw_node *map, const char *key, const uint32_t *at)
{
    bw_node *inner;

    if (at == NULL) {
        return bw__put_null(q, map, key);
    }
    BW_TRY(bw__answer_map(q, &inner));
    BW_TRY(bw__put_int(q, inner, "step", q->a->records[*at]->step));
    BW_TRY(bw__put_number(q, inner, "day", q->a->records[*at]->day));
    return bw__put(q, map, key, inner);
}

/* First states with more water than the cut, and more gas than the oil could hold at first. */
static bw_status put_well(bw__question *q, bw_view name, limits limit, bw_node *map)
{
    const bw_analysis *a = q->a;
    const bw__filter own = {.kind = BW__NAMED, .names = &name, .count = 1};
    double dissolved = a->records[0]->means.oil_rs;
    uint32_t water_at = UINT32_MAX, gas_at = UINT32_MAX;

    for (uint32_t n = 0; n < a->count; n++) {
        double oil = bw__rate(a, a->records[n], false, BW__Q_OIL, &own);
        double water = bw__rate(a, a->records[n], false, BW__Q_WATER, &own);
        double gas = bw__rate(a, a->records[n], false, BW__Q_GAS, &own);

        if (water_at == UINT32_MAX && bw__ratio(water, oil + water) > limit.cut) {
            water_at = n;
        }
        if (gas_at == UINT32_MAX && oil > 0 && gas / oil > limit.factor * dissolved) {
            gas_at = n;
        }
    }
    BW_TRY(bw__put(q, map, "name", bw_node_text(q->ctx, q->arena, name)));
    BW_TRY(put_first(q, map, "water", water_at == UINT32_MAX ? NULL : &water_at));
    return put_first(q, map, "gas", gas_at == UINT32_MAX ? NULL : &gas_at);
}

bw_status bw__answer_breakthrough(bw__question *q, bw_node **out)
{
    const bw_analysis *a = q->a;
    limits limit;

    BW_TRY(bw__option_number(q, "waterCut", 0.01, &limit.cut));
    BW_TRY(bw__option_number(q, "gorFactor", 1.05, &limit.factor));
    BW_TRY(bw__answer_list(q, out));
    for (uint32_t w = 0; a->count > 0 && w < a->records[a->count - 1]->wells->count; w++) {
        const bw__well *well = &a->records[a->count - 1]->wells->items[w];
        bw_node *map;

        if (!well->injector) {
            BW_TRY(bw__answer_map(q, &map));
            BW_TRY(put_well(q, well->name, limit, map));
            BW_TRY(bw__push(q, *out, map));
        }
    }
    return BW_OK;
}

/* Two runs ----------------------------------------------------------------------------------- */

/* Linear between points; NaN outside of them. */
static double value_at(const double *x, const double *y, size_t count, double at)
{
    for (size_t n = 0; n < count; n++) {
        if (x[n] == at) {
            return y[n];
        }
        if (n > 0 && x[n - 1] < at && at < x[n]) {
            return y[n - 1] + (y[n] - y[n - 1]) * ((at - x[n - 1]) / (x[n] - x[n - 1]));
        }
    }
    return NAN;
}

/* This series less another one at its own times. */
bw_status bw__answer_compare(bw__question *q, bw_node **out)
{
    static const char *const names[] = {"days", "values", "otherDays", "otherValues", "steps"};
    double *numbers[5], *difference, squares = 0, worst = 0;
    size_t counts[5], used = 0, worst_at = 0;

    for (int n = 0; n < 5; n++) {
        BW_TRY(bw__to_numbers(q->ctx, q->arena, bw__find(q->params, names[n]), &numbers[n],
                              &counts[n]));
    }
    if (counts[0] != counts[1] || counts[2] != counts[3] || counts[4] != counts[0]) {
        return bw_fail(q->ctx, BW_ERR_ARGUMENT, "compare: each series has a value a day");
    }
    difference = bw_arena_alloc(q->ctx, q->arena, (counts[0] + 1) * sizeof *difference);
    if (difference == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t n = 0; n < counts[0]; n++) {
        double d = numbers[1][n] - value_at(numbers[2], numbers[3], counts[2], numbers[0][n]);

        difference[n] = d;
        if (isfinite(d)) {
            squares += d * d;
            used++;
            if (fabs(d) > worst) {
                worst = fabs(d);
                worst_at = n;
            }
        }
    }
    BW_TRY(bw__answer_map(q, out));
    BW_TRY(bw__put_series(q, *out, "days", numbers[0], counts[0]));
    BW_TRY(bw__put_series(q, *out, "difference", difference, counts[0]));
    BW_TRY(bw__put_int(q, *out, "count", (int64_t)used));
    BW_TRY(bw__plot_number(q, *out, "rms", used == 0 ? NAN : sqrt(squares / (double)used)));
    BW_TRY(bw__plot_number(q, *out, "worst", used == 0 ? NAN : worst));
    return bw__plot_number(q, *out, "worstStep", used == 0 ? NAN : numbers[4][worst_at]);
}
