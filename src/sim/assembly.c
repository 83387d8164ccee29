/* SPDX-License-Identifier: MIT */
/*
 * The residual R = (A - A_old)/Δt - ΣF + q of each cell and component, and its derivatives
 * (docs/simulation.md, "Equations"). Rows are scaled by Δt B̄/V, so that a residual is a fraction
 * of the cell's pore volume, which is what convergence is judged by.
 */
#include <math.h>
#include <string.h>

#include "sim_parts.h"

/* A face's flux into a, by component, and its derivatives by both cells' unknowns. */
typedef struct flux {
    double f[BW_PHASES], a[BW_PHASES][3], b[BW_PHASES][3];
} flux;

/* One phase; false when nothing moves and nothing would by a change of the unknowns. */
static bool phase_flux(const bw_sim_cell *a, const bw_sim_cell *b, int32_t phase, double t,
                       double dz, flux *out, const bw_sim_cell **from)
{
    const double *ga = a->gamma[phase], *gb = b->gamma[phase];
    const double *pa = a->p[phase], *pb = b->p[phase];
    double potential = pb[0] - pa[0] - 0.5 * (ga[0] + gb[0]) * dz;
    const bw_sim_cell *u = potential > 0 ? b : a;
    const double *mob = u->mob[phase];
    double tm = t * mob[0], tp = t * potential;

    *from = u;
    if (mob[0] == 0 && mob[2] == 0 && mob[3] == 0) {
        return false;
    }
    out->f[phase] = tm * potential;
    for (int32_t j = 0; j < 3; j++) {
        out->a[phase][j] = -tm * (pa[j + 1] + 0.5 * dz * ga[j + 1]);
        out->b[phase][j] = tm * (pb[j + 1] - 0.5 * dz * gb[j + 1]);
    }
    {
        double *upstream = u == a ? out->a[phase] : out->b[phase];
        for (int32_t j = 0; j < 3; j++) {
            upstream[j] += tp * mob[j + 1];
        }
    }
    return true;
}

/* The gas that oil takes along. */
static void dissolved_flux(const bw_sim_cell *u, bool from_a, flux *out)
{
    double f = out->f[BW_OIL], rs = u->rs[0];
    double *upstream = from_a ? out->a[BW_GAS] : out->b[BW_GAS];

    out->f[BW_GAS] += rs * f;
    for (int32_t j = 0; j < 3; j++) {
        out->a[BW_GAS][j] += rs * out->a[BW_OIL][j];
        out->b[BW_GAS][j] += rs * out->b[BW_OIL][j];
    }
    for (int32_t j = 0; j < 3; j++) {
        upstream[j] += u->rs[j + 1] * f;
    }
}

static void add_face(bw_sim *sim, int32_t face)
{
    bw_sim_solver *s = &sim->solver;
    int32_t a = sim->grid.face_a[face], b = sim->grid.face_b[face];
    const bw_sim_cell *ca = &sim->cells[a], *cb = &sim->cells[b], *oil_from = NULL;
    double *aa = s->m.a + 9 * (size_t)s->m.diag[a], *bb = s->m.a + 9 * (size_t)s->m.diag[b];
    double *ab = s->m.a + 9 * (size_t)s->face_ab[face], *ba = s->m.a + 9 * (size_t)s->face_ba[face];
    flux f;

    memset(&f, 0, sizeof f);
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        const bw_sim_cell *from = NULL;
        if (phase_flux(ca, cb, phase, sim->grid.face_t[face], sim->grid.face_dz[face], &f,
                       &from) && phase == BW_OIL) {
            oil_from = from;
        }
    }
    if (oil_from != NULL && sim->fluids.has[BW_GAS]) {
        dissolved_flux(oil_from, oil_from == ca, &f);
    }
    for (int32_t row = 0; row < BW_PHASES; row++) {
        sim->residual[3 * (size_t)a + (size_t)row] -= f.f[row];
        sim->residual[3 * (size_t)b + (size_t)row] += f.f[row];
        for (int32_t j = 0; j < 3; j++) {
            aa[3 * row + j] -= f.a[row][j];
            ab[3 * row + j] -= f.b[row][j];
            bb[3 * row + j] += f.b[row][j];
            ba[3 * row + j] += f.a[row][j];
        }
    }
}

static void add_accumulation(bw_sim *sim, double dt)
{
    const bw_sim_matrix *m = &sim->solver.m;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        const bw_sim_cell *cell = &sim->cells[c];
        double *block = m->a + 9 * (size_t)m->diag[c];
        for (int32_t row = 0; row < BW_PHASES; row++) {
            size_t at = 3 * (size_t)c + (size_t)row;
            sim->residual[at] = (cell->acc[row][0] - sim->acc_old[at]) / dt;
            for (int32_t j = 0; j < 3; j++) {
                block[3 * row + j] = cell->acc[row][j + 1] / dt;
            }
        }
    }
}

/* A phase that the model has not: its unknown stays as it is. */
static void absent_phase(double *block, double *residual, int32_t row, int32_t unknown)
{
    for (int32_t j = 0; j < 3; j++) {
        block[3 * row + j] = j == unknown;
    }
    *residual = 0;
}

static void scale_rows(bw_sim *sim, double dt)
{
    const bw_sim_matrix *m = &sim->solver.m;
    const bool *has = sim->fluids.has;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        double scale[BW_PHASES];
        for (int32_t row = 0; row < BW_PHASES; row++) {
            scale[row] = bw__sim_scale(sim, c, row, dt);
            sim->residual[3 * (size_t)c + (size_t)row] *= scale[row];
        }
        for (int32_t at = m->row[c]; at < m->row[c + 1]; at++) {
            double *block = m->a + 9 * (size_t)at;
            for (int32_t i = 0; i < 9; i++) {
                block[i] *= scale[i / 3];
            }
        }
        if (!has[BW_WATER]) {
            absent_phase(m->a + 9 * (size_t)m->diag[c], &sim->residual[3 * (size_t)c + BW_WATER],
                         BW_WATER, 1);
        }
        if (!has[BW_GAS]) {
            absent_phase(m->a + 9 * (size_t)m->diag[c], &sim->residual[3 * (size_t)c + BW_GAS],
                         BW_GAS, 2);
        }
    }
}

void bw__sim_assemble(bw_sim *sim, double dt)
{
    bw_sim_matrix *m = &sim->solver.m;

    memset(m->a, 0, 9 * (size_t)m->row[m->n] * sizeof *m->a);
    add_accumulation(sim, dt);
    for (int32_t face = 0; face < sim->grid.nfaces; face++) {
        add_face(sim, face);
    }
    bw__sim_wells_assemble(sim);
    bw__sim_boundaries_assemble(sim);
    scale_rows(sim, dt);
}
