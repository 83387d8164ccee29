/* SPDX-License-Identifier: MIT */
/**
 * A JSON store: indexed in blocks whose size the first byte says, each entry read, and the whole
 * text read as one value, which must agree with what cJSON makes of it.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "bores/pack.h"
#include "bores/record.h"
#include "text/json_index.h"
#include "text/json_read.h"
#include "fuzz.h"
#include "require.h"

static bw_status index_all(bw_ctx *ctx, bw__text_index *index, bw_view text, size_t block)
{
    bw__json_indexer *indexer;
    bw_status st = BW_OK;

    BW_TRY(bw__json_indexer_new(ctx, index, &indexer));
    for (size_t at = 0; at < text.len && st == BW_OK; at += block) {
        size_t left = text.len - at;
        st = bw__json_indexer_feed(ctx, indexer,
                                   (bw_view){text.ptr + at, left < block ? left : block});
    }
    st = st == BW_OK ? bw__json_indexer_end(ctx, indexer) : st;
    bw__json_indexer_free(ctx, indexer);
    return st;
}

static void read_entries(bw_ctx *ctx, const bw__text_index *index, bw_view text)
{
    for (size_t i = 0; i < index->count; i++) {
        const bw__text_entry *entry = &index->entries[i];
        bw_arena arena = {0};
        bw_node *tree;
        bw_view part;

        require(entry->at.offset + entry->length <= text.len);
        part = (bw_view){text.ptr + entry->at.offset, (size_t)entry->length};
        if (bw__json_read(ctx, &arena, part, &entry->at, NULL, &tree) == BW_OK &&
            bw_record_expand(ctx, &arena, &tree) == BW_OK) {
            require(bw__text_own(ctx, &arena, part, tree) == BW_OK);
        }
        bw_arena_free(ctx, &arena);
    }
}

/* cJSON's tree, unless a key comes twice, which cJSON takes. */
static void compare(bw_ctx *ctx, bw_view text)
{
    const bw__text_place start = {0, 1, 1};
    bw_arena arena = {0};
    bw_bytes mine = {0}, other = {0};
    bw_node *node = NULL;
    bool ok = bw__json_read(ctx, &arena, text, &start, NULL, &node) == BW_OK;

    if (ok) {
        require(bw_pack(ctx, node, &mine) == BW_OK);
    } else {
        require(strstr(ctx->error.message, "line ") == ctx->error.message);
    }
    bool twice = !ok && strstr(ctx->error.message, "comes twice") != NULL;
    bool digits = !ok && strstr(ctx->error.message, "characters of a number") != NULL;
    bool other_ok = bw_json_parse(ctx, &arena, text, &node) == BW_OK;
    require(ok == other_ok || (other_ok && (twice || digits)));
    if (ok) {
        require(bw_pack(ctx, node, &other) == BW_OK);
        require(bw_view_equal(bw_bytes_view(&mine), bw_bytes_view(&other)));
    }
    bw_bytes_free(ctx, &mine);
    bw_bytes_free(ctx, &other);
    bw_arena_free(ctx, &arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw__text_index index = {0};
    bw_view text;
    bw_ctx ctx;

    if (size == 0) {
        return 0;
    }
    text = (bw_view){data + 1, size - 1};
    bw_ctx_init(&ctx);
    ctx.limits.max_array_bytes = 1 << 20;
    if (index_all(&ctx, &index, text, data[0] % 64 + 1u) == BW_OK) {
        read_entries(&ctx, &index, text);
    }
    bw__text_index_free(&ctx, &index);
    compare(&ctx, text);
    return 0;
}
