/* SPDX-License-Identifier: MIT */
/**
 * What the codec targets have in common: an input is the length that is due (u16,
 * little-endian) and a stream. Input and output lie in memory of exactly their size.
 */
#ifndef BORES_FUZZ_CODEC_INPUT_H
#define BORES_FUZZ_CODEC_INPUT_H

#include <stdlib.h>
#include <string.h>

#include "bores/codec.h"

static inline bw_status fuzz_decode(const bw_codec_type *type, const uint8_t *data, size_t size)
{
    bw_codec codec = {.type = type};
    bw_status st;
    bw_ctx ctx;
    size_t out_len, in_len;
    uint8_t *in, *out;

    if (size < 2) {
        return BW_OK;
    }
    out_len = (size_t)data[0] | (size_t)data[1] << 8;
    in_len = size - 2;
    in = malloc(in_len > 0 ? in_len : 1);
    out = malloc(out_len > 0 ? out_len : 1);
    memcpy(in, data + 2, in_len);
    bw_ctx_init(&ctx);
    st = bw_codec_decode(&ctx, &codec, (bw_view){in, in_len}, out, out_len);
    free(out);
    free(in);
    return st;
}

#endif
