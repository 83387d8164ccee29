/* SPDX-License-Identifier: MIT */
/*
 * Fences of a corner-point grid. The upright plane of a part of the line is met with the triangles of a cell's
 * sides; what it cuts out of them are lines between a distance and another, and of those that pass one distance the
 * highest and the lowest point are what the cell has there.
 */
#include <float.h>
#include <math.h>

#include "corner_internal.h"
#include "fence_internal.h"

/** Triangles of a cell: four a side. */
#define TRIANGLES 24
/** Of the extent of what is cut out of a cell: what is nearer together is one. */
#define NEAR 1e-9

/* A corner or the middle of a side, as the plane sees it. */
typedef struct seen {
    double aside; /* left of the plane, 0 counts as left */
    double at;    /* along the part of the line */
    double z;
} seen;

/* What the plane cuts out of a triangle. */
typedef struct cut {
    seen ends[2];
} cut;

/* Corners of a side in turn. Corner n is right by bit 0, back by bit 1, bottom by bit 2. */
static const unsigned sides[6][4] = {{0, 2, 6, 4}, {1, 3, 7, 5}, {0, 1, 5, 4},
                                     {2, 3, 7, 6}, {0, 1, 3, 2}, {4, 5, 7, 6}};

static seen see(const bw__fence_part *part, const double point[3])
{
    double x = point[0] - part->from[0], y = point[1] - part->from[1];

    return (seen){x * -part->along[1] + y * part->along[0], x * part->along[0] + y * part->along[1], point[2]};
}

/* Whether points lie on one side of the plane, or all before or behind the part. */
static bool misses(const bw__fence_part *part, const seen *points, size_t n)
{
    size_t left = 0, before = 0, behind = 0;

    for (size_t p = 0; p < n; p++) {
        left += points[p].aside >= 0;
        before += points[p].at <= 0;
        behind += points[p].at >= part->length;
    }
    return left == 0 || left == n || before == n || behind == n;
}

/* Where the plane meets an edge; the same from both ends, so that neighbours agree. */
static seen meet(seen a, seen b)
{
    seen right = a.aside < 0 ? a : b, left = a.aside < 0 ? b : a;
    double f = right.aside / (right.aside - left.aside);

    return (seen){0, right.at + f * (left.at - right.at), right.z + f * (left.z - right.z)};
}

/* Returns how many of the triangle's edges are met: 0 or 2. */
static size_t cut_triangle(const seen *a, const seen *b, const seen *c, cut *out)
{
    const seen *corners[4] = {a, b, c, a};
    size_t met = 0;

    for (unsigned n = 0; n < 3; n++) {
        if ((corners[n]->aside >= 0) != (corners[n + 1]->aside >= 0)) {
            out->ends[met++] = meet(*corners[n], *corners[n + 1]);
        }
    }
    return met;
}

static size_t cut_cell(const seen corners[8], cut out[TRIANGLES])
{
    size_t count = 0;

    for (unsigned side = 0; side < 6; side++) {
        const unsigned *around = sides[side];
        seen middle = {0, 0, 0};

        for (unsigned n = 0; n < 4; n++) {
            middle.aside += corners[around[n]].aside / 4;
            middle.at += corners[around[n]].at / 4;
            middle.z += corners[around[n]].z / 4;
        }
        for (unsigned n = 0; n < 4; n++) {
            count += cut_triangle(&corners[around[n]], &corners[around[(n + 1) & 3]], &middle, &out[count]) == 2;
        }
    }
    return count;
}

/* The highest and the lowest point of the lines that pass a distance. */
static bw__station station_at(const cut *cuts, size_t count, double at, double near)
{
    bw__station station = {at, INFINITY, -INFINITY};

    for (size_t n = 0; n < count; n++) {
        seen a = cuts[n].ends[0], b = cuts[n].ends[1];
        double width = b.at - a.at;

        if (at < fmin(a.at, b.at) - near || at > fmax(a.at, b.at) + near) {
            continue;
        }
        if (fabs(width) > near) {
            double f = fmin(fmax((at - a.at) / width, 0), 1);
            a.z = b.z = a.z + f * (b.z - a.z);
        }
        station.top = fmin(station.top, fmin(a.z, b.z));
        station.bottom = fmax(station.bottom, fmax(a.z, b.z));
    }
    return station;
}

/* Of some dozens, mostly in pairs. */
static void sort(double *values, size_t count)
{
    for (size_t n = 1; n < count; n++) {
        double value = values[n];
        size_t m = n;

        for (; m > 0 && values[m - 1] > value; m--) {
            values[m] = values[m - 1];
        }
        values[m] = value;
    }
}

/* The distances at which something begins or ends, within the part; returns how many. */
static size_t distances(const bw__fence_part *part, const cut *cuts, size_t count, double out[2 * TRIANGLES + 2],
                        double *near)
{
    double least = INFINITY, most = -INFINITY;
    size_t made = 0, kept = 0;

    for (size_t n = 0; n < 2 * count; n++) {
        double at = cuts[n / 2].ends[n & 1].at;

        least = fmin(least, at);
        most = fmax(most, at);
        out[made++] = fmin(fmax(at, 0), part->length);
    }
    *near = NEAR * (most - least);
    sort(out, made);
    for (size_t n = 0; n < made; n++) {
        if (kept == 0 || out[n] > out[kept - 1] + *near) {
            out[kept++] = out[n];
        }
    }
    return kept;
}

/* Whether a station lies on the straight lines between its neighbours. */
static bool is_straight(const bw__station *a, const bw__station *b, const bw__station *c)
{
    double f = (b->at - a->at) / (c->at - a->at);
    double top = a->top + f * (c->top - a->top) - b->top, bottom = a->bottom + f * (c->bottom - a->bottom) - b->bottom;
    double size = fabs(b->top) + fabs(b->bottom);

    return fabs(top) <= 1e-12 * size && fabs(bottom) <= 1e-12 * size;
}

