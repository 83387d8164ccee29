/* SPDX-License-Identifier: MIT */
/*
 * The residual R = (A - A_old)/Δt - ΣF + q of each cell and component, and its derivatives
 * (docs/simulation.md, "Equations"). Rows are scaled by Δt B̄/V, so that a residual is a fraction
 * of the cell's pore volume, which is what convergence is judged by.
 */
#include <math.h>
#include <string.h>

#include "sim_parts.h"

/* A face's flux into a, by component, and its derivatives by both cells' unknowns, in lanes 1 to 3 as a property
 * has them; lane 0 is not looked at. */
typedef struct flux {
    double f[BW_PHASES], a[BW_PHASES][4], b[BW_PHASES][4];
} flux;

/* One phase; false when nothing moves and nothing would by a change of the unknowns. */
static inline bool phase_flux(const bw_sim_cell *a, const bw_sim_cell *b, int32_t phase, double t,
                              double dz, flux *out, const bw_sim_cell **from)
{
    const double *ga = a->gamma[phase], *gb = b->gamma[phase];
    const double *pa = a->p[phase], *pb = b->p[phase];
    double half = 0.5 * dz, potential = pb[0] - pa[0] - (ga[0] + gb[0]) * half;
    const bw_sim_cell *u = potential > 0 ? b : a;
    const double *mob = u->mob[phase];
    double tm = t * mob[0], tp = t * potential;
    double *upstream = u == a ? out->a[phase] : out->b[phase];

    *from = u;
    if (mob[0] == 0 && mob[2] == 0 && mob[3] == 0) {
        out->f[phase] = 0;
        memset(out->a[phase], 0, sizeof out->a[phase]);
        memset(out->b[phase], 0, sizeof out->b[phase]);
        return false;
    }
    out->f[phase] = tm * potential;
    for (int32_t j = 0; j < 4; j++) {
        out->a[phase][j] = -tm * (pa[j] + half * ga[j]);
        out->b[phase][j] = tm * (pb[j] - half * gb[j]);
    }
    for (int32_t j = 0; j < 4; j++) {
        upstream[j] += tp * mob[j];
    }
    return true;
}

/* The gas that oil takes along. */
static inline void dissolved_flux(const bw_sim_cell *u, bool from_a, flux *out)
{
    double f = out->f[BW_OIL], rs = u->rs[0];
    double *upstream = from_a ? out->a[BW_GAS] : out->b[BW_GAS];

    out->f[BW_GAS] += rs * f;
    for (int32_t j = 0; j < 4; j++) {
        out->a[BW_GAS][j] += rs * out->a[BW_OIL][j];
        out->b[BW_GAS][j] += rs * out->b[BW_OIL][j];
    }
    for (int32_t j = 0; j < 4; j++) {
        upstream[j] += u->rs[j] * f;
    }
}

/* `scale`: 3 a cell, what its rows are scaled by. */
static void add_face(bw_sim *sim, int32_t face, const double *scale)
{
    bw_sim_solver *s = &sim->solver;
    int32_t a = sim->grid.face_a[face], b = sim->grid.face_b[face];
    const bw_sim_cell *ca = &sim->cells[a], *cb = &sim->cells[b], *oil_from = NULL;
    double *aa = s->m.a + 9 * (size_t)s->m.diag[a], *bb = s->m.a + 9 * (size_t)s->m.diag[b];
    double *ab = s->m.a + 9 * (size_t)s->face_ab[face], *ba = s->m.a + 9 * (size_t)s->face_ba[face];
    flux f;

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
        double sa = scale[3 * (size_t)a + (size_t)row], sb = scale[3 * (size_t)b + (size_t)row];
        sim->residual[3 * (size_t)a + (size_t)row] -= sa * f.f[row];
        sim->residual[3 * (size_t)b + (size_t)row] += sb * f.f[row];
        for (int32_t j = 0; j < 3; j++) {
            double by_a = f.a[row][j + 1], by_b = f.b[row][j + 1];
            aa[3 * row + j] -= sa * by_a;
            ab[3 * row + j] -= sa * by_b;
            bb[3 * row + j] += sb * by_b;
            ba[3 * row + j] += sb * by_a;
        }
    }
}

