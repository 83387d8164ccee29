/* SPDX-License-Identifier: MIT */
/**
 * What is made of a run's grid: cells, faces and connections of a faulted one, whose numbers OPM Flow and
 * resdata 6.3.5 gave (tests/data/README.md, "eclipse"), and the files that a GRDECL includes.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "failing_allocator.h"
#include "memory_host.h"
#include "test_data.h"

/* FAULT.EGRID: 12 x 10 x 4 cells, of which 446 are active. */
#define CELLS 480u
#define ACTIVE 446u

typedef struct grid_run {
    bw_ctx own;
    bw_arena arena; /* of the parameters, which a host's allocator gives */
    bw_node *params;
    bw_bytes file, grid;
    bw_host host;
} grid_run;

static bw_node *must(bw_node *node)
{
    if (node == NULL) {
        abort();
    }
    return node;
}

static void set(grid_run *r, bw_node *map, const char *key, bw_node *value)
{
    if (bw_map_set(&r->own, &r->arena, map, bw_view_text(key), must(value)) != BW_OK) {
        abort();
    }
}

static void add_file(grid_run *r, const char *name, const char *role, bw_view bytes)
{
    bw_node *item = must(bw_node_map(&r->own, &r->arena));

    set(r, item, "name", bw_node_text(&r->own, &r->arena, bw_view_text(name)));
    set(r, item, "role", bw_node_text(&r->own, &r->arena, bw_view_text(role)));
    set(r, item, "size", bw_node_int(&r->own, &r->arena, (int64_t)bytes.len));
    if (bw_list_push(&r->own, &r->arena, bw_map_get_text(r->params, "files"), item) != BW_OK) {
        abort();
    }
    bw_host_set(&r->host, name, bytes);
}

static void grid_run_init(grid_run *r)
{
    memset(r, 0, sizeof *r);
    bw_ctx_init(&r->own);
    r->params = must(bw_node_map(&r->own, &r->arena));
    set(r, r->params, "files", bw_node_list(&r->own, &r->arena));
}

static void grid_run_end(grid_run *r)
{
    bw_host_free(&r->host);
    bw_arena_free(&r->own, &r->arena);
    free(r->file.ptr);
    free(r->grid.ptr);
}

static void use_fault(grid_run *r)
{
    grid_run_init(r);
    r->file = bw_test_file("eclipse/FAULT.EGRID");
    add_file(r, "FAULT.EGRID", "grid", bw_bytes_view(&r->file));
}

/* An array of the parameters with a byte a cell. */
static uint8_t *set_mask(grid_run *r, uint64_t cells)
{
    bw_array *mask;
    bw_dtype u1;

    if (bw_dtype_parse(&r->own, BW_VIEW("|u1"), &u1) != BW_OK ||
        bw_array_new(&r->own, &r->arena, u1, 1, &cells, &mask) != BW_OK) {
        abort();
    }
    memset(mask->data, 0, (size_t)cells);
    set(r, r->params, "mask", bw_node_array(&r->own, &r->arena, mask));
    return mask->data;
}

/* Runs an operation behind ecl.open; the caller ends `*op` and `*store`. */
static const bw_node *run(bw_ctx *ctx, grid_run *r, const char *name, bw_store **store, bw_op **op)
{
    bw_op *open = NULL;

    bw_ctx_init(ctx);
    if (!CHECK_OK(ctx, bw_store_new(ctx, store)) ||
        !CHECK_OK(ctx, bw_host_run(ctx, &r->host, *store, "ecl.open", r->params, &open)) ||
        !CHECK_OK(ctx, bw_host_run(ctx, &r->host, *store, name, r->params, op))) {
        abort();
    }
    bw_op_free(ctx, open);
    return bw_op_result(*op);
}

static const bw_array *array(const bw_node *result, const char *key)
{
    return must(bw_map_get_text(result, key))->array;
}

