/* SPDX-License-Identifier: MIT */
/**
 * The entries of a YAML store as BORES writes it: a block sequence at the left margin, each entry a
 * line that begins with "- ". One pass over lines, in blocks of any size; what is in an entry is
 * checked when it is read. A text that is laid out otherwise is told (`unusual`), and is to be read
 * as a whole.
 */
#ifndef BORES_TEXT_YAML_INDEX_H
#define BORES_TEXT_YAML_INDEX_H

#include "text_index.h"

typedef struct bw__yaml_indexer bw__yaml_indexer;

/** `index` is borrowed; it is added to. */
bw_status bw__yaml_indexer_new(bw_ctx *ctx, bw__text_index *index, bw__yaml_indexer **out);
/** The next bytes of the file. Errors: BW_ERR_LIMIT, BW_ERR_NOMEM. */
bw_status bw__yaml_indexer_feed(bw_ctx *ctx, bw__yaml_indexer *indexer, bw_view block);
/** The file has ended. */
bw_status bw__yaml_indexer_end(bw_ctx *ctx, bw__yaml_indexer *indexer);
void bw__yaml_indexer_free(bw_ctx *ctx, bw__yaml_indexer *indexer);

#endif
