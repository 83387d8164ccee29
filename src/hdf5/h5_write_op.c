/* SPDX-License-Identifier: MIT */
/* write, remove, clear and flush. */
#include "h5.h"

bw_status bw__h5_op_write(bw_ctx *ctx, bw_h5_call *call)
{
    (void)call;
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "not yet");
}

bw_status bw__h5_op_remove(bw_ctx *ctx, bw_h5_call *call)
{
    (void)call;
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "not yet");
}

bw_status bw__h5_op_clear(bw_ctx *ctx, bw_h5_call *call)
{
    (void)call;
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "not yet");
}

bw_status bw__h5_op_flush(bw_ctx *ctx, bw_h5_call *call)
{
    return H5Fflush(call->file->id, H5F_SCOPE_GLOBAL) >= 0
               ? BW_OK : bw__h5_fail(ctx, "the file cannot be written out");
}
