/* SPDX-License-Identifier: MIT */
/** Wells of a state: names, perforating intervals, directions. */
#include <math.h>
#include <string.h>

#include "analysis_internal.h"

/* A well's direction: what it says, else the longest extent of its intervals, else z. */
static char axis_of(const bw_node *payload, const bw__well *well)
{
    bw_view said;
    int64_t longest = 0;
    char axis = 'z';

    if (bw_map_get_string(payload, "orientation", &said) && said.len == 1 &&
        said.ptr[0] >= 'x' && said.ptr[0] <= 'z') {
        return (char)said.ptr[0];
    }
    for (uint32_t n = 0; n < well->intervals; n++) {
        const int64_t *box = well->boxes + 6 * (size_t)n;

        for (int d = 2; d >= 0; d--) {
            int64_t extent = box[3 + d] > box[d] ? box[3 + d] - box[d] : box[d] - box[3 + d];

            if (extent > longest) {
                longest = extent;
                axis = (char)('x' + d);
            }
        }
    }
    return axis;
}

static bw_status read_boxes(bw_ctx *ctx, bw_arena *arena, const bw_node *payload, bw__well *well)
{
    double *numbers;
    size_t count;
    int64_t *boxes;

    BW_TRY(bw__to_numbers(ctx, arena, bw__find(payload, "perforating_intervals"), &numbers,
                          &count));
    boxes = bw_arena_alloc(ctx, arena, (count + 1) * sizeof *boxes);
    if (boxes == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t n = 0; n < count; n++) {
        boxes[n] = numbers[n] >= 0 && numbers[n] < 4294967296.0 ? (int64_t)numbers[n] : -1;
    }
    for (size_t n = 0; n + 6 <= count; n += 6) { /* either end may come first */
        for (int d = 0; d < 3; d++) {
            int64_t a = boxes[n + d], b = boxes[n + 3 + d];

            boxes[n + d] = a < b ? a : b;
            boxes[n + 3 + d] = a < b ? b : a;
        }
    }
    well->boxes = boxes;
    well->intervals = (uint32_t)(count / 6);
    return BW_OK;
}

static bw_status read_well(bw_ctx *ctx, bw_arena *arena, bw_view key, const bw_node *node,
                           bool injector, bw__well *out)
{
    const bw_node *payload = bw__find(node, injector ? "injection_well" : "production_well");
    bw__well well = {.injector = injector, .active = true, .radius = NAN};
    char *name;

    payload = payload != NULL ? payload : node;
    (void)bw_map_get_string(payload, "name", &key);
    name = bw_arena_copy(ctx, arena, key.ptr, key.len);
    if (name == NULL) {
        return BW_ERR_NOMEM;
    }
    well.name = (bw_view){(const uint8_t *)name, key.len};
    (void)bw_map_get_bool(payload, "is_active", &well.active);
    (void)bw__to_number(bw__find(payload, "radius"), &well.radius);
    (void)bw__to_number(bw__find(payload, "skin_factor"), &well.skin);
    BW_TRY(read_boxes(ctx, arena, payload, &well));
    well.axis = axis_of(payload, &well);
    *out = well;
    return BW_OK;
}

static bw_status read_kind(bw_ctx *ctx, const bw_node *map, bool injector, bw__wells *wells)
{
    if (map == NULL || map->type != BW_NODE_MAP) {
        return BW_OK;
    }
    for (uint32_t n = 0; n < map->children.len; n++) {
        if (map->children.items[n]->type == BW_NODE_MAP) {
            BW_TRY(read_well(ctx, &wells->arena, map->children.keys[n], map->children.items[n],
                             injector, &wells->items[wells->count]));
            wells->count++;
        }
    }
    return BW_OK;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_wells(const bw__wells *a, const bw__wells *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (uint32_t n = 0; n < a->count; n++) {
        const bw__well *x = &a->items[n], *y = &b->items[n];

        if (!bw_view_equal(x->name, y->name) || x->injector != y->injector ||
            x->active != y->active || x->axis != y->axis || x->intervals != y->intervals ||
            !same_number(x->radius, y->radius) || !same_number(x->skin, y->skin) ||
            memcmp(x->boxes, y->boxes, x->intervals * 6 * sizeof *x->boxes) != 0) {
            return false;
        }
    }
    return true;
}

void bw__wells_release(bw_ctx *ctx, bw__wells *wells)
{
    if (wells != NULL && --wells->users == 0) {
        bw_arena_free(ctx, &wells->arena);
        bw_release(ctx, wells);
    }
}

bw__wells *bw__wells_share(bw_ctx *ctx, bw__wells *wells, bw__wells *before)
{
    if (before == NULL || !same_wells(before, wells)) {
        return wells;
    }
    bw__wells_release(ctx, wells);
    before->users++;
    return before;
}

bw_status bw__wells_read(bw_ctx *ctx, const bw__state *state, bw__wells *before, bw__wells **out)
{
    const bw_node *producers = bw__find(state->root, "wells.production_wells");
    const bw_node *injectors = bw__find(state->root, "wells.injection_wells");
    size_t most = (producers != NULL && producers->type == BW_NODE_MAP
                       ? producers->children.len : 0) +
                  (injectors != NULL && injectors->type == BW_NODE_MAP
                       ? injectors->children.len : 0);
    bw__wells *wells = bw_alloc_zeroed(ctx, sizeof *wells);
    bw_status st = BW_ERR_NOMEM;

    if (wells == NULL) {
        return BW_ERR_NOMEM;
    }
    wells->users = 1;
    wells->items = bw_arena_alloc(ctx, &wells->arena, (most + 1) * sizeof *wells->items);
    if (wells->items == NULL) {
        goto done;
    }
    BW_GO(read_kind(ctx, producers, false, wells));
    BW_GO(read_kind(ctx, injectors, true, wells));
    *out = bw__wells_share(ctx, wells, before);
    return BW_OK;
done:
    bw__wells_release(ctx, wells);
    return st;
}

bool bw__well_holds(const bw__well *well, const uint64_t shape[3], size_t cell)
{
    int64_t i = (int64_t)(cell / (shape[1] * shape[2]));
    int64_t j = (int64_t)(cell / shape[2] % shape[1]), k = (int64_t)(cell % shape[2]);

    for (uint32_t n = 0; n < well->intervals; n++) {
        const int64_t *box = well->boxes + 6 * (size_t)n;

        if (i >= box[0] && i <= box[3] && j >= box[1] && j <= box[4] && k >= box[2] &&
            k <= box[5]) {
            return true;
        }
    }
    return false;
}
