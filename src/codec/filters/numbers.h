/* SPDX-License-Identifier: MIT */
/** Single stored elements as numbers, in either byte order, and conversions as NumPy's astype() does. */
#ifndef BORES_CODEC_NUMBERS_H
#define BORES_CODEC_NUMBERS_H

#include "bores/dtype.h"

/** Integers of 64 bits or a double: wide enough for every real element. */
typedef struct bw__number {
    char kind; /**< 'i', 'u' or 'f' */
    union {
        int64_t i;
        uint64_t u;
        double f;
    };
} bw__number;

/** True for the kinds that filters compute with: b, i, u, f, and M and m as integers. */
bool bw__number_dtype(bw_dtype dtype);
bw__number bw__number_load(bw_dtype dtype, const uint8_t *at);
/** Integers wrap, floats are cut towards zero to integers and rounded to their own precision. */
void bw__number_store(bw_dtype dtype, bw__number number, uint8_t *at);
double bw__number_double(bw__number number);
/** What storing it as `dtype` and loading it again gives. */
bw__number bw__number_cast(bw_dtype dtype, bw__number number);

#endif
