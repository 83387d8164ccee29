/* SPDX-License-Identifier: MIT */
/**
 * HDF5 beside what tests/js/hdf5-*.test.js see through the module: checksums, LZF, bzip2 and szip, a
 * host that fails at every read and write, and memory that is refused. hdf5/small.h5 was written by
 * h5py.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "check.h"
#include "failing_allocator.h"
#include "codec/codec_internal.h"
#include "hdf5/filters/filter_codecs.h"
#include "hdf5_memory.h"
#include "test_data.h"

static void test_checksums(void)
{
    /* Adler-32 of "Wikipedia" as that article has it; the second by Python's zlib.adler32(). */
    static uint8_t many[100003];

    CHECK_UINT(bw__h5_adler32((const uint8_t *)"Wikipedia", 9), 0x11e60398);
    CHECK_UINT(bw__h5_adler32(many, 0), 1);
    memset(many, 0xff, sizeof many);
    CHECK_UINT(bw__h5_adler32(many, sizeof many), 0xab183329);
}

static void check_lzf(const uint8_t *data, size_t len)
{
    uint8_t *back = malloc(len > 0 ? len : 1);
    bw_bytes packed = {0};
    bool full = true;
    size_t got = 0;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (CHECK_OK(&ctx, bw__lzf_encode(&ctx, (bw_view){data, len}, &packed)) && packed.len > 0) {
        CHECK(packed.len < len);
        CHECK_OK(&ctx, bw__lzf_decode(&ctx, bw_bytes_view(&packed), back, len, &got, &full));
        CHECK_UINT(got, len);
        CHECK(!full);
        CHECK_BYTES(back, data, len);
        CHECK_OK(&ctx, bw__lzf_decode(&ctx, bw_bytes_view(&packed), back, len - 1, &got, &full));
        CHECK(full);
    }
    bw_bytes_free(&ctx, &packed);
    free(back);
}

static void test_lzf(void)
{
    static uint8_t data[70000];

    check_lzf(data, 0);
    check_lzf(data, sizeof data);
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i % 251 * (i / 9000));
    }
    check_lzf(data, sizeof data);
    check_lzf(data, 37);
}

/* Streams by Python's bz2.compress(b"reservoir " * 12) and, 25 times 7 numbers of 12 bits, by libaec
 * (tests/data/hdf5/make_szip.py, bits_12). */
static const uint8_t bzip2_stream[] =
    "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xf7\xe0\x65\xda\x00\x00\x29\x91\x80\x40\x00\x02\x20\x99"
    "\x00\x20\x00\x20\xa5\x51\x99\x08\x60\x3a\x58\x5f\x16\x16\x96\x96\x16\x8b\x0b\xc2\xee\x48\xa7\x0a"
    "\x12\x1e\xfc\x0c\xbb\x40";
static const uint8_t szip_stream[] =
    "\x5e\x01\x00\x00\xff\xfe\xff\xff\xfe\xff\xd0\x02\x00\x40\x01\x00\x63\xba\xb0\xa8\xc2\x64\x67\x1f"
    "\x35\x57\x62\x2b\x0b\x42\x34\xb7\x95\x2c\x55\xd8\xca\x52\xc8\x01\x01\xbf\xcb\xbb\x88\x4c\x8e\xa8"
    "\x90\x98\x56\x71\xce\xb2\xd2\x83\x73\x5a\x6c\x58\x94\xda\xb5\x27\x51\x22\x46\xae\x78\xdd\x69\x82"
    "\xd0\x25\x1c\xcb\x79\x44\x25\x94\x62\x7f\x00\x01\x80\x03\x84\x03\x80\x03\xfe\x03\x92\x47\x13\x9b"
    "\x29\xa8\x8e\x18\x86\x71\x46\xa0\xed\x6f\x63\xb0";
static const unsigned szip_settings[] = {169, 8, 12, 175};

/* Each length but the whole is an error, and no memory is lost when there is none. */
static void test_bzip2(void)
{
    size_t stored = sizeof bzip2_stream - 1, len = 0;
    uint8_t out[200];
    bw_status st = BW_OK;
    bool full = true;
    bw_ctx ctx;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        st = bw__bzip2_decode(&ctx, (bw_view){bzip2_stream, stored}, out, 200, &len, &full);
    }
    CHECK(!full);
    CHECK_UINT(len, 120);
    CHECK_BYTES(out + 110, "reservoir ", 10);
    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw__bzip2_decode(&ctx, (bw_view){bzip2_stream, stored}, out, 119, &len, &full));
    CHECK(full);
    for (size_t cut = 0; cut < stored; cut++) {
        uint8_t *exact = malloc(cut > 0 ? cut : 1);

        memcpy(exact, bzip2_stream, cut);
        CHECK_STATUS(&ctx, bw__bzip2_decode(&ctx, (bw_view){exact, cut}, out, 200, &len, &full),
                     BW_ERR_CORRUPT);
        free(exact);
    }
}

