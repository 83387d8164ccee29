/* SPDX-License-Identifier: MIT */
/* Wells from a model, their indices, and what the schedule does to them. */
#include <math.h>
#include <string.h>

#include "numbers/elementary.h"
#include "sim_parts.h"
#include "sim_read.h"

static const char *const directions[] = {"x", "y", "z", NULL};
static const char *const fluids[] = {"water", "oil", "gas", NULL};

/* Peaceman, SPEJ 1983, with the skin; what the cell is across the perforation: 1 and 2. */
static double peaceman(const bw_sim_grid *g, const bw_sim_perf *perf, double radius, double skin)
{
    int32_t c = perf->ijk[0] + g->nx * (perf->ijk[1] + g->ny * perf->ijk[2]);
    double dx = g->dx[perf->ijk[0]], dy = g->dy[perf->ijk[1]], net = g->dz[c] * g->ntg[c];
    double k1 = g->permx[c], k2 = g->permy[c], d1 = dx, d2 = dy, h = net, ro = 0;

    if (perf->dir == 0) {
        k1 = g->permy[c], k2 = g->permz[c], d1 = dy, d2 = net, h = dx;
    } else if (perf->dir == 1) {
        k1 = g->permx[c], k2 = g->permz[c], d1 = dx, d2 = net, h = dy;
    }
    if (!(k1 > 0 && k2 > 0)) {
        return 0;
    }
    ro = 0.28 * sqrt(sqrt(k2 / k1) * d1 * d1 + sqrt(k1 / k2) * d2 * d2) /
         (sqrt(sqrt(k2 / k1)) + sqrt(sqrt(k1 / k2)));
    radius = radius > ro ? ro : radius;
    return 2 * 3.14159265358979323846 * BW_SIM_DARCY * sqrt(k1 * k2) * h /
           (bw__log(ro / radius) + skin);
}

void bw__sim_well_index(const bw_sim *sim, bw_sim_well *well)
{
    for (int32_t k = 0; k < well->nperf; k++) {
        bw_sim_perf *perf = &well->perf[k];
        double skin = isnan(perf->skin) ? well->skin : perf->skin;
        perf->wi = !isnan(perf->given_wi) ? perf->given_wi
                                          : peaceman(&sim->grid, perf, perf->radius, skin);
    }
}

static void read_perforation(bw_sim_reader *r, const bw_node *map, const char *where,
                             const bw_sim *sim, const bw_sim_well *well, bw_sim_perf *perf)
{
    static const char *const axes[3] = {"i", "j", "k"};
    const bw_sim_grid *g = &sim->grid;
    const int32_t sizes[3] = {g->nx, g->ny, g->nz};
    int32_t c = 0;

    for (int32_t axis = 0; axis < 3; axis++) {
        perf->ijk[axis] = bw__sim_whole(r, map, where, axes[axis], NAN, 0, sizes[axis] - 1);
    }
    c = perf->ijk[0] + g->nx * (perf->ijk[1] + g->ny * perf->ijk[2]);
    perf->dir = bw__sim_word(r, map, where, "dir", directions, 2);
    perf->cell = g->active_of[c];
    perf->depth = g->depth[c];
    perf->radius = bw__sim_number(r, map, where, "radius", well->radius, 1e-6, 1e4);
    perf->skin = bw_map_get_text(map, "skin") != NULL
                     ? bw__sim_number(r, map, where, "skin", 0, -20, 1e6) : NAN;
    perf->given_wi = bw_map_get_text(map, "wi") != NULL
                         ? bw__sim_number(r, map, where, "wi", 0, 0, 1e12) : NAN;
    if (perf->cell < 0) {
        bw__sim_warn(r, where, NULL, "cell (%d, %d, %d) is inactive, nothing flows there",
                     (int)perf->ijk[0], (int)perf->ijk[1], (int)perf->ijk[2]);
    }
}

bool bw__sim_can_inject(const bw_sim *sim, int32_t fluid)
{
    return fluid != BW_OIL && fluid >= 0 && fluid < BW_PHASES && sim->fluids.has[fluid];
}

/* -1 is none, or noted already. */
static void check_fluid(bw_sim_reader *r, const bw_sim *sim, const char *where, int32_t fluid)
{
    if (fluid >= 0 && !bw__sim_can_inject(sim, fluid)) {
        bw__sim_wrong(r, where, "fluid", "is %s, which cannot be injected here", fluids[fluid]);
    }
}

