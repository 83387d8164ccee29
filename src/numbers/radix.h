/* SPDX-License-Identifier: MIT */
/** A float64 as an integer of the same order, digit by digit from the top: what selection goes by. */
#ifndef BORES_NUMBERS_RADIX_H
#define BORES_NUMBERS_RADIX_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { BW__DIGIT_BITS = 16, BW__DIGITS = 1 << BW__DIGIT_BITS, BW__TOP_SHIFT = 64 - BW__DIGIT_BITS };

/** Keys are ordered as the numbers are: negative ones reversed, positive ones above them. */
static inline uint64_t bw__key_of(double value)
{
    uint64_t bits;

    value += 0.0; /* -0 and 0 are equal, so they get one key */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static inline double bw__value_of(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline size_t bw__digit_of(uint64_t key, unsigned shift)
{
    return (size_t)(key >> shift & (BW__DIGITS - 1));
}

#endif
