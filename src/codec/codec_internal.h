/* SPDX-License-Identifier: MIT */
/**
 * The codecs behind bw_codec_decode() and bw_codec_encode(), and what they share.
 * Each third-party library is known to one file only.
 *
 * Decoders: `out_len` bytes are due at `out`, no more and no fewer. Encoders append.
 * Streams (`bw__…_block_…`) are what Blosc's blocks hold as well.
 */
#ifndef BORES_CODEC_INTERNAL_H
#define BORES_CODEC_INTERNAL_H

#include "bores/codec.h"

/**
 * A row of the table: what one codec is. `encoded_size` and `decoded_size` are there where the length
 * of one side follows from the other; `decode_any` where a decoder must find out. A codec that has
 * neither `decoded_size` nor `decode_any` would be of no use inside a chain, so each has one.
 */
struct bw_codec_type {
    const char *name;    /**< numcodecs' id */
    const char *name_v3; /**< Zarr v3's own name for it, or NULL: "numcodecs.ID" alone */
    /** Settings out of `out->settings`, which may be NULL; or NULL where there are none. */
    bw_status (*read)(bw_ctx *ctx, bw_codec *out);
    /** All settings into a map; or NULL: those of `codec->settings`. */
    bw_status (*write)(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node *map);
    /** As bw_codec_settle(); NULL where elements go through unchanged in type. */
    bw_status (*settle)(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype);
    bw_status (*decode)(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                        size_t out_len);
    /** The bytes that will come out, as far as `in` says; or a failure. */
    bw_status (*decoded_size)(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size);
    bw_status (*decode_any)(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t limit,
                            bw_bytes *out);
    /** NULL: this build does not write it. */
    bw_status (*encode)(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                        bw_bytes *out);
    /** What `decoded` bytes encode to, whatever they are; NULL for compressors. */
    uint64_t (*encoded_size)(const bw_codec *codec, uint64_t decoded);
};

/** What an integer setting may be. */
typedef struct bw__setting {
    const char *name;
    int64_t fallback, low, high;
} bw__setting;

/* settings.c: settings out of a codec's object and into one */
bw_status bw__setting_int(bw_ctx *ctx, const bw_codec *codec, bw__setting rule, int64_t *out);
bw_status bw__setting_bool(bw_ctx *ctx, const bw_codec *codec, const char *name, bool fallback,
                           bool *out);
/** Absent or null: `out` stays. */
bw_status bw__setting_dtype(bw_ctx *ctx, const bw_codec *codec, const char *name, bw_dtype *out);
/** Absent is refused. */
bw_status bw__setting_number(bw_ctx *ctx, const bw_codec *codec, const char *name, double *out);
/** "codec "NAME": SETTING is VALUE, WANTED". */
bw_status bw__setting_refuse(bw_ctx *ctx, const bw_codec *codec, const char *name,
                             const bw_node *value, const char *wanted);
bw_status bw__set_int(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name, int64_t value);
bw_status bw__set_text(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name,
                       const char *value);
bw_status bw__set_bool(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name, bool value);
/** Reads `level`. */
bw_status bw__setting_level(bw_ctx *ctx, bw_codec *codec, bw__setting rule);
bw_status bw__set_level(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node *map);

/** `*settings.read` of what gives bytes on, whatever it got. */
bw_status bw__settle_bytes(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype);
/** Makes room for more of a growing result: false (and BW_ERR_LIMIT) when `limit` is reached. */
bw_status bw__grow(bw_ctx *ctx, const char *name, uint64_t limit, bw_bytes *out);

/** "NAME: GOT bytes come out, DUE are due". */
bw_status bw__fail_length(bw_ctx *ctx, const char *name, uint64_t got, uint64_t due);
/** The case where decoding stopped because no more fits. */
bw_status bw__fail_too_long(bw_ctx *ctx, const char *name, uint64_t due);
/** Room for `cap` bytes behind `out->len`; `*room` is where. */
bw_status bw__reserve(bw_ctx *ctx, bw_bytes *out, size_t cap, uint8_t **room);

/* Blosc 1 (blosc_decode.c, blosc_encode.c) */
bw_status bw__blosc_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                           size_t out_len);
bw_status bw__blosc_size(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t *size);
bw_status bw__blosc_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                           bw_bytes *out);

/* BloscLZ (blosclz_decode.c, blosc_kernels.c) */

/** Bytes written, or 0 when the stream is damaged or holds more than `out_len`. */
size_t bw__blosclz_decode(bw_view in, uint8_t *out, size_t out_len);
/** Bytes written, or 0 when the result does not fit `cap`. */
size_t bw__blosclz_encode(int level, bool split, bw_view in, uint8_t *out, size_t cap);