static void test_cells(void)
{
    const double *volumes;
    bw_store *store;
    double sum = 0;
    uint64_t active = 0;
    const bw_node *result;
    grid_run r;
    bw_op *op;
    bw_ctx ctx;

    use_fault(&r);
    result = run(&ctx, &r, "ecl.cells", &store, &op);
    volumes = (const double *)(const void *)array(result, "volumes")->data;
    for (uint64_t n = 0; n < CELLS; n++) {
        sum += volumes[n];
        active += array(result, "active")->data[n];
    }
    CHECK_NEAR(sum, 21245331.05468754, 1e-5);
    CHECK_UINT(active, ACTIVE);
    bw_op_free(&ctx, op);
    bw_store_free(&ctx, store);
    grid_run_end(&r);
}

static void test_connections(void)
{
    double sum = 0;
    uint64_t lateral = 0;
    const bw_node *result;
    bw_store *store;
    grid_run r;
    bw_op *op;
    bw_ctx ctx;

    use_fault(&r);
    result = run(&ctx, &r, "ecl.connections", &store, &op);
    for (uint64_t n = 0; n < array(result, "a")->shape[0]; n++) {
        if (array(result, "directions")->data[n] < 2) {
            lateral++;
            sum += ((const double *)(const void *)array(result, "areas")->data)[n];
        }
    }
    CHECK_UINT(lateral, 804);
    CHECK_NEAR(sum, 393399.8397013238, 1e-6);
    bw_op_free(&ctx, op);
    bw_store_free(&ctx, store);
    grid_run_end(&r);
}

/* A mask of one cell: six sides, all of that cell; of none: nothing; of another length: refused. */
static void test_faces_of_a_mask(void)
{
    bw_store *store;
    const bw_node *result;
    uint32_t cell = (5 * 10 + 5) * 4 + 1;
    grid_run r;
    bw_op *op, *other = NULL;
    bw_ctx ctx;

    use_fault(&r);
    set_mask(&r, CELLS)[cell] = 1;
    result = run(&ctx, &r, "ecl.faces", &store, &op);
    if (CHECK_UINT(array(result, "cells")->shape[0], 6)) {
        for (unsigned n = 0; n < 6; n++) {
            CHECK_UINT(((const uint32_t *)(const void *)array(result, "cells")->data)[n], cell);
        }
    }
    bw_op_free(&ctx, op);
    (void)set_mask(&r, CELLS);
    if (CHECK_OK(&ctx, bw_host_run(&ctx, &r.host, store, "ecl.faces", r.params, &op))) {
        CHECK_UINT(array(bw_op_result(op), "cells")->shape[0], 0);
        bw_op_free(&ctx, op);
    }
    (void)set_mask(&r, CELLS - 1);
    CHECK_INT(bw_host_run(&ctx, &r.host, store, "ecl.faces", r.params, &other), BW_ERR_ARGUMENT);
    bw_store_free(&ctx, store);
    grid_run_end(&r);
}

static void use_grdecl(grid_run *r)
{
    grid_run_init(r);
    add_file(r, "A.GRDECL", "grdecl", BW_VIEW("SPECGRID\n 1 1 1 1 F /\nINCLUDE\n 'there.inc' /\nINCLUDE\n 'lost.inc' /\n"));
    add_file(r, "there.inc", "any", BW_VIEW("INCLUDE\n './below/lost too.inc' /\n"));
}

static void test_includes(void)
{
    const bw_node *missing;
    bw_store *store;
    grid_run r;
    bw_op *op;
    bw_ctx ctx;

    use_grdecl(&r);
    missing = run(&ctx, &r, "ecl.includes", &store, &op);
    if (CHECK_UINT(missing->children.len, 2)) {
        CHECK_VIEW(missing->children.items[0]->text, "lost.inc");
        CHECK_VIEW(missing->children.items[1]->text, "./below/lost too.inc");
    }
    bw_op_free(&ctx, op);
    bw_store_free(&ctx, store);
    grid_run_end(&r);
}

