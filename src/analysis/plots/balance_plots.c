/* SPDX-License-Identifier: MIT */
/**
 * Balances as lines, and the run's own balance.
 *
 *     P/Z = Pi/Zi (1 - Gp/G)                             (B. C. Craft and M. F. Hawkins, 1959)
 *     F/Eo = N + N m Eg/Eo,  F = N Et                    (D. Havlena and A. S. Odeh, 1963, SPE 559)
 *     F/Et against F, level where no water comes in      (Campbell and Campbell, 1978)
 *
 * with Et = Eo + m Eg + Efw. F is what was withdrawn less what was injected, bbl.
 */
#include <math.h>

#include "analysis/balance.h"
#include "plots.h"

/* Mean pressure of what is not water, over the mean Z of the gas. */
bw_status bw__answer_pz(bw__question *q, bw_node **out)
{
    const bw_analysis *a = q->a;
    double *s, *gas;
    bw__line line;

    BW_TRY(bw__plot_begin(q, out));
    BW_TRY(bw__plot_series(q, 2, &s));
    gas = s + a->count;
    for (uint32_t n = 0; n < a->count; n++) {
        const bw__zone *z = &a->records[n]->field;

        s[n] = (z->not_water == 0 ? bw__ratio(z->pressure_pore, z->pore)
                                  : z->pressure_hydrocarbon / z->not_water) /
               a->records[n]->means.cap_z;
        gas[n] = bw__total_to(a, n, false, BW__Q_GAS, &bw__everything);
    }
    if (isnan(s[0])) {
        return bw__put_number(q, *out, "gasInPlace", NAN); /* Z or P is missing */
    }
    bw__line_fit(gas, s, a->count, &line);
    BW_TRY(bw__plot_put(q, *out, "pressureOverZ", s));
    BW_TRY(bw__plot_put(q, *out, "gasProduced", gas));
    BW_TRY(bw__plot_line(q, *out, "line", &line));
    return bw__plot_number(q, *out, "gasInPlace",
                           line.slope < 0 ? -line.intercept / line.slope : NAN);
}

/* F, Eo, Eg, Efw and Et of all records, one after the other. */
static bw_status expansions(bw__question *q, bw_node **out, double **series)
{
    static const char *const keys[] = {"withdrawal", "oilExpansion", "gasExpansion",
                                       "rockAndWaterExpansion", "totalExpansion"};
    const uint32_t records = q->a->count;
    double *s;

    BW_TRY(bw__plot_begin(q, out));
    BW_TRY(bw__plot_series(q, 7, &s));
    for (uint32_t n = 0; n < records; n++) {
        bw__balance b;

        bw__balance_at(q->a, n, &b);
        s[n] = b.f;
        s[records + n] = b.eo;
        s[2 * (size_t)records + n] = b.eg;
        s[3 * (size_t)records + n] = b.efw;
        s[4 * (size_t)records + n] = b.eo + b.m * b.eg + b.efw;
    }
    for (size_t key = 0; key < 5; key++) {
        BW_TRY(bw__plot_put(q, *out, keys[key], s + key * records));
    }
    *series = s;
    return BW_OK;
}

/* a/b where b is not nothing, else NaN, which plots leave out. */
static double over(double a, double b)
{
    return b == 0 ? NAN : a / b;
}

bw_status bw__answer_havlena_odeh(bw__question *q, bw_node **out)
{
    size_t records = q->a->count;
    bw__line cap, all;
    double *s, *x, *y;

    BW_TRY(expansions(q, out, &s));
    x = s + 5 * records;
    y = s + 6 * records;
    for (size_t n = 0; n < records; n++) {
        x[n] = over(s[2 * records + n], s[records + n]);
        y[n] = over(s[n], s[records + n]);
    }
    bw__line_fit(x, y, records, &cap);
    bw__line_fit(s + 4 * records, s, records, &all);
    BW_TRY(bw__plot_put(q, *out, "gasOverOilExpansion", x));
    BW_TRY(bw__plot_put(q, *out, "withdrawalOverOilExpansion", y));
    BW_TRY(bw__plot_line(q, *out, "gasCapLine", &cap));
    BW_TRY(bw__plot_line(q, *out, "expansionLine", &all));
    BW_TRY(bw__plot_number(q, *out, "oilInPlace", cap.intercept));
    BW_TRY(bw__plot_number(q, *out, "gasCapRatio", over(cap.slope, cap.intercept)));
    return bw__plot_number(q, *out, "oilInPlaceByExpansion", all.slope);
}

