/* SPDX-License-Identifier: MIT */
/**
 * BORES's declines: over the steps' numbers instead of days, with the slope of 1/q itself for the
 * harmonic D, forecasts that begin at qi again, and recoveries in rate times steps. Its wheel reports
 * the last rate as the first.
 */
#include <math.h>
#include <string.h>

#include "compat.h"
#include "analysis/decline/decline_fit.h"
#include "numbers/elementary.h"

static const char *const type_names[] = {"exponential", "harmonic", "hyperbolic", NULL};

typedef struct points {
    double *steps, *rates;
    size_t count;
} points;

typedef struct fit {
    bw__decline_type type;
    bw__decline curve;
    double r_squared;
} fit;

static bw_status read_points(bw__question *q, bw__phase phase, points *out)
{
    static const bw__quantity quantities[BW__PHASES] = {BW__Q_OIL, BW__Q_WATER, BW__Q_FREE_GAS};
    const bw_analysis *a = q->a;
    bw__range range;

    BW_TRY(bw__option_range(q, &range));
    out->count = 0;
    out->steps = bw_arena_alloc(q->ctx, q->arena, (2 * (size_t)a->count + 1) * sizeof(double));
    if (out->steps == NULL) {
        return BW_ERR_NOMEM;
    }
    out->rates = out->steps + a->count;
    for (uint32_t at = range.first; at < range.end; at++) {
        bw__quantity quantity = quantities[phase] == BW__Q_FREE_GAS && a->head
                                    ? BW__Q_OIL_GAS : quantities[phase];
        double rate = bw__rate(a, a->records[at], false, quantity, &bw__everything);

        if (rate > 0) {
            out->steps[out->count] = (double)a->records[at]->step;
            out->rates[out->count++] = rate;
        }
    }
    return BW_OK;
}

static void make_fit(const points *p, bw__decline_type type, fit *out)
{
    *out = (fit){.type = type};
    bw__decline_fit(type, p->steps, p->rates, p->count, &out->curve);
    if (type == BW__HARMONIC) {
        out->curve.rate /= out->curve.initial; /* the slope, not times qi */
    }
    out->r_squared = bw__decline_r_squared(&out->curve, p->steps, p->rates, p->count);
}

static bw_status put_fit(bw__question *q, const points *p, const fit *f, bw__phase phase,
                         bw_node **out)
{
    bool failed = p->count < 2;
    double initial = failed ? 0 : q->a->wheel ? p->rates[p->count - 1] : f->curve.initial;
    bw_node *map, *steps, *predicted;

    BW_TRY(bw__answer_map(q, &map));
    BW_TRY(bw__answer_list(q, &steps));
    BW_TRY(bw__answer_list(q, &predicted));
    for (size_t n = 0; n < p->count; n++) {
        BW_TRY(bw__push(q, steps, bw_node_int(q->ctx, q->arena, (int64_t)p->steps[n])));
        if (!failed) {
            BW_TRY(bw__push_number(q, predicted, bw__decline_at(&f->curve, p->steps[n])));
        }
    }
    BW_TRY(bw__put_text(q, map, "declineType", type_names[f->type]));
    BW_TRY(bw__put_text(q, map, "phase", bw__phase_names[phase]));
    BW_TRY(bw__put(q, map, "error",
                   failed ? bw_node_text(q->ctx, q->arena,
                                         BW_VIEW("Insufficient data for a decline"))
                          : bw_node_null(q->ctx, q->arena)));
    BW_TRY(bw__put_number(q, map, "initialRate", initial));
    BW_TRY(bw__put_number(q, map, "declineRatePerTimestep", failed ? 0 : f->curve.rate));
    BW_TRY(bw__put_number(q, map, "bFactor", failed ? 0 : f->curve.b));
    BW_TRY(bw__put_number(q, map, "rSquared", failed ? 0 : f->r_squared));
    BW_TRY(bw__put(q, map, "steps", steps));
    BW_TRY(bw__put_numbers(q, map, "actualRates", p->rates, p->count));
    BW_TRY(bw__put(q, map, "predictedRates", predicted));
    *out = map;
    return BW_OK;
}

