/* SPDX-License-Identifier: MIT */
/**
 * Operations over damaged stores, by callers who are wrong, and without memory.
 */
#include "bores/json.h"
#include "check.h"
#include "failing_allocator.h"
#include "store_fixture.h"

/* Damage ------------------------------------------------------------------------------------ */

static void test_verify(void)
{
    static const char params[] = "{\"group\": \"entry_0000000005\"}";
    store_fixture f;
    const bw_node *problems;
    int64_t arrays, chunks;

    setup(&f, "nested");
    CHECK_OK(&f.ctx, run(&f, "zarr.verify", params));
    CHECK_UINT(AT(result(&f), "problems")->children.len, 0);
    arrays = AT(result(&f), "arrays")->integer;
    chunks = AT(result(&f), "chunks")->integer;
    CHECK_INT(arrays, 9);

    bw_host_set(&f.host, "entry_0000000005/injection/water/1.0.0", BW_VIEW("no blosc frame here"));
    bw_host_set(&f.host, "entry_0000000005/model/.zattrs", BW_VIEW("{\"dip_angle\": 2"));
    f.host.broken = "entry_0000000005/production/oil/2.0.0";
    for (uint32_t order = 0; order < BW_HOST_ORDERS; order++) {
        f.host.order = (bw_host_order)order;
        if (!CHECK_OK(&f.ctx, run(&f, "zarr.verify", params))) {
            continue;
        }
        problems = AT(result(&f), "problems");
        CHECK_UINT(problems->children.len, 3);
        CHECK_INT(AT(result(&f), "arrays")->integer, arrays);
        CHECK_INT(AT(result(&f), "chunks")->integer, chunks);
        for (uint32_t i = 0; i < problems->children.len; i++) {
            bw_view key = AT(problems->children.items[i], "key")->text;
            const char *code = (const char *)AT(problems->children.items[i], "code")->text.ptr;

            if (bw_view_equal(key, BW_VIEW("entry_0000000005/model/.zattrs"))) {
                CHECK_TEXT(code, "ERR_METADATA");
            } else {
                CHECK_TEXT(code, "ERR_CORRUPT");
                CHECK(bw_view_equal(key, BW_VIEW("entry_0000000005/injection/water/1.0.0")) ||
                      bw_view_equal(key, BW_VIEW("entry_0000000005/production/oil/2.0.0")));
            }
        }
    }
    teardown(&f);
}

/* A key, what it is replaced with, and what a load then says of it. */
typedef struct damage {
    const char *key, *content;
    bw_status status;
} damage;

#define PRESSURE "entry_0000000005/model/fluid_properties/pressure_grid/"

static const damage damages[] = {
    {PRESSURE ".zarray", "", BW_ERR_METADATA},
    {PRESSURE ".zarray", "[1, 2]", BW_ERR_METADATA},
    {PRESSURE ".zarray", "{\"zarr_format\": 3}", BW_ERR_METADATA},
    {PRESSURE ".zarray", "{\"zarr_format\": 2, \"shape\": [2], \"chunks\": [2], "
                         "\"dtype\": \"<f8\", \"compressor\": null, \"fill_value\": 0, "
                         "\"order\": \"C\", \"filters\": [{\"id\": \"zfpy\"}]}", BW_ERR_UNSUPPORTED},
    {PRESSURE ".zarray", "{\"zarr_format\": 2, \"shape\": [4611686018427387904, 4], \"chunks\": "
                         "[1, 1], \"dtype\": \"<f8\", \"compressor\": null, \"fill_value\": 0, "
                         "\"order\": \"C\", \"filters\": null}", BW_ERR_LIMIT},
    {PRESSURE "1.0.0", "", BW_ERR_CORRUPT},
    {PRESSURE "1.0.0", "\x02\x01\x21\x08\xff\xff\xff\x7f\xff\xff\xff\x7f\x14", BW_ERR_CORRUPT},
    {"entry_0000000005/.zattrs", "nul", BW_ERR_METADATA},
    {"entry_0000000005/.zattrs", "[]", BW_ERR_METADATA},
    {"entry_0000000005/model/.zattrs", "\"text\"", BW_ERR_METADATA},
    {"entry_0000000005/model/.zattrs", "{\"a\": \"\\ud800\"}", BW_ERR_METADATA},
};

static void test_damage(void)
{
    static const char params[] = "{\"group\": \"entry_0000000005\"}";

    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        const damage *d = &damages[i];
        store_fixture f;
        bw_view good;

        setup(&f, "nested");
        good = bw_host_get(&f.host, bw_view_text(d->key));
        CHECK(good.ptr != NULL);
        bw_host_set(&f.host, d->key, bw_view_text(d->content));
        CHECK_STATUS(&f.ctx, run(&f, "zarr.load", params), d->status);
        CHECK_TEXT(f.ctx.error.key, d->key);
        CHECK_CONTAINS(f.ctx.error.message, d->key);
        bw_host_set(&f.host, d->key, good); /* and the store goes on working */
        CHECK_OK(&f.ctx, run(&f, "zarr.load", params));
        teardown(&f);
    }
}

