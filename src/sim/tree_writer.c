/* SPDX-License-Identifier: MIT */
/* Making result trees. */
#include <string.h>

#include "sim_tree.h"

static bw_node *kept(bw_sim_writer *w, bw_node *node)
{
    if (node == NULL) {
        w->st = BW_ERR_NOMEM;
    }
    return node;
}

bw_node *bw__sim_map(bw_sim_writer *w)
{
    return w->st == BW_OK ? kept(w, bw_node_map(w->ctx, w->arena)) : NULL;
}

bw_node *bw__sim_list(bw_sim_writer *w)
{
    return w->st == BW_OK ? kept(w, bw_node_list(w->ctx, w->arena)) : NULL;
}

void bw__sim_set(bw_sim_writer *w, bw_node *map, const char *key, bw_node *item)
{
    if (w->st == BW_OK && item != NULL) {
        w->st = bw_map_set(w->ctx, w->arena, map, bw_view_text(key), item);
    }
}

bw_node *bw__sim_number_node(bw_sim_writer *w, double value)
{
    return w->st == BW_OK ? kept(w, bw_node_float(w->ctx, w->arena, value)) : NULL;
}

void bw__sim_set_number(bw_sim_writer *w, bw_node *map, const char *key, double value)
{
    bw__sim_set(w, map, key, bw__sim_number_node(w, value));
}

void bw__sim_set_int(bw_sim_writer *w, bw_node *map, const char *key, int64_t value)
{
    if (w->st == BW_OK) {
        bw__sim_set(w, map, key, kept(w, bw_node_int(w->ctx, w->arena, value)));
    }
}

void bw__sim_set_text(bw_sim_writer *w, bw_node *map, const char *key, const char *text)
{
    if (w->st == BW_OK) {
        bw__sim_set(w, map, key, kept(w, bw_node_text(w->ctx, w->arena, bw_view_text(text))));
    }
}

void bw__sim_set_flag(bw_sim_writer *w, bw_node *map, const char *key, bool value)
{
    if (w->st == BW_OK) {
        bw__sim_set(w, map, key, kept(w, bw_node_bool(w->ctx, w->arena, value)));
    }
}

void bw__sim_push(bw_sim_writer *w, bw_node *list, bw_node *item)
{
    if (w->st == BW_OK && item != NULL) {
        w->st = bw_list_push(w->ctx, w->arena, list, item);
    }
}

void *bw__sim_set_array(bw_sim_writer *w, bw_node *map, const char *key, const char *type,
                        uint32_t rank, const uint64_t *shape)
{
    bw_dtype dtype = {.kind = type[0], .itemsize = (uint32_t)(type[1] - '0')};
    bw_array *array = NULL;

    if (w->st != BW_OK) {
        return NULL;
    }
    w->st = bw_array_new(w->ctx, w->arena, dtype, rank, shape, &array);
    if (w->st != BW_OK) {
        return NULL;
    }
    memset(array->data, 0, array->nbytes);
    bw__sim_set(w, map, key, kept(w, bw_node_array(w->ctx, w->arena, array)));
    return w->st == BW_OK ? array->data : NULL;
}

double *bw__sim_set_cells(bw_sim_writer *w, const bw_sim_grid *g, bw_node *map, const char *key)
{
    const uint64_t shape[3] = {(uint64_t)g->nx, (uint64_t)g->ny, (uint64_t)g->nz};

    return bw__sim_set_array(w, map, key, "f8", 3, shape);
}
