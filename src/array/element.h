/* SPDX-License-Identifier: MIT */
/** Single values of documents as array elements. */
#ifndef BORES_ARRAY_ELEMENT_H
#define BORES_ARRAY_ELEMENT_H

#include "bores/tree.h"

/**
 * Writes a number, bool or one of "NaN", "Infinity", "-Infinity" as one little-endian element of
 * kind b, i, u, f, M or m, as numpy.array(value, dtype) does: floats are rounded to their
 * precision, or cut to an integer.
 * Errors: BW_ERR_METADATA naming value and dtype when there is no such element (300 as uint8, NaN
 * as int32, text as a number). Those of c, S, U and V are the caller's matter.
 */
bw_status bw__element_from_node(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out);

/** Records BW_ERR_METADATA "VALUE is not a DTYPE". */
bw_status bw__element_refuse(bw_ctx *ctx, bw_dtype dtype, const bw_node *node);

/** Writes a double as a float of `size` (2, 4, 8) bytes, rounding to nearest, ties to even. */
void bw__element_put_float(double value, uint32_t size, uint8_t *out);
/** Writes the low `size` (1, 2, 4, 8) bytes of `bits`. */
void bw__element_put_bits(uint64_t bits, uint32_t size, uint8_t *out);

/** A number node, or a string that names a non-finite one, as a double. */
bool bw__element_to_double(const bw_node *node, double *out);

#endif
