/* SPDX-License-Identifier: MIT */
/**
 * Blosc 1 chunks to bytes. The container is read here and not by c-blosc, which trusts the
 * header with allocations, checks none of them, and makes a zstd context for every stream.
 *
 * What bounds hostile input: the header's length must be the length that is due, so blocks
 * are never larger than the result; no stream byte is read twice, so time is linear in
 * the input and the result.
 */
#include <inttypes.h>
#include <string.h>

#include "codec/blosc_format.h"
#include "codec/codec_internal.h"

typedef struct blosc_reader {
    bw_ctx *ctx;
    bw_view in;
    uint32_t flags;
    uint32_t compressor;
    uint32_t itemsize;
    uint32_t nbytes;
    uint32_t blocksize;
    uint32_t nblocks;
    size_t unread;         /* stream bytes that may still be used; see decode_stream() */
    uint8_t *block;        /* owned: a block before it is unshuffled */
    uint8_t *scratch;      /* in `block`: for the bit shuffle */
    bw__zstd_decoder *zstd; /* owned */
} blosc_reader;

static bw_status read_header(blosc_reader *reader, size_t out_len)
{
    const uint8_t *at = reader->in.ptr;
    bw_ctx *ctx = reader->ctx;
    uint32_t cbytes;

    if (reader->in.len < BW__BLOSC_HEADER) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "Blosc: %zu bytes are stored, the header takes %d",
                       reader->in.len, BW__BLOSC_HEADER);
    }
    if (at[0] != BW__BLOSC_VERSION) {
        bool known = at[0] > 0 && at[0] <= BW__BLOSC_LAST_VERSION;

        return bw_fail(ctx, known ? BW_ERR_UNSUPPORTED : BW_ERR_CORRUPT,
                       "Blosc: format version %u, this build reads %d", at[0], BW__BLOSC_VERSION);
    }
    reader->flags = at[2];
    reader->compressor = (uint32_t)at[2] >> 5;
    reader->itemsize = at[3];
    reader->nbytes = bw__read_u32(at + 4);
    reader->blocksize = bw__read_u32(at + 8);
    cbytes = bw__read_u32(at + 12);
    if (cbytes != reader->in.len) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "Blosc: %zu bytes are stored, the header says %" PRIu32, reader->in.len,
                       cbytes);
    }
    if (reader->nbytes != out_len) {
        return bw__fail_length(ctx, "Blosc", reader->nbytes, out_len);
    }
    if ((reader->flags & BW__BLOSC_RESERVED) != 0) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "Blosc: unknown flags 0x%02" PRIx32, reader->flags);
    }
    return BW_OK;
}

/* For chunks that are not plain copies. */
static bw_status check_blocks(blosc_reader *reader)
{
    bw_ctx *ctx = reader->ctx;
    uint32_t nbytes = reader->nbytes;
    uint32_t blocksize = reader->blocksize;
    uint64_t streams_at;

    if (reader->compressor == BW__BLOSC_SNAPPY || reader->compressor > BW__BLOSC_ZSTD) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "Blosc: compressor %s%" PRIu32,
                       reader->compressor == BW__BLOSC_SNAPPY ? "snappy, number " : "number ",
                       reader->compressor);
    }
    if (reader->in.ptr[1] != BW__BLOSC_STREAM_VERSION) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "Blosc: stream version %u, this build reads %d",
                       reader->in.ptr[1], BW__BLOSC_STREAM_VERSION);
    }
    if (reader->itemsize == 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "Blosc: elements of 0 bytes");
    }
    if (blocksize == 0 || blocksize > nbytes) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "Blosc: blocks of %" PRIu32 " bytes in a chunk of %" PRIu32, blocksize,
                       nbytes);
    }
    reader->nblocks = nbytes / blocksize + (nbytes % blocksize != 0);
    streams_at = BW__BLOSC_HEADER + 4 * (uint64_t)reader->nblocks;
    if (streams_at > reader->in.len) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "Blosc: %" PRIu32 " blocks need %" PRIu64 " bytes of table, %zu are stored",
                       reader->nblocks, streams_at - BW__BLOSC_HEADER, reader->in.len);
    }
    reader->unread = (size_t)(reader->in.len - streams_at);
    return BW_OK;
}

bw_status bw__blosc_stream_decode(bw_ctx *ctx, uint32_t compressor, bw__zstd_decoder **zstd,
                                  bw_view in, uint8_t *out, size_t len)
{
    switch (compressor) {
    case BW__BLOSC_BLOSCLZ: {
        size_t got = bw__blosclz_decode(in, out, len);
        return got == len ? BW_OK : bw__fail_length(ctx, "BloscLZ", got, len);
    }
    case BW__BLOSC_LZ4:
        return bw__lz4_block_decode(ctx, in, out, len);
    case BW__BLOSC_ZLIB:
        return bw__zlib_block_decode(ctx, in, out, len);
    default:
        if (*zstd == NULL) {
            BW_TRY(bw__zstd_decoder_new(ctx, zstd));
        }
        return bw__zstd_block_decode(ctx, *zstd, in, out, len);
    }
}

