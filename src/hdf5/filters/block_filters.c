/* SPDX-License-Identifier: MIT */
/*
 * The registered filters LZ4 (32004) and bitshuffle (32008), which cut a chunk into blocks.
 *
 * Sources: the filters' descriptions in The HDF Group's registry; bitshuffle's README, "HDF5 filter".
 * Both begin with the size as a big-endian u64 and the block size as a u32; each block is preceded by
 * its stored size, a big-endian u32.
 */
#include <string.h>

#include "codec/codec_internal.h"
#include "filter_codecs.h"

#define HEAD 12u
#define BITSHUFFLE_TARGET 8192u

static uint32_t big32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Size and block size; `out` gets room for it all. */
static bw_status read_head(bw_ctx *ctx, const char *name, bw_view *in, uint64_t limit,
                           uint64_t *size, uint32_t *block, bw_bytes *out)
{
    if (in->len < HEAD) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: %zu bytes are stored, the head takes %u", name,
                       in->len, HEAD);
    }
    *size = (uint64_t)big32(in->ptr) << 32 | big32(in->ptr + 4);
    *block = big32(in->ptr + 8);
    if (*size > limit) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: %llu bytes are said to come out, %llu are due",
                       name, (unsigned long long)*size, (unsigned long long)limit);
    }
    *in = (bw_view){in->ptr + HEAD, in->len - HEAD};
    return bw_bytes_reserve(ctx, out, (size_t)*size);
}

/* The next block's stored bytes. */
static bw_status next_block(bw_ctx *ctx, const char *name, bw_view *in, bw_view *stored)
{
    uint32_t len;

    if (in->len < 4 || (len = big32(in->ptr)) > in->len - 4) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: a block ends beyond the chunk", name);
    }
    *stored = (bw_view){in->ptr + 4, len};
    *in = (bw_view){in->ptr + 4 + len, in->len - 4 - len};
    return BW_OK;
}

bw_status bw__h5_lz4_decode(bw_ctx *ctx, bw_view in, uint64_t limit, bw_bytes *out)
{
    uint64_t size;
    uint32_t block;

    BW_TRY(read_head(ctx, "lz4", &in, limit, &size, &block, out));
    if (block == 0 && size > 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "lz4: the block size is 0");
    }
    while (size > 0) {
        size_t due = size < block ? (size_t)size : block;
        bw_view stored;

        BW_TRY(next_block(ctx, "lz4", &in, &stored));
        if (stored.len == due) {
            memcpy(out->ptr + out->len, stored.ptr, due);
        } else {
            BW_TRY(bw__lz4_block_decode(ctx, stored, out->ptr + out->len, due));
        }
        out->len += due;
        size -= due;
    }
    return BW_OK;
}

typedef struct unshuffler {
    uint32_t itemsize, compression;
    bw__zstd_decoder *zstd;
    uint8_t *plain, *scratch; /* one block each */
} unshuffler;

/* One block of a multiple of eight elements. */
static bw_status undo_block(bw_ctx *ctx, unshuffler *u, bw_view *in, size_t due, bw_bytes *out)
{
    const uint8_t *shuffled = u->plain;
    bw_view stored;

    if (u->compression == 0) {
        if (in->len < due) {
            return bw__fail_length(ctx, "bitshuffle", in->len, due);
        }
        shuffled = in->ptr;
        *in = (bw_view){in->ptr + due, in->len - due};
    } else {
        BW_TRY(next_block(ctx, "bitshuffle", in, &stored));
        if (u->compression == 2) {
            BW_TRY(bw__lz4_block_decode(ctx, stored, u->plain, due));
        } else {
            BW_TRY(bw__zstd_block_decode(ctx, u->zstd, stored, u->plain, due));
        }
    }
    bw__bitunshuffle(u->itemsize, due, shuffled, out->ptr + out->len, u->scratch);
    out->len += due;
    return BW_OK;
}

static bw_status undo_blocks(bw_ctx *ctx, unshuffler *u, bw_view in, uint64_t size, size_t block,
                             bw_bytes *out)
{
    uint64_t whole = size / u->itemsize / 8 * 8 * u->itemsize; /* the rest is as it was */

    while (whole > 0) {
        size_t due = whole < block ? (size_t)whole : block;

        BW_TRY(undo_block(ctx, u, &in, due, out));
        whole -= due;
        size -= due;
    }
    if (in.len < size) {
        return bw__fail_length(ctx, "bitshuffle", in.len, size);
    }
    return bw_bytes_append(ctx, out, in.ptr, (size_t)size);
}

bw_status bw__h5_bitshuffle_decode(bw_ctx *ctx, bw_view in, uint32_t itemsize, uint32_t block,
                                   uint32_t compression, uint64_t limit, bw_bytes *out)
{
    unshuffler u = {.itemsize = itemsize, .compression = compression};
    uint64_t size = in.len, block_bytes = (uint64_t)block * itemsize;
    uint32_t stored_block;
    bw_status st = BW_OK;

    if (itemsize == 0 || (compression != 0 && compression != 2 && compression != 3)) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "bitshuffle: elements of %u bytes, compression %u",
                       (unsigned)itemsize, (unsigned)compression);
    }
    if (block == 0) {
        block = BITSHUFFLE_TARGET / itemsize / 8 * 8;
        block_bytes = (uint64_t)(block < 128 ? 128 : block) * itemsize;
    }
    if (compression != 0) {
        BW_TRY(read_head(ctx, "bitshuffle", &in, limit, &size, &stored_block, out));
        block_bytes = stored_block != 0 ? stored_block : block_bytes;
    } else {
        BW_TRY(bw_bytes_reserve(ctx, out, in.len));
    }
    if (block_bytes % (8 * (uint64_t)itemsize) != 0 || block_bytes > (64u << 20)) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "bitshuffle: a block size of %llu bytes",
                       (unsigned long long)block_bytes);
    }
    u.plain = bw_alloc(ctx, (size_t)block_bytes);
    u.scratch = bw_alloc(ctx, (size_t)block_bytes);
    if (u.plain == NULL || u.scratch == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    if (compression == 3) {
        BW_GO(bw__zstd_decoder_new(ctx, &u.zstd));
    }
    BW_GO(undo_blocks(ctx, &u, in, size, (size_t)block_bytes, out));

done:
    bw__zstd_decoder_free(u.zstd);
    bw_release(ctx, u.plain);
    bw_release(ctx, u.scratch);
    return st;
}
