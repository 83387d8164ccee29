/* SPDX-License-Identifier: MIT */
/**
 * Grids: depths, visible faces, picking. Expected values come from brute force in NumPy
 * (tests/data/geometry/make.py) and, where said, from a calculation by hand.
 */
#include <string.h>

#include "failing_allocator.h"
#include "geometry_cases.h"

/* A grid over a block of thicknesses, borrowed. */
typedef struct test_grid {
    bw_array thickness;
    bw_grid grid;
} test_grid;

/* Cells of 100 by 50 ft, the top of the first one at 5000 ft. */
static void grid_init(test_grid *out, uint64_t nx, uint64_t ny, uint64_t nz, float *thickness)
{
    out->thickness = (bw_array){.dtype = {.kind = 'f', .itemsize = 4},
                                .rank = 3,
                                .shape = {nx, ny, nz},
                                .data = (uint8_t *)thickness,
                                .nbytes = (size_t)(nx * ny * nz) * 4};
    out->grid = (bw_grid){.thickness = &out->thickness, .dx = 100, .dy = 50, .datum_depth = 5000};
}

static void grid_from_case(bw_ctx *ctx, bw_arena *arena, const bw_node *row, test_grid *out)
{
    bw_dtype dtype = {.kind = 'f', .itemsize = (uint32_t)case_number(row, "itemsize")};

    out->thickness = case_array(ctx, arena, row, "thickness", dtype);
    out->grid = (bw_grid){.thickness = &out->thickness,
                          .dx = case_number(row, "dx"),
                          .dy = case_number(row, "dy"),
                          .datum_depth = case_number(row, "datum"),
                          .dip_angle = case_number(row, "dip"),
                          .dip_azimuth = case_number(row, "azimuth")};
}

static bw_cell_filter filter_from_case(bw_ctx *ctx, bw_arena *arena, const bw_node *row)
{
    bw_cell_filter filter;

    case_shape(row, "lo", filter.lo);
    case_shape(row, "hi", filter.hi);
    filter.mask = case_bytes(ctx, arena, row, "mask");
    return filter;
}

/* Outward normals by bw_direction. */
static const double normals[6][3] = {{-1, 0, 0}, {1, 0, 0},  {0, -1, 0},
                                     {0, 1, 0},  {0, 0, 1}, {0, 0, -1}};

/* How far the quad's plane turns towards its direction: positive when counter-clockwise. */
static double facing(const bw_faces *faces, size_t n)
{
    const float *p = faces->positions + 12 * n, *normal_end = p + 9;
    double u[3], v[3];
    const double *normal = normals[faces->directions[n]];

    for (size_t d = 0; d < 3; d++) {
        u[d] = (double)p[3 + d] - (double)p[d];
        v[d] = (double)normal_end[d] - (double)p[d];
    }
    return normal[0] * (u[1] * v[2] - u[2] * v[1]) + normal[1] * (u[2] * v[0] - u[0] * v[2]) +
           normal[2] * (u[0] * v[1] - u[1] * v[0]);
}

static bool check_marks(const bw_faces *faces, const uint8_t *expected, size_t cells)
{
    size_t n = 0;
    bool held = true;

    for (size_t cell = 0; cell < cells; cell++) {
        for (uint8_t d = 0; d < 6; d++) {
            if (expected[cell] >> d & 1) {
                held = CHECK(n < faces->count) && CHECK_UINT(faces->cells[n], cell) &&
                       CHECK_UINT(faces->directions[n], d) && CHECK(facing(faces, n) > 0) && held;
                n++;
            }
        }
    }
    return CHECK_UINT(faces->count, n) && held;
}

static void test_faces_equal_brute_force(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    const bw_node *rows;

    bw_ctx_init(&ctx);
    rows = cases_load(&ctx, &arena, "grids");
    for (uint32_t r = 0; r < rows->children.len; r++) {
        const bw_node *row = rows->children.items[r];
        bw_cell_filter filter = filter_from_case(&ctx, &arena, row);
        double origin[3];
        bw_faces faces;
        bw_view marks;
        test_grid t;

        grid_from_case(&ctx, &arena, row, &t);
        case_numbers(row, "origin", origin, 3);
        marks = case_bytes(&ctx, &arena, row, "marks");
        case_result(row, CHECK_OK(&ctx, bw_grid_faces(&ctx, &arena, &t.grid, &filter, &faces)) &&
                             CHECK_NEAR((double)faces.count, case_number(row, "count"), 0) &&
                             check_marks(&faces, marks.ptr, marks.len) &&
                             CHECK_NEAR(faces.origin[0], origin[0], 1e-9) &&
                             CHECK_NEAR(faces.origin[1], origin[1], 1e-9) &&
                             CHECK_NEAR(faces.origin[2], origin[2], 1e-9));
    }
    bw_arena_free(&ctx, &arena);
}

