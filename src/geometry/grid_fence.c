/* SPDX-License-Identifier: MIT */
/*
 * Fences of a grid of boxes. The line is walked from crossing to crossing of the columns' sides; within a
 * column layers are planes, so that two stations tell all.
 *
 * Source of the walk: J. Amanatides and A. Woo, "A fast voxel traversal algorithm for ray tracing", Eurographics 1987;
 * each crossing is computed from its index, not from the one before, so that no error adds up.
 */
#include <math.h>

#include "fence_internal.h"
#include "grid.h"

/* A part of the line in columns: position along axis a is from[a] + t step[a], t in [0, 1]. */
typedef struct walk {
    double from[2], step[2];
    double t, end;
} walk;

/* Cuts off what lies outside of [0, count] along an axis. */
static void clip(walk *w, unsigned axis, double count)
{
    double from = w->from[axis], step = w->step[axis], enter, leave;

    if (step == 0) {
        if (from < 0 || from > count) {
            w->end = w->t;
        }
        return;
    }
    enter = ((step > 0 ? 0 : count) - from) / step;
    leave = ((step > 0 ? count : 0) - from) / step;
    w->t = enter > w->t ? enter : w->t;
    w->end = leave < w->end ? leave : w->end;
}

static bool walk_begin(const bw__cells *cells, const double origin[2], const bw__fence_part *part, walk *w)
{
    const double size[2] = {cells->dx, cells->dy};

    w->t = 0;
    w->end = 1;
    for (unsigned axis = 0; axis < 2; axis++) {
        w->from[axis] = (part->from[axis] + origin[axis]) / size[axis];
        w->step[axis] = part->along[axis] * part->length / size[axis];
    }
    for (unsigned axis = 0; axis < 2; axis++) {
        clip(w, axis, (double)cells->shape[axis]);
    }
    return w->t < w->end;
}

/* The next t at which a whole number is crossed along an axis. */
static double next_crossing(const walk *w, unsigned axis)
{
    double at = w->from[axis] + w->t * w->step[axis], step = w->step[axis], line, t;

    if (step == 0) {
        return w->end;
    }
    line = step > 0 ? floor(at) + 1 : ceil(at) - 1;
    t = (line - w->from[axis]) / step;
    /* Rounding may put `at` just before the line that was crossed last. */
    return t > w->t ? t : (line + (step > 0 ? 1 : -1) - w->from[axis]) / step;
}

/* The column that holds the middle from w->t to `next`. */
static size_t column_of(const walk *w, double next, unsigned axis, size_t count)
{
    double at = floor(w->from[axis] + 0.5 * (w->t + next) * w->step[axis]);

    return at < 0 ? 0 : at >= (double)count ? count - 1 : (size_t)at;
}

/* All layers of a column from w->t to `next`. */
static bw_status add_column(bw_ctx *ctx, const bw__cells *cells, const bw__fence_part *part, const walk *w, double next,
                            double *z, bw__fence_list *list)
{
    size_t i = column_of(w, next, 0, cells->shape[0]), j = column_of(w, next, 1, cells->shape[1]);
    size_t first = (i * cells->shape[1] + j) * cells->shape[2];
    const double t[2] = {w->t, next};
    double offset[2];

    BW_TRY(bw__column_depths(ctx, cells, i, j, z));
    for (unsigned end = 0; end < 2; end++) {
        offset[end] = cells->datum + bw__dip_offset(cells, w->from[0] + t[end] * w->step[0] - 0.5,
                                                    w->from[1] + t[end] * w->step[1] - 0.5);
    }
    for (size_t k = 0; k < cells->shape[2]; k++) {
        bw__station stations[2];

        if (!(z[k + 1] > z[k])) {
            continue;
        }
        for (unsigned end = 0; end < 2; end++) {
            stations[end] = (bw__station){part->start + t[end] * part->length, offset[end] + z[k],
                                          offset[end] + z[k + 1]};
        }
        BW_TRY(bw__fence_add(ctx, list, (uint32_t)(first + k), stations, 2));
    }
    return BW_OK;
}

static bw_status add_part(bw_ctx *ctx, const bw__cells *cells, const double origin[2], const bw__fence_part *part,
                          double *z, bw__fence_list *list)
{
    walk w;

    if (!walk_begin(cells, origin, part, &w)) {
        return BW_OK;
    }
    while (w.t < w.end) {
        double x = next_crossing(&w, 0), y = next_crossing(&w, 1), next = x < y ? x : y;

        next = next < w.end ? next : w.end;
        /* What two crossings at a corner leave between them is rounding. */
        if ((next - w.t) * part->length > 1e-9 * fmin(cells->dx, cells->dy)) {
            BW_TRY(add_column(ctx, cells, part, &w, next, z, list));
        }
        if (!(next > w.t)) {
            break;
        }
        w.t = next;
    }
    return BW_OK;
}

bw_status bw_grid_fence(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid, const double *points, size_t n,
                        bw_fence *out)
{
    bw_status st = BW_OK;
    bw_arena scratch = {0}, made = {0};
    bw__fence_list list = {0};
    bw__fence_part *parts;
    double origin[2], *z;
    bw__cells cells;
    bw_fence fence;
    size_t count;

    BW_TRY(bw__cells_open(ctx, grid, NULL, &cells));
    BW_GO(bw__fence_parts(ctx, &scratch, points, n, &parts, &count));
    if ((z = bw_arena_alloc(ctx, &scratch, (cells.shape[2] + 1) * sizeof *z)) == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    origin[0] = 0.5 * (double)cells.shape[0] * cells.dx;
    origin[1] = 0.5 * (double)cells.shape[1] * cells.dy;
    for (size_t p = 0; p < count; p++) {
        BW_GO(add_part(ctx, &cells, origin, &parts[p], z, &list));
    }
    BW_GO(bw__fence_end(ctx, &made, &list, parts[count - 1].start + parts[count - 1].length, &fence));
    bw_arena_adopt(arena, &made);
    *out = fence;
done:
    bw__fence_list_free(ctx, &list);
    bw_arena_free(ctx, &scratch);
    bw_arena_free(ctx, &made);
    return st;
}
