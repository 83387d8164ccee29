/* SPDX-License-Identifier: MIT */
/**
 * Entries in version 3 of Zarr: documents as zarr-python 3.1.6 writes them for the same arrays, values that
 * come back in both layouts, with shards and without, and roots that say what is wrong with them.
 * (tests/js/formats/zarr/entries-v3.test.js compares whole stores with what BORES reads.)
 */
#include <stdio.h>
#include <string.h>

#include "bores/json.h"
#include "bores/op.h"
#include "check.h"
#include "failing_allocator.h"
#include "memory_host.h"

#define DATA \
    "{\"step\": 3, \"m\": {\"g\": [1.0, 2.0, 3.0], \"n\": null, \"i\": [1, 2, 3], \"e\": {}}," \
    " \"l\": [{\"a\": [true, false]}, {\"a\": []}]}"

typedef struct fixture {
    bw_ctx ctx;
    bw_arena arena; /* parameters and what is in `host` */
    bw_host host;
    bw_store *store;
} fixture;

static void setup(fixture *f)
{
    memset(f, 0, sizeof *f);
    f->host.lists = true;
    bw_ctx_init(&f->ctx);
    CHECK_OK(&f->ctx, bw_store_new(&f->ctx, &f->store));
}

static void teardown(fixture *f)
{
    bw_store_free(&f->ctx, f->store);
    bw_arena_free(&f->ctx, &f->arena);
    bw_host_free(&f->host);
}

static bw_node *parsed(fixture *f, const char *json)
{
    bw_node *node = NULL;

    CHECK_OK(&f->ctx, bw_json_parse(&f->ctx, &f->arena, bw_view_text(json), &node));
    return node;
}

/* Parameters of zarr.encode for entry 3 with DATA: `options` are the members of a JSON object. */
static bw_node *encode_params(fixture *f, const char *options)
{
    char json[1000];

    snprintf(json, sizeof json, "{%s, \"entries\": [{\"idx\": 3, \"data\": " DATA "}]}", options);
    return parsed(f, json);
}

/* Puts what an operation gives into the host. */
static void take_puts(fixture *f, bw_op *op)
{
    const bw_node *puts = bw_map_get_text(bw_op_result(op), "puts");

    for (uint32_t i = 0; i < puts->children.len; i++) {
        const bw_array *bytes = puts->children.items[i]->array;
        bw_view key = puts->children.keys[i];
        const char *name = (const char *)key.ptr;
        char *copy = bw_arena_copy(&f->ctx, &f->arena, bytes->data, bytes->nbytes);
        char *text = bw_arena_copy(&f->ctx, &f->arena, name, key.len);

        bw_host_set(&f->host, text, (bw_view){(const uint8_t *)copy, bytes->nbytes});
    }
}

static bool put(fixture *f, const char *operation, const bw_node *params)
{
    bw_op *op = NULL;
    bool done = CHECK_OK(&f->ctx, bw_host_run(&f->ctx, &f->host, f->store, operation, params, &op));

    if (done) {
        take_puts(f, op);
    }
    bw_op_free(&f->ctx, op);
    return done;
}

/* A store of one entry. */
static bool make_store(fixture *f, const char *options)
{
    return put(f, "zarr.encode", encode_params(f, options)) &&
           put(f, "zarr.root", parsed(f, "{\"zarr_format\": 3, \"count\": 4}"));
}

static bw_op *run(fixture *f, const char *operation, const char *params)
{
    bw_op *op = NULL;

    CHECK_OK(&f->ctx, bw_host_run(&f->ctx, &f->host, f->store, operation,
                                  params == NULL ? NULL : parsed(f, params), &op));
    return op;
}

/* A result as JSON text, in the fixture's arena. */
static const char *as_text(fixture *f, const bw_node *node)
{
    bw_bytes text = {0};
    const char *copy;

    CHECK_OK(&f->ctx, bw_json_write(&f->ctx, node, BW_JSON_COMPACT, &text));
    CHECK_OK(&f->ctx, bw_bytes_append(&f->ctx, &text, "", 1));
    copy = bw_arena_copy(&f->ctx, &f->arena, text.ptr, text.len);
    bw_bytes_free(&f->ctx, &text);
    return copy;
}

