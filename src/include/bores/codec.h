/* SPDX-License-Identifier: MIT */
/**
 * Bytes-to-bytes codecs. A decoder is told how many bytes are due and writes them
 * straight to where they belong: nothing is allocated for the result, and input
 * that claims more (or holds less) is refused before or while it is decoded.
 */
#ifndef BORES_CODEC_H
#define BORES_CODEC_H

#include "bores/tree.h"

typedef enum bw_codec_id {
    BW_CODEC_NONE, /**< stored as is */
    BW_CODEC_BLOSC,
    BW_CODEC_ZSTD,
    BW_CODEC_GZIP, /**< RFC 1952, one or more members */
    BW_CODEC_ZLIB, /**< RFC 1950 */
    BW_CODEC_LZ4   /**< numcodecs: u32 little-endian size, then one LZ4 block */
} bw_codec_id;

/** A codec with its settings. The settings matter for encoding only. */
typedef struct bw_codec {
    bw_codec_id id;
    int level;            /**< zstd, gzip, zlib level; Blosc clevel 0-9; lz4 acceleration */
    int shuffle;          /**< Blosc: 0 none, 1 byte, 2 bit, -1 numcodecs' AUTOSHUFFLE */
    uint32_t blocksize;   /**< Blosc: 0 automatic */
    char cname[12];       /**< Blosc: "lz4", "lz4hc", "blosclz", "zstd", "zlib" */
    bool checksum;        /**< zstd: write a content checksum */
} bw_codec;

/**
 * Reads a Zarr v2 `compressor` object (numcodecs "id" and settings); JSON null is
 * BW_CODEC_NONE. Errors: BW_ERR_UNSUPPORTED names the id, BW_ERR_METADATA the field.
 */
bw_status bw_codec_from_v2(bw_ctx *ctx, const bw_node *compressor, bw_codec *out);
/**
 * The reverse: what numcodecs' get_config() gives, all settings named; null for BW_CODEC_NONE. Only
 * zstd's `checksum` is left out when false, since numcodecs before 0.13 refuses it.
 */
bw_status bw_codec_to_v2(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node **out);

/**
 * Decodes `in` to exactly `out_len` bytes at `out`.
 * Errors: BW_ERR_CORRUPT naming both lengths when more or fewer bytes come out or
 * the stream is damaged; BW_ERR_CHECKSUM; BW_ERR_UNSUPPORTED; BW_ERR_NOMEM. On error `out`
 * holds unspecified bytes, never more than `out_len` of them.
 */
bw_status bw_codec_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                          size_t out_len);

/**
 * Encodes `in` and appends the result to `out`. `itemsize` is the element size in
 * bytes, which Blosc's shuffles work by.
 */
bw_status bw_codec_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                          bw_bytes *out);

#endif
