/* SPDX-License-Identifier: MIT */
/*
 * GMRES, preconditioned from the right (Saad, "Iterative Methods for Sparse Linear Systems",
 * algorithm 9.5), so that the residual it watches is the true one. The preconditioner is block
 * ILU(0); in larger systems CPR (Wallis, SPE 12265): first the pressures by one multigrid cycle,
 * their equation being the sum of a cell's in which saturations cancel, then block ILU(0) on
 * what is left.
 */
#include <math.h>
#include <string.h>

#include "sim/sim_parts.h"

static void add_scaled(double *y, double a, const double *x, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] += a * x[i];
    }
}

/* Weights of a cell's equations in which the accumulation depends on pressure alone. */
static void pressure_weights(bw_sim *sim)
{
    for (int32_t c = 0; c < sim->grid.n; c++) {
        const bw_sim_cell *cell = &sim->cells[c];
        double block[9], inverse[9], largest = 0, *w = sim->solver.weight + 3 * (size_t)c;
        for (int32_t row = 0; row < 3; row++) {
            for (int32_t j = 0; j < 3; j++) {
                block[3 * row + j] = cell->acc[row][j + 1] * sim->mean_fvf[row] /
                                     sim->grid.volume[c];
            }
            if ((row == BW_WATER || row == BW_GAS) && !sim->fluids.has[row]) {
                memset(block + 3 * row, 0, 3 * sizeof *block);
                block[3 * row + (row == BW_WATER ? 1 : 2)] = 1;
            }
        }
        w[0] = w[1] = w[2] = 1;
        if (bw__sim_invert(block, inverse)) {
            for (int32_t j = 0; j < 3; j++) {
                largest = fabs(inverse[j]) > largest ? fabs(inverse[j]) : largest;
            }
            for (int32_t j = 0; j < 3; j++) {
                w[j] = inverse[j] / largest;
            }
        }
        for (int32_t j = 0; j < 3; j++) { /* rows are scaled by 1/V; pressures need volumes */
            w[j] *= sim->grid.volume[c];
        }
    }
}

/* What is left of `r` once the pressures have changed by `p`. */
static void without_pressures(const bw_sim_matrix *m, const double *p, const double *r, double *left)
{
    for (int32_t i = 0; i < m->n; i++) {
        double sum[3] = {0, 0, 0};
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            const double *a = m->a + 9 * (size_t)at, v = p[m->col[at]];
            sum[0] += a[0] * v;
            sum[1] += a[3] * v;
            sum[2] += a[6] * v;
        }
        for (int32_t row = 0; row < 3; row++) {
            left[3 * i + row] = r[3 * i + row] - sum[row];
        }
    }
}

/* x = M⁻¹ r; r is kept. */
static void precondition(bw_sim *sim, const double *r, double *x)
{
    bw_sim_solver *s = &sim->solver;
    int32_t n = s->m.n;

    if (s->amg == NULL) {
        memcpy(x, r, 3 * (size_t)n * sizeof *x);
        bw__sim_factor_solve(s, x);
        return;
    }
    for (int32_t c = 0; c < n; c++) {
        const double *w = s->weight + 3 * (size_t)c, *v = r + 3 * (size_t)c;
        s->rp[c] = w[0] * v[0] + w[1] * v[1] + w[2] * v[2];
    }
    bw__sim_amg_cycle(s->amg, s->rp, s->xp);
    without_pressures(&s->m, s->xp, r, x);
    bw__sim_factor_solve(s, x);
    for (int32_t c = 0; c < n; c++) {
        x[3 * c] += s->xp[c];
    }
}

/* The rotations of the Hessenberg matrix's column k; returns the residual's norm. */
static double rotate(double *h, double *cs, double *sn, double *g, int32_t k, int32_t ld)
{
    double *column = h + (size_t)k * (size_t)ld, d = 0;

    for (int32_t i = 0; i < k; i++) {
        double t = cs[i] * column[i] + sn[i] * column[i + 1];
        column[i + 1] = -sn[i] * column[i] + cs[i] * column[i + 1];
        column[i] = t;
    }
    d = sqrt(column[k] * column[k] + column[k + 1] * column[k + 1]);
    cs[k] = d > 0 ? column[k] / d : 1;
    sn[k] = d > 0 ? column[k + 1] / d : 0;
    column[k] = d;
    column[k + 1] = 0;
    g[k + 1] = -sn[k] * g[k];
    g[k] *= cs[k];
    return fabs(g[k + 1]);
}

