/* SPDX-License-Identifier: MIT */
/**
 * Bytes to Blosc 1 chunks, with c-blosc's choices of block size and splitting, so that what
 * we write has the sizes that users of numcodecs know (with BloscLZ the very same bytes).
 * Source: c-blosc 1.21, the mode BLOSC_FORWARD_COMPAT_SPLIT, which is its default.
 */
#include <assert.h>
#include <string.h>

#include "codec/blosc_format.h"
#include "codec/codec_internal.h"

typedef enum inner { INNER_BLOSCLZ, INNER_LZ4, INNER_LZ4HC, INNER_ZLIB, INNER_ZSTD } inner;

static const struct {
    const char *name;
    uint8_t format;
    bool thorough; /* slow on small blocks, so its blocks are larger */
} inners[] = {
    [INNER_BLOSCLZ] = {"blosclz", BW__BLOSC_BLOSCLZ, false},
    [INNER_LZ4] = {"lz4", BW__BLOSC_LZ4, false},
    [INNER_LZ4HC] = {"lz4hc", BW__BLOSC_LZ4, true},
    [INNER_ZLIB] = {"zlib", BW__BLOSC_ZLIB, true},
    [INNER_ZSTD] = {"zstd", BW__BLOSC_ZSTD, true},
};

typedef struct blosc_writer {
    bw_ctx *ctx;
    inner inner;
    int level;
    uint32_t flags;
    uint32_t itemsize;
    uint32_t blocksize;
    uint8_t *chunk; /* borrowed: room for the input and a header */
    size_t cap;
    size_t len;
    uint8_t *block;   /* owned: a shuffled block */
    uint8_t *scratch; /* in `block`: for the bit shuffle */
    void *lz4_state;  /* owned */
    bw__zstd_encoder *zstd; /* owned */
} blosc_writer;

/* Whether blocks of this size become one stream for each byte of an element: after a shuffle these
 * differ much, which only zstd finds out for itself. */
static bool splits(const blosc_writer *writer, uint32_t blocksize)
{
    return writer->inner != INNER_ZSTD && writer->itemsize <= BW__BLOSC_MAX_SPLITS &&
           blocksize / writer->itemsize >= BW__BLOSC_MIN_SPLIT;
}

/* Bytes of a block: fits the first-level cache at level 0, and grows with the level. */
static uint32_t automatic_blocksize(const blosc_writer *writer, uint32_t nbytes)
{
    static const uint8_t growth[10] = {1, 2, 4, 8, 16, 16, 32, 32, 32, 32}; /* quarters */
    enum { L1_CACHE = 32 * 1024 };
    bool thorough = inners[writer->inner].thorough;
    uint32_t blocksize;

    if (nbytes < L1_CACHE) {
        return nbytes;
    }
    blocksize = (uint32_t)L1_CACHE / 4 * growth[writer->level] * (thorough ? 2 : 1);
    return writer->level == 9 && thorough ? blocksize * 2 : blocksize;
}

static uint32_t choose_blocksize(const blosc_writer *writer, uint32_t forced, uint32_t nbytes)
{
    const uint32_t smallest = 128, largest = (INT32_MAX - BW__BLOSC_MAX_ITEMSIZE * 4) / 3;
    const uint32_t split_part = 256 * 1024, split_smallest = 64 * 1024, split_largest = 1024 * 1024;
    uint32_t itemsize = writer->itemsize;
    uint32_t blocksize;

    if (nbytes < itemsize) {
        return 1;
    }
    if (forced != 0) {
        blocksize = forced < smallest ? smallest : forced;
        blocksize = blocksize > largest ? largest : blocksize;
    } else {
        blocksize = automatic_blocksize(writer, nbytes);
    }
    if (writer->level > 0 && splits(writer, blocksize)) {
        blocksize = blocksize > split_part ? split_part : blocksize;
        blocksize *= itemsize;
        blocksize = blocksize < split_smallest ? split_smallest : blocksize;
        blocksize = blocksize > split_largest ? split_largest : blocksize;
    }
    blocksize = blocksize > nbytes ? nbytes : blocksize;
    return blocksize > itemsize ? blocksize - blocksize % itemsize : blocksize;
}

