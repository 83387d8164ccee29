/* SPDX-License-Identifier: MIT */
/**
 * Streams made to hurt: headers that contradict themselves, sizes that overflow, work and memory
 * far beyond the input.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/codec.h"
#include "check.h"
#include "failing_allocator.h"

static const bw_codec blosc = {
    .type = &bw_codec_blosc, .cname = "lz4", .level = 5, .shuffle = 1, .blocksize = 256};

enum { LEN = 1024, HEADER = 16 };

static uint8_t plain[LEN];
static uint8_t out[LEN];

static void write_u32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

/* A chunk of four blocks of 256 bytes, of 4-byte elements. */
static bw_bytes make_chunk(bw_ctx *ctx)
{
    bw_bytes chunk = {0};

    for (size_t i = 0; i < LEN; i++) {
        plain[i] = (uint8_t)(i / 4 % 13);
    }
    CHECK_OK(ctx, bw_codec_encode(ctx, &blosc, (bw_view){plain, LEN}, 4, &chunk));
    return chunk;
}

/* One header field changed at a time. Offsets: c-blosc, README_CHUNK_FORMAT.rst. */
static void test_blosc_header(void)
{
    static const struct {
        size_t at;
        uint32_t value;
        size_t width;
        bw_status status;
        const char *message;
    } cases[] = {
        {0, 0, 1, BW_ERR_CORRUPT, "version 0"},
        {0, 1, 1, BW_ERR_UNSUPPORTED, "version 1"},
        {0, 5, 1, BW_ERR_UNSUPPORTED, "version 5"}, /* Blosc 2 */
        {0, 200, 1, BW_ERR_CORRUPT, "version 200"},
        {1, 9, 1, BW_ERR_UNSUPPORTED, "stream version 9"},
        {2, 0x39, 1, BW_ERR_UNSUPPORTED, "flags"},
        {2, 0x51, 1, BW_ERR_UNSUPPORTED, "snappy"},
        {2, 0xf1, 1, BW_ERR_UNSUPPORTED, "number 7"},
        {2, 0x33, 1, BW_ERR_CORRUPT, "are due"}, /* a plain copy must have every byte */
        {3, 0, 1, BW_ERR_CORRUPT, "0 bytes"},
        {4, 0, 4, BW_ERR_CORRUPT, "1024"},
        {4, 1023, 4, BW_ERR_CORRUPT, "1023"},
        {4, 0xffffffffu, 4, BW_ERR_CORRUPT, "4294967295"},
        {8, 0, 4, BW_ERR_CORRUPT, "blocks of 0"},
        {8, 1, 4, BW_ERR_CORRUPT, "1024 blocks"},
        {8, 1025, 4, BW_ERR_CORRUPT, "blocks of 1025"},
        {8, 0x80000000u, 4, BW_ERR_CORRUPT, "2147483648"},
        {12, 0, 4, BW_ERR_CORRUPT, "the header says 0"},
        {12, 0xfffffff0u, 4, BW_ERR_CORRUPT, "4294967280"},
        {16, 0xffffffffu, 4, BW_ERR_CORRUPT, "starts at 4294967295"},
        {16, 0x7ffffff0u, 4, BW_ERR_CORRUPT, "starts at"},
        {28, 1000000, 4, BW_ERR_CORRUPT, "starts at 1000000"},
        {32, 0xffffffffu, 4, BW_ERR_CORRUPT, "4294967295"}, /* the first stream's length */
        {32, 0x80000000u, 4, BW_ERR_CORRUPT, "2147483648"},
        {32, 0, 4, BW_ERR_CORRUPT, "are due"},
    };
    bw_ctx ctx;
    bw_bytes chunk;

    bw_ctx_init(&ctx);
    chunk = make_chunk(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t *bad = malloc(chunk.len);
        uint8_t patch[4];

        memcpy(bad, chunk.ptr, chunk.len);
        write_u32(patch, cases[i].value);
        memcpy(bad + cases[i].at, patch, cases[i].width);
        CHECK_STATUS(&ctx, bw_codec_decode(&ctx, &blosc, (bw_view){bad, chunk.len}, out, LEN),
                     cases[i].status);
        CHECK_CONTAINS(ctx.error.message, cases[i].message);
        free(bad);
    }
    bw_bytes_free(&ctx, &chunk);
}

