/* SPDX-License-Identifier: MIT */
/** A frame of Blosc2, of which 64 KiB may come out. */
#include <stdlib.h>
#include <string.h>

#include "codec/codec_internal.h"
#include "fuzz.h"
#include "require.h"

#define LIMIT (64u << 10)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *in = malloc(size > 0 ? size : 1);
    bw_bytes out = {0};
    bw_ctx ctx;

    memcpy(in, data, size);
    bw_ctx_init(&ctx);
    ctx.limits.max_chunks = 4096;
    if (bw__blosc2_decode(&ctx, (bw_view){in, size}, LIMIT, &out) == BW_OK) {
        require(out.len <= LIMIT);
    } else {
        require(ctx.error.message[0] != '\0');
    }
    bw_bytes_free(&ctx, &out);
    free(in);
    return 0;
}