/* Shuffles (blosc_kernels.c): `len` bytes of `size`-byte elements; a rest is copied. */
void bw__shuffle(size_t size, size_t len, const uint8_t *in, uint8_t *out);
void bw__unshuffle(size_t size, size_t len, const uint8_t *in, uint8_t *out);
/** `scratch` takes `len` bytes. As Blosc 1: a copy when the element count is no multiple of 8. */
void bw__bitshuffle(size_t size, size_t len, const uint8_t *in, uint8_t *out, uint8_t *scratch);
void bw__bitunshuffle(size_t size, size_t len, const uint8_t *in, uint8_t *out,
                      uint8_t *scratch);
/**
 * `count` elements, a multiple of 8, with simd (bitshuffle_simd.c); false where there is no kernel for
 * elements of `size` bytes. Join: rows of bits to elements; split: elements to rows of bits.
 */
bool bw__bit_join_simd(size_t size, size_t count, const uint8_t *in, uint8_t *out);
bool bw__bit_split_simd(size_t size, size_t count, const uint8_t *in, uint8_t *out);

/* zstd (zstd_codec.c). The states are reused from block to block; `_free` accepts NULL. */
typedef struct ZSTD_DCtx_s bw__zstd_decoder;
typedef struct ZSTD_CCtx_s bw__zstd_encoder;
bw_status bw__zstd_decoder_new(bw_ctx *ctx, bw__zstd_decoder **out);
void bw__zstd_decoder_free(bw__zstd_decoder *decoder);
bw_status bw__zstd_block_decode(bw_ctx *ctx, bw__zstd_decoder *decoder, bw_view in, uint8_t *out,
                                size_t out_len);
bw_status bw__zstd_encoder_new(bw_ctx *ctx, int level, bool checksum, bw__zstd_encoder **out);
void bw__zstd_encoder_free(bw__zstd_encoder *encoder);
/** `*written` is 0 when the result does not fit `cap`. */
bw_status bw__zstd_block_encode(bw_ctx *ctx, bw__zstd_encoder *encoder, bw_view in, uint8_t *out,
                                size_t cap, size_t *written);

/**
 * One stream of a Blosc block (blosc_decode.c) of a compressor of blosc_format.h that is built in.
 * `*zstd` is NULL or what an earlier call made; the caller ends it.
 */
bw_status bw__blosc_stream_decode(bw_ctx *ctx, uint32_t compressor, bw__zstd_decoder **zstd,
                                  bw_view in, uint8_t *out, size_t len);
/**
 * A contiguous frame of Blosc2 (blosc2_frame.c): its chunks one behind the other, or, where it says that
 * they are an array (b2nd), the array's elements in C order. `limit`: bytes that may come out.
 */
bw_status bw__blosc2_decode(bw_ctx *ctx, bw_view in, uint64_t limit, bw_bytes *out);

/* gzip and zlib (deflate_codec.c) */
bw_status bw__zlib_block_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len);
/** `*written` is 0 when the result does not fit `cap`. */
bw_status bw__zlib_block_encode(bw_ctx *ctx, int level, bw_view in, uint8_t *out, size_t cap,
                                size_t *written);

/* LZ4 (lz4_codec.c) */
bw_status bw__lz4_block_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len);
/** Bytes of state that an encoder wants, 16-byte aligned. */
size_t bw__lz4_state_size(bool high_compression);
/** Bytes written, or 0 when the result does not fit `cap`. */
size_t bw__lz4_block_encode(void *state, int acceleration, bw_view in, uint8_t *out, size_t cap);
size_t bw__lz4hc_block_encode(void *state, int level, bw_view in, uint8_t *out, size_t cap);

/* bzip2 (bzip2_codec.c) */
/** One stream; `*full`: it holds more than `cap` bytes (and the status is BW_OK). */
bw_status bw__bzip2_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t cap, size_t *len,
                           bool *full);

/* Checksums (deflate_codec.c, filters/) */
/** Goes on from `crc`, 0 at the start. */
uint32_t bw__crc32(uint32_t crc, const uint8_t *data, size_t len);
uint32_t bw__adler32(const uint8_t *data, size_t len);
/** CRC-32C (RFC 3720, appendix B.4) */
uint32_t bw__crc32c(const uint8_t *data, size_t len);
/** HDF5's variant of Fletcher's checksum. */
uint32_t bw__fletcher32(const uint8_t *data, size_t len);

#endif
