/* SPDX-License-Identifier: MIT */
/*
 * Filters: the ones we undo ourselves, in our own reading of chunks and registered with HDF5 for
 * everything that goes through it. HDF5's own nbit and scaleoffset stay HDF5's.
 */
#include <string.h>

#include "codec/codec_internal.h"
#include "hdf5/filters/filter_codecs.h"
#include "h5.h"

#define BZIP2 307
#define LZF 32000
#define BLOSC 32001
#define LZ4 32004
#define BITSHUFFLE 32008
#define ZSTD 32015
#define BLOSC2 32026

#define MAX_DECODED (UINT64_C(1) << 30) /* of what is no dataset's */
#define MIN_LIMIT (UINT64_C(64) << 20)  /* for what else is stored by the way, as heaps are */

typedef struct filter_row {
    H5Z_filter_t id;
    const char *name;
    bool decodes;
} filter_row;

static const filter_row rows[] = {
    {H5Z_FILTER_DEFLATE, "gzip", true},
    {H5Z_FILTER_SHUFFLE, "shuffle", true},
    {H5Z_FILTER_FLETCHER32, "fletcher32", true},
    {H5Z_FILTER_SZIP, "szip", true},
    {H5Z_FILTER_NBIT, "nbit", false},
    {H5Z_FILTER_SCALEOFFSET, "scaleoffset", false},
    {BZIP2, "bzip2", true},
    {LZF, "lzf", true},
    {BLOSC, "blosc", true},
    {LZ4, "lz4", true},
    {BITSHUFFLE, "bitshuffle", true},
    {ZSTD, "zstd", true},
    {BLOSC2, "blosc2", true},
    {32013, "zfp", false},
    {32017, "sz", false},
};

static const filter_row *find_row(H5Z_filter_t id)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].id == id) {
            return &rows[i];
        }
    }
    return NULL;
}

bool bw__h5_filter_known(H5Z_filter_t id)
{
    const filter_row *row = find_row(id);
    return row != NULL && row->decodes;
}

const char *bw__h5_filter_name(const bw_h5_filter *filter)
{
    const filter_row *row = find_row(filter->id);
    return row != NULL ? row->name : filter->name[0] != '\0' ? filter->name : "unnamed";
}

/* Decoding ---------------------------------------------------------------------------------- */

/* What may come out of a filter where it is not known how much will; `chunk` is a whole one's bytes. */
static uint64_t most_decoded(size_t chunk)
{
    uint64_t twice = 2 * (uint64_t)chunk;

    return chunk == 0 ? MAX_DECODED : twice > MIN_LIMIT ? twice : MIN_LIMIT;
}

/* gzip, bzip2 and lzf do not say how much comes out: `due` bytes, or, if that is 0, by trial. */
static bw_status grow_decode(bw_ctx *ctx, const bw_h5_filter *filter, bw_view in, size_t due,
                             size_t chunk, bw_bytes *out)
{
    uint64_t limit = due > 0 ? due : most_decoded(chunk);
    uint64_t cap = due > 0 ? due : chunk > 0 ? chunk : in.len * 4 + 4096;
    bool full = true;

    for (; full; cap *= 2) {
        size_t len = 0;

        if (cap > limit) {
            return due > 0 ? bw__fail_too_long(ctx, bw__h5_filter_name(filter), due)
                           : bw_fail_limit(ctx, "bytes of one decoded chunk", cap, limit);
        }
        out->len = 0;
        BW_TRY(bw_bytes_reserve(ctx, out, (size_t)cap));
        BW_TRY((filter->id == LZF     ? bw__lzf_decode
                : filter->id == BZIP2 ? bw__bzip2_decode
                                      : bw__h5_inflate)(ctx, in, out->ptr, (size_t)cap, &len,
                                                        &full));
        out->len = len;
    }
    return BW_OK;
}

static uint32_t little32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bw_status undo_fletcher(bw_ctx *ctx, bw_view in, bw_bytes *out)
{
    uint32_t stored, found, swapped;

    if (in.len < 4) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "fletcher32: %zu bytes, the checksum takes 4", in.len);
    }
    stored = little32(in.ptr + in.len - 4);
    found = bw__fletcher32(in.ptr, in.len - 4);
    /* HDF5 before 1.6.3 stored the bytes of both halves swapped on little-endian machines. */
    swapped = (found & 0x00ff00ff) << 8 | (found >> 8 & 0x00ff00ff);
    if (stored != found && stored != swapped) {
        return bw_fail(ctx, BW_ERR_CHECKSUM, "fletcher32: %08lx is stored, the bytes give %08lx",
                       (unsigned long)stored, (unsigned long)found);
    }
    return bw_bytes_append(ctx, out, in.ptr, in.len - 4);
}

