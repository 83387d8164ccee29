/* SPDX-License-Identifier: MIT */
/** Codecs: what other implementations wrote, what we write, and damage. */
#include "bores/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "check.h"
#include "codec_goldens.h"
#include "failing_allocator.h"
#include "test_data.h"

static uint8_t plain[CODEC_PLAIN_MAX];
static uint8_t decoded[CODEC_PLAIN_MAX + 16];

static bw_bytes golden_bytes(const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "codec/%s.bin", name);
    return bw_test_file(path);
}

/* Every setting that encodes differently; .cname decides for Blosc. */
static const bw_codec settings[] = {
    {.type = NULL},
    {.type = &bw_codec_blosc, .cname = "blosclz", .level = 5, .shuffle = 1},
    {.type = &bw_codec_blosc, .cname = "blosclz", .level = 9, .shuffle = 2},
    {.type = &bw_codec_blosc, .cname = "lz4", .level = 5, .shuffle = 1},
    {.type = &bw_codec_blosc, .cname = "lz4", .level = 5, .shuffle = -1},
    {.type = &bw_codec_blosc, .cname = "lz4", .level = 0, .shuffle = 1},
    {.type = &bw_codec_blosc, .cname = "lz4hc", .level = 9, .shuffle = 0},
    {.type = &bw_codec_blosc, .cname = "zlib", .level = 1, .shuffle = 1},
    {.type = &bw_codec_blosc, .cname = "zstd", .level = 3, .shuffle = 2},
    {.type = &bw_codec_blosc, .cname = "zstd", .level = 9, .shuffle = 1},
    {.type = &bw_codec_blosc, .cname = "zstd", .level = 5, .shuffle = 1, .blocksize = 200},
    {.type = &bw_codec_blosc, .cname = "lz4", .level = 5, .shuffle = 1, .blocksize = 8192},
    {.type = &bw_codec_zstd, .level = 3},
    {.type = &bw_codec_zstd, .level = -7, .checksum = true},
    {.type = &bw_codec_zstd, .level = 100},
    {.type = &bw_codec_gzip, .level = 1},
    {.type = &bw_codec_gzip, .level = -1},
    {.type = &bw_codec_zlib, .level = 9},
    {.type = &bw_codec_zlib, .level = 0},
    {.type = &bw_codec_lz4, .level = 1},
    {.type = &bw_codec_lz4, .level = 50},
};

enum { SETTINGS = sizeof settings / sizeof settings[0] };

static void test_goldens(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < codec_golden_count; i++) {
        const codec_golden *golden = &codec_goldens[i];
        bw_bytes stored = golden_bytes(golden->file);
        size_t len = codec_plain_bytes(golden->plain, plain);
        bw_codec codec = {.type = golden->type};
        bool ok;

        memset(decoded, 0x5a, sizeof decoded);
        ok = CHECK_OK(&ctx, bw_codec_decode(&ctx, &codec, bw_bytes_view(&stored), decoded, len)) &&
             CHECK_BYTES(decoded, plain, len);
        if (!ok) {
            CHECK_TEXT(golden->file, "a golden that decodes");
        }
        CHECK_UINT(decoded[len], 0x5a);
        free(stored.ptr);
    }
}

/* One byte fewer or more than there is: refused, and nothing written behind the end. */
static void test_wrong_lengths(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < codec_golden_count; i++) {
        const codec_golden *golden = &codec_goldens[i];
        bw_bytes stored = golden_bytes(golden->file);
        size_t len = codec_plain_bytes(golden->plain, plain);
        const size_t wrong[] = {0, 1, len - 1, len + 1};
        bw_codec codec = {.type = golden->type};

        for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
            char due[32];

            memset(decoded, 0x5a, sizeof decoded);
            CHECK_STATUS(&ctx,
                         bw_codec_decode(&ctx, &codec, bw_bytes_view(&stored), decoded, wrong[k]),
                         BW_ERR_CORRUPT);
            snprintf(due, sizeof due, "%zu", wrong[k]);
            CHECK_CONTAINS(ctx.error.message, due);
            CHECK_UINT(decoded[wrong[k]], 0x5a);
        }
        free(stored.ptr);
    }
}

