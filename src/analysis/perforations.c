/* SPDX-License-Identifier: MIT */
/**
 * Perforations of open producers, with Peaceman's well index for a block with permeabilities ka, kb
 * and sides a, b across the well's axis, of length L along it (D. W. Peaceman, SPEJ June 1983,
 * SPE 10528, equation 17):
 *
 *     r_o = 0.28 sqrt(sqrt(kb/ka) a^2 + sqrt(ka/kb) b^2) / ((kb/ka)^1/4 + (ka/kb)^1/4)      ft
 *     WI  = 0.00708 sqrt(ka kb) L NTG / (ln(r_o/r_w) + s)                       rb cP/(d psi)
 *
 * and with the wells' pressures and their volumes so far, where states carry them.
 */
#include <math.h>

#include "analysis_internal.h"
#include "numbers/elementary.h"

static void block_across(const bw__state *state, char axis, size_t cell, double k[2], double d[2],
                         double *length)
{
    const double *const *g = state->grid;
    double kx = g[BW__PERM_X][cell];
    double ky = g[BW__PERM_Y] == NULL ? kx : g[BW__PERM_Y][cell];
    double kz = g[BW__PERM_Z] == NULL ? kx : g[BW__PERM_Z][cell];
    double h = g[BW__THICKNESS][cell];

    k[0] = axis == 'x' ? ky : kx;
    k[1] = axis == 'z' ? ky : kz;
    d[0] = axis == 'x' ? state->dy : state->dx;
    d[1] = axis == 'z' ? state->dy : h;
    *length = axis == 'x' ? state->dx : axis == 'y' ? state->dy : h;
}

static void well_index(const bw__state *state, const bw__well *well, size_t cell,
                       bw__perforation *p)
{
    const double *net = state->grid[BW__NET_TO_GROSS];
    double k[2], d[2], length, ratio, root, radius, logarithm;

    p->index = p->efficiency = NAN;
    if (state->grid[BW__PERM_X] == NULL || state->grid[BW__THICKNESS] == NULL) {
        return;
    }
    block_across(state, well->axis, cell, k, d, &length);
    ratio = k[0] > 0 && k[1] > 0 ? sqrt(k[1] / k[0]) : 1; /* else WI is 0 */
    root = sqrt(ratio);
    radius = 0.28 * sqrt(ratio * d[0] * d[0] + d[1] * d[1] / ratio) / (root + 1 / root);
    logarithm = bw__log(radius / well->radius);
    p->efficiency = logarithm / (logarithm + well->skin);
    p->index = 0.00708 * sqrt(k[0] * k[1]) * length * (net == NULL ? 1 : net[cell]) /
               (logarithm + well->skin);
}

static double kr_over_mu(const bw__state *state, int phase, size_t cell)
{
    static const bw__grid kr[BW__PHASES] = {BW__KRO, BW__KRW, BW__KRG};
    static const bw__grid mu[BW__PHASES] = {BW__MUO, BW__MUW, BW__MUG};

    return state->grid[kr[phase]] == NULL || state->grid[mu[phase]] == NULL
               ? NAN : state->grid[kr[phase]][cell] / state->grid[mu[phase]][cell];
}

static void read_perforation(const bw__state *state, const bw__record *record, uint32_t well,
                             uint32_t flow, bw__perforation *out)
{
    size_t cell = record->flows[flow].cell;

    *out = (bw__perforation){.well = well, .flow = flow, .skin = record->wells->items[well].skin};
    out->pressure = state->grid[BW__PRESSURE] == NULL ? NAN : state->grid[BW__PRESSURE][cell];
    for (int phase = 0; phase < BW__PHASES; phase++) {
        out->mobility[phase] = kr_over_mu(state, phase, cell);
    }
    well_index(state, &record->wells->items[well], cell, out);
}

bw_status bw__perforations_read(bw_ctx *ctx, const bw__state *state, bw__record *record)
{
    const bw__wells *wells = record->wells;

    for (int fill = 0; fill < 2; fill++) { /* counted first, then filled in */
        uint32_t count = 0;

        for (uint32_t w = 0; w < wells->count; w++) {
            for (uint32_t f = 0; f < record->flow_count; f++) {
                if (wells->items[w].injector || !wells->items[w].active ||
                    record->flows[f].injected ||
                    !bw__well_holds(&wells->items[w], state->shape, record->flows[f].cell)) {
                    continue;
                }
                if (fill) {
                    read_perforation(state, record, w, f, &record->perforations[count]);
                }
                count++;
            }
        }
        if (!fill) {
            record->perforations = bw_arena_alloc(
                ctx, &record->arena, ((size_t)count + 1) * sizeof *record->perforations);
            if (record->perforations == NULL) {
                return BW_ERR_NOMEM;
            }
            record->perforation_count = count;
        }
    }
    return BW_OK;
}
