/* SPDX-License-Identifier: MIT */
/**
 * ECLIPSE files: keywords, damage, GRDECL, and the operations over a run. Expected values were read
 * by resfo 5.0.1 and resdata 6.3.5 (tests/data/README.md, "eclipse").
 */
#include "bores/eclipse.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "failing_allocator.h"
#include "memory_host.h"
#include "test_data.h"

/* Scans `size` bytes; `*wanted` counts what was asked for. */
static bw_status scan(bw_ctx *ctx, bw_view file, bw_ecl_index *out, uint64_t *wanted)
{
    bw_ecl_scan *scan = NULL;
    bw_status st = bw_ecl_scan_new(ctx, file.len, &scan);
    uint64_t offset;
    size_t length;

    *wanted = 0;
    while (st == BW_OK && bw_ecl_scan_wants(scan, &offset, &length)) {
        uint8_t *exact = malloc(length); /* so that a sanitizer sees a read past the part */
        if (exact == NULL) {
            abort();
        }
        memcpy(exact, file.ptr + offset, length);
        *wanted += length;
        st = bw_ecl_scan_give(ctx, scan, (bw_view){exact, length});
        free(exact);
    }
    if (st == BW_OK) {
        *out = bw_ecl_scan_take(scan);
    }
    bw_ecl_scan_free(ctx, scan);
    return st;
}

static void test_keywords_of_a_restart(void)
{
    bw_bytes file = bw_test_file("eclipse/TINY.UNRST");
    bw_ecl_index index = {0};
    uint64_t wanted;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (CHECK_OK(&ctx, scan(&ctx, bw_bytes_view(&file), &index, &wanted))) {
        CHECK_UINT(index.count, 10 + 3 * 23); /* of four steps, the first without wells */
        CHECK_TEXT(index.keywords[0].name, "SEQNUM");
        CHECK_TEXT(index.keywords[index.count - 1].name, "ENDSOL");
        CHECK_UINT(index.keywords[index.count - 1].end, file.len);
        CHECK_INT(index.problem.status, BW_OK);
        CHECK(index.form == BW_ECL_BIG_ENDIAN);
    }
    bw_ecl_index_free(&ctx, &index);
    free(file.ptr);
}

/* Wherever a file is cut, the keywords before the cut are those of the whole file. */
static void test_every_cut(void)
{
    bw_bytes file = bw_test_file("eclipse/TINY.UNRST");
    bw_ecl_index whole = {0};
    uint64_t wanted;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (!CHECK_OK(&ctx, scan(&ctx, bw_bytes_view(&file), &whole, &wanted))) {
        return;
    }
    for (size_t size = 24; size < file.len; size += 1 + size / 512) {
        bw_ecl_index cut = {0};
        uint32_t expected = 0;
        bool same = true;
        if (!CHECK_OK(&ctx, scan(&ctx, (bw_view){file.ptr, size}, &cut, &wanted))) {
            break;
        }
        while (expected < whole.count && whole.keywords[expected].end <= size) {
            expected++;
        }
        for (uint32_t n = 0; n < cut.count && n < expected; n++) {
            same = same && memcmp(&cut.keywords[n], &whole.keywords[n], sizeof cut.keywords[n]) == 0;
        }
        CHECK(same);
        CHECK_UINT(cut.count, expected);
        CHECK_INT(cut.problem.cut, size != whole.keywords[expected > 0 ? expected - 1 : 0].end);
        bw_ecl_index_free(&ctx, &cut);
    }
    bw_ecl_index_free(&ctx, &whole);
    free(file.ptr);
}

static void put_u32(uint8_t *to, uint32_t value)
{
    for (int n = 0; n < 4; n++) {
        to[n] = (uint8_t)(value >> (24 - 8 * n));
    }
}

/* One keyword whose header says what it likes, with `bytes` of elements in one block. */
static size_t keyword(uint8_t *to, const char *name, uint32_t count, const char *type, uint32_t lead,
                      uint32_t bytes, uint32_t tail)
{
    put_u32(to, 16);
    memset(to + 4, ' ', 8);
    memcpy(to + 4, name, strlen(name));
    put_u32(to + 12, count);
    memcpy(to + 16, type, 4);
    put_u32(to + 20, 16);
    put_u32(to + 24, lead);
    memset(to + 28, 0, bytes);
    put_u32(to + 28 + bytes, tail);
    return 32 + bytes;
}