/* Decodes into memory of exactly the length, so that a sanitizer sees a write past it. */
static bw_status decode_exactly(bw_ctx *ctx, const bw_codec *codec, const uint8_t *in,
                                size_t in_len, uint8_t *out, size_t out_len)
{
    uint8_t *exact = malloc(in_len > 0 ? in_len : 1);
    bw_status st;

    memcpy(exact, in, in_len);
    st = bw_codec_decode(ctx, codec, (bw_view){exact, in_len}, out, out_len);
    free(exact);
    return st;
}

/* Every truncation and every flipped byte of short streams of each kind. */
static void test_damage(void)
{
    enum { LEN = 900 };
    uint8_t *out = malloc(LEN);
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    codec_plain_bytes(PLAIN_F8, plain);
    for (size_t i = 0; i < SETTINGS; i++) {
        const bw_codec *codec = &settings[i];
        bool checked = codec->type == &bw_codec_gzip || codec->type == &bw_codec_zlib || codec->checksum;
        bw_bytes stream = {0};

        CHECK_OK(&ctx, bw_codec_encode(&ctx, codec, (bw_view){plain, LEN}, 4, &stream));
        for (size_t len = 0; len < stream.len; len++) {
            bw_status st = decode_exactly(&ctx, codec, stream.ptr, len, out, LEN);

            CHECK(st == BW_ERR_CORRUPT || st == BW_ERR_CHECKSUM);
        }
        for (size_t at = 0; at < stream.len; at++) {
            for (unsigned flip = 1; flip < 256; flip = flip * 2 + (flip == 8)) {
                bw_status st;

                stream.ptr[at] ^= (uint8_t)flip;
                st = decode_exactly(&ctx, codec, stream.ptr, stream.len, out, LEN);
                CHECK(st == BW_OK || st == BW_ERR_CORRUPT || st == BW_ERR_CHECKSUM ||
                      st == BW_ERR_UNSUPPORTED);
                CHECK(!checked || st != BW_OK || memcmp(out, plain, LEN) == 0);
                stream.ptr[at] ^= (uint8_t)flip;
            }
        }
        bw_bytes_free(&ctx, &stream);
    }
    free(out);
}

/* The goldens are longer and have blocks, members and frames: damage at a stride. */
static void test_damaged_goldens(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < codec_golden_count; i++) {
        const codec_golden *golden = &codec_goldens[i];
        bw_bytes stored = golden_bytes(golden->file);
        size_t len = codec_plain_bytes(golden->plain, plain);
        bw_codec codec = {.type = golden->type};
        uint8_t *out = malloc(len);

        for (size_t at = 0; at < stored.len; at += 1 + stored.len / 97) {
            bw_status st = decode_exactly(&ctx, &codec, stored.ptr, at, out, len);

            CHECK(st != BW_OK || strcmp(golden->file, "gzip_padded_u1") == 0);
            stored.ptr[at] ^= 0x81;
            st = decode_exactly(&ctx, &codec, stored.ptr, stored.len, out, len);
            CHECK(st == BW_OK || st == BW_ERR_CORRUPT || st == BW_ERR_CHECKSUM ||
                  st == BW_ERR_UNSUPPORTED);
            stored.ptr[at] ^= 0x81;
        }
        free(out);
        free(stored.ptr);
    }
}

static void test_checksums(void)
{
    static const struct {
        const char *file;
        const bw_codec_type *type;
    } checked[] = {{"gzip_f8", &bw_codec_gzip},
                   {"zlib_f8", &bw_codec_zlib},
                   {"zstd_checksum_f8", &bw_codec_zstd}};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof checked / sizeof checked[0]; i++) {
        bw_bytes stored = golden_bytes(checked[i].file);
        size_t len = codec_plain_bytes(PLAIN_F8, plain);
        bw_codec codec = {.type = checked[i].type};

        stored.ptr[stored.len - 1] ^= 1;
        CHECK_STATUS(&ctx, bw_codec_decode(&ctx, &codec, bw_bytes_view(&stored), decoded, len),
                     BW_ERR_CHECKSUM);
        free(stored.ptr);
    }
}

