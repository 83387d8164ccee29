/* SPDX-License-Identifier: MIT */
/**
 * Array records and base64. tests/data/record/records.json has records of every encoding with
 * NumPy's elements, bores.json has records of BORES with what BORES loads from them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "bores/record.h"
#include "check.h"
#include "fixture.h"
#include "failing_allocator.h"
#include "base/base64.h"
#include "test_data.h"

static bw_node *parsed(fixture *f, bw_view text)
{
    bw_node *out = NULL;
    CHECK_OK(&f->ctx, bw_json_parse(&f->ctx, &f->arena, text, &out));
    return out;
}

static bw_node *data_file(fixture *f, const char *path)
{
    bw_bytes text = bw_test_file(path);
    bw_node *out = parsed(f, bw_bytes_view(&text));
    free(text.ptr);
    return out;
}

static int hex_digit(uint8_t c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static size_t differences(const bw_array *array, bw_view hex)
{
    size_t wrong = 0;
    for (size_t i = 0; i < array->nbytes; i++) {
        wrong += array->data[i] != hex_digit(hex.ptr[2 * i]) * 16 + hex_digit(hex.ptr[2 * i + 1]);
    }
    return wrong;
}

static void check_shape(const bw_array *array, const bw_node *expected)
{
    const bw_node *shape = bw_map_get_text(expected, "shape");
    char dtype[32];
    bw_view wanted = {0};

    bw_dtype_format(array->dtype, dtype);
    bw_map_get_string(expected, "dtype", &wanted);
    CHECK_VIEW(wanted, dtype);
    if (CHECK_UINT(array->rank, shape->children.len)) {
        for (uint32_t d = 0; d < array->rank; d++) {
            CHECK_INT(array->shape[d], shape->children.items[d]->integer);
        }
    }
}

static void test_records_of_numpy(void)
{
    fixture *f = setup();
    bw_node *cases = data_file(f, "record/records.json");

    CHECK(cases->children.len > 40);
    CHECK_OK(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &cases));
    for (uint32_t i = 0; i < cases->children.len; i++) {
        const bw_node *row = cases->children.items[i], *node = bw_map_get_text(row, "record");
        bw_view hex = {0};

        bw_map_get_string(row, "hex", &hex);
        if (!CHECK_INT(node->type, BW_NODE_ARRAY)) {
            continue;
        }
        check_shape(node->array, row);
        if (!CHECK_UINT(node->array->nbytes, hex.len / 2) ||
            !CHECK_UINT(differences(node->array, hex), 0)) {
            fprintf(stderr, "  in record %u\n", i);
        }
    }
    bw_arena_free(&f->ctx, &f->arena);
}

static double number(const bw_node *node)
{
    return node->type == BW_NODE_INT    ? (double)node->integer
           : node->type == BW_NODE_BOOL ? (double)node->boolean
                                        : node->number;
}

static double element(const bw_array *array, uint64_t i)
{
    if (array->dtype.kind == 'b') {
        return array->data[i];
    }
    if (array->dtype.kind == 'i') {
        return (double)((const int64_t *)(const void *)array->data)[i];
    }
    return ((const double *)(const void *)array->data)[i];
}

static void check_values(const bw_array *array, const bw_node *expected)
{
    const bw_node *at = bw_map_get_text(expected, "at");
    uint64_t count = array->nbytes / array->dtype.itemsize;
    double low = INFINITY, high = -INFINITY, sum = 0;

    for (uint64_t i = 0; i < count; i++) {
        low = fmin(low, element(array, i));
        high = fmax(high, element(array, i));
        sum += element(array, i);
    }
    CHECK_NEAR(low, number(bw_map_get_text(expected, "min")), 0);
    CHECK_NEAR(high, number(bw_map_get_text(expected, "max")), 0);
    /* BORES's sum is exact (fsum); ours rounds once an element. */
    CHECK_NEAR(sum, number(bw_map_get_text(expected, "sum")), fabs(sum) * (double)count * 0x1p-53);
    for (uint32_t k = 0; k < at->children.len; k++) {
        const bw_node *index = at->children.items[k]->children.items[0];
        uint64_t flat = 0;
        for (uint32_t d = 0; d < array->rank; d++) {
            flat = flat * array->shape[d] + (uint64_t)index->children.items[d]->integer;
        }
        CHECK_NEAR(element(array, flat), number(at->children.items[k]->children.items[1]), 0);
    }
}

