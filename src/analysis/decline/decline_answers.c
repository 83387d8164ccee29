/* SPDX-License-Identifier: MIT */
/** Decline fits to the rates of a range of states, and what is made of a fit. */
#include <math.h>
#include <string.h>

#include "decline_fit.h"
#include "analysis/question.h"

static const char *const type_names[] = {"exponential", "harmonic", "hyperbolic", NULL};

/* The states of a range whose rate is not 0. */
typedef struct points {
    double *steps, *days, *x, *rates;
    size_t count;
    uint32_t last; /* record of the last one */
} points;

static bw_status read_points(bw__question *q, bw__phase phase, points *out)
{
    static const bw__quantity quantities[BW__PHASES] = {BW__Q_OIL, BW__Q_WATER, BW__Q_GAS};
    bw__range range;
    points p = {.count = 0};
    double *block;

    BW_TRY(bw__option_range(q, &range));
    block = bw_arena_alloc(q->ctx, q->arena, (4 * (size_t)q->a->count + 1) * sizeof *block);
    if (block == NULL) {
        return BW_ERR_NOMEM;
    }
    p.steps = block;
    p.days = block + q->a->count;
    p.x = block + 2 * (size_t)q->a->count;
    p.rates = block + 3 * (size_t)q->a->count;
    for (uint32_t at = range.first; at < range.end; at++) {
        const bw__record *record = q->a->records[at];
        double rate = bw__rate(q->a, record, false, quantities[phase], &bw__everything);

        if (rate > 0) {
            p.steps[p.count] = (double)record->step;
            p.days[p.count] = record->day;
            p.x[p.count] = record->day - p.days[0];
            p.rates[p.count++] = rate;
            p.last = at;
        }
    }
    *out = p;
    return BW_OK;
}

typedef struct fit {
    bw__decline_type type;
    bw__phase phase;
    bw__decline curve;
    double r_squared, cumulative;
    bool failed;
} fit;

static void make_fit(const bw_analysis *a, const points *p, bw__decline_type type,
                     bw__phase phase, fit *out)
{
    static const bw__quantity quantities[BW__PHASES] = {BW__Q_OIL, BW__Q_WATER, BW__Q_GAS};
    fit f = {.type = type, .phase = phase, .failed = p->count < 2 || p->x[p->count - 1] <= 0};

    if (!f.failed) {
        bw__decline_fit(type, p->x, p->rates, p->count, &f.curve);
        f.r_squared = bw__decline_r_squared(&f.curve, p->x, p->rates, p->count);
        f.cumulative = bw__total_to(a, p->last, false, quantities[phase], &bw__everything);
        f.failed = !isfinite(f.curve.initial) || !isfinite(f.curve.rate);
    }
    *out = f;
}

static bw_status put_points(bw__question *q, const points *p, bw_node *map)
{
    bw_node *steps;

    BW_TRY(bw__answer_list(q, &steps));
    for (size_t n = 0; n < p->count; n++) {
        BW_TRY(bw__push(q, steps, bw_node_int(q->ctx, q->arena, (int64_t)p->steps[n])));
    }
    BW_TRY(bw__put(q, map, "steps", steps));
    BW_TRY(bw__put_numbers(q, map, "times", p->days, p->count));
    return bw__put_numbers(q, map, "actualRates", p->rates, p->count);
}

static bw_status put_predictions(bw__question *q, const points *p, const fit *f, bw_node *map)
{
    bw_node *list;

    BW_TRY(bw__answer_list(q, &list));
    for (size_t n = 0; n < p->count && !f->failed; n++) {
        BW_TRY(bw__push_number(q, list, bw__decline_at(&f->curve, p->x[n])));
    }
    return bw__put(q, map, "predictedRates", list);
}

