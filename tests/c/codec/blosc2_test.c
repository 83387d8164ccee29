/* SPDX-License-Identifier: MIT */
/**
 * Frames that python-blosc2 wrote (tests/data/codec/generate_blosc2.py), their damage, and frames
 * made to hurt. What is expected follows from formulas that the generator has too.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "codec/codec_internal.h"
#include "codec_goldens.h"
#include "failing_allocator.h"
#include "test_data.h"

enum { ROOM = 20000 };

static const struct {
    const char *file; /* blosc2_NAME.bin */
    codec_plain plain;
    size_t len; /* bytes of it; 0: all */
} goldens[] = {
    {"blosclz_0_i2", PLAIN_I2, 0},  {"blosclz_1_i2", PLAIN_I2, 0},  {"blosclz_2_i2", PLAIN_I2, 0},
    {"lz4_0_i2", PLAIN_I2, 0},      {"lz4_1_i2", PLAIN_I2, 0},      {"lz4_2_i2", PLAIN_I2, 0},
    {"lz4hc_0_i2", PLAIN_I2, 0},    {"lz4hc_1_i2", PLAIN_I2, 0},    {"lz4hc_2_i2", PLAIN_I2, 0},
    {"zlib_0_i2", PLAIN_I2, 0},     {"zlib_1_i2", PLAIN_I2, 0},     {"zlib_2_i2", PLAIN_I2, 0},
    {"zstd_0_i2", PLAIN_I2, 0},     {"zstd_1_i2", PLAIN_I2, 0},     {"zstd_2_i2", PLAIN_I2, 0},
    {"chunks_always_i2", PLAIN_I2, 0}, {"chunks_never_i2", PLAIN_I2, 0},
    {"delta_i2", PLAIN_I2, 0},      {"delta_u1", PLAIN_U1, 0},
    {"bytedelta_f8", PLAIN_F8, 8000}, {"trunc_f8", PLAIN_F8, 8000},
    {"stored_u1", PLAIN_U1, 0},     {"noise", PLAIN_NOISE, 0},      {"s12", PLAIN_S12, 0},
    {"grid_i2", PLAIN_I2, 0},       {"grid_rows_i2", PLAIN_I2, 0},  {"grid_chunks_i2", PLAIN_I2, 0},
    {"grid_delta_i2", PLAIN_I2, 0}, {"grid_flat_f8", PLAIN_F8, 8000},
};

enum { GOLDENS = sizeof goldens / sizeof goldens[0] };

static uint8_t plain[CODEC_PLAIN_MAX];

static bw_bytes golden(const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "codec/blosc2_%s.bin", name);
    return bw_test_file(path);
}

/* Into memory of its own, so that a sanitizer sees reads past its end. */
static bw_status decode(bw_ctx *ctx, const uint8_t *in, size_t len, uint64_t limit, bw_bytes *out)
{
    uint8_t *exact = malloc(len > 0 ? len : 1);
    bw_status st;

    memcpy(exact, in, len);
    st = bw__blosc2_decode(ctx, (bw_view){exact, len}, limit, out);
    free(exact);
    return st;
}

static void test_goldens(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < GOLDENS; i++) {
        bw_bytes stored = golden(goldens[i].file), out = {0};
        size_t all = codec_plain_bytes(goldens[i].plain, plain);
        size_t len = goldens[i].len != 0 ? goldens[i].len : all;

        if (!CHECK_OK(&ctx, decode(&ctx, stored.ptr, stored.len, len, &out)) ||
            !CHECK_UINT(out.len, len) || !CHECK_BYTES(out.ptr, plain, len)) {
            CHECK_TEXT(goldens[i].file, "a golden that decodes");
        }
        bw_bytes_free(&ctx, &out);
        CHECK_STATUS(&ctx, decode(&ctx, stored.ptr, stored.len, len - 1, &out), BW_ERR_CORRUPT);
        bw_bytes_free(&ctx, &out);
        free(stored.ptr);
    }
}

