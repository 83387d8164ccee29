/* SPDX-License-Identifier: MIT */
/** The table of quantities and their values; vectors.h says what they are. */
#include "vectors.h"

#include <math.h>
#include <string.h>

/* A thousand SCF, and a barrel in ft3, are FIELD's units of gas and of reservoir volumes. */
#define MSCF 1000.0

enum kind {
    RATE, TOTAL,            /* of a quantity, produced or injected */
    WATER_CUT, GOR, WGR, WOR, LIQUID_RATE, LIQUID_TOTAL,
    OIL_IP, WATER_IP, GAS_IP, GAS_IP_LIQUID, GAS_IP_FREE, OIL_EFFICIENCY, GAS_EFFICIENCY,
    PORE, HYDROCARBON_PORE, PRESSURE, PRESSURE_PORE,
    OIL_SATURATION, BHP, REPLACEMENT, SOLUTION_RATE, SOLUTION_TOTAL
};

#define WHAT(kind, quantity, injected) ((kind) << 8 | (injected) << 4 | (quantity))

const bw__vector_row bw__vector_table[] = {
    {"OPR", "STB/DAY", "Oil production rate", "FWCR", WHAT(RATE, BW__Q_OIL, 0)},
    {"WPR", "STB/DAY", "Water production rate", "FWCR", WHAT(RATE, BW__Q_WATER, 0)},
    {"GPR", "MSCF/DAY", "Gas production rate", "FWCR", WHAT(RATE, BW__Q_GAS, 0)},
    {"GPRF", "MSCF/DAY", "Free gas production rate", "FWCR", WHAT(RATE, BW__Q_FREE_GAS, 0)},
    {"GPRS", "MSCF/DAY", "Solution gas production rate", "FWCR", WHAT(SOLUTION_RATE, 0, 0)},
    {"LPR", "STB/DAY", "Liquid production rate", "FWCR", WHAT(LIQUID_RATE, 0, 0)},
    {"VPR", "RB/DAY", "Voidage production rate", "FWCR", WHAT(RATE, BW__Q_RESERVOIR, 0)},
    {"OPT", "STB", "Oil produced", "FWCR", WHAT(TOTAL, BW__Q_OIL, 0)},
    {"WPT", "STB", "Water produced", "FWCR", WHAT(TOTAL, BW__Q_WATER, 0)},
    {"GPT", "MSCF", "Gas produced", "FWCR", WHAT(TOTAL, BW__Q_GAS, 0)},
    {"GPTF", "MSCF", "Free gas produced", "FWCR", WHAT(TOTAL, BW__Q_FREE_GAS, 0)},
    {"GPTS", "MSCF", "Solution gas produced", "FWCR", WHAT(SOLUTION_TOTAL, 0, 0)},
    {"LPT", "STB", "Liquid produced", "FWCR", WHAT(LIQUID_TOTAL, 0, 0)},
    {"VPT", "RB", "Voidage produced", "FWCR", WHAT(TOTAL, BW__Q_RESERVOIR, 0)},
    {"OIR", "STB/DAY", "Oil injection rate", "FWCR", WHAT(RATE, BW__Q_OIL, 1)},
    {"WIR", "STB/DAY", "Water injection rate", "FWCR", WHAT(RATE, BW__Q_WATER, 1)},
    {"GIR", "MSCF/DAY", "Gas injection rate", "FWCR", WHAT(RATE, BW__Q_GAS, 1)},
    {"VIR", "RB/DAY", "Voidage injection rate", "FWCR", WHAT(RATE, BW__Q_RESERVOIR, 1)},
    {"OIT", "STB", "Oil injected", "FWCR", WHAT(TOTAL, BW__Q_OIL, 1)},
    {"WIT", "STB", "Water injected", "FWCR", WHAT(TOTAL, BW__Q_WATER, 1)},
    {"GIT", "MSCF", "Gas injected", "FWCR", WHAT(TOTAL, BW__Q_GAS, 1)},
    {"VIT", "RB", "Voidage injected", "FWCR", WHAT(TOTAL, BW__Q_RESERVOIR, 1)},
    {"WCT", "", "Water cut", "FWCR", WHAT(WATER_CUT, 0, 0)},
    {"GOR", "MSCF/STB", "Gas-oil ratio", "FWCR", WHAT(GOR, 0, 0)},
    {"WGR", "STB/MSCF", "Water-gas ratio", "FWCR", WHAT(WGR, 0, 0)},
    {"WOR", "", "Water-oil ratio", "FWCR", WHAT(WOR, 0, 0)},
    {"OIP", "STB", "Oil in place", "FR", WHAT(OIL_IP, 0, 0)},
    {"WIP", "STB", "Water in place", "FR", WHAT(WATER_IP, 0, 0)},
    {"GIP", "MSCF", "Gas in place", "FR", WHAT(GAS_IP, 0, 0)},
    {"GIPL", "MSCF", "Gas in place in liquids", "FR", WHAT(GAS_IP_LIQUID, 0, 0)},
    {"GIPG", "MSCF", "Gas in place free", "FR", WHAT(GAS_IP_FREE, 0, 0)},
    {"OE", "", "Oil recovery efficiency", "FR", WHAT(OIL_EFFICIENCY, 0, 0)},
    {"GE", "", "Gas recovery efficiency", "FR", WHAT(GAS_EFFICIENCY, 0, 0)},
    {"PR", "PSIA", "Pressure, hydrocarbon weighted", "FR", WHAT(PRESSURE, 0, 0)},
    {"PRP", "PSIA", "Pressure, pore-volume weighted", "FR", WHAT(PRESSURE_PORE, 0, 0)},
    {"RPV", "RB", "Pore volume", "FR", WHAT(PORE, 0, 0)},
    {"HPV", "RB", "Hydrocarbon pore volume", "FR", WHAT(HYDROCARBON_PORE, 0, 0)},
    {"VRR", "", "Voidage replacement ratio", "F", WHAT(REPLACEMENT, 0, 0)},
    {"BHP", "PSIA", "Bottom-hole pressure", "W", WHAT(BHP, 0, 0)},
    {NULL, NULL, NULL, NULL, 0},
};

