/* SPDX-License-Identifier: MIT */
/**
 * Blosc2 chunks to bytes, block by block.
 *
 * What bounds hostile input: whoever reads a block has room for it, three more are taken, and no
 * stream byte is read twice. A stream may be a run (of no bytes at all), so that time is bounded by
 * the result.
 */
#include "codec/blosc2_chunk.h"

#include <inttypes.h>
#include <string.h>

#include "codec/blosc_format.h"

enum {
    VERSION = 5, /* since 2.0; those before were never released, 6 has blocks of variable length */
    HEADER = 32,
    EXTENDED = BW__BLOSC_SHUFFLED | BW__BLOSC_BITSHUFFLED, /* both: the header is the long one */
    FILTER_CODES = 16,
    CODEC_ID = 22,
    FILTER_META = 24,
    MORE_FLAGS = 30,
    FLAGS = 31,
    DICTIONARY = 0x01,
    LAZY = 0x08,
    INSTRUMENTED = 0x80
};

enum { NO_FILTER = 0, SHUFFLE, BITSHUFFLE, DELTA, TRUNC_PREC, BYTEDELTA = 35, INT_TRUNC = 36 };

/* Filters in the order in which they are undone: the last one first. What has cut bits off cannot
 * be undone. The delta is against the chunk's first block as it comes out, so nothing can be behind
 * it. */
static bw_status read_filters(bw__blosc2_chunk *chunk)
{
    const uint8_t *codes = chunk->in.ptr + FILTER_CODES, *meta = chunk->in.ptr + FILTER_META;

    for (int i = BW__BLOSC2_FILTERS - 1; i >= 0; i--) {
        uint32_t size = meta[i] != 0 ? meta[i] : chunk->itemsize;
        bool known = codes[i] == SHUFFLE || codes[i] == BITSHUFFLE || codes[i] == BYTEDELTA;

        if (codes[i] == NO_FILTER || codes[i] == TRUNC_PREC || codes[i] == INT_TRUNC) {
            continue;
        }
        if ((!known && codes[i] != DELTA) || chunk->delta) {
            return bw_fail(chunk->ctx, BW_ERR_UNSUPPORTED, "Blosc2: filter %u%s", codes[i],
                           chunk->delta ? " before a delta" : "");
        }
        if (codes[i] == DELTA) {
            chunk->delta = true;
        } else if (codes[i] != SHUFFLE || size > 1) {
            chunk->filters[chunk->filter_count] = codes[i];
            chunk->meta[chunk->filter_count++] = (uint8_t)size;
        }
    }
    return BW_OK;
}

static bw_status check_kind(bw__blosc2_chunk *chunk)
{
    const uint8_t *at = chunk->in.ptr;
    bw_ctx *ctx = chunk->ctx;
    uint32_t streams_at;

    if ((at[FLAGS] & (DICTIONARY | INSTRUMENTED)) != 0 || at[MORE_FLAGS] != 0) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "Blosc2: %s",
                       (at[FLAGS] & DICTIONARY) != 0 ? "a dictionary"
                       : at[MORE_FLAGS] != 0         ? "blocks of variable length"
                                                     : "an instrumented chunk");
    }
    if (chunk->copied) {
        size_t stored = chunk->in.len - HEADER;

        return stored == chunk->nbytes ? BW_OK
                                       : bw__fail_length(ctx, "Blosc2", stored, chunk->nbytes);
    }
    if (chunk->compressor == BW__BLOSC_SNAPPY || chunk->compressor > BW__BLOSC_ZSTD) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "Blosc2: compressor %" PRIu32 ", codec %u",
                       chunk->compressor, at[CODEC_ID]);
    }
    if (chunk->blocksize == 0 || chunk->blocksize > chunk->nbytes) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "Blosc2: blocks of %" PRIu32 " bytes in a chunk of %" PRIu32,
                       chunk->blocksize, chunk->nbytes);
    }
    streams_at = (chunk->nbytes - 1) / chunk->blocksize + 1;
    if (streams_at > (chunk->in.len - HEADER) / 4) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "Blosc2: %" PRIu32 " blocks in a chunk of %zu bytes",
                       streams_at, chunk->in.len);
    }
    chunk->unread = chunk->in.len - HEADER - 4 * (size_t)streams_at;
    return read_filters(chunk);
}