static bool decoded(const char *name, bw_bytes *out, size_t len)
{
    bw_bytes stored = golden(name);
    bw_ctx ctx;
    bool ok;

    bw_ctx_init(&ctx);
    *out = (bw_bytes){0};
    ok = CHECK_OK(&ctx, decode(&ctx, stored.ptr, stored.len, len, out)) && CHECK_UINT(out->len, len);
    free(stored.ptr);
    return ok;
}

static void test_special_values(void)
{
    static const uint8_t nothing[16000];
    bw_bytes out;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (decoded("zeros", &out, 40 * 50 * 8)) {
        CHECK_BYTES(out.ptr, nothing, out.len);
    }
    bw_bytes_free(&ctx, &out);
    if (decoded("uninit", &out, 40 * 50 * 4)) { /* any values; ours are zeros */
        CHECK_BYTES(out.ptr, nothing, out.len);
    }
    bw_bytes_free(&ctx, &out);
    if (decoded("nans", &out, 40 * 50 * 4)) {
        for (size_t i = 0; i < 2000; i++) {
            float value;
            memcpy(&value, out.ptr + 4 * i, 4);
            CHECK(isnan(value));
        }
    }
    bw_bytes_free(&ctx, &out);
    if (decoded("value", &out, 41 * 50 * 8)) {
        for (size_t i = 0; i < 2050; i++) {
            double value;
            memcpy(&value, out.ptr + 8 * i, 8);
            CHECK(value == -2.5);
        }
    }
    bw_bytes_free(&ctx, &out);
}

/* Streams that are only a length: of zeros, and of another byte. */
static void test_runs(void)
{
    static const char *const names[] = {"runs", "runs_whole"};
    bw_bytes out;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t k = 0; k < 2; k++) {
        if (decoded(names[k], &out, 16384)) {
            for (uint32_t i = 0; i < 4096; i++) {
                uint32_t due = i < 1024 ? 0 : i < 2048 ? 0x01010101 : i < 3072 ? 7 : i - 3072;
                uint32_t value;

                memcpy(&value, out.ptr + 4 * (size_t)i, 4);
                CHECK_UINT(value, due);
            }
        }
        bw_bytes_free(&ctx, &out);
    }
}

static bool expected(bw_status st)
{
    return st == BW_OK || st == BW_ERR_CORRUPT || st == BW_ERR_UNSUPPORTED || st == BW_ERR_LIMIT ||
           st == BW_ERR_CHECKSUM;
}

/* Each length, and damage at each byte of what is no data (the first 320) and at a stride behind. */
static void test_damage(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < GOLDENS; i++) {
        bw_bytes stored = golden(goldens[i].file);

        for (size_t at = 0; at < stored.len; at += at < 320 ? 1 : 97) {
            bw_bytes out = {0};
            bw_status st = decode(&ctx, stored.ptr, at, ROOM, &out);

            CHECK_INT(st, BW_ERR_CORRUPT);
            bw_bytes_free(&ctx, &out);
            for (unsigned flip = 1; flip < 256; flip = flip * 4 + 1) {
                stored.ptr[at] ^= (uint8_t)flip;
                st = decode(&ctx, stored.ptr, stored.len, ROOM, &out);
                CHECK(expected(st) && (st != BW_OK || out.len <= ROOM));
                CHECK(st == BW_OK || ctx.error.message[0] != '\0');
                stored.ptr[at] ^= (uint8_t)flip;
                bw_bytes_free(&ctx, &out);
            }
        }
        free(stored.ptr);
    }
}

