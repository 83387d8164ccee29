/* SPDX-License-Identifier: MIT */
/**
 * Picking by a walk over the columns that a ray crosses.
 *
 * In (x, y, local depth) coordinates the dip is gone, every cell is a box and the ray is still a
 * straight line. Columns are crossed in the order of the ray, so the first column with a hit has
 * the nearest; within a column a slab test per cell finds it. The parameter where a boundary is
 * crossed comes from the boundary alone, not from a sum of steps: what touches has no gap.
 */
#include <math.h>

#include "grid.h"

enum { NO_SIDE = -1 };

/* The ray in cells along i and j and ft of local depth: `from + s * step`, |step in ft| <= 1. */
typedef struct line {
    double from[3], step[3];
} line;

/* A stretch of the ray within one column, and the side through which it came in. */
typedef struct stretch {
    size_t index[2];
    double enter, leave;
    int side; /* bw_direction, or NO_SIDE where the ray itself begins */
} stretch;

static bw_status line_from_ray(bw_ctx *ctx, const bw__cells *cells, const double origin[3],
                               const double direction[3], line *out, double *scale)
{
    double zero[3], at[3], step[3];

    *scale = fmax(fmax(fabs(direction[0]), fabs(direction[1])), fabs(direction[2]));
    for (size_t d = 0; d < 3; d++) {
        /* fmax() prefers numbers to NaN, so each component is looked at. */
        if (!(fabs(origin[d]) <= BW__MAX_LENGTH) || !(fabs(direction[d]) <= BW__MAX_LENGTH) ||
            !(*scale > 0)) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "ray from (%g, %g, %g) along (%g, %g, %g) is not "
                           "a ray", origin[0], origin[1], origin[2], direction[0], direction[1],
                           direction[2]);
        }
    }
    BW_TRY(bw__cells_origin(ctx, cells, zero));
    for (size_t d = 0; d < 3; d++) {
        at[d] = zero[d] + origin[d];
        step[d] = direction[d] / *scale;
    }
    out->from[0] = at[0] / cells->dx;
    out->from[1] = at[1] / cells->dy;
    out->from[2] = -at[2] - cells->datum - bw__dip_offset(cells, out->from[0] - 0.5,
                                                          out->from[1] - 0.5);
    out->step[0] = step[0] / cells->dx;
    out->step[1] = step[1] / cells->dy;
    out->step[2] = -step[2] - step[0] * cells->slope_x - step[1] * cells->slope_y;
    return BW_OK;
}

/* The side through which a ray with this step along an axis (0: i, 1: j) enters. */
static int side_of(size_t axis, double step)
{
    static const int sides[2][2] = {{BW_EAST, BW_WEST}, {BW_NORTH, BW_SOUTH}};
    return sides[axis][step > 0];
}

/* Where the ray leaves index `n` along an axis. */
static double crossing(const line *ray, size_t axis, size_t n)
{
    double step = ray->step[axis];

    if (step == 0) {
        return INFINITY;
    }
    return ((double)(step > 0 ? n + 1 : n) - ray->from[axis]) / step;
}

/* The part of the ray above the box, and the column where it begins. False: it misses the box. */
static bool first_stretch(const bw__cells *cells, const line *ray, stretch *at, double *end)
{
    int entered = -1;

    at->enter = 0;
    at->side = NO_SIDE;
    *end = INFINITY;
    for (size_t d = 0; d < 2; d++) {
        double lo = (double)cells->lo[d], hi = (double)cells->hi[d], step = ray->step[d];

        if (step == 0) {
            if (!(ray->from[d] >= lo && ray->from[d] <= hi)) {
                return false;
            }
            continue;
        }
        double in = ((step > 0 ? lo : hi) - ray->from[d]) / step;
        double out = ((step > 0 ? hi : lo) - ray->from[d]) / step;
        if (in >= at->enter) {
            at->enter = in;
            at->side = side_of(d, step);
            entered = (int)d;
        }
        *end = fmin(*end, out);
    }
    if (!(at->enter <= *end) || isinf(at->enter)) {
        return false;
    }
    for (size_t d = 0; d < 2; d++) {
        double lo = (double)cells->lo[d], last = (double)cells->hi[d] - 1;
        double index = floor(ray->from[d] + at->enter * ray->step[d]);

        if (entered == (int)d) {
            index = ray->step[d] > 0 ? lo : last;
        }
        at->index[d] = (size_t)fmin(fmax(index, lo), last);
    }
    return true;
}

/* The next column along the ray. False: it has left the box. */
static bool next_stretch(const bw__cells *cells, const line *ray, stretch *at)
{
    double leave[2] = {crossing(ray, 0, at->index[0]), crossing(ray, 1, at->index[1])};
    size_t axis = leave[0] <= leave[1] ? 0 : 1;

    if (isinf(leave[axis]) || at->index[axis] == (ray->step[axis] > 0 ? cells->hi[axis] - 1
                                                                     : cells->lo[axis])) {
        return false;
    }
    if (ray->step[axis] > 0) {
        at->index[axis]++;
    } else {
        at->index[axis]--;
    }
    at->enter = fmax(at->enter, leave[axis]);
    at->side = side_of(axis, ray->step[axis]);
    return true;
}

