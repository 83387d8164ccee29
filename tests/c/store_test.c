/* SPDX-License-Identifier: MIT */
/**
 * Operations over stores of each layout that BORES has written (tests/data/store, made and read with
 * zarr-python by its make.py), driven natively: in every order of answers, without listings,
 * without memory, and over damaged documents.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "bores/op.h"
#include "check.h"
#include "failing_allocator.h"
#include "memory_host.h"
#include "test_data.h"

#define ARROW "\xE2\x86\x92"

typedef struct fixture {
    bw_ctx ctx;
    bw_arena arena; /* parameters */
    bw_bytes file;
    bw_host host;
    bw_store *store;
    bw_op *op; /* the last run */
} fixture;

static const char *const layouts[] = {"nested", "flat", "wire", "steps"};
#define LAYOUTS (sizeof layouts / sizeof *layouts)

static void setup(fixture *f, const char *name)
{
    char path[64] = "store/";

    memset(f, 0, sizeof *f);
    bw_ctx_init(&f->ctx);
    strcat(strcat(path, name), ".kv");
    f->file = bw_test_file(path);
    bw_host_parse(&f->host, bw_bytes_view(&f->file));
    CHECK_OK(&f->ctx, bw_store_new(&f->ctx, &f->store));
}

static void teardown(fixture *f)
{
    bw_op_free(&f->ctx, f->op);
    bw_store_free(&f->ctx, f->store);
    bw_arena_free(&f->ctx, &f->arena);
    bw_host_free(&f->host);
    free(f->file.ptr);
}

/* Parameters are written as JSON. The result lives until the next run. */
static bw_status run(fixture *f, const char *name, const char *params)
{
    bw_node *tree = NULL;

    bw_op_free(&f->ctx, f->op);
    f->op = NULL;
    BW_TRY(bw_json_parse(&f->ctx, &f->arena, bw_view_text(params), &tree));
    return bw_host_run(&f->ctx, &f->host, f->store, name, tree, &f->op);
}

static const bw_node *result(const fixture *f)
{
    return f->op == NULL ? NULL : bw_op_result(f->op);
}

/* Walks maps by name and lists by number: at(node, "data", "model", NULL). */
static const bw_node *at(const bw_node *node, const char *const *path)
{
    for (; *path != NULL && node != NULL; path++) {
        if (node->type == BW_NODE_LIST) {
            unsigned long i = strtoul(*path, NULL, 10);
            node = i < node->children.len ? node->children.items[i] : NULL;
        } else {
            node = bw_map_get_text(node, *path);
        }
    }
    return node;
}
#define AT(node, ...) at((node), (const char *const[]){__VA_ARGS__, NULL})

static double f8_at(const bw_node *node, size_t i)
{
    double value = -1;

    if (CHECK(node != NULL && node->type == BW_NODE_ARRAY && i * 8 + 8 <= node->array->nbytes)) {
        memcpy(&value, node->array->data + i * 8, sizeof value);
    }
    return value;
}

static int64_t i8_at(const bw_node *node, size_t i)
{
    int64_t value = -1;

    if (CHECK(node != NULL && node->type == BW_NODE_ARRAY && i * 8 + 8 <= node->array->nbytes)) {
        memcpy(&value, node->array->data + i * 8, sizeof value);
    }
    return value;
}

static double f8_sum(const bw_node *node)
{
    double sum = 0;

    for (size_t i = 0; node != NULL && i < node->array->nbytes / 8; i++) {
        sum += f8_at(node, i);
    }
    return sum;
}

static bool same_array(const bw_array *a, const bw_array *b)
{
    return bw_dtype_equal(a->dtype, b->dtype) && a->rank == b->rank && a->nbytes == b->nbytes &&
           memcmp(a->shape, b->shape, a->rank * sizeof *a->shape) == 0 &&
           (a->data == NULL) == (b->data == NULL) &&
           (a->data == NULL || memcmp(a->data, b->data, a->nbytes) == 0);
}

