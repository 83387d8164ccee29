/* SPDX-License-Identifier: MIT */
/**
 * BORES's material balances and voidage replacement. Head has Havlena and Odeh's equation with Bg in
 * ft3/SCF where it must be bbl/SCF; guide and wheel have shares of their own making, which balance
 * nothing:
 *
 *     oil   (Np/N) (Bo - Boi)             gas  dSg Bg G/N  (and (Np/N) (Rsi - Rs) Bg with the oil)
 *     water (max(0, W - Wi + Wp - Winj) + dSw Bw)/N       rock  PV ct (Pi - P)/N
 */
#include "compat.h"

#include <math.h>

typedef struct balance {
    double pressure, decline, expansion, rp, m, f;
    double oil, cap, water, rock, influx;
} balance;

static void head_balance(const bw_analysis *a, uint32_t at, balance *out)
{
    const bw__means *then = &a->records[0]->means, *now = &a->records[at]->means;
    double np = bw__bores_total(a, at, false, BW__Q_OIL);
    double gp = bw__bores_total(a, at, false, BW__Q_OIL_GAS);
    double wp = bw__bores_total(a, at, false, BW__Q_WATER);
    double wi = bw__bores_total(a, at, true, BW__Q_WATER);
    double gi = bw__bores_total(a, at, true, BW__Q_FREE_GAS);
    double n = bw__bores_initial(a, 0), cf = a->records[0]->rock_compressibility, efw, eo, eg;
    balance b = {.pressure = now->oil_pressure, .expansion = now->oil_bo / then->oil_bo};

    b.decline = then->oil_pressure - now->oil_pressure;
    b.rp = np == 0 ? now->oil_rs : gp / np;
    b.m = bw__ratio(bw__bores_initial(a, 2) * then->cap_bg, n * then->oil_bo);
    b.f = np * (now->oil_bo + (b.rp - now->oil_rs) * now->oil_bg) + wp * now->oil_bw;
    b.f -= (wi == 0 ? 0 : wi * now->injected_bw) + (gi == 0 ? 0 : gi * now->injected_bg);
    eo = now->oil_bo - then->oil_bo + (then->oil_rs - now->oil_rs) * now->oil_bg;
    eg = then->oil_bo * (now->cap_bg / then->cap_bg - 1);
    efw = (1 + b.m) * then->oil_bo *
          bw__ratio(then->oil_sw * then->cw + cf, 1 - then->oil_sw) * b.decline;
    b.oil = n * eo;
    b.cap = n * b.m * eg;
    b.rock = n * efw;
    b.water = b.f - n * (eo + b.m * eg + efw);
    b.water = b.water < 0 ? 0 : b.water;
    b.influx = b.water;
    *out = b;
}

static void guide_balance(const bw_analysis *a, uint32_t at, balance *out)
{
    const bw__record *record = a->records[at];
    const bw__means *then = &a->records[0]->means, *now = &record->means;
    double n = bw__bores_initial(a, 0), np = bw__bores_total(a, at, false, BW__Q_OIL), ct;
    balance b = {.pressure = now->pressure, .expansion = now->bo / then->bo};

    b.decline = then->pressure - now->pressure;
    b.influx = record->field.water * BW__BORES_BARRELS - bw__bores_initial(a, 3) +
               bw__bores_total(a, at, false, BW__Q_WATER) -
               bw__bores_total(a, at, true, BW__Q_WATER);
    b.influx = b.influx < 0 ? 0 : b.influx;
    ct = a->records[0]->rock_compressibility + now->s[BW__WATER] * now->cw +
         now->s[BW__OIL] * now->co + now->s[BW__GAS] * now->cg;
    b.oil = bw__ratio(np, n) * (now->bo - then->bo + (then->rs - now->rs) * now->bg);
    b.cap = (now->s[BW__GAS] - then->s[BW__GAS]) * now->bg * bw__ratio(bw__bores_initial(a, 2), n);
    b.water = bw__ratio(b.influx + (now->s[BW__WATER] - then->s[BW__WATER]) * now->bw, n);
    b.rock = bw__ratio(record->field.pore / BW__BARREL * ct * b.decline, n);
    *out = b;
}

