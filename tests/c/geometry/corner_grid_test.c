/* SPDX-License-Identifier: MIT */
/**
 * Corner-point grids. A block whose numbers are known by hand, and a faulted grid whose connections
 * OPM Flow listed (tests/data/README.md, "eclipse").
 */
#include "bores/corner_grid.h"

#include "check.h"
#include "failing_allocator.h"
#include "fault_grid.h"

/* Two cells along i, 2 by 3 by 1 each; the second lies `throw` deeper. */
typedef struct block {
    double coord[3 * 2 * 6], zcorn[16];
    bw_array coord_array, zcorn_array;
    bw_corner_grid grid;
} block;

static bw_array doubles(double *data, uint64_t count)
{
    return (bw_array){.dtype = {.kind = 'f', .itemsize = 8}, .rank = 1, .shape = {count},
                      .data = (uint8_t *)data, .nbytes = (size_t)count * 8};
}

static void block_init(block *b, double fault)
{
    for (unsigned p = 0; p < 6; p++) {
        double *line = b->coord + 6 * p;
        line[0] = line[3] = 2 * (p % 3);
        line[1] = line[4] = 3 * (p / 3);
        line[2] = 0;
        line[5] = 10;
    }
    for (unsigned n = 0; n < 16; n++) { /* (2i+a) + 4 ((2j+b) + 2 c) */
        b->zcorn[n] = (n % 4 >= 2 ? fault : 0) + (n / 8);
    }
    b->coord_array = doubles(b->coord, 36);
    b->zcorn_array = doubles(b->zcorn, 16);
    b->grid = (bw_corner_grid){2, 1, 1, &b->coord_array, &b->zcorn_array, {NULL, 0}};
}

static void test_a_block(void)
{
    const double origin[3] = {0, 0, 0};
    bw_arena arena = {0};
    bw_corner_connections found;
    bw_corner_cells cells;
    bw_faces faces;
    bw_ctx ctx;
    block b;

    bw_ctx_init(&ctx);
    block_init(&b, 0.25);
    if (CHECK_OK(&ctx, bw_corner_grid_cells(&ctx, &arena, &b.grid, &cells))) {
        CHECK_NEAR(((double *)(void *)cells.volumes->data)[1], 6, 1e-12);
        CHECK_NEAR(((double *)(void *)cells.centres->data)[5], 0.75, 1e-12);
    }
    if (CHECK_OK(&ctx, bw_corner_grid_connections(&ctx, &arena, &b.grid, &found))) {
        CHECK_UINT(found.count, 1);
        CHECK_NEAR(found.heights[0], 0.75, 1e-12);
        CHECK_NEAR(found.areas[0], 2.25, 1e-12); /* 3 wide, three quarters high */
    }
    if (CHECK_OK(&ctx, bw_corner_grid_faces(&ctx, &arena, &b.grid, origin, NULL, &faces))) {
        /* Five sides each, and of both sides at the fault the quarter that shows. */
        CHECK_UINT(faces.count, 12);
    }
    block_init(&b, 0);
    if (CHECK_OK(&ctx, bw_corner_grid_faces(&ctx, &arena, &b.grid, origin, NULL, &faces))) {
        CHECK_UINT(faces.count, 10); /* nothing between cells that meet */
    }
    b.zcorn_array.nbytes -= 8;
    CHECK_STATUS(&ctx, bw_corner_grid_connections(&ctx, &arena, &b.grid, &found), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "ZCORN: 15 values where the grid needs 16");
    bw_arena_free(&ctx, &arena);
}

static void test_a_fault(void)
{
    const double origin[3] = {0, 0, 0};
    uint8_t active[480] = {0};
    bw_arena arena = {0}, scratch = {0};
    bw_corner_connections found;
    bw_status st = BW_OK;
    bw_corner_grid grid;
    double area = 0;
    size_t sides = 0;
    bw_faces faces;
    bw_ctx ctx, failing;

    bw_ctx_init(&ctx);
    if (!CHECK(fault_grid_read(&ctx, &arena, &grid, active))) {
        return;
    }
    if (CHECK_OK(&ctx, bw_corner_grid_connections(&ctx, &arena, &grid, &found))) {
        for (size_t n = 0; n < found.count; n++) {
            sides += found.directions[n] < 2;
            area += found.directions[n] < 2 ? found.areas[n] : 0;
        }
        CHECK_UINT(sides, 804); /* of which 41 across layers, as Flow's NNC1 has them */
        CHECK_NEAR(area, 393399.8397013238, 1e-5);
    }
    FOR_EACH_FAILING_ALLOCATION(&failing, st) {
        st = bw_corner_grid_faces(&failing, &scratch, &grid, origin, NULL, &faces);
        bw_arena_free(&failing, &scratch);
        scratch = (bw_arena){0};
    }
    FOR_EACH_FAILING_ALLOCATION(&failing, st) {
        st = bw_corner_grid_connections(&failing, &scratch, &grid, &found);
        bw_arena_free(&failing, &scratch);
        scratch = (bw_arena){0};
    }
    bw_arena_free(&ctx, &arena);
}

int main(void)
{
    RUN(test_a_block);
    RUN(test_a_fault);
    return check_summary();
}
