/* SPDX-License-Identifier: MIT */
/** An entry's tree out of its groups: the traversal behind load, inventory, read and verify. */
#ifndef BORES_HDF5_H5_ENTRY_H
#define BORES_HDF5_H5_ENTRY_H

#include "h5.h"
#include "entry/entry.h"

typedef struct bw_h5_entry {
    bw_h5_file *file;
    bw_arena *arena;
    bw_view group;
    const bw_node *fields;
    bw_array_extent extent;
    bw_node *problems;   /**< verify: failures are collected here; else NULL */
    bw_node *root;       /**< the entry's data */
    bw_node *attributes; /**< of its group, `_meta` parsed */
    uint32_t nodes;      /**< visited so far */
} bw_h5_entry;

/** Fills `root` and `attributes`; the rest is the caller's. */
bw_status bw__h5_entry_load(bw_ctx *ctx, bw_h5_entry *entry);
/** `_meta` is JSON text in these files; other forms stay as they are. */
bw_status bw__h5_parse_meta(bw_ctx *ctx, bw_arena *arena, bw_node *attributes);

#endif
