/* SPDX-License-Identifier: MIT */
/**
 * What is kept of a state: sums over regions and means over the grid, made in one walk over its
 * cells. V = dx dy h phi NTG is the pore volume (ft3), beta 5.614583 ft3/bbl:
 *
 *     oil = sum V So/(beta Bo), water = sum V Sw/(beta Bw)          STB
 *     free gas = sum V Sg/Bg, dissolved = sum oil Rs + water Rsw    SCF
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "analysis_internal.h"

void bw__problem(bw__record *record, const bw__state *state, const char *path, double value,
                 size_t cell)
{
    unsigned long long plane = state->shape[1] * state->shape[2];
    unsigned long long row = cell % plane / state->shape[2];
    char number[32] = "no number";

    if (record->problem[0] != '\0') {
        return;
    }
    if (!isnan(value)) {
        (void)snprintf(number, sizeof number, "%g", value);
    }
    (void)snprintf(record->problem, sizeof record->problem,
                   "step %" PRId64 ": %s[%llu, %llu, %llu] is %s", state->step, path,
                   cell / plane, row, (unsigned long long)(cell % state->shape[2]), number);
}

void bw__missing(bw__record *record, const bw__state *state, const char *path)
{
    if (record->problem[0] == '\0') {
        (void)snprintf(record->problem, sizeof record->problem,
                       "step %" PRId64 ": %s is missing", state->step, path);
    }
}

void bw__grid_problem(bw__record *record, const bw__state *state, bw__grid grid, size_t cell)
{
    if (state->grid[grid] != NULL) {
        bw__problem(record, state, bw__grid_paths[grid], state->grid[grid][cell], cell);
    } else {
        bw__missing(record, state, bw__grid_paths[grid]);
    }
}

/* A mean in the making. */
typedef struct mean {
    double sum, weight, plain;
    size_t count;
} mean;

static void mean_add(mean *m, double value, double weight)
{
    if (!isfinite(value)) {
        return;
    }
    m->plain += value;
    m->count++;
    if (isfinite(weight) && weight != 0) {
        m->sum += weight * value;
        m->weight += weight;
    }
}

static double mean_plain(const mean *m)
{
    return m->count == 0 ? NAN : m->plain / (double)m->count;
}

static double mean_weighted(const mean *m)
{
    return m->weight == 0 ? mean_plain(m) : m->sum / m->weight;
}

typedef struct walk {
    const bw__state *state;
    bw__record *record;
    const double *const *g; /* state->grid */
    mean pressure, bubble, s[BW__PHASES], mobility[BW__PHASES], bo, bw, bg, rs, rsw, cw, z, co, cg, cap_bg,
        injected_bw, injected_bg;
} walk;

/* An element; NaN and a problem where there is none, or no number. */
static double need(walk *w, bw__grid grid, size_t cell)
{
    const double *at = w->g[grid];

    if (at == NULL || !isfinite(at[cell])) {
        bw__grid_problem(w->record, w->state, grid, cell);
        return NAN;
    }
    return at[cell];
}

/* V S/B: nothing where there is none of the phase, whatever its B. */
static double surface_volume(walk *w, double volume, double saturation, bw__grid fvf, size_t cell)
{
    double b;

    if (volume == 0 || saturation == 0) {
        return 0;
    }
    b = need(w, fvf, cell);
    if (!(b > 0)) {
        bw__grid_problem(w->record, w->state, fvf, cell);
        return NAN;
    }
    return volume * saturation / (fvf == BW__BG ? b : BW__BARREL * b);
}

static double dissolved(walk *w, double liquid, bw__grid ratio, size_t cell)
{
    return liquid == 0 || w->g[ratio] == NULL ? 0 : liquid * need(w, ratio, cell);
}

