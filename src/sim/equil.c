/* SPDX-License-Identifier: MIT */
/*
 * The state at day 0: given cell by cell, or hydrostatic (docs/simulation.md, "Hydrostatic
 * start"): dp/dz = γ(p) by Runge and Kutta from the datum, contacts where capillary pressures
 * are as given, saturations from the inverse of the capillary pressures at each cell's centre.
 */
#include <math.h>
#include <string.h>

#include "sim/fluid/pvt.h"
#include "sim/fluid/satfun.h"
#include "sim_parts.h"
#include "sim_read.h"

#define NODES 1024

/* A phase's pressure over depth, at evenly spaced nodes. */
typedef struct column {
    double top, step, p[NODES + 1], slope[NODES + 1];
} column;

typedef struct equilibrium {
    const bw_sim *sim;
    const bw_sim_pvt *pvt;
    double datum, pressure, woc, goc, pcow, pcgo;
    const double *rsvd; /* rows [depth, Rs] */
    size_t nrsvd;
    double top, bottom;
    column phase[BW_PHASES];
} equilibrium;

static double rs_at_depth(const equilibrium *e, double depth, double p)
{
    double sat = bw__pvt_rs_sat(e->pvt, p, NULL), rs = sat;
    size_t i = 0;

    if (e->nrsvd > 0) {
        const double *v = e->rsvd;
        while (i + 2 < e->nrsvd && depth >= v[2 * (i + 1)]) {
            i++;
        }
        if (e->nrsvd == 1 || depth <= v[0]) {
            rs = v[1];
        } else if (depth >= v[2 * (e->nrsvd - 1)]) {
            rs = v[2 * e->nrsvd - 1];
        } else {
            rs = v[2 * i + 1] + (v[2 * i + 3] - v[2 * i + 1]) * (depth - v[2 * i]) /
                                    (v[2 * i + 2] - v[2 * i]);
        }
    }
    return rs < sat ? rs : sat;
}

static double gamma_of(const equilibrium *e, int32_t phase, double depth, double p)
{
    const double *surface = e->sim->fluids.surface;
    double b = 0, slope = 0, bm = 0, rs = 0;
    bw_sim_oil o;

    if (phase == BW_WATER) {
        bw__pvt_water(e->pvt, p, &b, &slope, &bm, &slope);
        return b * surface[BW_WATER] / 144;
    }
    if (phase == BW_GAS) {
        bw__pvt_gas(e->pvt, p, &b, &slope, &bm, &slope);
        return b * surface[BW_GAS] * BW_SIM_MSCF / 144;
    }
    rs = rs_at_depth(e, depth, p);
    bw__pvt_oil(e->pvt, p, rs, &o);
    return o.b * (surface[BW_OIL] + rs * surface[BW_GAS] * BW_SIM_MSCF) / 144;
}

/* One step of Runge and Kutta's fourth order. */
static double advance(const equilibrium *e, int32_t phase, double z, double p, double h)
{
    double k1 = gamma_of(e, phase, z, p);
    double k2 = gamma_of(e, phase, z + 0.5 * h, p + 0.5 * h * k1);
    double k3 = gamma_of(e, phase, z + 0.5 * h, p + 0.5 * h * k2);
    double k4 = gamma_of(e, phase, z + h, p + h * k3);

    return p + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
}

/* The whole column of a phase through (z, p). */
static void integrate(equilibrium *e, int32_t phase, double z, double p)
{
    column *c = &e->phase[phase];
    int32_t at = 0;
    double first = 0;

    c->top = e->top;
    c->step = (e->bottom - e->top) / NODES;
    at = (int32_t)floor((z - e->top) / c->step + 0.5);
    at = at < 0 ? 0 : at > NODES ? NODES : at;
    first = e->top + at * c->step;
    for (int32_t i = 0; i < 16; i++) { /* to the nearest node, which may be far outside */
        p = advance(e, phase, z + (first - z) * i / 16, p, (first - z) / 16);
    }
    c->p[at] = p;
    for (int32_t i = at; i < NODES; i++) {
        c->p[i + 1] = advance(e, phase, c->top + i * c->step, c->p[i], c->step);
    }
    for (int32_t i = at; i > 0; i--) {
        c->p[i - 1] = advance(e, phase, c->top + i * c->step, c->p[i], -c->step);
    }
    for (int32_t i = 0; i <= NODES; i++) {
        c->slope[i] = gamma_of(e, phase, c->top + i * c->step, c->p[i]);
    }
}

