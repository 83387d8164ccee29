/* SPDX-License-Identifier: MIT */
/* Tables of entries, and places in text. */
#include "text_index.h"

#include <stdarg.h>
#include <stdio.h>

#define MAX_ENTRIES (UINT32_MAX / 2)

bw__text_entry *bw__text_index_add(bw_ctx *ctx, bw__text_index *index)
{
    bw__text_entry *entries;
    size_t cap = index->cap == 0 ? 16 : index->cap * 2;

    if (index->count == index->cap) {
        if (cap > MAX_ENTRIES) {
            (void)bw_fail_limit(ctx, "entries of a file", cap, MAX_ENTRIES);
            return NULL;
        }
        entries = bw_resize(ctx, index->entries, index->cap * sizeof *entries,
                            cap * sizeof *entries);
        if (entries == NULL) {
            return NULL;
        }
        index->entries = entries;
        index->cap = cap;
    }
    index->entries[index->count] = (bw__text_entry){0};
    return &index->entries[index->count++];
}

void bw__text_index_free(bw_ctx *ctx, bw__text_index *index)
{
    bw_arena_free(ctx, &index->arena);
    bw_release(ctx, index->entries);
    *index = (bw__text_index){0};
}

bw_status bw__text_fail(bw_ctx *ctx, bw_status status, const bw__text_place *at, const char *fmt,
                        ...)
{
    char text[400];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return bw_fail(ctx, status, "line %llu, column %llu: %s", (unsigned long long)at->line,
                   (unsigned long long)at->column, text);
}

bw_status bw__text_fail_at(bw_ctx *ctx, const bw__text_place *at)
{
    bw_error error = ctx->error;

    if (error.status == BW_ERR_NOMEM) {
        return error.status;
    }
    (void)bw__text_fail(ctx, error.status, at, "%s", error.message);
    ctx->error.needed = error.needed;
    ctx->error.limit = error.limit;
    return error.status;
}

void bw__text_advance(bw__text_place *place, bw_view text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            place->line++;
            place->column = 1;
        } else if ((text.ptr[i] & 0xC0) != 0x80) {
            place->column++;
        }
    }
    place->offset += text.len;
}
