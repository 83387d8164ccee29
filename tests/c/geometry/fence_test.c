/* SPDX-License-Identifier: MIT */
/**
 * Fences. Boxes and slanting cells whose cuts are known by hand; a grid of boxes once more as a corner-point grid; and
 * a faulted grid, of which fences side by side make up the volume (Cavalieri's principle).
 */
#include "bores/fence.h"

#include <math.h>
#include <string.h>

#include "check.h"
#include "failing_allocator.h"
#include "fault_grid.h"

/* 4 by 3 columns of 100 by 50 ft, two layers of 10 and 20 ft, the first at 1000 ft. */
typedef struct boxes {
    double thickness[24];
    bw_array array;
    bw_grid grid;
} boxes;

static void boxes_init(boxes *b)
{
    for (unsigned n = 0; n < 24; n++) {
        b->thickness[n] = n % 2 ? 20 : 10;
    }
    b->array = (bw_array){.dtype = {.kind = 'f', .itemsize = 8}, .rank = 3, .shape = {4, 3, 2},
                          .data = (uint8_t *)b->thickness, .nbytes = sizeof b->thickness};
    b->grid = (bw_grid){&b->array, 100, 50, 1000, 0, 0};
}

static const double *stations_of(const bw_fence *fence, size_t piece)
{
    return fence->stations + 3 * (size_t)fence->firsts[piece];
}

static double area_of(const bw_fence *fence)
{
    double area = 0;

    for (size_t n = 0; n < fence->count; n++) {
        for (size_t s = fence->firsts[n]; s + 1 < fence->firsts[n + 1]; s++) {
            const double *a = fence->stations + 3 * s, *b = a + 3;
            area += (b[0] - a[0]) * (a[2] - a[1] + b[2] - b[1]) / 2;
        }
    }
    return area;
}

/* From corner to corner: the columns' sides are met at quarters and at thirds of the way. */
static void test_diagonal(void)
{
    static const double points[] = {-200, -75, 200, 75};
    static const unsigned columns[6] = {0, 3, 4, 7, 8, 11};
    static const double at[7] = {0, 1. / 4, 1. / 3, 1. / 2, 2. / 3, 3. / 4, 1};
    double length = sqrt(400. * 400 + 150. * 150);
    bw_arena arena = {0};
    bw_fence fence;
    boxes b;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    boxes_init(&b);
    if (CHECK_OK(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, points, 2, &fence))) {
        CHECK_NEAR(fence.length, length, 1e-9);
        CHECK_UINT(fence.count, 12);
        CHECK_UINT(fence.firsts[12], 24);
        for (size_t n = 0; n < 12; n++) {
            const double *s = stations_of(&fence, n);
            CHECK_UINT(fence.cells[n], 2 * columns[n / 2] + n % 2);
            CHECK_NEAR(s[0], at[n / 2] * length, 1e-9);
            CHECK_NEAR(s[3], at[n / 2 + 1] * length, 1e-9);
            CHECK_NEAR(s[1], n % 2 ? 1010 : 1000, 0);
            CHECK_NEAR(s[5], n % 2 ? 1030 : 1010, 0);
        }
    }
    bw_arena_free(&ctx, &arena);
}

/* One foot of depth in ten towards the east; the datum is that of the first column's centre, 150 ft west of the
 * middle. A pinched-out cell has no piece, and the one below it begins higher. */
static void test_dip_and_pinch_out(void)
{
    static const double points[] = {-1000, 10, -100, 10, -100, 10, 150, 10, 150, 1000};
    bw_arena arena = {0};
    bw_fence fence;
    boxes b;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    boxes_init(&b);
    b.grid.dip_angle = 5.710593137499643; /* atan(0.1) */
    b.grid.dip_azimuth = 90;
    b.thickness[2 * 4] = NAN; /* the upper cell of column (1, 1) */
    if (CHECK_OK(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, points, 5, &fence))) {
        const double *s;

        /* Columns 0 to 3 of row 1, of which one has one cell; then north through rows 1 and 2 of column 3. */
        CHECK_UINT(fence.count, 7 + 4);
        CHECK_NEAR(fence.length, 900 + 250 + 990, 1e-9);
        s = stations_of(&fence, 0);
        CHECK_NEAR(s[0], 800, 1e-9); /* where the grid begins */
        CHECK_NEAR(s[1], 995, 1e-9);
        CHECK_NEAR(s[4], 1005, 1e-9);
        CHECK_UINT(fence.cells[2], 2 * 4 + 1);
        s = stations_of(&fence, 2);
        CHECK_NEAR(s[1], 1005, 1e-9);
        CHECK_NEAR(s[2], 1025, 1e-9);
        s = stations_of(&fence, 10);
        CHECK_UINT(fence.cells[10], 2 * 11 + 1);
        CHECK_NEAR(s[3], 900 + 250 + 65, 1e-9); /* the grid's northern side */
        CHECK_NEAR(s[4], 1000 + 30 + 10, 1e-9);
    }
    bw_arena_free(&ctx, &arena);
}