/* `*written` is 0 when the result does not fit `cap`. */
static bw_status encode_inner(blosc_writer *writer, bw_view in, uint8_t *out, size_t cap,
                              size_t *written)
{
    bw_ctx *ctx = writer->ctx;
    int level = writer->level;

    switch (writer->inner) {
    case INNER_BLOSCLZ:
        *written = bw__blosclz_encode(level, (writer->flags & BW__BLOSC_NOT_SPLIT) == 0, in, out,
                                      cap);
        return BW_OK;
    case INNER_LZ4:
        *written = bw__lz4_block_encode(writer->lz4_state, 10 - level, in, out, cap);
        return BW_OK;
    case INNER_LZ4HC:
        *written = bw__lz4hc_block_encode(writer->lz4_state, level, in, out, cap);
        return BW_OK;
    case INNER_ZLIB:
        return bw__zlib_block_encode(ctx, level, in, out, cap, written);
    case INNER_ZSTD:
        return bw__zstd_block_encode(ctx, writer->zstd, in, out, cap, written);
    }
    return bw_fail(ctx, BW_ERR_INTERNAL, "Blosc: no compressor %d", (int)writer->inner);
}

/* Appends one stream; false in `*fits` when there is no room, compressed or not. */
static bw_status write_stream(blosc_writer *writer, bw_view in, bool *fits)
{
    size_t room = writer->cap - writer->len;
    uint8_t *at = writer->chunk + writer->len;
    size_t cap, written;

    *fits = room > 4;
    if (!*fits) {
        return BW_OK;
    }
    room -= 4;
    cap = room < in.len ? room : in.len;
    BW_TRY(encode_inner(writer, in, at + 4, cap, &written));
    if (written == 0 || written == in.len) {
        if (in.len > room) {
            *fits = false;
            return BW_OK;
        }
        memcpy(at + 4, in.ptr, in.len);
        written = in.len;
    }
    bw__write_u32(at, (uint32_t)written);
    writer->len += 4 + written;
    return BW_OK;
}

static bw_status write_block(blosc_writer *writer, bw_view in, bool *fits)
{
    uint32_t itemsize = writer->itemsize;
    size_t streams = 1, part;
    bool split = (writer->flags & BW__BLOSC_NOT_SPLIT) == 0;

    if ((writer->flags & BW__BLOSC_SHUFFLED) != 0 && itemsize > 1) {
        bw__shuffle(itemsize, in.len, in.ptr, writer->block);
        in.ptr = writer->block;
    } else if ((writer->flags & BW__BLOSC_BITSHUFFLED) != 0 && in.len >= itemsize) {
        bw__bitshuffle(itemsize, in.len, in.ptr, writer->block, writer->scratch);
        in.ptr = writer->block;
    }
    if (split && in.len == writer->blocksize) {
        streams = itemsize;
    }
    part = in.len / streams;
    for (size_t i = 0; i < streams; i++) {
        BW_TRY(write_stream(writer, (bw_view){in.ptr + i * part, part}, fits));
        if (!*fits) {
            return BW_OK;
        }
    }
    return BW_OK;
}

static bw_status prepare(blosc_writer *writer)
{
    bool filtered = (writer->flags & (BW__BLOSC_SHUFFLED | BW__BLOSC_BITSHUFFLED)) != 0;

    if (filtered) {
        writer->block = bw_alloc(writer->ctx, 2 * (size_t)writer->blocksize);
        if (writer->block == NULL) {
            return BW_ERR_NOMEM;
        }
        writer->scratch = writer->block + writer->blocksize;
    }
    if (writer->inner == INNER_LZ4 || writer->inner == INNER_LZ4HC) {
        size_t size = bw__lz4_state_size(writer->inner == INNER_LZ4HC);

        writer->lz4_state = bw_alloc(writer->ctx, size);
        if (writer->lz4_state == NULL) {
            return BW_ERR_NOMEM;
        }
    } else if (writer->inner == INNER_ZSTD) {
        /* c-blosc's mapping of its nine levels to zstd's; 22 is zstd's last. */
        int level = writer->level < 9 ? 2 * writer->level - 1 : 22;

        BW_TRY(bw__zstd_encoder_new(writer->ctx, level, false, &writer->zstd));
    }
    return BW_OK;
}