/* x += M⁻¹ V y, where y solves the triangular system of the first `k` columns. Of the first vectors M⁻¹ v
 * has been kept: most systems need no more, and are spared one preconditioning. */
static void add_solution(bw_sim *sim, double *h, double *g, int32_t k, int32_t ld, double *x)
{
    bw_sim_solver *s = &sim->solver;
    int32_t n = 3 * s->m.n;
    double *sum = s->work, *z = s->work + n;
    int32_t kept = k < s->kept ? k : s->kept;

    for (int32_t i = k - 1; i >= 0; i--) {
        for (int32_t j = i + 1; j < k; j++) {
            g[i] -= h[j * ld + i] * g[j];
        }
        g[i] = h[i * ld + i] != 0 ? g[i] / h[i * ld + i] : 0;
    }
    for (int32_t i = 0; i < kept; i++) {
        add_scaled(x, g[i], s->applied + (size_t)i * (size_t)n, n);
    }
    if (kept == k) {
        return;
    }
    memset(sum, 0, (size_t)n * sizeof *sum);
    for (int32_t i = kept; i < k; i++) {
        add_scaled(sum, g[i], s->basis + (size_t)i * (size_t)n, n);
    }
    precondition(sim, sum, z);
    add_scaled(x, 1, z, n);
}

/* One cycle from the residual in basis[0], whose norm is `norm`; iterations done. */
static int32_t cycle(bw_sim *sim, double *norm, double target, int32_t most, double *x)
{
    bw_sim_solver *s = &sim->solver;
    int32_t n = 3 * s->m.n, ld = s->restart + 1, k = 0;
    double *h = s->hess, *cs = h + (size_t)ld * (size_t)s->restart, *sn = cs + s->restart + 1,
           *g = sn + s->restart + 1, *v = s->basis;

    for (int32_t i = 0; i < n; i++) {
        v[i] /= *norm;
    }
    memset(g, 0, ((size_t)s->restart + 1) * sizeof *g);
    g[0] = *norm;
    while (k < s->restart && k < most && *norm > target) {
        double *next = v + (size_t)(k + 1) * (size_t)n, *column = h + (size_t)k * (size_t)ld;
        double length = 0, *z = k < s->kept ? s->applied + (size_t)k * (size_t)n : s->work;
        precondition(sim, v + (size_t)k * (size_t)n, z);
        bw__sim_multiply(&s->m, z, next);
        for (int32_t i = 0; i <= k; i++) {
            column[i] = bw__sim_dot(next, v + (size_t)i * (size_t)n, n);
            add_scaled(next, -column[i], v + (size_t)i * (size_t)n, n);
        }
        length = sqrt(bw__sim_dot(next, next, n));
        column[k + 1] = length;
        for (int32_t i = 0; length > 0 && i < n; i++) {
            next[i] /= length;
        }
        *norm = rotate(h, cs, sn, g, k, ld);
        k++;
        if (!(length > 0)) {
            break;
        }
    }
    add_solution(sim, h, g, k, ld, x);
    return k;
}

int32_t bw__sim_linear_solve(bw_sim *sim, bool first)
{
    bw_sim_solver *s = &sim->solver;
    int32_t n = 3 * s->m.n, done = 0, most = sim->options.maximum_linear;
    double *x = sim->update, *r = s->basis, norm = 0, target = 0;

    if (!bw__sim_factor(s)) {
        return -1;
    }
    if (s->amg != NULL) {
        pressure_weights(sim);
        bw__sim_amg_build(s->amg, s, first);
    }
    memset(x, 0, (size_t)n * sizeof *x);
    for (int32_t i = 0; i < n; i++) {
        r[i] = -sim->residual[i];
    }
    norm = sqrt(bw__sim_dot(r, r, n));
    target = norm * sim->options.linear;
    while (norm > target && done < most) {
        int32_t step = cycle(sim, &norm, target, most - done, x);
        done += step;
        if (norm <= target || step == 0) {
            break;
        }
        bw__sim_multiply(&s->m, x, r);
        for (int32_t i = 0; i < n; i++) {
            r[i] = -sim->residual[i] - r[i];
        }
        norm = sqrt(bw__sim_dot(r, r, n));
    }
    return isfinite(norm) && norm <= 0.5 * target / sim->options.linear ? done : -1;
}