static void test_records_of_bores(void)
{
    fixture *f = setup();
    bw_node *cases = data_file(f, "record/bores.json");

    CHECK_UINT(cases->children.len, 9);
    CHECK_OK(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &cases));
    for (uint32_t i = 0; i < cases->children.len; i++) {
        const bw_node *row = cases->children.items[i], *node = bw_map_get_text(row, "record");
        if (CHECK_INT(node->type, BW_NODE_ARRAY)) {
            check_shape(node->array, bw_map_get_text(row, "expected"));
            check_values(node->array, bw_map_get_text(row, "expected"));
        }
    }
    bw_arena_free(&f->ctx, &f->arena);
}

/* What is no record stays, and so does what is beside one. */
static void test_only_records_are_replaced(void)
{
    fixture *f = setup();
    bw_node *tree = parsed(
        f, BW_VIEW("{\"a\": [1, {\"__ndarray__\": false, \"x\": 2}], \"rates\": {\"shape\": [2, 2],"
                   " \"dtype\": \"<f8\", \"default\": 0.0, \"keys\": [[0, 1]], \"values\":"
                   " {\"__ndarray__\": true, \"dtype\": \"<f8\", \"shape\": [1], \"encoding\":"
                   " \"scalar\", \"value\": 3.5}}, \"b\": {\"__ndarray__\": 1, \"dtype\": \"|i1\","
                   " \"shape\": [2], \"encoding\": \"list\", \"data\": [4, 5]}}"));
    const bw_node *rates;

    CHECK_OK(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &tree));
    rates = bw_map_get_text(tree, "rates");
    CHECK_INT(rates->type, BW_NODE_MAP);
    CHECK_INT(bw_map_get_text(rates, "keys")->type, BW_NODE_LIST);
    CHECK_INT(bw_map_get_text(rates, "values")->type, BW_NODE_ARRAY);
    CHECK_INT(bw_map_get_text(tree, "a")->children.items[1]->type, BW_NODE_MAP);
    CHECK_BYTES(bw_map_get_text(tree, "b")->array->data, "\4\5", 2);
    CHECK_VIEW(tree->children.keys[2], "b");

    tree = parsed(f, BW_VIEW("{\"__ndarray__\": true, \"dtype\": \"<f8\", \"shape\": [0],"
                             " \"encoding\": \"empty\"}"));
    CHECK_OK(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &tree));
    CHECK_INT(tree->type, BW_NODE_ARRAY);
    tree = parsed(f, BW_VIEW("7"));
    CHECK_OK(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &tree));
    CHECK_INT(tree->integer, 7);
    bw_arena_free(&f->ctx, &f->arena);
}

static bw_node *record_with_shape(fixture *f, const char *encoding, bw_array *shape)
{
    bw_node *map = parsed(f, BW_VIEW("{\"__ndarray__\": true, \"dtype\": \"<f8\", \"value\": 1}"));
    bw_map_set(&f->ctx, &f->arena, map, BW_VIEW("encoding"),
               bw_node_text(&f->ctx, &f->arena, bw_view_text(encoding)));
    bw_map_set(&f->ctx, &f->arena, map, BW_VIEW("shape"),
               bw_node_array(&f->ctx, &f->arena, shape));
    return map;
}

