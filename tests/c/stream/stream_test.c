/* SPDX-License-Identifier: MIT */
/* The stream's decisions, against cases written by hand from what a stream promises. */
#include "bores/stream.h"

#include "check.h"

static bw_stream new_stream(uint64_t batch, uint64_t bytes, uint64_t interval)
{
    bw_ctx ctx;
    bw_stream stream = {.batch_size = batch, .max_batch_bytes = bytes,
                        .checkpoint_interval = interval};

    bw_ctx_init(&ctx);
    CHECK_INT(bw_stream_init(&ctx, &stream), BW_OK);
    return stream;
}

static void refuses_an_empty_batch(void)
{
    bw_ctx ctx;
    bw_stream stream = {0};

    bw_ctx_init(&ctx);
    CHECK_INT(bw_stream_init(&ctx, &stream), BW_ERR_ARGUMENT);
}

static void flushes_by_count(void)
{
    bw_stream stream = new_stream(3, 0, 0);

    CHECK_INT(bw_stream_accept(&stream, 0, true, 10), BW_STREAM_SAVED);
    CHECK_INT(bw_stream_accept(&stream, 1, false, 10), 0);
    CHECK_INT(bw_stream_accept(&stream, 2, true, 10), BW_STREAM_SAVED);
    CHECK_INT(bw_stream_accept(&stream, 3, true, 10), BW_STREAM_SAVED | BW_STREAM_FLUSH);
    CHECK_INT(stream.yielded, 4);
    CHECK_INT(stream.pending_states, 3);
    CHECK_INT(stream.pending_bytes, 30);
}

static void flushes_by_bytes(void)
{
    bw_stream stream = new_stream(100, 25, 0);

    CHECK_INT(bw_stream_accept(&stream, 0, true, 24), BW_STREAM_SAVED);
    CHECK_INT(bw_stream_accept(&stream, 1, true, 1), BW_STREAM_SAVED | BW_STREAM_FLUSH);
}

/* Step 0 never; the predicate has no veto. */
static void checkpoints_by_step(void)
{
    bw_stream stream = new_stream(100, 0, 4);

    CHECK_INT(bw_stream_accept(&stream, 0, false, 1), 0);
    CHECK_INT(bw_stream_accept(&stream, 3, true, 1), BW_STREAM_SAVED);
    CHECK_INT(bw_stream_accept(&stream, 4, false, 1), BW_STREAM_CHECKPOINT);
    CHECK_INT(bw_stream_accept(&stream, 12, true, 1), BW_STREAM_SAVED | BW_STREAM_CHECKPOINT);
    CHECK_INT(bw_stream_accept(&stream, -4, true, 1), BW_STREAM_SAVED);
}

static void bounds_the_queue(void)
{
    bw_stream stream = new_stream(2, 0, 0);

    stream.max_queue_states = 3;
    stream.max_queue_bytes = 100;
    (void)bw_stream_accept(&stream, 0, true, 500);
    CHECK(bw_stream_has_room(&stream)); /* an empty queue takes what is larger than itself */
    bw_stream_take(&stream);
    (void)bw_stream_accept(&stream, 1, true, 1);
    CHECK(!bw_stream_has_room(&stream)); /* 501 bytes */
    bw_stream_settle(&stream, 1, 500, true);
    CHECK_INT(stream.saved, 1);
    CHECK(bw_stream_has_room(&stream));
    bw_stream_take(&stream);
    for (int i = 0; i < 3; i++) {
        (void)bw_stream_accept(&stream, 2 + i, true, 1);
    }
    CHECK(!bw_stream_has_room(&stream)); /* 1 + 3 states */
}

static void a_failed_batch_is_pending_again(void)
{
    bw_stream stream = new_stream(2, 0, 0);

    (void)bw_stream_accept(&stream, 0, true, 5);
    (void)bw_stream_accept(&stream, 1, true, 7);
    bw_stream_take(&stream);
    CHECK_INT(stream.pending_states, 0);
    CHECK_INT(stream.queued_bytes, 12);
    bw_stream_settle(&stream, 2, 12, false);
    CHECK_INT(stream.pending_states, 2);
    CHECK_INT(stream.pending_bytes, 12);
    CHECK_INT(stream.queued_states, 0);
    CHECK_INT(stream.saved, 0);
}

int main(void)
{
    RUN(refuses_an_empty_batch);
    RUN(flushes_by_count);
    RUN(flushes_by_bytes);
    RUN(checkpoints_by_step);
    RUN(bounds_the_queue);
    RUN(a_failed_batch_is_pending_again);
    return check_summary();
}
