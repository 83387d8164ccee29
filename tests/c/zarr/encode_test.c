/* SPDX-License-Identifier: MIT */
/**
 * Entries to keys and bytes. What BORES wrote (tests/data/store, cut from its stores) is loaded,
 * encoded and compared with the original: the same keys, the same documents to the byte (to the
 * value where make.py had to write them anew), the same values when loaded again. `.zmetadata` is
 * compared with zarr-python's. The forms of single values are those that the same stores show.
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

/* Trees ------------------------------------------------------------------------------------- */

static bool same_array(const bw_array *a, const bw_array *b)
{
    return bw_dtype_equal(a->dtype, b->dtype) && a->rank == b->rank && a->nbytes == b->nbytes &&
           memcmp(a->shape, b->shape, a->rank * sizeof a->shape[0]) == 0 &&
           (a->nbytes == 0 || memcmp(a->data, b->data, a->nbytes) == 0);
}

/* Equal with types; floats bit for bit; the order of keys does not count. */
static bool same_tree(const bw_node *a, const bw_node *b)
{
    if (a == NULL || b == NULL || a->type != b->type) {
        return false;
    }
    switch (a->type) {
    case BW_NODE_NULL:
        return true;
    case BW_NODE_BOOL:
        return a->boolean == b->boolean;
    case BW_NODE_INT:
        return a->integer == b->integer;
    case BW_NODE_FLOAT:
        return memcmp(&a->number, &b->number, sizeof a->number) == 0;
    case BW_NODE_STRING:
        return bw_view_equal(a->text, b->text);
    case BW_NODE_ARRAY:
        return same_array(a->array, b->array);
    default:
        break;
    }
    for (uint32_t i = 0; i < a->children.len && a->children.len == b->children.len; i++) {
        const bw_node *other = a->type == BW_NODE_MAP ? bw_map_get(b, a->children.keys[i])
                                                      : b->children.items[i];
        if (!same_tree(a->children.items[i], other)) {
            return false;
        }
    }
    return a->children.len == b->children.len;
}

static bool same_json(bw_ctx *ctx, bw_view a, bw_view b)
{
    bw_arena arena = {0};
    bw_node *x = NULL, *y = NULL;
    bool same = CHECK_OK(ctx, bw_json_parse(ctx, &arena, a, &x)) &&
                CHECK_OK(ctx, bw_json_parse(ctx, &arena, b, &y)) && same_tree(x, y);

    bw_arena_free(ctx, &arena);
    return same;
}

/* Stores ------------------------------------------------------------------------------------ */

typedef struct fixture {
    bw_ctx ctx;
    bw_arena arena; /* parameters */
    bw_bytes file;
    bw_host host; /* what BORES wrote */
    bw_store *store;
} fixture;

static void setup(fixture *f, const char *name)
{
    char path[64];

    memset(f, 0, sizeof *f);
    bw_ctx_init(&f->ctx);
    if (name != NULL) {
        snprintf(path, sizeof path, "store/%s.kv", name);
        f->file = bw_test_file(path);
        bw_host_parse(&f->host, bw_bytes_view(&f->file));
    }
    CHECK_OK(&f->ctx, bw_store_new(&f->ctx, &f->store));
}

static void teardown(fixture *f)
{
    bw_store_free(&f->ctx, f->store);
    bw_arena_free(&f->ctx, &f->arena);
    bw_host_free(&f->host);
    free(f->file.ptr);
}

static bw_node *parsed(fixture *f, const char *json)
{
    bw_node *node = NULL;

    CHECK_OK(&f->ctx, bw_json_parse(&f->ctx, &f->arena, bw_view_text(json), &node));
    return node;
}

static bw_op *load(fixture *f, bw_host *host, const char *group)
{
    bw_op *op = NULL;
    char json[80];

    snprintf(json, sizeof json, "{\"group\": \"%s\"}", group);
    CHECK_OK(&f->ctx,
             bw_host_run(&f->ctx, host, f->store, "zarr.load", parsed(f, json), &op));
    return op;
}

static const bw_node *loaded(const bw_op *op, const char *part)
{
    return op == NULL ? NULL : bw_map_get_text(bw_op_result(op), part);
}