/* Zarr and HDF5 stores keep the shape as a dataset. */
static void test_shape_as_an_array(void)
{
    int64_t lengths[] = {2, 3}, negative[] = {2, -3};
    bw_array shape = {.dtype = {.kind = 'i', .itemsize = 8}, .rank = 1, .shape = {2}};
    bw_array none = {.dtype = {.kind = 'i', .itemsize = 1}, .rank = 1, .shape = {0}};
    fixture *f = setup();
    bw_node *map;

    shape.data = none.data = (uint8_t *)lengths;
    shape.nbytes = sizeof lengths;
    map = record_with_shape(f, "scalar", &shape);
    CHECK_OK(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &map));
    CHECK_UINT(map->array->rank, 2);
    CHECK_UINT(map->array->shape[1], 3);
    map = record_with_shape(f, "scalar", &none); /* [] */
    CHECK_OK(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &map));
    CHECK_UINT(map->array->rank, 0);

    shape.data = (uint8_t *)negative;
    map = record_with_shape(f, "scalar", &shape);
    CHECK_STATUS(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &map), BW_ERR_METADATA);
    shape.dtype.kind = 'f';
    CHECK_STATUS(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &map), BW_ERR_METADATA);
    CHECK_TEXT(f->ctx.error.message, "shape: an array of shape [2] is not a list of integers");
    bw_arena_free(&f->ctx, &f->arena);
}

#define F8 "\"dtype\": \"<f8\", "
#define DENSE(shape, data) F8 "\"shape\": " shape ", \"encoding\": \"dense\", \"data\": " data
#define LIST(shape, data) F8 "\"shape\": " shape ", \"encoding\": \"list\", \"data\": " data
#define SPARSE(indices, values)                                                 \
    F8 "\"shape\": [3], \"encoding\": \"sparse\", \"fill\": 0, \"indices\": \"" \
       indices "\", \"values\": \"" values "\""
#define LAYERED(axis) \
    F8 "\"shape\": [2, 1], \"encoding\": \"layered\", \"data\": \"AAAAAAAAAAA=\", \"axis\": " axis

