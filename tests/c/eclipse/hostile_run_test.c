/* SPDX-License-Identifier: MIT */
/**
 * Runs whose files do not fit together: each is written here, keyword by keyword, over a grid of two
 * active cells, and must open, load or fail without a read outside of what is there.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/eclipse.h"
#include "check.h"
#include "memory_host.h"
#include "test_data.h"

#define HEAD 100u /* elements of INTEHEAD */
#define MOST_FILES 4u

/* A binary file, big-endian. */
typedef struct file {
    uint8_t bytes[8192];
    size_t len;
} file;

static void put_u32(file *f, uint32_t value)
{
    for (int n = 0; n < 4; n++) {
        f->bytes[f->len++] = (uint8_t)(value >> (24 - 8 * n));
    }
}

static void put_head(file *f, const char *name, uint32_t count, const char *type)
{
    put_u32(f, 16);
    memset(f->bytes + f->len, ' ', 8);
    memcpy(f->bytes + f->len, name, strlen(name));
    f->len += 8;
    put_u32(f, count);
    memcpy(f->bytes + f->len, type, 4);
    f->len += 4;
    put_u32(f, 16);
}

static void put_ints(file *f, const char *name, const int32_t *values, uint32_t count)
{
    put_head(f, name, count, "INTE");
    put_u32(f, 4 * count);
    for (uint32_t n = 0; n < count; n++) {
        put_u32(f, (uint32_t)values[n]);
    }
    put_u32(f, 4 * count);
}

static void put_reals(file *f, const char *name, float value, uint32_t count)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_head(f, name, count, "REAL");
    put_u32(f, 4 * count);
    for (uint32_t n = 0; n < count; n++) {
        put_u32(f, bits);
    }
    put_u32(f, 4 * count);
}

/* Names of eight bytes each, one behind the other. */
static void put_texts(file *f, const char *name, const char *texts)
{
    uint32_t bytes = (uint32_t)strlen(texts);

    put_head(f, name, bytes / 8, "CHAR");
    put_u32(f, bytes);
    memcpy(f->bytes + f->len, texts, bytes);
    f->len += bytes;
    put_u32(f, bytes);
}

static void put_message(file *f, const char *name)
{
    put_head(f, name, 0, "MESS");
}

/* Two cells, oil, water and gas, and a well whose rows have the lengths that OPM Flow writes. */
static void fill_head(int32_t head[HEAD])
{
    memset(head, 0, HEAD * sizeof *head);
    head[2] = 1;
    head[8] = 2;
    head[9] = 1;
    head[10] = 1;
    head[11] = 2;
    head[14] = 7;
    head[16] = 1;
    head[17] = 1;
    head[24] = 155;
    head[27] = 3;
    head[32] = 26;
    head[64] = 1;
    head[65] = 1;
    head[66] = 2018;
}

/* SEQNUM and INTEHEAD. */
static void begin_step(file *f, int32_t report, const int32_t head[HEAD])
{
    put_ints(f, "SEQNUM", &report, 1);
    put_ints(f, "INTEHEAD", head, HEAD);
}

/* A run ------------------------------------------------------------------------------------- */

typedef struct run {
    bw_ctx ctx, own;
    bw_arena arena; /* of the parameters */
    bw_host host;
    bw_store *store;
    bw_node *params, *files;
    bw_op *op;
} run;

static bw_node *must(bw_node *node)
{
    if (node == NULL) {
        abort();
    }
    return node;
}

static void set(run *r, bw_node *map, const char *key, bw_node *value)
{
    if (bw_map_set(&r->own, &r->arena, map, bw_view_text(key), must(value)) != BW_OK) {
        abort();
    }
}

static bw_node *text_node(run *r, const char *text)
{
    return bw_node_text(&r->own, &r->arena, bw_view_text(text));
}

