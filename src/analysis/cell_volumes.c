/* SPDX-License-Identifier: MIT */
/**
 * What is in place, over regions. V = dx dy h phi NTG is the pore volume (ft3), beta 5.614583 ft3/bbl:
 *
 *     oil = sum V So/(beta Bo), water = sum V Sw/(beta Bw)          STB
 *     free gas = sum V Sg/Bg, dissolved = sum oil Rs + water Rsw    SCF
 *
 * First blocks of cells are computed grid by grid, without a look at what is no number, which vectorises. Where a sum
 * is none then, or an FVF cannot be, all is done again cell by cell, to say which one it was. Both add the same
 * numbers in the same order.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "cell_sums.h"

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

/* Where a cell's contents are added up; `outside` is of cells that are in no region. */
static bw__zone *zone_of(const bw_analysis *a, bw__record *record, bw__zone *outside, size_t cell)
{
    size_t region = a->region == NULL ? cell % (size_t)a->shape[2] + 1 : a->region[cell];

    return region == 0 ? outside : &record->zones[region - 1];
}

/* Block by block ----------------------------------------------------------------------------- */

#define BLOCK 256u

typedef struct contents {
    double pore[BLOCK], hydrocarbon[BLOCK], oil[BLOCK], water[BLOCK], free_gas[BLOCK], oil_gas[BLOCK],
        water_gas[BLOCK], pressure_pore[BLOCK], pressure_hydrocarbon[BLOCK], not_water[BLOCK];
} contents;

static void fill_pore(const bw__state *state, size_t first, size_t n, double *pore)
{
    const double *h = state->grid[BW__THICKNESS] + first, *phi = state->grid[BW__POROSITY] + first;
    const double *net = state->grid[BW__NET_TO_GROSS];
    const double area = state->dx * state->dy;

    for (size_t m = 0; m < n; m++) {
        pore[m] = h[m] > 0 ? area * h[m] * phi[m] : 0;
    }
    for (size_t m = 0; net != NULL && m < n; m++) {
        pore[m] = h[m] > 0 ? pore[m] * net[first + m] : 0;
    }
}

/* V S/(unit B), nothing where there is none of the phase; how many B there are that cannot be. */
static double fill_surface(const double *pore, const double *s, const double *b, double unit, size_t n, double *out)
{
    double bad = 0;

    for (size_t m = 0; m < n; m++) {
        double volume = pore[m] * s[m] / (unit * b[m]);
        bool none = (pore[m] == 0) | (s[m] == 0), good = (b[m] > 0) & (b[m] <= DBL_MAX);

        out[m] = none ? 0 : volume;
        bad += (none | good) ? 0 : 1;
    }
    return bad;
}

/* What is dissolved in a liquid; without a grid of it, nothing. */
static void fill_dissolved(const double *liquid, const double *ratio, size_t first, size_t n, double *out)
{
    for (size_t m = 0; m < n; m++) {
        out[m] = ratio == NULL || liquid[m] == 0 ? 0 : liquid[m] * ratio[first + m];
    }
}

static void fill_pressure(const double *pressure, const double *sw, size_t n, contents *c)
{
    for (size_t m = 0; m < n; m++) {
        bool none = c->pore[m] == 0;
        double p = pressure == NULL ? 0 : pressure[m];

        c->pressure_pore[m] = none ? 0 : p * c->pore[m];
        c->pressure_hydrocarbon[m] = none ? 0 : p * c->pore[m] * (1 - sw[m]);
        c->not_water[m] = none || pressure == NULL ? 0 : c->pore[m] * (1 - sw[m]);
    }
}

/* Whether nothing was met that cannot be, as far as that is seen here. */
static bool fill_block(const bw__state *state, size_t first, size_t n, contents *c)
{
    const double *const *g = state->grid, *so = g[BW__SO] + first, *sw = g[BW__SW] + first, *sg = g[BW__SG] + first;
    double bad;

    fill_pore(state, first, n, c->pore);
    for (size_t m = 0; m < n; m++) {
        c->hydrocarbon[m] = c->pore[m] == 0 ? 0 : c->pore[m] * (so[m] + sg[m]);
    }
    bad = fill_surface(c->pore, so, g[BW__BO] + first, BW__BARREL, n, c->oil);
    bad += fill_surface(c->pore, sw, g[BW__BW] + first, BW__BARREL, n, c->water);
    bad += fill_surface(c->pore, sg, g[BW__BG] + first, 1, n, c->free_gas);
    fill_dissolved(c->oil, g[BW__RS], first, n, c->oil_gas);
    fill_dissolved(c->water, g[BW__RSW], first, n, c->water_gas);
    fill_pressure(g[BW__PRESSURE] == NULL ? NULL : g[BW__PRESSURE] + first, sw, n, c);
    return bad == 0;
}

