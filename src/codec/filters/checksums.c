/* SPDX-License-Identifier: MIT */
/**
 * Checksums beside the bytes they are of, 32 bits, little-endian: crc32, crc32c, adler32,
 * fletcher32, jenkins_lookup3. Source: numcodecs, modules checksum32 and fletcher32; Zarr v3, codec
 * "crc32c"; Bob Jenkins, lookup3.c (public domain, 2006), function hashlittle(), by bytes.
 */
#include <string.h>

#include "codec/codec_internal.h"

enum { SUM_BYTES = 4 };

/* Two sums of big-endian 16-bit words, folded before they can overflow (H5checksum's documentation
 * of the format, "Fletcher32 filter"; Fletcher 1982). */
uint32_t bw__fletcher32(const uint8_t *data, size_t len)
{
    uint32_t sum1 = 0, sum2 = 0;
    size_t words = len / 2;

    while (words > 0) {
        size_t run = words > 360 ? 360 : words;

        words -= run;
        for (; run > 0; run--, data += 2) {
            sum1 += (uint32_t)data[0] << 8 | data[1];
            sum2 += sum1;
        }
        sum1 = (sum1 & 0xffff) + (sum1 >> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    }
    if (len % 2 != 0) {
        sum1 += (uint32_t)data[0] << 8;
        sum2 += sum1;
        sum1 = (sum1 & 0xffff) + (sum1 >> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    }
    sum1 = (sum1 & 0xffff) + (sum1 >> 16);
    sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    return sum2 << 16 | sum1;
}

static uint32_t rotate(uint32_t x, unsigned by)
{
    return x << by | x >> (32 - by);
}

/* Twelve bytes, or as many as are left, into the three states. */
static void add_block(uint32_t state[3], const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        state[i / 4] += (uint32_t)data[i] << (8 * (i % 4));
    }
}

static void mix(uint32_t s[3])
{
    static const uint8_t by[] = {4, 6, 8, 16, 19, 4};

    for (unsigned i = 0; i < 6; i++) {
        uint32_t *a = &s[i % 3], *b = &s[(i + 1) % 3], *c = &s[(i + 2) % 3];

        *a -= *c;
        *a ^= rotate(*c, by[i]);
        *c += *b;
    }
}

static uint32_t mix_last(uint32_t s[3])
{
    static const uint8_t by[] = {14, 11, 25, 16, 4, 14, 24};

    for (unsigned i = 0; i < 7; i++) {
        uint32_t *a = &s[(i + 2) % 3], *b = &s[(i + 1) % 3];

        *a ^= *b;
        *a -= rotate(*b, by[i]);
    }
    return s[2];
}

static uint32_t lookup3(const uint8_t *data, size_t len, uint32_t seed)
{
    uint32_t start = 0xdeadbeefu + (uint32_t)len + seed;
    uint32_t state[3] = {start, start, start};

    for (; len > 12; len -= 12, data += 12) {
        add_block(state, data, 12);
        mix(state);
    }
    if (len == 0) {
        return state[2];
    }
    add_block(state, data, len);
    return mix_last(state);
}

static uint32_t sum_of(const bw_codec *codec, const uint8_t *data, size_t len)
{
    const bw_codec_type *type = codec->type;

    return type == &bw_codec_crc32     ? bw__crc32(0, data, len)
           : type == &bw_codec_crc32c  ? bw__crc32c(data, len)
           : type == &bw_codec_adler32 ? bw__adler32(data, len)
           : type == &bw_codec_jenkins_lookup3 ? lookup3(data, len, codec->seed)
                                               : bw__fletcher32(data, len);
}

static bw_status decoded_size(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size)
{
    if (in.len < SUM_BYTES) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: %zu bytes are stored, the checksum takes %d",
                       codec->type->name, in.len, SUM_BYTES);
    }
    *size = in.len - SUM_BYTES;
    return BW_OK;
}

