/* SPDX-License-Identifier: MIT */
/*
 * Time steps: what is done when one fails, and what is kept when it is accepted (docs/simulation.md,
 * "Time steps"). How long they are: step_size.c.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/fluid/pvt.h"
#include "sim_parts.h"

/* Two implicit stages of this part of a step, the second from the first drawn out, are of second
 * order and L-stable (Alexander, SIAM J. Numer. Anal. 14 (1977), SDIRK2): 1 - 1/sqrt(2). */
#define GAMMA 0.29289321881345247560

#define NOTHING 1e-6 /* of the pore volume, in place: less is measured against it */

void bw__sim_vars_copy(bw_sim_vars *to, const bw_sim_vars *from, int32_t n)
{
    memcpy(to->p, from->p, (size_t)n * sizeof *to->p);
    memcpy(to->sw, from->sw, (size_t)n * sizeof *to->sw);
    memcpy(to->x, from->x, (size_t)n * sizeof *to->x);
    memcpy(to->sat, from->sat, (size_t)n);
}

void bw__sim_apply_events(bw_sim *sim)
{
    while (sim->next_event < sim->nevents && sim->events[sim->next_event].day <= sim->day) {
        bw__sim_apply(sim, &sim->events[sim->next_event]);
        sim->next_event++;
        if (sim->next_step > 0 && sim->next_step > sim->options.initial_step && sim->day > 0) {
            sim->next_step = sim->options.initial_step;
            sim->next_reason = BW_WHY_SCHEDULE;
        }
    }
}

/* The unknowns and the Rs that a step begins with. */
static void begin(bw_sim *sim)
{
    double slope = 0;

    for (int32_t c = 0; sim->rs_bound != NULL && c < sim->grid.n; c++) {
        sim->rs_begin[c] = bw__sim_rs(sim, c, &slope);
    }
    bw__sim_vars_copy(&sim->old, &sim->vars, sim->grid.n);
}

/* What Rs may rise to in `dt` days. */
static void set_bounds(bw_sim *sim, double dt)
{
    for (int32_t c = 0; sim->rs_bound != NULL && c < sim->grid.n; c++) {
        sim->rs_bound[c] = sim->rs_begin[c] + sim->fluids.drsdt * dt;
    }
}

/* Relative error of in place + taken out, by component; the worst so far is kept. */
static void balance(bw_sim *sim)
{
    double now[BW_PHASES], volume = 0;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        volume += sim->grid.volume[c];
    }
    bw__sim_in_place(sim, now);
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        double out = 0, error = 0, base = sim->in_place[phase];
        for (int32_t w = 0; w < sim->nwells; w++) {
            out += sim->wells[w].produced[phase] - sim->wells[w].injected[phase];
        }
        for (int32_t b = 0; b < sim->nbounds; b++) {
            out -= sim->bounds[b].total[phase];
        }
        base = base > now[phase] ? base : now[phase];
        base = base > NOTHING * volume ? base : NOTHING * volume;
        error = base > 0 ? fabs(now[phase] + out - sim->in_place[phase]) / base : 0;
        sim->balance[phase] = error > sim->balance[phase] ? error : sim->balance[phase];
    }
}

/* In place at a stage's end; what its equations left over is carried on, so that errors do not add
 * up from step to step. */
static double reached(const bw_sim *sim, int32_t c, int32_t phase)
{
    double amount = sim->cells[c].acc[phase][0];

    if (sim->fluids.has[phase]) {
        amount -= sim->residual[3 * (size_t)c + (size_t)phase] / bw__sim_scale(sim, c, phase, 1);
    }
    return amount;
}