/* The same values, and maps in the same order. */
static bool same_tree(const bw_node *a, const bw_node *b)
{
    if (a->type != b->type) {
        return false;
    }
    switch (a->type) {
    case BW_NODE_NULL: return true;
    case BW_NODE_BOOL: return a->boolean == b->boolean;
    case BW_NODE_INT: return a->integer == b->integer;
    case BW_NODE_FLOAT: return memcmp(&a->number, &b->number, sizeof a->number) == 0;
    case BW_NODE_STRING: return bw_view_equal(a->text, b->text);
    case BW_NODE_ARRAY: return same_array(a->array, b->array);
    case BW_NODE_LIST:
    case BW_NODE_MAP: break;
    }
    if (a->children.len != b->children.len) {
        return false;
    }
    for (uint32_t i = 0; i < a->children.len; i++) {
        if ((a->type == BW_NODE_MAP &&
             !bw_view_equal(a->children.keys[i], b->children.keys[i])) ||
            !same_tree(a->children.items[i], b->children.items[i])) {
            return false;
        }
    }
    return true;
}

/* Opening and reading each layout ----------------------------------------------------------- */

static void test_open(void)
{
    static const char *const expected[] = {"nested", "flat", "flat", "steps"};
    static const char *const second[] = {"entry_0000000005", "entry_0000000005",
                                         "entry_0000000005", "step_000005"};

    for (size_t i = 0; i < LAYOUTS; i++) {
        fixture f;
        const bw_node *groups;

        setup(&f, layouts[i]);
        if (CHECK_OK(&f.ctx, run(&f, "zarr.open", "null"))) {
            groups = AT(result(&f), "groups");
            CHECK_VIEW(AT(result(&f), "layout")->text, expected[i]);
            CHECK_UINT(groups->children.len, 2);
            CHECK_VIEW(groups->children.items[1]->text, second[i]);
            CHECK(AT(result(&f), "listable")->boolean);
            CHECK(!AT(result(&f), "consolidated")->boolean);
        }
        teardown(&f);
    }
}

static void test_entries(void)
{
    fixture f;
    const bw_node *entry;

    setup(&f, "nested");
    CHECK_OK(&f.ctx, run(&f, "zarr.entries",
                         "{\"groups\": [\"entry_0000000005\", \"entry_0000000000\"]}"));
    entry = AT(result(&f), "0");
    CHECK_INT(AT(entry, "idx")->integer, 5);
    CHECK_VIEW(AT(entry, "group")->text, "entry_0000000005");
    CHECK_INT(AT(entry, "meta", "step")->integer, 5);
    CHECK_INT(AT(entry, "step")->integer, 5);
    CHECK_NEAR(AT(entry, "time")->number, 262786.9104937882, 0);
    CHECK_INT(AT(result(&f), "1", "idx")->integer, 0);
    teardown(&f);
}

/* Whose `_index` is there, its writer has come to the end. */
static void test_finished_entries(void)
{
    static const char *const written[] = {"nested", "flat", "steps"};
    static const char *const groups[] = {"entry_0000000005", "entry_0000000005", "step_000001"};
    char params[64];
    fixture f;

    for (size_t i = 0; i < 3; i++) {
        setup(&f, written[i]);
        snprintf(params, sizeof params, "{\"groups\": [\"%s\", \"entry_0000000009\"]}", groups[i]);
        CHECK_OK(&f.ctx, run(&f, "zarr.entries", params));
        CHECK(AT(result(&f), "0", "finished")->boolean);
        CHECK(!AT(result(&f), "1", "finished")->boolean); /* there is nothing of it */
        teardown(&f);
    }
}

