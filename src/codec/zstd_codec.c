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

static bw_status decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                        size_t out_len)
{
    bw__zstd_decoder *decoder;
    bw_status st;

    (void)codec;
    BW_TRY(bw__zstd_decoder_new(ctx, &decoder));
    st = bw__zstd_block_decode(ctx, decoder, in, out, out_len);
    bw__zstd_decoder_free(decoder);
    return st;
}

/* Frames one after the other, through a window that their own data bounds. */
static bw_status decode_any(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t limit,
                            bw_bytes *out)
{
    ZSTD_inBuffer source = {in.ptr, in.len, 0};
    bw__zstd_decoder *decoder;
    size_t left = 1; /* 0 at a frame's end */
    bw_status st = BW_OK;

    (void)codec;
    BW_TRY(bw__zstd_decoder_new(ctx, &decoder));
    while (left != 0 || source.pos < source.size) {
        size_t before = source.pos, had = out->len;
        ZSTD_outBuffer room;

        if (out->len == out->cap) {
            BW_GO(bw__grow(ctx, "zstd", limit, out));
        }
        room = (ZSTD_outBuffer){out->ptr, out->cap < limit ? out->cap : (size_t)limit, out->len};
        left = ZSTD_decompressStream(decoder, &room, &source);
        if (ZSTD_isError(left)) {
            st = fail_zstd(ctx, left, (size_t)limit);
            goto done;
        }
        out->len = room.pos;
        if (left != 0 && out->len == had && source.pos == before) {
            if (room.pos < room.size) {
                st = bw_fail(ctx, BW_ERR_CORRUPT, "zstd: the stream of %zu bytes ends early",
                             in.len);
                goto done;
            }
            BW_GO(bw__grow(ctx, "zstd", limit, out));
        }
    }

done:
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

static bw_status encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                        bw_bytes *out)
{
    bw_status st = BW_OK;
    bw__zstd_encoder *encoder = NULL;
    size_t cap = ZSTD_compressBound(in.len);
    size_t written;
    uint8_t *room;

    (void)itemsize;
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

static bw_status read_settings(bw_ctx *ctx, bw_codec *out)
{
    BW_TRY(bw__setting_level(ctx, out, (bw__setting){"level", 0, INT32_MIN, INT32_MAX}));
    return bw__setting_bool(ctx, out, "checksum", false, &out->checksum);
}

static bw_status write_settings(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node *map)
{
    BW_TRY(bw__set_level(ctx, arena, codec, map));
    return codec->checksum ? bw__set_bool(ctx, arena, map, "checksum", true) : BW_OK;
}

const bw_codec_type bw_codec_zstd = {
    .name = "zstd",
    .name_v3 = "zstd",
    .read = read_settings,
    .write = write_settings,
    .settle = bw__settle_bytes,
    .decode = decode,
    .decode_any = decode_any,
    .encode = encode,
};