static bw_status put_indices(bw__question *q, const balance *b, bool always, bw_node *map)
{
    double sum = b->oil + b->cap + b->water + b->rock;

    sum = sum > 0 || always || isnan(sum) ? sum : 0;
    BW_TRY(bw__put_number(q, map, "solutionGasDriveIndex", bw__ratio(b->oil, sum)));
    BW_TRY(bw__put_number(q, map, "gasCapDriveIndex", bw__ratio(b->cap, sum)));
    BW_TRY(bw__put_number(q, map, "waterDriveIndex", bw__ratio(b->water, sum)));
    BW_TRY(bw__put_number(q, map, "compactionDriveIndex", bw__ratio(b->rock, sum)));
    return bw__put_number(q, map, "aquiferInflux", b->influx);
}

static bw_status describe_balance(bw__question *q, uint32_t at, bw_node *map)
{
    balance b;

    if (q->a->head) {
        head_balance(q->a, at, &b);
    } else {
        guide_balance(q->a, at, &b);
    }
    BW_TRY(bw__put_number(q, map, "pressure", b.pressure));
    BW_TRY(bw__put_number(q, map, "oilExpansionFactor", b.expansion));
    if (q->a->head) {
        BW_TRY(bw__put_number(q, map, "pressureDecline", b.decline));
        BW_TRY(bw__put_number(q, map, "producingGor", b.rp));
        BW_TRY(bw__put_number(q, map, "gasCapRatio", b.m));
        BW_TRY(bw__put_number(q, map, "undergroundWithdrawal", b.f));
        BW_TRY(bw__put_number(q, map, "solutionGasDrive", b.oil));
        BW_TRY(bw__put_number(q, map, "gasCapDrive", b.cap));
        BW_TRY(bw__put_number(q, map, "waterDrive", b.water));
        BW_TRY(bw__put_number(q, map, "compactionDrive", b.rock));
    }
    return put_indices(q, &b, !q->a->head, map);
}

bw_status bw__bores_balance(bw__question *q, bw_node **out)
{
    return q->row->what ? bw__answer_history(q, describe_balance, out)
                        : bw__answer_step(q, describe_balance, out);
}

/* Voidage replacement ------------------------------------------------------------------------ */

/* What has been injected and produced at the surface, by today's mean FVFs. With a step counted from
 * the end BORES compares the states' steps with that number, and so leaves solution gas out. */
static double replacement(const bw_analysis *a, uint32_t at, bool negative,
                          const bw__filter *filter)
{
    const bw__means *now = &a->records[at]->means;
    double gas_unit = a->head ? BW__BARREL : 1, in, from, volumes[5] = {0};
    static const struct { bool injected; bw__quantity quantity; } what[5] = {
        {true, BW__Q_WATER}, {true, BW__Q_FREE_GAS}, {false, BW__Q_OIL}, {false, BW__Q_WATER},
        {false, BW__Q_FREE_GAS}};

    for (uint32_t n = 0; n <= at; n++) {
        const bw__record *record = a->records[n];

        for (int w = 0; w < 5; w++) {
            volumes[w] += bw__rate(a, record, what[w].injected, what[w].quantity, filter) *
                          record->step_days;
        }
        if (!negative) { /* solution gas */
            volumes[4] += (bw__rate(a, record, false, a->head ? BW__Q_GAS : BW__Q_OIL_GAS,
                                    filter) -
                           bw__rate(a, record, false, BW__Q_FREE_GAS, filter)) *
                          record->step_days;
        }
    }
    in = (volumes[0] == 0 ? 0 : volumes[0] * (a->head ? now->injected_bw : now->bw)) +
         (volumes[1] == 0 ? 0
                          : volumes[1] * (a->head ? now->injected_bg : now->bg) / gas_unit);
    from = volumes[2] * now->bo + volumes[3] * now->bw + volumes[4] * now->bg / gas_unit;
    return from == 0 ? (in == 0 ? 0 : INFINITY) : in / from;
}

static bw_status measure_replacement(bw__question *q, uint32_t at, double *out)
{
    bw__filter filter;

    BW_TRY(bw__option_cells(q, &filter));
    *out = replacement(q->a, at, false, &filter);
    return BW_OK;
}

bw_status bw__bores_replacement(bw__question *q, bw_node **out)
{
    bw__filter filter;
    bool negative;
    uint32_t at;

    if (q->row->what) {
        return bw__measure_history(q, measure_replacement, out);
    }
    BW_TRY(bw__bores_step(q, &at, &negative));
    BW_TRY(bw__option_cells(q, &filter));
    return bw__answer_number(q, replacement(q->a, at, negative, &filter), out);
}
