/* SPDX-License-Identifier: MIT */
/* Saturation functions (docs/simulation.md, "Saturation functions"): tables, or models with end
 * points of each cell. */
#include "satfun.h"

#include <math.h>

#include "numbers/elementary.h"
#include "pvt.h"

/* Relative permeabilities ------------------------------------------------------------------- */

/* A model's curve at a normalised saturation; `slope` by that. */
static double model_kr(bw_sim_kr_type type, const bw_sim_kr_curve *c, double s, double *slope)
{
    double a = 0, b = 0, d = 0;

    *slope = 0;
    if (s <= 0) {
        return 0;
    }
    if (s >= 1) {
        return c->max;
    }
    if (type != BW_KR_LET) {
        a = bw__pow(s, c->l);
        *slope = c->max * c->l * a / s;
        return c->max * a;
    }
    a = bw__pow(s, c->l);
    b = c->e * bw__pow(1 - s, c->t);
    d = a + b;
    *slope = c->max * (c->l * a / s * b + a * b * c->t / (1 - s)) / (d * d);
    return c->max * a / d;
}

/* (s - low) / (1 - low - others), with its slope by s. */
static double normalised(double s, double low, double others, double *slope)
{
    double range = 1 - low - others;

    if (!(range > 1e-12)) {
        *slope = 0;
        return s > low ? 1 : 0;
    }
    *slope = 1 / range;
    return (s - low) / range;
}

/* The two-phase values of a model. */
static void model_curves(const bw_sim_satfun *s, int32_t cell, double sw, double sg,
                         bw_sim_kr *out, bw_sim_mix *mix, double *ow_so, double *og_so,
                         double *ow_sw, double *og_sg)
{
    double swir = s->end[BW_END_SWIR][cell], sorw = s->end[BW_END_SORW][cell];
    double sorg = s->end[BW_END_SORG][cell], sgr = s->end[BW_END_SGR][cell];
    double so = 1 - sw - sg, n = 0, dn = 0, slope = 0;

    n = normalised(sw, swir, sorw, &dn);
    out->krw = model_kr(s->kr, &s->curve[BW_CURVE_W], n, &slope);
    out->krw_w = slope * dn;
    n = normalised(sg, sgr, swir + sorg, &dn);
    out->krg = model_kr(s->kr, &s->curve[BW_CURVE_G], n, &slope);
    out->krg_g = slope * dn;
    *ow_sw = *og_sg = *ow_so = *og_so = 0;
    if (s->kr == BW_KR_COREY_BORES) { /* (1 - krw/max)^n */
        const bw_sim_kr_curve *w = &s->curve[BW_CURVE_W], *g = &s->curve[BW_CURVE_G];
        mix->kow = model_kr(s->kr, &s->curve[BW_CURVE_OW], 1 - out->krw / w->max, &slope);
        *ow_sw = -slope * out->krw_w / w->max;
        mix->kog = model_kr(s->kr, &s->curve[BW_CURVE_OG], 1 - out->krg / g->max, &slope);
        *og_sg = -slope * out->krg_g / g->max;
        return;
    }
    n = normalised(so, sorw, swir, &dn);
    mix->kow = model_kr(s->kr, &s->curve[BW_CURVE_OW], n, &slope);
    *ow_so = slope * dn;
    n = normalised(so, sorg, swir, &dn);
    mix->kog = model_kr(s->kr, &s->curve[BW_CURVE_OG], n, &slope);
    *og_so = slope * dn;
}

void bw__satfun(const bw_sim_satfun *s, int32_t cell, double sw, double sg, bw_sim_kr *out)
{
    bool table = s->kr == BW_KR_TABLE;
    double swco = table ? s->swco : s->end[BW_END_SWC][cell];
    /* The default rule takes no less water than connate, and its oil accordingly. */
    bool lifted = s->mixing == BW_MIX_DEFAULT && sw < swco;
    double sw_mix = lifted ? swco : sw, so = 1 - sg - sw_mix;
    double ow_so = 0, og_so = 0, ow_sw = 0, og_sg = 0;
    bw_sim_mix mix = {.sw = sw_mix, .sg = sg, .swco = swco, .a = s->mix_a, .b = s->mix_b};

    if (table) {
        out->krw = bw__sim_clamped(s->water.x, s->water.y, s->water.n, sw, &out->krw_w);
        out->krg = bw__sim_clamped(s->gas.x, s->gas.y, s->gas.n, sg, &out->krg_g);
        mix.kow = bw__sim_clamped(s->oil_w.x, s->oil_w.y, s->oil_w.n, so, &ow_so);
        mix.kog = bw__sim_clamped(s->oil_g.x, s->oil_g.y, s->oil_g.n, so, &og_so);
        mix.krocw = s->oil_w.y[s->oil_w.n - 1];
        mix.som = 0;
    } else {
        double sorw = s->end[BW_END_SORW][cell], sorg = s->end[BW_END_SORG][cell];
        bw_sim_kr at = {0};
        model_curves(s, cell, sw_mix, sg, &at, &mix, &ow_so, &og_so, &ow_sw, &og_sg);
        *out = at;
        if (lifted) { /* water itself is looked up at the cell's saturation */
            double dn = 0, slope = 0, n = 0;
            n = normalised(sw, s->end[BW_END_SWIR][cell], sorw, &dn);
            out->krw = model_kr(s->kr, &s->curve[BW_CURVE_W], n, &slope);
            out->krw_w = slope * dn;
        }
        mix.krocw = s->curve[BW_CURVE_OW].max;
        mix.som = sorw < sorg ? sorw : sorg;
    }
    mix.krw = out->krw;
    mix.krg = out->krg;
    bw__satfun_mix(s->mixing, &mix);
    out->kro = mix.kro;
    out->kro_w = lifted ? mix.d_krw * out->krw_w
                        : mix.d_sw + mix.d_kow * (ow_sw - ow_so) - mix.d_kog * og_so +
                              mix.d_krw * out->krw_w;
    out->kro_g = mix.d_sg - mix.d_kow * ow_so + mix.d_kog * (og_sg - og_so) +
                 mix.d_krg * out->krg_g;
    out->pcow = bw__satfun_pcow(s, cell, sw, &out->pcow_w);
    out->pcgo = bw__satfun_pcgo(s, cell, sg, &out->pcgo_g);
}

