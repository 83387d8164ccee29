/* SPDX-License-Identifier: MIT */
/**
 * bzip2 over libbzip2, decoding: numcodecs' codec of streams one after the other, and the single
 * stream of HDF5's registered filter 307.
 */
#include <bzlib.h>
#include <limits.h>

#include "codec/codec_internal.h"

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

static bw_status fail_bzip2(bw_ctx *ctx, int code, size_t in_len)
{
    if (code == BZ_MEM_ERROR) {
        return BW_ERR_NOMEM; /* recorded by bw_alloc() */
    }
    return bw_fail(ctx, BW_ERR_CORRUPT, "bzip2: %s (%zu bytes)",
                   code == BZ_OK ? "the stream ends early" : "damaged data", in_len);
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
    return code == BZ_STREAM_END || *full ? BW_OK : fail_bzip2(ctx, code, in.len);
}

/*
 * Streams to the end of the input, as Python's bz2 reads them; behind the first, what is no stream
 * is ignored there, and refused here.
 */

/* Where decoded bytes go. */
typedef struct sink {
    uint8_t *fixed; /* NULL: `out` grows up to `limit` */
    bw_bytes *out;
    uint64_t limit;
    size_t len;
} sink;

static bw_status sink_room(bw_ctx *ctx, sink *to, bz_stream *stream)
{
    size_t room;

    if (to->fixed != NULL) {
        if (to->len == to->limit) {
            return bw__fail_too_long(ctx, "bzip2", to->limit);
        }
        stream->next_out = (char *)to->fixed + to->len;
        room = (size_t)to->limit - to->len;
    } else {
        to->out->len = to->len;
        if (to->len == to->out->cap || to->len == to->limit) {
            BW_TRY(bw__grow(ctx, "bzip2", to->limit, to->out));
        }
        stream->next_out = (char *)to->out->ptr + to->len;
        room = (to->out->cap < to->limit ? to->out->cap : (size_t)to->limit) - to->len;
    }
    stream->avail_out = room < UINT_MAX ? (unsigned)room : UINT_MAX;
    return BW_OK;
}

/* One stream; its last bytes of output may need no room at all. */
static bw_status decode_stream(bw_ctx *ctx, bz_stream *stream, size_t in_len, sink *to)
{
    char nowhere;
    int code;

    stream->avail_out = 0;
    stream->next_out = &nowhere;
    for (;;) {
        unsigned room = stream->avail_out, unread = stream->avail_in;

        code = BZ2_bzDecompress(stream);
        to->len += room - stream->avail_out;
        if (code == BZ_STREAM_END) {
            return BW_OK;
        }
        if (code != BZ_OK) {
            return fail_bzip2(ctx, code, in_len);
        }
        if (stream->avail_out > 0 && stream->avail_in == 0 && unread == 0) {
            return fail_bzip2(ctx, BZ_OK, in_len);
        }
        if (stream->avail_out == 0) {
            BW_TRY(sink_room(ctx, to, stream));
        }
    }
}

static bw_status decode_streams(bw_ctx *ctx, bw_view in, sink *to)
{
    if (in.len > UINT_MAX) {
        return bw_fail_limit(ctx, "bytes of bzip2", in.len, UINT_MAX);
    }
    do {
        bz_stream stream = {.bzalloc = take, .bzfree = give, .opaque = ctx};
        bw_status st;

        if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) {
            return BW_ERR_NOMEM; /* recorded by bw_alloc() */
        }
        stream.next_in = (char *)(uintptr_t)in.ptr;
        stream.avail_in = (unsigned)in.len;
        st = decode_stream(ctx, &stream, in.len, to);
        in = (bw_view){in.ptr + (in.len - stream.avail_in), stream.avail_in};
        (void)BZ2_bzDecompressEnd(&stream);
        BW_TRY(st);
    } while (in.len > 0);
    return BW_OK;
}

static bw_status decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                        size_t out_len)
{
    uint8_t nowhere;
    sink to = {.fixed = out == NULL ? &nowhere : out, .limit = out_len};

    (void)codec;
    BW_TRY(decode_streams(ctx, in, &to));
    return to.len == out_len ? BW_OK : bw__fail_length(ctx, "bzip2", to.len, out_len);
}

static bw_status decode_any(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t limit,
                            bw_bytes *out)
{
    sink to = {.out = out, .limit = limit, .len = out->len};

    (void)codec;
    BW_TRY(decode_streams(ctx, in, &to));
    out->len = to.len;
    return BW_OK;
}

static bw_status read_settings(bw_ctx *ctx, bw_codec *out)
{
    return bw__setting_level(ctx, out, (bw__setting){"level", 1, 1, 9});
}

const bw_codec_type bw_codec_bz2 = {
    .name = "bz2",
    .read = read_settings,
    .write = bw__set_level,
    .settle = bw__settle_bytes,
    .decode = decode,
    .decode_any = decode_any,
};
