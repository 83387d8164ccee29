/* SPDX-License-Identifier: MIT */
/** BORES's volumes in place and produced, its rates and recovery factors. */
#include "compat.h"

#include <inttypes.h>
#include <math.h>

/* Volumes ------------------------------------------------------------------------------------ */

/* The wheel's solution gas: all oil at the first state's mean ratio. */
#define FREE_AND_FIRST BW__QUANTITIES

static double volume_at(const bw_analysis *a, uint32_t at, bool injected, bw__quantity quantity,
                        const bw__filter *filter)
{
    if (quantity == FREE_AND_FIRST) {
        return volume_at(a, at, injected, BW__Q_FREE_GAS, filter) +
               volume_at(a, at, injected, BW__Q_OIL, filter) * a->records[0]->means.rs;
    }
    return bw__rate(a, a->records[at], injected, quantity, filter) * a->records[at]->step_days;
}

double bw__bores_total(const bw_analysis *a, uint32_t at, bool injected, bw__quantity quantity)
{
    double sum = 0;

    for (uint32_t n = 0; n <= at; n++) {
        sum += volume_at(a, n, injected, quantity, &bw__everything);
    }
    return sum;
}

double bw__bores_initial(const bw_analysis *a, int which)
{
    const bw__zone *first = &a->records[0]->field;

    if (!isnan(a->given[which])) {
        return a->given[which];
    }
    switch (which) {
    case 0:
        return first->oil * BW__BORES_BARRELS;
    case 1:
        return first->free_gas +
               (a->head ? (first->oil_gas + first->water_gas) * BW__BORES_BARRELS : 0);
    case 2:
        return first->free_gas;
    default:
        return first->water * BW__BORES_BARRELS;
    }
}

/* Steps: negative ones count from the largest by number. */
static bw_status step_option(bw__question *q, const char *name, int64_t otherwise, bool resolve,
                             int64_t *out)
{
    double number = (double)otherwise;

    if (q->a->count == 0) {
        return bw_fail(q->ctx, BW_ERR_NOT_FOUND, "%s: no state has been read", q->row->name);
    }
    BW_TRY(bw__option_number(q, name, number, &number));
    if (number != floor(number) || fabs(number) > 9e15) {
        return bw_fail(q->ctx, BW_ERR_ARGUMENT, "%s: %s must be an integer", q->row->name, name);
    }
    *out = (int64_t)number;
    if (resolve && *out < 0) {
        *out += q->a->records[q->a->count - 1]->step + 1;
    }
    return BW_OK;
}

bw_status bw__bores_step(bw__question *q, uint32_t *at, bool *negative)
{
    int64_t step = 0, raw = 0;

    BW_TRY(step_option(q, "step", -1, false, &raw));
    BW_TRY(step_option(q, "step", -1, true, &step));
    *negative = raw < 0;
    for (uint32_t n = 0; n < q->a->count; n++) {
        if (q->a->records[n]->step == step) {
            *at = n;
            return BW_OK;
        }
    }
    return bw_fail(q->ctx, BW_ERR_NOT_FOUND, "%s: step %" PRId64 " was not saved", q->row->name,
                   step);
}

typedef struct steps {
    int64_t from, to, interval;
} steps;

static bw_status read_steps(bw__question *q, steps *out)
{
    BW_TRY(step_option(q, "fromStep", 0, false, &out->from));
    BW_TRY(step_option(q, "toStep", -1, true, &out->to));
    return bw__option_count(q, "interval", 1, 1, &out->interval);
}

static const bw__record *record_of(const bw_analysis *a, int64_t step, uint32_t *at)
{
    for (*at = 0; *at < a->count; ++*at) {
        if (a->records[*at]->step == step) {
            return a->records[*at];
        }
    }
    return NULL;
}

