/* SPDX-License-Identifier: MIT */
/** Source: IEEE 754-2008, 3.4 (encodings) and 4.3.1 (rounding). */
#include "base/half.h"

#include <math.h>
#include <string.h>

double bw__half_to_double(uint16_t bits)
{
    uint64_t sign = (uint64_t)(bits >> 15) << 63, fraction = bits & 0x3ffu;
    unsigned exponent = bits >> 10 & 31u;
    uint64_t wide;
    double number;

    if (exponent == 0) {
        number = (double)fraction * 0x1p-24;
        return sign != 0 ? -number : number;
    }
    wide = sign | (uint64_t)(exponent == 31 ? 0x7ff : exponent + 1008) << 52 | fraction << 42;
    memcpy(&number, &wide, sizeof number);
    return number;
}

uint16_t bw__half_from_double(double value)
{
    uint64_t bits;
    uint16_t sign;
    double magnitude = fabs(value);
    int exponent;

    memcpy(&bits, &value, sizeof bits);
    sign = (uint16_t)(bits >> 63 << 15);
    if (isnan(value)) {
        return sign | 0x7E00u;
    }
    if (magnitude >= 65520.0) { /* half a unit above the largest, 65504: rounds to infinity */
        return sign | 0x7C00u;
    }
    if (magnitude < 0x1p-14) { /* subnormal: counts of 2^-24; 1024 of them carry into normal */
        return sign | (uint16_t)nearbyint(magnitude * 0x1p24);
    }
    /* 1.f * 2^e: (1.f - 1) * 1024, rounded, may carry into the exponent, as it should. */
    magnitude = frexp(magnitude, &exponent); /* in [0.5, 1) */
    return sign | (uint16_t)(((exponent + 13) << 10) + (int)nearbyint(magnitude * 2048.0));
}
