/* SPDX-License-Identifier: MIT */
/*
 * What wells give and take at the current cells (docs/simulation.md, "Wells").
 *
 * A well's only unknown is its bottom-hole pressure. Before each assembly it is solved for: the
 * pressure at which the most restrictive limit holds exactly. So its own equation has no residual,
 * a change of the active limit costs no iteration of the field, and what is left for the Jacobian
 * is the pressure's dependence on the cells, which is eliminated: J - q_bhp (dw/dbhp)⁻¹ dw/dx, the
 * pairs of a well's perforations being in the matrix' pattern.
 */
#include <math.h>
#include <string.h>

#include "sim_parts.h"

static double drawdown(const bw_sim *sim, const bw_sim_perf *perf, double bhp)
{
    return sim->cells[perf->cell].p[BW_OIL][0] - bhp - perf->head;
}

/* The share of each component that one unit of a control's rate is. */
static void weights(const bw_sim_well *well, bw_sim_control control, double out[BW_PHASES])
{
    out[BW_WATER] = control == BW_CTL_WRAT || control == BW_CTL_LRAT;
    out[BW_OIL] = control == BW_CTL_ORAT || control == BW_CTL_LRAT;
    out[BW_GAS] = control == BW_CTL_GRAT;
    if (control == BW_CTL_RATE) {
        memset(out, 0, BW_PHASES * sizeof *out);
        out[well->fluid] = -1;
    }
}

/* Surface fractions of what leaves the wellbore into cells that are below its pressure. */
static void mixture(const bw_sim *sim, bw_sim_well *well, double bhp)
{
    double sum[BW_PHASES] = {0, 0, 0}, total = 0;

    for (int32_t k = 0; k < well->nperf; k++) {
        const bw_sim_perf *perf = &well->perf[k];
        const bw_sim_cell *cell = NULL;
        double dd = 0, oil = 0;
        if (perf->cell < 0 || (dd = drawdown(sim, perf, bhp)) <= 0) {
            continue;
        }
        cell = &sim->cells[perf->cell];
        oil = perf->wi * cell->mob[BW_OIL][0] * dd;
        sum[BW_WATER] += perf->wi * cell->mob[BW_WATER][0] * dd;
        sum[BW_OIL] += oil;
        sum[BW_GAS] += perf->wi * cell->mob[BW_GAS][0] * dd + cell->rs[0] * oil;
    }
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        total += sum[phase];
    }
    well->mix_total = well->producer ? total : 0;
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        well->mix[phase] = well->producer ? (total > 0 ? sum[phase] / total : 0)
                                          : phase == well->fluid;
    }
}

/* Reservoir volume of one surface unit of the well's mixture at a cell, and its derivatives. */
static double mixture_volume(const bw_sim_cell *cell, const double mix[BW_PHASES], double d[3])
{
    double free_gas = mix[BW_GAS] - cell->rs[0] * mix[BW_OIL];
    double volume = 0;

    memset(d, 0, 3 * sizeof *d);
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        double amount = phase == BW_GAS ? (free_gas > 0 ? free_gas : 0) : mix[phase];
        double b = cell->b[phase][0];
        volume += amount / b;
        for (int32_t j = 0; j < 3; j++) {
            d[j] -= amount * cell->b[phase][j + 1] / (b * b);
            if (phase == BW_GAS && free_gas > 0) {
                d[j] -= cell->rs[j + 1] * mix[BW_OIL] / b;
            }
        }
    }
    return volume;
}

static void producing(const bw_sim_cell *cell, bw_sim_perf *perf, double dd)
{
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        const double *mob = cell->mob[phase];
        perf->q[phase] = perf->wi * mob[0] * dd;
        perf->q_bhp[phase] = -perf->wi * mob[0];
        for (int32_t j = 0; j < 3; j++) {
            perf->q_x[phase][j] = perf->wi * (mob[j + 1] * dd + (j == 0 ? mob[0] : 0));
        }
    }
    for (int32_t j = 0; j < 3; j++) {
        perf->q_x[BW_GAS][j] += cell->rs[0] * perf->q_x[BW_OIL][j] +
                                cell->rs[j + 1] * perf->q[BW_OIL];
    }
    perf->q_bhp[BW_GAS] += cell->rs[0] * perf->q_bhp[BW_OIL];
    perf->q[BW_GAS] += cell->rs[0] * perf->q[BW_OIL];
}

