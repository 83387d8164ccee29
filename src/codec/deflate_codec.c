/* SPDX-License-Identifier: MIT */
/**
 * gzip (RFC 1952, one or more members, zero padding behind them as Python's gzip module
 * accepts) and zlib (RFC 1950), both over zlib's inflate and deflate.
 */
#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "codec/codec_internal.h"

/* windowBits of inflateInit2() and deflateInit2(): 15 is zlib, 16 more is gzip. */
enum { ZLIB_WINDOW = 15, GZIP_WINDOW = 15 + 16 };

enum { MEMORY_LEVEL = 8 }; /* zlib's default */

/* zlib counts in unsigned int; longer buffers go in by pieces. */
#define PIECE ((size_t)1 << 30)

static const char *name_of(int window)
{
    return window == GZIP_WINDOW ? "gzip" : "zlib";
}

static voidpf zlib_alloc(voidpf opaque, uInt items, uInt size)
{
    return bw_alloc(opaque, (size_t)items * size);
}

static void zlib_free(voidpf opaque, voidpf ptr)
{
    bw_release(opaque, ptr);
}

static bw_status fail_inflate(bw_ctx *ctx, int window, int code, const char *why)
{
    const char *name = name_of(window);

    switch (code) {
    case Z_MEM_ERROR:
        return BW_ERR_NOMEM; /* recorded by bw_alloc() */
    case Z_NEED_DICT:
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "%s: the stream needs a preset dictionary", name);
    default:
        if (why != NULL && (strcmp(why, "incorrect data check") == 0 ||
                            strcmp(why, "incorrect length check") == 0)) {
            return bw_fail(ctx, BW_ERR_CHECKSUM, "%s: %s", name, why);
        }
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: damaged stream (%s)", name,
                       why != NULL ? why : "no reason given");
    }
}

/* One stream's worth of input and output, handed to zlib in pieces that it can count. */
typedef struct feed {
    bw_view in;      /* what zlib has not been given */
    uint8_t *out;    /* where the next piece goes */
    size_t out_left; /* what zlib has not been given */
} feed;

static void feed_more(feed *rest, z_stream *stream)
{
    if (stream->avail_in == 0 && rest->in.len > 0) {
        stream->avail_in = (uInt)(rest->in.len < PIECE ? rest->in.len : PIECE);
        stream->next_in = (z_const Bytef *)rest->in.ptr;
        rest->in.ptr += stream->avail_in;
        rest->in.len -= stream->avail_in;
    }
    if (stream->avail_out == 0 && rest->out_left > 0) {
        stream->avail_out = (uInt)(rest->out_left < PIECE ? rest->out_left : PIECE);
        stream->next_out = rest->out;
        rest->out += stream->avail_out;
        rest->out_left -= stream->avail_out;
    }
}

/* One member to its end. */
static bw_status inflate_member(bw_ctx *ctx, int window, z_stream *stream, feed *rest,
                                size_t out_len)
{
    for (;;) {
        int code;

        feed_more(rest, stream);
        code = inflate(stream, Z_NO_FLUSH);
        if (code == Z_STREAM_END) {
            return BW_OK;
        }
        if (code == Z_BUF_ERROR || code == Z_OK) {
            bool stuck = code == Z_BUF_ERROR;

            if (stuck && stream->avail_in == 0 && rest->in.len == 0) {
                return bw_fail(ctx, BW_ERR_CORRUPT, "%s: the stream ends early, %zu bytes are due",
                               name_of(window), out_len);
            }
            if (stuck && stream->avail_out == 0 && rest->out_left == 0) {
                return bw__fail_too_long(ctx, name_of(window), out_len);
            }
            continue;
        }
        return fail_inflate(ctx, window, code, stream->msg);
    }
}

static void skip_zeros(feed *rest, z_stream *stream)
{
    for (;;) {
        while (stream->avail_in > 0 && *stream->next_in == 0) {
            stream->next_in++;
            stream->avail_in--;
        }
        if (stream->avail_in > 0 || rest->in.len == 0) {
            return;
        }
        feed_more(rest, stream);
    }
}