/* Values ------------------------------------------------------------------------------------- */

static double in_unit(bw__quantity quantity, double value)
{
    switch (quantity) {
    case BW__Q_GAS:
    case BW__Q_FREE_GAS:
    case BW__Q_OIL_GAS:
        return value / MSCF;
    case BW__Q_OIL:
    case BW__Q_WATER:
        return value;
    default:
        return value / BW__BARREL;
    }
}

typedef struct volumes {
    double oil, water, gas, free_gas;
} volumes;

static volumes rates_of(const bw_analysis *a, const bw__record *r, const bw__filter *f)
{
    return (volumes){bw__rate(a, r, false, BW__Q_OIL, f), bw__rate(a, r, false, BW__Q_WATER, f),
                     bw__rate(a, r, false, BW__Q_GAS, f),
                     bw__rate(a, r, false, BW__Q_FREE_GAS, f)};
}

static double of_rates(int kind, volumes v)
{
    switch (kind) {
    case WATER_CUT:
        return bw__ratio(v.water, v.oil + v.water);
    case GOR:
        return bw__ratio(v.gas / MSCF, v.oil);
    case WGR:
        return bw__ratio(v.water, v.gas / MSCF);
    case WOR:
        return bw__ratio(v.water, v.oil);
    case SOLUTION_RATE:
        return (v.gas - v.free_gas) / MSCF;
    default:
        return v.oil + v.water;
    }
}

