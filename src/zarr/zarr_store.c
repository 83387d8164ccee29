/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a Zarr store from one operation to the next: consolidated metadata where the host
 * cannot list, which answer for it, and what one entry tells of the others: documents of arrays, parsed
 * once per content, and which names are groups. In a BORES store most documents are equal to the byte
 * (one per property and entry), so a hit costs a hash and a comparison; and entries have the same groups,
 * so that nobody has to look for an array there. Neither is taken on trust: documents are read and
 * compared, and of what should be a group the listing says whether it is one.
 */
#include <string.h>

#include "zarr_store.h"

#define CACHE_SLOTS 512u          /* a power of two; a full cache parses without keeping */
#define CACHE_FULL (CACHE_SLOTS * 3 / 4)
#define CACHE_BYTES (4u << 20)    /* beyond this nothing more is kept */
#define GROUP_SLOTS 512u          /* a power of two */
#define GROUPS_FULL (GROUP_SLOTS * 3 / 4)

typedef struct cached_meta {
    uint64_t hash;
    bw_view text;
    bw_array_meta *meta;
} cached_meta;

struct bw_meta_cache {
    bw_arena arena;
    uint32_t count;
    cached_meta slots[CACHE_SLOTS];
    uint32_t group_count;
    bw_view groups[GROUP_SLOTS]; /* paths below an entry; `ptr` NULL: free */
};

/* FNV-1a, 64 bits (Fowler, Noll, Vo). A collision costs a comparison, never a wrong answer. */
static uint64_t hash_text(bw_view text)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < text.len; i++) {
        hash = (hash ^ text.ptr[i]) * 0x100000001b3u;
    }
    return hash;
}

static cached_meta *find_slot(struct bw_meta_cache *cache, uint64_t hash, bw_view text)
{
    uint32_t at = (uint32_t)hash & (CACHE_SLOTS - 1);

    while (cache->slots[at].meta != NULL &&
           !(cache->slots[at].hash == hash && bw_view_equal(cache->slots[at].text, text))) {
        at = (at + 1) & (CACHE_SLOTS - 1);
    }
    return &cache->slots[at];
}

