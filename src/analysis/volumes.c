/* SPDX-License-Identifier: MIT */
/**
 * Rates, and volumes by summing them over time. A state's rate is the mean of the step that led to
 * it, so the volume of the interval since the state saved before is
 *
 *     rate_i (t_i - t_(i-1)),
 *
 * exact where every step is saved. Where steps are missing the rate stands for the whole interval
 * (a gap: |t_i - t_(i-1) - h_i| > 1e-6 of the larger), unless both states carry volumes of their own,
 * which are differenced. The first state is the reference, and nothing has been produced there.
 */
#include <math.h>

#include "question.h"

double bw__ratio(double a, double b)
{
    return b == 0 ? 0 : a / b;
}

double bw__flow_quantity(const bw__flow *flow, bw__quantity quantity)
{
    switch (quantity) {
    case BW__Q_OIL:
        return flow->surface[BW__OIL];
    case BW__Q_WATER:
        return flow->surface[BW__WATER];
    case BW__Q_GAS:
        return flow->surface[BW__GAS] + flow->oil_gas + flow->water_gas;
    case BW__Q_FREE_GAS:
        return flow->surface[BW__GAS];
    case BW__Q_OIL_GAS:
        return flow->surface[BW__GAS] + flow->oil_gas;
    case BW__Q_RES_OIL:
        return flow->q[BW__OIL];
    case BW__Q_RES_WATER:
        return flow->q[BW__WATER];
    case BW__Q_RES_GAS:
        return flow->q[BW__GAS];
    default:
        return flow->q[BW__OIL] + flow->q[BW__WATER] + flow->q[BW__GAS];
    }
}

double bw__rate(const bw_analysis *a, const bw__record *record, bool injected,
                bw__quantity quantity, const bw__filter *filter)
{
    double sum = 0;

    for (uint32_t n = 0; n < record->flow_count; n++) {
        const bw__flow *flow = &record->flows[n];

        if (flow->injected == injected && bw__filter_has(a, filter, record, flow->cell)) {
            sum += bw__flow_quantity(flow, quantity);
        }
    }
    return sum;
}

/* Volumes that states carry themselves ------------------------------------------------------- */

static double stored_total(const double totals[BW__TOTALS], bool injected, bw__quantity quantity)
{
    static const int produced[] = {
        BW__TOTAL_OIL_PRODUCED, BW__TOTAL_WATER_PRODUCED, BW__TOTAL_GAS_PRODUCED,
        BW__TOTAL_FREE_GAS_PRODUCED, BW__TOTAL_GAS_PRODUCED, BW__TOTAL_RES_OIL_PRODUCED,
        BW__TOTAL_RES_WATER_PRODUCED, BW__TOTAL_RES_GAS_PRODUCED};
    static const int injections[] = {
        BW__TOTAL_OIL_INJECTED, BW__TOTAL_WATER_INJECTED, BW__TOTAL_GAS_INJECTED,
        BW__TOTAL_GAS_INJECTED, BW__TOTAL_GAS_INJECTED, BW__TOTAL_RES_OIL_INJECTED,
        BW__TOTAL_RES_WATER_INJECTED, BW__TOTAL_RES_GAS_INJECTED};
    const int *which = injected ? injections : produced;

    if (quantity == BW__Q_RESERVOIR) {
        return totals[which[BW__Q_RES_OIL]] + totals[which[BW__Q_RES_WATER]] +
               totals[which[BW__Q_RES_GAS]];
    }
    return totals[which[quantity]];
}

/* A well's own total; 0 before it is there, NaN where it is there without one. */
static double named_total(const bw__record *record, const bw__filter *filter, bool injected,
                          bw__quantity quantity)
{
    double sum = 0;

    for (uint32_t w = 0; w < record->wells->count; w++) {
        if (bw__filter_names(filter, record->wells->items[w].name) &&
            record->wells->items[w].injector == injected) {
            sum += stored_total(record->well_totals + (size_t)w * BW__TOTALS, injected,
                                quantity);
        }
    }
    return sum;
}

/* The difference of two states' own volumes; NaN where they have none for these cells. */
static double stored_difference(const bw__record *before, const bw__record *record,
                                bool injected, bw__quantity quantity, const bw__filter *filter)
{
    if (before->well_totals == NULL || record->well_totals == NULL) {
        return NAN;
    }
    if (filter->kind == BW__ALL) {
        return stored_total(record->totals, injected, quantity) -
               stored_total(before->totals, injected, quantity);
    }
    return filter->kind == BW__NAMED ? named_total(record, filter, injected, quantity) -
                                           named_total(before, filter, injected, quantity)
                                     : NAN;
}

/* Gas that comes dissolved in water, SCF/d, which no total of states tells apart. */
static double water_gas_rate(const bw_analysis *a, const bw__record *record,
                             const bw__filter *filter)
{
    double sum = 0;

    for (uint32_t n = 0; n < record->flow_count; n++) {
        const bw__flow *flow = &record->flows[n];

        if (!flow->injected && bw__filter_has(a, filter, record, flow->cell)) {
            sum += flow->water_gas;
        }
    }
    return sum;
}

