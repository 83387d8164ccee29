/* SPDX-License-Identifier: MIT */
/* Opening and closing files, and the table of operations. */
#include <string.h>

#include "h5.h"

typedef struct operation {
    const char *name;
    bw_status (*run)(bw_ctx *ctx, bw_h5_call *call);
    bool writes;
} operation;

static const operation operations[] = {
    {"open", bw__h5_op_open, false},           {"entries", bw__h5_op_entries, false},
    {"load", bw__h5_op_load, false},           {"inventory", bw__h5_op_inventory, false},
    {"read", bw__h5_op_read, false},           {"verify", bw__h5_op_verify, false},
    {"node", bw__h5_op_node, false},           {"children", bw__h5_op_children, false},
    {"array", bw__h5_op_array, false},         {"bytes", bw__h5_op_bytes, false},
    {"write", bw__h5_op_write, true},          {"remove", bw__h5_op_remove, true},
    {"clear", bw__h5_op_clear, true},          {"flush", bw__h5_op_flush, true},
    {"statistics", bw__h5_op_statistics, false},
};

/* Opening ----------------------------------------------------------------------------------- */

static hid_t access_plist(bw_h5_mode mode)
{
    hid_t plist = H5Pcreate(H5P_FILE_ACCESS);

    if (plist < 0 || H5Pset_driver(plist, bw__h5_driver(), NULL) < 0 ||
        H5Pset_fclose_degree(plist, H5F_CLOSE_STRONG) < 0 ||
        H5Pset_file_locking(plist, 0, 1) < 0 ||
        H5Pset_metadata_read_attempts(plist, 1) < 0 || /* else it sleeps and tries again */
        /* else 12 bits in four bytes are taken for damage */
        H5Pset_relax_file_integrity_checks(plist, H5F_RFIC_ALL) < 0 ||
        (mode == BW_H5_CREATE &&
         H5Pset_libver_bounds(plist, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST) < 0)) {
        if (plist >= 0) {
            (void)H5Pclose(plist);
        }
        return H5I_INVALID_HID;
    }
    return plist;
}

/* A file whose writer did not close it, or still writes, is opened for reading all the same. */
static hid_t open_file(const char *name, bw_h5_mode mode, hid_t plist)
{
    hid_t id;

    switch (mode) {
    case BW_H5_CREATE:
        return H5Fcreate(name, H5F_ACC_TRUNC, H5P_DEFAULT, plist);
    case BW_H5_UPDATE:
        return H5Fopen(name, H5F_ACC_RDWR, plist);
    default:
        id = H5Fopen(name, H5F_ACC_RDONLY, plist);
        if (id < 0 && !bw__h5_has_failed()) {
            hid_t stack = H5Eget_current_stack(); /* the reason to tell, should that fail too */
            id = H5Fopen(name, H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, plist);
            if (id < 0) {
                (void)H5Eset_current_stack(stack);
            } else {
                (void)H5Eclose_stack(stack);
            }
        }
        return id;
    }
}

/* Whether a superblock of version 3 says that the file is being written (Format Specification, II.A,
 * "File Consistency Flags"). */
static bool is_marked(const bw_h5_host *host, uint64_t size)
{
    static const uint8_t signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    uint8_t head[12];

    for (uint64_t at = 0; at + sizeof head <= size && at <= 2048; at = at == 0 ? 512 : 2 * at) {
        if (host->read(host->user, at, sizeof head, head) != BW_OK) {
            return false;
        }
        if (memcmp(head, signature, sizeof signature) == 0) {
            return head[8] >= 3 && (head[11] & 5) != 0;
        }
    }
    return false;
}

