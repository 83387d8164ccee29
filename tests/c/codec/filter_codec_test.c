/* SPDX-License-Identifier: MIT */
/**
 * Filters, checksums, bz2 and lzma against numcodecs (tests/data/codec/filters.json), damage to each,
 * and chains of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/codec.h"
#include "bores/json.h"
#include "check.h"
#include "failing_allocator.h"
#include "test_data.h"

typedef struct filter_case {
    const bw_node *node;
    bw_codec codec;
    bw_dtype dtype;
    bw_bytes stored, plain, source;
} filter_case;

static bw_node *cases;
static bw_arena case_arena;

static bw_bytes from_hex(bw_ctx *ctx, const bw_node *map, const char *name)
{
    bw_bytes out = {0};
    bw_view hex = {0};

    CHECK(bw_map_get_string(map, name, &hex));
    for (size_t i = 0; i + 1 < hex.len; i += 2) {
        char digits[3] = {(char)hex.ptr[i], (char)hex.ptr[i + 1], 0};
        uint8_t byte = (uint8_t)strtoul(digits, NULL, 16);

        CHECK_OK(ctx, bw_bytes_append(ctx, &out, &byte, 1));
    }
    return out;
}

static filter_case load_case(bw_ctx *ctx, uint32_t index)
{
    filter_case c = {.node = cases->children.items[index]};
    bw_dtype after;
    bw_view dtype = {0};

    CHECK(bw_map_get_string(c.node, "dtype", &dtype));
    CHECK_OK(ctx, bw_dtype_parse(ctx, dtype, &c.dtype));
    after = c.dtype;
    CHECK_OK(ctx, bw_codec_from_v2(ctx, "filters:", bw_map_get_text(c.node, "config"), &c.codec));
    CHECK_OK(ctx, bw_codec_settle(ctx, &c.codec, &after));
    c.stored = from_hex(ctx, c.node, "stored");
    c.plain = from_hex(ctx, c.node, "plain");
    c.source = from_hex(ctx, c.node, "source");
    return c;
}

static void free_case(bw_ctx *ctx, filter_case *c)
{
    bw_bytes_free(ctx, &c->stored);
    bw_bytes_free(ctx, &c->plain);
    bw_bytes_free(ctx, &c->source);
}

static void load_cases(bw_ctx *ctx)
{
    bw_bytes text = bw_test_file("codec/filters.json");

    CHECK_OK(ctx, bw_json_parse(ctx, &case_arena, bw_bytes_view(&text), &cases));
    free(text.ptr);
}

/* What numcodecs stored decodes to what it decodes; with the length given, and without. */
static void test_decode(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (uint32_t i = 0; i < cases->children.len; i++) {
        filter_case c = load_case(&ctx, i);
        bw_view in = bw_bytes_view(&c.stored);
        uint8_t *out = malloc(c.plain.len + 1);
        bw_bytes grown = {0};
        bool ok;

        out[c.plain.len] = 0x5a;
        ok = CHECK_OK(&ctx, bw_codec_decode(&ctx, &c.codec, in, out, c.plain.len)) &&
             CHECK_BYTES(out, c.plain.ptr, c.plain.len) &&
             CHECK_OK(&ctx, bw_codec_decode_any(&ctx, &c.codec, in, c.plain.len, &grown)) &&
             CHECK_UINT(grown.len, c.plain.len) && CHECK_BYTES(grown.ptr, c.plain.ptr, grown.len);
        if (!ok) {
            CHECK_TEXT(bw_codec_name(&c.codec), "a case that decodes");
            CHECK_UINT(i, UINT32_MAX);
        }
        CHECK_UINT(out[c.plain.len], 0x5a);
        bw_bytes_free(&ctx, &grown);
        free(out);
        free_case(&ctx, &c);
    }
}

/* What we encode is what numcodecs encodes, to the byte. */
static void test_encode(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (uint32_t i = 0; i < cases->children.len; i++) {
        filter_case c = load_case(&ctx, i);
        bw_codec_chain chain = {&c.codec, 1};
        bw_bytes out = {0};
        uint64_t size;

        if (c.codec.type == &bw_codec_bz2 || c.codec.type == &bw_codec_lzma ||
            c.codec.type == &bw_codec_categorize) {
            CHECK_STATUS(&ctx, bw_chain_encode(&ctx, chain, bw_bytes_view(&c.source), c.dtype, &out),
                         BW_ERR_UNSUPPORTED);
        } else {
            CHECK_OK(&ctx, bw_chain_encode(&ctx, chain, bw_bytes_view(&c.source), c.dtype, &out));
            CHECK(bw_chain_encoded_size(chain, c.source.len, &size));
            CHECK_UINT(size, out.len);
            if (!CHECK_UINT(out.len, c.stored.len) ||
                !CHECK_BYTES(out.ptr, c.stored.ptr, out.len)) {
                CHECK_TEXT(bw_codec_name(&c.codec), "a case that encodes");
                CHECK_UINT(i, UINT32_MAX);
            }
        }
        bw_bytes_free(&ctx, &out);
        free_case(&ctx, &c);
    }
}