static void test_load_nested(void)
{
    fixture f;
    const bw_node *data, *pressure, *wells;

    setup(&f, "nested");
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\", \"fields\": null}"));
    data = AT(result(&f), "data");
    pressure = AT(data, "model", "fluid_properties", "pressure_grid");
    CHECK_NEAR(f8_at(pressure, 0), 3056.3221456791325, 0);
    CHECK_NEAR(f8_at(pressure, 9 * 7 * 4 - 1), 3083.947109600887, 0);
    CHECK_NEAR(f8_sum(pressure), 773211.3840014548, 1e-8);
    CHECK_INT(i8_at(AT(data, "model", "grid_shape"), 2), 4);
    CHECK_NEAR(AT(data, "model", "dip_angle")->number, 2, 0);
    CHECK(AT(data, "_meta") == NULL);
    wells = AT(data, "wells", "production_wells", "PROD-2 \xC3\x86r\xC3\xB8sk\xC3\xB8" "bing",
               "production_well");
    CHECK(wells != NULL);
    /* a list of mappings, stored as groups "0", "1", … */
    CHECK_INT(AT(wells, "produced_fluids")->type, BW_NODE_LIST);
    CHECK_VIEW(AT(wells, "produced_fluids", "0", "name")->text, "Oil");
    teardown(&f);
}

static void test_load_flat(void)
{
    fixture f;
    const bw_node *data, *water;

    setup(&f, "flat");
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\", \"fields\": null}"));
    data = AT(result(&f), "data");
    CHECK_NEAR(f8_at(AT(data, "model", "fluid_properties", "pressure_grid"), 0),
               4085.231614389628, 0);
    water = AT(data, "rates", "injection_rates", "water");
    CHECK_INT(i8_at(AT(water, "keys"), 2), 2);
    CHECK_INT(AT(water, "values")->type, BW_NODE_ARRAY); /* an array record in attributes */
    CHECK_INT(AT(data, "timer_state", "maximum_steps")->type, BW_NODE_NULL);
    CHECK_INT(AT(data, "timer_state", "last_step_failed")->type, BW_NODE_BOOL);
    CHECK_INT(AT(data, "timer_state", "recent_metrics")->type, BW_NODE_LIST);
    CHECK(AT(data, "_vtypes") == NULL);
    teardown(&f);
}

static void test_load_wire_and_steps(void)
{
    fixture f;

    setup(&f, "wire");
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\"}"));
    CHECK_UINT(AT(result(&f), "data", "model", "fluid_properties", "pressure_grid")->array->rank, 3);
    teardown(&f);

    setup(&f, "steps");
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"step_000005\", \"fields\": null}"));
    CHECK_NEAR(f8_sum(AT(result(&f), "data", "model", "fluid_properties", "pressure_grid")),
               773121.2769216379, 1e-8);
    CHECK_INT(AT(result(&f), "meta", "step")->integer, 5);
    /* groups metric_0, metric_1, … */
    CHECK_INT(AT(result(&f), "data", "timer_state", "recent_metrics")->type, BW_NODE_LIST);
    CHECK_INT(AT(result(&f), "data", "timer_state", "recent_metrics", "5", "step_number")->integer, 5);
    CHECK_OK(&f.ctx, run(&f, "zarr.read", "{\"group\": \"step_000005\", \"path\": "
                                          "[\"timer_state\", \"recent_metrics\", \"5\", "
                                          "\"step_number\"]}"));
    CHECK_INT(result(&f)->integer, 5);
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"step_000000\"}"));
    CHECK_INT(AT(result(&f), "data", "timer_state", "recent_metrics")->type, BW_NODE_LIST);
    CHECK_UINT(AT(result(&f), "data", "timer_state", "recent_metrics")->children.len, 0);
    teardown(&f);
}

static void test_fields(void)
{
    fixture f;
    const bw_node *data;
    uint64_t all;

    setup(&f, "nested");
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\"}"));
    all = f.host.gets;
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\", \"fields\": "
                                          "[[\"model\", \"fluid_properties\"]]}"));
    data = AT(result(&f), "data");
    CHECK(AT(data, "model", "fluid_properties", "pressure_grid") != NULL);
    CHECK(AT(data, "model", "grid_shape") == NULL);
    CHECK(AT(data, "injection") == NULL);
    CHECK(AT(data, "step") != NULL && AT(data, "time") != NULL && AT(data, "step_size") != NULL);
    CHECK(f.host.gets - all < all / 4);
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\", \"fields\": []}"));
    CHECK_UINT(AT(result(&f), "data")->children.len, 3);
    teardown(&f);
}