/* Parameters of zarr.encode for one entry: `options` is a JSON object. */
static bw_node *encode_params(fixture *f, const char *options, int64_t idx, bw_node *meta,
                              bw_node *data)
{
    bw_node *params = parsed(f, options);
    bw_node *entries = bw_node_list(&f->ctx, &f->arena), *entry = bw_node_map(&f->ctx, &f->arena);

    bw_map_set(&f->ctx, &f->arena, entry, BW_VIEW("idx"), bw_node_int(&f->ctx, &f->arena, idx));
    bw_map_set(&f->ctx, &f->arena, entry, BW_VIEW("meta"), meta);
    bw_map_set(&f->ctx, &f->arena, entry, BW_VIEW("data"), data);
    bw_list_push(&f->ctx, &f->arena, entries, entry);
    bw_map_set(&f->ctx, &f->arena, params, BW_VIEW("entries"), entries);
    return params;
}

static bw_view put_value(const bw_node *puts, uint32_t i)
{
    const bw_array *bytes = puts->children.items[i]->array;
    return (bw_view){bytes->data, bytes->nbytes};
}

static bool ends_with(bw_view text, const char *tail)
{
    size_t len = strlen(tail);
    return text.len >= len && memcmp(text.ptr + text.len - len, tail, len) == 0;
}

/* Rewriting --------------------------------------------------------------------------------- */

/* Every put against the original: documents alike, chunks there. */
static void compare_puts(fixture *f, const bw_node *puts, const char *group, bool cut)
{
    size_t own = 0;

    for (size_t i = 0; i < f->host.count; i++) {
        bw_view key = f->host.items[i].key;
        size_t len = strlen(group);
        own += key.len > len && memcmp(key.ptr, group, len) == 0 && key.ptr[len] == '/';
    }
    CHECK_UINT(puts->children.len, own);
    for (uint32_t i = 0; i < puts->children.len; i++) {
        bw_view key = puts->children.keys[i], now = put_value(puts, i);
        bw_view then = bw_host_get(&f->host, key);
        bool rewritten = cut && ends_with(key, "/.zattrs");

        if (!CHECK(then.ptr != NULL)) {
            printf("  %.*s\n", (int)key.len, (const char *)key.ptr);
        } else if (rewritten) {
            CHECK(same_json(&f->ctx, now, then));
        } else if (ends_with(key, ".zarray") || ends_with(key, ".zgroup") ||
                   ends_with(key, ".zattrs")) {
            CHECK_VIEW(now, (const char *)bw_arena_copy(&f->ctx, &f->arena, then.ptr, then.len));
        }
    }
    CHECK(ends_with(puts->children.keys[puts->children.len - 1], "/.zattrs"));
}

/* What was encoded, loaded again. */
static void compare_loaded(fixture *f, const bw_node *puts, const char *group, const bw_op *before)
{
    bw_host again = {.lists = true};
    bw_op *op;

    for (uint32_t i = 0; i < puts->children.len; i++) {
        bw_host_set(&again, (const char *)puts->children.keys[i].ptr, put_value(puts, i));
    }
    op = load(f, &again, group);
    CHECK(same_tree(loaded(op, "data"), loaded(before, "data")));
    CHECK(same_tree(loaded(op, "meta"), loaded(before, "meta")));
    CHECK(same_tree(loaded(op, "idx"), loaded(before, "idx")));
    bw_op_free(&f->ctx, op);
    bw_host_free(&again);
}

