/* SPDX-License-Identifier: MIT */
/** What the operations over Zarr share. */
#ifndef BORES_ZARR_ZARR_STORE_H
#define BORES_ZARR_ZARR_STORE_H

#include "bores/json.h"
#include "bores/zarr.h"
#include "entry/entry.h"
#include "op/engine.h"

/* zarr_store.c: what is kept of a store */
typedef struct bw_zarr_store {
    bw_arena arena;                     /**< the consolidated document */
    const bw_json_member *consolidated; /**< by key in byte order, NULL where the host lists */
    uint32_t consolidated_count;
    bw_view template_group; /**< the last consolidated entry, see consolidated.c */
    bool v3;                /**< Zarr version 3, else 2: found by `zarr.open` */
    struct bw_meta_cache *cache;
} bw_zarr_store;
/** Made when it is first asked for. */
bw_status bw__zarr_store(bw_ctx *ctx, bw_op *op, bw_zarr_store **out);
/** True once `zarr.open` has found version 3. */
bool bw__is_v3(const bw_op *op);
/** True once consolidated metadata have been loaded. */
bool bw__is_consolidated(const bw_op *op);
/** An array's document, parsed once per content; NULL for a group's (version 3). */
bw_status bw__meta_cache_get(bw_ctx *ctx, bw_op *op, bw_view text, const bw_array_meta **out);
/** Whether `path`, below its entry, was a group in another entry (of version 2, where a listing tells). */
bw_status bw__group_expected(bw_ctx *ctx, bw_op *op, bw_view path, bool *expected);
/** Takes note of a group that was met. */
bw_status bw__group_met(bw_ctx *ctx, bw_op *op, bw_view path);

/* consolidated.c: `.zmetadata` where the host cannot list */
bw_status bw__consolidated_load(bw_ctx *ctx, bw_op *op, bw_view text);
/** True when the metadata document `key` is known: its text, or that it is absent (`ptr` NULL). */
bool bw__consolidated_document(const bw_zarr_store *store, bw_view key, bw_view *text);
/** Of version 3: the text of a root's `zarr.json`; false when it has no consolidated metadata. */
bw_status bw__consolidated_load_v3(bw_ctx *ctx, bw_op *op, bw_view text, bool *found);
/**
 * One document out of consolidated metadata of either version, the text of `.zmetadata` or a root's
 * `zarr.json`: its text, or `ptr` NULL.
 */
bw_status bw__consolidated_pick(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_view key,
                                bw_view *document);
/** The packed listing of a folder. */
bw_status bw__consolidated_list(bw_ctx *ctx, bw_op *op, const bw_zarr_store *store, bw_view folder,
                                bw_view *names);

/* array_task.c: read one array, or a region of it */
typedef bw_status (*bw_array_handler)(bw_ctx *ctx, bw_op *op, void *target, bw_array *array);
/**
 * Asks for the document of `folder` and then for the chunks; `slice` as in the operation
 * `zarr.read` (NULL: everything). `done` gets NULL when there is no such array.
 */
bw_status bw__array_read(bw_ctx *ctx, bw_op *op, bw_view folder, const bw_node *slice,
                         bw_array_extent extent, bw_array_handler done, void *target);
/** The same of an array whose metadata, from `metadata_key`, is known. */
bw_status bw__array_read_known(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view metadata_key,
                               const bw_array_meta *meta, const bw_node *slice,
                               bw_array_extent extent, bw_array_handler done, void *target);

/* chunk_names.c */
/**
 * BW_ERR_METADATA where the listing of an array's folder has chunks under names that the metadata do not
 * give; `may_nest`: but for folders of numbers, which may be those of other chunks.
 */
bw_status bw__chunk_names_check(bw_ctx *ctx, const bw_array_meta *meta, bool may_nest, bw_view names);

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

/* one per file *_op.c */
extern const bw_op_type bw__open_op, bw__entries_op, bw__load_op, bw__inventory_op, bw__read_op,
    bw__verify_op, bw__node_op, bw__children_op, bw__array_op, bw__encode_op, bw__root_op,
    bw__consolidate_op, bw__encode_chunks_op, bw__statistics_op;

#endif