static void test_szip(void)
{
    size_t stored = sizeof szip_stream - 1;
    bw_status st = BW_OK;
    bw_ctx ctx;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_bytes out = {0};

        st = bw__szip_decode(&ctx, szip_settings, 4, (bw_view){szip_stream, stored}, 350, &out);
        CHECK(st != BW_OK || (out.len == 350 && out.ptr[0] != 0));
        bw_bytes_free(&ctx, &out);
    }
    bw_ctx_init(&ctx);
    for (size_t cut = 0; cut < stored; cut++) {
        uint8_t *exact = malloc(cut > 0 ? cut : 1);
        bw_bytes out = {0};

        memcpy(exact, szip_stream, cut);
        st = bw__szip_decode(&ctx, szip_settings, 4, (bw_view){exact, cut}, 350, &out);
        CHECK_INT(st, BW_ERR_CORRUPT);
        bw_bytes_free(&ctx, &out);
        free(exact);
    }
    for (size_t i = 1; i < 4; i++) { /* no block, no bits, no line */
        unsigned settings[] = {169, 8, 12, 175};
        bw_bytes out = {0};

        settings[i] = 0;
        st = bw__szip_decode(&ctx, settings, 4, (bw_view){szip_stream, stored}, 350, &out);
        CHECK_INT(st, BW_ERR_CORRUPT);
        CHECK_CONTAINS(ctx.error.message, "szip: blocks of");
        bw_bytes_free(&ctx, &out);
    }
}

static bw_status read_all(bw_ctx *ctx, bw_h5_memory *memory)
{
    bw_h5_host host = bw_h5_memory_host(memory);
    bw_h5_file *file = NULL;
    bw_arena arena = {0};
    bw_node *result = NULL;
    bw_status st = bw_h5_open(ctx, &host, BW_H5_READ, &file), closed;

    if (st != BW_OK) {
        return st;
    }
    st = bw_h5_run_json(ctx, file, "array", "{\"path\": \"g/y\"}", &arena, &result);
    if (st == BW_OK) {
        CHECK(result->type == BW_NODE_ARRAY && result->array->rank == 1);
    }
    bw_arena_free(ctx, &arena);
    closed = bw_h5_close(ctx, file);
    return st != BW_OK ? st : closed;
}

static void test_failing_reads(void)
{
    bw_bytes bytes = bw_test_file("hdf5/small.h5");
    bw_status st = BW_ERR_NOT_FOUND;
    unsigned at = 1;

    for (; st != BW_OK && at < 500; at++) {
        bw_h5_memory memory;
        bw_ctx ctx;

        bw_ctx_init(&ctx);
        bw_h5_memory_set(&memory, bw_bytes_view(&bytes));
        memory.fail_read_at = at;
        st = read_all(&ctx, &memory);
        CHECK(st == BW_OK || st == BW_ERR_NOT_FOUND);
        bw_h5_memory_free(&memory);
    }
    CHECK_INT(st, BW_OK);
    CHECK(at > 3);
    free(bytes.ptr);
}

static void test_heap_limit(void)
{
    bw_bytes bytes = bw_test_file("hdf5/small.h5");
    bw_h5_memory memory;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    bw_h5_memory_set(&memory, bw_bytes_view(&bytes));
    bw_h5_set_heap_limit(bw_h5_heap_used() + 1000);
    CHECK(!bw_h5_heap_refused());
    CHECK_STATUS(&ctx, read_all(&ctx, &memory), BW_ERR_LIMIT);
    CHECK(bw_h5_heap_refused());
    bw_h5_memory_free(&memory);
    free(bytes.ptr);
}

static const char *const entry =
    "{\"entries\": [{\"idx\": 0, \"meta\": {}, \"data\": {\"a\": 1, \"g\": {\"x\": [1.5, 2]}}}],"
    " \"count\": 1}";

static bw_status write_one(bw_ctx *ctx, bw_h5_memory *memory)
{
    bw_h5_host host = bw_h5_memory_host(memory);
    bw_h5_file *file = NULL;
    bw_arena arena = {0};
    bw_node *result = NULL;
    bw_status st = bw_h5_open(ctx, &host, BW_H5_CREATE, &file), closed;

    if (st != BW_OK) {
        return st;
    }
    st = bw_h5_run_json(ctx, file, "write", entry, &arena, &result);
    bw_arena_free(ctx, &arena);
    closed = bw_h5_close(ctx, file);
    return st != BW_OK ? st : closed;
}

static void test_failing_writes(void)
{
    bw_status st = BW_ERR_LIMIT;
    unsigned at = 1;

    for (; st != BW_OK && at < 500; at++) {
        bw_h5_memory memory;
        bw_ctx ctx;

        bw_ctx_init(&ctx);
        bw_h5_memory_set(&memory, (bw_view){NULL, 0});
        memory.fail_write_at = at;
        st = write_one(&ctx, &memory);
        CHECK(st == BW_OK || st == BW_ERR_LIMIT);
        bw_h5_memory_free(&memory);
    }
    CHECK(st == BW_OK && at > 2);
}

int main(void)
{
    RUN(test_checksums);
    RUN(test_lzf);
    RUN(test_bzip2);
    RUN(test_szip);
    RUN(test_failing_reads);
    RUN(test_failing_writes);
    RUN(test_heap_limit); /* last: HDF5 is not to be relied on afterwards */
    return check_summary();
}