/* The stream at `*at`, to `len` bytes; moves `*at` behind it. */
static bw_status decode_stream(blosc_reader *reader, size_t *at, uint8_t *out, size_t len)
{
    bw_view in = reader->in;
    uint32_t stored;

    if (*at > in.len || in.len - *at < 4) {
        return bw_fail(reader->ctx, BW_ERR_CORRUPT,
                       "Blosc: a stream starts at %zu in a chunk of %zu bytes", *at, in.len);
    }
    stored = bw__read_u32(in.ptr + *at);
    *at += 4;
    if (stored > in.len - *at) {
        return bw_fail(reader->ctx, BW_ERR_CORRUPT,
                       "Blosc: a stream of %" PRIu32 " bytes at %zu in a chunk of %zu bytes",
                       stored, *at, in.len);
    }
    /* Many blocks that start at the same large stream would cost blocks times bytes. */
    if ((uint64_t)stored + 4 > reader->unread) {
        return bw_fail(reader->ctx, BW_ERR_CORRUPT, "Blosc: streams overlap");
    }
    reader->unread -= (size_t)stored + 4;
    in = (bw_view){in.ptr + *at, stored};
    *at += stored;
    if (stored == len) {
        memcpy(out, in.ptr, len);
        return BW_OK;
    }
    return bw__blosc_stream_decode(reader->ctx, reader->compressor, &reader->zstd, in, out, len);
}

static bw_status decode_block(blosc_reader *reader, uint32_t index, uint8_t *out, size_t len)
{
    size_t at = bw__read_u32(reader->in.ptr + BW__BLOSC_HEADER + 4 * (size_t)index);
    uint32_t itemsize = reader->itemsize;
    bool shuffled = (reader->flags & BW__BLOSC_SHUFFLED) != 0 && itemsize > 1;
    bool bitshuffled = (reader->flags & BW__BLOSC_BITSHUFFLED) != 0 && len >= itemsize;
    uint8_t *plain = shuffled || bitshuffled ? reader->block : out;
    size_t streams = 1;

    /* A shorter last block is never split. The two conditions on sizes are from before there
     * was a flag. */
    if ((reader->flags & BW__BLOSC_NOT_SPLIT) == 0 && len == reader->blocksize &&
        itemsize <= BW__BLOSC_MAX_SPLITS && len / itemsize >= BW__BLOSC_MIN_SPLIT) {
        streams = itemsize;
    }
    if (len % streams != 0) {
        return bw_fail(reader->ctx, BW_ERR_CORRUPT, "Blosc: %zu bytes do not split into %zu streams",
                       len, streams);
    }
    for (size_t i = 0; i < streams; i++) {
        size_t part = len / streams;
        BW_TRY(decode_stream(reader, &at, plain + i * part, part));
    }
    if (shuffled) {
        bw__unshuffle(itemsize, len, plain, out);
    } else if (bitshuffled) {
        bw__bitunshuffle(itemsize, len, plain, out, reader->scratch);
    }
    return BW_OK;
}

static bw_status decode_blocks(blosc_reader *reader, uint8_t *out)
{
    bool filtered = (reader->flags & (BW__BLOSC_SHUFFLED | BW__BLOSC_BITSHUFFLED)) != 0;

    if (filtered) {
        /* Blocks start aligned for the kernels' sake: bw_alloc() gives 16 and the second half
         * is only ever scratch. */
        reader->block = bw_alloc(reader->ctx, 2 * (size_t)reader->blocksize);
        if (reader->block == NULL) {
            return BW_ERR_NOMEM;
        }
        reader->scratch = reader->block + reader->blocksize;
    }
    for (uint32_t i = 0; i < reader->nblocks; i++) {
        size_t start = (size_t)i * reader->blocksize;
        size_t left = reader->nbytes - start;
        size_t len = left < reader->blocksize ? left : reader->blocksize;

        BW_TRY(decode_block(reader, i, out + start, len));
    }
    return BW_OK;
}

bw_status bw__blosc_size(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size)
{
    (void)codec;
    if (in.len < BW__BLOSC_HEADER) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "Blosc: %zu bytes are stored, the header takes %d",
                       in.len, BW__BLOSC_HEADER);
    }
    *size = bw__read_u32(in.ptr + 4);
    return BW_OK;
}

bw_status bw__blosc_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                           size_t out_len)
{
    blosc_reader reader = {.ctx = ctx, .in = in};
    bw_status st = BW_OK;

    (void)codec;
    BW_GO(read_header(&reader, out_len));
    if (out_len == 0) {
        goto done;
    }
    if ((reader.flags & BW__BLOSC_COPIED) != 0) {
        if (in.len - BW__BLOSC_HEADER != out_len) {
            st = bw__fail_length(ctx, "Blosc", in.len - BW__BLOSC_HEADER, out_len);
            goto done;
        }
        memcpy(out, in.ptr + BW__BLOSC_HEADER, out_len);
        goto done;
    }
    BW_GO(check_blocks(&reader));
    BW_GO(decode_blocks(&reader, out));

done:
    bw__zstd_decoder_free(reader.zstd);
    bw_release(ctx, reader.block);
    return st;
}
