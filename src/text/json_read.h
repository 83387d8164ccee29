/* SPDX-License-Identifier: MIT */
/**
 * One JSON value of a store straight to a tree, in one strict pass (RFC 8259, plus NaN, Infinity
 * and -Infinity): for entries of many megabytes, where json_parse.c's copies would count.
 */
#ifndef BORES_TEXT_JSON_READ_H
#define BORES_TEXT_JSON_READ_H

#include "text_index.h"

/** Decides whether the value at `path` (a list of names) is wanted; what is not is only checked. */
typedef bool (*bw__wants_path)(const void *user, const bw_node *path);

typedef struct bw__read_filter {
    bw__wants_path wants;
    const void *user;
    const char *root;     /**< only below this key of the outermost map names make a path */
} bw__read_filter;

/**
 * Reads the value that `text` is; it begins at `at`. Numbers are as bw_json_parse() gives them.
 *
 * Owner:  the tree lives in `arena`, but long strings without escapes are views into `text`, until
 *         bw__text_own() has been called.
 * Errors: BW_ERR_METADATA, a key that comes twice among them; BW_ERR_LIMIT (nesting, digits); all
 *         with line and column.
 */
bw_status bw__json_read(bw_ctx *ctx, bw_arena *arena, bw_view text, const bw__text_place *at,
                        const bw__read_filter *filter, bw_node **out);

/** Copies what the tree's strings still borrow of `text` into `arena`. */
bw_status bw__text_own(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node *tree);

#endif
