/* SPDX-License-Identifier: MIT */
/**
 * A run as a set of ECLIPSE files, and what its operations share.
 *
 * `ecl.open` gets the files as parameters, finds every keyword of grid, INIT and restarts by their
 * headers, and keeps where the report steps are. All other operations want the elements of the
 * keywords that they need. What is wanted are ranges of files, whose keys are the names in the parameters.
 */
#ifndef BORES_ECL_STORE_H
#define BORES_ECL_STORE_H

#include "eclipse/records/ecl_internal.h"
#include "entry/entry.h"
#include "op/engine.h"

typedef enum bw__ecl_role {
    BW__ECL_GRID,    /**< EGRID, or the older GRID */
    BW__ECL_GRDECL,  /**< text of an input, read by `ecl.geometry` alone */
    BW__ECL_INIT,
    BW__ECL_RESTART, /**< all steps, or one (then `number` is the report step) */
    BW__ECL_SPECS,   /**< SMSPEC */
    BW__ECL_SUMMARY, /**< UNSMRY, or one step of it */
    BW__ECL_ANY      /**< keywords as they are */
} bw__ecl_role;

typedef struct bw__ecl_file {
    bw_view name; /**< for messages */
    uint64_t size;
    bw__ecl_role role;
    int64_t number; /**< of a separate file; -1: all steps are in it */
    bw_ecl_scan *scan;
    bw_ecl_index index; /**< empty until scanned */
    bool scanned;
} bw__ecl_file;

/** A report step: keywords [first, end) of a file. */
typedef struct bw__ecl_step {
    uint32_t file, first, end;
    int64_t report;
    const bw_ecl_problem *damage; /**< why it cannot be read, or NULL */
    int32_t size[3], active;      /**< INTEHEAD 8-11 */
    int32_t units, phases;        /**< INTEHEAD 2 and 14 */
    bool dated;                   /**< the date is one */
    double date;                  /**< days since 1970-01-01 with the time of day */
    double days;                  /**< since the run's start; NaN: not known */
} bw__ecl_step;

typedef struct bw_ecl_store {
    bw_arena arena;
    bw__ecl_file *files;
    uint32_t file_count;
    bw__ecl_step *steps; /**< ascending report steps */
    uint32_t step_count, step_cap;
    uint64_t size[3];    /**< nx, ny, nz; 0 where nothing says them */
    uint64_t active_count; /**< that have a value of their own */
    bool coarse;         /**< cells share values: places do not ascend */
    bool dual;           /**< the grid says that it has matrix and fractures */
    uint64_t fracture_count; /**< of fractures, whose values follow the matrix's */
    uint32_t *places, *fracture_places; /**< [cells] by g: where its value is, UINT32_MAX: nowhere; NULL: not known */
    struct bw_corner_grid *corner; /**< once an operation needed it; NULL before */
    int32_t units;       /**< 1 METRIC, 2 FIELD, 3 LAB, 4 PVT-M; else not known */
} bw_ecl_store;

extern const bw_store_type bw__ecl_store_type; /**< ecl_open_op.c */

static inline bw_ecl_store *bw__ecl_store(const bw_op *op)
{
    return bw__store_self(op->store, &bw__ecl_store_type);
}

/** The first file of a role, or NULL. */
bw__ecl_file *bw__ecl_file_of(const bw_ecl_store *store, bw__ecl_role role);
/** A keyword by name among [from, end) of an index, local grids' left out; NULL: none. */
const bw_ecl_keyword *bw__ecl_find(const bw_ecl_index *index, uint32_t from, uint32_t end,
                                   const char *name);

/** Finds the keywords of a file unless that was done; `target`: see bw__want_get(). */
bw_status bw__ecl_scan_file(bw_ctx *ctx, bw_op *op, bw__ecl_file *file);
/** Records the problem that ended a file's scan. */
bw_status bw__ecl_fail_problem(bw_ctx *ctx, const bw__ecl_file *file, const bw_ecl_problem *problem);

/** bw_ecl_decode() whose errors name the file. */
bw_status bw__ecl_decode_in(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file, const bw_ecl_keyword *keyword,
                            bw_view bytes, bw_node **out);
/** Called with the decoded elements. */
typedef bw_status (*bw__ecl_handler)(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                                     const bw_ecl_keyword *keyword, bw_node *value);
/** Wants a keyword's elements. */
bw_status bw__ecl_want(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file, const bw_ecl_keyword *keyword,
                       bw__ecl_handler handler, void *target, uint64_t cookie);
