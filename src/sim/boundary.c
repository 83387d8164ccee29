/* SPDX-License-Identifier: MIT */
/*
 * Boundaries other than no flow: a pressure outside, a flux, and Carter and Tracy's aquifer
 * (J. Pet. Tech., December 1960), coupled implicitly: its influx is linear in the cells' pressures
 * at the end of the step. What flows in is one phase, at the cell's total mobility; what flows out
 * is what the cell has.
 */
#include <math.h>
#include <string.h>

#include "numbers/elementary.h"
#include "sim_parts.h"
#include "sim_read.h"

/* A boundary cell's flow into it, by component, and its derivatives. */
static void add_flow(bw_sim *sim, bw_sim_boundary *bound, int32_t cell, const double q[BW_PHASES],
                     double q_x[BW_PHASES][3])
{
    double *block = sim->solver.m.a + 9 * (size_t)sim->solver.m.diag[cell];

    for (int32_t row = 0; row < BW_PHASES; row++) {
        bound->into[row] += q[row];
        sim->residual[3 * (size_t)cell + (size_t)row] -= q[row];
        for (int32_t j = 0; j < 3; j++) {
            block[3 * row + j] -= q_x[row][j];
        }
    }
}

/* A reservoir rate `v` (rb/d, + in) of the phase that comes in, or of all phases by mobility. */
static void volume_flow(bw_sim *sim, bw_sim_boundary *bound, int32_t c, double v, double v_p)
{
    const bw_sim_cell *cell = &sim->cells[c];
    double q[BW_PHASES] = {0, 0, 0}, q_x[BW_PHASES][3];
    double lambda = cell->lambda[0];

    memset(q_x, 0, sizeof q_x);
    if (v >= 0) {
        const double *b = cell->b[bound->fluid];
        q[bound->fluid] = v * b[0];
        for (int32_t j = 0; j < 3; j++) {
            q_x[bound->fluid][j] = v * b[j + 1] + (j == 0 ? v_p * b[0] : 0);
        }
    } else if (lambda > 0) {
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            const double *mob = cell->mob[phase];
            double share = mob[0] / lambda;
            q[phase] = v * share;
            for (int32_t j = 0; j < 3; j++) {
                q_x[phase][j] = v * (mob[j + 1] - share * cell->lambda[j + 1]) / lambda +
                                (j == 0 ? v_p * share : 0);
            }
        }
        for (int32_t j = 0; j < 3; j++) {
            q_x[BW_GAS][j] += cell->rs[0] * q_x[BW_OIL][j] + cell->rs[j + 1] * q[BW_OIL];
        }
        q[BW_GAS] += cell->rs[0] * q[BW_OIL];
    }
    add_flow(sim, bound, c, q, q_x);
}

/* Across half a cell to a pressure outside: v = T λ (P_out - P), by the cell's total mobility. */
static void pressure_flow(bw_sim *sim, bw_sim_boundary *bound, int32_t i)
{
    int32_t c = bound->cell[i];
    const bw_sim_cell *cell = &sim->cells[c];
    double dp = bound->pressure[i] - cell->p[BW_OIL][0], t = bound->weight[i];
    double q[BW_PHASES] = {0, 0, 0}, q_x[BW_PHASES][3];

    memset(q_x, 0, sizeof q_x);
    if (dp >= 0) {
        const double *b = cell->b[bound->fluid];
        double lambda = cell->lambda[0];
        q[bound->fluid] = t * lambda * dp * b[0];
        for (int32_t j = 0; j < 3; j++) {
            q_x[bound->fluid][j] = t * (cell->lambda[j + 1] * dp * b[0] + lambda * dp * b[j + 1] -
                                        (j == 0 ? lambda * b[0] : 0));
        }
        add_flow(sim, bound, c, q, q_x);
        return;
    }
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        const double *mob = cell->mob[phase];
        q[phase] = t * mob[0] * dp;
        for (int32_t j = 0; j < 3; j++) {
            q_x[phase][j] = t * (mob[j + 1] * dp - (j == 0 ? mob[0] : 0));
        }
    }
    for (int32_t j = 0; j < 3; j++) {
        q_x[BW_GAS][j] += cell->rs[0] * q_x[BW_OIL][j] + cell->rs[j + 1] * q[BW_OIL];
    }
    q[BW_GAS] += cell->rs[0] * q[BW_OIL];
    add_flow(sim, bound, c, q, q_x);
}

