/* SPDX-License-Identifier: MIT */
/*
 * Chains of filters, checksums, bz2 and lzma over any bytes. An input is how many codecs (one byte),
 * which (one each), the length that is due (u16, little-endian) and a stream.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/codec.h"
#include "bores/json.h"
#include "fuzz.h"

static const char *const configs[] = {
    "{\"id\":\"delta\",\"dtype\":\">i2\",\"astype\":\"<i4\"}",
    "{\"id\":\"fixedscaleoffset\",\"scale\":3,\"offset\":1.5,\"dtype\":\"<f4\",\"astype\":\"|i1\"}",
    "{\"id\":\"astype\",\"encode_dtype\":\"<f2\",\"decode_dtype\":\"<u8\"}",
    "{\"id\":\"quantize\",\"digits\":2,\"dtype\":\"<f8\",\"astype\":\"<f4\"}",
    "{\"id\":\"packbits\"}", "{\"id\":\"shuffle\",\"elementsize\":3}", "{\"id\":\"base64\"}",
    "{\"id\":\"crc32\"}", "{\"id\":\"fletcher32\"}", "{\"id\":\"jenkins_lookup3\"}",
    "{\"id\":\"categorize\",\"labels\":[\"a\",\"\\u2192\"],\"dtype\":\"<U2\",\"astype\":\"|u1\"}",
    "{\"id\":\"bz2\"}", "{\"id\":\"lzma\"}", "{\"id\":\"lzma\",\"format\":2}",
    "{\"id\":\"lzma\",\"format\":3,\"filters\":[{\"id\":3,\"dist\":2},{\"id\":33,\"preset\":1}]}",
    "{\"id\":\"zlib\"}", "{\"id\":\"zstd\"}", "{\"id\":\"lz4\"}", "{\"id\":\"blosc\"}",
    "{\"id\":\"lzma\",\"format\":3,\"filters\":[{\"id\":3},{\"id\":4611686018427387906,\"start_offset\":65536}]}"};

enum { CONFIGS = sizeof configs / sizeof configs[0], MOST = 4 };

static bool read_codec(bw_ctx *ctx, bw_arena *arena, uint8_t which, bw_codec *out)
{
    bw_node *node;

    return bw_json_parse(ctx, arena, bw_view_text(configs[which % CONFIGS]), &node) == BW_OK &&
           bw_codec_from_v2(ctx, "codec", node, out) == BW_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t count = size == 0 ? 0 : data[0] % (MOST + 1);
    bw_codec codecs[MOST] = {{.type = NULL}};
    bw_arena arena = {0};
    bw_bytes grown = {0};
    bool known = true;
    bw_ctx ctx;

    if (size < 3u + count) {
        return 0;
    }
    bw_ctx_init(&ctx);
    for (uint32_t i = 0; i < count; i++) {
        known = known && read_codec(&ctx, &arena, data[1 + i], &codecs[i]);
    }
    if (known) {
        size_t head = 3u + count, in_len = size - head;
        size_t out_len = (size_t)data[1 + count] | (size_t)data[2 + count] << 8;
        uint8_t *in = malloc(in_len + 1), *out = malloc(out_len + 1);
        bw_codec_chain chain = {codecs, count};

        memcpy(in, data + head, in_len);
        (void)bw_chain_decode(&ctx, chain, (bw_view){in, in_len}, out, out_len);
        (void)bw_chain_decode_any(&ctx, chain, (bw_view){in, in_len}, 1 << 20, &grown);
        free(out);
        free(in);
    }
    bw_bytes_free(&ctx, &grown);
    bw_arena_free(&ctx, &arena);
    return 0;
}