/** A handler whose target is a `const bw_node *`, which it sets. */
bw_status bw__ecl_keep_node(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, const bw_ecl_keyword *keyword,
                            bw_node *value);
/**
 * Wants the elements of keywords [first, end) that are called `names` (NULL ends them), which may be
 * many and small: in parts of a few megabytes, one after the other.
 */
bw_status bw__ecl_want_run(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file, uint32_t first, uint32_t end,
                           const char *const *names, bw__ecl_handler handler, void *target);
/** Wants a part of a file. */
bw_status bw__ecl_want_bytes(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file, uint64_t offset, uint64_t length,
                             bw_get_handler handler, void *target, uint64_t cookie);

/** An int32 of an array, or `fallback` where it is too short. */
int32_t bw__ecl_int(const bw_node *array, uint64_t at, int32_t fallback);
double bw__ecl_number(const bw_node *array, uint64_t at, double fallback);
/** [nx, ny, nz]; NULL: out of memory. */
bw_node *bw__ecl_extents(bw_ctx *ctx, bw_op *op, const uint64_t size[3]);
/** Sets a key of a map to a node that may be NULL (out of memory). */
bw_status bw__ecl_put(bw_ctx *ctx, bw_op *op, bw_node *map, const char *key, bw_node *value);
/** Sets a key of the result; NULL is null. */
bw_status bw__ecl_put_or_null(bw_ctx *ctx, bw_op *op, const char *key, const bw_node *value);

/* ecl_steps.c */
/** The steps of all restarts whose keywords are known, sorted; heads are not read yet. */
bw_status bw__ecl_find_steps(bw_ctx *ctx, bw_ecl_store *store);
bw_status bw__ecl_add_step(bw_ctx *ctx, bw_ecl_store *store, const bw__ecl_step *step);
/** Takes INTEHEAD or DOUBHEAD into a step. */
void bw__ecl_take_intehead(bw__ecl_step *step, const bw_node *array, bool numbered);
void bw__ecl_take_doubhead(bw__ecl_step *step, const bw_node *array);
/** Days of a step whose DOUBHEAD is missing, by the dates. */
void bw__ecl_fill_days(bw_ecl_store *store);
/** The step called `group`; BW_ERR_NOT_FOUND, or its damage. */
bw_status bw__ecl_step_at(bw_ctx *ctx, const bw_op *op, bw_view group, const bw__ecl_step **out);
/** "entry_0000000003" and `{idx, group, meta, step, time}`. */
void bw__ecl_group_name(uint32_t position, char out[24]);
bw_status bw__ecl_entry(bw_ctx *ctx, bw_op *op, const bw__ecl_step *step, bw_node **out);
/** "2015-01-31" */
void bw__ecl_date_text(double days_since_1970, char out[16]);
double bw__ecl_date(int32_t year, int32_t month, int32_t day);

/* ecl_sizes.c */
/** What says how large the grid is; NULL: it is not there. */
typedef struct bw__ecl_heads {
    const bw_node *filehead, *gridhead, *dimens, *init; /**< `init`: INTEHEAD of INIT */
} bw__ecl_heads;
/** Sets the store's size, and whether it has two porosities; none where no file says it. */
bw_status bw__ecl_find_size(bw_ctx *ctx, bw_ecl_store *store, const bw__ecl_heads *heads);
/** Arrays of INIT that fit no cells of the restart are those of another case. */
bw_status bw__ecl_check_init(bw_ctx *ctx, const bw_ecl_store *store, const bw_node *head);

/* ecl_active.c */
/**
 * Which cells are active, and where their values are: by ACTNUM (i4 or NULL), else or where it does not fit by PORV
 * (or NULL). Cells of one number in CORSNUM (i4 or NULL) share a value.
 */
bw_status bw__ecl_map_cells(bw_ctx *ctx, bw_ecl_store *store, const bw_node *actnum, const bw_node *corsnum,
                            const bw_node *porv);

/**
 * Which cells of the grid are active, a byte a cell by g = i + nx (j + ny k): as the restart has it, else by
 * ACTNUM (i4 or f8; NULL: all).
 */
void bw__ecl_fill_active(const bw_ecl_store *store, const uint64_t size[3], const bw_node *actnum, uint8_t *active);

