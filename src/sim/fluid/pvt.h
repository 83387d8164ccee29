/* SPDX-License-Identifier: MIT */
/** Fluid properties at a pressure, with their derivatives. */
#ifndef BORES_SIM_PVT_H
#define BORES_SIM_PVT_H

#include "sim/sim_types.h"

/** The interval of `x` in a rising table, the end intervals going on outside: 0 … n-2. */
int32_t bw__sim_interval(const double *x, int32_t n, double at);
/** Linear, the ends extended. `slope` may be NULL. */
double bw__sim_linear(const double *x, const double *y, int32_t n, double at, double *slope);
/** Linear, constant outside. `slope` may be NULL. */
double bw__sim_clamped(const double *x, const double *y, int32_t n, double at, double *slope);

/** 1/Bw and 1/(Bw μw) with their derivatives. */
void bw__pvt_water(const bw_sim_pvt *pvt, double p, double *b, double *b_p, double *bm,
                   double *bm_p);
/** 1/Bg and 1/(Bg μg) with their derivatives. */
void bw__pvt_gas(const bw_sim_pvt *pvt, double p, double *b, double *b_p, double *bm,
                 double *bm_p);
/** Rs of oil beside free gas. */
double bw__pvt_rs_sat(const bw_sim_pvt *pvt, double p, double *slope);
/** The bubble point of oil with `rs`; for oil without gas 0. */
double bw__pvt_bubble_point(const bw_sim_pvt *pvt, double rs);
/** Oil that holds `rs`, at or above its bubble point. */
void bw__pvt_oil(const bw_sim_pvt *pvt, double p, double rs, bw_sim_oil *out);

static inline const bw_sim_pvt *bw__pvt_of(const bw_sim_fluids *fluids, int32_t cell)
{
    return &fluids->region[fluids->region_of != NULL ? fluids->region_of[cell] : 0];
}

#endif
