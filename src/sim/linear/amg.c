/* SPDX-License-Identifier: MIT */
/*
 * Algebraic multigrid for the pressures, as one stage of a preconditioner: cells are joined to
 * their strongest neighbour, and the pairs again (Notay, ETNA 37 (2010), "pairwise aggregation"),
 * so that a coarse matrix is sums of entries of the fine one. Which cells go together is chosen
 * once a time step; within it only the sums are made anew. A W-cycle with one sweep of Gauss and
 * Seidel before and one after, in opposite orders. The entries of a row before its diagonal come first, as
 * the sweep that begins from nothing needs no others, and what it leaves over no more than the rest.
 */
#include <math.h>
#include <string.h>

#include "sim/sim_parts.h"

#define LEVELS_MAX 24
#define DENSE_MAX 60
#define PASSES 2      /* pairs, and pairs of pairs */
#define POOL 3        /* room for entries of all levels, in those of the finest */

typedef struct level {
    int32_t n;
    int32_t *row, *col, *diag; /* columns: those before the row's own, it, and the others */
    double *a, *inverse;       /* of the diagonal */
    int32_t *group; /* this level's cell → the coarser one's */
    int32_t *to;    /* this level's entry → the coarser one's */
    double *x, *b;
} level;

struct bw_sim_amg {
    int32_t depth; /* levels in use */
    level levels[LEVELS_MAX];
    int32_t *ints; /* what the levels' arrays are cut from */
    double *doubles;
    size_t ints_cap, ints_used, doubles_cap, doubles_used;
    int32_t *mark, *group, *place;
    level pair; /* between two passes */
    int32_t *pair_pool;
    double *pair_values;
    double dense[DENSE_MAX * DENSE_MAX]; /* the coarsest matrix's inverse, by columns */
    bool has_dense;
};

bw_status bw__sim_amg_new(bw_ctx *ctx, int32_t n, int32_t entries, bw_sim_amg **out)
{
    bw_sim_amg *amg = bw_alloc_zeroed(ctx, sizeof *amg);
    size_t cells = (size_t)n, all = (size_t)entries;

    if (amg == NULL) {
        return BW_ERR_NOMEM;
    }
    amg->ints_cap = POOL * (2 * all + 4 * cells) + 1000;
    amg->doubles_cap = POOL * (all + 3 * cells) + 1000;
    amg->ints = bw_alloc(ctx, amg->ints_cap * sizeof *amg->ints);
    amg->doubles = bw_alloc(ctx, amg->doubles_cap * sizeof *amg->doubles);
    amg->mark = bw_alloc(ctx, cells * sizeof *amg->mark);
    amg->group = bw_alloc(ctx, cells * sizeof *amg->group);
    amg->place = bw_alloc(ctx, all * sizeof *amg->place);
    amg->pair_pool = bw_alloc(ctx, (all + 2 * cells + 2) * sizeof *amg->pair_pool);
    amg->pair_values = bw_alloc(ctx, all * sizeof *amg->pair_values);
    if (amg->ints == NULL || amg->doubles == NULL || amg->mark == NULL || amg->group == NULL ||
        amg->place == NULL || amg->pair_pool == NULL || amg->pair_values == NULL) {
        bw__sim_amg_free(ctx, amg);
        return BW_ERR_NOMEM;
    }
    *out = amg;
    return BW_OK;
}

void bw__sim_amg_free(bw_ctx *ctx, bw_sim_amg *amg)
{
    if (amg != NULL) {
        bw_release(ctx, amg->ints);
        bw_release(ctx, amg->doubles);
        bw_release(ctx, amg->mark);
        bw_release(ctx, amg->group);
        bw_release(ctx, amg->place);
        bw_release(ctx, amg->pair_pool);
        bw_release(ctx, amg->pair_values);
        bw_release(ctx, amg);
    }
}