static void run_init(run *r)
{
    memset(r, 0, sizeof *r);
    bw_ctx_init(&r->ctx);
    bw_ctx_init(&r->own);
    r->params = must(bw_node_map(&r->own, &r->arena));
    r->files = must(bw_node_list(&r->own, &r->arena));
    set(r, r->params, "files", r->files);
    set(r, r->params, "group", text_node(r, "entry_0000000000"));
    if (bw_store_new(&r->ctx, &r->store) != BW_OK) {
        abort();
    }
}

/* `number` -1: all steps are in it. */
static void add_bytes(run *r, const char *name, const char *role, int64_t number, bw_view bytes)
{
    bw_node *item = must(bw_node_map(&r->own, &r->arena));

    set(r, item, "name", text_node(r, name));
    set(r, item, "role", text_node(r, role));
    set(r, item, "size", bw_node_int(&r->own, &r->arena, (int64_t)bytes.len));
    set(r, item, "number", bw_node_int(&r->own, &r->arena, number));
    if (bw_list_push(&r->own, &r->arena, r->files, item) != BW_OK) {
        abort();
    }
    bw_host_set(&r->host, name, bytes);
}

static void add_file(run *r, const char *name, const char *role, int64_t number, const file *f)
{
    add_bytes(r, name, role, number, (bw_view){f->bytes, f->len});
}

/* The result of the next operation; that of the one before is gone. */
static const bw_node *result_of(run *r, const char *name)
{
    if (r->op != NULL) {
        bw_op_free(&r->ctx, r->op);
        r->op = NULL;
    }
    return CHECK_OK(&r->ctx, bw_host_run(&r->ctx, &r->host, r->store, name, r->params, &r->op))
               ? bw_op_result(r->op)
               : NULL;
}

static void run_end(run *r)
{
    if (r->op != NULL) {
        bw_op_free(&r->ctx, r->op);
    }
    bw_store_free(&r->ctx, r->store);
    bw_host_free(&r->host);
    bw_arena_free(&r->own, &r->arena);
}

static const bw_node *at(const bw_node *node, const char *key)
{
    return node == NULL || node->type != BW_NODE_MAP ? NULL : bw_map_get_text(node, key);
}

/* What ecl.load has of the one step in `restart`, within the run. */
static const bw_node *load(run *r, const file *restart)
{
    add_file(r, "A.UNRST", "restart", -1, restart);
    return result_of(r, "ecl.open") == NULL ? NULL : at(result_of(r, "ecl.load"), "data");
}

/* Wells ------------------------------------------------------------------------------------- */

/* A producer with `count` connections, the first of which is open in the first cell along x. */
static void put_well(file *f, int32_t count)
{
    int32_t iwel[155] = {[4] = count, [6] = 1, [10] = 1}, icon[26] = {[1] = 1, [2] = 1, [3] = 1, [5] = 1, [13] = 1};

    put_ints(f, "IWEL", iwel, 155);
    put_ints(f, "ICON", icon, 26);
}

static const bw_node *load_well(run *r, int32_t count, int32_t connections, const char *zwel)
{
    static const int32_t numbers[3] = {1, 2, 3};
    file f = {.len = 0};
    int32_t head[HEAD];

    fill_head(head);
    head[17] = connections;
    begin_step(&f, 0, head);
    put_well(&f, count);
    if (zwel == NULL) {
        put_ints(&f, "ZWEL", numbers, 3);
    } else {
        put_texts(&f, "ZWEL", zwel);
    }
    put_reals(&f, "PRESSURE", 200, 2);
    return load(r, &f);
}

static void test_well_names_that_are_numbers(void)
{
    const bw_node *data;
    run r;

    run_init(&r);
    data = load_well(&r, 1, 1, NULL);
    CHECK(data != NULL);
    CHECK(at(data, "wells") == NULL);
    run_end(&r);
}