/* One byte more or less than is due, and a limit that is too low. */
static void test_lengths(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (uint32_t i = 0; i < cases->children.len; i++) {
        filter_case c = load_case(&ctx, i);
        bw_view in = bw_bytes_view(&c.stored);
        uint8_t *out = malloc(c.plain.len + 1);
        bw_bytes grown = {0};

        CHECK_STATUS(&ctx, bw_codec_decode(&ctx, &c.codec, in, out, c.plain.len + 1),
                     BW_ERR_CORRUPT);
        if (c.plain.len > 0) {
            CHECK_STATUS(&ctx, bw_codec_decode(&ctx, &c.codec, in, out, c.plain.len - 1),
                         BW_ERR_CORRUPT);
            CHECK_STATUS(&ctx, bw_codec_decode_any(&ctx, &c.codec, in, c.plain.len - 1, &grown),
                         BW_ERR_LIMIT);
        }
        bw_bytes_free(&ctx, &grown);
        free(out);
        free_case(&ctx, &c);
    }
}

static bool refusal(bw_status st)
{
    return st == BW_ERR_CORRUPT || st == BW_ERR_CHECKSUM || st == BW_ERR_UNSUPPORTED ||
           st == BW_ERR_LIMIT;
}

/* Truncations are refused; a flipped bit is noticed where there is a checksum. */
static void test_damage(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (uint32_t i = 0; i < cases->children.len; i++) {
        filter_case c = load_case(&ctx, i);
        const bw_codec_type *type = c.codec.type;
        bool checked = type == &bw_codec_crc32 || type == &bw_codec_crc32c ||
                       type == &bw_codec_adler32 || type == &bw_codec_jenkins_lookup3 ||
                       type == &bw_codec_bz2;
        uint8_t *out = malloc(c.plain.len + 1);
        size_t stride = 1 + c.stored.len / 61;

        for (size_t at = 0; at < c.stored.len; at += stride) {
            bw_bytes grown = {0};
            bw_status st = bw_codec_decode(&ctx, &c.codec, (bw_view){c.stored.ptr, at}, out,
                                           c.plain.len);

            CHECK(refusal(st));
            c.stored.ptr[at] ^= 0x41;
            st = bw_codec_decode(&ctx, &c.codec, bw_bytes_view(&c.stored), out, c.plain.len);
            CHECK(st == BW_OK || refusal(st));
            CHECK(!checked || st != BW_OK || memcmp(out, c.plain.ptr, c.plain.len) == 0);
            st = bw_codec_decode_any(&ctx, &c.codec, bw_bytes_view(&c.stored), 1 << 20, &grown);
            CHECK(st == BW_OK || refusal(st));
            c.stored.ptr[at] ^= 0x41;
            bw_bytes_free(&ctx, &grown);
        }
        free(out);
        free_case(&ctx, &c);
    }
}

/* RFC 3720, B.4: 32 bytes of zeros, of ones, and ascending. */
static void test_crc32c_vectors(void)
{
    static const uint32_t sums[] = {0x8a9136aa, 0x62a8ab43, 0x46dd794e};
    bw_codec codec = {.type = &bw_codec_crc32c};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (int kind = 0; kind < 3; kind++) {
        uint8_t plain[32];
        bw_bytes out = {0};
        uint32_t sum = 0;

        for (int i = 0; i < 32; i++) {
            plain[i] = (uint8_t)(kind == 0 ? 0 : kind == 1 ? 0xff : i);
        }
        CHECK_OK(&ctx, bw_codec_encode(&ctx, &codec, (bw_view){plain, 32}, 1, &out));
        CHECK_UINT(out.len, 36);
        memcpy(&sum, out.ptr + 32, 4);
        CHECK_UINT(sum, sums[kind]);
        bw_bytes_free(&ctx, &out);
    }
}

static bw_codec read_codec(bw_ctx *ctx, bw_arena *arena, const char *json)
{
    bw_codec codec = {.type = NULL};
    bw_node *node;

    CHECK_OK(ctx, bw_json_parse(ctx, arena, bw_view_text(json), &node));
    CHECK_OK(ctx, bw_codec_from_v2(ctx, "codec", node, &codec));
    return codec;
}