static void add_volumes(walk *w, bw__zone *zone, size_t cell)
{
    double v = bw__pore_volume(w->state, cell), so, sw, sg, oil, water;

    if (v == 0) {
        return;
    }
    if (!isfinite(v)) {
        bw__grid blame = w->g[BW__THICKNESS] == NULL ? BW__THICKNESS
                         : w->g[BW__POROSITY] == NULL || !isfinite(w->g[BW__POROSITY][cell])
                             ? BW__POROSITY
                         : w->g[BW__NET_TO_GROSS] != NULL &&
                                 !isfinite(w->g[BW__NET_TO_GROSS][cell])
                             ? BW__NET_TO_GROSS : BW__THICKNESS;

        if (w->g[blame] != NULL && isfinite(w->g[blame][cell])) {
            bw__missing(w->record, w->state, "model.cell_dimension");
        }
        bw__grid_problem(w->record, w->state, blame, cell);
    }
    so = need(w, BW__SO, cell);
    sw = need(w, BW__SW, cell);
    sg = need(w, BW__SG, cell);
    oil = surface_volume(w, v, so, BW__BO, cell);
    water = surface_volume(w, v, sw, BW__BW, cell);
    zone->pore += v;
    zone->hydrocarbon += v * (so + sg);
    zone->oil += oil;
    zone->water += water;
    zone->free_gas += surface_volume(w, v, sg, BW__BG, cell);
    zone->oil_gas += dissolved(w, oil, BW__RS, cell);
    zone->water_gas += dissolved(w, water, BW__RSW, cell);
    if (w->g[BW__PRESSURE] != NULL) {
        double p = w->g[BW__PRESSURE][cell];

        zone->pressure_pore += p * v;
        zone->pressure_hydrocarbon += p * v * (1 - sw);
        zone->not_water += v * (1 - sw);
    }
}

/* The mean of a grid, and that weighted by another; of grids that are absent (NULL), nothing. The sums stay in
 * registers, which takes half the time of all means in one walk. */
static void mean_grid(mean *m, const double *values, const double *weights, size_t cells)
{
    mean sum = *m;

    for (size_t cell = 0; values != NULL && cell < cells; cell++) {
        double value = values[cell];

        if (!isfinite(value)) {
            continue;
        }
        sum.plain += value;
        sum.count++;
        if (weights != NULL && isfinite(weights[cell]) && weights[cell] != 0) {
            sum.sum += weights[cell] * value;
            sum.weight += weights[cell];
        }
    }
    *m = sum;
}

/* The same of a grid that is 0 where it is absent. */
static void mean_or_zero(mean *m, const double *values, const double *weights, size_t cells)
{
    if (values == NULL) {
        m->count = cells;
    } else {
        mean_grid(m, values, weights, cells);
    }
}

static void mean_mobility(mean *m, const double *kr, const double *mu, size_t cells)
{
    for (size_t cell = 0; kr != NULL && mu != NULL && cell < cells; cell++) {
        mean_add(m, kr[cell] / mu[cell], 1);
    }
}

static void add_means(walk *w)
{
    static const bw__grid kr[BW__PHASES] = {BW__KRO, BW__KRW, BW__KRG};
    static const bw__grid mu[BW__PHASES] = {BW__MUO, BW__MUW, BW__MUG};
    const double *const *g = w->g, *so = g[BW__SO], *sg = g[BW__SG];
    size_t cells = w->state->cells;

    mean_grid(&w->pressure, g[BW__PRESSURE], so, cells);
    mean_grid(&w->bubble, g[BW__BUBBLE_POINT], NULL, cells);
    mean_grid(&w->s[BW__OIL], so, NULL, cells);
    mean_grid(&w->s[BW__WATER], g[BW__SW], so, cells);
    mean_grid(&w->s[BW__GAS], sg, NULL, cells);
    for (int p = 0; p < BW__PHASES; p++) {
        mean_mobility(&w->mobility[p], g[kr[p]], g[mu[p]], cells);
    }
    mean_grid(&w->bo, g[BW__BO], so, cells);
    mean_grid(&w->bw, g[BW__BW], so, cells);
    mean_grid(&w->bg, g[BW__BG], so, cells);
    mean_grid(&w->cap_bg, g[BW__BG], sg, cells);
    mean_or_zero(&w->rs, g[BW__RS], so, cells);
    mean_or_zero(&w->rsw, g[BW__RSW], NULL, cells);
    mean_grid(&w->cw, g[BW__CW], NULL, cells);
    mean_grid(&w->z, g[BW__Z], sg, cells);
    mean_grid(&w->co, g[BW__CO], NULL, cells);
    mean_grid(&w->cg, g[BW__CG], NULL, cells);
}

/* Means of the FVFs with which water and gas are injected now. */
static void add_injected(walk *w)
{
    const bw__record *record = w->record;

    for (uint32_t n = 0; n < record->flow_count; n++) {
        const bw__flow *flow = &record->flows[n];

        if (flow->injected && flow->q[BW__WATER] != 0) {
            mean_add(&w->injected_bw, flow->fvf[BW__WATER], 1);
        }
        if (flow->injected && flow->q[BW__GAS] != 0) {
            mean_add(&w->injected_bg, flow->fvf[BW__GAS], 1);
        }
    }
}

