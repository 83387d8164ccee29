/* SPDX-License-Identifier: MIT */
/**
 * Where the entries of a text file are, found in one pass over the file in blocks: an entry's text
 * is read again when it is wanted, so that a file costs a few words an entry.
 */
#ifndef BORES_TEXT_TEXT_INDEX_H
#define BORES_TEXT_TEXT_INDEX_H

#include "bores/tree.h"

/** A place in a file; line and column from 1, columns count characters. */
typedef struct bw__text_place {
    uint64_t offset; /**< bytes */
    uint64_t line, column;
} bw__text_place;

/**
 * An item of the file's list. The views are the text of a value as it stands in the file, absent
 * (`ptr == NULL`) where the entry has none; they live in the index.
 */
typedef struct bw__text_entry {
    bw__text_place at;
    uint64_t length; /**< bytes */
    bw_view index, name, meta, step, step_size, time;
    bool unclear;    /**< the above are not all there is: its text must be read to know it */
    bw_node *needs;  /**< positions of earlier entries whose anchors it may refer to, or NULL */
} bw__text_entry;

typedef struct bw__text_index {
    bw_arena arena;
    bw__text_entry *entries;
    size_t count, cap;
    bool unusual; /**< the entries are to be found by reading all of the file as one value */
} bw__text_index;

/** A new entry at the end, zeroed; NULL (recorded) when memory is out or there are too many. */
bw__text_entry *bw__text_index_add(bw_ctx *ctx, bw__text_index *index);
void bw__text_index_free(bw_ctx *ctx, bw__text_index *index);

/** Records BW_ERR_… "line L, column C: …". */
bw_status bw__text_fail(bw_ctx *ctx, bw_status status, const bw__text_place *at, const char *fmt,
                        ...) BW_PRINTF(4, 5);
/** The same in front of what has just been recorded, its numbers kept. */
bw_status bw__text_fail_at(bw_ctx *ctx, const bw__text_place *at);
/** Moves `place` over `text`, which begins there. */
void bw__text_advance(bw__text_place *place, bw_view text);

#endif
