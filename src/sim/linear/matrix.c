/* SPDX-License-Identifier: MIT */
/*
 * The Jacobian as rows of 3 × 3 blocks, and its block ILU(0). Each pair of a well's perforations
 * has a block, so that the eliminated well equations are part of the matrix and nothing has to
 * be added to a product or a factorisation.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim_parts.h"

static int compare(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

/* Calls for every ordered pair of cells that share a block: counts them, or notes them. */
static void each_pair(const bw_sim *sim, int32_t *fill, int32_t *col)
{
    const bw_sim_grid *g = &sim->grid;

#define PAIR(from, to)                  \
    do {                                \
        if (col != NULL) {              \
            col[fill[from]] = (to);     \
        }                               \
        fill[from]++;                   \
    } while (0)
    for (int32_t c = 0; c < g->n; c++) {
        PAIR(c, c);
    }
    for (int32_t f = 0; f < g->nfaces; f++) {
        PAIR(g->face_a[f], g->face_b[f]);
        PAIR(g->face_b[f], g->face_a[f]);
    }
    for (int32_t w = 0; w < sim->nwells; w++) {
        const bw_sim_well *well = &sim->wells[w];
        for (int32_t k = 0; k < well->nperf; k++) {
            for (int32_t l = 0; l < well->nperf; l++) {
                if (k != l && well->perf[k].cell >= 0 && well->perf[l].cell >= 0) {
                    PAIR(well->perf[k].cell, well->perf[l].cell);
                }
            }
        }
    }
#undef PAIR
}

