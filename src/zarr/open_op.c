/* SPDX-License-Identifier: MIT */
/*
 * zarr.open: what is here? The root's documents, its listing, the version of Zarr (where a root has the
 * documents of both it is 2, which is BORES's) and the layout of the entries. Where the host cannot list,
 * the consolidated metadata say it, and the root's `count` what came later.
 */
#include <stdlib.h>
#include <string.h>

#include "documents.h"

/* Entries that only `count` speaks of: believed up to here. */
#define MAX_COUNTED 100000

typedef struct entry_name {
    int64_t index;
    bw_view name;
} entry_name;

typedef struct open_machine {
    bool listed, listable, consolidated;
    bool is_group, is_array, asked_v3;
    bw_view names;
    bw_node *attributes;
    entry_name *entries;
    size_t count, cap;
    bw_group_kind kind;
    bw_node *layout; /* text, filled when the first entry has been looked at */
} open_machine;

static bw_status add_entry(bw_ctx *ctx, bw_op *op, bw_view name, int64_t index)
{
    open_machine *m = op->machine;

    if (m->count == m->cap) {
        size_t cap = m->cap == 0 ? 64 : m->cap * 2;
        entry_name *grown = bw_arena_alloc(ctx, &op->arena, cap * sizeof *grown);
        if (grown == NULL) {
            return BW_ERR_NOMEM;
        }
        if (m->count > 0) {
            memcpy(grown, m->entries, m->count * sizeof *grown);
        }
        m->entries = grown;
        m->cap = cap;
    }
    m->entries[m->count++] = (entry_name){index, name};
    return BW_OK;
}

static int by_index(const void *a, const void *b)
{
    const entry_name *x = a, *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

/* Entries win over steps, should a folder hold both. */
static bw_status collect_entries(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;
    bw_view names = m->names, name;
    bool folder;
    int64_t index;

    while (bw__listing_next(&names, &name, &folder)) {
        bw_group_kind kind = folder ? bw__group_kind(name, &index) : BW_GROUP_OTHER;

        if (kind == BW_GROUP_OTHER || (m->kind == BW_GROUP_ENTRY && kind == BW_GROUP_STEP)) {
            continue;
        }
        if (kind == BW_GROUP_ENTRY && m->kind == BW_GROUP_STEP) {
            m->count = 0;
        }
        m->kind = kind;
        BW_TRY(add_entry(ctx, op, name, index));
    }
    return BW_OK;
}

/* Without a listing the root's `count` names the entries that the document does not. */
static bw_status add_counted_entries(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;
    int64_t count = 0, next = 0;

    if (m->listable || m->kind == BW_GROUP_STEP ||
        !bw_map_get_int(m->attributes, "count", &count)) {
        return BW_OK;
    }
    for (size_t i = 0; i < m->count; i++) {
        next = m->entries[i].index >= next ? m->entries[i].index + 1 : next;
    }
    if (count > next && count - next > MAX_COUNTED) {
        return bw_fail_limit(ctx, ".zattrs: count", (uint64_t)count, (uint64_t)next + MAX_COUNTED);
    }
    for (; next < count; next++) {
        char text[] = "entry_0000000000";
        char *copy;

        for (int64_t digit = 15, rest = next; digit > 5; digit--, rest /= 10) {
            text[digit] = (char)('0' + rest % 10);
        }
        copy = bw_arena_copy(ctx, &op->arena, text, 16);
        if (copy == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(add_entry(ctx, op, (bw_view){(const uint8_t *)copy, 16}, next));
        m->kind = BW_GROUP_ENTRY;
    }
    return BW_OK;
}

static bw_status set_layout(bw_ctx *ctx, bw_op *op, const char *name)
{
    open_machine *m = op->machine;

    m->layout = bw_node_text(ctx, &op->arena, bw_view_text(name));
    return m->layout == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status on_first_entry(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    bw_view name;
    bool folder;

    (void)target;
    while (bw__listing_next(&names, &name, &folder)) {
        if (bw__name_is_flat(name)) {
            return set_layout(ctx, op, "flat");
        }
    }
    return set_layout(ctx, op, "nested");
}

static bw_status on_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names);

/* A root of version 3. What is consolidated in it stands in for listings where the host has none. */
static bw_status on_v3(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    open_machine *m = op->machine;
    bw_zarr_store *store;
    bw_v3_root root;

    (void)target;
    (void)cookie;
    if (bytes.ptr == NULL || m->is_group) {
        return BW_OK;
    }
    BW_TRY(bw__read_v3_root(ctx, op, bytes, &root));
    m->is_array = !root.group;
    m->is_group = root.group;
    m->attributes = root.attributes;
    BW_TRY(bw__zarr_store(ctx, op, &store));
    store->v3 = true;
    if (m->is_group && !m->listable && !m->consolidated) {
        BW_TRY(bw__consolidated_load_v3(ctx, op, bytes, &m->consolidated));
        return m->consolidated ? bw__want_list(ctx, op, BW_VIEW(""), on_listing, NULL) : BW_OK;
    }
    return BW_OK;
}

static bw_status want_v3(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;

    if (m->asked_v3) {
        return BW_OK;
    }
    m->asked_v3 = true;
    return bw__want_get(ctx, op, BW_VIEW("zarr.json"), on_v3, NULL, 0);
}

static bw_status on_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    open_machine *m = op->machine;
    char *copy;

    (void)target;
    m->listed = true;
    if (names.ptr == NULL) {
        return BW_OK;
    }
    copy = bw_arena_copy(ctx, &op->arena, names.ptr, names.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    m->listable = !m->consolidated;
    m->names = (bw_view){(const uint8_t *)copy, names.len};
    m->is_group = m->is_group || bw__listing_has(names, ".zgroup");
    m->is_array = m->is_array || bw__listing_has(names, ".zarray");
    if (!m->is_group && !m->is_array && bw__listing_has(names, "zarr.json")) {
        return want_v3(ctx, op);
    }
    return BW_OK;
}

static bw_status on_attributes(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    open_machine *m = op->machine;

    (void)target;
    if (document != NULL && document->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_METADATA, "attributes are no JSON object");
    }
    m->attributes = document != NULL ? document : m->attributes;
    return BW_OK;
}

static bw_status on_group(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    open_machine *m = op->machine;
    int64_t format = 0;

    (void)target;
    if (document == NULL) {
        return BW_OK;
    }
    if (!bw_map_get_int(document, "zarr_format", &format) || format != 2) {
        return bw_fail(ctx, BW_ERR_METADATA, "zarr_format is %lld, 2 is needed",
                       (long long)format);
    }
    m->is_group = true;
    return BW_OK;
}

static bw_status on_consolidated(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                                 bw_view bytes)
{
    open_machine *m = op->machine;

    (void)target;
    (void)cookie;
    if (bytes.ptr == NULL) {
        return m->is_group ? BW_OK : want_v3(ctx, op);
    }
    BW_TRY(bw__consolidated_load(ctx, op, bytes));
    m->consolidated = true;
    return bw__want_list(ctx, op, BW_VIEW(""), on_listing, NULL);
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;

    m->consolidated = bw__is_consolidated(op); /* by an earlier opening of this handle */
    BW_TRY(bw__want_list(ctx, op, BW_VIEW(""), on_listing, NULL));
    if (bw__is_v3(op)) {
        return m->consolidated ? want_v3(ctx, op) : BW_OK; /* else once it is known whether the host lists */
    }
    BW_TRY(bw__want_document(ctx, op, BW_VIEW(".zgroup"), on_group, NULL));
    return bw__want_document(ctx, op, BW_VIEW(".zattrs"), on_attributes, NULL);
}

static bw_status put(bw_ctx *ctx, bw_op *op, const char *key, bw_node *value)
{
    return value == NULL
               ? BW_ERR_NOMEM
               : bw_map_set(ctx, &op->arena, op->result, bw_view_text(key), value);
}

static bw_status make_result(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;
    bw_node *groups = bw_node_list(ctx, &op->arena);

    op->result = bw_node_map(ctx, &op->arena);
    if (op->result == NULL || groups == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t i = 0; i < m->count; i++) {
        bw_node *name = bw_node_text(ctx, &op->arena, m->entries[i].name);
        if (name == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, groups, name));
    }
    BW_TRY(put(ctx, op, "layout", m->layout));
    BW_TRY(put(ctx, op, "attributes",
               m->attributes != NULL ? m->attributes : bw_node_map(ctx, &op->arena)));
    BW_TRY(put(ctx, op, "groups", groups));
    BW_TRY(put(ctx, op, "listable", bw_node_bool(ctx, &op->arena, m->listable)));
    BW_TRY(put(ctx, op, "zarr_format",
               bw_node_int(ctx, &op->arena, bw__is_v3(op) ? 3 : 2)));
    return put(ctx, op, "consolidated", bw_node_bool(ctx, &op->arena, m->consolidated));
}

