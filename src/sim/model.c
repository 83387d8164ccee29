/* SPDX-License-Identifier: MIT */
/* A simulation from its model's tree, and the problems of one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim_parts.h"
#include "sim_read.h"

static int by_day(const void *a, const void *b)
{
    const bw_sim_event *x = a, *y = b;

    return (x->day > y->day) - (x->day < y->day);
}

static void read_schedule(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    const bw_node *list = bw_map_get_text(model, "schedule");
    uint32_t n = list != NULL && list->type == BW_NODE_LIST ? list->children.len : 0;
    size_t room = 0;

    if (list != NULL && list->type != BW_NODE_LIST && list->type != BW_NODE_NULL) {
        bw__sim_wrong(r, "schedule", NULL, "is not a list");
    }
    for (uint32_t i = 0; i < n; i++) {
        const bw_node *wells = bw_map_get_text(list->children.items[i], "wells");
        room += wells != NULL && wells->type == BW_NODE_MAP ? wells->children.len : 0;
    }
    sim->events = bw__sim_keep(r, room, sizeof *sim->events);
    for (uint32_t i = 0; sim->events != NULL && i < n; i++) {
        const bw_node *item = list->children.items[i];
        double day = bw__sim_number(r, item, "schedule", "day", NAN, 0, 1e9);
        bw__sim_read_events(r, bw_map_get_text(item, "wells"), day, sim, sim->events,
                            &sim->nevents);
    }
    /* Equal days keep their order: qsort is not stable, so earlier ones come by insertion. */
    for (int32_t i = 1; i < sim->nevents; i++) {
        bw_sim_event event = sim->events[i];
        int32_t at = i;
        for (; at > 0 && by_day(&event, &sim->events[at - 1]) < 0; at--) {
            sim->events[at] = sim->events[at - 1];
        }
        sim->events[at] = event;
    }
    if (sim->nwells > 0 && sim->nevents == 0) {
        bw__sim_warn(r, "schedule", NULL, "opens no well");
    }
}

static void read_reports(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    const bw_node *options = bw_map_get_text(model, "options");
    const bw_node *list = bw_map_get_text(model, "report_days");
    double end = bw__sim_number(r, options, "options", "days", 0, 0, 1e9);
    size_t rows = 0;
    double *days = list != NULL ? bw__sim_rows(r, list, "report_days", NULL, 1, 1, &rows) : NULL;

    sim->reports = bw__sim_keep(r, rows + 1, sizeof(double));
    for (size_t i = 0; sim->reports != NULL && i < rows; i++) {
        if (days[i] > 0) {
            sim->reports[sim->nreports++] = days[i];
        }
    }
    if (sim->reports != NULL && end > bw_sim_last_day(sim)) {
        sim->reports[sim->nreports++] = end;
    }
    if (sim->nreports == 0) {
        bw__sim_wrong(r, "report_days", NULL, "there are none, and no options.days");
    }
}

void bw__sim_read_options(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    static const char *const steps[] = {"adaptive", "report", NULL};
    static const char *const schemes[] = {"sdirk2", "euler", NULL};
    const bw_node *map = bw_map_get_text(model, "options");
    const char *where = "options";
    bw_sim_options *o = &sim->options;

    o->report_steps = bw__sim_word(r, map, where, "steps", steps, 0) == 1;
    o->second_order = !o->report_steps && bw__sim_word(r, map, where, "scheme", schemes, 0) == 0;
    o->maximum_step = bw__sim_number(r, map, where, "maximum_step", 1e30, 1e-9, 1e30);
    o->initial_step = bw__sim_number(r, map, where, "initial_step", 0.25, 1e-9, 1e9);
    o->minimum_step = bw__sim_number(r, map, where, "minimum_step", 1e-8, 0, 1e9);
    o->maximum_growth = bw__sim_number(r, map, where, "maximum_growth", 1.5, 1.01, 100);
    o->cut_factor = bw__sim_number(r, map, where, "cut_factor", 0.33, 0.01, 0.9);
    o->target_ds = bw__sim_number(r, map, where, "target_saturation_change", 0.05, 1e-6, 1);
    o->target_dp = bw__sim_number(r, map, where, "target_pressure_change", 100, 1e-6, 1e9);
    o->maximum_newton = (int32_t)bw__sim_number(r, map, where, "maximum_newton_iterations",
                                                o->report_steps ? 40 : 20, 1, 1000);
    o->maximum_cuts = (int32_t)bw__sim_number(r, map, where, "maximum_cuts", 15, 0, 100);
    o->cnv = bw__sim_number(r, map, where, "cnv_tolerance", o->report_steps ? 1e-5 : 1e-4, 1e-15,
                            1);
    o->mb = bw__sim_number(r, map, where, "mb_tolerance", 2e-10, 1e-16, 1);
    o->linear = bw__sim_number(r, map, where, "linear_tolerance", o->report_steps ? 1e-3 : 1e-2,
                                1e-14, 0.5);
    o->maximum_linear = (int32_t)bw__sim_number(r, map, where, "maximum_linear_iterations", 200, 1,
                                                10000);
    read_reports(r, model, sim);
}