/* Sums over time ----------------------------------------------------------------------------- */

bool bw__is_gap(const bw_analysis *a, uint32_t at)
{
    const bw__record *record = a->records[at];
    double between, larger;

    if (at == 0 || (record->well_totals != NULL && a->records[at - 1]->well_totals != NULL)) {
        return false;
    }
    between = record->day - a->records[at - 1]->day;
    larger = fabs(between) > fabs(record->step_days) ? fabs(between) : fabs(record->step_days);
    return fabs(between - record->step_days) > 1e-6 * larger;
}

double bw__volume(const bw_analysis *a, uint32_t at, bool injected, bw__quantity quantity,
                  const bw__filter *filter)
{
    const bw__record *record = a->records[at], *before;
    double days, stored;

    if (at == 0) {
        return 0;
    }
    before = a->records[at - 1];
    days = record->day - before->day;
    stored = stored_difference(before, record, injected, quantity, filter);
    if (!isnan(stored)) {
        return quantity == BW__Q_OIL_GAS && !injected
                   ? stored - water_gas_rate(a, record, filter) * days : stored;
    }
    return bw__rate(a, record, injected, quantity, filter) * days;
}

/* Running totals of the whole field are made once. */
static void settle(bw_analysis *a, uint32_t at)
{
    for (; a->settled <= at; a->settled++) {
        bw__record *record = a->records[a->settled];

        for (int injected = 0; injected < 2; injected++) {
            for (int q = 0; q < BW__QUANTITIES; q++) {
                double before = a->settled == 0
                                    ? 0 : a->records[a->settled - 1]->running[injected][q];

                record->running[injected][q] =
                    before + bw__volume(a, a->settled, injected != 0, (bw__quantity)q,
                                        &bw__everything);
            }
        }
    }
}

_Static_assert(BW__QUANTITIES == BW__RUNNING, "a running total for each quantity");

double bw__total_to(const bw_analysis *a, uint32_t at, bool injected, bw__quantity quantity,
                    const bw__filter *filter)
{
    double sum = 0;

    if (filter->kind == BW__ALL) {
        settle((bw_analysis *)a, at); /* a cache */
        return a->records[at]->running[injected][quantity];
    }
    for (uint32_t n = 0; n <= at; n++) {
        sum += bw__volume(a, n, injected, quantity, filter);
    }
    return sum;
}

/* Answers ------------------------------------------------------------------------------------ */

enum { INJECTED = 16, QUANTITY = 15 };

static bw_status answer_volume(bw__question *q, bw_node **out)
{
    bw__range range;
    bw__filter filter;
    double sum = 0;

    BW_TRY(bw__option_range(q, &range));
    BW_TRY(bw__option_cells(q, &filter));
    for (uint32_t at = range.first; at < range.end; at++) {
        sum += bw__volume(q->a, at, (q->row->what & INJECTED) != 0,
                          (bw__quantity)(q->row->what & QUANTITY), &filter);
    }
    return bw__answer_number(q, sum, out);
}

/* What a history tells of each state: its interval's volume, the volume so far, or the rate. */
typedef enum told { VOLUME, TOTAL, RATE } told;

static bw_status push_history(bw__question *q, told what, const double *divisor, bw_node **out)
{
    bool injected = (q->row->what & INJECTED) != 0;
    bw__quantity quantity = (bw__quantity)(q->row->what & QUANTITY);
    bw__range range;
    bw__filter filter;
    double total = 0;

    BW_TRY(bw__option_range(q, &range));
    BW_TRY(bw__option_cells(q, &filter));
    BW_TRY(bw__answer_list(q, out));
    for (uint32_t at = 0; at < range.end; at++) {
        double volume = bw__volume(q->a, at, injected, quantity, &filter), value;

        total += volume;
        if (at < range.first || !bw__range_has(&range, q->a->records[at])) {
            continue;
        }
        value = what == VOLUME  ? volume
                : what == TOTAL ? total
                                : bw__rate(q->a, q->a->records[at], injected, quantity, &filter);
        value = divisor == NULL ? value : bw__ratio(value, *divisor);
        BW_TRY(bw__push_number_at(q, *out, q->a->records[at]->step, value));
    }
    return BW_OK;
}

static bw_status answer_volumes(bw__question *q, bw_node **out)
{
    bool cumulative;

    BW_TRY(bw__option_bool(q, "cumulative", false, &cumulative));
    return push_history(q, cumulative ? TOTAL : VOLUME, NULL, out);
}

static bw_status answer_rates(bw__question *q, bw_node **out)
{
    return push_history(q, RATE, NULL, out);
}