/* Nothing of a Zarr group here: say what it looks like instead. */
static bw_status not_a_store(bw_ctx *ctx, const bw_op *op)
{
    const open_machine *m = op->machine;

    if (m->is_array) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND,
                       "%s: this is a single Zarr array, not a store of entries",
                       bw__array_document(op));
    }
    if (m->listable) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND,
                       ".zgroup: not found, so this is no Zarr group; its parent or a folder "
                       "in it may be");
    }
    return bw_fail(ctx, BW_ERR_NOT_FOUND,
                   ".zgroup: not found, nor .zmetadata; is this the address of a Zarr store?");
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;

    if (m->layout != NULL) {
        return make_result(ctx, op);
    }
    if (!m->listable && !m->consolidated && m->names.ptr == NULL && m->kind == BW_GROUP_OTHER &&
        !bw__is_consolidated(op) && m->listed) {
        m->listed = false; /* ask once, then come back here */
        return bw__want_get(ctx, op, BW_VIEW(".zmetadata"), on_consolidated, NULL, 0);
    }
    BW_TRY(collect_entries(ctx, op));
    BW_TRY(add_counted_entries(ctx, op));
    if (m->count > 1) {
        qsort(m->entries, m->count, sizeof *m->entries, by_index);
    }
    if (m->count > 0) {
        if (m->kind == BW_GROUP_STEP) {
            BW_TRY(set_layout(ctx, op, "steps"));
        } else if (m->listable || m->consolidated) {
            return bw__want_list(ctx, op, m->entries[0].name, on_first_entry, NULL);
        } else {
            BW_TRY(set_layout(ctx, op, "nested"));
        }
    } else if (m->listable && m->names.len == 0) {
        BW_TRY(set_layout(ctx, op, "empty"));
    } else if (m->is_group || m->consolidated) {
        BW_TRY(set_layout(ctx, op, "plain"));
    } else {
        return not_a_store(ctx, op);
    }
    return make_result(ctx, op);
}

const bw_op_type bw__open_op = {"zarr.open", sizeof(open_machine), begin, finish, NULL};