bw_status bw__blosc2_chunk_begin(bw_ctx *ctx, bw_view in, bw__blosc2_chunk *chunk)
{
    uint32_t stored;

    *chunk = (bw__blosc2_chunk){.ctx = ctx, .in = in};
    if (in.len < HEADER) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "Blosc2: %zu bytes are left, a chunk's header takes %d",
                       in.len, HEADER);
    }
    if (in.ptr[0] != VERSION || (in.ptr[2] & EXTENDED) != EXTENDED) {
        bool known = in.ptr[0] > 0 && in.ptr[0] <= VERSION + 1;

        return bw_fail(ctx, known ? BW_ERR_UNSUPPORTED : BW_ERR_CORRUPT,
                       "Blosc2: a chunk of format version %u, this build reads %d", in.ptr[0],
                       VERSION);
    }
    chunk->copied = (in.ptr[2] & BW__BLOSC_COPIED) != 0;
    chunk->split = (in.ptr[2] & BW__BLOSC_NOT_SPLIT) == 0;
    chunk->compressor = (uint32_t)in.ptr[2] >> 5;
    chunk->itemsize = in.ptr[3];
    chunk->nbytes = bw__read_u32(in.ptr + 4);
    chunk->blocksize = bw__read_u32(in.ptr + 8);
    chunk->special = (bw__blosc2_special)(in.ptr[FLAGS] >> 4 & 7);
    stored = bw__read_u32(in.ptr + 12);
    if (stored < HEADER || stored > in.len || chunk->itemsize == 0 ||
        chunk->nbytes > BW__BLOSC_MAX_BYTES || (in.ptr[FLAGS] & LAZY) != 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "Blosc2: a chunk of %" PRIu32 " bytes in %" PRIu32 ", %zu are stored",
                       chunk->nbytes, stored, in.len);
    }
    chunk->in.len = stored;
    if (chunk->special == BW__BLOSC2_VALUE) {
        chunk->itemsize = stored - HEADER; /* the header has room for 255 */
    }
    if (chunk->special > BW__BLOSC2_UNINIT || chunk->itemsize == 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "Blosc2: a chunk of special values %d",
                       (int)chunk->special);
    }
    return chunk->special != BW__BLOSC2_BLOCKS || chunk->nbytes == 0 ? BW_OK : check_kind(chunk);
}

void bw__blosc2_chunk_special(bw_ctx *ctx, bw__blosc2_special special, uint32_t itemsize,
                              uint32_t nbytes, bw__blosc2_chunk *chunk)
{
    *chunk = (bw__blosc2_chunk){
        .ctx = ctx, .special = special, .itemsize = itemsize, .nbytes = nbytes};
}

void bw__blosc2_chunk_end(bw__blosc2_chunk *chunk)
{
    bw__zstd_decoder_free(chunk->zstd);
    bw_release(chunk->ctx, chunk->buffers);
    bw_release(chunk->ctx, chunk->reference);
    chunk->zstd = NULL;
    chunk->buffers = chunk->reference = NULL;
}

/* Special values ---------------------------------------------------------------------------- */

static bw_status repeat(const bw__blosc2_chunk *chunk, uint8_t *out, size_t len)
{
    /* IEEE 754: the quiet NaN that C's nan("") is. */
    static const uint8_t nan32[] = {0, 0, 0xc0, 0x7f}, nan64[] = {0, 0, 0, 0, 0, 0, 0xf8, 0x7f};
    const uint8_t *value = NULL;
    size_t size = chunk->itemsize;

    if (chunk->special == BW__BLOSC2_NANS) {
        value = size == 4 ? nan32 : size == 8 ? nan64 : NULL;
    } else if (chunk->special == BW__BLOSC2_VALUE) {
        value = chunk->in.ptr + HEADER;
    } else {
        memset(out, 0, len);
        return BW_OK;
    }
    if (value == NULL || len % size != 0) {
        return bw_fail(chunk->ctx, BW_ERR_CORRUPT, "Blosc2: %zu bytes of repeated values of %zu",
                       len, size);
    }
    for (size_t at = 0; at < len; at += size) {
        memcpy(out + at, value, size);
    }
    return BW_OK;
}

