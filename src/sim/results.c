/* SPDX-License-Identifier: MIT */
/* What a simulation says of itself: its last step, the state of its cells and wells, what does
 * not change, its last failure. */
#include <math.h>
#include <string.h>

#include "sim/fluid/pvt.h"
#include "sim/fluid/satfun.h"
#include "sim_parts.h"
#include "sim_tree.h"

const char *const bw__sim_control_names[BW_CTL_COUNT] = {"shut", "bhp",  "orat", "wrat",
                                                         "grat", "lrat", "rate"};

bw_node *bw__sim_record_tree(bw_sim_writer *w, const bw_sim *sim)
{
    static const char *const reasons[BW_WHY_COUNT] = {
        "initial",  "report",            "schedule",     "until",      "growth",
        "accuracy", "newton iterations", "maximum step", "after a cut"};
    const bw_sim_record *record = &sim->record;
    bw_node *map = bw__sim_map(w), *list = bw__sim_list(w);
    bool report = false;

    for (int32_t i = 0; i < sim->nreports; i++) {
        report = report || sim->reports[i] == sim->day;
    }
    bw__sim_set_int(w, map, "step", record->step);
    bw__sim_set_number(w, map, "day", sim->day);
    bw__sim_set_number(w, map, "step_size", record->step_size);
    bw__sim_set_int(w, map, "newton_iterations", record->newton);
    bw__sim_set_int(w, map, "linear_iterations", record->linear);
    bw__sim_set_int(w, map, "cuts", record->cuts);
    bw__sim_set_text(w, map, "reason", reasons[record->reason]);
    bw__sim_set_number(w, map, "next_step_size", sim->next_step);
    bw__sim_set_flag(w, map, "is_report", report);
    bw__sim_set_int(w, map, "total_newton_iterations", record->total_newton);
    bw__sim_set_int(w, map, "total_linear_iterations", record->total_linear);
    bw__sim_set_int(w, map, "total_cuts", record->total_cuts);
    for (int32_t i = 0; w->st == BW_OK && i < record->cuts && i < BW_SIM_CUTS_KEPT; i++) {
        bw__sim_push(w, list, bw_node_text(w->ctx, w->arena, bw_view_text(record->cut_reason[i])));
    }
    bw__sim_set(w, map, "cut_reasons", list);
    return map;
}

/* Cells ------------------------------------------------------------------------------------- */

enum {
    P_OIL, P_WATER, P_GAS, S_WATER, S_OIL, S_GAS, RS, BUBBLE, B_OIL, B_WATER, B_GAS, MU_OIL,
    MU_WATER, MU_GAS, RHO_OIL, RHO_WATER, RHO_GAS, C_OIL, C_WATER, C_GAS, KR_WATER, KR_OIL,
    KR_GAS, L_WATER, L_OIL, L_GAS, PC_OW, PC_GO, VOLUME, FIELDS
};

static const char *const fields[FIELDS] = {
    "pressure", "water_pressure", "gas_pressure", "sw", "so", "sg", "rs", "bubble_point", "bo",
    "bw", "bg", "muo", "muw", "mug", "rhoo", "rhow", "rhog", "co", "cw", "cg", "krw", "kro", "krg",
    "lambdaw", "lambdao", "lambdag", "pcow", "pcgo", "pore_volume"};

static void fluid_fields(const bw_sim *sim, int32_t c, double *out)
{
    const bw_sim_cell *cell = &sim->cells[c];
    const bw_sim_pvt *pvt = bw__pvt_of(&sim->fluids, c);
    double b = 0, b_p = 0, bm = 0, bm_p = 0;
    bw_sim_oil oil;

    out[RS] = cell->rs[0];
    out[BUBBLE] = bw__pvt_bubble_point(pvt, cell->rs[0]);
    bw__pvt_oil(pvt, cell->p[BW_OIL][0], cell->rs[0], &oil);
    out[B_OIL] = 1 / oil.b;
    out[MU_OIL] = oil.b / oil.bm;
    out[C_OIL] = oil.b_p / oil.b;
    bw__pvt_water(pvt, cell->p[BW_WATER][0], &b, &b_p, &bm, &bm_p);
    out[B_WATER] = 1 / b;
    out[MU_WATER] = b / bm;
    out[C_WATER] = b_p / b;
    bw__pvt_gas(pvt, cell->p[BW_GAS][0], &b, &b_p, &bm, &bm_p);
    out[B_GAS] = 1 / b;
    out[MU_GAS] = b / bm;
    out[C_GAS] = b_p / b;
    out[RHO_OIL] = 144 * cell->gamma[BW_OIL][0];
    out[RHO_WATER] = 144 * cell->gamma[BW_WATER][0];
    out[RHO_GAS] = 144 * cell->gamma[BW_GAS][0];
}

