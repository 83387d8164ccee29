/* SPDX-License-Identifier: MIT */
/**
 * HDF5 files as trees, over the HDF5 library and a driver of our own: the host reads and writes
 * bytes, synchronously, and no file system is touched.
 *
 * Operations take and give trees, as those of op.h do, but each is one call. Their names,
 * parameters and results are listed at the top of js/core/hdf5-core.js.
 *
 * Thread: one at a time in a process, since HDF5's state is global.
 */
#ifndef BORES_HDF5_H
#define BORES_HDF5_H

#include "bores/tree.h"

/** Bytes of one file. A function that fails returns anything but BW_OK; the file's operation ends
 *  with that status. `write`, `truncate` and `sibling` may be NULL. */
typedef struct bw_h5_host {
    /** Fills `out` with `len` bytes; never asked for beyond the size. */
    bw_status (*read)(void *user, uint64_t offset, size_t len, uint8_t *out);
    bw_status (*size)(void *user, uint64_t *out);
    bw_status (*write)(void *user, uint64_t offset, size_t len, const uint8_t *bytes);
    bw_status (*truncate)(void *user, uint64_t size);
    /** A file beside this one, for external links and virtual datasets: false when there is none.
     *  Fills `*out`, whose functions and `released` are called with its own `user`. */
    bool (*sibling)(void *user, const char *name, struct bw_h5_host *out);
    /** Nothing will be asked of `user` any more; may be NULL. */
    void (*released)(void *user);
    void *user;
} bw_h5_host;

typedef enum bw_h5_mode {
    BW_H5_READ,
    BW_H5_UPDATE, /**< read and write */
    BW_H5_CREATE  /**< a new file, whatever was there */
} bw_h5_mode;

typedef struct bw_h5_file bw_h5_file;

/**
 * Opens a file. `host` is copied; its `released` is called at the end, or now on failure.
 * Errors: BW_ERR_CORRUPT for what is no HDF5 file or a damaged one; the host's.
 */
bw_status bw_h5_open(bw_ctx *ctx, const bw_h5_host *host, bw_h5_mode mode, bw_h5_file **out);

/**
 * Runs an operation. Owner: the result lives in `arena`.
 * Errors: BW_ERR_ARGUMENT for an unknown name or parameters of another type; BW_ERR_NOT_FOUND naming
 * the path; BW_ERR_UNSUPPORTED naming the filter or type; BW_ERR_CORRUPT with HDF5's own reason;
 * BW_ERR_LIMIT for arrays beyond `limits.max_array_bytes` and for what HDF5 may not allocate.
 */
bw_status bw_h5_run(bw_ctx *ctx, bw_h5_file *file, const char *op, const bw_node *params,
                    bw_arena *arena, bw_node **out);

/** Flushes and closes; `file` is gone whatever the status. NULL is accepted. */
bw_status bw_h5_close(bw_ctx *ctx, bw_h5_file *file);

/** What HDF5's own allocations may come to in all, bytes (256 MiB). */
void bw_h5_set_heap_limit(uint64_t nbytes);
/** What they come to now. */
uint64_t bw_h5_heap_used(void);
/** Whether HDF5 was ever refused memory: it may have left its own tables half done, and is not to be
 *  relied on any more. */
bool bw_h5_heap_refused(void);

#endif