static void accept(bw_sim *sim, double dt, double stop, double proposed)
{
    bool to_stop = dt == stop - sim->day;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            size_t at = 3 * (size_t)c + (size_t)phase;
            sim->acc_begin[at] = reached(sim, c, phase);
        }
    }
    bw__sim_propose(sim, dt, to_stop ? proposed : 0);
    bw__sim_wells_accept(sim, dt, sim->stage_share);
    bw__sim_boundaries_accept(sim, dt, sim->stage_share);
    sim->day = to_stop ? stop : sim->day + dt;
    sim->last_step = dt;
    sim->record.step++;
    sim->record.step_size = dt;
    sim->record.total_newton += sim->record.newton;
    sim->record.total_linear += sim->record.linear;
    sim->record.total_cuts += sim->record.cuts;
    balance(sim);
    sim->failure.is = false;
    sim->cells_are_old = true; /* the last iteration's, which found nothing more to change */
}

static void back(bw_sim *sim)
{
    set_bounds(sim, 0);
    bw__sim_vars_copy(&sim->vars, &sim->old, sim->grid.n);
}

/* What failed, for the user: cell, well, equation and day. */
static bw_status give_up(bw_ctx *ctx, bw_sim *sim, double dt)
{
    static const char *const equations[BW_PHASES] = {"water", "oil", "gas"};
    const bw_sim_failure *f = &sim->failure;
    const bw_sim_grid *g = &sim->grid;
    char cell[64] = "", well[96] = "", equation[32] = "";

    if (f->cell >= 0) {
        int32_t at = g->flat_of[f->cell];
        (void)snprintf(cell, sizeof cell, ", cell (%d, %d, %d)", (int)(at % g->nx),
                       (int)(at / g->nx % g->ny), (int)(at / (g->nx * g->ny)));
    }
    if (f->well >= 0) {
        (void)snprintf(well, sizeof well, ", well %.60s",
                       (const char *)sim->wells[f->well].name.ptr);
    }
    if (f->equation >= 0) {
        (void)snprintf(equation, sizeof equation, ", %s equation", equations[f->equation]);
    }
    return bw_fail(ctx, BW_ERR_SOLVER, "day %.6g%s%s%s: %s; the last of %d tries was %.3g days",
                   sim->day, cell, well, equation, f->reason, (int)sim->record.cuts, dt);
}

/* What the second stage begins with: the first one's change, drawn out. */
static void between_stages(bw_sim *sim, double dt)
{
    const double draw = (1 - GAMMA) / GAMMA;
    double slope = 0;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            size_t at = 3 * (size_t)c + (size_t)phase;
            sim->acc_old[at] += draw * (reached(sim, c, phase) - sim->acc_old[at]);
        }
        if (sim->rs_bound != NULL) {
            sim->rs_bound[c] = bw__sim_rs(sim, c, &slope) + sim->fluids.drsdt * (1 - GAMMA) * dt;
        }
    }
    for (int32_t w = 0; w < sim->nwells; w++) {
        memcpy(sim->wells[w].rate_stage, sim->wells[w].rate, sizeof sim->wells[w].rate);
    }
    for (int32_t b = 0; b < sim->nbounds; b++) {
        memcpy(sim->bounds[b].into_stage, sim->bounds[b].into, sizeof sim->bounds[b].into);
    }
}

/* The second stage's first guess: the first one's change goes on, where gas has neither come nor
 * gone. */
static void guess_second(bw_sim *sim)
{
    const double draw = (1 - GAMMA) / GAMMA;
    const bw_sim_vars *old = &sim->old;
    bw_sim_vars *v = &sim->vars;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        double p = v->p[c] + draw * (v->p[c] - old->p[c]);
        double sw = v->sw[c] + draw * (v->sw[c] - old->sw[c]);
        double x = v->x[c] + draw * (v->x[c] - old->x[c]);
        if (fabs(p - v->p[c]) > 0.1 * v->p[c]) {
            continue;
        }
        v->p[c] = p;
        if (v->sat[c] == old->sat[c] && sw >= 0 && sw <= 1 && x >= 0 && !(v->sat[c] && sw + x > 1)) {
            v->sw[c] = sw;
            v->x[c] = x;
        }
    }
}

