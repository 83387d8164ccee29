/* SPDX-License-Identifier: MIT */
/**
 * Filters that regroup bytes and bits: shuffle, packbits, bitround, and the byte order of Zarr v3's
 * codec "bytes". Source: numcodecs, the classes of those names; Zarr v3, codec "bytes".
 */
#include <string.h>

#include "codec/codec_internal.h"

static uint64_t same_size(const bw_codec *codec, uint64_t decoded)
{
    (void)codec;
    return decoded;
}

static bw_status size_of_input(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size)
{
    (void)ctx;
    (void)codec;
    *size = in.len;
    return BW_OK;
}

static bw_status check_same(bw_ctx *ctx, const bw_codec *codec, size_t in_len, size_t out_len)
{
    return in_len == out_len ? BW_OK : bw__fail_length(ctx, codec->type->name, in_len, out_len);
}

/* shuffle ----------------------------------------------------------------------------------- */

static bw_status check_multiple(bw_ctx *ctx, const bw_codec *codec, size_t len)
{
    return codec->itemsize <= 1 || len % codec->itemsize == 0
               ? BW_OK
               : bw_fail(ctx, BW_ERR_CORRUPT, "%s: %zu bytes are no multiple of elements of %u",
                         codec->type->name, len, codec->itemsize);
}

static bw_status shuffle_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                                size_t out_len)
{
    BW_TRY(check_same(ctx, codec, in.len, out_len));
    BW_TRY(check_multiple(ctx, codec, in.len));
    if (codec->itemsize > 1 && out_len > 0) {
        bw__unshuffle(codec->itemsize, in.len, in.ptr, out);
    } else if (out_len > 0) {
        memcpy(out, in.ptr, in.len);
    }
    return BW_OK;
}

static bw_status shuffle_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                                bw_bytes *out)
{
    uint8_t *room;

    (void)itemsize;
    BW_TRY(check_multiple(ctx, codec, in.len));
    if (codec->itemsize <= 1) {
        return bw_bytes_append(ctx, out, in.ptr, in.len);
    }
    BW_TRY(bw__reserve(ctx, out, in.len, &room));
    if (in.len > 0) {
        bw__shuffle(codec->itemsize, in.len, in.ptr, room);
    }
    out->len += in.len;
    return BW_OK;
}

/* In version 3 the size of elements may be left to the array; numcodecs' own default is 4. */
static bw_status shuffle_read(bw_ctx *ctx, bw_codec *out)
{
    bool v2 = bw_map_get_text(out->settings, "id") != NULL;
    int64_t size;

    BW_TRY(bw__setting_int(ctx, out, (bw__setting){"elementsize", v2 ? 4 : -1, 0, INT32_MAX},
                           &size));
    out->itemsize = size < 0 ? 0 : size == 0 ? 1 : (uint32_t)size;
    return BW_OK;
}

static bw_status shuffle_settle(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype)
{
    if (codec->itemsize == 0) {
        codec->itemsize = dtype->itemsize;
    }
    return bw__settle_bytes(ctx, codec, dtype);
}

const bw_codec_type bw_codec_shuffle = {
    .name = "shuffle",
    .read = shuffle_read,
    .settle = shuffle_settle,
    .decode = shuffle_decode,
    .decoded_size = size_of_input,
    .encode = shuffle_encode,
    .encoded_size = same_size,
};

/* packbits ---------------------------------------------------------------------------------- */

/* The first byte says how many bits of the last are padding; then bits, the highest first. */
static bw_status packbits_size(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size)
{
    (void)codec;
    if (in.len == 0 || in.ptr[0] > 7 || (in.len == 1 && in.ptr[0] != 0)) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "packbits: %u bits of padding in %zu bytes",
                       in.len == 0 ? 0u : (unsigned)in.ptr[0], in.len);
    }
    *size = (uint64_t)(in.len - 1) * 8 - in.ptr[0];
    return BW_OK;
}

static bw_status packbits_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                                 size_t out_len)
{
    uint64_t size = 0;

    BW_TRY(packbits_size(ctx, codec, in, &size));
    if (size != out_len) {
        return bw__fail_length(ctx, "packbits", size, out_len);
    }
    for (size_t i = 0; i < out_len; i++) {
        out[i] = in.ptr[1 + i / 8] >> (7 - i % 8) & 1u;
    }
    return BW_OK;
}

static uint64_t packbits_encoded(const bw_codec *codec, uint64_t decoded)
{
    (void)codec;
    return 1 + decoded / 8 + (decoded % 8 != 0);
}

