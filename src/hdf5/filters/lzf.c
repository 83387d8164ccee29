/* SPDX-License-Identifier: MIT */
/*
 * LZF, the compression of h5py's filter 32000. The format (LibLZF's, described in h5py's manual and
 * in many readers): a control byte c, then
 *   c < 32     c + 1 literal bytes
 *   c >= 32    a match of (c >> 5) + 2 bytes; if c >> 5 is 7, another byte adds to the length;
 *              distance - 1 is (c & 31) << 8 | next byte
 */
#include <string.h>

#include "filter_codecs.h"

#define MAX_LITERALS 32u
#define MAX_DISTANCE 8192u
#define MAX_MATCH 264u
#define HASH_BITS 13

static bw_status damaged(bw_ctx *ctx, size_t at, size_t len)
{
    return bw_fail(ctx, BW_ERR_CORRUPT, "lzf: damaged at byte %zu of %zu", at, len);
}

bw_status bw__lzf_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t cap, size_t *len,
                         bool *full)
{
    size_t at = 0, end = 0;

    *full = false;
    while (at < in.len) {
        size_t run = in.ptr[at++], distance;

        if (run < 32) {
            run++;
            if (run > in.len - at) {
                return damaged(ctx, at, in.len);
            }
            if (run > cap - end) {
                *full = true;
                break;
            }
            memcpy(out + end, in.ptr + at, run);
            at += run;
            end += run;
            continue;
        }
        distance = (run & 31u) << 8;
        run >>= 5;
        if (run == 7 && at < in.len) {
            run += in.ptr[at++];
        }
        if (at >= in.len) {
            return damaged(ctx, at, in.len);
        }
        distance += in.ptr[at++] + 1u;
        run += 2;
        if (distance > end) {
            return damaged(ctx, at, in.len);
        }
        if (run > cap - end) {
            *full = true;
            break;
        }
        for (size_t i = 0; i < run; i++, end++) { /* may overlap itself */
            out[end] = out[end - distance];
        }
    }
    *len = end;
    return BW_OK;
}

static uint32_t hash(const uint8_t *p)
{
    uint32_t v = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;

    return (v * 2654435761u) >> (32 - HASH_BITS);
}

static bw_status put_literals(bw_ctx *ctx, bw_bytes *out, const uint8_t *from, size_t count)
{
    while (count > 0) {
        size_t run = count < MAX_LITERALS ? count : MAX_LITERALS;
        uint8_t control = (uint8_t)(run - 1);

        BW_TRY(bw_bytes_append(ctx, out, &control, 1));
        BW_TRY(bw_bytes_append(ctx, out, from, run));
        from += run;
        count -= run;
    }
    return BW_OK;
}

static bw_status put_match(bw_ctx *ctx, bw_bytes *out, size_t distance, size_t length)
{
    uint8_t code[3];
    size_t used = 0;

    distance--;
    length -= 2;
    if (length < 7) {
        code[used++] = (uint8_t)(length << 5 | distance >> 8);
    } else {
        code[used++] = (uint8_t)(7u << 5 | distance >> 8);
        code[used++] = (uint8_t)(length - 7);
    }
    code[used++] = (uint8_t)distance;
    return bw_bytes_append(ctx, out, code, used);
}

bw_status bw__lzf_encode(bw_ctx *ctx, bw_view in, bw_bytes *out)
{
    static uint32_t table[1u << HASH_BITS]; /* position + 1 of the last such three bytes */
    size_t before = out->len, at = 0, literals = 0;

    memset(table, 0, sizeof table);
    while (at + 3 <= in.len && out->len - before < in.len) {
        uint32_t slot = hash(in.ptr + at);
        size_t candidate = table[slot], length = 0, most;

        table[slot] = (uint32_t)(at + 1);
        most = in.len - at < MAX_MATCH ? in.len - at : MAX_MATCH;
        if (candidate > 0 && at - (candidate - 1) <= MAX_DISTANCE) {
            const uint8_t *earlier = in.ptr + candidate - 1;
            while (length < most && earlier[length] == in.ptr[at + length]) {
                length++;
            }
        }
        if (length < 3) {
            at++;
            continue;
        }
        BW_TRY(put_literals(ctx, out, in.ptr + literals, at - literals));
        BW_TRY(put_match(ctx, out, at - (candidate - 1), length));
        at += length;
        literals = at;
    }
    BW_TRY(put_literals(ctx, out, in.ptr + literals, in.len - literals));
    if (out->len - before >= in.len) {
        out->len = before;
    }
    return BW_OK;
}