static bw_status answer_volume(bw__question *q, bw_node **out)
{
    bool injected = (q->row->what & 16) != 0;
    bw__filter filter;
    double sum = 0;
    steps range;

    BW_TRY(read_steps(q, &range));
    BW_TRY(bw__option_cells(q, &filter));
    for (uint32_t n = 0; n < q->a->count; n++) {
        if (q->a->records[n]->step >= range.from && q->a->records[n]->step <= range.to) {
            sum += volume_at(q->a, n, injected, (bw__quantity)(q->row->what & 15), &filter);
        }
    }
    return bw__answer_number(q, sum, out);
}

#define MOST_STEPS 10000000

/* Histories have a row for each step of the range, saved or not. */
static bw_status push_history(bw__question *q, bool cumulative, const double *divisor,
                              bool injected, bw__quantity quantity, bw_node **out)
{
    bw__filter filter;
    steps range;

    BW_TRY(read_steps(q, &range));
    BW_TRY(bw__option_cells(q, &filter));
    BW_TRY(bw__answer_list(q, out));
    if (range.to - range.from > MOST_STEPS) {
        return bw_fail_limit(q->ctx, "steps of a history", (uint64_t)(range.to - range.from),
                             MOST_STEPS);
    }
    for (int64_t step = range.from; step <= range.to; step += range.interval) {
        uint32_t at = 0;
        const bw__record *record = record_of(q->a, step, &at);
        double value = record == NULL ? 0 : volume_at(q->a, at, injected, quantity, &filter);

        if (cumulative) {
            value = 0;
            for (uint32_t n = 0; n < q->a->count && q->a->records[n]->step <= step; n++) {
                value += volume_at(q->a, n, injected, quantity, &filter);
            }
        }
        value = divisor == NULL ? value : bw__ratio(value, *divisor);
        BW_TRY(bw__push_number_at(q, *out, step, value));
    }
    return BW_OK;
}

static bw_status answer_history(bw__question *q, bw_node **out)
{
    bool cumulative;

    BW_TRY(bw__option_bool(q, "cumulative", false, &cumulative));
    return push_history(q, cumulative, NULL, (q->row->what & 16) != 0,
                        (bw__quantity)(q->row->what & 15), out);
}

static bw_status answer_total(bw__question *q, bw_node **out)
{
    return bw__answer_number(q, q->a->count == 0 ? 0
                                                 : bw__bores_total(q->a, q->a->count - 1, false,
                                                                   (bw__quantity)q->row->what),
                             out);
}

/* In place ----------------------------------------------------------------------------------- */

/* Gas where the version has all of it in some answers, free gas alone in others. */
enum { OIL, ALL_GAS, FREE_GAS, WATER };

static double in_place(const bw_analysis *a, int which, uint32_t at)
{
    static const bw__quantity quantities[] = {BW__Q_OIL, BW__Q_GAS, BW__Q_FREE_GAS, BW__Q_WATER};
    const bw__zone *field = &a->records[at]->field;
    double in;

    if (!a->head) { /* from that state's own grids */
        return which == OIL     ? field->oil * BW__BORES_BARRELS
               : which == WATER ? field->water * BW__BORES_BARRELS
                                : field->free_gas;
    }
    in = which == OIL ? 0
                      : bw__bores_total(a, at, true, which == WATER ? BW__Q_WATER
                                                                    : BW__Q_FREE_GAS);
    return bw__bores_initial(a, which) + in - bw__bores_total(a, at, false, quantities[which]);
}

static bw_status answer_in_place(bw__question *q, bw_node **out)
{
    bool negative;
    uint32_t at = 0;

    BW_TRY(bw__bores_step(q, &at, &negative));
    return bw__answer_number(q, in_place(q->a, q->row->what, at), out);
}

static bw_status answer_in_place_history(bw__question *q, bw_node **out)
{
    steps range;

    BW_TRY(read_steps(q, &range));
    BW_TRY(bw__answer_list(q, out));
    for (uint32_t n = 0; n < q->a->count; n++) {
        int64_t step = q->a->records[n]->step;

        if (step >= range.from && step <= range.to &&
            (step - range.from) % range.interval == 0) {
            BW_TRY(bw__push_number_at(q, *out, step, in_place(q->a, q->row->what, n)));
        }
    }
    return BW_OK;
}