/* Blocks may lie in any order (c-blosc's threads write them so), but not on one another: else
 * n blocks of one long stream cost n times the input. */
static void test_blosc_block_order(void)
{
    bw_ctx ctx;
    bw_bytes chunk;
    uint8_t first[4], second[4];

    bw_ctx_init(&ctx);
    chunk = make_chunk(&ctx);
    memcpy(first, chunk.ptr + HEADER, 4);
    memcpy(second, chunk.ptr + HEADER + 4, 4);
    memcpy(chunk.ptr + HEADER, second, 4);
    memcpy(chunk.ptr + HEADER + 4, first, 4);
    CHECK_OK(&ctx, bw_codec_decode(&ctx, &blosc, bw_bytes_view(&chunk), out, LEN));
    CHECK_BYTES(out, plain + 256, 256);
    CHECK_BYTES(out + 256, plain, 256);
    bw_bytes_free(&ctx, &chunk);

    /* four blocks, one uncompressed stream */
    CHECK_OK(&ctx, bw_codec_encode(&ctx, &blosc, (bw_view){plain, LEN}, 4, &chunk));
    CHECK_OK(&ctx, bw_bytes_reserve(&ctx, &chunk, LEN));
    chunk.len = HEADER + 16 + 4 + 256;
    write_u32(chunk.ptr + 12, (uint32_t)chunk.len);
    for (size_t i = 0; i < 4; i++) {
        write_u32(chunk.ptr + HEADER + 4 * i, HEADER + 16);
    }
    write_u32(chunk.ptr + HEADER + 16, 256);
    memset(chunk.ptr + HEADER + 20, 7, 256);
    CHECK_STATUS(&ctx, bw_codec_decode(&ctx, &blosc, bw_bytes_view(&chunk), out, LEN),
                 BW_ERR_CORRUPT);
    CHECK_CONTAINS(ctx.error.message, "overlap");
    bw_bytes_free(&ctx, &chunk);
}

/* A BloscLZ match whose length, added up in 32 bits, becomes negative or wraps. */
static void test_blosclz_long_match(void)
{
    enum { STREAM = 9 << 20, NBYTES = 10 << 20 };
    size_t len = HEADER + 4 + 4 + STREAM;
    uint8_t *chunk = malloc(len);
    uint8_t *big = malloc(NBYTES);
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    memset(chunk, 0xff, len);
    memcpy(chunk, "\x02\x01\x10\x01", 4); /* BloscLZ, not split, elements of one byte */
    write_u32(chunk + 4, NBYTES);
    write_u32(chunk + 8, NBYTES);
    write_u32(chunk + 12, (uint32_t)len);
    write_u32(chunk + HEADER, HEADER + 4);
    write_u32(chunk + HEADER + 4, STREAM);
    CHECK_STATUS(&ctx, bw_codec_decode(&ctx, &blosc, (bw_view){chunk, len}, big, NBYTES),
                 BW_ERR_CORRUPT);
    free(big);
    free(chunk);
}

