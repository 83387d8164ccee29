/* SPDX-License-Identifier: MIT */
/** A node as a few words for an error message. */
#ifndef BORES_FORMAT_NODE_TEXT_H
#define BORES_FORMAT_NODE_TEXT_H

#include "bores/tree.h"

#define BW__NODE_TEXT_MAX 80

/** Writes `null`, `true`, `-6`, `1.5`, `"text"` (cut), `a list of 3`; for NULL `nothing`. */
void bw__node_text(const bw_node *node, char out[BW__NODE_TEXT_MAX]);

#endif