static bw_status write_blocks(blosc_writer *writer, bw_view in, bool *fits)
{
    size_t nblocks = in.len / writer->blocksize + (in.len % writer->blocksize != 0);

    *fits = BW__BLOSC_HEADER + 4 * nblocks <= writer->cap;
    if (!*fits) {
        return BW_OK;
    }
    BW_TRY(prepare(writer));
    writer->len = BW__BLOSC_HEADER + 4 * nblocks;
    for (size_t i = 0; i < nblocks && *fits; i++) {
        size_t start = i * writer->blocksize;
        size_t left = in.len - start;
        size_t len = left < writer->blocksize ? left : writer->blocksize;

        bw__write_u32(writer->chunk + BW__BLOSC_HEADER + 4 * i, (uint32_t)writer->len);
        BW_TRY(write_block(writer, (bw_view){in.ptr + start, len}, fits));
    }
    return BW_OK;
}

static bw_status begin(blosc_writer *writer, const bw_codec *codec, size_t nbytes,
                       uint32_t itemsize)
{
    int shuffle = codec->shuffle;
    size_t i = 0;

    while (i < sizeof inners / sizeof inners[0] && strcmp(inners[i].name, codec->cname) != 0) {
        i++;
    }
    if (i == sizeof inners / sizeof inners[0]) {
        return bw_fail(writer->ctx, BW_ERR_UNSUPPORTED, "Blosc: compressor \"%s\"", codec->cname);
    }
    if (codec->level < 0 || codec->level > 9) {
        return bw_fail(writer->ctx, BW_ERR_ARGUMENT, "Blosc: level is %d, it can be 0 to 9",
                       codec->level);
    }
    if (shuffle < -1 || shuffle > 2) {
        return bw_fail(writer->ctx, BW_ERR_ARGUMENT, "Blosc: shuffle is %d, it can be -1 to 2",
                       shuffle);
    }
    if (nbytes > BW__BLOSC_MAX_BYTES) {
        return bw_fail_limit(writer->ctx, "Blosc input", nbytes, BW__BLOSC_MAX_BYTES);
    }
    if (shuffle == -1) { /* numcodecs.Blosc.AUTOSHUFFLE */
        shuffle = itemsize == 1 ? 2 : 1;
    }
    writer->inner = (inner)i;
    writer->level = codec->level;
    writer->itemsize = itemsize > BW__BLOSC_MAX_ITEMSIZE ? 1 : itemsize;
    writer->blocksize = choose_blocksize(writer, codec->blocksize, (uint32_t)nbytes);
    writer->flags = (uint32_t)inners[i].format << 5;
    writer->flags |= shuffle == 1 ? BW__BLOSC_SHUFFLED : 0u;
    writer->flags |= shuffle == 2 ? BW__BLOSC_BITSHUFFLED : 0u;
    writer->flags |= splits(writer, writer->blocksize) ? 0u : BW__BLOSC_NOT_SPLIT;
    return BW_OK;
}

static void write_header(const blosc_writer *writer, size_t nbytes)
{
    uint8_t *at = writer->chunk;

    at[0] = BW__BLOSC_VERSION;
    at[1] = BW__BLOSC_STREAM_VERSION;
    at[2] = (uint8_t)writer->flags;
    at[3] = (uint8_t)writer->itemsize;
    bw__write_u32(at + 4, (uint32_t)nbytes);
    bw__write_u32(at + 8, writer->blocksize);
    bw__write_u32(at + 12, (uint32_t)writer->len);
}

bw_status bw__blosc_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                           bw_bytes *out)
{
    enum { SMALLEST = 128 }; /* bytes worth compressing */
    blosc_writer writer = {.ctx = ctx};
    bool fits = false;
    bw_status st = BW_OK;

    BW_GO(begin(&writer, codec, in.len, itemsize));
    writer.cap = in.len + BW__BLOSC_HEADER;
    BW_GO(bw__reserve(ctx, out, writer.cap, &writer.chunk));
    if (codec->level > 0 && in.len >= SMALLEST) {
        BW_GO(write_blocks(&writer, in, &fits));
    }
    if (!fits) {
        writer.flags |= BW__BLOSC_COPIED;
        writer.len = writer.cap;
        if (in.len > 0) {
            memcpy(writer.chunk + BW__BLOSC_HEADER, in.ptr, in.len);
        }
    }
    write_header(&writer, in.len);
    out->len += writer.len;

done:
    bw__zstd_encoder_free(writer.zstd);
    bw_release(ctx, writer.lz4_state);
    bw_release(ctx, writer.block);
    return st;
}
