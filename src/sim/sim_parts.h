/* SPDX-License-Identifier: MIT */
/** The parts that make a step, in the order in which they call one another. */
#ifndef BORES_SIM_PARTS_H
#define BORES_SIM_PARTS_H

#include "sim_types.h"

/* props.c */

/**
 * Properties of every cell at `sim->vars`. False: a property has left what its tables allow, and
 * sim->failure says where.
 */
bool bw__sim_props(bw_sim *sim);
/** Of one cell. */
bool bw__sim_props_of(const bw_sim *sim, int32_t cell, bw_sim_cell *out);
/** Rs of a cell, and its slope by P where it is saturated (else by X: 1). */
double bw__sim_rs(const bw_sim *sim, int32_t cell, double *slope);

/* wells.c, well_flow.c, well_head.c */

/** Opens, closes and limits wells as an event says. */
void bw__sim_apply(bw_sim *sim, const bw_sim_event *event);
/** Whether a well can be given `fluid` to inject: a phase that the model has, and not oil. */
bool bw__sim_can_inject(const bw_sim *sim, int32_t fluid);
/** Peaceman's index of each perforation. */
void bw__sim_well_index(const bw_sim *sim, bw_sim_well *well);
/** The wellbore's columns, from the last step's rates; once a step. */
void bw__sim_heads(bw_sim *sim);
/** Bottom-hole pressure, active control and rates of a well at the current cells. */
void bw__sim_well_solve(const bw_sim *sim, bw_sim_well *well);
/** Solves every well and adds its flow and its eliminated equation. */
void bw__sim_wells_assemble(bw_sim *sim);
/** Keeps what the next step's heads and the totals need; `stage_share` of the step went at the
 *  first stage's rates. */
void bw__sim_wells_accept(bw_sim *sim, double dt, double stage_share);

/* boundary.c */
void bw__sim_boundaries_begin(bw_sim *sim, double dt);
void bw__sim_boundaries_assemble(bw_sim *sim);
void bw__sim_boundaries_accept(bw_sim *sim, double dt, double stage_share);

/* assembly.c */

/** Residual and Jacobian of a step of `dt` days at sim->cells, rows scaled to pore volumes. */
void bw__sim_assemble(bw_sim *sim, double dt);
/** The same residual, to the bit, without a Jacobian: what the matrix holds is good for nothing then. */
void bw__sim_residual(bw_sim *sim, double dt);
/** The scale of a row: Δt B̄ / V. */
static inline double bw__sim_scale(const bw_sim *sim, int32_t cell, int32_t phase, double dt)
{
    return dt * sim->mean_fvf[phase] / sim->grid.volume[cell];
}

/* matrix.c, amg.c, krylov.c */
bw_status bw__sim_solver_new(bw_ctx *ctx, bw_sim *sim);
void bw__sim_solver_free(bw_ctx *ctx, bw_sim *sim);
/** In lanes, which a processor adds beside each other. */
static inline double bw__sim_dot(const double *a, const double *b, int32_t n)
{
    double sum[4] = {0, 0, 0, 0};
    int32_t i = 0;

    for (; i + 4 <= n; i += 4) {
        for (int32_t lane = 0; lane < 4; lane++) {
            sum[lane] += a[i + lane] * b[i + lane];
        }
    }
    for (; i < n; i++) {
        sum[0] += a[i] * b[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/** Block ILU(0) of the matrix. False: a pivot block is singular. */
bool bw__sim_factor(bw_sim_solver *s);
/** s->y = (L U)⁻¹ s->y. */
void bw__sim_factor_solve(bw_sim_solver *s);
void bw__sim_multiply(const bw_sim_matrix *m, const double *x, double *y);
/** 1/a of a 3 × 3 block; false when it is singular. */
bool bw__sim_invert(const double a[9], double out[9]);

/** Algebraic multigrid on the pressures: levels from `s->m` and the weights. */
bw_status bw__sim_amg_new(bw_ctx *ctx, int32_t n, int32_t entries, bw_sim_amg **out);
void bw__sim_amg_free(bw_ctx *ctx, bw_sim_amg *amg);
/** Chooses the levels anew; else only their numbers. */
void bw__sim_amg_build(bw_sim_amg *amg, const bw_sim_solver *s, bool anew);
/** One cycle: x ≈ A⁻¹ b. */
void bw__sim_amg_cycle(bw_sim_amg *amg, const double *b, double *x);

/** Solves for sim->update, to `tolerance` of the residual's norm and the components' sums wholly. Iterations,
 *  or -1: nowhere near it. `first`: the multigrid's levels are chosen anew. */
int32_t bw__sim_linear_solve(bw_sim *sim, bool first, double tolerance);

/**
 * After a system has been solved and the residual evaluated where that led to: an update that leaves nothing of the
 * components' sums, found by the same system. False: it would be no small change.
 */
bool bw__sim_settle(bw_sim *sim);

/* newton.c */
typedef enum bw_sim_outcome { BW_STEP_OK, BW_STEP_FAILED } bw_sim_outcome;
bw_sim_outcome bw__sim_newton(bw_sim *sim, double dt);

/* step_size.c */

/** The next day that a step may not go over, and why. */
double bw__sim_next_stop(const bw_sim *sim, double until, bw_sim_reason *why);
/** The length to try first; `why`: in, why it may not go over `stop`; out, why it is as long. */
double bw__sim_choose(const bw_sim *sim, double stop, bw_sim_reason *why);
/** What a step that was made is to be multiplied by, to be made again; 1: it is good. */
double bw__sim_shorten(const bw_sim *sim, double dt);
/**
 * The next step's length, from what this one changed at most. Before the wells are accepted: what
 * they gave in the last step is compared. `before`: the length that was proposed for a step that ends
 * at a stop, else 0.
 */
void bw__sim_propose(bw_sim *sim, double dt, double before);

/* equil.c, timestep.c */
/** What the schedule says by now. */
void bw__sim_apply_events(bw_sim *sim);
void bw__sim_vars_copy(bw_sim_vars *to, const bw_sim_vars *from, int32_t n);
bw_sim_means bw__sim_means(const bw_sim *sim);
/** In place by component: water, oil, gas. */
void bw__sim_in_place(const bw_sim *sim, double out[BW_PHASES]);
void bw__sim_fail(bw_sim *sim, int32_t cell, int32_t well, int32_t equation, double residual,
                  const char *fmt, ...) BW_PRINTF(6, 7);

#endif
