/* SPDX-License-Identifier: MIT */
/** Any bytes as an ECLIPSE file: its keywords, and the elements of each. */
#include "bores/eclipse.h"
#include "fuzz.h"
#include "require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_ecl_index index = {0};
    bw_ecl_scan *scan = NULL;
    uint64_t offset, behind = 0;
    size_t length;
    bw_status st;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    ctx.limits.max_array_bytes = 1 << 20;
    st = bw_ecl_scan_new(&ctx, size, &scan);
    while (st == BW_OK && bw_ecl_scan_wants(scan, &offset, &length)) {
        require(offset <= size && length <= size - offset && length > 0);
        st = bw_ecl_scan_give(&ctx, scan, (bw_view){data + offset, length});
    }
    if (st == BW_OK) {
        index = bw_ecl_scan_take(scan);
    }
    bw_ecl_scan_free(&ctx, scan);
    for (uint32_t n = 0; n < index.count; n++) {
        const bw_ecl_keyword *k = &index.keywords[n];
        bw_arena arena = {0};
        bw_node *value;
        require(k->offset >= behind && k->data <= k->end && k->end <= size);
        behind = k->end;
        (void)bw_ecl_decode(&ctx, &arena, index.form, k, (bw_view){data + k->data, (size_t)(k->end - k->data)},
                            &value);
        bw_arena_free(&ctx, &arena);
    }
    bw_ecl_index_free(&ctx, &index);
    return 0;
}