/* Every token kind of BloscLZ, by hand; the far distance is one that short goldens lack. */
static void test_blosclz_tokens(void)
{
    enum { LITERALS = 32 * 600, FAR = 8191 + 1 + 300, TAIL = 9 };
    static uint8_t stream[33 * 600 + 8];
    static uint8_t expected[LITERALS + TAIL], got[LITERALS + TAIL];
    uint8_t header[HEADER + 8] = {2, 1, 0x10, 1};
    uint8_t *chunk;
    size_t at = 0, len;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t run = 0; run < 600; run++) {
        stream[at++] = 31; /* 32 literals */
        for (size_t i = 0; i < 32; i++) {
            expected[run * 32 + i] = stream[at++] = (uint8_t)(run * 7 + i * i);
        }
    }
    /* length 7 + 0 + 2 = 9, distance 31 * 256 + 255 + 300 + 1 */
    memcpy(stream + at, "\xff\x00\xff\x01\x2c", 5);
    at += 5;
    memcpy(expected + LITERALS, expected + LITERALS - FAR, TAIL);

    len = sizeof header + at;
    write_u32(header + 4, LITERALS + TAIL);
    write_u32(header + 8, LITERALS + TAIL);
    write_u32(header + 12, (uint32_t)len);
    write_u32(header + HEADER, HEADER + 4);
    write_u32(header + HEADER + 4, (uint32_t)at);
    chunk = malloc(len);
    memcpy(chunk, header, sizeof header);
    memcpy(chunk + sizeof header, stream, at);
    CHECK_OK(&ctx, bw_codec_decode(&ctx, &blosc, (bw_view){chunk, len}, got, sizeof got));
    CHECK_BYTES(got, expected, sizeof got);
    free(chunk);
}

/* Claims of gigabytes cost what is due, not what is claimed. */
static void test_memory(void)
{
    /* RFC 8878: magic, descriptor (8-byte content size, one segment), size 2^40, and one
     * run-length block of 100 bytes */
    static const uint8_t zstd[] = {0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0,
                                   1,    0,    0,    0x23, 0x03, 0, 7};
    /* window of 2^37 bytes declared, no content size */
    static const uint8_t window[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xd8, 0x23, 0x03, 0, 7};
    bw_codec codec = {.type = &bw_codec_zstd};
    bw_test_heap heap = {0};
    bw_bytes bomb = {0};
    bw_ctx ctx;

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    CHECK(bw_codec_decode(&ctx, &codec, (bw_view){zstd, sizeof zstd}, out, 100) != BW_OK);
    CHECK(bw_codec_decode(&ctx, &codec, (bw_view){window, sizeof window}, out, 10) != BW_OK);
    CHECK(heap.peak_bytes < 512 * 1024);

    /* 16 MB of zeros where 100 bytes are due */
    {
        uint8_t *zeros = calloc(1, 16 << 20);
        const bw_codec_type *const ids[] = {&bw_codec_gzip, &bw_codec_zlib, &bw_codec_zstd};

        for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
            codec = (bw_codec){.type = ids[i], .level = 1};
            CHECK_OK(&ctx, bw_codec_encode(&ctx, &codec, (bw_view){zeros, 16 << 20}, 1, &bomb));
            heap.peak_bytes = heap.live_bytes;
            CHECK_STATUS(&ctx, bw_codec_decode(&ctx, &codec, bw_bytes_view(&bomb), out, 100),
                         BW_ERR_CORRUPT);
            CHECK(heap.peak_bytes - heap.live_bytes < 512 * 1024);
            bw_bytes_free(&ctx, &bomb);
        }
        free(zeros);
    }
    CHECK_UINT(heap.live, 0);
}

/* What other decoders let pass. */
static void test_trailing_bytes(void)
{
    static const bw_codec codecs[] = {{.type = &bw_codec_zstd, .level = 1},
                                      {.type = &bw_codec_gzip, .level = 1},
                                      {.type = &bw_codec_zlib, .level = 1},
                                      {.type = &bw_codec_lz4, .level = 1},
                                      {.type = &bw_codec_blosc, .cname = "lz4", .level = 5}};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        bw_bytes stream = {0};

        CHECK_OK(&ctx, bw_codec_encode(&ctx, &codecs[i], (bw_view){plain, LEN}, 1, &stream));
        CHECK_OK(&ctx, bw_bytes_append_text(&ctx, &stream, "x"));
        CHECK_STATUS(&ctx, bw_codec_decode(&ctx, &codecs[i], bw_bytes_view(&stream), out, LEN),
                     BW_ERR_CORRUPT);
        bw_bytes_free(&ctx, &stream);
    }
}

int main(void)
{
    RUN(test_blosc_header);
    RUN(test_blosc_block_order);
    RUN(test_blosclz_long_match);
    RUN(test_blosclz_tokens);
    RUN(test_memory);
    RUN(test_trailing_bytes);
    return check_summary();
}
