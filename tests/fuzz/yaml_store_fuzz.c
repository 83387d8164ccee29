/* SPDX-License-Identifier: MIT */
/**
 * A YAML store: indexed in blocks whose size the first byte says, each entry read by itself, and
 * the whole text as one value, which is written and read again.
 */
#include "bores/pack.h"
#include "bores/record.h"
#include "text/json_read.h"
#include "text/yaml_index.h"
#include "text/yaml_read.h"
#include "text/yaml_write.h"
#include "fuzz.h"
#include "require.h"

static bw_status index_all(bw_ctx *ctx, bw__text_index *index, bw_view text, size_t block)
{
    bw__yaml_indexer *indexer;
    bw_status st = BW_OK;

    BW_TRY(bw__yaml_indexer_new(ctx, index, &indexer));
    for (size_t at = 0; at < text.len && st == BW_OK; at += block) {
        size_t left = text.len - at;
        st = bw__yaml_indexer_feed(ctx, indexer,
                                   (bw_view){text.ptr + at, left < block ? left : block});
    }
    st = st == BW_OK ? bw__yaml_indexer_end(ctx, indexer) : st;
    bw__yaml_indexer_free(ctx, indexer);
    return st;
}

static void read_entries(bw_ctx *ctx, const bw__text_index *index, bw_view text)
{
    for (size_t i = 0; i < index->count && !index->unusual; i++) {
        const bw__text_entry *entry = &index->entries[i];
        bw__yaml_anchors anchors = {0};
        bw_arena arena = {0};
        bw_node *tree;
        bw_view part;

        require(entry->at.offset + entry->length <= text.len);
        part = (bw_view){text.ptr + entry->at.offset, (size_t)entry->length};
        if (bw__yaml_read(ctx, &arena, part, &entry->at, &anchors, &tree) == BW_OK &&
            bw_record_expand(ctx, &arena, &tree) == BW_OK) {
            require(bw__text_own(ctx, &arena, part, tree) == BW_OK);
        }
        bw_arena_free(ctx, &arena);
    }
}

/* What is read is what is read of what is written of it. */
static void round_trip(bw_ctx *ctx, bw_view text)
{
    const bw__text_place start = {0, 1, 1};
    bw__yaml_anchors anchors = {0}, others = {0};
    bw_arena arena = {0};
    bw_bytes written = {0}, first = {0}, second = {0};
    bw_node *tree = NULL, *back = NULL;

    if (bw__yaml_read(ctx, &arena, text, &start, &anchors, &tree) == BW_OK &&
        bw__yaml_write_item(ctx, tree, &written) == BW_OK && written.len < 1 << 20) {
        require(bw__yaml_read(ctx, &arena, bw_bytes_view(&written), &start, &others, &back) ==
                BW_OK);
        require(back->type == BW_NODE_LIST && back->children.len == 1);
        require(bw_pack(ctx, tree, &first) == BW_OK);
        require(bw_pack(ctx, back->children.items[0], &second) == BW_OK);
        require(bw_view_equal(bw_bytes_view(&first), bw_bytes_view(&second)));
    }
    bw_bytes_free(ctx, &written);
    bw_bytes_free(ctx, &first);
    bw_bytes_free(ctx, &second);
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
    round_trip(&ctx, text);
    return 0;
}
