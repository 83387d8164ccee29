/* SPDX-License-Identifier: MIT */
/**
 * The general material balance as a straight line (D. Havlena and A. S. Odeh, JPT August 1963,
 * SPE 559; L. P. Dake, "Fundamentals of Reservoir Engineering", 1978, chapter 3), with the gas FVF in
 * bbl/SCF, bg = Bg/beta:
 *
 *     F   = Np (Bo - Rs bg) + Gp bg + Wp Bw - Wi Bw,inj - Gi bg,inj
 *     Eo  = Bo - Boi + (Rsi - Rs) bg        Eg = Boi (Bgc/Bgci - 1)
 *     Efw = (1 + m) Boi (Swi cw + cf)/(1 - Swi) (Pi - P)
 *     m   = G Bgci/(beta N Boi)             We = max(0, F - N (Eo + m Eg + Efw))
 *
 * Averages are weighted by So of the same state, those of the cap (c) by Sg. Gp is free gas and what
 * comes dissolved in oil; what comes in water is in Bw.
 */
#include "balance.h"

#include <math.h>

/* Withdrawal less injection, bbl. */
static void withdraw(const bw_analysis *a, uint32_t at, bw__balance *b)
{
    const bw__means *now = &a->records[at]->means;
    const double bg = now->oil_bg / BW__BARREL;
    double np = bw__total_to(a, at, false, BW__Q_OIL, &bw__everything);
    double gp = bw__total_to(a, at, false, BW__Q_OIL_GAS, &bw__everything);
    double wp = bw__total_to(a, at, false, BW__Q_WATER, &bw__everything);
    double wi = bw__total_to(a, at, true, BW__Q_WATER, &bw__everything);
    double gi = bw__total_to(a, at, true, BW__Q_FREE_GAS, &bw__everything);

    b->rp = bw__ratio(gp, np);
    b->injected = (wi == 0 ? 0 : wi * now->injected_bw) +
                  (gi == 0 ? 0 : gi * now->injected_bg / BW__BARREL);
    b->f = np * (now->oil_bo - now->oil_rs * bg) + gp * bg + wp * now->oil_bw - b->injected;
}

void bw__balance_at(const bw_analysis *a, uint32_t at, bw__balance *out)
{
    const bw__record *first = a->records[0], *record = a->records[at];
    const bw__means *then = &first->means, *now = &record->means;
    const double bg = now->oil_bg / BW__BARREL, swi = then->oil_sw;
    double cf = first->rock_compressibility, stretch;
    bw__balance b = {.n = bw__initial(a, 0), .bo = now->oil_bo, .boi = then->oil_bo};

    withdraw(a, at, &b);
    b.pressure = now->oil_pressure;
    b.decline = then->oil_pressure - now->oil_pressure;
    b.m = b.n == 0 ? 0 : bw__initial(a, 2) * then->cap_bg / (BW__BARREL * b.n * then->oil_bo);
    b.eo = now->oil_bo - then->oil_bo + (then->oil_rs - now->oil_rs) * bg;
    b.eg = then->oil_bo * (bw__ratio(now->cap_bg, then->cap_bg) - 1);
    stretch = swi * then->cw + (isnan(cf) ? 0 : cf);
    b.efw = (1 + b.m) * then->oil_bo * (swi == 1 ? 0 : stretch / (1 - swi)) * b.decline;
    b.oil = b.n * b.eo;
    b.cap = b.n * b.m * b.eg;
    b.rock = b.n * b.efw;
    b.water = b.f - b.n * (b.eo + b.m * b.eg + b.efw);
    b.water = b.water < 0 ? 0 : b.water;
    *out = b;
}

static bw_status describe_balance(bw__question *q, uint32_t at, bw_node *map)
{
    bw__balance b;
    double sum, most;

    bw__balance_at(q->a, at, &b);
    sum = b.oil + b.cap + b.water + b.rock;
    most = fabs(b.oil) + fabs(b.cap) + fabs(b.water) + fabs(b.rock);
    sum = sum > 1e-13 * most || isnan(sum) ? sum : 0; /* less is what rounding leaves of nothing */
    BW_TRY(bw__put_number(q, map, "pressure", b.pressure));
    BW_TRY(bw__put_number(q, map, "pressureDecline", b.decline));
    BW_TRY(bw__put_number(q, map, "oilExpansionFactor", bw__ratio(b.bo, b.boi)));
    BW_TRY(bw__put_number(q, map, "producingGor", b.rp));
    BW_TRY(bw__put_number(q, map, "gasCapRatio", b.m));
    BW_TRY(bw__put_number(q, map, "undergroundWithdrawal", b.f));
    BW_TRY(bw__put_number(q, map, "solutionGasDrive", b.oil));
    BW_TRY(bw__put_number(q, map, "gasCapDrive", b.cap));
    BW_TRY(bw__put_number(q, map, "waterDrive", b.water));
    BW_TRY(bw__put_number(q, map, "compactionDrive", b.rock));
    BW_TRY(bw__put_number(q, map, "solutionGasDriveIndex", bw__ratio(b.oil, sum)));
    BW_TRY(bw__put_number(q, map, "gasCapDriveIndex", bw__ratio(b.cap, sum)));
    BW_TRY(bw__put_number(q, map, "waterDriveIndex", bw__ratio(b.water, sum)));
    BW_TRY(bw__put_number(q, map, "compactionDriveIndex", bw__ratio(b.rock, sum)));
    return bw__put_number(q, map, "aquiferInflux", b.water);
}

bw_status bw__answer_balance(bw__question *q, bw_node **out)
{
    return q->row->what ? bw__answer_history(q, describe_balance, out)
                        : bw__answer_step(q, describe_balance, out);
}