static bw_status undo_shuffle(bw_ctx *ctx, const bw_h5_filter *filter, bw_view in, bw_bytes *out)
{
    size_t itemsize = filter->cd_count > 0 ? filter->cd[0] : 0;

    if (itemsize == 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "shuffle: elements of 0 bytes");
    }
    BW_TRY(bw_bytes_reserve(ctx, out, in.len));
    if (itemsize == 1 || in.len / itemsize <= 1) {
        memcpy(out->ptr, in.ptr, in.len);
    } else {
        bw__unshuffle(itemsize, in.len, in.ptr, out->ptr);
    }
    out->len = in.len;
    return BW_OK;
}

/* RFC 8878, 3.1.1.1: the content size in a frame's head; false where it is not given. */
static bool zstd_size(bw_view in, uint64_t *size)
{
    static const uint8_t widths[] = {0, 2, 4, 8}, dictionaries[] = {0, 1, 2, 4};
    size_t at = 5, width;

    if (in.len < 6 || little32(in.ptr) != 0xFD2FB528u) {
        return false;
    }
    width = widths[in.ptr[4] >> 6];
    at += (in.ptr[4] & 0x20u) != 0 ? 0 : 1;
    at += dictionaries[in.ptr[4] & 3u];
    width = width == 0 && (in.ptr[4] & 0x20u) != 0 ? 1 : width;
    if (width == 0 || at + width > in.len) {
        return false;
    }
    *size = width == 2 ? 256 : 0;
    for (size_t i = 0; i < width; i++) {
        *size += (uint64_t)in.ptr[at + i] << (8 * i);
    }
    return true;
}

/* Decoders as functions: a codec's row would bring its encoder along, of no use in this module. */
typedef bw_status (*decoder)(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                             size_t out_len);

static bw_status decode_zstd(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                             size_t out_len)
{
    bw__zstd_decoder *zstd;
    bw_status st;

    (void)codec;
    BW_TRY(bw__zstd_decoder_new(ctx, &zstd));
    st = bw__zstd_block_decode(ctx, zstd, in, out, out_len);
    bw__zstd_decoder_free(zstd);
    return st;
}

static bw_status undo_codec(bw_ctx *ctx, decoder decode, bw_view in, uint64_t size, uint64_t limit,
                            bw_bytes *out)
{

    if (size > limit) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%llu bytes are said to come out, %llu are due",
                       (unsigned long long)size, (unsigned long long)limit);
    }
    BW_TRY(bw_bytes_reserve(ctx, out, (size_t)size));
    BW_TRY(decode(ctx, NULL, in, out->ptr, (size_t)size));
    out->len = (size_t)size;
    return BW_OK;
}

bw_status bw__h5_filter_decode(bw_ctx *ctx, const bw_h5_filter *filter, bw_view in, size_t due,
                               size_t chunk, bw_bytes *out)
{
    uint64_t limit = due > 0 ? (uint64_t)due * 2 + 65536 : most_decoded(chunk), size = due;

    out->len = 0;
    switch (filter->id) {
    case H5Z_FILTER_DEFLATE:
    case BZIP2:
    case LZF:
        return grow_decode(ctx, filter, in, due, chunk, out);
    case H5Z_FILTER_SHUFFLE:
        return undo_shuffle(ctx, filter, in, out);
    case H5Z_FILTER_FLETCHER32:
        return undo_fletcher(ctx, in, out);
    case BLOSC:
        if (in.len < 16) {
            return bw_fail(ctx, BW_ERR_CORRUPT, "blosc: %zu bytes, the head takes 16", in.len);
        }
        return undo_codec(ctx, bw__blosc_decode, in, little32(in.ptr + 4), limit, out);
    case ZSTD:
        if (!zstd_size(in, &size) && due == 0) {
            return bw_fail(ctx, BW_ERR_UNSUPPORTED, "zstd: a frame without its content size");
        }
        return undo_codec(ctx, decode_zstd, in, size, limit, out);
    case BLOSC2:
        return bw__blosc2_decode(ctx, in, limit, out);
    case H5Z_FILTER_SZIP:
        return bw__szip_decode(ctx, filter->cd, filter->cd_count, in, limit, out);
    case LZ4:
        return bw__h5_lz4_decode(ctx, in, limit, out);
    case BITSHUFFLE:
        return bw__h5_bitshuffle_decode(ctx, in, filter->cd_count > 2 ? filter->cd[2] : 0,
                                        filter->cd_count > 3 ? filter->cd[3] : 0,
                                        filter->cd_count > 4 ? filter->cd[4] : 0, limit, out);
    default:
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "filter %d (%s) is not built in", (int)filter->id,
                       bw__h5_filter_name(filter));
    }
}

