/* SPDX-License-Identifier: MIT */
/**
 * Version 3: what `zarr.json` may hold, shards that lie, elements of variable length that claim too much.
 * (That good arrays read right is tests/js/formats/zarr/zarr-cases.test.js, against zarr-python.)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array/array_value.h"
#include "bores/zarr.h"
#include "check.h"
#include "failing_allocator.h"

#define GRID "{\"name\":\"regular\",\"configuration\":{\"chunk_shape\":[4,4]}}"
#define LITTLE "{\"name\":\"bytes\",\"configuration\":{\"endian\":\"little\"}}"
#define INDEX "\"index_codecs\":[" LITTLE "]"
#define SHARDS(length, codecs)                                                                    \
    "{\"name\":\"sharding_indexed\",\"configuration\":{\"chunk_shape\":" length ",\"codecs\":[" codecs \
    "]," INDEX "}}"

typedef struct field {
    const char *name, *value;
} field;

/* An array's document with one field replaced ("" leaves it out), or one added. */
static void write_document(char *out, size_t cap, field change)
{
    static const field good[] = {
        {"zarr_format", "3"}, {"node_type", "\"array\""}, {"shape", "[8,8]"},
        {"data_type", "\"int16\""}, {"chunk_grid", GRID}, {"chunk_key_encoding", "\"default\""},
        {"fill_value", "7"}, {"codecs", "[" LITTLE "]"}, {"attributes", "{}"}};
    size_t len = (size_t)snprintf(out, cap, "{");
    bool used = false;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        bool mine = strcmp(good[i].name, change.name) == 0;
        const char *value = mine ? change.value : good[i].value;

        used |= mine;
        if (value[0] != '\0') {
            len += (size_t)snprintf(out + len, cap - len, "%s\"%s\":%s", len > 1 ? "," : "",
                                    good[i].name, value);
        }
    }
    if (!used) {
        len += (size_t)snprintf(out + len, cap - len, ",\"%s\":%s", change.name, change.value);
    }
    snprintf(out + len, cap - len, "}");
}

static bw_status parse(bw_ctx *ctx, bw_arena *arena, field change, bw_array_meta **out)
{
    char text[4096];

    write_document(text, sizeof text, change);
    return bw_zarr_meta_parse(ctx, arena, bw_view_text(text), out);
}

