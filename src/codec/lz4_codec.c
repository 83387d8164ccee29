/* SPDX-License-Identifier: MIT */
/**
 * LZ4 blocks, and numcodecs' LZ4: a u32 little-endian size before one block.
 * Source: LZ4 block format description; numcodecs, class LZ4.
 */
#include <limits.h>
#include <lz4.h>
#include <lz4hc.h>

#include "codec/codec_internal.h"

#define SIZE_BYTES 4u

bw_status bw__lz4_block_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len)
{
    int got;

    if (in.len > INT_MAX || out_len > INT_MAX) {
        return bw_fail_limit(ctx, "LZ4 block", in.len > out_len ? in.len : out_len, INT_MAX);
    }
    got = LZ4_decompress_safe((const char *)in.ptr, (char *)out, (int)in.len, (int)out_len);
    if (got < 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "LZ4: damaged block of %zu bytes, %zu are due", in.len,
                       out_len);
    }
    return (size_t)got == out_len ? BW_OK : bw__fail_length(ctx, "LZ4", (uint64_t)got, out_len);
}

size_t bw__lz4_state_size(bool high_compression)
{
    return (size_t)(high_compression ? LZ4_sizeofStateHC() : LZ4_sizeofState());
}

size_t bw__lz4_block_encode(void *state, int acceleration, bw_view in, uint8_t *out, size_t cap)
{
    if (in.len > LZ4_MAX_INPUT_SIZE) {
        return 0;
    }
    cap = cap > INT_MAX ? INT_MAX : cap;
    return (size_t)LZ4_compress_fast_extState(state, (const char *)in.ptr, (char *)out, (int)in.len,
                                              (int)cap, acceleration);
}

size_t bw__lz4hc_block_encode(void *state, int level, bw_view in, uint8_t *out, size_t cap)
{
    if (in.len > LZ4_MAX_INPUT_SIZE) {
        return 0;
    }
    cap = cap > INT_MAX ? INT_MAX : cap;
    return (size_t)LZ4_compress_HC_extStateHC(state, (const char *)in.ptr, (char *)out, (int)in.len,
                                              (int)cap, level);
}

static bw_status decoded_size(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size)
{
    (void)codec;
    if (in.len < SIZE_BYTES) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "LZ4: %zu bytes are stored, the size alone takes %u",
                       in.len, SIZE_BYTES);
    }
    *size = (uint32_t)in.ptr[0] | (uint32_t)in.ptr[1] << 8 | (uint32_t)in.ptr[2] << 16 |
            (uint32_t)in.ptr[3] << 24;
    return BW_OK;
}

static bw_status decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                        size_t out_len)
{
    uint64_t size = 0;

    BW_TRY(decoded_size(ctx, codec, in, &size));
    if (size != out_len) {
        return bw__fail_length(ctx, "LZ4", size, out_len);
    }
    return bw__lz4_block_decode(ctx, (bw_view){in.ptr + SIZE_BYTES, in.len - SIZE_BYTES}, out,
                                out_len);
}

static bw_status encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                        bw_bytes *out)
{
    uint8_t *room;
    void *state;
    size_t cap, written;

    (void)itemsize;
    if (in.len > LZ4_MAX_INPUT_SIZE) {
        return bw_fail_limit(ctx, "LZ4 input", in.len, LZ4_MAX_INPUT_SIZE);
    }
    cap = (size_t)LZ4_compressBound((int)in.len);
    BW_TRY(bw__reserve(ctx, out, SIZE_BYTES + cap, &room));
    state = bw_alloc(ctx, bw__lz4_state_size(false));
    if (state == NULL) {
        return BW_ERR_NOMEM;
    }
    for (unsigned i = 0; i < SIZE_BYTES; i++) {
        room[i] = (uint8_t)(in.len >> (8 * i));
    }
    written = bw__lz4_block_encode(state, codec->level, in, room + SIZE_BYTES, cap);
    bw_release(ctx, state);
    if (written == 0) {
        return bw_fail(ctx, BW_ERR_INTERNAL, "LZ4: %zu bytes do not fit their bound of %zu", in.len,
                       cap);
    }
    out->len += SIZE_BYTES + written;
    return BW_OK;
}

static bw_status read_settings(bw_ctx *ctx, bw_codec *out)
{
    return bw__setting_level(ctx, out, (bw__setting){"acceleration", 1, INT32_MIN, INT32_MAX});
}

static bw_status write_settings(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node *map)
{
    return bw__set_int(ctx, arena, map, "acceleration", codec->level);
}

const bw_codec_type bw_codec_lz4 = {
    .name = "lz4",
    .read = read_settings,
    .write = write_settings,
    .settle = bw__settle_bytes,
    .decode = decode,
    .decoded_size = decoded_size,
    .encode = encode,
};
