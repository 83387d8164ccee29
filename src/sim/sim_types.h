/* SPDX-License-Identifier: MIT */
/**
 * What the files of the simulator share: the parts of a bw_sim. Field units throughout; rates at
 * surface conditions are positive out of the reservoir.
 *
 * A value with derivatives is a `double[4]`: the value, then by oil pressure, water saturation
 * and the cell's third unknown X (gas saturation, or Rs where the oil is undersaturated).
 */
#ifndef BORES_SIM_TYPES_H
#define BORES_SIM_TYPES_H

#include "bores/sim.h"

enum { BW_WATER, BW_OIL, BW_GAS, BW_PHASES };
/** What is counted of a well: the components, free gas (Mscf), phases at reservoir conditions (rb). */
enum { BW_FREE_GAS = BW_PHASES, BW_VOL_WATER, BW_VOL_OIL, BW_VOL_GAS, BW_FLOWS };

#define BW_SIM_DARCY 1.127116e-3        /* rb cP / (d psi) of one mD ft */
#define BW_SIM_BARREL 5.614583          /* ft3 */
#define BW_SIM_MSCF (1000.0 / 5.614583) /* scf/ft3 of one Mscf/rb */
#define BW_SIM_NONE 1e300               /* a limit that is not set */

/* Reading (read.c) -------------------------------------------------------------------------- */

/** Goes through a model and notes every problem; what is wrong is read as a harmless value. */
typedef struct bw_sim_reader {
    bw_ctx *ctx;
    bw_arena *arena;   /**< of what is kept */
    bw_arena *scratch; /**< of the problems and of what is read on the way */
    bw_node *problems;
    uint32_t errors;   /**< of the problems those that are no warnings */
    bw_status st;      /**< BW_ERR_NOMEM as soon as memory is out */
} bw_sim_reader;

/* Grid (grid.c) ----------------------------------------------------------------------------- */

typedef struct bw_sim_grid {
    int32_t nx, ny, nz, total; /**< total = nx ny nz; flat index i + nx (j + ny k) */
    int32_t n;                 /**< active cells, numbered 0 … n-1 */
    int32_t *active_of;        /**< by flat index: the active number or -1 */
    int32_t *flat_of;          /**< by active number */
    double *dx, *dy;           /**< by column index i, j */
    double *dz, *ntg, *permx, *permy, *permz, *porosity; /**< by flat index */
    double *depth;             /**< by flat index, cell centres */
    double *tran[3];           /**< by flat index: face to the next in x, y, z */
    double *volume;            /**< by active number: pore volume at pref, rb */
    int32_t nfaces;
    int32_t *face_a, *face_b; /**< active numbers, a < b */
    double *face_t;
    double *face_dz; /**< depth of b less depth of a */
    double rock_c, rock_pref;
} bw_sim_grid;

/* Fluids (pvt.c) ---------------------------------------------------------------------------- */

/** y columns over x, linear between rows. */
typedef struct bw_sim_curve {
    int32_t n;
    double *x, *y, *z; /**< z may be NULL */
} bw_sim_curve;

/** Fluids at one temperature. */
typedef struct bw_sim_pvt {
    bw_sim_curve gas; /**< over P: 1/Bg, 1/(Bg μg) */
    /* Oil: branches of constant Rs, each over P: 1/Bo, 1/(Bo μo), the saturated row first. */
    int32_t nbranch;
    double *rs, *pb; /**< by branch */
    bw_sim_curve *branch;
    bool live;   /**< oil may hold gas */
    bool capped; /**< Rs_sat is constant above the last bubble point */
    bw_sim_curve water; /**< over P: 1/Bw, 1/(Bw μw); n = 0: the constants below */
    double water_pref, water_bw, water_c, water_mu, water_cv;
} bw_sim_pvt;

typedef struct bw_sim_fluids {
    int32_t nregion;
    bw_sim_pvt *region;
    int32_t *region_of; /**< by active number; NULL: all 0 */
    double surface[BW_PHASES]; /**< lb/ft3 */
    bool has[BW_PHASES];
    double drsdt; /**< BW_SIM_NONE: free */
} bw_sim_fluids;

/** Oil at (P, Rs) with derivatives by both. */
typedef struct bw_sim_oil {
    double b, b_p, b_rs;    /**< 1/Bo */
    double bm, bm_p, bm_rs; /**< 1/(Bo μo) */
} bw_sim_oil;

/* Saturation functions (satfun.c) ----------------------------------------------------------- */

typedef enum bw_sim_mixing {
    BW_MIX_DEFAULT, BW_MIX_STONE_I, BW_MIX_STONE_II, BW_MIX_MIN, BW_MIX_MAX, BW_MIX_ARITHMETIC,
    BW_MIX_GEOMETRIC, BW_MIX_HARMONIC, BW_MIX_BAKER, BW_MIX_BLUNT, BW_MIX_HUSTAD_HANSEN,
    BW_MIX_AZIZ_SETTARI, BW_MIX_BORES_ECLIPSE, BW_MIX_PRODUCT, BW_MIX_COUNT
} bw_sim_mixing;