/* Carter and Tracy ------------------------------------------------------------------------- */

/* Dimensionless pressure of an infinite aquifer (Edwardson et al., J. Pet. Tech., August 1962),
 * and of one that is closed at `ratio` once its end is felt (van Everdingen and Hurst, 1949). */
static double influence(double t, double ratio, double *slope)
{
    double s = sqrt(t), value = 0;

    if (ratio < 1e29 && t > 0.25 * ratio * ratio) {
        double r2 = ratio * ratio, d = r2 - 1;
        *slope = 2 / d;
        return 2 / d * (0.25 + t) -
               (3 * r2 * r2 - 4 * r2 * r2 * bw__log(ratio) - 2 * r2 - 1) / (4 * d * d);
    }
    if (t < 0.01) {
        value = 2 * sqrt(t / 3.14159265358979323846);
        *slope = t > 0 ? 0.5 * value / t : 0;
    } else if (t <= 500) {
        double a = 370.529 * s + 137.582 * t + 5.69549 * t * s;
        double b = 328.834 + 265.488 * s + 45.2157 * t + t * s;
        double a_t = 0.5 * 370.529 / s + 137.582 + 1.5 * 5.69549 * s;
        double b_t = 0.5 * 265.488 / s + 45.2157 + 1.5 * s;
        value = a / b;
        *slope = (a_t - value * b_t) / b;
    } else {
        value = 0.5 * (bw__log(t) + 0.80907);
        *slope = 0.5 / t;
    }
    return value;
}

void bw__sim_boundaries_begin(bw_sim *sim, double dt)
{
    for (int32_t i = 0; i < sim->nbounds; i++) {
        bw_sim_boundary *bound = &sim->bounds[i];
        double before = 0, after = 0, pd = 0, slope = 0, d = 0;
        if (bound->type != BW_BOUND_AQUIFER) {
            continue;
        }
        before = sim->day * bound->time_factor;
        after = (sim->day + dt) * bound->time_factor;
        pd = influence(after, bound->radius_ratio, &slope);
        d = pd - before * slope;
        bound->b_coef = bound->beta * bound->time_factor / d;
        for (int32_t c = 0; c < bound->n; c++) {
            bound->p_begin[c] = sim->old.p[bound->cell[c]];
            bound->a_cell[c] = bound->time_factor *
                               (bound->beta * (bound->pressure[c] - bound->p_begin[c]) -
                                bound->influx * slope) / d;
        }
    }
}

void bw__sim_boundaries_assemble(bw_sim *sim)
{
    for (int32_t i = 0; i < sim->nbounds; i++) {
        bw_sim_boundary *bound = &sim->bounds[i];
        memset(bound->into, 0, sizeof bound->into);
        for (int32_t k = 0; k < bound->n; k++) {
            int32_t c = bound->cell[k];
            double share = bound->weight[k];
            if (bound->type == BW_BOUND_PRESSURE) {
                pressure_flow(sim, bound, k);
            } else if (bound->type == BW_BOUND_FLUX) {
                volume_flow(sim, bound, c, share * bound->rate, 0);
            } else {
                double v = share * (bound->a_cell[k] -
                                    bound->b_coef * (sim->vars.p[c] - bound->p_begin[k]));
                volume_flow(sim, bound, c, v, -share * bound->b_coef);
            }
        }
    }
}

void bw__sim_boundaries_accept(bw_sim *sim, double dt, double stage_share)
{
    for (int32_t i = 0; i < sim->nbounds; i++) {
        bw_sim_boundary *bound = &sim->bounds[i];
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            bound->total[phase] += dt * (stage_share * bound->into_stage[phase] +
                                         (1 - stage_share) * bound->into[phase]);
        }
        for (int32_t k = 0; bound->type == BW_BOUND_AQUIFER && k < bound->n; k++) {
            double p = sim->vars.p[bound->cell[k]];
            bound->influx += dt * bound->weight[k] *
                             (bound->a_cell[k] - bound->b_coef * (p - bound->p_begin[k]));
        }
    }
}

/* Model ------------------------------------------------------------------------------------- */

static const char *const faces[] = {"x-", "x+", "y-", "y+", "z-", "z+", NULL};

