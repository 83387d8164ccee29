/* SPDX-License-Identifier: MIT */
/*
 * Newton's method for one time step (docs/simulation.md, "Newton"): updates chopped as Appleyard
 * and Cheshire do (SPE 12264), a cell's third unknown changing its meaning where gas comes or goes,
 * convergence by each component's worst cell (CNV) and its sum over the field (MB).
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/fluid/pvt.h"
#include "sim_parts.h"

#define PRESSURE_CHANGE 0.3   /* of the pressure, in one iteration */
#define SATURATION_CHANGE 0.2
#define HYSTERESIS 1e-5       /* right after a switch */
#define SHARE 3               /* times what is in place, the pore volume at the most */
#define LEAST_SHARE 1e-3      /* of the pore volume, that a component's sum is held to */
#define ONLY_SUMS 0.3         /* of a residual whose sums alone are too large */
#define NEAR 100              /* times too far from converged, from where one iteration mostly is enough */
#define SETTLES 0.3           /* of a sum's error, that a correction is to leave at the most */
#define LEAST_OIL 1e-8        /* less cannot be told by its Rs */

void bw__sim_fail(bw_sim *sim, int32_t cell, int32_t well, int32_t equation, double residual,
                  const char *fmt, ...)
{
    va_list args;

    sim->failure.cell = cell;
    sim->failure.well = well;
    sim->failure.equation = equation;
    sim->failure.residual = residual;
    va_start(args, fmt);
    (void)vsnprintf(sim->failure.reason, sizeof sim->failure.reason, fmt, args);
    va_end(args);
}

/* Most Rs that a cell's oil may hold at its pressure. */
static double rs_bound(const bw_sim *sim, int32_t c)
{
    double sat = bw__pvt_rs_sat(bw__pvt_of(&sim->fluids, c), sim->vars.p[c], NULL);
    double bound = sim->rs_bound != NULL ? sim->rs_bound[c] : BW_SIM_NONE;

    return sat < bound ? sat : bound;
}

/*
 * Gas comes or goes. The new unknown begins with the gas that the old one stood for: where there is
 * hardly any oil, its density depends so much on Rs that Newton would not come back from the bound.
 */
static void switch_meaning(bw_sim *sim, int32_t c, double *sg)
{
    bw_sim_vars *v = &sim->vars;
    const bw_sim_cell *cell = &sim->cells[c];
    double slack = v->switched[c] ? HYSTERESIS : 0, bound = 0;
    double gas_per_oil = cell->b[BW_GAS][0] / cell->b[BW_OIL][0];
    bool live = bw__pvt_of(&sim->fluids, c)->live;

    v->switched[c] = 0;
    if (v->sat[c]) {
        if (*sg < 0 && live && *sg < -slack && 1 - v->sw[c] > LEAST_OIL) {
            double rs = rs_bound(sim, c) + *sg * gas_per_oil / (1 - v->sw[c] - *sg);
            v->sat[c] = 0;
            v->x[c] = rs > 0 ? rs : 0;
            v->switched[c] = 1;
        }
        *sg = *sg < 0 ? 0 : *sg;
        return;
    }
    bound = rs_bound(sim, c);
    if (v->x[c] > bound * (1 + slack) || 1 - v->sw[c] <= LEAST_OIL) {
        double freed = (v->x[c] - bound) * (1 - v->sw[c]) / gas_per_oil;
        v->sat[c] = 1;
        v->switched[c] = 1;
        *sg = freed < 0 ? 0 : freed > 0.1 ? 0.1 : freed;
    } else if (v->x[c] < 0) {
        v->x[c] = 0;
    }
}

static void update_cell(bw_sim *sim, int32_t c, double damping)
{
    bw_sim_vars *v = &sim->vars;
    const double *d = sim->update + 3 * (size_t)c;
    double dp = damping * d[0], dsw = damping * d[1], dx = damping * d[2];
    double dsg = v->sat[c] ? dx : 0, sg = 0, most = 0, total = 0;
    double limit = PRESSURE_CHANGE * v->p[c];

    dp = dp > limit ? limit : dp < -limit ? -limit : dp;
    most = fabs(dsw) > fabs(dsg) ? fabs(dsw) : fabs(dsg);
    most = fabs(dsw + dsg) > most ? fabs(dsw + dsg) : most;
    if (most > SATURATION_CHANGE) {
        dsw *= SATURATION_CHANGE / most;
        dsg *= SATURATION_CHANGE / most;
    }
    v->p[c] += dp;
    v->sw[c] += dsw;
    v->sw[c] = v->sw[c] < 0 ? 0 : v->sw[c] > 1 ? 1 : v->sw[c];
    if (v->sat[c]) {
        sg = v->x[c] + dsg;
    } else {
        v->x[c] += dx;
    }
    switch_meaning(sim, c, &sg);
    if (v->sat[c]) {
        total = v->sw[c] + sg;
        if (total > 1) {
            v->sw[c] /= total;
            sg /= total;
        }
        v->x[c] = sg;
    }
}