static void forget_limits(bw_sim_well *well)
{
    for (int32_t i = 0; i < BW_CTL_COUNT; i++) {
        well->limit[i] = BW_SIM_NONE;
    }
    well->limit[BW_CTL_BHP] = well->producer ? 14.7 : 1e5;
}

static void read_well(bw_sim_reader *r, const bw_node *map, bw_sim *sim, bw_sim_well *well,
                      const char *where)
{
    static const char *const types[] = {"producer", "injector", NULL};
    const bw_node *list = bw_map_get_text(map, "perforations");
    int32_t type = bw__sim_word(r, map, where, "type", types, -1);
    uint32_t n = list != NULL && list->type == BW_NODE_LIST ? list->children.len : 0;

    if (bw_map_get_text(map, "type") == NULL) {
        bw__sim_wrong(r, where, "type", "is missing");
    }
    well->producer = type != 1;
    well->fluid = bw__sim_word(r, map, where, "fluid", fluids, BW_WATER);
    well->radius = bw__sim_number(r, map, where, "radius", 0.25, 1e-6, 1e4);
    well->skin = bw__sim_number(r, map, where, "skin", 0, -20, 1e6);
    well->crossflow = bw__sim_flag(r, map, where, "crossflow", true);
    well->perf = bw__sim_keep(r, n, sizeof *well->perf);
    well->control = BW_CTL_SHUT;
    forget_limits(well);
    if (n == 0) {
        bw__sim_wrong(r, where, "perforations", "there are none");
    }
    if (well->perf == NULL || n == 0) {
        return;
    }
    check_fluid(r, sim, where, well->fluid);
    for (uint32_t k = 0; k < n; k++) {
        read_perforation(r, list->children.items[k], where, sim, well, &well->perf[k]);
    }
    well->nperf = (int32_t)n;
    well->ref_depth = bw__sim_number(r, map, where, "ref_depth", well->perf[0].depth, -1e6, 1e6);
    bw__sim_well_index(sim, well);
    for (uint32_t k = 0; k < n; k++) {
        if (!(well->perf[k].wi >= 0 && well->perf[k].wi < 1e300)) {
            bw__sim_wrong(r, where, "skin", "makes the well index of perforation %u %g", k,
                          well->perf[k].wi);
        }
    }
}

void bw__sim_read_wells(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    const bw_node *list = bw_map_get_text(model, "wells");
    uint32_t n = list != NULL && list->type == BW_NODE_LIST ? list->children.len : 0;

    if (list != NULL && list->type != BW_NODE_LIST && list->type != BW_NODE_NULL) {
        bw__sim_wrong(r, "wells", NULL, "is not a list");
    }
    sim->wells = bw__sim_keep(r, n, sizeof *sim->wells);
    if (sim->wells == NULL) {
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        const bw_node *map = list->children.items[i];
        bw_view name = {0};
        char where[80] = "wells";
        if (!bw_map_get_string(map, "name", &name) || name.len == 0) {
            bw__sim_wrong(r, "wells", "name", "of well %u is missing", i);
            name = BW_VIEW("?");
        }
        for (size_t c = 0; c < name.len && c < 60; c++) {
            where[5] = '.';
            where[6 + c] = (char)name.ptr[c];
            where[7 + c] = 0;
        }
        for (uint32_t other = 0; other < i; other++) {
            if (bw_view_equal(sim->wells[other].name, name)) {
                bw__sim_wrong(r, where, NULL, "is named twice");
            }
        }
        {
            char *copy = bw_arena_copy(r->ctx, r->arena, name.ptr, name.len);
            if (copy == NULL) {
                r->st = BW_ERR_NOMEM;
                return;
            }
            sim->wells[i].name = (bw_view){(const uint8_t *)copy, name.len};
        }
        read_well(r, map, sim, &sim->wells[i], where);
        sim->nwells = (int32_t)i + 1;
    }
}

/* Events ------------------------------------------------------------------------------------ */

static const char *const limit_names[BW_CTL_COUNT] = {"",     "bhp",  "orat", "wrat",
                                                      "grat", "lrat", "rate"};