/* Whether a cell is the first active one that a face meets. */
static bool on_face(const bw_sim_grid *g, int32_t cell, int32_t face)
{
    int32_t axis = face / 2, c = g->flat_of[cell];
    int32_t strides[3] = {1, g->nx, g->nx * g->ny}, sizes[3] = {g->nx, g->ny, g->nz};
    int32_t at = c / strides[axis] % sizes[axis], step = face % 2 == 0 ? -1 : 1;

    for (at += step; at >= 0 && at < sizes[axis]; at += step) {
        c += step * strides[axis];
        if (g->active_of[c] >= 0) {
            return false;
        }
    }
    return true;
}

/* The area of a cell's face, and half the cell's transmissibility to it. */
static double face_area(const bw_sim_grid *g, int32_t cell, int32_t axis, double *half)
{
    int32_t c = g->flat_of[cell];
    double dx = g->dx[c % g->nx], dy = g->dy[c / g->nx % g->ny], dz = g->dz[c];
    double net = dz * g->ntg[c];
    double area = axis == 0 ? dy * net : axis == 1 ? dx * net : dx * dy;
    double length = axis == 0 ? dx : axis == 1 ? dy : dz;
    double k = axis == 0 ? g->permx[c] : axis == 1 ? g->permy[c] : g->permz[c];

    *half = BW_SIM_DARCY * 2 * k * area / length;
    return area;
}

static void read_aquifer(bw_sim_reader *r, const bw_node *map, const char *where, bw_sim *sim,
                         bw_sim_boundary *bound)
{
    double ratio = bw__sim_number(r, map, where, "radius_ratio", 1e30, 1.0001, 1e30);

    if (bw_map_get_text(map, "constant") != NULL) {
        bound->beta = bw__sim_number(r, map, where, "constant", NAN, 0, 1e30);
        bound->time_factor = bw__sim_number(r, map, where, "time_factor", NAN, 1e-30, 1e30);
    } else {
        double k = bw__sim_number(r, map, where, "permeability", NAN, 1e-12, 1e9);
        double phi = bw__sim_number(r, map, where, "porosity", NAN, 1e-12, 1);
        double ct = bw__sim_number(r, map, where, "compressibility", NAN, 1e-12, 1);
        double mu = bw__sim_number(r, map, where, "viscosity", NAN, 1e-6, 1e6);
        double ri = bw__sim_number(r, map, where, "inner_radius", NAN, 1e-3, 1e9);
        double ro = bw__sim_number(r, map, where, "outer_radius", 1e30 * ri, ri, 1e300);
        double h = bw__sim_number(r, map, where, "thickness", NAN, 1e-6, 1e6);
        double angle = bw__sim_number(r, map, where, "angle", 360, 1e-3, 360);
        bound->beta = 2 * 3.14159265358979323846 * h * angle / 360 * phi * ct * ri * ri /
                      BW_SIM_BARREL;
        /* k/(φ μ c r²) in 1/d: Darcy's constant is in barrels. */
        bound->time_factor = BW_SIM_DARCY * BW_SIM_BARREL * k / (phi * mu * ct * ri * ri);
        ratio = ro / ri < ratio ? ro / ri : ratio;
    }
    bound->radius_ratio = ratio < 1e29 ? ratio : 1e30;
    bound->p_begin = bw__sim_keep(r, (size_t)bound->n, sizeof(double));
    bound->a_cell = bw__sim_keep(r, (size_t)bound->n, sizeof(double));
    (void)sim;
}

static void find_cells(bw_sim_reader *r, const bw_node *map, const char *where, bw_sim *sim,
                       int32_t face, bw_sim_boundary *bound)
{
    const bw_sim_grid *g = &sim->grid;
    size_t count = 0;
    const bw_node *list = bw_map_get_text(map, "cells");
    double *given = list != NULL ? bw__sim_numbers(r, list, where, "cells", &count) : NULL;

    bound->cell = bw__sim_keep(r, list != NULL ? count : (size_t)g->n, sizeof *bound->cell);
    for (size_t i = 0; bound->cell != NULL && i < count; i++) {
        if (!(given[i] >= 0 && given[i] < g->total)) {
            bw__sim_wrong(r, where, "cells", "has %g, the grid %d cells", given[i], (int)g->total);
            return;
        }
        if (g->active_of[(int32_t)given[i]] >= 0) {
            bound->cell[bound->n++] = g->active_of[(int32_t)given[i]];
        }
    }
    for (int32_t c = 0; list == NULL && bound->cell != NULL && c < g->n; c++) {
        if (on_face(g, c, face)) {
            bound->cell[bound->n++] = c;
        }
    }
    if (bound->n == 0) {
        bw__sim_warn(r, where, "face", "touches no active cell");
    }
}

