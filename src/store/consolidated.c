/* SPDX-License-Identifier: MIT */
/*
 * `.zmetadata` (zarr-python's consolidated metadata for version 2): all metadata documents of a
 * hierarchy in one. It stands in for listings where the host has none (a plain web server), and
 * only there, since whoever appends without rewriting it leaves it stale.
 *
 * Entries younger than the document have no listing at all. BORES writes the same arrays for
 * every state, so such an entry is looked up by the structure of the last one that is
 * listed (the template); what it lacks is simply absent.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "engine.h"

static bw_view first_component(bw_view key)
{
    const uint8_t *slash = key.len == 0 ? NULL : memchr(key.ptr, '/', key.len);

    return (bw_view){key.ptr, slash == NULL ? key.len : (size_t)(slash - key.ptr)};
}

static bool starts_with(bw_view text, bw_view prefix)
{
    return prefix.len == 0 ||
           (text.len >= prefix.len && memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

/* True when the document speaks of anything in the top-level group `group`. */
static bool knows_group(const bw_store *store, bw_view group)
{
    const bw_node *map = store->consolidated;
    char key[300];

    if (group.len > sizeof key - 10) {
        return false;
    }
    memcpy(key, group.ptr, group.len);
    memcpy(key + group.len, "/.zgroup", 9);
    if (bw_map_get_text(map, key) != NULL) {
        return true;
    }
    memcpy(key + group.len, "/.zarray", 9);
    return bw_map_get_text(map, key) != NULL;
}

/* For qsort: by bytes, the shorter of two equal beginnings first. */
static int compare_keys(const void *a, const void *b)
{
    const bw_view *x = a, *y = b;
    size_t shared = x->len < y->len ? x->len : y->len;
    int order = shared == 0 ? 0 : memcmp(x->ptr, y->ptr, shared);

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

bw_status bw__consolidated_load(bw_ctx *ctx, bw_store *store, bw_view text)
{
    bw_node *document;
    bw_node *metadata;
    size_t count;
    int64_t format = 0, best = -1;

    BW_TRY(bw_json_parse(ctx, &store->arena, text, &document));
    metadata = bw_map_get_text(document, "metadata");
    if (!bw_map_get_int(document, "zarr_consolidated_format", &format) || format != 1 ||
        metadata == NULL || metadata->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_METADATA,
                       "zarr_consolidated_format is %lld, 1 with a map 'metadata' is needed",
                       (long long)format);
    }
    count = metadata->children.len;
    store->sorted_keys = bw_arena_alloc(ctx, &store->arena, (count + 1) * sizeof(bw_view));
    if (store->sorted_keys == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        bw_view group = first_component(metadata->children.keys[i]);
        int64_t index;

        store->sorted_keys[i] = metadata->children.keys[i];
        if (bw__group_kind(group, &index) != BW_GROUP_OTHER && index > best) {
            best = index;
            store->template_group = group;
        }
    }
    if (count > 1) {
        qsort(store->sorted_keys, count, sizeof(bw_view), compare_keys);
    }
    store->consolidated = metadata;
    return BW_OK;
}

bool bw__consolidated_document(const bw_store *store, bw_view key, const bw_node **document)
{
    bw_view group;

    if (store->consolidated == NULL) {
        return false;
    }
    *document = bw_map_get(store->consolidated, key);
    if (*document != NULL) {
        return true;
    }
    group = first_component(key);
    return group.len < key.len && knows_group(store, group);
}

static bw_status add_name(bw_ctx *ctx, bw_arena *arena, bw_node *seen, bw_view name)
{
    bw_node *mark;

    if (bw_map_get(seen, name) != NULL) {
        return BW_OK;
    }
    mark = bw_node_null(ctx, arena);
    return mark == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, seen, name, mark);
}

static bw_status pack_names(bw_ctx *ctx, bw_op *op, const bw_node *seen, bw_view *names)
{
    bw_bytes packed = {0};
    bw_status st = BW_OK;
    char *copy;

    for (uint32_t i = 0; i < seen->children.len; i++) {
        bw_view name = seen->children.keys[i];
        uint32_t len = (uint32_t)name.len;

        BW_GO(bw_bytes_append(ctx, &packed, &len, sizeof len));
        BW_GO(bw_bytes_append(ctx, &packed, name.ptr, name.len));
    }
    copy = bw_arena_copy(ctx, &op->arena, packed.ptr, packed.len);
    if (copy == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    *names = (bw_view){(const uint8_t *)copy, packed.len};
done:
    bw_bytes_free(ctx, &packed);
    return st;
}

/* The first key that is not below `prefix`. */
static uint32_t lower_bound(const bw_store *store, bw_view prefix)
{
    uint32_t low = 0, high = store->consolidated->children.len;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (compare_keys(&store->sorted_keys[mid], &prefix) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

/* "folder/" with the template's group in place of one that the document does not know. */
static bw_status listing_prefix(bw_ctx *ctx, bw_op *op, bw_view folder, bw_bytes *prefix)
{
    bw_view group = first_component(folder);

    if (folder.len == 0) {
        return BW_OK;
    }
    if (!knows_group(op->store, group) && op->store->template_group.len > 0) {
        bw_view rest = {folder.ptr + group.len, folder.len - group.len};
        bw_view known = op->store->template_group;
        BW_TRY(bw_bytes_append(ctx, prefix, known.ptr, known.len));
        BW_TRY(bw_bytes_append(ctx, prefix, rest.ptr, rest.len));
    } else {
        BW_TRY(bw_bytes_append(ctx, prefix, folder.ptr, folder.len));
    }
    return bw_bytes_append(ctx, prefix, "/", 1);
}

bw_status bw__consolidated_list(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view *names)
{
    const bw_store *store = op->store;
    bw_node *seen = bw_node_map(ctx, &op->arena);
    bw_bytes buffer = {0};
    bw_view prefix;
    bw_status st = seen == NULL ? BW_ERR_NOMEM : listing_prefix(ctx, op, folder, &buffer);

    prefix = bw_bytes_view(&buffer);
    for (uint32_t i = st == BW_OK ? lower_bound(store, prefix) : UINT32_MAX;
         st == BW_OK && i < store->consolidated->children.len &&
         starts_with(store->sorted_keys[i], prefix);
         i++) {
        bw_view key = store->sorted_keys[i];
        bw_view tail = {key.ptr + prefix.len, key.len - prefix.len};
        bw_view name = first_component(tail);

        name.len += name.len < tail.len; /* keep the '/': it is a folder */
        st = add_name(ctx, &op->arena, seen, name);
    }
    if (st == BW_OK) {
        st = pack_names(ctx, op, seen, names);
    }
    bw_bytes_free(ctx, &buffer);
    return st;
}