static void test_read(void)
{
    static const char *const params[] = {
        "{\"group\": \"entry_0000000005\", \"path\": [\"model\", \"fluid_properties\", "
        "\"pressure_grid\"], \"slice\": null, \"layout\": \"nested\"}",
        "{\"group\": \"entry_0000000005\", \"path\": [\"model\", \"fluid_properties\", "
        "\"pressure_grid\"], \"layout\": \"flat\"}",
        "{\"group\": \"entry_0000000005\", \"path\": [\"model\", \"fluid_properties\", "
        "\"pressure_grid\"], \"layout\": \"flat\"}",
        "{\"group\": \"step_000005\", \"path\": [\"model\", \"fluid_properties\", "
        "\"pressure_grid\"], \"layout\": \"steps\"}"};
    static const double first[] = {3056.3221456791325, 4085.231614389628, 0, 3056.73366537876};

    for (size_t i = 0; i < LAYOUTS; i++) {
        fixture f;

        setup(&f, layouts[i]);
        CHECK_OK(&f.ctx, run(&f, "zarr.read", params[i]));
        if (first[i] != 0) {
            CHECK_NEAR(f8_at(result(&f), 0), first[i], 0);
        }
        CHECK_UINT(result(&f)->array->rank, 3);
        if (strcmp(layouts[i], "flat") == 0 || strcmp(layouts[i], "steps") == 0) {
            CHECK_UINT(f.host.gets, 2); /* its metadata and its one chunk */
            CHECK_UINT(f.host.listings, 0);
        }
        teardown(&f);
    }
}

static void test_read_slice(void)
{
    fixture f;

    setup(&f, "nested"); /* chunks of 4 along the first dimension */
    CHECK_OK(&f.ctx, run(&f, "zarr.read",
                         "{\"group\": \"entry_0000000005\", \"slice\": [-1, -1, -1], \"path\": "
                         "[\"model\", \"fluid_properties\", \"pressure_grid\"]}"));
    CHECK_UINT(f.host.gets, 2);
    CHECK_UINT(result(&f)->array->rank, 0);
    CHECK_NEAR(f8_at(result(&f), 0), 3083.947109600887, 0);
    CHECK_OK(&f.ctx, run(&f, "zarr.read",
                         "{\"group\": \"entry_0000000005\", \"path\": [\"model\", \"grid_shape\"], "
                         "\"slice\": [[null, null, -1]]}"));
    CHECK_INT(i8_at(result(&f), 0), 4);
    CHECK_INT(i8_at(result(&f), 2), 9);
    CHECK_STATUS(&f.ctx, run(&f, "zarr.read",
                             "{\"group\": \"entry_0000000005\", \"path\": [\"model\", "
                             "\"grid_shape\"], \"slice\": [3]}"), BW_ERR_INDEX_RANGE);
    CHECK_TEXT(f.ctx.error.key, "entry_0000000005/model/grid_shape/.zarray");
    teardown(&f);
}

static void test_read_what_is_no_array(void)
{
    fixture f;

    setup(&f, "nested");
    CHECK_OK(&f.ctx, run(&f, "zarr.read", "{\"group\": \"entry_0000000005\", \"path\": "
                                          "[\"model\", \"dip_angle\"]}"));
    CHECK_NEAR(result(&f)->number, 2, 0);
    CHECK_OK(&f.ctx, run(&f, "zarr.read", "{\"group\": \"entry_0000000005\", \"path\": "
                                          "[\"injection\"]}"));
    CHECK_UINT(result(&f)->children.len, 1);
    CHECK_STATUS(&f.ctx, run(&f, "zarr.read", "{\"group\": \"entry_0000000005\", \"path\": "
                                              "[\"model\", \"no_such_grid\"]}"),
                 BW_ERR_NOT_FOUND);
    CHECK_CONTAINS(f.ctx.error.message, "no_such_grid");
    CHECK_STATUS(&f.ctx, run(&f, "zarr.read", "{\"group\": \"entry_0000000009\", \"path\": "
                                              "[\"model\"]}"), BW_ERR_NOT_FOUND);
    CHECK_CONTAINS(f.ctx.error.message, "entry_0000000009");
    teardown(&f);
}

