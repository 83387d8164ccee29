/* SPDX-License-Identifier: MIT */
/** Arrays as nodes. */
#ifndef BORES_ARRAY_VALUE_H
#define BORES_ARRAY_VALUE_H

#include "bores/chunks.h"

/**
 * An array as a node: itself, or for structured elements and those of variable length
 * `{ndarray: 'str' | 'object', shape, data: [value …]}`.
 */
bw_status bw__array_value(bw_ctx *ctx, bw_arena *arena, bw_array *array, bw_node **out);

#endif
