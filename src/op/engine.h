/* SPDX-License-Identifier: MIT */
/**
 * What operations are made of. A machine asks for keys with a handler each; the engine
 * hands the wants to the host, answers from consolidated metadata what it can, and
 * calls the handlers. When nothing is queued, produced or outstanding, it calls
 * the type's finish(), which either asks for more or leaves a result.
 */
#ifndef BORES_OP_ENGINE_H
#define BORES_OP_ENGINE_H

#include "bores/json.h"
#include "bores/op.h"
#include "bores/zarr.h"

/** `bytes.ptr == NULL`: absent. `cookie` is what was given with the want. */
typedef bw_status (*bw_get_handler)(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                                    bw_view bytes);
/** A parsed JSON document; NULL: absent. */
typedef bw_status (*bw_document_handler)(bw_ctx *ctx, bw_op *op, void *target, bw_node *document);
/** `names.ptr == NULL`: the host cannot list. Iterate with bw__listing_next(). */
typedef bw_status (*bw_list_handler)(bw_ctx *ctx, bw_op *op, void *target, bw_view names);

/** A read that the host could not do, already recorded as `st`, which it returns or replaces. */
typedef bw_status (*bw_failure_handler)(bw_ctx *ctx, bw_op *op, void *target, bw_status st);

/** What a failed read below a machine means: NULL ends the operation with it. */
typedef bw_status (*bw_problem_handler)(bw_ctx *ctx, bw_op *op);

typedef struct bw_op_type {
    const char *name;
    size_t machine_size; /**< zeroed memory at op->machine */
    bw_status (*begin)(bw_ctx *ctx, bw_op *op);
    bw_status (*finish)(bw_ctx *ctx, bw_op *op); /**< sets op->result or wants more */
    bw_problem_handler problem;                  /**< NULL for all but verify */
} bw_op_type;

typedef struct bw_slot bw_slot;
typedef struct bw_array_task bw_array_task;

struct bw_op {
    const bw_op_type *type;
    bw_store *store;
    const bw_node *params;
    bw_arena arena;
    void *machine;
    bw_node *result;
    bool done;

    bw_slot *slots; /**< wants by id, reused */
    uint32_t slot_count, slot_cap;
    uint32_t free_head, queue_head, queue_tail; /**< lists through slots, NO_SLOT ends */
    uint32_t outstanding;                       /**< handed out, not answered */
    bw_array_task *producers, *last_producer;   /**< array reads with chunks left to ask for */
    bw_array_task *running;                     /**< array reads not finished, for clean-up */
};

struct bw_store {
    bw_arena arena;                     /**< the consolidated document */
    const bw_json_member *consolidated; /**< by key in byte order, NULL where the host lists */
    uint32_t consolidated_count;
    bw_view template_group; /**< the last consolidated entry, see consolidated.c */
    struct bw_meta_cache *cache;
    void *self;                 /**< what a format keeps from its `open` on, or NULL */
    void (*self_free)(bw_ctx *ctx, void *self);
};

/* engine.c */
bw_status bw__want_get(bw_ctx *ctx, bw_op *op, bw_view key, bw_get_handler handler, void *target,
                       uint64_t cookie);
/** Part of a key: `length` bytes from `offset`, or with BW_SUFFIX the last ones. */
bw_status bw__want_range(bw_ctx *ctx, bw_op *op, bw_view key, uint64_t offset, uint64_t length,
                         bw_get_handler handler, void *target, uint64_t cookie);
/** Also calls `handler` if the host cannot read the key that was wanted last. */
void bw__want_on_failure(bw_op *op, bw_failure_handler handler);
bw_status bw__want_document(bw_ctx *ctx, bw_op *op, bw_view key, bw_document_handler handler,
                            void *target);
bw_status bw__want_list(bw_ctx *ctx, bw_op *op, bw_view folder, bw_list_handler handler,
                        void *target);