/* Why a file cannot be opened: it may be whole but for the mark of a writer that was killed. */
static bw_status fail_open(bw_ctx *ctx, const bw_h5_host *host, uint64_t size, bw_h5_mode mode)
{
    bool ours = bw__h5_has_failed();
    bw_status st = bw__h5_fail(ctx, "this is no HDF5 file, or a damaged one");
    bw_error error = ctx->error;

    if (ours || st != BW_ERR_CORRUPT || mode == BW_H5_CREATE || !is_marked(host, size)) {
        ctx->error = error;
        return st;
    }
    return mode == BW_H5_UPDATE
               ? bw_fail(ctx, st, "it is marked as open for writing: another program writes it, or was "
                                  "killed; it can be read and copied, and 'h5clear -s' of HDF5's own "
                                  "tools takes the mark away")
               : bw_fail(ctx, st, "its writer was killed, or is still at work (it is marked as open for "
                                  "writing), and it is not whole%s", strchr(error.message, ':'));
}

bw_status bw_h5_open(bw_ctx *ctx, const bw_h5_host *host, bw_h5_mode mode, bw_h5_file **out)
{
    hid_t plist = H5I_INVALID_HID;
    bw_h5_file *file;
    bw_status st;
    char name[64];
    uint64_t size = 0;
    uint32_t number;

    BW_TRY(bw__h5_enter(ctx));
    BW_TRY(bw__h5_host_add(ctx, host, &number, name));
    file = bw_alloc_zeroed(ctx, sizeof *file);
    if (file == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    *file = (bw_h5_file){.id = H5I_INVALID_HID, .writable = mode != BW_H5_READ, .host = number};
    plist = access_plist(mode);
    if (plist < 0) {
        st = bw__h5_fail(ctx, "HDF5 cannot be set up");
        goto done;
    }
    if (mode != BW_H5_CREATE && host->size(host->user, &size) == BW_OK && size == 0) {
        st = bw_fail(ctx, BW_ERR_CORRUPT, "the file is empty, so it is no HDF5 file");
        goto done;
    }
    file->id = open_file(name, mode, plist);
    if (file->id < 0) {
        st = fail_open(ctx, host, size, mode);
        goto done;
    }
    *out = file;
    file = NULL;
    st = BW_OK;

done:
    if (plist >= 0) {
        (void)H5Pclose(plist);
    }
    bw_release(ctx, file);
    if (st != BW_OK) {
        bw__h5_host_release(number);
    }
    return st;
}

bw_status bw_h5_close(bw_ctx *ctx, bw_h5_file *file)
{
    bw_status st = BW_OK;

    if (file == NULL) {
        return BW_OK;
    }
    BW_TRY(bw__h5_enter(ctx));
    if (file->writable && H5Fflush(file->id, H5F_SCOPE_GLOBAL) < 0) {
        st = bw__h5_fail(ctx, "the file cannot be written out");
    }
    if (H5Fclose(file->id) < 0 && st == BW_OK) {
        st = bw__h5_fail(ctx, "the file cannot be closed");
    }
    H5Eclear2(H5E_DEFAULT);
    bw__h5_host_release(file->host);
    bw_release(ctx, file);
    return st;
}

/* Operations -------------------------------------------------------------------------------- */

bw_status bw__h5_param(bw_ctx *ctx, const bw_h5_call *call, const char *name, bw_view *out)
{
    if (!bw_map_get_string(call->params, name, out)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "parameter '%s' must be text", name);
    }
    return BW_OK;
}

bw_status bw_h5_run(bw_ctx *ctx, bw_h5_file *file, const char *op, const bw_node *params,
                    bw_arena *arena, bw_node **out)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        bw_h5_call call = {.file = file, .params = params, .arena = arena};
        bw_status st;

        if (strcmp(operations[i].name, op) != 0) {
            continue;
        }
        if (operations[i].writes && !file->writable) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "hdf5.%s: the file was opened for reading", op);
        }
        BW_TRY(bw__h5_enter(ctx));
        st = operations[i].run(ctx, &call);
        H5Eclear2(H5E_DEFAULT);
        if (st == BW_OK && call.result == NULL) {
            call.result = bw_node_null(ctx, arena);
            st = call.result == NULL ? BW_ERR_NOMEM : BW_OK;
        }
        if (st == BW_OK) {
            *out = call.result;
        }
        return st;
    }
    return bw_fail(ctx, BW_ERR_ARGUMENT, "there is no operation hdf5.%.50s", op);
}