static void test_inventory(void)
{
    fixture f;
    bool found = false;

    setup(&f, "nested");
    CHECK_OK(&f.ctx, run(&f, "zarr.inventory", "{\"group\": \"entry_0000000005\"}"));
    for (uint32_t i = 0; i < result(&f)->children.len; i++) {
        const bw_node *item = result(&f)->children.items[i];
        const bw_node *path = AT(item, "path");

        if (bw_view_equal(path->children.items[path->children.len - 1]->text,
                          BW_VIEW("pressure_grid"))) {
            found = true;
            CHECK_UINT(path->children.len, 3);
            CHECK_VIEW(AT(item, "dtype")->text, "<f8");
            CHECK_INT(AT(item, "shape", "0")->integer, 9);
            CHECK_INT(AT(item, "chunks", "0")->integer, 4);
            CHECK_INT(AT(item, "nbytes")->integer, 9 * 7 * 4 * 8);
            CHECK_VIEW(AT(item, "codec")->text, "zstd");
        }
    }
    CHECK(found);
    teardown(&f);
}

/* The same results in whatever order the answers come. */
static void test_orders(void)
{
    static const char *const operations[] = {"zarr.load", "zarr.inventory", "zarr.verify"};

    for (size_t i = 0; i < LAYOUTS * 3; i++) {
        const char *layout = layouts[i / 3], *operation = operations[i % 3];
        const char *params = strcmp(layout, "steps") == 0 ? "{\"group\": \"step_000005\"}"
                                                          : "{\"group\": \"entry_0000000005\"}";
        fixture first;

        setup(&first, layout);
        CHECK_OK(&first.ctx, run(&first, operation, params));
        for (uint32_t order = BW_HOST_REVERSED; order < BW_HOST_ORDERS + 3u; order++) {
            fixture f;

            setup(&f, layout);
            f.host.order = order < BW_HOST_ORDERS ? (bw_host_order)order : BW_HOST_SHUFFLED;
            f.host.random = order;
            if (CHECK_OK(&f.ctx, run(&f, operation, params))) {
                CHECK(same_tree(result(&f), result(&first)));
            }
            teardown(&f);
        }
        teardown(&first);
    }
}

/* Hosts without listings -------------------------------------------------------------------- */

static void test_consolidated(void)
{
    for (size_t i = 0; i < LAYOUTS; i++) {
        const char *params = i == 3 ? "{\"group\": \"step_000005\"}"
                                    : "{\"group\": \"entry_0000000005\"}";
        fixture listed, f;

        setup(&listed, layouts[i]);
        CHECK_OK(&listed.ctx, run(&listed, "zarr.load", params));
        setup(&f, layouts[i]);
        f.host.lists = false;
        bw_host_set(&f.host, ".zattrs", BW_VIEW("{\"count\": 6}")); /* the last is entry 5 */
        if (CHECK_OK(&f.ctx, run(&f, "zarr.open", "null"))) {
            CHECK(AT(result(&f), "consolidated")->boolean);
            CHECK(!AT(result(&f), "listable")->boolean);
            CHECK_UINT(AT(result(&f), "groups")->children.len, 2);
        }
        f.host.gets = f.host.listings = 0;
        if (CHECK_OK(&f.ctx, run(&f, "zarr.load", params))) {
            CHECK_UINT(f.host.listings, 0);
            CHECK(f.host.gets < listed.host.gets); /* chunks only */
            CHECK_UINT(AT(result(&f), "data")->children.len,
                       AT(result(&listed), "data")->children.len);
            CHECK(same_tree(AT(result(&f), "data", "model"), AT(result(&listed), "data", "model")));
        }
        teardown(&f);
        teardown(&listed);
    }
}