static bw_status inflate_all(bw_ctx *ctx, int window, bw_view in, uint8_t *out, size_t out_len)
{
    z_stream stream = {.zalloc = zlib_alloc, .zfree = zlib_free, .opaque = ctx};
    feed rest = {in, out, out_len};
    uint8_t nowhere; /* zlib wants a pointer even for no output at all */
    size_t left;
    bw_status st = BW_OK;
    int code = inflateInit2(&stream, window);

    if (code != Z_OK) {
        return fail_inflate(ctx, window, code, stream.msg);
    }
    stream.next_out = &nowhere;
    for (;;) {
        BW_GO(inflate_member(ctx, window, &stream, &rest, out_len));
        if (window == GZIP_WINDOW) {
            skip_zeros(&rest, &stream);
        }
        if (stream.avail_in == 0 && rest.in.len == 0) {
            break;
        }
        if (window != GZIP_WINDOW) {
            st = bw_fail(ctx, BW_ERR_CORRUPT, "zlib: %zu bytes behind the end of the stream",
                         stream.avail_in + rest.in.len);
            goto done;
        }
        inflateReset(&stream);
    }
    left = stream.avail_out + rest.out_left;
    if (left > 0) {
        st = bw__fail_length(ctx, name_of(window), out_len - left, out_len);
    }

done:
    inflateEnd(&stream);
    return st;
}

bw_status bw__zlib_block_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len)
{
    return inflate_all(ctx, ZLIB_WINDOW, in, out, out_len);
}

/* One member, to the end of what there is room for in `out`, which grows. */
static bw_status inflate_growing(bw_ctx *ctx, int window, z_stream *stream, feed *rest,
                                 uint64_t limit, bw_bytes *out)
{
    for (;;) {
        size_t had, room;
        int code;

        if (out->len == out->cap || out->len == limit) {
            BW_TRY(bw__grow(ctx, name_of(window), limit, out));
        }
        room = out->cap < limit ? out->cap - out->len : (size_t)(limit - out->len);
        had = room < PIECE ? room : PIECE;
        stream->next_out = out->ptr + out->len;
        stream->avail_out = (uInt)had;
        feed_more(rest, stream);
        code = inflate(stream, Z_NO_FLUSH);
        out->len += had - stream->avail_out;
        if (code == Z_STREAM_END) {
            return BW_OK;
        }
        if (code == Z_BUF_ERROR && stream->avail_in == 0 && rest->in.len == 0) {
            return bw_fail(ctx, BW_ERR_CORRUPT, "%s: the stream ends early", name_of(window));
        }
        if (code != Z_OK && code != Z_BUF_ERROR) {
            return fail_inflate(ctx, window, code, stream->msg);
        }
    }
}

static bw_status inflate_any(bw_ctx *ctx, int window, bw_view in, uint64_t limit, bw_bytes *out)
{
    z_stream stream = {.zalloc = zlib_alloc, .zfree = zlib_free, .opaque = ctx};
    feed rest = {in, NULL, 0};
    bw_status st = BW_OK;
    int code = inflateInit2(&stream, window);

    if (code != Z_OK) {
        return fail_inflate(ctx, window, code, stream.msg);
    }
    for (;;) {
        BW_GO(inflate_growing(ctx, window, &stream, &rest, limit, out));
        if (window == GZIP_WINDOW) {
            skip_zeros(&rest, &stream);
        }
        if (stream.avail_in == 0 && rest.in.len == 0) {
            break;
        }
        if (window != GZIP_WINDOW) {
            st = bw_fail(ctx, BW_ERR_CORRUPT, "zlib: %zu bytes behind the end of the stream",
                         stream.avail_in + rest.in.len);
            goto done;
        }
        inflateReset(&stream);
    }

done:
    inflateEnd(&stream);
    return st;
}

