/* SPDX-License-Identifier: MIT */
/* An object's members as pieces of its text: one strict scan, then a walk that can trust it. */
#include <string.h>

#include "bores/json.h"
#include "json_scan.h"

/* Keys are mostly plain; then the text itself is the key. */
static bw_status decode_key(bw_ctx *ctx, bw_arena *arena, bw_view token, bw_view *key)
{
    bw_node *node;

    if (memchr(token.ptr, '\\', token.len) == NULL) {
        *key = (bw_view){token.ptr + 1, token.len - 2};
        return BW_OK;
    }
    BW_TRY(bw_json_parse(ctx, arena, token, &node));
    *key = node->text;
    return BW_OK;
}

static bw_view piece(bw_view text, size_t from, size_t to)
{
    return (bw_view){text.ptr + from, to - from};
}

/* How many members there are, by their colons at depth 1. */
static uint32_t count_members(bw_view text, size_t at)
{
    uint32_t count = 0;

    for (at = bw__json_behind_spaces(text, at + 1); text.ptr[at] != '}'; count++) {
        at = bw__json_behind_spaces(text, bw__json_behind_value(text, at));     /* the key */
        at = bw__json_behind_spaces(text, at + 1);                              /* the colon */
        at = bw__json_behind_spaces(text, bw__json_behind_value(text, at));     /* the value */
        at = text.ptr[at] == ',' ? bw__json_behind_spaces(text, at + 1) : at;
    }
    return count;
}

bw_status bw_json_members(bw_ctx *ctx, bw_arena *arena, bw_view text, uint64_t max_bytes,
                          bw_json_member **out, uint32_t *count)
{
    bw_json_member *members;
    uint32_t n;
    size_t at, end;
    bool plain;

    BW_TRY(bw__json_skip_mark(ctx, &text));
    if (text.len > UINT32_MAX) {
        return bw_fail_limit(ctx, "bytes of a document", text.len, UINT32_MAX);
    }
    BW_TRY(bw__json_scan(ctx, text, max_bytes, ctx->limits.max_depth, &plain));
    at = bw__json_behind_spaces(text, 0);
    if (text.ptr[at] != '{') {
        return bw_fail(ctx, BW_ERR_METADATA, "the document is no JSON object");
    }
    n = count_members(text, at);
    members = bw_arena_alloc(ctx, arena, ((size_t)n + 1) * sizeof *members);
    if (members == NULL) {
        return BW_ERR_NOMEM;
    }
    at = bw__json_behind_spaces(text, at + 1);
    for (uint32_t i = 0; i < n; i++) {
        end = bw__json_behind_value(text, at);
        BW_TRY(decode_key(ctx, arena, piece(text, at, end), &members[i].key));
        at = bw__json_behind_spaces(text, bw__json_behind_spaces(text, end) + 1);
        end = bw__json_behind_value(text, at);
        members[i].value = piece(text, at, end);
        at = bw__json_behind_spaces(text, bw__json_behind_spaces(text, end) + 1);
    }
    *out = members;
    *count = n;
    return BW_OK;
}
