/* SPDX-License-Identifier: MIT */
/** Base64 by table, four characters at a time. Source: RFC 4648, section 4. */
#include "base/base64.h"

#include <string.h>

/* Values of characters; BAD marks what is not in the alphabet. */
#define BAD 0xFFu
static const uint8_t values[256] = {
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, 62, BAD, BAD, BAD, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, BAD, BAD, BAD, BAD, BAD,
    BAD, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
};

static uint32_t value_of(uint8_t character)
{
    return values[character];
}

static size_t padding(bw_view text)
{
    size_t count = 0;
    while (count < 2 && count < text.len && text.ptr[text.len - 1 - count] == '=') {
        count++;
    }
    return count;
}

size_t bw__base64_size(bw_view text)
{
    size_t groups = text.len / 4;
    return groups == 0 ? 0 : groups * 3 - padding(text);
}

static bw_status bad_character(bw_ctx *ctx, bw_view text, size_t at)
{
    while (at < text.len && value_of(text.ptr[at]) != BAD) {
        at++;
    }
    return bw_fail(ctx, BW_ERR_CORRUPT, "base64: character %zu of %zu is not in the alphabet",
                   at + 1, text.len);
}

/* The last group, which may be padded: `chars` (2 or 3) characters hold `chars - 1` bytes. */
static bw_status decode_tail(bw_ctx *ctx, bw_view text, size_t at, size_t chars, uint8_t *out)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < chars; i++) {
        uint32_t value = value_of(text.ptr[at + i]);
        if (value == BAD) {
            return bad_character(ctx, text, at);
        }
        bits |= value << (18 - 6 * i);
    }
    out[0] = (uint8_t)(bits >> 16);
    if (chars == 3) {
        out[1] = (uint8_t)(bits >> 8);
    }
    if ((bits & (chars == 3 ? 0xFFu : 0xFFFFu)) != 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "base64: the bits that pad the last byte are not zero");
    }
    return BW_OK;
}

/*
 * Groups of four by four, as long as all are in the alphabet and another one comes: each group is
 * written as four bytes, of which the next one takes the last. Returns the characters decoded.
 */
static size_t decode_blocks(bw_view text, size_t whole, uint8_t *out)
{
    size_t at = 0;

    for (; whole - at > 16; at += 16, out += 12) {
        const uint8_t *in = text.ptr + at;
        uint32_t all = 0;

        for (size_t i = 0; i < 4; i++) {
            uint32_t a = values[in[4 * i]], b = values[in[4 * i + 1]];
            uint32_t c = values[in[4 * i + 2]], d = values[in[4 * i + 3]];
            uint32_t bits = __builtin_bswap32(a << 26 | b << 20 | c << 14 | d << 8);
            all |= a | b | c | d;
            memcpy(out + 3 * i, &bits, 4);
        }
        if (all >= 64) {
            break; /* said by the loop over single groups */
        }
    }
    return at;
}

bw_status bw__base64_decode(bw_ctx *ctx, bw_view text, uint8_t *out)
{
    size_t pad = padding(text);
    size_t whole = text.len - (pad > 0 ? 4 : 0);

    if (text.len % 4 != 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "base64: %zu characters are not a multiple of 4",
                       text.len);
    }
    size_t at = decode_blocks(text, whole, out);

    out += at / 4 * 3;
    for (; at < whole; at += 4, out += 3) {
        uint32_t a = value_of(text.ptr[at]), b = value_of(text.ptr[at + 1]);
        uint32_t c = value_of(text.ptr[at + 2]), d = value_of(text.ptr[at + 3]);
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        if ((a | b | c | d) >= 64) {
            return bad_character(ctx, text, at);
        }
        out[0] = (uint8_t)(bits >> 16);
        out[1] = (uint8_t)(bits >> 8);
        out[2] = (uint8_t)bits;
    }
    return pad > 0 ? decode_tail(ctx, text, whole, 4 - pad, out) : BW_OK;
}

void bw__base64_encode(bw_view in, char *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t at = 0, left;

    for (; in.len - at >= 3; at += 3, out += 4) {
        uint32_t bits = (uint32_t)in.ptr[at] << 16 | (uint32_t)in.ptr[at + 1] << 8 | in.ptr[at + 2];
        out[0] = alphabet[bits >> 18];
        out[1] = alphabet[bits >> 12 & 63];
        out[2] = alphabet[bits >> 6 & 63];
        out[3] = alphabet[bits & 63];
    }
    left = in.len - at;
    if (left > 0) {
        uint32_t bits = (uint32_t)in.ptr[at] << 16 | (left > 1 ? (uint32_t)in.ptr[at + 1] << 8 : 0);
        out[0] = alphabet[bits >> 18];
        out[1] = alphabet[bits >> 12 & 63];
        out[2] = left > 1 ? alphabet[bits >> 6 & 63] : '=';
        out[3] = '=';
    }
}