/* ecl_cells.c */
/** Whether a keyword has a value for each cell, or for each active one. */
bool bw__ecl_is_cell_array(const bw_ecl_store *store, const bw_ecl_keyword *keyword);
/** Whether it has a value for each cell of the grid, or of each porosity. */
bool bw__ecl_is_of_all(const bw_ecl_store *store, const bw_ecl_keyword *keyword);
/** Whether values of the fractures follow those of the matrix in a cell array. */
bool bw__ecl_has_fractures(const bw_ecl_store *store, const bw_ecl_keyword *keyword);
/** A grid for a cell array's values; `describe`: without elements. */
bw_status bw__ecl_grid_new(bw_ctx *ctx, bw_op *op, const bw_ecl_keyword *keyword, bool describe, bw_array **out);
double bw__ecl_element(const bw_array *array, uint64_t n);
void bw__ecl_set_element(bw_array *array, uint64_t n, double value);

/* ecl_turn.c */
/** Elements of a keyword in file order: an array's, or as they lie in the file. */
typedef struct bw__ecl_elements {
    const uint8_t *bytes;
    bool blocked; /**< in blocks of BW__ECL_BLOCK_ELEMENTS, each between two markers */
    bool big_endian;
} bw__ecl_elements;
/** Elements of a cell array to their cells. */
void bw__ecl_scatter(const bw_ecl_store *store, const bw_ecl_keyword *keyword, const bw__ecl_elements *from,
                     bool fracture, bw_array *grid);

/* ecl_remainder.c */
#define BW__ECL_PARTS 3
typedef struct bw__ecl_remainder {
    const char *name;                         /**< keyword of the saturation that is left, or NULL */
    const bw_ecl_keyword *of[BW__ECL_PARTS];  /**< what leaves it; NULL: not there */
    const bw_array *values[BW__ECL_PARTS];    /**< once they came */
    const bw_ecl_keyword *first;              /**< one of `of` */
} bw__ecl_remainder;
void bw__ecl_find_remainder(const bw_ecl_store *store, const bw__ecl_step *step, bw__ecl_remainder *out);
/** Keeps the values of a part; false: it is none. */
bool bw__ecl_take_part(bw__ecl_remainder *rest, const bw_ecl_keyword *keyword, const bw_array *values);
/** What is left, in the order of the parts. */
bw_status bw__ecl_remainder_values(bw_ctx *ctx, bw_op *op, const bw__ecl_remainder *rest, bw_array **out);

/* ecl_names.c */
typedef enum bw__ecl_quantity {
    BW__ECL_PLAIN,
    BW__ECL_PRESSURE,
    BW__ECL_LENGTH,
    BW__ECL_GAS_OIL_RATIO,
    BW__ECL_DENSITY,
    BW__ECL_LIQUID_FVF,
    BW__ECL_GAS_FVF,
    BW__ECL_TEMPERATURE,
    BW__ECL_LIQUID_RATE,
    BW__ECL_GAS_RATE,
    BW__ECL_RESERVOIR_RATE,
    BW__ECL_LIQUID_VOLUME,
    BW__ECL_GAS_VOLUME
} bw__ecl_quantity;
typedef struct bw__ecl_name {
    const char *keyword;
    const char *path; /**< BORES's, dotted */
    uint8_t quantity;
    bool reciprocal;  /**< the file has 1/B */
} bw__ecl_name;
/** BORES's name of a keyword, or NULL. */
const bw__ecl_name *bw__ecl_bores_name(const char *keyword);
/** value × factor + offset has BORES's (field) units; false: the file's units are not known. */
bool bw__ecl_factor(int32_t units, bw__ecl_quantity quantity, double *factor, double *offset);
/** Whether an operation was asked for BORES's units. */
bool bw__ecl_converts(const bw_op *op);
/** A value in the units that the operation was asked for; BW_ERR_UNSUPPORTED: the file's are not known. */
bw_status bw__ecl_to_units(bw_ctx *ctx, const bw_op *op, bw__ecl_quantity quantity, double *value);

/* ecl_old_grid.c */
/** Pillars and depths out of the cells of a GRID file, one by one. */
typedef struct bw__ecl_old_grid bw__ecl_old_grid;
bw_status bw__ecl_old_grid_new(bw_ctx *ctx, bw_op *op, const bw_node *dimens, bw__ecl_old_grid **out);
/** COORDS and CORNERS of a cell, in this order. */
bw_status bw__ecl_old_grid_take(bw_ctx *ctx, bw__ecl_old_grid *grid, const char *name, const bw_node *value);
/** `dims`, `coord`, `zcorn` and `actnum` into a map. */
bw_status bw__ecl_old_grid_finish(bw_ctx *ctx, bw_op *op, bw__ecl_old_grid *grid, bw_node *map);

