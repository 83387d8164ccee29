/* SPDX-License-Identifier: MIT */
/** Making result trees; the first failure is kept, and all that follows does nothing. */
#ifndef BORES_SIM_TREE_H
#define BORES_SIM_TREE_H

#include "sim_types.h"

typedef struct bw_sim_writer {
    bw_ctx *ctx;
    bw_arena *arena;
    bw_status st;
} bw_sim_writer;

bw_node *bw__sim_map(bw_sim_writer *w);
bw_node *bw__sim_list(bw_sim_writer *w);
void bw__sim_set(bw_sim_writer *w, bw_node *map, const char *key, bw_node *item);
void bw__sim_set_number(bw_sim_writer *w, bw_node *map, const char *key, double value);
void bw__sim_set_int(bw_sim_writer *w, bw_node *map, const char *key, int64_t value);
void bw__sim_set_text(bw_sim_writer *w, bw_node *map, const char *key, const char *text);
void bw__sim_set_flag(bw_sim_writer *w, bw_node *map, const char *key, bool value);
void bw__sim_push(bw_sim_writer *w, bw_node *list, bw_node *item);
bw_node *bw__sim_number_node(bw_sim_writer *w, double value);
/** A new array under `key`: float64 ("f8"), int32 ("i4") or bytes ("u1"); NULL: out of memory. */
void *bw__sim_set_array(bw_sim_writer *w, bw_node *map, const char *key, const char *type,
                        uint32_t rank, const uint64_t *shape);
/** A cell array [nx, ny, nz], zeroed. Place a cell's value at bw__sim_place(). */
double *bw__sim_set_cells(bw_sim_writer *w, const bw_sim_grid *grid, bw_node *map,
                          const char *key);

/** Where the cell of flat index `c` (i fastest) is in an array [nx, ny, nz]. */
static inline size_t bw__sim_place(const bw_sim_grid *g, int32_t c)
{
    size_t i = (size_t)(c % g->nx), j = (size_t)(c / g->nx % g->ny);

    return (size_t)(c / (g->nx * g->ny)) + (size_t)g->nz * (j + (size_t)g->ny * i);
}

/* The parts of bw_sim_read(). */
bw_node *bw__sim_record_tree(bw_sim_writer *w, const bw_sim *sim);
bw_node *bw__sim_summary_tree(bw_sim_writer *w, const bw_sim *sim);
bw_node *bw__sim_state_tree(bw_sim_writer *w, const bw_sim *sim);
bw_node *bw__sim_saved_tree(bw_sim_writer *w, const bw_sim *sim);

extern const char *const bw__sim_control_names[BW_CTL_COUNT];

#endif
