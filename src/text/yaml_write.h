/* SPDX-License-Identifier: MIT */
/** Trees to YAML text, in the form that PyYAML's safe_dump() gives BORES's data. */
#ifndef BORES_TEXT_YAML_WRITE_H
#define BORES_TEXT_YAML_WRITE_H

#include "bores/tree.h"

/**
 * Appends an item of a block sequence at the left margin. Arrays become `!ndarray`: their elements
 * in a list where they are at most 50 of at most two axes and no NaN, else as base64.
 * Errors: BW_ERR_UNSUPPORTED for U+0000 in a string and for arrays of what is no number;
 * BW_ERR_LIMIT (depth); BW_ERR_NOMEM. On error `out` is as long as before.
 */
bw_status bw__yaml_write_item(bw_ctx *ctx, const bw_node *item, bw_bytes *out);

#endif