/* An entry written after the document: its structure is taken from the last one there is. */
static void test_stale_consolidated(void)
{
    fixture f;
    char *text;
    bw_view zmetadata;

    setup(&f, "nested");
    f.host.lists = false;
    /* the document forgets entry 5, the root's count says 6 */
    zmetadata = bw_host_get(&f.host, BW_VIEW(".zmetadata"));
    text = malloc(zmetadata.len + 1);
    memcpy(text, zmetadata.ptr, zmetadata.len);
    text[zmetadata.len] = '\0';
    for (char *found = text; (found = strstr(found, "entry_0000000005/")) != NULL; found += 17) {
        memcpy(found, "forgotten_group0/", 17);
    }
    bw_host_set(&f.host, ".zmetadata", bw_view_text(text));
    bw_host_set(&f.host, ".zattrs", BW_VIEW("{\"count\": 6}"));
    if (CHECK_OK(&f.ctx, run(&f, "zarr.open", "null"))) {
        /* 0 is known, 1 … 5 are counted */
        CHECK_UINT(AT(result(&f), "groups")->children.len, 6);
        CHECK_VIEW(AT(result(&f), "groups", "5")->text, "entry_0000000005");
    }
    if (CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\"}"))) {
        const bw_node *data = AT(result(&f), "data");
        CHECK_NEAR(f8_at(AT(data, "model", "fluid_properties", "pressure_grid"), 0),
                   3056.3221456791325, 0);
        CHECK_INT(AT(result(&f), "step")->integer, 5);
    }
    CHECK_STATUS(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000003\"}"),
                 BW_ERR_NOT_FOUND);
    teardown(&f);
    free(text);
}

static void test_neither_listing_nor_document(void)
{
    fixture f;

    setup(&f, "nested");
    f.host.lists = false;
    bw_host_set(&f.host, ".zmetadata", (bw_view){NULL, 0});
    bw_host_set(&f.host, ".zattrs", BW_VIEW("{\"count\": 6}"));
    if (CHECK_OK(&f.ctx, run(&f, "zarr.open", "null"))) {
        CHECK_UINT(AT(result(&f), "groups")->children.len, 6);
    }
    /* a single array needs no listing */
    CHECK_OK(&f.ctx, run(&f, "zarr.read", "{\"group\": \"entry_0000000005\", \"path\": "
                                          "[\"injection\", \"water\"]}"));
    CHECK_STATUS(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\"}"),
                 BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(f.ctx.error.message, "bores consolidate");
    bw_host_set(&f.host, ".zgroup", (bw_view){NULL, 0});
    bw_host_set(&f.host, ".zattrs", (bw_view){NULL, 0});
    CHECK_STATUS(&f.ctx, run(&f, "zarr.open", "null"), BW_ERR_NOT_FOUND);
    CHECK_STATUS(&f.ctx, run(&f, "zarr.children", "{\"path\": \"\"}"), BW_ERR_UNSUPPORTED);
    teardown(&f);
}

/* Any hierarchy ----------------------------------------------------------------------------- */

static void test_nodes(void)
{
    fixture f;

    setup(&f, "nested");
    CHECK_OK(&f.ctx, run(&f, "zarr.node", "{\"path\": \"\"}"));
    CHECK_VIEW(AT(result(&f), "kind")->text, "group");
    CHECK_OK(&f.ctx, run(&f, "zarr.node", "{\"path\": \"entry_0000000005/injection/water\"}"));
    CHECK_VIEW(AT(result(&f), "kind")->text, "array");
    CHECK_INT(AT(result(&f), "shape", "2")->integer, 4);
    CHECK_VIEW(AT(result(&f), "dtype")->text, "<f8");
    CHECK_OK(&f.ctx, run(&f, "zarr.children", "{\"path\": \"entry_0000000005/model\"}"));
    CHECK_UINT(result(&f)->children.len, 3); /* fluid_properties, grid_shape, saturation_history */
    CHECK_OK(&f.ctx, run(&f, "zarr.array", "{\"path\": \"entry_0000000005/injection/water\"}"));
    CHECK_NEAR(f8_sum(result(&f)), 76.77951340832858, 1e-12);
    CHECK_STATUS(&f.ctx, run(&f, "zarr.node", "{\"path\": \"nowhere\"}"), BW_ERR_NOT_FOUND);
    CHECK_CONTAINS(f.ctx.error.message, "nowhere");
    CHECK_STATUS(&f.ctx, run(&f, "zarr.array", "{\"path\": \"entry_0000000005\"}"),
                 BW_ERR_NOT_FOUND);
    teardown(&f);
}