static void test_edges(void)
{
    static const double border[] = {-200, -25, 200, -25}, back[] = {200, -25, -200, -25};
    static const double outer[] = {-200, 75, 200, 75}, away[] = {-200, 76, 200, 76};
    bw_arena arena = {0};
    bw_fence fence;
    boxes b;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    boxes_init(&b);
    if (CHECK_OK(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, border, 2, &fence))) {
        CHECK_UINT(fence.count, 8);
        CHECK_UINT(fence.cells[0], 2); /* of rows 0 and 1 the latter */
    }
    if (CHECK_OK(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, back, 2, &fence))) {
        CHECK_UINT(fence.count, 8);
        CHECK_UINT(fence.cells[0], 2 * (3 * 3 + 1));
    }
    if (CHECK_OK(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, outer, 2, &fence))) {
        CHECK_UINT(fence.count, 8);
    }
    if (CHECK_OK(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, away, 2, &fence))) {
        CHECK_UINT(fence.count, 0);
        CHECK_UINT(fence.firsts[0], 0);
        CHECK(fence.cells != NULL && fence.stations != NULL);
    }
    bw_arena_free(&ctx, &arena);
}

static void test_refused(void)
{
    static const double points[] = {0, 0, 10, 0, NAN, 0, 5, 5, 5, 5};
    bw_arena arena = {0};
    bw_fence fence;
    boxes b;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    boxes_init(&b);
    CHECK_STATUS(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, points, 1, &fence), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, points, 3, &fence), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "point 2 of the line has x = nan");
    CHECK_STATUS(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, points + 6, 2, &fence), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "no length");
    CHECK_STATUS(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, points, 10001, &fence), BW_ERR_LIMIT);
    ctx.limits.max_array_bytes = 90; /* three stations */
    CHECK_STATUS(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, points, 2, &fence), BW_ERR_LIMIT);
    bw_arena_free(&ctx, &arena);
}

/* A corner-point grid of up to 12 cells. */
typedef struct corners {
    double coord[20 * 6], zcorn[24 * 8];
    bw_array coord_array, zcorn_array;
    bw_corner_grid grid;
} corners;

static bw_array doubles(double *data, uint64_t count)
{
    return (bw_array){.dtype = {.kind = 'f', .itemsize = 8}, .rank = 1, .shape = {count},
                      .data = (uint8_t *)data, .nbytes = (size_t)count * 8};
}

/* Upright pillars 100 by 50 apart, the same layers as the boxes, in drawing coordinates. */
static void corners_of_boxes(corners *c)
{
    static const double depth[4] = {1000, 1010, 1010, 1030};

    for (unsigned p = 0; p < 20; p++) {
        double *line = c->coord + 6 * p;
        line[0] = line[3] = 100. * (p % 5) - 200;
        line[1] = line[4] = 50. * (p / 5) - 75;
        line[2] = 0;
        line[5] = 2000;
    }
    for (unsigned n = 0; n < 24 * 8; n++) {
        c->zcorn[n] = depth[n / 48];
    }
    c->coord_array = doubles(c->coord, 120);
    c->zcorn_array = doubles(c->zcorn, 192);
    c->grid = (bw_corner_grid){4, 3, 2, &c->coord_array, &c->zcorn_array, {NULL, 0}};
}