bw_status bw__bores_fit(bw__question *q, bw_node **out)
{
    fit f = {.type = BW__EXPONENTIAL};
    bw__phase phase;
    points p;
    int type;

    BW_TRY(bw__option_choice(q, "declineType", type_names, BW__EXPONENTIAL, &type));
    BW_TRY(bw__option_phase(q, "phase", BW__OIL, &phase));
    BW_TRY(read_points(q, phase, &p));
    f.type = (bw__decline_type)type;
    if (p.count >= 2) {
        make_fit(&p, f.type, &f);
    }
    return put_fit(q, &p, &f, phase, out);
}

/* The largest R2 of those that fall. */
bw_status bw__bores_recommended(bw__question *q, bw_node **out)
{
    double best = -INFINITY;
    int chosen = BW__EXPONENTIAL;
    bw__phase phase;
    bw_node *all;
    points p;

    BW_TRY(bw__option_phase(q, "phase", BW__OIL, &phase));
    BW_TRY(read_points(q, phase, &p));
    BW_TRY(bw__answer_map(q, &all));
    for (int type = 0; type < 3; type++) {
        fit f = {.type = (bw__decline_type)type};
        bw_node *map;

        if (p.count >= 2) {
            make_fit(&p, f.type, &f);
            if (f.curve.initial > 0 && f.curve.rate >= 0 && f.r_squared > best) {
                best = f.r_squared;
                chosen = type;
            }
        }
        BW_TRY(put_fit(q, &p, &f, phase, &map));
        BW_TRY(bw__put(q, all, type_names[type], map));
    }
    BW_TRY(bw__answer_list(q, out));
    BW_TRY(bw__push(q, *out,
                    bw_node_text(q->ctx, q->arena, bw_view_text(type_names[chosen]))));
    return bw__push(q, *out, all);
}

static bw_status read_fit(bw__question *q, bw__decline *curve, double *last, bool *failed)
{
    const bw_node *fitted = bw__find(q->params, "fit");
    double *steps;
    size_t count;

    *failed = bw__find(fitted, "error") != NULL;
    BW_TRY(bw__to_numbers(q->ctx, q->arena, bw__find(fitted, "steps"), &steps, &count));
    if (!*failed &&
        (count == 0 || !bw__to_number(bw__find(fitted, "initialRate"), &curve->initial) ||
         !bw__to_number(bw__find(fitted, "declineRatePerTimestep"), &curve->rate) ||
         !bw__to_number(bw__find(fitted, "bFactor"), &curve->b))) {
        return bw_fail(q->ctx, BW_ERR_ARGUMENT, "%s: the fit lacks steps, initialRate, "
                       "declineRatePerTimestep or bFactor", q->row->name);
    }
    *last = *failed ? 0 : steps[count - 1];
    return BW_OK;
}

bw_status bw__bores_forecast(bw__question *q, bw_node **out)
{
    double last = 0, limit = 0;
    bw__decline curve = {0};
    int64_t steps = 0;
    bool failed = true;

    BW_TRY(read_fit(q, &curve, &last, &failed));
    BW_TRY(bw__option_count(q, "steps", 0, 0, &steps));
    BW_TRY(bw__option_number(q, "economicLimit", -INFINITY, &limit));
    if (steps > 1000000) {
        return bw_fail_limit(q->ctx, "steps of a forecast", (uint64_t)steps, 1000000);
    }
    BW_TRY(bw__answer_list(q, out));
    for (int64_t t = 1; t <= steps && !failed; t++) {
        double rate = bw__decline_at(&curve, (double)t);

        if (rate < limit) {
            break;
        }
        BW_TRY(bw__push_number_at(q, *out, (int64_t)last + t, rate));
    }
    return BW_OK;
}

bw_status bw__bores_recovery(bw__question *q, bw_node **out)
{
    double last, limit, end;
    bw__decline curve;
    int64_t steps;
    bool failed;

    BW_TRY(read_fit(q, &curve, &last, &failed));
    BW_TRY(bw__option_count(q, "forecastSteps", 0, 0, &steps));
    BW_TRY(bw__option_number(q, "economicLimit", 0, &limit));
    if (failed) {
        return bw__answer_number(q, 0, out);
    }
    end = bw__decline_meets(&curve, limit);
    end = end < (double)steps ? (end > 0 ? end : 0) : (double)steps;
    return bw__answer_number(q, bw__decline_volume(&curve, 0, end), out);
}
