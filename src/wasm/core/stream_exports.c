/* SPDX-License-Identifier: MIT */
#include "stream_exports.h"

#include "wasm/wasm_internal.h"

/* A limit from JavaScript: what is not a finite positive number is none. */
static uint64_t limit_of(double value)
{
    return value > 0 && value < 9007199254740992.0 ? (uint64_t)value : 0;
}

bw_stream *bw_wasm_stream_new(double batch_size, double max_batch_bytes,
                              double checkpoint_interval, double max_queue_states,
                              double max_queue_bytes)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_stream *stream = bw_alloc_zeroed(ctx, sizeof *stream);

    if (stream == NULL) {
        return NULL;
    }
    stream->batch_size = limit_of(batch_size);
    stream->max_batch_bytes = limit_of(max_batch_bytes);
    stream->checkpoint_interval = limit_of(checkpoint_interval);
    stream->max_queue_states = limit_of(max_queue_states);
    stream->max_queue_bytes = limit_of(max_queue_bytes);
    if (bw_stream_init(ctx, stream) != BW_OK) {
        bw_release(ctx, stream);
        return NULL;
    }
    return stream;
}

uint32_t bw_wasm_stream_accept(bw_stream *stream, double step, int save, double nbytes)
{
    return bw_stream_accept(stream, (int64_t)step, save != 0, (uint64_t)nbytes);
}

int bw_wasm_stream_has_room(const bw_stream *stream)
{
    return bw_stream_has_room(stream);
}

void bw_wasm_stream_take(bw_stream *stream)
{
    bw_stream_take(stream);
}

void bw_wasm_stream_settle(bw_stream *stream, double states, double nbytes, int ok)
{
    bw_stream_settle(stream, (uint64_t)states, (uint64_t)nbytes, ok != 0);
}

void bw_wasm_stream_checkpointed(bw_stream *stream)
{
    stream->checkpoints++;
}

void bw_wasm_stream_accounts(const bw_stream *stream, double out[7])
{
    const uint64_t accounts[7] = {
        stream->yielded,       stream->saved,         stream->checkpoints,  stream->pending_states,
        stream->pending_bytes, stream->queued_states, stream->queued_bytes,
    };

    for (int i = 0; i < 7; i++) {
        out[i] = (double)accounts[i];
    }
}
