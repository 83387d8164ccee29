/* SPDX-License-Identifier: MIT */
/**
 * Filters that compute with elements: delta, fixedscaleoffset, quantize, astype.
 *
 * Source: numcodecs, the classes of those names. `decoded` is their `dtype` (or decode_dtype),
 * `encoded` their `astype` (or encode_dtype). Computations are done in the precision in which NumPy
 * does them: binary32 and binary16 elements in their own, integers divided in binary64.
 */
#include <math.h>

#include "codec/codec_internal.h"
#include "codec/filters/numbers.h"

static uint64_t encoded_size(const bw_codec *codec, uint64_t decoded)
{
    return decoded / codec->decoded.itemsize * codec->encoded.itemsize;
}

static bw_status decoded_size(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size)
{
    (void)ctx;
    *size = (uint64_t)in.len / codec->encoded.itemsize * codec->decoded.itemsize;
    return BW_OK;
}

/* How many elements there are on both sides. */
static bw_status count_elements(bw_ctx *ctx, const bw_codec *codec, size_t encoded, size_t decoded,
                                size_t *count)
{
    *count = encoded / codec->encoded.itemsize;
    if (encoded % codec->encoded.itemsize != 0 || decoded % codec->decoded.itemsize != 0 ||
        decoded / codec->decoded.itemsize != *count) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "%s: %zu bytes of elements of %u are stored, %zu bytes of elements of %u are "
                       "due", codec->type->name, encoded, codec->encoded.itemsize, decoded,
                       codec->decoded.itemsize);
    }
    return BW_OK;
}

static bw_status check_numbers(bw_ctx *ctx, const bw_codec *codec, bw_dtype dtype)
{
    char text[32];

    if (dtype.itemsize == 0 || bw__number_dtype(dtype)) {
        return BW_OK;
    }
    bw_dtype_format(dtype, text);
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "codec \"%s\": elements of dtype %s",
                   codec->type->name, text);
}

static bw_status read_dtypes(bw_ctx *ctx, bw_codec *out, const char *decoded, const char *encoded)
{
    BW_TRY(bw__setting_dtype(ctx, out, decoded, &out->decoded));
    out->encoded = out->decoded;
    BW_TRY(bw__setting_dtype(ctx, out, encoded, &out->encoded));
    BW_TRY(check_numbers(ctx, out, out->decoded));
    return check_numbers(ctx, out, out->encoded);
}

static bw_status settle(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype)
{
    if (codec->decoded.itemsize == 0) {
        codec->decoded = *dtype;
        BW_TRY(check_numbers(ctx, codec, *dtype));
    }
    if (codec->encoded.itemsize == 0) {
        codec->encoded = codec->decoded;
    }
    if (codec->decoded.itemsize == 0) {
        return bw_fail(ctx, BW_ERR_METADATA, "codec \"%s\": no dtype", codec->type->name);
    }
    *dtype = codec->encoded;
    return BW_OK;
}

/* delta ------------------------------------------------------------------------------------- */

static bw__number combine(bw_dtype dtype, bw__number a, bw__number b, bool subtract)
{
    if (dtype.kind == 'b') { /* NumPy: logical or, and different */
        a.u = subtract ? a.u != b.u : a.u | b.u;
        return a;
    }
    if (dtype.kind == 'f') {
        a.f = subtract ? a.f - b.f : a.f + b.f;
    } else {
        a.u = subtract ? a.u - b.u : a.u + b.u;
    }
    return bw__number_cast(dtype, a);
}

static bw_status delta_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                              size_t out_len)
{
    bw_dtype to = codec->decoded, from = codec->encoded;
    bw__number sum = {.kind = 'i', .i = 0};
    size_t count;

    BW_TRY(count_elements(ctx, codec, in.len, out_len, &count));
    for (size_t i = 0; i < count; i++) {
        bw__number step = bw__number_cast(to, bw__number_load(from, in.ptr + i * from.itemsize));

        sum = i == 0 ? step : combine(to, sum, step, false);
        bw__number_store(to, sum, out + i * to.itemsize);
    }
    return BW_OK;
}

static bw_status delta_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                              bw_bytes *out)
{
    bw_dtype from = codec->decoded, to = codec->encoded;
    size_t count = in.len / from.itemsize;
    bw__number last = {.kind = 'i', .i = 0};
    uint8_t *room;

    (void)itemsize;
    BW_TRY(count_elements(ctx, codec, count * to.itemsize, in.len, &count));
    BW_TRY(bw__reserve(ctx, out, count * to.itemsize, &room));
    for (size_t i = 0; i < count; i++) {
        bw__number here = bw__number_load(from, in.ptr + i * from.itemsize);

        bw__number_store(to, i == 0 ? here : combine(from, here, last, true),
                         room + i * to.itemsize);
        last = here;
    }
    out->len += count * to.itemsize;
    return BW_OK;
}

static bw_status delta_read(bw_ctx *ctx, bw_codec *out)
{
    return read_dtypes(ctx, out, "dtype", "astype");
}

const bw_codec_type bw_codec_delta = {
    .name = "delta",
    .read = delta_read,
    .settle = settle,
    .decode = delta_decode,
    .decoded_size = decoded_size,
    .encode = delta_encode,
    .encoded_size = encoded_size,
};

/* Element by element ------------------------------------------------------------------------ */

typedef bw__number (*element_rule)(const bw_codec *codec, bw__number number);