/* One try of `dt` from the state as it is, in one stage or in two. */
static bw_sim_outcome attempt(bw_sim *sim, double dt, bool two)
{
    double first = two ? GAMMA * dt : dt;

    set_bounds(sim, first);
    sim->stage_share = 0;
    if ((!sim->cells_are_old || sim->rs_bound != NULL) && !bw__sim_props(sim)) {
        return BW_STEP_FAILED;
    }
    sim->cells_are_old = false;
    memcpy(sim->acc_old, sim->acc_begin, 3 * (size_t)sim->grid.n * sizeof *sim->acc_old);
    bw__sim_heads(sim);
    bw__sim_boundaries_begin(sim, first);
    if (bw__sim_newton(sim, first) != BW_STEP_OK) {
        return BW_STEP_FAILED;
    }
    if (!two) {
        return BW_STEP_OK;
    }
    between_stages(sim, dt);
    guess_second(sim);
    sim->stage_share = 1 - GAMMA;
    if (!bw__sim_props(sim)) {
        return BW_STEP_FAILED;
    }
    return bw__sim_newton(sim, first);
}

/* Whether a step can be made in two stages: an aquifer remembers whole ones only. */
static bool can_be_two(const bw_sim *sim)
{
    for (int32_t b = 0; b < sim->nbounds; b++) {
        if (sim->bounds[b].type == BW_BOUND_AQUIFER) {
            return false;
        }
    }
    return sim->options.second_order;
}

/* Another, shorter try of a step that failed; an error when there is none. */
static bw_status cut(bw_ctx *ctx, bw_sim *sim, double *dt)
{
    const bw_sim_options *o = &sim->options;
    int32_t at = sim->record.cuts++ % BW_SIM_CUTS_KEPT;

    sim->failure.is = true;
    sim->failure.day = sim->day;
    sim->failure.step_size = *dt;
    memcpy(sim->record.cut_reason[at], sim->failure.reason, sizeof sim->failure.reason);
    if (sim->record.cuts > o->maximum_cuts || *dt * o->cut_factor < o->minimum_step) {
        (void)bw__sim_props(sim);
        return give_up(ctx, sim, *dt);
    }
    *dt *= o->cut_factor;
    return BW_OK;
}

/* Tries steps of `dt` and less until one is good. */
static bw_status take_step(bw_ctx *ctx, bw_sim *sim, double *dt, bw_sim_reason *why)
{
    bool two = can_be_two(sim);

    for (;;) {
        if (attempt(sim, *dt, two) == BW_STEP_OK) {
            double factor = bw__sim_shorten(sim, *dt);
            if (factor >= 1) {
                return BW_OK;
            }
            back(sim);
            two = can_be_two(sim);
            *dt *= factor;
            *why = BW_WHY_ACCURACY;
            continue;
        }
        back(sim);
        if (two) { /* one stage is the sturdier */
            two = false;
            continue;
        }
        two = can_be_two(sim);
        BW_TRY(cut(ctx, sim, dt));
        *why = BW_WHY_CUT;
    }
}

bw_status bw_sim_step(bw_ctx *ctx, bw_sim *sim, double until)
{
    bw_sim_reason why = BW_WHY_UNTIL;
    double stop = 0, dt = 0, proposed = 0;

    bw__sim_apply_events(sim);
    stop = bw__sim_next_stop(sim, until, &why);
    if (!(stop > sim->day) || !isfinite(stop)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "day %g is no day after %g to step to", stop,
                       sim->day);
    }
    dt = bw__sim_choose(sim, stop, &why);
    proposed = sim->next_step;
    begin(sim);
    sim->means_begin = bw__sim_means(sim);
    sim->record.newton = sim->record.linear = sim->record.cuts = 0;
    BW_TRY(take_step(ctx, sim, &dt, &why));
    sim->record.reason = why;
    accept(sim, dt, stop, proposed);
    return BW_OK;
}

double bw_sim_day(const bw_sim *sim)
{
    return sim->day;
}

double bw_sim_last_day(const bw_sim *sim)
{
    return sim->nreports > 0 ? sim->reports[sim->nreports - 1] : 0;
}
