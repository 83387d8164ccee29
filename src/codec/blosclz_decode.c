/* SPDX-License-Identifier: MIT */
/**
 * The BloscLZ decoder, ours instead of c-blosc's: that one adds up a match's length in an
 * int, so that 9 MB of 0xFF make it negative, and compares pointers that may have wrapped
 * on 32 bits. Here every length is checked against what is left before it is used.
 *
 * The stream (FastLZ's second level): tokens of one control byte.
 *   below 32: a run of `control + 1` literals follows.
 *   else: a match. Its length is `control >> 5` + 2, and when those three bits are all set
 *   the bytes that follow are added, up to and with the first that is not 255. Its distance is
 *   the low five bits of control, then one byte, plus 1; when all thirteen of these bits are
 *   set, two more bytes, the high one first, plus 8192.
 * Of the first control byte only the low five bits count: it is always literals.
 */
#include <string.h>

#include "codec/codec_internal.h"

enum { LITERALS_END = 32, LONG_LENGTH = 7, FAR_MARK = 8191 };

/* Copies `len` bytes from `distance` before `at`; the two ranges may overlap, and then
 * what was just copied repeats. What can be copied at once doubles each time. */
static void copy_match(uint8_t *at, size_t distance, size_t len)
{
    const uint8_t *from = at - distance;

    if (distance == 1) {
        memset(at, *from, len);
        return;
    }
    while (len > distance) {
        memcpy(at, from, distance);
        at += distance;
        len -= distance;
        distance += distance;
    }
    memcpy(at, from, len);
}

/* Reads what follows a match's control byte; false when it is cut off or longer than `limit`. */
static bool read_match(bw_view in, size_t *at, uint32_t control, size_t limit, size_t *len,
                       size_t *distance)
{
    uint8_t byte;

    *len = (control >> 5) + 2;
    *distance = (size_t)(control & 31) << 8;
    if (control >> 5 == LONG_LENGTH) {
        do {
            if (*at >= in.len || *len > limit) {
                return false;
            }
            byte = in.ptr[(*at)++];
            *len += byte;
        } while (byte == 255);
    }
    if (*at >= in.len) {
        return false;
    }
    *distance += in.ptr[(*at)++];
    if (*distance == FAR_MARK) {
        if (in.len - *at < 2) {
            return false;
        }
        *distance += (size_t)in.ptr[*at] << 8 | in.ptr[*at + 1];
        *at += 2;
    }
    *distance += 1;
    return *len <= limit;
}

size_t bw__blosclz_decode(bw_view in, uint8_t *out, size_t out_len)
{
    size_t at = 0;   /* in `in` */
    size_t done = 0; /* of `out` */
    uint32_t control;

    if (in.len == 0) {
        return 0;
    }
    control = in.ptr[at++] & (LITERALS_END - 1);
    for (;;) {
        size_t len, distance;

        if (control < LITERALS_END) {
            len = control + 1;
            if (len > in.len - at || len > out_len - done) {
                return 0;
            }
            memcpy(out + done, in.ptr + at, len);
            at += len;
        } else {
            if (!read_match(in, &at, control, out_len - done, &len, &distance) ||
                distance > done) {
                return 0;
            }
            copy_match(out + done, distance, len);
        }
        done += len;
        if (at >= in.len) {
            return done;
        }
        control = in.ptr[at++];
    }
}
