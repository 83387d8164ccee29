/* SPDX-License-Identifier: MIT */
/* Analyses for JavaScript; analysis_exports.h is the contract. */
#include "analysis_exports.h"

#include "bores/pack.h"
#include "wasm/wasm_internal.h"

struct bw_wasm_analysis {
    bw_analysis *analysis;
    bw_arena arena; /* of the last answer */
    bw_bytes packed;
};

void bw_wasm_analysis_free(bw_wasm_analysis *analysis)
{
    bw_ctx *ctx = bw_wasm_ctx();

    if (analysis != NULL) {
        bw_analysis_free(ctx, analysis->analysis);
        bw_arena_free(ctx, &analysis->arena);
        bw_bytes_free(ctx, &analysis->packed);
        bw_release(ctx, analysis);
    }
}

bw_wasm_analysis *bw_wasm_analysis_new(const uint8_t *options, size_t len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_wasm_analysis *analysis = bw_alloc_zeroed(ctx, sizeof *analysis);
    bw_arena arena = {0};
    bw_node *tree;

    if (analysis == NULL) {
        return NULL;
    }
    if (bw_wasm_params(ctx, &arena, (bw_view){options, len}, &tree) != BW_OK ||
        bw_analysis_new(ctx, tree, &analysis->analysis) != BW_OK) {
        bw_wasm_analysis_free(analysis);
        analysis = NULL;
    }
    bw_arena_free(ctx, &arena);
    return analysis;
}

/* What takes a packed tree. */
static bw_status with_tree(bw_wasm_analysis *analysis, bw_view packed,
                           bw_status (*use)(bw_ctx *, bw_analysis *, const bw_node *))
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_arena arena = {0};
    bw_node *tree;
    bw_status st;

    BW_GO(bw_wasm_params(ctx, &arena, packed, &tree));
    BW_GO(use(ctx, analysis->analysis, tree));
done:
    bw_arena_free(ctx, &arena);
    return st;
}

bw_status bw_wasm_analysis_add(bw_wasm_analysis *analysis, const uint8_t *state, size_t len)
{
    return with_tree(analysis, (bw_view){state, len}, bw_analysis_add);
}

static const uint8_t *give(bw_wasm_analysis *analysis, const bw_node *tree, size_t *len)
{
    analysis->packed.len = 0;
    if (bw_pack(bw_wasm_ctx(), tree, &analysis->packed) != BW_OK) {
        return NULL;
    }
    *len = analysis->packed.len;
    return analysis->packed.ptr;
}

const uint8_t *bw_wasm_analysis_reference(bw_wasm_analysis *analysis, size_t *len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_node *tree;

    bw_arena_free(ctx, &analysis->arena);
    return bw_analysis_reference(ctx, analysis->analysis, &analysis->arena, &tree) == BW_OK
               ? give(analysis, tree, len) : NULL;
}

bw_status bw_wasm_analysis_refer(bw_wasm_analysis *analysis, const uint8_t *reference, size_t len)
{
    return with_tree(analysis, (bw_view){reference, len}, bw_analysis_refer);
}

const uint8_t *bw_wasm_analysis_digest(bw_wasm_analysis *analysis, const uint8_t *entry, size_t entry_len,
                                       size_t *len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_node *tree, *digest;

    bw_arena_free(ctx, &analysis->arena);
    return bw_wasm_params(ctx, &analysis->arena, (bw_view){entry, entry_len}, &tree) == BW_OK &&
                   bw_analysis_digest(ctx, analysis->analysis, bw_map_get_text(tree, "data"), &analysis->arena,
                                      &digest) == BW_OK
               ? give(analysis, digest, len) : NULL;
}

bw_status bw_wasm_analysis_take(bw_wasm_analysis *analysis, const uint8_t *digest, size_t len, uint32_t *taken)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_arena arena = {0};
    bool was_taken = false;
    bw_node *tree;
    bw_status st;

    BW_GO(bw_wasm_params(ctx, &arena, (bw_view){digest, len}, &tree));
    BW_GO(bw_analysis_take(ctx, analysis->analysis, tree, &was_taken));
    *taken = was_taken;
done:
    bw_arena_free(ctx, &arena);
    return st;
}

const uint8_t *bw_wasm_analysis_fields(bw_wasm_analysis *analysis, size_t *len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_node *tree;

    bw_arena_free(ctx, &analysis->arena);
    return bw_analysis_fields(ctx, analysis->analysis, &analysis->arena, &tree) == BW_OK
               ? give(analysis, tree, len) : NULL;
}

const uint8_t *bw_wasm_analysis_ask(bw_wasm_analysis *analysis, const uint8_t *params,
                                    size_t params_len, size_t *len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_node *list, *out, **items;

    bw_arena_free(ctx, &analysis->arena);
    if (bw_wasm_params(ctx, &analysis->arena, (bw_view){params, params_len}, &list) != BW_OK) {
        return NULL;
    }
    if (list->type != BW_NODE_LIST || list->children.len != 3 ||
        list->children.items[0]->type != BW_NODE_STRING) {
        (void)bw_fail(ctx, BW_ERR_ARGUMENT, "a question is [name, options, state]");
        return NULL;
    }
    items = list->children.items;
    if (bw_analysis_ask(ctx, analysis->analysis, (const char *)items[0]->text.ptr, items[1],
                        items[2], &analysis->arena, &out) != BW_OK) {
        return NULL;
    }
    return give(analysis, out, len);
}