static bw_status put_fit(bw__question *q, const points *p, const fit *f, bw_node **out)
{
    const fit none = {.type = f->type, .phase = f->phase, .failed = true};
    const fit *told = f->failed ? &none : f;
    double yearly = told->failed ? 0
                                 : 1 - bw__decline_at(&told->curve, BW__DAYS_PER_YEAR) /
                                           told->curve.initial;
    bw_node *map;

    BW_TRY(bw__answer_map(q, &map));
    BW_TRY(bw__put_text(q, map, "declineType", type_names[told->type]));
    BW_TRY(bw__put_text(q, map, "phase", bw__phase_names[told->phase]));
    if (told->failed) {
        BW_TRY(bw__put_text(q, map, "error", "a decline needs at least two states with a rate "
                                             "above 0, at different times"));
    } else {
        BW_TRY(bw__put_null(q, map, "error"));
    }
    BW_TRY(bw__put_number(q, map, "initialRate", told->curve.initial));
    BW_TRY(bw__put_number(q, map, "declineRatePerDay", told->curve.rate));
    BW_TRY(bw__put_number(q, map, "declineRatePerYear", told->curve.rate * BW__DAYS_PER_YEAR));
    BW_TRY(bw__put_number(q, map, "effectiveAnnualDecline", yearly));
    BW_TRY(bw__put_number(q, map, "bFactor", told->curve.b));
    BW_TRY(bw__put_number(q, map, "rSquared", told->r_squared));
    BW_TRY(bw__put_number(q, map, "startTime", told->failed ? 0 : p->days[0]));
    BW_TRY(put_points(q, p, map));
    BW_TRY(put_predictions(q, p, told, map));
    BW_TRY(bw__put_number(q, map, "cumulativeProduction", told->cumulative));
    *out = map;
    return BW_OK;
}

static bw_status answer_fit(bw__question *q, bw_node **out)
{
    bw__phase phase;
    points p;
    int type;
    fit f;

    BW_TRY(bw__option_choice(q, "declineType", type_names, BW__EXPONENTIAL, &type));
    BW_TRY(bw__option_phase(q, "phase", BW__OIL, &phase));
    BW_TRY(read_points(q, phase, &p));
    make_fit(q->a, &p, (bw__decline_type)type, phase, &f);
    return put_fit(q, &p, &f, out);
}

/* The simplest of those that explain the rates best: R2 within 1e-6. */
static int choose(const fit fits[3], double most_per_year)
{
    double best = -INFINITY;
    bool admissible[3];

    for (int n = 0; n < 3; n++) {
        admissible[n] = !fits[n].failed && fits[n].curve.initial > 0 &&
                        fits[n].curve.rate >= -1e-9 && isfinite(fits[n].r_squared) &&
                        fits[n].curve.rate * BW__DAYS_PER_YEAR <= most_per_year;
        if (admissible[n] && fits[n].r_squared > best) {
            best = fits[n].r_squared;
        }
    }
    for (int n = 0; n < 3; n++) {
        if (admissible[n] && fits[n].r_squared >= best - 1e-6) {
            return n;
        }
    }
    return BW__EXPONENTIAL;
}

static bw_status answer_recommended(bw__question *q, bw_node **out)
{
    bw_node *all;
    bw__phase phase;
    double most;
    fit fits[3];
    points p;

    BW_TRY(bw__option_phase(q, "phase", BW__OIL, &phase));
    BW_TRY(bw__option_number(q, "maxDeclinePerYear", INFINITY, &most));
    BW_TRY(read_points(q, phase, &p));
    BW_TRY(bw__answer_map(q, &all));
    for (int n = 0; n < 3; n++) {
        bw_node *map;

        make_fit(q->a, &p, (bw__decline_type)n, phase, &fits[n]);
        BW_TRY(put_fit(q, &p, &fits[n], &map));
        BW_TRY(bw__put(q, all, type_names[n], map));
    }
    BW_TRY(bw__answer_list(q, out));
    BW_TRY(bw__push(q, *out, bw_node_text(q->ctx, q->arena,
                                          bw_view_text(type_names[choose(fits, most)]))));
    return bw__push(q, *out, all);
}

/* Out of a fit ------------------------------------------------------------------------------- */

typedef struct given {
    bw__decline curve;
    double start, last, cumulative; /* days, and the volume to the last point */
    bool failed;
} given;