/* Whether visible cells of `neighbour` cover the local depths from `top` to `bottom`. */
static bool covers(const bw__column *neighbour, double top, double bottom)
{
    for (size_t n = 0; n < neighbour->count; n++) {
        if (bw__run_covers(&neighbour->runs[n], top, bottom)) {
            return true;
        }
    }
    return false;
}

/* What a cell of a run shows to the ray: the parameter and the face. False: nothing. */
static bool cell_hit(const line *ray, const stretch *at, const bw__column *self,
                     const bw__column *before, const bw__run *run, uint32_t k, double *s,
                     bw_direction *face)
{
    double top = self->z[k], bottom = self->z[k + 1], step = ray->step[2];
    double in = -INFINITY, out = INFINITY;

    if (step != 0) {
        in = ((step > 0 ? top : bottom) - ray->from[2]) / step;
        out = ((step > 0 ? bottom : top) - ray->from[2]) / step;
    } else if (!(ray->from[2] >= top && ray->from[2] <= bottom)) {
        return false;
    }
    if (!(fmax(in, at->enter) <= fmin(out, at->leave))) {
        return false;
    }
    if (in >= at->enter) { /* through the top or the bottom, which show only at the run's ends */
        *s = in;
        *face = step > 0 ? BW_UP : BW_DOWN;
        return k == (step > 0 ? run->begin : run->end - 1);
    }
    if (at->side == NO_SIDE) {
        return false;
    }
    *s = at->enter;
    *face = (bw_direction)at->side;
    return before == NULL || !covers(before, top, bottom);
}

/* The nearest hit in one column. `before` is where the ray comes from, NULL at the box's edge. */
static bool column_hit(const line *ray, const stretch *at, const bw__column *self,
                       const bw__column *before, double *nearest, uint32_t *layer,
                       bw_direction *direction)
{
    bool hit = false;

    for (const bw__run *run = self->runs; run < self->runs + self->count; run++) {
        for (uint32_t k = run->begin; k < run->end; k++) {
            bw_direction face;
            double s;

            if (self->z[k + 1] > self->z[k] &&
                cell_hit(ray, at, self, before, run, k, &s, &face) && (!hit || s < *nearest)) {
                hit = true;
                *nearest = s;
                *layer = k;
                *direction = face;
            }
        }
    }
    return hit;
}

static bw_status walk(bw_ctx *ctx, const bw__cells *cells, const line *ray,
                      bw__column columns[2], bw_pick *out)
{
    const bw__column *before = NULL;
    double end, nearest;
    stretch at;
    uint32_t layer;

    if (!first_stretch(cells, ray, &at, &end)) {
        return BW_OK;
    }
    for (size_t n = 0;; n++) {
        bw__column *self = &columns[n % 2];
        size_t i = at.index[0], j = at.index[1];

        at.leave = fmax(at.enter, fmin(end, fmin(crossing(ray, 0, i), crossing(ray, 1, j))));
        BW_TRY(bw__column_read(ctx, cells, i, j, self));
        if (column_hit(ray, &at, self, before, &nearest, &layer, &out->direction)) {
            out->hit = true;
            out->cell = (uint32_t)((i * cells->shape[1] + j) * cells->shape[2] + cells->lo[2] +
                                   layer);
            out->distance = nearest;
            return BW_OK;
        }
        if (!next_stretch(cells, ray, &at)) {
            return BW_OK;
        }
        before = self;
    }
}

bw_status bw_grid_pick(bw_ctx *ctx, const bw_grid *grid, const bw_cell_filter *filter,
                       const double origin[3], const double direction[3], bw_pick *out)
{
    bw_status st = BW_OK;
    bw_arena scratch = {0};
    bw_pick pick = {.hit = false};
    bw__column columns[2];
    bw__cells cells;
    size_t layers;
    double scale;
    line ray;

    BW_TRY(bw__cells_open(ctx, grid, filter, &cells));
    BW_TRY(line_from_ray(ctx, &cells, origin, direction, &ray, &scale));
    layers = cells.hi[2] - cells.lo[2];
    if (cells.lo[0] < cells.hi[0] && cells.lo[1] < cells.hi[1] && layers > 0) {
        for (size_t n = 0; n < 2; n++) {
            columns[n].z = bw_arena_alloc(ctx, &scratch, (layers + 1) * sizeof(double));
            columns[n].runs = bw_arena_alloc(ctx, &scratch, bw__runs_max(layers) * sizeof(bw__run));
            if (columns[n].z == NULL || columns[n].runs == NULL) {
                st = ctx->error.status;
                goto done;
            }
        }
        BW_GO(walk(ctx, &cells, &ray, columns, &pick));
    }
    if (pick.hit) {
        pick.distance /= scale;
        for (size_t d = 0; d < 3; d++) {
            pick.point[d] = origin[d] + pick.distance * direction[d];
        }
    }
    *out = pick;
done:
    bw_arena_free(ctx, &scratch);
    return st;
}