/* One field changed at a time. Places: c-blosc2, README_CFRAME_FORMAT.rst (big-endian). */
static void test_fields(void)
{
    static const struct {
        const char *file;
        size_t at;
        const char *bytes;
        size_t width;
        bw_status status;
        const char *message;
    } cases[] = {
        {"delta_i2", 2, "x", 1, BW_ERR_CORRUPT, "no frame"},
        {"delta_i2", 10, "\xd3", 1, BW_ERR_CORRUPT, "header"},
        {"delta_i2", 11, "\xff\xff\xff\xff", 4, BW_ERR_CORRUPT, "4294967295"},
        {"delta_i2", 16, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, BW_ERR_CORRUPT, "are stored"},
        {"delta_i2", 25, "\x52", 1, BW_ERR_UNSUPPORTED, "flags 52"},
        {"delta_i2", 26, "\x01", 1, BW_ERR_UNSUPPORTED, "type 1"},
        {"delta_i2", 30, "\x00\x00\xff\xff\xff\xff\xff\xff", 8, BW_ERR_LIMIT, "Blosc2 chunks"},
        {"delta_i2", 30, "\x00\x00\x00\x00\x00\x00\x00\x09", 8, BW_ERR_CORRUPT, "9 are due"},
        {"delta_i2", 39, "\x7f\xff\xff\xff\xff\xff\xff\xff", 8, BW_ERR_CORRUPT,
         "chunks 9223372036854775807"},
        {"delta_i2", 48, "\x00\x00\x00\x00", 4, BW_ERR_CORRUPT, "elements of 0"},
        {"delta_i2", 58, "\x00\x00\x00\x00", 4, BW_ERR_CORRUPT, "chunks of 0"},
        {"delta_i2", 58, "\x00\x00\x00\x01", 4, BW_ERR_CORRUPT, "10000 chunks"},
        {"grid_i2", 94, "\xd2", 1, BW_ERR_CORRUPT, "map of metalayers"},
        {"grid_i2", 100, "\x7f\xff\xff\xff", 4, BW_ERR_CORRUPT, "metalayer"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bw_bytes stored = golden(cases[i].file), out = {0};

        memcpy(stored.ptr + cases[i].at, cases[i].bytes, cases[i].width);
        CHECK_STATUS(&ctx, decode(&ctx, stored.ptr, stored.len, ROOM, &out), cases[i].status);
        CHECK_CONTAINS(ctx.error.message, cases[i].message);
        bw_bytes_free(&ctx, &out);
        free(stored.ptr);
    }
}

static size_t header_of(const bw_bytes *frame)
{
    return (size_t)frame->ptr[13] << 8 | frame->ptr[14];
}

/* The first chunk's fields. Places: c-blosc2, README_CHUNK_FORMAT.rst (little-endian). */
static void test_chunk_fields(void)
{
    static const struct {
        size_t at;
        const char *bytes;
        size_t width;
        bw_status status;
        const char *message;
    } cases[] = {
        {0, "\x02", 1, BW_ERR_UNSUPPORTED, "format version 2"},
        {0, "\x06", 1, BW_ERR_UNSUPPORTED, "format version 6"},
        {0, "\xff", 1, BW_ERR_CORRUPT, "format version 255"},
        {2, "\x45", 1, BW_ERR_UNSUPPORTED, "compressor 2"},
        {2, "\xc5", 1, BW_ERR_UNSUPPORTED, "compressor 6"},
        {3, "\x00", 1, BW_ERR_CORRUPT, "a chunk of 10000"},
        {4, "\xff\xff\xff\xff", 4, BW_ERR_CORRUPT, "4294967295"},
        {4, "\x00\x00\x00\x00", 4, BW_ERR_CORRUPT, "10000 are due"},
        {8, "\x00\x00\x00\x00", 4, BW_ERR_CORRUPT, "blocks of 0"},
        {8, "\x01\x00\x00\x00", 4, BW_ERR_CORRUPT, "10000 blocks"},
        {8, "\x11\x27\x00\x00", 4, BW_ERR_CORRUPT, "blocks of 10001"},
        {12, "\xff\xff\xff\xff", 4, BW_ERR_CORRUPT, "4294967295"},
        {12, "\x1f\x00\x00\x00", 4, BW_ERR_CORRUPT, "in 31"},
        {16, "\x03\x03", 2, BW_ERR_UNSUPPORTED, "filter 3 before a delta"},
        {16, "\x21", 1, BW_ERR_UNSUPPORTED, "filter 33"},
        {30, "\x01", 1, BW_ERR_UNSUPPORTED, "variable length"},
        {31, "\x01", 1, BW_ERR_UNSUPPORTED, "dictionary"},
        {31, "\x08", 1, BW_ERR_CORRUPT, "are stored"},
        {31, "\x20", 1, BW_ERR_CORRUPT, "repeated values of 2"},
        {31, "\x50", 1, BW_ERR_CORRUPT, "special values 5"},
        {31, "\x80", 1, BW_ERR_UNSUPPORTED, "instrumented"},
        {32, "\xff\xff\xff\xff", 4, BW_ERR_CORRUPT, "starts at 4294967295"},
        {52, "\xff\xff\xff\x7f", 4, BW_ERR_CORRUPT, "a stream of 2147483647"},
        {52, "\xff\xff\xff\x80", 4, BW_ERR_UNSUPPORTED, "token"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bw_bytes stored = golden("delta_i2"), out = {0};

        memcpy(stored.ptr + header_of(&stored) + cases[i].at, cases[i].bytes, cases[i].width);
        CHECK_STATUS(&ctx, decode(&ctx, stored.ptr, stored.len, ROOM, &out), cases[i].status);
        CHECK_CONTAINS(ctx.error.message, cases[i].message);
        bw_bytes_free(&ctx, &out);
        free(stored.ptr);
    }
}

static void test_dictionary(void)
{
    bw_bytes stored = golden("dictionary"), out = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_STATUS(&ctx, decode(&ctx, stored.ptr, stored.len, ROOM, &out), BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(ctx.error.message, "dictionary");
    bw_bytes_free(&ctx, &out);
    free(stored.ptr);
}

/* Blocks that all begin at one long stream, and chunks that are all one. */
static void test_shared_bytes(void)
{
    bw_bytes stored = golden("stored_u1"), out = {0};
    size_t chunk = header_of(&stored);
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    stored.ptr[chunk + 2] &= (uint8_t)~2u; /* as if it had blocks, of 100 bytes */
    memcpy(stored.ptr + chunk + 8, "\x64\x00\x00\x00", 4);
    memset(stored.ptr + chunk + 16, 0, 16);
    for (size_t i = 0; i < 31; i++) {
        memcpy(stored.ptr + chunk + 32 + 4 * i, "\xa0\x00\x00\x00", 4); /* 160: behind the table */
    }
    memcpy(stored.ptr + chunk + 160, "\x64\x00\x00\x00", 4);
    CHECK_STATUS(&ctx, decode(&ctx, stored.ptr, stored.len, ROOM, &out), BW_ERR_CORRUPT);
    bw_bytes_free(&ctx, &out);
    free(stored.ptr);
}

static void test_failing_memory(void)
{
    static const char *const names[] = {"zstd_1_i2", "delta_i2", "grid_chunks_i2", "zlib_2_i2"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bw_bytes stored = golden(names[i]);
        bw_status st = BW_OK;
        bw_ctx ctx;

        FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
            bw_bytes out = {0};

            st = bw__blosc2_decode(&ctx, bw_bytes_view(&stored), ROOM, &out);
            bw_bytes_free(&ctx, &out);
        }
        free(stored.ptr);
    }
}

int main(void)
{
    RUN(test_goldens);
    RUN(test_special_values);
    RUN(test_runs);
    RUN(test_damage);
    RUN(test_fields);
    RUN(test_chunk_fields);
    RUN(test_dictionary);
    RUN(test_shared_bytes);
    RUN(test_failing_memory);
    return check_summary();
}
