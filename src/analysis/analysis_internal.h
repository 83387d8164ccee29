/* SPDX-License-Identifier: MIT */
/** What the files of the analysis share: a state's grids, the record kept of it, questions. */
#ifndef BORES_ANALYSIS_INTERNAL_H
#define BORES_ANALYSIS_INTERNAL_H

#include "bores/analysis.h"

/** ft3 per barrel, the one barrel used everywhere: 42 US gallons. */
#define BW__BARREL 5.614583
/** BORES's barrels per acre-foot (for `compat`); 43560 / BW__BARREL is 7758.3679. */
#define BW__BORES_ACRE_FOOT 7758.0
#define BW__SECONDS_PER_DAY 86400.0
#define BW__DAYS_PER_YEAR 365.25

typedef enum bw__phase { BW__OIL, BW__WATER, BW__GAS, BW__PHASES } bw__phase;

extern const char *const bw__phase_names[BW__PHASES];

/* A state's grids ---------------------------------------------------------------------------- */

#define BW__GRID_LIST(X)                                                          \
    X(THICKNESS, "model.thickness_grid")                                          \
    X(POROSITY, "model.rock_properties.porosity_grid")                            \
    X(NET_TO_GROSS, "model.rock_properties.net_to_gross_grid")                    \
    X(NET_TO_GROSS_RATIO, "model.rock_properties.net_to_gross_ratio_grid")        \
    X(PERM_X, "model.rock_properties.absolute_permeability.x")                    \
    X(PERM_Y, "model.rock_properties.absolute_permeability.y")                    \
    X(PERM_Z, "model.rock_properties.absolute_permeability.z")                    \
    X(PRESSURE, "model.fluid_properties.pressure_grid")                           \
    X(BUBBLE_POINT, "model.fluid_properties.oil_bubble_point_pressure_grid")      \
    X(SO, "model.fluid_properties.oil_saturation_grid")                           \
    X(SW, "model.fluid_properties.water_saturation_grid")                         \
    X(SG, "model.fluid_properties.gas_saturation_grid")                           \
    X(MUO, "model.fluid_properties.oil_viscosity_grid")                           \
    X(MUW, "model.fluid_properties.water_viscosity_grid")                         \
    X(MUG, "model.fluid_properties.gas_viscosity_grid")                           \
    X(BO, "model.fluid_properties.oil_formation_volume_factor_grid")              \
    X(BW, "model.fluid_properties.water_formation_volume_factor_grid")            \
    X(BG, "model.fluid_properties.gas_formation_volume_factor_grid")              \
    X(RS, "model.fluid_properties.solution_gas_to_oil_ratio_grid")                \
    X(RSW, "model.fluid_properties.gas_solubility_in_water_grid")                 \
    X(CW, "model.fluid_properties.water_compressibility_grid")                    \
    X(CO, "model.fluid_properties.oil_compressibility_grid")                      \
    X(CG, "model.fluid_properties.gas_compressibility_grid")                      \
    X(Z, "model.fluid_properties.gas_compressibility_factor_grid")                \
    X(SOLVENT, "model.fluid_properties.solvent_concentration_grid")               \
    X(KRO, "relative_permeabilities.oil_relative_permeability")                   \
    X(KRW, "relative_permeabilities.water_relative_permeability")                 \
    X(KRG, "relative_permeabilities.gas_relative_permeability")

typedef enum bw__grid {
#define BW__GRID_ENUM(name, path) BW__##name,
    BW__GRID_LIST(BW__GRID_ENUM)
#undef BW__GRID_ENUM
    BW__GRIDS
} bw__grid;

extern const char *const bw__grid_paths[BW__GRIDS];

/** A state seen as numbers, borrowed from its tree but for grids that had to be widened. */
typedef struct bw__state {
    const bw_node *root;
    int64_t step;
    double day, step_days;
    uint64_t shape[3];
    size_t cells;
    double dx, dy;                 /**< ft; NaN where the state has none */
    double rock_compressibility;   /**< 1/psi; NaN where absent */
    const double *grid[BW__GRIDS]; /**< [cells], NULL where absent */
    bw_arena arena;
} bw__state;