static void test_damage_is_named(void)
{
    static const struct {
        uint32_t count;
        const char *type;
        uint32_t lead, bytes, tail;
        const char *says;
    } rows[] = {
        {4, "REAL", 12, 12, 12, "PRESSURE at byte 0: the block at byte 44 has 16 bytes"},
        {2, "REAL", 12, 12, 12, "has 12 bytes, 8 bytes of 2 elements"},
        {3, "REAL", 11, 12, 11, "has 11 bytes"},
        {3, "ABCD", 12, 12, 12, "there is no element type \"ABCD\""},
        {0xfffffffbu, "REAL", 12, 12, 12, "counts -5 elements"},
        {0x7fffffffu, "REAL", 12, 12, 12, "the block at byte 44 has 16 bytes, 8589934576 bytes of 2147483647 elements"},
        {3, "REAL", 0x7ffffff0u, 12, 12, "has 2147483632 bytes"},
    };

    for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        uint8_t file[256];
        size_t size = keyword(file, "PRESSURE", rows[n].count, rows[n].type, rows[n].lead, rows[n].bytes,
                              rows[n].tail);
        bw_ecl_index index = {0};
        uint64_t wanted;
        bw_ctx ctx;
        bw_ctx_init(&ctx);
        size += keyword(file + size, "SWAT", 3, "REAL", 12, 12, 12);
        if (CHECK_OK(&ctx, scan(&ctx, (bw_view){file, size}, &index, &wanted))) {
            CHECK_INT(index.problem.status, BW_ERR_CORRUPT);
            CHECK(!index.problem.cut);
            CHECK_CONTAINS(index.problem.message, rows[n].says);
        }
        bw_ecl_index_free(&ctx, &index);
    }
}

/* The same values out of a binary and a formatted file; text has 8 or 14 digits. */
static void test_text_equals_binary(void)
{
    bw_bytes binary = bw_test_file("eclipse/types.X0099"), text = bw_test_file("eclipse/types.F0099");
    bw_ecl_index a = {0}, b = {0};
    uint64_t wanted;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (CHECK_OK(&ctx, scan(&ctx, bw_bytes_view(&binary), &a, &wanted)) &&
        CHECK_OK(&ctx, scan(&ctx, bw_bytes_view(&text), &b, &wanted))) {
        CHECK(b.form == BW_ECL_FORMATTED);
        CHECK_UINT(b.count, a.count - 1); /* the last one is NaN and infinities, for which text has no form */
        for (uint32_t n = 0; n < a.count && n < b.count; n++) {
            const bw_ecl_keyword *k = &a.keywords[n], *f = &b.keywords[n];
            bw_arena arena = {0};
            bw_node *x = NULL, *y = NULL;
            CHECK_TEXT(f->name, k->name);
            if (CHECK_OK(&ctx, bw_ecl_decode(&ctx, &arena, a.form, k, (bw_view){binary.ptr + k->data, (size_t)(k->end - k->data)}, &x)) &&
                CHECK_OK(&ctx, bw_ecl_decode(&ctx, &arena, b.form, f, (bw_view){text.ptr + f->data, (size_t)(f->end - f->data)}, &y)) &&
                k->type == BW_ECL_DOUB) {
                for (uint64_t i = 0; i < k->count; i++) {
                    double p = ((double *)(void *)x->array->data)[i], q = ((double *)(void *)y->array->data)[i];
                    CHECK_NEAR(q, p, isfinite(p) ? fabs(p) * 1e-13 + 1e-300 : 0);
                }
            }
            bw_arena_free(&ctx, &arena);
        }
    }
    bw_ecl_index_free(&ctx, &a);
    bw_ecl_index_free(&ctx, &b);
    free(binary.ptr);
    free(text.ptr);
}