static void test_refusals(void)
{
    static const struct {
        field change;
        bw_status status;
        const char *message;
    } cases[] = {
        {{"node_type", "\"group\""}, BW_ERR_METADATA, "node_type: \"group\" is not \"array\""},
        {{"shape", "[\"8\",8]"}, BW_ERR_METADATA, "shape: \"8\" in dimension 0"},
        {{"shape", "[-1,8]"}, BW_ERR_METADATA, "shape: -1 in dimension 0 is negative"},
        {{"chunk_grid", "{\"name\":\"rectilinear\",\"configuration\":{}}"}, BW_ERR_UNSUPPORTED,
         "chunk_grid \"rectilinear\""},
        {{"chunk_grid", "{\"name\":\"regular\",\"configuration\":{\"chunk_shape\":[0,4]}}"},
         BW_ERR_METADATA, "chunk_shape: 0 in dimension 0 is not positive"},
        {{"chunk_grid", "{\"name\":\"regular\",\"configuration\":{\"chunk_shape\":[4]}}"},
         BW_ERR_METADATA, "chunk_shape: 1 dimensions, shape has 2"},
        {{"chunk_key_encoding", "\"hilbert\""}, BW_ERR_UNSUPPORTED, "chunk_key_encoding \"hilbert\""},
        {{"chunk_key_encoding", "{\"name\":\"v2\",\"configuration\":{\"separator\":\"-\"}}"},
         BW_ERR_METADATA, "separator: \"-\""},
        {{"data_type", "\"bfloat16\""}, BW_ERR_UNSUPPORTED, "data_type \"bfloat16\""},
        {{"data_type", "\"<i2\""}, BW_ERR_UNSUPPORTED, "data_type \"<i2\""},
        {{"data_type", "\"r12\""}, BW_ERR_UNSUPPORTED, "data_type \"r12\""},
        {{"data_type", "{\"name\":\"fixed_length_utf32\",\"configuration\":{\"length_bytes\":6}}"},
         BW_ERR_METADATA, "length_bytes: 6"},
        {{"data_type", "{\"name\":\"struct\",\"configuration\":{\"fields\":[]}}"}, BW_ERR_METADATA,
         "data_type: fields"},
        {{"fill_value", ""}, BW_ERR_METADATA, "fill_value: missing"},
        {{"fill_value", "\"twelve\""}, BW_ERR_METADATA, "fill_value: \"twelve\" is not a value"},
        {{"fill_value", "70000"}, BW_ERR_METADATA, "fill_value: 70000"},
        {{"codecs", "[]"}, BW_ERR_METADATA, "codecs: none of the 0 makes bytes"},
        {{"codecs", "[\"gzip\"]"}, BW_ERR_METADATA, "\"gzip\" stands before"},
        {{"codecs", "[" LITTLE "," LITTLE "]"}, BW_ERR_METADATA, "\"bytes\" stands behind"},
        {{"codecs", "[" LITTLE ",{\"name\":\"transpose\",\"configuration\":{\"order\":[1,0]}}]"},
         BW_ERR_METADATA, "\"transpose\" stands behind"},
        {{"codecs", "[{\"name\":\"transpose\",\"configuration\":{\"order\":[1,1]}}," LITTLE "]"},
         BW_ERR_METADATA, "transpose: order: 1"},
        {{"codecs", "[{\"name\":\"transpose\",\"configuration\":{\"order\":[0]}}," LITTLE "]"},
         BW_ERR_METADATA, "transpose: order"},
        {{"codecs", "[{\"name\":\"numcodecs.delta\",\"configuration\":{\"dtype\":\"i2\"}},"
                    "{\"name\":\"transpose\",\"configuration\":{\"order\":[1,0]}}," LITTLE "]"},
         BW_ERR_UNSUPPORTED, "\"transpose\" behind \"delta\""},
        {{"codecs", "[{\"name\":\"numcodecs.delta\",\"configuration\":{\"dtype\":\"=2\"}}," LITTLE "]"},
         BW_ERR_UNSUPPORTED, "codec \"delta\": dtype: dtype \"=2\" is not supported"},
        {{"data_type", "{\"name\":\"struct\",\"configuration\":{\"fields\":[[\"a\",\"int8\"],[\"a\",\"int8\"]]}}"},
         BW_ERR_METADATA, "the field \"a\" comes twice"},
        {{"codecs", "[\"bytes\"]"}, BW_ERR_METADATA, "endian: missing, elements are of 2 bytes"},
        {{"codecs", "[" LITTLE ",{\"name\":\"numcodecs.zfpy\"}]"}, BW_ERR_UNSUPPORTED, "numcodecs.zfpy"},
        {{"codecs", "[\"vlen-utf8\"]"}, BW_ERR_METADATA, "vlen-utf8"},
        {{"codecs", "[" SHARDS("[3,4]", LITTLE) "]"}, BW_ERR_METADATA, "3 does not divide the shard's 4"},
        {{"codecs", "[" SHARDS("[0,4]", LITTLE) "]"}, BW_ERR_METADATA, "chunk_shape: 0"},
        {{"codecs", "[{\"name\":\"sharding_indexed\",\"configuration\":{\"chunk_shape\":[2,2],"
                    "\"codecs\":[" LITTLE "],\"index_codecs\":[" LITTLE ",\"gzip\"]}}]"},
         BW_ERR_METADATA, "no index of a fixed length"},
        {{"storage_transformers", "[{\"name\":\"cipher\"}]"}, BW_ERR_UNSUPPORTED, "\"cipher\""},
        {{"future", "{\"x\":1}"}, BW_ERR_UNSUPPORTED, "field \"future\""},
        {{"future", "{\"must_understand\":true}"}, BW_ERR_UNSUPPORTED, "field \"future\""},
        {{"dimension_names", "[\"x\"]"}, BW_ERR_METADATA, "dimension_names"},
        {{"dimension_names", "[\"x\",1]"}, BW_ERR_METADATA, "dimension_names: 1"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bw_arena arena = {0};
        bw_array_meta *meta = NULL;

        CHECK_STATUS(&ctx, parse(&ctx, &arena, cases[i].change, &meta), cases[i].status);
        CHECK_CONTAINS(ctx.error.message, cases[i].message);
        CHECK(meta == NULL);
        bw_arena_free(&ctx, &arena);
    }
}

/* Forms that the specification allows beside the usual ones. */
static void test_accepted(void)
{
    static const field changes[] = {
        {"future", "{\"must_understand\":false,\"x\":1}"},
        {"storage_transformers", "[]"},
        {"dimension_names", "[\"x\",null]"},
        {"data_type", "{\"name\":\"int16\"}"},
        {"codecs", "[{\"name\":\"numcodecs.astype\",\"configuration\":{\"encode_dtype\":\"i4\"}},"
                   "{\"name\":\"transpose\",\"configuration\":{\"order\":[1,0]}}," LITTLE "]"},
        {"codecs", "[{\"name\":\"numcodecs.delta\",\"configuration\":{\"dtype\":\"=i2\"}},"
                   "{\"name\":\"transpose\",\"configuration\":{\"order\":[0,1]}}," LITTLE "]"},
        {"chunk_key_encoding", "{\"name\":\"v2\",\"configuration\":{\"separator\":\"/\"}}"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        bw_arena arena = {0};
        bw_array_meta *meta = NULL;

        CHECK_OK(&ctx, parse(&ctx, &arena, changes[i], &meta));
        CHECK_UINT(meta->rank, 2);
        CHECK_INT(meta->fill[0], 7);
        bw_arena_free(&ctx, &arena);
    }
}

/* Forty shards in each other are refused before memory goes for them. */
static void test_deep_shards(void)
{
    static char text[1 << 15];
    char codecs[1 << 14] = LITTLE, outer[1 << 14];
    bw_array_meta *meta = NULL;
    bw_arena arena = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (int i = 0; i < 40; i++) {
        snprintf(outer, sizeof outer, SHARDS("[4,4]", "%s"), codecs);
        memcpy(codecs, outer, sizeof codecs);
    }
    snprintf(outer, sizeof outer, "[%s]", codecs);
    write_document(text, sizeof text, (field){"codecs", outer});
    CHECK_STATUS(&ctx, bw_zarr_meta_parse(&ctx, &arena, bw_view_text(text), &meta), BW_ERR_LIMIT);
    bw_arena_free(&ctx, &arena);
}

/* Shards ------------------------------------------------------------------------------------ */

enum { INNER = 8, ENTRIES = 4, SHARD = ENTRIES * INNER + ENTRIES * 16 };

static void put_entry(uint8_t *shard, int entry, uint64_t offset, uint64_t nbytes)
{
    for (int i = 0; i < 8; i++) {
        shard[ENTRIES * INNER + entry * 16 + i] = (uint8_t)(offset >> (8 * i));
        shard[ENTRIES * INNER + entry * 16 + 8 + i] = (uint8_t)(nbytes >> (8 * i));
    }
}

/* Four chunks of 2 x 2 int16, whose elements count from 0, and the index behind them. */
static void good_shard(uint8_t shard[SHARD])
{
    for (int i = 0; i < ENTRIES * INNER; i++) {
        shard[i] = (uint8_t)(i % 2 == 0 ? i / 2 : 0);
    }
    for (int i = 0; i < ENTRIES; i++) {
        put_entry(shard, i, (uint64_t)i * INNER, INNER);
    }
}

static bw_status read_shard(bw_ctx *ctx, bw_arena *arena, bw_view shard, bw_array **out)
{
    uint64_t coord[BW_MAX_RANK] = {0};
    bw_chunk_read read = {.meta = NULL};
    bw_array_meta *meta;
    bw_region region = {.rank = 2, .count = {4, 4}, .step = {1, 1}};
    bw_status st;

    BW_TRY(parse(ctx, arena, (field){"codecs", "[" SHARDS("[2,2]", LITTLE) "]"}, &meta));
    BW_TRY(bw_chunk_read_begin(ctx, arena, meta, &region, &read));
    CHECK(bw_chunk_read_next(&read, coord));
    st = bw_chunk_read_place(ctx, &read, coord, shard);
    *out = read.out;
    bw_chunk_read_end(ctx, &read);
    return st;
}

static void test_shard(void)
{
    static const int16_t expected[16] = {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 7, 7, 10, 11, 7, 7};
    uint8_t shard[SHARD];
    bw_arena arena = {0};
    bw_array *array;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    good_shard(shard);
    put_entry(shard, 3, UINT64_MAX, UINT64_MAX); /* missing: the fill value */
    CHECK_OK(&ctx, read_shard(&ctx, &arena, (bw_view){shard, SHARD}, &array));
    CHECK_BYTES(array->data, expected, sizeof expected);
    bw_arena_free(&ctx, &arena);
}

static void test_lying_shards(void)
{
    static const uint64_t entries[][2] = {
        {0, INNER + 1}, {ENTRIES * INNER, INNER}, {ENTRIES * INNER - 4, INNER},
        {UINT64_MAX - 3, INNER}, {UINT64_MAX, INNER}, {0, UINT64_MAX}, {8, UINT64_MAX - 8},
        {UINT64_C(1) << 40, INNER}, {0, 0}};
    uint8_t shard[SHARD];
    bw_array *array;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        bw_arena arena = {0};

        good_shard(shard);
        put_entry(shard, 2, entries[i][0], entries[i][1]);
        CHECK_STATUS(&ctx, read_shard(&ctx, &arena, (bw_view){shard, SHARD}, &array),
                     BW_ERR_CORRUPT);
        bw_arena_free(&ctx, &arena);
    }
    for (size_t len = 0; len < SHARD; len++) { /* cut: the index is no longer one */
        uint8_t *cut = malloc(len + 1);
        bw_arena arena = {0};
        bw_status st;

        good_shard(shard);
        memcpy(cut, shard, len);
        st = read_shard(&ctx, &arena, (bw_view){cut, len}, &array);
        CHECK(st == BW_ERR_CORRUPT);
        bw_arena_free(&ctx, &arena);
        free(cut);
    }
}

/* Variable length --------------------------------------------------------------------------- */

static bw_status read_text(bw_ctx *ctx, bw_arena *arena, bw_view chunk)
{
    static const char document[] =
        "{\"zarr_format\":3,\"node_type\":\"array\",\"shape\":[2],\"data_type\":\"string\","
        "\"chunk_grid\":{\"name\":\"regular\",\"configuration\":{\"chunk_shape\":[2]}},"
        "\"chunk_key_encoding\":\"default\",\"fill_value\":\"\",\"codecs\":[\"vlen-utf8\"]}";
    bw_region region = {.rank = 1, .count = {2}, .step = {1}};
    uint64_t coord[BW_MAX_RANK] = {0};
    bw_chunk_read read = {.meta = NULL};
    bw_array_meta *meta;
    bw_status st;

    BW_TRY(bw_zarr_meta_parse(ctx, arena, BW_VIEW(document), &meta));
    BW_TRY(bw_chunk_read_begin(ctx, arena, meta, &region, &read));
    CHECK(bw_chunk_read_next(&read, coord));
    st = bw_chunk_read_place(ctx, &read, coord, chunk);
    if (st == BW_OK) {
        const bw_node *const *items = (const bw_node *const *)(const void *)read.out->data;

        CHECK(bw_view_equal(items[0]->text, BW_VIEW("ab")) && items[1]->text.len == 0);
    }
    bw_chunk_read_end(ctx, &read);
    return st;
}

static void test_text(void)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *message; /* NULL: it is good */
    } cases[] = {
        {"\2\0\0\0\2\0\0\0ab\0\0\0\0", 14, NULL},
        {"\0\0\0\x80\2\0\0\0ab\0\0\0\0", 14, "2147483648 elements are stored, 2 are due"},
        {"\1\0\0\0\2\0\0\0ab", 10, "1 elements"},
        {"\2\0\0\0\2\0\0\0ab", 10, "element 1 of 2 ends beyond"},
        {"\2\0\0\0\xff\xff\xff\xff""ab\0\0\0\0", 14, "element 0 of 2 ends beyond"},
        {"\2\0\0\0\2\0\0\0ab\0\0\0\0x", 15, "1 bytes behind"},
        {"\2\0\0\0\2\0\0\0\xff\xff\0\0\0\0", 14, "no UTF-8"},
        {"\2\0", 2, "the count takes 4"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bw_view chunk = {(const uint8_t *)cases[i].bytes, cases[i].len};
        bw_arena arena = {0};

        if (cases[i].message == NULL) {
            CHECK_OK(&ctx, read_text(&ctx, &arena, chunk));
        } else {
            CHECK_STATUS(&ctx, read_text(&ctx, &arena, chunk), BW_ERR_CORRUPT);
            CHECK_CONTAINS(ctx.error.message, cases[i].message);
        }
        bw_arena_free(&ctx, &arena);
    }
}

