/* SPDX-License-Identifier: MIT */
/** Single codecs, and what their decoders share. */
#include "bores/codec.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "codec/codec_internal.h"

const char *bw_codec_name(const bw_codec *codec)
{
    return codec->type == NULL ? "none" : codec->type->name;
}

bw_status bw__settle_bytes(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype)
{
    (void)ctx;
    (void)codec;
    *dtype = (bw_dtype){.kind = 'u', .itemsize = 1};
    return BW_OK;
}

bw_status bw_codec_settle(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype)
{
    return codec->type == NULL || codec->type->settle == NULL
               ? BW_OK
               : codec->type->settle(ctx, codec, dtype);
}

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

bw_status bw__grow(bw_ctx *ctx, const char *name, uint64_t limit, bw_bytes *out)
{
    enum { LEAST = 4096 };
    uint64_t more = out->len / 2 < LEAST ? LEAST : out->len / 2;

    if (out->len >= limit) {
        return bw_fail_limit(ctx, name, (uint64_t)out->len + 1, limit);
    }
    return bw_bytes_reserve(ctx, out, (size_t)(more < limit - out->len ? more : limit - out->len));
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

    return codec->type == NULL ? copy_exactly(ctx, in, out, out_len)
                               : codec->type->decode(ctx, codec, in, out, out_len);
}

bw_status bw_codec_decode_any(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t limit,
                              bw_bytes *out)
{
    uint64_t size = in.len;

    if (codec->type != NULL && codec->type->decode_any != NULL) {
        return codec->type->decode_any(ctx, codec, in, limit, out);
    }
    if (codec->type != NULL) {
        BW_TRY(codec->type->decoded_size(ctx, codec, in, &size));
    }
    if (size > limit) {
        return bw_fail_limit(ctx, bw_codec_name(codec), size, limit);
    }
    BW_TRY(bw_bytes_reserve(ctx, out, size == 0 ? 1 : (size_t)size));
    BW_TRY(bw_codec_decode(ctx, codec, in, out->ptr + out->len, (size_t)size));
    out->len += (size_t)size;
    return BW_OK;
}

bw_status bw_codec_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                          bw_bytes *out)
{
    assert(ctx != NULL && codec != NULL && out != NULL && itemsize > 0);
    assert(in.ptr != NULL || in.len == 0);

    if (codec->type == NULL) {
        return bw_bytes_append(ctx, out, in.ptr, in.len);
    }
    if (codec->type->encode == NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "codec \"%s\" can be read and not written",
                       codec->type->name);
    }
    return codec->type->encode(ctx, codec, in, itemsize, out);
}
