/* SPDX-License-Identifier: MIT */
/**
 * The first state's grids as a tree, {generation, shape, grids}, for analyses in other threads: sweep is measured
 * against them there.
 */
#include <math.h>
#include <string.h>

#include "digest.h"

#define GRIDS 6u

static void columns_of(bw__reference *ref, double **columns[GRIDS])
{
    double **const all[GRIDS] = {&ref->pore, &ref->stb, &ref->phi_h, &ref->s[0], &ref->s[1], &ref->s[2]};

    memcpy(columns, all, sizeof all);
}

static bw_status new_numbers(bw_ctx *ctx, bw_arena *arena, const double *numbers, size_t count, bw_node **out)
{
    bw_array *array;

    BW_TRY(bw_array_new(ctx, arena, (bw_dtype){.kind = 'f', .itemsize = 8}, 1, (const uint64_t[1]){count},
                        &array));
    memcpy(array->data, numbers, count * sizeof *numbers);
    *out = bw_node_array(ctx, arena, array);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw_analysis_reference(bw_ctx *ctx, bw_analysis *a, bw_arena *arena, bw_node **out)
{
    const double lengths[3] = {(double)a->shape[0], (double)a->shape[1], (double)a->shape[2]};
    bw_node *map = bw_node_map(ctx, arena), *list = bw_node_list(ctx, arena), *node;
    double **columns[GRIDS];

    if (map == NULL || list == NULL) {
        return BW_ERR_NOMEM;
    }
    if (a->count == 0) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "no state has been read");
    }
    node = bw_node_int(ctx, arena, (int64_t)a->generation);
    BW_TRY(node == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, map, BW_VIEW("generation"), node));
    BW_TRY(new_numbers(ctx, arena, lengths, 3, &node));
    BW_TRY(bw_map_set(ctx, arena, map, BW_VIEW("shape"), node));
    columns_of(&a->reference, columns);
    for (size_t n = 0; n < GRIDS; n++) {
        BW_TRY(new_numbers(ctx, arena, *columns[n], a->cells, &node));
        BW_TRY(bw_list_push(ctx, arena, list, node));
    }
    BW_TRY(bw_map_set(ctx, arena, map, BW_VIEW("grids"), list));
    *out = map;
    return BW_OK;
}

static bw_status refuse(bw_ctx *ctx)
{
    return bw_fail(ctx, BW_ERR_ARGUMENT, "this is no reference of an analysis");
}

static bw_status read_grids(bw_ctx *ctx, const bw_node *grids, size_t cells, bw__reference *out)
{
    double **columns[GRIDS];

    columns_of(out, columns);
    for (size_t n = 0; n < GRIDS; n++) {
        double *numbers;
        size_t count;

        BW_TRY(bw__to_numbers(ctx, &out->arena, grids->children.items[n], &numbers, &count));
        if (count != cells) {
            return refuse(ctx);
        }
        *columns[n] = numbers;
    }
    return BW_OK;
}

bw_status bw_analysis_refer(bw_ctx *ctx, bw_analysis *a, const bw_node *tree)
{
    const bw_node *lengths = bw_map_get_text(tree, "shape"), *grids = bw_map_get_text(tree, "grids");
    bw__reference reference = {.stb = NULL};
    uint64_t shape[3] = {0};
    int64_t generation;
    double *numbers;
    size_t count, cells = 1;
    bw_status st = BW_OK;

    if (a->count > 0 || !bw_map_get_int(tree, "generation", &generation) || lengths == NULL || grids == NULL ||
        grids->type != BW_NODE_LIST || grids->children.len != GRIDS) {
        return refuse(ctx);
    }
    BW_GO(bw__to_numbers(ctx, &reference.arena, lengths, &numbers, &count));
    for (size_t d = 0; d < 3; d++) {
        if (count != 3 || !(numbers[d] >= 1 && numbers[d] < 4294967296.0) || cells > UINT32_MAX / numbers[d]) {
            BW_GO(refuse(ctx));
        }
        shape[d] = (uint64_t)numbers[d];
        cells *= (size_t)shape[d];
    }
    BW_GO(a->region != NULL && a->cells != cells ? refuse(ctx) : BW_OK);
    BW_GO(read_grids(ctx, grids, cells, &reference));
    bw_arena_free(ctx, &a->reference.arena);
    a->reference = reference;
    a->generation = (uint64_t)generation;
    a->cells = cells;
    memcpy(a->shape, shape, sizeof a->shape);
    return BW_OK;
done:
    bw_arena_free(ctx, &reference.arena);
    return st;
}