static void test_round_trips(void)
{
    static const codec_plain plains[] = {PLAIN_F8, PLAIN_I2, PLAIN_U1, PLAIN_S12, PLAIN_NOISE};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t p = 0; p < sizeof plains / sizeof plains[0]; p++) {
        size_t full = codec_plain_bytes(plains[p], plain);
        const size_t lens[] = {0, 1, 17, 129, full};

        for (size_t i = 0; i < SETTINGS * (sizeof lens / sizeof lens[0]); i++) {
            const bw_codec *codec = &settings[i % SETTINGS];
            size_t len = lens[i / SETTINGS];
            bw_bytes stream = {0};

            CHECK_OK(&ctx, bw_bytes_append_text(&ctx, &stream, "before"));
            CHECK_OK(&ctx, bw_codec_encode(&ctx, codec, (bw_view){plain, len},
                                           codec_plain_itemsize(plains[p]), &stream));
            CHECK_BYTES(stream.ptr, "before", 6);
            memset(decoded, 0x5a, sizeof decoded);
            CHECK_OK(&ctx, bw_codec_decode(&ctx, codec, (bw_view){stream.ptr + 6, stream.len - 6},
                                           decoded, len));
            CHECK_BYTES(decoded, plain, len);
            CHECK_UINT(decoded[len], 0x5a);
            bw_bytes_free(&ctx, &stream);
        }
    }
}

/* The block sizes, splits and header that c-blosc chooses: with BloscLZ, whose encoder is the
 * same code, whole chunks are equal. */
static void test_blosc_equals_numcodecs(void)
{
    static const struct {
        const char *file;
        bw_codec codec;
        codec_plain plain;
    } cases[] = {
        {"blosc_blosclz_0_f8", {.level = 5, .shuffle = 0}, PLAIN_F8},
        {"blosc_blosclz_1_f8", {.level = 5, .shuffle = 1}, PLAIN_F8},
        {"blosc_blosclz_2_f8", {.level = 5, .shuffle = 2}, PLAIN_F8},
        {"blosc_blosclz_1_f8_blocks", {.level = 5, .shuffle = 1, .blocksize = 8192}, PLAIN_F8},
        {"blosc_blosclz_auto_i2", {.level = 9, .shuffle = -1}, PLAIN_I2},
        {"blosc_blosclz_auto_u1", {.level = 1, .shuffle = -1}, PLAIN_U1},
        {"blosc_blosclz_1_s12", {.level = 5, .shuffle = 1}, PLAIN_S12},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bw_bytes expected = golden_bytes(cases[i].file);
        size_t len = codec_plain_bytes(cases[i].plain, plain);
        bw_codec codec = cases[i].codec;
        bw_bytes stream = {0};

        codec.type = &bw_codec_blosc;
        memcpy(codec.cname, "blosclz", 8);
        CHECK_OK(&ctx, bw_codec_encode(&ctx, &codec, (bw_view){plain, len},
                                       codec_plain_itemsize(cases[i].plain), &stream));
        CHECK_UINT(stream.len, expected.len);
        CHECK_BYTES(stream.ptr, expected.ptr, stream.len < expected.len ? stream.len : expected.len);
        bw_bytes_free(&ctx, &stream);
        free(expected.ptr);
    }
}

/* What the settings may be when encoding. */
static void test_settings(void)
{
    const bw_codec wrong[] = {
        {.type = &bw_codec_blosc, .cname = "lz4", .level = 10},
        {.type = &bw_codec_blosc, .cname = "lz4", .level = 5, .shuffle = 3},
        {.type = &bw_codec_gzip, .level = 10},
        {.type = &bw_codec_zlib, .level = -2},
    };
    const bw_codec snappy = {.type = &bw_codec_blosc, .cname = "snappy", .level = 5};
    bw_bytes stream = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CHECK_STATUS(&ctx, bw_codec_encode(&ctx, &wrong[i], BW_VIEW("text"), 1, &stream),
                     BW_ERR_ARGUMENT);
    }
    CHECK_STATUS(&ctx, bw_codec_encode(&ctx, &snappy, BW_VIEW("text"), 1, &stream),
                 BW_ERR_UNSUPPORTED);
    CHECK_UINT(stream.len, 0);
    bw_bytes_free(&ctx, &stream);
}