static void check_well(int32_t count, int32_t connections, uint64_t intervals, const char *orientation)
{
    const bw_node *well;
    bw_view direction = {0};
    run r;

    run_init(&r);
    well = at(load_well(&r, count, connections, "OP1                     "), "wells");
    well = at(at(at(well, "production_wells"), "OP1"), "production_well");
    if (CHECK(well != NULL)) {
        CHECK_UINT(at(well, "perforating_intervals")->children.len, intervals);
        CHECK(bw_map_get_string(well, "orientation", &direction));
        CHECK_VIEW(direction, orientation);
    }
    run_end(&r);
}

/* More connections than ICON has rows for: none is believed, however many they are. */
static void test_more_connections_than_rows(void)
{
    check_well(1, 1, 1, "x");
    check_well(1, 2, 0, "z");
    check_well(-1, -1, 0, "z");
    check_well(INT32_MAX, INT32_MAX, 0, "z");
}

/* Saturations ------------------------------------------------------------------------------- */

/* A step of those phases (INTEHEAD 14) with so many elements of SWAT, SGAS and SSOL (0: absent). */
static const bw_node *load_saturations(run *r, file *f, int32_t phases, uint32_t water, uint32_t gas, uint32_t solvent)
{
    int32_t head[HEAD];

    run_init(r);
    fill_head(head);
    head[14] = phases;
    begin_step(f, 0, head);
    if (water > 0) {
        put_reals(f, "SWAT", 0.25f, water);
    }
    if (gas > 0) {
        put_reals(f, "SGAS", 0.5f, gas);
    }
    if (solvent > 0) {
        put_reals(f, "SSOL", 0.125f, solvent);
    }
    put_reals(f, "PRESSURE", 200, 2);
    return at(at(load(r, f), "model"), "fluid_properties");
}

/* The saturation that is left: `name` is a grid of it, or NULL where nothing says what it is. */
static void check_left(int32_t phases, uint32_t water, uint32_t gas, uint32_t solvent, const char *name, double left)
{
    const bw_node *fluid, *grid;
    file f = {.len = 0};
    run r;

    fluid = load_saturations(&r, &f, phases, water, gas, solvent);
    CHECK(at(fluid, "pressure_grid") != NULL);
    CHECK_INT(at(fluid, "oil_saturation_grid") != NULL, name != NULL && strcmp(name, "oil_saturation_grid") == 0);
    if (name != NULL) {
        grid = at(fluid, name);
        if (CHECK(grid != NULL)) {
            CHECK_NEAR((double)((float *)(void *)grid->array->data)[1], left, 1e-7);
        }
    }
    (void)result_of(&r, "ecl.inventory");
    (void)result_of(&r, "ecl.verify");
    run_end(&r);
}

static void test_saturations_that_do_not_fit(void)
{
    check_left(7, 1, 2, 0, NULL, 0);
    check_left(7, 2, 1, 0, NULL, 0);
    check_left(7, 4, 2, 0, NULL, 0);
    check_left(7, 2, 4, 0, NULL, 0);
    check_left(7, 2, 0, 0, NULL, 0);
    check_left(7, 0, 2, 0, NULL, 0);
    check_left(3, 1, 0, 0, NULL, 0);
    check_left(5, 0, 3, 0, NULL, 0);
}

static void test_saturation_that_is_left(void)
{
    check_left(7, 2, 2, 0, "oil_saturation_grid", 0.25);
    check_left(7, 2, 2, 2, "oil_saturation_grid", 0.125);
    check_left(3, 2, 0, 0, "oil_saturation_grid", 0.75);
    check_left(5, 0, 2, 0, "oil_saturation_grid", 0.5);
    check_left(0, 2, 2, 0, "oil_saturation_grid", 0.25);
    check_left(0, 2, 0, 0, "oil_saturation_grid", 0.75);
    check_left(6, 2, 0, 0, "gas_saturation_grid", 0.75);
}

