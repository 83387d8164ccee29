/* SPDX-License-Identifier: MIT */
/** Answers that a state's record holds: volumes in place, rates, ratios, and the steps themselves. */
#include <math.h>

#include "balance.h"
#include "question.h"

double bw__zone_gas(const bw__zone *zone)
{
    return zone->free_gas + zone->oil_gas + zone->water_gas;
}

double bw__initial(const bw_analysis *a, int which)
{
    const bw__zone *first = &a->records[0]->field;

    if (!isnan(a->given[which])) {
        return a->given[which];
    }
    switch (which) {
    case 0:
        return first->oil;
    case 1:
        return bw__zone_gas(first);
    case 2:
        return first->free_gas;
    default:
        return first->water;
    }
}

/* In place ----------------------------------------------------------------------------------- */

enum { OIL_IN_PLACE, GAS_IN_PLACE, FREE_GAS_IN_PLACE, WATER_IN_PLACE };

static double by_balance(const bw_analysis *a, int which, uint32_t at)
{
    static const bw__quantity quantities[] = {BW__Q_OIL, BW__Q_GAS, BW__Q_FREE_GAS, BW__Q_WATER};
    bw__quantity quantity = quantities[which];

    return bw__initial(a, which) + bw__total_to(a, at, true, quantity, &bw__everything) -
           bw__total_to(a, at, false, quantity, &bw__everything);
}

static bw_status measure_in_place(bw__question *q, uint32_t at, double *out)
{
    static const char *const methods[] = {"volumetric", "balance", NULL};
    const bw__zone *field = &q->a->records[at]->field;
    int method, which = q->row->what;

    BW_TRY(bw__option_choice(q, "method", methods, 0, &method));
    *out = method == 1                   ? by_balance(q->a, which, at)
           : which == OIL_IN_PLACE       ? field->oil
           : which == GAS_IN_PLACE       ? bw__zone_gas(field)
           : which == FREE_GAS_IN_PLACE  ? field->free_gas
                                         : field->water;
    return BW_OK;
}

static bw_status answer_in_place(bw__question *q, bw_node **out)
{
    return bw__measure_step(q, measure_in_place, out);
}

static bw_status answer_in_place_history(bw__question *q, bw_node **out)
{
    return bw__measure_history(q, measure_in_place, out);
}

static bw_status answer_initial(bw__question *q, bw_node **out)
{
    uint32_t at;

    BW_TRY(bw__option_step(q, &at)); /* that there is a state */
    return bw__answer_number(q, bw__initial(q->a, q->row->what), out);
}

static bw_status describe_volumetrics(bw__question *q, uint32_t at, bw_node *map)
{
    const bw__zone *field = &q->a->records[at]->field;

    BW_TRY(bw__put_number(q, map, "oilInPlace", field->oil));
    BW_TRY(bw__put_number(q, map, "gasInPlace", bw__zone_gas(field)));
    BW_TRY(bw__put_number(q, map, "freeGasInPlace", field->free_gas));
    BW_TRY(bw__put_number(q, map, "solutionGasInPlace", field->oil_gas + field->water_gas));
    BW_TRY(bw__put_number(q, map, "waterInPlace", field->water));
    BW_TRY(bw__put_number(q, map, "poreVolume", field->pore));
    return bw__put_number(q, map, "hydrocarbonPoreVolume", field->hydrocarbon);
}

static bw_status answer_volumetrics(bw__question *q, bw_node **out)
{
    return q->row->what ? bw__answer_history(q, describe_volumetrics, out)
                        : bw__answer_step(q, describe_volumetrics, out);
}

/* Rates -------------------------------------------------------------------------------------- */