/* Memory for a level of `n` cells and `entries`; false: there is no more. */
static bool cut(bw_sim_amg *amg, int32_t n, int32_t entries, level *out)
{
    size_t cells = (size_t)n, all = (size_t)entries;
    int32_t *ints = amg->ints + amg->ints_used;
    double *doubles = amg->doubles + amg->doubles_used;

    if (amg->ints_used + 2 * all + 3 * cells + 1 > amg->ints_cap ||
        amg->doubles_used + all + 3 * cells > amg->doubles_cap) {
        return false;
    }
    amg->ints_used += 2 * all + 3 * cells + 1;
    amg->doubles_used += all + 3 * cells;
    out->n = n;
    out->row = ints;
    out->diag = ints + cells + 1;
    out->group = ints + 2 * cells + 1;
    out->col = ints + 3 * cells + 1;
    out->to = ints + 3 * cells + 1 + all;
    out->a = doubles;
    out->x = doubles + all;
    out->b = doubles + all + cells;
    out->inverse = doubles + all + 2 * cells;
    return true;
}

/* Joins each cell with its strongest neighbour that is free; how many groups. */
static int32_t join(const level *m, int32_t *group)
{
    int32_t groups = 0;

    memset(group, 0xff, (size_t)m->n * sizeof *group);
    for (int32_t i = 0; i < m->n; i++) {
        int32_t best = -1;
        double strongest = 0, free = 0;
        if (group[i] >= 0) {
            continue;
        }
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            int32_t j = m->col[at];
            if (j == i) {
                continue;
            }
            strongest = -m->a[at] > strongest ? -m->a[at] : strongest;
            if (group[j] < 0 && -m->a[at] > free) {
                free = -m->a[at];
                best = j;
            }
        }
        group[i] = groups;
        if (best >= 0 && free >= 0.25 * strongest) {
            group[best] = groups;
        }
        groups++;
    }
    return groups;
}

/* The coarse pattern of `group`; entries found, `to` says where each fine one goes. */
static int32_t coarse_pattern(const level *fine, const int32_t *group, int32_t groups, level *out,
                              int32_t *first, int32_t *to, int32_t *mark)
{
    int32_t found = 0;
    int32_t *next = out->diag; /* until it is needed: fine cells of one group, as a list */

    memset(first, 0xff, (size_t)groups * sizeof *first);
    for (int32_t i = fine->n - 1; i >= 0; i--) {
        next[i] = first[group[i]];
        first[group[i]] = i;
    }
    memset(mark, 0xff, (size_t)groups * sizeof *mark);
    for (int32_t g = 0; g < groups; g++) {
        int32_t begin = found;
        out->row[g] = found;
        for (int32_t i = first[g]; i >= 0; i = next[i]) {
            for (int32_t at = fine->row[i]; at < fine->row[i + 1]; at++) {
                int32_t j = group[fine->col[at]];
                if (mark[j] < begin) {
                    mark[j] = found;
                    out->col[found++] = j;
                }
                to[at] = mark[j];
            }
        }
    }
    out->row[groups] = found;
    return found;
}

static void find_diagonals(level *m)
{
    for (int32_t i = 0; i < m->n; i++) {
        m->diag[i] = m->row[i];
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            if (m->col[at] == i) {
                m->diag[i] = at;
            }
        }
    }
}

/* Columns before the row's own first, it, and the others; `place` says where each entry of before is. */
static void arrange(const level *from, level *out, int32_t *place)
{
    for (int32_t i = 0; i < from->n; i++) {
        int32_t next = from->row[i];
        for (int32_t part = -1; part <= 1; part++) {
            if (part == 0) {
                out->diag[i] = next;
            }
            for (int32_t at = from->row[i]; at < from->row[i + 1]; at++) {
                int32_t j = from->col[at];
                if ((j > i) - (j < i) == part) {
                    out->col[next] = j;
                    place[at] = next++;
                }
            }
        }
    }
}

static void sum_entries(const level *fine, const int32_t *to, double *a, int32_t entries)
{
    memset(a, 0, (size_t)entries * sizeof *a);
    for (int32_t at = 0; at < fine->row[fine->n]; at++) {
        a[to[at]] += fine->a[at];
    }
}

