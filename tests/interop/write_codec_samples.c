/* SPDX-License-Identifier: MIT */
/**
 * Encodes the plain bytes of the codec goldens with every setting, into files of the folder
 * given: `<plain>.<number>.<codec>`, for read_codec_samples.py.
 */
#include <stdio.h>
#include <string.h>

#include "bores/codec.h"
#include "codec_goldens.h"

static const char *const plain_names[] = {"f8", "i2", "u1", "s12", "noise"};
static const char *const blosc_names[] = {"blosclz", "lz4", "lz4hc", "zlib", "zstd"};

static uint8_t plain[CODEC_PLAIN_MAX];
static int number;

static int write_sample(const char *folder, size_t which, const bw_codec *codec)
{
    size_t len = codec_plain_bytes((codec_plain)which, plain);
    bw_bytes stream = {0};
    char path[1024];
    FILE *file;
    int failed = 1;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (bw_codec_encode(&ctx, codec, (bw_view){plain, len}, codec_plain_itemsize((codec_plain)which),
                        &stream) != BW_OK) {
        fprintf(stderr, "%s\n", ctx.error.message);
        return 1;
    }
    snprintf(path, sizeof path, "%s/%s.%d.%s", folder, plain_names[which], number++,
             bw_codec_name(codec));
    file = fopen(path, "wb");
    if (file != NULL) {
        failed = fwrite(stream.ptr, 1, stream.len, file) != stream.len;
        failed |= fclose(file) != 0;
    }
    bw_bytes_free(&ctx, &stream);
    return failed;
}

static int write_blosc(const char *folder, size_t which)
{
    int failed = 0;

    for (size_t i = 0; i < sizeof blosc_names / sizeof blosc_names[0]; i++) {
        for (int level = 0; level <= 9; level++) {
            for (int shuffle = -1; shuffle <= 2; shuffle++) {
                bw_codec codec = {.type = &bw_codec_blosc, .level = level, .shuffle = shuffle};

                codec.blocksize = level % 3 == 0 ? 1000 : 0;
                memcpy(codec.cname, blosc_names[i], strlen(blosc_names[i]) + 1);
                failed |= write_sample(folder, which, &codec);
            }
        }
    }
    return failed;
}

int main(int argc, char **argv)
{
    const bw_codec others[] = {
        {.type = &bw_codec_zstd, .level = -100}, {.type = &bw_codec_zstd, .level = 0},
        {.type = &bw_codec_zstd, .level = 22},   {.type = &bw_codec_zstd, .level = 3, .checksum = true},
        {.type = &bw_codec_gzip, .level = 1},    {.type = &bw_codec_gzip, .level = 9},
        {.type = &bw_codec_zlib, .level = -1},   {.type = &bw_codec_zlib, .level = 0},
        {.type = &bw_codec_lz4, .level = 1},     {.type = &bw_codec_lz4, .level = 1000},
    };
    int failed = argc != 2;

    for (size_t which = 0; failed == 0 && which < sizeof plain_names / sizeof plain_names[0];
         which++) {
        failed |= write_blosc(argv[1], which);
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
            failed |= write_sample(argv[1], which, &others[i]);
        }
    }
    return failed;
}