bw_status bw__answer_campbell(bw__question *q, bw_node **out)
{
    size_t records = q->a->count;
    bw__line line;
    double *s, *y;

    BW_TRY(expansions(q, out, &s));
    y = s + 5 * records;
    for (size_t n = 0; n < records; n++) {
        y[n] = over(s[n], s[4 * records + n]);
    }
    bw__line_fit(s, y, records, &line);
    BW_TRY(bw__plot_put(q, *out, "withdrawalOverExpansion", y));
    BW_TRY(bw__plot_line(q, *out, "line", &line));
    return bw__plot_number(q, *out, "oilInPlace", line.intercept);
}

/* Recovery against reservoir volumes injected, in pore volumes. */
bw_status bw__answer_recovery_plot(bw__question *q, bw_node **out)
{
    const bw_analysis *a = q->a;
    size_t records = a->count;
    double *s;

    BW_TRY(bw__plot_begin(q, out));
    BW_TRY(bw__plot_series(q, 4, &s));
    for (uint32_t n = 0; n < records; n++) {
        double in = bw__volume(a, n, true, BW__Q_RESERVOIR, &bw__everything);
        double from = bw__volume(a, n, false, BW__Q_RESERVOIR, &bw__everything);

        s[n] = bw__ratio(bw__total_to(a, n, true, BW__Q_RESERVOIR, &bw__everything),
                         a->records[0]->field.pore);
        s[records + n] = bw__ratio(bw__total_to(a, n, false, BW__Q_OIL, &bw__everything),
                                   bw__initial(a, 0));
        s[2 * records + n] = bw__ratio(in, from);
        s[3 * records + n] =
            bw__ratio(bw__total_to(a, n, true, BW__Q_RESERVOIR, &bw__everything),
                      bw__total_to(a, n, false, BW__Q_RESERVOIR, &bw__everything));
    }
    BW_TRY(bw__plot_put(q, *out, "poreVolumesInjected", s));
    BW_TRY(bw__plot_put(q, *out, "oilRecoveryFactor", s + records));
    BW_TRY(bw__plot_put(q, *out, "periodReplacement", s + 2 * records));
    return bw__plot_put(q, *out, "replacement", s + 3 * records);
}

/* What the grids hold of a component, at the surface. */
static double held(const bw__zone *zone, int component)
{
    return component == 0 ? zone->oil : component == 1 ? zone->water : bw__zone_gas(zone);
}

/* (now - before + produced - injected)/before of each interval, from grids and rates. */
bw_status bw__answer_check(bw__question *q, bw_node **out)
{
    static const bw__quantity quantities[3] = {BW__Q_OIL, BW__Q_WATER, BW__Q_GAS};
    static const char *const keys[3] = {"oilError", "waterError", "gasError"};
    static const char *const stored[3] = {"storedOilError", "storedWaterError",
                                          "storedGasError"};
    const bw_analysis *a = q->a;
    double *s, *kept;

    BW_TRY(bw__plot_begin(q, out));
    BW_TRY(bw__plot_series(q, 2, &s));
    kept = s + a->count;
    for (int c = 0; c < 3; c++) {
        for (uint32_t n = 0; n < a->count; n++) {
            const bw__zone *before = n == 0 ? NULL : &a->records[n - 1]->field;

            s[n] = before == NULL
                       ? 0
                       : bw__ratio(held(&a->records[n]->field, c) - held(before, c) +
                                       bw__volume(a, n, false, quantities[c], &bw__everything) -
                                       bw__volume(a, n, true, quantities[c], &bw__everything),
                                   held(before, c));
            kept[n] = a->records[n]->mass_error[c];
        }
        BW_TRY(bw__plot_put(q, *out, keys[c], s));
        BW_TRY(bw__plot_put(q, *out, stored[c], kept));
    }
    return BW_OK;
}
