/* SPDX-License-Identifier: MIT */
/**
 * Entry trees of any content to an analysis, and questions to it: the input is the JSON document
 * {"options": {…}, "states": [tree …], "questions": [[name, options] …]}, its array records expanded.
 */
#include "bores/analysis.h"
#include "bores/json.h"
#include "bores/pack.h"
#include "bores/record.h"
#include "fuzz.h"
#include "require.h"

#define MOST_QUESTIONS 40u

static void ask(bw_ctx *ctx, bw_analysis *analysis, const bw_node *question,
                const bw_node *state)
{
    bw_arena arena = {0};
    bw_bytes packed = {0};
    bw_node *answer = NULL;

    if (question->type != BW_NODE_LIST || question->children.len != 2 ||
        question->children.items[0]->type != BW_NODE_STRING) {
        return;
    }
    if (bw_analysis_ask(ctx, analysis, (const char *)question->children.items[0]->text.ptr,
                        question->children.items[1], state, &arena, &answer) == BW_OK) {
        require(bw_pack(ctx, answer, &packed) == BW_OK);
    } else {
        require(bw_utf8_valid(bw_view_text(ctx->error.message)));
    }
    bw_bytes_free(ctx, &packed);
    bw_arena_free(ctx, &arena);
}

/* Adds a state, or a digest that another analysis has made of it, which is then as good. */
static void add(bw_ctx *ctx, const bw_node *options, bw_analysis *analysis, const bw_node *state)
{
    bw_node *reference, *digest;
    bw_analysis *other = NULL;
    bw_arena arena = {0};
    bool taken = false;

    require(bw_analysis_new(ctx, options, &other) == BW_OK);
    if (bw_analysis_reference(ctx, analysis, &arena, &reference) == BW_OK) {
        require(bw_analysis_refer(ctx, other, reference) == BW_OK);
        if (bw_analysis_digest(ctx, other, state, &arena, &digest) == BW_OK) {
            (void)bw_analysis_take(ctx, analysis, digest, &taken);
        }
        (void)bw_analysis_take(ctx, analysis, state, &taken); /* what is no digest */
    }
    if (!taken) {
        (void)bw_analysis_add(ctx, analysis, state);
    }
    bw_arena_free(ctx, &arena);
    bw_analysis_free(ctx, other);
}

static void run(bw_ctx *ctx, const bw_node *root)
{
    const bw_node *options = bw_map_get_text(root, "options");
    const bw_node *states = bw_map_get_text(root, "states"), *last = NULL;
    const bw_node *questions = bw_map_get_text(root, "questions");
    bw_analysis *analysis = NULL;

    if (bw_analysis_new(ctx, options, &analysis) != BW_OK) {
        return;
    }
    for (uint32_t n = 0; states != NULL && states->type == BW_NODE_LIST &&
                         n < states->children.len; n++) {
        last = states->children.items[n];
        add(ctx, options, analysis, last);
    }
    for (uint32_t n = 0; questions != NULL && questions->type == BW_NODE_LIST &&
                         n < questions->children.len && n < MOST_QUESTIONS; n++) {
        ask(ctx, analysis, questions->children.items[n], NULL);
        ask(ctx, analysis, questions->children.items[n], last);
    }
    bw_analysis_free(ctx, analysis);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_node *root = NULL;

    bw_ctx_init(&ctx);
    ctx.limits.max_array_bytes = 1 << 20;
    if (bw_json_parse(&ctx, &arena, (bw_view){data, size}, &root) == BW_OK &&
        bw_record_expand(&ctx, &arena, &root) == BW_OK) {
        run(&ctx, root);
    }
    bw_arena_free(&ctx, &arena);
    return 0;
}