/* Blocks ------------------------------------------------------------------------------------ */

/* The stream at `*at`, to `len` bytes; moves `*at` behind it. Its length may stand for a run: of
 * zeros, or, negative and with a byte behind it that says so, of another byte. */
static bw_status decode_stream(bw__blosc2_chunk *chunk, size_t *at, uint8_t *out, size_t len)
{
    bw_view in = chunk->in;
    bw_ctx *ctx = chunk->ctx;
    int32_t stored;
    size_t takes;

    if (*at > in.len || in.len - *at < 4) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "Blosc2: a stream starts at %zu in a chunk of %zu bytes", *at, in.len);
    }
    stored = (int32_t)bw__read_u32(in.ptr + *at);
    *at += 4;
    takes = stored < 0 ? 1 : (size_t)stored;
    /* Blocks that start at the same long stream would cost blocks times bytes. */
    if (takes > in.len - *at || takes + 4 > chunk->unread) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "Blosc2: a stream of %zu bytes at %zu in a chunk of %zu bytes", takes, *at,
                       in.len);
    }
    chunk->unread -= takes + 4;
    in = (bw_view){in.ptr + *at, takes};
    *at += takes;
    if (stored < 0) {
        if ((*in.ptr & 1u) == 0 || stored < -255) {
            return bw_fail(ctx, BW_ERR_UNSUPPORTED, "Blosc2: a stream of length %" PRId32
                           " with the token %u", stored, *in.ptr);
        }
        memset(out, -stored, len);
    } else if (stored == 0) {
        memset(out, 0, len);
    } else if (takes == len) {
        memcpy(out, in.ptr, len);
    } else {
        return bw__blosc_stream_decode(ctx, chunk->compressor, &chunk->zstd, in, out, len);
    }
    return BW_OK;
}

static bw_status decode_streams(bw__blosc2_chunk *chunk, uint32_t index, uint8_t *out, size_t len)
{
    size_t at = bw__read_u32(chunk->in.ptr + HEADER + 4 * (size_t)index);
    size_t streams = chunk->split && len == chunk->blocksize ? chunk->itemsize : 1;

    if (len % streams != 0) {
        return bw_fail(chunk->ctx, BW_ERR_CORRUPT,
                       "Blosc2: %zu bytes do not split into %zu streams", len, streams);
    }
    for (size_t i = 0; i < streams; i++) {
        BW_TRY(decode_stream(chunk, &at, out + i * (len / streams), len / streams));
    }
    return BW_OK;
}

/* As many runs of bytes as an element has, each the differences of its neighbours. */
static void sum_bytes(size_t size, size_t len, const uint8_t *in, uint8_t *out)
{
    size_t run = len / size, done = run * size;

    for (size_t at = 0; at < done; at += run) {
        uint8_t sum = 0;

        for (size_t i = at; i < at + run; i++) {
            sum = (uint8_t)(sum + in[i]);
            out[i] = sum;
        }
    }
    memcpy(out + done, in + done, len - done);
}

static void undo_filter(uint8_t filter, size_t size, size_t len, const uint8_t *in, uint8_t *out,
                        uint8_t *scratch)
{
    if (filter == SHUFFLE) {
        bw__unshuffle(size, len, in, out);
    } else if (filter == BITSHUFFLE) {
        size_t whole = len / size / 8 * 8 * size; /* Blosc 1 leaves all as it is for a rest */

        bw__bitunshuffle(size, whole, in, out, scratch);
        memcpy(out + whole, in + whole, len - whole);
    } else {
        sum_bytes(size, len, in, out);
    }
}

