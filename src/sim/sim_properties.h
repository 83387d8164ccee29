/* SPDX-License-Identifier: MIT */
/**
 * The model's grid, fluids and saturation functions, and what a cell's unknowns give. Field units
 * throughout.
 *
 * A value with derivatives is a `double[4]`: the value, then by oil pressure, water saturation
 * and the cell's third unknown X (gas saturation, or Rs where the oil is undersaturated).
 */
#ifndef BORES_SIM_PROPERTIES_H
#define BORES_SIM_PROPERTIES_H

#include "bores/sim.h"

enum { BW_WATER, BW_OIL, BW_GAS, BW_PHASES };
/** What is counted of a well: the components, free gas (Mscf), phases in the reservoir (rb). */
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

/* Fluids (fluid/pvt.c) ---------------------------------------------------------------------------- */

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

/* Saturation functions (fluid/satfun.c) ----------------------------------------------------------- */

typedef enum bw_sim_mixing {
    BW_MIX_DEFAULT, BW_MIX_STONE_I, BW_MIX_STONE_II, BW_MIX_MIN, BW_MIX_MAX, BW_MIX_ARITHMETIC,
    BW_MIX_GEOMETRIC, BW_MIX_HARMONIC, BW_MIX_BAKER, BW_MIX_BLUNT, BW_MIX_HUSTAD_HANSEN,
    BW_MIX_AZIZ_SETTARI, BW_MIX_BORES_ECLIPSE, BW_MIX_PRODUCT, BW_MIX_COUNT
} bw_sim_mixing;

typedef enum bw_sim_kr_type {
    BW_KR_TABLE, BW_KR_COREY, BW_KR_COREY_BORES, BW_KR_LET
} bw_sim_kr_type;
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
    double *end[BW_END_COUNT];    /**< by active number (models) */
    double *pc_end[BW_END_COUNT]; /**< those of the capillary pressure's model, mostly the same */
    /** ow, go, oil-wet ow: entry pressure and λ; α and n; σ cos θ a and b. */
    double pc_a[3], pc_b[3];
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

#endif
