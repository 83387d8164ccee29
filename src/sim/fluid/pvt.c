/* SPDX-License-Identifier: MIT */
/* Fluid properties (docs/simulation.md, "Fluids"): 1/B and 1/(B μ) are linear between rows. */
#include "pvt.h"

#include <math.h>

int32_t bw__sim_interval(const double *x, int32_t n, double at)
{
    int32_t low = 0, left = n - 1;

    while (left > 1) { /* without branches, which processors would guess wrong half of the time */
        int32_t half = left / 2;
        low += x[low + half] <= at ? half : 0;
        left -= half;
    }
    return low;
}

double bw__sim_linear(const double *x, const double *y, int32_t n, double at, double *slope)
{
    int32_t i = 0;
    double s = 0;

    if (n < 2) {
        if (slope != NULL) {
            *slope = 0;
        }
        return y[0];
    }
    i = bw__sim_interval(x, n, at);
    s = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
    if (slope != NULL) {
        *slope = s;
    }
    return y[i] + s * (at - x[i]);
}

double bw__sim_clamped(const double *x, const double *y, int32_t n, double at, double *slope)
{
    if (n < 2 || at < x[0] || at > x[n - 1]) {
        if (slope != NULL) {
            *slope = 0;
        }
        return y[n < 2 || at < x[0] ? 0 : n - 1];
    }
    return bw__sim_linear(x, y, n, at, slope);
}

static void curve_at(const bw_sim_curve *c, double p, double *b, double *b_p, double *bm,
                     double *bm_p)
{
    int32_t i = 0;
    double width = 0, slope = 0, slope_m = 0; /* a caller may pass one place for both */

    if (c->n < 2) {
        *b = c->y[0];
        *bm = c->z[0];
        *b_p = *bm_p = 0;
        return;
    }
    i = bw__sim_interval(c->x, c->n, p);
    width = c->x[i + 1] - c->x[i];
    slope = (c->y[i + 1] - c->y[i]) / width;
    slope_m = (c->z[i + 1] - c->z[i]) / width;
    *b = c->y[i] + slope * (p - c->x[i]);
    *bm = c->z[i] + slope_m * (p - c->x[i]);
    *b_p = slope;
    *bm_p = slope_m;
}

void bw__pvt_water(const bw_sim_pvt *pvt, double p, double *b, double *b_p, double *bm,
                   double *bm_p)
{
    double x = 0, y = 0, c = pvt->water_c, cm = pvt->water_c - pvt->water_cv;

    if (pvt->water.n > 0) {
        curve_at(&pvt->water, p, b, b_p, bm, bm_p);
        return;
    }
    x = c * (p - pvt->water_pref);
    y = cm * (p - pvt->water_pref);
    *b = (1 + x + 0.5 * x * x) / pvt->water_bw;
    *b_p = c * (1 + x) / pvt->water_bw;
    *bm = (1 + y + 0.5 * y * y) / (pvt->water_bw * pvt->water_mu);
    *bm_p = cm * (1 + y) / (pvt->water_bw * pvt->water_mu);
}

void bw__pvt_gas(const bw_sim_pvt *pvt, double p, double *b, double *b_p, double *bm,
                 double *bm_p)
{
    curve_at(&pvt->gas, p, b, b_p, bm, bm_p);
}

double bw__pvt_rs_sat(const bw_sim_pvt *pvt, double p, double *slope)
{
    int32_t last = pvt->nbranch - 1;

    if (!pvt->live || (pvt->capped && p >= pvt->pb[last])) {
        if (slope != NULL) {
            *slope = 0;
        }
        return pvt->live ? pvt->rs[last] : 0;
    }
    return bw__sim_linear(pvt->pb, pvt->rs, pvt->nbranch, p, slope);
}

double bw__pvt_bubble_point(const bw_sim_pvt *pvt, double rs)
{
    return pvt->live && pvt->nbranch > 1
               ? bw__sim_linear(pvt->rs, pvt->pb, pvt->nbranch, rs, NULL)
               : 0;
}

void bw__pvt_oil(const bw_sim_pvt *pvt, double p, double rs, bw_sim_oil *out)
{
    int32_t i = 0;
    double a = 0, width = 0, pb = 0, pb_rs = 0, delta = 0;
    double b[2], b_p[2], m[2], m_p[2];

    if (pvt->nbranch < 2) {
        curve_at(&pvt->branch[0], p, &out->b, &out->b_p, &out->bm, &out->bm_p);
        out->b_rs = out->bm_rs = 0;
        return;
    }
    i = bw__sim_interval(pvt->rs, pvt->nbranch, rs);
    width = pvt->rs[i + 1] - pvt->rs[i];
    a = (rs - pvt->rs[i]) / width;
    pb_rs = (pvt->pb[i + 1] - pvt->pb[i]) / width;
    pb = pvt->pb[i] + pb_rs * (rs - pvt->rs[i]);
    delta = p - pb;
    for (int32_t s = 0; s < 2; s++) {
        curve_at(&pvt->branch[i + s], pvt->pb[i + s] + delta, &b[s], &b_p[s], &m[s], &m_p[s]);
    }
    out->b = (1 - a) * b[0] + a * b[1];
    out->b_p = (1 - a) * b_p[0] + a * b_p[1];
    out->b_rs = (b[1] - b[0]) / width - pb_rs * out->b_p;
    out->bm = (1 - a) * m[0] + a * m[1];
    out->bm_p = (1 - a) * m_p[0] + a * m_p[1];
    out->bm_rs = (m[1] - m[0]) / width - pb_rs * out->bm_p;
}