/* `*written` is 0 when the result does not fit `cap`. */
static bw_status deflate_all(bw_ctx *ctx, z_stream *stream, bw_view in, uint8_t *out, size_t cap,
                             size_t *written)
{
    feed rest = {in, out, cap};
    int code;

    do {
        feed_more(&rest, stream);
        code = deflate(stream, rest.in.len == 0 ? Z_FINISH : Z_NO_FLUSH);
    } while (code == Z_OK && (stream->avail_out > 0 || rest.out_left > 0));

    *written = code == Z_STREAM_END ? cap - rest.out_left - stream->avail_out : 0;
    if (code == Z_STREAM_ERROR) {
        return bw_fail(ctx, BW_ERR_INTERNAL, "deflate reports an inconsistent state");
    }
    return BW_OK;
}

static bw_status deflate_begin(bw_ctx *ctx, int window, int level, z_stream *stream)
{
    *stream = (z_stream){.zalloc = zlib_alloc, .zfree = zlib_free, .opaque = ctx};
    if (level < Z_DEFAULT_COMPRESSION || level > Z_BEST_COMPRESSION) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%s: level is %d, it can be -1 to 9", name_of(window),
                       level);
    }
    if (deflateInit2(stream, level, Z_DEFLATED, window, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        return BW_ERR_NOMEM;
    }
    return BW_OK;
}

static bw_status deflate_append(bw_ctx *ctx, int window, int level, bw_view in, bw_bytes *out)
{
    z_stream stream;
    size_t cap, written;
    uint8_t *room;
    bw_status st = BW_OK;

    if (in.len > ULONG_MAX / 2) {
        return bw_fail_limit(ctx, name_of(window), in.len, ULONG_MAX / 2);
    }
    BW_TRY(deflate_begin(ctx, window, level, &stream));
    cap = deflateBound(&stream, (uLong)in.len);
    BW_GO(bw__reserve(ctx, out, cap, &room));
    BW_GO(deflate_all(ctx, &stream, in, room, cap, &written));
    if (written == 0) {
        st = bw_fail(ctx, BW_ERR_INTERNAL, "%s: %zu bytes do not fit their bound of %zu",
                     name_of(window), in.len, cap);
        goto done;
    }
    out->len += written;

done:
    deflateEnd(&stream);
    return st;
}

bw_status bw__zlib_block_encode(bw_ctx *ctx, int level, bw_view in, uint8_t *out, size_t cap,
                                size_t *written)
{
    z_stream stream;
    bw_status st;

    BW_TRY(deflate_begin(ctx, ZLIB_WINDOW, level, &stream));
    st = deflate_all(ctx, &stream, in, out, cap, written);
    deflateEnd(&stream);
    return st;
}

uint32_t bw__crc32(uint32_t crc, const uint8_t *data, size_t len)
{
    return (uint32_t)crc32_z(crc, data, len);
}

uint32_t bw__adler32(const uint8_t *data, size_t len)
{
    return (uint32_t)adler32_z(1, data, len);
}

static int window_of(const bw_codec *codec)
{
    return codec->type == &bw_codec_gzip ? GZIP_WINDOW : ZLIB_WINDOW;
}

static bw_status decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                        size_t out_len)
{
    return inflate_all(ctx, window_of(codec), in, out, out_len);
}

static bw_status decode_any(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t limit,
                            bw_bytes *out)
{
    return inflate_any(ctx, window_of(codec), in, limit, out);
}

static bw_status encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                        bw_bytes *out)
{
    (void)itemsize;
    return deflate_append(ctx, window_of(codec), codec->level, in, out);
}

static bw_status read_settings(bw_ctx *ctx, bw_codec *out)
{
    return bw__setting_level(ctx, out, (bw__setting){"level", 1, -1, 9});
}

const bw_codec_type bw_codec_gzip = {
    .name = "gzip",
    .name_v3 = "gzip",
    .read = read_settings,
    .write = bw__set_level,
    .settle = bw__settle_bytes,
    .decode = decode,
    .decode_any = decode_any,
    .encode = encode,
};

const bw_codec_type bw_codec_zlib = {
    .name = "zlib",
    .read = read_settings,
    .write = bw__set_level,
    .settle = bw__settle_bytes,
    .decode = decode,
    .decode_any = decode_any,
    .encode = encode,
};
