/* SPDX-License-Identifier: MIT */
/**
 * Operations on hosts that cannot list, with .zmetadata, with a stale one and without, and over
 * nodes of any hierarchy.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "store_fixture.h"

/* Hosts without listings -------------------------------------------------------------------- */

static void test_consolidated(void)
{
    for (size_t i = 0; i < STORE_LAYOUTS; i++) {
        const char *params = i == 3 ? "{\"group\": \"step_000005\"}"
                                    : "{\"group\": \"entry_0000000005\"}";
        store_fixture listed, f;

        setup(&listed, store_layouts[i]);
        CHECK_OK(&listed.ctx, run(&listed, "zarr.load", params));
        setup(&f, store_layouts[i]);
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
    store_fixture f;
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

/* What is a group in an entry of the document may be an array in one that is younger than it. */
static void test_array_where_another_entry_has_a_group(void)
{
    store_fixture f;

    setup(&f, "nested");
    f.host.count = 0;
    f.host.lists = false;
    bw_host_set(&f.host, ".zgroup", BW_VIEW("{\"zarr_format\": 2}"));
    bw_host_set(&f.host, ".zattrs", BW_VIEW("{\"count\": 2}"));
    bw_host_set(&f.host, ".zmetadata",
                BW_VIEW("{\"metadata\": {\"entry_0000000000/.zattrs\": {\"_index\": 0},"
                        "\"entry_0000000000/.zgroup\": {\"zarr_format\": 2},"
                        "\"entry_0000000000/w/.zattrs\": {\"a\": 1},"
                        "\"entry_0000000000/w/.zgroup\": {\"zarr_format\": 2}},"
                        "\"zarr_consolidated_format\": 1}"));
    bw_host_set(&f.host, "entry_0000000001/.zattrs", BW_VIEW("{\"_index\": 1}"));
    bw_host_set(&f.host, "entry_0000000001/w/.zarray",
                BW_VIEW("{\"zarr_format\": 2, \"shape\": [1], \"chunks\": [1], \"dtype\": \"<f8\","
                        "\"compressor\": null, \"filters\": null, \"fill_value\": 7.5, \"order\": \"C\"}"));
    CHECK_OK(&f.ctx, run(&f, "zarr.open", "null"));
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000000\"}"));
    CHECK_OK(&f.ctx, run(&f, "zarr.load", "{\"group\": \"entry_0000000001\"}"));
    CHECK_NEAR(f8_at(AT(result(&f), "data", "w"), 0), 7.5, 0);
    teardown(&f);
}

static void test_neither_listing_nor_document(void)
{
    store_fixture f;

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
    store_fixture f;

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
    store_fixture f;

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

/* Zarr version 3 (specification 3.1): groups are nodes, and a root without entries is a plain one. */
static void test_version_3_holds_nodes(void)
{
    static const char group[] = "{\"zarr_format\": 3, \"node_type\": \"group\"}";
    store_fixture f;

    setup(&f, "nested");
    f.host.count = 0;
    bw_host_set(&f.host, "zarr.json", BW_VIEW(group));
    bw_host_set(&f.host, "a/zarr.json", BW_VIEW(group));
    CHECK_OK(&f.ctx, run(&f, "zarr.open", "null"));
    CHECK_VIEW(AT(result(&f), "layout")->text, "plain");
    CHECK_UINT((uint64_t)AT(result(&f), "zarr_format")->integer, 3);
    CHECK_OK(&f.ctx, run(&f, "zarr.node", "{\"path\": \"\"}"));
    CHECK_OK(&f.ctx, run(&f, "zarr.node", "{\"path\": \"a\"}"));
    CHECK_VIEW(AT(result(&f), "kind")->text, "group");
    teardown(&f);
}

int main(void)
{
    RUN(test_consolidated);
    RUN(test_stale_consolidated);
    RUN(test_array_where_another_entry_has_a_group);
    RUN(test_neither_listing_nor_document);
    RUN(test_nodes);
    RUN(test_nodes_without_listings);
    RUN(test_version_3_holds_nodes);
    return check_summary();
}
