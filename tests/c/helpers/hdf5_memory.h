/* SPDX-License-Identifier: MIT */
/** A file in memory as the host of bw_h5_open(), and operations with parameters in JSON. */
#ifndef BORES_HDF5_MEMORY_H
#define BORES_HDF5_MEMORY_H

#include "bores/hdf5.h"

typedef struct bw_h5_memory {
    uint8_t *bytes; /**< ends with bw_h5_memory_free() */
    size_t len;
    uint64_t reads, read_bytes, writes;
    uint64_t fail_read_at;  /**< the read that fails, from 1; 0 is none */
    uint64_t fail_write_at; /**< likewise */
} bw_h5_memory;

/** Copies `bytes`, which may be empty. */
void bw_h5_memory_set(bw_h5_memory *memory, bw_view bytes);
void bw_h5_memory_free(bw_h5_memory *memory);
/** Functions over `memory`, which is borrowed. */
bw_h5_host bw_h5_memory_host(bw_h5_memory *memory);

/** Runs an operation whose parameters are the JSON text `params`. */
bw_status bw_h5_run_json(bw_ctx *ctx, bw_h5_file *file, const char *op, const char *params,
                         bw_arena *arena, bw_node **out);

/**
 * Everything in the file: described, listed, read; and as a store of entries. Failures of single
 * objects are passed over, but for BW_ERR_INTERNAL and those without a message, which abort().
 * `*problems` counts them.
 */
bw_status bw_h5_walk(bw_ctx *ctx, bw_h5_file *file, unsigned *problems);

#endif