static void test_damaged_root(void)
{
    store_fixture f;

    setup(&f, "nested");
    bw_host_set(&f.host, ".zattrs", BW_VIEW("{"));
    CHECK_STATUS(&f.ctx, run(&f, "zarr.open", "null"), BW_ERR_METADATA);
    CHECK_TEXT(f.ctx.error.key, ".zattrs");
    bw_host_set(&f.host, ".zattrs", BW_VIEW("{\"count\": 9223372036854775807}"));
    CHECK_OK(&f.ctx, run(&f, "zarr.open", "null")); /* the listing is what counts */
    f.host.lists = false;
    CHECK_STATUS(&f.ctx, run(&f, "zarr.open", "null"), BW_ERR_LIMIT);
    bw_host_set(&f.host, ".zmetadata", BW_VIEW("{\"zarr_consolidated_format\": 7}"));
    bw_store_free(&f.ctx, f.store);
    CHECK_OK(&f.ctx, bw_store_new(&f.ctx, &f.store));
    CHECK_STATUS(&f.ctx, run(&f, "zarr.open", "null"), BW_ERR_METADATA);
    CHECK_TEXT(f.ctx.error.key, ".zmetadata");
    bw_host_set(&f.host, ".zgroup", BW_VIEW("{\"zarr_format\": 1}"));
    CHECK_STATUS(&f.ctx, run(&f, "zarr.open", "null"), BW_ERR_METADATA);
    CHECK_TEXT(f.ctx.error.key, ".zgroup");
    teardown(&f);
}

/* Callers who are wrong --------------------------------------------------------------------- */

static void test_wrong_parameters(void)
{
    static const char *const wrong[][2] = {
        {"zarr.nothing", "null"},
        {"zarr.load", "{}"},
        {"zarr.load", "{\"group\": 5}"},
        {"zarr.entries", "{\"groups\": \"entry_0000000000\"}"},
        {"zarr.entries", "{\"groups\": [1]}"},
        {"zarr.read", "{\"group\": \"entry_0000000000\"}"},
        {"zarr.read", "{\"group\": \"entry_0000000000\", \"path\": []}"},
        {"zarr.read", "{\"group\": \"entry_0000000000\", \"path\": [1]}"},
        {"zarr.read", "{\"group\": \"entry_0000000005\", \"path\": [\"model\", \"grid_shape\"], "
                      "\"slice\": [0, 0]}"},
        {"zarr.read", "{\"group\": \"entry_0000000005\", \"path\": [\"model\", \"grid_shape\"], "
                      "\"slice\": [[0, 3, 0]]}"},
        {"zarr.read", "{\"group\": \"entry_0000000005\", \"path\": [\"model\", \"grid_shape\"], "
                      "\"slice\": [[0, 3]]}"},
        {"zarr.read", "{\"group\": \"entry_0000000005\", \"path\": [\"model\", \"grid_shape\"], "
                      "\"slice\": [1.5]}"},
        {"zarr.array", "null"},
        {"zarr.node", "{\"path\": null}"},
        {"zarr.children", "{\"path\": 1}"},
    };
    store_fixture f;

    setup(&f, "nested");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_STATUS(&f.ctx, run(&f, wrong[i][0], wrong[i][1]), BW_ERR_ARGUMENT);
    }
    teardown(&f);
}

static void test_wrong_answers(void)
{
    store_fixture f;
    bw_node *params;
    bw_want want[8];
    uint32_t count = 0;
    bw_op *op = NULL;

    setup(&f, "nested");
    CHECK_OK(&f.ctx, bw_json_parse(&f.ctx, &f.arena, BW_VIEW("{\"group\": \"entry_0000000005\"}"),
                                   &params));
    for (int mistake = 0; mistake < 5; mistake++) {
        bw_status st = BW_OK;
        uint32_t get, list;

        CHECK_OK(&f.ctx, bw_op_begin(&f.ctx, f.store, "zarr.load", params, &op));
        if (mistake == 0) { /* nothing has been handed out yet */
            st = bw_op_give(&f.ctx, op, 0, (bw_view){NULL, 0});
        } else {
            CHECK_OK(&f.ctx, bw_op_wants(&f.ctx, op, want, 8, &count));
            CHECK_UINT(count, 2);
            get = want[0].kind == BW_WANT_GET ? 0 : 1;
            list = 1 - get;
            switch (mistake) {
            case 1: st = bw_op_give(&f.ctx, op, 12345, BW_VIEW("{}")); break;
            case 2: st = bw_op_give(&f.ctx, op, want[list].id, BW_VIEW("{}")); break;
            case 3: st = bw_op_give_listing(&f.ctx, op, want[get].id, BW_VIEW("")); break;
            default:
                CHECK_OK(&f.ctx, bw_op_give(&f.ctx, op, want[get].id, BW_VIEW("{}")));
                st = bw_op_give(&f.ctx, op, want[get].id, BW_VIEW("{}"));
                break;
            }
        }
        CHECK_STATUS(&f.ctx, st, BW_ERR_ARGUMENT);
        CHECK(bw_op_result(op) == NULL);
        bw_op_free(&f.ctx, op);
    }
    teardown(&f);
}

