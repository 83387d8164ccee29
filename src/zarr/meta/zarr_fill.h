/* SPDX-License-Identifier: MIT */
/** Fill values of Zarr v2 metadata. */
#ifndef BORES_ZARR_META_ZARR_FILL_H
#define BORES_ZARR_META_ZARR_FILL_H

#include "bores/chunks.h"

/**
 * Writes the `fill_value` `node` (not null) as one little-endian element of `dtype.itemsize`
 * bytes.
 * Errors: BW_ERR_METADATA naming the field, the value and the dtype.
 * Source: Zarr specification v2, "Fill value encoding"; zarr-python's leniency for the number 0.
 */
bw_status bw__zarr_fill(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out);
/** The same of structured elements: base64 of the bytes as they are stored, or 0. */
bw_status bw__zarr_fill_record(bw_ctx *ctx, const bw_record *record, const bw_node *node,
                               uint8_t *out);

#endif
