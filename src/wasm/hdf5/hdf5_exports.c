/* SPDX-License-Identifier: MIT */
/* The HDF5 module: files whose bytes are imports of the module; hdf5_exports.h is the contract. */
#include "hdf5_exports.h"

#include "bores/pack.h"
#include "wasm/wasm_internal.h"

#define HOST(name) __attribute__((import_module("bores"), import_name(#name)))

HOST(read) uint32_t host_read(uint32_t source, double offset, uint32_t len, uint8_t *out);
HOST(write) uint32_t host_write(uint32_t source, double offset, uint32_t len, const uint8_t *bytes);
HOST(truncate) uint32_t host_truncate(uint32_t source, double size);
HOST(size) double host_size(uint32_t source);
HOST(sibling) uint32_t host_sibling(uint32_t source, const char *name);
HOST(released) void host_released(uint32_t source);

struct bw_wasm_hdf5 {
    bw_h5_file *file;
    bw_arena result;
    bw_bytes packed;
};

static uint32_t source_of(void *user)
{
    return (uint32_t)(uintptr_t)user;
}

/* The host keeps what it threw, which is what the caller gets to see. */
static bw_status host_status(uint32_t failed)
{
    return failed ? BW_ERR_NOT_FOUND : BW_OK;
}

static bw_status on_read(void *user, uint64_t offset, size_t len, uint8_t *out)
{
    return host_status(host_read(source_of(user), (double)offset, (uint32_t)len, out));
}

static bw_status on_write(void *user, uint64_t offset, size_t len, const uint8_t *bytes)
{
    return host_status(host_write(source_of(user), (double)offset, (uint32_t)len, bytes));
}

static bw_status on_truncate(void *user, uint64_t size)
{
    return host_status(host_truncate(source_of(user), (double)size));
}

static bw_status on_size(void *user, uint64_t *out)
{
    double size = host_size(source_of(user));

    if (!(size >= 0)) {
        return BW_ERR_NOT_FOUND;
    }
    *out = (uint64_t)size;
    return BW_OK;
}

static bool on_sibling(void *user, const char *name, bw_h5_host *out);

static void on_released(void *user)
{
    host_released(source_of(user));
}

static bw_h5_host host_of(uint32_t source)
{
    return (bw_h5_host){on_read, on_size, on_write, on_truncate, on_sibling, on_released,
                        (void *)(uintptr_t)source};
}

static bool on_sibling(void *user, const char *name, bw_h5_host *out)
{
    uint32_t source = host_sibling(source_of(user), name);

    *out = host_of(source);
    return source != 0;
}

bw_wasm_hdf5 *bw_wasm_hdf5_open(uint32_t source, uint32_t mode)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_wasm_hdf5 *file = bw_alloc_zeroed(ctx, sizeof *file);
    bw_h5_host host = host_of(source);

    if (file != NULL && bw_h5_open(ctx, &host, (bw_h5_mode)mode, &file->file) != BW_OK) {
        bw_release(ctx, file);
        return NULL;
    }
    return file;
}

bw_status bw_wasm_hdf5_close(bw_wasm_hdf5 *file)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_status st = bw_h5_close(ctx, file->file);

    bw_wasm_hdf5_result_free(file);
    bw_bytes_free(ctx, &file->packed);
    bw_release(ctx, file);
    return st;
}

const uint8_t *bw_wasm_hdf5_run(bw_wasm_hdf5 *file, const char *name, const uint8_t *params,
                                size_t params_len, size_t *len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_node *tree = NULL, *result = NULL;
    bw_status st = bw_wasm_params(ctx, &file->result, (bw_view){params, params_len}, &tree);

    file->packed.len = 0;
    if (st == BW_OK) {
        st = bw_h5_run(ctx, file->file, name, tree, &file->result, &result);
    }
    if (st == BW_OK) {
        st = bw_pack(ctx, result, &file->packed);
    }
    if (st != BW_OK) {
        bw_wasm_hdf5_result_free(file);
        return NULL;
    }
    *len = file->packed.len;
    return file->packed.ptr;
}

void bw_wasm_hdf5_result_free(bw_wasm_hdf5 *file)
{
    bw_arena_free(bw_wasm_ctx(), &file->result);
}

void bw_wasm_hdf5_set_heap_limit(double nbytes)
{
    if (nbytes > 0) {
        bw_h5_set_heap_limit((uint64_t)nbytes);
    }
}

uint32_t bw_wasm_hdf5_heap_refused(void)
{
    return bw_h5_heap_refused() ? 1 : 0;
}