/** Opens a state; `wanted` has a bit per grid (UINT32_MAX: all). End with bw__state_close(). */
bw_status bw__state_open(bw_ctx *ctx, const bw_node *root, uint32_t wanted, bw__state *out);
void bw__state_close(bw_ctx *ctx, bw__state *state);
/** Pore volume of a cell, ft3: 0 in cells without thickness, NaN where something else is no number. */
double bw__pore_volume(const bw__state *state, size_t cell);

/* Reading trees (read_tree.c) ---------------------------------------------------------------- */

/** A node by its dotted path; NULL where there is none or where it is null. */
const bw_node *bw__find(const bw_node *root, const char *path);
/** A number from an int, a float or an array of one element; false (untouched) otherwise. */
bool bw__to_number(const bw_node *node, double *out);
/** The numbers of a list (nested as it likes) or of an array, in order, as float64 in `arena`. */
bw_status bw__to_numbers(bw_ctx *ctx, bw_arena *arena, const bw_node *node, double **out,
                         size_t *count);
/** The elements of a number array as float64: its own memory where they are that, else a copy. */
bw_status bw__widen(bw_ctx *ctx, bw_arena *arena, const bw_array *array, const double **out);

/* Wells -------------------------------------------------------------------------------------- */

typedef struct bw__well {
    bw_view name; /**< terminated */
    bool injector, active;
    char axis; /**< 'x', 'y', 'z' */
    double radius, skin; /**< ft, – */
    uint32_t intervals;
    const int64_t *boxes; /**< [intervals][6]: i, j, k of the first cell, then of the last */
} bw__well;

/** A state's wells; states in a row that have the same ones share them. */
typedef struct bw__wells {
    bw_arena arena;
    uint32_t users, count;
    bw__well *items;
} bw__wells;

/** Reads a state's wells. `before` (or NULL) is shared when it is equal. */
bw_status bw__wells_read(bw_ctx *ctx, const bw__state *state, bw__wells *before,
                         bw__wells **out);
/** Wells that are not shared yet, or `before` (or NULL) in their place where it is equal. */
bw__wells *bw__wells_share(bw_ctx *ctx, bw__wells *wells, bw__wells *before);
void bw__wells_release(bw_ctx *ctx, bw__wells *wells);
bool bw__well_holds(const bw__well *well, const uint64_t shape[3], size_t cell);

/** Volumes since the run began, as our own states carry them; order of `cumulatives.wells.NAME`. */
#define BW__TOTAL_LIST(X)                                                              \
    X(OIL_PRODUCED, "oil_produced") X(WATER_PRODUCED, "water_produced")                \
    X(GAS_PRODUCED, "gas_produced") X(FREE_GAS_PRODUCED, "free_gas_produced")          \
    X(OIL_INJECTED, "oil_injected") X(WATER_INJECTED, "water_injected")                \
    X(GAS_INJECTED, "gas_injected")                                                    \
    X(RES_OIL_PRODUCED, "reservoir_oil_produced")                                      \
    X(RES_WATER_PRODUCED, "reservoir_water_produced")                                  \
    X(RES_GAS_PRODUCED, "reservoir_gas_produced")                                      \
    X(RES_OIL_INJECTED, "reservoir_oil_injected")                                      \
    X(RES_WATER_INJECTED, "reservoir_water_injected")                                  \
    X(RES_GAS_INJECTED, "reservoir_gas_injected")

typedef enum bw__total {
#define BW__TOTAL_ENUM(name, key) BW__TOTAL_##name,
    BW__TOTAL_LIST(BW__TOTAL_ENUM)
#undef BW__TOTAL_ENUM
    BW__TOTALS
} bw__total;

/* The record of a state ---------------------------------------------------------------------- */

/** Sums over the cells of a region. */
typedef struct bw__zone {
    double pore, hydrocarbon;              /**< V, V(So + Sg): ft3 */
    double oil, water;                     /**< STB */
    double free_gas, oil_gas, water_gas;   /**< SCF: free, dissolved in oil, in water */
    double pressure_pore;                  /**< sum of P V */
    double pressure_hydrocarbon, not_water; /**< sums of P V (1 - Sw) and V (1 - Sw) */
} bw__zone;

/** A cell that produces or injects. */
typedef struct bw__flow {
    uint32_t cell;
    bool injected;
    double q[BW__PHASES];       /**< ft3/d in the reservoir */
    double surface[BW__PHASES]; /**< STB/d, STB/d, SCF/d (free gas) */
    double oil_gas, water_gas;  /**< SCF/d that come dissolved */
    double fvf[BW__PHASES];     /**< what `surface` was made with */
} bw__flow;

