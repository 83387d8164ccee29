/* SPDX-License-Identifier: MIT */
/**
 * The visible skin of a grid, in two passes over the columns of the box.
 *
 * Mark: one byte a cell gets a bit for each face that shows. A column is cut into runs of visible
 * cells that touch. Only the ends of a run show above and below; and a run that lies within a
 * single run of the neighbouring column shows nothing on that side, which settles most of a grid
 * without a look at its cells. Runs of one column never touch each other, so "covered by the
 * neighbour's visible cells" is "within one of its runs".
 *
 * Fill: the marks say how much memory the quads need, and which.
 */
#include <string.h>

#include "grid.h"

enum { SIDES = 1 << BW_WEST | 1 << BW_EAST | 1 << BW_SOUTH | 1 << BW_NORTH };

typedef struct work {
    const bw__cells *cells;
    size_t rows, layers;    /* of the box, along j and k */
    uint8_t *marks;         /* one a cell of the box */
    bw__column *columns[2]; /* [rows] of an i-layer: this one and the one before it */
} work;

/* Room for `count` things of `size` bytes each. */
static void *new_block(bw_ctx *ctx, bw_arena *arena, uint64_t count, size_t size)
{
    uint64_t limit = ctx->limits.max_array_bytes;

    if (limit > SIZE_MAX) {
        limit = SIZE_MAX;
    }
    if (count > limit / size) {
        bw_fail_limit(ctx, "bytes of faces", count * size, limit);
        return NULL;
    }
    return bw_arena_alloc(ctx, arena, (size_t)count * size);
}

static bw_status work_begin(bw_ctx *ctx, bw_arena *scratch, const bw__cells *cells, work *out)
{
    size_t rows = cells->hi[1] - cells->lo[1], layers = cells->hi[2] - cells->lo[2];
    size_t planes = cells->hi[0] - cells->lo[0], most = bw__runs_max(layers);

    *out = (work){.cells = cells, .rows = rows, .layers = layers};
    out->marks = new_block(ctx, scratch, (uint64_t)planes * rows * layers, 1);
    if (out->marks == NULL) {
        return ctx->error.status;
    }
    memset(out->marks, 0, planes * rows * layers);
    for (size_t n = 0; n < 2 && n < planes; n++) {
        bw__column *columns;
        bw__run *runs;
        double *z;

        if ((columns = new_block(ctx, scratch, rows, sizeof *columns)) == NULL ||
            (z = new_block(ctx, scratch, (uint64_t)rows * (layers + 1), sizeof *z)) == NULL ||
            (runs = new_block(ctx, scratch, (uint64_t)rows * most, sizeof *runs)) == NULL) {
            return ctx->error.status;
        }
        for (size_t row = 0; row < rows; row++) {
            columns[row] = (bw__column){.z = z + row * (layers + 1), .runs = runs + row * most};
        }
        out->columns[n] = columns;
    }
    return BW_OK;
}

/* Clears `bit` in the marks of `self` where `neighbour` hides it. Both have their runs in order of
 * depth, so one pass over both is enough: no run above `other` reaches as deep as `self` now. */
static void hide(uint8_t *marks, const bw__column *self, const bw__column *neighbour, uint8_t bit)
{
    const bw__run *other = neighbour->runs, *end = neighbour->runs + neighbour->count;
    const uint8_t keep = (uint8_t)~bit;

    for (const bw__run *run = self->runs; run < self->runs + self->count; run++) {
        const bw__run *at = other;

        while (at < end && at->bottom < run->bottom) {
            at++;
        }
        if (at < end && bw__run_covers(at, run->top, run->bottom)) {
            for (uint32_t k = run->begin; k < run->end; k++) {
                marks[k] &= keep;
            }
            other = at;
            continue;
        }
        for (uint32_t k = run->begin; k < run->end; k++) {
            while (other < end && other->bottom < self->z[k + 1]) {
                other++;
            }
            if (other < end && bw__run_covers(other, self->z[k], self->z[k + 1])) {
                marks[k] &= keep;
            }
        }
    }
}

/* Every side of the column's visible cells, and the ends of its runs. */
static void mark_alone(uint8_t *marks, const bw__column *self)
{
    for (const bw__run *run = self->runs; run < self->runs + self->count; run++) {
        for (uint32_t k = run->begin; k < run->end; k++) {
            marks[k] = self->z[k + 1] > self->z[k] ? SIDES : 0;
        }
        marks[run->begin] |= 1 << BW_UP;
        marks[run->end - 1] |= 1 << BW_DOWN;
    }
}

static bw_status mark(bw_ctx *ctx, work *w)
{
    const bw__cells *cells = w->cells;
    uint8_t *marks = w->marks;

    for (size_t plane = 0; plane < cells->hi[0] - cells->lo[0]; plane++) {
        bw__column *self = w->columns[plane % 2];
        const bw__column *west = w->columns[(plane + 1) % 2];

        for (size_t row = 0; row < w->rows; row++, self++, marks += w->layers) {
            BW_TRY(bw__column_read(ctx, cells, cells->lo[0] + plane, cells->lo[1] + row, self));
            mark_alone(marks, self);
            if (row > 0) {
                hide(marks, self, self - 1, 1 << BW_SOUTH);
                hide(marks - w->layers, self - 1, self, 1 << BW_NORTH);
            }
            if (plane > 0) {
                hide(marks, self, west + row, 1 << BW_WEST);
                hide(marks - w->rows * w->layers, west + row, self, 1 << BW_EAST);
            }
        }
    }
    return BW_OK;
}