/* Cubic between the nodes, whose slopes are known. */
static double pressure_at(const equilibrium *e, int32_t phase, double z)
{
    const column *c = &e->phase[phase];
    double u = (z - c->top) / c->step, t = 0;
    int32_t i = (int32_t)floor(u);

    i = i < 0 ? 0 : i > NODES - 1 ? NODES - 1 : i;
    t = u - i;
    return (1 + 2 * t) * (1 - t) * (1 - t) * c->p[i] +
           t * (1 - t) * (1 - t) * c->step * c->slope[i] +
           t * t * (3 - 2 * t) * c->p[i + 1] + t * t * (t - 1) * c->step * c->slope[i + 1];
}

/* Where all three columns begin: the datum's leg first, then the contacts. */
static void integrate_all(equilibrium *e)
{
    if (e->datum > e->woc && e->sim->fluids.has[BW_WATER]) {
        integrate(e, BW_WATER, e->datum, e->pressure);
        integrate(e, BW_OIL, e->woc, pressure_at(e, BW_WATER, e->woc) + e->pcow);
        integrate(e, BW_GAS, e->goc, pressure_at(e, BW_OIL, e->goc) + e->pcgo);
        return;
    }
    if (e->datum < e->goc && e->sim->fluids.has[BW_GAS]) {
        integrate(e, BW_GAS, e->datum, e->pressure);
        integrate(e, BW_OIL, e->goc, pressure_at(e, BW_GAS, e->goc) - e->pcgo);
    } else {
        integrate(e, BW_OIL, e->datum, e->pressure);
        integrate(e, BW_GAS, e->goc, pressure_at(e, BW_OIL, e->goc) + e->pcgo);
    }
    integrate(e, BW_WATER, e->woc, pressure_at(e, BW_OIL, e->woc) - e->pcow);
}

/* Inverse capillary pressures --------------------------------------------------------------- */

typedef double curve_fn(const bw_sim_satfun *s, int32_t cell, double saturation);

static double ow(const bw_sim_satfun *s, int32_t cell, double sw)
{
    return bw__satfun_pcow(s, cell, sw, NULL);
}

static double go(const bw_sim_satfun *s, int32_t cell, double sg)
{
    return bw__satfun_pcgo(s, cell, sg, NULL);
}

/* Of gas above water without oil between them. */
static double gw(const bw_sim_satfun *s, int32_t cell, double sw)
{
    return bw__satfun_pcow(s, cell, sw, NULL) + bw__satfun_pcgo(s, cell, 1 - sw, NULL);
}

