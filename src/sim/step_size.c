/* SPDX-License-Identifier: MIT */
/*
 * How long a step is: what the last one changed in cells, wellbores and in what wells produce says
 * how long the next one may be, and whether one was too long (docs/simulation.md, "Time steps").
 */
#include <math.h>
#include <string.h>

#include "sim_parts.h"

#define WELLBORE 1.5 /* times a cell's, its pressure may change in a step */
#define STREAM 2     /* times a cell's saturation, a phase's share of what a well produces may */
#define TOO_MUCH 2   /* times what it may, and the step is made again */

double bw__sim_next_stop(const bw_sim *sim, double until, bw_sim_reason *why)
{
    double stop = until;

    *why = BW_WHY_UNTIL;
    for (int32_t i = 0; i < sim->nreports; i++) {
        if (sim->reports[i] > sim->day) {
            if (sim->reports[i] <= stop) {
                stop = sim->reports[i];
                *why = BW_WHY_REPORT;
            }
            break;
        }
    }
    if (sim->next_event < sim->nevents && sim->events[sim->next_event].day < stop) {
        stop = sim->events[sim->next_event].day;
        *why = BW_WHY_SCHEDULE;
    }
    return stop;
}

double bw__sim_choose(const bw_sim *sim, double stop, bw_sim_reason *why)
{
    const bw_sim_reason stop_why = *why;
    const bw_sim_options *o = &sim->options;
    double left = stop - sim->day, dt = left;

    if (!o->report_steps) {
        dt = sim->next_step > 0 ? sim->next_step : o->initial_step;
        *why = sim->next_step > 0 ? sim->next_reason : BW_WHY_INITIAL;
    }
    if (dt > o->maximum_step) {
        dt = o->maximum_step;
        *why = BW_WHY_MAXIMUM;
    }
    if (dt >= left * (1 - 1e-10)) {
        *why = stop_why;
        return left;
    }
    if (dt > 0.5 * left) { /* two alike rather than one and a rest */
        dt = 0.5 * left;
    }
    return dt;
}

/* How far the wellbores' pressures have moved in a step, at most. */
static double wellbores_moved(const bw_sim *sim)
{
    double most = 0;

    for (int32_t w = 0; w < sim->nwells; w++) {
        const bw_sim_well *well = &sim->wells[w];
        for (int32_t k = 0; well->open && well->head_known && k < well->nperf; k++) {
            const bw_sim_perf *perf = &well->perf[k];
            double change = perf->cell < 0 ? 0 : fabs(well->bhp + perf->head - perf->pressure);
            most = change > most ? change : most;
        }
    }
    return most;
}

/* A well's flow by phase, in rb/d at its cells' volume factors: of this step, or of the last one. */
static void stream(const bw_sim *sim, const bw_sim_well *well, bool now, double out[BW_PHASES])
{
    memset(out, 0, BW_PHASES * sizeof *out);
    for (int32_t k = 0; k < well->nperf; k++) {
        const bw_sim_perf *perf = &well->perf[k];
        const double *rate = now ? perf->q : perf->rate;
        const bw_sim_cell *cell = perf->cell < 0 ? NULL : &sim->cells[perf->cell];
        for (int32_t phase = 0; cell != NULL && phase < BW_PHASES; phase++) {
            double dissolved = phase == BW_GAS ? cell->rs[0] * rate[BW_OIL] : 0;
            out[phase] += (rate[phase] - dissolved) / cell->b[phase][0];
        }
    }
    for (int32_t phase = 0; phase < BW_PHASES; phase++) { /* one that flows back is none of it */
        out[phase] = out[phase] > 0 ? out[phase] : 0;
    }
}

/* How much a phase's share of what a well produces has changed in a step, at most: water and gas
 * that break through, whatever their cells' saturations have changed. */
static double streams_shifted(const bw_sim *sim)
{
    double most = 0;

    for (int32_t w = 0; w < sim->nwells; w++) {
        const bw_sim_well *well = &sim->wells[w];
        double now[BW_PHASES], last[BW_PHASES], sum = 0, last_sum = 0;
        if (!well->open || !well->head_known || !well->producer) {
            continue;
        }
        stream(sim, well, true, now);
        stream(sim, well, false, last);
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            sum += now[phase];
            last_sum += last[phase];
        }
        for (int32_t phase = 0; sum > 0 && last_sum > 0 && phase < BW_PHASES; phase++) {
            double change = fabs(now[phase] / sum - last[phase] / last_sum);
            most = change > most ? change : most;
        }
    }
    return most;
}

double bw__sim_shorten(const bw_sim *sim, double dt)
{
    const bw_sim_options *o = &sim->options;
    double shifted = 0, may = STREAM * o->target_ds;

    if (o->report_steps || dt <= o->initial_step) {
        return 1;
    }
    shifted = streams_shifted(sim);
    return shifted > TOO_MUCH * may ? may / shifted : 1;
}

void bw__sim_propose(bw_sim *sim, double dt, double before)
{
    const bw_sim_options *o = &sim->options;
    double ds = 0, dp = 0, factor = o->maximum_growth, by_newton = 0;
    double moved = wellbores_moved(sim), shifted = streams_shifted(sim);
    bw_sim_reason why = BW_WHY_GROWTH;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        double sg = sim->vars.sat[c] ? sim->vars.x[c] : 0;
        double sg_old = sim->old.sat[c] ? sim->old.x[c] : 0;
        double change = fabs(sim->vars.sw[c] - sim->old.sw[c]);
        change = fabs(sg - sg_old) > change ? fabs(sg - sg_old) : change;
        ds = change > ds ? change : ds;
        change = fabs(sim->vars.p[c] - sim->old.p[c]);
        dp = change > dp ? change : dp;
    }
    if (ds > 0 && o->target_ds / ds < factor) {
        factor = o->target_ds / ds;
        why = BW_WHY_ACCURACY;
    }
    if (dp > 0 && o->target_dp / dp < factor) {
        factor = o->target_dp / dp;
        why = BW_WHY_ACCURACY;
    }
    if (moved > 0 && WELLBORE * o->target_dp / moved < factor) {
        factor = WELLBORE * o->target_dp / moved;
        why = BW_WHY_ACCURACY;
    }
    if (shifted > 0 && STREAM * o->target_ds / shifted < factor) {
        /* A well that hardly flows may go to and fro however short steps are: no shorter than a first. */
        double least = o->initial_step / dt;
        double wanted = STREAM * o->target_ds / shifted;
        wanted = wanted > least ? wanted : least;
        if (wanted < factor) {
            factor = wanted;
            why = BW_WHY_ACCURACY;
        }
    }
    by_newton = (sim->stage_share > 0 ? 16.0 : 8.0) /
                (sim->record.newton > 0 ? sim->record.newton : 1);
    if (by_newton < factor) {
        factor = by_newton;
        why = BW_WHY_NEWTON;
    }
    factor = factor < 0.2 ? 0.2 : factor;
    sim->next_step = dt * factor > o->minimum_step ? dt * factor : o->minimum_step;
    sim->next_reason = why;
    /* A step that a stop made short says nothing against the length that was proposed. */
    if (dt < before && sim->record.cuts == 0 && sim->next_step < before && why == BW_WHY_GROWTH) {
        sim->next_step = before;
    }
}