static void test_grdecl(void)
{
    static const char good[] = "-- a grid\nspecgrid\n 2 1 1 1 F / radial?\nCOORD\n 36*1.5/\nzcorn 8*.5\n8*1d2 / done\n"
                               "NOECHO\nVERY_LONG_NAME 3* /\nINCLUDE 'more.inc' /\n";
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"SPECGRID 2 1 1 /\nZCORN 37*1 /", "ZCORN: values: 37 exceeds the limit of 36"},
        {"ZCORN 1 2 x3 /", "ZCORN (line 1): \"x3\" in line 1 is no number"},
        {"COORD 1 2\nZCORN 3 /", "COORD (line 1): \"ZCORN\" in line 2"},
        {"ZCORN 1 2", "ends before the /"},
        {"ZCORN 2000000000*1 /", "exceeds the limit"},
    };
    bw_arena arena = {0};
    bw_ctx ctx;
    bw_node *keywords, *includes, *edits, *zcorn;

    bw_ctx_init(&ctx);
    keywords = bw_node_map(&ctx, &arena);
    includes = bw_node_list(&ctx, &arena);
    edits = bw_node_list(&ctx, &arena);
    if (CHECK_OK(&ctx, bw_grdecl_read(&ctx, &arena, bw_view_text(good), keywords, includes, edits))) {
        zcorn = bw_map_get_text(keywords, "ZCORN");
        CHECK_UINT(zcorn->array->shape[0], 16);
        CHECK_NEAR(((double *)(void *)zcorn->array->data)[15], 100, 0);
        CHECK_UINT(bw_map_get_text(keywords, "COORD")->array->shape[0], 36);
        CHECK_UINT(includes->children.len, 1);
        CHECK_VIEW(includes->children.items[0]->text, "more.inc");
    }
    for (size_t n = 0; n < sizeof bad / sizeof bad[0]; n++) {
        keywords = bw_node_map(&ctx, &arena);
        CHECK(bw_grdecl_read(&ctx, &arena, bw_view_text(bad[n].text), keywords, includes, edits) != BW_OK);
        CHECK_CONTAINS(ctx.error.message, bad[n].says);
    }
    bw_arena_free(&ctx, &arena);
}

/* Numbers of an array, "" where there is none. */
static const char *numbers_of(const bw_node *keywords, const char *name, char text[200])
{
    const bw_node *node = bw_map_get_text(keywords, name);
    size_t at = 0;

    text[0] = '\0';
    for (uint64_t n = 0; node != NULL && n < node->array->shape[0] && at < 180; n++) {
        at += (size_t)snprintf(text + at, 200 - at, "%s%g", n > 0 ? " " : "",
                               ((const double *)(const void *)node->array->data)[n]);
    }
    return text;
}

static bw_status read_edited(bw_ctx *ctx, bw_arena *arena, const char *rest, bw_node **keywords)
{
    static const char head[] = "SPECGRID\n 2 1 2 1 F /\n";
    bw_node *includes = bw_node_list(ctx, arena), *edits = bw_node_list(ctx, arena);

    *keywords = bw_node_map(ctx, arena);
    BW_TRY(bw_grdecl_read(ctx, arena, bw_view_text(head), *keywords, includes, edits));
    BW_TRY(bw_grdecl_read(ctx, arena, bw_view_text(rest), *keywords, includes, edits));
    return bw_grdecl_finish(ctx, arena, *keywords, edits);
}

/* What is expected is worked out by hand; cells are (1,1,1) (2,1,1) (1,1,2) (2,1,2). */
static void test_grdecl_edits(void)
{
    static const struct {
        const char *text, *array, *numbers;
    } good[] = {
        {"PORO 1 2 3 4 /\nEQUALS\n PORO 9 2 2 1 1 1 1 / of a cell\n/\n", "PORO", "1 9 3 4"},
        {"poro 4*2 /\nmultiply\n 'PORO' 1.5 1 2 1 1 2 2 /\n PORO 2 / the box of the row before\n/\n", "PORO", "2 2 6 6"},
        {"PORO 4*2 /\nADD\n PORO 1 4* 1 1 /\n/\n", "PORO", "3 3 2 2"},
        {"PERMX 1 2 3 4 /\nCOPY\n PERMX PERMZ 1 1 /\n PERMX PERMY 1 2 1 1 1 2 /\n/\n", "PERMY", "1 2 3 4"},
        {"PERMX 1 2 3 4 /\nCOPY\n 'PERMX' 'PERMZ' 1 1 /\n/\n", "PERMZ", "1 nan 3 nan"},
        {"PORO 1 2 3 4 /\nMINVALUE\n PORO 2 /\n/\nMAXVALUE\n PORO 3 /\n/\n", "PORO", "2 2 3 3"},
        {"BOX\n 1 2 1 1 2 2 /\nACTNUM\n 0 1 /\nEQUALS\n NTG 0.5 /\n/\nENDBOX\n", "ACTNUM", "1 1 0 1"},
        {"BOX\n 1 2 1 1 2 2 /\nEQUALS\n NTG 0.5 /\n/\nENDBOX\nEQUALS\n NTG 2 1 1 /\n/\n", "NTG", "2 1 2 0.5"},
        {"EQUALS\n PORO 7 /\n/\nPORO 4*1 /\n", "PORO", "1 1 1 1"},
        {"PORO 4*1 /\nOPERATE\n PORO 1 2 1 1 1 1 MULTA PERMX 2 1 /\n/\n", "PORO", ""},
        {"FAULTS\n 'F' 1 1 1 1 1 2 'X' /\n G 1 1 1 1 1 2 Y /\n/\nPORO 4*1 /\n", "PORO", "1 1 1 1"},
    };
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"EQUALS\n PORO 1 1 3 1 1 1 2 /\n/\n", "EQUALS of PORO: the box is not within the grid (3, the grid has 2)"},
        {"PORO 3*1 /\nADD\n PORO 1 /\n/\n", "ADD of PORO: the array does not have a value for each cell (3, the grid has 4)"},
        {"COPY\n PORO NTG /\n/\n", "COPY: there is no array PORO"},
        {"EQUALS\n 0.5 /\n/\n", "a row names no array"},
        {"EQUALS\n PORO 0.5", "ends before the /"},
        {"EQUALREG\n ACTNUM 0 1 M /\n/\n", "EQUALREG of ACTNUM is not carried out here"},
    };
    bw_arena arena = {0};
    bw_ctx ctx;
    bw_node *keywords;
    char text[200];

    bw_ctx_init(&ctx);
    for (size_t n = 0; n < sizeof good / sizeof good[0]; n++) {
        if (CHECK_OK(&ctx, read_edited(&ctx, &arena, good[n].text, &keywords))) {
            CHECK_TEXT(numbers_of(keywords, good[n].array, text), good[n].numbers);
        }
    }
    for (size_t n = 0; n < sizeof bad / sizeof bad[0]; n++) {
        CHECK(read_edited(&ctx, &arena, bad[n].text, &keywords) != BW_OK);
        CHECK_CONTAINS(ctx.error.message, bad[n].says);
    }
    bw_arena_free(&ctx, &arena);
}