static void injecting(const bw_sim_cell *cell, const double mix[BW_PHASES], bw_sim_perf *perf,
                      double dd)
{
    double by_x[3], volume = mixture_volume(cell, mix, by_x);
    double lambda = cell->lambda[0], unit = volume > 0 ? perf->wi / volume : 0;

    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        double share = mix[phase] * unit;
        perf->q[phase] = share * lambda * dd;
        perf->q_bhp[phase] = -share * lambda;
        for (int32_t j = 0; j < 3; j++) {
            double relative = volume > 0 ? by_x[j] / volume : 0;
            perf->q_x[phase][j] = share * (cell->lambda[j + 1] * dd + (j == 0 ? lambda : 0) -
                                           lambda * dd * relative);
        }
    }
}

/*
 * How a perforation that takes of the wellbore's mixture depends on the sums S of what the others
 * give: its rate of a component is I mix/V, V = Σ mix/b, mix = S/ΣS.
 */
static void depend_on_mixture(const bw_sim_cell *cell, const bw_sim_well *well, bw_sim_perf *perf)
{
    const double *mix = well->mix;
    double none[3], volume = mixture_volume(cell, mix, none), by_mix[BW_PHASES], mean = 0;
    double total = perf->q[BW_WATER] + perf->q[BW_OIL] + perf->q[BW_GAS];
    bool free_gas = mix[BW_GAS] > cell->rs[0] * mix[BW_OIL];

    /* dV/dmix, less what the sum of the fractions being 1 takes back. */
    by_mix[BW_WATER] = 1 / cell->b[BW_WATER][0];
    by_mix[BW_OIL] = 1 / cell->b[BW_OIL][0] - (free_gas ? cell->rs[0] / cell->b[BW_GAS][0] : 0);
    by_mix[BW_GAS] = free_gas ? 1 / cell->b[BW_GAS][0] : 0;
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        mean += mix[phase] * by_mix[phase];
    }
    perf->takes = true;
    for (int32_t a = 0; a < BW_PHASES; a++) {
        for (int32_t b = 0; b < BW_PHASES; b++) {
            perf->q_mix[a][b] = total / well->mix_total *
                                ((a == b) - mix[a] - mix[a] * (by_mix[b] - mean) / volume);
        }
    }
}

/* Adds what the mixture's dependence on the bottom-hole pressure does to those that take of it. */
static void mixture_slope(bw_sim_well *well)
{
    double sum[BW_PHASES] = {0, 0, 0};

    for (int32_t k = 0; k < well->nperf; k++) {
        for (int32_t phase = 0; !well->perf[k].takes && phase < BW_PHASES; phase++) {
            sum[phase] += well->perf[k].q_bhp[phase];
        }
    }
    for (int32_t k = 0; k < well->nperf; k++) {
        bw_sim_perf *perf = &well->perf[k];
        for (int32_t i = 0; perf->takes && i < BW_PHASES * BW_PHASES; i++) {
            perf->q_bhp[i / 3] += perf->q_mix[i / 3][i % 3] * sum[i % 3];
        }
    }
}

/* Every perforation's flow at `bhp`. */
static void flows(const bw_sim *sim, bw_sim_well *well, double bhp)
{
    bool any = false;

    mixture(sim, well, bhp);
    for (int32_t k = 0; k < well->nperf; k++) {
        bw_sim_perf *perf = &well->perf[k];
        double dd = 0;
        memset(perf->q, 0, sizeof perf->q);
        memset(perf->q_x, 0, sizeof perf->q_x);
        memset(perf->q_bhp, 0, sizeof perf->q_bhp);
        perf->takes = false;
        if (perf->cell < 0) {
            continue;
        }
        dd = drawdown(sim, perf, bhp);
        if (dd > 0 && (well->producer || well->crossflow)) {
            producing(&sim->cells[perf->cell], perf, dd);
        } else if (dd < 0 && (!well->producer || well->crossflow)) {
            injecting(&sim->cells[perf->cell], well->mix, perf, dd);
            if (well->mix_total > 0) {
                depend_on_mixture(&sim->cells[perf->cell], well, perf);
                any = true;
            }
        }
    }
    if (any) {
        mixture_slope(well);
    }
}