/* A fit as answer_fit() made it, back from the caller. */
static bw_status read_fit(bw__question *q, given *out)
{
    const bw_node *fitted = bw__find(q->params, "fit");
    const bw_node *error = bw__find(fitted, "error"), *times = bw__find(fitted, "times");
    double *days;
    size_t count = 0;

    if (fitted == NULL || fitted->type != BW_NODE_MAP) {
        return bw_fail(q->ctx, BW_ERR_ARGUMENT, "%s: the first argument must be a fitted decline",
                       q->row->name);
    }
    *out = (given){.failed = error != NULL};
    if (out->failed) {
        return BW_OK;
    }
    BW_TRY(bw__to_numbers(q->ctx, q->arena, times, &days, &count));
    if (!bw__to_number(bw__find(fitted, "initialRate"), &out->curve.initial) ||
        !bw__to_number(bw__find(fitted, "declineRatePerDay"), &out->curve.rate) ||
        !bw__to_number(bw__find(fitted, "bFactor"), &out->curve.b) ||
        !bw__to_number(bw__find(fitted, "startTime"), &out->start) || count == 0) {
        return bw_fail(q->ctx, BW_ERR_ARGUMENT, "%s: the fit lacks initialRate, "
                       "declineRatePerDay, bFactor, startTime or times", q->row->name);
    }
    (void)bw__to_number(bw__find(fitted, "cumulativeProduction"), &out->cumulative);
    out->last = days[count - 1];
    return BW_OK;
}

#define MOST_STEPS 1000000

static bw_status answer_forecast(bw__question *q, bw_node **out)
{
    double days, limit;
    int64_t steps;
    given f;

    BW_TRY(read_fit(q, &f));
    BW_TRY(bw__option_count(q, "steps", 0, 0, &steps));
    BW_TRY(bw__option_number(q, "stepDays", 1, &days));
    BW_TRY(bw__option_number(q, "economicLimit", -INFINITY, &limit));
    if (steps > MOST_STEPS) {
        return bw_fail_limit(q->ctx, "steps of a forecast", (uint64_t)steps, MOST_STEPS);
    }
    BW_TRY(bw__answer_list(q, out));
    for (int64_t k = 1; k <= steps && !f.failed; k++) {
        double day = f.last + (double)k * days;
        double rate = bw__decline_at(&f.curve, day - f.start);
        bw_node *pair;

        if (rate < limit) {
            break;
        }
        BW_TRY(bw__answer_list(q, &pair));
        BW_TRY(bw__push_number(q, pair, day));
        BW_TRY(bw__push_number(q, pair, rate));
        BW_TRY(bw__push(q, *out, pair));
    }
    return BW_OK;
}

/* What is produced by then, and the curve's integral to the forecast's end or the limit. */
static bw_status answer_recovery(bw__question *q, bw_node **out)
{
    double days, limit, from, to, meets;
    int64_t steps;
    given f;

    BW_TRY(read_fit(q, &f));
    BW_TRY(bw__option_count(q, "forecastSteps", 0, 0, &steps));
    BW_TRY(bw__option_number(q, "stepDays", 1, &days));
    BW_TRY(bw__option_number(q, "economicLimit", 0, &limit));
    if (f.failed) {
        return bw__answer_number(q, 0, out);
    }
    from = f.last - f.start;
    to = from + (double)steps * days;
    meets = bw__decline_meets(&f.curve, limit);
    if (bw__decline_at(&f.curve, from) <= limit) {
        to = from;
    } else if (meets < to) {
        to = meets;
    }
    return bw__answer_number(
        q, f.cumulative + (to > from ? bw__decline_volume(&f.curve, from, to) : 0), out);
}

#define RANGE "fromStep toStep"
#define OF_FIT "fit stepDays economicLimit"

const bw__row bw__decline_rows[] = {
    {"declineCurveAnalysis", answer_fit, 0, RANGE " declineType phase"},
    {"recommendDeclineModel", answer_recommended, 0, RANGE " phase maxDeclinePerYear"},
    {"forecastProduction", answer_forecast, 0, OF_FIT " steps"},
    {"estimateEconomicUltimateRecovery", answer_recovery, 0, OF_FIT " forecastSteps"},
    {NULL, NULL, 0, ""},
};