/* A store's, made with what is kept first. */
static bw_status cache_of(bw_ctx *ctx, bw_op *op, struct bw_meta_cache **out)
{
    bw_zarr_store *store = NULL;

    BW_TRY(bw__zarr_store(ctx, op, &store));
    if (store->cache == NULL) {
        store->cache = bw_alloc_zeroed(ctx, sizeof *store->cache);
    }
    *out = store->cache;
    return store->cache == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* Where a path is kept, or would be. */
static bw_view *group_slot(struct bw_meta_cache *cache, bw_view path)
{
    uint32_t at = (uint32_t)hash_text(path) & (GROUP_SLOTS - 1);

    while (cache->groups[at].ptr != NULL && !bw_view_equal(cache->groups[at], path)) {
        at = (at + 1) & (GROUP_SLOTS - 1);
    }
    return &cache->groups[at];
}

bw_status bw__group_expected(bw_ctx *ctx, bw_op *op, bw_view path, bool *expected)
{
    struct bw_meta_cache *cache;

    BW_TRY(cache_of(ctx, op, &cache));
    /* What is consolidated answers at once, for an entry that is younger with the listing of another. */
    *expected = !bw__is_v3(op) && !bw__is_consolidated(op) && group_slot(cache, path)->ptr != NULL;
    return BW_OK;
}

bw_status bw__group_met(bw_ctx *ctx, bw_op *op, bw_view path)
{
    struct bw_meta_cache *cache;
    bw_view *slot;
    char *copy;

    BW_TRY(cache_of(ctx, op, &cache));
    slot = group_slot(cache, path);
    if (slot->ptr != NULL || cache->group_count >= GROUPS_FULL ||
        cache->arena.nbytes > CACHE_BYTES) {
        return BW_OK;
    }
    copy = bw_arena_copy(ctx, &cache->arena, path.ptr, path.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    *slot = (bw_view){(const uint8_t *)copy, path.len};
    cache->group_count++;
    return BW_OK;
}

/* Whether a `zarr.json` says that it is a group's. What is no JSON is left to who parses it. */
static bw_status is_group(bw_ctx *ctx, bw_view text, bool *group)
{
    bw_arena arena = {0};
    bw_json_member *members;
    uint32_t count;
    bw_status st = bw_json_members(ctx, &arena, text, ctx->limits.max_document_bytes, &members, &count);

    *group = false;
    for (uint32_t i = 0; st == BW_OK && i < count; i++) {
        *group |= bw_view_equal(members[i].key, BW_VIEW("node_type")) &&
                  bw_view_equal(members[i].value, BW_VIEW("\"group\""));
    }
    bw_arena_free(ctx, &arena);
    return st == BW_ERR_NOMEM ? st : BW_OK;
}

bw_status bw__meta_cache_get(bw_ctx *ctx, bw_op *op, bw_view text, const bw_array_meta **out)
{
    struct bw_meta_cache *cache;
    uint64_t hash = hash_text(text);
    cached_meta *slot;
    bw_array_meta *meta;
    bool group;
    char *copy;

    BW_TRY(cache_of(ctx, op, &cache));
    slot = find_slot(cache, hash, text);
    if (slot->meta != NULL) {
        *out = slot->meta;
        return BW_OK;
    }
    if (bw__is_v3(op)) {
        BW_TRY(is_group(ctx, text, &group));
        if (group) {
            *out = NULL;
            return BW_OK;
        }
    }
    if (cache->count >= CACHE_FULL || cache->arena.nbytes > CACHE_BYTES) {
        BW_TRY(bw_zarr_meta_parse(ctx, &op->arena, text, &meta));
        *out = meta;
        return BW_OK;
    }
    BW_TRY(bw_zarr_meta_parse(ctx, &cache->arena, text, &meta));
    copy = bw_arena_copy(ctx, &cache->arena, text.ptr, text.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    *slot = (cached_meta){hash, {(const uint8_t *)copy, text.len}, meta};
    cache->count++;
    *out = meta;
    return BW_OK;
}

static void store_free(bw_ctx *ctx, void *self)
{
    bw_zarr_store *store = self;

    if (store->cache != NULL) {
        bw_arena_free(ctx, &store->cache->arena);
        bw_release(ctx, store->cache);
    }
    bw_arena_free(ctx, &store->arena);
    bw_release(ctx, store);
}

static bw_status answer(bw_ctx *ctx, bw_op *op, const bw_want *want, bw_view *found, bool *answered)
{
    const bw_zarr_store *store = op->store->self;

    if (store->consolidated == NULL) {
        return BW_OK;
    }
    if (want->kind == BW_WANT_LIST) {
        *answered = true;
        return bw__consolidated_list(ctx, op, store, want->key, found);
    }
    *answered = want->kind == BW_WANT_GET && bw__consolidated_document(store, want->key, found);
    return BW_OK;
}

static const bw_store_type zarr_store = {.free = store_free, .answer = answer};

bw_status bw__zarr_store(bw_ctx *ctx, bw_op *op, bw_zarr_store **out)
{
    bw_store *store = op->store;

    if (store->self == NULL) {
        store->type = &zarr_store;
        store->self = bw_alloc_zeroed(ctx, sizeof **out);
    }
    if (store->type != &zarr_store) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "operation %s: the store is open as another format's",
                       op->type->name);
    }
    *out = store->self;
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

bool bw__is_v3(const bw_op *op)
{
    const bw_zarr_store *store = bw__store_self(op->store, &zarr_store);

    return store != NULL && store->v3;
}

bool bw__is_consolidated(const bw_op *op)
{
    const bw_zarr_store *store = bw__store_self(op->store, &zarr_store);

    return store != NULL && store->consolidated != NULL;
}