static void test_depths_equal_numpy(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    const bw_node *rows;

    bw_ctx_init(&ctx);
    rows = cases_load(&ctx, &arena, "grids");
    for (uint32_t r = 0; r < rows->children.len; r++) {
        const bw_node *row = rows->children.items[r];
        bw_view expected = case_bytes(&ctx, &arena, row, "depths");
        bw_array *wide, *narrow;
        bool held = true;
        test_grid t;

        grid_from_case(&ctx, &arena, row, &t);
        if (!CHECK_OK(&ctx, bw_grid_depths(&ctx, &arena, &t.grid, 8, &wide)) ||
            !CHECK_OK(&ctx, bw_grid_depths(&ctx, &arena, &t.grid, 4, &narrow)) ||
            !CHECK_UINT(wide->nbytes, expected.len)) {
            continue;
        }
        for (size_t cell = 0; cell < expected.len / 8; cell++) {
            double depth, due;
            float half;

            memcpy(&depth, wide->data + 8 * cell, 8);
            memcpy(&half, narrow->data + 4 * cell, 4);
            memcpy(&due, expected.ptr + 8 * cell, 8);
            /* The order of additions may differ: a few units in the last place of 10^4 ft. */
            held = CHECK_NEAR(depth, due, 1e-11) && CHECK_NEAR((double)half, due, 1e-3) && held;
        }
        case_result(row, held);
    }
    bw_arena_free(&ctx, &arena);
}

static void test_picks_equal_brute_force(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    const bw_node *rows;

    bw_ctx_init(&ctx);
    rows = cases_load(&ctx, &arena, "grids");
    for (uint32_t r = 0; r < rows->children.len; r++) {
        const bw_node *row = rows->children.items[r];
        const bw_node *rays = bw_map_get_text(row, "rays");
        bw_cell_filter filter = filter_from_case(&ctx, &arena, row);
        bool held = true;
        test_grid t;

        grid_from_case(&ctx, &arena, row, &t);
        for (uint32_t n = 0; n < rays->children.len; n++) {
            const bw_node *ray = rays->children.items[n];
            double origin[3], direction[3], due = case_number(ray, "distance");
            bw_pick pick;

            case_numbers(ray, "origin", origin, 3);
            case_numbers(ray, "direction", direction, 3);
            held = CHECK_OK(&ctx, bw_grid_pick(&ctx, &t.grid, &filter, origin, direction, &pick)) &&
                   CHECK_INT(pick.hit, case_has(ray, "cell")) && held;
            if (pick.hit && held) {
                held = CHECK_NEAR((double)pick.cell, case_number(ray, "cell"), 0) &&
                       CHECK_NEAR((double)pick.direction, case_number(ray, "face"), 0) &&
                       CHECK_NEAR(pick.distance, due, 1e-9 * (1 + due)) &&
                       CHECK_NEAR(pick.point[2], origin[2] + due * direction[2], 1e-6);
            }
        }
        case_result(row, held);
    }
    bw_arena_free(&ctx, &arena);
}

/* By hand: one cell of 100 by 50 by 20 ft, its middle the origin. */
static void test_one_cell_is_a_box(void)
{
    static const float top[12] = {-50, -25, 10, 50, -25, 10, 50, 25, 10, -50, 25, 10};
    static const float west[12] = {-50, -25, -10, -50, -25, 10, -50, 25, 10, -50, 25, -10};
    bw_ctx ctx;
    bw_arena arena = {0};
    float thickness[] = {20};
    bw_faces faces;
    test_grid t;

    bw_ctx_init(&ctx);
    grid_init(&t, 1, 1, 1, thickness);
    CHECK_OK(&ctx, bw_grid_faces(&ctx, &arena, &t.grid, NULL, &faces));
    CHECK_UINT(faces.count, 6);
    CHECK_NEAR(faces.origin[0], 50, 0);
    CHECK_NEAR(faces.origin[1], 25, 0);
    CHECK_NEAR(faces.origin[2], -5010, 0);
    CHECK_BYTES(faces.positions + 12 * BW_WEST, west, sizeof west);
    CHECK_BYTES(faces.positions + 12 * BW_UP, top, sizeof top);
    bw_arena_free(&ctx, &arena);
}

