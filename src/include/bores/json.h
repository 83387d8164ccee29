/* SPDX-License-Identifier: MIT */
/**
 * JSON text to tree, over cJSON, and back (RFC 8259, plus the bare tokens NaN,
 * Infinity and -Infinity that Python's json module writes and reads).
 *
 * What cJSON alone would lose is kept: integers beyond 2^53 (BW_NODE_INT up to
 * int64, floats beyond, with the exact value beside it up to uint64), the int/float
 * difference (`1` and `1.0`), non-finite numbers. Duplicate keys: the last one wins, as in Python.
 * Errors: BW_ERR_METADATA with line and column; BW_ERR_LIMIT for nesting deeper than
 * `limits.max_depth` or text longer than `limits.max_document_bytes`;
 * BW_ERR_UNSUPPORTED for a byte order mark of UTF-16. One of UTF-8 is skipped; U+0000 is text.
 * Memory: two to four times the text for documents as BORES writes them, 65 times at the most (a
 * list of digits, 64-bit addresses).
 * Thread: one parse at a time in a process, since cJSON's allocation hooks are global.
 */
#ifndef BORES_JSON_H
#define BORES_JSON_H

#include "bores/tree.h"

bw_status bw_json_parse(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node **out);

/** A key of an object and the text of its value, which is part of the document's. */
typedef struct bw_json_member {
    bw_view key; /**< decoded */
    bw_view value;
} bw_json_member;

/**
 * The members of an object, in their order and each key as often as it comes, without a tree of
 * what is in them: for a document of which only parts are ever wanted.
 *
 * Owner:  `*out` lives in `arena`; its views point there or into `text`.
 * Errors: as bw_json_parse() for the whole of `text`, which may be `max_bytes` long; BW_ERR_METADATA
 *         for what is no object. A value is known to be JSON, and no more.
 */
bw_status bw_json_members(bw_ctx *ctx, bw_arena *arena, bw_view text, uint64_t max_bytes,
                          bw_json_member **out, uint32_t *count);

/** Whose text is written: that of the two libraries through which BORES writes JSON. */
typedef enum bw_json_style {
    /** zarr-python's documents: json.dumps(indent=4, sort_keys=True), all ASCII, floats as repr()
     *  has them ("1e-05"), NaN and Infinity as bare tokens. */
    BW_JSON_ZARR,
    /** orjson.dumps(): no spaces, keys in their order, UTF-8, floats as "1e-5", null for what is
     *  not finite. */
    BW_JSON_COMPACT,
    /** orjson.dumps(option=OPT_INDENT_2): the same on lines, indented by two spaces. */
    BW_JSON_STORE
} bw_json_style;

/**
 * Appends `node` as JSON text, the same for the same tree; a float reads back as the same float.
 * Errors: BW_ERR_UNSUPPORTED for an array node and text that is not UTF-8; BW_ERR_LIMIT (depth);
 *         BW_ERR_NOMEM. On error `out` is as long as before.
 */
bw_status bw_json_write(bw_ctx *ctx, const bw_node *node, bw_json_style style, bw_bytes *out);
/** The same for a value that stands `depth` brackets deep in a document. */
bw_status bw_json_write_nested(bw_ctx *ctx, const bw_node *node, bw_json_style style,
                               uint32_t depth, bw_bytes *out);

#endif
