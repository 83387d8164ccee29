/* SPDX-License-Identifier: MIT */
#include "memory_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POOL 16u

static void *checked(void *memory)
{
    if (memory == NULL) {
        abort(); /* the host's own memory is none of what is tested */
    }
    return memory;
}

static void add_item(bw_host *host, bw_view key, bw_view value)
{
    if (host->count == host->cap) {
        host->cap = host->cap == 0 ? 64 : host->cap * 2;
        host->items = checked(realloc(host->items, host->cap * sizeof *host->items));
    }
    host->items[host->count++] = (bw_host_item){key, value};
}

/* A little-endian length of `width` bytes and the bytes behind it, cut at the end. */
static bw_view take(bw_view *flat, size_t width)
{
    size_t len = 0;
    bw_view part;

    for (size_t i = 0; i < width && i < flat->len; i++) {
        len |= (size_t)flat->ptr[i] << 8 * i;
    }
    width = width < flat->len ? width : flat->len;
    flat->ptr += width;
    flat->len -= width;
    len = len < flat->len ? len : flat->len;
    part = (bw_view){flat->ptr, len};
    flat->ptr += len;
    flat->len -= len;
    return part;
}

void bw_host_parse(bw_host *host, bw_view flat)
{
    uint8_t flags = flat.len > 0 ? flat.ptr[0] : 0;

    memset(host, 0, sizeof *host);
    host->lists = (flags & 1) == 0;
    host->order = (bw_host_order)(flags >> 1 & 3);
    host->random = 1;
    if (flat.len > 0) {
        flat.ptr++;
        flat.len--;
    }
    while (flat.len > 0) {
        bw_view key = take(&flat, 2);
        bw_view value = take(&flat, 4);
        add_item(host, key, value);
    }
}

void bw_host_free(bw_host *host)
{
    free(host->items);
    memset(host, 0, sizeof *host);
}

bw_view bw_host_get(const bw_host *host, bw_view key)
{
    for (size_t i = host->count; i-- > 0;) { /* of equal keys the last counts */
        if (bw_view_equal(host->items[i].key, key)) {
            return host->items[i].value;
        }
    }
    return (bw_view){NULL, 0};
}

void bw_host_set(bw_host *host, const char *key, bw_view value)
{
    for (size_t i = 0; i < host->count; i++) {
        if (bw_view_equal(host->items[i].key, bw_view_text(key))) {
            host->items[i].value = value;
            return;
        }
    }
    add_item(host, bw_view_text(key), value);
}

/* Listings ---------------------------------------------------------------------------------- */

typedef struct names {
    uint8_t *bytes;
    size_t len, cap;
} names;

static bool has_name(const names *all, bw_view name)
{
    for (size_t at = 0; at < all->len;) {
        uint32_t len;
        memcpy(&len, all->bytes + at, sizeof len);
        at += sizeof len;
        if (bw_view_equal((bw_view){all->bytes + at, len}, name)) {
            return true;
        }
        at += len;
    }
    return false;
}

static void add_name(names *all, bw_view name)
{
    uint32_t len = (uint32_t)name.len;

    if (has_name(all, name)) {
        return;
    }
    if (all->len + sizeof len + len > all->cap) {
        all->cap = (all->len + sizeof len + len) * 2;
        all->bytes = checked(realloc(all->bytes, all->cap));
    }
    memcpy(all->bytes + all->len, &len, sizeof len);
    memcpy(all->bytes + all->len + sizeof len, name.ptr, len);
    all->len += sizeof len + len;
}

static void list_folder(const bw_host *host, bw_view folder, names *out)
{
    size_t lead = folder.len == 0 ? 0 : folder.len + 1;

    for (size_t i = 0; i < host->count; i++) {
        bw_view key = host->items[i].key, name;
        const uint8_t *slash;

        if (host->items[i].value.ptr == NULL || key.len <= lead ||
            (lead > 0 && (memcmp(key.ptr, folder.ptr, folder.len) != 0 ||
                          key.ptr[folder.len] != '/'))) {
            continue;
        }
        name = (bw_view){key.ptr + lead, key.len - lead};
        slash = memchr(name.ptr, '/', name.len);
        if (slash != NULL) {
            name.len = (size_t)(slash - name.ptr) + 1;
        }
        add_name(out, name);
    }
}

