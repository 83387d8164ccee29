/* SPDX-License-Identifier: MIT */
/*
 * HDF5's gzip filter (RFC 1950 streams) through libdeflate, twice as fast as zlib. The stream's frame is
 * read here: libdeflate's own checksum, without the vectors it has for other machines, would take
 * WebAssembly as long as the inflating.
 */
#include <libdeflate.h>

#include "filter_codecs.h"

#define FRAME 6u /* two bytes before, the checksum behind */

static struct libdeflate_decompressor *inflater;
static struct libdeflate_compressor *deflater;
static int deflater_level = -1;

bw_status bw__h5_inflate(bw_ctx *ctx, bw_view in, uint8_t *out, size_t cap, size_t *len, bool *full)
{
    enum libdeflate_result result;
    uint32_t stored, found;
    size_t used = 0;

    *full = false;
    if (in.len < FRAME || (in.ptr[0] & 0x0f) != 8 || (in.ptr[1] & 0x20) != 0 ||
        (in.ptr[0] * 256u + in.ptr[1]) % 31 != 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "gzip: no zlib stream (%zu bytes)", in.len);
    }
    if (inflater == NULL) {
        inflater = libdeflate_alloc_decompressor();
    }
    if (inflater == NULL) {
        return bw_fail(ctx, BW_ERR_NOMEM, "gzip: no memory for the decoder");
    }
    result = libdeflate_deflate_decompress_ex(inflater, in.ptr + 2, in.len - FRAME, out, cap, &used,
                                              len);
    *full = result == LIBDEFLATE_INSUFFICIENT_SPACE;
    if (*full) {
        return BW_OK;
    }
    if (result != LIBDEFLATE_SUCCESS) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "gzip: damaged data (%zu bytes)", in.len);
    }
    in.ptr += 2 + used;
    stored = (uint32_t)in.ptr[0] << 24 | (uint32_t)in.ptr[1] << 16 | (uint32_t)in.ptr[2] << 8 |
             in.ptr[3];
    found = bw__h5_adler32(out, *len);
    return stored == found ? BW_OK
                           : bw_fail(ctx, BW_ERR_CHECKSUM,
                                     "gzip: checksum %08lx is stored, the bytes give %08lx",
                                     (unsigned long)stored, (unsigned long)found);
}

bw_status bw__h5_deflate(bw_ctx *ctx, int level, bw_view in, bw_bytes *out)
{
    size_t bound, written;

    if (deflater == NULL || deflater_level != level) {
        libdeflate_free_compressor(deflater);
        deflater = libdeflate_alloc_compressor(level);
        deflater_level = level;
    }
    if (deflater == NULL) {
        return bw_fail(ctx, BW_ERR_NOMEM, "gzip: no memory for the encoder of level %d", level);
    }
    bound = libdeflate_zlib_compress_bound(deflater, in.len);
    BW_TRY(bw_bytes_reserve(ctx, out, bound));
    written = libdeflate_zlib_compress(deflater, in.ptr, in.len, out->ptr + out->len, bound);
    if (written == 0) {
        return bw_fail(ctx, BW_ERR_INTERNAL, "gzip: %zu bytes do not fit their bound", in.len);
    }
    out->len += written;
    return BW_OK;
}
