/* SPDX-License-Identifier: MIT */
/**
 * A BORES entry, whatever holds it: the names of groups and attributes, lists that are stored as maps,
 * metadata, values by their paths.
 */
#ifndef BORES_ENTRY_ENTRY_H
#define BORES_ENTRY_ENTRY_H

#include "bores/chunks.h"

/** How much of its arrays an operation wants of an entry. */
typedef enum bw_array_extent {
    BW_EXTENT_REGION,  /**< what the slice says; handed over in the operation's arena */
    BW_EXTENT_CHECK,   /**< every chunk decoded, then forgotten (handed over without data) */
    BW_EXTENT_DESCRIBE /**< arrays above a few elements without data, no chunk asked for */
} bw_array_extent;

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
bw_status bw__flat_key(bw_ctx *ctx, bw_arena *arena, const bw_node *path, bw_view *out);
bool bw__reserved_attribute(bw_view name);
/** True when a field is a prefix of `path` or `path` of a field; no fields means everything. */
bool bw__fields_match(const bw_node *fields, const bw_node *path);

/* numbered_lists.c */
/** Turns a map that stands for a list into it; others stay. `steps`: of the oldest layout. */
bw_status bw__numbered_to_list(bw_ctx *ctx, bw_arena *arena, bw_node *map, bw_view name,
                               bool steps);
/** A child by name, or the item of that number where only some of a list were read. */
const bw_node *bw__numbered_get(const bw_node *map, bw_view name);

/* entry_values.c */
/** An attribute's value: null for the text that stands for None. */
bw_status bw__attribute_value(bw_ctx *ctx, bw_arena *arena, bw_node *stored, bw_node **out);
/** True for a map of {shape, dtype, default, keys, values} and nothing else. */
bool bw__is_sparse_tensor(const bw_node *map);
/** Sets `finished` of what bw__entry_meta() made. */
bw_status bw__entry_finished(bw_ctx *ctx, bw_arena *arena, bw_view group,
                             const bw_node *attributes, bw_node *entry);
/** `{idx, group, meta, step, time}` of an entry's attributes (NULL: none). */
bw_status bw__entry_meta(bw_ctx *ctx, bw_arena *arena, bw_view group, const bw_node *attributes,
                         bw_node **out);

/* node_path.c */
/** The node at a list of names, through maps by name and lists by number; NULL: none. */
const bw_node *bw__node_at(const bw_node *root, const bw_node *path);
/** What is at `path` of an entry's tree, or the part of an array that `slice` says. */
bw_status bw__read_result(bw_ctx *ctx, bw_arena *arena, const bw_node *root, const bw_node *path,
                          const bw_node *slice, bw_node **out);
/** Refuses what is no list of names; `operation` is for the message. */
bw_status bw__check_path(bw_ctx *ctx, const char *operation, const bw_node *path);

/* inventory_list.c */
/** The arrays of an entry's tree, as the operation `zarr.inventory` lists them. */
bw_status bw__inventory(bw_ctx *ctx, bw_arena *arena, const bw_node *root, bw_node **out);

/* verify_result.c: what verifying operations collect */
/** Adds the failure just recorded to `problems`, of which there are at most so many. */
bw_status bw__verify_problem(bw_ctx *ctx, bw_arena *arena, bw_node *problems);
/** `{arrays, chunks, nbytes, problems}` of a tree whose arrays were all decoded; NULL: of none. */
bw_status bw__verify_result(bw_ctx *ctx, bw_arena *arena, const bw_node *root, bw_node *problems,
                            bw_node **out);

#endif