/* SWAT of INIT is none of the step's. */
static void test_water_of_init_alone(void)
{
    const bw_node *oil;
    int32_t head[HEAD];
    file init = {.len = 0}, f = {.len = 0};
    run r;

    run_init(&r);
    fill_head(head);
    head[14] = 5;
    put_ints(&init, "INTEHEAD", head, HEAD);
    put_reals(&init, "SWAT", 0.75f, 2);
    add_file(&r, "A.INIT", "init", -1, &init);
    begin_step(&f, 0, head);
    put_reals(&f, "SGAS", 0.5f, 2);
    oil = at(at(at(load(&r, &f), "model"), "fluid_properties"), "oil_saturation_grid");
    if (CHECK(oil != NULL)) {
        CHECK_NEAR((double)((float *)(void *)oil->array->data)[0], 0.5, 0);
    }
    run_end(&r);
}

/* Steps ------------------------------------------------------------------------------------- */

/* The first of two restarts is damaged, or has no INTEHEAD: the second says what is active. */
static void check_first_step(bool damaged)
{
    const bw_node *opened;
    int32_t head[HEAD], report = 0;
    file first = {.len = 0}, second = {.len = 0};
    run r;

    run_init(&r);
    fill_head(head);
    put_ints(&first, "SEQNUM", &report, 1);
    if (damaged) {
        put_head(&first, "PRESSURE", 2, "REAL");
        put_u32(&first, 12); /* of eight bytes */
        put_u32(&first, 0);
        put_u32(&first, 0);
        put_u32(&first, 0);
        put_u32(&first, 12);
    }
    put_reals(&first, "SWAT", 0.25f, 2);
    begin_step(&second, 1, head);
    put_reals(&second, "PRESSURE", 200, 2);
    add_file(&r, "A.X0000", "restart", 0, &first);
    add_file(&r, "A.X0001", "restart", 1, &second);
    opened = result_of(&r, "ecl.open");
    if (CHECK(opened != NULL)) {
        CHECK_UINT(at(opened, "groups")->children.len, 2);
        CHECK_INT(at(at(opened, "info"), "activeCells")->integer, 2);
    }
    run_end(&r);
}

static void test_first_step_without_a_head(void)
{
    check_first_step(true);
    check_first_step(false);
}

/* Geometry ---------------------------------------------------------------------------------- */

static void test_empty_include(void)
{
    static const char text[] = "INCLUDE 'empty.inc' /\nINCLUDE 'empty.inc' /\n"
                               "SPECGRID 1 1 1 /\nCOORD 24*1 /\nZCORN 8*1 /\n";
    const bw_node *geometry;
    run r;

    run_init(&r);
    add_bytes(&r, "A.GRDECL", "grdecl", -1, bw_view_text(text));
    add_bytes(&r, "empty.inc", "any", -1, (bw_view){(const uint8_t *)"", 0});
    CHECK(result_of(&r, "ecl.open") != NULL);
    geometry = result_of(&r, "ecl.geometry");
    CHECK(at(geometry, "zcorn") != NULL);
    run_end(&r);
}

static void test_empty_grdecl(void)
{
    bw_op *op = NULL;
    run r;

    run_init(&r);
    add_bytes(&r, "A.GRDECL", "grdecl", -1, (bw_view){(const uint8_t *)"", 0});
    CHECK(result_of(&r, "ecl.open") != NULL);
    CHECK_STATUS(&r.ctx, bw_host_run(&r.ctx, &r.host, r.store, "ecl.geometry", r.params, &op), BW_ERR_CORRUPT);
    CHECK_CONTAINS(r.ctx.error.message, "SPECGRID");
    run_end(&r);
}

/* Summary ----------------------------------------------------------------------------------- */

