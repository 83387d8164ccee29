/* SPDX-License-Identifier: MIT */
/**
 * The functions of the HDF5 module that js/core/hdf5-core.js calls, beside those of
 * memory_exports.h. Their names stand in hdf5_exports.txt.
 */
#ifndef BORES_WASM_HDF5_EXPORTS_H
#define BORES_WASM_HDF5_EXPORTS_H

#include "bores/hdf5.h"
#include "wasm/memory_exports.h"

typedef struct bw_wasm_hdf5 bw_wasm_hdf5;

/** `source` is the host's number for the file; `mode` a bw_h5_mode. NULL: see
 *  bw_wasm_last_error(), as everywhere here. */
BW_EXPORT bw_wasm_hdf5 *bw_wasm_hdf5_open(uint32_t source, uint32_t mode);
BW_EXPORT bw_status bw_wasm_hdf5_close(bw_wasm_hdf5 *file);
/**
 * Runs an operation. `name` is terminated, `params` a packed tree (pack.h). The result is a packed
 * tree, good until bw_wasm_hdf5_result_free(), which must come before the next call.
 */
BW_EXPORT const uint8_t *bw_wasm_hdf5_run(bw_wasm_hdf5 *file, const char *name,
                                          const uint8_t *params, size_t params_len, size_t *len);
BW_EXPORT void bw_wasm_hdf5_result_free(bw_wasm_hdf5 *file);
/** Bytes that HDF5 itself may allocate; 0 leaves the limit as it is. */
BW_EXPORT void bw_wasm_hdf5_set_heap_limit(double nbytes);
/** bw_h5_heap_refused() */
BW_EXPORT uint32_t bw_wasm_hdf5_heap_refused(void);

#endif