static void rewrite(const char *name, const char *options, bool cut, int64_t idx)
{
    fixture f;
    bw_op *before, *op = NULL;
    bw_node *params;
    char group[32];

    setup(&f, name);
    snprintf(group, sizeof group, "entry_%010lld", (long long)idx);
    before = load(&f, &f.host, group);
    params = encode_params(&f, options, idx, (bw_node *)loaded(before, "meta"),
                           (bw_node *)loaded(before, "data"));
    if (CHECK_OK(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode", params, &op))) {
        compare_puts(&f, loaded(op, "puts"), group, cut);
        compare_loaded(&f, loaded(op, "puts"), group, before);
    }
    bw_op_free(&f.ctx, op);
    bw_op_free(&f.ctx, before);
    teardown(&f);
}

/* nested.kv is a store that BORES wrote with chunks=(4,). */
static void test_nested_as_bores(void)
{
    rewrite("nested", "{\"layout\": \"nested\", \"chunks\": [4]}", false, 0);
    rewrite("nested", "{\"chunks\": [4], \"arrays\": \"raw\"}", false, 5);
}

static void test_flat_as_bores(void)
{
    rewrite("flat", "{\"layout\": \"flat\"}", true, 0);
    rewrite("flat", "{\"layout\": \"flat\", \"arrays\": \"raw\", \"chunks\": null}", true, 5);
}

static void test_records_as_bores(void)
{
    rewrite("wire", "{\"layout\": \"flat\", \"arrays\": \"record\"}", true, 0);
    rewrite("wire", "{\"layout\": \"flat\", \"arrays\": \"record\"}", true, 5);
}

/* From one layout to the other and back is the same. */
static void change_layout(const char *name, const char *from, const char *options, int64_t idx)
{
    fixture f;
    bw_op *before, *op = NULL;
    bw_node *params;
    char group[32];

    setup(&f, name);
    before = load(&f, &f.host, from);
    params = encode_params(&f, options, idx, (bw_node *)loaded(before, "meta"),
                           (bw_node *)loaded(before, "data"));
    if (CHECK_OK(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode", params, &op))) {
        bw_host again = {.lists = true};
        const bw_node *puts = loaded(op, "puts");
        bw_op *after;

        for (uint32_t i = 0; i < puts->children.len; i++) {
            bw_host_set(&again, (const char *)puts->children.keys[i].ptr, put_value(puts, i));
        }
        snprintf(group, sizeof group, "entry_%010lld", (long long)idx);
        after = load(&f, &again, group);
        CHECK(same_tree(loaded(after, "data"), loaded(before, "data")));
        bw_op_free(&f.ctx, after);
        bw_host_free(&again);
    }
    bw_op_free(&f.ctx, op);
    bw_op_free(&f.ctx, before);
    teardown(&f);
}

static void test_layouts_hold_the_same(void)
{
    change_layout("nested", "entry_0000000005", "{\"layout\": \"flat\"}", 5);
    change_layout("nested", "entry_0000000005", "{\"arrays\": \"record\"}", 12345678901);
    change_layout("flat", "entry_0000000005", "{\"layout\": \"nested\", \"compressor\": null}", 0);
    change_layout("wire", "entry_0000000005",
                  "{\"layout\": \"flat\", \"compressor\": {\"id\": \"gzip\", \"level\": 1}}", 7);
}

/* Single values ----------------------------------------------------------------------------- */

/* Encodes {…} as entry 3; its key `name` is `expected` text, or absent when that is NULL. */
static void check_put(const char *options, const char *data, const char *name,
                      const char *expected)
{
    fixture f;
    bw_op *op = NULL;
    bw_node *params;
    char key[200];

    setup(&f, NULL);
    params = encode_params(&f, options, 3, bw_node_null(&f.ctx, &f.arena), parsed(&f, data));
    snprintf(key, sizeof key, "entry_0000000003/%s", name);
    if (CHECK_OK(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode", params, &op))) {
        const bw_node *bytes = bw_map_get_text(loaded(op, "puts"), key);

        if (expected == NULL) {
            CHECK(bytes == NULL);
        } else if (CHECK(bytes != NULL)) {
            CHECK_VIEW(((bw_view){bytes->array->data, bytes->array->nbytes}), expected);
        }
    }
    bw_op_free(&f.ctx, op);
    teardown(&f);
}

#define IDENTITY \
    "{\n    \"_group_name\": \"entry_0000000003\",\n    \"_index\": 3,\n    \"_meta\": {}"
#define NESTED "{\"layout\": \"nested\", \"compressor\": null}"
#define FLAT "{\"layout\": \"flat\", \"compressor\": null}"

static void test_nested_scalars(void)
{
    check_put(NESTED, "{}", ".zattrs", IDENTITY "\n}");
    check_put(NESTED, "{\"b\": 2.0, \"a\": null, \"c\": 2, \"d\": true, \"e\": \"text\"}",
              ".zattrs",
              IDENTITY ",\n    \"a\": \"__NONE_SENTINEL__\",\n    \"b\": 2.0,\n    \"c\": 2,\n"
                       "    \"d\": true,\n    \"e\": \"text\"\n}");
    check_put(NESTED, "{\"a\": NaN}", ".zattrs", IDENTITY ",\n    \"a\": NaN\n}");
    check_put(NESTED, "{\"empty\": {}}", "empty/.zgroup", "{\n    \"zarr_format\": 2\n}");
    check_put(NESTED, "{\"empty\": {}}", "empty/.zattrs", NULL);
}

static void test_flat_scalars(void)
{
    check_put(FLAT, "{\"m\": {\"a\": null, \"b\": true, \"c\": 2.0, \"%\": 1}}", ".zattrs",
              IDENTITY ",\n    \"_vtypes\": {\n        \"m\\u2192a\": \"none\",\n"
                       "        \"m\\u2192b\": \"bool\"\n    },\n    \"m\\u2192%25\": 1,\n"
                       "    \"m\\u2192a\": \"__NONE_SENTINEL__\",\n    \"m\\u2192b\": true,\n"
                       "    \"m\\u2192c\": 2.0\n}");
    check_put(FLAT, "{\"l\": [{\"b\": 1.0, \"a\": [NaN]}], \"e\": {}}", ".zattrs",
              IDENTITY ",\n    \"_vtypes\": {\n        \"e\": \"json\",\n        \"l\": \"json\"\n"
                       "    },\n    \"e\": \"{}\",\n"
                       "    \"l\": \"[{\\\"b\\\":1.0,\\\"a\\\":[null]}]\"\n}");
}

/* The document of a list: what numpy.array() makes of it, or none. */
static void check_dtype(const char *layout, const char *list, const char *dtype, const char *shape)
{
    fixture f;
    bw_op *op = NULL;
    bw_node *params, *document = NULL;
    char data[200];

    setup(&f, NULL);
    snprintf(data, sizeof data, "{\"l\": %s}", list);
    params = encode_params(&f, layout, 3, bw_node_null(&f.ctx, &f.arena), parsed(&f, data));
    if (CHECK_OK(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode", params, &op))) {
        const bw_node *bytes =
            bw_map_get_text(loaded(op, "puts"), "entry_0000000003/l/.zarray");
        bw_view text;

        if (dtype == NULL) {
            CHECK(bytes == NULL);
        } else if (CHECK(bytes != NULL) &&
                   CHECK_OK(&f.ctx, bw_json_parse(&f.ctx, &f.arena,
                                                  (bw_view){bytes->array->data,
                                                            bytes->array->nbytes},
                                                  &document)) &&
                   CHECK(bw_map_get_string(document, "dtype", &text))) {
            CHECK_VIEW(text, dtype);
            CHECK(same_tree(bw_map_get_text(document, "shape"), parsed(&f, shape)));
        }
    }
    bw_op_free(&f.ctx, op);
    teardown(&f);
}

static void test_lists_as_numpy(void)
{
    static const char *const layouts[] = {NESTED, FLAT};

    for (size_t i = 0; i < 2; i++) {
        check_dtype(layouts[i], "[]", "|i1", "[0]");
        check_dtype(layouts[i], "[[[0, 0, 2], [0, 0, 3]]]", "<i8", "[1, 2, 3]");
        check_dtype(layouts[i], "[110.0, 95]", "<f8", "[2]");
        check_dtype(layouts[i], "[true, false]", "|b1", "[2]");
        check_dtype(layouts[i], "[NaN]", "<f8", "[1]");
        check_dtype(layouts[i], "[true, 1]", NULL, NULL);
        check_dtype(layouts[i], "[9007199254740993, 0.5]", NULL, NULL);
        check_dtype(layouts[i], "[18446744073709551615]", NULL, NULL);
        check_dtype(layouts[i], "[[1, 2], [3]]", NULL, NULL);
        check_dtype(layouts[i], "[[1, 2], 3]", NULL, NULL);
        check_dtype(layouts[i], "[[], []]", NULL, NULL);
        check_dtype(layouts[i], "[\"oil\", \"gas\"]", NULL, NULL);
        check_dtype(layouts[i], "[1, null]", NULL, NULL);
    }
}

static void test_other_lists(void)
{
    check_put(NESTED, "{\"l\": [\"oil\", 2.0, null, [1, \"x\"]]}", ".zattrs",
              IDENTITY ",\n    \"l\": [\n        \"oil\",\n        2.0,\n        null,\n"
                       "        [\n            1,\n            \"x\"\n        ]\n    ]\n}");
    check_put(FLAT, "{\"l\": [\"oil\", 1e-05, null]}", ".zattrs",
              IDENTITY ",\n    \"_vtypes\": {\n        \"l\": \"json\"\n    },\n"
                       "    \"l\": \"[\\\"oil\\\",0.00001,null]\"\n}");
    check_put(NESTED, "{\"l\": [{\"a\": 1}, {}]}", "l/0/.zattrs", "{\n    \"a\": 1\n}");
    check_put(NESTED, "{\"l\": [{\"a\": 1}, {}]}", "l/1/.zgroup",
              "{\n    \"zarr_format\": 2\n}");
    check_put(NESTED, "{\"l\": [{\"a\": 1}, {}]}", "l/.zgroup", "{\n    \"zarr_format\": 2\n}");
}

/* Refusals ---------------------------------------------------------------------------------- */

static void check_refused(const char *options, const char *data, bw_status status,
                          const char *part)
{
    fixture f;
    bw_op *op = NULL;
    bw_node *params;

    setup(&f, NULL);
    params = encode_params(&f, options, 3, bw_node_null(&f.ctx, &f.arena), parsed(&f, data));
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode", params, &op),
                 status);
    CHECK_CONTAINS(f.ctx.error.message, part);
    CHECK_TEXT(f.ctx.error.key, status == BW_ERR_ARGUMENT ? "" : "entry_0000000003");
    teardown(&f);
}

static void test_refused(void)
{
    check_refused(NESTED, "{\"a\": {\"b\": \"__NONE_SENTINEL__\"}}", BW_ERR_UNSUPPORTED, "a.b: ");
    check_refused(FLAT, "{\"a\": \"__NONE_SENTINEL__\"}", BW_ERR_UNSUPPORTED, "None");
    check_refused(NESTED, "{\"a\": {\"b/c\": {}}}", BW_ERR_UNSUPPORTED, "'b/c'");
    check_refused(NESTED, "{\"..\": {}}", BW_ERR_UNSUPPORTED, "'..'");
    check_refused(NESTED, "{\"\": []}", BW_ERR_UNSUPPORTED, "''");
    check_refused(NESTED, "{\".zarray\": {}}", BW_ERR_UNSUPPORTED, "'.zarray'");
    check_refused(FLAT, "{\"a\\\\b\": [1]}", BW_ERR_UNSUPPORTED, "a\\b");
    check_refused(NESTED, "{\"a" ARROW "b\": 1}", BW_ERR_UNSUPPORTED, "U+2192");
    check_refused(NESTED, "{\"_meta\": 1}", BW_ERR_UNSUPPORTED, "_meta: ");
    check_refused(FLAT, "{\"_vtypes\": null}", BW_ERR_UNSUPPORTED, "_vtypes: ");
    check_refused(NESTED, "{\"m\": {\"1\": {}, \"0\": {}}}", BW_ERR_UNSUPPORTED, "as a list");
    check_refused(NESTED, "[]", BW_ERR_ARGUMENT, "must be a mapping");
    check_refused("{\"layout\": \"steps\"}", "{}", BW_ERR_ARGUMENT, "'nested' or 'flat'");
    check_refused("{\"chunks\": [0]}", "{}", BW_ERR_ARGUMENT, "chunks");
    check_refused("{\"chunks\": 4}", "{}", BW_ERR_ARGUMENT, "chunks");
}

/* What one layout cannot hold, the other can. */
static void test_refused_by_nested_only(void)
{
    check_put(FLAT, "{\"a" ARROW "b\": 1}", ".zattrs",
              IDENTITY ",\n    \"_vtypes\": {},\n    \"a%E2%86%92b\": 1\n}");
    check_put(NESTED, "{\"m\": {\"x" ARROW "y\": 1}}", "m/.zattrs",
              "{\n    \"x\\u2192y\": 1\n}");
    check_put(FLAT, "{\"m\": {\"0\": {\"a\": 1}}}", ".zattrs",
              IDENTITY ",\n    \"_vtypes\": {},\n    \"m\\u21920\\u2192a\": 1\n}");
}

/* As records arrays are groups, and groups "0", "1", … are a list. */
static void test_records_that_look_like_a_list(void)
{
    fixture f;
    bw_op *op = NULL;
    bw_array *array = NULL;
    bw_node *data, *params;

    setup(&f, NULL);
    data = parsed(&f, "{\"m\": {}}");
    CHECK_OK(&f.ctx, bw_array_new(&f.ctx, &f.arena, (bw_dtype){.kind = 'u', .itemsize = 1}, 1,
                                  (const uint64_t[]){0}, &array));
    CHECK_OK(&f.ctx, bw_map_set(&f.ctx, &f.arena, bw_map_get_text(data, "m"), BW_VIEW("0"),
                                bw_node_array(&f.ctx, &f.arena, array)));
    params = encode_params(&f, "{\"arrays\": \"raw\"}", 3, bw_node_null(&f.ctx, &f.arena), data);
    CHECK_OK(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode", params, &op));
    bw_op_free(&f.ctx, op);
    op = NULL;
    params = encode_params(&f, "{\"arrays\": \"record\"}", 3, bw_node_null(&f.ctx, &f.arena),
                           data);
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode", params, &op),
                 BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(f.ctx.error.message, "m: ");
    teardown(&f);
}

static void test_depth(void)
{
    static const char *const layouts[] = {NESTED, FLAT};

    for (size_t i = 0; i < 2; i++) {
        fixture f;
        bw_op *op = NULL;
        bw_node *params;

        setup(&f, NULL);
        params = encode_params(&f, layouts[i], 3, bw_node_null(&f.ctx, &f.arena),
                               parsed(&f, "{\"a\": {\"b\": {\"c\": {}}}}"));
        f.ctx.limits.max_depth = 2;
        CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode", params, &op),
                     BW_ERR_LIMIT);
        CHECK_CONTAINS(f.ctx.error.message, "a.b.c");
        teardown(&f);
    }
}

/* Root and consolidated metadata ------------------------------------------------------------ */

static void test_root(void)
{
    fixture f;
    bw_op *op = NULL;

    setup(&f, "nested");
    if (CHECK_OK(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.root",
                                     parsed(&f, "{\"count\": 13, \"attributes\": {\"count\": 2}}"),
                                     &op))) {
        const bw_node *puts = loaded(op, "puts");
        bw_view then = bw_host_get(&f.host, BW_VIEW(".zattrs"));

        CHECK_UINT(puts->children.len, 2);
        CHECK_VIEW(puts->children.keys[0], ".zgroup");
        CHECK_VIEW(puts->children.keys[1], ".zattrs");
        CHECK(bw_view_equal(put_value(puts, 0), bw_host_get(&f.host, BW_VIEW(".zgroup"))));
        CHECK_VIEW(put_value(puts, 1),
                   (const char *)bw_arena_copy(&f.ctx, &f.arena, then.ptr, then.len));
    }
    bw_op_free(&f.ctx, op);
    op = NULL;
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.root",
                                     parsed(&f, "{\"count\": -1}"), &op),
                 BW_ERR_ARGUMENT);
    teardown(&f);
}