/* The text of two JSON documents is the same when both are written anew. */
static void check_document(fixture *f, const char *key, const char *expected)
{
    bw_view now = bw_host_get(&f->host, bw_view_text(key));
    bw_node *node = NULL;

    if (CHECK(now.ptr != NULL) &&
        CHECK_OK(&f->ctx, bw_json_parse(&f->ctx, &f->arena, now, &node))) {
        CHECK_TEXT(as_text(f, node), as_text(f, parsed(f, expected)));
    }
}

/* Documents --------------------------------------------------------------------------------- */

/* zarr-python 3.1.6: create_array(…, zarr_format=3), keys in the order of their names. */
#define REST \
    "\"attributes\": {}, \"chunk_grid\": {\"configuration\": {\"chunk_shape\": [2]}, \"name\": \"regular\"}," \
    "\"chunk_key_encoding\": {\"configuration\": {\"separator\": \"/\"}, \"name\": \"default\"},"
#define TAIL "\"node_type\": \"array\", \"shape\": [3], \"storage_transformers\": [], \"zarr_format\": 3}"

static void test_documents_as_zarr_python(void)
{
    fixture f;

    setup(&f);
    if (make_store(&f, "\"zarr_format\": 3, \"chunks\": [2], \"compressor\":"
                       "{\"id\": \"blosc\", \"cname\": \"zstd\", \"clevel\": 3, \"shuffle\": 2}")) {
        check_document(&f, "entry_0000000003/m/g/zarr.json",
                       "{" REST "\"codecs\": [{\"configuration\": {\"endian\": \"little\"}, \"name\": \"bytes\"},"
                       "{\"configuration\": {\"blocksize\": 0, \"clevel\": 3, \"cname\": \"zstd\","
                       "\"shuffle\": \"bitshuffle\", \"typesize\": 8}, \"name\": \"blosc\"}],"
                       "\"data_type\": \"float64\", \"fill_value\": 0.0," TAIL);
        check_document(&f, "entry_0000000003/m/zarr.json",
                       "{\"attributes\": {\"n\": \"__NONE_SENTINEL__\"}, \"node_type\": \"group\","
                       "\"zarr_format\": 3}");
        check_document(&f, "zarr.json", "{\"attributes\": {\"count\": 4}, \"node_type\": \"group\","
                                        "\"zarr_format\": 3}");
    }
    teardown(&f);
}

static void test_shards_as_zarr_python(void)
{
    fixture f;

    setup(&f);
    if (make_store(&f, "\"zarr_format\": 3, \"chunks\": [1], \"shards\": [2],"
                       "\"compressor\": {\"id\": \"gzip\", \"level\": 1}")) {
        check_document(&f, "entry_0000000003/m/i/zarr.json",
                       "{" REST "\"codecs\": [{\"configuration\": {\"chunk_shape\": [1], \"codecs\":"
                       "[{\"configuration\": {\"endian\": \"little\"}, \"name\": \"bytes\"},"
                       "{\"configuration\": {\"level\": 1}, \"name\": \"gzip\"}],"
                       "\"index_codecs\": [{\"configuration\": {\"endian\": \"little\"}, \"name\": \"bytes\"},"
                       "{\"name\": \"crc32c\"}], \"index_location\": \"end\"}, \"name\": \"sharding_indexed\"}],"
                       "\"data_type\": \"int64\", \"fill_value\": 0," TAIL);
        CHECK(bw_host_get(&f.host, BW_VIEW("entry_0000000003/m/i/c/1")).ptr != NULL);
        CHECK(bw_host_get(&f.host, BW_VIEW("entry_0000000003/m/i/c/2")).ptr == NULL);
    }
    teardown(&f);
}

/* There and back ---------------------------------------------------------------------------- */

