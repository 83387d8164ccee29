/* SPDX-License-Identifier: MIT */
/**
 * Element types, named as NumPy names them (array interface protocol, "typestr").
 * In memory every array is little-endian and C-ordered; byte order is a property
 * of stored bytes only.
 */
#ifndef BORES_DTYPE_H
#define BORES_DTYPE_H

#include "bores/bytes.h"

/** `kind` is NumPy's letter: b bool, i int, u uint, f float, c complex, S bytes,
 *  U UTF-32 text, V opaque, M datetime, m timedelta. */
typedef struct bw_dtype {
    char kind;
    bool big_endian;   /**< of the stored bytes; false for one-byte kinds */
    uint32_t itemsize; /**< bytes an element */
    char unit[16];     /**< for M and m: "[ns]" and so on, else "" */
} bw_dtype;

/**
 * Parses "<f8", "|b1", ">U5", "<M8[ns]" …, or NumPy's name of a number type ("float64", "bool"),
 * which is little-endian. BW_ERR_UNSUPPORTED names the text.
 */
bw_status bw_dtype_parse(bw_ctx *ctx, bw_view text, bw_dtype *out);
/** Writes the type string (little-endian where the size has an order) to `out`. */
void bw_dtype_format(bw_dtype dtype, char out[32]);
/** The unit that byte swapping works on: 4 for U, half of the size for c, 1 for S and V. */
uint32_t bw_dtype_swap_size(bw_dtype dtype);
/** True for the same elements in memory: byte order, which is of stored bytes, is not compared. */
bool bw_dtype_equal(bw_dtype a, bw_dtype b);

#endif
