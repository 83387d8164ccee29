/* SPDX-License-Identifier: MIT */
/* The decisions and accounts of a state stream; stream.h says what they mean. */
#include "bores/stream.h"

bw_status bw_stream_init(bw_ctx *ctx, bw_stream *stream)
{
    if (stream->batch_size == 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "batchSize is 0, at least 1 is needed");
    }
    stream->yielded = stream->saved = stream->checkpoints = 0;
    stream->pending_states = stream->pending_bytes = 0;
    stream->queued_states = stream->queued_bytes = 0;
    return BW_OK;
}

uint32_t bw_stream_accept(bw_stream *stream, int64_t step, bool save, uint64_t nbytes)
{
    uint32_t due = 0;

    stream->yielded++;
    if (save) {
        due |= BW_STREAM_SAVED;
        stream->pending_states++;
        stream->pending_bytes += nbytes;
        if (stream->pending_states >= stream->batch_size ||
            (stream->max_batch_bytes > 0 && stream->pending_bytes >= stream->max_batch_bytes)) {
            due |= BW_STREAM_FLUSH;
        }
    }
    if (stream->checkpoint_interval > 0 && step > 0 &&
        (uint64_t)step % stream->checkpoint_interval == 0) {
        due |= BW_STREAM_CHECKPOINT;
    }
    return due;
}

bool bw_stream_has_room(const bw_stream *stream)
{
    if (stream->queued_states == 0) {
        return true;
    }
    return (stream->max_queue_states == 0 ||
            stream->queued_states + stream->pending_states <= stream->max_queue_states) &&
           (stream->max_queue_bytes == 0 ||
            stream->queued_bytes + stream->pending_bytes <= stream->max_queue_bytes);
}

void bw_stream_take(bw_stream *stream)
{
    stream->queued_states += stream->pending_states;
    stream->queued_bytes += stream->pending_bytes;
    stream->pending_states = stream->pending_bytes = 0;
}

void bw_stream_settle(bw_stream *stream, uint64_t states, uint64_t nbytes, bool ok)
{
    stream->queued_states -= states;
    stream->queued_bytes -= nbytes;
    if (ok) {
        stream->saved += states;
    } else {
        stream->pending_states += states;
        stream->pending_bytes += nbytes;
    }
}