static void cell_fields(const bw_sim *sim, int32_t c, double *out)
{
    const bw_sim_cell *cell = &sim->cells[c];
    double x = sim->grid.rock_c * (sim->vars.p[c] - sim->grid.rock_pref);
    bw_sim_kr kr;

    out[P_OIL] = cell->p[BW_OIL][0];
    out[P_WATER] = cell->p[BW_WATER][0];
    out[P_GAS] = cell->p[BW_GAS][0];
    out[S_WATER] = sim->vars.sw[c];
    out[S_GAS] = sim->vars.sat[c] ? sim->vars.x[c] : 0;
    out[S_OIL] = 1 - out[S_WATER] - out[S_GAS];
    out[S_OIL] = out[S_OIL] < 0 ? 0 : out[S_OIL];
    fluid_fields(sim, c, out);
    bw__satfun(&sim->satfun, c, out[S_WATER], out[S_GAS], &kr);
    out[KR_WATER] = kr.krw;
    out[KR_OIL] = kr.kro;
    out[KR_GAS] = kr.krg;
    out[L_WATER] = kr.krw / out[MU_WATER];
    out[L_OIL] = kr.kro / out[MU_OIL];
    out[L_GAS] = kr.krg / out[MU_GAS];
    out[PC_OW] = kr.pcow;
    out[PC_GO] = kr.pcgo;
    out[VOLUME] = sim->grid.volume[c] * (1 + x + 0.5 * x * x);
}

static bw_node *cells_tree(bw_sim_writer *w, const bw_sim *sim)
{
    bw_node *map = bw__sim_map(w);
    double *arrays[FIELDS], values[FIELDS], *temperature = NULL;

    for (int32_t f = 0; f < FIELDS; f++) {
        arrays[f] = bw__sim_set_cells(w, &sim->grid, map, fields[f]);
    }
    if (sim->temperature != NULL) {
        temperature = bw__sim_set_cells(w, &sim->grid, map, "temperature");
    }
    if (w->st != BW_OK) {
        return NULL;
    }
    for (int32_t c = 0; c < sim->grid.n; c++) {
        size_t at = bw__sim_place(&sim->grid, sim->grid.flat_of[c]);
        cell_fields(sim, c, values);
        for (int32_t f = 0; f < FIELDS; f++) {
            arrays[f][at] = values[f];
        }
    }
    for (int32_t c = 0; temperature != NULL && c < sim->grid.total; c++) {
        temperature[bw__sim_place(&sim->grid, c)] = sim->temperature[c];
    }
    return map;
}

/* Perforations and wells -------------------------------------------------------------------- */

enum {
    Q_WATER, Q_OIL, Q_GAS, Q_FREE, V_WATER, V_OIL, V_GAS, WELL_P, WELL_INDEX, PERF_FIELDS
};