/* Eight marks at once; 0 means that none of them has a face. */
static inline uint64_t load_marks(const uint8_t *marks)
{
    uint64_t word;
    memcpy(&word, marks, sizeof word);
    return word;
}

static inline size_t count_bits(uint64_t word)
{
    word -= word >> 1 & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) + (word >> 2 & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (size_t)(word * UINT64_C(0x0101010101010101) >> 56);
}

static uint64_t count_faces(const uint8_t *marks, size_t len)
{
    uint64_t faces = 0;
    size_t n = 0;

    for (; n + 8 <= len; n += 8) {
        faces += count_bits(load_marks(marks + n));
    }
    for (; n < len; n++) {
        faces += count_bits(marks[n]);
    }
    return faces;
}

/* A column's corners: bit 0 of an index is east, bit 1 north, bit 2 the bottom. */
typedef struct corners {
    float x[2], y[2];
    double z[4]; /* of local depth 0, at the four verticals */
} corners;

static corners column_corners(const bw__cells *cells, size_t i, size_t j, const double origin[3])
{
    corners out;

    for (size_t n = 0; n < 2; n++) {
        out.x[n] = (float)((double)(i + n) * cells->dx - origin[0]);
        out.y[n] = (float)((double)(j + n) * cells->dy - origin[1]);
    }
    for (size_t n = 0; n < 4; n++) {
        double offset = bw__dip_offset(cells, (double)(i + (n & 1)) - 0.5,
                                       (double)(j + (n >> 1)) - 0.5);
        out.z[n] = -(cells->datum + offset) - origin[2];
    }
    return out;
}

/* Appends the marked faces of the cell between local depths top and bottom. */
static void emit(bw_faces *out, const corners *verticals, uint8_t marks, uint32_t cell,
                 double top, double bottom)
{
    /* Counter-clockwise from outside, by bw_direction. */
    static const uint8_t quads[6][4] = {{4, 0, 2, 6}, {5, 7, 3, 1}, {4, 5, 1, 0},
                                        {6, 2, 3, 7}, {0, 1, 3, 2}, {4, 6, 7, 5}};
    float points[8][3];

    for (size_t n = 0; n < 8; n++) {
        points[n][0] = verticals->x[n & 1];
        points[n][1] = verticals->y[n >> 1 & 1];
        points[n][2] = (float)(verticals->z[n & 3] - (n < 4 ? top : bottom));
    }
    for (uint8_t direction = 0; direction < 6; direction++) {
        if (marks >> direction & 1) {
            float *position = out->positions + 12 * out->count;

            for (size_t n = 0; n < 4; n++) {
                memcpy(position + 3 * n, points[quads[direction][n]], sizeof points[0]);
            }
            out->cells[out->count] = cell;
            out->directions[out->count] = direction;
            out->count++;
        }
    }
}

static bw_status fill(bw_ctx *ctx, const work *w, bw_faces *out)
{
    const bw__cells *cells = w->cells;
    const uint8_t *marks = w->marks;
    double *z = w->columns[0][0].z;

    for (size_t i = cells->lo[0]; i < cells->hi[0]; i++) {
        for (size_t j = cells->lo[1]; j < cells->hi[1]; j++, marks += w->layers) {
            corners verticals = column_corners(cells, i, j, out->origin);
            size_t first = (i * cells->shape[1] + j) * cells->shape[2] + cells->lo[2];

            BW_TRY(bw__column_depths(ctx, cells, i, j, z));
            for (size_t k = 0; k < w->layers; k++) {
                if (k + 8 <= w->layers && load_marks(marks + k) == 0) {
                    k += 7;
                } else if (marks[k] != 0) {
                    emit(out, &verticals, marks[k], (uint32_t)(first + k), z[k], z[k + 1]);
                }
            }
        }
    }
    return BW_OK;
}

static bw_status faces_alloc(bw_ctx *ctx, bw_arena *arena, uint64_t count, bw_faces *out)
{
    if ((out->positions = new_block(ctx, arena, count, 12 * sizeof *out->positions)) == NULL ||
        (out->cells = new_block(ctx, arena, count, sizeof *out->cells)) == NULL ||
        (out->directions = new_block(ctx, arena, count, sizeof *out->directions)) == NULL) {
        return ctx->error.status;
    }
    return BW_OK;
}

bw_status bw_grid_faces(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid,
                        const bw_cell_filter *filter, bw_faces *out)
{
    bw_status st = BW_OK;
    bw_arena scratch = {0}, made = {0};
    bw_faces faces = {0};
    bw__cells cells;
    uint64_t count = 0;
    bool empty;
    work w = {0};

    BW_TRY(bw__cells_open(ctx, grid, filter, &cells));
    BW_TRY(bw__cells_origin(ctx, &cells, faces.origin));
    empty = cells.lo[0] == cells.hi[0] || cells.lo[1] == cells.hi[1] || cells.lo[2] == cells.hi[2];
    if (!empty) {
        BW_GO(work_begin(ctx, &scratch, &cells, &w));
        BW_GO(mark(ctx, &w));
        count = count_faces(w.marks, (cells.hi[0] - cells.lo[0]) * w.rows * w.layers);
    }
    BW_GO(faces_alloc(ctx, &made, count, &faces));
    if (!empty) {
        BW_GO(fill(ctx, &w, &faces));
    }
    bw_arena_adopt(arena, &made);
    *out = faces;
done:
    bw_arena_free(ctx, &scratch);
    bw_arena_free(ctx, &made);
    return st;
}