static bw_status decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                        size_t out_len)
{
    const uint8_t *data = in.ptr + (codec->at_start ? SUM_BYTES : 0), *at;
    uint32_t stored = 0, found;
    uint64_t size = 0;

    BW_TRY(decoded_size(ctx, codec, in, &size));
    if (size != out_len) {
        return bw__fail_length(ctx, codec->type->name, size, out_len);
    }
    at = codec->at_start ? in.ptr : in.ptr + out_len;
    for (unsigned i = 0; i < SUM_BYTES; i++) {
        stored |= (uint32_t)at[i] << (8 * i);
    }
    found = sum_of(codec, data, out_len);
    if (stored != found) {
        return bw_fail(ctx, BW_ERR_CHECKSUM,
                       "%s: the stored checksum is %08lx, the bytes give %08lx", codec->type->name,
                       (unsigned long)stored, (unsigned long)found);
    }
    if (out_len > 0) {
        memcpy(out, data, out_len);
    }
    return BW_OK;
}

static bw_status encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                        bw_bytes *out)
{
    uint32_t sum = sum_of(codec, in.ptr, in.len);
    uint8_t *room, *at;

    (void)itemsize;
    BW_TRY(bw__reserve(ctx, out, in.len + SUM_BYTES, &room));
    at = codec->at_start ? room : room + in.len;
    for (unsigned i = 0; i < SUM_BYTES; i++) {
        at[i] = (uint8_t)(sum >> (8 * i));
    }
    if (in.len > 0) {
        memcpy(room + (codec->at_start ? SUM_BYTES : 0), in.ptr, in.len);
    }
    out->len += in.len + SUM_BYTES;
    return BW_OK;
}

static uint64_t encoded_size(const bw_codec *codec, uint64_t decoded)
{
    (void)codec;
    return decoded + SUM_BYTES;
}

/* `location`; each kind has its own default. */
static bw_status read_location(bw_ctx *ctx, bw_codec *out)
{
    const bw_node *node = bw_map_get_text(out->settings, "location");

    out->at_start = out->type != &bw_codec_crc32c;
    if (node == NULL || node->type == BW_NODE_NULL) {
        return BW_OK;
    }
    out->at_start = node->type == BW_NODE_STRING && bw_view_equal(node->text, BW_VIEW("start"));
    if (!out->at_start &&
        (node->type != BW_NODE_STRING || !bw_view_equal(node->text, BW_VIEW("end")))) {
        return bw__setting_refuse(ctx, out, "location", node, "\"start\" or \"end\"");
    }
    return BW_OK;
}

/* A prefix is bytes in Python, which JSON cannot hold: no stored configuration has one. */
static bw_status read_jenkins(bw_ctx *ctx, bw_codec *out)
{
    const bw_node *prefix = bw_map_get_text(out->settings, "prefix");
    int64_t seed;

    if (prefix != NULL && prefix->type != BW_NODE_NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "codec \"jenkins_lookup3\": a prefix");
    }
    BW_TRY(bw__setting_int(ctx, out, (bw__setting){"initval", 0, 0, UINT32_MAX}, &seed));
    out->seed = (uint32_t)seed;
    return BW_OK;
}

#define CHECKSUM_ROW(id, v3, reader)          \
    const bw_codec_type bw_codec_##id = {     \
        .name = #id,                          \
        .name_v3 = v3,                        \
        .read = reader,                       \
        .settle = bw__settle_bytes,           \
        .decode = decode,                     \
        .decoded_size = decoded_size,         \
        .encode = encode,                     \
        .encoded_size = encoded_size,         \
    }

CHECKSUM_ROW(crc32, NULL, read_location);
CHECKSUM_ROW(crc32c, "crc32c", read_location);
CHECKSUM_ROW(adler32, NULL, read_location);
CHECKSUM_ROW(fletcher32, NULL, NULL);
CHECKSUM_ROW(jenkins_lookup3, NULL, read_jenkins);
