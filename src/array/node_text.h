/* SPDX-License-Identifier: MIT */
/** Nodes in error messages. */
#ifndef BORES_ARRAY_NODE_TEXT_H
#define BORES_ARRAY_NODE_TEXT_H

#include "bores/tree.h"

#define BW__NODE_TEXT_MAX 80

/** Writes `null`, `true`, `-6`, `1.5`, `"text"` (cut), `a list of 3`; for NULL `nothing`. */
void bw__node_text(const bw_node *node, char out[BW__NODE_TEXT_MAX]);
/** Records BW_ERR_METADATA "FIELD: VALUE is not WANTED" for a node or NULL. */
bw_status bw__node_refuse(bw_ctx *ctx, const char *field, const bw_node *node, const char *wanted);

#endif