/* By hand: eight cells show 24 faces. Without one of them, which showed 3, three others show a new
 * one each: 24 again. */
static void test_hole_opens_its_neighbours(void)
{
    uint8_t mask[8] = {1, 1, 1, 1, 1, 1, 0, 1};
    float thickness[8] = {5, 5, 5, 5, 5, 5, 5, 5};
    bw_cell_filter filter;
    bw_arena arena = {0};
    bw_faces faces;
    bw_ctx ctx;
    test_grid t;

    bw_ctx_init(&ctx);
    grid_init(&t, 2, 2, 2, thickness);
    CHECK_OK(&ctx, bw_grid_faces(&ctx, &arena, &t.grid, NULL, &faces));
    CHECK_UINT(faces.count, 24);
    bw_cell_filter_all(&t.grid, &filter);
    filter.mask = (bw_view){mask, sizeof mask};
    CHECK_OK(&ctx, bw_grid_faces(&ctx, &arena, &t.grid, &filter, &faces));
    CHECK_UINT(faces.count, 24);
    for (size_t n = 0; n < faces.count; n++) {
        CHECK(faces.cells[n] != 6);
    }
    filter.hi[0] = 0;
    CHECK_OK(&ctx, bw_grid_faces(&ctx, &arena, &t.grid, &filter, &faces));
    CHECK_UINT(faces.count, 0);
    CHECK(faces.positions != NULL && faces.cells != NULL && faces.directions != NULL);
    bw_arena_free(&ctx, &arena);
}

/* By hand: tan 45° = 1, so that each cell towards the azimuth lies dx or dy deeper. */
static void test_dip_deepens_towards_azimuth(void)
{
    static const struct {
        double azimuth;
        double along_i, along_j;
    } rows[] = {{0, 0, 50}, {90, 100, 0}, {180, 0, -50}, {270, -100, 0}};
    float thickness[] = {20, 20, 20, 20};
    bw_arena arena = {0};
    bw_ctx ctx;
    test_grid t;

    bw_ctx_init(&ctx);
    grid_init(&t, 2, 2, 1, thickness);
    t.grid.dip_angle = 45;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        double depths[4];
        bw_array *out;

        t.grid.dip_azimuth = rows[r].azimuth;
        if (!CHECK_OK(&ctx, bw_grid_depths(&ctx, &arena, &t.grid, 8, &out))) {
            break;
        }
        memcpy(depths, out->data, sizeof depths);
        CHECK_NEAR(depths[0], 5010, 1e-9);
        CHECK_NEAR(depths[1], 5010 + rows[r].along_j, 1e-9);
        CHECK_NEAR(depths[2], 5010 + rows[r].along_i, 1e-9);
        CHECK_NEAR(depths[3], 5010 + rows[r].along_i + rows[r].along_j, 1e-9);
    }
    bw_arena_free(&ctx, &arena);
}

/* A dipping cell's corners average to its centre, and neighbours share theirs to the bit. */
static void test_dipping_corners_meet(void)
{
    float thickness[] = {20, 20};
    const float *first, *second;
    bw_arena arena = {0};
    bw_faces faces;
    bw_ctx ctx;
    test_grid t;

    bw_ctx_init(&ctx);
    grid_init(&t, 2, 1, 1, thickness);
    t.grid.dip_angle = 30;
    t.grid.dip_azimuth = 70;
    if (!CHECK_OK(&ctx, bw_grid_faces(&ctx, &arena, &t.grid, NULL, &faces)) ||
        !CHECK_UINT(faces.count, 10)) {
        return;
    }
    /* Quads 3 and 8 are the tops: south-west, south-east, north-east, north-west. */
    CHECK_UINT(faces.directions[3], BW_UP);
    CHECK_UINT(faces.directions[8], BW_UP);
    first = faces.positions + 12 * 3;
    second = faces.positions + 12 * 8;
    CHECK_BYTES(first + 3, second, 12);
    CHECK_BYTES(first + 6, second + 9, 12);
    /* The origin is at the second cell's middle depth, so that its top's mean is half of 20 ft. */
    CHECK_NEAR((double)(second[2] + second[5] + second[8] + second[11]) / 4, 10, 1e-5);
    bw_arena_free(&ctx, &arena);
}

