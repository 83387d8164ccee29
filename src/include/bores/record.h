/* SPDX-License-Identifier: MIT */
/**
 * Array records: the maps in which BORES keeps an array where a format has none.
 *
 *     {"__ndarray__": true, "dtype": "<f8", "shape": [10, 8, 3], "encoding": E, …}
 *
 * | E | further keys | elements |
 * |---|---|---|
 * | empty | – | none |
 * | scalar | value | all equal |
 * | layered | axis, data | a profile along one axis, the same everywhere in the others |
 * | sparse | fill, indices, values | `fill` but for some flat C-order indices (int32) |
 * | dense, base64 | data | all, in C order |
 * | list | data | numbers in nested lists, or in one flat list |
 *
 * `data`, `indices` and `values` are base64 (RFC 4648) of packed elements, little-endian but for
 * dtypes that say otherwise. `shape` may be an array node, since some stores keep it as a dataset.
 * In numbers of float dtypes null is NaN: JSON as BORES writes it has no other way to say it.
 */
#ifndef BORES_RECORD_H
#define BORES_RECORD_H

#include "bores/tree.h"

/**
 * Replaces every array record in the tree by an array node; the rest stays as it is, sparse
 * tensors (shape, dtype, default, keys, values) among it. All arrays together may take
 * `limits.max_array_bytes`, as a record of a few bytes can ask for any size.
 *
 * Owner:  arrays live in `arena`, where the tree does. On error the tree may be expanded in part.
 * Errors: BW_ERR_CORRUPT, BW_ERR_METADATA, BW_ERR_UNSUPPORTED, all naming the dotted path and both
 *         values; BW_ERR_LIMIT for sizes and for nesting deeper than `limits.max_depth`.
 */
bw_status bw_record_expand(bw_ctx *ctx, bw_arena *arena, bw_node **root);

/**
 * The record of an array, in the first encoding that fits, which is BORES's choice: empty; scalar:
 * all equal; layered: along axis rank - 1, …, 1, 0; sparse: at least 10 elements of which less
 * than 5 % differ from the most frequent one; dense. NaN is equal to nothing, not even to NaN, and
 * -0 is not 0, so every bit comes back.
 *
 * Errors: BW_ERR_UNSUPPORTED for elements that are no bool, integer or float; BW_ERR_NOMEM.
 */
bw_status bw_record_make(bw_ctx *ctx, bw_arena *arena, const bw_array *array, bw_node **out);
/** The same without any number that is not finite, which some documents cannot hold. */
bw_status bw_record_make_finite(bw_ctx *ctx, bw_arena *arena, const bw_array *array,
                                bw_node **out);
/** An element as a number or bool node; NULL (recorded) when memory is out. */
bw_node *bw_record_element(bw_ctx *ctx, bw_arena *arena, const bw_array *array, uint64_t at);
/** A string node: the base64 text of bytes. */
bw_node *bw_record_base64(bw_ctx *ctx, bw_arena *arena, bw_view bytes);

#endif
