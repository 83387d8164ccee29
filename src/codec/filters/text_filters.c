/* SPDX-License-Identifier: MIT */
/**
 * base64 over the whole chunk, and categorize for elements of fixed-length text (U): their numbers
 * in a list of labels, from 1; 0 is "". Source: numcodecs, classes Base64 and Categorize.
 */
#include <string.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "codec/codec_internal.h"
#include "codec/filters/numbers.h"

static bw_status base64_size(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size)
{
    (void)ctx;
    (void)codec;
    *size = bw__base64_size(in);
    return BW_OK;
}

static bw_status base64_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                               size_t out_len)
{
    size_t size = bw__base64_size(in);

    (void)codec;
    return size == out_len ? bw__base64_decode(ctx, in, out)
                           : bw__fail_length(ctx, "base64", size, out_len);
}

static bw_status base64_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                               bw_bytes *out)
{
    uint8_t *room;

    (void)codec;
    (void)itemsize;
    BW_TRY(bw__reserve(ctx, out, bw__base64_length(in.len), &room));
    bw__base64_encode(in, (char *)room);
    out->len += bw__base64_length(in.len);
    return BW_OK;
}

static uint64_t base64_encoded(const bw_codec *codec, uint64_t decoded)
{
    (void)codec;
    return (decoded / 3 + (decoded % 3 != 0)) * 4;
}

const bw_codec_type bw_codec_base64 = {
    .name = "base64",
    .settle = bw__settle_bytes,
    .decode = base64_decode,
    .decoded_size = base64_size,
    .encode = base64_encode,
    .encoded_size = base64_encoded,
};

/* categorize -------------------------------------------------------------------------------- */

static bw_status read_labels(bw_ctx *ctx, bw_codec *out)
{
    const bw_node *labels = bw_map_get_text(out->settings, "labels");

    if (labels == NULL || labels->type != BW_NODE_LIST) {
        return bw__setting_refuse(ctx, out, "labels", labels, "a list of strings");
    }
    for (uint32_t i = 0; i < labels->children.len; i++) {
        if (labels->children.items[i]->type != BW_NODE_STRING) {
            return bw__setting_refuse(ctx, out, "labels", NULL, "a list of strings");
        }
    }
    return BW_OK;
}

static bw_status categorize_read(bw_ctx *ctx, bw_codec *out)
{
    const bw_node *dtype = bw_map_get_text(out->settings, "dtype");

    BW_TRY(read_labels(ctx, out));
    out->encoded = (bw_dtype){.kind = 'u', .itemsize = 1};
    BW_TRY(bw__setting_dtype(ctx, out, "astype", &out->encoded));
    if (!bw__number_dtype(out->encoded) || out->encoded.kind == 'f') {
        return bw__setting_refuse(ctx, out, "astype", bw_map_get_text(out->settings, "astype"),
                                  "an integer type");
    }
    if (dtype != NULL && dtype->type == BW_NODE_STRING &&
        (bw_view_equal(dtype->text, BW_VIEW("|O")) || bw_view_equal(dtype->text, BW_VIEW("O")))) {
        return BW_OK; /* of objects: they are made from the numbers elsewhere */
    }
    BW_TRY(bw__setting_dtype(ctx, out, "dtype", &out->decoded));
    return out->decoded.kind == 'U' ? BW_OK
                                    : bw__setting_refuse(ctx, out, "dtype", dtype, "|O or a U type");
}

/* A label as an element: UTF-32, padded with U+0000, cut where it is too long. */
static void put_label(const bw_codec *codec, uint64_t number, uint8_t *at)
{
    const bw_node *labels = bw_map_get_text(codec->settings, "labels");
    bw_dtype dtype = codec->decoded;
    size_t used = 0;
    bw_view text;

    memset(at, 0, dtype.itemsize);
    if (number == 0 || number > labels->children.len) {
        return;
    }
    text = labels->children.items[number - 1]->text;
    while (text.len > 0 && used < dtype.itemsize) {
        size_t step = bw__utf8_step(text.ptr, text.len);
        uint32_t point;

        if (step == 0) {
            return;
        }
        point = bw__utf8_point(text.ptr, step);
        for (unsigned i = 0; i < 4; i++) {
            at[used + (dtype.big_endian ? 3 - i : i)] = (uint8_t)(point >> (8 * i));
        }
        used += 4;
        text = (bw_view){text.ptr + step, text.len - step};
    }
}

static bw_status categorize_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                                   size_t out_len)
{
    uint32_t from = codec->encoded.itemsize, to = codec->decoded.itemsize;

    if (to == 0 || in.len % from != 0 || in.len / from != out_len / to || out_len % to != 0) {
        return bw__fail_length(ctx, "categorize", in.len / from * (uint64_t)to, out_len);
    }
    for (size_t i = 0; i < in.len / from; i++) {
        put_label(codec, bw__number_load(codec->encoded, in.ptr + i * from).u, out + i * to);
    }
    return BW_OK;
}

static bw_status categorize_size(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size)
{
    (void)ctx;
    *size = in.len / codec->encoded.itemsize * (uint64_t)codec->decoded.itemsize;
    return BW_OK;
}

static uint64_t categorize_encoded(const bw_codec *codec, uint64_t decoded)
{
    uint32_t itemsize = codec->decoded.itemsize;

    return itemsize == 0 ? 0 : decoded / itemsize * codec->encoded.itemsize;
}

static bw_status categorize_settle(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype)
{
    (void)ctx;
    *dtype = codec->encoded;
    return BW_OK;
}

const bw_codec_type bw_codec_categorize = {
    .name = "categorize",
    .read = categorize_read,
    .settle = categorize_settle,
    .decode = categorize_decode,
    .decoded_size = categorize_size,
    .encoded_size = categorize_encoded,
};
