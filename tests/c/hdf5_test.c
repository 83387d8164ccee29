/* SPDX-License-Identifier: MIT */
/**
 * HDF5 beside what tests/js/hdf5-*.test.js see through the module: checksums and LZF, a host that
 * fails at every read and write, and memory that is refused. hdf5/small.h5 was written by h5py.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "check.h"
#include "hdf5/filter_codecs.h"
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
    RUN(test_failing_reads);
    RUN(test_failing_writes);
    RUN(test_heap_limit); /* last: HDF5 is not to be relied on afterwards */
    return check_summary();
}