static void there_and_back(const char *options, bool consolidated)
{
    fixture f;
    bw_op *op;

    setup(&f);
    if (make_store(&f, options)) {
        bw_op_free(&f.ctx, run(&f, "zarr.open", NULL));
        if (consolidated) {
            put(&f, "zarr.consolidate", NULL);
            f.host.lists = false;
            bw_store_free(&f.ctx, f.store);
            CHECK_OK(&f.ctx, bw_store_new(&f.ctx, &f.store));
        }
        op = run(&f, "zarr.open", NULL);
        CHECK_TEXT(as_text(&f, bw_map_get_text(bw_op_result(op), "groups")), "[\"entry_0000000003\"]");
        CHECK_TEXT(as_text(&f, bw_map_get_text(bw_op_result(op), "attributes")), "{\"count\":4}");
        bw_op_free(&f.ctx, op);
        op = run(&f, "zarr.read", "{\"group\": \"entry_0000000003\", \"path\": [\"m\", \"g\"],"
                                  "\"slice\": [[1, 3, 1]]}");
        if (CHECK(bw_op_result(op)->type == BW_NODE_ARRAY)) {
            static const double expected[] = {2.0, 3.0};
            CHECK_UINT(bw_op_result(op)->array->nbytes, sizeof expected);
            CHECK(memcmp(bw_op_result(op)->array->data, expected, sizeof expected) == 0);
        }
        bw_op_free(&f.ctx, op);
        op = run(&f, "zarr.inventory", "{\"group\": \"entry_0000000003\"}");
        /* in the flat layout a list of mappings is text */
        CHECK_UINT(bw_op_result(op)->children.len, strstr(options, "flat") != NULL ? 2 : 4);
        bw_op_free(&f.ctx, op);
        op = run(&f, "zarr.verify", "{\"group\": \"entry_0000000003\"}");
        CHECK_TEXT(as_text(&f, bw_map_get_text(bw_op_result(op), "problems")), "[]");
        bw_op_free(&f.ctx, op);
        op = run(&f, "zarr.entries", "{\"groups\": [\"entry_0000000003\"]}");
        CHECK_UINT((uint64_t)bw_map_get_text(bw_op_result(op)->children.items[0], "idx")->integer, 3);
        bw_op_free(&f.ctx, op);
    }
    teardown(&f);
}

static void test_there_and_back(void)
{
    there_and_back("\"zarr_format\": 3", false);
    there_and_back("\"zarr_format\": 3, \"layout\": \"flat\"", false);
    there_and_back("\"zarr_format\": 3, \"chunks\": [1], \"shards\": [3]", false);
    there_and_back("\"zarr_format\": 3, \"layout\": \"flat\", \"chunks\": [1], \"shards\": [2]", true);
    there_and_back("\"zarr_format\": 3, \"compressor\": null", true);
}

/* What was consolidated before does not count when it is done again, however large it is. */
static void test_consolidated_again(void)
{
    fixture f;
    bw_op *op;

    setup(&f);
    if (make_store(&f, "\"zarr_format\": 3")) {
        bw_op_free(&f.ctx, run(&f, "zarr.open", NULL));
        put(&f, "zarr.consolidate", NULL);
        f.ctx.limits.max_document_bytes = bw_host_get(&f.host, BW_VIEW("zarr.json")).len;
        put(&f, "zarr.consolidate", NULL);
        f.ctx.limits.max_document_bytes = UINT32_MAX;
        op = run(&f, "zarr.open", NULL); /* once more in the same store: the host lists */
        CHECK_TEXT(as_text(&f, bw_map_get_text(bw_op_result(op), "listable")), "true");
        bw_op_free(&f.ctx, op);
    }
    teardown(&f);
}

static void test_empty_array_has_the_chunks_asked_for(void)
{
    fixture f;
    bw_node *params;

    setup(&f);
    params = parsed(&f, "{\"zarr_format\": 3, \"chunks\": [2], \"shards\": [8], \"entries\": [{\"idx\": 3, \"data\":"
                        "{\"e\": {\"n\": []}}}]}");
    if (put(&f, "zarr.encode", params)) {
        bw_view text = bw_host_get(&f.host, BW_VIEW("entry_0000000003/e/n/zarr.json"));
        bw_node *document = parsed(&f, (const char *)bw_arena_copy(&f.ctx, &f.arena, text.ptr, text.len));
        const bw_node *grid = bw_map_get_text(bw_map_get_text(document, "chunk_grid"), "configuration");

        CHECK_TEXT(as_text(&f, bw_map_get_text(grid, "chunk_shape")), "[2]");
    }
    teardown(&f);
}