/* A control's rate at `bhp`, and its slope. */
static double rate_at(const bw_sim *sim, bw_sim_well *well, bw_sim_control control, double bhp,
                      double *slope)
{
    double w[BW_PHASES], rate = 0;

    weights(well, control, w);
    flows(sim, well, bhp);
    *slope = 0;
    for (int32_t k = 0; k < well->nperf; k++) {
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            rate += w[phase] * well->perf[k].q[phase];
            *slope += w[phase] * well->perf[k].q_bhp[phase];
        }
    }
    return rate;
}

/* The pressure at which `control` gives `target`, between `bhp`, where it gives more, and the
 * pressure at which nothing flows that way. */
static double solve_rate(const bw_sim *sim, bw_sim_well *well, bw_sim_control control,
                         double bhp, double target)
{
    double much = bhp, none = bhp, sign = well->producer ? 1 : -1, slope = 0, rate = 0;

    for (int32_t k = 0; k < well->nperf; k++) {
        if (well->perf[k].cell >= 0) {
            double p = sim->cells[well->perf[k].cell].p[BW_OIL][0] - well->perf[k].head;
            none = sign * (p - none) > 0 ? p : none;
        }
    }
    for (int32_t i = 0; i < 100; i++) {
        double next = 0;
        rate = rate_at(sim, well, control, bhp, &slope);
        if (fabs(rate - target) <= 1e-13 * target || much == none) {
            break;
        }
        if (rate > target) {
            much = bhp;
        } else {
            none = bhp;
        }
        next = slope != 0 ? bhp - (rate - target) / slope : none;
        if (!(sign * (next - much) >= 0 && sign * (none - next) >= 0)) {
            next = 0.5 * (much + none);
        }
        if (next == bhp) {
            break;
        }
        bhp = next;
    }
    return bhp;
}

/* Adds a perforation to all that is counted of its well. */
static void count_flow(const bw_sim *sim, const bw_sim_perf *perf, double rate[BW_FLOWS])
{
    const bw_sim_cell *cell = NULL;
    double free_gas = 0;

    if (perf->cell < 0) {
        return;
    }
    cell = &sim->cells[perf->cell];
    free_gas = perf->q[BW_GAS] - cell->rs[0] * perf->q[BW_OIL];
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        rate[phase] += perf->q[phase];
    }
    rate[BW_FREE_GAS] += free_gas;
    rate[BW_VOL_WATER] += perf->q[BW_WATER] / cell->b[BW_WATER][0];
    rate[BW_VOL_OIL] += perf->q[BW_OIL] / cell->b[BW_OIL][0];
    rate[BW_VOL_GAS] += free_gas / cell->b[BW_GAS][0];
}

void bw__sim_well_solve(const bw_sim *sim, bw_sim_well *well)
{
    double bhp = well->limit[BW_CTL_BHP], slope = 0;
    bool idle = false;

    well->control = BW_CTL_BHP;
    for (int32_t i = BW_CTL_ORAT; i < BW_CTL_COUNT; i++) {
        idle = idle || well->limit[i] <= 0;
    }
    for (int32_t i = BW_CTL_ORAT; i < BW_CTL_COUNT; i++) {
        bw_sim_control control = (bw_sim_control)i;
        if (well->limit[i] >= BW_SIM_NONE) {
            continue;
        }
        if (rate_at(sim, well, control, bhp, &slope) > well->limit[i]) {
            bhp = solve_rate(sim, well, control, bhp, well->limit[i]);
            well->control = control;
        }
    }
    well->bhp = bhp;
    flows(sim, well, bhp);
    memset(well->rate, 0, sizeof well->rate);
    for (int32_t k = 0; k < well->nperf; k++) {
        bw_sim_perf *perf = &well->perf[k];
        if (idle) { /* a target of nothing: closed for as long as it stands */
            memset(perf->q, 0, sizeof perf->q);
            memset(perf->q_x, 0, sizeof perf->q_x);
            memset(perf->q_bhp, 0, sizeof perf->q_bhp);
            perf->takes = false;
        }
        count_flow(sim, perf, well->rate);
    }
}

