/* SPDX-License-Identifier: MIT */
/**
 * What the files of the simulator share: the parts of a bw_sim. Rates at surface conditions are
 * positive out of the reservoir.
 */
#ifndef BORES_SIM_TYPES_H
#define BORES_SIM_TYPES_H

#include "sim/sim_properties.h"

/* Wells ------------------------------------------------------------------------------------- */

typedef enum bw_sim_control {
    BW_CTL_SHUT, BW_CTL_BHP, BW_CTL_ORAT, BW_CTL_WRAT, BW_CTL_GRAT, BW_CTL_LRAT, BW_CTL_RATE,
    BW_CTL_COUNT
} bw_sim_control;

typedef struct bw_sim_perf {
    int32_t cell; /**< active number, or -1: the cell is inactive */
    int32_t ijk[3];
    int32_t dir;
    double wi, skin, radius, given_wi;
    double depth;
    double head;                 /**< psi above the bottom-hole pressure, fixed during a step */
    double rate[BW_PHASES];      /**< of the last accepted step */
    double pressure;             /**< in the wellbore, likewise */
    /* At the current iterate: */
    double q[BW_PHASES], q_x[BW_PHASES][3], q_bhp[BW_PHASES];
    bool takes; /**< of what the well's other perforations give, */
    double q_mix[BW_PHASES][BW_PHASES]; /**< whose sums it depends on like this */
} bw_sim_perf;

typedef struct bw_sim_well {
    bw_view name;
    bool producer, crossflow, open;
    bool named;    /**< by the schedule, so far */
    int32_t fluid; /**< injected phase */
    double ref_depth, radius, skin;
    int32_t nperf;
    bw_sim_perf *perf;
    double limit[BW_CTL_COUNT]; /**< by control; BW_SIM_NONE: none */
    bool head_known;            /**< false: the well has not flowed since it was opened */
    double bhp;
    double bhp_last; /**< of the last accepted step, whose column stands while the next is tried */
    bw_sim_control control; /**< the active one */
    double rate[BW_FLOWS];       /**< by phase, then what else is counted */
    double rate_stage[BW_FLOWS]; /**< at the end of a step's first stage */
    double produced[BW_FLOWS], injected[BW_FLOWS];
    double mix[BW_PHASES]; /**< surface fractions of what the wellbore holds */
    double mix_total;      /**< of what sum they are */
} bw_sim_well;

typedef struct bw_sim_event {
    double day;
    int32_t well;
    int32_t open; /**< -1: as before, but a well that is named first opens */
    bool anew;    /**< a control is given: limits of before go */
    double limit[BW_CTL_COUNT]; /**< NaN: as before */
    double skin;       /**< NaN: as before */
    int32_t fluid;     /**< -1: as before */
    int32_t crossflow; /**< -1: as before */
} bw_sim_event;

/* Boundaries (boundary.c) ------------------------------------------------------------------- */

typedef enum bw_sim_boundary_type {
    BW_BOUND_PRESSURE, BW_BOUND_FLUX, BW_BOUND_AQUIFER
} bw_sim_boundary_type;

typedef struct bw_sim_boundary {
    bw_sim_boundary_type type;
    int32_t fluid;
    int32_t n;
    int32_t *cell;
    double *weight;   /**< half transmissibility, or the share of the whole face */
    double *pressure; /**< outside, at the cell's depth */
    double rate;      /**< rb/d into the reservoir, the whole face (flux) */
    /* Carter-Tracy */
    double beta, time_factor, radius_ratio; /**< rb/psi, 1/d, outer over inner (≥ 1e30: infinite) */
    double influx;                          /**< rb so far */
    double *p_begin;                        /**< cell pressures at the step's beginning */
    double a, b_coef;                       /**< of this step */
    double *a_cell;
    double into[BW_PHASES], total[BW_PHASES]; /**< surface rate of the last step, and totals */
    double into_stage[BW_PHASES];
} bw_sim_boundary;

/* Linear system ----------------------------------------------------------------------------- */

/** Rows of 3 × 3 blocks, columns ascending. */
typedef struct bw_sim_matrix {
    int32_t n;
    int32_t *row, *col, *diag; /**< row: n+1; diag: position of the diagonal block */
    double *a;                 /**< 9 a block, row-major */
} bw_sim_matrix;

typedef struct bw_sim_amg bw_sim_amg;