/* A run -------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *role;
} parts[] = {{"TINY.EGRID", "grid"}, {"TINY.INIT", "init"}, {"TINY.UNRST", "restart"},
             {"TINY.SMSPEC", "specs"}, {"TINY.UNSMRY", "summary"}};
#define PARTS (sizeof parts / sizeof parts[0])

typedef struct run {
    bw_host host;
    bw_bytes files[PARTS];
} run;

static void run_init(run *r)
{
    memset(r, 0, sizeof *r);
    for (size_t n = 0; n < PARTS; n++) {
        char path[64];
        snprintf(path, sizeof path, "eclipse/%s", parts[n].name);
        r->files[n] = bw_test_file(path);
        bw_host_set(&r->host, parts[n].name, bw_bytes_view(&r->files[n]));
    }
}

static void run_end(run *r)
{
    for (size_t n = 0; n < PARTS; n++) {
        free(r->files[n].ptr);
    }
    bw_host_free(&r->host);
}

static bw_node *must(bw_node *node)
{
    if (node == NULL) {
        abort();
    }
    return node;
}

/* Parameters come from an allocator of their own, as a host's do. */
static bw_node *open_params(bw_ctx *ctx, bw_arena *arena, const run *r)
{
    bw_node *params = must(bw_node_map(ctx, arena)), *list = must(bw_node_list(ctx, arena));

    for (size_t n = 0; n < PARTS; n++) {
        bw_node *item = must(bw_node_map(ctx, arena));
        bw_map_set(ctx, arena, item, BW_VIEW("name"), must(bw_node_text(ctx, arena, bw_view_text(parts[n].name))));
        bw_map_set(ctx, arena, item, BW_VIEW("role"), must(bw_node_text(ctx, arena, bw_view_text(parts[n].role))));
        bw_map_set(ctx, arena, item, BW_VIEW("size"), must(bw_node_int(ctx, arena, (int64_t)r->files[n].len)));
        bw_list_push(ctx, arena, list, item);
    }
    bw_map_set(ctx, arena, params, BW_VIEW("files"), list);
    bw_map_set(ctx, arena, params, BW_VIEW("group"), must(bw_node_text(ctx, arena, BW_VIEW("entry_0000000003"))));
    bw_map_set(ctx, arena, params, BW_VIEW("columns"), must(bw_node_list(ctx, arena)));
    bw_list_push(ctx, arena, bw_map_get_text(params, "columns"), must(bw_node_int(ctx, arena, 11)));
    return params;
}

static double sum_of(const bw_node *node)
{
    double sum = 0;

    for (size_t n = 0; node != NULL && n < node->array->nbytes / 4; n++) {
        float value = ((float *)(void *)node->array->data)[n];
        sum += isnan(value) ? 0 : (double)value;
    }
    return sum;
}

