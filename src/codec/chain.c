/* SPDX-License-Identifier: MIT */
/**
 * Chains of codecs. Of the codecs whose output length follows from their input's (filters,
 * checksums) the sizes in between are known from the array's side, so that each decoder is told
 * what is due; behind a compressor they are not, and the next decoder's result is bounded instead.
 */
#include <string.h>

#include "codec/codec_internal.h"

/* What no encoder makes out of `decoded` bytes, however incompressible. A hostile stream that holds
 * more is refused before it has cost much. */
static uint64_t most_encoded(uint64_t decoded)
{
    return decoded + decoded / 2 + (64u << 10);
}

/* Bytes before codec `index` encodes; false where a compressor came before. */
static bool size_before(bw_codec_chain chain, uint32_t index, uint64_t decoded, uint64_t *size)
{
    return bw_chain_encoded_size((bw_codec_chain){chain.codecs, index}, decoded, size);
}

bool bw_chain_encoded_size(bw_codec_chain chain, uint64_t decoded, uint64_t *encoded)
{
    for (uint32_t i = 0; i < chain.count; i++) {
        const bw_codec *codec = &chain.codecs[i];

        if (codec->type == NULL) {
            continue;
        }
        if (codec->type->encoded_size == NULL) {
            return false;
        }
        decoded = codec->type->encoded_size(codec, decoded);
    }
    *encoded = decoded;
    return true;
}

/* Codecs from the last down to the second, each from one buffer into the other. */
static bw_status undo_outer(bw_ctx *ctx, bw_codec_chain chain, bw_view *in, uint64_t out_len,
                            bw_bytes buffers[2])
{
    for (uint32_t i = chain.count; i-- > 1;) {
        bw_bytes *out = &buffers[i % 2];
        uint64_t due;

        out->len = 0;
        if (size_before(chain, i, out_len, &due)) {
            if (due > SIZE_MAX) {
                return bw_fail_limit(ctx, bw_codec_name(&chain.codecs[i]), due, SIZE_MAX);
            }
            BW_TRY(bw_bytes_reserve(ctx, out, due == 0 ? 1 : (size_t)due));
            BW_TRY(bw_codec_decode(ctx, &chain.codecs[i], *in, out->ptr, (size_t)due));
            out->len = (size_t)due;
        } else {
            BW_TRY(bw_codec_decode_any(ctx, &chain.codecs[i], *in, most_encoded(out_len), out));
        }
        *in = (bw_view){out->ptr == NULL ? (const uint8_t *)"" : out->ptr, out->len};
    }
    return BW_OK;
}

bw_status bw_chain_decode(bw_ctx *ctx, bw_codec_chain chain, bw_view in, uint8_t *out,
                          size_t out_len)
{
    static const bw_codec none = {.type = NULL};
    bw_bytes buffers[2] = {{0}};
    bw_status st = undo_outer(ctx, chain, &in, out_len, buffers);

    if (st == BW_OK) {
        st = bw_codec_decode(ctx, chain.count == 0 ? &none : chain.codecs, in, out, out_len);
    }
    bw_bytes_free(ctx, &buffers[0]);
    bw_bytes_free(ctx, &buffers[1]);
    return st;
}

bw_status bw_chain_decode_any(bw_ctx *ctx, bw_codec_chain chain, bw_view in, uint64_t limit,
                              bw_bytes *out)
{
    bw_bytes buffers[2] = {{0}};
    bw_status st = BW_OK;

    if (chain.count == 0) {
        return bw_bytes_append(ctx, out, in.ptr, in.len);
    }
    for (uint32_t i = chain.count; i-- > 1;) {
        bw_bytes *next = &buffers[i % 2];

        next->len = 0;
        BW_GO(bw_codec_decode_any(ctx, &chain.codecs[i], in, most_encoded(limit), next));
        in = (bw_view){next->ptr == NULL ? (const uint8_t *)"" : next->ptr, next->len};
    }
    st = bw_codec_decode_any(ctx, &chain.codecs[0], in, limit, out);

done:
    bw_bytes_free(ctx, &buffers[0]);
    bw_bytes_free(ctx, &buffers[1]);
    return st;
}

bw_status bw_chain_encode(bw_ctx *ctx, bw_codec_chain chain, bw_view in, bw_dtype dtype,
                          bw_bytes *out)
{
    bw_bytes buffers[2] = {{0}};
    bw_status st = BW_OK;

    if (chain.count == 0) {
        return bw_bytes_append(ctx, out, in.ptr, in.len);
    }
    for (uint32_t i = 0; i < chain.count; i++) {
        bw_bytes *next = i + 1 == chain.count ? out : &buffers[i % 2];
        bw_codec codec = chain.codecs[i];
        uint32_t itemsize = dtype.itemsize;

        if (next != out) {
            next->len = 0;
        }
        BW_GO(bw_codec_settle(ctx, &codec, &dtype));
        BW_GO(bw_codec_encode(ctx, &codec, in, itemsize, next));
        in = (bw_view){next->ptr == NULL ? (const uint8_t *)"" : next->ptr, next->len};
    }

done:
    bw_bytes_free(ctx, &buffers[0]);
    bw_bytes_free(ctx, &buffers[1]);
    return st;
}