/* Of the residual alone, and to the bit what add_face() adds to it. */
static void add_face_residual(bw_sim *sim, int32_t face, const double *scale)
{
    int32_t a = sim->grid.face_a[face], b = sim->grid.face_b[face];
    const bw_sim_cell *ca = &sim->cells[a], *cb = &sim->cells[b];
    double half = 0.5 * sim->grid.face_dz[face], f[BW_PHASES], dissolved = 0;

    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        double potential = cb->p[phase][0] - ca->p[phase][0] - (ca->gamma[phase][0] + cb->gamma[phase][0]) * half;
        const bw_sim_cell *u = potential > 0 ? cb : ca;
        f[phase] = sim->grid.face_t[face] * u->mob[phase][0] * potential;
        dissolved = phase == BW_OIL ? u->rs[0] * f[phase] : dissolved;
    }
    f[BW_GAS] += sim->fluids.has[BW_GAS] ? dissolved : 0;
    for (int32_t row = 0; row < BW_PHASES; row++) {
        sim->residual[3 * (size_t)a + (size_t)row] -= scale[3 * (size_t)a + (size_t)row] * f[row];
        sim->residual[3 * (size_t)b + (size_t)row] += scale[3 * (size_t)b + (size_t)row] * f[row];
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

static void scale_block(double *block, const double scale[BW_PHASES])
{
    for (int32_t i = 0; i < 9; i++) {
        block[i] *= scale[i / 3];
    }
}

/* Of what there is before faces are added: the diagonals, and all of the rows that wells have added to. */
static void scale_rows(bw_sim *sim, const double *scale)
{
    const bw_sim_matrix *m = &sim->solver.m;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        const double *own = scale + 3 * (size_t)c;
        for (int32_t row = 0; row < BW_PHASES; row++) {
            sim->residual[3 * (size_t)c + (size_t)row] *= own[row];
        }
        scale_block(m->a + 9 * (size_t)m->diag[c], own);
    }
    for (int32_t w = 0; w < sim->nwells; w++) {
        const bw_sim_well *well = &sim->wells[w];
        for (int32_t k = 0; k < well->nperf; k++) {
            int32_t c = well->perf[k].cell;
            if (c < 0 || sim->solver.mark[c] >= 0) {
                continue;
            }
            sim->solver.mark[c] = 0; /* once, however many perforations are in it */
            for (int32_t at = m->row[c]; at < m->row[c + 1]; at++) {
                if (at != m->diag[c]) {
                    scale_block(m->a + 9 * (size_t)at, scale + 3 * (size_t)c);
                }
            }
        }
    }
    for (int32_t w = 0; w < sim->nwells; w++) {
        for (int32_t k = 0; k < sim->wells[w].nperf; k++) {
            int32_t c = sim->wells[w].perf[k].cell;
            if (c >= 0) {
                sim->solver.mark[c] = -1;
            }
        }
    }
}

static void drop_absent(bw_sim *sim)
{
    const bw_sim_matrix *m = &sim->solver.m;
    const bool *has = sim->fluids.has;

    for (int32_t c = 0; (!has[BW_WATER] || !has[BW_GAS]) && c < sim->grid.n; c++) {
        double *block = m->a + 9 * (size_t)m->diag[c], *residual = sim->residual + 3 * (size_t)c;
        if (!has[BW_WATER]) {
            absent_phase(block, residual + BW_WATER, BW_WATER, 1);
        }
        if (!has[BW_GAS]) {
            absent_phase(block, residual + BW_GAS, BW_GAS, 2);
        }
    }
}

/* 3 a cell, in memory that nobody needs while there is no system to solve. */
static const double *row_scales(bw_sim *sim, double dt)
{
    double *scale = sim->solver.work;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        for (int32_t row = 0; row < BW_PHASES; row++) {
            scale[3 * (size_t)c + (size_t)row] = bw__sim_scale(sim, c, row, dt);
        }
    }
    return scale;
}

void bw__sim_residual(bw_sim *sim, double dt)
{
    const double *scale = row_scales(sim, dt);

    for (size_t at = 0; at < 3 * (size_t)sim->grid.n; at++) {
        sim->residual[at] = (sim->cells[at / 3].acc[at % 3][0] - sim->acc_old[at]) / dt;
    }
    bw__sim_wells_assemble(sim);
    bw__sim_boundaries_assemble(sim);
    for (size_t at = 0; at < 3 * (size_t)sim->grid.n; at++) {
        sim->residual[at] *= scale[at];
    }
    for (int32_t face = 0; face < sim->grid.nfaces; face++) {
        add_face_residual(sim, face, scale);
    }
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        for (int32_t c = 0; !sim->fluids.has[phase] && c < sim->grid.n; c++) {
            sim->residual[3 * (size_t)c + (size_t)phase] = 0;
        }
    }
}

void bw__sim_assemble(bw_sim *sim, double dt)
{
    bw_sim_matrix *m = &sim->solver.m;
    const double *scale = row_scales(sim, dt);

    memset(m->a, 0, 9 * (size_t)m->row[m->n] * sizeof *m->a);
    add_accumulation(sim, dt);
    bw__sim_wells_assemble(sim);
    bw__sim_boundaries_assemble(sim);
    scale_rows(sim, scale);
    for (int32_t face = 0; face < sim->grid.nfaces; face++) {
        add_face(sim, face, scale);
    }
    drop_absent(sim);
}
