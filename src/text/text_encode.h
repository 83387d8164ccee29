/* SPDX-License-Identifier: MIT */
/** Trees of entries without arrays: what documents of text can say. */
#ifndef BORES_TEXT_TEXT_ENCODE_H
#define BORES_TEXT_TEXT_ENCODE_H

#include "bores/tree.h"

typedef enum bw_text_arrays {
    BW_TEXT_RECORDS, /**< what the newest BORES makes of arrays: bw_record_make() */
    BW_TEXT_RAW,     /**< {__ndarray__, encoding: list or base64, dtype, shape, data}: BORES's JSON
                      *   of arrays that it has left alone */
    BW_TEXT_STORE,   /**< so all of them, those of sparse tensors and of numbers that are not finite
                      *   too: nothing that BORES's JSON store does not know */
    BW_TEXT_KEEP     /**< as they are: the format's writer has a form for them */
} bw_text_arrays;

typedef struct bw_text_form {
    bw_text_arrays arrays;
    bool finite; /**< the format has no NaN and no infinity */
} bw_text_form;

/**
 * A copy of `node` in the form. A number that is not finite, where the format has none, becomes
 * the record of an array without axes; the default of a sparse tensor becomes null, as BORES writes
 * it.
 * Errors: BW_ERR_UNSUPPORTED and BW_ERR_LIMIT naming the path; BW_ERR_NOMEM.
 */
bw_status bw__text_form_tree(bw_ctx *ctx, bw_arena *arena, const bw_text_form *form,
                             const bw_node *node, bw_node **out);

#endif