#define TEXT_SHARDS(type, fill, codecs)                                                   \
    "{\"zarr_format\":3,\"node_type\":\"array\",\"shape\":[4],\"data_type\":\"" type "\","           \
    "\"chunk_grid\":{\"name\":\"regular\",\"configuration\":{\"chunk_shape\":[4]}},"               \
    "\"chunk_key_encoding\":\"default\",\"fill_value\":\"" fill "\",\"codecs\":[" codecs "]}"

/* One chunk of two elements and one that is missing, then the index. */
static const char text_shard[] = "\2\0\0\0\2\0\0\0ab\3\0\0\0cde" /* 17 bytes */
                                 "\0\0\0\0\0\0\0\0\21\0\0\0\0\0\0\0"
                                 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";

static bw_status read_text_shard(bw_ctx *ctx, bw_arena *arena, const char *document, bw_node **out)
{
    bw_region region = {.rank = 1, .count = {4}, .step = {1}};
    bw_view shard = {(const uint8_t *)text_shard, sizeof text_shard - 1};
    uint64_t coord[BW_MAX_RANK] = {0};
    bw_chunk_read read = {.meta = NULL};
    bw_array_meta *meta;
    bw_status st;

    BW_TRY(bw_zarr_meta_parse(ctx, arena, bw_view_text(document), &meta));
    CHECK(meta->objects != NULL);
    BW_TRY(bw_chunk_read_begin(ctx, arena, meta, &region, &read));
    CHECK(bw_chunk_read_next(&read, coord));
    BW_GO(bw_chunk_read_place(ctx, &read, coord, shard));
    read.out->origin = meta;
    st = bw__array_value(ctx, arena, read.out, out);
done:
    bw_chunk_read_end(ctx, &read);
    return st;
}