/* Every codec behind every other: sizes that follow from the array's, and such that do not. */
static void test_chains(void)
{
    static const char *const kinds[] = {
        "{\"id\":\"delta\",\"dtype\":\"<i4\"}", "{\"id\":\"shuffle\",\"elementsize\":1}",
        "{\"id\":\"crc32\"}", "{\"id\":\"zstd\",\"level\":1}", "{\"id\":\"gzip\"}",
        "{\"id\":\"zlib\"}", "{\"id\":\"lz4\"}", "{\"id\":\"blosc\"}", "{\"id\":\"base64\"}",
        "{\"id\":\"fletcher32\"}", "{\"id\":\"packbits\"}"};
    enum { KINDS = sizeof kinds / sizeof kinds[0], COUNT = 200 };
    int32_t plain[COUNT], out[COUNT];
    bw_arena arena = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (int i = 0; i < COUNT; i++) {
        plain[i] = i * i % 97;
    }
    for (int a = 0; a < KINDS - 1; a++) { /* packbits packs bytes, and only what is 0 or 1 */
        for (int b = 1; b < KINDS - 1; b++) {
            for (int c = 1; c < KINDS - 1; c++) {
                bw_codec codecs[] = {read_codec(&ctx, &arena, kinds[a]),
                                     read_codec(&ctx, &arena, kinds[b]),
                                     read_codec(&ctx, &arena, kinds[c])};
                bw_codec_chain chain = {codecs, 3};
                bw_bytes stored = {0}, grown = {0};
                bw_dtype dtype = {.kind = 'i', .itemsize = 4};

                CHECK_OK(&ctx, bw_chain_encode(&ctx, chain, (bw_view){(uint8_t *)plain, sizeof plain},
                                               dtype, &stored));
                memset(out, 0, sizeof out);
                CHECK_OK(&ctx, bw_chain_decode(&ctx, chain, bw_bytes_view(&stored), (uint8_t *)out,
                                               sizeof out));
                CHECK_BYTES(out, plain, sizeof plain);
                CHECK_OK(&ctx, bw_chain_decode_any(&ctx, chain, bw_bytes_view(&stored), sizeof plain,
                                                   &grown));
                CHECK_UINT(grown.len, sizeof plain);
                bw_bytes_free(&ctx, &stored);
                bw_bytes_free(&ctx, &grown);
            }
        }
    }
    bw_arena_free(&ctx, &arena);
}

/* A stream of 64 MB of zeros inside another: little memory, whatever it claims. */
static void test_bombs(void)
{
    enum { BOMB = 64 << 20, DUE = 7200 };
    static const char *const inner[] = {"{\"id\":\"gzip\"}", "{\"id\":\"zstd\"}", "{\"id\":\"zlib\"}",
                                        "{\"id\":\"lz4\"}"};
    uint8_t *zeros = calloc(1, BOMB);
    uint8_t out[DUE];
    bw_arena arena = {0};
    bw_ctx plain_ctx;

    bw_ctx_init(&plain_ctx);
    for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++) {
        bw_codec codecs[] = {read_codec(&plain_ctx, &arena, "{\"id\":\"zlib\"}"),
                             read_codec(&plain_ctx, &arena, inner[i])};
        bw_bytes bomb = {0};
        bw_test_heap heap = {0};
        bw_ctx ctx;

        bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
        CHECK_OK(&plain_ctx, bw_codec_encode(&plain_ctx, &codecs[1], (bw_view){zeros, BOMB}, 1,
                                             &bomb));
        CHECK_STATUS(&ctx, bw_chain_decode(&ctx, (bw_codec_chain){codecs, 2}, bw_bytes_view(&bomb),
                                           out, DUE), BW_ERR_LIMIT);
        CHECK(heap.peak_bytes < 4 << 20); /* a window of zstd is 2 MB of it */
        CHECK_UINT(heap.live, 0);
        bw_bytes_free(&plain_ctx, &bomb);
    }
    bw_arena_free(&plain_ctx, &arena);
    free(zeros);
}

