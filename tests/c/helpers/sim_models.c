/* SPDX-License-Identifier: MIT */
/* Small models for the simulator's tests. */
#include "sim_models.h"

#include <math.h>
#include <string.h>

#include "check.h"

bw_node *sim_model(bw_ctx *ctx, bw_arena *arena, const char *text)
{
    bw_node *model = NULL;
    size_t len = strlen(text);
    char *copy = bw_arena_copy(ctx, arena, text, len);

    for (size_t i = 0; copy != NULL && i < len; i++) {
        copy[i] = copy[i] == '\'' ? '"' : copy[i];
    }
    if (copy == NULL || bw_json_parse(ctx, arena, bw_view_text(copy), &model) != BW_OK) {
        return NULL;
    }
    return model;
}

static const bw_node *find(const bw_node *tree, const char *path)
{
    while (tree != NULL && *path != 0) {
        size_t len = strcspn(path, ".");
        tree = bw_map_get(tree, (bw_view){(const uint8_t *)path, len});
        path += len + (path[len] == '.');
    }
    return tree;
}

double sim_value(const bw_node *tree, const char *path)
{
    const bw_node *node = find(tree, path);

    if (node != NULL && node->type == BW_NODE_INT) {
        return (double)node->integer;
    }
    return node != NULL && node->type == BW_NODE_FLOAT ? node->number : (double)NAN;
}

const double *sim_array(const bw_node *tree, const char *path)
{
    const bw_node *node = find(tree, path);

    return node != NULL && node->type == BW_NODE_ARRAY
               ? (const double *)(const void *)node->array->data : NULL;
}

bool sim_run(bw_ctx *ctx, bw_sim *sim)
{
    while (bw_sim_day(sim) < bw_sim_last_day(sim)) {
        if (!CHECK_OK(ctx, bw_sim_step(ctx, sim, bw_sim_last_day(sim)))) {
            return false;
        }
    }
    return true;
}