/* Rows behind LGR are rows as the others: each that is counted is read. */
static void test_rows_behind_a_local_grid(void)
{
    const bw_node *summary, *days;
    file specs = {.len = 0}, rows = {.len = 0};
    run r;

    run_init(&r);
    put_texts(&specs, "KEYWORDS", "TIME    FPR     ");
    put_texts(&specs, "UNITS", "DAYS    BARSA   ");
    put_message(&rows, "LGR");
    put_reals(&rows, "PARAMS", 7, 2);
    put_message(&rows, "ENDLGR");
    add_file(&r, "A.SMSPEC", "specs", -1, &specs);
    add_file(&r, "A.UNSMRY", "summary", -1, &rows);
    set(&r, r.params, "columns", bw_node_list(&r.own, &r.arena));
    if (bw_list_push(&r.own, &r.arena, bw_map_get_text(r.params, "columns"),
                     must(bw_node_int(&r.own, &r.arena, 1))) != BW_OK) {
        abort();
    }
    CHECK(result_of(&r, "ecl.open") != NULL);
    summary = result_of(&r, "ecl.summary");
    days = at(summary, "days");
    if (CHECK(days != NULL) && CHECK_UINT(days->array->shape[0], 1)) {
        CHECK_NEAR(((double *)(void *)days->array->data)[0], 7, 0);
        CHECK_NEAR((double)((float *)(void *)at(summary, "values")->array->data)[0], 7, 0);
    }
    run_end(&r);
}

/* Two at once ------------------------------------------------------------------------------- */

/* From memory of exactly its size, as the host's own answers. */
static bw_status answer(run *r, bw_op *op, const bw_want *want)
{
    bw_view whole = bw_host_get(&r->host, want->key);
    uint8_t *copy = malloc((size_t)want->length);
    bw_status st;

    if (copy == NULL) {
        abort();
    }
    memcpy(copy, whole.ptr + want->offset, (size_t)want->length);
    st = bw_op_give(&r->ctx, op, want->id, (bw_view){copy, (size_t)want->length});
    free(copy);
    return st;
}

/* The next part of the file for an operation that wants one at a time. */
static bool go_on(run *r, bw_op *op, bw_want *want)
{
    uint32_t count = 0;

    if (bw_op_state(op) != BW_OP_RUNNING) {
        return false;
    }
    return CHECK_OK(&r->ctx, answer(r, op, want)) &&
           CHECK_OK(&r->ctx, bw_op_wants(&r->ctx, op, want, 1, &count)) && count == 1;
}

/* Two operations over a file that neither knows yet: whoever has the part at hand goes on. */
static void check_two(bool in_turns)
{
    bw_bytes bytes = bw_test_file("eclipse/TINY.UNRST");
    bw_op *ops[2] = {NULL, NULL};
    bw_want wants[2];
    uint32_t count;
    run r;

    run_init(&r);
    add_bytes(&r, "ANY", "any", -1, bw_bytes_view(&bytes));
    CHECK(result_of(&r, "ecl.open") != NULL);
    for (int n = 0; n < 2; n++) {
        if (!CHECK_OK(&r.ctx, bw_op_begin(&r.ctx, r.store, "ecl.children", r.params, &ops[n]))) {
            abort();
        }
        CHECK_OK(&r.ctx, bw_op_wants(&r.ctx, ops[n], &wants[n], 1, &count));
        CHECK_UINT(count, 1);
    }
    while (in_turns && go_on(&r, ops[0], &wants[0]) && go_on(&r, ops[1], &wants[1])) {
    }
    for (int n = 0; n < 2; n++) {
        while (go_on(&r, ops[n], &wants[n])) {
        }
        if (CHECK(bw_op_state(ops[n]) == BW_OP_DONE)) {
            CHECK_UINT(bw_op_result(ops[n])->children.len, 10 + 3 * 23);
        }
        bw_op_free(&r.ctx, ops[n]);
    }
    run_end(&r);
    free(bytes.ptr);
}

static void test_two_scan_one_file(void)
{
    check_two(false);
    check_two(true);
}

int main(void)
{
    RUN(test_well_names_that_are_numbers);
    RUN(test_more_connections_than_rows);
    RUN(test_saturations_that_do_not_fit);
    RUN(test_saturation_that_is_left);
    RUN(test_water_of_init_alone);
    RUN(test_first_step_without_a_head);
    RUN(test_empty_include);
    RUN(test_empty_grdecl);
    RUN(test_rows_behind_a_local_grid);
    RUN(test_two_scan_one_file);
    return check_summary();
}
