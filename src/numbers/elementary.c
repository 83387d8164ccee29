/* SPDX-License-Identifier: MIT */
/**
 * Series of M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964): 4.1.27
 * (ln through artanh) and 4.2.1 (e^x), after the usual reduction by powers of 2. ln 2 is kept in two
 * parts, the first short enough that its multiples are exact.
 */
#include "elementary.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const double LN2_HIGH = 0x1.62e42feep-1, LN2_LOW = 0x1.a39ef35793c76p-33;

static double from_bits(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* 2^n for n of normal numbers. */
static double power_of_two(int n)
{
    return from_bits((uint64_t)(n + 1023) << 52);
}

/* x = m 2^n with m in [sqrt(1/2), sqrt(2)), for x > 0. */
static double split(double x, int *n)
{
    uint64_t bits;
    double m;

    *n = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        *n = -54;
    }
    memcpy(&bits, &x, sizeof bits);
    *n += (int)(bits >> 52) - 1023;
    m = from_bits((bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1023) << 52);
    if (m > 0x1.6a09e667f3bcdp+0) {
        m *= 0.5;
        *n += 1;
    }
    return m;
}

double bw__log(double x)
{
    int n;
    double f, s, square, sum = 0;

    if (!(x > 0)) {
        return x == 0 ? -INFINITY : NAN;
    }
    if (isinf(x)) {
        return x;
    }
    f = split(x, &n) - 1; /* exact */
    s = f / (2 + f);      /* ln(1 + f) = 2 artanh s, |s| < 0.1716 */
    square = s * s;
    for (int k = 21; k >= 3; k -= 2) {
        sum = sum * square + 2.0 / k;
    }
    sum *= square;
    /* 2s = f - s f, so that f, which is exact, carries the result. */
    return n * LN2_HIGH + (f - (s * (f - sum) - n * LN2_LOW));
}

double bw__log1p(double x)
{
    double u = 1 + x;

    /* W. Kahan's correction: what rounding took from x is put back by the quotient. */
    if (u == 1) {
        return x;
    }
    return isinf(u) ? u : bw__log(u) * (x / (u - 1));
}

double bw__exp(double x)
{
    double n, r, sum = 1;
    int power;

    if (isnan(x)) {
        return x;
    }
    if (x > 709.782712893384) {
        return INFINITY;
    }
    if (x < -745.1332191019412) {
        return 0;
    }
    n = floor(x * 1.4426950408889634 + 0.5);
    r = (x - n * LN2_HIGH) - n * LN2_LOW; /* |r| < 0.3466 */
    for (int k = 14; k >= 1; k--) {
        sum = 1 + sum * r / k;
    }
    power = (int)n;
    if (power > 1023) {
        return sum * 2 * power_of_two(power - 1);
    }
    return power >= -1022 ? sum * power_of_two(power)
                          : sum * power_of_two(power + 60) * 0x1p-60;
}

double bw__pow(double x, double y)
{
    if (y == 0 || x == 1) {
        return 1;
    }
    return bw__exp(y * bw__log(x));
}