static bw_status answer_initial(bw__question *q, bw_node **out)
{
    bool negative;
    uint32_t at = 0;

    BW_TRY(bw__bores_step(q, &at, &negative)); /* that there is a state */
    return bw__answer_number(q, bw__bores_initial(q->a, q->row->what), out);
}

static bw_status describe_volumetrics(bw__question *q, uint32_t at, bw_node *map)
{
    const bw__zone *field = &q->a->records[at]->field;

    BW_TRY(bw__put_number(q, map, "oilInPlace", in_place(q->a, OIL, at)));
    BW_TRY(bw__put_number(q, map, "gasInPlace", in_place(q->a, FREE_GAS, at)));
    BW_TRY(bw__put_number(q, map, "waterInPlace", in_place(q->a, WATER, at)));
    BW_TRY(bw__put_number(q, map, "poreVolume", field->pore));
    return bw__put_number(q, map, "hydrocarbonPoreVolume", field->hydrocarbon);
}

static bw_status answer_volumetrics(bw__question *q, bw_node **out)
{
    return q->row->what ? bw__answer_history(q, describe_volumetrics, out)
                        : bw__answer_step(q, describe_volumetrics, out);
}

/* Rates and recoveries ----------------------------------------------------------------------- */

static bw_status put_rates(bw__question *q, uint32_t at, bool injected, bw_node *map)
{
    const bw__record *record = q->a->records[at];
    bw__filter filter;
    double oil, water, free_gas, gas;

    BW_TRY(bw__option_cells(q, &filter));
    oil = bw__rate(q->a, record, injected, BW__Q_OIL, &filter);
    water = bw__rate(q->a, record, injected, BW__Q_WATER, &filter);
    free_gas = bw__rate(q->a, record, injected, BW__Q_FREE_GAS, &filter);
    gas = q->a->head ? bw__rate(q->a, record, injected, BW__Q_OIL_GAS, &filter) : free_gas;
    BW_TRY(bw__put_number(q, map, "oilRate", oil));
    BW_TRY(bw__put_number(q, map, "gasRate", gas));
    BW_TRY(bw__put_number(q, map, "waterRate", water));
    BW_TRY(bw__put_number(q, map, "totalLiquidRate", oil + water));
    BW_TRY(bw__put_number(q, map, "gasOilRatio", bw__ratio(gas, oil)));
    BW_TRY(bw__put_number(q, map, "waterCut", bw__ratio(water, oil + water)));
    if (!q->a->head) {
        return BW_OK;
    }
    BW_TRY(bw__put_number(q, map, "freeGasRate", free_gas));
    return bw__put_number(q, map, "solutionGasRate", gas - free_gas);
}

static bw_status describe_production(bw__question *q, uint32_t at, bw_node *map)
{
    return put_rates(q, at, false, map);
}

static bw_status describe_injection(bw__question *q, uint32_t at, bw_node *map)
{
    return put_rates(q, at, true, map);
}

static bw_status answer_rates(bw__question *q, bw_node **out)
{
    static const char *const types[] = {"production", "injection", NULL};
    int type;

    if (q->row->what < 2) {
        return bw__answer_step(q, q->row->what ? describe_injection : describe_production, out);
    }
    BW_TRY(bw__option_choice(q, "rateType", types, 0, &type));
    return bw__answer_history(q, type ? describe_injection : describe_production, out);
}

/* What gas recovery divides, and by what: head all gas, else free gas; `total` (guide) free gas and
 * that of the oil, by free gas and that of N barrels at the mean ratio. */
enum { OIL_RECOVERY, GAS_RECOVERY, FREE_RECOVERY, TOTAL_RECOVERY };

static bw__quantity recovered(const bw_analysis *a, int what)
{
    return what == OIL_RECOVERY                         ? BW__Q_OIL
           : what == FREE_RECOVERY                      ? BW__Q_FREE_GAS
           : a->head                                    ? BW__Q_GAS
           : what == TOTAL_RECOVERY && a->wheel         ? FREE_AND_FIRST
           : what == TOTAL_RECOVERY                     ? BW__Q_OIL_GAS
                                                        : BW__Q_FREE_GAS;
}