/* Elements of variable length are values, not where they lie, in shards too, and in shards of those. */
static void test_text_shards(void)
{
    static const char *const documents[] = {
        TEXT_SHARDS("string", "-", SHARDS("[2]", "\"vlen-utf8\"")),
        TEXT_SHARDS("string", "-",
                    "{\"name\":\"transpose\",\"configuration\":{\"order\":[0]}},"
                    SHARDS("[2]", "\"vlen-utf8\""))};
    static const char *const expected[] = {"ab", "cde", "-", "-"};
    bw_array_meta *meta = NULL;
    bw_arena arena = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        bw_node *value = NULL;
        const bw_node *data;

        if (!CHECK_OK(&ctx, read_text_shard(&ctx, &arena, documents[i], &value)) ||
            !CHECK(value->type == BW_NODE_MAP)) {
            continue;
        }
        data = bw_map_get_text(value, "data");
        CHECK_UINT(data->children.len, 4);
        for (uint32_t at = 0; at < 4; at++) {
            CHECK(bw_view_equal(data->children.items[at]->text, bw_view_text(expected[at])));
        }
    }
    CHECK_OK(&ctx, bw_zarr_meta_parse(&ctx, &arena,
                                      BW_VIEW(TEXT_SHARDS("bytes", "", SHARDS("[4]",
                                              SHARDS("[2]", "\"vlen-bytes\"")))), &meta));
    CHECK(meta->objects != NULL && meta->objects == meta->shards->inner.objects);
    bw_arena_free(&ctx, &arena);
}