/** Walks a listing; `name` is without the trailing '/', which `folder` tells. */
bool bw__listing_next(bw_view *names, bw_view *name, bool *folder);
bool bw__listing_has(bw_view names, const char *name);
/** "a/b" in the operation's arena; an empty `folder` gives `name` alone. */
bw_status bw__key_join(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view name, bw_view *out);

/* metadata_cache.c: `.zarray` documents, parsed once per content */
bw_status bw__meta_cache_get(bw_ctx *ctx, bw_op *op, bw_view text, const bw_zarr_meta **out);
void bw__meta_cache_free(bw_ctx *ctx, struct bw_meta_cache *cache);

/* consolidated.c: `.zmetadata` where the host cannot list */
bw_status bw__consolidated_load(bw_ctx *ctx, bw_store *store, bw_view text);
/** True when the metadata document `key` is known: its text, or that it is absent (`ptr` NULL). */
bool bw__consolidated_document(const bw_store *store, bw_view key, bw_view *text);
/** Of version 3: the text of a root's `zarr.json`; false when it has no consolidated metadata. */
bw_status bw__consolidated_load_v3(bw_ctx *ctx, bw_store *store, bw_view text, bool *found);
/**
 * One document out of consolidated metadata of either version, the text of `.zmetadata` or a root's
 * `zarr.json`: its text, or `ptr` NULL.
 */
bw_status bw__consolidated_pick(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_view key,
                                bw_view *document);
/** The packed listing of a folder. */
bw_status bw__consolidated_list(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view *names);

/* array_task.c: read one array, or a region of it */
typedef bw_status (*bw_array_handler)(bw_ctx *ctx, bw_op *op, void *target, bw_array *array);
/** How much of it. */
typedef enum bw_array_extent {
    BW_EXTENT_REGION,  /**< what the slice says; handed over in the operation's arena */
    BW_EXTENT_CHECK,   /**< every chunk decoded, then forgotten (handed over without data) */
    BW_EXTENT_DESCRIBE /**< arrays above a few elements without data, no chunk asked for */
} bw_array_extent;
/**
 * Asks for `folder`/.zarray and then for the chunks; `slice` as in the operation
 * `zarr.read` (NULL: everything). `done` gets NULL when there is no such array.
 */
bw_status bw__array_read(bw_ctx *ctx, bw_op *op, bw_view folder, const bw_node *slice,
                         bw_array_extent extent, bw_array_handler done, void *target);
/** The same of an array whose metadata, from `metadata_key`, is known. */
bw_status bw__array_read_known(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view metadata_key,
                               const bw_zarr_meta *meta, const bw_node *slice,
                               bw_array_extent extent, bw_array_handler done, void *target);
/** The next chunk want of the first producer; false when none is left. */
bw_status bw__array_produce(bw_ctx *ctx, bw_op *op, bool *produced);
void bw__array_tasks_free(bw_ctx *ctx, bw_op *op);

/* layout.c: BORES's names on disk */
#define BW_ARROW "\xE2\x86\x92" /* U+2192, joins the keys of the flat layout */
typedef enum bw_group_kind { BW_GROUP_OTHER, BW_GROUP_ENTRY, BW_GROUP_STEP } bw_group_kind;
/** "entry_0000000012" and "step_000012" with their number. */
bw_group_kind bw__group_kind(bw_view name, int64_t *index);
bool bw__name_is_flat(bw_view name);
/** Splits and percent-decodes a flat key to a list of names. */
bw_status bw__flat_path(bw_ctx *ctx, bw_arena *arena, bw_view key, bw_node **out);
/** Appends a name to a flat key, percent-encoded. */
bw_status bw__flat_name(bw_ctx *ctx, bw_bytes *key, bw_view name);
/** Joins and percent-encodes names to a flat key. */
bw_status bw__flat_key(bw_ctx *ctx, bw_op *op, const bw_node *path, bw_view *out);
bool bw__reserved_attribute(bw_view name);
/** True when a field is a prefix of `path` or `path` of a field; no fields means everything. */
bool bw__fields_match(const bw_node *fields, const bw_node *path);

