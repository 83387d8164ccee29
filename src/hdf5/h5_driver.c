/* SPDX-License-Identifier: MIT */
/*
 * The virtual file driver: HDF5's reads and writes become calls of the host. The library names
 * files by text, so a host is entered in a table and named "/bores/<number>/file"; another name in
 * the same folder is how HDF5 asks for a file beside it (external links, virtual datasets).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <H5FDdevelop.h>

#include "h5.h"

#define MAX_HOSTS 64u
#define FOLDER "/bores/"

typedef struct slot {
    bw_h5_host host;
    uint32_t users;
} slot;

static slot slots[MAX_HOSTS];

/* One file as HDF5 sees it. */
typedef struct driver_file {
    H5FD_t base; /* must be first */
    uint32_t number;
    haddr_t eoa, size;
    bool writable;
} driver_file;

/* The table --------------------------------------------------------------------------------- */

bw_status bw__h5_host_add(bw_ctx *ctx, const bw_h5_host *host, uint32_t *number, char name[64])
{
    for (uint32_t i = 0; i < MAX_HOSTS; i++) {
        if (slots[i].users == 0) {
            slots[i] = (slot){*host, 1};
            *number = i;
            snprintf(name, 64, FOLDER "%u/file", (unsigned)i);
            return BW_OK;
        }
    }
    return bw_fail_limit(ctx, "open HDF5 files", MAX_HOSTS + 1, MAX_HOSTS);
}

void bw__h5_host_release(uint32_t number)
{
    slot *s = &slots[number];

    if (s->users > 0 && --s->users == 0 && s->host.released != NULL) {
        s->host.released(s->host.user);
    }
}

static bw_status host_size(bw_ctx *ctx, uint32_t number, uint64_t *size)
{
    bw_status st = slots[number].host.size(slots[number].host.user, size);

    if (st != BW_OK) {
        return bw_fail(ctx, st, "the size of the HDF5 file could not be told");
    }
    return BW_OK;
}

static bw_status check_range(bw_ctx *ctx, uint64_t size, uint64_t offset, uint64_t len)
{
    if (offset > size || len > size - offset) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%llu bytes at %llu are beyond the end of the file, "
                       "which has %llu", (unsigned long long)len, (unsigned long long)offset,
                       (unsigned long long)size);
    }
    return BW_OK;
}

static bw_status range_read(bw_ctx *ctx, uint32_t number, uint64_t size, uint64_t offset,
                            size_t len, uint8_t *out)
{
    bw_status st;

    BW_TRY(check_range(ctx, size, offset, len));
    if (len == 0) {
        return BW_OK;
    }
    st = slots[number].host.read(slots[number].host.user, offset, len, out);
    return st == BW_OK ? BW_OK
                       : bw_fail(ctx, st, "%zu bytes at %llu of %llu could not be read", len,
                                 (unsigned long long)offset, (unsigned long long)size);
}

bw_status bw__h5_host_check(bw_ctx *ctx, uint32_t number, uint64_t offset, uint64_t len)
{
    uint64_t size;

    BW_TRY(host_size(ctx, number, &size));
    return check_range(ctx, size, offset, len);
}

bw_status bw__h5_host_read(bw_ctx *ctx, uint32_t number, uint64_t offset, size_t len, uint8_t *out)
{
    uint64_t size;

    BW_TRY(host_size(ctx, number, &size));
    return range_read(ctx, number, size, offset, len, out);
}

/* Opening ----------------------------------------------------------------------------------- */

/* "/bores/3/file" is 3; any other name in that folder is a sibling of 3. */
static bool resolve(const char *name, uint32_t *number)
{
    const size_t lead = sizeof FOLDER - 1;
    char *end;
    unsigned long at;
    bw_h5_host sibling = {0};
    char unused[64];

    if (strncmp(name, FOLDER, lead) != 0) {
        return false;
    }
    at = strtoul(name + lead, &end, 10);
    if (at >= MAX_HOSTS || slots[at].users == 0 || *end != '/') {
        return false;
    }
    *number = (uint32_t)at;
    if (strcmp(end, "/file") == 0) {
        slots[at].users++;
        return true;
    }
    return slots[at].host.sibling != NULL &&
           slots[at].host.sibling(slots[at].host.user, end + 1, &sibling) &&
           bw__h5_host_add(bw__h5_ctx(), &sibling, number, unused) == BW_OK;
}

static H5FD_t *driver_open(const char *name, unsigned flags, hid_t fapl, haddr_t maxaddr)
{
    driver_file *file;
    uint64_t size = 0;
    uint32_t number;

    (void)fapl;
    (void)maxaddr;
    if (!resolve(name, &number)) {
        const char *last = strrchr(name, '/');
        (void)bw_fail(bw__h5_ctx(), BW_ERR_NOT_FOUND, "%.200s: this file, which another one "
                      "refers to, is not at hand", last != NULL ? last + 1 : name);
        return NULL; /* not recorded: HDF5 tries several names */
    }
    file = bw_alloc_zeroed(bw__h5_ctx(), sizeof *file);
    if (file == NULL || host_size(bw__h5_ctx(), number, &size) != BW_OK) {
        (void)bw__h5_callback_failed();
        bw_release(bw__h5_ctx(), file);
        bw__h5_host_release(number);
        return NULL;
    }
    file->number = number;
    file->writable = (flags & H5F_ACC_RDWR) != 0;
    file->size = (flags & H5F_ACC_TRUNC) != 0 ? 0 : size;
    return &file->base;
}

