/* SPDX-License-Identifier: MIT */
/**
 * Entries to keys and bytes, in BORES's nested and flat layouts: what the files encode_*.c share.
 *
 * A failure leaves in `path` where in the entry it happened; whoever began the encoder adds that to
 * the message (bw__encoder_fail).
 */
#ifndef BORES_ENTRY_ENCODE_H
#define BORES_ENTRY_ENCODE_H

#include "bores/chunks.h"

#define BW_NONE_SENTINEL "__NONE_SENTINEL__" /* None as text, in the attributes of both layouts */

typedef struct bw_encoder {
    bw_ctx *ctx;
    bw_arena *arena;       /**< of the operation, where `puts` lives */
    bool flat;             /**< else nested */
    bool records;          /**< arrays as records, but for bw__is_list_field() */
    bool v3;               /**< documents of Zarr version 3, else 2 */
    bool keeps_statistics; /**< beside the data */
    const bw_node *chunks; /**< a list of lengths, or NULL for BORES's own */
    const bw_node *shards; /**< the same of shards, or NULL for none (version 3) */
    bw_codec compressor;
    bw_node *puts;  /**< key → array of bytes, in the order in which they are to be written */
    bw_bytes key;   /**< scratch */
    bw_bytes bytes; /**< scratch */
    bw_bytes path;  /**< names joined by dots */
    bw_bytes names; /**< the same names, a bw_view each */
    bw_node *statistics; /**< of the entry's arrays so far, in maps as its groups; NULL: none */
    uint32_t depth;
} bw_encoder;

/** What a value becomes. */
typedef enum bw_form {
    BW_FORM_ATTRIBUTE, /**< a scalar */
    BW_FORM_ARRAY,     /**< an array, or a list of numbers as one */
    BW_FORM_MAP,       /**< a mapping, or an array as its record */
    BW_FORM_MAPS,      /**< a list of mappings, not empty */
    BW_FORM_JSON       /**< any other list, without arrays */
} bw_form;

/* encode_value.c */
/**
 * Decides the form of a map's value `*node` and puts a node of that form in its place: lists of
 * numbers become arrays, arrays records where they are to be.
 */
bw_status bw__encode_form(bw_encoder *e, const bw_node *parent, bw_view name, const bw_node **node,
                          bw_form *form);
/** A copy with records for arrays, so that JSON can say it. */
bw_status bw__encode_plain(bw_encoder *e, const bw_node *node, bw_node **out);
/** Refuses the text that stands for None. */
bw_status bw__encode_check_scalar(bw_encoder *e, const bw_node *node);

/* encode_statistics.c */
/** Takes note of an array that is encoded under `name`. */
bw_status bw__encode_tally(bw_encoder *e, const bw_node *parent, bw_view name, const bw_array *array);
/** Whether there are to be any: `statistics`, false where it is not given. */
bw_status bw__param_statistics(bw_ctx *ctx, const bw_node *params, bw_encoder *e);
/** The text of what was noted since the last call, or NULL. */
bw_status bw__encode_statistics(bw_encoder *e, bw_node **out);

/* encode_lists.c */
/** A rectangular list of numbers or of bools as numpy.array() makes it; `*out` is NULL for any
 *  other list. [] is int8 [0]. */
bw_status bw__list_to_array(bw_ctx *ctx, bw_arena *arena, const bw_node *list, bw_array **out);
/** True for the fields that BORES holds in lists, and so never writes as records. */
bool bw__is_list_field(bw_view name);

/* encode_path.c */
/** `arena` is the result's. */
bw_status bw__encoder_begin(bw_ctx *ctx, bw_arena *arena, bw_encoder *e);
void bw__encoder_end(bw_encoder *e);
/** Enters a child for messages; `*before` is for bw__encode_leave(). Limits the depth. */
bw_status bw__encode_enter(bw_encoder *e, bw_view name, size_t *before);
void bw__encode_leave(bw_encoder *e, size_t before);
/** Puts "entry.path: " before the failure just recorded. */
void bw__encoder_fail(bw_encoder *e, bw_status st);
/** A mapping of mappings "0", "1", … would be read back as a list; records are mappings too. */
bool bw__encode_looks_like_list(const bw_encoder *e, const bw_node *map);

#endif