/* Reads of TINY.UNRST, of whose 24 cells 23 are active: an array or, with a slice, one cell of it. */
static void use_tiny(grid_run *r, bool one_cell)
{
    static const char *const names[] = {"model", "fluid_properties", "pressure_grid"};
    bw_node *path, *slice;

    grid_run_init(r);
    r->file = bw_test_file("eclipse/TINY.UNRST");
    r->grid = bw_test_file("eclipse/TINY.EGRID");
    add_file(r, "TINY.UNRST", "restart", bw_bytes_view(&r->file));
    add_file(r, "TINY.EGRID", "grid", bw_bytes_view(&r->grid));
    path = must(bw_node_list(&r->own, &r->arena));
    slice = must(bw_node_list(&r->own, &r->arena));
    for (int n = 0; n < 3; n++) {
        bw_node *name = must(bw_node_text(&r->own, &r->arena, bw_view_text(names[n])));
        bw_node *index = must(bw_node_int(&r->own, &r->arena, 0));
        if (bw_list_push(&r->own, &r->arena, path, name) != BW_OK ||
            bw_list_push(&r->own, &r->arena, slice, index) != BW_OK) {
            abort();
        }
    }
    set(r, r->params, "group", bw_node_text(&r->own, &r->arena, BW_VIEW("entry_0000000000")));
    set(r, r->params, "path", path);
    if (one_cell) {
        set(r, r->params, "slice", slice);
    }
}

/* resfo 5.0.1: the first PRESSURE of the file begins with 209.67935. */
static void test_one_cell_is_that_of_the_array(void)
{
    for (int one = 0; one < 2; one++) {
        const bw_array *found;
        bw_store *store;
        grid_run r;
        bw_op *op;
        bw_ctx ctx;
        use_tiny(&r, one == 1);
        found = must((bw_node *)(uintptr_t)run(&ctx, &r, "ecl.read", &store, &op))->array;
        CHECK_UINT(found->rank, one == 1 ? 0 : 3);
        CHECK_NEAR(((const float *)(const void *)found->data)[0], 209.67935, 1e-5);
        bw_op_free(&ctx, op);
        bw_store_free(&ctx, store);
        grid_run_end(&r);
    }
}

/* Every allocation fails once; what worked before is then done again by a store of its own. */
static void check_without_memory(grid_run *r, const char *const *names)
{
    bw_status st = BW_OK;
    bw_ctx ctx;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_store *store = NULL;
        st = bw_store_new(&ctx, &store);
        for (size_t n = 0; st == BW_OK && names[n] != NULL; n++) {
            bw_op *op = NULL;
            st = bw_host_run(&ctx, &r->host, store, names[n], r->params, &op);
            if (st == BW_OK) {
                bw_op_free(&ctx, op);
            }
        }
        bw_store_free(&ctx, store);
    }
    CHECK_INT(st, BW_OK);
    grid_run_end(r);
}

static void test_without_memory(void)
{
    static const char *const grid[] = {"ecl.open", "ecl.cells", "ecl.faces", "ecl.connections", NULL};
    static const char *const text[] = {"ecl.open", "ecl.includes", NULL};
    static const char *const read[] = {"ecl.open", "ecl.read", NULL};
    grid_run r;

    use_fault(&r);
    memset(set_mask(&r, CELLS), 1, CELLS);
    check_without_memory(&r, grid);
    use_grdecl(&r);
    check_without_memory(&r, text);
    use_tiny(&r, false);
    check_without_memory(&r, read);
    use_tiny(&r, true);
    check_without_memory(&r, read);
}

int main(void)
{
    RUN(test_cells);
    RUN(test_connections);
    RUN(test_faces_of_a_mask);
    RUN(test_includes);
    RUN(test_one_cell_is_that_of_the_array);
    RUN(test_without_memory);
    return check_summary();
}