static int32_t position(const bw_sim_matrix *m, int32_t row, int32_t col)
{
    int32_t low = m->row[row], high = m->row[row + 1] - 1;

    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (m->col[middle] < col) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Sorts each row's columns and drops what comes twice. */
static void tidy(bw_sim_matrix *m)
{
    int32_t out = 0, start = 0;

    for (int32_t row = 0; row < m->n; row++) {
        int32_t end = m->row[row + 1];
        qsort(m->col + start, (size_t)(end - start), sizeof *m->col, compare);
        m->row[row] = out;
        for (int32_t at = start; at < end; at++) {
            if (at == start || m->col[at] != m->col[at - 1]) {
                m->col[out++] = m->col[at];
            }
        }
        start = end;
    }
    m->row[m->n] = out;
}

static bw_status find_pattern(bw_ctx *ctx, bw_sim *sim)
{
    bw_sim_matrix *m = &sim->solver.m;
    size_t n = (size_t)sim->grid.n;
    int32_t *count = bw_arena_alloc_zeroed(ctx, &sim->arena, (n + 1) * sizeof *count);

    m->n = sim->grid.n;
    m->row = bw_arena_alloc_zeroed(ctx, &sim->arena, (n + 1) * sizeof *m->row);
    m->diag = bw_arena_alloc_zeroed(ctx, &sim->arena, n * sizeof *m->diag);
    if (count == NULL || m->row == NULL || m->diag == NULL) {
        return BW_ERR_NOMEM;
    }
    each_pair(sim, count, NULL);
    for (int32_t c = 0; c < m->n; c++) {
        m->row[c + 1] = m->row[c] + count[c];
        count[c] = m->row[c];
    }
    m->col = bw_arena_alloc(ctx, &sim->arena, (size_t)m->row[m->n] * sizeof *m->col);
    if (m->col == NULL) {
        return BW_ERR_NOMEM;
    }
    each_pair(sim, count, m->col);
    tidy(m);
    for (int32_t c = 0; c < m->n; c++) {
        m->diag[c] = position(m, c, c);
    }
    return BW_OK;
}

static bw_status find_positions(bw_ctx *ctx, bw_sim *sim)
{
    bw_sim_solver *s = &sim->solver;
    const bw_sim_grid *g = &sim->grid;

    s->face_ab = bw_arena_alloc(ctx, &sim->arena, ((size_t)g->nfaces + 1) * sizeof *s->face_ab);
    s->face_ba = bw_arena_alloc(ctx, &sim->arena, ((size_t)g->nfaces + 1) * sizeof *s->face_ba);
    s->well_pair = bw_arena_alloc(ctx, &sim->arena,
                                  ((size_t)sim->nwells + 1) * sizeof *s->well_pair);
    if (s->face_ab == NULL || s->face_ba == NULL || s->well_pair == NULL) {
        return BW_ERR_NOMEM;
    }
    for (int32_t f = 0; f < g->nfaces; f++) {
        s->face_ab[f] = position(&s->m, g->face_a[f], g->face_b[f]);
        s->face_ba[f] = position(&s->m, g->face_b[f], g->face_a[f]);
    }
    for (int32_t w = 0; w < sim->nwells; w++) {
        const bw_sim_well *well = &sim->wells[w];
        size_t np = (size_t)well->nperf;
        s->well_pair[w] = bw_arena_alloc(ctx, &sim->arena, (np * np + 1) * sizeof(int32_t));
        if (s->well_pair[w] == NULL) {
            return BW_ERR_NOMEM;
        }
        for (size_t i = 0; i < np * np; i++) {
            int32_t a = well->perf[i / np].cell, b = well->perf[i % np].cell;
            s->well_pair[w][i] = a >= 0 && b >= 0 ? position(&s->m, a, b) : -1;
        }
    }
    return BW_OK;
}

#define RESTART 40
#define KEPT 8
#define CPR_CELLS 100 /* below, block ILU(0) alone is the faster */

bw_status bw__sim_solver_new(bw_ctx *ctx, bw_sim *sim)
{
    bw_sim_solver *s = &sim->solver;
    size_t n = (size_t)sim->grid.n, entries = 0;

    BW_TRY(find_pattern(ctx, sim));
    BW_TRY(find_positions(ctx, sim));
    entries = (size_t)s->m.row[s->m.n];
    s->restart = RESTART;
    s->m.a = bw_arena_alloc_zeroed(ctx, &sim->arena, 9 * entries * sizeof(double));
    s->lu = bw_arena_alloc(ctx, &sim->arena, 12 * entries * sizeof(float));
    s->y = bw_arena_alloc(ctx, &sim->arena, 4 * n * sizeof(float));
    s->by_p = bw_arena_alloc(ctx, &sim->arena, 3 * entries * sizeof(double));
    s->mark = bw_arena_alloc(ctx, &sim->arena, n * sizeof *s->mark);
    s->weight = bw_arena_alloc(ctx, &sim->arena, 3 * n * sizeof(double));
    s->basis = bw_arena_alloc(ctx, &sim->arena, 3 * n * (RESTART + 1) * sizeof(double));
    s->hess = bw_arena_alloc(ctx, &sim->arena, (RESTART + 5) * (RESTART + 5) * sizeof(double));
    s->kept = KEPT;
    s->applied = bw_arena_alloc(ctx, &sim->arena, 3 * n * KEPT * sizeof(double));
    s->work = bw_arena_alloc(ctx, &sim->arena, 6 * n * sizeof(double));
    s->shape = bw_arena_alloc(ctx, &sim->arena, 3 * n * sizeof(double));
    s->rp = bw_arena_alloc(ctx, &sim->arena, n * sizeof(double));
    s->xp = bw_arena_alloc(ctx, &sim->arena, n * sizeof(double));
    if (s->m.a == NULL || s->lu == NULL || s->y == NULL || s->by_p == NULL || s->mark == NULL || s->weight == NULL ||
        s->basis == NULL || s->applied == NULL || s->hess == NULL || s->work == NULL || s->shape == NULL ||
        s->rp == NULL || s->xp == NULL) {
        return BW_ERR_NOMEM;
    }
    memset(s->mark, 0xff, n * sizeof *s->mark); /* -1 */
    return sim->grid.n > CPR_CELLS ? bw__sim_amg_new(ctx, sim->grid.n, (int32_t)entries, &s->amg)
                                   : BW_OK;
}

void bw__sim_solver_free(bw_ctx *ctx, bw_sim *sim)
{
    bw__sim_amg_free(ctx, sim->solver.amg);
    sim->solver.amg = NULL;
}

/* Blocks ------------------------------------------------------------------------------------ */

bool bw__sim_invert(const double a[9], double out[9])
{
    double c0 = a[4] * a[8] - a[5] * a[7], c1 = a[5] * a[6] - a[3] * a[8];
    double c2 = a[3] * a[7] - a[4] * a[6], det = a[0] * c0 + a[1] * c1 + a[2] * c2, inv = 1 / det;

    if (!(fabs(det) > 0) || !isfinite(inv)) {
        return false;
    }
    out[0] = c0 * inv;
    out[1] = (a[2] * a[7] - a[1] * a[8]) * inv;
    out[2] = (a[1] * a[5] - a[2] * a[4]) * inv;
    out[3] = c1 * inv;
    out[4] = (a[0] * a[8] - a[2] * a[6]) * inv;
    out[5] = (a[2] * a[3] - a[0] * a[5]) * inv;
    out[6] = c2 * inv;
    out[7] = (a[1] * a[6] - a[0] * a[7]) * inv;
    out[8] = (a[0] * a[4] - a[1] * a[3]) * inv;
    return true;
}

/*
 * The factorisation only has to be near the matrix, and is read twice in each linear iteration: it is of
 * single precision, a block's columns one after the other, four numbers each of which the last is 0, so
 * that a processor takes a column at once.
 */
enum { LANES = 4, BLOCK = 3 * LANES };

/* out = a b */
static inline void multiply(const float *a, const float *b, float *out)
{
    for (int32_t j = 0; j < BLOCK; j += LANES) {
        for (int32_t lane = 0; lane < LANES; lane++) {
            out[j + lane] = a[lane] * b[j] + a[LANES + lane] * b[j + 1] +
                            a[2 * LANES + lane] * b[j + 2];
        }
    }
}

/* y -= a x */
static inline void subtract(const float *a, const float *x, float *y)
{
    for (int32_t lane = 0; lane < LANES; lane++) {
        y[lane] -= a[lane] * x[0] + a[LANES + lane] * x[1] + a[2 * LANES + lane] * x[2];
    }
}

static bool invert_diagonal(float *block)
{
    double a[9], inverse[9];

    for (int32_t i = 0; i < 9; i++) {
        a[i] = (double)block[LANES * (i % 3) + i / 3];
    }
    if (!bw__sim_invert(a, inverse)) {
        return false;
    }
    for (int32_t i = 0; i < 9; i++) {
        block[LANES * (i % 3) + i / 3] = (float)inverse[i];
    }
    return true;
}

/* What else is wanted of the matrix is taken at the same time: its columns by pressure. */
static void copy_blocks(bw_sim_solver *s)
{
    const double *a = s->m.a;
    double *by_p = s->by_p;
    float *lu = s->lu;

    for (int32_t at = 0; at < s->m.row[s->m.n]; at++, a += 9, lu += BLOCK, by_p += 3) {
        by_p[0] = a[0];
        by_p[1] = a[3];
        by_p[2] = a[6];
        for (int32_t j = 0; j < 3; j++) {
            lu[LANES * j] = (float)a[j];
            lu[LANES * j + 1] = (float)a[3 + j];
            lu[LANES * j + 2] = (float)a[6 + j];
            lu[LANES * j + 3] = 0;
        }
    }
}

bool bw__sim_factor(bw_sim_solver *s)
{
    const bw_sim_matrix *m = &s->m;
    float *lu = s->lu, l[BLOCK], product[BLOCK];

    copy_blocks(s);
    for (int32_t i = 0; i < m->n; i++) {
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            s->mark[m->col[at]] = at;
        }
        for (int32_t at = m->row[i]; at < m->diag[i]; at++) {
            int32_t k = m->col[at];
            multiply(lu + BLOCK * (size_t)at, lu + BLOCK * (size_t)m->diag[k], l);
            memcpy(lu + BLOCK * (size_t)at, l, sizeof l);
            for (int32_t up = m->diag[k] + 1; up < m->row[k + 1]; up++) {
                int32_t to = s->mark[m->col[up]];
                if (to >= 0) {
                    float *target = lu + BLOCK * (size_t)to;
                    multiply(l, lu + BLOCK * (size_t)up, product);
                    for (int32_t e = 0; e < BLOCK; e++) {
                        target[e] -= product[e];
                    }
                }
            }
        }
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            s->mark[m->col[at]] = -1;
        }
        if (!invert_diagonal(lu + BLOCK * (size_t)m->diag[i])) {
            return false;
        }
    }
    return true;
}