static void more_memory(bw_sim_reader *r, bw_sim *sim)
{
    size_t n = (size_t)sim->grid.n;

    sim->old.p = bw__sim_keep(r, n, sizeof(double));
    sim->old.sw = bw__sim_keep(r, n, sizeof(double));
    sim->old.x = bw__sim_keep(r, n, sizeof(double));
    sim->old.sat = bw__sim_keep(r, n, 1);
    sim->acc_begin = bw__sim_keep(r, 3 * n, sizeof(double));
    sim->acc_old = bw__sim_keep(r, 3 * n, sizeof(double));
    sim->cells = bw__sim_keep(r, n, sizeof *sim->cells);
    sim->residual = bw__sim_keep(r, 3 * n, sizeof(double));
    sim->update = bw__sim_keep(r, 3 * n, sizeof(double));
    if (sim->fluids.drsdt < BW_SIM_NONE) {
        sim->rs_bound = bw__sim_keep(r, n, sizeof(double));
        sim->rs_begin = bw__sim_keep(r, n, sizeof(double));
        for (size_t c = 0; r->st == BW_OK && c < n; c++) {
            sim->rs_bound[c] = BW_SIM_NONE;
        }
    }
}

/* Day 0: properties, what is in place, wells as the schedule opens them. */
static void start(bw_sim_reader *r, bw_sim *sim)
{
    for (int32_t b = 0; b < sim->nbounds; b++) {
        bw_sim_boundary *bound = &sim->bounds[b];
        for (int32_t i = 0; i < bound->n; i++) {
            if (isnan(bound->pressure[i])) {
                bound->pressure[i] = sim->vars.p[bound->cell[i]];
            }
        }
    }
    if (!bw__sim_props(sim)) {
        bw__sim_wrong(r, "initial", NULL, "%s", sim->failure.reason);
        return;
    }
    bw__sim_in_place(sim, sim->in_place);
    for (int32_t c = 0; c < sim->grid.n; c++) {
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            sim->acc_begin[3 * c + phase] = sim->cells[c].acc[phase][0];
        }
    }
}

static void check_units(bw_sim_reader *r, const bw_node *model)
{
    bw_view units = {0};

    if (bw_map_get_string(model, "units", &units) && !bw_view_equal(units, BW_VIEW("field"))) {
        bw__sim_refuse(r, "", "units", "are \"%.40s\", the simulator computes in \"field\"",
                       (const char *)units.ptr);
    }
}

static void read_model(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    if (model == NULL || model->type != BW_NODE_MAP) {
        bw__sim_wrong(r, "", NULL, "a model is a map");
        return;
    }
    bw__sim_check_members(r, model);
    check_units(r, model);
    bw__sim_read_options(r, model, sim);
    bw__sim_read_grid(r, model, &sim->grid);
    if (r->st != BW_OK || sim->grid.n == 0) {
        return;
    }
    bw__sim_read_fluids(r, model, sim);
    if (r->st == BW_OK) {
        bw__sim_read_satfun(r, model, sim);
    }
    if (r->st == BW_OK) {
        bw__sim_read_wells(r, model, sim);
    }
    if (r->st == BW_OK) {
        read_schedule(r, model, sim);
    }
    if (r->st == BW_OK) {
        bw__sim_read_boundaries(r, model, sim);
    }
    if (r->st != BW_OK || r->errors > 0) {
        return;
    }
    bw__sim_read_initial(r, model, sim);
    if (r->st == BW_OK && r->errors == 0) {
        more_memory(r, sim);
    }
    if (r->st == BW_OK && r->errors == 0) {
        start(r, sim);
    }
}