static herr_t driver_close(H5FD_t *base)
{
    driver_file *file = (driver_file *)(void *)base;

    bw__h5_host_release(file->number);
    bw_release(bw__h5_ctx(), file);
    return 0;
}

static int driver_compare(const H5FD_t *a, const H5FD_t *b)
{
    uint32_t left = ((const driver_file *)(const void *)a)->number;
    uint32_t right = ((const driver_file *)(const void *)b)->number;

    return left < right ? -1 : left > right;
}

static herr_t driver_query(const H5FD_t *base, unsigned long *flags)
{
    (void)base;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_SUPPORTS_SWMR_IO;
    return 0;
}

/* Bytes ------------------------------------------------------------------------------------- */

static haddr_t driver_get_eoa(const H5FD_t *base, H5FD_mem_t type)
{
    (void)type;
    return ((const driver_file *)(const void *)base)->eoa;
}

static herr_t driver_set_eoa(H5FD_t *base, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((driver_file *)(void *)base)->eoa = address;
    return 0;
}

static haddr_t driver_get_eof(const H5FD_t *base, H5FD_mem_t type)
{
    (void)type;
    return ((const driver_file *)(const void *)base)->size;
}

static herr_t driver_read(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t offset, size_t len,
                          void *out)
{
    driver_file *file = (driver_file *)(void *)base;
    size_t there = len;

    (void)type;
    (void)dxpl;
    if (file->writable && (offset >= file->size || len > file->size - offset)) {
        /* space that has been given out but not written yet */
        there = offset >= file->size ? 0 : (size_t)(file->size - offset);
        memset((uint8_t *)out + there, 0, len - there);
    }
    if (there > 0 &&
        range_read(bw__h5_ctx(), file->number, file->size, offset, there, out) != BW_OK) {
        return bw__h5_callback_failed();
    }
    return 0;
}

static herr_t driver_write(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t offset, size_t len,
                           const void *bytes)
{
    driver_file *file = (driver_file *)(void *)base;
    const bw_h5_host *host = &slots[file->number].host;
    bw_status st;

    (void)type;
    (void)dxpl;
    st = host->write == NULL ? BW_ERR_UNSUPPORTED : host->write(host->user, offset, len, bytes);
    if (st != BW_OK) {
        (void)bw_fail(bw__h5_ctx(), st, "%zu bytes at %llu could not be written", len,
                      (unsigned long long)offset);
        return bw__h5_callback_failed();
    }
    if (offset + len > file->size) {
        file->size = offset + len;
    }
    return 0;
}

static herr_t driver_truncate(H5FD_t *base, hid_t dxpl, hbool_t closing)
{
    driver_file *file = (driver_file *)(void *)base;
    const bw_h5_host *host = &slots[file->number].host;
    bw_status st;

    (void)dxpl;
    (void)closing;
    if (!file->writable || file->eoa == file->size) {
        return 0;
    }
    st = host->truncate == NULL ? BW_ERR_UNSUPPORTED : host->truncate(host->user, file->eoa);
    if (st != BW_OK) {
        (void)bw_fail(bw__h5_ctx(), st, "the file could not be set to %llu bytes",
                      (unsigned long long)file->eoa);
        return bw__h5_callback_failed();
    }
    file->size = file->eoa;
    return 0;
}

static herr_t driver_lock(H5FD_t *base, hbool_t writing)
{
    (void)base;
    (void)writing;
    return 0; /* the host's business */
}

static herr_t driver_unlock(H5FD_t *base)
{
    (void)base;
    return 0;
}

static const H5FD_class_t driver_class = {
    .version = H5FD_CLASS_VERSION,
    .value = 511, /* of the range for private drivers: HDF5's registry ends at 511 */
    .name = "bores",
    .maxaddr = ((haddr_t)1 << 53) - 1,
    .fc_degree = H5F_CLOSE_STRONG,
    .open = driver_open,
    .close = driver_close,
    .cmp = driver_compare,
    .query = driver_query,
    .get_eoa = driver_get_eoa,
    .set_eoa = driver_set_eoa,
    .get_eof = driver_get_eof,
    .read = driver_read,
    .write = driver_write,
    .truncate = driver_truncate,
    .lock = driver_lock,
    .unlock = driver_unlock,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

hid_t bw__h5_driver(void)
{
    static hid_t id = H5I_INVALID_HID;

    if (id < 0 || H5Iis_valid(id) <= 0) {
        id = H5FDregister(&driver_class);
    }
    return id;
}