#define FILTER(name, settings) "{\"name\":\"numcodecs." name "\",\"configuration\":{" settings "}}"

/* A filter makes elements of variable length none of a fixed one, nor the other way round. */
static void test_filtered_text(void)
{
    static const char *const filters[] = {
        FILTER("packbits", ""), FILTER("bitround", "\"keepbits\":3"),
        FILTER("astype", "\"encode_dtype\":\"|u1\",\"decode_dtype\":\"<i2\""),
        FILTER("astype", "\"encode_dtype\":\"|O\",\"decode_dtype\":\"<i2\""),
        FILTER("delta", "\"dtype\":\"<i2\""), FILTER("delta", "\"dtype\":\"<i2\",\"astype\":\"|O\""),
        FILTER("quantize", "\"digits\":2,\"dtype\":\"<f8\""),
        FILTER("fixedscaleoffset", "\"scale\":1,\"offset\":0,\"dtype\":\"<f8\",\"astype\":\"|u1\"")};
    static const char *const types[] = {"string", "int16"};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < 2 * sizeof filters / sizeof *filters; i++) {
        bw_arena arena = {0};
        bw_array_meta *meta = NULL;
        char text[1024];
        bw_status st;

        snprintf(text, sizeof text, "{\"zarr_format\":3,\"node_type\":\"array\",\"shape\":[2],"
                 "\"data_type\":\"%s\",\"chunk_grid\":{\"name\":\"regular\",\"configuration\":"
                 "{\"chunk_shape\":[2]}},\"chunk_key_encoding\":\"default\",\"fill_value\":%s,"
                 "\"codecs\":[%s,%s]}", types[i % 2], i % 2 == 0 ? "\"\"" : "0", filters[i / 2],
                 i % 2 == 0 ? LITTLE : "\"vlen-utf8\"");
        st = bw_zarr_meta_parse(&ctx, &arena, bw_view_text(text), &meta);
        CHECK(st == BW_ERR_METADATA || st == BW_ERR_UNSUPPORTED);
        bw_arena_free(&ctx, &arena);
    }
}