/* Elements were exclusive-ored with the first block's, and in that one with the element before. Any
 * other size than those of integers goes byte by byte, or eight bytes at a time. */
static void undo_delta(bw__blosc2_chunk *chunk, uint32_t index, uint8_t *out, size_t len)
{
    size_t size = chunk->itemsize;

    size = size == 2 || size == 4 || size == 8 ? size : size % 8 == 0 ? 8 : 1;
    len = len / size * size;
    for (size_t i = index == 0 ? size : 0; i < len; i++) {
        out[i] ^= index == 0 ? out[i - size] : chunk->reference[i];
    }
}

static bw_status decode_block(bw__blosc2_chunk *chunk, uint32_t index, uint8_t *out, size_t len)
{
    size_t block = chunk->blocksize;
    uint8_t *from, *to;

    if (chunk->filter_count == 0) {
        BW_TRY(decode_streams(chunk, index, out, len));
    } else {
        if (chunk->buffers == NULL) {
            chunk->buffers = block > SIZE_MAX / 3 ? NULL : bw_alloc(chunk->ctx, 3 * block);
            if (chunk->buffers == NULL) {
                return bw_fail(chunk->ctx, BW_ERR_NOMEM, "Blosc2: three blocks of %zu bytes",
                               block);
            }
        }
        from = chunk->buffers;
        BW_TRY(decode_streams(chunk, index, from, len));
        for (uint32_t i = 0; i < chunk->filter_count; i++) {
            to = i + 1 == chunk->filter_count ? out
                 : from == chunk->buffers     ? chunk->buffers + block
                                              : chunk->buffers;
            undo_filter(chunk->filters[i], chunk->meta[i], len, from, to,
                        chunk->buffers + 2 * block);
            from = to;
        }
    }
    if (chunk->delta) {
        undo_delta(chunk, index, out, len);
    }
    return BW_OK;
}

/* The first block, once, for the blocks that differ from it. */
static bw_status decode_reference(bw__blosc2_chunk *chunk)
{
    if (chunk->reference != NULL) {
        return BW_OK;
    }
    chunk->reference = bw_alloc(chunk->ctx, chunk->blocksize);
    return chunk->reference == NULL ? BW_ERR_NOMEM
                                    : decode_block(chunk, 0, chunk->reference, chunk->blocksize);
}

bw_status bw__blosc2_chunk_block(bw__blosc2_chunk *chunk, uint32_t index, uint32_t blocksize,
                                 uint8_t *out)
{
    uint64_t start = (uint64_t)index * blocksize;
    size_t left = start < chunk->nbytes ? (size_t)(chunk->nbytes - start) : 0;
    size_t len = left < blocksize ? left : blocksize;

    if (chunk->special != BW__BLOSC2_BLOCKS) {
        return repeat(chunk, out, len);
    }
    if (chunk->copied) {
        memcpy(out, chunk->in.ptr + HEADER + start, len);
        return BW_OK;
    }
    if (blocksize != chunk->blocksize || len == 0) {
        return bw_fail(chunk->ctx, BW_ERR_CORRUPT,
                       "Blosc2: blocks of %" PRIu32 " bytes are stored, %" PRIu32 " are due",
                       chunk->blocksize, blocksize);
    }
    if (chunk->delta) {
        BW_TRY(decode_reference(chunk));
        if (index == 0) {
            memcpy(out, chunk->reference, len);
            return BW_OK;
        }
    }
    return decode_block(chunk, index, out, len);
}

bw_status bw__blosc2_chunk_all(bw__blosc2_chunk *chunk, uint8_t *out)
{
    uint32_t blocksize = chunk->blocksize;

    if (chunk->special != BW__BLOSC2_BLOCKS || chunk->copied) {
        blocksize = chunk->nbytes;
    }
    for (uint32_t i = 0; (uint64_t)i * blocksize < chunk->nbytes; i++) {
        BW_TRY(bw__blosc2_chunk_block(chunk, i, blocksize, out + (size_t)i * blocksize));
    }
    return BW_OK;
}