static void keep_means(walk *w, bw__means *out)
{
    add_injected(w);
    out->pressure = mean_plain(&w->pressure);
    out->bubble_point = mean_plain(&w->bubble);
    for (int p = 0; p < BW__PHASES; p++) {
        out->s[p] = mean_plain(&w->s[p]);
        out->mobility[p] = mean_plain(&w->mobility[p]);
    }
    out->bo = mean_plain(&w->bo);
    out->bw = mean_plain(&w->bw);
    out->bg = mean_plain(&w->bg);
    out->rs = mean_plain(&w->rs);
    out->rsw = mean_plain(&w->rsw);
    out->cw = mean_plain(&w->cw);
    out->z = mean_plain(&w->z);
    out->co = mean_plain(&w->co);
    out->cg = mean_plain(&w->cg);
    out->oil_pressure = mean_weighted(&w->pressure);
    out->oil_bo = mean_weighted(&w->bo);
    out->oil_bw = mean_weighted(&w->bw);
    out->oil_bg = mean_weighted(&w->bg);
    out->oil_rs = mean_weighted(&w->rs);
    out->oil_sw = mean_weighted(&w->s[BW__WATER]);
    out->cap_bg = mean_weighted(&w->cap_bg);
    out->cap_z = mean_weighted(&w->z);
    out->injected_bw = w->injected_bw.count > 0 ? mean_plain(&w->injected_bw) : out->bw;
    out->injected_bg = w->injected_bg.count > 0 ? mean_plain(&w->injected_bg) : out->bg;
}

static void zone_add(bw__zone *into, const bw__zone *from)
{
    into->pore += from->pore;
    into->hydrocarbon += from->hydrocarbon;
    into->oil += from->oil;
    into->water += from->water;
    into->free_gas += from->free_gas;
    into->oil_gas += from->oil_gas;
    into->water_gas += from->water_gas;
    into->pressure_pore += from->pressure_pore;
    into->pressure_hydrocarbon += from->pressure_hydrocarbon;
    into->not_water += from->not_water;
}

static void walk_cells(const bw_analysis *a, const bw__state *state, bw__record *record)
{
    walk w = {.state = state, .record = record, .g = state->grid};
    bw__zone outside = {0};
    size_t layers = (size_t)state->shape[2];

    for (size_t cell = 0; cell < state->cells; cell++) {
        size_t region = a->region == NULL ? cell % layers + 1 : a->region[cell];

        add_volumes(&w, region == 0 ? &outside : &record->zones[region - 1], cell);
    }
    add_means(&w);
    record->field = outside;
    for (uint32_t n = 0; n < a->zones; n++) {
        zone_add(&record->field, &record->zones[n]);
    }
    keep_means(&w, &record->means);
}

static void read_mass_errors(const bw__state *state, bw__record *record)
{
    static const char *const paths[BW__PHASES] = {
        "material_balance_errors.relative_oil_mbe", "material_balance_errors.relative_water_mbe",
        "material_balance_errors.relative_gas_mbe"};

    for (int p = 0; p < BW__PHASES; p++) {
        record->mass_error[p] = NAN;
        (void)bw__to_number(bw__find(state->root, paths[p]), &record->mass_error[p]);
    }
}

bw_status bw__record_make_state(bw_ctx *ctx, const bw_analysis *a, const bw__state *state,
                                bw__wells *before, bw__record **out)
{
    bw__record *record = bw_alloc_zeroed(ctx, sizeof *record);
    bw_status st = BW_ERR_NOMEM;

    if (record == NULL) {
        return BW_ERR_NOMEM;
    }
    record->step = state->step;
    record->day = state->day;
    record->step_days = state->step_days;
    record->rock_compressibility = state->rock_compressibility;
    record->zones = bw_arena_alloc_zeroed(ctx, &record->arena,
                                          (a->zones + 1) * sizeof *record->zones);
    if (record->zones == NULL) {
        goto done;
    }
    BW_GO(bw__wells_read(ctx, state, before, &record->wells));
    BW_GO(bw__flows_read(ctx, state, record));
    walk_cells(a, state, record);
    BW_GO(bw__perforations_read(ctx, state, record));
    BW_GO(bw__totals_read(ctx, state, record));
    read_mass_errors(state, record);
    *out = record;
    return BW_OK;
done:
    bw__record_free(ctx, record);
    return st;
}

void bw__record_free(bw_ctx *ctx, bw__record *record)
{
    if (record != NULL) {
        bw__wells_release(ctx, record->wells);
        bw_arena_free(ctx, &record->arena);
        bw_release(ctx, record);
    }
}
