/* SPDX-License-Identifier: MIT */
/**
 * Codecs: what Zarr calls filters, compressors and bytes-to-bytes codecs, numcodecs' names for them.
 * Each takes bytes and gives bytes; those that compute with elements know the elements' types from
 * their settings.
 *
 * A decoder is told how many bytes are due and writes them straight to where they belong: nothing is
 * allocated for the result, and input that claims more (or holds less) is refused before or while it
 * is decoded. Where the length is not known (a stream in a stream, text), bw_codec_decode_any()
 * grows its result up to a limit.
 */
#ifndef BORES_CODEC_H
#define BORES_CODEC_H

#include "bores/tree.h"

typedef struct bw_codec_type bw_codec_type;

/** The types, one a row of table.c. */
extern const bw_codec_type bw_codec_blosc, bw_codec_zstd, bw_codec_gzip, bw_codec_zlib, bw_codec_lz4,
    bw_codec_bz2, bw_codec_lzma, bw_codec_shuffle, bw_codec_delta, bw_codec_fixedscaleoffset,
    bw_codec_quantize, bw_codec_astype, bw_codec_packbits, bw_codec_bitround, bw_codec_crc32,
    bw_codec_crc32c, bw_codec_adler32, bw_codec_jenkins_lookup3, bw_codec_fletcher32, bw_codec_base64,
    bw_codec_categorize, bw_codec_byte_order;

/** A codec with its settings; a zeroed one stores bytes as they are. */
typedef struct bw_codec {
    const bw_codec_type *type; /**< NULL: nothing is done */
    int level;            /**< zstd, gzip, zlib level; Blosc clevel 0-9; lz4 acceleration; the
                           *   digits of quantize, keepbits of bitround, lzma's format */
    int shuffle;          /**< Blosc: 0 none, 1 byte, 2 bit, -1 numcodecs' AUTOSHUFFLE */
    uint32_t blocksize;   /**< Blosc: 0 automatic */
    char cname[12];       /**< Blosc: "lz4", "lz4hc", "blosclz", "zstd", "zlib" */
    bool checksum;        /**< zstd: write a content checksum */
    bool at_start;        /**< checksums: before the bytes rather than behind them */
    uint32_t itemsize;    /**< shuffle, byte order: bytes of what is regrouped or reversed; 0: the
                           *   array's elements, filled in by bw_codec_settle() */
    uint32_t seed;        /**< jenkins_lookup3 */
    bw_dtype decoded, encoded; /**< filters of elements: what they give, and what is stored */
    double scale, offset; /**< fixedscaleoffset */
    const bw_node *settings; /**< the object that it was read from, borrowed */
} bw_codec;

/**
 * Reads a numcodecs configuration (Zarr v2's `compressor` and items of `filters`): "id" and settings;
 * JSON null is no codec. What is left out has the default of numcodecs' constructor. `field` is what
 * a message calls it. Borrows `node` for the codec's life.
 * Errors: BW_ERR_UNSUPPORTED names the id, BW_ERR_METADATA the setting and its value.
 */
bw_status bw_codec_from_v2(bw_ctx *ctx, const char *field, const bw_node *node, bw_codec *out);
/**
 * The same from Zarr v3's `{name, configuration}` or a bare name: "blosc", "gzip", "zstd", "crc32c"
 * and "numcodecs.ID".
 */
bw_status bw_codec_from_v3(bw_ctx *ctx, const char *field, const bw_node *node, bw_codec *out);
/**
 * The reverse: what numcodecs' get_config() gives, all settings named; null for no codec. Only
 * zstd's `checksum` is left out when false, since numcodecs before 0.13 refuses it.
 */
bw_status bw_codec_to_v2(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node **out);
/** `{name, configuration}`; `itemsize` is what Blosc's shuffles will work by. */
bw_status bw_codec_to_v3(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, uint32_t itemsize,
                         bw_node **out);

/** The numcodecs id; "none" for no codec. */
const char *bw_codec_name(const bw_codec *codec);

/**
 * Fills in what depends on the elements that the codec is given when encoding, and says in `*dtype`
 * what those are that it gives on to the next.
 * Errors: BW_ERR_METADATA where a filter's dtype does not fit the elements.
 */
bw_status bw_codec_settle(bw_ctx *ctx, bw_codec *codec, bw_dtype *dtype);

/**
 * Decodes `in` to exactly `out_len` bytes at `out`.
 * Errors: BW_ERR_CORRUPT naming both lengths when more or fewer bytes come out or
 * the stream is damaged; BW_ERR_CHECKSUM; BW_ERR_UNSUPPORTED; BW_ERR_NOMEM. On error `out`
 * holds unspecified bytes, never more than `out_len` of them.
 */
bw_status bw_codec_decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                          size_t out_len);
/** Appends what `in` decodes to, `limit` bytes at the most (else BW_ERR_LIMIT). */
bw_status bw_codec_decode_any(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t limit,
                              bw_bytes *out);

/**
 * Encodes `in` and appends the result to `out`. `itemsize` is the element size in
 * bytes, which Blosc's shuffles work by.
 */
bw_status bw_codec_encode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint32_t itemsize,
                          bw_bytes *out);

/** Codecs in the order in which they encode. Zero-initialised has none. */
typedef struct bw_codec_chain {
    const bw_codec *codecs;
    uint32_t count;
} bw_codec_chain;

/** All codecs of a chain undone, the last first; otherwise as bw_codec_decode(). */
bw_status bw_chain_decode(bw_ctx *ctx, bw_codec_chain chain, bw_view in, uint8_t *out,
                          size_t out_len);
/** As bw_codec_decode_any(); the limit holds for every codec's result. */
bw_status bw_chain_decode_any(bw_ctx *ctx, bw_codec_chain chain, bw_view in, uint64_t limit,
                              bw_bytes *out);
/** The bytes that `decoded` bytes encode to; false where that depends on what they are. */
bool bw_chain_encoded_size(bw_codec_chain chain, uint64_t decoded, uint64_t *encoded);
/** Encodes `in`, elements of `dtype`, and appends the result to `out`. */
bw_status bw_chain_encode(bw_ctx *ctx, bw_codec_chain chain, bw_view in, bw_dtype dtype,
                          bw_bytes *out);

#endif
