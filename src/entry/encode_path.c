/* SPDX-License-Identifier: MIT */
/* An encoder: its memory, and where in the entry it is, for messages. */
#include <stdio.h>

#include "encode.h"

void bw__encoder_end(bw_encoder *e)
{
    bw_bytes_free(e->ctx, &e->key);
    bw_bytes_free(e->ctx, &e->bytes);
    bw_bytes_free(e->ctx, &e->path);
    bw_bytes_free(e->ctx, &e->names);
}

bw_status bw__encoder_begin(bw_ctx *ctx, bw_arena *arena, bw_encoder *e)
{
    *e = (bw_encoder){.ctx = ctx, .arena = arena};
    e->puts = bw_node_map(ctx, arena);
    return e->puts == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__encode_enter(bw_encoder *e, bw_view name, size_t *before)
{
    *before = e->path.len;
    if (e->path.len > 0) {
        BW_TRY(bw_bytes_append(e->ctx, &e->path, ".", 1));
    }
    BW_TRY(bw_bytes_append(e->ctx, &e->path, name.ptr, name.len));
    BW_TRY(bw_bytes_append(e->ctx, &e->names, &name, sizeof name));
    e->depth++;
    if (e->depth > e->ctx->limits.max_depth) {
        return bw_fail_limit(e->ctx, "nesting depth of a tree", e->depth,
                             e->ctx->limits.max_depth);
    }
    return BW_OK;
}

void bw__encode_leave(bw_encoder *e, size_t before)
{
    e->path.len = before;
    e->names.len -= sizeof(bw_view);
    e->depth--;
}

void bw__encoder_fail(bw_encoder *e, bw_status st)
{
    enum { SHOWN = 200 };
    bw_error inner = e->ctx->error;
    bool cut = e->path.len > SHOWN;
    size_t len = cut ? SHOWN : e->path.len;

    if (len == 0 || st == BW_ERR_NOMEM) {
        return;
    }
    while (cut && len > 0 && (e->path.ptr[len] & 0xC0) == 0x80) {
        len--; /* not within a character */
    }
    bw_fail(e->ctx, st, "%.*s%s: %s", (int)len, (const char *)e->path.ptr, cut ? ".." : "",
            inner.message);
    e->ctx->error.needed = inner.needed;
    e->ctx->error.limit = inner.limit;
}

bool bw__encode_looks_like_list(const bw_encoder *e, const bw_node *map)
{
    for (uint32_t i = 0; i < map->children.len; i++) {
        bw_node_type type = map->children.items[i]->type;
        char number[16];

        snprintf(number, sizeof number, "%u", (unsigned)i);
        if (bw_map_get_text(map, number) == NULL ||
            (type != BW_NODE_MAP && !(type == BW_NODE_ARRAY && e->records))) {
            return false;
        }
    }
    return map->children.len > 0;
}