/* Pieces of both kinds come in another order: they are looked for by cell and distance. */
static bool has_piece(const bw_fence *fence, uint32_t cell, const double *stations)
{
    for (size_t n = 0; n < fence->count; n++) {
        const double *s = stations_of(fence, n);
        bool same = fence->cells[n] == cell && fence->firsts[n + 1] - fence->firsts[n] == 2;

        for (unsigned m = 0; same && m < 6; m++) {
            same = fabs(s[m] - stations[m]) < 1e-6;
        }
        if (same) {
            return true;
        }
    }
    return false;
}

static void test_boxes_as_corner_points(void)
{
    static const double lines[3][6] = {{-200, -75, 200, 75, -13, 70}, {-190, 13, 7, -60, 500, 500},
                                       {20, -100, 20, 100, -300, 20}};
    bw_arena arena = {0};
    bw_fence upright, fence;
    bw_ctx ctx;
    corners c;
    boxes b;

    bw_ctx_init(&ctx);
    boxes_init(&b);
    corners_of_boxes(&c);
    for (unsigned line = 0; line < 3; line++) {
        if (!CHECK_OK(&ctx, bw_grid_fence(&ctx, &arena, &b.grid, lines[line], 3, &fence)) ||
            !CHECK_OK(&ctx, bw_corner_grid_fence(&ctx, &arena, &c.grid, lines[line], 3, &upright))) {
            break;
        }
        CHECK_UINT(upright.count, fence.count);
        CHECK_NEAR(upright.length, fence.length, 0);
        for (size_t n = 0; n < fence.count; n++) {
            CHECK(has_piece(&upright, fence.cells[n], stations_of(&fence, n)));
        }
    }
    c.zcorn_array.nbytes -= 8;
    CHECK_STATUS(&ctx, bw_corner_grid_fence(&ctx, &arena, &c.grid, lines[0], 2, &fence), BW_ERR_ARGUMENT);
    bw_arena_free(&ctx, &arena);
}

/* One cell, 2 by 3 by 1, whose pillars go one to the east for each that they go down. */
static void test_slanting_pillars(void)
{
    static const double points[] = {-1, 1.5, 4, 1.5}, border[] = {-1, 0, 4, 0}, back[] = {4, 0, -1, 0};
    static const double expected[] = {1, 0, 0, 2, 0, 1, 3, 0, 1, 4, 1, 1};
    static uint8_t inactive = 0;
    bw_arena arena = {0};
    bw_fence fence;
    bw_ctx ctx;
    corners c;

    bw_ctx_init(&ctx);
    for (unsigned p = 0; p < 4; p++) {
        const double line[6] = {2. * (p % 2), 3. * (p / 2), 0, 2. * (p % 2) + 10, 3. * (p / 2), 10};
        memcpy(c.coord + 6 * p, line, sizeof line);
    }
    for (unsigned n = 0; n < 8; n++) {
        c.zcorn[n] = n / 4;
    }
    c.coord_array = doubles(c.coord, 24);
    c.zcorn_array = doubles(c.zcorn, 8);
    c.grid = (bw_corner_grid){1, 1, 1, &c.coord_array, &c.zcorn_array, {NULL, 0}};
    if (CHECK_OK(&ctx, bw_corner_grid_fence(&ctx, &arena, &c.grid, points, 2, &fence)) && CHECK_UINT(fence.count, 1)) {
        CHECK_UINT(fence.firsts[1], 4);
        for (unsigned n = 0; n < 12; n++) {
            CHECK_NEAR(fence.stations[n], expected[n], 1e-12);
        }
    }
    /* Along its side it is seen to the right of the line, and only there. */
    CHECK_OK(&ctx, bw_corner_grid_fence(&ctx, &arena, &c.grid, back, 2, &fence));
    CHECK_UINT(fence.count, 1);
    CHECK_OK(&ctx, bw_corner_grid_fence(&ctx, &arena, &c.grid, border, 2, &fence));
    CHECK_UINT(fence.count, 0);
    c.zcorn[3] = NAN;
    CHECK_OK(&ctx, bw_corner_grid_fence(&ctx, &arena, &c.grid, points, 2, &fence));
    CHECK_UINT(fence.count, 0);
    c.zcorn[3] = 0;
    c.grid.active = (bw_view){&inactive, 1};
    CHECK_OK(&ctx, bw_corner_grid_fence(&ctx, &arena, &c.grid, points, 2, &fence));
    CHECK_UINT(fence.count, 0);
    bw_arena_free(&ctx, &arena);
}