static void test_consolidated_as_zarr_python(void)
{
    static const char *const layouts[] = {"nested", "flat", "wire", "steps"};

    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        fixture f;
        bw_op *op = NULL;

        setup(&f, layouts[i]);
        if (CHECK_OK(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.consolidate", NULL,
                                         &op))) {
            const bw_node *puts = loaded(op, "puts");
            bw_view then = bw_host_get(&f.host, BW_VIEW(".zmetadata")), now = put_value(puts, 0);

            CHECK_VIEW(puts->children.keys[0], ".zmetadata");
            CHECK(same_json(&f.ctx, now, then));
            if (i == 0) { /* its documents are all as zarr-python wrote them */
                CHECK_UINT(now.len, then.len);
                CHECK(bw_view_equal(now, then));
            }
        }
        bw_op_free(&f.ctx, op);
        teardown(&f);
    }
}

static void test_consolidate_refuses(void)
{
    fixture f;
    bw_op *op = NULL;

    setup(&f, "nested");
    bw_host_set(&f.host, "entry_0000000000/.zattrs", BW_VIEW("[]"));
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.consolidate", NULL, &op),
                 BW_ERR_METADATA);
    CHECK_TEXT(f.ctx.error.key, "entry_0000000000/.zattrs");
    bw_host_set(&f.host, "entry_0000000000/.zattrs", BW_VIEW("{} "));
    f.ctx.limits.max_document_bytes = 20000;
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.consolidate", NULL, &op),
                 BW_ERR_LIMIT);
    f.host.lists = false;
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.consolidate", NULL, &op),
                 BW_ERR_UNSUPPORTED);
    f.host.lists = true;
    f.host.count = 0;
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.consolidate", NULL, &op),
                 BW_ERR_NOT_FOUND);
    teardown(&f);
}

