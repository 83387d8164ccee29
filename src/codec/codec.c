/* SPDX-License-Identifier: MIT */
/** Which codec does what, and the words they share. */
#include "bores/codec.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "codec/codec_internal.h"

bw_status bw__fail_length(bw_ctx *ctx, const char *name, uint64_t got, uint64_t due)
{
    return bw_fail(ctx, BW_ERR_CORRUPT, "%s: %" PRIu64 " bytes come out, %" PRIu64 " are due", name,
                   got, due);
}

bw_status bw__fail_too_long(bw_ctx *ctx, const char *name, uint64_t due)
{
    return bw_fail(ctx, BW_ERR_CORRUPT,
                   "%s: more than %" PRIu64 " bytes come out, %" PRIu64 " are due", name, due, due);
}

bw_status bw__reserve(bw_ctx *ctx, bw_bytes *out, size_t cap, uint8_t **room)
{
    BW_TRY(bw_bytes_reserve(ctx, out, cap));
    *room = out->ptr + out->len;
    return BW_OK;
}

static bw_status copy_exactly(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len)
{
    if (in.len != out_len) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "not compressed: %zu bytes are stored, %zu are due",
                       in.len, out_len);
    }
    if (out_len > 0) {
        memcpy(out, in.ptr, out_len);
    }
    return BW_OK;
}

bw_status bw_codec_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                          size_t out_len)
{
    assert(ctx != NULL && codec != NULL);
    assert(in.ptr != NULL || in.len == 0);
    assert(out != NULL || out_len == 0);

    switch (codec->id) {
    case BW_CODEC_NONE:
        return copy_exactly(ctx, in, out, out_len);
    case BW_CODEC_BLOSC:
        return bw__blosc_decode(ctx, in, out, out_len);
    case BW_CODEC_ZSTD:
        return bw__zstd_decode(ctx, in, out, out_len);
    case BW_CODEC_GZIP:
        return bw__gzip_decode(ctx, in, out, out_len);
    case BW_CODEC_ZLIB:
        return bw__zlib_decode(ctx, in, out, out_len);
    case BW_CODEC_LZ4:
        return bw__lz4_decode(ctx, in, out, out_len);
    }
    return bw_fail(ctx, BW_ERR_INTERNAL, "no codec has the number %d", (int)codec->id);
}

bw_status bw_codec_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                          bw_bytes *out)
{
    assert(ctx != NULL && codec != NULL && out != NULL && itemsize > 0);
    assert(in.ptr != NULL || in.len == 0);

    switch (codec->id) {
    case BW_CODEC_NONE:
        return bw_bytes_append(ctx, out, in.ptr, in.len);
    case BW_CODEC_BLOSC:
        return bw__blosc_encode(ctx, codec, in, itemsize, out);
    case BW_CODEC_ZSTD:
        return bw__zstd_encode(ctx, codec, in, out);
    case BW_CODEC_GZIP:
        return bw__gzip_encode(ctx, codec, in, out);
    case BW_CODEC_ZLIB:
        return bw__zlib_encode(ctx, codec, in, out);
    case BW_CODEC_LZ4:
        return bw__lz4_encode(ctx, codec, in, out);
    }
    return bw_fail(ctx, BW_ERR_INTERNAL, "no codec has the number %d", (int)codec->id);
}