/* Worst CNV of each phase, where it is, and MB. */
typedef struct judgement {
    double cnv[BW_PHASES], mb[BW_PHASES], worst;
    int32_t cell, phase;
    bool finite;
} judgement;

static void judge(const bw_sim *sim, judgement *j)
{
    double sum[BW_PHASES] = {0, 0, 0}, volume = 0;

    memset(j, 0, sizeof *j);
    j->finite = true;
    for (int32_t c = 0; c < sim->grid.n; c++) {
        double v = sim->grid.volume[c];
        volume += v;
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            double r = sim->residual[3 * (size_t)c + (size_t)phase];
            sum[phase] += r * v;
            if (!isfinite(r)) {
                j->finite = false;
                j->cell = c;
                j->phase = phase;
                j->worst = r;
                return;
            }
            j->cnv[phase] = fabs(r) > j->cnv[phase] ? fabs(r) : j->cnv[phase];
            if (fabs(r) > j->worst) {
                j->worst = fabs(r);
                j->cell = c;
                j->phase = phase;
            }
        }
    }
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        j->mb[phase] = fabs(sum[phase]) / volume;
    }
}

/* How far the worst cell is from converged, and the worst sum: not more than 1 has. */
static double of_cnv(const bw_sim *sim, const judgement *j)
{
    double worst = 0;

    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        worst = j->cnv[phase] > worst ? j->cnv[phase] : worst;
    }
    return worst / sim->options.cnv;
}

static double of_mb(const bw_sim *sim, const judgement *j)
{
    double worst = 0;

    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        double part = j->mb[phase] / sim->mb_limit[phase];
        worst = part > worst ? part : worst;
    }
    return worst;
}

static bool converged(const bw_sim *sim, const judgement *j)
{
    return of_cnv(sim, j) <= 1 && of_mb(sim, j) <= 1;
}

/* Less of each update where the residuals go to and fro, or stay (as Flow does). */
static double damp(const bw_sim *sim, const double last[3][BW_PHASES], int32_t iteration,
                   double damping)
{
    int32_t swinging = 0;
    bool stuck = true;

    if (iteration < 3) {
        return damping;
    }
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        double now = last[0][phase], one = last[1][phase], two = last[2][phase];
        if (now > sim->options.cnv) {
            swinging += fabs((now - two) / now) < 0.2 && fabs((now - one) / now) > 0.2;
        }
        stuck = stuck && !(one > 0 && fabs((now - one) / one) > 1e-3);
    }
    if (swinging > 0 || stuck) {
        damping = damping > 0.6 ? damping - 0.1 : 0.5;
    }
    return damping;
}

/*
 * Mean formation volume factors, which scale residuals, and what the sum over the field may be left
 * with; once a stage. A component of which there is little is held to what there is.
 */
static void scales(bw_sim *sim)
{
    double volume = 0;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        volume += sim->grid.volume[c];
    }
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        double sum = 0, amount = 0, share = 0;
        for (int32_t c = 0; c < sim->grid.n; c++) {
            sum += 1 / sim->cells[c].b[phase][0];
            amount += sim->cells[c].acc[phase][0];
        }
        sim->mean_fvf[phase] = sum / sim->grid.n;
        share = SHARE * amount * sim->mean_fvf[phase] / volume;
        share = share < LEAST_SHARE ? LEAST_SHARE : share > 1 ? 1 : share;
        sim->mb_limit[phase] = share * sim->options.mb;
    }
}