typedef enum bw_sim_kr_type { BW_KR_TABLE, BW_KR_COREY, BW_KR_COREY_BORES, BW_KR_LET } bw_sim_kr_type;
typedef enum bw_sim_pc_type {
    BW_PC_NONE, BW_PC_TABLE, BW_PC_BROOKS_COREY, BW_PC_VAN_GENUCHTEN, BW_PC_LEVERETT
} bw_sim_pc_type;

/** One relative permeability of a model: S^n times max, or LET. */
typedef struct bw_sim_kr_curve {
    double l, e, t; /**< Corey: the exponent is l */
    double max;
} bw_sim_kr_curve;

enum { BW_END_SWC, BW_END_SWIR, BW_END_SORW, BW_END_SORG, BW_END_SGR, BW_END_COUNT };
enum { BW_CURVE_W, BW_CURVE_OW, BW_CURVE_OG, BW_CURVE_G, BW_CURVE_COUNT };

typedef struct bw_sim_satfun {
    bw_sim_kr_type kr;
    bw_sim_pc_type pc;
    bw_sim_mixing mixing;
    bw_sim_curve water;  /**< over Sw: krw */
    bw_sim_curve gas;    /**< over Sg: krg */
    bw_sim_curve oil_w;  /**< over So: krow */
    bw_sim_curve oil_g;  /**< over So: krog, at connate water */
    bw_sim_curve pcow, pcgo; /**< over Sw; over Sg */
    double swco, sw_max, sg_max; /**< of the tables: connate, last */
    bw_sim_kr_curve curve[BW_CURVE_COUNT];
    double *end[BW_END_COUNT]; /**< by active number (models) */
    double pc_a[3], pc_b[3];   /**< ow, go, oil-wet ow: entry pressure and λ; α and n; σ cos θ a, b */
    double pc_min_se, pc_strength;
    double pc_water_wet;       /**< 1: water-wet, 0: oil-wet, else the mix of both */
    double mix_a, mix_b;       /**< exponents of Aziz and Settari's rule */
    double *pc_scale; /**< by active number: √(φ/k) (Leverett) */
} bw_sim_satfun;

/** What the saturations of a cell give. */
typedef struct bw_sim_kr {
    double krw, krw_w, krg, krg_g, kro, kro_w, kro_g; /**< _w, _g: by Sw, Sg */
    double pcow, pcow_w, pcgo, pcgo_g;
} bw_sim_kr;

/* Cells (props.c) --------------------------------------------------------------------------- */

/** A cell at the current iterate. */
typedef struct bw_sim_cell {
    double p[BW_PHASES][4];     /**< phase pressure */
    double gamma[BW_PHASES][4]; /**< density / 144: psi/ft */
    double mob[BW_PHASES][4];   /**< kr / (μ B) */
    double acc[BW_PHASES][4];   /**< component in place, STB or Mscf */
    double b[BW_PHASES][4];     /**< 1/B */
    double rs[4];
    double lambda[4]; /**< Σ kr/μ */
} bw_sim_cell;

/** The unknowns and what else a step begins with, by active number. */
typedef struct bw_sim_vars {
    double *p, *sw, *x;
    uint8_t *sat;      /**< 1: X is Sg; 0: X is Rs */
    uint8_t *switched; /**< 1: `sat` changed in the last update */
} bw_sim_vars;

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
} bw_sim_perf;

typedef struct bw_sim_well {
    bw_view name;
    bool producer, crossflow, open;
    int32_t fluid; /**< injected phase */
    double ref_depth, radius, skin;
    int32_t nperf;
    bw_sim_perf *perf;
    double limit[BW_CTL_COUNT]; /**< by control; BW_SIM_NONE: none */
    bool head_known;            /**< false: the well has not flowed since it was opened */
    double bhp;
    bw_sim_control control; /**< the active one */
    double rate[BW_FLOWS];       /**< by phase, then what else is counted */
    double rate_stage[BW_FLOWS]; /**< at the end of a step's first stage */
    double produced[BW_FLOWS], injected[BW_FLOWS];
    double mix[BW_PHASES]; /**< surface fractions of what the wellbore holds */
    /* The control equation at the current iterate, eliminated. */
    double w_bhp;
} bw_sim_well;

typedef struct bw_sim_event {
    double day;
    int32_t well;
    bool open;
    bool has_control;
    double limit[BW_CTL_COUNT];
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
    double *lu;                 /**< block ILU(0), the diagonals inverted */
    int32_t *mark;
    double *weight;             /**< CPR: 3 a cell */
    bw_sim_amg *amg;
    double *basis, *work, *hess; /**< GMRES */
    double *rp, *xp;
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
    double *acc_begin; /**< 3 a cell: in place at the step's beginning, the last residual carried on */
    double *acc_old;  /**< 3 a cell: what the stage begins with */
    bw_sim_cell *cells;
    double *residual, *update; /**< 3 a cell, scaled */
    double mean_fvf[BW_PHASES];
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
