/* SPDX-License-Identifier: MIT */
/* The line of a fence and its list of pieces; bores/fence.h is the contract. */
#include <math.h>
#include <string.h>

#include "fence_internal.h"
#include "grid.h"

bw_status bw__fence_parts(bw_ctx *ctx, bw_arena *scratch, const double *points, size_t n, bw__fence_part **parts,
                          size_t *count)
{
    bw__fence_part *out;
    double start = 0;
    size_t made = 0;

    if (n < 2) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "a line of %zu points, 2 make the shortest", n);
    }
    if (n > BW_FENCE_POINTS) {
        return bw_fail_limit(ctx, "points of a line", n, BW_FENCE_POINTS);
    }
    for (size_t p = 0; p < 2 * n; p++) {
        if (!(fabs(points[p]) <= BW__MAX_LENGTH)) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "point %zu of the line has %c = %g", p / 2, p % 2 ? 'y' : 'x',
                           points[p]);
        }
    }
    if ((out = bw_arena_alloc(ctx, scratch, (n - 1) * sizeof *out)) == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t p = 0; p + 1 < n; p++) {
        const double *from = points + 2 * p, *to = from + 2;
        double length = sqrt((to[0] - from[0]) * (to[0] - from[0]) + (to[1] - from[1]) * (to[1] - from[1]));

        if (length > 0) {
            out[made++] = (bw__fence_part){{from[0], from[1]},
                                           {(to[0] - from[0]) / length, (to[1] - from[1]) / length}, start, length};
            start += length;
        }
    }
    if (made == 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "the line has no length: all its %zu points are one", n);
    }
    *parts = out;
    *count = made;
    return BW_OK;
}

/* Room for `wanted` items of `size` bytes; at most as many as firsts can count. */
static bw_status grow(bw_ctx *ctx, void **items, size_t *cap, size_t wanted, size_t size)
{
    uint64_t limit = ctx->limits.max_array_bytes, bytes = (uint64_t)wanted * size;
    size_t now = *cap == 0 ? 256 : *cap;
    void *moved;

    if (wanted <= *cap) {
        return BW_OK;
    }
    limit = limit > SIZE_MAX / 2 ? SIZE_MAX / 2 : limit;
    if (bytes > limit || wanted > UINT32_MAX / 2) {
        return bw_fail_limit(ctx, "bytes of a fence", bytes, limit);
    }
    while (now < wanted) {
        now *= 2;
    }
    if ((moved = bw_resize(ctx, *items, *cap * size, now * size)) == NULL) {
        return BW_ERR_NOMEM;
    }
    *items = moved;
    *cap = now;
    return BW_OK;
}

/* Cells and firsts have one length. */
static bw_status grow_pieces(bw_ctx *ctx, bw__fence_list *list)
{
    size_t cap = list->cap;

    BW_TRY(grow(ctx, (void **)&list->cells, &cap, list->count + 1, sizeof *list->cells));
    return grow(ctx, (void **)&list->firsts, &list->cap, list->count + 1, sizeof *list->firsts);
}

bw_status bw__fence_add(bw_ctx *ctx, bw__fence_list *list, uint32_t cell, const bw__station *stations, size_t count)
{
    bool room = false;

    for (size_t n = 0; n < count; n++) {
        double height = stations[n].bottom - stations[n].top;
        room = room || height > 1e-12 * (fabs(stations[n].top) + fabs(stations[n].bottom));
    }
    if (!room) {
        return BW_OK;
    }
    BW_TRY(grow_pieces(ctx, list));
    BW_TRY(grow(ctx, (void **)&list->stations, &list->station_cap, list->station_count + count,
                sizeof *list->stations));
    list->cells[list->count] = cell;
    list->firsts[list->count] = (uint32_t)list->station_count;
    memcpy(list->stations + list->station_count, stations, count * sizeof *stations);
    list->station_count += count;
    list->count++;
    return BW_OK;
}

bw_status bw__fence_end(bw_ctx *ctx, bw_arena *arena, const bw__fence_list *list, double length, bw_fence *out)
{
    bw_fence fence = {.count = list->count, .length = length};

    if ((fence.cells = bw_arena_alloc(ctx, arena, (list->count + 1) * sizeof *fence.cells)) == NULL ||
        (fence.firsts = bw_arena_alloc(ctx, arena, (list->count + 1) * sizeof *fence.firsts)) == NULL ||
        (fence.stations = bw_arena_alloc(ctx, arena, (list->station_count + 1) * sizeof *list->stations)) == NULL) {
        return BW_ERR_NOMEM;
    }
    if (list->count > 0) {
        memcpy(fence.cells, list->cells, list->count * sizeof *fence.cells);
        memcpy(fence.firsts, list->firsts, list->count * sizeof *fence.firsts);
        memcpy(fence.stations, list->stations, list->station_count * sizeof *list->stations);
    }
    fence.firsts[list->count] = (uint32_t)list->station_count;
    *out = fence;
    return BW_OK;
}

void bw__fence_list_free(bw_ctx *ctx, bw__fence_list *list)
{
    bw_release(ctx, list->cells);
    bw_release(ctx, list->firsts);
    bw_release(ctx, list->stations);
}