static double recoverable(const bw_analysis *a, int what)
{
    if (what == TOTAL_RECOVERY && !a->head) {
        return bw__bores_initial(a, 2) + bw__bores_initial(a, 0) * a->records[0]->means.rs;
    }
    return bw__bores_initial(a, what == OIL_RECOVERY ? 0 : what == FREE_RECOVERY ? 2 : 1);
}

static double recovery_of(const bw_analysis *a, int what)
{
    return bw__ratio(bw__bores_total(a, a->count - 1, false, recovered(a, what)),
                     recoverable(a, what));
}

static bw_status answer_recovery(bw__question *q, bw_node **out)
{
    bool negative;
    uint32_t at = 0;

    BW_TRY(bw__bores_step(q, &at, &negative));
    return bw__answer_number(q, recovery_of(q->a, q->row->what), out);
}

static bw_status answer_recoveries(bw__question *q, bw_node **out)
{
    double initial = 0;

    if (q->a->count > 0) {
        BW_TRY(bw__option_number(q, q->row->what == OIL_RECOVERY ? "stoiip" : "stgiip",
                                 recoverable(q->a, q->row->what), &initial));
    }
    return push_history(q, true, &initial, false, recovered(q->a, q->row->what), out);
}

static bw_status describe_cumulative(bw__question *q, uint32_t at, bw_node *map)
{
    const bw_analysis *a = q->a;
    double free_gas = bw__bores_total(a, at, false, BW__Q_FREE_GAS);

    BW_TRY(bw__put_number(q, map, "cumulativeOil", bw__bores_total(a, at, false, BW__Q_OIL)));
    BW_TRY(bw__put_number(q, map, "cumulativeGas", free_gas));
    BW_TRY(bw__put_number(q, map, "cumulativeFreeGas", free_gas));
    BW_TRY(bw__put_number(q, map, "cumulativeWater",
                          bw__bores_total(a, at, false, BW__Q_WATER)));
    BW_TRY(bw__put_number(q, map, "oilRecoveryFactor", recovery_of(a, OIL_RECOVERY)));
    return bw__put_number(q, map, "gasRecoveryFactor", recovery_of(a, GAS_RECOVERY));
}

static bw_status answer_cumulative(bw__question *q, bw_node **out)
{
    return q->row->what ? bw__answer_history(q, describe_cumulative, out)
                        : bw__answer_step(q, describe_cumulative, out);
}

#define RANGE "fromStep toStep"
#define HISTORY RANGE " interval"
#define OF_FIT "fit stepDays economicLimit"

