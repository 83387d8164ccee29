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

#define SMALL_CHANGE 0.1 /* of an update, that makes sums right */
#define STRICT 1e-4      /* what a system is solved to where that cannot be */

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

/* What is left of `r` once the pressures have changed by `p`, for the factorisation. */
static void without_pressures(bw_sim_solver *s, const double *p, const double *r)
{
    const bw_sim_matrix *m = &s->m;

    for (int32_t i = 0; i < m->n; i++) {
        double left[3] = {r[3 * i], r[3 * i + 1], r[3 * i + 2]};
        float *y = s->y + 4 * (size_t)i;
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            const double *a = s->by_p + 3 * (size_t)at, v = p[m->col[at]];
            left[0] -= a[0] * v;
            left[1] -= a[1] * v;
            left[2] -= a[2] * v;
        }
        y[0] = (float)left[0];
        y[1] = (float)left[1];
        y[2] = (float)left[2];
        y[3] = 0;
    }
}

/* x = M⁻¹ r; r is kept. */
static void precondition(bw_sim *sim, const double *r, double *x)
{
    bw_sim_solver *s = &sim->solver;
    int32_t n = s->m.n;

    for (int32_t c = 0; s->amg == NULL && c < n; c++) {
        for (int32_t i = 0; i < 3; i++) {
            s->y[4 * c + i] = (float)r[3 * c + i];
        }
        s->y[4 * c + 3] = 0;
    }
    for (int32_t c = 0; s->amg != NULL && c < n; c++) {
        const double *w = s->weight + 3 * (size_t)c, *v = r + 3 * (size_t)c;
        s->rp[c] = w[0] * v[0] + w[1] * v[1] + w[2] * v[2];
    }
    if (s->amg != NULL) {
        bw__sim_amg_cycle(s->amg, s->rp, s->xp);
        without_pressures(s, s->xp, r);
    }
    bw__sim_factor_solve(s);
    for (int32_t c = 0; c < n; c++) {
        x[3 * c] = (double)s->y[4 * c] + (s->amg != NULL ? s->xp[c] : 0);
        x[3 * c + 1] = (double)s->y[4 * c + 1];
        x[3 * c + 2] = (double)s->y[4 * c + 2];
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

/* Unknowns that change nowhere stay, and need no pivot. */
static void keep_still(double a[9])
{
    for (int32_t j = 0; j < 3; j++) {
        if (a[j] == 0 && a[3 + j] == 0 && a[6 + j] == 0) {
            a[4 * j] = 1;
        }
    }
}

/* Which part of each unknown's size makes the components' sums right; false: no small one. */
static bool shares(const double inverse[9], const double left[3], double share[3])
{
    for (int32_t j = 0; j < 3; j++) {
        share[j] = inverse[3 * j] * left[0] + inverse[3 * j + 1] * left[1] + inverse[3 * j + 2] * left[2];
        if (!(fabs(share[j]) <= SMALL_CHANGE)) {
            return false;
        }
    }
    return true;
}

/*
 * What the iterations have left of each component's sum over the field goes, by a change of each unknown in
 * proportion to what it changes anyway, so that cells where nothing happens stay: Newton's iterations have not to
 * go on for the sums' sake, which are held to far less than a cell's residual is. False: that would be no small
 * change, and there is none.
 */
static bool settle_sums(bw_sim *sim)
{
    const bw_sim_matrix *m = &sim->solver.m;
    double all[9] = {0, 0, 0, 0, 0, 0, 0, 0, 0}, left[3] = {0, 0, 0}, share[3];
    double *x = sim->update;

    for (int32_t i = 0; i < m->n; i++) {
        double sum[9] = {0, 0, 0, 0, 0, 0, 0, 0, 0}, product[3] = {0, 0, 0};
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            const double *a = m->a + 9 * (size_t)at, *v = x + 3 * (size_t)m->col[at];
            const double size[3] = {fabs(v[0]), fabs(v[1]), fabs(v[2])};
            for (int32_t row = 0; row < 3; row++) {
                product[row] += a[3 * row] * v[0] + a[3 * row + 1] * v[1] + a[3 * row + 2] * v[2];
                for (int32_t j = 0; j < 3; j++) {
                    sum[3 * row + j] += a[3 * row + j] * size[j];
                }
            }
        }
        for (int32_t e = 0; e < 9; e++) {
            all[e] += sim->grid.volume[i] * sum[e];
        }
        for (int32_t row = 0; row < 3; row++) {
            left[row] -= sim->grid.volume[i] * (sim->residual[3 * i + row] + product[row]);
        }
    }
    keep_still(all);
    sim->solver.has_sums = bw__sim_invert(all, sim->solver.sums);
    if (!sim->solver.has_sums || !shares(sim->solver.sums, left, share)) {
        return false;
    }
    for (int32_t i = 0; i < 3 * m->n; i++) {
        sim->solver.shape[i] = fabs(x[i]);
        x[i] += share[i % 3] * sim->solver.shape[i];
    }
    return true;
}

bool bw__sim_settle(bw_sim *sim)
{
    const bw_sim_solver *s = &sim->solver;
    double left[3] = {0, 0, 0}, share[3];

    for (int32_t i = 0; i < 3 * s->m.n; i++) {
        left[i % 3] -= sim->grid.volume[i / 3] * sim->residual[i];
    }
    if (!s->has_sums || !shares(s->sums, left, share)) {
        return false;
    }
    for (int32_t i = 0; i < 3 * s->m.n; i++) {
        sim->update[i] = share[i % 3] * s->shape[i];
    }
    return true;
}

/* The residual of sim->update, as the basis begins with; its norm. */
static double begin(bw_sim *sim)
{
    bw_sim_solver *s = &sim->solver;
    int32_t n = 3 * s->m.n;
    double *r = s->basis;

    bw__sim_multiply(&s->m, sim->update, r);
    for (int32_t i = 0; i < n; i++) {
        r[i] = -sim->residual[i] - r[i];
    }
    return sqrt(bw__sim_dot(r, r, n));
}

/* Cycles from `norm` to `target`, `most` iterations in all; what is reached. */
static double iterate(bw_sim *sim, double norm, double target, int32_t most, int32_t *done)
{
    while (norm > target && *done < most) {
        int32_t step = cycle(sim, &norm, target, most - *done, sim->update);
        *done += step;
        if (norm <= target || step == 0) {
            break;
        }
        norm = begin(sim);
    }
    return norm;
}

int32_t bw__sim_linear_solve(bw_sim *sim, bool first, double tolerance)
{
    bw_sim_solver *s = &sim->solver;
    int32_t n = 3 * s->m.n, done = 0, most = sim->options.maximum_linear;
    double *r = s->basis, norm = 0, size = 0;

    if (!bw__sim_factor(s)) {
        return -1;
    }
    if (s->amg != NULL) {
        pressure_weights(sim);
        bw__sim_amg_build(s->amg, s, first);
    }
    memset(sim->update, 0, (size_t)n * sizeof *sim->update);
    for (int32_t i = 0; i < n; i++) {
        r[i] = -sim->residual[i];
    }
    size = sqrt(bw__sim_dot(r, r, n));
    norm = iterate(sim, size, tolerance * size, most, &done);
    if (!(isfinite(norm) && norm <= 0.5 * size)) {
        return -1;
    }
    if (!settle_sums(sim) && tolerance > STRICT) {
        (void)iterate(sim, begin(sim), STRICT * size, most, &done);
        (void)settle_sums(sim);
    }
    return done;
}
