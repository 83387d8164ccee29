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

#include "zarr_store.h"

static bw_view first_component(bw_view key)
{
    const uint8_t *slash = key.len == 0 ? NULL : memchr(key.ptr, '/', key.len);

    return (bw_view){key.ptr, slash == NULL ? key.len : (size_t)(slash - key.ptr)};
}

/* By bytes, the shorter of two equal beginnings first. */
static int compare_bytes(bw_view x, bw_view y)
{
    size_t shared = x.len < y.len ? x.len : y.len;
    int order = shared == 0 ? 0 : memcmp(x.ptr, y.ptr, shared);

    return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

static bool starts_with(bw_view text, bw_view prefix)
{
    return prefix.len == 0 ||
           (text.len >= prefix.len && memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

/* The first member whose key is `key` or behind it. */
static uint32_t lower_bound(const bw_zarr_store *store, bw_view key)
{
    uint32_t low = 0, high = store->consolidated_count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (compare_bytes(store->consolidated[mid].key, key) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

/* Of equal keys the last in the document, as everywhere in JSON. */
static const bw_json_member *find(const bw_zarr_store *store, bw_view key)
{
    const bw_json_member *found = NULL;

    for (uint32_t i = lower_bound(store, key);
         i < store->consolidated_count && bw_view_equal(store->consolidated[i].key, key); i++) {
        found = &store->consolidated[i];
    }
    return found;
}

/* True when the document speaks of the top-level group or array `group`. */
static bool knows_group(const bw_zarr_store *store, bw_view group)
{
    static const char *const names[] = {"/.zgroup", "/.zarray", "/zarr.json"};
    char key[300];

    if (group.len > sizeof key - 11) {
        return false;
    }
    memcpy(key, group.ptr, group.len);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);

        memcpy(key + group.len, names[i], len);
        if (find(store, (bw_view){(const uint8_t *)key, group.len + len}) != NULL) {
            return true;
        }
    }
    return false;
}

/* For qsort: by key, and equal ones in their order in the document. */
static int compare_members(const void *a, const void *b)
{
    const bw_json_member *x = a, *y = b;
    int order = compare_bytes(x->key, y->key);

    return order != 0 ? order : (x->value.ptr > y->value.ptr) - (x->value.ptr < y->value.ptr);
}

static void choose_template(bw_zarr_store *store)
{
    int64_t index, best = -1;

    for (uint32_t i = 0; i < store->consolidated_count; i++) {
        bw_view group = first_component(store->consolidated[i].key);

        if (bw__group_kind(group, &index) != BW_GROUP_OTHER && index > best) {
            best = index;
            store->template_group = group;
        }
    }
}

/* The text of the map `metadata` in a document of the format that we know. */
static bw_status find_metadata(bw_ctx *ctx, bw_zarr_store *store, bw_view text, bw_view *metadata)
{
    bw_json_member *members;
    bw_view format = BW_VIEW("missing");
    uint32_t count;

    *metadata = BW_VIEW("");
    BW_TRY(bw_json_members(ctx, &store->arena, text, ctx->limits.max_consolidated_bytes, &members,
                           &count));
    for (uint32_t i = 0; i < count; i++) {
        if (bw_view_equal(members[i].key, BW_VIEW("metadata"))) {
            *metadata = members[i].value;
        } else if (bw_view_equal(members[i].key, BW_VIEW("zarr_consolidated_format"))) {
            format = members[i].value;
        }
    }
    if (!bw_view_equal(format, BW_VIEW("1")) || metadata->len == 0 || metadata->ptr[0] != '{') {
        return bw_fail(ctx, BW_ERR_METADATA,
                       "zarr_consolidated_format is %.*s, 1 with a map 'metadata' is needed",
                       (int)(format.len < 40 ? format.len : 40), (const char *)format.ptr);
    }
    return BW_OK;
}

static void take_members(bw_zarr_store *store, bw_json_member *members, uint32_t count)
{
    if (count > 1) {
        qsort(members, count, sizeof *members, compare_members);
    }
    store->consolidated = members;
    store->consolidated_count = count;
    choose_template(store);
}

/* The store, and a copy of `*text` in its arena. */
static bw_status keep_text(bw_ctx *ctx, bw_op *op, bw_view *text, bw_zarr_store **store)
{
    char *copy;

    BW_TRY(bw__zarr_store(ctx, op, store));
    copy = bw_arena_copy(ctx, &(*store)->arena, text->ptr, text->len);
    text->ptr = (const uint8_t *)copy;
    return copy == NULL ? BW_ERR_NOMEM : BW_OK;
}

/*
 * Only the places of the documents are taken down: they are parsed when they are asked for, since
 * of a run of a thousand entries mostly few are.
 */
bw_status bw__consolidated_load(bw_ctx *ctx, bw_op *op, bw_view text)
{
    bw_json_member *members;
    bw_zarr_store *store;
    bw_view metadata;
    uint32_t count;

    BW_TRY(keep_text(ctx, op, &text, &store));
    BW_TRY(find_metadata(ctx, store, text, &metadata));
    BW_TRY(bw_json_members(ctx, &store->arena, metadata, ctx->limits.max_consolidated_bytes,
                           &members, &count));
    take_members(store, members, count);
    return BW_OK;
}

/* The member `name` of an object's text; `ptr` NULL: there is none. */
static bw_status member(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_view name, bw_view *value)
{
    bw_json_member *members;
    uint32_t count;

    *value = (bw_view){NULL, 0};
    if (text.len == 0 || memchr(text.ptr, '{', text.len) == NULL) {
        return BW_OK;
    }
    BW_TRY(bw_json_members(ctx, arena, text, ctx->limits.max_consolidated_bytes, &members, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (bw_view_equal(members[i].key, name)) {
            *value = members[i].value;
        }
    }
    return BW_OK;
}

static bool is_object(bw_view text)
{
    return text.len > 0 && text.ptr[0] == '{';
}

/* The map of documents by path in a root's zarr.json: of kind "inline", as zarr-python writes it. */
static bw_status inline_metadata(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_view *metadata)
{
    bw_view consolidated, kind;

    *metadata = (bw_view){NULL, 0};
    BW_TRY(member(ctx, arena, text, BW_VIEW("consolidated_metadata"), &consolidated));
    if (!is_object(consolidated)) {
        return BW_OK;
    }
    BW_TRY(member(ctx, arena, consolidated, BW_VIEW("kind"), &kind));
    if (kind.ptr != NULL && !bw_view_equal(kind, BW_VIEW("\"inline\""))) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                       "consolidated_metadata: kind is %.*s, \"inline\" can be read",
                       (int)(kind.len < 40 ? kind.len : 40), (const char *)kind.ptr);
    }
    BW_TRY(member(ctx, arena, consolidated, BW_VIEW("metadata"), metadata));
    if (!is_object(*metadata)) {
        *metadata = (bw_view){NULL, 0};
    }
    return BW_OK;
}

/* "path" to "path/zarr.json": keys as they would be without consolidated metadata. */
static bw_status document_key(bw_ctx *ctx, bw_arena *arena, bw_view *key)
{
    static const char name[] = "/zarr.json";
    size_t skip = key->len == 0 ? 1 : 0, len = sizeof name - 1 - skip;
    uint8_t *text = bw_arena_alloc(ctx, arena, key->len + len);

    if (text == NULL) {
        return BW_ERR_NOMEM;
    }
    if (key->len > 0) {
        memcpy(text, key->ptr, key->len);
    }
    memcpy(text + key->len, name + skip, len);
    *key = (bw_view){text, key->len + len};
    return BW_OK;
}

bw_status bw__consolidated_load_v3(bw_ctx *ctx, bw_op *op, bw_view text, bool *found)
{
    bw_json_member *members;
    bw_zarr_store *store;
    bw_view metadata;
    uint32_t count;

    BW_TRY(keep_text(ctx, op, &text, &store));
    BW_TRY(inline_metadata(ctx, &store->arena, text, &metadata));
    *found = metadata.ptr != NULL;
    if (!*found) {
        return BW_OK;
    }
    BW_TRY(bw_json_members(ctx, &store->arena, metadata, ctx->limits.max_consolidated_bytes,
                           &members, &count));
    for (uint32_t i = 0; i < count; i++) {
        BW_TRY(document_key(ctx, &store->arena, &members[i].key));
    }
    take_members(store, members, count);
    return BW_OK;
}

bw_status bw__consolidated_pick(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_view key,
                                bw_view *document)
{
    static const char name[] = "zarr.json";
    size_t len = sizeof name - 1;
    bw_view metadata;

    if (key.len >= len && memcmp(key.ptr + key.len - len, name, len) == 0) {
        BW_TRY(inline_metadata(ctx, arena, text, &metadata));
        key.len -= key.len > len ? len + 1 : len;
    } else {
        BW_TRY(member(ctx, arena, text, BW_VIEW("metadata"), &metadata));
    }
    *document = (bw_view){NULL, 0};
    return is_object(metadata) ? member(ctx, arena, metadata, key, document) : BW_OK;
}

/* Chunks are not in the document, whatever it knows of their array. */
static bool names_document(bw_view key)
{
    static const char *const names[] = {".zarray", ".zattrs", ".zgroup", "zarr.json"};
    size_t at = key.len;

    while (at > 0 && key.ptr[at - 1] != '/') {
        at--;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (bw_view_equal((bw_view){key.ptr + at, key.len - at}, bw_view_text(names[i]))) {
            return true;
        }
    }
    return false;
}

bool bw__consolidated_document(const bw_zarr_store *store, bw_view key, bw_view *text)
{
    const bw_json_member *found;
    bw_view group;

    *text = (bw_view){NULL, 0};
    if (store->consolidated == NULL || !names_document(key)) {
        return false;
    }
    found = find(store, key);
    if (found != NULL) {
        *text = found->value;
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

/* "folder/" with the template's group in place of one that the document does not know. */
static bw_status listing_prefix(bw_ctx *ctx, const bw_zarr_store *store, bw_view folder,
                                bw_bytes *prefix)
{
    bw_view group = first_component(folder);

    if (folder.len == 0) {
        return BW_OK;
    }
    if (!knows_group(store, group) && store->template_group.len > 0) {
        bw_view rest = {folder.ptr + group.len, folder.len - group.len};
        bw_view known = store->template_group;
        BW_TRY(bw_bytes_append(ctx, prefix, known.ptr, known.len));
        BW_TRY(bw_bytes_append(ctx, prefix, rest.ptr, rest.len));
    } else {
        BW_TRY(bw_bytes_append(ctx, prefix, folder.ptr, folder.len));
    }
    return bw_bytes_append(ctx, prefix, "/", 1);
}

bw_status bw__consolidated_list(bw_ctx *ctx, bw_op *op, const bw_zarr_store *store, bw_view folder,
                                bw_view *names)
{
    bw_node *seen = bw_node_map(ctx, &op->arena);
    bw_bytes buffer = {0};
    bw_view prefix;
    bw_status st = seen == NULL ? BW_ERR_NOMEM : listing_prefix(ctx, store, folder, &buffer);

    prefix = bw_bytes_view(&buffer);
    for (uint32_t i = st == BW_OK ? lower_bound(store, prefix) : UINT32_MAX;
         st == BW_OK && i < store->consolidated_count &&
         starts_with(store->consolidated[i].key, prefix);
         i++) {
        bw_view key = store->consolidated[i].key;
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
