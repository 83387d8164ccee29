/* SPDX-License-Identifier: MIT */
/**
 * Geometry for js/core/geometry.js, in rows as wasm/rows.h has them. Statuses are those of
 * bores/geometry.h; `out` is written on success only.
 */
#ifndef BORES_WASM_GEOMETRY_EXPORTS_H
#define BORES_WASM_GEOMETRY_EXPORTS_H

#include "wasm/exports.h"
#include "wasm/rows.h"

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
