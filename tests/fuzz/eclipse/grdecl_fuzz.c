/* SPDX-License-Identifier: MIT */
/** Any text as a GRDECL file. */
#include "bores/eclipse.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_arena arena = {0};
    bw_ctx ctx;
    bw_node *keywords, *includes, *edits;

    bw_ctx_init(&ctx);
    ctx.limits.max_array_bytes = 1 << 20;
    keywords = bw_node_map(&ctx, &arena);
    includes = bw_node_list(&ctx, &arena);
    edits = bw_node_list(&ctx, &arena);
    if (bw_grdecl_read(&ctx, &arena, (bw_view){data, size}, keywords, includes, edits) == BW_OK) {
        (void)bw_grdecl_finish(&ctx, &arena, keywords, edits);
    }
    bw_arena_free(&ctx, &arena);
    return 0;
}
