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

/** "NAME: GOT bytes come out, DUE are due". */
bw_status bw__fail_length(bw_ctx *ctx, const char *name, uint64_t got, uint64_t due);
/** The case where decoding stopped because no more fits. */
bw_status bw__fail_too_long(bw_ctx *ctx, const char *name, uint64_t due);
/** Room for `cap` bytes behind `out->len`; `*room` is where. */
bw_status bw__reserve(bw_ctx *ctx, bw_bytes *out, size_t cap, uint8_t **room);

/* Blosc 1 (blosc_decode.c, blosc_encode.c) */
bw_status bw__blosc_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len);
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
bw_status bw__zstd_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len);
bw_status bw__zstd_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, bw_bytes *out);

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
bw_status bw__gzip_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len);
bw_status bw__gzip_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, bw_bytes *out);
bw_status bw__zlib_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len);
bw_status bw__zlib_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, bw_bytes *out);
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
bw_status bw__lz4_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t out_len);
bw_status bw__lz4_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, bw_bytes *out);

#endif
