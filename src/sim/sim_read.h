/* SPDX-License-Identifier: MIT */
/** Reading a model's tree: numbers, lists, cell properties; every problem is noted. */
#ifndef BORES_SIM_READ_H
#define BORES_SIM_READ_H

#include "sim_types.h"

/** Notes an error of `where.key` (key may be NULL). */
void bw__sim_wrong(bw_sim_reader *r, const char *where, const char *key, const char *fmt, ...)
    BW_PRINTF(4, 5);
/** Notes something that is right, but not simulated here. */
void bw__sim_refuse(bw_sim_reader *r, const char *where, const char *key, const char *fmt, ...)
    BW_PRINTF(4, 5);
/** Notes something that is only suspect. */
void bw__sim_warn(bw_sim_reader *r, const char *where, const char *key, const char *fmt, ...)
    BW_PRINTF(4, 5);

/** Memory of the model, zeroed; NULL: r->st says so. */
void *bw__sim_keep(bw_sim_reader *r, size_t count, size_t size);
/** The same for what is read on the way. */
void *bw__sim_scratch(bw_sim_reader *r, size_t count, size_t size);

/** True for an int or a float; NaN and infinities are numbers here. */
bool bw__sim_is_number(const bw_node *node, double *out);
/** A member that is a finite number within [low, high]; `fallback` when absent, which is an error
 *  when that is NaN. */
double bw__sim_number(bw_sim_reader *r, const bw_node *map, const char *where, const char *key,
                      double fallback, double low, double high);
/** The numbers of a list, a list of lists or an array, flattened; NULL: noted or out of memory. */
double *bw__sim_numbers(bw_sim_reader *r, const bw_node *node, const char *where,
                        const char *key, size_t *count);
/** Rows of `width` numbers each, flattened; at least `least` rows, the first column rising. */
double *bw__sim_rows(bw_sim_reader *r, const bw_node *node, const char *where, const char *key,
                     size_t width, size_t least, size_t *rows);
/** A cell property: a number, nz values, a value for each cell, or an array [nx, ny, nz]. By flat
 *  index, i fastest. An absent one is `fallback` everywhere (NaN: an error). */
double *bw__sim_cells(bw_sim_reader *r, const bw_sim_grid *grid, const bw_node *node,
                      const char *where, const char *key, double fallback, double low,
                      double high);
/** The same gathered by active number. */
double *bw__sim_active_cells(bw_sim_reader *r, const bw_sim_grid *grid, const bw_node *node,
                             const char *where, const char *key, double fallback, double low,
                             double high);
/** A member that is one of `names` (ends with NULL): its index; `fallback` when absent, -1 and
 *  a problem when it is another. */
int32_t bw__sim_word(bw_sim_reader *r, const bw_node *map, const char *where, const char *key,
                     const char *const *names, int32_t fallback);
/** A member that is true or false. */
bool bw__sim_flag(bw_sim_reader *r, const bw_node *map, const char *where, const char *key,
                  bool fallback);
/** A member that is a whole number within [low, high]; `fallback` as in bw__sim_number(). */
int32_t bw__sim_whole(bw_sim_reader *r, const bw_node *map, const char *where, const char *key,
                      double fallback, double low, double high);

/** Notes members that have no effect, and those that are refused. */
void bw__sim_check_members(bw_sim_reader *r, const bw_node *model);

/* The parts of a model. Each notes its problems; what is left is usable when there is none. */
void bw__sim_read_grid(bw_sim_reader *r, const bw_node *model, bw_sim_grid *grid);
void bw__sim_read_fluids(bw_sim_reader *r, const bw_node *model, bw_sim *sim);
void bw__sim_read_satfun(bw_sim_reader *r, const bw_node *model, bw_sim *sim);
void bw__sim_read_wells(bw_sim_reader *r, const bw_node *model, bw_sim *sim);
void bw__sim_read_events(bw_sim_reader *r, const bw_node *wells, double day, const bw_sim *sim,
                         bw_sim_event *events, int32_t *count);
void bw__sim_read_boundaries(bw_sim_reader *r, const bw_node *model, bw_sim *sim);
void bw__sim_read_options(bw_sim_reader *r, const bw_node *model, bw_sim *sim);
void bw__sim_read_initial(bw_sim_reader *r, const bw_node *model, bw_sim *sim);

#endif
