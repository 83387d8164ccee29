/* SPDX-License-Identifier: MIT */
/**
 * The entries of a JSON store, `[{"_index", "_group_name", "_meta", "data"}, …]`, in one pass
 * over the file's bytes in blocks of any size. What is inside of an entry is only counted in
 * brackets; it is checked when it is read (json_read.h).
 */
#ifndef BORES_TEXT_JSON_INDEX_H
#define BORES_TEXT_JSON_INDEX_H

#include "text_index.h"

typedef struct bw__json_indexer bw__json_indexer;

/** `index` is borrowed; it is added to. */
bw_status bw__json_indexer_new(bw_ctx *ctx, bw__text_index *index, bw__json_indexer **out);
/**
 * The next bytes of the file.
 * Errors: BW_ERR_METADATA for what is no list of objects, BW_ERR_LIMIT for nesting and for an
 * entry's `_meta` beyond 1 MiB; all with line and column.
 */
bw_status bw__json_indexer_feed(bw_ctx *ctx, bw__json_indexer *indexer, bw_view block);
/** The file has ended. A file without a value has no entries. */
bw_status bw__json_indexer_end(bw_ctx *ctx, bw__json_indexer *indexer);
void bw__json_indexer_free(bw_ctx *ctx, bw__json_indexer *indexer);

#endif
