/* SPDX-License-Identifier: MIT */
/**
 * What crosses in rows of float64, in the order that stands here, in and out, so that no struct's layout
 * is known twice. Pointers and lengths are exact in them; pointer 0 is "absent".
 *
 * Rows that come in:
 *   grid    nx, ny, nz, dx, dy, datum depth, dip angle, dip azimuth,
 *           thickness (pointer, bytes in all, bytes of one)
 *   filter  lo[3], hi[3], mask (pointer, bytes)
 *   values  elements (pointer, bytes in all, NumPy's kind letter, bytes of one),
 *           mask (pointer, bytes)
 *
 * Results that are arrays stay in a block, the first number of their row, until bw_wasm_block_free().
 */
#ifndef BORES_WASM_ROWS_H
#define BORES_WASM_ROWS_H

#include "bores/geometry.h"
#include "wasm/memory_exports.h"

BW_EXPORT void bw_wasm_block_free(void *block);

/** A length or an index: what is none becomes more than there ever is, for the checks to refuse. */
uint64_t bw__row_count(double number);
uint8_t *bw__row_pointer(double number);
double bw__row_address(const void *pointer);
bw_view bw__row_view(const double pointer_and_length[2]);
/** Three lengths. */
void bw__row_shape(const double lengths[3], bw_array *array);

/** `thickness` is the caller's, for the grid to borrow. */
bw_grid bw__row_grid(const double *row, bw_array *thickness);
bw_cell_filter bw__row_filter(const double *row);
bw_array bw__row_values(const double *row);

/** An arena for a result; NULL when memory is out. */
bw_arena *bw__block_new(void);
/** Gives what was made to JavaScript, or frees it when making it failed. */
bw_status bw__block_end(bw_status st, bw_arena *block, double *out);
/** The same for a single array, whose pointer and bytes are next in the row. */
bw_status bw__array_end(bw_status st, bw_arena *block, const bw_array *array, double *out);

#endif
