/* SPDX-License-Identifier: MIT */
/* What a cell's unknowns give: pressures, densities, mobilities and what is in place, each with
 * its derivatives (docs/simulation.md, "Cell state"). */
#include <math.h>
#include <string.h>

#include "sim/fluid/pvt.h"
#include "sim/fluid/satfun.h"
#include "sim_parts.h"

double bw__sim_rs(const bw_sim *sim, int32_t cell, double *slope)
{
    double rs = 0, bound = sim->rs_bound != NULL ? sim->rs_bound[cell] : BW_SIM_NONE;

    if (!sim->vars.sat[cell]) {
        *slope = 1;
        return sim->vars.x[cell];
    }
    rs = bw__pvt_rs_sat(bw__pvt_of(&sim->fluids, cell), sim->vars.p[cell], slope);
    if (rs > bound) {
        *slope = 0;
        return bound;
    }
    return rs;
}

/* out = value and slopes of f(u), where u is a property with its own slopes. */
static void chain(double out[4], double value, double slope, const double u[4])
{
    out[0] = value;
    for (int32_t j = 1; j < 4; j++) {
        out[j] = slope * u[j];
    }
}

/* kr times b/μ, both with slopes. */
static void mobility(double out[4], double kr, const double kr_x[3], const double bm[4])
{
    out[0] = kr * bm[0];
    for (int32_t j = 0; j < 3; j++) {
        out[j + 1] = kr_x[j] * bm[0] + kr * bm[j + 1];
    }
}

/* λ += kr (b/μ) / b. */
static void add_lambda(double lambda[4], const double mob[4], const double b[4])
{
    double value = mob[0] / b[0];

    lambda[0] += value;
    for (int32_t j = 1; j < 4; j++) {
        lambda[j] += (mob[j] - value * b[j]) / b[0];
    }
}

static void water_and_gas(const bw_sim *sim, const bw_sim_pvt *pvt, const bw_sim_kr *kr,
                          double by_x, bw_sim_cell *out, double mob_bm[2][4])
{
    const double *surface = sim->fluids.surface;
    double b = 0, b_p = 0, bm = 0, bm_p = 0, to_mass = 0;

    out->p[BW_WATER][0] = out->p[BW_OIL][0] - kr->pcow;
    out->p[BW_WATER][1] = 1;
    out->p[BW_WATER][2] = -kr->pcow_w;
    out->p[BW_WATER][3] = 0;
    bw__pvt_water(pvt, out->p[BW_WATER][0], &b, &b_p, &bm, &bm_p);
    chain(out->b[BW_WATER], b, b_p, out->p[BW_WATER]);
    chain(mob_bm[0], bm, bm_p, out->p[BW_WATER]);
    to_mass = surface[BW_WATER] / 144;
    chain(out->gamma[BW_WATER], b * to_mass, b_p * to_mass, out->p[BW_WATER]);

    out->p[BW_GAS][0] = out->p[BW_OIL][0] + kr->pcgo;
    out->p[BW_GAS][1] = 1;
    out->p[BW_GAS][2] = 0;
    out->p[BW_GAS][3] = kr->pcgo_g * by_x;
    bw__pvt_gas(pvt, out->p[BW_GAS][0], &b, &b_p, &bm, &bm_p);
    chain(out->b[BW_GAS], b, b_p, out->p[BW_GAS]);
    chain(mob_bm[1], bm, bm_p, out->p[BW_GAS]);
    to_mass = surface[BW_GAS] * BW_SIM_MSCF / 144;
    chain(out->gamma[BW_GAS], b * to_mass, b_p * to_mass, out->p[BW_GAS]);
}

static void oil(const bw_sim *sim, const bw_sim_pvt *pvt, int32_t c, bw_sim_cell *out,
                double bm[4])
{
    const double *surface = sim->fluids.surface;
    double slope = 0, gas = surface[BW_GAS] * BW_SIM_MSCF, mass = 0;
    bool sat = sim->vars.sat[c] != 0;
    bw_sim_oil o;

    out->rs[0] = bw__sim_rs(sim, c, &slope);
    out->rs[1] = sat ? slope : 0;
    out->rs[2] = 0;
    out->rs[3] = sat ? 0 : 1;
    bw__pvt_oil(pvt, out->p[BW_OIL][0], out->rs[0], &o);
    out->b[BW_OIL][0] = o.b;
    bm[0] = o.bm;
    mass = (surface[BW_OIL] + out->rs[0] * gas) / 144;
    out->gamma[BW_OIL][0] = o.b * mass;
    for (int32_t j = 1; j < 4; j++) {
        out->b[BW_OIL][j] = (j == 1 ? o.b_p : 0) + o.b_rs * out->rs[j];
        bm[j] = (j == 1 ? o.bm_p : 0) + o.bm_rs * out->rs[j];
        out->gamma[BW_OIL][j] = out->b[BW_OIL][j] * mass + o.b * out->rs[j] * gas / 144;
    }
}

