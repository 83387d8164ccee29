/* SPDX-License-Identifier: MIT */
/**
 * Which cells are shown, for js/core/cells.js, in rows as wasm/rows.h has them: a mask is made, narrowed in
 * place and weighed; and which a fence crosses, for js/core/fence.js. Statuses are those of bores/geometry.h,
 * bores/numbers.h and bores/fence.h; `out` is written on
 * success only.
 */
#ifndef BORES_WASM_CELLS_EXPORTS_H
#define BORES_WASM_CELLS_EXPORTS_H

#include "wasm/rows.h"

/** out: block, pointer to the mask (a byte a cell), active cells */
BW_EXPORT bw_status bw_wasm_grid_shown(const double *grid, const double *filter, double *out);
/** values: its mask is what is narrowed; condition: lo, hi, set (pointer, numbers), 1 to exclude or 0 */
BW_EXPORT bw_status bw_wasm_mask_narrow(const double *values, const double *condition);
/** porosity, net_to_gross: values, or pointer 0; out: block, pointer to pore volumes or 0, count, bulk, pore */
BW_EXPORT bw_status bw_wasm_grid_volumes(const double *grid, const uint8_t *mask, const double *porosity,
                                         const double *net_to_gross, double *out);
/** weights: a number an element, or pointer 0; edges: bins + 1 numbers; out: block, pointers to uint64
 *  counts and to weights, count, NaNs, infinities, min, max, weight, mean, below, above */
BW_EXPORT bw_status bw_wasm_distribute(const double *values, const double *weights, const double *edges,
                                       uint32_t bins, double *out);
/** points: n of two numbers; out: block, pointers to cells, firsts and stations, pieces, stations, length
 *  (bores/fence.h) */
BW_EXPORT bw_status bw_wasm_grid_fence(const double *grid, const double *points, uint32_t n, double *out);
/** weights: as above; percent and out: n numbers */
BW_EXPORT bw_status bw_wasm_weighted_percentiles(const double *values, const double *weights, const double *percent,
                                                 uint32_t n, double *out);

#endif