/* What version 3 calls them, and what it is told back. */
static void test_names_v3(void)
{
    static const struct {
        const char *json, *message; /* a part of the refusal, or NULL */
        const bw_codec_type *type;
    } names[] = {
        {"{\"name\":\"zstd\",\"configuration\":{\"level\":3,\"checksum\":true}}", NULL,
         &bw_codec_zstd},
        {"\"crc32c\"", NULL, &bw_codec_crc32c},
        {"{\"name\":\"blosc\",\"configuration\":{\"cname\":\"lz4\",\"clevel\":5,"
         "\"shuffle\":\"bitshuffle\",\"typesize\":4,\"blocksize\":0}}", NULL, &bw_codec_blosc},
        {"{\"name\":\"numcodecs.lz4\",\"configuration\":{}}", NULL, &bw_codec_lz4},
        {"{\"name\":\"numcodecs.shuffle\"}", NULL, &bw_codec_shuffle},
        {"{\"name\":\"lz4\"}", "lz4", NULL},
        {"{\"name\":\"numcodecs.pickle\"}", "numcodecs.pickle", NULL},
        {"{\"name\":\"blosc\",\"configuration\":{\"shuffle\":\"some\"}}", "shuffle", NULL},
        {"{\"configuration\":{}}", "name", NULL},
    };
    bw_arena arena = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bw_codec codec = {.type = NULL}, again = {.type = NULL};
        bw_node *node, *back;

        CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, bw_view_text(names[i].json), &node));
        if (names[i].message != NULL) {
            CHECK(bw_codec_from_v3(&ctx, "codecs", node, &codec) != BW_OK);
            CHECK_CONTAINS(ctx.error.message, names[i].message);
            continue;
        }
        CHECK_OK(&ctx, bw_codec_from_v3(&ctx, "codecs", node, &codec));
        CHECK(codec.type == names[i].type);
        CHECK_OK(&ctx, bw_codec_to_v3(&ctx, &arena, &codec, 4, &back));
        CHECK_OK(&ctx, bw_codec_from_v3(&ctx, "codecs", back, &again));
        CHECK(again.type == codec.type && again.level == codec.level &&
              again.shuffle == codec.shuffle && again.checksum == codec.checksum);
    }
    bw_arena_free(&ctx, &arena);
}

static void test_out_of_memory(void)
{
    bw_status st = BW_OK;
    bw_ctx ctx;

    for (uint32_t i = 0; i < cases->children.len; i += 3) {
        bw_ctx plain_ctx;
        filter_case c;
        uint8_t *out;

        bw_ctx_init(&plain_ctx);
        c = load_case(&plain_ctx, i);
        out = malloc(c.plain.len + 1);
        FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
            bw_bytes grown = {0};

            st = bw_codec_decode(&ctx, &c.codec, bw_bytes_view(&c.stored), out, c.plain.len);
            if (st == BW_OK) {
                st = bw_codec_decode_any(&ctx, &c.codec, bw_bytes_view(&c.stored), 1 << 20, &grown);
            }
            bw_bytes_free(&ctx, &grown);
        }
        free(out);
        free_case(&plain_ctx, &c);
    }
}

/* Raw filters that liblzma would take, or reckons no memory for, and that are not to be decoded. */
static void test_lzma_filters(void)
{
    static const struct {
        const char *filters;
        bool read; /* refused by the decoder only */
        const char *message;
    } refused[] = {
        {"[{\"id\":3},{\"id\":3},{\"id\":3},{\"id\":4611686018427387906,\"start_offset\":65536}]", false,
         "filter 4611686018427387906 is not supported"},
        {"[{\"id\":4611686018427387906,\"dict_size\":4096}]", false, "filter 4611686018427387906"},
        {"[{\"id\":12},{\"id\":33}]", false, "filter 12 is not supported"},
        {"[{\"id\":-1}]", false, "filter -1 is not supported"},
        {"[{\"id\":3,\"dist\":4096},{\"id\":33}]", true, "options of them"},
        {"[{\"id\":4611686018427387905,\"lc\":9}]", true, "options of them"},
        {"[{\"id\":33},{\"id\":3}]", true, "filters, or"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        bw_codec codec = {.type = NULL};
        bw_arena arena = {0};
        bw_node *node;
        char text[256];
        uint8_t out[16];
        bw_status st;

        (void)snprintf(text, sizeof text, "{\"id\":\"lzma\",\"format\":3,\"filters\":%s}",
                       refused[i].filters);
        CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, bw_view_text(text), &node));
        st = bw_codec_from_v2(&ctx, "filters:", node, &codec);
        CHECK(refused[i].read == (st == BW_OK));
        if (st == BW_OK) {
            st = bw_codec_decode(&ctx, &codec, BW_VIEW("\1\0\0a\0"), out, 1);
        }
        CHECK_STATUS(&ctx, st, BW_ERR_UNSUPPORTED);
        CHECK_CONTAINS(ctx.error.message, refused[i].message);
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    load_cases(&ctx);
    RUN(test_decode);
    RUN(test_encode);
    RUN(test_lengths);
    RUN(test_damage);
    RUN(test_crc32c_vectors);
    RUN(test_chains);
    RUN(test_bombs);
    RUN(test_lzma_filters);
    RUN(test_names_v3);
    RUN(test_out_of_memory);
    bw_arena_free(&ctx, &case_arena);
    return check_summary();
}
