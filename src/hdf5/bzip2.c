/* SPDX-License-Identifier: MIT */
/* The registered filter bzip2 (307), decoding: one stream of libbzip2. */
#include <bzlib.h>
#include <limits.h>

#include "filter_codecs.h"

/* What libbzip2 asks of a program without stdio, and its encoder, which is not linked. */
void bz_internal_error(int number);
void BZ2_compressBlock(void *state, unsigned char is_last);

void bz_internal_error(int number)
{
    (void)number;
    __builtin_trap();
}

void BZ2_compressBlock(void *state, unsigned char is_last)
{
    (void)state;
    (void)is_last;
    __builtin_trap();
}

static void *take(void *ctx, int count, int size)
{
    return bw_alloc(ctx, (size_t)count * (size_t)size);
}

static void give(void *ctx, void *ptr)
{
    bw_release(ctx, ptr);
}

bw_status bw__bzip2_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t cap, size_t *len,
                           bool *full)
{
    bz_stream stream = {.bzalloc = take, .bzfree = give, .opaque = ctx};
    int code;

    if (in.len > UINT_MAX || cap > UINT_MAX) {
        return bw_fail_limit(ctx, "bytes of bzip2", in.len > cap ? in.len : cap, UINT_MAX);
    }
    if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) {
        return BW_ERR_NOMEM; /* recorded by bw_alloc() */
    }
    stream.next_in = (char *)(uintptr_t)in.ptr;
    stream.avail_in = (unsigned)in.len;
    stream.next_out = (char *)out;
    stream.avail_out = (unsigned)cap;
    code = BZ2_bzDecompress(&stream);
    *len = cap - stream.avail_out;
    *full = code == BZ_OK && stream.avail_out == 0;
    (void)BZ2_bzDecompressEnd(&stream);
    if (code == BZ_STREAM_END || *full) {
        return BW_OK;
    }
    if (code == BZ_MEM_ERROR) {
        return BW_ERR_NOMEM;
    }
    return bw_fail(ctx, BW_ERR_CORRUPT, "bzip2: %s (%zu bytes)",
                   code == BZ_OK ? "the stream ends early" : "damaged data", in.len);
}