static void test_damaged_records(void)
{
    static const struct {
        const char *fields;
        bw_status status;
        const char *message;
    } rows[] = {
        {"\"shape\": [1]", BW_ERR_METADATA, "dtype: missing"},
        {"\"dtype\": 8, \"shape\": [1]", BW_ERR_METADATA, "dtype: missing, or not text"},
        {"\"dtype\": \"|O\", \"shape\": [1]", BW_ERR_UNSUPPORTED, "dtype \"|O\""},
        {"\"dtype\": \"<f8\"", BW_ERR_METADATA, "shape: nothing is not a list"},
        {F8 "\"shape\": 3", BW_ERR_METADATA, "shape: 3 is not a list"},
        {F8 "\"shape\": [2, -1]", BW_ERR_METADATA, "shape: dimension 1 is no length"},
        {F8 "\"shape\": [2.0]", BW_ERR_METADATA, "shape: dimension 0 is no length"},
        {F8 "\"shape\": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]",
         BW_ERR_LIMIT, "shape: dimensions: 33 exceeds the limit of 32"},
        {F8 "\"shape\": [1099511627776, 1099511627776]", BW_ERR_LIMIT,
         "bytes of shape [1099511627776, 1099511627776]"},
        {F8 "\"shape\": [1]", BW_ERR_METADATA, "encoding: nothing is not the name"},
        {F8 "\"shape\": [1], \"encoding\": 1", BW_ERR_METADATA, "encoding: 1 is not the name"},
        {F8 "\"shape\": [1], \"encoding\": \"zip\"", BW_ERR_UNSUPPORTED, "encoding: \"zip\""},
        {F8 "\"shape\": [2], \"encoding\": \"empty\"", BW_ERR_METADATA, "the shape has 2 elements"},
        {F8 "\"shape\": [2], \"encoding\": \"scalar\"", BW_ERR_METADATA, "value: missing"},
        {F8 "\"shape\": [2], \"encoding\": \"scalar\", \"value\": \"x\"", BW_ERR_METADATA,
         "value: \"x\" is not a value of dtype <f8"},
        {"\"dtype\": \"<i4\", \"shape\": [2], \"encoding\": \"scalar\", \"value\": null",
         BW_ERR_METADATA, "value: null is not a value of dtype <i4"},
        {"\"dtype\": \"<c16\", \"shape\": [2], \"encoding\": \"scalar\", \"value\": 1",
         BW_ERR_METADATA, "value: 1 is not a value of dtype <c16"},
        {F8 "\"shape\": [1], \"encoding\": \"dense\"", BW_ERR_METADATA,
         "data: nothing is not base64"},
        {DENSE("[1]", "7"), BW_ERR_METADATA, "data: 7 is not base64 text"},
        {DENSE("[2]", "\"AAAAAAAAAAA=\""), BW_ERR_CORRUPT,
         "data: holds 8 bytes, the shape needs 16"},
        {DENSE("[0]", "\"AAAAAAAAAAA=\""), BW_ERR_CORRUPT,
         "data: holds 8 bytes, the shape needs 0"},
        {DENSE("[1]", "\"AAAAAAAA\\nAA=\""), BW_ERR_CORRUPT, "data: base64: character 9 of 12"},
        {DENSE("[1]", "\"AAAAAAAAAAB=\""), BW_ERR_CORRUPT, "data: base64: the bits that pad"},
        {LAYERED("2"), BW_ERR_METADATA, "axis: 2 is not an axis"},
        {LAYERED("-1"), BW_ERR_METADATA, "axis: -1 is not an axis"},
        {LAYERED("\"1\""), BW_ERR_METADATA, "axis: \"1\" is not an axis"},
        {LAYERED("0"), BW_ERR_CORRUPT, "data: holds 8 bytes, the shape needs 16"},
        {F8 "\"shape\": [], \"encoding\": \"layered\", \"axis\": 0, \"data\": \"\"",
         BW_ERR_METADATA, "axis: 0 is not an axis"},
        {SPARSE("AQAAAA==", "AAAAAAAAAAAAAAAAAAAAAA=="), BW_ERR_CORRUPT,
         "values: holds 16 bytes, the shape needs 8"},
        {SPARSE("AQAA", "AAAAAAAAAAA="), BW_ERR_CORRUPT, "indices: holds 3 bytes"},
        {SPARSE("AwAAAA==", "AAAAAAAAAAA="), BW_ERR_CORRUPT, "indices: 3 is not one of the 3"},
        {SPARSE("/////w==", "AAAAAAAAAAA="), BW_ERR_CORRUPT, "indices: -1 is not one of the 3"},
        {SPARSE("AQAA*A==", "AAAAAAAAAAA="), BW_ERR_CORRUPT, "indices: base64: character 5"},
        {F8 "\"shape\": [3], \"encoding\": \"sparse\", \"fill\": 0, \"values\": \"\"",
         BW_ERR_METADATA, "indices: nothing is not base64"},
        {F8 "\"shape\": [3], \"encoding\": \"sparse\", \"indices\": \"\", \"values\": \"\"",
         BW_ERR_METADATA, "fill: missing"},
        {F8 "\"shape\": [3], \"encoding\": \"list\"", BW_ERR_METADATA, "data: missing"},
        {LIST("[2]", "[1]"), BW_ERR_CORRUPT, "data: a list of 1, the shape has 2 along axis 0"},
        {LIST("[1]", "[1, 2]"), BW_ERR_CORRUPT, "data: a list of 2, the shape has 1"},
        {LIST("[2, 2]", "[[1, 2], [3]]"), BW_ERR_CORRUPT, "data: a list of 1, the shape has 2"},
        {LIST("[2, 2]", "[[1, 2], 3]"), BW_ERR_METADATA, "data: 3 is not a list"},
        {LIST("[2, 2]", "[1, 2, 3]"), BW_ERR_CORRUPT, "data: a list of 3, the shape has 4"},
        {LIST("[2]", "[1, [2]]"), BW_ERR_METADATA, "data: a list of 1 is not a value of dtype <f8"},
        {LIST("[2]", "3"), BW_ERR_METADATA, "data: 3 is not a list"},
        {LIST("[2]", "[1, \"2\"]"), BW_ERR_METADATA, "data: \"2\" is not a value of dtype <f8"},
    };
    fixture *f = setup();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        bw_node *tree;

        snprintf(text, sizeof text, "{\"a\": [0, {\"\xC3\xA9\": {\"__ndarray__\": true, %s}}]}",
                 rows[i].fields);
        tree = parsed(f, bw_view_text(text));
        CHECK_STATUS(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &tree), rows[i].status);
        CHECK_CONTAINS(f->ctx.error.message, rows[i].message);
        CHECK_CONTAINS(f->ctx.error.message, "a.1.\xC3\xA9: ");
        CHECK_TEXT(f->ctx.error.key, "");
    }
    bw_arena_free(&f->ctx, &f->arena);
}

