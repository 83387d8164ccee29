/* SPDX-License-Identifier: MIT */
/**
 * The policy of a state stream: which states are saved, when a batch is due, when a checkpoint is, and
 * what is pending or on its way. It decides and counts; the host awaits and calls.
 *
 * A state's way: accepted (pending) -> taken (in flight) -> written, or returned after a failed
 * write, which makes it pending again: nothing that was accepted is ever just dropped.
 *
 * Plain data, no allocation; all sizes are bytes of the states' arrays.
 */
#ifndef BORES_STREAM_H
#define BORES_STREAM_H

#include "bores/context.h"

typedef struct bw_stream {
    /* settings; 0 means "no such limit" except for batch_size */
    uint64_t batch_size;          /**< states a batch, at least 1 */
    uint64_t max_batch_bytes;     /**< a batch is due at this many bytes, whichever comes first */
    uint64_t checkpoint_interval; /**< in step numbers */
    uint64_t max_queue_states;    /**< states in flight at the most */
    uint64_t max_queue_bytes;     /**< bytes in flight at the most */
    /* accounts */
    uint64_t yielded, saved, checkpoints;
    uint64_t pending_states, pending_bytes;
    uint64_t queued_states, queued_bytes;
} bw_stream;

/** What is to be done with a state, before it is handed on. */
enum {
    BW_STREAM_SAVED = 1,     /**< it is now pending */
    BW_STREAM_FLUSH = 2,     /**< a batch is due */
    BW_STREAM_CHECKPOINT = 4 /**< write it to the checkpoint store */
};

/** BW_ERR_ARGUMENT when batch_size is 0. */
bw_status bw_stream_init(bw_ctx *ctx, bw_stream *stream);

/**
 * A state came. `save` is what the caller's predicate says; a checkpoint is due by step number
 * (step > 0 and a multiple of the interval), whatever the predicate says.
 */
uint32_t bw_stream_accept(bw_stream *stream, int64_t step, bool save, uint64_t nbytes);

/** True when the pending batch may be put in flight: an empty queue takes any batch. */
bool bw_stream_has_room(const bw_stream *stream);
/** The pending batch goes into flight. */
void bw_stream_take(bw_stream *stream);
/** A batch in flight is written (`ok`), or comes back to the front of what is pending. */
void bw_stream_settle(bw_stream *stream, uint64_t states, uint64_t nbytes, bool ok);

#endif