static bw_node *perforations_tree(bw_sim_writer *w, const bw_sim *sim)
{
    static const char *const names[PERF_FIELDS] = {
        "water", "oil", "gas", "free_gas", "reservoir_water", "reservoir_oil", "reservoir_gas",
        "pressure", "index"};
    bw_node *map = bw__sim_map(w);
    uint64_t shape[2] = {0, 3};
    double *out[PERF_FIELDS];
    int32_t *index = NULL, *ijk = NULL;
    size_t at = 0;

    for (int32_t i = 0; i < sim->nwells; i++) {
        shape[0] += (uint64_t)sim->wells[i].nperf;
    }
    index = bw__sim_set_array(w, map, "well", "i4", 1, shape);
    ijk = bw__sim_set_array(w, map, "cell", "i4", 2, shape);
    for (int32_t f = 0; f < PERF_FIELDS; f++) {
        out[f] = bw__sim_set_array(w, map, names[f], "f8", 1, shape);
    }
    for (int32_t i = 0; w->st == BW_OK && i < sim->nwells; i++) {
        const bw_sim_well *well = &sim->wells[i];
        for (int32_t k = 0; k < well->nperf; k++, at++) {
            const bw_sim_perf *perf = &well->perf[k];
            index[at] = i;
            memcpy(ijk + 3 * at, perf->ijk, sizeof perf->ijk);
            out[WELL_INDEX][at] = perf->wi;
            if (perf->cell < 0 || !well->open || sim->record.step == 0) {
                continue;
            }
            out[WELL_P][at] = perf->pressure;
            {
                const bw_sim_cell *cell = &sim->cells[perf->cell];
                double free = perf->rate[BW_GAS] - cell->rs[0] * perf->rate[BW_OIL];
                out[Q_WATER][at] = perf->rate[BW_WATER];
                out[Q_OIL][at] = perf->rate[BW_OIL];
                out[Q_GAS][at] = perf->rate[BW_GAS];
                out[Q_FREE][at] = free;
                out[V_WATER][at] = perf->rate[BW_WATER] / cell->b[BW_WATER][0];
                out[V_OIL][at] = perf->rate[BW_OIL] / cell->b[BW_OIL][0];
                out[V_GAS][at] = free / cell->b[BW_GAS][0];
            }
        }
    }
    return map;
}

static bw_node *amounts_tree(bw_sim_writer *w, const double amounts[BW_PHASES])
{
    bw_node *map = bw__sim_map(w);

    bw__sim_set_number(w, map, "oil", amounts[BW_OIL]);
    bw__sim_set_number(w, map, "water", amounts[BW_WATER]);
    bw__sim_set_number(w, map, "gas", amounts[BW_GAS]);
    return map;
}

static bw_node *flows_tree(bw_sim_writer *w, const double flows[BW_FLOWS])
{
    bw_node *map = amounts_tree(w, flows);

    bw__sim_set_number(w, map, "free_gas", flows[BW_FREE_GAS]);
    bw__sim_set_number(w, map, "reservoir_oil", flows[BW_VOL_OIL]);
    bw__sim_set_number(w, map, "reservoir_water", flows[BW_VOL_WATER]);
    bw__sim_set_number(w, map, "reservoir_gas", flows[BW_VOL_GAS]);
    return map;
}

static bw_node *wells_tree(bw_sim_writer *w, const bw_sim *sim)
{
    static const char *const phases[BW_PHASES] = {"water", "oil", "gas"};
    bw_node *list = bw__sim_list(w);

    for (int32_t i = 0; w->st == BW_OK && i < sim->nwells; i++) {
        const bw_sim_well *well = &sim->wells[i];
        bw_node *map = bw__sim_map(w);
        bw__sim_set_text(w, map, "name", (const char *)well->name.ptr);
        bw__sim_set_text(w, map, "type", well->producer ? "producer" : "injector");
        bw__sim_set_text(w, map, "fluid", well->producer ? "" : phases[well->fluid]);
        bw__sim_set_text(w, map, "status", well->open ? "open" : "shut");
        bw__sim_set_text(w, map, "control", bw__sim_control_names[well->control]);
        bw__sim_set_number(w, map, "bhp", well->bhp);
        bw__sim_set(w, map, "rates", flows_tree(w, well->rate));
        bw__sim_set(w, map, "produced", flows_tree(w, well->produced));
        bw__sim_set(w, map, "injected", flows_tree(w, well->injected));
        bw__sim_push(w, list, map);
    }
    return list;
}

bw_node *bw__sim_state_tree(bw_sim_writer *w, const bw_sim *sim)
{
    bw_node *map = bw__sim_map(w), *bounds = bw__sim_list(w);

    bw__sim_set_int(w, map, "step", sim->record.step);
    bw__sim_set_number(w, map, "day", sim->day);
    bw__sim_set_number(w, map, "step_size", sim->record.step_size);
    bw__sim_set(w, map, "cells", cells_tree(w, sim));
    bw__sim_set(w, map, "perforations", perforations_tree(w, sim));
    bw__sim_set(w, map, "wells", wells_tree(w, sim));
    for (int32_t b = 0; w->st == BW_OK && b < sim->nbounds; b++) {
        bw_node *item = bw__sim_map(w);
        bw__sim_set(w, item, "rates", amounts_tree(w, sim->bounds[b].into));
        bw__sim_set(w, item, "totals", amounts_tree(w, sim->bounds[b].total));
        bw__sim_push(w, bounds, item);
    }
    bw__sim_set(w, map, "boundaries", bounds);
    return map;
}

