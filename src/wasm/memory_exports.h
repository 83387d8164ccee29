/* SPDX-License-Identifier: MIT */
/** Memory and errors: what js/core/core.js needs of either module. */
#ifndef BORES_WASM_MEMORY_EXPORTS_H
#define BORES_WASM_MEMORY_EXPORTS_H

#include "bores/context.h"

/** Marks a function that JavaScript calls. */
#define BW_EXPORT __attribute__((visibility("default"), used))

/* Memory and errors ------------------------------------------------------------------------- */

BW_EXPORT void *bw_wasm_alloc(size_t nbytes);
BW_EXPORT void bw_wasm_free(void *ptr);

/** The last error, at fixed offsets: three texts (terminated), then the two numbers of a limit. */
typedef struct bw_wasm_error {
    const char *code;    /**< 0: status name less `BW_` */
    const char *message; /**< 4 */
    const char *key;     /**< 8: "" when none is known */
    uint32_t padding;
    double needed; /**< 16 */
    double limit;  /**< 24 */
} bw_wasm_error;

BW_EXPORT const bw_wasm_error *bw_wasm_last_error(void);

/** Limits of the instance, in bytes; 0 leaves one as it is. */
BW_EXPORT void bw_wasm_set_limits(double max_array_bytes, double max_document_bytes);

#endif
