/* SPDX-License-Identifier: MIT */
/*
 * Sides of cells between two pillars: what one band covers of another, and what it leaves.
 *
 * Lines are straight in (s, z), so the order of four of them changes only where two cross. Between
 * such places it is looked up once, in the middle.
 */
#include <math.h>
#include <string.h>

#include "corner_internal.h"

void bw__side_pillars(uint64_t i, uint64_t j, int side, uint64_t p[2], uint64_t q[2])
{
    p[0] = i + (side == BW_EAST);
    q[0] = j + (side == BW_NORTH);
    p[1] = side <= BW_EAST ? p[0] : i + 1;
    q[1] = side <= BW_EAST ? j + 1 : q[0];
}

void bw__side_band(const bw_corner_grid *grid, uint64_t i, uint64_t j, uint64_t k, int side,
                   bw__piece *out)
{
    uint64_t p[2], q[2];
    double z[2][2];

    bw__side_pillars(i, j, side, p, q);
    for (unsigned end = 0; end < 2; end++) {
        for (unsigned c = 0; c < 2; c++) {
            z[c][end] = bw__corner_z(grid, i, j, k, (unsigned)(p[end] - i), (unsigned)(q[end] - j), c);
        }
    }
    *out = (bw__piece){0, 1, {z[0][0], z[0][1]}, {z[1][0], z[1][1]}};
}

void bw__piece_corners(const bw_corner_grid *grid, const uint64_t p[2], const uint64_t q[2],
                       const bw__piece *piece, double out[4][3])
{
    const double s[4] = {piece->s0, piece->s0, piece->s1, piece->s1};

    for (unsigned n = 0; n < 4; n++) {
        double z = bw__line_at(n == 0 || n == 3 ? piece->top : piece->bottom, s[n]), a[3], b[3];
        bw__pillar_point(grid, p[0], q[0], z, a);
        bw__pillar_point(grid, p[1], q[1], z, b);
        for (unsigned d = 0; d < 2; d++) {
            out[n][d] = a[d] + s[n] * (b[d] - a[d]);
        }
        out[n][2] = z;
    }
}

/* Half of the cross product of the diagonals. */
double bw__quad_area(const double x[4][3])
{
    double d[3], e[3];

    for (unsigned n = 0; n < 3; n++) {
        d[n] = x[2][n] - x[0][n];
        e[n] = x[3][n] - x[1][n];
    }
    return bw__cross_length(d, e) / 2;
}

/* Where two lines cross within (s0, s1), or s1. */
static double crossing(bw__line a, bw__line b, double s0, double s1)
{
    double d0 = a.z0 - b.z0, d1 = a.z1 - b.z1, s;

    if (d0 == d1) {
        return s1;
    }
    s = d0 / (d0 - d1);
    return s > s0 && s < s1 ? s : s1;
}

/* The places, in order, between which the lines of both keep their order; the last is s1. */
static unsigned order_changes(const bw__piece *piece, const bw__piece *band, double out[5])
{
    const bw__line own[2] = {piece->top, piece->bottom}, other[2] = {band->top, band->bottom};
    unsigned count = 0;

    for (unsigned n = 0; n < 4; n++) {
        double s = crossing(own[n & 1], other[n >> 1], piece->s0, piece->s1);
        unsigned at = count;
        if (s == piece->s1) {
            continue;
        }
        while (at > 0 && out[at - 1] > s) {
            at--;
        }
        if (at > 0 && out[at - 1] == s) {
            continue;
        }
        memmove(out + at + 1, out + at, (count - at) * sizeof *out);
        out[at] = s;
        count++;
    }
    out[count++] = piece->s1;
    return count;
}

static bool same_line(bw__line a, bw__line b)
{
    return a.z0 == b.z0 && a.z1 == b.z1;
}

/* Pieces of no height are dropped, one that goes on between the same lines is made longer. */
bw_status bw__pieces_add(bw_ctx *ctx, bw__pieces *pieces, double s0, double s1, bw__line top,
                         bw__line bottom)
{
    double middle = (s0 + s1) / 2;

    if (!(bw__line_at(bottom, middle) > bw__line_at(top, middle))) {
        return BW_OK;
    }
    for (size_t n = pieces->count; n > 0 && n + 2 > pieces->count; n--) {
        bw__piece *last = &pieces->items[n - 1];
        if (last->s1 == s0 && same_line(last->top, top) && same_line(last->bottom, bottom)) {
            last->s1 = s1;
            return BW_OK;
        }
    }
    if (pieces->count == pieces->cap) {
        size_t cap = pieces->cap == 0 ? 8 : 2 * pieces->cap;
        bw__piece *grown = bw_resize(ctx, pieces->items, pieces->cap * sizeof *grown,
                                     cap * sizeof *grown);
        if (grown == NULL) {
            return BW_ERR_NOMEM;
        }
        pieces->items = grown;
        pieces->cap = cap;
    }
    pieces->items[pieces->count++] = (bw__piece){s0, s1, top, bottom};
    return BW_OK;
}

void bw__pieces_free(bw_ctx *ctx, bw__pieces *pieces)
{
    bw_release(ctx, pieces->items);
    *pieces = (bw__pieces){0};
}

static bw__line lower(bw__line a, bw__line b, double s)
{
    return bw__line_at(a, s) >= bw__line_at(b, s) ? a : b;
}

static bw__line upper(bw__line a, bw__line b, double s)
{
    return bw__line_at(a, s) <= bw__line_at(b, s) ? a : b;
}

bw_status bw__piece_overlap(bw_ctx *ctx, const bw__piece *piece, const bw__piece *band,
                            bw__pieces *out)
{
    double changes[5], from = piece->s0;
    unsigned count = order_changes(piece, band, changes);

    for (unsigned n = 0; n < count; n++) {
        double middle = (from + changes[n]) / 2;
        BW_TRY(bw__pieces_add(ctx, out, from, changes[n], lower(piece->top, band->top, middle),
                         upper(piece->bottom, band->bottom, middle)));
        from = changes[n];
    }
    return BW_OK;
}

bw_status bw__piece_rest(bw_ctx *ctx, const bw__piece *piece, const bw__piece *band,
                         bw__pieces *out)
{
    double changes[5], from = piece->s0;
    unsigned count = order_changes(piece, band, changes);

    for (unsigned n = 0; n < count; n++) {
        double to = changes[n], middle = (from + to) / 2;
        if (bw__line_at(band->bottom, middle) <= bw__line_at(band->top, middle)) {
            BW_TRY(bw__pieces_add(ctx, out, from, to, piece->top, piece->bottom)); /* it covers nothing */
        } else {
            BW_TRY(bw__pieces_add(ctx, out, from, to, piece->top, upper(piece->bottom, band->top, middle)));
            BW_TRY(bw__pieces_add(ctx, out, from, to, lower(piece->top, band->bottom, middle),
                             piece->bottom));
        }
        from = to;
    }
    return BW_OK;
}