/* out += q_mix q_x: what `taker` gets of a change of the cell of `giver`. */
static void add_taken(const bw_sim_perf *taker, const bw_sim_perf *giver, double out[9])
{
    for (int32_t i = 0; i < 9; i++) {
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            out[i] += taker->q_mix[i / 3][phase] * giver->q_x[phase][i % 3];
        }
    }
}

/* The blocks between perforations that take and those that give. */
static void assemble_mixture(bw_sim *sim, int32_t index)
{
    bw_sim_well *well = &sim->wells[index];

    for (int32_t k = 0; k < well->nperf; k++) {
        for (int32_t l = 0; well->perf[k].takes && l < well->nperf; l++) {
            int32_t at = sim->solver.well_pair[index][k * well->nperf + l];
            if (at >= 0 && !well->perf[l].takes) {
                add_taken(&well->perf[k], &well->perf[l], sim->solver.m.a + 9 * (size_t)at);
            }
        }
    }
}

/* How a control's rate depends on a perforation's cell. */
static void rate_slope(const bw_sim_well *well, const double w[BW_PHASES], int32_t l,
                       double out[3])
{
    double all[9];

    for (int32_t i = 0; i < 9; i++) {
        all[i] = well->perf[l].q_x[i / 3][i % 3];
    }
    for (int32_t k = 0; k < well->nperf; k++) {
        if (well->perf[k].takes && !well->perf[l].takes) {
            add_taken(&well->perf[k], &well->perf[l], all);
        }
    }
    for (int32_t j = 0; j < 3; j++) {
        out[j] = w[0] * all[j] + w[1] * all[3 + j] + w[2] * all[6 + j];
    }
}

/* The eliminated equation: each pair of perforations gets -q_bhp (dw/dbhp)⁻¹ dw/dx. */
static void eliminate(bw_sim *sim, int32_t index)
{
    bw_sim_well *well = &sim->wells[index];
    double w[BW_PHASES], w_bhp = 0;

    if (well->control == BW_CTL_BHP) {
        return;
    }
    weights(well, well->control, w);
    for (int32_t k = 0; k < well->nperf; k++) {
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            w_bhp += w[phase] * well->perf[k].q_bhp[phase];
        }
    }
    if (w_bhp == 0) {
        return;
    }
    for (int32_t l = 0; l < well->nperf; l++) {
        double w_x[3];
        rate_slope(well, w, l, w_x);
        for (int32_t k = 0; k < well->nperf; k++) {
            int32_t at = sim->solver.well_pair[index][k * well->nperf + l];
            double *block = at >= 0 ? sim->solver.m.a + 9 * (size_t)at : NULL;
            for (int32_t i = 0; block != NULL && i < 9; i++) {
                block[i] -= well->perf[k].q_bhp[i / 3] * w_x[i % 3] / w_bhp;
            }
        }
    }
}

void bw__sim_wells_assemble(bw_sim *sim)
{
    bw_sim_matrix *m = &sim->solver.m;

    for (int32_t i = 0; i < sim->nwells; i++) {
        bw_sim_well *well = &sim->wells[i];
        if (!well->open) {
            continue;
        }
        bw__sim_well_solve(sim, well);
        for (int32_t k = 0; k < well->nperf; k++) {
            const bw_sim_perf *perf = &well->perf[k];
            double *block = NULL;
            if (perf->cell < 0) {
                continue;
            }
            block = m->a + 9 * (size_t)m->diag[perf->cell];
            for (int32_t row = 0; row < BW_PHASES; row++) {
                sim->residual[3 * (size_t)perf->cell + (size_t)row] += perf->q[row];
                for (int32_t j = 0; j < 3; j++) {
                    block[3 * row + j] += perf->q_x[row][j];
                }
            }
        }
        assemble_mixture(sim, i);
        eliminate(sim, i);
    }
}