static bw_status put_rates(bw__question *q, uint32_t at, bool injected, bw_node *map)
{
    const bw__record *record = q->a->records[at];
    bw__filter filter;
    double oil, water, free_gas, gas;

    BW_TRY(bw__option_cells(q, &filter));
    oil = bw__rate(q->a, record, injected, BW__Q_OIL, &filter);
    water = bw__rate(q->a, record, injected, BW__Q_WATER, &filter);
    free_gas = bw__rate(q->a, record, injected, BW__Q_FREE_GAS, &filter);
    gas = bw__rate(q->a, record, injected, BW__Q_GAS, &filter);
    BW_TRY(bw__put_number(q, map, "oilRate", oil));
    BW_TRY(bw__put_number(q, map, "gasRate", gas));
    BW_TRY(bw__put_number(q, map, "waterRate", water));
    BW_TRY(bw__put_number(q, map, "totalLiquidRate", oil + water));
    BW_TRY(bw__put_number(q, map, "gasOilRatio", bw__ratio(gas, oil)));
    BW_TRY(bw__put_number(q, map, "waterCut", bw__ratio(water, oil + water)));
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

static bw_status answer_production(bw__question *q, bw_node **out)
{
    return bw__answer_step(q, describe_production, out);
}

static bw_status answer_injection(bw__question *q, bw_node **out)
{
    return bw__answer_step(q, describe_injection, out);
}

static bw_status answer_rates_history(bw__question *q, bw_node **out)
{
    static const char *const types[] = {"production", "injection", NULL};
    int type;

    BW_TRY(bw__option_choice(q, "rateType", types, 0, &type));
    return bw__answer_history(q, type == 0 ? describe_production : describe_injection, out);
}

/* Cumulative --------------------------------------------------------------------------------- */

static bw_status describe_cumulative(bw__question *q, uint32_t at, bw_node *map)
{
    const bw_analysis *a = q->a;
    double oil = bw__total_to(a, at, false, BW__Q_OIL, &bw__everything);
    double gas = bw__total_to(a, at, false, BW__Q_GAS, &bw__everything);
    double free_gas = bw__total_to(a, at, false, BW__Q_FREE_GAS, &bw__everything);

    BW_TRY(bw__put_number(q, map, "cumulativeOil", oil));
    BW_TRY(bw__put_number(q, map, "cumulativeGas", gas));
    BW_TRY(bw__put_number(q, map, "cumulativeFreeGas", free_gas));
    BW_TRY(bw__put_number(q, map, "cumulativeWater",
                          bw__total_to(a, at, false, BW__Q_WATER, &bw__everything)));
    BW_TRY(bw__put_number(q, map, "oilRecoveryFactor", bw__ratio(oil, bw__initial(a, 0))));
    return bw__put_number(q, map, "gasRecoveryFactor", bw__ratio(gas, bw__initial(a, 1)));
}

static bw_status answer_cumulative(bw__question *q, bw_node **out)
{
    return q->row->what ? bw__answer_history(q, describe_cumulative, out)
                        : bw__answer_step(q, describe_cumulative, out);
}

/* Ratios ------------------------------------------------------------------------------------- */

/* Reservoir volumes injected over produced, all phases; Infinity where nothing was produced. */
static bw_status measure_replacement(bw__question *q, uint32_t at, double *out)
{
    bw__filter filter;
    double in, from;

    BW_TRY(bw__option_cells(q, &filter));
    in = bw__total_to(q->a, at, true, BW__Q_RESERVOIR, &filter);
    from = bw__total_to(q->a, at, false, BW__Q_RESERVOIR, &filter);
    *out = in == 0 ? 0 : from == 0 ? INFINITY : in / from;
    return BW_OK;
}

static bw_status answer_replacement(bw__question *q, bw_node **out)
{
    return q->row->what ? bw__measure_history(q, measure_replacement, out)
                        : bw__measure_step(q, measure_replacement, out);
}

/* Mean kr/mu of the displacing phase over that of the displaced one. */
static bw_status measure_mobility(bw__question *q, uint32_t at, double *out)
{
    const double *mobility = q->a->records[at]->means.mobility;
    bw__phase displaced, displacing;

    BW_TRY(bw__option_phase(q, "displacedPhase", BW__OIL, &displaced));
    BW_TRY(bw__option_phase(q, "displacingPhase", BW__WATER, &displacing));
    *out = mobility[displaced] == 0 ? INFINITY : mobility[displacing] / mobility[displaced];
    return BW_OK;
}

static bw_status answer_mobility(bw__question *q, bw_node **out)
{
    return q->row->what ? bw__measure_history(q, measure_mobility, out)
                        : bw__measure_step(q, measure_mobility, out);
}

static bw_status answer_ipr(bw__question *q, bw_node **out)
{
    const bw__means *m;
    const char *name;
    uint32_t at;

    BW_TRY(bw__option_step(q, &at));
    m = &q->a->records[at]->means;
    if (isnan(m->s[BW__GAS]) || isnan(m->s[BW__OIL]) || isnan(m->pressure) ||
        isnan(m->bubble_point)) {
        return bw__answer_number(q, NAN, out);
    }
    name = m->s[BW__GAS] >= 0.6                                           ? "fetkovich"
           : m->pressure > m->bubble_point && m->s[BW__OIL] > 0.7         ? "linear"
           : m->s[BW__OIL] > 0.3 && m->s[BW__GAS] > 0.2                   ? "jones"
                                                                          : "vogel";
    *out = bw_node_text(q->ctx, q->arena, bw_view_text(name));
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* Steps -------------------------------------------------------------------------------------- */

static bw_status answer_steps(bw__question *q, bw_node **out)
{
    const bw_analysis *a = q->a;
    bw_node *steps, *days, *gaps;

    BW_TRY(bw__answer_map(q, out));
    BW_TRY(bw__answer_list(q, &steps));
    BW_TRY(bw__answer_list(q, &days));
    BW_TRY(bw__answer_list(q, &gaps));
    for (uint32_t n = 0; n < a->count; n++) {
        BW_TRY(bw__push(q, steps, bw_node_int(q->ctx, q->arena, a->records[n]->step)));
        BW_TRY(bw__push_number(q, days, a->records[n]->day));
        if (bw__is_gap(a, n)) {
            BW_TRY(bw__push_at(q, gaps, a->records[n - 1]->step,
                               bw_node_int(q->ctx, q->arena, a->records[n]->step)));
        }
    }
    BW_TRY(bw__put(q, *out, "steps", steps));
    BW_TRY(bw__put(q, *out, "days", days));
    BW_TRY(bw__put(q, *out, "gaps", gaps));
    BW_TRY(bw__put_numbers(q, *out, "shape",
                           (const double[3]){(double)a->shape[0], (double)a->shape[1],
                                             (double)a->shape[2]}, 3));
    return bw__put_bool(q, *out, "approximate", gaps->children.len > 0);
}

/* An acre has 43560 ft2. */
static bw_status answer_area(bw__question *q, bw_node **out)
{
    double dx, dy;

    BW_TRY(bw__option_number(q, "dx", 0, &dx));
    BW_TRY(bw__option_number(q, "dy", 0, &dy));
    return bw__answer_number(q, dx * dy / 43560, out);
}

#define HISTORY "fromStep toStep interval"

const bw__row bw__record_rows[] = {
    {"steps", answer_steps, 0, ""},
    {"computeCellArea", answer_area, 0, "dx dy"},
    {"stockTankOilInitiallyInPlace", answer_initial, 0, ""},
    {"stockTankGasInitiallyInPlace", answer_initial, 1, ""},
    {"freeGasInitiallyInPlace", answer_initial, 2, ""},
    {"stockTankWaterInitiallyInPlace", answer_initial, 3, ""},
    {"oilInPlace", answer_in_place, OIL_IN_PLACE, "step method"},
    {"gasInPlace", answer_in_place, GAS_IN_PLACE, "step method"},
    {"freeGasInPlace", answer_in_place, FREE_GAS_IN_PLACE, "step method"},
    {"waterInPlace", answer_in_place, WATER_IN_PLACE, "step method"},
    {"oilInPlaceHistory", answer_in_place_history, OIL_IN_PLACE, HISTORY " method"},
    {"gasInPlaceHistory", answer_in_place_history, GAS_IN_PLACE, HISTORY " method"},
    {"freeGasInPlaceHistory", answer_in_place_history, FREE_GAS_IN_PLACE, HISTORY " method"},
    {"waterInPlaceHistory", answer_in_place_history, WATER_IN_PLACE, HISTORY " method"},
    {"reservoirVolumetricsAnalysis", answer_volumetrics, 0, "step"},
    {"reservoirVolumetricsHistory", answer_volumetrics, 1, HISTORY},
    {"instantaneousProductionRates", answer_production, 0, "step cells"},
    {"instantaneousInjectionRates", answer_injection, 0, "step cells"},
    {"instantaneousRatesHistory", answer_rates_history, 0, HISTORY " rateType cells"},
    {"cumulativeProductionAnalysis", answer_cumulative, 0, "step"},
    {"cumulativeProductionHistory", answer_cumulative, 1, HISTORY},
    {"materialBalance", bw__answer_balance, 0, "step"},
    {"materialBalanceHistory", bw__answer_balance, 1, HISTORY},
    {"voidageReplacementRatio", answer_replacement, 0, "step cells"},
    {"voidageReplacementRatioHistory", answer_replacement, 1, HISTORY " cells"},
    {"mobilityRatio", answer_mobility, 0, "step displacedPhase displacingPhase"},
    {"mobilityRatioHistory", answer_mobility, 1, HISTORY " displacedPhase displacingPhase"},
    {"recommendIprMethod", answer_ipr, 0, "step"},
    {NULL, NULL, 0, ""},
};
