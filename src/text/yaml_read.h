/* SPDX-License-Identifier: MIT */
/**
 * YAML text to a tree, as PyYAML with BORES's tags reads it: `!ndarray` becomes an array record
 * (bores/record.h), `!np_scalar` its value. Any other tag is refused: it is never more than text.
 */
#ifndef BORES_TEXT_YAML_READ_H
#define BORES_TEXT_YAML_READ_H

#include "text_index.h"

/** What anchors stand for, over several texts of one file; zeroed is none. Lives in an arena. */
typedef struct bw__yaml_anchors {
    bw_node *names; /**< name → position in `items` */
    struct bw__yaml_anchor *items;
    uint32_t count, cap;
    bool missing; /**< an alias failed for want of its anchor */
} bw__yaml_anchors;

/**
 * Reads the one document that `text` is; it begins at `at`.
 *
 * Owner:  as bw__json_read(). A node that is aliased is in the tree several times.
 * Errors: BW_ERR_METADATA: no YAML, a key that comes twice, an alias without anchor or within what
 *         it stands for, more than one document; BW_ERR_UNSUPPORTED: tags, keys that are no
 *         scalars, U+0000; BW_ERR_LIMIT: nesting, digits, and aliases that make more of a text than
 *         a few times itself. All with line and column.
 */
bw_status bw__yaml_read(bw_ctx *ctx, bw_arena *arena, bw_view text, const bw__text_place *at,
                        bw__yaml_anchors *anchors, bw_node **out);

#endif
