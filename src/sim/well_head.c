/* SPDX-License-Identifier: MIT */
/*
 * The columns in wellbores. They are those of the last step's end, fixed during a step; a well
 * that has just been opened gets them from what it would give now (docs/simulation.md, "Wells").
 */
#include <math.h>
#include <string.h>

#include "sim/fluid/pvt.h"
#include "sim_parts.h"

/* Density / 144 of a mixture of surface rates at a pressure. */
static double mixture_gamma(const bw_sim *sim, int32_t cell, const double rate[BW_PHASES], double p)
{
    const bw_sim_pvt *pvt = bw__pvt_of(&sim->fluids, cell);
    const double *surface = sim->fluids.surface;
    double water = rate[BW_WATER], oil = rate[BW_OIL], gas = rate[BW_GAS];
    double mass = 0, volume = 0, b = 0, bm = 0, slope = 0, rs = 0;
    bw_sim_oil o;

    mass = water * surface[BW_WATER] + oil * surface[BW_OIL] + gas * surface[BW_GAS] * BW_SIM_MSCF;
    if (water > 0) {
        bw__pvt_water(pvt, p, &b, &slope, &bm, &slope);
        volume += water / b;
    }
    if (oil > 0) {
        rs = bw__pvt_rs_sat(pvt, p, &slope);
        rs = gas / oil < rs ? gas / oil : rs;
        bw__pvt_oil(pvt, p, rs, &o);
        volume += oil / o.b;
        gas -= rs * oil;
    }
    if (gas > 0) {
        bw__pvt_gas(pvt, p, &b, &slope, &bm, &slope);
        volume += gas / b;
    }
    return volume > 0 ? mass / volume / 144 : 0;
}

/* Heads from each perforation's rate and pressure, and the bottom-hole pressure `above` them. */
static void columns(const bw_sim *sim, bw_sim_well *well, double above)
{
    double head = 0, depth = well->ref_depth;
    double entering[BW_PHASES];

    for (int32_t k = 0; k < well->nperf; k++) {
        bw_sim_perf *perf = &well->perf[k];
        double total = 0;
        if (perf->cell < 0) {
            continue;
        }
        memset(entering, 0, sizeof entering);
        for (int32_t l = k; l < well->nperf; l++) {
            for (int32_t phase = 0; phase < BW_PHASES; phase++) {
                entering[phase] += well->perf[l].rate[phase] * (well->producer ? 1 : -1);
            }
        }
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            entering[phase] = entering[phase] > 0 ? entering[phase] : 0;
            total += entering[phase];
        }
        if (!(total > 0)) { /* nothing comes up from there: what the well as a whole holds */
            for (int32_t phase = 0; phase < BW_PHASES; phase++) {
                double rate = well->rate[phase] * (well->producer ? 1 : -1);
                entering[phase] = rate > 0 ? rate : 0;
                total += entering[phase];
            }
        }
        if (!(total > 0)) {
            entering[well->producer ? BW_OIL : well->fluid] = 1;
        }
        head += mixture_gamma(sim, perf->cell, entering, 0.5 * (perf->pressure + above)) *
                (perf->depth - depth);
        depth = perf->depth;
        above = perf->pressure;
        perf->head = head;
    }
}

/* Without a last step: the rates that the cells would give at the limits, and their columns. */
static void estimate(bw_sim *sim, bw_sim_well *well)
{
    for (int32_t k = 0; k < well->nperf; k++) {
        well->perf[k].head = 0;
    }
    for (int32_t i = 0; i < 6; i++) {
        bw__sim_well_solve(sim, well);
        for (int32_t k = 0; k < well->nperf; k++) {
            bw_sim_perf *perf = &well->perf[k];
            memcpy(perf->rate, perf->q, sizeof perf->rate);
            perf->pressure = well->bhp + perf->head;
        }
        columns(sim, well, well->bhp);
    }
}

void bw__sim_heads(bw_sim *sim)
{
    for (int32_t i = 0; i < sim->nwells; i++) {
        bw_sim_well *well = &sim->wells[i];
        if (!well->open) {
            continue;
        }
        if (well->head_known) {
            columns(sim, well, well->bhp_last);
        } else {
            estimate(sim, well);
        }
    }
}

void bw__sim_wells_accept(bw_sim *sim, double dt, double stage_share)
{
    for (int32_t i = 0; i < sim->nwells; i++) {
        bw_sim_well *well = &sim->wells[i];
        if (!well->open) {
            continue;
        }
        well->head_known = true;
        well->bhp_last = well->bhp;
        for (int32_t k = 0; k < well->nperf; k++) {
            bw_sim_perf *perf = &well->perf[k];
            memcpy(perf->rate, perf->q, sizeof perf->rate);
            perf->pressure = well->bhp + perf->head;
        }
        for (int32_t flow = 0; flow < BW_FLOWS; flow++) {
            double rate = stage_share * well->rate_stage[flow] +
                          (1 - stage_share) * well->rate[flow];
            if (well->producer) {
                well->produced[flow] += dt * rate;
            } else {
                well->injected[flow] -= dt * rate;
            }
        }
    }
}
