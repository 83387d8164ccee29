/* SPDX-License-Identifier: MIT */
/**
 * Geometry for js/core/geometry.js. Everything crosses in rows of float64, in the order that stands
 * here, in and out, so that no struct's layout is known twice. Pointers and lengths are exact in
 * them; pointer 0 is "absent".
 *
 * Rows that come in:
 *   grid    nx, ny, nz, dx, dy, datum depth, dip angle, dip azimuth,
 *           thickness (pointer, bytes in all, bytes of one)
 *   filter  lo[3], hi[3], mask (pointer, bytes)
 *   values  elements (pointer, bytes in all, NumPy's kind letter, bytes of one),
 *           mask (pointer, bytes)
 *
 * Results that are arrays stay in a block, the first number of their row, until
 * bw_wasm_block_free(). Statuses are those of bores/geometry.h; `out` is written on success only.
 */
#ifndef BORES_WASM_GEOMETRY_EXPORTS_H
#define BORES_WASM_GEOMETRY_EXPORTS_H

#include "wasm/exports.h"

BW_EXPORT void bw_wasm_block_free(void *block);

/** out: x, y, z */
BW_EXPORT bw_status bw_wasm_grid_origin(const double *grid, double *out);
/** out: block, pointer, bytes */
BW_EXPORT bw_status bw_wasm_grid_depths(const double *grid, uint32_t itemsize, double *out);
/** out: block, count, pointers to positions, cells and directions, origin[3] */
BW_EXPORT bw_status bw_wasm_grid_faces(const double *grid, const double *filter, double *out);
/** ray: origin[3], direction[3]; out: 1 for a hit or 0, cell, direction, distance, point[3] */
BW_EXPORT bw_status bw_wasm_grid_pick(const double *grid, const double *filter, const double *ray,
                                      double *out);

/** shape: three lengths; out: block, pointer, bytes, rows, columns */
BW_EXPORT bw_status bw_wasm_slice_plane(const double *values, const double *shape, uint32_t axis,
                                        double index, uint32_t itemsize, double *out);
/** out: block, pointer, bytes */
BW_EXPORT bw_status bw_wasm_values_to_f32(const double *values, double *out);
/** out: count, NaNs, infinities, min, max, smallest positive, mean, sum */
BW_EXPORT bw_status bw_wasm_stats(const double *values, double *out);
/** out: block, pointer to uint64 counts, below, above */
BW_EXPORT bw_status bw_wasm_histogram(const double *values, uint32_t bins, double lo, double hi,
                                      double *out);
/** percent and out: n numbers */
BW_EXPORT bw_status bw_wasm_percentiles(const double *values, const double *percent, uint32_t n,
                                        double *out);

#endif