static void read_boundary(bw_sim_reader *r, const bw_node *map, bw_sim *sim,
                          bw_sim_boundary *bound)
{
    static const char *const types[] = {"pressure", "flux", "carter_tracy", "productivity", NULL};
    static const char *const fluids[] = {"water", "oil", "gas", NULL};
    const char *where = "boundaries";
    int32_t face = bw__sim_word(r, map, where, "face", faces, -1);
    int32_t type = bw__sim_word(r, map, where, "type", types, -1);
    bool has_pressure = type != 1;
    const bool *has = sim->fluids.has;
    int32_t usual = has[BW_WATER] ? BW_WATER : has[BW_GAS] ? BW_GAS : BW_OIL;
    double total = 0, pressure = 0, depth = NAN;
    const char *key = type == 2 ? "initial_pressure" : "pressure";

    if (face < 0 || type < 0) {
        bw__sim_wrong(r, where, NULL, "each needs a face and a type");
        return;
    }
    bound->type = type == 3 ? BW_BOUND_PRESSURE : (bw_sim_boundary_type)type;
    bound->fluid = bw__sim_word(r, map, where, "fluid", fluids, usual);
    if (bound->fluid < 0 || !has[bound->fluid]) {
        bw__sim_wrong(r, where, "fluid", "is a phase that the model has not");
        bound->fluid = BW_OIL;
    }
    find_cells(r, map, where, sim, face, bound);
    bound->weight = bw__sim_keep(r, (size_t)bound->n, sizeof(double));
    bound->pressure = bw__sim_keep(r, (size_t)bound->n, sizeof(double));
    if (bound->weight == NULL || bound->pressure == NULL) {
        return;
    }
    if (has_pressure && (type != 2 || bw_map_get_text(map, key) != NULL)) {
        pressure = bw__sim_number(r, map, where, key, NAN, 0, 1e6);
        depth = bw_map_get_text(map, "depth") != NULL
                    ? bw__sim_number(r, map, where, "depth", 0, -1e6, 1e6) : NAN;
    } else if (type == 2) {
        pressure = NAN; /* the cell's own, taken when the initial state is known */
    }
    bound->rate = type == 1 ? bw__sim_number(r, map, where, "rate", NAN, -1e30, 1e30) : 0;
    for (int32_t i = 0; i < bound->n; i++) {
        double half = 0, area = face_area(&sim->grid, bound->cell[i], face / 2, &half);
        double z = sim->grid.depth[sim->grid.flat_of[bound->cell[i]]];
        bound->pressure[i] = isnan(depth) ? pressure
                                          : pressure + sim->fluids.surface[BW_WATER] / 144 *
                                                           (z - depth);
        bound->weight[i] = bound->type == BW_BOUND_PRESSURE ? half : area;
        if (type == 3) {
            bound->weight[i] = bw_map_get_text(map, "pi") != NULL
                                   ? bw__sim_number(r, map, where, "pi", 0, 0, 1e30)
                                   : half * bw__sim_number(r, map, where, "factor", 1, 0, 1e30);
        }
        total += area;
    }
    for (int32_t i = 0; bound->type != BW_BOUND_PRESSURE && i < bound->n; i++) {
        bound->weight[i] /= total;
    }
    if (bound->type == BW_BOUND_AQUIFER) {
        read_aquifer(r, map, where, sim, bound);
    }
}

void bw__sim_read_boundaries(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    const bw_node *list = bw_map_get_text(model, "boundaries");
    uint32_t n = list != NULL && list->type == BW_NODE_LIST ? list->children.len : 0;

    sim->bounds = bw__sim_keep(r, n, sizeof *sim->bounds);
    for (uint32_t i = 0; sim->bounds != NULL && i < n; i++) {
        read_boundary(r, list->children.items[i], sim, &sim->bounds[i]);
        sim->nbounds = (int32_t)i + 1;
    }
}
