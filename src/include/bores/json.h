/* SPDX-License-Identifier: MIT */
/**
 * JSON text to tree and back, over cJSON (RFC 8259, plus the bare tokens NaN,
 * Infinity and -Infinity that Python's json module writes and reads).
 *
 * What cJSON alone would lose is kept: integers beyond 2^53 (BW_NODE_INT up to
 * int64, floats beyond, with the exact value beside it up to uint64), the int/float difference (`1` and `1.0`), non-finite
 * numbers. Duplicate keys: the last one wins, as in Python.
 * Errors: BW_ERR_METADATA with line and column; BW_ERR_LIMIT for nesting deeper than
 * `limits.max_depth` or text longer than `limits.max_document_bytes`;
 * BW_ERR_UNSUPPORTED for U+0000 in a string.
 */
#ifndef BORES_JSON_H
#define BORES_JSON_H

#include "bores/tree.h"

bw_status bw_json_parse(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node **out);

#endif