/* What does not change, and failures -------------------------------------------------------- */

static bw_node *statics_tree(bw_sim_writer *w, const bw_sim *sim)
{
    static const char *const trans[3] = {"tranx", "trany", "tranz"};
    const bw_sim_grid *g = &sim->grid;
    bw_node *map = bw__sim_map(w), *indices = bw__sim_map(w);
    double *volume = bw__sim_set_cells(w, g, map, "pore_volume");
    double *depth = bw__sim_set_cells(w, g, map, "depth");
    double *active = bw__sim_set_cells(w, g, map, "active"), *tran[3];

    for (int32_t axis = 0; axis < 3; axis++) {
        tran[axis] = bw__sim_set_cells(w, g, map, trans[axis]);
    }
    for (int32_t c = 0; w->st == BW_OK && c < g->total; c++) {
        size_t at = bw__sim_place(g, c);
        depth[at] = g->depth[c];
        for (int32_t axis = 0; axis < 3; axis++) {
            tran[axis][at] = g->tran[axis][c];
        }
        if (g->active_of[c] >= 0) {
            volume[at] = g->volume[g->active_of[c]];
            active[at] = 1;
        }
    }
    for (int32_t i = 0; w->st == BW_OK && i < sim->nwells; i++) {
        bw_node *list = bw__sim_list(w);
        for (int32_t k = 0; k < sim->wells[i].nperf; k++) {
            bw__sim_push(w, list, bw__sim_number_node(w, sim->wells[i].perf[k].wi));
        }
        bw__sim_set(w, indices, (const char *)sim->wells[i].name.ptr, list);
    }
    bw__sim_set(w, map, "well_index", indices);
    bw__sim_set_int(w, map, "cells", g->n);
    return map;
}

static bw_node *failure_tree(bw_sim_writer *w, const bw_sim *sim)
{
    static const char *const equations[BW_PHASES] = {"water", "oil", "gas"};
    const bw_sim_failure *f = &sim->failure;
    const bw_sim_grid *g = &sim->grid;
    bw_node *map = NULL;

    if (!f->is) {
        map = bw_node_null(w->ctx, w->arena);
        w->st = map != NULL ? w->st : BW_ERR_NOMEM;
        return map;
    }
    map = bw__sim_map(w);
    bw__sim_set_number(w, map, "day", f->day);
    bw__sim_set_number(w, map, "step_size", f->step_size);
    if (f->cell >= 0) {
        bw_node *cell = bw__sim_list(w);
        int32_t at = g->flat_of[f->cell];
        bw__sim_push(w, cell, bw__sim_number_node(w, at % g->nx));
        bw__sim_push(w, cell, bw__sim_number_node(w, at / g->nx % g->ny));
        bw__sim_push(w, cell, bw__sim_number_node(w, at / (g->nx * g->ny)));
        bw__sim_set(w, map, "cell", cell);
    }
    if (f->well >= 0) {
        bw__sim_set_text(w, map, "well", (const char *)sim->wells[f->well].name.ptr);
    }
    if (f->equation >= 0) {
        bw__sim_set_text(w, map, "equation", equations[f->equation]);
    }
    bw__sim_set_number(w, map, "residual", f->residual);
    bw__sim_set_text(w, map, "reason", f->reason);
    return map;
}

bw_status bw_sim_read(bw_ctx *ctx, bw_sim *sim, bw_sim_part part, bw_arena *arena, bw_node **out)
{
    bw_sim_writer w = {.ctx = ctx, .arena = arena};
    bw_node *node = NULL;

    switch (part) {
    case BW_SIM_RECORD: node = bw__sim_record_tree(&w, sim); break;
    case BW_SIM_SUMMARY: node = bw__sim_summary_tree(&w, sim); break;
    case BW_SIM_STATE: node = bw__sim_state_tree(&w, sim); break;
    case BW_SIM_STATICS: node = statics_tree(&w, sim); break;
    case BW_SIM_SAVED: node = bw__sim_saved_tree(&w, sim); break;
    case BW_SIM_FAILURE: node = failure_tree(&w, sim); break;
    default: return bw_fail(ctx, BW_ERR_ARGUMENT, "part %d is none", (int)part);
    }
    if (w.st == BW_OK) {
        *out = node;
    }
    return w.st;
}