/* Memory ------------------------------------------------------------------------------------ */

static void test_out_of_memory(void)
{
    static const char *const options[] = {
        "{\"chunks\": [2]}", "{\"layout\": \"flat\", \"arrays\": \"record\"}"};
    fixture f;
    bw_node *data;

    setup(&f, NULL);
    data = parsed(&f, "{\"step\": 3, \"m\": {\"g\": [1.0, 2.0, 3.0], \"n\": null, \"t\": true},"
                      " \"l\": [{\"a\": [1, \"x\"]}], \"s\": {\"shape\": [4], \"dtype\": \"<f8\","
                      " \"default\": 0.0, \"keys\": [[1]], \"values\": [5.0]}}");
    for (size_t i = 0; i < 2; i++) {
        bw_node *params = encode_params(&f, options[i], 3, bw_node_null(&f.ctx, &f.arena), data);
        bw_status st = BW_OK;
        bw_ctx ctx;

        FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
            bw_store *store = NULL;
            bw_op *op = NULL;

            st = bw_store_new(&ctx, &store);
            if (st == BW_OK) {
                st = bw_op_begin(&ctx, store, "zarr.encode", params, &op);
            }
            bw_op_free(&ctx, op);
            bw_store_free(&ctx, store);
        }
    }
    teardown(&f);
}