static void test_out_of_memory(void)
{
    enum { LEN = 3000 };
    bw_status st = BW_OK;
    bw_ctx ctx;

    codec_plain_bytes(PLAIN_F8, plain);
    for (size_t i = 0; i < SETTINGS; i++) {
        const bw_codec *codec = &settings[i];

        FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
            bw_bytes stream = {0};

            st = bw_codec_encode(&ctx, codec, (bw_view){plain, LEN}, 8, &stream);
            if (st == BW_OK) {
                st = bw_codec_decode(&ctx, codec, bw_bytes_view(&stream), decoded, LEN);
            }
            bw_bytes_free(&ctx, &stream);
        }
    }
}

/* numcodecs' configurations, as `.zarray` documents hold them. */
static void test_from_v2(void)
{
    static const struct {
        const char *json;
        bw_status status;
        bw_codec codec;
        const char *message; /* a part of it */
    } cases[] = {
        {"null", BW_OK, {.type = NULL}, ""},
        {"{\"id\":\"blosc\",\"cname\":\"zstd\",\"clevel\":7,\"shuffle\":-1,\"blocksize\":4096}",
         BW_OK,
         {.type = &bw_codec_blosc, .cname = "zstd", .level = 7, .shuffle = -1, .blocksize = 4096},
         ""},
        {"{\"id\":\"blosc\"}", BW_OK,
         {.type = &bw_codec_blosc, .cname = "lz4", .level = 5, .shuffle = 1}, ""},
        {"{\"id\":\"zstd\",\"level\":-3,\"checksum\":true}", BW_OK,
         {.type = &bw_codec_zstd, .level = -3, .checksum = true}, ""},
        {"{\"id\":\"gzip\",\"level\":9}", BW_OK, {.type = &bw_codec_gzip, .level = 9}, ""},
        {"{\"id\":\"zlib\"}", BW_OK, {.type = &bw_codec_zlib, .level = 1}, ""},
        {"{\"id\":\"lz4\",\"acceleration\":4}", BW_OK, {.type = &bw_codec_lz4, .level = 4}, ""},
        {"{\"id\":\"bz2\",\"level\":9}", BW_OK, {.type = &bw_codec_bz2, .level = 9}, ""},
        {"{\"id\":\"pickle\",\"protocol\":5}", BW_ERR_UNSUPPORTED, {.level = 0}, "pickle"},
        {"{\"id\":\"blosc\",\"cname\":\"snappy\"}", BW_ERR_UNSUPPORTED, {.level = 0}, "snappy"},
        {"{\"id\":\"blosc\",\"cname\":3}", BW_ERR_METADATA, {.level = 0}, "cname"},
        {"{\"id\":\"blosc\",\"clevel\":11}", BW_ERR_METADATA, {.level = 0}, "11"},
        {"{\"id\":\"blosc\",\"shuffle\":\"1\"}", BW_ERR_METADATA, {.level = 0}, "shuffle"},
        {"{\"id\":\"gzip\",\"level\":1.5}", BW_ERR_METADATA, {.level = 0}, "level"},
        {"{\"id\":\"zstd\",\"checksum\":1}", BW_ERR_METADATA, {.level = 0}, "checksum"},
        {"{\"level\":1}", BW_ERR_METADATA, {.level = 0}, "id"},
        {"[]", BW_ERR_METADATA, {.level = 0}, "id"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bw_arena arena = {0};
        bw_node *node = NULL;
        bw_codec codec = {.type = NULL};

        CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, bw_view_text(cases[i].json), &node));
        CHECK_STATUS(&ctx, bw_codec_from_v2(&ctx, "compressor", node, &codec), cases[i].status);
        if (cases[i].status != BW_OK) {
            CHECK_CONTAINS(ctx.error.message, cases[i].message);
        }
        CHECK(codec.type == cases[i].codec.type);
        CHECK_INT(codec.level, cases[i].codec.level);
        CHECK_INT(codec.shuffle, cases[i].codec.shuffle);
        CHECK_UINT(codec.blocksize, cases[i].codec.blocksize);
        CHECK_TEXT(codec.cname, cases[i].codec.cname);
        CHECK_INT(codec.checksum, cases[i].codec.checksum);
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    RUN(test_goldens);
    RUN(test_wrong_lengths);
    RUN(test_damage);
    RUN(test_damaged_goldens);
    RUN(test_checksums);
    RUN(test_round_trips);
    RUN(test_blosc_equals_numcodecs);
    RUN(test_settings);
    RUN(test_out_of_memory);
    RUN(test_from_v2);
    return check_summary();
}