/* Writing ----------------------------------------------------------------------------------- */

static bw_status encode_and_read(bw_ctx *ctx, bw_arena *arena, const char *codecs, bool *same)
{
    const uint64_t shape[] = {8, 5}, start[] = {0, 0};
    uint64_t coord[BW_MAX_RANK] = {0};
    bw_region region = {.rank = 2, .count = {8, 5}, .step = {1, 1}};
    bw_chunk_read read = {.meta = NULL};
    bw_bytes stored = {0};
    bw_array *data;
    bw_array_meta *meta;
    bw_status st;

    BW_TRY(parse(ctx, arena, (field){"codecs", codecs}, &meta));
    meta->shape[1] = 5; /* the last chunk is cut */
    BW_TRY(bw_array_new(ctx, arena, (bw_dtype){.kind = 'i', .itemsize = 2}, 2, shape, &data));
    for (size_t i = 0; i < 40; i++) {
        ((int16_t *)(void *)data->data)[i] = (int16_t)(i * 3);
    }
    BW_GO(bw_chunk_read_begin(ctx, arena, meta, &region, &read));
    while (bw_chunk_read_next(&read, coord)) {
        stored.len = 0;
        BW_GO(bw_chunk_encode(ctx, meta, data, start, coord, &stored));
        BW_GO(bw_chunk_read_place(ctx, &read, coord, bw_bytes_view(&stored)));
    }
    *same = memcmp(read.out->data, data->data, data->nbytes) == 0;

done:
    bw_chunk_read_end(ctx, &read);
    bw_bytes_free(ctx, &stored);
    return st;
}

static void test_encode(void)
{
    static const char *const codecs[] = {
        "[" LITTLE "]",
        "[{\"name\":\"transpose\",\"configuration\":{\"order\":[1,0]}},{\"name\":\"bytes\","
        "\"configuration\":{\"endian\":\"big\"}},{\"name\":\"gzip\",\"configuration\":{\"level\":1}}]",
        "[" SHARDS("[2,2]", LITTLE ",\"crc32c\"") "]",
        "[{\"name\":\"transpose\",\"configuration\":{\"order\":[1,0]}},"
        SHARDS("[1,4]", "{\"name\":\"transpose\",\"configuration\":{\"order\":[1,0]}}," LITTLE) "]",
        "[" SHARDS("[4,2]", SHARDS("[2,1]", LITTLE)) ",\"crc32c\"]"};
    bw_status st = BW_OK;
    bw_ctx ctx;

    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
            bw_arena arena = {0};
            bool same = false;

            st = encode_and_read(&ctx, &arena, codecs[i], &same);
            CHECK(st != BW_OK || same);
            bw_arena_free(&ctx, &arena);
        }
        CHECK_OK(&ctx, st);
    }
}

static void test_out_of_memory(void)
{
    uint8_t shard[SHARD];
    bw_status st = BW_OK;
    bw_ctx ctx;

    good_shard(shard);
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_array *array;

        st = read_shard(&ctx, &arena, (bw_view){shard, SHARD}, &array);
        bw_arena_free(&ctx, &arena);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};

        st = read_text(&ctx, &arena, (bw_view){(const uint8_t *)"\2\0\0\0\2\0\0\0ab\0\0\0\0", 14});
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    RUN(test_refusals);
    RUN(test_accepted);
    RUN(test_deep_shards);
    RUN(test_shard);
    RUN(test_lying_shards);
    RUN(test_text);
    RUN(test_text_shards);
    RUN(test_filtered_text);
    RUN(test_encode);
    RUN(test_out_of_memory);
    return check_summary();
}