static double of_zone(int kind, const bw__zone *z, const bw__zone *first)
{
    switch (kind) {
    case OIL_IP:
        return z->oil;
    case WATER_IP:
        return z->water;
    case GAS_IP:
        return bw__zone_gas(z) / MSCF;
    case GAS_IP_LIQUID:
        return (z->oil_gas + z->water_gas) / MSCF;
    case GAS_IP_FREE:
        return z->free_gas / MSCF;
    case OIL_EFFICIENCY:
        return bw__ratio(first->oil - z->oil, first->oil);
    case GAS_EFFICIENCY:
        return bw__ratio(bw__zone_gas(first) - bw__zone_gas(z), bw__zone_gas(first));
    case PRESSURE:
        return z->not_water == 0 ? bw__ratio(z->pressure_pore, z->pore)
                                 : z->pressure_hydrocarbon / z->not_water;
    case PRESSURE_PORE:
        return bw__ratio(z->pressure_pore, z->pore);
    case PORE:
        return z->pore / BW__BARREL;
    default:
        return z->hydrocarbon / BW__BARREL;
    }
}

/* A well's pressure; shut wells and states without pressures have none. */
static double pressure_of(const bw__record *record, bw_view name)
{
    for (uint32_t w = 0; w < record->wells->count; w++) {
        if (bw_view_equal(record->wells->items[w].name, name)) {
            return record->bhp[w];
        }
    }
    return NAN;
}

static double interval_of(const bw_analysis *a, const bw__vector *v, uint32_t at)
{
    int kind = v->row->what >> 8;
    const bw__filter *f = &v->filter;

    if (kind == LIQUID_TOTAL) {
        return bw__volume(a, at, false, BW__Q_OIL, f) + bw__volume(a, at, false, BW__Q_WATER, f);
    }
    if (kind == SOLUTION_TOTAL) {
        return (bw__volume(a, at, false, BW__Q_GAS, f) -
                bw__volume(a, at, false, BW__Q_FREE_GAS, f)) / MSCF;
    }
    return in_unit((bw__quantity)(v->row->what & 15),
                   bw__volume(a, at, (v->row->what >> 4 & 1) != 0,
                              (bw__quantity)(v->row->what & 15), f));
}

static double value_at(const bw_analysis *a, const bw__vector *v, uint32_t at, double total)
{
    const bw__record *record = a->records[at];
    int kind = v->row->what >> 8;
    bw__quantity quantity = (bw__quantity)(v->row->what & 15);
    bool injected = (v->row->what >> 4 & 1) != 0, region = v->letter == 'R';

    switch (kind) {
    case RATE:
        return in_unit(quantity, bw__rate(a, record, injected, quantity, &v->filter));
    case TOTAL:
    case LIQUID_TOTAL:
    case SOLUTION_TOTAL:
        return total;
    case WATER_CUT:
    case GOR:
    case WGR:
    case WOR:
    case SOLUTION_RATE:
    case LIQUID_RATE:
        return of_rates(kind, rates_of(a, record, &v->filter));
    case BHP:
        return pressure_of(record, v->well);
    case REPLACEMENT:
        return bw__ratio(bw__total_to(a, at, true, BW__Q_RESERVOIR, &v->filter),
                         bw__total_to(a, at, false, BW__Q_RESERVOIR, &v->filter));
    default:
        return of_zone(kind, region ? &record->zones[v->filter.region - 1] : &record->field,
                       region ? &a->records[0]->zones[v->filter.region - 1]
                              : &a->records[0]->field);
    }
}

void bw__vector_values(const bw_analysis *a, const bw__vector *vector, double *out)
{
    int kind = vector->row == NULL ? RATE : vector->row->what >> 8;
    bool sums = kind == TOTAL || kind == LIQUID_TOTAL || kind == SOLUTION_TOTAL;
    double total = 0;

    for (uint32_t at = 0; at < a->count; at++) {
        if (vector->row == NULL) {
            out[at] = a->records[at]->day / (vector->letter == 'Y' ? BW__DAYS_PER_YEAR : 1);
            continue;
        }
        total += sums ? interval_of(a, vector, at) : 0;
        out[at] = value_at(a, vector, at, total);
    }
}
