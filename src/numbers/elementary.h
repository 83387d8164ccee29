/* SPDX-License-Identifier: MIT */
/**
 * Logarithm and exponential from additions and multiplications alone, so that they are the same to
 * the bit natively and in WebAssembly, where C libraries differ in their last digit.
 */
#ifndef BORES_NUMBERS_ELEMENTARY_H
#define BORES_NUMBERS_ELEMENTARY_H

/** Natural logarithm, within 2 units in the last place; -INFINITY for 0, NaN below. */
double bw__log(double x);
/** ln(1 + x), precise near 0. */
double bw__log1p(double x);
/** e^x, within 2 units in the last place; 0 and INFINITY beyond the range. */
double bw__exp(double x);
/** x^y for x >= 0. */
double bw__pow(double x, double y);

#endif