/* Groups of `fine` by pairs of pairs, in fine->group. */
static int32_t group_cells(bw_sim_amg *amg, level *fine)
{
    int32_t groups = join(fine, fine->group);
    level *pair = &amg->pair;

    for (int32_t pass = 1; pass < PASSES; pass++) {
        /* The pairs' matrix, in the pool; its `diag` needs fine->n places for the list. */
        int32_t entries = 0, coarser = 0;
        pair->row = amg->pair_pool;
        pair->col = amg->pair_pool + fine->n + 1;
        pair->diag = amg->group;
        pair->a = amg->pair_values;
        entries = coarse_pattern(fine, fine->group, groups, pair, fine->diag, fine->to, amg->mark);
        sum_entries(fine, fine->to, pair->a, entries);
        pair->n = groups;
        coarser = join(pair, amg->group);
        for (int32_t i = 0; i < fine->n; i++) {
            fine->group[i] = amg->group[fine->group[i]];
        }
        groups = coarser;
    }
    return groups;
}

/* Adds the next coarser level; false when the last one is coarse enough. */
static bool coarsen(bw_sim_amg *amg)
{
    level *fine = &amg->levels[amg->depth - 1], *out = &amg->levels[amg->depth];
    int32_t groups = 0, entries = 0;
    level draft = {0};

    if (amg->depth == LEVELS_MAX || fine->n <= DENSE_MAX) {
        return false;
    }
    groups = group_cells(amg, fine);
    if (groups > fine->n * 9 / 10) {
        find_diagonals(fine); /* whose place was wanted for something else */
        return false;
    }
    draft.row = amg->pair_pool;
    draft.col = amg->pair_pool + fine->n + 1;
    draft.diag = amg->group;
    draft.n = groups;
    entries = coarse_pattern(fine, fine->group, groups, &draft, fine->diag, fine->to, amg->mark);
    find_diagonals(fine);
    if (!cut(amg, groups, entries, out)) {
        return false;
    }
    memcpy(out->row, draft.row, ((size_t)groups + 1) * sizeof *out->row);
    arrange(&draft, out, amg->place);
    for (int32_t at = 0; at < fine->row[fine->n]; at++) {
        fine->to[at] = amg->place[fine->to[at]];
    }
    sum_entries(fine, fine->to, out->a, entries);
    amg->depth++;
    return true;
}

/* The coarsest matrix's inverse (Gauss and Jordan); false: it is singular or too large. */
static bool invert_dense(bw_sim_amg *amg)
{
    const level *m = &amg->levels[amg->depth - 1];
    int32_t n = m->n;
    double *d = amg->dense;

    if (n > DENSE_MAX) {
        return false;
    }
    memset(d, 0, (size_t)n * (size_t)n * sizeof *d);
    for (int32_t i = 0; i < n; i++) {
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            d[m->col[at] * n + i] += m->a[at];
        }
    }
    for (int32_t k = 0; k < n; k++) {
        double *pivot = d + (size_t)k * (size_t)n, inverse = 1 / pivot[k];
        if (!(fabs(pivot[k]) > 0) || !isfinite(inverse)) {
            return false;
        }
        pivot[k] = 1;
        for (int32_t j = 0; j < n; j++) {
            pivot[j] *= inverse;
        }
        for (int32_t i = 0; i < n; i++) {
            double *column = d + (size_t)i * (size_t)n, f = column[k];
            if (i == k || f == 0) {
                continue;
            }
            column[k] = 0;
            for (int32_t j = 0; j < n; j++) {
                column[j] -= f * pivot[j];
            }
        }
    }
    return true;
}

static void invert_diagonals(level *m)
{
    for (int32_t i = 0; i < m->n; i++) {
        double d = m->a[m->diag[i]];
        m->inverse[i] = d != 0 ? 1 / d : 0;
    }
}