/* A record that claims much and holds little takes no memory. */
static void test_claims_cost_nothing(void)
{
    static const char *const fields[] = {
        DENSE("[200000000]", "\"AAAAAAAAAAA=\""), LIST("[200000000]", "[1, 2]"),
        LIST("[2, 100000000]", "[[1], [2]]"),
        F8 "\"shape\": [200000000], \"encoding\": \"layered\", \"axis\": 0, \"data\": \"AAAA\"",
        F8 "\"shape\": [200000000, 4611686018427387904, 0], \"encoding\": \"layered\", \"axis\": 1,"
           " \"data\": \"\"",
        F8 "\"shape\": [200000000], \"encoding\": \"scalar\"",
        F8 "\"shape\": [200000000], \"encoding\": \"sparse\", \"fill\": 0,"
           " \"indices\": \"AAAAAA==\", \"values\": \"\""};
    bw_ctx ctx;
    bw_test_heap heap = {0};

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        char text[512];
        bw_node *tree;
        bw_arena arena = {0};

        snprintf(text, sizeof text, "{\"__ndarray__\": true, %s}", fields[i]);
        CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, bw_view_text(text), &tree));
        CHECK(bw_record_expand(&ctx, &arena, &tree) != BW_OK);
        bw_arena_free(&ctx, &arena);
    }
    CHECK(heap.peak_bytes < 20000);
}

/* Ten records of 80 bytes text ask for 8 kB each. */
static void test_all_records_share_one_limit(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_bytes text = {0};
    bw_node *tree;

    bw_ctx_init(&ctx);
    for (int i = 0; i < 10; i++) {
        bw_bytes_append_text(&ctx, &text, i == 0 ? "[" : ",");
        bw_bytes_append_text(&ctx, &text, "{\"__ndarray__\": true, \"dtype\": \"<f8\", \"shape\": "
                                          "[1000], \"encoding\": \"scalar\", \"value\": 1}");
    }
    bw_bytes_append_text(&ctx, &text, "]");
    CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, bw_bytes_view(&text), &tree));
    ctx.limits.max_array_bytes = 79999;
    CHECK_STATUS(&ctx, bw_record_expand(&ctx, &arena, &tree), BW_ERR_LIMIT);
    CHECK_TEXT(ctx.error.message,
               "9: bytes of all array records: 80000 exceeds the limit of 79999");
    CHECK_UINT(ctx.error.needed, 80000);
    CHECK_UINT(ctx.error.limit, 79999);

    CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, bw_bytes_view(&text), &tree));
    ctx.limits.max_array_bytes = 80000;
    CHECK_OK(&ctx, bw_record_expand(&ctx, &arena, &tree));
    bw_bytes_free(&ctx, &text);
    bw_arena_free(&ctx, &arena);
}

