/* SPDX-License-Identifier: MIT */
/**
 * The functions that js/core/core.js calls: scalars and pointers in, a status out. There is one
 * context an instance, and JavaScript is single-threaded within it. Their names stand in
 * exports.txt, which the link step reads and tests/meta compares.
 */
#ifndef BORES_WASM_EXPORTS_H
#define BORES_WASM_EXPORTS_H

#include "bores/op.h"
#include "memory_exports.h"

/* Stores and operations --------------------------------------------------------------------- */

typedef struct bw_wasm_op bw_wasm_op;

/** NULL: see bw_wasm_last_error(), as everywhere here. */
BW_EXPORT bw_store *bw_wasm_store_new(void);
BW_EXPORT void bw_wasm_store_free(bw_store *store);

/** `name` is terminated; `params` is a packed tree, copied, but for the elements of its arrays,
 *  which the caller keeps in place until the operation is freed. */
BW_EXPORT bw_wasm_op *bw_wasm_op_begin(bw_store *store, const char *name, const uint8_t *params,
                                       size_t params_len);
BW_EXPORT int bw_wasm_op_done(const bw_wasm_op *op);
/**
 * Up to `capacity` (at most 64) wants, packed: (u32 id, u32 kind, u32 key length,
 * f64 offset, f64 length, key) each; the last two are of a range, an offset of -1 counts from the end.
 * Returns how many, or -1 on failure; `*packed` is good until the next call on this operation.
 */
BW_EXPORT int bw_wasm_op_wants(bw_wasm_op *op, uint32_t capacity, const uint8_t **packed);
BW_EXPORT bw_status bw_wasm_op_give(bw_wasm_op *op, uint32_t id, const uint8_t *bytes,
                                    size_t len);
BW_EXPORT bw_status bw_wasm_op_give_listing(bw_wasm_op *op, uint32_t id, const uint8_t *names,
                                            size_t len);
/** `code` is a status name less `BW_`; one that C does not know counts as ERR_NOT_FOUND. */
BW_EXPORT bw_status bw_wasm_op_give_failure(bw_wasm_op *op, uint32_t id, const char *code,
                                            const char *message);
/** The result as a packed tree (pack.h), good until the operation is freed. */
BW_EXPORT const uint8_t *bw_wasm_op_result(bw_wasm_op *op, size_t *len);
BW_EXPORT void bw_wasm_op_free(bw_wasm_op *op);

#endif