/* Where tables have been left behind, what they are continued with may have no solution. */
static const char *beyond(const bw_sim *sim, int32_t c, char *out, size_t size)
{
    const bw_sim_pvt *pvt = bw__pvt_of(&sim->fluids, c);
    double p = sim->vars.p[c], most = pvt->pb[pvt->nbranch - 1];

    if (pvt->gas.n > 0 && sim->fluids.has[BW_GAS]) {
        most = pvt->gas.x[pvt->gas.n - 1];
    }
    (void)snprintf(out, size, ", at %.6g psi where tables end at %.6g", p, most);
    return sim->fluids.has[BW_GAS] && p > most ? out : "";
}

static void fail_at(bw_sim *sim, const judgement *j)
{
    char text[64];

    if (!j->finite) {
        bw__sim_fail(sim, j->cell, -1, j->phase, j->worst, "a residual is not a number");
        return;
    }
    bw__sim_fail(sim, j->cell, -1, j->phase, j->worst,
                 "%d Newton iterations did not converge, the worst residual is %.3g of the pore "
                 "volume%s",
                 (int)sim->options.maximum_newton, j->worst,
                 beyond(sim, j->cell, text, sizeof text));
    for (int32_t w = 0; w < sim->nwells; w++) {
        for (int32_t k = 0; sim->wells[w].open && k < sim->wells[w].nperf; k++) {
            if (sim->wells[w].perf[k].cell == j->cell) {
                sim->failure.well = w;
            }
        }
    }
}

/* How well a system is to be solved. Where cells have converged only the sums are too large, which a solution
 * has right anyway. */
static double tolerance_of(const bw_sim *sim, const judgement *j, int32_t iteration)
{
    bool only_sums = iteration > 0 && of_cnv(sim, j) <= 1;

    return only_sums && sim->options.linear < ONLY_SUMS ? ONLY_SUMS : sim->options.linear;
}

static void update(bw_sim *sim, double damping)
{
    for (int32_t c = 0; c < sim->grid.n; c++) {
        update_cell(sim, c, damping);
    }
}

typedef enum outlook { GOES_ON, HAS_CONVERGED, HAS_FAILED } outlook;

/*
 * Whether the last update was the last one, which a residual without a Jacobian says for a part of the time. Where
 * cells have converged and only sums have not, they are made right by the last system, as often as that helps much:
 * another system for their sake alone was every third one.
 */
static outlook look(bw_sim *sim, double dt, judgement *j)
{
    double before = INFINITY;

    for (;;) {
        bw__sim_residual(sim, dt);
        judge(sim, j);
        if (j->finite && converged(sim, j)) {
            return HAS_CONVERGED;
        }
        if (!j->finite || of_cnv(sim, j) > 1 || of_mb(sim, j) > SETTLES * before || !bw__sim_settle(sim)) {
            return GOES_ON;
        }
        before = of_mb(sim, j);
        update(sim, 1);
        if (!bw__sim_props(sim)) {
            return HAS_FAILED;
        }
    }
}

bw_sim_outcome bw__sim_newton(bw_sim *sim, double dt)
{
    double damping = 1, last[3][BW_PHASES], off = INFINITY;
    judgement j;

    memset(last, 0, sizeof last);
    memset(sim->vars.switched, 0, (size_t)sim->grid.n);
    scales(sim);
    for (int32_t iteration = 0; ; iteration++) {
        int32_t linear = 0;
        if (iteration > 0 && !bw__sim_props(sim)) {
            return BW_STEP_FAILED;
        }
        if (off <= NEAR) {
            outlook found = look(sim, dt, &j);
            if (found != GOES_ON) {
                return found == HAS_CONVERGED ? BW_STEP_OK : BW_STEP_FAILED;
            }
        }
        bw__sim_assemble(sim, dt);
        judge(sim, &j);
        if (j.finite && iteration > 0 && converged(sim, &j)) {
            return BW_STEP_OK;
        }
        if (!j.finite || iteration == sim->options.maximum_newton) {
            fail_at(sim, &j);
            return BW_STEP_FAILED;
        }
        off = of_cnv(sim, &j);
        memmove(last[1], last[0], 2 * sizeof last[0]);
        memcpy(last[0], j.cnv, sizeof last[0]);
        damping = damp(sim, last, iteration, damping);
        linear = bw__sim_linear_solve(sim, iteration == 0 && sim->stage_share == 0, tolerance_of(sim, &j, iteration));
        sim->record.newton++;
        if (linear < 0) {
            bw__sim_fail(sim, j.cell, -1, j.phase, j.worst, "the linear system was not solved");
            return BW_STEP_FAILED;
        }
        sim->record.linear += linear;
        update(sim, damping);
    }
}