void bw__sim_amg_build(bw_sim_amg *amg, const bw_sim_solver *s, bool anew)
{
    const bw_sim_matrix *m = &s->m;
    level *finest = &amg->levels[0];

    if (anew || amg->depth == 0) {
        amg->ints_used = amg->doubles_used = 0;
        (void)cut(amg, m->n, m->row[m->n], finest); /* it fits: POOL is more than 1 */
        memcpy(finest->row, m->row, ((size_t)m->n + 1) * sizeof *m->row);
        memcpy(finest->col, m->col, (size_t)m->row[m->n] * sizeof *m->col);
        memcpy(finest->diag, m->diag, (size_t)m->n * sizeof *m->diag);
    }
    for (int32_t i = 0; i < m->n; i++) {
        const double *w = s->weight + 3 * (size_t)i;
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            const double *column = s->by_p + 3 * (size_t)at;
            finest->a[at] = w[0] * column[0] + w[1] * column[1] + w[2] * column[2];
        }
    }
    if (anew || amg->depth == 0) {
        amg->depth = 1;
        while (coarsen(amg)) {
        }
    } else {
        for (int32_t l = 1; l < amg->depth; l++) {
            sum_entries(&amg->levels[l - 1], amg->levels[l - 1].to, amg->levels[l].a,
                        amg->levels[l].row[amg->levels[l].n]);
        }
    }
    for (int32_t l = 0; l < amg->depth; l++) {
        invert_diagonals(&amg->levels[l]);
    }
    amg->has_dense = invert_dense(amg);
}

/* Gauss-Seidel upwards through the cells, from x = 0. */
static void sweep_first(const level *m, const double *b, double *x)
{
    for (int32_t i = 0; i < m->n; i++) {
        double sum = b[i];
        for (int32_t at = m->row[i]; at < m->diag[i]; at++) {
            sum -= m->a[at] * x[m->col[at]];
        }
        x[i] = sum * m->inverse[i];
    }
}

/* What that sweep leaves over, group by group: the rest of each row. */
static void restrict_first(const level *m, const double *x, double *out)
{
    for (int32_t i = 0; i < m->n; i++) {
        double sum = 0;
        for (int32_t at = m->diag[i] + 1; at < m->row[i + 1]; at++) {
            sum -= m->a[at] * x[m->col[at]];
        }
        out[m->group[i]] += sum;
    }
}

static void restrict_residual(const level *m, const double *b, const double *x, double *out)
{
    for (int32_t i = 0; i < m->n; i++) {
        double sum = b[i];
        for (int32_t at = m->row[i]; at < m->row[i + 1]; at++) {
            sum -= m->a[at] * x[m->col[at]];
        }
        out[m->group[i]] += sum;
    }
}

/* Gauss-Seidel downwards. */
static void sweep_back(const level *m, const double *b, double *x)
{
    for (int32_t i = m->n - 1; i >= 0; i--) {
        double sum = b[i];
        for (int32_t at = m->diag[i] + 1; at < m->row[i + 1]; at++) {
            sum -= m->a[at] * x[m->col[at]];
        }
        for (int32_t at = m->row[i]; at < m->diag[i]; at++) {
            sum -= m->a[at] * x[m->col[at]];
        }
        x[i] = m->inverse[i] != 0 ? sum * m->inverse[i] : x[i];
    }
}

static void solve_coarsest(const bw_sim_amg *amg, const level *m, const double *b, double *x)
{
    int32_t n = m->n;

    if (!amg->has_dense) {
        sweep_first(m, b, x);
        for (int32_t i = 0; i < 8; i++) {
            sweep_back(m, b, x);
        }
        return;
    }
    memset(x, 0, (size_t)n * sizeof *x);
    for (int32_t j = 0; j < n; j++) {
        const double *column = amg->dense + (size_t)j * (size_t)n;
        for (int32_t i = 0; i < n; i++) {
            x[i] += b[j] * column[i];
        }
    }
}

static void visit(bw_sim_amg *amg, int32_t l, const double *b, double *x)
{
    const level *m = &amg->levels[l];
    level *coarse = &amg->levels[l + 1];

    if (l == amg->depth - 1) {
        solve_coarsest(amg, m, b, x);
        return;
    }
    sweep_first(m, b, x);
    for (int32_t round = 0; round < (l == 0 ? 1 : 2); round++) {
        memset(coarse->b, 0, (size_t)coarse->n * sizeof *coarse->b);
        if (round == 0) {
            restrict_first(m, x, coarse->b);
        } else {
            restrict_residual(m, b, x, coarse->b);
        }
        visit(amg, l + 1, coarse->b, coarse->x);
        for (int32_t i = 0; i < m->n; i++) {
            x[i] += coarse->x[m->group[i]];
        }
        sweep_back(m, b, x);
    }
}

void bw__sim_amg_cycle(bw_sim_amg *amg, const double *b, double *x)
{
    visit(amg, 0, b, x);
}