/* The saturation within [low, high] at which `f` is `value`, by halving; clamped. */
static double inverse(const bw_sim_satfun *s, int32_t cell, curve_fn *f, double value, double low,
                      double high)
{
    bool falls = f(s, cell, low) > f(s, cell, high);

    if (falls ? value >= f(s, cell, low) : value <= f(s, cell, low)) {
        return low;
    }
    if (falls ? value <= f(s, cell, high) : value >= f(s, cell, high)) {
        return high;
    }
    for (int32_t i = 0; i < 200 && high - low > 1e-16; i++) {
        double middle = 0.5 * (low + high);
        if ((f(s, cell, middle) > value) == falls) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

static bool is_constant(const bw_sim_satfun *s, int32_t cell, curve_fn *f, double low, double high)
{
    return f(s, cell, low) == f(s, cell, high);
}

static void start_cell(const equilibrium *e, bw_sim *sim, int32_t c)
{
    const bw_sim_satfun *s = &sim->satfun;
    double depth = sim->grid.depth[sim->grid.flat_of[c]];
    double po = pressure_at(e, BW_OIL, depth), pw = po, pg = po, sw = 0, sg = 0, rs = 0, sat = 0;
    double sw_min = bw__satfun_sw_min(s, c), sw_max = bw__satfun_sw_max(s, c);
    double sg_max = bw__satfun_sg_max(s, c);

    if (sim->fluids.has[BW_WATER]) {
        pw = pressure_at(e, BW_WATER, depth);
        sw = is_constant(s, c, ow, sw_min, sw_max) ? (depth > e->woc ? sw_max : sw_min)
                                                   : inverse(s, c, ow, po - pw, sw_min, sw_max);
    }
    if (sim->fluids.has[BW_GAS]) {
        pg = pressure_at(e, BW_GAS, depth);
        sg = is_constant(s, c, go, 0, sg_max) ? (depth < e->goc ? sg_max : 0)
                                              : inverse(s, c, go, pg - po, 0, sg_max);
    }
    if (sw + sg > 1 + 1e-12) {
        sw = is_constant(s, c, gw, sw_min, sw_max) ? sw_min
                                                   : inverse(s, c, gw, pg - pw, sw_min, sw_max);
        sg = 1 - sw;
        po = pg - bw__satfun_pcgo(s, c, sg, NULL);
    }
    if (sim->fluids.has[BW_WATER] && sw >= sw_max) {
        po = pw + bw__satfun_pcow(s, c, sw_max, NULL);
    } else if (sim->fluids.has[BW_GAS] && sg_max > 0 && sg >= sg_max) {
        po = pg - bw__satfun_pcgo(s, c, sg_max, NULL);
    }
    sat = bw__pvt_rs_sat(bw__pvt_of(&sim->fluids, c), po, NULL);
    rs = sg > 0 ? sat : rs_at_depth(e, depth, po);
    sim->vars.p[c] = po;
    sim->vars.sw[c] = sw;
    sim->vars.sat[c] = !(rs < sat) || sg > 0 || 1 - sw - sg < 1e-8;
    sim->vars.x[c] = sim->vars.sat[c] ? sg : rs;
}

static void start_hydrostatic(bw_sim_reader *r, const bw_node *map, bw_sim *sim)
{
    const char *where = "initial";
    equilibrium *e = bw__sim_scratch(r, 1, sizeof *e);
    const bw_node *rsvd = bw_map_get_text(map, "rsvd");

    if (e == NULL) {
        return;
    }
    e->sim = sim;
    e->datum = bw__sim_number(r, map, where, "datum_depth", NAN, -1e6, 1e6);
    e->pressure = bw__sim_number(r, map, where, "datum_pressure", NAN, 0, 1e6);
    e->woc = bw__sim_number(r, map, where, "woc", sim->fluids.has[BW_WATER] ? NAN : 1e6, -1e7, 1e7);
    e->goc = bw__sim_number(r, map, where, "goc", sim->fluids.has[BW_GAS] ? NAN : -1e6, -1e7, 1e7);
    e->pcow = bw__sim_number(r, map, where, "pcow_at_woc", 0, -1e6, 1e6);
    e->pcgo = bw__sim_number(r, map, where, "pcgo_at_goc", 0, -1e6, 1e6);
    if (rsvd != NULL && rsvd->type != BW_NODE_NULL) {
        e->rsvd = bw__sim_rows(r, rsvd, where, "rsvd", 2, 1, &e->nrsvd);
    }
    if (r->errors > 0 || r->st != BW_OK) {
        return;
    }
    e->top = e->bottom = sim->grid.depth[sim->grid.flat_of[0]];
    for (int32_t c = 0; c < sim->grid.n; c++) {
        double z = sim->grid.depth[sim->grid.flat_of[c]];
        e->top = z < e->top ? z : e->top;
        e->bottom = z > e->bottom ? z : e->bottom;
    }
    e->top -= 1;
    e->bottom += 1;
    /* One set of columns for each temperature's fluids. */
    for (int32_t region = 0; region < sim->fluids.nregion; region++) {
        e->pvt = &sim->fluids.region[region];
        integrate_all(e);
        for (int32_t c = 0; c < sim->grid.n; c++) {
            if (sim->fluids.region_of == NULL || sim->fluids.region_of[c] == region) {
                start_cell(e, sim, c);
            }
        }
    }
}

static void start_given(bw_sim_reader *r, const bw_node *map, bw_sim *sim)
{
    const bw_sim_grid *g = &sim->grid;
    const char *where = "initial";
    bool water = sim->fluids.has[BW_WATER], gas = sim->fluids.has[BW_GAS];
    const bw_node *given = bw_map_get_text(map, "rs");
    bool saturated = given == NULL || given->type == BW_NODE_NULL;
    double *p = bw__sim_active_cells(r, g, bw_map_get_text(map, "pressure"), where, "pressure", NAN,
                                     1e-3, 1e6);
    double *sw = bw__sim_active_cells(r, g, bw_map_get_text(map, "sw"), where, "sw",
                                      water ? NAN : 0, 0, 1);
    double *sg = bw__sim_active_cells(r, g, bw_map_get_text(map, "sg"), where, "sg",
                                      gas ? NAN : 0, 0, 1);
    double *rs = bw__sim_active_cells(r, g, given, where, "rs", 0, 0, 1e6);

    for (int32_t c = 0; r->st == BW_OK && r->errors == 0 && c < g->n; c++) {
        double sat = bw__pvt_rs_sat(bw__pvt_of(&sim->fluids, c), p[c], NULL);
        double bound = saturated ? sat : rs[c] < sat ? rs[c] : sat;
        double free = gas ? sg[c] : 0;
        if (sw[c] + free > 1 + 1e-6) {
            int32_t at = g->flat_of[c];
            bw__sim_wrong(r, where, "sw", "and sg are together %g in cell (%d, %d, %d)",
                          sw[c] + free, (int)(at % g->nx), (int)(at / g->nx % g->ny),
                          (int)(at / (g->nx * g->ny)));
            return;
        }
        sim->vars.p[c] = p[c];
        sim->vars.sw[c] = water ? sw[c] : 0;
        if (sim->vars.sw[c] + free > 1) {
            free = 1 - sim->vars.sw[c];
        }
        sim->vars.sat[c] = free > 0 || !(bound < sat) || 1 - sim->vars.sw[c] - free < 1e-8;
        sim->vars.x[c] = sim->vars.sat[c] ? free : bound;
    }
}

/* Pressures that the tables were not made for. */
static void check_cover(bw_sim_reader *r, const bw_sim *sim)
{
    for (int32_t c = 0; c < sim->grid.n; c++) {
        const bw_sim_pvt *pvt = bw__pvt_of(&sim->fluids, c);
        double p = sim->vars.p[c];
        int32_t at = sim->grid.flat_of[c], i = at % sim->grid.nx;
        int32_t j = at / sim->grid.nx % sim->grid.ny;
        int32_t k = at / (sim->grid.nx * sim->grid.ny);
        if (!(p > 0 && p < 1e6)) {
            bw__sim_wrong(r, "initial", NULL, "the pressure of cell (%d, %d, %d) is %g psi", (int)i,
                          (int)j, (int)k, p);
            return;
        }
        if (sim->fluids.has[BW_GAS] &&
            (p < pvt->gas.x[0] || p > pvt->gas.x[pvt->gas.n - 1])) {
            bw__sim_warn(r, "gas", NULL,
                         "its table covers %g to %g psi, cell (%d, %d, %d) is at %g",
                         pvt->gas.x[0], pvt->gas.x[pvt->gas.n - 1], (int)i, (int)j, (int)k, p);
            return;
        }
    }
}

void bw__sim_read_initial(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    static const char *const types[] = {"equil", "explicit", NULL};
    const bw_node *map = bw_map_get_text(model, "initial");
    size_t n = (size_t)sim->grid.n;
    int32_t type = 0;

    if (map == NULL || map->type != BW_NODE_MAP) {
        bw__sim_wrong(r, "initial", NULL, "is missing");
        return;
    }
    sim->vars.p = bw__sim_keep(r, n, sizeof(double));
    sim->vars.sw = bw__sim_keep(r, n, sizeof(double));
    sim->vars.x = bw__sim_keep(r, n, sizeof(double));
    sim->vars.sat = bw__sim_keep(r, n, 1);
    sim->vars.switched = bw__sim_keep(r, n, 1);
    if (r->st != BW_OK) {
        return;
    }
    type = bw__sim_word(r, map, "initial", "type", types, 0);
    if (type == 0) {
        start_hydrostatic(r, map, sim);
    } else if (type == 1) {
        start_given(r, map, sim);
    }
    if (r->errors == 0 && r->st == BW_OK) {
        check_cover(r, sim);
    }
}