/* A ray down a column without its top cell: from above, from the face itself, from within, and past
 * the edge. */
static void test_pick_by_hand(void)
{
    float thickness[] = {10, 10, 10};
    uint8_t mask[] = {0, 1, 1};
    const double above[3] = {1, 2, 100}, down[3] = {0, 0, -4}, inside[3] = {0, 0, 0};
    const double on_face[3] = {1, 2, 5};
    const double beside[3] = {51, 0, 100}, east[3] = {1, 0, 0}, nowhere[3] = {0, 0, 0};
    const double broken[3] = {0, (double)NAN, 1};
    bw_cell_filter filter;
    bw_pick pick;
    bw_ctx ctx;
    test_grid t;

    bw_ctx_init(&ctx);
    grid_init(&t, 1, 1, 3, thickness);
    bw_cell_filter_all(&t.grid, &filter);
    filter.mask = (bw_view){mask, sizeof mask};
    CHECK_OK(&ctx, bw_grid_pick(&ctx, &t.grid, &filter, above, down, &pick));
    CHECK(pick.hit);
    CHECK_UINT(pick.cell, 1);
    CHECK_INT(pick.direction, BW_UP);
    CHECK_NEAR(pick.distance, 95.0 / 4, 1e-12);
    CHECK_NEAR(pick.point[2], 5, 1e-12);
    CHECK_OK(&ctx, bw_grid_pick(&ctx, &t.grid, &filter, on_face, down, &pick));
    CHECK(pick.hit && pick.cell == 1 && pick.direction == BW_UP && pick.distance == 0);
    CHECK_OK(&ctx, bw_grid_pick(&ctx, &t.grid, &filter, inside, east, &pick));
    CHECK(!pick.hit);
    CHECK_OK(&ctx, bw_grid_pick(&ctx, &t.grid, &filter, beside, down, &pick));
    CHECK(!pick.hit);
    CHECK_STATUS(&ctx, bw_grid_pick(&ctx, &t.grid, &filter, above, nowhere, &pick),
                 BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_grid_pick(&ctx, &t.grid, &filter, above, broken, &pick), BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx, bw_grid_pick(&ctx, &t.grid, &filter, broken, down, &pick), BW_ERR_ARGUMENT);
}

/* Each row spoils one thing of a good grid. */
static void test_bad_grids_are_refused(void)
{
    float thickness[8] = {5, 5, 5, 5, 5, 5, 5, 5}, huge[8] = {3e38f, 5, 5, 5, 5, 5, 5, 5};
    uint8_t mask[7] = {1};
    bw_cell_filter filter;
    bw_arena arena = {0};
    bw_faces faces;
    bw_ctx ctx;

#define REFUSED(spoil, status, words)                                                         \
    do {                                                                                      \
        test_grid t;                                                                          \
        grid_init(&t, 2, 2, 2, thickness);                                                    \
        bw_cell_filter_all(&t.grid, &filter);                                                 \
        spoil;                                                                                \
        CHECK_STATUS(&ctx, bw_grid_faces(&ctx, &arena, &t.grid, &filter, &faces), status);     \
        CHECK_CONTAINS(ctx.error.message, words);                                             \
    } while (0)

    bw_ctx_init(&ctx);
    REFUSED(t.thickness.rank = 2, BW_ERR_ARGUMENT, "[2, 2] is not 3-D");
    REFUSED(t.thickness.dtype.kind = 'i', BW_ERR_ARGUMENT, "i4");
    REFUSED(t.thickness.shape[1] = 0, BW_ERR_ARGUMENT, "no cells");
    REFUSED(t.thickness.nbytes = 31, BW_ERR_ARGUMENT, "31 bytes, its shape [2, 2, 2] needs 32");
    REFUSED(t.thickness.shape[0] = UINT64_MAX, BW_ERR_LIMIT, "limit");
    REFUSED(t.thickness.data = (uint8_t *)huge, BW_ERR_ARGUMENT, "column (0, 0)");
    REFUSED(t.grid.dx = 0, BW_ERR_ARGUMENT, "(0, 50)");
    REFUSED(t.grid.dy = (double)INFINITY, BW_ERR_ARGUMENT, "(100, inf)");
    REFUSED(t.grid.datum_depth = (double)NAN, BW_ERR_ARGUMENT, "datum");
    REFUSED(t.grid.dip_angle = 90, BW_ERR_ARGUMENT, "90 is not in [0, 90)");
    REFUSED(t.grid.dip_angle = -1, BW_ERR_ARGUMENT, "-1");
    REFUSED(t.grid.dip_azimuth = (double)NAN, BW_ERR_ARGUMENT, "azimuth");
    REFUSED((t.grid.dx = 1e30, t.grid.dip_angle = 60), BW_ERR_ARGUMENT, "larger than");
    REFUSED(filter.hi[1] = 3, BW_ERR_INDEX_RANGE, "j range [0, 3) is not within [0, 2)");
    REFUSED((filter.lo[2] = 2, filter.hi[2] = 1), BW_ERR_INDEX_RANGE, "k range [2, 1)");
    REFUSED(filter.mask = ((bw_view){mask, 7}), BW_ERR_ARGUMENT, "7 bytes, the grid 8 cells");
#undef REFUSED
    bw_arena_free(&ctx, &arena);
}

