/* SPDX-License-Identifier: MIT */
/** What plain YAML scalars mean, by the rules of PyYAML, which are YAML 1.1's. */
#ifndef BORES_TEXT_YAML_SCALAR_H
#define BORES_TEXT_YAML_SCALAR_H

#include "bores/tree.h"

typedef enum bw__yaml_type {
    BW__YAML_TEXT,
    BW__YAML_NULL,
    BW__YAML_BOOL,
    BW__YAML_INT,
    BW__YAML_FLOAT,
    BW__YAML_MERGE,     /**< << */
    BW__YAML_TIMESTAMP, /**< text to us, which must be quoted to stay text in Python */
    BW__YAML_VALUE      /**< =, likewise */
} bw__yaml_type;

/** The type that a plain scalar resolves to. */
bw__yaml_type bw__yaml_resolve(bw_view text);
/**
 * The node of a scalar of that type, whose text must be one that resolves to it (integers also
 * stand for floats). Errors: BW_ERR_METADATA, BW_ERR_LIMIT for too many digits, BW_ERR_NOMEM.
 */
bw_status bw__yaml_scalar(bw_ctx *ctx, bw_arena *arena, bw__yaml_type type, bw_view text,
                          bw_node **out);

#endif
