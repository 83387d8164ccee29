/* SPDX-License-Identifier: MIT */
/**
 * Operations over stores of each layout that BORES has written (tests/data/store, made and read
 * with zarr-python by its make.py), and that the order of answers makes no difference.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "store_fixture.h"

/* Opening and reading each layout ----------------------------------------------------------- */

static void test_open(void)
{
    static const char *const expected[] = {"nested", "flat", "flat", "steps"};
    static const char *const second[] = {"entry_0000000005", "entry_0000000005",
                                         "entry_0000000005", "step_000005"};

    for (size_t i = 0; i < STORE_LAYOUTS; i++) {
        store_fixture f;
        const bw_node *groups;

        setup(&f, store_layouts[i]);
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
    store_fixture f;
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
    store_fixture f;

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
    store_fixture f;
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
    store_fixture f;
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
    store_fixture f;

    setup(&f, "wire");
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\"}"));
    CHECK_UINT(AT(result(&f), "data", "model", "fluid_properties", "pressure_grid")->array->rank,
               3);
    teardown(&f);

    setup(&f, "steps");
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"step_000005\", \"fields\": null}"));
    CHECK_NEAR(f8_sum(AT(result(&f), "data", "model", "fluid_properties", "pressure_grid")),
               773121.2769216379, 1e-8);
    CHECK_INT(AT(result(&f), "meta", "step")->integer, 5);
    /* groups metric_0, metric_1, … */
    CHECK_INT(AT(result(&f), "data", "timer_state", "recent_metrics")->type, BW_NODE_LIST);
    CHECK_INT(AT(result(&f), "data", "timer_state", "recent_metrics", "5", "step_number")->integer,
              5);
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
    store_fixture f;
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
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000005\", \"fields\": "
                                          "[[\"model\", null, \"pressure_grid\"]]}"));
    data = AT(result(&f), "data", "model");
    CHECK(AT(data, "fluid_properties", "pressure_grid") != NULL);
    CHECK(AT(data, "fluid_properties", "oil_saturation_grid") == NULL);
    CHECK(AT(data, "rock_properties", "porosity_grid") == NULL);
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

    for (size_t i = 0; i < STORE_LAYOUTS; i++) {
        store_fixture f;

        setup(&f, store_layouts[i]);
        CHECK_OK(&f.ctx, run(&f, "zarr.read", params[i]));
        if (first[i] != 0) {
            CHECK_NEAR(f8_at(result(&f), 0), first[i], 0);
        }
        CHECK_UINT(result(&f)->array->rank, 3);
        if (strcmp(store_layouts[i], "flat") == 0 || strcmp(store_layouts[i], "steps") == 0) {
            CHECK_UINT(f.host.gets, 2); /* its metadata and its one chunk */
            CHECK_UINT(f.host.listings, 0);
        }
        teardown(&f);
    }
}

static void test_read_slice(void)
{
    store_fixture f;

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
    store_fixture f;

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
    store_fixture f;
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

    for (size_t i = 0; i < STORE_LAYOUTS * 3; i++) {
        const char *layout = store_layouts[i / 3], *operation = operations[i % 3];
        const char *params = strcmp(layout, "steps") == 0 ? "{\"group\": \"step_000005\"}"
                                                          : "{\"group\": \"entry_0000000005\"}";
        store_fixture first;

        setup(&first, layout);
        CHECK_OK(&first.ctx, run(&first, operation, params));
        for (uint32_t order = BW_HOST_REVERSED; order < BW_HOST_ORDERS + 3u; order++) {
            store_fixture f;

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
    return check_summary();
}