void bw__sim_factor_solve(bw_sim_solver *s)
{
    const bw_sim_matrix *m = &s->m;
    const float *lu = s->lu;
    float *x = s->y;

    for (int32_t i = 0; i < m->n; i++) {
        float y[LANES];
        memcpy(y, x + LANES * (size_t)i, sizeof y);
        for (int32_t at = m->row[i]; at < m->diag[i]; at++) {
            subtract(lu + BLOCK * (size_t)at, x + LANES * (size_t)m->col[at], y);
        }
        memcpy(x + LANES * (size_t)i, y, sizeof y);
    }
    for (int32_t i = m->n - 1; i >= 0; i--) {
        const float *d = lu + BLOCK * (size_t)m->diag[i];
        float y[LANES], z[LANES];
        memcpy(y, x + LANES * (size_t)i, sizeof y);
        for (int32_t at = m->diag[i] + 1; at < m->row[i + 1]; at++) {
            subtract(lu + BLOCK * (size_t)at, x + LANES * (size_t)m->col[at], y);
        }
        for (int32_t lane = 0; lane < LANES; lane++) {
            z[lane] = d[lane] * y[0] + d[LANES + lane] * y[1] + d[2 * LANES + lane] * y[2];
        }
        memcpy(x + LANES * (size_t)i, z, sizeof z);
    }
}

void bw__sim_multiply(const bw_sim_matrix *m, const double *x, double *y)
{
    for (int32_t i = 0; i < m->n; i++) {
        double sum[3] = {0, 0, 0};
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            const double *a = m->a + 9 * (size_t)at, *v = x + 3 * (size_t)m->col[at];
            sum[0] += a[0] * v[0] + a[1] * v[1] + a[2] * v[2];
            sum[1] += a[3] * v[0] + a[4] * v[1] + a[5] * v[2];
            sum[2] += a[6] * v[0] + a[7] * v[1] + a[8] * v[2];
        }
        memcpy(y + 3 * (size_t)i, sum, sizeof sum);
    }
}