static void test_consolidate_out_of_memory(void)
{
    bw_bytes file = bw_test_file("store/flat.kv");
    bw_status st = BW_OK;
    bw_ctx ctx;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_store *store = NULL;
        bw_op *op = NULL;
        bw_host host;

        bw_host_parse(&host, bw_bytes_view(&file));
        st = bw_store_new(&ctx, &store);
        if (st == BW_OK) {
            st = bw_host_run(&ctx, &host, store, "zarr.consolidate", NULL, &op);
        }
        bw_op_free(&ctx, op);
        bw_store_free(&ctx, store);
        bw_host_free(&host);
    }
    free(file.ptr);
}

int main(void)
{
    RUN(test_nested_as_bores);
    RUN(test_flat_as_bores);
    RUN(test_records_as_bores);
    RUN(test_layouts_hold_the_same);
    RUN(test_nested_scalars);
    RUN(test_flat_scalars);
    RUN(test_lists_as_numpy);
    RUN(test_other_lists);
    RUN(test_refused);
    RUN(test_refused_by_nested_only);
    RUN(test_records_that_look_like_a_list);
    RUN(test_depth);
    RUN(test_root);
    RUN(test_consolidated_as_zarr_python);
    RUN(test_consolidate_refuses);
    RUN(test_out_of_memory);
    RUN(test_consolidate_out_of_memory);
    return check_summary();
}