static void check_state(const bw_node *entry)
{
    const bw_node *data = bw_map_get_text(entry, "data");
    const bw_node *fluid = bw_map_get_text(bw_map_get_text(data, "model"), "fluid_properties");
    const bw_node *wells = bw_map_get_text(data, "wells");
    const bw_node *water = bw_map_get_text(fluid, "water_saturation_grid");
    const bw_node *oil = bw_map_get_text(fluid, "oil_saturation_grid");
    const bw_node *gas = bw_map_get_text(fluid, "gas_saturation_grid");

    CHECK_NEAR(sum_of(bw_map_get_text(fluid, "pressure_grid")), 4795.580657958984, 1e-9);
    CHECK_NEAR(sum_of(water), 3.475910022854805, 1e-12);
    CHECK_NEAR(sum_of(oil) + sum_of(water) + sum_of(gas), 23, 1e-5);
    CHECK_UINT(bw_map_get_text(fluid, "pressure_grid")->array->shape[1], 4);
    CHECK_NEAR(bw_map_get_text(data, "time")->number, 60 * 86400.0, 1e-6);
    CHECK(bw_map_get_text(bw_map_get_text(wells, "production_wells"), "OP1") != NULL);
}

static void test_run(void)
{
    bw_arena arena = {0};
    bw_ctx ctx, own;
    bw_node *params;
    bw_store *store = NULL;
    bw_op *op = NULL;
    run r;

    bw_ctx_init(&ctx);
    bw_ctx_init(&own);
    run_init(&r);
    params = open_params(&own, &arena, &r);
    if (CHECK_OK(&ctx, bw_store_new(&ctx, &store)) &&
        CHECK_OK(&ctx, bw_host_run(&ctx, &r.host, store, "ecl.open", params, &op))) {
        const bw_node *info = bw_map_get_text(bw_op_result(op), "info");
        bw_view date = {0};
        CHECK_UINT(bw_map_get_text(bw_op_result(op), "groups")->children.len, 4);
        CHECK_INT(bw_map_get_text(info, "activeCells")->integer, 23);
        CHECK(bw_map_get_string(info, "startDate", &date));
        CHECK_VIEW(date, "2018-01-01");
        bw_op_free(&ctx, op);
    }
    if (CHECK_OK(&ctx, bw_host_run(&ctx, &r.host, store, "ecl.load", params, &op))) {
        check_state(bw_op_result(op));
        bw_op_free(&ctx, op);
    }
    if (CHECK_OK(&ctx, bw_host_run(&ctx, &r.host, store, "ecl.summary", params, &op))) {
        const bw_node *values = bw_map_get_text(bw_op_result(op), "values");
        CHECK_UINT(values->array->shape[1], 6);
        CHECK_NEAR((double)((float *)(void *)values->array->data)[5], 208.6998291015625, 0); /* FPR */
        CHECK_UINT(bw_map_get_text(bw_op_result(op), "vectors")->children.len, 36);
        bw_op_free(&ctx, op);
    }
    bw_store_free(&ctx, store);
    bw_arena_free(&own, &arena);
    run_end(&r);
}

/* Every allocation of a whole run fails once. */
static void test_run_without_memory(void)
{
    static const char *const names[] = {"ecl.open",     "ecl.load",  "ecl.summary", "ecl.geometry", "ecl.children",
                                        "ecl.cells",    "ecl.faces", "ecl.connections", "ecl.wells"};
    bw_arena arena = {0};
    bw_status st = BW_OK;
    bw_ctx ctx, own;
    bw_node *params;
    run r;

    bw_ctx_init(&own);
    run_init(&r);
    params = open_params(&own, &arena, &r);
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_store *store = NULL;
        st = bw_store_new(&ctx, &store);
        for (size_t n = 0; st == BW_OK && n < sizeof names / sizeof names[0]; n++) {
            bw_op *op = NULL;
            st = bw_host_run(&ctx, &r.host, store, names[n], params, &op);
            if (st == BW_OK) {
                bw_op_free(&ctx, op);
            }
        }
        bw_store_free(&ctx, store);
    }
    CHECK_INT(st, BW_OK);
    bw_arena_free(&own, &arena);
    run_end(&r);
}

int main(void)
{
    RUN(test_keywords_of_a_restart);
    RUN(test_every_cut);
    RUN(test_damage_is_named);
    RUN(test_text_equals_binary);
    RUN(test_grdecl);
    RUN(test_grdecl_edits);
    RUN(test_run);
    RUN(test_run_without_memory);
    return check_summary();
}