/* numbered_lists.c */
/** Turns a map that stands for a list into it; others stay. `steps`: of the oldest layout. */
bw_status bw__numbered_to_list(bw_ctx *ctx, bw_arena *arena, bw_node *map, bw_view name,
                               bool steps);
/** A child by name, or the item of that number where only some of a list were read. */
const bw_node *bw__numbered_get(const bw_node *map, bw_view name);

/* entry_tree.c: the traversal that load, inventory, read and verify share */
typedef struct bw_entry_tree {
    bw_view group;
    const bw_node *fields;
    bw_array_extent extent;
    bw_node *root;       /**< the entry's map, grows as answers come */
    bw_node *attributes; /**< the entry group's own document, NULL when it has none */
    bw_view names;       /**< the group's listing, kept until both have come */
    bool listed, attributed;
    bool found; /**< any document or array of the entry */
    struct bw_tree_node *nodes; /**< every group and array met, children before parents */
} bw_entry_tree;
bw_status bw__entry_tree_begin(bw_ctx *ctx, bw_op *op, bw_entry_tree *tree, bw_view group,
                               const bw_node *fields, bw_array_extent extent);
/** After everything has come: lists, array records. */
bw_status bw__entry_tree_finish(bw_ctx *ctx, bw_op *op, bw_entry_tree *tree);

/* entry_values.c */
/** An attribute's value: null for the text that stands for None. */
bw_status bw__attribute_value(bw_ctx *ctx, bw_arena *arena, bw_node *stored, bw_node **out);
/** Sets `finished` of what bw__entry_meta() made. */
bw_status bw__entry_finished(bw_ctx *ctx, bw_arena *arena, bw_view group,
                             const bw_node *attributes, bw_node *entry);
/** `{idx, group, meta, step, time}` of an entry's attributes (NULL: none). */
bw_status bw__entry_meta(bw_ctx *ctx, bw_arena *arena, bw_view group, const bw_node *attributes,
                         bw_node **out);

/* node_path.c */
/** The node at a list of names, through maps by name and lists by number; NULL: none. */
const bw_node *bw__node_at(const bw_node *root, const bw_node *path);
/** Takes the result at `path` of an entry's tree, or the part of an array that `slice` says. */
bw_status bw__read_result(bw_ctx *ctx, bw_op *op, const bw_node *root, const bw_node *path,
                          const bw_node *slice);
/** Refuses what is no list of names. */
bw_status bw__check_path(bw_ctx *ctx, const bw_op *op, const bw_node *path);

/* inventory_list.c */
/** The arrays of an entry's tree, as the operation `zarr.inventory` lists them. */
bw_status bw__inventory(bw_ctx *ctx, bw_arena *arena, const bw_node *root, bw_node **out);

/* verify_result.c: what verifying operations collect */
/** Adds the failure just recorded to `problems`, of which there are at most so many. */
bw_status bw__verify_problem(bw_ctx *ctx, bw_arena *arena, bw_node *problems);
/** `{arrays, chunks, nbytes, problems}` of a tree whose arrays were all decoded; NULL: of none. */
bw_status bw__verify_result(bw_ctx *ctx, bw_arena *arena, const bw_node *root, bw_node *problems,
                            bw_node **out);

/* operations.c */
extern const bw_op_type *const bw__op_types[]; /* NULL ends it */

/* params */
bw_status bw__param_text(bw_ctx *ctx, const bw_op *op, const char *name, bw_view *out);

/* one per file *_op.c */
extern const bw_op_type bw__open_op, bw__entries_op, bw__load_op, bw__inventory_op, bw__read_op,
    bw__verify_op, bw__node_op, bw__children_op, bw__array_op, bw__encode_op, bw__root_op,
    bw__consolidate_op, bw__encode_chunks_op;

#endif