static bw_status map_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                            size_t out_len, element_rule rule)
{
    bw_dtype to = codec->decoded, from = codec->encoded;
    size_t count;

    BW_TRY(count_elements(ctx, codec, in.len, out_len, &count));
    for (size_t i = 0; i < count; i++) {
        bw__number_store(to, rule(codec, bw__number_load(from, in.ptr + i * from.itemsize)),
                         out + i * to.itemsize);
    }
    return BW_OK;
}

static bw_status map_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, bw_bytes *out,
                            element_rule rule)
{
    bw_dtype to = codec->encoded, from = codec->decoded;
    size_t count = in.len / from.itemsize;
    uint8_t *room;

    BW_TRY(count_elements(ctx, codec, count * to.itemsize, in.len, &count));
    BW_TRY(bw__reserve(ctx, out, count * to.itemsize, &room));
    for (size_t i = 0; i < count; i++) {
        bw__number_store(to, rule(codec, bw__number_load(from, in.ptr + i * from.itemsize)),
                         room + i * to.itemsize);
    }
    out->len += count * to.itemsize;
    return BW_OK;
}

static bw__number same(const bw_codec *codec, bw__number number)
{
    (void)codec;
    return number;
}

static bw_status cast_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                             size_t out_len)
{
    return map_decode(ctx, codec, in, out, out_len, same);
}

static bw_status cast_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                             bw_bytes *out)
{
    (void)itemsize;
    return map_encode(ctx, codec, in, out, same);
}

static bw_status astype_read(bw_ctx *ctx, bw_codec *out)
{
    return read_dtypes(ctx, out, "decode_dtype", "encode_dtype");
}

const bw_codec_type bw_codec_astype = {
    .name = "astype",
    .read = astype_read,
    .settle = settle,
    .decode = cast_decode,
    .decoded_size = decoded_size,
    .encode = cast_encode,
    .encoded_size = encoded_size,
};

/* fixedscaleoffset -------------------------------------------------------------------------- */

/* A step of a computation in the precision of `dtype`: binary64 for integers. */
static double round_to(bw_dtype dtype, double value)
{
    return dtype.kind != 'f' || dtype.itemsize == 8
               ? value
               : bw__number_cast(dtype, (bw__number){.kind = 'f', .f = value}).f;
}

static bw__number scale_decode(const bw_codec *codec, bw__number number)
{
    bw_dtype in = codec->encoded;
    double value = bw__number_double(number);

    value = round_to(in, value / round_to(in, codec->scale));
    value = round_to(in, value + round_to(in, codec->offset));
    return (bw__number){.kind = 'f', .f = value};
}

static bw__number scale_encode(const bw_codec *codec, bw__number number)
{
    bw_dtype in = codec->decoded;
    double value = bw__number_double(number);

    value = round_to(in, value - round_to(in, codec->offset));
    value = round_to(in, value * round_to(in, codec->scale));
    return (bw__number){.kind = 'f', .f = nearbyint(value)};
}

static bw_status fso_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                            size_t out_len)
{
    return map_decode(ctx, codec, in, out, out_len, scale_decode);
}

static bw_status fso_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                            bw_bytes *out)
{
    (void)itemsize;
    return map_encode(ctx, codec, in, out, scale_encode);
}

static bw_status fso_read(bw_ctx *ctx, bw_codec *out)
{
    BW_TRY(bw__setting_number(ctx, out, "scale", &out->scale));
    BW_TRY(bw__setting_number(ctx, out, "offset", &out->offset));
    return read_dtypes(ctx, out, "dtype", "astype");
}

const bw_codec_type bw_codec_fixedscaleoffset = {
    .name = "fixedscaleoffset",
    .read = fso_read,
    .settle = settle,
    .decode = fso_decode,
    .decoded_size = decoded_size,
    .encode = fso_encode,
    .encoded_size = encoded_size,
};

/* quantize ---------------------------------------------------------------------------------- */

static bw__number quantize(const bw_codec *codec, bw__number number)
{
    bw_dtype in = codec->decoded;
    double scale = round_to(in, codec->scale);

    number.f = round_to(in, nearbyint(round_to(in, scale * number.f)) / scale);
    return number;
}

static bw_status quantize_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                                 bw_bytes *out)
{
    (void)itemsize;
    if (codec->decoded.kind != 'f') {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "codec \"quantize\": elements are no floats");
    }
    return map_encode(ctx, codec, in, out, quantize);
}

/* The power of two that keeps so many decimal digits, by numcodecs' own steps. */
static bw_status quantize_read(bw_ctx *ctx, bw_codec *out)
{
    double exponent;
    int64_t digits;

    BW_TRY(bw__setting_int(ctx, out, (bw__setting){"digits", 0, -300, 300}, &digits));
    if (bw_map_get_text(out->settings, "digits") == NULL) {
        return bw__setting_refuse(ctx, out, "digits", NULL, "an integer");
    }
    exponent = log10(pow(10.0, -(double)digits));
    exponent = exponent < 0 ? floor(exponent) : ceil(exponent);
    out->scale = exp2(ceil(log2(pow(10.0, -exponent))));
    out->level = (int)digits;
    return read_dtypes(ctx, out, "dtype", "astype");
}

const bw_codec_type bw_codec_quantize = {
    .name = "quantize",
    .read = quantize_read,
    .settle = settle,
    .decode = cast_decode,
    .decoded_size = decoded_size,
    .encode = quantize_encode,
    .encoded_size = encoded_size,
};
