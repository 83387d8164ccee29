/* SPDX-License-Identifier: MIT */
/**
 * Sweep efficiencies against the first state (index 0), n0 = V0 So0/(beta Bo0) and
 * n = V0 So/(beta Bo0) in STB:
 *
 *     volumetric    sum of n0 over contacted cells / sum of n0
 *     displacement  sum of n0 - n over contacted cells / sum of n0 over them, within [0, 1]
 *     areal         columns with a contacted cell / all columns
 *     vertical      sum over columns of N [sum phi h max(So0 - So, 0) / sum phi h So0] / sum of N,
 *                   N = sum of n0 over the column
 */
#include "sweep.h"

#include <math.h>

bw_status bw__reference_make(bw_ctx *ctx, const bw__state *state, bw__reference *out)
{
    static const bw__grid grids[BW__PHASES] = {BW__SO, BW__SW, BW__SG};
    bw__reference ref = {.stb = NULL};
    double **columns[] = {&ref.pore, &ref.stb, &ref.phi_h, &ref.s[0], &ref.s[1], &ref.s[2]};

    for (size_t n = 0; n < sizeof columns / sizeof *columns; n++) {
        *columns[n] = bw_arena_alloc(ctx, &ref.arena, state->cells * sizeof(double));
        if (*columns[n] == NULL) {
            bw_arena_free(ctx, &ref.arena);
            return BW_ERR_NOMEM;
        }
    }
    for (size_t cell = 0; cell < state->cells; cell++) {
        const double *bo = state->grid[BW__BO], *h = state->grid[BW__THICKNESS];
        const double *phi = state->grid[BW__POROSITY];
        double v = bw__pore_volume(state, cell);

        for (int p = 0; p < BW__PHASES; p++) {
            ref.s[p][cell] = state->grid[grids[p]] == NULL ? NAN : state->grid[grids[p]][cell];
        }
        ref.pore[cell] = v;
        ref.stb[cell] = v == 0 || ref.s[BW__OIL][cell] == 0 ? 0
                        : bo == NULL ? NAN
                                     : v * ref.s[BW__OIL][cell] / (BW__BARREL * bo[cell]);
        ref.phi_h[cell] = h == NULL || phi == NULL ? NAN : h[cell] > 0 ? phi[cell] * h[cell] : 0;
    }
    *out = ref;
    return BW_OK;
}

/* STB: n0 of contacted cells, n of them; and the columns that have one. */
typedef struct contact {
    double before, left;
    uint64_t columns;
} contact;

typedef struct sums {
    double all, weighted; /* n0, and that of columns times their vertical efficiency */
    contact by[BW__PHASES];
} sums;

/* By which phases a cell is contacted, a bit each. */
static unsigned contacts(const bw_analysis *a, const bw__state *state, bw__thresholds t, size_t cell)
{
    const double *const *s0 = (const double *const *)a->reference.s;
    const double *solvent = state->grid[BW__SOLVENT];
    bool oil = s0[BW__OIL][cell] - state->grid[BW__SO][cell] > 0;
    bool water = state->grid[BW__SW][cell] - s0[BW__WATER][cell] > t.water;
    bool gas = state->grid[BW__SG][cell] - s0[BW__GAS][cell] > t.gas;

    gas |= solvent != NULL && solvent[cell] > t.solvent;
    return (unsigned)oil << BW__OIL | (unsigned)water << BW__WATER | (unsigned)gas << BW__GAS;
}

static void add_column(const bw_analysis *a, const bw__state *state, bw__thresholds thresholds, size_t first,
                       sums *total)
{
    const bw__reference *ref = &a->reference;
    double stb = 0, moved = 0, held = 0;
    unsigned touched = 0;

    for (size_t cell = first; cell < first + (size_t)a->shape[2]; cell++) {
        double so0 = ref->s[BW__OIL][cell], so = state->grid[BW__SO][cell], n0 = ref->stb[cell];
        unsigned by = contacts(a, state, thresholds, cell);

        if (ref->phi_h[cell] != 0) { /* else no cell: whatever its saturations are */
            stb += n0;
            moved += ref->phi_h[cell] * (so0 > so ? so0 - so : 0);
            held += ref->phi_h[cell] * so0;
        }
        touched |= by;
        for (int p = 0; by != 0 && p < BW__PHASES; p++) {
            if (by >> p & 1) {
                total->by[p].before += n0;
                total->by[p].left += n0 == 0 ? 0 : n0 * (so / so0);
            }
        }
    }
    total->all += stb;
    total->weighted += held == 0 ? 0 : stb * (moved / held);
    for (int p = 0; p < BW__PHASES; p++) {
        total->by[p].columns += touched >> p & 1;
    }
}

void bw__sweep_of(const bw_analysis *a, const bw__state *state, bw__thresholds thresholds, bw__sweep out[BW__PHASES])
{
    size_t columns = (size_t)(a->shape[0] * a->shape[1]), layers = (size_t)a->shape[2];
    const bool known = state->grid[BW__SO] != NULL && state->grid[BW__SW] != NULL && state->grid[BW__SG] != NULL;
    sums total = {.all = 0};

    for (size_t column = 0; known && column < columns; column++) {
        add_column(a, state, thresholds, column * layers, &total);
    }
    for (int p = 0; p < BW__PHASES; p++) {
        const contact *c = &total.by[p];
        double displaced = c->before == 0 ? 0 : (c->before - c->left) / c->before;
        bw__sweep *sweep = &out[p];

        if (!known) {
            *sweep = (bw__sweep){NAN, NAN, NAN, NAN, NAN, NAN, NAN};
            continue;
        }
        sweep->volumetric = total.all == 0 ? 0 : c->before / total.all;
        sweep->displacement = displaced < 0 ? 0 : displaced > 1 ? 1 : displaced;
        sweep->recovery = sweep->volumetric * sweep->displacement;
        sweep->contacted = c->before;
        sweep->uncontacted = total.all - c->before;
        sweep->areal = (double)c->columns / (double)columns;
        sweep->vertical = total.all == 0 ? 0 : total.weighted / total.all;
    }
}

void bw__sweep_record(const bw_analysis *a, const bw__state *state, bw__record *record)
{
    bw__sweep_of(a, state, BW__DEFAULT_THRESHOLDS, record->sweep);
    record->swept = a->generation;
}