/** A perforation of an open producer that flows. */
typedef struct bw__perforation {
    uint32_t well, flow;         /**< which of the record's */
    double pressure, skin;       /**< psi, – */
    double efficiency, index;    /**< –, rb cP/(d psi) */
    double mobility[BW__PHASES]; /**< kr/mu, 1/cP */
} bw__perforation;

/** Means over all cells; weighted ones are plain where the weights sum to nothing. */
typedef struct bw__means {
    double pressure, bubble_point, s[BW__PHASES], mobility[BW__PHASES];
    double bo, bw, bg, rs, rsw, cw, z, co, cg;                /**< plain; co, cg for compat */
    double oil_pressure, oil_bo, oil_bw, oil_bg, oil_rs, oil_sw; /**< weights So */
    double cap_bg, cap_z;                                     /**< weights Sg */
    double injected_bw, injected_bg; /**< over the cells injected into, else over the grid */
} bw__means;

typedef struct bw__sweep {
    double volumetric, displacement, recovery, contacted, uncontacted, areal, vertical;
} bw__sweep;

/** Quantities that are summed over time, in the order of bw__quantity (question.h). */
#define BW__RUNNING 9

typedef struct bw__record {
    int64_t step;
    double day, step_days, rock_compressibility;
    bw__zone field;
    bw__zone *zones; /**< [analysis->zones] */
    bw__means means;
    bw__wells *wells;
    uint32_t flow_count, perforation_count;
    bw__flow *flows;
    bw__perforation *perforations;
    double *bhp;     /**< [wells->count], psi; NaN where the state has none */
    double *well_totals; /**< [wells->count][BW__TOTALS] or NULL; NaN: no such well there */
    double totals[BW__TOTALS]; /**< of the field, where `well_totals` */
    double mass_error[BW__PHASES]; /**< stored relative material-balance errors; NaN: none */
    bw__sweep sweep[BW__PHASES]; /**< with the default thresholds, where `swept` is the reference's */
    uint64_t swept;
    double running[2][BW__RUNNING]; /**< produced, injected since the first state, to this one */
    char problem[192]; /**< the first thing that was no number; "" */
    bw_arena arena;
} bw__record;

/** The first state's grids, which sweep and fronts are measured against. */
typedef struct bw__reference {
    double *pore, *stb, *phi_h; /**< V, V So/(beta Bo), phi h */
    double *s[BW__PHASES];
    bw_arena arena;
} bw__reference;

struct bw_analysis {
    uint64_t shape[3];
    size_t cells;
    double dx, dy;
    bw__record **records; /**< by step */
    uint32_t count, cap;
    bw__reference reference;
    uint64_t generation; /**< of the reference, from 1 */
    uint32_t settled;    /**< records whose `running` is made */
    double given[4];     /**< stoiip, stgiip, freeGiip, stwiip, or NaN */
    bool compat;         /**< BORES's numbers, */
    bool head, wheel;    /**< of its head's formulas, its wheel's, or else its guide's */
    uint32_t zones;
    uint32_t *region; /**< [cells], 0: none; NULL: by layers */
    bw_arena arena;
};

bw_status bw__record_make_state(bw_ctx *ctx, const bw_analysis *a, const bw__state *state,
                                bw__wells *before, bw__record **out);
void bw__record_free(bw_ctx *ctx, bw__record *record);
bw_status bw__flows_read(bw_ctx *ctx, const bw__state *state, bw__record *record);
bw_status bw__perforations_read(bw_ctx *ctx, const bw__state *state, bw__record *record);
bw_status bw__totals_read(bw_ctx *ctx, const bw__state *state, bw__record *record);
bw_status bw__reference_make(bw_ctx *ctx, const bw__state *state, bw__reference *out);
/** Keeps the first problem of a state: where a number is missing that an answer needs. */
void bw__problem(bw__record *record, const bw__state *state, const char *path, double value,
                 size_t cell);
void bw__missing(bw__record *record, const bw__state *state, const char *path);
/** The same where a grid is missing, or its element is no number. */
void bw__grid_problem(bw__record *record, const bw__state *state, bw__grid grid, size_t cell);

#endif