/* A listing whose lengths lie ends where it stops making sense. */
static void test_wrong_listing(void)
{
    static const uint8_t lies[] = {4, 0, 0, 0, 'a', 'b', 'c', '/', 255, 255, 255, 255, 'd', '/'};
    store_fixture f;
    bw_node *params;
    bw_want want[8];
    uint32_t count = 0;
    bw_op *op = NULL;

    setup(&f, "nested");
    CHECK_OK(&f.ctx, bw_json_parse(&f.ctx, &f.arena, BW_VIEW("{\"path\": \"\"}"), &params));
    CHECK_OK(&f.ctx, bw_op_begin(&f.ctx, f.store, "zarr.children", params, &op));
    CHECK_OK(&f.ctx, bw_op_wants(&f.ctx, op, want, 8, &count));
    CHECK_OK(&f.ctx, bw_op_give_listing(&f.ctx, op, want[0].id, (bw_view){lies, sizeof lies}));
    CHECK_OK(&f.ctx, bw_op_wants(&f.ctx, op, want, 8, &count));
    CHECK_UINT(count, 1);
    CHECK_VIEW(want[0].key, "abc");
    bw_op_free(&f.ctx, op);
    teardown(&f);
}

/* Memory ------------------------------------------------------------------------------------ */

static bw_status open_and_run(bw_ctx *ctx, bw_host *host, const char *operation,
                              const char *params_text)
{
    bw_arena arena = {0};
    bw_store *store = NULL;
    bw_node *params = NULL;
    bw_op *op = NULL;
    bw_status st;

    BW_GO(bw_store_new(ctx, &store));
    BW_GO(bw_host_run(ctx, host, store, "zarr.open", NULL, &op));
    bw_op_free(ctx, op);
    op = NULL;
    BW_GO(bw_json_parse(ctx, &arena, bw_view_text(params_text), &params));
    BW_GO(bw_host_run(ctx, host, store, operation, params, &op));
done:
    bw_op_free(ctx, op);
    bw_store_free(ctx, store);
    bw_arena_free(ctx, &arena);
    return st;
}

static void run_out_of_memory(const char *layout, bool lists, const char *operation,
                              const char *params)
{
    store_fixture f;
    bw_ctx ctx;
    bw_status st = BW_OK;

    setup(&f, layout);
    f.host.lists = lists;
    f.host.order = BW_HOST_SHUFFLED;
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        f.host.random = 1;
        st = open_and_run(&ctx, &f.host, operation, params);
    }
    teardown(&f);
}

static void test_out_of_memory(void)
{
    static const char entry[] = "{\"group\": \"entry_0000000005\"}";
    static const char read[] = "{\"group\": \"entry_0000000005\", \"path\": [\"model\", "
                               "\"fluid_properties\", \"pressure_grid\"], \"slice\": [[2, 9, 3]]}";

    run_out_of_memory("nested", true, "zarr.load", entry);
    run_out_of_memory("flat", true, "zarr.load", entry);
    run_out_of_memory("wire", true, "zarr.read", read);
    run_out_of_memory("nested", true, "zarr.read", read);
    run_out_of_memory("nested", true, "zarr.verify", entry);
    run_out_of_memory("flat", true, "zarr.inventory", entry);
    run_out_of_memory("steps", false, "zarr.load", "{\"group\": \"step_000005\"}");
    run_out_of_memory("nested", true, "zarr.entries", "{\"groups\": [\"entry_0000000005\"]}");
    run_out_of_memory("nested", false, "zarr.children", "{\"path\": \"entry_0000000005/model\"}");
    run_out_of_memory("nested", true, "zarr.node",
                      "{\"path\": \"entry_0000000005/injection/water\"}");
}

int main(void)
{
    RUN(test_verify);
    RUN(test_damage);
    RUN(test_damaged_root);
    RUN(test_wrong_parameters);
    RUN(test_wrong_answers);
    RUN(test_wrong_listing);
    RUN(test_out_of_memory);
    return check_summary();
}
