/* SPDX-License-Identifier: MIT */
/*
 * Oil's relative permeability among three phases, from its values against water and against gas.
 * The default is ECLIPSE's; Stone's two models as in Aziz & Settari, "Petroleum Reservoir
 * Simulation", 2.6; the others are means that BORES knows by name.
 */
#include <math.h>

#include "numbers/elementary.h"
#include "satfun.h"

/* Weighted by the two other phases; blended to the mean where both vanish, as Flow does. */
static void mix_default(bw_sim_mix *m)
{
    const double eps = 1e-5;
    double w = m->sw - m->swco, d = m->sg + w;
    double half = 0.5 * (m->kow + m->kog), value = 0, alpha = 0, alpha_d = 0;
    double v_sg = 0, v_w = 0;

    if (d <= 0.5 * eps) {
        m->kro = half;
        m->d_kow = m->d_kog = 0.5;
        return;
    }
    value = (m->sg * m->kog + w * m->kow) / d;
    v_sg = (m->kog - value) / d;
    v_w = (m->kow - value) / d;
    m->kro = value;
    m->d_sg = v_sg;
    m->d_sw = v_w;
    m->d_kog = m->sg / d;
    m->d_kow = w / d;
    if (d < eps) {
        alpha = (eps - d) / (0.5 * eps);
        alpha_d = -1 / (0.5 * eps);
        m->kro = half * alpha + value * (1 - alpha);
        m->d_sg = v_sg * (1 - alpha) + (half - value) * alpha_d;
        m->d_sw = v_w * (1 - alpha) + (half - value) * alpha_d;
        m->d_kog = 0.5 * alpha + m->d_kog * (1 - alpha);
        m->d_kow = 0.5 * alpha + m->d_kow * (1 - alpha);
    }
}

/* kro = krocw So* βw βg with βw = kow / (krocw (1 - Sw*)), βg = kog / (krocw (1 - Sg*)). */
static void mix_stone_1(bw_sim_mix *m)
{
    double range = 1 - m->swco - m->som;
    double so = (1 - m->sw - m->sg - m->som) / range;
    double sw = (m->sw - m->swco) / range, sg = m->sg / range;
    double cw = 1 - sw, cg = 1 - sg, f = 0;

    if (!(so > 0) || !(range > 0) || !(m->krocw > 0)) {
        return;
    }
    cw = cw < 1e-9 ? 1e-9 : cw;
    cg = cg < 1e-9 ? 1e-9 : cg;
    f = so / (m->krocw * cw * cg);
    m->kro = f * m->kow * m->kog;
    m->d_kow = f * m->kog;
    m->d_kog = f * m->kow;
    m->d_sw = m->kro / range * (-1 / so + (cw > 1e-9 ? 1 / cw : 0));
    m->d_sg = m->kro / range * (-1 / so + (cg > 1e-9 ? 1 / cg : 0));
}

static void mix_stone_2(bw_sim_mix *m)
{
    double k = m->krocw, a = 0, b = 0;

    if (!(k > 0)) {
        return;
    }
    a = m->kow / k + m->krw;
    b = m->kog / k + m->krg;
    m->kro = k * (a * b - m->krw - m->krg);
    if (m->kro <= 0) {
        m->kro = 0;
        return;
    }
    m->d_kow = b;
    m->d_kog = a;
    m->d_krw = k * (b - 1);
    m->d_krg = k * (a - 1);
}

/* a^p b^q, whose slopes end where a or b does. */
static void mix_power(bw_sim_mix *m, double p, double q)
{
    if (m->kow > 0 && m->kog > 0) {
        m->kro = bw__pow(m->kow, p) * bw__pow(m->kog, q);
        m->d_kow = p * m->kro / m->kow;
        m->d_kog = q * m->kro / m->kog;
    }
}

/* (u kow + v kog) / (u + v) with u = Sw, v = Sg, or the larger value where neither is. */
static void mix_baker(bw_sim_mix *m)
{
    double d = m->sw + m->sg;

    if (d > 1e-12) {
        m->kro = (m->sw * m->kow + m->sg * m->kog) / d;
        m->d_sw = (m->kow - m->kro) / d;
        m->d_sg = (m->kog - m->kro) / d;
        m->d_kow = m->sw / d;
        m->d_kog = m->sg / d;
    } else {
        m->kro = m->kow > m->kog ? m->kow : m->kog;
        *(m->kow > m->kog ? &m->d_kow : &m->d_kog) = 1;
    }
}

/* kow So/(So + Sg) + kog So/(So + Sw): what BORES calls ECLIPSE's rule, kept below 1. */
static void mix_bores(bw_sim_mix *m)
{
    double so = 1 - m->sw - m->sg, u = 1 - m->sw, v = 1 - m->sg;

    if (!(so > 0)) {
        return;
    }
    m->d_kow = so / u;
    m->d_kog = so / v;
    m->kro = m->kow * m->d_kow + m->kog * m->d_kog;
    m->d_sw = m->kow * (so / u - 1) / u - m->kog / v;
    m->d_sg = -m->kow / u + m->kog * (so / v - 1) / v;
    if (m->kro > 1) {
        m->kro = 1;
        m->d_kow = m->d_kog = m->d_sw = m->d_sg = 0;
    }
}

static void mix_one(bw_sim_mix *m, bool water)
{
    m->kro = water ? m->kow : m->kog;
    *(water ? &m->d_kow : &m->d_kog) = 1;
}

static void mix_harmonic(bw_sim_mix *m)
{
    double d = m->kow + m->kog;

    if (d > 0) {
        m->kro = 2 * m->kow * m->kog / d;
        m->d_kow = 2 * m->kog * m->kog / (d * d);
        m->d_kog = 2 * m->kow * m->kow / (d * d);
    }
}

/* kow kog (2 - kow - kog), not below 0. */
static void mix_blunt(bw_sim_mix *m)
{
    double a = m->kow, b = m->kog, c = 2 - a - b;

    if (c > 0) {
        m->kro = a * b * c;
        m->d_kow = b * (c - a);
        m->d_kog = a * (c - b);
    }
}

void bw__satfun_mix(bw_sim_mixing rule, bw_sim_mix *m)
{
    m->kro = m->d_sw = m->d_sg = m->d_kow = m->d_kog = m->d_krw = m->d_krg = 0;
    switch (rule) {
    case BW_MIX_STONE_I: mix_stone_1(m); break;
    case BW_MIX_STONE_II: mix_stone_2(m); break;
    case BW_MIX_MIN: mix_one(m, m->kow <= m->kog); break;
    case BW_MIX_MAX: mix_one(m, m->kow >= m->kog); break;
    case BW_MIX_HUSTAD_HANSEN: mix_one(m, m->kow <= m->kog); break; /* kow kog / max = min */
    case BW_MIX_ARITHMETIC:
        m->kro = 0.5 * (m->kow + m->kog);
        m->d_kow = m->d_kog = 0.5;
        break;
    case BW_MIX_GEOMETRIC: mix_power(m, 0.5, 0.5); break;
    case BW_MIX_AZIZ_SETTARI: mix_power(m, m->a, m->b); break;
    case BW_MIX_PRODUCT: mix_power(m, 1, 1); break;
    case BW_MIX_HARMONIC: mix_harmonic(m); break;
    case BW_MIX_BAKER: mix_baker(m); break;
    case BW_MIX_BLUNT: mix_blunt(m); break;
    case BW_MIX_BORES_ECLIPSE: mix_bores(m); break;
    default: mix_default(m); break;
    }
}
