/* SPDX-License-Identifier: MIT */
#include "codec_goldens.h"

#include <string.h>

const codec_golden codec_goldens[] = {
    {"blosc_blosclz_0_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_blosclz_1_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_blosclz_2_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_lz4_0_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_lz4_1_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_lz4_2_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_lz4hc_0_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_lz4hc_1_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_lz4hc_2_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_zlib_0_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_zlib_1_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_zlib_2_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_zstd_0_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_zstd_1_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_zstd_2_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_zstd_9_f8", &bw_codec_blosc, PLAIN_F8},
    {"blosc_blosclz_1_f8_blocks", &bw_codec_blosc, PLAIN_F8},
    {"blosc_lz4_1_f8_blocks", &bw_codec_blosc, PLAIN_F8},
    {"blosc_zlib_1_f8_blocks", &bw_codec_blosc, PLAIN_F8},
    {"blosc_blosclz_auto_i2", &bw_codec_blosc, PLAIN_I2},
    {"blosc_blosclz_auto_u1", &bw_codec_blosc, PLAIN_U1},
    {"blosc_blosclz_1_s12", &bw_codec_blosc, PLAIN_S12},
    {"blosc_lz4_1_s12", &bw_codec_blosc, PLAIN_S12},
    {"blosc_lz4_2_i2_small_blocks", &bw_codec_blosc, PLAIN_I2},
    {"blosc_zstd_1_i2_small_blocks", &bw_codec_blosc, PLAIN_I2},
    {"blosc_lz4_0_u1_stored", &bw_codec_blosc, PLAIN_U1},
    {"blosc_lz4_1_noise", &bw_codec_blosc, PLAIN_NOISE},
    {"zstd_-5_f8", &bw_codec_zstd, PLAIN_F8},
    {"zstd_1_f8", &bw_codec_zstd, PLAIN_F8},
    {"zstd_19_f8", &bw_codec_zstd, PLAIN_F8},
    {"zstd_checksum_f8", &bw_codec_zstd, PLAIN_F8},
    {"zstd_unsized_f8", &bw_codec_zstd, PLAIN_F8},
    {"zstd_frames_f8", &bw_codec_zstd, PLAIN_F8},
    {"gzip_f8", &bw_codec_gzip, PLAIN_F8},
    {"gzip_members_f8", &bw_codec_gzip, PLAIN_F8},
    {"gzip_padded_u1", &bw_codec_gzip, PLAIN_U1},
    {"zlib_f8", &bw_codec_zlib, PLAIN_F8},
    {"lz4_f8", &bw_codec_lz4, PLAIN_F8},
    {"lz4_noise", &bw_codec_lz4, PLAIN_NOISE},
};

const size_t codec_golden_count = sizeof codec_goldens / sizeof codec_goldens[0];

static size_t fill_f8(uint8_t *out)
{
    const uint32_t count = 8808;

    for (uint32_t i = 0; i < count; i++) {
        double value = 3000 + i * 7919 % 64 * 0.25 + i / 50;
        memcpy(out + i * sizeof value, &value, sizeof value);
    }
    return count * sizeof(double);
}

static size_t fill_i2(uint8_t *out)
{
    const uint32_t count = 5000;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t value = i * i % 311;
        out[2 * i] = (uint8_t)value;
        out[2 * i + 1] = (uint8_t)(value >> 8);
    }
    return count * 2;
}

static size_t fill_bytes(codec_plain plain, uint8_t *out)
{
    const uint32_t count = plain == PLAIN_U1 ? 3001 : plain == PLAIN_S12 ? 3600 : 1000;
    uint32_t state = 1;

    for (uint32_t i = 0; i < count; i++) {
        state = (state * 1103515245u + 12345u) & 0x7fffffffu;
        out[i] = (uint8_t)(plain == PLAIN_U1 ? i % 7 : plain == PLAIN_S12 ? i * i % 251 : state >> 16);
    }
    return count;
}

size_t codec_plain_bytes(codec_plain plain, uint8_t *out)
{
    switch (plain) {
    case PLAIN_F8:
        return fill_f8(out);
    case PLAIN_I2:
        return fill_i2(out);
    default:
        return fill_bytes(plain, out);
    }
}

uint32_t codec_plain_itemsize(codec_plain plain)
{
    static const uint32_t sizes[] = {
        [PLAIN_F8] = 8, [PLAIN_I2] = 2, [PLAIN_U1] = 1, [PLAIN_S12] = 12, [PLAIN_NOISE] = 1};

    return sizes[plain];
}