/* ecl_geometry_op.c: begins what ecl_corner_ops.c goes on with */
typedef struct bw__ecl_geometry_machine {
    enum { BEGINNING, READING, CELLS } phase;
    bw__ecl_file *file;
    const bw_node *gridhead, *dimens, *coord, *zcorn, *actnum, *mapaxes, *mapunits, *gridunit;
    const bw_node *filehead, *nnchead, *nnc1, *nnc2;
    bw__ecl_old_grid *old;
    bw_node *keywords, *includes, *edits; /* of GRDECL */
    bw_node *missing;             /* of ecl.includes: those that no file has */
    uint32_t asked;               /* includes that have been asked for */
} bw__ecl_geometry_machine;

/* ecl_one_cell.c */
typedef struct bw__ecl_one_cell bw__ecl_one_cell;
/**
 * Wants the block of the file that has the cell of a slice [i, j, k].
 *
 * @param out  NULL where the array has to be read as a whole: another slice, text, what is made of several arrays
 */
bw_status bw__ecl_one_cell_begin(bw_ctx *ctx, bw_op *op, const bw__ecl_step *step, const bw_node *path,
                                 const bw_node *slice, bw__ecl_one_cell **out);
/** The value, an array of rank 0; NULL: the block is none, and the array as a whole will tell. */
bw_node *bw__ecl_one_cell_value(const bw__ecl_one_cell *cell);

/* ecl_state.c: the tree of a step */
/** A grid as it came into the units that the operation was asked for. */
bw_status bw__ecl_convert(bw_ctx *ctx, const bw_op *op, const bw__ecl_name *name, bw_array *grid);
typedef struct bw__ecl_state bw__ecl_state;
/** `describe`: arrays without elements, which are not read. */
bw_status bw__ecl_state_begin(bw_ctx *ctx, bw_op *op, const bw__ecl_step *step,
                              const bw_node *fields, bool describe, bw__ecl_state **out);
/** When everything has come. */
bw_status bw__ecl_state_finish(bw_ctx *ctx, bw_op *op, bw__ecl_state *state, bw_node **out);

/* ecl_wells.c */
/** The decoded well arrays of a step; absent ones are NULL. */
typedef struct bw__ecl_well_arrays {
    const bw_node *intehead, *iwel, *zwel, *xwel, *icon, *scon, *xcon;
} bw__ecl_well_arrays;
/** Wants them, XWEL and XCON too where `rates`; they must stay where they are. */
bw_status bw__ecl_want_wells(bw_ctx *ctx, bw_op *op, const bw__ecl_step *step, bool rates,
                             bw__ecl_well_arrays *arrays);
/** How the arrays of wells are cut into rows. */
typedef struct bw__ecl_well_rows {
    int64_t wells, connections; /**< most connections a well: rows of ICON */
    int64_t iwel, zwel, xwel, icon, scon, xcon;
} bw__ecl_well_rows;
/**
 * False where the arrays are shorter than INTEHEAD says, or the names no text: then none of it can
 * be trusted. Where it is ICON, there are wells without connections; SCON and XWEL may be too short.
 */
bool bw__ecl_well_rows_of(const bw__ecl_well_arrays *arrays, bw__ecl_well_rows *rows);
/** Connections that a well says it has, at most as many as there are rows. */
int64_t bw__ecl_connection_count(const bw__ecl_well_arrays *arrays, const bw__ecl_well_rows *rows, int64_t well);
/** Cell of connection `c`, i j k from 0; false: it is not within the grid. */
bool bw__ecl_connection_cell(const bw_ecl_store *store, const bw__ecl_well_arrays *arrays,
                             const bw__ecl_well_rows *rows, int64_t well, int64_t c, int32_t ijk[3]);
/** `{injection_wells: {NAME: {…}}, production_wells: {…}}`; `*out` NULL where there are none. */
bw_status bw__ecl_wells(bw_ctx *ctx, bw_op *op, const bw__ecl_well_arrays *arrays, bw_node **out);

extern const bw_op_type bw__ecl_open_op, bw__ecl_entries_op, bw__ecl_load_op,
    bw__ecl_inventory_op, bw__ecl_read_op, bw__ecl_verify_op, bw__ecl_children_op,
    bw__ecl_array_op, bw__ecl_summary_op, bw__ecl_geometry_op, bw__ecl_cells_op, bw__ecl_faces_op, bw__ecl_fence_op,
    bw__ecl_connections_op, bw__ecl_includes_op, bw__ecl_wells_op;

#endif