static void test_nodes_without_listings(void)
{
    fixture f;

    setup(&f, "nested");
    f.host.lists = false;
    CHECK_OK(&f.ctx, run(&f, "zarr.node", "{\"path\": \"entry_0000000005/model\"}"));
    CHECK_OK(&f.ctx, run(&f, "zarr.children", "{\"path\": \"entry_0000000005/model\"}"));
    CHECK_UINT(result(&f)->children.len, 3);
    CHECK_OK(&f.ctx, run(&f, "zarr.children", "{\"path\": \"entry_0000000005/injection\"}"));
    CHECK_VIEW(AT(result(&f), "0", "name")->text, "water");
    CHECK_VIEW(AT(result(&f), "0", "kind")->text, "array");
    teardown(&f);
}

static void test_version_3_is_named(void)
{
    static const char group[] = "{\"zarr_format\": 3, \"node_type\": \"group\"}";
    fixture f;

    setup(&f, "nested");
    f.host.count = 0;
    bw_host_set(&f.host, "zarr.json", BW_VIEW(group));
    bw_host_set(&f.host, "a/zarr.json", BW_VIEW(group));
    CHECK_STATUS(&f.ctx, run(&f, "zarr.open", "null"), BW_ERR_UNSUPPORTED);
    CHECK_STATUS(&f.ctx, run(&f, "zarr.node", "{\"path\": \"\"}"), BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(f.ctx.error.message, "zarr.json");
    CHECK_STATUS(&f.ctx, run(&f, "zarr.node", "{\"path\": \"a\"}"), BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(f.ctx.error.message, "a/zarr.json");
    teardown(&f);
}

/* Damage ------------------------------------------------------------------------------------ */

static void test_verify(void)
{
    static const char params[] = "{\"group\": \"entry_0000000005\"}";
    fixture f;
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
    {PRESSURE ".zarray", "{\"zarr_format\": 2, \"shape\": [2], \"chunks\": [2], \"dtype\": \"<f8\", "
                         "\"compressor\": null, \"fill_value\": 0, \"order\": \"C\", \"filters\": "
                         "[{\"id\": \"delta\"}]}", BW_ERR_UNSUPPORTED},
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
        fixture f;
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
    fixture f;

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
    fixture f;

    setup(&f, "nested");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_STATUS(&f.ctx, run(&f, wrong[i][0], wrong[i][1]), BW_ERR_ARGUMENT);
    }
    teardown(&f);
}

static void test_wrong_answers(void)
{
    fixture f;
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
    fixture f;
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
    fixture f;
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
    RUN(test_open);
    RUN(test_entries);
    RUN(test_finished_entries);
    RUN(test_load_nested);
    RUN(test_load_flat);
    RUN(test_load_wire_and_steps);
    RUN(test_fields);
    RUN(test_read);
    RUN(test_read_slice);
    RUN(test_read_what_is_no_array);
    RUN(test_inventory);
    RUN(test_orders);
    RUN(test_consolidated);
    RUN(test_stale_consolidated);
    RUN(test_neither_listing_nor_document);
    RUN(test_nodes);
    RUN(test_nodes_without_listings);
    RUN(test_version_3_is_named);
    RUN(test_verify);
    RUN(test_damage);
    RUN(test_damaged_root);
    RUN(test_wrong_parameters);
    RUN(test_wrong_answers);
    RUN(test_wrong_listing);
    RUN(test_out_of_memory);
    return check_summary();
}
