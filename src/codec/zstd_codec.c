/* SPDX-License-Identifier: MIT */
/**
 * zstd frames (RFC 8878), one or more, skippable ones among them.
 *
 * Decoding is one call into the final place: no window is kept, so a frame's claims about its
 * size and window cost nothing, and the destination's size is the limit.
 */
#include <assert.h>

#define ZSTD_STATIC_LINKING_ONLY /* custom allocators */
#include <zstd.h>
#include <zstd_errors.h>

#include "codec/codec_internal.h"

static void *zstd_alloc(void *opaque, size_t nbytes)
{
    return bw_alloc(opaque, nbytes);
}

static void zstd_free(void *opaque, void *ptr)
{
    bw_release(opaque, ptr);
}

static bw_status fail_zstd(bw_ctx *ctx, size_t code, size_t due)
{
    const char *name = ZSTD_getErrorName(code);

    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
        return BW_ERR_NOMEM; /* recorded by bw_alloc() */
    case ZSTD_error_dstSize_tooSmall:
        return bw__fail_too_long(ctx, "zstd", due);
    case ZSTD_error_checksum_wrong:
        return bw_fail(ctx, BW_ERR_CHECKSUM, "zstd: the content checksum does not match");
    case ZSTD_error_dictionary_wrong:
    case ZSTD_error_version_unsupported:
    case ZSTD_error_frameParameter_unsupported:
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "zstd: %s", name);
    default:
        return bw_fail(ctx, BW_ERR_CORRUPT, "zstd: damaged stream (%s)", name);
    }
}

bw_status bw__zstd_decoder_new(bw_ctx *ctx, bw__zstd_decoder **out)
{
    *out = ZSTD_createDCtx_advanced((ZSTD_customMem){zstd_alloc, zstd_free, ctx});
    return *out != NULL ? BW_OK : BW_ERR_NOMEM;
}

void bw__zstd_decoder_free(bw__zstd_decoder *decoder)
{
    ZSTD_freeDCtx(decoder);
}

bw_status bw__zstd_block_decode(bw_ctx *ctx, bw__zstd_decoder *decoder, bw_view in, uint8_t *out,
                                size_t out_len)
{
    size_t got;

    if (in.len == 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "zstd: 0 bytes are stored, %zu are due", out_len);
    }
    got = ZSTD_decompressDCtx(decoder, out, out_len, in.ptr, in.len);
    if (ZSTD_isError(got)) {
        return fail_zstd(ctx, got, out_len);
    }
    return got == out_len ? BW_OK : bw__fail_length(ctx, "zstd", got, out_len);
}

bw_status bw__zstd_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len)
{
    bw__zstd_decoder *decoder;
    bw_status st;

    BW_TRY(bw__zstd_decoder_new(ctx, &decoder));
    st = bw__zstd_block_decode(ctx, decoder, in, out, out_len);
    bw__zstd_decoder_free(decoder);
    return st;
}

bw_status bw__zstd_encoder_new(bw_ctx *ctx, int level, bool checksum, bw__zstd_encoder **out)
{
    ZSTD_CCtx *encoder = ZSTD_createCCtx_advanced((ZSTD_customMem){zstd_alloc, zstd_free, ctx});
    ZSTD_bounds levels = ZSTD_cParam_getBounds(ZSTD_c_compressionLevel);

    if (encoder == NULL) {
        return BW_ERR_NOMEM;
    }
    /* As numcodecs: a level out of range is the nearest that there is. */
    level = level < levels.lowerBound ? levels.lowerBound : level;
    level = level > levels.upperBound ? levels.upperBound : level;
    ZSTD_CCtx_setParameter(encoder, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(encoder, ZSTD_c_checksumFlag, checksum);
    *out = encoder;
    return BW_OK;
}

void bw__zstd_encoder_free(bw__zstd_encoder *encoder)
{
    ZSTD_freeCCtx(encoder);
}

bw_status bw__zstd_block_encode(bw_ctx *ctx, bw__zstd_encoder *encoder, bw_view in, uint8_t *out,
                                size_t cap, size_t *written)
{
    size_t got = ZSTD_compress2(encoder, out, cap, in.ptr, in.len);

    *written = 0;
    if (!ZSTD_isError(got)) {
        *written = got;
        return BW_OK;
    }
    if (ZSTD_getErrorCode(got) == ZSTD_error_dstSize_tooSmall) {
        return BW_OK;
    }
    return fail_zstd(ctx, got, cap);
}

bw_status bw__zstd_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, bw_bytes *out)
{
    bw_status st = BW_OK;
    bw__zstd_encoder *encoder = NULL;
    size_t cap = ZSTD_compressBound(in.len);
    size_t written;
    uint8_t *room;

    if (ZSTD_isError(cap)) {
        return bw_fail_limit(ctx, "zstd input", in.len, ZSTD_MAX_INPUT_SIZE);
    }
    BW_GO(bw__reserve(ctx, out, cap, &room));
    BW_GO(bw__zstd_encoder_new(ctx, codec->level, codec->checksum, &encoder));
    BW_GO(bw__zstd_block_encode(ctx, encoder, in, room, cap, &written));
    assert(written > 0); /* a frame is never empty and the bound holds */
    out->len += written;

done:
    bw__zstd_encoder_free(encoder);
    return st;
}