/*
 * Lengths along the line that rounding makes where it goes by a corner: of the cell, and of coordinates that lie far
 * from zero, as those of a map do.
 */
static double rounding(const bw__fence_part *part, const seen corners[8])
{
    double least = corners[0].at, most = corners[0].at;

    for (unsigned n = 1; n < 8; n++) {
        least = fmin(least, corners[n].at);
        most = fmax(most, corners[n].at);
    }
    return NEAR * (most - least) + 16 * DBL_EPSILON * (fabs(part->from[0]) + fabs(part->from[1]));
}

static bw_status add_cell(bw_ctx *ctx, const bw__fence_part *part, const seen corners[8], uint32_t cell,
                          bw__fence_list *list)
{
    bw__station stations[2 * TRIANGLES + 2];
    double at[2 * TRIANGLES + 2], near;
    cut cuts[TRIANGLES];
    size_t count = cut_cell(corners, cuts), places = distances(part, cuts, count, at, &near), kept = 0;

    if (places < 2 || !(at[places - 1] - at[0] > fmax(near, rounding(part, corners)))) {
        return BW_OK;
    }
    for (size_t n = 0; n < places; n++) {
        bw__station next = station_at(cuts, count, at[n], near);

        if (kept >= 2 && is_straight(&stations[kept - 2], &stations[kept - 1], &next)) {
            kept--;
        }
        stations[kept++] = next;
    }
    for (size_t n = 0; n < kept; n++) {
        stations[n].at += part->start;
    }
    return bw__fence_add(ctx, list, cell, stations, kept);
}

static bool is_active(const bw_corner_grid *grid, uint64_t i, uint64_t j, uint64_t k)
{
    return grid->active.ptr == NULL || grid->active.ptr[i + grid->nx * (j + grid->ny * k)] != 0;
}

/* Depths between which the active cells of each column lie: [column][2]; of a column without any, none. */
static void column_depths(const bw_corner_grid *grid, double *out)
{
    for (uint64_t i = 0; i < grid->nx; i++) {
        for (uint64_t j = 0; j < grid->ny; j++, out += 2) {
            out[0] = INFINITY;
            out[1] = -INFINITY;
            for (uint64_t n = 0; n < 8 * grid->nz; n++) {
                uint64_t k = n / 8;
                double z;

                if (!is_active(grid, i, j, k)) {
                    continue;
                }
                z = bw__corner_z(grid, i, j, k, n & 1, n >> 1 & 1, n >> 2 & 1);
                if (isfinite(z)) {
                    out[0] = fmin(out[0], z);
                    out[1] = fmax(out[1], z);
                }
            }
        }
    }
}

static bool column_missed(const bw_corner_grid *grid, const bw__fence_part *part, uint64_t i, uint64_t j,
                          const double depths[2])
{
    seen ends[8];

    if (!(depths[0] <= depths[1])) {
        return true;
    }
    for (unsigned n = 0; n < 8; n++) {
        double point[3];

        bw__pillar_point(grid, i + (n & 1), j + (n >> 1 & 1), depths[n >> 2], point);
        ends[n] = see(part, point);
    }
    return misses(part, ends, 8);
}

static bw_status add_column(bw_ctx *ctx, const bw_corner_grid *grid, const bw__fence_part *part, uint64_t i, uint64_t j,
                            bw__fence_list *list)
{
    for (uint64_t k = 0; k < grid->nz; k++) {
        double corners[8][3];
        seen points[8];
        bool finite = true;

        if (!is_active(grid, i, j, k)) {
            continue;
        }
        bw_corner_cell(grid, i, j, k, corners);
        for (unsigned n = 0; n < 8; n++) {
            points[n] = see(part, corners[n]);
            finite = finite && isfinite(points[n].aside) && isfinite(points[n].at) && isfinite(points[n].z);
        }
        if (finite && !misses(part, points, 8)) {
            BW_TRY(add_cell(ctx, part, points, (uint32_t)((i * grid->ny + j) * grid->nz + k), list));
        }
    }
    return BW_OK;
}

static bw_status add_part(bw_ctx *ctx, const bw_corner_grid *grid, const bw__fence_part *part, const double *depths,
                          bw__fence_list *list)
{
    for (uint64_t i = 0; i < grid->nx; i++) {
        for (uint64_t j = 0; j < grid->ny; j++, depths += 2) {
            if (!column_missed(grid, part, i, j, depths)) {
                BW_TRY(add_column(ctx, grid, part, i, j, list));
            }
        }
    }
    return BW_OK;
}

bw_status bw_corner_grid_fence(bw_ctx *ctx, bw_arena *arena, const bw_corner_grid *grid, const double *points,
                               size_t n, bw_fence *out)
{
    bw_status st = BW_OK;
    bw_arena scratch = {0}, made = {0};
    bw__fence_list list = {0};
    bw__fence_part *parts;
    bw_fence fence;
    double *depths;
    size_t count;

    BW_TRY(bw__corner_check(ctx, grid));
    BW_GO(bw__fence_parts(ctx, &scratch, points, n, &parts, &count));
    /* Two numbers a column: fewer than ZCORN has. */
    if ((depths = bw_arena_alloc(ctx, &scratch, (size_t)(grid->nx * grid->ny) * 2 * sizeof *depths)) == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    column_depths(grid, depths);
    for (size_t p = 0; p < count; p++) {
        BW_GO(add_part(ctx, grid, &parts[p], depths, &list));
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
