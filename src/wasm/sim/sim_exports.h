/* SPDX-License-Identifier: MIT */
/** Simulations for JavaScript: trees go in and come out packed (pack.h); sim.h is the contract. */
#ifndef BORES_WASM_SIM_EXPORTS_H
#define BORES_WASM_SIM_EXPORTS_H

#include "bores/sim.h"
#include "wasm/memory_exports.h"

typedef struct bw_wasm_sim bw_wasm_sim;

/** NULL on failure. */
BW_EXPORT bw_wasm_sim *bw_wasm_sim_new(const uint8_t *model, size_t len);
BW_EXPORT void bw_wasm_sim_free(bw_wasm_sim *sim);
BW_EXPORT bw_status bw_wasm_sim_step(bw_wasm_sim *sim, double until_day);
BW_EXPORT double bw_wasm_sim_day(const bw_wasm_sim *sim);
BW_EXPORT double bw_wasm_sim_last_day(const bw_wasm_sim *sim);
/** A bw_sim_part, packed; it and its arrays stand until the next call with `sim`. NULL: failure. */
BW_EXPORT const uint8_t *bw_wasm_sim_read(bw_wasm_sim *sim, int part, size_t *len);
BW_EXPORT bw_status bw_wasm_sim_restore(bw_wasm_sim *sim, const uint8_t *saved, size_t len);
BW_EXPORT bw_status bw_wasm_sim_change(bw_wasm_sim *sim, const uint8_t *wells, size_t len);
/** A packed list of problems, for bw_wasm_free(). NULL: failure. */
BW_EXPORT const uint8_t *bw_wasm_sim_problems(const uint8_t *model, size_t model_len,
                                              size_t *len);

#endif
