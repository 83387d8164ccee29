/* SPDX-License-Identifier: MIT */
/**
 * Which cells produce and inject, from dense grids of rates (guide, wheel) or sparse ones (head),
 * with the surface volumes: q/(beta B) in STB/d, q/Bg in SCF/d.
 */
#include <inttypes.h>
#include <math.h>

#include "analysis_internal.h"

/* One phase's rates or FVFs as cells and values, or as a dense grid. */
typedef struct sparse {
    const double *dense; /* [cells] or NULL */
    double *keys, *values;
    size_t count;
} sparse;

typedef struct reader {
    bw_ctx *ctx;
    const bw__state *state;
    bw__record *record;
    bw_arena arena; /* what is needed while reading */
    sparse rates[BW__PHASES], fvfs[BW__PHASES];
    uint32_t *slots; /* [cells + 1], one more than the flow's index; NULL until one flows */
    uint32_t first;  /* flows before these */
    uint32_t cap;
} reader;

static bw_status bad(reader *r, const char *path, const char *phase, const char *why)
{
    return bw_fail(r->ctx, BW_ERR_VALIDATION, "step %" PRId64 ": %s.%s %s", r->state->step, path,
                   phase, why);
}

/* Above this many values a search for each cell would take longer than a grid. */
#define SPARSE_MAX 64u

static bw_status scatter(reader *r, sparse *s)
{
    double *grid = bw_arena_alloc(r->ctx, &r->arena, r->state->cells * sizeof *grid);

    if (grid == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t cell = 0; cell < r->state->cells; cell++) {
        grid[cell] = NAN;
    }
    for (size_t n = 0; n < s->count; n++) {
        grid[(size_t)s->keys[n]] = s->values[n];
    }
    *s = (sparse){.dense = grid};
    return BW_OK;
}

static bw_status read_sparse(reader *r, const char *path, const char *phase, const bw_node *node,
                             sparse *out)
{
    const bw_node *keys = bw__find(node, "keys"), *values = bw__find(node, "values");
    size_t keyed = 0, count = 0;

    BW_TRY(bw__to_numbers(r->ctx, &r->arena, keys, &out->keys, &keyed));
    BW_TRY(bw__to_numbers(r->ctx, &r->arena, values, &out->values, &count));
    if (keyed != count * 3) {
        return bad(r, path, phase, "has not three indices a value");
    }
    for (size_t n = 0; n < count; n++) {
        double *key = out->keys + 3 * n;

        for (int d = 0; d < 3; d++) {
            if (!(key[d] >= 0 && key[d] < (double)r->state->shape[d])) {
                return bad(r, path, phase, "has a cell outside of the grid");
            }
        }
        out->keys[n] = (key[0] * (double)r->state->shape[1] + key[1]) *
                       (double)r->state->shape[2] + key[2];
    }
    out->count = count;
    return count > SPARSE_MAX ? scatter(r, out) : BW_OK;
}

/* `group`.{oil, water, gas}: an array, a sparse tensor, or nothing. */
static bw_status read_phases(reader *r, const char *group, sparse out[BW__PHASES])
{
    const bw_node *map = bw__find(r->state->root, group);

    for (int phase = 0; phase < BW__PHASES; phase++) {
        const char *name = bw__phase_names[phase];
        const bw_node *node = bw__find(map, name);

        out[phase] = (sparse){.count = 0};
        if (node == NULL) {
            continue;
        }
        if (node->type == BW_NODE_MAP) {
            BW_TRY(read_sparse(r, group, name, node, &out[phase]));
            continue;
        }
        if (node->type != BW_NODE_ARRAY || node->array->rank != 3 ||
            node->array->shape[0] != r->state->shape[0] ||
            node->array->shape[1] != r->state->shape[1] ||
            node->array->shape[2] != r->state->shape[2]) {
            return bad(r, group, name, "is no grid of the model's shape");
        }
        if (bw__widen(r->ctx, &r->arena, node->array, &out[phase].dense) != BW_OK) {
            return r->ctx->error.status == BW_ERR_NOMEM ? BW_ERR_NOMEM
                                                        : bad(r, group, name, "holds no numbers");
        }
    }
    return BW_OK;
}

static double sparse_at(const sparse *s, uint32_t cell)
{
    if (s->dense != NULL) {
        return s->dense[cell];
    }
    for (size_t n = s->count; n-- > 0;) {
        if (s->keys[n] == cell) {
            return s->values[n];
        }
    }
    return NAN;
}