static bw_status packbits_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                                 bw_bytes *out)
{
    size_t size = (size_t)packbits_encoded(codec, in.len);
    uint8_t *room;

    (void)itemsize;
    BW_TRY(bw__reserve(ctx, out, size, &room));
    memset(room, 0, size);
    room[0] = (uint8_t)((8 - in.len % 8) % 8);
    for (size_t i = 0; i < in.len; i++) {
        room[1 + i / 8] |= (uint8_t)((in.ptr[i] != 0) << (7 - i % 8));
    }
    out->len += size;
    return BW_OK;
}

static bw_status packbits_settle(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype)
{
    if (dtype->itemsize != 1) {
        char text[32];

        bw_dtype_format(*dtype, text);
        return bw_fail(ctx, BW_ERR_METADATA, "codec \"packbits\": elements are %s, it packs |b1",
                       text);
    }
    return bw__settle_bytes(ctx, codec, dtype);
}

const bw_codec_type bw_codec_packbits = {
    .name = "packbits",
    .settle = packbits_settle,
    .decode = packbits_decode,
    .decoded_size = packbits_size,
    .encode = packbits_encode,
    .encoded_size = packbits_encoded,
};

/* bitround ---------------------------------------------------------------------------------- */

static bw_status copy_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                             size_t out_len)
{
    BW_TRY(check_same(ctx, codec, in.len, out_len));
    if (out_len > 0) {
        memcpy(out, in.ptr, out_len);
    }
    return BW_OK;
}

/* Rounds the fraction to `keepbits` bits, ties to even (Klöwer et al. 2021, "Compressing
 * atmospheric data into its real information content"). */
static uint64_t round_fraction(uint64_t bits, uint32_t dropped)
{
    uint64_t half = (UINT64_C(1) << (dropped - 1)) - 1;

    return (bits + (bits >> dropped & 1) + half) >> dropped << dropped;
}

static bw_status bitround_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                                 bw_bytes *out)
{
    int fraction = itemsize == 2 ? 10 : itemsize == 4 ? 23 : itemsize == 8 ? 52 : -1;
    bool big = codec->decoded.big_endian;
    uint8_t *room;

    if (codec->level > fraction || in.len % itemsize != 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT,
                       "codec \"bitround\": keepbits is %d, elements of %u bytes have %d",
                       codec->level, itemsize, fraction);
    }
    if (codec->level == fraction) {
        return bw_bytes_append(ctx, out, in.ptr, in.len);
    }
    BW_TRY(bw__reserve(ctx, out, in.len, &room));
    for (size_t at = 0; at < in.len; at += itemsize) {
        uint64_t bits = 0;

        for (uint32_t i = 0; i < itemsize; i++) {
            bits |= (uint64_t)in.ptr[at + (big ? itemsize - 1 - i : i)] << (8 * i);
        }
        bits = round_fraction(bits, (uint32_t)(fraction - codec->level));
        for (uint32_t i = 0; i < itemsize; i++) {
            room[at + (big ? itemsize - 1 - i : i)] = (uint8_t)(bits >> (8 * i));
        }
    }
    out->len += in.len;
    return BW_OK;
}

static bw_status bitround_read(bw_ctx *ctx, bw_codec *out)
{
    if (bw_map_get_text(out->settings, "keepbits") == NULL) {
        return bw__setting_refuse(ctx, out, "keepbits", NULL, "an integer");
    }
    return bw__setting_level(ctx, out, (bw__setting){"keepbits", 0, 0, 52});
}

static bw_status bitround_settle(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype)
{
    (void)ctx;
    codec->decoded = *dtype;
    return BW_OK;
}

const bw_codec_type bw_codec_bitround = {
    .name = "bitround",
    .read = bitround_read,
    .settle = bitround_settle,
    .decode = copy_decode,
    .decoded_size = size_of_input,
    .encode = bitround_encode,
    .encoded_size = same_size,
};

/* Byte order -------------------------------------------------------------------------------- */

static bw_status order_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                              size_t out_len)
{
    BW_TRY(copy_decode(ctx, codec, in, out, out_len));
    BW_TRY(check_multiple(ctx, codec, out_len));
    if (codec->itemsize > 1) {
        bw_swap_bytes(out, out_len / codec->itemsize, codec->itemsize);
    }
    return BW_OK;
}

static bw_status order_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                              bw_bytes *out)
{
    uint8_t *room;

    (void)itemsize;
    BW_TRY(bw__reserve(ctx, out, in.len, &room));
    BW_TRY(order_decode(ctx, codec, in, room, in.len));
    out->len += in.len;
    return BW_OK;
}

/* Not in the table: it has no name of its own. */
const bw_codec_type bw_codec_byte_order = {
    .name = "bytes",
    .decode = order_decode,
    .decoded_size = size_of_input,
    .encode = order_encode,
    .encoded_size = same_size,
};
