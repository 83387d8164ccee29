/* SPDX-License-Identifier: MIT */
/**
 * What is encoded decodes to the same. An input is six bytes of settings and the plain
 * bytes: codec, Blosc's compressor, level, shuffle, element size, block size.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/codec.h"
#include "fuzz.h"

enum { SETTINGS = 6 };

static bw_codec read_settings(const uint8_t *data)
{
    static const char names[][12] = {"blosclz", "lz4", "lz4hc", "zlib", "zstd"};
    static const bw_codec_type *const types[] = {NULL,            &bw_codec_blosc, &bw_codec_zstd,
                                                 &bw_codec_gzip, &bw_codec_zlib,  &bw_codec_lz4};
    bw_codec codec = {.type = types[data[0] % 6]};

    memcpy(codec.cname, names[data[1] % 5], sizeof codec.cname);
    codec.level = data[2] % 10;
    codec.shuffle = data[3] % 4 - 1;
    codec.checksum = data[3] > 127;
    codec.blocksize = (uint32_t)data[5] * 64;
    return codec;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_codec codec;
    bw_bytes stream = {0};
    bw_view plain;
    uint8_t *out;
    bw_ctx ctx;

    if (size <= SETTINGS) {
        return 0;
    }
    codec = read_settings(data);
    plain = (bw_view){data + SETTINGS, size - SETTINGS};
    out = malloc(plain.len);
    bw_ctx_init(&ctx);
    if (bw_codec_encode(&ctx, &codec, plain, 1u + data[4], &stream) != BW_OK ||
        bw_codec_decode(&ctx, &codec, bw_bytes_view(&stream), out, plain.len) != BW_OK ||
        memcmp(out, plain.ptr, plain.len) != 0) {
        abort();
    }
    bw_bytes_free(&ctx, &stream);
    free(out);
    return 0;
}
