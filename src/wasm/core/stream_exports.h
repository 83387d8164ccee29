/* SPDX-License-Identifier: MIT */
/** The stream policy for JavaScript: numbers are f64, which holds every count and size exactly. */
#ifndef BORES_WASM_STREAM_EXPORTS_H
#define BORES_WASM_STREAM_EXPORTS_H

#include "bores/stream.h"
#include "wasm/exports.h"

/** NULL: see bw_wasm_last_error(). Infinity or 0 is "no limit". End with bw_wasm_free(). */
BW_EXPORT bw_stream *bw_wasm_stream_new(double batch_size, double max_batch_bytes,
                                        double checkpoint_interval, double max_queue_states,
                                        double max_queue_bytes);
BW_EXPORT uint32_t bw_wasm_stream_accept(bw_stream *stream, double step, int save, double nbytes);
BW_EXPORT int bw_wasm_stream_has_room(const bw_stream *stream);
BW_EXPORT void bw_wasm_stream_take(bw_stream *stream);
BW_EXPORT void bw_wasm_stream_settle(bw_stream *stream, double states, double nbytes, int ok);
/** Counts one checkpoint written. */
BW_EXPORT void bw_wasm_stream_checkpointed(bw_stream *stream);
/** yielded, saved, checkpoints, pending states, pending bytes, queued states, queued bytes. */
BW_EXPORT void bw_wasm_stream_accounts(const bw_stream *stream, double out[7]);

#endif
