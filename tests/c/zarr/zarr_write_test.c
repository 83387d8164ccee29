/* SPDX-License-Identifier: MIT */
/**
 * Arrays to Zarr. Documents and chunks are those of zarr-python 2.13 for the same calls; what is
 * compressed is read back by the reader, which has tests of its own against zarr-python.
 */
#include <stdio.h>
#include <string.h>

#include "bores/zarr.h"
#include "check.h"
#include "fixture.h"
#include "failing_allocator.h"

#define SHAPE(...) (const uint64_t[]){__VA_ARGS__}

static const bw_codec uncompressed = {.type = NULL};
static const bw_codec guide_codec = {
    .type = &bw_codec_blosc, .cname = "zstd", .level = 3, .shuffle = 2};

static void check_document(const bw_array *array, const uint64_t *chunks, const bw_codec *codec,
                           const char *expected)
{
    bw_zarr_write write;
    bw_bytes text = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (CHECK_OK(&ctx, bw_zarr_write_begin(&ctx, array, chunks, codec, &write))) {
        CHECK_OK(&ctx, bw_zarr_write_document(&ctx, &write, &text));
        CHECK_VIEW(bw_bytes_view(&text), expected);
        bw_zarr_write_end(&ctx, &write);
    }
    bw_bytes_free(&ctx, &text);
}

/* model/grid_shape of BORES's guide/wf_f64, byte for byte. */
static void test_document_of_bores(void)
{
    int64_t grid_shape[3] = {9, 7, 4};
    bw_array array = make_array("<i8", 1, SHAPE(3), grid_shape);

    check_document(&array, SHAPE(3), &guide_codec,
                   "{\n    \"chunks\": [\n        3\n    ],\n    \"compressor\": {\n"
                   "        \"blocksize\": 0,\n        \"clevel\": 3,\n"
                   "        \"cname\": \"zstd\",\n        \"id\": \"blosc\",\n"
                   "        \"shuffle\": 2\n    },\n"
                   "    \"dtype\": \"<i8\",\n    \"fill_value\": 0,\n    \"filters\": null,\n"
                   "    \"order\": \"C\",\n    \"shape\": [\n        3\n    ],\n"
                   "    \"zarr_format\": 2\n}");
}

/* zarr.create(shape=(), dtype='<f8', compressor=…), and of bool; numcodecs' own configurations. */
static void test_documents(void)
{
    static const struct {
        bw_codec codec;
        const char *text;
    } cases[] = {
        {{.type = NULL}, "null"},
        {{.type = &bw_codec_zstd, .level = 3},
         "{\n        \"id\": \"zstd\",\n        \"level\": 3\n    }"},
        {{.type = &bw_codec_zstd, .level = -5, .checksum = true},
         "{\n        \"checksum\": true,\n        \"id\": \"zstd\",\n        \"level\": -5\n    }"},
        {{.type = &bw_codec_gzip, .level = 5},
         "{\n        \"id\": \"gzip\",\n        \"level\": 5\n    }"},
        {{.type = &bw_codec_zlib, .level = 2},
         "{\n        \"id\": \"zlib\",\n        \"level\": 2\n    }"},
        {{.type = &bw_codec_lz4, .level = 1},
         "{\n        \"acceleration\": 1,\n        \"id\": \"lz4\"\n    }"},
    };
    double value = 2.5;
    uint8_t flag = 1;
    bw_array number = make_array("<f8", 0, NULL, &value);
    bw_array boolean = make_array("|b1", 1, SHAPE(1), &flag);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expected[400];

        snprintf(expected, sizeof expected,
                 "{\n    \"chunks\": [],\n    \"compressor\": %s,\n    \"dtype\": \"<f8\",\n"
                 "    \"fill_value\": 0.0,\n    \"filters\": null,\n    \"order\": \"C\",\n"
                 "    \"shape\": [],\n    \"zarr_format\": 2\n}",
                 cases[i].text);
        check_document(&number, SHAPE(0), &cases[i].codec, expected);
    }
    check_document(&boolean, SHAPE(2), &uncompressed,
                   "{\n    \"chunks\": [\n        2\n    ],\n    \"compressor\": null,\n"
                   "    \"dtype\": \"|b1\",\n    \"fill_value\": false,\n    \"filters\": null,\n"
                   "    \"order\": \"C\",\n    \"shape\": [\n        1\n    ],\n"
                   "    \"zarr_format\": 2\n}");
}

/* z = zarr.create((3, 5), chunks=(2, 2), dtype='<i2', compressor=None); z[:] = arange(15) */
static void test_chunks_and_padding(void)
{
    static const struct {
        const char *key;
        int16_t elements[4];
    } expected[] = {
        {"0.0", {0, 1, 5, 6}},     {"0.1", {2, 3, 7, 8}},   {"0.2", {4, 0, 9, 0}},
        {"1.0", {10, 11, 0, 0}},   {"1.1", {12, 13, 0, 0}}, {"1.2", {14, 0, 0, 0}},
    };
    int16_t elements[15];
    bw_array array = make_array("<i2", 2, SHAPE(3, 5), elements);
    uint64_t coord[BW_MAX_RANK];
    bw_zarr_write write;
    size_t count = 0;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (int16_t i = 0; i < 15; i++) {
        elements[i] = i;
    }
    CHECK_OK(&ctx, bw_zarr_write_begin(&ctx, &array, SHAPE(2, 2), &uncompressed, &write));
    while (count < 6 && CHECK(bw_zarr_write_next(&write, coord))) {
        bw_bytes key = {0}, chunk = {0};

        CHECK_OK(&ctx, bw_zarr_chunk_key(&ctx, &write.meta, coord, &key));
        CHECK_VIEW(bw_bytes_view(&key), expected[count].key);
        CHECK_OK(&ctx, bw_zarr_write_chunk(&ctx, &write, coord, &chunk));
        if (CHECK_UINT(chunk.len, 8)) {
            CHECK_BYTES(chunk.ptr, expected[count].elements, 8);
        }
        bw_bytes_free(&ctx, &key);
        bw_bytes_free(&ctx, &chunk);
        count++;
    }
    CHECK(!bw_zarr_write_next(&write, coord));
    bw_zarr_write_end(&ctx, &write);
}