const bw__row bw__compat_rows[] = {
    {"oilProduced", answer_volume, BW__Q_OIL, RANGE " cells"},
    {"gasProduced", answer_volume, BW__Q_FREE_GAS, RANGE " cells"},
    {"freeGasProduced", answer_volume, BW__Q_FREE_GAS, RANGE " cells"},
    {"waterProduced", answer_volume, BW__Q_WATER, RANGE " cells"},
    {"oilInjected", answer_volume, BW__Q_OIL | 16, RANGE " cells"},
    {"gasInjected", answer_volume, BW__Q_FREE_GAS | 16, RANGE " cells"},
    {"waterInjected", answer_volume, BW__Q_WATER | 16, RANGE " cells"},
    {"oilProductionHistory", answer_history, BW__Q_OIL, HISTORY " cumulative cells"},
    {"gasProductionHistory", answer_history, BW__Q_FREE_GAS, HISTORY " cumulative cells"},
    {"freeGasProductionHistory", answer_history, BW__Q_FREE_GAS, HISTORY " cumulative cells"},
    {"waterProductionHistory", answer_history, BW__Q_WATER, HISTORY " cumulative cells"},
    {"oilInjectionHistory", answer_history, BW__Q_OIL | 16, HISTORY " cumulative cells"},
    {"gasInjectionHistory", answer_history, BW__Q_FREE_GAS | 16, HISTORY " cumulative cells"},
    {"waterInjectionHistory", answer_history, BW__Q_WATER | 16, HISTORY " cumulative cells"},
    {"cumulativeOilProduced", answer_total, BW__Q_OIL, ""},
    {"cumulativeGasProduced", answer_total, BW__Q_FREE_GAS, ""},
    {"cumulativeFreeGasProduced", answer_total, BW__Q_FREE_GAS, ""},
    {"cumulativeWaterProduced", answer_total, BW__Q_WATER, ""},
    {"stockTankOilInitiallyInPlace", answer_initial, OIL, ""},
    {"stockTankGasInitiallyInPlace", answer_initial, ALL_GAS, ""},
    {"freeGasInitiallyInPlace", answer_initial, FREE_GAS, ""},
    {"stockTankWaterInitiallyInPlace", answer_initial, WATER, ""},
    {"oilInPlace", answer_in_place, OIL, "step method"},
    {"gasInPlace", answer_in_place, ALL_GAS, "step method"},
    {"freeGasInPlace", answer_in_place, FREE_GAS, "step method"},
    {"waterInPlace", answer_in_place, WATER, "step method"},
    {"oilInPlaceHistory", answer_in_place_history, OIL, HISTORY " method"},
    {"gasInPlaceHistory", answer_in_place_history, FREE_GAS, HISTORY " method"},
    {"freeGasInPlaceHistory", answer_in_place_history, FREE_GAS, HISTORY " method"},
    {"waterInPlaceHistory", answer_in_place_history, WATER, HISTORY " method"},
    {"reservoirVolumetricsAnalysis", answer_volumetrics, 0, "step"},
    {"reservoirVolumetricsHistory", answer_volumetrics, 1, HISTORY},
    {"instantaneousProductionRates", answer_rates, 0, "step cells"},
    {"instantaneousInjectionRates", answer_rates, 1, "step cells"},
    {"instantaneousRatesHistory", answer_rates, 2, HISTORY " rateType cells"},
    {"oilRecoveryFactor", answer_recovery, OIL_RECOVERY, ""},
    {"gasRecoveryFactor", answer_recovery, GAS_RECOVERY, ""},
    {"freeGasRecoveryFactor", answer_recovery, FREE_RECOVERY, ""},
    {"totalGasRecoveryFactor", answer_recovery, TOTAL_RECOVERY, ""},
    {"oilRecoveryFactorHistory", answer_recoveries, OIL_RECOVERY, HISTORY " cells stoiip"},
    {"gasRecoveryFactorHistory", answer_recoveries, GAS_RECOVERY, HISTORY " cells stgiip"},
    {"freeGasRecoveryFactorHistory", answer_recoveries, FREE_RECOVERY, HISTORY " cells stgiip"},
    {"totalGasRecoveryFactorHistory", answer_recoveries, TOTAL_RECOVERY,
     HISTORY " cells stgiip"},
    {"cumulativeProductionAnalysis", answer_cumulative, 0, "step"},
    {"cumulativeProductionHistory", answer_cumulative, 1, HISTORY},
    {"materialBalance", bw__bores_balance, 0, "step"},
    {"materialBalanceHistory", bw__bores_balance, 1, HISTORY},
    {"voidageReplacementRatio", bw__bores_replacement, 0, "step cells"},
    {"voidageReplacementRatioHistory", bw__bores_replacement, 1, HISTORY " cells"},
    {"declineCurveAnalysis", bw__bores_fit, 0, RANGE " declineType phase"},
    {"recommendDeclineModel", bw__bores_recommended, 0, RANGE " phase maxDeclinePerYear"},
    {"forecastProduction", bw__bores_forecast, 0, OF_FIT " steps"},
    {"estimateEconomicUltimateRecovery", bw__bores_recovery, 0, OF_FIT " forecastSteps"},
    {NULL, NULL, 0, ""},
};