static void read_limits(bw_sim_reader *r, const bw_node *map, const char *where,
                        const bw_sim_well *well, bw_sim_event *event)
{
    static const char *const controls[] = {"shut", "bhp",  "orat", "wrat",
                                           "grat", "lrat", "rate", NULL};
    int32_t control = bw__sim_word(r, map, where, "control", controls, -1);

    for (int32_t i = 0; i < BW_CTL_COUNT; i++) {
        bool rate_of_other = i >= BW_CTL_ORAT && (i == BW_CTL_RATE) == well->producer;
        event->limit[i] = NAN;
        if (i == BW_CTL_SHUT || bw_map_get_text(map, limit_names[i]) == NULL) {
            continue;
        }
        if (rate_of_other) {
            bw__sim_wrong(r, where, limit_names[i], "is no limit of this kind of well");
            continue;
        }
        event->limit[i] = bw__sim_number(r, map, where, limit_names[i],
                                         i == BW_CTL_BHP ? (well->producer ? 14.7 : 1e5) : BW_SIM_NONE, 0, 1e300);
    }
    if (control > BW_CTL_SHUT && !(event->limit[control] < BW_SIM_NONE)) {
        bw__sim_wrong(r, where, limit_names[control], "is the control, its value is missing");
    }
    event->anew = control > BW_CTL_SHUT;
    if (event->open < 0 && control >= 0) {
        event->open = control > BW_CTL_SHUT;
    } else if (event->open > 0 && control == BW_CTL_SHUT) {
        bw__sim_wrong(r, where, "control", "is shut, and the well is open");
    }
}

void bw__sim_read_events(bw_sim_reader *r, const bw_node *wells, double day, const bw_sim *sim,
                         bw_sim_event *events, int32_t *count)
{
    static const char *const states[] = {"shut", "open", NULL};
    uint32_t n = wells != NULL && wells->type == BW_NODE_MAP ? wells->children.len : 0;

    if (wells == NULL || wells->type != BW_NODE_MAP) {
        bw__sim_wrong(r, "schedule", "wells", "is not a map");
    }
    for (uint32_t i = 0; i < n; i++) {
        const bw_node *map = wells->children.items[i];
        bw_sim_event *event = &events[*count];
        char where[120] = "schedule";
        event->well = -1;
        for (int32_t w = 0; w < sim->nwells; w++) {
            if (bw_view_equal(sim->wells[w].name, wells->children.keys[i])) {
                event->well = w;
            }
        }
        for (size_t c = 0; c < wells->children.keys[i].len && c < 60; c++) {
            where[8] = '.';
            where[9 + c] = (char)wells->children.keys[i].ptr[c];
            where[10 + c] = 0;
        }
        if (event->well < 0) {
            bw__sim_wrong(r, where, NULL, "no such well");
            continue;
        }
        event->day = day;
        event->open = bw__sim_word(r, map, where, "status", states, -1);
        event->skin = bw_map_get_text(map, "skin") != NULL
                          ? bw__sim_number(r, map, where, "skin", 0, -20, 1e6) : NAN;
        event->fluid = bw__sim_word(r, map, where, "fluid", fluids, -1);
        check_fluid(r, sim, where, event->fluid);
        event->crossflow = bw_map_get_text(map, "crossflow") != NULL
                               ? bw__sim_flag(r, map, where, "crossflow", true) : -1;
        read_limits(r, map, where, &sim->wells[event->well], event);
        (*count)++;
    }
}

void bw__sim_apply(bw_sim *sim, const bw_sim_event *event)
{
    bw_sim_well *well = &sim->wells[event->well];
    bool was_open = well->open;

    well->open = event->open >= 0 ? event->open == 1 : well->open || !well->named;
    well->named = true;
    if (event->anew) {
        forget_limits(well);
    }
    for (int32_t i = 0; i < BW_CTL_COUNT; i++) {
        well->limit[i] = isnan(event->limit[i]) ? well->limit[i] : event->limit[i];
    }
    if (event->crossflow >= 0) {
        well->crossflow = event->crossflow != 0;
    }
    if (event->fluid >= 0) {
        well->fluid = event->fluid;
    }
    if (!isnan(event->skin)) {
        well->skin = event->skin;
        for (int32_t k = 0; k < well->nperf; k++) {
            well->perf[k].skin = NAN;
        }
        bw__sim_well_index(sim, well);
    }
    if (!well->open || !was_open) {
        well->head_known = false;
    }
    if (!well->open) {
        well->control = BW_CTL_SHUT;
        well->bhp = 0;
        memset(well->rate, 0, sizeof well->rate);
        for (int32_t k = 0; k < well->nperf; k++) {
            memset(well->perf[k].rate, 0, sizeof well->perf[k].rate);
        }
    }
}
