/* SPDX-License-Identifier: MIT */
/**
 * Black-oil simulation: three phases, gas dissolved in oil, fully implicit.
 *
 * A simulation is made from a tree, the model, and stepped by its host: one call, one accepted
 * time step. Between steps the host may read the state, keep the complete solver state, put one
 * back, or change wells. docs/simulation.md has the equations, the model's members and their units
 * (field units: ft, mD, psi, cP, lb/ft3, STB, Mscf, days).
 *
 * Cell arrays of a tree have shape [nx, ny, nz], C order. Thread: one context, one simulation.
 */
#ifndef BORES_SIM_H
#define BORES_SIM_H

#include "bores/tree.h"

typedef struct bw_sim bw_sim;

/**
 * Makes a simulation at day 0, its wells as the schedule's day 0 says.
 *
 * Owner:   `model` is borrowed for the call. End `*out` with bw_sim_free().
 * Errors:  BW_ERR_VALIDATION  the first problem of the model, with its path ("rock.permx: …")
 *          BW_ERR_LIMIT       more cells or rows than can be held
 *          BW_ERR_NOMEM
 */
bw_status bw_sim_new(bw_ctx *ctx, const bw_node *model, bw_sim **out);
void bw_sim_free(bw_ctx *ctx, bw_sim *sim);

/**
 * Every problem of a model, as a list of {path, code, message}; empty when there is none. What
 * is only suspect has the code "warning". Errors: BW_ERR_NOMEM.
 */
bw_status bw_sim_problems(bw_ctx *ctx, bw_arena *arena, const bw_node *model, bw_node **out);

/**
 * One accepted time step, which ends at the next day of the schedule, of the reports or
 * `until_day`, whichever comes first, or before. Tries that fail are cut and tried again.
 *
 * Errors:  BW_ERR_SOLVER  no step is small enough; the message names the cell, well, equation
 *                         and day, bw_sim_failure() has them apart. The state is that of the
 *                         last accepted step.
 *          BW_ERR_NOMEM   (the same)
 */
bw_status bw_sim_step(bw_ctx *ctx, bw_sim *sim, double until_day);

/** The day reached, and the last of the reports. */
double bw_sim_day(const bw_sim *sim);
double bw_sim_last_day(const bw_sim *sim);

/** What a tree is wanted of. */
typedef enum bw_sim_part {
    BW_SIM_RECORD,  /**< the last step: sizes, iterations, cuts, why; cheap */
    BW_SIM_SUMMARY, /**< field and well curves at this day, and the material balance */
    BW_SIM_STATE,   /**< cell arrays, perforations and wells */
    BW_SIM_STATICS, /**< pore volume, depth, transmissibilities, well indices */
    BW_SIM_SAVED,   /**< the complete solver state, for bw_sim_restore() */
    BW_SIM_FAILURE, /**< the last failure, or null */
    BW_SIM_PART_COUNT
} bw_sim_part;

/** A part as a tree in `arena`; its arrays are the arena's. Errors: BW_ERR_NOMEM. */
bw_status bw_sim_read(bw_ctx *ctx, bw_sim *sim, bw_sim_part part, bw_arena *arena,
                      bw_node **out);

/**
 * Goes on from a tree that BW_SIM_SAVED gave, of a simulation of the same model: to the bit as
 * if it had not stopped. Errors: BW_ERR_VALIDATION (nothing is changed), BW_ERR_NOMEM.
 */
bw_status bw_sim_restore(bw_ctx *ctx, bw_sim *sim, const bw_node *saved);

/**
 * Changes wells now: `wells` is a map as in the schedule, {NAME: {status, control, …}}. What the
 * schedule says later still comes. Errors: BW_ERR_VALIDATION (nothing is changed), BW_ERR_NOMEM.
 */
bw_status bw_sim_change(bw_ctx *ctx, bw_sim *sim, const bw_node *wells);

#endif