/* Writes an array and reads it again. */
static bw_status round_trip(bw_ctx *ctx, const bw_array *array, const uint64_t *chunks,
                            const bw_codec *codec)
{
    bw_arena arena = {0};
    bw_bytes document = {0}, chunk = {0};
    bw_zarr_write write = {.array = NULL};
    bw_chunk_read read = {.meta = NULL};
    bw_array_meta *meta;
    bw_region all;
    uint64_t coord[BW_MAX_RANK];
    bw_status st;

    BW_GO(bw_zarr_write_begin(ctx, array, chunks, codec, &write));
    BW_GO(bw_zarr_write_document(ctx, &write, &document));
    BW_GO(bw_zarr_meta_parse(ctx, &arena, bw_bytes_view(&document), &meta));
    bw_region_all(meta, &all);
    BW_GO(bw_chunk_read_begin(ctx, &arena, meta, &all, &read));
    while (bw_zarr_write_next(&write, coord)) {
        chunk.len = 0;
        BW_GO(bw_zarr_write_chunk(ctx, &write, coord, &chunk));
        BW_GO(bw_chunk_read_place(ctx, &read, coord, bw_bytes_view(&chunk)));
    }
    CHECK(bw_dtype_equal(read.out->dtype, array->dtype));
    CHECK_UINT(read.out->nbytes, array->nbytes);
    if (array->nbytes > 0) {
        CHECK_BYTES(read.out->data, array->data, array->nbytes);
    }

done:
    bw_chunk_read_end(ctx, &read);
    bw_zarr_write_end(ctx, &write);
    bw_bytes_free(ctx, &document);
    bw_bytes_free(ctx, &chunk);
    bw_arena_free(ctx, &arena);
    return st;
}

static void test_round_trips(void)
{
    static const bw_codec codecs[] = {
        {.type = NULL},
        {.type = &bw_codec_blosc, .cname = "lz4", .level = 1, .shuffle = 2},
        {.type = &bw_codec_blosc, .cname = "zstd", .level = 3, .shuffle = 2},
        {.type = &bw_codec_blosc, .cname = "blosclz", .level = 5, .shuffle = 1},
        {.type = &bw_codec_zstd, .level = 1},
        {.type = &bw_codec_gzip, .level = 1},
    };
    double grid[1260];
    bw_array array = make_array("<f8", 3, SHAPE(12, 7, 15), grid);
    bw_array single = make_array("<f8", 0, NULL, grid);
    bw_array none = make_array("|i1", 1, SHAPE(0), NULL);
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < 1260; i++) {
        grid[i] = 3000.0 + (double)(i * 7919 % 1013) / 7.0;
    }
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        CHECK_OK(&ctx, round_trip(&ctx, &array, SHAPE(12, 7, 15), &codecs[i]));
        CHECK_OK(&ctx, round_trip(&ctx, &array, SHAPE(4, 7, 15), &codecs[i]));
        CHECK_OK(&ctx, round_trip(&ctx, &array, SHAPE(5, 4, 20), &codecs[i]));
        CHECK_OK(&ctx, round_trip(&ctx, &array, SHAPE(1, 1, 1), &codecs[i]));
        CHECK_OK(&ctx, round_trip(&ctx, &single, SHAPE(0), &codecs[i]));
        CHECK_OK(&ctx, round_trip(&ctx, &none, SHAPE(1), &codecs[i]));
    }
}

static void test_refused(void)
{
    int32_t numbers[4] = {1, 2, 3, 4};
    bw_array text = make_array("<U1", 1, SHAPE(4), numbers);
    bw_array array = make_array("<i4", 1, SHAPE(4), numbers);
    bw_zarr_write write;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_STATUS(&ctx, bw_zarr_write_begin(&ctx, &text, SHAPE(4), &uncompressed, &write),
                 BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(ctx.error.message, "<U1");
    CHECK_STATUS(&ctx, bw_zarr_write_begin(&ctx, &array, SHAPE(0), &uncompressed, &write),
                 BW_ERR_ARGUMENT);
    CHECK_STATUS(&ctx,
                 bw_zarr_write_begin(&ctx, &array, SHAPE(UINT64_MAX / 2), &uncompressed, &write),
                 BW_ERR_LIMIT);
    ctx.limits.max_chunks = 3;
    CHECK_STATUS(&ctx, bw_zarr_write_begin(&ctx, &array, SHAPE(1), &uncompressed, &write),
                 BW_ERR_LIMIT);
    CHECK_UINT(ctx.error.needed, 4);
    CHECK_UINT(ctx.error.limit, 3);
}

static void test_out_of_memory(void)
{
    double grid[120] = {1, 2, 3};
    bw_array array = make_array("<f8", 2, SHAPE(10, 12), grid);
    bw_status st = BW_OK;
    bw_ctx ctx;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        st = round_trip(&ctx, &array, SHAPE(4, 12), &guide_codec);
    }
}

int main(void)
{
    RUN(test_document_of_bores);
    RUN(test_documents);
    RUN(test_chunks_and_padding);
    RUN(test_round_trips);
    RUN(test_refused);
    RUN(test_out_of_memory);
    return check_summary();
}