static bool is_finite(const bw__zone *zone)
{
    return isfinite(zone->pore) && isfinite(zone->hydrocarbon) && isfinite(zone->oil) && isfinite(zone->water) &&
           isfinite(zone->free_gas) && isfinite(zone->oil_gas) && isfinite(zone->water_gas) &&
           isfinite(zone->pressure_pore) && isfinite(zone->pressure_hydrocarbon) && isfinite(zone->not_water);
}

/* False where the cells have to be looked at one by one. */
static bool add_blocks(const bw_analysis *a, const bw__state *state, bw__record *record, bw__zone *outside)
{
    static const bw__grid needed[] = {BW__THICKNESS, BW__POROSITY, BW__SO, BW__SW, BW__SG, BW__BO, BW__BW, BW__BG};
    bool good = true;

    for (size_t n = 0; n < sizeof needed / sizeof *needed; n++) {
        good = good && state->grid[needed[n]] != NULL;
    }
    for (size_t first = 0; good && first < state->cells; first += BLOCK) {
        size_t n = state->cells - first < BLOCK ? state->cells - first : BLOCK;
        contents c;

        good = fill_block(state, first, n, &c);
        for (size_t m = 0; m < n; m++) {
            const bw__zone cell = {c.pore[m], c.hydrocarbon[m], c.oil[m], c.water[m], c.free_gas[m], c.oil_gas[m],
                                   c.water_gas[m], c.pressure_pore[m], c.pressure_hydrocarbon[m], c.not_water[m]};

            zone_add(zone_of(a, record, outside, first + m), &cell);
        }
    }
    good = good && is_finite(outside);
    for (uint32_t n = 0; good && n < a->zones; n++) {
        good = is_finite(&record->zones[n]);
    }
    return good;
}

/* Cell by cell ------------------------------------------------------------------------------- */

typedef struct walk {
    const bw__state *state;
    bw__record *record;
    const double *const *g; /* state->grid */
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

/* Which grid makes a pore volume no number. */
static void blame_pore(walk *w, size_t cell)
{
    bw__grid blame = w->g[BW__THICKNESS] == NULL ? BW__THICKNESS
                     : w->g[BW__POROSITY] == NULL || !isfinite(w->g[BW__POROSITY][cell]) ? BW__POROSITY
                     : w->g[BW__NET_TO_GROSS] != NULL && !isfinite(w->g[BW__NET_TO_GROSS][cell])
                         ? BW__NET_TO_GROSS : BW__THICKNESS;

    if (w->g[blame] != NULL && isfinite(w->g[blame][cell])) {
        bw__missing(w->record, w->state, "model.cell_dimension");
    }
    bw__grid_problem(w->record, w->state, blame, cell);
}

static void add_cell(walk *w, bw__zone *zone, size_t cell)
{
    double v = bw__pore_volume(w->state, cell), so, sw, sg, oil, water;

    if (v == 0) {
        return;
    }
    if (!isfinite(v)) {
        blame_pore(w, cell);
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

void bw__cell_volumes(const bw_analysis *a, const bw__state *state, bw__record *record)
{
    walk w = {.state = state, .record = record, .g = state->grid};
    bw__zone outside = {0};

    if (!add_blocks(a, state, record, &outside)) {
        memset(record->zones, 0, a->zones * sizeof *record->zones);
        outside = (bw__zone){0};
        for (size_t cell = 0; cell < state->cells; cell++) {
            add_cell(&w, zone_of(a, record, &outside, cell), cell);
        }
    }
    record->field = outside;
    for (uint32_t n = 0; n < a->zones; n++) {
        zone_add(&record->field, &record->zones[n]);
    }
}
