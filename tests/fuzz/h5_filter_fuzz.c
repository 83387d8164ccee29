/* SPDX-License-Identifier: MIT */
/**
 * The filters of HDF5 that Zarr does not have. An input is which one, four settings of a byte each, and
 * what is stored; 64 KiB may come out.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "codec/codec_internal.h"
#include "hdf5/filters/filter_codecs.h"
#include "require.h"

#define LIMIT (64u << 10)
#define HEAD 5u

static bw_status decode(bw_ctx *ctx, const uint8_t *head, bw_view in, bw_bytes *out)
{
    const unsigned cd[] = {head[1], head[2], head[3], head[4]};
    bool full = false;
    bw_status st;

    switch (head[0] % 6) {
    case 0:
        return bw__szip_decode(ctx, cd, 4, in, LIMIT, out);
    case 1:
        return bw__h5_lz4_decode(ctx, in, LIMIT, out);
    case 2:
        return bw__h5_bitshuffle_decode(ctx, in, cd[0], cd[1] * 8, cd[2] % 4, LIMIT, out);
    default:
        break;
    }
    BW_TRY(bw_bytes_reserve(ctx, out, LIMIT));
    st = (head[0] % 6 == 3   ? bw__bzip2_decode
          : head[0] % 6 == 4 ? bw__lzf_decode
                             : bw__h5_inflate)(ctx, in, out->ptr, cd[0] * 256u, &out->len, &full);
    require(st != BW_OK || out->len <= cd[0] * 256u);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_bytes out = {0};
    uint8_t *in;
    bw_ctx ctx;

    if (size < HEAD) {
        return 0;
    }
    in = malloc(size - HEAD > 0 ? size - HEAD : 1);
    memcpy(in, data + HEAD, size - HEAD);
    bw_ctx_init(&ctx);
    if (decode(&ctx, data, (bw_view){in, size - HEAD}, &out) == BW_OK) {
        require(out.len <= LIMIT);
    } else {
        require(ctx.error.message[0] != '\0');
    }
    bw_bytes_free(&ctx, &out);
    free(in);
    return 0;
}