/* Fences side by side, askew to the grid: their areas times how far apart they are make up its volume. */
static void test_volume_of_a_faulted_grid(void)
{
    enum { FENCES = 600 };
    const double direction[2] = {0.8, 0.6};
    bw_arena arena = {0}, scratch = {0};
    double volume = 0, sum = 0, centre[2] = {0, 0}, reach = 3000, step = 2 * reach / FENCES;
    uint8_t active[480] = {0};
    bw_corner_cells cells;
    bw_corner_grid grid;
    bw_fence fence;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (!CHECK(fault_grid_read(&ctx, &arena, &grid, active)) ||
        !CHECK_OK(&ctx, bw_corner_grid_cells(&ctx, &arena, &grid, &cells))) {
        return;
    }
    for (size_t n = 0; n < 480; n++) {
        size_t i = n / 40, j = n / 4 % 10, k = n % 4;
        const double *at = (const double *)(void *)cells.centres->data + 3 * n;

        centre[0] += at[0] / 480;
        centre[1] += at[1] / 480;
        volume += active[i + 12 * (j + 10 * k)] ? ((double *)(void *)cells.volumes->data)[n] : 0;
    }
    for (unsigned f = 0; f < FENCES; f++) {
        double aside = (f + 0.5) * step - reach, points[4];

        for (unsigned end = 0; end < 2; end++) {
            points[2 * end] = centre[0] - direction[1] * aside + (end ? reach : -reach) * direction[0];
            points[2 * end + 1] = centre[1] + direction[0] * aside + (end ? reach : -reach) * direction[1];
        }
        if (!CHECK_OK(&ctx, bw_corner_grid_fence(&ctx, &scratch, &grid, points, 2, &fence))) {
            break;
        }
        sum += area_of(&fence) * step;
        bw_arena_free(&ctx, &scratch);
        scratch = (bw_arena){0};
    }
    CHECK(volume > 0);
    CHECK_NEAR(sum / volume, 1, 1e-4);
    bw_arena_free(&ctx, &arena);
}

static void test_without_memory(void)
{
    static const double points[] = {-200, -75, 200, 75, 200, -75};
    bw_arena arena = {0};
    bw_status st = BW_OK;
    bw_fence fence;
    bw_ctx ctx;
    corners c;
    boxes b;

    boxes_init(&b);
    corners_of_boxes(&c);
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        st = bw_grid_fence(&ctx, &arena, &b.grid, points, 3, &fence);
        bw_arena_free(&ctx, &arena);
        arena = (bw_arena){0};
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        st = bw_corner_grid_fence(&ctx, &arena, &c.grid, points, 3, &fence);
        bw_arena_free(&ctx, &arena);
        arena = (bw_arena){0};
    }
}

/* Far from zero and turned, so that corners lie beside the line by rounding. */
static void test_through_corners(void)
{
    bw_arena arena = {0};
    bw_ctx ctx;
    corners c;

    bw_ctx_init(&ctx);
    for (unsigned turn = 0; turn < 90; turn++) {
        double cosine = cos(turn * 0.0349), sine = sin(turn * 0.0349);
        double points[4];
        bw_fence fence;

        corners_of_boxes(&c);
        for (unsigned p = 0; p < 40; p++) {
            double *at = c.coord + 3 * p, x = at[0], y = at[1];
            at[0] = 431234.7 + x * cosine - y * sine;
            at[1] = 6712345.1 + x * sine + y * cosine;
        }
        memcpy(points, c.coord, 2 * sizeof *points);
        memcpy(points + 2, c.coord + 6 * (3 * 5 + 3), 2 * sizeof *points);
        if (!CHECK_OK(&ctx, bw_corner_grid_fence(&ctx, &arena, &c.grid, points, 2, &fence))) {
            break;
        }
        CHECK_UINT(fence.count, 6); /* of each layer the three cells of the diagonal */
    }
    bw_arena_free(&ctx, &arena);
}

int main(void)
{
    RUN(test_diagonal);
    RUN(test_dip_and_pinch_out);
    RUN(test_edges);
    RUN(test_refused);
    RUN(test_boxes_as_corner_points);
    RUN(test_through_corners);
    RUN(test_slanting_pillars);
    RUN(test_volume_of_a_faulted_grid);
    RUN(test_without_memory);
    return check_summary();
}