/* Running ----------------------------------------------------------------------------------- */

static bw_status answer_list(bw_ctx *ctx, bw_host *host, bw_op *op, const bw_want *want)
{
    names all = {0};
    bw_view exact = {NULL, 0};
    uint8_t *copy = NULL;
    bw_status st;

    host->listings++;
    if (host->lists) {
        list_folder(host, want->key, &all);
        copy = checked(malloc(all.len > 0 ? all.len : 1));
        if (all.len > 0) {
            memcpy(copy, all.bytes, all.len);
        }
        exact = (bw_view){copy, all.len};
    }
    st = bw_op_give_listing(ctx, op, want->id, exact);
    free(copy);
    free(all.bytes);
    return st;
}

static bw_status answer_get(bw_ctx *ctx, bw_host *host, bw_op *op, const bw_want *want)
{
    bw_view value = host->file.ptr == NULL ? bw_host_get(host, want->key) : host->file;
    uint8_t *copy = NULL;
    bw_status st;

    host->gets++;
    if (want->kind == BW_WANT_RANGE && value.ptr != NULL) {
        uint64_t last = want->length < value.len ? value.len - want->length : 0;
        uint64_t from = want->offset == BW_SUFFIX ? last : want->offset;
        from = from < value.len ? from : value.len;
        value.ptr += from;
        value.len -= (size_t)from;
        value.len = want->length < value.len ? (size_t)want->length : value.len;
    }
    if (host->broken != NULL && bw_view_equal(want->key, bw_view_text(host->broken))) {
        return bw_op_give_failure(ctx, op, want->id, BW_ERR_CORRUPT, "the disk is broken");
    }
    if (value.ptr != NULL) {
        copy = checked(malloc(value.len > 0 ? value.len : 1));
        memcpy(copy, value.ptr, value.len);
    }
    st = bw_op_give(ctx, op, want->id, (bw_view){copy, value.len});
    free(copy);
    return st;
}

static uint32_t pick(bw_host *host, uint32_t count)
{
    if (host->order == BW_HOST_REVERSED) {
        return count - 1;
    }
    if (host->order == BW_HOST_SHUFFLED) {
        host->random = host->random * 1664525u + 1013904223u; /* Numerical Recipes, "ranqd1" */
        return (host->random >> 16) % count;
    }
    return 0;
}

static bw_status run_to_end(bw_ctx *ctx, bw_host *host, bw_op *op)
{
    uint32_t capacity = host->order == BW_HOST_ONE_AT_A_TIME ? 1 : POOL;
    bw_want pool[POOL];
    uint32_t count = 0;

    while (bw_op_state(op) == BW_OP_RUNNING) {
        uint32_t more = 0, at;
        bw_want want;

        BW_TRY(bw_op_wants(ctx, op, pool + count, capacity - count, &more));
        count += more;
        if (count == 0 && bw_op_state(op) == BW_OP_RUNNING) {
            abort(); /* it waits for nothing and is not done */
        }
        if (count == 0) {
            break;
        }
        at = pick(host, count);
        want = pool[at];
        memmove(pool + at, pool + at + 1, (count - at - 1) * sizeof *pool);
        count--;
        BW_TRY(want.kind == BW_WANT_LIST ? answer_list(ctx, host, op, &want)
                                         : answer_get(ctx, host, op, &want));
    }
    return BW_OK;
}

bw_status bw_host_run(bw_ctx *ctx, bw_host *host, bw_store *store, const char *name,
                      const bw_node *params, bw_op **out)
{
    bw_op *op;
    bw_status st;

    BW_TRY(bw_op_begin(ctx, store, name, params, &op));
    st = run_to_end(ctx, host, op);
    if (st != BW_OK) {
        bw_op_free(ctx, op);
        return st;
    }
    *out = op;
    return BW_OK;
}
