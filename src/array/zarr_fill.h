/* SPDX-License-Identifier: MIT */
/** Fill values of Zarr v2 metadata. */
#ifndef BORES_ARRAY_ZARR_FILL_H
#define BORES_ARRAY_ZARR_FILL_H

#include "bores/tree.h"

/**
 * Writes the `fill_value` `node` (not null) as one little-endian element of `dtype.itemsize`
 * bytes.
 * Errors: BW_ERR_METADATA naming the field, the value and the dtype.
 * Source: Zarr specification v2, "Fill value encoding"; zarr-python's leniency for the number 0.
 */
bw_status bw__zarr_fill(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out);

#endif
