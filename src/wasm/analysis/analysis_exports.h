/* SPDX-License-Identifier: MIT */
/** Analyses for JavaScript: trees in and out as packed bytes (bores/pack.h). */
#ifndef BORES_WASM_ANALYSIS_EXPORTS_H
#define BORES_WASM_ANALYSIS_EXPORTS_H

#include "bores/analysis.h"
#include "wasm/memory_exports.h"

typedef struct bw_wasm_analysis bw_wasm_analysis;

/** NULL: see the last error. End it with bw_wasm_analysis_free(). */
BW_EXPORT bw_wasm_analysis *bw_wasm_analysis_new(const uint8_t *options, size_t len);
BW_EXPORT void bw_wasm_analysis_free(bw_wasm_analysis *analysis);
/** The state's arrays are borrowed for the call. */
BW_EXPORT bw_status bw_wasm_analysis_add(bw_wasm_analysis *analysis, const uint8_t *state,
                                         size_t len);
/** bw_analysis_refer() and bw_analysis_take(), whose `taken` is 1 or 0. */
BW_EXPORT bw_status bw_wasm_analysis_refer(bw_wasm_analysis *analysis, const uint8_t *reference, size_t len);
BW_EXPORT bw_status bw_wasm_analysis_take(bw_wasm_analysis *analysis, const uint8_t *digest, size_t len,
                                          uint32_t *taken);
/** Packed trees that live until the next call of the same analysis; NULL: see the last error. */
BW_EXPORT const uint8_t *bw_wasm_analysis_fields(bw_wasm_analysis *analysis, size_t *len);
BW_EXPORT const uint8_t *bw_wasm_analysis_reference(bw_wasm_analysis *analysis, size_t *len);
/** `entry` is what an operation `load` gives: the state is its `data`. */
BW_EXPORT const uint8_t *bw_wasm_analysis_digest(bw_wasm_analysis *analysis, const uint8_t *entry,
                                                 size_t entry_len, size_t *len);
/** `params` is the list [name, options, state or null]. */
BW_EXPORT const uint8_t *bw_wasm_analysis_ask(bw_wasm_analysis *analysis, const uint8_t *params,
                                              size_t params_len, size_t *len);

#endif