/* For HDF5 ---------------------------------------------------------------------------------- */

static bw_status encode(bw_ctx *ctx, const bw_h5_filter *filter, bw_view in, bw_bytes *out)
{
    if (filter->id == H5Z_FILTER_DEFLATE) {
        return bw__h5_deflate(ctx, filter->cd_count > 0 ? (int)filter->cd[0] : 6, in, out);
    }
    if (filter->id == LZF) {
        return bw__lzf_encode(ctx, in, out);
    }
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "filter %d (%s) is not written", (int)filter->id,
                   bw__h5_filter_name(filter));
}

/* HDF5 hands nothing of ours to its callbacks: of the dataset that it reads now; 0: none is. */
static size_t read_chunk;

void bw__h5_filters_expect(size_t nbytes)
{
    read_chunk = nbytes;
}

/* The callback for all: HDF5's buffers are its own, so the result is copied into a new one. HDF5 does
 * not look whether that is as long as a chunk before it takes one out of it, so there is room. */
static size_t run_filter(H5Z_filter_t id, unsigned flags, size_t cd_count, const unsigned *cd,
                         size_t nbytes, size_t *cap, void **buffer)
{
    bw_ctx *ctx = bw__h5_ctx();
    bw_h5_filter filter = {.id = id, .cd_count = cd_count > 32 ? 32 : cd_count};
    bw_view in = {*buffer, nbytes};
    bw_bytes out = {0};
    bw_status st;
    void *result;
    size_t len;

    memcpy(filter.cd, cd, filter.cd_count * sizeof *cd);
    st = (flags & H5Z_FLAG_REVERSE) != 0
             ? bw__h5_filter_decode(ctx, &filter, in, 0, read_chunk, &out)
             : encode(ctx, &filter, in, &out);
    len = out.len;
    result = st == BW_OK && len > 0 ? H5allocate_memory(len > read_chunk ? len : read_chunk, 1)
                                    : NULL;
    if (result != NULL) {
        memcpy(result, out.ptr, len);
        (void)H5free_memory(*buffer);
        *buffer = result;
        *cap = len;
    } else if (st != BW_OK) {
        (void)bw__h5_callback_failed();
    }
    bw_bytes_free(ctx, &out);
    return result != NULL ? len : 0; /* 0: failed, or not worth it for an optional filter */
}

#define FILTER(number, text)                                                                  \
    static size_t run_##text(unsigned flags, size_t count, const unsigned *cd, size_t nbytes, \
                             size_t *cap, void **buffer)                                      \
    {                                                                                         \
        return run_filter(number, flags, count, cd, nbytes, cap, buffer);                     \
    }
FILTER(H5Z_FILTER_DEFLATE, gzip)
FILTER(H5Z_FILTER_SZIP, szip)
FILTER(BZIP2, bzip2)
FILTER(LZF, lzf)
FILTER(BLOSC, blosc)
FILTER(LZ4, lz4)
FILTER(BITSHUFFLE, bitshuffle)
FILTER(ZSTD, zstd)
FILTER(BLOSC2, blosc2)

/* H5Zregister() refuses HDF5's own numbers, gzip's among them, even where the library was built
 * without that filter; this is what it calls. */
herr_t H5Z_register(const H5Z_class2_t *filter);

bw_status bw__h5_filters_register(bw_ctx *ctx)
{
    static const H5Z_class2_t classes[] = {
        {H5Z_CLASS_T_VERS, H5Z_FILTER_DEFLATE, 1, 1, "deflate", NULL, NULL, run_gzip},
        {H5Z_CLASS_T_VERS, H5Z_FILTER_SZIP, 0, 1, "szip", NULL, NULL, run_szip},
        {H5Z_CLASS_T_VERS, BZIP2, 0, 1, "bzip2", NULL, NULL, run_bzip2},
        {H5Z_CLASS_T_VERS, LZF, 1, 1, "lzf", NULL, NULL, run_lzf},
        {H5Z_CLASS_T_VERS, BLOSC, 0, 1, "blosc", NULL, NULL, run_blosc},
        {H5Z_CLASS_T_VERS, LZ4, 0, 1, "lz4", NULL, NULL, run_lz4},
        {H5Z_CLASS_T_VERS, BITSHUFFLE, 0, 1, "bitshuffle", NULL, NULL, run_bitshuffle},
        {H5Z_CLASS_T_VERS, ZSTD, 0, 1, "zstd", NULL, NULL, run_zstd},
        {H5Z_CLASS_T_VERS, BLOSC2, 0, 1, "blosc2", NULL, NULL, run_blosc2},
    };

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (H5Z_register(&classes[i]) < 0) {
            return bw__h5_fail(ctx, "a filter cannot be registered");
        }
    }
    return BW_OK;
}
