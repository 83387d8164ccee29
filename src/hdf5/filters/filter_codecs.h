/* SPDX-License-Identifier: MIT */
/** Codecs of HDF5 filters that Zarr does not have. Decoders write at most `cap` bytes. */
#ifndef BORES_HDF5_FILTER_CODECS_H
#define BORES_HDF5_FILTER_CODECS_H

#include "bores/bytes.h"

/** One zlib stream. `*full`: it holds more than `cap` bytes (and the status is BW_OK). */
bw_status bw__h5_inflate(bw_ctx *ctx, bw_view in, uint8_t *out, size_t cap, size_t *len,
                         bool *full);
bw_status bw__h5_deflate(bw_ctx *ctx, int level, bw_view in, bw_bytes *out);

/** The checksum of such a stream. */
uint32_t bw__h5_adler32(const uint8_t *data, size_t len);

/** szip as HDF5 stores it; `cd` are the filter's four settings. */
bw_status bw__szip_decode(bw_ctx *ctx, const unsigned *cd, size_t cd_count, bw_view in,
                          uint64_t limit, bw_bytes *out);

/** LibLZF's format. */
bw_status bw__lzf_decode(bw_ctx *ctx, bw_view in, uint8_t *out, size_t cap, size_t *len,
                         bool *full);
/** Appends the encoded form; nothing, where it would not be shorter than `in`. */
bw_status bw__lzf_encode(bw_ctx *ctx, bw_view in, bw_bytes *out);

/** The registered LZ4 filter's container: big-endian u64 size, u32 block size, then blocks. */
bw_status bw__h5_lz4_decode(bw_ctx *ctx, bw_view in, uint64_t limit, bw_bytes *out);
/** The bitshuffle filter's: as above when `compression` is 2 (LZ4) or 3 (zstd), else bare. */
bw_status bw__h5_bitshuffle_decode(bw_ctx *ctx, bw_view in, uint32_t itemsize, uint32_t block,
                                   uint32_t compression, uint64_t limit, bw_bytes *out);

#endif