static bw_status answer_recoveries(bw__question *q, bw_node **out)
{
    bw__quantity quantity = (bw__quantity)q->row->what;
    const char *name = quantity == BW__Q_OIL ? "stoiip" : "stgiip";
    double initial = quantity == BW__Q_OIL ? 0 : quantity == BW__Q_GAS ? 1 : 2;

    if (q->a->count > 0) {
        BW_TRY(bw__option_number(q, name, bw__initial(q->a, (int)initial), &initial));
    }
    return push_history(q, TOTAL, &initial, out);
}

/* Whole-run totals and recovery factors, which take no options. */
static bw_status last_total(bw__question *q, double *out)
{
    if (q->a->count == 0) {
        return bw_fail(q->ctx, BW_ERR_NOT_FOUND, "%s: no state has been read", q->row->name);
    }
    *out = bw__total_to(q->a, q->a->count - 1, (q->row->what & INJECTED) != 0,
                        (bw__quantity)(q->row->what & QUANTITY), &bw__everything);
    return BW_OK;
}

static bw_status answer_total(bw__question *q, bw_node **out)
{
    double total = 0;

    BW_TRY(last_total(q, &total));
    return bw__answer_number(q, total, out);
}

static bw_status answer_recovery(bw__question *q, bw_node **out)
{
    int which = q->row->what == BW__Q_OIL ? 0 : q->row->what == BW__Q_GAS ? 1 : 2;
    double total = 0;

    BW_TRY(last_total(q, &total));
    return bw__answer_number(q, bw__ratio(total, bw__initial(q->a, which)), out);
}

#define RANGE "fromStep toStep"
#define HISTORY RANGE " interval"

const bw__row bw__volume_rows[] = {
    {"oilProduced", answer_volume, BW__Q_OIL, RANGE " cells"},
    {"gasProduced", answer_volume, BW__Q_GAS, RANGE " cells"},
    {"freeGasProduced", answer_volume, BW__Q_FREE_GAS, RANGE " cells"},
    {"waterProduced", answer_volume, BW__Q_WATER, RANGE " cells"},
    {"oilInjected", answer_volume, BW__Q_OIL | INJECTED, RANGE " cells"},
    {"gasInjected", answer_volume, BW__Q_GAS | INJECTED, RANGE " cells"},
    {"waterInjected", answer_volume, BW__Q_WATER | INJECTED, RANGE " cells"},
    {"oilProductionHistory", answer_volumes, BW__Q_OIL, HISTORY " cumulative cells"},
    {"gasProductionHistory", answer_volumes, BW__Q_GAS, HISTORY " cumulative cells"},
    {"freeGasProductionHistory", answer_volumes, BW__Q_FREE_GAS, HISTORY " cumulative cells"},
    {"waterProductionHistory", answer_volumes, BW__Q_WATER, HISTORY " cumulative cells"},
    {"oilInjectionHistory", answer_volumes, BW__Q_OIL | INJECTED, HISTORY " cumulative cells"},
    {"gasInjectionHistory", answer_volumes, BW__Q_GAS | INJECTED, HISTORY " cumulative cells"},
    {"waterInjectionHistory", answer_volumes, BW__Q_WATER | INJECTED,
     HISTORY " cumulative cells"},
    {"oilRateHistory", answer_rates, BW__Q_OIL, HISTORY " cells"},
    {"gasRateHistory", answer_rates, BW__Q_GAS, HISTORY " cells"},
    {"freeGasRateHistory", answer_rates, BW__Q_FREE_GAS, HISTORY " cells"},
    {"waterRateHistory", answer_rates, BW__Q_WATER, HISTORY " cells"},
    {"oilRecoveryFactorHistory", answer_recoveries, BW__Q_OIL, HISTORY " cells stoiip"},
    {"gasRecoveryFactorHistory", answer_recoveries, BW__Q_GAS, HISTORY " cells stgiip"},
    {"freeGasRecoveryFactorHistory", answer_recoveries, BW__Q_FREE_GAS,
     HISTORY " cells stgiip"},
    {"cumulativeOilProduced", answer_total, BW__Q_OIL, ""},
    {"cumulativeGasProduced", answer_total, BW__Q_GAS, ""},
    {"cumulativeFreeGasProduced", answer_total, BW__Q_FREE_GAS, ""},
    {"cumulativeWaterProduced", answer_total, BW__Q_WATER, ""},
    {"cumulativeWaterInjected", answer_total, BW__Q_WATER | INJECTED, ""},
    {"cumulativeGasInjected", answer_total, BW__Q_GAS | INJECTED, ""},
    {"oilRecoveryFactor", answer_recovery, BW__Q_OIL, ""},
    {"gasRecoveryFactor", answer_recovery, BW__Q_GAS, ""},
    {"totalGasRecoveryFactor", answer_recovery, BW__Q_GAS, ""},
    {"totalGasRecoveryFactorHistory", answer_recoveries, BW__Q_GAS, HISTORY " cells stgiip"},
    {"freeGasRecoveryFactor", answer_recovery, BW__Q_FREE_GAS, ""},
    {NULL, NULL, 0, ""},
};