/* The first problem that is no warning. */
static bw_status first_problem(const bw_sim_reader *r)
{
    for (uint32_t i = 0; i < r->problems->children.len; i++) {
        const bw_node *item = r->problems->children.items[i];
        bw_view path = {0}, code = {0}, text = {0};
        (void)bw_map_get_string(item, "path", &path);
        (void)bw_map_get_string(item, "code", &code);
        (void)bw_map_get_string(item, "message", &text);
        if (!bw_view_equal(code, BW_VIEW("warning"))) {
            bool right = bw_view_equal(code, BW_VIEW("ERR_UNSUPPORTED"));
            return bw_fail(r->ctx, right ? BW_ERR_UNSUPPORTED : BW_ERR_VALIDATION, "%s: %s",
                           (const char *)path.ptr, (const char *)text.ptr);
        }
    }
    return BW_OK;
}

static bw_status build(bw_ctx *ctx, bw_arena *scratch, const bw_node *model, bw_sim **out,
                       bw_sim_reader *r)
{
    bw_sim *sim = bw_alloc_zeroed(ctx, sizeof *sim);

    *r = (bw_sim_reader){.ctx = ctx, .scratch = scratch};
    *out = sim;
    if (sim == NULL) {
        return BW_ERR_NOMEM;
    }
    r->arena = &sim->arena;
    r->problems = bw_node_list(ctx, scratch);
    if (r->problems == NULL) {
        return BW_ERR_NOMEM;
    }
    read_model(r, model, sim);
    return r->st;
}

bw_status bw_sim_new(bw_ctx *ctx, const bw_node *model, bw_sim **out)
{
    bw_status st = BW_OK;
    bw_arena scratch = {0};
    bw_sim_reader r;
    bw_sim *sim = NULL;

    BW_GO(build(ctx, &scratch, model, &sim, &r));
    BW_GO(first_problem(&r));
    BW_GO(bw__sim_solver_new(ctx, sim));
    *out = sim;
    sim = NULL;

done:
    bw_arena_free(ctx, &scratch);
    bw_sim_free(ctx, sim);
    return st;
}

bw_status bw_sim_problems(bw_ctx *ctx, bw_arena *arena, const bw_node *model, bw_node **out)
{
    bw_sim_reader r;
    bw_sim *sim = NULL;
    bw_status st = build(ctx, arena, model, &sim, &r);

    if (st == BW_OK) {
        *out = r.problems;
    }
    bw_sim_free(ctx, sim);
    return st;
}

void bw_sim_free(bw_ctx *ctx, bw_sim *sim)
{
    if (sim != NULL) {
        bw__sim_solver_free(ctx, sim);
        bw_arena_free(ctx, &sim->arena);
        bw_release(ctx, sim);
    }
}

bw_status bw_sim_change(bw_ctx *ctx, bw_sim *sim, const bw_node *wells)
{
    bw_status st = BW_OK;
    bw_arena scratch = {0};
    bw_sim_reader r = {.ctx = ctx, .arena = &scratch, .scratch = &scratch};
    uint32_t n = wells != NULL && wells->type == BW_NODE_MAP ? wells->children.len : 0;
    bw_sim_event *events = NULL;
    int32_t count = 0;

    r.problems = bw_node_list(ctx, &scratch);
    events = bw_arena_alloc_zeroed(ctx, &scratch, (n + 1) * sizeof *events);
    if (r.problems == NULL || events == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    bw__sim_read_events(&r, wells, sim->day, sim, events, &count);
    BW_GO(r.st);
    BW_GO(first_problem(&r));
    bw__sim_apply_events(sim); /* a change of the same day comes after it */
    for (int32_t i = 0; i < count; i++) {
        bw__sim_apply(sim, &events[i]);
    }
    if (sim->next_step > sim->options.initial_step) {
        sim->next_step = sim->options.initial_step;
        sim->next_reason = BW_WHY_SCHEDULE;
    }

done:
    bw_arena_free(ctx, &scratch);
    return st;
}
