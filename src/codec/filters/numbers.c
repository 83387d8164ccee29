/* SPDX-License-Identifier: MIT */
/**
 * Source: NumPy, "Structure and casting" (astype with casting="unsafe"). What C leaves undefined, a
 * float beyond an integer's range, becomes the low bits of the least 64-bit integer, as on x86.
 */
#include "codec/filters/numbers.h"

#include <math.h>
#include <string.h>

#include "base/half.h"

bool bw__number_dtype(bw_dtype dtype)
{
    return dtype.kind != '\0' && strchr("biufMm", dtype.kind) != NULL;
}

static uint64_t load_bits(bw_dtype dtype, const uint8_t *at)
{
    uint32_t size = dtype.itemsize;
    uint64_t bits = 0;

    for (uint32_t i = 0; i < size; i++) {
        bits |= (uint64_t)at[dtype.big_endian ? size - 1 - i : i] << (8 * i);
    }
    return bits;
}

static double load_float(uint64_t bits, uint32_t size)
{
    uint32_t narrow = (uint32_t)bits;
    double wide;
    float single;

    if (size == 8) {
        memcpy(&wide, &bits, sizeof wide);
        return wide;
    }
    if (size == 4) {
        memcpy(&single, &narrow, sizeof single);
        return single;
    }
    return bw__half_to_double((uint16_t)bits);
}

bw__number bw__number_load(bw_dtype dtype, const uint8_t *at)
{
    uint64_t bits = load_bits(dtype, at), top = UINT64_C(1) << (8 * dtype.itemsize - 1);

    switch (dtype.kind) {
    case 'f':
        return (bw__number){.kind = 'f', .f = load_float(bits, dtype.itemsize)};
    case 'b':
    case 'u':
        return (bw__number){.kind = 'u', .u = bits};
    default:
        return (bw__number){.kind = 'i', .i = (int64_t)((bits ^ top) - top)};
    }
}

double bw__number_double(bw__number number)
{
    return number.kind == 'f' ? number.f : number.kind == 'i' ? (double)number.i : (double)number.u;
}

/* The shortest way to binary32, so that nothing is rounded twice. */
static float to_single(bw__number number)
{
    if (number.kind == 'f') {
        /* the cast is undefined where it would round to infinity */
        return fabs(number.f) >= 0x1.ffffffp127 && !isnan(number.f)
                   ? (number.f < 0 ? -INFINITY : INFINITY)
                   : (float)number.f;
    }
    return number.kind == 'i' ? (float)number.i : (float)number.u;
}

static uint64_t float_bits(bw__number number, uint32_t size)
{
    double wide = bw__number_double(number);
    float single;
    uint32_t narrow;
    uint64_t bits;

    if (size == 8) {
        memcpy(&bits, &wide, sizeof bits);
        return bits;
    }
    if (size == 2) {
        return bw__half_from_double(number.kind == 'f' ? wide : (double)to_single(number));
    }
    single = to_single(number);
    memcpy(&narrow, &single, sizeof narrow);
    return narrow;
}

static uint64_t integer_bits(bw__number number, bool is_unsigned)
{
    double cut;

    if (number.kind != 'f') {
        return number.u;
    }
    cut = trunc(number.f);
    if (cut >= -0x1p63 && cut < 0x1p63) {
        return (uint64_t)(int64_t)cut;
    }
    return is_unsigned && cut >= 0x1p63 && cut < 0x1p64 ? (uint64_t)cut : (uint64_t)INT64_MIN;
}

void bw__number_store(bw_dtype dtype, bw__number number, uint8_t *at)
{
    uint32_t size = dtype.itemsize;
    uint64_t bits;

    if (dtype.kind == 'f') {
        bits = float_bits(number, size);
    } else if (dtype.kind == 'b') {
        bits = number.kind == 'f' ? number.f != 0 : number.u != 0;
    } else {
        bits = integer_bits(number, dtype.kind == 'u');
    }
    for (uint32_t i = 0; i < size; i++) {
        at[dtype.big_endian ? size - 1 - i : i] = (uint8_t)(bits >> (8 * i));
    }
}

bw__number bw__number_cast(bw_dtype dtype, bw__number number)
{
    uint8_t element[8];

    bw__number_store(dtype, number, element);
    return bw__number_load(dtype, element);
}