/* Bad input --------------------------------------------------------------------------------- */

static void refuse_root(const char *document, bw_status status, const char *part)
{
    fixture f;
    bw_op *op = NULL;

    setup(&f);
    bw_host_set(&f.host, "zarr.json", bw_view_text(document));
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.open", NULL, &op), status);
    CHECK(strstr(f.ctx.error.message, part) != NULL);
    teardown(&f);
}

static void test_bad_roots(void)
{
    refuse_root("{\"zarr_format\": 4, \"node_type\": \"group\"}", BW_ERR_METADATA, "zarr_format is 4");
    refuse_root("{\"zarr_format\": 3, \"node_type\": \"tree\"}", BW_ERR_METADATA, "node_type is \"tree\"");
    refuse_root("{\"zarr_format\": 3, \"node_type\": \"group\", \"attributes\": []}", BW_ERR_METADATA,
                "attributes");
    refuse_root("{\"zarr_format\": 3, \"node_type\": \"array\"}", BW_ERR_NOT_FOUND, "a single Zarr array");
    refuse_root("{\"zarr_format\": 3", BW_ERR_METADATA, "");
}

static void refuse_encoding(const char *options, bw_status status)
{
    fixture f;
    bw_op *op = NULL;

    setup(&f);
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode", encode_params(&f, options), &op),
                 status);
    teardown(&f);
}

static void test_refused(void)
{
    fixture f;
    bw_op *op = NULL;

    refuse_encoding("\"zarr_format\": 1", BW_ERR_ARGUMENT);
    refuse_encoding("\"shards\": [4]", BW_ERR_ARGUMENT);
    refuse_encoding("\"zarr_format\": 3, \"shards\": [0]", BW_ERR_ARGUMENT);
    setup(&f); /* names that version 3 keeps for itself */
    CHECK_STATUS(&f.ctx, bw_host_run(&f.ctx, &f.host, f.store, "zarr.encode",
                                     parsed(&f, "{\"zarr_format\": 3, \"entries\": [{\"idx\": 0, \"data\":"
                                                "{\"__grid\": [1.0]}}]}"), &op),
                 BW_ERR_UNSUPPORTED);
    teardown(&f);
}

static void test_out_of_memory(void)
{
    fixture f;
    bw_node *params;
    bw_status st = BW_OK;
    bw_ctx ctx;

    setup(&f);
    make_store(&f, "\"zarr_format\": 3");
    bw_op_free(&f.ctx, run(&f, "zarr.open", NULL));
    put(&f, "zarr.consolidate", NULL);
    params = encode_params(&f, "\"zarr_format\": 3, \"chunks\": [1], \"shards\": [2], \"layout\": \"flat\"");
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        static const char *const operations[] = {"zarr.open", "zarr.load", "zarr.consolidate", "zarr.encode"};
        const bw_node *given[] = {NULL, parsed(&f, "{\"group\": \"entry_0000000003\"}"), NULL, params};
        bw_store *store = NULL;

        st = bw_store_new(&ctx, &store);
        for (size_t i = 0; i < 4 && st == BW_OK; i++) {
            bw_op *op = NULL;

            f.host.lists = i != 0; /* the consolidated metadata are read, too */
            st = bw_host_run(&ctx, &f.host, store, operations[i], given[i], &op);
            bw_op_free(&ctx, op);
        }
        bw_store_free(&ctx, store);
    }
    teardown(&f);
}

int main(void)
{
    RUN(test_documents_as_zarr_python);
    RUN(test_shards_as_zarr_python);
    RUN(test_there_and_back);
    RUN(test_consolidated_again);
    RUN(test_empty_array_has_the_chunks_asked_for);
    RUN(test_bad_roots);
    RUN(test_refused);
    RUN(test_out_of_memory);
    return check_summary();
}
