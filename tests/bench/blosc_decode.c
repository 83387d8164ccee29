/* SPDX-License-Identifier: MIT */
/*
 * How fast Blosc chunks of real states decode: FILE.chunks holds chunks one after the other, each
 * behind its u32 length. Prints bytes decoded a second. The same source is built natively (gcc -O3,
 * SSE2) and as WebAssembly, so that what is compared is the target and nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

#include "bores/codec.h"

#define SECONDS 1.0
#define ROUNDS 3

static unsigned char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = NULL;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        *len = (size_t)ftell(file);
        rewind(file);
        bytes = malloc(*len);
    }
    if (bytes == NULL || fread(bytes, 1, *len, file) != *len) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    fclose(file);
    return bytes;
}

/* Processor time: what others do on the machine does not count. Emscripten's clock() is a wall's. */
#ifdef __EMSCRIPTEN__
EM_JS(double, now, (void), {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
})
#else
static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}
#endif

/* Decodes every chunk once and returns how many bytes came out. */
static size_t decode_all(bw_ctx *ctx, const unsigned char *bytes, size_t len, uint8_t *out)
{
    const bw_codec blosc = {.type = &bw_codec_blosc};
    size_t decoded = 0;

    for (size_t at = 0; at + 4 <= len;) {
        uint32_t chunk_len, nbytes;

        memcpy(&chunk_len, bytes + at, 4);
        memcpy(&nbytes, bytes + at + 8, 4); /* in the Blosc header */
        if (bw_codec_decode(ctx, &blosc, (bw_view){bytes + at + 4, chunk_len}, out, nbytes) !=
            BW_OK) {
            fprintf(stderr, "%s\n", ctx->error.message);
            exit(2);
        }
        at += 4 + chunk_len;
        decoded += nbytes;
    }
    return decoded;
}

int main(int argc, char **argv)
{
    static uint8_t out[1 << 22];
    bw_ctx ctx;
    size_t len;
    unsigned char *bytes = read_file(argc > 1 ? argv[1] : "", &len);
    double best = 0;

    bw_ctx_init(&ctx);
    for (int round = 0; round < ROUNDS; round++) {
        double start = now(), seconds;
        size_t decoded = 0;

        do {
            decoded += decode_all(&ctx, bytes, len, out);
            seconds = now() - start;
        } while (seconds < SECONDS);
        best = decoded / seconds > best ? decoded / seconds : best;
    }
    printf("%.0f\n", best);
    free(bytes);
    return 0;
}