typedef struct bw_sim_solver {
    bw_sim_matrix m;
    int32_t *face_ab, *face_ba; /**< positions of a face's two blocks */
    int32_t **well_pair;        /**< by well: nperf × nperf positions */
    float *lu;                  /**< block ILU(0), 12 a block (matrix.c), the diagonals inverted */
    float *y;                   /**< what it is applied to: 4 a cell */
    double *by_p;               /**< CPR: 3 a block of the matrix, its first column */
    int32_t *mark;
    double *weight;             /**< CPR: 3 a cell */
    bw_sim_amg *amg;
    double *basis, *work, *hess; /**< GMRES */
    double *applied;             /**< M⁻¹ of the first `kept` vectors of the basis */
    int32_t kept;
    double *rp, *xp;
    double *shape;             /**< sizes of the last update, 3 a cell, by which sums are made right, */
    double sums[9];            /**< and by how much a component's sum changes with each unknown's share of them; */
    bool has_sums;             /**< false: they are not known */
    int32_t restart;
} bw_sim_solver;

/* Steps ------------------------------------------------------------------------------------- */

typedef struct bw_sim_options {
    bool report_steps;
    bool second_order; /**< two stages a step */
    double maximum_step, initial_step, minimum_step, maximum_growth, cut_factor;
    double target_ds, target_dp, time_tolerance;
    int32_t maximum_newton, maximum_cuts, maximum_linear;
    double cnv, mb, linear;
} bw_sim_options;

typedef enum bw_sim_reason {
    BW_WHY_INITIAL, BW_WHY_REPORT, BW_WHY_SCHEDULE, BW_WHY_UNTIL, BW_WHY_GROWTH, BW_WHY_ACCURACY,
    BW_WHY_NEWTON, BW_WHY_MAXIMUM, BW_WHY_CUT, BW_WHY_COUNT
} bw_sim_reason;

typedef struct bw_sim_failure {
    bool is;
    double day, step_size, residual;
    int32_t cell;     /**< active number or -1 */
    int32_t well;     /**< index or -1 */
    int32_t equation; /**< phase, or -1 */
    char reason[160];
} bw_sim_failure;

/** Over the field, weighted by hydrocarbon pore volume. */
typedef struct bw_sim_means {
    double pressure, rs;
    double pore_volume; /**< at pref, rb: a sum */
} bw_sim_means;

#define BW_SIM_CUTS_KEPT 32

typedef struct bw_sim_record {
    int64_t step;
    double step_size;
    int32_t newton, linear, cuts;
    bw_sim_reason reason;
    char cut_reason[BW_SIM_CUTS_KEPT][160];
    int64_t total_newton, total_linear, total_cuts;
} bw_sim_record;

struct bw_sim {
    bw_arena arena;
    bw_sim_grid grid;
    bw_sim_fluids fluids;
    bw_sim_satfun satfun;
    bw_sim_solver solver;
    bw_sim_options options;
    double *temperature; /**< by flat index, or NULL */

    int32_t nwells;
    bw_sim_well *wells;
    int32_t nevents, next_event;
    bw_sim_event *events; /**< by day */
    int32_t nbounds;
    bw_sim_boundary *bounds;
    int32_t nreports;
    double *reports;

    double day;
    bw_sim_vars vars, old;
    double *rs_bound; /**< of this step (DRSDT), else NULL */
    double *rs_begin; /**< Rs at its beginning (DRSDT) */
    double *acc_begin; /**< 3 a cell: in place as the step begins, the last residual carried on */
    double *acc_old;  /**< 3 a cell: what the stage begins with */
    bw_sim_cell *cells;
    bool cells_are_old; /**< they are what the next step begins with */
    double *residual, *update; /**< 3 a cell, scaled */
    double mean_fvf[BW_PHASES];
    double mb_limit[BW_PHASES]; /**< of the pore volume, what a stage may leave over in the field */
    double stage_share;   /**< of the step that went at the first stage's rates */
    double next_step;     /**< 0: none known yet */
    bw_sim_reason next_reason;
    double last_step;
    bw_sim_means means_begin;     /**< with which the last step began */
    double in_place[BW_PHASES];   /**< at day 0 */
    double balance[BW_PHASES];    /**< worst relative error so far */
    bw_sim_record record;
    bw_sim_failure failure;
};

#endif
