/* SPDX-License-Identifier: MIT */
/** JSON text to a tree, its array records expanded, packed and unpacked again. */
#include "bores/json.h"
#include "bores/pack.h"
#include "bores/record.h"
#include "fuzz.h"
#include "require.h"

static void round_trip(bw_ctx *ctx, bw_arena *arena, const bw_node *tree)
{
    bw_bytes first = {0}, second = {0};
    bw_node *back = NULL;

    require(bw_pack(ctx, tree, &first) == BW_OK);
    require(bw_unpack(ctx, arena, bw_bytes_view(&first), false, &back) == BW_OK);
    require(bw_pack(ctx, back, &second) == BW_OK);
    require(bw_view_equal(bw_bytes_view(&first), bw_bytes_view(&second)));
    bw_bytes_free(ctx, &first);
    bw_bytes_free(ctx, &second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_node *tree = NULL;

    bw_ctx_init(&ctx);
    ctx.limits.max_array_bytes = 1 << 20;
    if (bw_json_parse(&ctx, &arena, (bw_view){data, size}, &tree) == BW_OK) {
        round_trip(&ctx, &arena, tree);
        if (bw_record_expand(&ctx, &arena, &tree) == BW_OK) {
            bw_bytes packed = {0};
            require(bw_pack(&ctx, tree, &packed) == BW_OK);
            bw_bytes_free(&ctx, &packed);
        }
    }
    if (ctx.error.status != BW_OK) {
        require(bw_utf8_valid(bw_view_text(ctx.error.message)));
    }
    bw_arena_free(&ctx, &arena);
    return 0;
}