static void test_depth(void)
{
    fixture *f = setup();
    bw_node *node = bw_node_null(&f->ctx, &f->arena);

    for (int i = 0; i < 129; i++) {
        bw_node *map = bw_node_map(&f->ctx, &f->arena);
        bw_map_set(&f->ctx, &f->arena, map, BW_VIEW("long key"), node);
        node = map;
        if (i == 127) {
            CHECK_OK(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &node));
        }
    }
    CHECK_STATUS(&f->ctx, bw_record_expand(&f->ctx, &f->arena, &node), BW_ERR_LIMIT);
    CHECK_UINT(f->ctx.error.needed, 129);
    CHECK_CONTAINS(f->ctx.error.message, "long key.long key.");
    bw_arena_free(&f->ctx, &f->arena);
}

static void test_without_memory(void)
{
    bw_bytes text = bw_test_file("record/records.json");
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena trees = {0}, arrays = {0};
        bw_node *tree = NULL;

        st = bw_json_parse(&ctx, &trees, bw_bytes_view(&text), &tree);
        if (st == BW_OK) {
            st = bw_record_expand(&ctx, &arrays, &tree);
        }
        bw_arena_free(&ctx, &trees);
        bw_arena_free(&ctx, &arrays);
    }
    free(text.ptr);
}

static void test_without_memory_for_arrays(void)
{
    bw_ctx ctx, plain;
    bw_status st = BW_OK;
    bw_bytes text = bw_test_file("record/bores.json");

    bw_ctx_init(&plain);
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena trees = {0}, arrays = {0};
        bw_node *tree = NULL;

        CHECK_OK(&plain, bw_json_parse(&plain, &trees, bw_bytes_view(&text), &tree));
        st = bw_record_expand(&ctx, &arrays, &tree);
        bw_arena_free(&ctx, &arrays);
        bw_arena_free(&plain, &trees);
    }
    free(text.ptr);
}

/* RFC 4648, section 10, and what its section 3 asks to refuse. */
static void test_base64(void)
{
    static const char *const good[][2] = {
        {"", ""},         {"Zg==", "f"},          {"Zm8=", "fo"},         {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"}, {"Zm9vYmE=", "fooba"}, {"Zm9vYmFy", "foobar"},
        {"+/+/", "\xFB\xFF\xBF"}};
    static const char *const bad[] = {
        "Z",     "Zg",       "Zg=",  "=",    "==",   "===",  "====",    "Zg===", "Zg==Zg==", "Z===",
        "Zh==",  "Zm9=",     "Zm8 ", "Zm8\n", "-_-_", "Zm9v\n", "Zm=v",  "=m9v",  "Zg=v",
        "Zm9vZ\xC3\xA9v"};
    bw_ctx ctx;
    uint8_t out[16];

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        bw_view text = bw_view_text(good[i][0]);
        CHECK_UINT(bw__base64_size(text), strlen(good[i][1]));
        CHECK_OK(&ctx, bw__base64_decode(&ctx, text, out));
        CHECK_BYTES(out, good[i][1], strlen(good[i][1]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_STATUS(&ctx, bw__base64_decode(&ctx, bw_view_text(bad[i]), out), BW_ERR_CORRUPT);
    }
    CHECK_STATUS(&ctx, bw__base64_decode(&ctx, BW_VIEW("Zm9vYm9v*A=="), out), BW_ERR_CORRUPT);
    CHECK_TEXT(ctx.error.message, "base64: character 9 of 12 is not in the alphabet");
}

int main(void)
{
    RUN(test_records_of_numpy);
    RUN(test_records_of_bores);
    RUN(test_only_records_are_replaced);
    RUN(test_shape_as_an_array);
    RUN(test_damaged_records);
    RUN(test_claims_cost_nothing);
    RUN(test_all_records_share_one_limit);
    RUN(test_depth);
    RUN(test_without_memory);
    RUN(test_without_memory_for_arrays);
    RUN(test_base64);
    return check_summary();
}
