/* SPDX-License-Identifier: MIT */
/** Relative permeabilities and capillary pressures of a cell's saturations, with derivatives. */
#ifndef BORES_SIM_SATFUN_H
#define BORES_SIM_SATFUN_H

#include "sim/sim_types.h"

void bw__satfun(const bw_sim_satfun *s, int32_t cell, double sw, double sg, bw_sim_kr *out);

/** Pcow and Pcgo alone; `slope` may be NULL. */
double bw__satfun_pcow(const bw_sim_satfun *s, int32_t cell, double sw, double *slope);
double bw__satfun_pcgo(const bw_sim_satfun *s, int32_t cell, double sg, double *slope);

/** The least and most water and gas that a hydrostatic start puts into a cell. */
double bw__satfun_sw_min(const bw_sim_satfun *s, int32_t cell);
double bw__satfun_sw_max(const bw_sim_satfun *s, int32_t cell);
double bw__satfun_sg_max(const bw_sim_satfun *s, int32_t cell);

/** Mixes the two-phase values kow and kog into kro (mixing.c). */
typedef struct bw_sim_mix {
    double sw, sg, kow, kog, krw, krg; /**< in; sw not below connate for the default rule */
    double swco, krocw;                /**< in: connate water, kow there */
    double som;                        /**< in: least residual oil (Stone I) */
    double a, b;                       /**< in: exponents (Aziz and Settari) */
    double kro, d_sw, d_sg, d_kow, d_kog, d_krw, d_krg; /**< out */
} bw_sim_mix;

void bw__satfun_mix(bw_sim_mixing rule, bw_sim_mix *mix);

#endif
