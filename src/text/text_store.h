/* SPDX-License-Identifier: MIT */
/**
 * Entries of a text file: JSON or YAML, a list of {_index, _group_name, _meta, data}.
 *
 * The file is one value, and operations want ranges of it, with the key "". `text.open` reads all of
 * it once, block by block, and keeps where entries are (text_index.h); every other operation wants
 * the text of one entry.
 */
#ifndef BORES_TEXT_TEXT_STORE_H
#define BORES_TEXT_TEXT_STORE_H

#include "entry/entry.h"
#include "op/engine.h"
#include "text/json_read.h"
#include "text/text_index.h"
#include "text_encode.h"

/** The text of an entry, and before it what it refers to. Item `item` of the last is the entry. */
typedef struct bw_text_pieces {
    uint32_t count, come; /**< of how many, and how many are there */
    uint32_t item;
    bw_view *texts;
    bw__text_place *places;
} bw_text_pieces;

/** What differs between formats. */
typedef struct bw_text_format {
    const char *name;
    /** Finds entries in blocks of the file; see json_index.h. */
    bw_status (*indexer_new)(bw_ctx *ctx, bw__text_index *index, void **out);
    bw_status (*indexer_feed)(bw_ctx *ctx, void *indexer, bw_view block);
    bw_status (*indexer_end)(bw_ctx *ctx, void *indexer);
    void (*indexer_free)(bw_ctx *ctx, void *indexer);
    /** A value that the index has kept. */
    bw_status (*value)(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node **out);
    /** An entry's text to a tree, whose long strings may be views into the texts. `*missing`: it
     *  failed, but would not if more of the file were known. */
    bw_status (*read)(bw_ctx *ctx, bw_arena *arena, const bw_text_pieces *pieces,
                      const bw__read_filter *filter, bw_node **out, bool *missing);
    /** Appends an item of the file's list, in its form. */
    bw_status (*write)(bw_ctx *ctx, const bw_node *item, bw_bytes *out);
    bw_text_form form;  /**< what is written if nothing else is asked for */
    bw_text_arrays raw; /**< what `arrays: 'raw'` means */
} bw_text_format;

/** What `text.open` leaves for the others. */
typedef struct bw_text_store {
    const bw_text_format *format;
    uint64_t size; /**< of the file, bytes */
    void *indexer; /**< while the file is being read */
    bw__text_index index;
    bw_node *names; /**< group name → position in the index; lives in the index's arena */
} bw_text_store;

extern const bw_store_type bw__text_store_type; /**< text_open_op.c */

/** What `text.open` has left; NULL before it. */
static inline bw_text_store *bw__text_store(const bw_op *op)
{
    return bw__store_self(op->store, &bw__text_store_type);
}

/** The format called `name`, or NULL. */
const bw_text_format *bw__text_format(bw_view name);

/** A value that the index keeps. */
bw_status bw__text_value(bw_ctx *ctx, bw_arena *arena, const bw_text_store *store, bw_view text,
                         bw_node **out);
/** Wants `length` bytes from `offset` on, of the file. */
bw_status bw__text_want(bw_ctx *ctx, bw_op *op, uint64_t offset, uint64_t length,
                        bw_get_handler handler, void *target);

/** An entry that an operation is about. */
typedef struct bw_text_task bw_text_task;
struct bw_text_task {
    bw_view group;
    const bw_text_store *store;
    size_t position; /**< in the index */
    const bw__text_entry *entry;
    bw__read_filter filter;
    bw_text_pieces pieces;
    bool all_before; /**< the second attempt, with all of the file up to the entry's end */
    bw_node *tree;   /**< when its text has come: `{data, …}`, array records expanded */
    bw_status (*done)(bw_ctx *ctx, bw_op *op, bw_text_task *task); /**< called then; or NULL */
    uint32_t slot;   /**< the caller's */
};

/**
 * Wants the text of the entry called `group`. `fields` as in `text.load`, NULL for everything.
 */
bw_status bw__text_task_begin(bw_ctx *ctx, bw_op *op, bw_text_task *task, bw_view group,
                              const bw_node *fields);
/** The tree's data, which is what names of paths are looked up in. */
bw_status bw__text_task_data(bw_ctx *ctx, const bw_text_task *task, bw_node **out);
/** `{idx, group, meta, step, step_size, time}` of an entry, by what the index knows. */
bw_status bw__text_entry_meta(bw_ctx *ctx, bw_arena *arena, const bw_text_store *store,
                              bw_view group, bw_node **out);
/** The same by its tree. */
bw_status bw__text_task_meta(bw_ctx *ctx, bw_op *op, const bw_text_task *task, bw_node **out);
/** The entry called `group`; BW_ERR_NOT_FOUND. */
bw_status bw__text_find(bw_ctx *ctx, const bw_text_store *store, bw_view group, size_t *position);

extern const bw_op_type bw__text_open_op, bw__text_entries_op, bw__text_load_op,
    bw__text_inventory_op, bw__text_read_op, bw__text_verify_op, bw__text_encode_op;

#endif