/* Capillary pressures ----------------------------------------------------------------------- */

/* a Se^-1/b; (1/a) (Se^(-1/m) - 1)^(1/n); scale a Se^-b; with the slope by Se. */
static double model_pc(const bw_sim_satfun *s, int32_t which, int32_t cell, double se,
                       double *slope)
{
    double a = s->pc_a[which], b = s->pc_b[which], value = 0;

    *slope = 0;
    if (s->pc == BW_PC_BROOKS_COREY) {
        value = a * bw__pow(se, -1 / b);
        *slope = -value / (b * se);
    } else if (s->pc == BW_PC_VAN_GENUCHTEN) {
        double m = 1 - 1 / b, u = bw__pow(se, -1 / m), v = u - 1;
        if (v > 0) {
            value = bw__pow(v, 1 / b) / a;
            *slope = value / (b * v) * (-u / (m * se));
        }
    } else {
        value = s->pc_scale[cell] * a * bw__pow(se, -b);
        *slope = -b * value / se;
    }
    return value;
}

/* A model's value at a saturation whose normalised form falls by `dse` a unit of it. */
static double model_pc_at(const bw_sim_satfun *s, int32_t which, int32_t cell, double se,
                          double dse, double factor, double *slope)
{
    double value = 0, by_se = 0;

    if (se <= s->pc_min_se) {
        value = model_pc(s, which, cell, s->pc_min_se, &by_se);
        by_se = 0;
    } else if (se < 1) {
        value = model_pc(s, which, cell, se, &by_se);
    } else {
        value = model_pc(s, which, cell, 1, &by_se);
        by_se = 0;
    }
    if (slope != NULL) {
        *slope = factor * by_se * dse;
    }
    return factor * value;
}

double bw__satfun_pcow(const bw_sim_satfun *s, int32_t cell, double sw, double *slope)
{
    double se = 0, dse = 0, value = 0;

    if (s->pc == BW_PC_NONE || (s->pc == BW_PC_TABLE && s->pcow.n == 0)) {
        if (slope != NULL) {
            *slope = 0;
        }
        return 0;
    }
    if (s->pc == BW_PC_TABLE) {
        value = bw__sim_clamped(s->pcow.x, s->pcow.y, s->pcow.n, sw, slope);
        if (slope != NULL) {
            *slope *= s->pc_strength;
        }
        return s->pc_strength * value;
    }
    se = normalised(sw, s->pc_end[BW_END_SWIR][cell], s->pc_end[BW_END_SORW][cell], &dse);
    value = model_pc_at(s, 0, cell, se, dse, s->pc_strength * s->pc_water_wet, slope);
    if (s->pc_water_wet < 1) {
        double other = 0;
        value += model_pc_at(s, 2, cell, se, dse, s->pc_strength * (s->pc_water_wet - 1), &other);
        if (slope != NULL) {
            *slope += other;
        }
    }
    return value;
}

double bw__satfun_pcgo(const bw_sim_satfun *s, int32_t cell, double sg, double *slope)
{
    double sl = 0, dsl = 0;

    if (s->pc == BW_PC_NONE || (s->pc == BW_PC_TABLE && s->pcgo.n == 0)) {
        if (slope != NULL) {
            *slope = 0;
        }
        return 0;
    }
    if (s->pc == BW_PC_TABLE) {
        double value = bw__sim_clamped(s->pcgo.x, s->pcgo.y, s->pcgo.n, sg, slope);
        if (slope != NULL) {
            *slope *= s->pc_strength;
        }
        return s->pc_strength * value;
    }
    /* By the liquid that is left: (1 - Sg - Swir - Sorg) / (1 - Swir - Sorg). */
    sl = normalised(1 - sg, s->pc_end[BW_END_SWIR][cell] + s->pc_end[BW_END_SORG][cell], 0, &dsl);
    return model_pc_at(s, 1, cell, sl, -dsl, s->pc_strength, slope);
}

double bw__satfun_sw_min(const bw_sim_satfun *s, int32_t cell)
{
    return s->kr == BW_KR_TABLE ? s->swco : s->end[BW_END_SWC][cell];
}

double bw__satfun_sw_max(const bw_sim_satfun *s, int32_t cell)
{
    (void)cell;
    return s->kr == BW_KR_TABLE ? s->sw_max : 1;
}

double bw__satfun_sg_max(const bw_sim_satfun *s, int32_t cell)
{
    return s->kr == BW_KR_TABLE ? s->sg_max : 1 - s->end[BW_END_SWC][cell];
}