/* A = V b S, and the gas that oil holds. */
static void in_place(const bw_sim *sim, int32_t c, double sw, double sg, double by_x,
                     bw_sim_cell *out)
{
    double x = sim->grid.rock_c * (out->p[BW_OIL][0] - sim->grid.rock_pref);
    double v = sim->grid.volume[c] * (1 + x + 0.5 * x * x);
    double v_p = sim->grid.volume[c] * sim->grid.rock_c * (1 + x);
    const double s[BW_PHASES] = {sw, 1 - sw - sg, sg};
    const double s_x[BW_PHASES][3] = {{0, 1, 0}, {0, -1, -by_x}, {0, 0, by_x}};

    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        const double *b = out->b[phase];
        double *acc = out->acc[phase];
        acc[0] = v * b[0] * s[phase];
        for (int32_t j = 0; j < 3; j++) {
            acc[j + 1] = v * (b[j + 1] * s[phase] + b[0] * s_x[phase][j]);
        }
        acc[1] += v_p * b[0] * s[phase];
    }
    for (int32_t j = 1; j < 4; j++) {
        out->acc[BW_GAS][j] += out->rs[0] * out->acc[BW_OIL][j] + out->rs[j] * out->acc[BW_OIL][0];
    }
    out->acc[BW_GAS][0] += out->rs[0] * out->acc[BW_OIL][0];
}

bool bw__sim_props_of(const bw_sim *sim, int32_t c, bw_sim_cell *out)
{
    const bw_sim_pvt *pvt = bw__pvt_of(&sim->fluids, c);
    double sw = sim->vars.sw[c], by_x = sim->vars.sat[c] ? 1 : 0;
    double sg = sim->vars.sat[c] ? sim->vars.x[c] : 0;
    double bm[BW_PHASES][4], others[2][4];
    bw_sim_kr kr;
    bool fine = true;

    bw__satfun(&sim->satfun, c, sw, sg, &kr);
    out->p[BW_OIL][0] = sim->vars.p[c];
    out->p[BW_OIL][1] = 1;
    out->p[BW_OIL][2] = out->p[BW_OIL][3] = 0;
    water_and_gas(sim, pvt, &kr, by_x, out, others);
    oil(sim, pvt, c, out, bm[BW_OIL]);
    memcpy(bm[BW_WATER], others[0], sizeof others[0]);
    memcpy(bm[BW_GAS], others[1], sizeof others[1]);
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        /* A property that is not positive makes no sense, nor does one that is not a number. */
        fine = fine && out->b[phase][0] > 0 && bm[phase][0] > 0;
    }
    mobility(out->mob[BW_WATER], kr.krw, (double[3]){0, kr.krw_w, 0}, bm[BW_WATER]);
    mobility(out->mob[BW_OIL], kr.kro, (double[3]){0, kr.kro_w, kr.kro_g * by_x}, bm[BW_OIL]);
    mobility(out->mob[BW_GAS], kr.krg, (double[3]){0, 0, kr.krg_g * by_x}, bm[BW_GAS]);
    memset(out->lambda, 0, sizeof out->lambda);
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        if (!sim->fluids.has[phase]) {
            memset(out->mob[phase], 0, sizeof out->mob[phase]);
        }
        add_lambda(out->lambda, out->mob[phase], out->b[phase]);
    }
    in_place(sim, c, sw, sg, by_x, out);
    return fine;
}

/* Which property has left its tables. */
static void explain(bw_sim *sim, int32_t c)
{
    static const char *const names[BW_PHASES] = {"water", "oil", "gas"};
    const bw_sim_cell *cell = &sim->cells[c];

    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        if (!(cell->b[phase][0] > 0)) {
            bw__sim_fail(sim, c, -1, phase, cell->b[phase][0],
                         "1/B of %s is %.3g at %.6g psi: its table does not reach so far",
                         names[phase], cell->b[phase][0], cell->p[phase][0]);
            return;
        }
    }
    bw__sim_fail(sim, c, -1, BW_OIL, 0,
                 "a viscosity is not positive at %.6g psi: its table does not reach so far",
                 cell->p[BW_OIL][0]);
}

bool bw__sim_props(bw_sim *sim)
{
    for (int32_t c = 0; c < sim->grid.n; c++) {
        if (!bw__sim_props_of(sim, c, &sim->cells[c])) {
            explain(sim, c);
            return false;
        }
    }
    return true;
}

void bw__sim_in_place(const bw_sim *sim, double out[BW_PHASES])
{
    memset(out, 0, BW_PHASES * sizeof *out);
    for (int32_t c = 0; c < sim->grid.n; c++) {
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            out[phase] += sim->cells[c].acc[phase][0];
        }
    }
}