/* The flow of a cell in this direction, made when it is first met. */
static bw_status flow_of(reader *r, bool injected, uint32_t cell, bw__flow **out)
{
    bw__record *record = r->record;

    if (r->slots == NULL) {
        r->slots = bw_arena_alloc_zeroed(r->ctx, &r->arena, r->state->cells * sizeof *r->slots);
        if (r->slots == NULL) {
            return BW_ERR_NOMEM;
        }
    }
    if (r->slots[cell] == 0) {
        if (record->flow_count == r->cap) {
            uint32_t cap = r->cap == 0 ? 8 : r->cap * 2;
            bw__flow *grown = bw_arena_alloc(r->ctx, &r->arena, cap * sizeof *grown);

            if (grown == NULL) {
                return BW_ERR_NOMEM;
            }
            for (uint32_t n = 0; n < record->flow_count; n++) {
                grown[n] = record->flows[n];
            }
            record->flows = grown;
            r->cap = cap;
        }
        record->flows[record->flow_count++] = (bw__flow){.cell = cell, .injected = injected};
        r->slots[cell] = record->flow_count;
    }
    *out = &record->flows[r->slots[cell] - 1];
    return BW_OK;
}

static bw_status add_rate(reader *r, bool injected, int phase, uint32_t cell, double q)
{
    bw__flow *flow;

    if (q == 0 || isnan(q)) { /* an absent number is no flow */
        return BW_OK;
    }
    BW_TRY(flow_of(r, injected, cell, &flow));
    flow->q[phase] = q;
    return BW_OK;
}

static bw_status collect(reader *r, bool injected)
{
    for (int phase = 0; phase < BW__PHASES; phase++) {
        const sparse *rates = &r->rates[phase];

        for (size_t cell = 0; rates->dense != NULL && cell < r->state->cells; cell++) {
            BW_TRY(add_rate(r, injected, phase, (uint32_t)cell, rates->dense[cell]));
        }
        for (size_t n = 0; n < rates->count; n++) {
            BW_TRY(add_rate(r, injected, phase, (uint32_t)rates->keys[n], rates->values[n]));
        }
    }
    return BW_OK;
}

/* Dissolved gas of a cell's oil or water, SCF/STB; states without the grid have none. */
static double dissolved(reader *r, bw__grid grid, uint32_t cell)
{
    const double *ratio = r->state->grid[grid];
    double value = ratio == NULL ? 0 : ratio[cell];

    if (!isfinite(value)) {
        bw__grid_problem(r->record, r->state, grid, cell);
    }
    return value;
}

/* Surface volumes: the perforation's own FVF where it has a good one, else the cell's. */
static void make_surface(reader *r, bw__flow *flow)
{
    static const bw__grid grids[BW__PHASES] = {BW__BO, BW__BW, BW__BG};

    for (int phase = 0; phase < BW__PHASES; phase++) {
        const double *grid = r->state->grid[grids[phase]];
        double own, b;

        if (flow->q[phase] == 0) {
            continue;
        }
        own = sparse_at(&r->fvfs[phase], flow->cell);
        b = isfinite(own) && own > 0 ? own : grid == NULL ? NAN : grid[flow->cell];
        if (!(isfinite(b) && b > 0)) {
            bw__grid_problem(r->record, r->state, grids[phase], flow->cell);
            b = NAN;
        }
        flow->fvf[phase] = b;
        flow->surface[phase] = flow->q[phase] / (phase == BW__GAS ? b : BW__BARREL * b);
    }
    if (!flow->injected && flow->surface[BW__OIL] != 0) {
        flow->oil_gas = flow->surface[BW__OIL] * dissolved(r, BW__RS, flow->cell);
    }
    if (!flow->injected && flow->surface[BW__WATER] != 0) {
        flow->water_gas = flow->surface[BW__WATER] * dissolved(r, BW__RSW, flow->cell);
    }
}

static bw_status read_direction(reader *r, bool injected)
{
    const bool head = bw__find(r->state->root, "rates") != NULL;

    r->first = r->record->flow_count;
    r->slots = NULL;
    BW_TRY(read_phases(r, head ? (injected ? "rates.injection_rates" : "rates.production_rates")
                               : (injected ? "injection" : "production"), r->rates));
    BW_TRY(read_phases(r, injected ? "rates.injection_fvfs" : "rates.production_fvfs", r->fvfs));
    BW_TRY(collect(r, injected));
    for (uint32_t n = r->first; n < r->record->flow_count; n++) {
        make_surface(r, &r->record->flows[n]);
    }
    return BW_OK;
}

bw_status bw__flows_read(bw_ctx *ctx, const bw__state *state, bw__record *record)
{
    reader r = {.ctx = ctx, .state = state, .record = record};
    bw_status st;
    bw__flow *kept;

    BW_GO(read_direction(&r, false));
    BW_GO(read_direction(&r, true));
    kept = bw_arena_alloc(ctx, &record->arena, (record->flow_count + 1) * sizeof *kept);
    st = kept == NULL ? BW_ERR_NOMEM : BW_OK;
    for (uint32_t n = 0; kept != NULL && n < record->flow_count; n++) {
        kept[n] = record->flows[n];
    }
    record->flows = kept;
done:
    if (st != BW_OK) {
        record->flows = NULL;
        record->flow_count = 0;
    }
    bw_arena_free(ctx, &r.arena);
    return st;
}
