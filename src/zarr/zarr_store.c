/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a Zarr store from one operation to the next: consolidated metadata where the host
 * cannot list, which answer for it, and `.zarray` documents, parsed once per content. In a BORES store
 * most of those are equal to the byte (one per property and entry), so a hit costs a hash and a
 * comparison.
 */
#include <string.h>

#include "zarr_store.h"

#define CACHE_SLOTS 512u          /* a power of two; a full cache parses without keeping */
#define CACHE_FULL (CACHE_SLOTS * 3 / 4)
#define CACHE_BYTES (4u << 20)    /* beyond this nothing more is kept */

typedef struct cached_meta {
    uint64_t hash;
    bw_view text;
    bw_array_meta *meta;
} cached_meta;

struct bw_meta_cache {
    bw_arena arena;
    uint32_t count;
    cached_meta slots[CACHE_SLOTS];
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

bw_status bw__meta_cache_get(bw_ctx *ctx, bw_op *op, bw_view text, const bw_array_meta **out)
{
    struct bw_meta_cache *cache;
    uint64_t hash = hash_text(text);
    bw_zarr_store *store;
    cached_meta *slot;
    bw_array_meta *meta;
    char *copy;

    BW_TRY(bw__zarr_store(ctx, op, &store));
    cache = store->cache;
    if (cache == NULL) {
        cache = store->cache = bw_alloc_zeroed(ctx, sizeof *cache);
        if (cache == NULL) {
            return BW_ERR_NOMEM;
        }
    }
    slot = find_slot(cache, hash, text);
    if (slot->meta != NULL) {
        *out = slot->meta;
        return BW_OK;
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

bool bw__is_consolidated(const bw_op *op)
{
    const bw_zarr_store *store = bw__store_self(op->store, &zarr_store);

    return store != NULL && store->consolidated != NULL;
}