/* A million cells, all alike: 100 by 100 quads on each side, and work memory that stays near one
 * byte a cell. As a checkerboard, where each of half a million cells shows all sides: refused. */
static void test_million_cells(void)
{
    enum { N = 100, CELLS = N * N * N, QUADS = 6 * N * N };
    float *thickness = malloc(CELLS * sizeof *thickness);
    uint8_t *mask = malloc(CELLS);
    bw_test_heap heap = {0};
    bw_cell_filter filter;
    bw_arena arena = {0};
    bw_faces faces;
    bw_ctx ctx;
    test_grid t;

    if (!CHECK(thickness != NULL && mask != NULL)) {
        return;
    }
    for (size_t cell = 0; cell < CELLS; cell++) {
        thickness[cell] = 12.5f;
        mask[cell] = (cell / (N * N) + cell / N + cell) % 2;
    }
    grid_init(&t, N, N, N, thickness);
    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    CHECK_OK(&ctx, bw_grid_faces(&ctx, &arena, &t.grid, NULL, &faces));
    CHECK_UINT(faces.count, QUADS);
    CHECK(heap.peak_bytes < CELLS + QUADS * 53 + N * N * 40 + N * 128 + 65536);
    CHECK(heap.live_bytes < QUADS * 53 + 4096);
    bw_arena_free(&ctx, &arena);
    bw_cell_filter_all(&t.grid, &filter);
    filter.mask = (bw_view){mask, CELLS};
    ctx.limits.max_array_bytes = 4 * CELLS;
    CHECK_STATUS(&ctx, bw_grid_faces(&ctx, &arena, &t.grid, &filter, &faces), BW_ERR_LIMIT);
    CHECK_UINT(ctx.error.needed, (uint64_t)CELLS / 2 * 6 * 48);
    CHECK_UINT(ctx.error.limit, 4 * CELLS);
    CHECK_UINT(heap.live, 0);
    free(thickness);
    free(mask);
}

static void test_out_of_memory(void)
{
    const double above[3] = {0, 0, 100}, down[3] = {0, 0, -1};
    float thickness[] = {1, 2, 2, 1, 3, 1, 1, 2};
    bw_status st = BW_OK;
    bw_ctx ctx;
    test_grid t;

    grid_init(&t, 2, 2, 2, thickness);
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_faces faces;

        st = bw_grid_faces(&ctx, &arena, &t.grid, NULL, &faces);
        bw_arena_free(&ctx, &arena);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_array *depths;

        st = bw_grid_depths(&ctx, &arena, &t.grid, 8, &depths);
        bw_arena_free(&ctx, &arena);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_pick pick;

        st = bw_grid_pick(&ctx, &t.grid, NULL, above, down, &pick);
    }
}

int main(void)
{
    RUN(test_faces_equal_brute_force);
    RUN(test_depths_equal_numpy);
    RUN(test_picks_equal_brute_force);
    RUN(test_one_cell_is_a_box);
    RUN(test_hole_opens_its_neighbours);
    RUN(test_dip_deepens_towards_azimuth);
    RUN(test_dipping_corners_meet);
    RUN(test_pick_by_hand);
    RUN(test_bad_grids_are_refused);
    RUN(test_million_cells);
    RUN(test_out_of_memory);
    return check_summary();
}
